/* sitting/supervise_end.c - the end by other hands: two people close an attempt, or its grace is over. */
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "people/approval.h"
#include "sitting/live.h"
#include "sitting/sit_view.h"
#include "sitting/supervise.h"
#include "sitting/writer.h"
#include "store/audit.h"
#include "store/db.h"

enum { TIME_ARENA_BYTES = 64 << 20 };

struct closing {
    struct actor who;
    struct live_attempt *attempt;
    const char *reason; /* for the ledger; NULL: none (grace) */
    const char *word;   /* end_reason */
    bool approved;      /* a row of attempt_closing is done with it */
    bool seal_again;    /* reopened and never taken up: it is sealed as before */
    struct ledger_row row;
    struct arena *arena;
};

static bool put_end(struct db *db, const struct closing *c, struct err *e)
{
    struct live_attempt *a = c->attempt;
    struct query *q;
    if (c->seal_again) {
        q = db_query(db, SQL_attempt_state_set);
        query_id(q, a->session->id);
        query_id(q, a->id);
        query_text(q, "admitted");
        query_text(q, "sealed");
    } else {
        q = db_query(db, SQL_attempt_closed);
        query_id(q, a->session->id);
        query_id(q, a->id);
        query_int(q, c->who.now_ms);
        query_text(q, c->word);
        query_int(q, a->last_row);
    }
    return query_change_one(q, "/state", "作答的状态被同时改动。", e);
}

static bool close_work(struct db *db, struct sitting_act *act, struct err *e)
{
    struct closing *c = act->ctx;
    struct live_attempt *a = c->attempt;
    if (c->approved) {
        struct query *q = db_query(db, SQL_attempt_closing_done);
        query_id(q, a->session->id);
        query_id(q, a->id);
        query_int(q, c->who.now_ms);
        if (!query_change_one(q, "/attempt", "已经收卷。", e))
            return false;
    }
    if (a->head.state == ATTEMPT_SEALED || a->head.state == ATTEMPT_CLOSED)
        return true; /* the candidate was faster */
    if (!put_end(db, c, e))
        return false;
    c->row = (struct ledger_row){.kind = LEDGER_CLOSE,
                                 .scope = SCOPE_ATTEMPT,
                                 .scope_id = a->id,
                                 .at_ms = c->who.now_ms,
                                 .reason = c->reason,
                                 .actor = c->who.account,
                                 .second = c->who.second};
    act->session = a->session->id;
    act->rows = &c->row;
    act->row_count = c->seal_again ? 0 : 1;
    json_t *change = json_keep(c->arena,
                               json_pack("{s:s,s:s*}", "end", c->word, "reason", c->reason));
    return audit_write(db, &c->who,
                       &(struct audit_row){.act = ACT_attempt_close,
                                           .object_type = "at",
                                           .object = a->id,
                                           .chain_owner = a->session->id,
                                           .change = change},
                       e);
}

static void close_done(struct sitting_act *act)
{
    struct closing *c = act->ctx;
    struct live_attempt *a = c->attempt;
    if (act->row_count == 0 && !c->seal_again)
        return;
    live_lock(a);
    if (c->seal_again)
        a->head.state = ATTEMPT_SEALED;
    else
        apply_close(&a->head);
    live_publish_head(a);
    if (!c->seal_again) {
        a->ended_ms = c->who.now_ms;
        memcpy(a->end_reason, c->word, strlen(c->word) + 1);
    }
    live_unlock(a);
    if (act->row_count)
        sit_publish_ledger(act->writer, c->arena, a, &c->row, c->who.now_ms);
    sit_publish_state(act->writer, c->arena, a, c->who.now_ms);
}

static bool close_one(struct journal_writer *w, struct closing *c, struct err *e)
{
    c->arena = arena_create(TIME_ARENA_BYTES);
    struct sitting_act act = {.work = close_work, .done = close_done, .ctx = c};
    bool ok = journal_act(w, &act, e);
    arena_destroy(c->arena);
    return ok;
}

static bool object_read(struct arena *a, struct bytes payload, json_t **out, struct err *e)
{
    *out = json_read(a, payload.at, payload.len, e);
    return *out != NULL;
}

static bool attempt_in_body(struct db *db, struct arena *a, const struct actor *who, json_t *v,
                            struct id *attempt, struct id *session, struct err *e)
{
    const char *text = json_member_text(v, "attempt");
    if (!text || !id_read(text, attempt))
        return FAIL(e, INVALID, "/attempt", "没有指明考生。");
    struct query *q = db_query(db, SQL_attempt_get);
    query_id(q, *attempt);
    if (!query_one(q, "/attempt", e))
        return false;
    *session = query_get_id(q, 0);
    bool ours = id_equal(query_get_id(q, 12), who->body);
    query_done(q);
    (void)a;
    return ours || FAIL(e, NOT_FOUND, "/attempt", "没有找到。");
}

