/* app/anchoring.c - the thread that makes anchors, and the file they go to. */
#include "app/anchoring.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/anchor_copy.h"
#include "app/instance.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "store/anchor.h"
#include "store/db.h"
#include "web/rounds.h"

enum { LINES_AT_ONCE = 100, WORK_BYTES = 64 << 20 };

struct anchoring {
    const struct instance *instance;
    struct id run;
    int64_t period_ms;
    int64_t written; /* number of the newest anchor in the file */
    const struct anchor_copy *copy;
    int64_t sent; /* of the newest that was taken */
    int file;
    struct db *db;
    enum anchor_moment moment; /* of the next round */
    struct rounds *rounds;
};

/* The number on the last whole line; 0 where there is none. A line that a power cut tore is ended, so that
 * the next begins on a line of its own. */
static bool last_in_file(int file, int64_t *number, struct err *e)
{
    struct arena *a = arena_create(4 * (size_t)ANCHOR_LINE_BYTES);
    off_t size = lseek(file, 0, SEEK_END);
    size_t want = size > ANCHOR_LINE_BYTES ? ANCHOR_LINE_BYTES : (size_t)(size > 0 ? size : 0);
    char *tail = arena_alloc(a, want + 1, 1);
    bool ok = size >= 0 && pread(file, tail, want, size - (off_t)want) == (ssize_t)want;
    *number = 0;
    if (ok && want > 0 && tail[want - 1] != '\n') {
        ok = write(file, "\n", 1) == 1;
        tail[want] = '\n';
    }
    for (char *line = tail; ok && line < tail + want;) {
        size_t len = strcspn(line, "\n");
        struct anchor x;
        struct err why = {0};
        struct arena *one = arena_create(WORK_BYTES);
        if (anchor_read(one, (struct bytes){(const unsigned char *)line, len}, &x, &why))
            *number = x.number;
        arena_destroy(one);
        line += len + 1;
    }
    arena_destroy(a);
    return ok || FAIL(e, STORE, "anchors", "锚点文件不能读：%s", file_why(errno));
}

/* The file is open for O_DSYNC: what is written is on the disk. */
static bool append(int file, const char *line, struct err *e)
{
    size_t len = strlen(line);
    struct arena *a = arena_create(2 * (size_t)ANCHOR_LINE_BYTES);
    char *text = arena_printf(a, "%s\n", line);
    bool ok = write(file, text, len + 1) == (ssize_t)(len + 1);
    arena_destroy(a);
    return ok || FAIL(e, STORE, "anchors", "锚点文件不能写：%s", file_why(errno));
}

/* Those of other processes of this database, too: each file is whole by itself. */
static bool copy_out(struct anchoring *x, struct err *e)
{
    size_t n;
    do {
        struct arena *a = arena_create(WORK_BYTES);
        struct anchor_text *lines;
        bool ok = anchor_list(x->db, a, x->written, LINES_AT_ONCE, &lines, &n, e);
        for (size_t i = 0; ok && i < n; i++) {
            ok = append(x->file, lines[i].line, e);
            if (ok)
                x->written = lines[i].number;
        }
        arena_destroy(a);
        if (!ok)
            return false;
    } while (n == LINES_AT_ONCE);
    return true;
}

static bool send_out(struct anchoring *x, struct err *e)
{
    struct arena *a = arena_create(WORK_BYTES);
    struct anchor_text *lines;
    size_t n;
    bool ok = anchor_list(x->db, a, x->sent, LINES_AT_ONCE, &lines, &n, e);
    for (size_t i = 0; ok && i < n; i++) {
        ok = anchor_copy_send(x->copy, lines[i].line, e);
        if (ok)
            x->sent = lines[i].number;
    }
    arena_destroy(a);
    return ok;
}

/* A file that knows more than the database: the database was set back, or somebody cut it. */
static bool compare(struct anchoring *x, struct err *e)
{
    int64_t number, at_ms;
    if (!anchor_last(x->db, &number, &at_ms, e))
        return false;
    x->sent = number;
    if (x->written > number) {
        LOG_LINE(LOG_SECURITY, "anchors_ahead", LOG_ITEM_INT(count, x->written - number));
        x->written = number;
    }
    return true;
}

/* One that fails is an alarm, not a reason to stop the exam: the next goes over the same rows. */
static int64_t round_of(struct rounds *rounds, void *ctx)
{
    struct anchoring *x = ctx;
    struct err e = {0};
    bool made;
    const struct anchor_order o = {clock_now_ms(), x->moment, x->run, x->period_ms};
    (void)rounds;
    if (!anchor_make(x->instance->app.signer, x->db, &o, &made, &e) || !copy_out(x, &e))
        LOG_LINE(LOG_US, "anchor_failed", LOG_ITEM_WORD(error, err_name(e.code)));
    else if (x->copy && !send_out(x, &e))
        LOG_LINE(LOG_US, "anchor_copy_failed", LOG_ITEM_WORD(error, err_name(e.code)));
    x->moment = ANCHOR_RUNNING;
    return x->period_ms;
}

static bool open_file(struct anchoring *x, const char *file, struct err *e)
{
    struct arena *a = arena_create(1 << 16);
    const char *path = file ? file
                            : arena_printf(a, "%s.anchors", x->instance->app.data_folder);
    x->file = open(path, O_RDWR | O_CREAT | O_APPEND | O_DSYNC | O_CLOEXEC, 0644);
    bool ok = x->file >= 0 ||
              FAIL(e, STORE, "--anchors", "锚点文件 %s 不能打开：%s", path, file_why(errno));
    arena_destroy(a);
    return ok && last_in_file(x->file, &x->written, e);
}

struct anchoring *anchoring_start(const struct instance *i, const struct anchoring_options *o,
                                  struct err *e)
{
    struct anchoring *x = calloc(1, sizeof *x);
    if (!x)
        abort();
    *x = (struct anchoring){.instance = i,
                            .run = id_random(),
                            .file = -1,
                            .copy = o->copy,
                            .period_ms = o->period_ms > 0 ? o->period_ms : ANCHOR_EVERY_MS};
    x->db = db_open(i->store, e);
    if (!x->db || !open_file(x, o->file, e) || !compare(x, e)) {
        if (x->file >= 0)
            close(x->file);
        db_close(x->db);
        free(x);
        return NULL;
    }
    x->moment = ANCHOR_START;
    x->rounds = rounds_start(0, round_of, x);
    return x;
}

void anchoring_stop(struct anchoring *x)
{
    if (!x)
        return;
    rounds_stop(x->rounds);
    x->moment = ANCHOR_STOP;
    (void)round_of(NULL, x);
    close(x->file);
    db_close(x->db);
    free(x);
}
