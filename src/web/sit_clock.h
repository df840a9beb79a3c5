/* web/sit_clock.h - the thread that calls the clerk of the sitting twice a second. */
#ifndef WEB_SIT_CLOCK_H
#define WEB_SIT_CLOCK_H

#include <stdbool.h>

#include "base/err.h"

struct app;

bool sit_clock_start(const struct app *app, struct err *e) MUST_USE; /* one for the process */
void sit_clock_stop(void);                                           /* also if none runs */

#endif