bool attempt_close_execute(struct db *db, struct arena *a, const struct approval *p,
                           const struct actor *who, void *app, struct err *e)
{
    json_t *v;
    struct id attempt, session;
    (void)app;
    if (!object_read(a, p->payload, &v, e) ||
        !attempt_in_body(db, a, who, v, &attempt, &session, e))
        return false;
    const char *reason = json_member_text(v, "reason");
    if (!reason || !*reason)
        return FAIL(e, INVALID, "/reason", "请写明原因。");
    struct query *q = db_query(db, SQL_attempt_closing_put);
    query_id(q, session);
    query_id(q, attempt);
    query_text(q, reason);
    query_id(q, who->account);
    query_id(q, who->second);
    query_int(q, who->now_ms);
    return query_run(q, e) &&
           audit_write(db, who,
                       &(struct audit_row){
                           .act = ACT_attempt_close_approve,
                           .object_type = "at",
                           .object = attempt,
                           .chain_owner = session,
                           .change = json_keep(a, json_pack("{s:s}", "reason", reason))},
                       e);
}

bool aside_accept_execute(struct db *db, struct arena *a, const struct approval *p,
                          const struct actor *who, void *app, struct err *e)
{
    json_t *v;
    struct id attempt, session;
    (void)app;
    if (!object_read(a, p->payload, &v, e) ||
        !attempt_in_body(db, a, who, v, &attempt, &session, e))
        return false;
    int64_t epoch = json_member_int(v, "epoch", 0), seq = json_member_int(v, "seq", 0);
    const char *reason = json_member_text(v, "reason");
    if (epoch < 1 || seq < 1 || epoch > UINT32_MAX || seq > UINT32_MAX || !reason || !*reason)
        return FAIL(e, INVALID, "/seq", "请指明采纳到哪一条，并写明原因。");
    struct query *q = db_query(db, SQL_aside_decision_put);
    query_id(q, session);
    query_id(q, attempt);
    query_int(q, epoch);
    query_int(q, seq);
    query_text(q, reason);
    query_id(q, who->account);
    query_id(q, who->second);
    query_int(q, who->now_ms);
    json_t *change = json_keep(a, json_pack("{s:I,s:I,s:s}", "epoch", (json_int_t)epoch, "seq",
                                            (json_int_t)seq, "reason", reason));
    return query_run(q, e) && audit_write(db, who,
                                          &(struct audit_row){.act = ACT_aside_accept,
                                                              .object_type = "at",
                                                              .object = attempt,
                                                              .chain_owner = session,
                                                              .change = change},
                                          e);
}

bool closings_carry_out(struct journal_writer *w, struct db *db, int64_t now_ms, struct err *e)
{
    struct arena *a = arena_create(TIME_ARENA_BYTES);
    struct closing *all = NULL;
    size_t count = 0;
    struct query *q = db_query(db, SQL_attempt_closing_open);
    while (query_next(q, e)) {
        struct live_attempt *at = live_find(journal_live(w), query_get_id(q, 0));
        if (!at)
            continue;
        all = arena_grow(a, all, count, count + 1, sizeof *all);
        all[count++] = (struct closing){.attempt = at,
                                        .reason = query_get_text(q, 1, a),
                                        .word = "forced",
                                        .approved = true,
                                        .who = {.account = query_get_id(q, 2),
                                                .second = query_get_id(q, 3),
                                                .body = at->session->body,
                                                .now_ms = now_ms}};
    }
    bool ok = e->code == ERR_NONE;
    for (size_t i = 0; ok && i < count; i++)
        ok = close_one(w, &all[i], e);
    arena_destroy(a);
    return ok;
}

/* What the clerk must end, one attempt at a time. */
static bool is_over(struct live *l, struct live_attempt *a, int64_t now_ms, bool *seal_again)
{
    live_hold(l);
    struct exam_clock c = live_clock(a, now_ms);
    live_release(l);
    live_lock(a);
    enum attempt_state state = a->state;
    bool reopened = state == ATTEMPT_ADMITTED && a->epoch > 0;
    live_unlock(a);
    *seal_again = reopened && c.started && c.remaining_ms == 0;
    return *seal_again || (state == ATTEMPT_OPEN && c.deadline_ms > 0 &&
                           now_ms > c.deadline_ms + a->session->grace_ms);
}

bool grace_carry_out(struct journal_writer *w, int64_t now_ms, struct err *e)
{
    struct live *l = journal_live(w);
    bool seal_again;
    for (struct live_session *s = live_first_session(l); s; s = s->next)
        for (struct live_room *r = s->rooms; r; r = r->next)
            for (size_t i = 0; i < r->count; i++) {
                struct live_attempt *a = r->attempts[i];
                if (!is_over(l, a, now_ms, &seal_again))
                    continue;
                struct closing c = {.attempt = a,
                                    .word = "grace",
                                    .seal_again = seal_again,
                                    .who = {.body = s->body, .now_ms = now_ms}};
                if (!close_one(w, &c, e))
                    return false;
            }
    return true;
}
