/* entry/apply.c - what the applicant does: begin, save, hand in, take back. */
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/json_out.h"
#include "entry/desk.h"
#include "entry/draft_facts.h"
#include "entry/entry_store.h"
#include "people/consent.h"
#include "people/person.h"
#include "programme/programme.h"
#include "store/db.h"

struct call { /* what a transaction needs */
    const struct entry_desk *d;
    const void *in;
};

static bool run(const struct entry_desk *d, const void *in,
                bool (*work)(struct db *, void *, struct err *), struct err *e)
{
    struct call c = {d, in};
    return db_transact(d->people.db, work, &c, e);
}

/* What the API calls it, or nothing chosen yet. */
static bool check_direction(const struct programme *p, int64_t level, const char *direction,
                            struct err *e)
{
    if (strlen(direction) >= ENTRY_DIRECTION_BYTES)
        return FAIL(e, INVALID, "/direction", "没有这个职业方向。");
    return !*direction || programme_accepts(p, level, direction, e);
}

static bool start(struct db *db, void *ctx, struct err *e)
{
    const struct call *c = ctx;
    const struct entry_start *s = c->in;
    const struct people *p = &c->d->people;
    struct entry n = {.id = s->id,
                      .body = c->d->scope.body,
                      .batch = s->batch,
                      .person = c->d->scope.person,
                      .level = s->level,
                      .direction = s->direction ? s->direction : "",
                      .state = ENTRY_DRAFT,
                      .facts = "{}",
                      .created_ms = p->who->now_ms};
    struct batch batch;
    struct person person;
    const struct programme *programme;
    struct id live;
    bool found;
    if (!entry_frame(c->d, &n, &batch, &programme, e) || !person_get(p, n.person, &person, e) ||
        !batch_takes(&batch, n.level, p->who->now_ms, e) ||
        !check_direction(programme, n.level, n.direction, e) ||
        !entry_find_live(db, &n, &live, &found, e))
        return false;
    if (found)
        return FAIL(e, CONFLICT, "/batch", "您在本批次已有同等级、同方向的申报。");
    struct entry_step step = {
        .entry = n.id, .act = ACT_entry_start, .from = 0, .to = ENTRY_DRAFT};
    return entry_put(db, &n, e) && entry_step_write(db, p->arena, p->who, &step, e);
}

bool entry_start(const struct entry_desk *d, const struct entry_start *s, struct err *e)
{
    return run(d, s, start, e);
}

static bool check_version(const struct entry *n, int64_t version, struct err *e)
{
    return n->version == version ||
           FAIL(e, CONFLICT, "/version", "申报已在别处改动（现为第 %lld 版），请刷新后再改。",
                (long long)n->version);
}

/* Nothing becomes of an application that was saved: no step in its history, no audit row. */
static bool save(struct db *db, void *ctx, struct err *e)
{
    const struct call *c = ctx;
    const struct entry_save *s = c->in;
    const struct people *p = &c->d->people;
    struct entry n;
    struct batch batch;
    const struct programme *programme;
    if (!entry_get(db, p->arena, &c->d->scope, s->id, &n, e) ||
        !check_version(&n, s->version, e) || !entry_frame(c->d, &n, &batch, &programme, e))
        return false;
    if (n.state != ENTRY_DRAFT && n.state != ENTRY_RETURNED)
        return FAIL(e, CONFLICT, "/state", "申报现在是“%s”，不能修改。",
                    entry_state_label(n.state));
    if (s->level)
        n.level = s->level;
    if (s->direction)
        n.direction = s->direction;
    if (!batch_level(&batch, n.level))
        return FAIL(e, RULE, "/level", "本批次不考等级 %lld。", (long long)n.level);
    const struct draft_facts stored = {n.facts, n.version};
    if (!check_direction(programme, n.level, n.direction, e) ||
        (s->facts && !draft_facts_merge(p->arena, s->facts, &stored, &n.facts, e)))
        return false;
    struct id live;
    bool found;
    if (!entry_find_live(db, &n, &live, &found, e))
        return false;
    if (found && !id_equal(live, n.id))
        return FAIL(e, CONFLICT, "/level", "您在本批次已有同等级、同方向的申报。");
    return entry_save_draft(db, &n, p->who->now_ms, e);
}

bool entry_save(const struct entry_desk *d, const struct entry_save *s, struct err *e)
{
    return run(d, s, save, e);
}

