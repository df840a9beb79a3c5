/* sitting/clerk.h - who looks at the clock: tells rooms that their time has come, sends beats and
 * changed tiles, carries out approved closings and the end of grace, holds time (steady.h). web/ calls a round twice a
 * second, from one thread. */
#ifndef SITTING_CLERK_H
#define SITTING_CLERK_H

#include <stdint.h>

#include "base/err.h"

struct clerk;
struct db;
struct journal_writer;

enum { CLERK_ROUND_MS = 500 };

/* DB is the clerk's own connection. NULL with *e set: the store failed. */
struct clerk *clerk_create(struct journal_writer *w, struct db *db, struct err *e);
void clerk_destroy(struct clerk *c); /* NULL is fine */
/* What fails is tried again in the next round; *e says what it was. */
bool clerk_round(struct clerk *c, int64_t now_ms, struct err *e);

#endif
