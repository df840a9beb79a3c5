/* bank/picture.h - pictures of an item: named in its texts as ![id], known by the SHA-256 of their bytes.
 *
 * An item says in `pictures` which it has; a text of it shows one where ![id] stands, and a kind may be
 * about one (hotspot). In files the bytes travel in `data`; stored items name them only, and the bytes lie
 * once for the whole body, whatever number of items and versions shows them (bank/attachment.h).
 *
 * What is kept is PNG or JPEG with nothing but a picture in it: bytes that hold more (camera data, text,
 * anything behind the end) are encoded again. So what was taken once is taken again byte for byte. */
#ifndef BANK_PICTURE_H
#define BANK_PICTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bank/attached.h"
#include "base/err.h"

struct arena;
struct fields;
struct item;
struct item_meta;
struct json_out;

enum {
    PICTURES_MAX = 12, /* of an item */
    PICTURE_UPLOAD_MAX = 5 << 20,
    PICTURE_BYTES_MAX = 256 << 10,
    PICTURE_SIDE_MAX = 2400 /* pixels */
};

/* As an item names it. */
struct item_picture {
    const char *id;     /* letters, digits, - _ */
    const char *sha256; /* hex, of the bytes */
    const char *type;   /* "image/png", "image/jpeg" */
    int64_t width, height;
    const char *alt;  /* what it shows, for who does not see it; never the answer */
    const char *data; /* base64 of the bytes, in files; else NULL */
};
extern const struct fields item_picture_fields;

/* "pictures":[{id,sha256,width,height,alt}] and "media" (bank/media.h) of those that the candidate is
 * shown, into the open object; nothing where there are none. */
void pictures_put_shown(struct arena *a, const struct item *item, struct json_out *o);
/* Whether the candidate is shown it: not where only explanation or guide have it. */
bool picture_is_shown(struct arena *a, const struct item *item, const struct item_picture *p);

/* TEXT with 〔图1〕 or 〔音频1〕 for each ![id], the number being the picture's place in the list: for prints. */
const char *pictures_numbered(struct arena *a, const struct item_meta *m, const char *text);
/* TEXT with 〔图：what it shows〕, 〔音频：what it is〕 for each: for lists, and pages that show no pictures. */
const char *pictures_worded(struct arena *a, const struct item_meta *m, const char *text);

/* Decoded and, where more than a picture is in it, encoded again; in the cage (base/cage.h for PROGRAM).
 * MEDIA, TOO_LARGE or INVALID at "/picture". */
bool picture_take(struct arena *a, const char *program, struct bytes file, struct attached *out,
                  struct err *e) MUST_USE;
/* The same where the caller is in the cage already. */
bool picture_take_here(struct arena *a, struct bytes file, struct attached *out,
                       struct err *e) MUST_USE;
/* The parser of the cage's kind `picture`: type, BE32 width, BE32 height, bytes. */
bool parse_picture(struct arena *a, struct bytes file, struct bytes *out, struct err *e);

#endif
