/* base/embed.h - the files under data/ and the built pages (as ui/…), inside the program. */
#ifndef BASE_EMBED_H
#define BASE_EMBED_H

#include <stddef.h>

struct embedded {
    const char *name;           /* "programmes/national-2023.json", "ui/desk.html" */
    const unsigned char *bytes; /* followed by a NUL that does not count */
    size_t len;
    const char *digest; /* 16 hex digits of its SHA-256, for ETag */
};

extern const struct embedded heng_embedded[]; /* sorted by name */
extern const size_t heng_embedded_count;

const struct embedded *embedded_find(const char *name); /* NULL if there is none */
/* The i-th whose name begins with PREFIX; NULL past the last. */
const struct embedded *embedded_under(const char *prefix, size_t i);

#endif
