/* sitting/supervise_time.c - rows of the time ledger by people: start, pause, extra time, close. */
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

struct timing {
    const struct actor *who;
    const struct time_act *in;
    struct arena *arena;
    struct live_session *session;
    struct ledger_row row;
    struct live_attempt **reopened;
    size_t reopened_count;
};

static bool concerns(const struct timing *t, const struct live_attempt *a)
{
    struct ledger_who who = {a->session->id, a->room->id, a->id};
    return ledger_concerns(&t->row, &who);
}

/* Extra time counts from the moment it is given, also for those whose time had run out. */
static bool has_time_again(const struct timing *t, const struct live_attempt *a, int64_t now_ms)
{
    struct ledger_row *rows = arena_array(t->arena, struct ledger_row,
                                          t->session->ledger_count + 1);
    struct ledger_who who = {a->session->id, a->room->id, a->id};
    if (t->session->ledger_count)
        memcpy(rows, t->session->ledger, t->session->ledger_count * sizeof *rows);
    rows[t->session->ledger_count] = t->row;
    struct exam_clock c = ledger_clock(rows, t->session->ledger_count + 1, &who,
                                       t->session->minutes, now_ms);
    return c.remaining_ms > 0;
}

static bool reopen(struct db *db, struct timing *t, struct live_attempt *a, struct err *e)
{
    struct query *q = db_query(db, SQL_attempt_state_set);
    query_id(q, a->id);
    query_text(q, "sealed");
    query_text(q, "admitted");
    t->reopened[t->reopened_count++] = a;
    return query_change_one(q, "/state", "作答的状态被同时改动。", e) &&
           audit_write(db, t->who,
                       &(struct audit_row){.act = ACT_attempt_reopen,
                                           .object_type = "at",
                                           .object = a->id,
                                           .chain_owner = a->session->id},
                       e);
}

static bool reopen_all(struct db *db, struct timing *t, struct err *e)
{
    size_t all = 0;
    for (struct live_room *r = t->session->rooms; r; r = r->next)
        all += r->count;
    t->reopened = arena_array(t->arena, struct live_attempt *, all + 1);
    t->reopened_count = 0;
    for (struct live_room *r = t->session->rooms; r; r = r->next)
        for (size_t i = 0; i < r->count; i++) {
            struct live_attempt *a = r->attempts[i];
            if (a->head.state == ATTEMPT_SEALED && strcmp(a->end_reason, "deadline") == 0 &&
                concerns(t, a) && has_time_again(t, a, t->who->now_ms) && !reopen(db, t, a, e))
                return false;
        }
    return true;
}

static enum act act_of(enum ledger_kind kind)
{
    switch (kind) {
    case LEDGER_START:
        return ACT_room_start;
    case LEDGER_PAUSE:
        return ACT_time_pause;
    case LEDGER_RESUME:
        return ACT_time_resume;
    default:
        return ACT_time_extend;
    }
}

static bool audit_row_of(struct db *db, struct timing *t, struct err *e)
{
    const char *type = t->row.scope == SCOPE_SESSION ? "se"
                       : t->row.scope == SCOPE_ROOM  ? "ro"
                                                     : "at";
    json_t *change = json_keep(
        t->arena, json_pack("{s:I,s:I,s:s*}", "at_ms", (json_int_t)t->row.at_ms, "minutes",
                            (json_int_t)t->row.minutes, "reason", t->row.reason));
    return audit_write(db, t->who,
                       &(struct audit_row){.act = act_of(t->row.kind),
                                           .object_type = type,
                                           .object = t->row.scope_id,
                                           .chain_owner = t->session->id,
                                           .change = change},
                       e);
}

static bool time_work(struct db *db, struct sitting_act *act, struct err *e)
{
    struct timing *t = act->ctx;
    if (!ledger_may_add(t->session->ledger, t->session->ledger_count, &t->row, t->who->now_ms,
                        e))
        return false;
    if (t->row.kind == LEDGER_EXTEND && !reopen_all(db, t, e))
        return false;
    act->session = t->session->id;
    act->rows = &t->row;
    act->row_count = 1;
    return audit_row_of(db, t, e);
}

static void time_done(struct sitting_act *act)
{
    struct timing *t = act->ctx;
    for (size_t i = 0; i < t->reopened_count; i++) {
        struct live_attempt *a = t->reopened[i];
        live_lock(a);
        apply_reopen(&a->head);
        live_publish_head(a);
        live_unlock(a);
        sit_publish_state(act->writer, t->arena, a, t->who->now_ms);
    }
    for (struct live_room *r = t->session->rooms; r; r = r->next) {
        if (t->row.kind == LEDGER_START)
            r->start_told = false;
        for (size_t i = 0; i < r->count; i++)
            if (concerns(t, r->attempts[i]))
                sit_publish_ledger(act->writer, t->arena, r->attempts[i], &t->row,
                                   t->who->now_ms);
    }
}

static bool scope_is_there(const struct timing *t, struct journal_writer *w, struct err *e)
{
    struct id id = t->in->scope_id;
    bool there = false;
    if (t->in->scope == SCOPE_SESSION) {
        there = id_equal(id, t->session->id);
    } else if (t->in->scope == SCOPE_ROOM) {
        struct live_room *r = live_find_room(journal_live(w), id);
        there = r && r->session == t->session;
    } else {
        struct live_attempt *a = live_find(journal_live(w), id);
        there = a && a->session == t->session;
    }
    return there || FAIL(e, NOT_FOUND, "/scope", "补时或暂停的对象不在本场次。");
}

bool time_write(struct journal_writer *w, const struct actor *who, const struct time_act *in,
                struct err *e)
{
    struct timing t = {.who = who, .in = in};
    t.session = live_find_session(journal_live(w), in->session);
    if (!t.session || !id_equal(t.session->body, who->body))
        return FAIL(e, NOT_FOUND, "session", "没有找到这个场次。");
    if (!scope_is_there(&t, w, e))
        return false;
    t.row = (struct ledger_row){.kind = in->kind,
                                .scope = in->scope,
                                .scope_id = in->scope_id,
                                .at_ms = in->at_ms ? in->at_ms : who->now_ms,
                                .minutes = in->kind == LEDGER_EXTEND ? in->minutes : 0,
                                .reason = in->reason,
                                .actor = who->account,
                                .second = who->second};
    if (in->kind == LEDGER_START && t.row.at_ms < t.session->starts_ms)
        t.row.at_ms = t.session->starts_ms; /* earlier than printed: never */
    t.arena = arena_create(TIME_ARENA_BYTES);
    struct sitting_act act = {.work = time_work, .done = time_done, .ctx = &t};
    bool ok = journal_act(w, &act, e);
    arena_destroy(t.arena);
    return ok;
}

/* --- the end by other hands ---------------------------------------------------------------------- */
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
        query_id(q, a->id);
        query_text(q, "admitted");
        query_text(q, "sealed");
    } else {
        q = db_query(db, SQL_attempt_closed);
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
