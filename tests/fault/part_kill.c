/* fault/part_kill.c - kill -9 at random moments under load; devices go on over the restart. */
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>

#include "base/arena.h"
#include "base/clock.h"
#include "fault.h"
#include "parts.h"

enum { PLAYERS = 12, KILLS_SHORT = 25, KILLS_ALL = 520, ALIVE_MS = 160, JUDGED_EVERY = 10 };

static void kill_once(struct world *w, bool judged)
{
    struct arena *a = arena_create((size_t)1 << 30);
    struct snapshot s;
    sleep_ms(draw_below(&w->part->seed, ALIVE_MS));
    int status = world_kill(w);
    figure_add(w->part, "kills", 1);
    figure_fault(w->part, "died_before", !WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL);
    snapshot_take(w, a, &s);
    const char *copy = judged ? store_copy(w) : NULL;
    world_serve_again(w);
    if (judged)
        judge(w, copy, &s, false);
    arena_destroy(a);
}

void part_kill(struct part *p)
{
    struct world w;
    int64_t kills = p->all ? KILLS_ALL : KILLS_SHORT;
    world_begin(&w, p, PLAYERS, false);
    int64_t end = p->limit_ms ? clock_boot_ms() + p->limit_ms : INT64_MAX;
    players_start(&w);
    for (int64_t i = 0; i < kills && clock_boot_ms() < end; i++)
        kill_once(&w, !p->all || i % JUDGED_EVERY == 0);
    judge_end(&w);
    world_end(&w);
}
