/* base/text_out.c - the growing text. */
#include "base/text_out.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"

void text_put_bytes(struct text_out *o, const char *s, size_t len)
{
    if (o->len + len + 1 > o->room) {
        size_t room = (o->len + len + 1) * 2 + 64;
        o->at = arena_grow(o->arena, o->at, o->len, room, 1);
        o->room = room;
    }
    memcpy(o->at + o->len, s, len);
    o->len += len;
    o->at[o->len] = 0;
}

void text_put(struct text_out *o, const char *s)
{
    if (s)
        text_put_bytes(o, s, strlen(s));
}

void text_putf(struct text_out *o, const char *fmt, ...)
{
    va_list list, again;
    va_start(list, fmt);
    va_copy(again, list);
    int len = vsnprintf(NULL, 0, fmt, list);
    va_end(list);
    if (len > 0) {
        char *text = arena_alloc(o->arena, (size_t)len + 1, 1);
        vsnprintf(text, (size_t)len + 1, fmt, again);
        text_put_bytes(o, text, (size_t)len);
    }
    va_end(again);
}

void text_put_xml(struct text_out *o, const char *s)
{
    for (; s && *s; s++) {
        if (*s == '&')
            text_put(o, "&amp;");
        else if (*s == '<')
            text_put(o, "&lt;");
        else if (*s == '>')
            text_put(o, "&gt;");
        else if (*s == '"')
            text_put(o, "&quot;");
        else if (strncmp(s, "\xEF\xBF\xBE", 3) == 0 || strncmp(s, "\xEF\xBF\xBF", 3) == 0)
            s += 2; /* U+FFFE and U+FFFF */
        else if (*s == '\r')
            text_put(o, "&#13;");
        else if ((unsigned char)*s >= 0x20 || *s == '\n' || *s == '\t')
            text_put_bytes(o, s, 1);
    }
}

const char *text_out_text(const struct text_out *o)
{
    return o->at ? o->at : "";
}

struct bytes text_out_bytes(const struct text_out *o)
{
    return (struct bytes){(const unsigned char *)text_out_text(o), o->len};
}
