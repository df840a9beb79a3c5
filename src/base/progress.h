/* base/progress.h - how far something long is, told to whoever waits for it, who may stop it. */
#ifndef BASE_PROGRESS_H
#define BASE_PROGRESS_H

#include <stdint.h>

#include "base/err.h"

struct progress {
    bool (*tell)(struct progress *p); /* false: stop */
    void *ctx;
    const char *step; /* a word */
    int64_t done, total;
};

/* Both: true where nobody waits (P is NULL); TOO_MANY at "stopped" when it is to stop. */
bool progress_begin(struct progress *p, const char *step, int64_t total,
                    struct err *e) MUST_USE;
bool progress_on(struct progress *p, int64_t by, struct err *e) MUST_USE;

#endif
