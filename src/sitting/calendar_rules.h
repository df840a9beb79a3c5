/* sitting/calendar_rules.h - on which days a programme examines, where it says so. Pure.
 *
 * CCIA: 每月的最后一周周六 (002 考试安排) has two readings; the programme's file lists them, ours
 * first, and a body may choose. */
#ifndef SITTING_CALENDAR_RULES_H
#define SITTING_CALENDAR_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/calendar.h"
#include "base/err.h"

struct arena;
struct programme;
struct workday_calendar;

enum month_reading {
    READING_LAST_SATURDAY,        /* the last Saturday of the month */
    READING_SATURDAY_OF_LAST_WEEK /* of the week (from Monday) that holds the month's last day:
                                     may fall into the next month */
};
const char *month_reading_name(enum month_reading r); /* "last_saturday" */
bool month_reading_find(const char *name, enum month_reading *out);

date_days month_saturday(int year, int month, enum month_reading r);

struct exam_dates {
    const char *month; /* "2026-11" */
    date_days day;
};

/* The dates of MONTHS months from the month of FROM, by READING (NULL: the programme's own).
 * RULE if the programme has no such rule, with what it says instead; INVALID /reading, /months
 * (1 to 36). */
struct exam_dates_question {
    const struct programme *programme;
    date_days from;
    int64_t months;
    const char *reading;
};
bool exam_dates(struct arena *a, const struct exam_dates_question *q, struct exam_dates **out,
                struct err *e) MUST_USE;

/* The programme's deadlines that are counted from the day of the exam. A deadline in working days
 * whose year has no calendar is not guessed: `known` is false and `why` says what is missing. */
struct exam_deadline {
    const char *id; /* "results", "ticket" */
    const char *text, *source;
    bool known;
    date_days day;   /* if known */
    const char *why; /* if not */
};
struct exam_deadlines {
    struct exam_deadline *at;
    size_t count;
};
void exam_deadlines(struct arena *a, const struct programme *p,
                    const struct workday_calendar *calendar, date_days exam,
                    struct exam_deadlines *out);

#endif
