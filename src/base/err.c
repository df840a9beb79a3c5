/* base/err.c - the one error value. */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
    int http;
    const char *name;
} codes[ERR_CODES] = {
    [ERR_NONE] = {200, "none"},
#define ERR(code, http, name) [ERR_##code] = {http, name},
#include "base/err.def"
#undef ERR
};

/* Length of the whole UTF-8 sequence at S, 0 if it is broken. */
static size_t sequence(const unsigned char *s)
{
    size_t len = *s < 0x80 ? 1 : *s >= 0xC2 && *s < 0xE0 ? 2 : *s >= 0xE0 && *s < 0xF0 ? 3 : 4;
    if ((*s >= 0x80 && *s < 0xC2) || *s > 0xF4)
        return 0;
    for (size_t i = 1; i < len; i++)
        if ((s[i] & 0xC0) != 0x80)
            return 0;
    return len;
}

/* A cut by %.60s or by the room may fall inside a character, and JSON must be UTF-8. */
void text_mend(char *text)
{
    unsigned char *from = (unsigned char *)text, *to = from;
    while (*from) {
        size_t len = sequence(from);
        for (size_t i = 0; i < len; i++)
            *to++ = from[i];
        from += len ? len : 1;
    }
    *to = '\0';
}

bool err_set(struct err *e, enum err_code code, const char *file, int line, const char *field,
             const char *fmt, ...)
{
    if (e->code != ERR_NONE)
        return false;
    e->code = code;
    e->file = file;
    e->line = line;
    snprintf(e->field, sizeof e->field, "%s", field ? field : "");

    va_list args;
    va_start(args, fmt);
    vsnprintf(e->text, sizeof e->text, fmt, args);
    va_end(args);
    text_mend(e->text);
    text_mend(e->field);
    return false;
}

void err_under(struct err *e, const char *prefix)
{
    char joined[ERR_FIELD_BYTES * 2];
    snprintf(joined, sizeof joined, "%s%s", prefix, e->field);
    joined[ERR_FIELD_BYTES - 1] = '\0';
    memcpy(e->field, joined, ERR_FIELD_BYTES);
    text_mend(e->field);
}

int err_http_status(enum err_code code)
{
    return codes[code].http;
}

const char *err_name(enum err_code code)
{
    return codes[code].name;
}
