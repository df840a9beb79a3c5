/* entry/batch.c - what a batch may be: its states, its policy, its window and its places. */
#include "entry/batch.h"

#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/fields.h"
#include "base/json.h"
#include "base/json_out.h"
#include "programme/programme.h"

#define TO(s) (1u << BATCH_##s)
#define BATCH_STATE(number, name, word, label, next)                                           \
    [BATCH_##name] = {word, label, (unsigned)(next)},
static const struct {
    const char *word, *label;
    unsigned may_become;
} states[] = {
#include "entry/batch_states.def"
};
#undef BATCH_STATE
#undef TO

enum { STATES = sizeof states / sizeof *states };

const char *batch_state_name(enum batch_state s)
{
    assert((unsigned)s < STATES && states[s].word);
    return states[s].word;
}

const char *batch_state_label(enum batch_state s)
{
    assert((unsigned)s < STATES && states[s].word);
    return states[s].label;
}

bool batch_may_become(enum batch_state from, enum batch_state to)
{
    assert((unsigned)from < STATES && (unsigned)to < STATES);
    return states[from].may_become & (1u << to);
}

void batch_states_put(struct json_out *o)
{
    put_array(o, "batch");
    for (unsigned s = 0; s < STATES; s++) {
        if (!states[s].word)
            continue;
        out_object(o);
        put_text(o, "name", states[s].word);
        put_text(o, "label", states[s].label);
        put_array(o, "next");
        for (unsigned to = 0; to < STATES; to++)
            if (states[s].may_become & (1u << to))
                out_text(o, states[to].word);
        out_array_end(o);
        out_object_end(o);
    }
    out_array_end(o);
}

/* clang-format off */
static const struct field policy_rows[] = {
    {FIELD(struct batch_policy, fee_fen, INT), .min = 0, .max = 100000000},
    {FIELD(struct batch_policy, resit_fee_fen, INT), .min = 0, .max = 100000000},
    {FIELD(struct batch_policy, ticket_days, INT), .min = 0, .max = 60},
    {FIELD(struct batch_policy, late_minutes, INT), .min = 0, .max = 240},
    {FIELD(struct batch_policy, earliest_hand_in_minutes, INT), .min = 0, .max = 240},
    {FIELD(struct batch_policy, result_days, INT), .min = 0, .max = 250},
    {FIELD(struct batch_policy, notice_days, INT), .min = 0, .max = 60},
    {FIELD(struct batch_policy, recheck_days, INT), .min = 0, .max = 60},
    {FIELD(struct batch_policy, certificate_days, INT), .min = 0, .max = 250},
    {FIELD(struct batch_policy, part_validity_days, INT), .min = 0, .max = 3660},
    {FIELD(struct batch_policy, max_resits, INT), .min = -1, .max = 20},
    {FIELD(struct batch_policy, free_resits, INT), .min = 0, .max = 20},
    {FIELD(struct batch_policy, quota_waits_for_review, BOOL)},
};
const struct fields batch_policy_fields = FIELDS("batch_policy", struct batch_policy, policy_rows);

static const struct field level_rows[] = {
    {FIELD(struct batch_level, level, INT), .required = true, .min = 1, .max = 9},
    {FIELD(struct batch_level, quota, INT), .min = 0, .max = 1000000},
};
static const struct fields level_fields = FIELDS("batch_level", struct batch_level, level_rows);

static const struct field input_rows[] = {
    {FIELD(struct batch_input, title, TEXT), .required = true, .min = 2, .max = 80},
    {FIELD(struct batch_input, programme, TEXT), .required = true, .min = 1, .max = 40},
    {FIELD(struct batch_input, apply_from_ms, INT), .required = true, .min = 1, .max = INT64_C(253402300799999)},
    {FIELD(struct batch_input, apply_until_ms, INT), .required = true, .min = 1, .max = INT64_C(253402300799999)},
    {FIELD(struct batch_input, exam_from, DATE), .required = true},
    {FIELD(struct batch_input, exam_until, DATE), .required = true},
    {FIELD(struct batch_input, quota, INT), .min = 0, .max = 1000000},
    {FIELD(struct batch_input, levels, OBJECTS), FIELD_COUNT(struct batch_input, level_count),
     .required = true, .min = 1, .max = 9, .sub = &level_fields},
    {FIELD(struct batch_input, policy, JSON)},
};
const struct fields batch_input_fields = FIELDS("batch_input", struct batch_input, input_rows);
/* clang-format on */

static int64_t days_or(const struct programme *p, const char *id, int64_t otherwise)
{
    const struct deadline *d = programme_deadline(p, id);
    return d ? d->days : otherwise;
}

/* A programme that counts from the examination and not from the results allows that much less after them. */
static int64_t certificate_days(const struct programme *p, int64_t result_days)
{
    const struct deadline *d = programme_deadline(p, "certificate");
    if (!d)
        return 30;
    if (strcmp(d->from, "exam") != 0)
        return d->days;
    return d->days > result_days ? d->days - result_days : 0;
}

static int64_t fee_or_zero(const struct programme *p, const char *id)
{
    const struct fee *f = programme_fee(p, id);
    return f && f->fen > 0 ? f->fen : 0;
}

/* 15 working days to the results (DOMAIN §2.5), 365 days and one resit (§2.6) where nothing is
 * printed; public notice has no national number, five working days are usual. */
struct batch_policy batch_policy_default(const struct programme *p)
{
    return (struct batch_policy){
        .fee_fen = fee_or_zero(p, "assessment"),
        .resit_fee_fen = fee_or_zero(p, "resit"),
        .ticket_days = days_or(p, "ticket", 3),
        .late_minutes = p->entry ? p->entry->late_minutes : 30,
        .earliest_hand_in_minutes = p->entry ? p->entry->earliest_hand_in_minutes : 30,
        .result_days = days_or(p, "results", 15),
        .notice_days = days_or(p, "notice", 5),
        .recheck_days = days_or(p, "recheck", 15),
        .certificate_days = certificate_days(p, days_or(p, "results", 15)),
        .part_validity_days = p->resit ? p->resit->keep_days : 365,
        .max_resits = p->resit ? p->resit->max_resits : 1,
        .free_resits = p->resit ? p->resit->free_resits : 0,
    };
}

const char *batch_policy_text(struct arena *a, const struct batch_policy *p)
{
    struct json_out *o = json_out_create(a);
    fields_write(&batch_policy_fields, p, o);
    return json_out_text(o);
}

bool batch_policy_read(struct arena *a, const struct programme *p, const struct json_t *given,
                       struct batch_policy *out, struct err *e)
{
    *out = batch_policy_default(p);
    if (!given)
        return true;
    if (!json_is_object(given))
        return FAIL(e, INVALID, "/policy", "policy 应是一个对象。");
    const char *text = batch_policy_text(a, out);
    json_t *all = json_read(a, text, strlen(text), e);
    if (!all)
        return false;
    json_object_update(all, (json_t *)(uintptr_t)given);
    if (fields_read(&batch_policy_fields, all, a, out, e))
        return true;
    err_under(e, "/policy");
    return false;
}

/* The quotas of the levels may sum to more than the total: then whoever comes first. */
static bool levels_check(const struct batch_input *in, const struct programme *p, struct err *e)
{
    for (size_t i = 0; i < in->level_count; i++) {
        const struct batch_level *l = &in->levels[i];
        if (!programme_level(p, l->level))
            return FAIL(e, INVALID, "/levels", "《%s》没有等级 %lld。", p->title,
                        (long long)l->level);
        for (size_t k = 0; k < i; k++)
            if (in->levels[k].level == l->level)
                return FAIL(e, INVALID, "/levels", "等级 %lld 出现了两次。",
                            (long long)l->level);
        if (in->quota && l->quota > in->quota)
            return FAIL(e, INVALID, "/levels", "等级 %lld 的名额多于批次总名额。",
                        (long long)l->level);
    }
    return true;
}

bool batch_input_check(const struct batch_input *in, const struct programme *p, struct err *e)
{
    if (in->apply_until_ms <= in->apply_from_ms)
        return FAIL(e, INVALID, "/apply_until_ms", "报名截止时间应晚于开始时间。");
    if (in->exam_until < in->exam_from)
        return FAIL(e, INVALID, "/exam_until", "考试结束日期早于开始日期。");
    if (date_of_instant(in->apply_until_ms - 1, CHINA_OFFSET_MS) >= in->exam_from)
        return FAIL(e, INVALID, "/exam_from", "考试日期应在报名截止之后。");
    return levels_check(in, p, e);
}

const struct batch_level *batch_level(const struct batch *b, int64_t level)
{
    for (size_t i = 0; i < b->level_count; i++)
        if (b->levels[i].level == level)
            return &b->levels[i];
    return NULL;
}

bool batch_takes(const struct batch *b, int64_t level, int64_t now_ms, struct err *e)
{
    if (b->state != BATCH_OPEN)
        return FAIL(e, RULE, "/batch", "本批次%s，不能申报。", states[b->state].label);
    if (now_ms < b->apply_from_ms)
        return FAIL(e, RULE, "/batch", "本批次尚未开始报名。");
    if (now_ms >= b->apply_until_ms)
        return FAIL(e, RULE, "/batch", "本批次报名已截止。");
    return batch_level(b, level) != NULL ||
           FAIL(e, RULE, "/level", "本批次不考等级 %lld。", (long long)level);
}
