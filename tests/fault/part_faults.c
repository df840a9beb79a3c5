/* fault/part_faults.c - the fault loop on the released program: the nth write, fsync, open,
 * allocation, send, receive, accept and connect fails, once and then for good.
 *
 * One round of work passes through all that matters: saves, a claim of a new epoch, an act of the
 * invigilator, a state. For each kind the nth call from its beginning fails, n = 1, 2, … until a
 * round no longer reaches it. The server may refuse, and may stop with a report (status 3 for a
 * failed commit, abort without memory); it may not answer for what is not on disk, nor crash. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/client.h"
#include "base/arena.h"
#include "base/clock.h"
#include "fault.h"
#include "parts.h"

/* An attempt may be claimed six times a minute: many devices take turns. */
enum {
    PLAYERS = 96,
    AT_WORK = 3,
    CALL_MS = 600,
    TRIED_SHORT = 3,
    DEAD_WAIT_MS = 40,
    STATUS_FATAL = 3
};
enum { STARTS_SHORT = 1, STARTS_ALL = 120 };

static const char *const words[] = {
#define X(name, word) [SHIM_##name] = word,
    SHIM_KINDS(X)
#undef X
};
/* Names of figures live as long as the part. */
static const char *const tried_names[] = {
#define X(name, word) [SHIM_##name] = "tried_" word,
    SHIM_KINDS(X)
#undef X
};
static const char *const of_names[] = {
#define X(name, word) [SHIM_##name] = "calls_" word,
    SHIM_KINDS(X)
#undef X
};

static void act_of_invigilator(struct world *w)
{
    struct arena *a = arena_create(4 << 20);
    struct err e = {0};
    char id[ID_TEXT_BYTES];
    id_write(w->stage.rooms[0].id, id);
    /* Whether it got through is not asked: a refused act is refused. */
    if (client_json(w->invigilator, a, "POST", arena_printf(a, "/api/rooms/%s/notice", id),
                    json_pack("{s:s}", "text", "请检查网线。"), NULL, &e))
        figure_add(w->part, "acts", 1);
    arena_destroy(a);
}

/* Three devices' requests; whether one gets through is asked later. */
static void round_of_work(struct world *w)
{
    struct player *first = w->players + w->turn;
    w->turn = (w->turn + AT_WORK) % w->player_count;
    for (size_t i = 0; i < AT_WORK; i++) {
        player_write(&first[i], 2);
        player_send(&first[i]);
    }
    player_claim(first);
    player_write(first, 1);
    player_send(first);
    act_of_invigilator(w);
}

static void tell_end(struct world *w, enum shim_kind kind, int64_t nth, int status)
{
    if (WIFEXITED(status) && WEXITSTATUS(status) == STATUS_FATAL) {
        figure_add(w->part, "stopped_commit", 1);
    } else if (WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT) {
        figure_add(w->part, "stopped_report", 1);
    } else {
        figure_fault(w->part, "crashed", 1);
        fprintf(stderr, "fault: %s %lld: status %x\n", words[kind], (long long)nth, status);
    }
}

static _Noreturn void die_stuck(struct world *w, enum shim_kind kind, int64_t nth)
{
    fprintf(stderr, "fault: after %s %lld devices do not get through; the server is %d\n",
            words[kind], (long long)nth, (int)w->stage.server.pid);
    for (size_t i = 0; i < w->player_count; i++)
        if (w->players[i].dev.len || w->players[i].claiming)
            fprintf(stderr, "fault: player %zu: %d bytes, claiming %d, %s\n", i,
                    (int)w->players[i].dev.len, w->players[i].claiming, w->players[i].why);
    if (getenv("HENG_FAULT_WAIT"))
        pause();
    exit(1);
}

/* After a fault: alive, or ended in a way it may; what was acknowledged is there; it starts again
 * without being helped. */
static void look_after(struct world *w, enum shim_kind kind, int64_t nth)
{
    int status;
    struct arena *a = arena_create((size_t)1 << 30);
    struct snapshot s;
    if (atomic_load(&w->shim->fired))
        sleep_ms(DEAD_WAIT_MS / 8);
    if (!world_alive(w, &status)) {
        tell_end(w, kind, nth, status);
        snapshot_take(w, a, &s);
        judge(w, store_copy(w), &s, false);
        world_serve_again(w);
    }
    arena_destroy(a);
    int64_t end = clock_boot_ms() + 10000;
    for (size_t i = 0; i < w->player_count; i++)
        while (!player_send(&w->players[i])) {
            int died;
            if (clock_boot_ms() > end)
                die_stuck(w, kind, nth);
            if (!world_alive(w, &died)) {
                tell_end(w, kind, nth, died);
                world_serve_again(w);
            }
            sleep_ms(5);
        }
}

