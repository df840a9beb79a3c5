/* sitting/supervise_time.c - rows of the time ledger by people: start, pause, extra time, close. */
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
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
    bool taken_before; /* the centre's row is in the ledger already */
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
    query_id(q, a->session->id);
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
    case LEDGER_PUT_OFF:
        return ACT_time_put_off;
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
    if (t->row.from_no)
        json_object_set_new(change, "from_no", json_integer(t->row.from_no));
    return audit_write(db, t->who,
                       &(struct audit_row){.act = act_of(t->row.kind),
                                           .object_type = type,
                                           .object = t->row.scope_id,
                                           .chain_owner = t->session->id,
                                           .change = change},
                       e);
}

/* Once the papers are open somewhere, a later start would leave them lying open: extra time is the
 * way then. */
static bool may_put_off(struct db *db, const struct timing *t, struct err *e)
{
    bool found;
    struct query *q = db_query(db, SQL_session_paper_released);
    query_id(q, t->session->id);
    if (!query_maybe(q, &found, e))
        return false;
    bool open = found && !query_is_null(q, 0);
    if (found)
        query_done(q);
    if (open)
        return FAIL(e, CONFLICT, "/at_ms",
                    "试卷密钥已经启封，开考时间不能再改；延误的时间请用补时补上。");
    return t->row.at_ms >= t->session->starts_ms ||
           FAIL(e, INVALID, "/at_ms", "开考时间不能早于准考证上的时间。");
}

static bool is_taken(struct timing *t)
{
    for (size_t i = 0; t->row.from_no && i < t->session->ledger_count; i++)
        t->taken_before |= t->session->ledger[i].from_no == t->row.from_no;
    return t->taken_before;
}

static bool time_work(struct db *db, struct sitting_act *act, struct err *e)
{
    struct timing *t = act->ctx;
    if (is_taken(t))
        return true;
    if (t->row.kind == LEDGER_PUT_OFF && !may_put_off(db, t, e))
        return false;
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
    if (t->taken_before)
        return;
    for (size_t i = 0; i < t->reopened_count; i++) {
        struct live_attempt *a = t->reopened[i];
        live_lock(a);
        apply_reopen(&a->head);
        live_publish_head(a);
        live_unlock(a);
        sit_publish_state(act->writer, t->arena, a, t->who->now_ms);
    }
    for (struct live_room *r = t->session->rooms; r; r = r->next) {
        if (t->row.kind == LEDGER_START || t->row.kind == LEDGER_PUT_OFF)
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
                                .second = who->second,
                                .from_no = in->from_no};
    if (in->kind == LEDGER_START) {
        live_hold(journal_live(w));
        int64_t earliest = ledger_earliest(t.session->ledger, t.session->ledger_count,
                                           t.session->starts_ms);
        live_release(journal_live(w));
        if (t.row.at_ms < earliest)
            t.row.at_ms = earliest;
    }
    t.arena = arena_create(TIME_ARENA_BYTES);
    struct sitting_act act = {.work = time_work, .done = time_done, .ctx = &t};
    bool ok = journal_act(w, &act, e);
    arena_destroy(t.arena);
    return ok;
}
