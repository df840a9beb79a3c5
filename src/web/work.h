/* web/work.h - long computations of the desk, done one at a time by a thread of the server's own, in the order
 * they were asked for (store/work.h, decision 0079). Whoever asked gets the id of its row at once. */
#ifndef WEB_WORK_H
#define WEB_WORK_H

#include "base/err.h"
#include "base/id.h"

struct app;
struct arena;
struct db;
struct progress;
struct reply;
struct request;
struct work_runner;
struct work_taken;

/* What another server left behind is marked first. */
struct work_runner *work_runner_start(const struct app *app, struct err *e);
void work_runner_stop(struct work_runner *r); /* what runs is interrupted; NULL is fine */

/* What a kind's function gets: rows of its own, a database of its own. *RESULT zero: there is none to show. */
struct working {
    const struct app *app;
    struct db *db;
    struct arena *arena;
    const struct work_taken *work;
    struct progress *progress;
};
typedef bool work_fn(const struct working *w, struct id *result, struct err *e);
#define WORK(name, function) work_fn function;
#include "web/work_kinds.def"
#undef WORK

/* Answers 202 with {"work": id}. ARGUMENT: JSON of texts, taken over. */
struct json_t;
bool work_ask_for(struct request *rq, struct reply *rp, const char *kind, struct id object,
                  struct json_t *argument, struct err *e) MUST_USE;

/* For tests, which have no thread: computes the next that waits. */
bool work_run_next(const struct app *app, struct db *db, bool *ran, struct err *e) MUST_USE;

#endif