static bool try_one(struct world *w, enum shim_kind kind, int64_t nth, bool forever)
{
    shim_arm(w->shim, kind, nth, forever);
    round_of_work(w);
    bool fired = atomic_load(&w->shim->fired) > 0;
    shim_calm(w->shim);
    figure_add(w->part, tried_names[kind], fired);
    look_after(w, kind, nth);
    return fired;
}

static int64_t calls_of_round(struct world *w, enum shim_kind kind)
{
    int64_t before = atomic_load(&w->shim->calls[kind]);
    round_of_work(w);
    return atomic_load(&w->shim->calls[kind]) - before;
}

/* The nth call of the start fails: it starts, or refuses with a sentence; the next start is whole. */
static void try_start(struct world *w, enum shim_kind kind, int64_t nth, bool forever)
{
    struct arena *a = arena_create((size_t)1 << 30);
    struct snapshot s;
    int status;
    world_kill(w);
    shim_arm(w->shim, kind, nth, forever);
    bool served = world_serve(w);
    figure_add(w->part, served ? "starts_served" : "starts_refused", 1);
    figure_add(w->part, "starts_hit", atomic_load(&w->shim->fired) > 0);
    shim_calm(w->shim);
    if (world_alive(w, &status))
        world_kill(w);
    snapshot_take(w, a, &s);
    judge(w, store_copy(w), &s, false);
    world_serve_again(w);
    arena_destroy(a);
}

static void try_starts(struct world *w, enum shim_kind kind, int64_t end_ms)
{
    world_kill(w);
    int64_t before = atomic_load(&w->shim->calls[kind]);
    world_serve_again(w);
    int64_t calls = atomic_load(&w->shim->calls[kind]) - before;
    int64_t step = calls / (w->part->all ? STARTS_ALL : STARTS_SHORT) + 1;
    for (int64_t nth = 1 + draw_below(&w->part->seed, step);
         nth <= calls && clock_boot_ms() < end_ms; nth += step) {
        try_start(w, kind, nth, false);
        if (w->part->all)
            try_start(w, kind, nth, true);
    }
}

static void try_kind(struct world *w, enum shim_kind kind, int64_t end_ms)
{
    int64_t calls = calls_of_round(w, kind);
    figure_add(w->part, of_names[kind], calls);
    int64_t step = w->part->all ? 1 : calls / TRIED_SHORT + 1;
    int64_t from = w->part->all ? 1 : 1 + draw_below(&w->part->seed, step);
    for (int64_t nth = from; clock_boot_ms() < end_ms; nth += step) {
        bool once = try_one(w, kind, nth, false);
        bool forever = try_one(w, kind, nth, true);
        if (!once && !forever && nth > calls)
            break;
    }
}

/* A fault is no conflict: where the server's log calls it one, something was stored otherwise than it
 * was meant (an argument that became NULL for want of memory). */
static void read_log(struct world *w)
{
    char line[512];
    int64_t conflicts = 0;
    FILE *f = fopen(w->stage.order.log, "r");
    NEED(f, "the log", NULL);
    while (fgets(line, sizeof line, f))
        conflicts += strstr(line, "journal_commit_failed") && strstr(line, "error=conflict");
    fclose(f);
    figure_fault(w->part, "called_conflict", conflicts);
}

void part_faults(struct part *p)
{
    struct world w;
    world_begin(&w, p, PLAYERS, true);
    int64_t end = p->limit_ms ? clock_boot_ms() + p->limit_ms : INT64_MAX;
    client_timeout(w.invigilator, CALL_MS);
    for (size_t i = 0; i < w.player_count; i++)
        player_timeout(&w.players[i], CALL_MS);
    for (size_t i = 0; i < w.player_count; i++)
        player_send(&w.players[i]);
    for (int kind = 0; kind < SHIM_KIND_COUNT; kind++)
        try_kind(&w, (enum shim_kind)kind, end);
    for (int kind = 0; kind <= SHIM_ALLOC; kind++)
        try_starts(&w, (enum shim_kind)kind, end);
    players_start(&w);
    judge_end(&w);
    read_log(&w);
    world_end(&w);
}
