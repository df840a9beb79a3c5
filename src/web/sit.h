/* web/sit.h - the exam's own addresses: starts the journal writer that they lean on. */
#ifndef WEB_SIT_H
#define WEB_SIT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct app;
struct paper_object;
struct reply;
struct request;

/* Sets app->journal; events must run already. Once for the process. */
bool sit_start(struct app *app, struct err *e) MUST_USE;
/* First of the stops: what is queued is on disk and answered, and nothing is published any more. */
void sit_quiet(struct app *app);
/* After http_stop. */
void sit_stop(struct app *app);

/* The sealed bytes of the one of OBJECTS that the request's second id names. */
bool reply_paper_object(struct request *rq, struct reply *rp,
                        const struct paper_object *objects, size_t count,
                        struct err *e) MUST_USE;

#endif
