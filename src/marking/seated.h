/* marking/seated.h - the candidates of a session as those who mark may see them: by a label. */
#ifndef MARKING_SEATED_H
#define MARKING_SEATED_H

#include "marking/marking.h"

struct seated {
    struct id entry;
    const char *label; /* "考生 0007": in an order that says nothing about seats or names */
    int64_t level;
    const char *direction;
};

bool seated_list(const struct marking *m, struct id session, struct seated **out, size_t *count,
                 struct err *e) MUST_USE;
/* Without a label. NOT_FOUND at /entry where the entry does not sit in the session. */
bool seated_get(const struct marking *m, struct id session, struct id entry, struct seated *out,
                struct err *e) MUST_USE;

#endif
