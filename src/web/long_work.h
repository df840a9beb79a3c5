/* web/long_work.h - what reads many sittings anew is done one at a time, so that it never takes more than one
 * of the threads that answer the desk (lanes.h, decision 0068). Thread safe. */
#ifndef WEB_LONG_WORK_H
#define WEB_LONG_WORK_H

#include <stdbool.h>

#include "base/err.h"

struct long_work;

struct long_work *long_work_create(void);
void long_work_destroy(struct long_work *w); /* NULL is fine */

/* TOO_MANY while another is at it; W NULL: nobody counts. Whoever began must end. */
bool long_work_begin(struct long_work *w, struct err *e) MUST_USE;
void long_work_end(struct long_work *w);

#endif
