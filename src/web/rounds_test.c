/* web/rounds_test.c - rounds come when they are due or woken, and end before the stop does. */
#include "web/rounds.h"

#include <stdatomic.h>

#include "base/clock.h"
#include "test/check.h"

enum { LONG_MS = 3600000, SOON_MS = 1 };

struct walk {
    _Atomic int begun, ended;
    _Atomic bool held; /* a round lasts until somebody stops */
    int64_t next_ms;
};

static int64_t walk_on(struct rounds *r, void *ctx)
{
    struct walk *w = ctx;
    w->begun++;
    while (w->held && !rounds_stopping(r))
        continue;
    w->ended++;
    return w->next_ms;
}

/* A test that waits for ever is a test that failed. */
static void until(const _Atomic int *count, int wanted)
{
    while (*count < wanted)
        continue;
}

void rounds_are_due_test(void)
{
    struct walk w = {.next_ms = SOON_MS};
    struct rounds *r = rounds_start(0, walk_on, &w);
    until(&w.ended, 3);
    rounds_stop(r);
    int over = w.ended;
    CHECK_INT("none was cut", w.begun, over);
    rounds_stop(NULL);
}

void rounds_are_woken_test(void)
{
    struct walk w = {.next_ms = LONG_MS};
    struct rounds *r = rounds_start(LONG_MS, walk_on, &w);
    CHECK_INT("not due", w.begun, 0);
    rounds_wake(r);
    until(&w.ended, 1);
    w.held = true;
    rounds_wake(r);
    until(&w.begun, 2);
    rounds_wake(r); /* while one runs */
    w.held = false;
    until(&w.ended, 3);
    rounds_stop(r);
    CHECK_INT("as often as woken", w.ended, 3);
}

void rounds_know_of_the_stop_test(void)
{
    struct walk w = {.held = true, .next_ms = SOON_MS};
    struct rounds *r = rounds_start(0, walk_on, &w);
    until(&w.begun, 1);
    CHECK("not stopping", !rounds_stopping(r));
    rounds_stop(r);
    CHECK_INT("it saw the stop", w.ended, 1);
}
