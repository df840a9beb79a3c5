/* fault/world.c - the stage with its server, and the shim's page. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "app/client.h"
#include "base/arena.h"
#include "base/clock.h"
#include "fault.h"

_Noreturn void die(const char *what, const struct err *e)
{
    fprintf(stderr, "fault: %s: %s %s\n", what, e ? e->field : "", e ? e->text : "");
    exit(3);
}

/* splitmix64 */
uint64_t draw(uint64_t *seed)
{
    uint64_t z = (*seed += 0x9e3779b97f4a7c15u);
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

int64_t draw_below(uint64_t *seed, int64_t bound)
{
    return bound > 0 ? (int64_t)(draw(seed) % (uint64_t)bound) : 0;
}

void sleep_ms(int64_t ms)
{
    nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL);
}

/* --- the shim ------------------------------------------------------------------------------------- */
void shim_calm(struct shim *s)
{
    atomic_store(&s->kind, -1);
    atomic_store(&s->left, 0);
    atomic_store(&s->forever, 0);
}

void shim_arm(struct shim *s, enum shim_kind kind, int64_t nth, bool forever)
{
    atomic_store(&s->fired, 0);
    atomic_store(&s->left, nth);
    atomic_store(&s->forever, forever);
    atomic_store(&s->kind, (int)kind);
}

static void shim_make(struct world *w)
{
    const char *path = arena_printf(w->arena, "%s/shim", w->stage.folder);
    const char *library = getenv("HENG_FAULT_SHIM");
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    NEED(library && fd >= 0 && ftruncate(fd, sizeof *w->shim) == 0, "the shim's page", NULL);
    w->shim = mmap(NULL, sizeof *w->shim, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    NEED(w->shim != MAP_FAILED, "the shim's page", NULL);
    close(fd);
    shim_calm(w->shim);
    w->record = arena_printf(w->arena, "%s/record", w->stage.folder);
}

/* --- the server ----------------------------------------------------------------------------------- */
bool world_serve(struct world *w)
{
    struct err e = {0};
    if (w->shim) {
        setenv(SHIM_PAGE, arena_printf(w->arena, "%s/shim", w->stage.folder), 1);
        setenv(SHIM_LOG, w->record, 1);
        setenv("LD_PRELOAD", getenv("HENG_FAULT_SHIM"), 1);
    }
    bool ok = stage_serve(&w->stage, &e);
    unsetenv("LD_PRELOAD");
    if (!ok)
        server_child_stop(&w->stage.server, SIGKILL);
    return ok;
}

void world_serve_again(struct world *w)
{
    bool served = world_serve(w);
    figure_fault(w->part, "restarts_failed", !served);
    if (served)
        return;
    players_stop(w);
    stage_end(&w->stage);
    part_over(w->part);
}

int world_kill(struct world *w)
{
    return server_child_stop(&w->stage.server, SIGKILL);
}

bool world_alive(struct world *w, int *status)
{
    if (w->stage.server.pid <= 0)
        return false;
    if (waitpid(w->stage.server.pid, status, WNOHANG) == 0)
        return true;
    w->stage.server.pid = 0;
    return false;
}

void world_stage(struct world *w, struct part *p, size_t candidates, bool with_shim)
{
    struct err e = {0};
    const char *program = getenv("HENG_PROGRAM");
    *w = (struct world){.part = p, .arena = arena_create((size_t)8 << 30)};
    struct stage_plan plan = {.count = candidates, .zone_offset_ms = p->zone_offset_ms};
    NEED(stage_begin(w->arena, &plan, &w->stage, &e), "the stage", &e);
    if (program)
        w->stage.order.program = program;
    w->stage.order.rate_factor = "10000";
    if (with_shim)
        shim_make(w);
    NEED(world_serve(w), "the server", NULL);
    w->invigilator = stage_as(&w->stage, "invigilator", &e);
    NEED(w->invigilator, "the invigilator", &e);
}

void world_begin(struct world *w, struct part *p, size_t players, bool with_shim)
{
    struct err e = {0};
    world_stage(w, p, players, with_shim);
    w->player_count = players;
    for (size_t i = 0; i < w->stage.room_count; i++)
        NEED(stage_admit(&w->stage, w->invigilator, i, &e), "admission", &e);
    w->players = arena_array(w->arena, struct player, players);
    for (size_t i = 0; i < players; i++) {
        struct player *one = &w->players[i];
        one->world = w;
        one->seat = &w->stage.seats[i];
        one->seed = p->seed * 1000 + i;
        one->think_ms = 12;
        pthread_mutex_init(&one->lock, NULL);
        player_sit(one);
    }
}

void world_end(struct world *w)
{
    for (size_t i = 0; i < w->player_count; i++) {
        client_destroy(w->players[i].client);
        play_end(&w->players[i].dev);
        free(w->players[i].acks);
    }
    client_destroy(w->invigilator);
    stage_end(&w->stage);
    if (w->shim)
        munmap(w->shim, sizeof *w->shim);
    arena_destroy(w->arena);
}