static bool check_person(const struct people *p, const struct entry *n, struct err *e)
{
    struct person who;
    if (!person_get(p, n->person, &who, e))
        return false;
    if (!who.name || !*who.name)
        return FAIL(e, RULE, "/person/name", "请先填写姓名。");
    if (!who.has_document)
        return FAIL(e, RULE, "/person/document_number", "请先填写证件类型和证件号码。");
    if (!who.phone_mask)
        return FAIL(e, RULE, "/person/phone", "请先填写手机号码。");
    for (enum consent_kind k = 0; k < CONSENT_KINDS; k++) {
        bool given = true;
        if (consent_needed(k) && !consent_in_force(p, n->person, k, &given, e))
            return false;
        if (!given)
            return FAIL(e, RULE, "/consent",
                        "提交前须同意“%s”（个人信息保护法第十三、十四、二十九条）。",
                        consent_title(k));
    }
    return true;
}

/* A returned application may be handed in again after the window, while the batch is open. */
static bool check_window(const struct batch *b, const struct entry *n, int64_t now_ms,
                         struct err *e)
{
    if (n->state != ENTRY_RETURNED)
        return batch_takes(b, n->level, now_ms, e);
    if (b->state != BATCH_OPEN)
        return FAIL(e, RULE, "/batch", "本批次%s，不能再提交。", batch_state_label(b->state));
    return batch_level(b, n->level) != NULL ||
           FAIL(e, RULE, "/level", "本批次不考等级 %lld。", (long long)n->level);
}

static bool check_verdict(const struct entry_desk *d, const struct programme *p,
                          struct entry *n, struct err *e)
{
    struct eligibility v;
    if (!entry_judge(d, p, n, &v, e))
        return false;
    if (v.verdict == NOT_MET)
        return FAIL(
            e, RULE, "/facts",
            "按所填内容，不符合《%s》该等级 %zu 条申报条件中的任何一条，请核对后再提交。",
            p->title, v.count);
    struct json_out *o = json_out_create(d->people.arena);
    eligibility_write(&v, o);
    n->verdict = json_out_text(o);
    return true;
}

struct version_of { /* which application, as the page saw it */
    struct id id;
    int64_t version;
    const char *reason;
};

static bool submit(struct db *db, void *ctx, struct err *e)
{
    const struct call *c = ctx;
    const struct version_of *in = c->in;
    const struct people *p = &c->d->people;
    struct entry n;
    struct batch batch;
    const struct programme *programme;
    if (!entry_get(db, p->arena, &c->d->scope, in->id, &n, e) ||
        !check_version(&n, in->version, e) || !entry_move(n.state, ENTRY_SUBMITTED, e) ||
        !entry_frame(c->d, &n, &batch, &programme, e) ||
        !check_window(&batch, &n, p->who->now_ms, e) ||
        !programme_accepts(programme, n.level, n.direction, e) || !check_person(p, &n, e))
        return false;
    if (id_is_zero(n.photo))
        return FAIL(e, RULE, "/photo", "请先上传证件照（一寸，白底，295×413）。");
    if (!check_verdict(c->d, programme, &n, e))
        return false;
    bool now = !batch.policy.quota_waits_for_review;
    struct entry_step step = {
        .entry = n.id, .act = ACT_entry_submit, .from = n.state, .to = ENTRY_SUBMITTED};
    return (!now || entry_take_place(db, &n, e)) &&
           entry_put_submission(db, &n, n.holds_place || now, p->who->now_ms, e) &&
           entry_step_write(db, p->arena, p->who, &step, e);
}

bool entry_submit(const struct entry_desk *d, struct id id, int64_t version, struct err *e)
{
    struct version_of in = {id, version, NULL};
    return run(d, &in, submit, e);
}

static bool withdraw(struct db *db, void *ctx, struct err *e)
{
    const struct call *c = ctx;
    const struct version_of *in = c->in;
    const struct people *p = &c->d->people;
    struct entry n;
    struct batch batch;
    if (!entry_get(db, p->arena, &c->d->scope, in->id, &n, e) ||
        !check_version(&n, in->version, e) || !entry_move(n.state, ENTRY_WITHDRAWN, e) ||
        !batch_get(db, p->arena, n.body, n.batch, &batch, e))
        return false;
    if (n.state == ENTRY_ACCEPTED && batch.state != BATCH_OPEN)
        return FAIL(e, RULE, "/state", "本批次已开始编排，如不参加考试请联系报名审核员。");
    struct entry_decision decision = {.entry = &n, .to = ENTRY_WITHDRAWN, .reason = in->reason};
    struct entry_step step = {.entry = n.id,
                              .act = ACT_entry_withdraw,
                              .from = n.state,
                              .to = ENTRY_WITHDRAWN,
                              .reason = in->reason};
    return entry_free_place(db, &n, e) && entry_put_decision(db, &decision, p->who, e) &&
           entry_step_write(db, p->arena, p->who, &step, e);
}

bool entry_withdraw(const struct entry_desk *d, struct id id, int64_t version,
                    const char *reason, struct err *e)
{
    struct version_of in = {id, version, reason && *reason ? reason : NULL};
    return run(d, &in, withdraw, e);
}
