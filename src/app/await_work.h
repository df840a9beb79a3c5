/* app/await_work.h - waits for what a server computes behind its desk (web/work.h). */
#ifndef APP_AWAIT_WORK_H
#define APP_AWAIT_WORK_H

#include "base/err.h"

struct arena;
struct client;
struct json_t;

/* ASKED: the answer that named the work. Its row when it is over, whichever way. */
bool await_work(struct client *c, struct arena *a, const struct json_t *asked,
                struct json_t **row, struct err *e) MUST_USE;

#endif
