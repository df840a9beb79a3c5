/* app/await_work.c - asks until it is over. */
#include "app/await_work.h"

#include <string.h>
#include <time.h>

#include "app/client.h"
#include "base/arena.h"
#include "base/json.h"

enum { PAUSE_NS = 50 * 1000 * 1000 };

bool await_work(struct client *c, struct arena *a, const json_t *asked, json_t **row,
                struct err *e)
{
    const char *id = json_member_text(asked, "work"), *state;
    if (!id)
        return FAIL(e, INTERNAL, "/work", "没有说明在哪里计算。");
    for (;;) {
        if (!client_json(c, a, "GET", arena_printf(a, "/api/desk-work/%s", id), NULL, row, e))
            return false;
        state = json_member_text(*row, "state");
        if (!state || (strcmp(state, "waiting") != 0 && strcmp(state, "running") != 0))
            return state || FAIL(e, INTERNAL, "/state", "没有说明计算得怎样。");
        nanosleep(&(struct timespec){.tv_nsec = PAUSE_NS}, NULL);
    }
}
