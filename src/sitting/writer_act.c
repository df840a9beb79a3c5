/* sitting/writer_act.c - an act of people on the writer's thread, with its lines in the ledger. */
#include <string.h>

#include "base/arena.h"
#include "sitting/ledger.h"
#include "sitting/live.h"
#include "sitting/writer_in.h"
#include "store/db.h"

struct act_group {
    struct journal_writer *writer;
    struct sitting_act *act;
    struct arena *arena;
    struct batch_time at;
    struct batch_head next;
};

static bool put_rows(struct db *db, struct act_group *g, struct err *e)
{
    struct sitting_act *act = g->act;
    struct live_session *s = live_find_session(g->writer->live, act->session);
    struct batch_lines b;
    if (!s)
        return FAIL(e, NOT_FOUND, "session", "场次没有准备好。");
    batch_lines_begin(&b, g->arena);
    b.chain = g->writer->config.chain;
    for (size_t i = 0; i < act->row_count; i++) {
        struct ledger_row *r = &act->rows[i];
        struct batch_line line = {.subject = r->scope_id, .source = SOURCE_LEDGER};
        r->no = atomic_load(&s->ledger_top) + 1 + (int64_t)i;
        r->server_ms = g->at.utc_ms;
        if (!ledger_put(db, act->session, r, e))
            return false;
        line.seq = (uint32_t)r->no;
        ledger_row_hash(line.hash, act->session, r);
        batch_lines_add(&b, &line);
    }
    return batch_record_put(db, &b, &g->writer->head, g->at, &g->next, e);
}

static bool work(struct db *db, void *ctx, struct err *e)
{
    struct act_group *g = ctx;
    g->act->rows = NULL;
    g->act->row_count = 0;
    g->next = g->writer->head;
    return g->act->work(db, g->act, e) && (g->act->row_count == 0 || put_rows(db, g, e));
}

static void show_rows(struct act_group *g)
{
    struct live *l = g->writer->live;
    struct live_session *s = live_find_session(l, g->act->session);
    live_hold_to_change(l);
    for (size_t i = 0; i < g->act->row_count; i++)
        live_ledger_add(l, s, &g->act->rows[i]);
    live_release(l);
}

void act_commit(struct journal_writer *w, struct sitting_act *act)
{
    struct act_group g = {.writer = w, .act = act, .arena = arena_create((size_t)64 << 20)};
    g.at = (struct batch_time){writer_time(w), w->config.boot_ms()};
    act->err = (struct err){0};
    bool ok = db_transact(w->db, work, &g, &act->err);
    if (ok) {
        writer_set_head(w, &g.next);
        if (act->row_count)
            show_rows(&g);
        if (act->done)
            act->done(act);
    }
    arena_destroy(g.arena);
    pthread_mutex_lock(&w->lock);
    act->ok = ok;
    act->finished = true;
    pthread_cond_broadcast(&w->finished);
    pthread_mutex_unlock(&w->lock);
}
