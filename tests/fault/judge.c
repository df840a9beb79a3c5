/* fault/judge.c - what is on the disk against what was acknowledged and what candidates see. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/json_out.h"
#include "fault.h"
#include "serve.h"
#include "sitting/fold.h"
#include "sitting/live.h"
#include "sitting/verify.h"
#include "sitting/writer.h"
#include "store/audit.h"
#include "store/db.h"

enum { JUDGE_ARENA_BYTES = 2000 << 20, DRAIN_MS = 60000 };

void snapshot_take(struct world *w, struct arena *a, struct snapshot *out)
{
    out->acks = arena_array(a, struct acknowledged *, w->player_count);
    out->counts = arena_array(a, size_t, w->player_count);
    for (size_t i = 0; i < w->player_count; i++) {
        struct player *p = &w->players[i];
        pthread_mutex_lock(&p->lock);
        out->counts[i] = p->ack_count;
        if (p->ack_count)
            out->acks[i] = arena_copy(a, p->acks, p->ack_count * sizeof *p->acks);
        pthread_mutex_unlock(&p->lock);
    }
}

/* What a true proof must find: something acknowledged that nobody stored; a screen that differs. */
static void plant(struct world *w)
{
    const char *what = w->part->plant;
    struct player *p = &w->players[0];
    if (what && strcmp(what, "lost") == 0)
        p->acks[p->ack_count - 1].seq += 1000000;
    if (what && strcmp(what, "hash") == 0)
        p->acks[0].hash[7] ^= 1;
    if (what && strcmp(what, "screen") == 0)
        p->flagged[ITEMS] = !p->flagged[ITEMS];
}

/* --- a copy ----------------------------------------------------------------------------------------- */
static void copy_file(const char *from, const char *to)
{
    struct stat st;
    int in = open(from, O_RDONLY | O_CLOEXEC);
    if (in < 0 && errno == ENOENT) {
        unlink(to);
        return;
    }
    int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    NEED(in >= 0 && out >= 0 && fstat(in, &st) == 0, from, NULL);
    for (off_t left = st.st_size; left > 0;) {
        ssize_t n = sendfile(out, in, NULL, (size_t)left);
        NEED(n > 0, to, NULL);
        left -= n;
    }
    close(in);
    close(out);
}

const char *store_copy(struct world *w)
{
    static const char *const files[] = {"heng.db", "heng.db-wal"};
    const char *folder = arena_printf(w->arena, "%s/copy", w->stage.folder);
    struct err e = {0};
    NEED(folder_make(folder, 0700, &e), "a folder", &e);
    unlink(arena_printf(w->arena, "%s/heng.db-shm", folder));
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        copy_file(arena_printf(w->arena, "%s/%s", w->stage.order.data, files[i]),
                  arena_printf(w->arena, "%s/%s", folder, files[i]));
    return folder;
}

/* --- one attempt ------------------------------------------------------------------------------------- */
static int by_place(const void *x, const void *y)
{
    const struct journal_row *a = x, *b = y;
    if (a->entry.epoch != b->entry.epoch)
        return a->entry.epoch < b->entry.epoch ? -1 : 1;
    return a->entry.seq < b->entry.seq ? -1 : a->entry.seq > b->entry.seq;
}

static const struct journal_row *row_of(const struct attempt_record *r,
                                        const struct acknowledged *one)
{
    struct journal_row key = {.entry = {.epoch = one->epoch, .seq = one->seq}};
    return r->row_count ? bsearch(&key, r->rows, r->row_count, sizeof *r->rows, by_place)
                        : NULL;
}

static void judge_acknowledged(struct part *p, const struct attempt_record *r,
                               const struct acknowledged *acks, size_t count)
{
    int64_t lost = 0, wrong = 0, twice = 0;
    for (size_t i = 0; i < count; i++) {
        const struct journal_row *row = row_of(r, &acks[i]);
        lost += row == NULL;
        wrong += row && memcmp(row->entry.hash, acks[i].hash, HASH_BYTES) != 0;
    }
    for (size_t i = 1; i < r->row_count; i++)
        twice += by_place(&r->rows[i - 1], &r->rows[i]) == 0;
    figure_fault(p, "lost", lost);
    figure_fault(p, "wrong_hash", wrong);
    figure_fault(p, "stored_twice", twice);
}

static int64_t differing(const struct player *pl, const struct attempt_answers *got)
{
    int64_t n = 0;
    for (uint16_t item = 1; item <= ITEMS; item++) {
        struct bytes is = {(const unsigned char *)"", 0};
        bool flagged = false;
        for (size_t i = 0; i < got->count; i++)
            if (got->items[i].item == item) {
                is = got->items[i].response;
                flagged = got->items[i].flagged;
            }
        const char *seen = pl->screen[item];
        n += is.len != strlen(seen) || (is.len && memcmp(is.at, seen, is.len) != 0) ||
             flagged != pl->flagged[item];
    }
    return n;
}

