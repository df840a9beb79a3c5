/* fault/part_power.c - power cuts: kill -9 leaves the system's memory of the files, a power cut
 * does not. The shim records what was written and what was synced; from the record the disk is made
 * as it may be after the cut: of what was not synced any part is missing, the last of it torn. What
 * was acknowledged must be there all the same, and the server goes on from that disk. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/file.h"
#include "fault.h"
#include "parts.h"

enum {
    PLAYERS = 8,
    CUTS_SHORT = 10,
    CUTS_ALL = 200,
    ALIVE_MS = 150,
    SECTOR = 512,
    WAIT_MS = 400
};

struct written {
    const struct shim_record *r;
    const char *path;
    const unsigned char *old, *fresh;
    enum fate_of_write { OPEN, SAFE, DOOMED } fate;
};

/* --- the record --------------------------------------------------------------------------------------- */
static size_t read_record(struct arena *a, struct bytes all, struct written **out)
{
    size_t n = 0, room = 0, at = 0;
    struct written *list = NULL;
    while (at + sizeof(struct shim_record) <= all.len) {
        struct shim_record *r = arena_copy(a, all.at + at, sizeof *r);
        const unsigned char *path = all.at + at + sizeof *r;
        size_t len = sizeof *r + r->path_len + (size_t)r->old_len + r->new_len;
        if (at + len > all.len)
            break; /* the kill fell into this one: it was not written either */
        if (n == room) {
            room = room ? room * 2 : 1024;
            list = arena_grow(a, list, n, room, sizeof *list);
        }
        list[n++] = (struct written){.r = r,
                                     .path = arena_copy(a, path, r->path_len),
                                     .old = path + r->path_len,
                                     .fresh = path + r->path_len + r->old_len};
        at += len;
    }
    *out = list;
    return n;
}

/* A sync makes safe what was written to the file before it. One that failed dooms it: the system
 * drops those pages as if they were written, and no later sync brings them to the disk. */
static void judge_writes(struct written *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (list[i].r->kind != RECORD_SYNC && list[i].r->kind != RECORD_SYNC_FAILED)
            continue;
        enum fate_of_write f = list[i].r->kind == RECORD_SYNC ? SAFE : DOOMED;
        for (size_t k = 0; k < i; k++)
            if (list[k].fate == OPEN && list[k].r->kind == RECORD_WRITE &&
                strcmp(list[k].path, list[i].path) == 0)
                list[k].fate = f;
    }
}

/* --- the disk afterwards -------------------------------------------------------------------------------- */
static void put(int fd, const void *bytes, size_t len, int64_t at)
{
    NEED(pwrite(fd, bytes, len, at) == (ssize_t)len, "the disk", NULL);
}

/* As it was before the first of the recorded writes. */
static void undo(int fd, const struct written *w)
{
    static const unsigned char zeros[1 << 16];
    if (w->r->kind != RECORD_WRITE)
        return;
    put(fd, w->old, w->r->old_len, w->r->offset);
    NEED(w->r->new_len <= sizeof zeros, "a write of 64 KiB at most", NULL);
    if (w->r->old_len < w->r->new_len)
        put(fd, zeros, w->r->new_len - w->r->old_len, w->r->offset + w->r->old_len);
}

static void redo(struct part *p, int fd, const struct written *w)
{
    size_t len = w->r->new_len;
    if (w->r->kind == RECORD_TRUNCATE)
        NEED(ftruncate(fd, w->r->offset) == 0, "the disk", NULL);
    if (w->r->kind != RECORD_WRITE)
        return;
    if (w->fate != SAFE) {
        int64_t luck = w->fate == DOOMED ? 1 : draw_below(&p->seed, 4);
        if (luck == 1 || luck == 2) {
            figure_add(p, "writes_undone", 1);
            return;
        }
        if (luck == 3 && len > SECTOR) {
            len = (size_t)draw_below(&p->seed, (int64_t)(len / SECTOR)) * SECTOR;
            figure_add(p, "writes_torn", 1);
        }
    }
    put(fd, w->fresh, len, w->r->offset);
}

/* Everything back, then forward again without what the cut took. */
static void rewrite_disk(struct part *p, struct written *list, size_t count)
{
    for (int forward = 0; forward < 2; forward++)
        for (size_t i = 0; i < count; i++) {
            const struct written *w = &list[forward ? i : count - 1 - i];
            int fd = open(w->path, O_WRONLY | O_CLOEXEC);
            if (fd < 0)
                continue; /* removed since */
            if (forward)
                redo(p, fd, w);
            else
                undo(fd, w);
            close(fd);
        }
}

static void cut(struct world *w)
{
    struct arena *a = arena_create((size_t)4 << 30);
    struct err e = {0};
    struct bytes all;
    struct written *list;
    NEED(file_read(a, w->record, (size_t)1 << 30, &all, &e), "the record", &e);
    size_t count = read_record(a, all, &list);
    judge_writes(list, count);
    rewrite_disk(w->part, list, count);
    figure_add(w->part, "writes", (int64_t)count);
    unlink(arena_printf(a, "%s/heng.db-shm", w->stage.order.data));
    NEED(truncate(w->record, 0) == 0, "the record", NULL);
    arena_destroy(a);
}

/* A sync fails: the server stops, and is started again on a disk that has forgotten what it seemed
 * to hold. */
static void fail_a_sync(struct world *w)
{
    int status = 0;
    int64_t end = clock_boot_ms() + WAIT_MS;
    shim_arm(w->shim, SHIM_SYNC, 1 + draw_below(&w->part->seed, 3), false);
    while (world_alive(w, &status) && clock_boot_ms() < end)
        sleep_ms(2);
    shim_calm(w->shim);
    if (w->stage.server.pid > 0)
        return; /* it was the checkpoint's: nobody waited for that one */
    figure_add(w->part, "syncs_failed", 1);
    world_serve_again(w);
    sleep_ms(draw_below(&w->part->seed, ALIVE_MS));
}

static void cut_once(struct world *w)
{
    struct arena *a = arena_create((size_t)1 << 30);
    struct snapshot s;
    sleep_ms(20 + draw_below(&w->part->seed, ALIVE_MS));
    if (draw_below(&w->part->seed, 2) == 0)
        fail_a_sync(w);
    world_kill(w);
    figure_add(w->part, "cuts", 1);
    snapshot_take(w, a, &s);
    cut(w);
    judge(w, store_copy(w), &s, false);
    world_serve_again(w);
    arena_destroy(a);
}

void part_power(struct part *p)
{
    struct world w;
    world_begin(&w, p, PLAYERS, true);
    int64_t end = p->limit_ms ? clock_boot_ms() + p->limit_ms : INT64_MAX;
    world_kill(&w);
    atomic_store(&w.shim->record, 1);
    atomic_store(&w.shim->lie, p->plant && strcmp(p->plant, "sync") == 0);
    NEED(world_serve(&w), "the server", NULL);
    players_start(&w);
    for (int i = 0; i < (p->all ? CUTS_ALL : CUTS_SHORT) && clock_boot_ms() < end; i++)
        cut_once(&w);
    judge_end(&w);
    world_end(&w);
}
