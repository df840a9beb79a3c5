/* app/anchoring.h - makes an anchor of the audit chains every minute and keeps a copy outside the database
 * (SECURITY §6). The file is only appended to: it may be `chattr +a`, or on a disk of another owner. */
#ifndef APP_ANCHORING_H
#define APP_ANCHORING_H

#include <stdint.h>

#include "base/err.h"

struct anchor_copy;
struct anchoring;
struct instance;

struct anchoring_options {
    const char *file;               /* NULL: DATA.anchors beside the data folder */
    const struct anchor_copy *copy; /* who else gets each; NULL: nobody */
    int64_t period_ms;              /* 0: a minute */
};

/* STORE "--anchors" where the file cannot be opened: a server whose anchors go nowhere does not start. A copy
 * that is not taken is sent again with the next one. */
struct anchoring *anchoring_start(const struct instance *i, const struct anchoring_options *o,
                                  struct err *e);
void anchoring_stop(struct anchoring *a); /* makes the last one; NULL is fine */

#endif
