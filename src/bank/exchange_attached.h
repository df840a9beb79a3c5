/* bank/exchange_attached.h - the pictures, sounds and films that a foreign question brings: taken as uploads
 * are, named in its texts; and those of our items on their way out. */
#ifndef BANK_EXCHANGE_ATTACHED_H
#define BANK_EXCHANGE_ATTACHED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/bytes.h"

struct arena;
struct exchange;
struct exchange_item;
struct json_t;
struct zip_out;

/* Those of one question, while it is read. */
struct brought {
    struct exchange *x;
    const char *item;     /* for the losses */
    struct json_t *list;  /* as an item's `pictures` */
    struct json_t *media; /* as an item's `media` */
};
struct brought brought_begin(struct exchange *x, const char *item);

struct brought_file {
    const char *element; /* for the losses */
    const char *name;    /* what the file calls it */
    const char *id;      /* taken where it can be one and is free; NULL: none wished */
    const char *alt;     /* "" and NULL: its id */
    struct bytes bytes;
};
/* The id by which texts name it, one that came before being the same; NULL, with a loss, where it is no picture
 * of ours, is too large or one too many. Both of them in the cage only. */
const char *brought_picture(const struct brought *b, const struct brought_file *f);
const char *brought_media(const struct brought *b, const struct brought_file *f);
/* Gives the item those that it shows. */
void brought_put(const struct brought *b, struct json_t *item);

/* ADDRESS without its %20 and the like, and without what stands behind ? or #. */
const char *address_plain(struct arena *a, const char *address);
/* "data:image/png;base64,…" as bytes; false for any other address. */
bool data_address_read(struct arena *a, const char *address, struct bytes *out);

/* Of LIST the one that ![id] names, ID of LEN bytes; only where its bytes are there. */
const struct json_t *attached_with_data(const struct json_t *list, const char *id, size_t len);
/* "png", "jpg", "mp3" */
const char *attached_extension(const struct json_t *attached);
/* Into the archive, each once however many items have it, under the names that NAME gives. */
void attached_zip(struct exchange *x, struct zip_out *z, const struct exchange_item *items,
                  size_t count,
                  const char *(*name)(struct arena *a, const struct json_t *attached));

#endif
