/* entry/timeline.c - how far a batch is, and by when each stage is due. */
#include "entry/timeline.h"

#include <assert.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/fields.h"
#include "base/workday.h"
#include "store/db.h"

static const struct {
    const char *word, *label, *road;
    enum sql due, of_batch, of_entry;
} stages[STAGES] = {
#define STAGE(word, label, road, due, of_batch, of_entry)                                      \
    {#word, label, road, SQL_##due, SQL_##of_batch, SQL_##of_entry},
#include "entry/stages.def"
#undef STAGE
};

const char *stage_word(enum stage s)
{
    assert(s < STAGES);
    return stages[s].word;
}

const char *stage_label(enum stage s)
{
    assert(s < STAGES);
    return stages[s].label;
}

const char *stage_road(enum stage s)
{
    assert(s < STAGES);
    return stages[s].road;
}

static struct stage_due working_days_after(struct arena *a, date_days from, int64_t days,
                                           const struct workday_calendar *c)
{
    struct err e = {0};
    struct stage_due due = {DATE_NONE, NULL};
    if (days == 0)
        return due;
    if (!workday_add(c, from, (int)days, &due.day, &e))
        due = (struct stage_due){DATE_NONE, arena_printf(a, "期限待定：%s", e.text)};
    return due;
}

struct stage_due stage_due(struct arena *a, const struct batch *b,
                           const struct workday_calendar *calendar, enum stage s)
{
    const struct batch_policy *p = &b->policy;
    const date_days tickets = b->exam_from - (date_days)p->ticket_days;
    switch (s) {
    case STAGE_applied:
        return (struct stage_due){date_of_instant(b->apply_until_ms - 1, CHINA_OFFSET_MS),
                                  NULL};
    case STAGE_reviewed:
    case STAGE_arranged:
        return (struct stage_due){tickets - 1, NULL};
    case STAGE_ticketed:
        return (struct stage_due){b->exam_from, NULL};
    case STAGE_sat:
        return (struct stage_due){b->exam_until, NULL};
    case STAGE_marked:
    case STAGE_published:
        return working_days_after(a, b->exam_until, p->result_days, calendar);
    case STAGE_issued:
        return working_days_after(a, b->exam_until, p->result_days + p->certificate_days,
                                  calendar);
    case STAGE_archived:
    case STAGES:
        break;
    }
    return (struct stage_due){DATE_NONE, NULL};
}

static bool number_of(struct db *db, enum sql which, struct id id, struct id body, int64_t *out,
                      struct err *e)
{
    bool found;
    struct query *q = db_query(db, which);
    query_id(q, id);
    query_id(q, body);
    *out = 0;
    if (!query_maybe(q, &found, e))
        return false;
    if (found) {
        *out = query_get_int(q, 0);
        query_done(q);
    }
    return true;
}

bool batch_stages(struct db *db, struct arena *a, const struct batch *b,
                  const struct workday_calendar *calendar, date_days today,
                  struct batch_stage out[STAGES], struct err *e)
{
    for (enum stage s = 0; s < STAGES; s++) {
        struct batch_stage *o = &out[s];
        if (!number_of(db, stages[s].of_batch, b->id, b->body, &o->count, e) ||
            !number_of(db, stages[s].due, b->id, b->body, &o->of, e))
            return false;
        o->due = stage_due(a, b, calendar, s);
        o->late = s != STAGE_applied && o->due.day != DATE_NONE && o->due.day < today &&
                  o->count < o->of;
    }
    return true;
}

bool entry_progress(struct db *db, const struct entry *n, struct entry_progress *out,
                    struct err *e)
{
    int64_t failed;
    for (enum stage s = 0; s < STAGES; s++)
        if (!number_of(db, stages[s].of_entry, n->id, n->body, &out->at_ms[s], e))
            return false;
    if (!number_of(db, SQL_entry_failed, n->id, n->body, &failed, e))
        return false;
    out->failed = failed > 0;
    return true;
}
