/* marking/scan_withdraw.c - a page that counted is withdrawn by two people; one that does not count is set
 * aside. */
#include "base/arena.h"
#include "base/json.h"
#include "marking/scan_seen.h"
#include "store/db.h"

static bool no_such_page(struct err *e)
{
    return FAIL(e, CONFLICT, "/state", "没有这一页，或者它已经撤回、搁置。");
}

/* --- what counts or counted ---------------------------------------------------------------------- */
bool scan_pages(const struct marking *m, struct id session, struct id attempt,
                struct scan_kept_page **out, size_t *count, struct err *e)
{
    size_t room = 16;
    *out = arena_array(m->arena, struct scan_kept_page, room);
    *count = 0;
    struct query *q = db_query(m->db, SQL_scan_attempt_pages);
    query_id(q, attempt);
    query_id(q, session);
    query_id(q, m->actor->body);
    while (query_next(q, e)) {
        if (*count == room) {
            *out = arena_grow(m->arena, *out, room, room * 2, sizeof **out);
            room *= 2;
        }
        struct scan_kept_page *p = &(*out)[(*count)++];
        *p = (struct scan_kept_page){.page = query_get_id(q, 0),
                                     .sheet_page = query_get_int(q, 1),
                                     .at_ms = query_get_int(q, 2)};
        if (!query_is_null(q, 3)) {
            p->withdrawn = query_get_text(q, 3, m->arena);
            p->withdrawn_ms = query_get_int(q, 4);
        }
    }
    return e->code == ERR_NONE;
}

/* --- withdrawn ----------------------------------------------------------------------------------- */
static bool owner_of(const struct marking *m, struct id session, struct id page,
                     struct scan_page_owner *out, struct err *e)
{
    bool found;
    struct query *q = db_query(m->db, SQL_scan_page_whose);
    query_id(q, page);
    query_id(q, session);
    query_id(q, m->actor->body);
    if (!query_maybe(q, &found, e))
        return false;
    if (!found)
        return no_such_page(e);
    *out = (struct scan_page_owner){.attempt = query_get_id(q, 0),
                                    .sheet_page = query_get_int(q, 1),
                                    .entry = query_get_id(q, 2),
                                    .seat_no = query_get_int(q, 3),
                                    .room = query_get_text(q, 4, m->arena)};
    query_done(q);
    return true;
}

static bool is_not_final(const struct marking *m, struct id session,
                         const struct scan_page_owner *p, struct err *e)
{
    struct query *q = db_query(m->db, SQL_scan_is_final);
    query_id(q, p->entry);
    query_id(q, session);
    query_id(q, p->attempt);
    if (!query_one(q, "attempt", e))
        return false;
    bool published = query_get_int(q, 0) > 0, marked = query_get_int(q, 1) > 0;
    query_done(q);
    if (published)
        return FAIL(e, CONFLICT, "/state", "成绩已经公布，不能再撤回；请按成绩复核办理。");
    return !marked ||
           FAIL(e, CONFLICT, "/state", "这份答卷的主观题已交阅卷员评阅，不能再撤回答题卡。");
}

bool scan_may_withdraw(const struct marking *m, struct id session, struct id page,
                       struct scan_page_owner *out, struct err *e)
{
    return owner_of(m, session, page, out, e) && is_not_final(m, session, out, e);
}

static bool put_aside(const struct marking *m, struct id session, struct id page,
                      struct id attempt, const char *reason, struct err *e)
{
    const struct actor *who = m->actor;
    struct query *q = db_query(m->db, SQL_scan_aside_put);
    query_id(q, page);
    query_id(q, who->body);
    query_id(q, session);
    id_is_zero(attempt) ? query_null(q) : query_id(q, attempt);
    query_text(q, reason);
    query_id(q, who->account);
    id_is_zero(who->second) ? query_null(q) : query_id(q, who->second);
    query_int(q, who->now_ms);
    return query_change_one(q, "/state", "没有这一页，或者它已经撤回、搁置。", e);
}

