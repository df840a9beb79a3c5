/* sitting/steady.h - time does not jump while candidates sit (SECURITY §5.2, doc/decisions/0027).
 *
 * While an attempt is open, time is that of the moment when the first was opened, carried on by
 * the boot clock: a system clock that is set meanwhile (by hand, by a time server that errs) changes
 * neither what is left of anybody's time nor what counts. The step is logged and shown to the
 * invigilator. The offset is stored, so that it holds over a restart of the program. */
#ifndef SITTING_STEADY_H
#define SITTING_STEADY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct db;
struct live;

struct steady {
    bool holds;
    int64_t told_ms; /* the step that was logged last */
};
/* At the start, before anything is served: goes on as before the restart if somebody sits. */
bool steady_start(struct steady *s, struct db *db, struct live *l, struct err *e) MUST_USE;
/* Each round of the clerk: holds while somebody sits, lets go afterwards. */
bool steady_round(struct steady *s, struct db *db, struct live *l, struct err *e) MUST_USE;

#endif
