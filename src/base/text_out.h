/* base/text_out.h - text that grows piece by piece, for formats other than JSON. */
#ifndef BASE_TEXT_OUT_H
#define BASE_TEXT_OUT_H

#include "base/bytes.h"
#include "base/err.h"

struct arena;

struct text_out {
    struct arena *arena;
    char *at; /* NUL-ended once something was put */
    size_t len, room;
};

void text_put(struct text_out *o, const char *s); /* NULL puts nothing */
void text_put_bytes(struct text_out *o, const char *s, size_t len);
void text_putf(struct text_out *o, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* Escaped for XML text and for attribute values in double quotes; what XML 1.0 cannot hold (control
 * characters, U+FFFE and U+FFFF) is left out. Line ends stay line ends in text; in attributes write one line. */
void text_put_xml(struct text_out *o, const char *s);
const char *text_out_text(const struct text_out *o); /* never NULL */
struct bytes text_out_bytes(const struct text_out *o);

#endif
