/* award/recheck.c - a candidate asks to have a result looked at again; somebody answers. */
#include <string.h>

#include "award/award.h"
#include "base/arena.h"
#include "base/workday.h"
#include "entry/batch.h"
#include "entry/entry.h"
#include "programme/programme.h"
#include "store/db.h"

enum { ANSWER_WORKING_DAYS = 10 };

/* DATE_NONE where the calendar of that year is not published yet: a due date that is not known is
 * said to be unknown, never guessed. */
static date_days working_days_after(const struct award_desk *d, int64_t from_ms, int64_t days)
{
    struct err unknown = {0};
    date_days due;
    date_days from = date_of_instant(from_ms, CHINA_OFFSET_MS);
    return workday_add(d->calendar, from, (int)days, &due, &unknown) ? due : DATE_NONE;
}

static const struct result *newest_of(const struct result_list *list, const char *component)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->at[i].component, component) == 0)
            return &list->at[i];
    return NULL;
}

static bool may_ask(const struct award_desk *d, const struct entry *n, const char *component,
                    struct err *e)
{
    struct result_list results;
    struct batch b;
    const struct marking *m = &d->marking;
    if (!result_of_entry(d, n->id, &results, e) ||
        !batch_get(m->db, m->arena, m->actor->body, n->batch, &b, e))
        return false;
    const struct result *r = newest_of(&results, component);
    if (!r)
        return FAIL(e, NOT_FOUND, "/component", "这一科目还没有公布成绩。");
    date_days last = working_days_after(d, r->published_ms, b.policy.recheck_days);
    date_days today = date_of_instant(m->actor->now_ms, CHINA_OFFSET_MS);
    if (b.policy.recheck_days > 0 && last != DATE_NONE && today > last)
        return FAIL(e, RULE, "/component", "复核须在成绩公布后 %lld 个工作日内申请，期限已过。",
                    (long long)b.policy.recheck_days);
    return true;
}

struct asking {
    const struct award_desk *d;
    struct id entry;
    const char *component, *text;
    struct id recheck;
};

static bool put_recheck(struct db *db, void *ctx, struct err *e)
{
    struct asking *k = ctx;
    const struct actor *who = k->d->marking.actor;
    date_days due = working_days_after(k->d, who->now_ms, ANSWER_WORKING_DAYS);
    struct query *q = db_query(db, SQL_recheck_put);
    query_id(q, id_random());
    query_id(q, who->body);
    query_id(q, k->entry);
    query_text(q, k->component);
    query_text(q, k->text);
    query_int(q, who->now_ms);
    if (due == DATE_NONE)
        query_null(q);
    else
        query_int(q, due);
    struct audit_row row = {.act = ACT_recheck_ask, .object_type = "en", .object = k->entry};
    return query_run(q, e) && audit_write(db, who, &row, e);
}

bool recheck_ask(const struct award_desk *d, struct id entry, const char *component,
                 const char *reason, struct err *e)
{
    struct entry n;
    struct entry_scope scope = entry_scope_body(d->marking.actor->body);
    struct asking k = {.d = d, .entry = entry, .component = component, .text = reason};
    return entry_get(d->marking.db, d->marking.arena, &scope, entry, &n, e) &&
           may_ask(d, &n, component, e) && db_transact(d->marking.db, put_recheck, &k, e);
}

static bool put_answer(struct db *db, void *ctx, struct err *e)
{
    struct asking *k = ctx;
    const struct actor *who = k->d->marking.actor;
    struct query *q = db_query(db, SQL_recheck_answer);
    query_id(q, k->recheck);
    query_id(q, who->body);
    query_text(q, k->text);
    query_id(q, who->account);
    query_int(q, who->now_ms);
    struct audit_row row = {
        .act = ACT_recheck_answer, .object_type = "rc", .object = k->recheck};
    return query_change_one(q, "/answer", "这份复核申请不存在，或已经答复。", e) &&
           audit_write(db, who, &row, e);
}

bool recheck_answer(const struct award_desk *d, struct id recheck, const char *answer,
                    struct err *e)
{
    struct asking k = {.d = d, .recheck = recheck, .text = answer};
    return db_transact(d->marking.db, put_answer, &k, e);
}

static bool list(const struct award_desk *d, enum sql which, struct id of,
                 struct recheck_list *out, struct err *e)
{
    struct arena *a = d->marking.arena;
    *out = (struct recheck_list){0};
    struct query *q = db_query(d->marking.db, which);
    query_id(q, of);
    query_id(q, d->marking.actor->body);
    while (query_next(q, e)) {
        out->at = arena_grow(a, out->at, out->count, out->count + 1, sizeof *out->at);
        out->at[out->count++] = (struct recheck){
            .id = query_get_id(q, 0),
            .entry = query_get_id(q, 1),
            .component = query_get_text(q, 2, a),
            .reason = query_get_text(q, 3, a),
            .asked_ms = query_get_int(q, 4),
            .due = query_is_null(q, 5) ? DATE_NONE : (date_days)query_get_int(q, 5),
            .answer = query_get_text(q, 6, a),
            .answered_ms = query_get_int(q, 7),
        };
    }
    return e->code == ERR_NONE;
}

bool recheck_list(const struct award_desk *d, struct id batch, struct recheck_list *out,
                  struct err *e)
{
    return list(d, SQL_recheck_list, batch, out, e);
}

bool recheck_of_entry(const struct award_desk *d, struct id entry, struct recheck_list *out,
                      struct err *e)
{
    return list(d, SQL_recheck_of_entry, entry, out, e);
}
