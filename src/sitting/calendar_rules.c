/* sitting/calendar_rules.c - 每月的最后一周周六, in both its readings. */
#include "sitting/calendar_rules.h"

#include <string.h>

#include "base/arena.h"
#include "base/workday.h"
#include "programme/programme.h"

enum { SATURDAY = 6, MONTHS_MAX = 36 };

static const char *const readings[] = {
    [READING_LAST_SATURDAY] = "last_saturday",
    [READING_SATURDAY_OF_LAST_WEEK] = "saturday_of_last_week",
};

const char *month_reading_name(enum month_reading r)
{
    return readings[r];
}

bool month_reading_find(const char *name, enum month_reading *out)
{
    for (size_t i = 0; i < sizeof readings / sizeof *readings; i++)
        if (strcmp(readings[i], name) == 0) {
            *out = (enum month_reading)i;
            return true;
        }
    return false;
}

/* The week runs from Monday, so its Saturday is in front of the month's last day only if that
 * day is a Saturday or a Sunday. */
date_days month_saturday(int year, int month, enum month_reading r)
{
    date_days first = date_of((struct civil){year, month, 1});
    date_days last = date_add_months(first, 1) - 1;
    date_days saturday = last - weekday_of(last) + SATURDAY;
    return r == READING_LAST_SATURDAY && saturday > last ? saturday - 7 : saturday;
}

/* By the question, else by the programme: the first of its readings is ours. */
static bool choose_reading(struct arena *a, const struct exam_dates_question *q,
                           enum month_reading *out, struct err *e)
{
    const struct programme *p = q->programme;
    const struct schedule_rule *rule = p->schedule;
    if (!rule)
        return FAIL(e, RULE, "/programme", "%s没有写明考试日期的规律，由评价机构安排。",
                    p->title);
    if (strcmp(rule->kind, "monthly_saturday") != 0 || rule->reading_count == 0)
        return FAIL(e, RULE, "/programme", "考试日期不按月推算：%s（%s）", rule->text,
                    programme_source(p, a, rule->src));
    const char *name = q->reading ? q->reading : rule->readings[0];
    for (size_t i = 0; i < rule->reading_count; i++)
        if (strcmp(rule->readings[i], name) == 0 && month_reading_find(name, out))
            return true;
    return FAIL(e, INVALID, "/reading", "没有“%.40s”这种读法。", name);
}

bool exam_dates(struct arena *a, const struct exam_dates_question *q, struct exam_dates **out,
                struct err *e)
{
    enum month_reading reading = READING_LAST_SATURDAY;
    if (q->months < 1 || q->months > MONTHS_MAX)
        return FAIL(e, INVALID, "/months", "月数应为 1 至 %d。", MONTHS_MAX);
    if (!choose_reading(a, q, &reading, e))
        return false;
    struct civil from = civil_of(q->from);
    date_days month = date_of((struct civil){from.year, from.month, 1});
    *out = arena_array(a, struct exam_dates, (size_t)q->months);
    for (int64_t i = 0; i < q->months; i++, month = date_add_months(month, 1)) {
        struct civil c = civil_of(month);
        (*out)[i].month = arena_printf(a, "%04d-%02d", c.year, c.month);
        (*out)[i].day = month_saturday(c.year, c.month, reading);
    }
    return true;
}

/* Back to the n-th working day before D. */
static bool working_back(const struct workday_calendar *c, date_days d, int64_t n,
                         date_days *out, struct err *e)
{
    while (n > 0) {
        bool works;
        if (!workday_is(c, --d, &works, e))
            return false;
        n -= works;
    }
    *out = d;
    return true;
}

static bool deadline_day(const struct deadline *d, const struct workday_calendar *c,
                         date_days exam, date_days *out, struct err *e)
{
    if (d->before) {
        *out = exam - (date_days)d->days;
        return !d->working || working_back(c, exam, d->days, out, e);
    }
    if (d->working)
        return workday_add(c, exam, (int)d->days, out, e);
    return workday_on_or_after(c, exam + (date_days)d->days, out, e);
}

void exam_deadlines(struct arena *a, const struct programme *p,
                    const struct workday_calendar *calendar, date_days exam,
                    struct exam_deadlines *out)
{
    *out = (struct exam_deadlines){arena_array(a, struct exam_deadline, p->deadline_count + 1),
                                   0};
    for (size_t i = 0; i < p->deadline_count; i++) {
        const struct deadline *d = &p->deadlines[i];
        struct err e = {0};
        if (strcmp(d->from, "exam") != 0 && strcmp(d->from, "first_exam_end") != 0)
            continue;
        struct exam_deadline *x = &out->at[out->count++];
        x->id = d->id;
        x->text = d->text;
        x->source = programme_source(p, a, d->src);
        x->known = deadline_day(d, calendar, exam, &x->day, &e);
        x->why = x->known ? NULL : arena_text(a, e.text);
    }
}