static void judge_attempt(struct world *w, struct db *db, struct live *live, size_t i,
                          const struct snapshot *s, bool screens)
{
    struct arena *a = arena_create(JUDGE_ARENA_BYTES);
    struct player *pl = &w->players[i];
    struct live_attempt *at = live_find(live, pl->seat->attempt);
    struct attempt_record r;
    struct attempt_answers got;
    struct err e = {0};
    if (!at || !attempt_record_load(db, a, at->id, at->committed_row, &r, &e)) {
        figure_fault(w->part, "unreadable_attempts", 1);
        fprintf(stderr, "fault: attempt: %s %s\n", e.field, e.text);
        arena_destroy(a);
        return;
    }
    attempt_record_fold(a, &r, &got);
    if (screens) {
        figure_add(w->part, "screens", 1);
        figure_add(w->part, "stored", (int64_t)r.row_count);
        figure_add(w->part, "acknowledged", (int64_t)s->counts[i]);
        figure_fault(w->part, "screens_differ", differing(pl, &got) != 0);
        figure_fault(w->part, "called_late", (int64_t)(got.late + got.doubtful));
        figure_fault(w->part, "not_delivered", pl->written - (int64_t)r.row_count);
    }
    if (r.row_count)
        qsort(r.rows, r.row_count, sizeof *r.rows, by_place);
    judge_acknowledged(w->part, &r, s->acks[i], s->counts[i]);
    arena_destroy(a);
}

/* --- the whole store ---------------------------------------------------------------------------------- */
static void judge_chains(struct world *w, struct db *db)
{
    struct arena *a = arena_create(JUDGE_ARENA_BYTES);
    struct journal_report journal;
    struct audit_report audit;
    struct err e = {0};
    NEED(journal_verify(db, a, &journal, &e) && audit_verify(db, a, &audit, &e), "the chains",
         &e);
    figure_fault(w->part, "journal_breaks", (int64_t)journal.break_count);
    figure_fault(w->part, "audit_breaks", (int64_t)audit.break_count);
    for (size_t i = 0; i < journal.break_count && i < 5; i++)
        fprintf(stderr, "fault: batch %lld: %s\n", (long long)journal.breaks[i].batch,
                journal.breaks[i].what);
    arena_destroy(a);
}

/* A store as the server finds it at its start. */
struct opened {
    struct master *master;
    struct store *store;
    struct db *db;
    struct journal_writer *writer; /* NULL: it cannot be opened */
};

static void open_store(struct world *w, const char *folder, struct opened *o)
{
    struct err e = {0};
    o->master = master_file_read(arena_printf(w->arena, "%s.key", w->stage.order.data), &e);
    NEED(o->master, "the key", &e);
    o->store = store_open(arena_printf(w->arena, "%s/heng.db", folder), &e);
    o->db = o->store ? db_open(o->store, &e) : NULL;
    struct journal_config c = {.store = o->store,
                               .master = o->master,
                               .now_ms = clock_now_ms,
                               .boot_ms = clock_boot_ms};
    o->writer = o->db ? journal_start(&c, &e) : NULL;
    if (!o->writer)
        fprintf(stderr, "fault: store: %s %s\n", e.field, e.text);
}

static void close_store(struct opened *o)
{
    journal_stop(o->writer);
    db_close(o->db);
    store_close(o->store);
    master_destroy(o->master);
}

void judge(struct world *w, const char *folder, const struct snapshot *s, bool screens)
{
    struct opened o;
    open_store(w, folder, &o);
    figure_add(w->part, "judged", 1);
    figure_fault(w->part, "stores_not_opened", !o.writer);
    for (size_t i = 0; i < w->player_count && o.writer; i++)
        judge_attempt(w, o.db, journal_live(o.writer), i, s, screens);
    if (o.writer)
        judge_chains(w, o.db);
    close_store(&o);
}

/* Beside the running server: reading needs nobody's leave. What has the journal holds a lock file; the
 * judge writes nothing and takes a file of its own in its place. */
void say_answers(struct world *w, size_t seat)
{
    struct arena *a = arena_create(JUDGE_ARENA_BYTES);
    unlink(arena_printf(a, "%s/heng.db.journal.lock", w->stage.order.data));
    struct opened o;
    struct err e = {0};
    struct attempt_record r;
    struct attempt_answers got;
    open_store(w, w->stage.order.data, &o);
    NEED(o.writer, "the store", NULL);
    struct live_attempt *at = live_find(journal_live(o.writer), w->stage.seats[seat].attempt);
    NEED(at && attempt_record_load(o.db, a, at->id, at->committed_row, &r, &e), "the journal",
         &e);
    attempt_record_fold(a, &r, &got);
    struct json_out *out = json_out_create(a);
    out_object(out);
    put_text(out, "state", attempt_state_name(at->state));
    put_text(out, "reason", at->end_reason);
    put_int(out, "entries", (int64_t)got.entries);
    put_int(out, "aside", (int64_t)got.aside);
    put_int(out, "late", (int64_t)got.late);
    put_int(out, "answered", (int64_t)got.answered);
    put_object(out, "items");
    for (size_t i = 0; i < got.count; i++)
        if (got.items[i].response.at)
            put_text(out, arena_printf(a, "%u", got.items[i].item),
                     arena_copy(a, got.items[i].response.at, got.items[i].response.len));
    out_object_end(out);
    out_object_end(out);
    puts(json_out_text(out));
    fflush(stdout);
    close_store(&o);
    arena_destroy(a);
}

void judge_end(struct world *w)
{
    struct snapshot s;
    bool drained = players_drain(w, DRAIN_MS);
    figure_fault(w->part, "clients_stuck", !drained);
    players_stop(w);
    int status = server_child_stop(&w->stage.server, SIGTERM);
    figure_fault(w->part, "bad_ends", !WIFEXITED(status) || WEXITSTATUS(status) != 0);
    plant(w);
    snapshot_take(w, w->arena, &s);
    judge(w, w->stage.order.data, &s, true);
    for (size_t i = 0; i < w->player_count; i++) {
        figure_add(w->part, "resent", w->players[i].resent);
        figure_fault(w->part, "wrong_answers", w->players[i].wrong);
        if (w->players[i].wrong)
            fprintf(stderr, "fault: player %zu: %s\n", i, w->players[i].why);
    }
}
