/* marking/scan_look.c - the doubtful places of an attempt, and what a person says of them. */
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/json_out.h"
#include "marking/scan_seen.h"
#include "marking/typed.h"
#include "store/db.h"

static bool is_doubtful(const struct scan_seen *seen, size_t i)
{
    return seen->places[i].read && seen->places[i].reading.doubt != SCAN_CLEAR;
}

bool scan_doubts(const struct marking *m, const struct scan_subject_row *s,
                 struct scan_looks *out, struct err *e)
{
    struct scan_seen seen;
    *out = (struct scan_looks){arena_array(m->arena, struct scan_look, s->layout.count + 1), 0};
    if (!scan_seen_load(m, m->db, s, &seen, e))
        return false;
    for (size_t i = 0; i < s->layout.count; i++)
        if (is_doubtful(&seen, i) && !scan_is_decided(m, &seen, i))
            out->at[out->count++] = (struct scan_look){.n = (int64_t)i + 1,
                                                       .place = json_array_get(s->places, i),
                                                       .page = seen.places[i].page,
                                                       .box = s->layout.boxes[i],
                                                       .px = seen.places[i].px,
                                                       .doubt = seen.places[i].reading.doubt};
    return true;
}

struct deciding {
    const struct marking *m;
    const struct scan_subject_row *s;
    const struct scan_verdict *v;
    const char *response;
    bool *entered;
};

static bool put_mark(struct db *db, void *ctx, struct err *e)
{
    struct deciding *d = ctx;
    const struct actor *who = d->m->actor;
    struct scan_seen seen;
    size_t place = (size_t)d->v->n - 1;
    if (!scan_hold(d->m, db, d->s, e) || !typed_not_scored(db, d->s->attempt, e) ||
        !scan_seen_load(d->m, db, d->s, &seen, e))
        return false;
    if (!is_doubtful(&seen, place) || scan_is_decided(d->m, &seen, place))
        return FAIL(e, CONFLICT, "/n", "这一题没有待认定的涂写，可能别人刚刚认定过。");
    struct query *q = db_query(db, SQL_scan_mark_put);
    query_id(q, d->s->attempt);
    query_int(q, d->v->n);
    query_id(q, who->body);
    query_text(q, d->response);
    query_id(q, who->account);
    query_int(q, who->now_ms);
    if (!query_change_one(q, "/n", "这一题没有待认定的涂写，可能别人刚刚认定过。", e))
        return false;
    struct audit_row row = {
        .act = ACT_scan_decide, .object_type = "at", .object = d->s->attempt};
    row.change = json_keep(d->m->arena,
                           json_pack("{s:I, s:s}", "n", (json_int_t)d->v->n, "doubt",
                                     scan_doubt_name(seen.places[place].reading.doubt)));
    return audit_write(db, who, &row, e) && scan_enter(d->m, db, d->s, d->entered, e);
}

/* Who typed a sheet of this paper, or is to check it, says nothing of its marks. */
static bool is_apart(const struct marking *m, const struct scan_subject_row *s, struct err *e)
{
    struct query *q = db_query(m->db, SQL_typed_sheets);
    bool typed = false;
    query_id(q, s->attempt);
    query_id(q, m->actor->body);
    while (query_next(q, e))
        typed |= id_equal(query_get_id(q, 0), m->actor->account);
    if (e->code != ERR_NONE)
        return false;
    return !typed || FAIL(e, FORBIDDEN, "", "您录入过这份答卷，存疑涂写须由另一人认定。");
}

bool scan_decide(const struct marking *m, const struct scan_subject_row *s,
                 const struct scan_verdict *v, bool *entered, struct err *e)
{
    json_t *own;
    *entered = false;
    if (v->n < 1 || (size_t)v->n > s->layout.count)
        return FAIL(e, INVALID, "/n", "试卷上没有这一题。");
    if (!is_apart(m, s, e))
        return false;
    if (!typed_response(m, s->places, v->n, v->response, &own, e)) {
        err_under(e, "/response");
        return false;
    }
    struct json_out *o = json_out_create(m->arena);
    out_json(o, own);
    struct deciding d = {m, s, v, json_out_text(o), entered};
    return db_transact(m->db, put_mark, &d, e);
}
