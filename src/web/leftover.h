/* web/leftover.h - once a day what nothing names goes (archive/leftover.h), on the thread that computes. */
#ifndef WEB_LEFTOVER_H
#define WEB_LEFTOVER_H

#include <stdint.h>

struct app;
struct db;

struct leftover_watch {
    int64_t next_ms; /* 0: the server has just started, and other things come first */
};
void leftover_round(const struct app *app, struct db *db, struct leftover_watch *w,
                    int64_t now_ms);

#endif
