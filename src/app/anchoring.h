/* app/anchoring.h - makes an anchor of the audit chains every minute and keeps a copy outside the database
 * (SECURITY §6). The file is only appended to: it may be `chattr +a`, or on a disk of another owner. */
#ifndef APP_ANCHORING_H
#define APP_ANCHORING_H

#include <stdint.h>

#include "base/err.h"

struct anchoring;
struct instance;

/* FILE NULL: DATA.anchors beside the data folder. PERIOD_MS 0: a minute. STORE "file" where it cannot be
 * opened: a server whose anchors go nowhere does not start. */
struct anchoring *anchoring_start(const struct instance *i, const char *file, int64_t period_ms,
                                  struct err *e);
void anchoring_stop(struct anchoring *a); /* makes the last one; NULL is fine */

#endif
