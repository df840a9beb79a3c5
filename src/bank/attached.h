/* bank/attached.h - what an item's pictures, sounds and films have in common: their bytes and what was found in
 * them, their two lists read as one, what texts and lists say of each other. */
#ifndef BANK_ATTACHED_H
#define BANK_ATTACHED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/crypto.h"
#include "base/err.h"

struct arena;
struct item;
struct item_meta;
struct json_t;

struct attached {
    unsigned char digest[HASH_BYTES]; /* of the bytes */
    const char *type;                 /* "image/png", "audio/mpeg", … */
    int64_t width, height;            /* pixels; 0 of a sound */
    int64_t duration_ms;              /* 0 of a picture */
    struct bytes bytes;
};

/* One of them as its item names it. */
struct item_attached {
    const char *list; /* "pictures", "media" */
    size_t at;        /* in that list */
    const char *what; /* "图片", "音视频" */
    const char *id, *sha256, *type, *alt, *data;
    int64_t width, height, duration_ms;
};
/* Pictures come first. */
size_t item_attached_count(const struct item_meta *m);
struct item_attached item_attached_at(const struct item_meta *m, size_t i);
/* By its id, of LEN bytes: the place among all of them, -1 for no such. */
int item_attached_find(const struct item_meta *m, const char *id, size_t len);

/* Whether ![id] stands in TEXT. */
bool text_names_attached(const char *text, const char *id);
/* "![id]" at TEXT: the id's length, 0 if that is something else. */
size_t attached_name_at(const char *text);

/* That each is named in a text or used by the kind, each name has one, no id stands twice, `data` has the digest,
 * and the kind finds what it needs. INVALID under "/pictures", "/media". */
bool attached_fit(const struct item *item, struct err *e) MUST_USE;
/* The bytes of `data`. INVALID at "/data" where they are no base64 or of another digest. */
bool item_attached_data(struct arena *a, const struct item_attached *one, struct bytes *out,
                        struct err *e) MUST_USE;

/* A copy of the item's object as it is stored: without `data`. */
struct json_t *attached_without_data(struct arena *a, const struct json_t *object);
/* A member of a list for bytes that were read, with the data; of a sound or film with its duration. The caller's. */
struct json_t *attached_object(struct arena *a, const struct attached *p, const char *id,
                               const char *alt);

#endif
