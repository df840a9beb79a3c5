/* entry/partner.h - a partner (招生合作机构): brings candidates, and sees only those it brought. */
#ifndef ENTRY_PARTNER_H
#define ENTRY_PARTNER_H

#include "entry/desk.h"

struct partner {
    struct id id;
    const char *name;    /* unique in the body */
    const char *contact; /* class P */
    int64_t created_ms;
};

bool partner_create(const struct entry_desk *d, const struct partner *p,
                    struct err *e) MUST_USE;
bool partner_get(struct db *db, struct arena *a, struct id body, struct id id,
                 struct partner *out, struct err *e) MUST_USE;
bool partner_list(struct db *db, struct arena *a, struct id body, struct partner **out,
                  size_t *count, struct err *e) MUST_USE;

#endif
