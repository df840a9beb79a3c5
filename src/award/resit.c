/* award/resit.c - what was passed before and still counts, and whether somebody may try again. */
#include "award/resit.h"

#include <string.h>

#include "base/arena.h"
#include "base/calendar.h"
#include "base/json.h"
#include "programme/programme.h"
#include "store/db.h"

/* ------------------------------------------------------------------ the rule */
static void sort(int64_t *at, size_t count)
{
    for (size_t i = 1; i < count; i++)
        for (size_t k = i; k && at[k - 1] > at[k]; k--) {
            int64_t later = at[k - 1];
            at[k - 1] = at[k];
            at[k] = later;
        }
}

/* Each try counts for KEEP_DAYS; the first one is no resit. */
struct resit_verdict resit_judge(const int64_t *tries, size_t count,
                                 const struct resit_question *q)
{
    struct resit_verdict v = {0};
    int64_t counted[RESIT_TRIES_MAX], keep_ms = q->keep_days * DAY_MS;
    size_t n = 0;
    for (size_t i = 0; i < count && n < RESIT_TRIES_MAX; i++)
        if (tries[i] == RESIT_OPEN || tries[i] + keep_ms > q->at_ms)
            counted[n++] = tries[i];
    v.tries = (int64_t)n;
    v.refused = q->max_resits >= 0 && v.tries > q->max_resits;
    if (!v.refused)
        return v;
    sort(counted, n);
    int64_t in_the_way = counted[n - 1 - (size_t)q->max_resits];
    v.again_ms = in_the_way == RESIT_OPEN ? 0 : in_the_way + keep_ms;
    return v;
}

/* ------------------------------------------------------------------ what is stored */
static void bind(struct query *q, struct id body, const struct resit_question *rq)
{
    query_id(q, rq->person);
    query_text(q, rq->programme->id);
    query_int(q, rq->level);
    query_text(q, rq->direction);
    query_id(q, body);
    query_id(q, rq->entry);
}

static const struct kept_part *kept_of(const struct kept_list *kept, const char *component)
{
    for (size_t i = 0; i < kept->count; i++)
        if (strcmp(kept->at[i].component, component) == 0)
            return &kept->at[i];
    return NULL;
}

bool award_kept(struct db *db, struct arena *a, struct id body, const struct resit_question *rq,
                struct kept_list *out, struct err *e)
{
    *out = (struct kept_list){
        arena_array(a, struct kept_part, rq->programme->component_count + 1), 0};
    struct query *q = db_query(db, SQL_result_kept);
    bind(q, body, rq);
    while (query_next(q, e)) {
        struct kept_part part = {query_get_text(q, 0, a), query_get_int(q, 1),
                                 query_get_int(q, 2), 0, query_get_id(q, 3)};
        part.until_ms = part.published_ms + rq->keep_days * DAY_MS;
        if (part.until_ms >= rq->at_ms && !kept_of(out, part.component) &&
            out->count < rq->programme->component_count)
            out->at[out->count++] = part;
    }
    return e->code == ERR_NONE;
}

struct tries { /* of one component */
    int64_t at[RESIT_TRIES_MAX];
    size_t count;
};

static void add(struct tries *t, int64_t published_ms)
{
    if (t->count < RESIT_TRIES_MAX)
        t->at[t->count++] = published_ms;
}

/* Newest first, so that what is left out is what counts least. */
static bool read_published(struct db *db, struct arena *a, struct id body,
                           const struct resit_question *rq, struct tries *tries, struct err *e)
{
    struct query *q = db_query(db, SQL_result_tries);
    bind(q, body, rq);
    while (query_next(q, e)) {
        const char *component = query_get_text(q, 0, a);
        for (size_t i = 0; i < rq->programme->component_count; i++)
            if (strcmp(rq->programme->components[i].id, component) == 0)
                add(&tries[i], query_get_int(q, 1));
    }
    return e->code == ERR_NONE;
}

