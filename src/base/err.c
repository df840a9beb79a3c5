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
    return false;
}

void err_under(struct err *e, const char *prefix)
{
    char joined[ERR_FIELD_BYTES * 2];
    snprintf(joined, sizeof joined, "%s%s", prefix, e->field);
    joined[ERR_FIELD_BYTES - 1] = '\0';
    memcpy(e->field, joined, ERR_FIELD_BYTES);
}

int err_http_status(enum err_code code)
{
    return codes[code].http;
}

const char *err_name(enum err_code code)
{
    return codes[code].name;
}
