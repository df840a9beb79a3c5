/* web/form.h - the fields of an application/x-www-form-urlencoded body.
 *
 * Only the verification page sends such bodies: it works without script. */
#ifndef WEB_FORM_H
#define WEB_FORM_H

#include <stdbool.h>

#include "base/bytes.h"
#include "base/err.h"

struct arena;

enum { FORM_FIELDS_MAX = 16 };

struct form_field {
    const char *name, *value;
};
struct form {
    struct form_field at[FORM_FIELDS_MAX];
    size_t count;
};

/* INVALID at "body" for a bad escape, a NUL, invalid UTF-8 or too many fields; a name given twice
 * is refused at its name. */
bool form_read(struct arena *a, struct bytes body, struct form *out, struct err *e) MUST_USE;
const char *form_get(const struct form *f, const char *name); /* "" if absent */

#endif