static bool names(const json_t *kept, const char *component)
{
    const json_t *one;
    size_t i;
    json_array_foreach(kept, i, one)
    {
        const char *name = json_member_text(one, "component");
        if (name && strcmp(name, component) == 0)
            return true;
    }
    return false;
}

/* Accepted elsewhere, results to come: each component that the person has to sit there. */
static bool read_open(struct db *db, struct arena *a, struct id body,
                      const struct resit_question *rq, struct tries *tries, struct err *e)
{
    struct query *q = db_query(db, SQL_result_tries_open);
    bind(q, body, rq);
    while (query_next(q, e)) {
        struct err ignored = {0};
        const char *text = query_get_text(q, 0, a);
        const json_t *kept = json_read(a, text, strlen(text), &ignored);
        for (size_t i = 0; i < rq->programme->component_count; i++)
            if (!names(kept, rq->programme->components[i].id))
                add(&tries[i], RESIT_OPEN);
    }
    return e->code == ERR_NONE;
}

/* ------------------------------------------------------------------ the answer */
const char *resit_source(struct arena *a, const struct resit_question *q)
{
    const struct resit_rule *rule = q->programme->resit;
    if (q->max_resits < 0)
        return "";
    if (!rule || rule->max_resits != q->max_resits || rule->keep_days != q->keep_days)
        return arena_printf(a, "本批次规定：%lld 天内可补考 %lld 次", (long long)q->keep_days,
                            (long long)q->max_resits);
    return arena_printf(a, "%s：%s", programme_source(q->programme, a, rule->src),
                        rule->text ? rule->text : "");
}

static bool later(const struct resit_part *one, const struct resit_part *other)
{
    if (!other || !one->verdict.again_ms)
        return true;
    return other->verdict.again_ms && one->verdict.again_ms > other->verdict.again_ms;
}

bool resit_ask(struct db *db, struct arena *a, struct id body, const struct resit_question *q,
               struct resit_answer *out, struct err *e)
{
    const struct programme *p = q->programme;
    struct kept_list *kept = arena_new(a, struct kept_list);
    struct tries *tries = arena_array(a, struct tries, p->component_count + 1);
    *out = (struct resit_answer){
        .parts = arena_array(a, struct resit_part, p->component_count + 1),
        .source = resit_source(a, q)};
    if (!award_kept(db, a, body, q, kept, e) || !read_open(db, a, body, q, tries, e) ||
        !read_published(db, a, body, q, tries, e))
        return false;
    for (size_t i = 0; i < p->component_count; i++) {
        if (!component_at_level(&p->components[i], q->level))
            continue;
        struct resit_part *part = &out->parts[out->count++];
        *part = (struct resit_part){.component = &p->components[i],
                                    .kept = kept_of(kept, p->components[i].id),
                                    .verdict = resit_judge(tries[i].at, tries[i].count, q)};
        if (part->kept)
            part->verdict.refused = false;
        if (part->verdict.refused && later(part, out->refused))
            out->refused = part;
    }
    return true;
}

bool resit_allow(const struct resit_question *q, const struct resit_answer *answer,
                 struct err *e)
{
    const struct resit_part *part = answer->refused;
    if (!part)
        return true;
    char day[DATE_TEXT_BYTES];
    date_write(date_of_instant(part->verdict.again_ms + DAY_MS - 1, CHINA_OFFSET_MS), day);
    if (!part->verdict.again_ms)
        return FAIL(e, RULE, "/entry",
                    "%s在 %lld 天内已报考 %lld 次，其中有成绩尚未公布的，不能再次申报（%s）。"
                    "成绩公布后再确定可以重新申报的日期。",
                    part->component->name, (long long)q->keep_days,
                    (long long)part->verdict.tries, answer->source);
    return FAIL(e, RULE, "/entry",
                "%s在 %lld 天内已报考 %lld 次，补考次数已用完（%s）。考试日期在 %s "
                "及以后的批次可以重新申报。",
                part->component->name, (long long)q->keep_days, (long long)part->verdict.tries,
                answer->source, day);
}
