/* web/batch.c - batches and their timeline, and the partners who bring candidates. */
#include "entry/batch.h"

#include <string.h>

#include "base/arena.h"
#include "entry/partner.h"
#include "entry/timeline.h"
#include "programme/programme.h"
#include "web/app.h"
#include "web/entry_of.h"
#include "web/handlers.h"

bool states_get(struct request *rq, struct reply *rp, struct err *e)
{
    (void)rq;
    (void)e;
    struct json_out *o = reply_json(rp);
    entry_states_put(o);
    batch_states_put(o);
    return true;
}

/* Candidates see what is open to them; staff see everything. */
static bool shows(const struct request *rq, const struct batch *b)
{
    bool staff = rq->viewer.roles & ~R(candidate);
    return staff || b->state == BATCH_OPEN || b->state == BATCH_CLOSED;
}

bool batches_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct batch_list list;
    if (!batch_list(rq->db, rq->arena, rq->viewer.body, &list, e))
        return false;
    int64_t total = 0;
    struct json_out *o = reply_json(rp);
    put_array(o, "batches");
    for (size_t i = 0; i < list.count; i++) {
        const struct batch *b = &list.at[i];
        if (!shows(rq, b))
            continue;
        total++;
        out_object(o);
        put_batch(o, b, programme_find(rq->app->programmes, b->programme));
        out_object_end(o);
    }
    out_array_end(o);
    put_int(o, "total", total);
    put_int(o, "now", rq->now_ms);
    return true;
}

static void put_stages(struct json_out *o, const struct batch_stage stages[STAGES])
{
    put_array(o, "stages");
    for (enum stage s = 0; s < STAGES; s++) {
        out_object(o);
        put_text(o, "code", stage_word(s));
        put_text(o, "label", stage_label(s));
        put_int(o, "count", stages[s].count);
        put_int(o, "of", stages[s].of);
        put_date(o, "due", stages[s].due.day);
        put_text(o, "due_note", stages[s].due.note);
        put_bool(o, "late", stages[s].late);
        out_object_end(o);
    }
    out_array_end(o);
}

static bool reply_batch(struct request *rq, struct reply *rp, struct id id, int status,
                        struct err *e)
{
    struct batch b;
    const struct programme *p;
    struct batch_stage stages[STAGES];
    bool staff = rq->viewer.roles & ~(R(candidate) | R(partner));
    date_days today = date_of_instant(rq->now_ms, CHINA_OFFSET_MS);
    if (!batch_get(rq->db, rq->arena, rq->viewer.body, id, &b, e) ||
        !batch_programme(rq->db, rq->arena, rq->app->programmes, &b, &p, e))
        return false;
    if (!shows(rq, &b))
        return FAIL(e, NOT_FOUND, "batch", "没有这个批次。");
    if (staff && !batch_stages(rq->db, rq->arena, &b, rq->app->calendar, today, stages, e))
        return false;
    struct json_out *o = reply_json_with(rp, status);
    put_object(o, "batch");
    put_batch(o, &b, p);
    out_object_end(o);
    if (staff)
        put_stages(o, stages);
    put_int(o, "now", rq->now_ms);
    return true;
}

bool batch_one_get(struct request *rq, struct reply *rp, struct err *e)
{
    return reply_batch(rq, rp, rq->id[0], 200, e);
}

bool batches_post(struct request *rq, struct reply *rp, struct err *e)
{
    struct entry_desk d = entry_desk_of(rq);
    struct id id = id_random();
    return batch_create(&d, rq->input, id, e) && reply_batch(rq, rp, id, 201, e);
}

struct batch_patch_body {
    int64_t version;
    const char *state;
    int64_t apply_until_ms, quota; /* both, where no state is given */
};
static const char *const batch_words[] = {
#define BATCH_STATE(number, name, word, label, next) word,
#include "entry/batch_states.def"
#undef BATCH_STATE
    NULL};
/* clang-format off */
static const struct field batch_patch_rows[] = {
    {FIELD(struct batch_patch_body, version, INT), .required = true, .min = 1, .max = INT64_MAX},
    {FIELD(struct batch_patch_body, state, TEXT), .allowed = batch_words},
    {FIELD(struct batch_patch_body, apply_until_ms, INT), .min = 1, .max = INT64_C(253402300799999)},
    {FIELD(struct batch_patch_body, quota, INT), .min = 0, .max = 1000000},
};
/* clang-format on */
const struct fields batch_patch_fields = FIELDS("batch_patch", struct batch_patch_body,
                                                batch_patch_rows);

static enum batch_state state_of(const char *word)
{
#define BATCH_STATE(number, name, state_word, label, next)                                     \
    if (word && strcmp(word, state_word) == 0)                                                 \
        return BATCH_##name;
#include "entry/batch_states.def"
#undef BATCH_STATE
    return (enum batch_state)0;
}

bool batch_patch(struct request *rq, struct reply *rp, struct err *e)
{
    const struct batch_patch_body *b = rq->input;
    struct entry_desk d = entry_desk_of(rq);
    struct batch_change c = {.id = rq->id[0],
                             .version = b->version,
                             .to = state_of(b->state),
                             .apply_until_ms = b->apply_until_ms,
                             .quota = b->quota};
    if (!c.to && !b->apply_until_ms)
        return FAIL(e, INVALID, "/apply_until_ms", "请给出新的状态，或报名截止时间和名额。");
    if (c.to == BATCH_ARCHIVED)
        return FAIL(e, RULE, "/state", "批次由归档操作结束，不能直接改为“已归档”。");
    return batch_change(&d, &c, e) && reply_batch(rq, rp, rq->id[0], 200, e);
}

/* ------------------------------------------------------------------ partners */
static const struct field partner_rows[] = {
    {FIELD(struct partner, name, TEXT), .required = true, .min = 2, .max = 80},
    {FIELD(struct partner, contact, TEXT), .max = 120},
};
const struct fields partner_fields = FIELDS("partner", struct partner, partner_rows);

static void put_partner(struct json_out *o, const struct partner *p)
{
    put_id(o, "id", p->id);
    put_text(o, "name", p->name);
    put_text(o, "contact", p->contact);
    put_int(o, "created_ms", p->created_ms);
}

bool partners_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct partner *list;
    size_t count;
    if (!partner_list(rq->db, rq->arena, rq->viewer.body, &list, &count, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_array(o, "partners");
    for (size_t i = 0; i < count; i++) {
        out_object(o);
        put_partner(o, &list[i]);
        out_object_end(o);
    }
    out_array_end(o);
    put_int(o, "total", (int64_t)count);
    return true;
}

bool partners_post(struct request *rq, struct reply *rp, struct err *e)
{
    struct entry_desk d = entry_desk_of(rq);
    struct partner p = *(const struct partner *)rq->input;
    p.id = id_random();
    p.created_ms = rq->now_ms;
    if (!partner_create(&d, &p, e))
        return false;
    struct json_out *o = reply_json_with(rp, 201);
    put_object(o, "partner");
    put_partner(o, &p);
    out_object_end(o);
    return true;
}