/* What people and machines said of the attempt so far is over. */
static bool next_round(const struct marking *m, const struct scan_page_owner *p, struct err *e)
{
    struct query *q = db_query(m->db, SQL_scan_round_next);
    query_id(q, p->attempt);
    query_id(q, m->actor->body);
    return query_change_one(q, "attempt", "这个场次没有这份答卷。", e);
}

/* They follow from marks that are none any more. */
static bool drop_results(const struct marking *m, struct id session, struct err *e)
{
    struct marking_session s;
    int64_t dropped;
    if (!marking_session(m, session, &s, e))
        return false;
    struct query *q = db_query(m->db, SQL_result_drop_unpublished);
    query_id(q, s.batch);
    query_id(q, m->actor->body);
    return query_change(q, &dropped, e);
}

static bool is_scored(const struct marking *m, struct id attempt, bool *out, struct err *e)
{
    struct query *q = db_query(m->db, SQL_typed_is_scored);
    query_id(q, attempt);
    if (!query_one(q, "attempt", e))
        return false;
    *out = query_get_int(q, 0) > 0;
    query_done(q);
    return true;
}

static bool hold(const struct marking *m, struct id attempt, struct err *e)
{
    struct query *q = db_query(m->db, SQL_scan_attempt_hold);
    query_id(q, attempt);
    query_id(q, m->actor->body);
    return query_change_one(q, "attempt", "这个场次没有这份答卷。", e);
}

bool scan_withdraw(const struct marking *m, struct id session, struct id page,
                   const char *reason, struct err *e)
{
    struct scan_page_owner p;
    bool scored;
    if (id_is_zero(m->actor->second))
        return FAIL(e, FORBIDDEN, "/second", "撤回已计入的页须由两人办理。");
    if (!owner_of(m, session, page, &p, e) || !hold(m, p.attempt, e) ||
        !is_not_final(m, session, &p, e) || !is_scored(m, p.attempt, &scored, e) ||
        !put_aside(m, session, page, p.attempt, reason, e) || !next_round(m, &p, e) ||
        (scored && !drop_results(m, session, e)))
        return false;
    struct audit_row row = {.act = ACT_scan_withdraw, .object_type = "at", .object = p.attempt};
    row.change = json_keep(m->arena,
                           json_pack("{s:I, s:b, s:s}", "page", (json_int_t)p.sheet_page,
                                     "scored", scored, "reason", reason));
    return audit_write(m->db, m->actor, &row, e);
}

/* --- set aside ----------------------------------------------------------------------------------- */
struct setting_aside {
    const struct marking *m;
    struct id session, page;
    const char *reason;
};

static bool set_aside(struct db *db, void *ctx, struct err *e)
{
    const struct setting_aside *s = ctx;
    struct marking m = *s->m;
    struct id attempt = {{0}};
    bool found;
    m.db = db;
    struct query *q = db_query(db, SQL_scan_page_refused);
    query_id(q, s->page);
    query_id(q, s->session);
    query_id(q, m.actor->body);
    if (!query_maybe(q, &found, e))
        return false;
    if (!found)
        return no_such_page(e);
    if (!query_is_null(q, 0))
        attempt = query_get_id(q, 0);
    query_done(q);
    struct audit_row row = {.act = ACT_scan_aside, .object_type = "se", .object = s->session};
    row.change = json_keep(m.arena, json_pack("{s:s}", "reason", s->reason));
    return put_aside(&m, s->session, s->page, attempt, s->reason, e) &&
           audit_write(db, m.actor, &row, e);
}

bool scan_set_aside(const struct marking *m, struct id session, struct id page,
                    const char *reason, struct err *e)
{
    struct setting_aside s = {m, session, page, reason};
    return db_transact(m->db, set_aside, &s, e);
}
