/* bank/media.h - sounds and films of an item: named in its texts as ![id], as its pictures are.
 *
 * An item says in `media` which it has; ids are shared with its pictures. In files the bytes travel in
 * `data`; stored items name them, and the bytes lie once for the body (bank/attachment.h). What is kept
 * plays in every browser of an exam room, and says nothing beside: tags of the file are blanked, so what
 * was taken once is taken again byte for byte (decision 0069). */
#ifndef BANK_MEDIA_H
#define BANK_MEDIA_H

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
    MEDIA_MAX = 4, /* of an item */
    MEDIA_BYTES_MAX = 8 << 20,
    MEDIA_MS_MAX = 10 * 60000,
    MEDIA_SIDE_MAX = 1920, /* pixels */
    MEDIA_PLAYS_MAX = 9
};

/* As an item names it. */
struct item_media {
    const char *id;     /* letters, digits, - _ */
    const char *sha256; /* hex, of the bytes */
    const char *type;   /* as in media_types.def */
    int64_t duration_ms;
    int64_t width, height;  /* of a film */
    int64_t plays;          /* how often a candidate may play it; 0: any */
    const char *alt;        /* what it is; never the answer */
    const char *transcript; /* what is said, where that is not what is asked; may be NULL */
    const char *data;       /* base64 of the bytes, in files; else NULL */
};
extern const struct fields item_media_fields;

bool media_is_film(const char *type);

/* "media":[…] of those that stand in SHOWN, the text of what the candidate is shown, into the open object. */
void media_put_shown(const struct item_meta *m, const char *shown, struct json_out *o);
/* Whether the candidate is shown it: not where only explanation or guide have it. */
bool media_is_shown(struct arena *a, const struct item *item, const struct item_media *one);
/* "mp3" for "audio/mpeg"; "bin" for what is no type of ours. */
const char *media_extension(const char *type);

/* Looked through and cleaned in the cage (base/cage.h for PROGRAM). MEDIA, TOO_LARGE or INVALID at
 * "/media". */
bool media_take(struct arena *a, const char *program, struct bytes file, struct attached *out,
                struct err *e) MUST_USE;
/* The same where the caller is in the cage already. */
bool media_take_here(struct arena *a, struct bytes file, struct attached *out,
                     struct err *e) MUST_USE;
/* The parser of the cage's kind `media`: type, BE32 width, height, duration, then the bytes. */
bool parse_media(struct arena *a, struct bytes file, struct bytes *out, struct err *e);

#endif
