/* people/second_factor.h - checking a code of a known account, for this folder only. */
#ifndef PEOPLE_SECOND_FACTOR_H
#define PEOPLE_SECOND_FACTOR_H

#include "people/account_store.h"

struct second_factor {
    bool right;
    bool was_recovery;
    int64_t recovery_left; /* only if was_recovery */
};

/* Inside a transaction: takes the step, or the recovery code where ALLOW_RECOVERY. Does not count
 * failures: guess.h does. */
bool second_factor_take(const struct people *p, const struct account_secrets *s,
                        const char *code, bool allow_recovery, struct second_factor *out,
                        struct err *e) MUST_USE;

#endif
