/* fault/part_disk.c - the disk runs full under load, stays full over restarts, and is given room
 * again. On a small tmpfs of our own where the machine lets us mount one; else the shim answers
 * ENOSPC to whatever would grow a file. The figure "by" says which. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/file.h"
#include "fault.h"
#include "parts.h"

enum { PLAYERS = 6, ROUNDS_SHORT = 3, ROUNDS_ALL = 40, FULL_WAIT_MS = 8000, CALL_MS = 1000 };
enum { STATUS_FATAL = 3, STARTS_WHILE_FULL = 2, SMALL_MIB = 48 };

struct disk {
    struct world *w;
    const char *at; /* the mount; NULL: by the shim */
    const char *filler;
};

/* --- room ------------------------------------------------------------------------------------------ */
static bool mount_small(const char *at)
{
    const char *size = "size=48m";
    if (mount("heng-fault", at, "tmpfs", 0, size) == 0)
        return true;
    /* Before any thread: a name space of our own where mounting is ours. */
    return unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0 &&
           mount("heng-fault", at, "tmpfs", 0, size) == 0;
}

static void fill(struct disk *d)
{
    if (!d->at) {
        atomic_store(&d->w->shim->full, 1);
        return;
    }
    int fd = open(d->filler, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    static char block[1 << 16];
    NEED(fd >= 0, "the filler", NULL);
    for (size_t len = sizeof block; len >= 4096;)
        if (write(fd, block, len) < (ssize_t)len)
            len /= 2;
    close(fd);
}

/* A few pages short of full, so that the end comes somewhere else each time. */
static void leave_some(struct disk *d)
{
    if (!d->at)
        return;
    int fd = open(d->filler, O_WRONLY | O_CLOEXEC);
    off_t end = fd >= 0 ? lseek(fd, 0, SEEK_END) : 0;
    off_t less = draw_below(&d->w->part->seed, 64) * 4096;
    NEED(fd >= 0 && ftruncate(fd, end > less ? end - less : 0) == 0, "the filler", NULL);
    close(fd);
}

static void give_back(struct disk *d)
{
    if (d->at)
        unlink(d->filler);
    else
        atomic_store(&d->w->shim->full, 0);
}

/* --- the rounds -------------------------------------------------------------------------------------- */
static void await_end(struct disk *d)
{
    int status = 0;
    int64_t end = clock_boot_ms() + FULL_WAIT_MS;
    while (world_alive(d->w, &status) && clock_boot_ms() < end) {
        fill(d);
        sleep_ms(5);
    }
    if (d->w->stage.server.pid > 0) {
        figure_add(d->w->part, "stayed", 1); /* it never had to grow a file */
        return;
    }
    bool fatal = WIFEXITED(status) && WEXITSTATUS(status) == STATUS_FATAL;
    figure_add(d->w->part, "stopped_commit", fatal);
    figure_fault(d->w->part, "crashed", !fatal);
    if (!fatal)
        fprintf(stderr, "fault: disk: status %x\n", status);
}

/* Started while nothing can be written it may refuse, or serve until the first commit. */
static void start_while_full(struct disk *d)
{
    for (int i = 0; i < STARTS_WHILE_FULL; i++) {
        if (d->w->stage.server.pid > 0)
            return;
        if (!world_serve(d->w)) {
            figure_add(d->w->part, "starts_refused", 1);
            continue;
        }
        figure_add(d->w->part, "starts_served", 1);
        await_end(d);
    }
}

static void one_round(struct disk *d)
{
    struct arena *a = arena_create((size_t)1 << 30);
    struct snapshot s;
    int status;
    sleep_ms(30 + draw_below(&d->w->part->seed, 100));
    fill(d);
    leave_some(d);
    figure_add(d->w->part, "filled", 1);
    await_end(d);
    start_while_full(d);
    snapshot_take(d->w, a, &s);
    if (world_alive(d->w, &status))
        world_kill(d->w);
    give_back(d);
    judge(d->w, store_copy(d->w), &s, false);
    world_serve_again(d->w);
    arena_destroy(a);
}

/* The data folder moves onto the small disk before the server has ever run. */
static void move_there(struct disk *d)
{
    struct world *w = d->w;
    struct err e = {0};
    const char *at = arena_printf(w->arena, "%s/small", w->stage.folder);
    world_kill(w);
    NEED(folder_make(at, 0700, &e), "a folder", &e);
    if (!mount_small(at)) {
        figure_text(w->part, "by", "shim");
        return;
    }
    figure_text(w->part, "by", "tmpfs");
    d->at = at;
    d->filler = arena_printf(w->arena, "%s/filler", at);
    const char *to = arena_printf(w->arena, "%s/data", at);
    const char *key = arena_printf(w->arena, "%s.key", w->stage.order.data);
    int status;
    pid_t pid = fork();
    if (pid == 0) {
        execlp("cp", "cp", "-a", w->stage.order.data, key, at, (char *)NULL);
        _exit(127);
    }
    NEED(waitpid(pid, &status, 0) == pid && status == 0, "cp", NULL);
    w->stage.order.data = to;
}

void part_disk(struct part *p)
{
    struct world w;
    struct disk d = {.w = &w};
    world_begin(&w, p, PLAYERS, true);
    int64_t end = p->limit_ms ? clock_boot_ms() + p->limit_ms : INT64_MAX;
    move_there(&d);
    NEED(world_serve(&w), "the server", NULL);
    for (size_t i = 0; i < w.player_count; i++)
        player_timeout(&w.players[i], CALL_MS);
    players_start(&w);
    for (int i = 0; i < (p->all ? ROUNDS_ALL : ROUNDS_SHORT) && clock_boot_ms() < end; i++)
        one_round(&d);
    judge_end(&w);
    if (d.at)
        umount(d.at);
    world_end(&w);
}
