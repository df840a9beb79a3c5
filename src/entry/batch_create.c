/* entry/batch_create.c - a registrar makes a batch, closes it, changes its window or places. */
#include "base/arena.h"
#include "base/json.h"
#include "entry/desk.h"
#include "people/people.h"
#include "programme/programme.h"
#include "store/audit.h"
#include "store/db.h"

struct create {
    const struct entry_desk *d;
    const struct programme *programme;
    struct batch batch;
};

static bool write_row(struct db *db, const struct people *p, enum act act, struct id batch,
                      json_t *change, struct err *e)
{
    struct audit_row row = {.act = act,
                            .object_type = "ba",
                            .object = batch,
                            .change = json_keep(p->arena, change)};
    return audit_write(db, p->who, &row, e);
}

static bool create(struct db *db, void *ctx, struct err *e)
{
    struct create *c = ctx;
    const struct people *p = &c->d->people;
    return programme_freeze(db, p->arena, c->programme, e) &&
           batch_put(db, p->arena, &c->batch, p->who->account, e) &&
           write_row(db, p, ACT_batch_create, c->batch.id,
                     json_pack("{s:s, s:s}", "programme", c->programme->id, "digest",
                               c->programme->digest),
                     e);
}

bool batch_create(const struct entry_desk *d, const struct batch_input *in, struct id id,
                  struct err *e)
{
    const struct people *p = &d->people;
    struct create c = {.d = d, .programme = programme_find(d->programmes, in->programme)};
    if (!c.programme)
        return FAIL(e, INVALID, "/programme", "没有这个考核项目。");
    c.batch = (struct batch){.id = id,
                             .body = d->scope.body,
                             .title = in->title,
                             .programme = c.programme->id,
                             .programme_digest = c.programme->digest,
                             .state = BATCH_OPEN,
                             .apply_from_ms = in->apply_from_ms,
                             .apply_until_ms = in->apply_until_ms,
                             .exam_from = in->exam_from,
                             .exam_until = in->exam_until,
                             .quota = in->quota,
                             .levels = in->levels,
                             .level_count = in->level_count,
                             .created_ms = p->who->now_ms};
    return batch_input_check(in, c.programme, e) &&
           batch_policy_read(p->arena, c.programme, in->policy, &c.batch.policy, e) &&
           db_transact(p->db, create, &c, e);
}

struct change {
    const struct entry_desk *d;
    const struct batch_change *in;
};

static bool move(struct db *db, const struct people *p, const struct batch *b,
                 enum batch_state to, struct err *e)
{
    if (!batch_may_become(b->state, to))
        return FAIL(e, CONFLICT, "/state", "批次现在是“%s”，不能变为“%s”。",
                    batch_state_label(b->state), batch_state_label(to));
    return batch_move(db, b, to, e) &&
           write_row(db, p, ACT_batch_move, b->id,
                     json_pack("{s:s, s:s}", "before", batch_state_name(b->state), "after",
                               batch_state_name(to)),
                     e);
}

static bool change_window(struct db *db, const struct people *p, const struct batch *b,
                          const struct batch_change *in, struct err *e)
{
    int64_t until = in->apply_until_ms ? in->apply_until_ms : b->apply_until_ms;
    int64_t quota = in->quota >= 0 ? in->quota : b->quota;
    if (until <= b->apply_from_ms)
        return FAIL(e, INVALID, "/apply_until_ms", "报名截止时间应晚于开始时间。");
    if (date_of_instant(until - 1, CHINA_OFFSET_MS) >= b->exam_from)
        return FAIL(e, INVALID, "/apply_until_ms", "报名截止应在考试日期之前。");
    return batch_change_window(db, b, until, quota, e) &&
           write_row(db, p, ACT_batch_change, b->id,
                     json_pack("{s:{s:I, s:I}, s:{s:I, s:I}}", "before", "apply_until_ms",
                               (json_int_t)b->apply_until_ms, "quota", (json_int_t)b->quota,
                               "after", "apply_until_ms", (json_int_t)until, "quota",
                               (json_int_t)quota),
                     e);
}

static bool change(struct db *db, void *ctx, struct err *e)
{
    const struct change *c = ctx;
    const struct people *p = &c->d->people;
    struct batch b;
    if (!batch_get(db, p->arena, c->d->scope.body, c->in->id, &b, e))
        return false;
    if (b.version != c->in->version)
        return FAIL(e, CONFLICT, "/version", "批次已在别处改动，请刷新后重试。");
    if (c->in->to)
        return move(db, p, &b, c->in->to, e);
    return change_window(db, p, &b, c->in, e);
}

bool batch_change(const struct entry_desk *d, const struct batch_change *in, struct err *e)
{
    struct change c = {d, in};
    return db_transact(d->people.db, change, &c, e);
}
