/* sitting/clerk.h - the thread that looks at the clock: tells rooms that their time has come, sends
 * beats and changed tiles, carries out approved closings and the end of grace. */
#ifndef SITTING_CLERK_H
#define SITTING_CLERK_H

#include "base/err.h"

struct clerk;
struct journal_writer;

struct clerk *clerk_start(struct journal_writer *w, struct err *e);
void clerk_stop(struct clerk *c); /* NULL is fine */
/* Carries out approved closings at once instead of within a second. */
void clerk_hurry(struct journal_writer *w);

#endif
