/* base/err.h - the one error value.
 *
 * A function that can fail returns bool (or a pointer, NULL = failed) and takes `struct err *e`
 * last. The first error wins: FAIL on an error already set keeps the old one. Expected outcomes
 * ("not eligible", "time is up") are values, not errors. */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdbool.h>
#include <stddef.h>

#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))
#define MUST_USE               __attribute__((warn_unused_result))

enum err_code {
    ERR_NONE,
#define ERR(code, http, name) ERR_##code,
#include "base/err.def"
#undef ERR
    ERR_CODES
};

enum { ERR_FIELD_BYTES = 160, ERR_TEXT_BYTES = 512 };

struct err {
    enum err_code code;
    char field[ERR_FIELD_BYTES]; /* JSON pointer, or the name of an argument; "" = none */
    char text[ERR_TEXT_BYTES];   /* one sentence for people, in Chinese where users see it */
    const char *file;            /* where it was raised, for the log only */
    int line;
};

/* Always false, so that `return FAIL(e, CONFLICT, "/version", "…")` reads as one act. */
#define FAIL(e, code, field, ...)                                                              \
    err_set((e), ERR_##code, __FILE__, __LINE__, (field), __VA_ARGS__)

bool err_set(struct err *e, enum err_code code, const char *file, int line, const char *field,
             const char *fmt, ...) PRINTF_LIKE(6, 7);

/* Puts a prefix before the field, for a reader that calls another: "/work" + "/0/from". */
void err_under(struct err *e, const char *prefix);

/* Drops what is no whole UTF-8 sequence, such as a character that a cut by %.60s fell into. */
void text_mend(char *text);

int err_http_status(enum err_code code);
const char *err_name(enum err_code code);

#endif
