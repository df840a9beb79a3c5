/* entry/review.c - what a registrar decides, and the facts that a registrar confirms. */
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/json_out.h"
#include "entry/desk.h"
#include "entry/draft_facts.h"
#include "entry/entry_store.h"
#include "people/person.h"
#include "programme/programme.h"
#include "store/db.h"

enum { REASON_MIN = 4, REASON_MAX = 500 };

struct call {
    const struct entry_desk *d;
    const void *in;
};

static bool check_reason(const char *reason, const char *why, struct err *e)
{
    size_t characters = 0;
    for (const char *s = reason ? reason : ""; *s; s++)
        characters += (*s & 0xc0) != 0x80;
    if (characters < REASON_MIN)
        return FAIL(e, INVALID, "/reason", "%s，须写明理由（至少 %d 个字）。", why, REASON_MIN);
    return characters <= REASON_MAX ||
           FAIL(e, INVALID, "/reason", "理由不超过 %d 个字。", REASON_MAX);
}

/* The application, in a batch that is still being reviewed, and not the reviewer's own. */
static bool fetch(const struct entry_desk *d, struct id id, int64_t version, struct entry *n,
                  const struct programme **programme, struct err *e)
{
    struct batch batch;
    const struct people *p = &d->people;
    struct person person;
    if (!entry_get(p->db, p->arena, &d->scope, id, n, e) ||
        !person_get(p, n->person, &person, e) || !entry_frame(d, n, &batch, programme, e))
        return false;
    if (!id_is_zero(person.account) && id_equal(person.account, p->who->account))
        return FAIL(e, FORBIDDEN, "/entry", "不能审核自己的申报。");
    if (batch.state != BATCH_OPEN && batch.state != BATCH_CLOSED)
        return FAIL(e, RULE, "/batch", "本批次%s，不能再审核。",
                    batch_state_label(batch.state));
    return n->version == version ||
           FAIL(e, CONFLICT, "/version", "申报已在别处改动（现为第 %lld 版），请刷新后再审核。",
                (long long)n->version);
}

/* A verdict that only a person can give needs a reason; one that says no cannot be accepted:
 * the facts have to be put right first. */
static bool check_acceptance(const struct entry_desk *d, const struct entry_review *r,
                             const struct programme *p, const struct entry *n,
                             struct eligibility *v, struct err *e)
{
    if (!programme_accepts(p, n->level, n->direction, e) || !entry_judge(d, p, n, v, e))
        return false;
    if (v->verdict == NOT_MET)
        return FAIL(e, RULE, "/facts", "不符合《%s》该等级的任何一条申报条件，不能审核通过。",
                    p->title);
    return v->verdict == MET ||
           check_reason(r->reason, "申报条件尚未全部由证明材料证实，由审核人员认定", e);
}

static const char *verdict_text(struct arena *a, const struct eligibility *v)
{
    struct json_out *o = json_out_create(a);
    eligibility_write(v, o);
    return json_out_text(o);
}

static bool accept(struct db *db, const struct entry_desk *d, const struct entry_review *r,
                   struct entry *n, const struct programme *programme, struct err *e)
{
    const struct people *p = &d->people;
    struct eligibility v = {0};
    if (!check_acceptance(d, r, programme, n, &v, e) || (r->also && !r->also(db, r->ctx, n, e)))
        return false;
    struct entry_decision decision = {.entry = n,
                                      .to = ENTRY_ACCEPTED,
                                      .reason = r->reason,
                                      .verdict = verdict_text(p->arena, &v),
                                      .holds_place = true};
    struct entry_step step = {
        .entry = n->id,
        .act = ACT_entry_accept,
        .from = n->state,
        .to = ENTRY_ACCEPTED,
        .reason = r->reason,
        .detail = json_keep(p->arena, json_pack("{s:s}", "verdict", verdict_name(v.verdict)))};
    return entry_take_place(db, n, e) && entry_put_decision(db, &decision, p->who, e) &&
           person_mark_checked(p, n->person, e) &&
           entry_step_write(db, p->arena, p->who, &step, e);
}

/* Returned keeps the place it has; refused gives it back. */
static bool send_back(struct db *db, const struct entry_desk *d, const struct entry_review *r,
                      struct entry *n, struct err *e)
{
    bool refused = r->to == ENTRY_REFUSED;
    const struct people *p = &d->people;
    struct entry_decision decision = {.entry = n,
                                      .to = r->to,
                                      .reason = r->reason,
                                      .holds_place = !refused && n->holds_place};
    struct entry_step step = {.entry = n->id,
                              .act = refused ? ACT_entry_refuse : ACT_entry_return,
                              .from = n->state,
                              .to = r->to,
                              .reason = r->reason};
    return check_reason(r->reason, refused ? "审核不通过" : "退回修改", e) &&
           (!refused || entry_free_place(db, n, e)) &&
           entry_put_decision(db, &decision, p->who, e) &&
           entry_step_write(db, p->arena, p->who, &step, e);
}

static bool review(struct db *db, void *ctx, struct err *e)
{
    const struct call *c = ctx;
    const struct entry_review *r = c->in;
    struct entry n;
    const struct programme *programme;
    if (!fetch(c->d, r->id, r->version, &n, &programme, e) || !entry_move(n.state, r->to, e))
        return false;
    return r->to == ENTRY_ACCEPTED ? accept(db, c->d, r, &n, programme, e)
                                   : send_back(db, c->d, r, &n, e);
}

bool entry_review(const struct entry_desk *d, const struct entry_review *r, struct err *e)
{
    struct call c = {d, r};
    if (r->to != ENTRY_ACCEPTED && r->to != ENTRY_RETURNED && r->to != ENTRY_REFUSED)
        return FAIL(e, INVALID, "/to", "审核结果只能是通过、退回或不通过。");
    return db_transact(d->people.db, review, &c, e);
}

static json_t *rulings_detail(struct arena *a, const struct entry_ruling *r)
{
    json_t *list = json_keep(a, json_array());
    for (size_t i = 0; i < r->count; i++)
        json_array_append_new(list, json_pack("{s:s, s:s?, s:s?}", "fact", r->rulings[i].fact,
                                              "evidence", r->rulings[i].evidence, "scope",
                                              r->rulings[i].scope));
    return list;
}

static bool confirm(struct db *db, void *ctx, struct err *e)
{
    const struct call *c = ctx;
    const struct entry_ruling *r = c->in;
    const struct people *p = &c->d->people;
    struct entry n;
    const struct programme *programme;
    if (!fetch(c->d, r->id, r->version, &n, &programme, e))
        return false;
    if (n.state != ENTRY_SUBMITTED)
        return FAIL(e, CONFLICT, "/state", "只有待审核的申报可以核定事实。");
    for (size_t i = 0; i < r->count; i++)
        if (r->rulings[i].scope && !check_reason(r->reason, "认定范围", e))
            return false;
    struct entry_step step = {.entry = n.id,
                              .act = ACT_entry_confirm_facts,
                              .from = n.state,
                              .to = n.state,
                              .reason = r->reason,
                              .detail = rulings_detail(p->arena, r)};
    return draft_facts_rule(p->arena, n.facts, r->rulings, r->count, &n.facts, e) &&
           entry_save_facts(db, &n, p->who->now_ms, e) &&
           entry_step_write(db, p->arena, p->who, &step, e);
}

bool entry_confirm_facts(const struct entry_desk *d, const struct entry_ruling *r,
                         struct err *e)
{
    struct call c = {d, r};
    return db_transact(d->people.db, confirm, &c, e);
}
