/* base/workday.c - working days by a calendar that is data. */
#include "base/workday.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/embed.h"
#include "base/fields.h"
#include "base/json.h"

enum { YEARS_MAX = 64, YEAR_DAYS_MAX = 366, ADD_MAX = 3660, HOLIDAY_DAYS_MAX = 31 };
enum day_kind { BY_WEEKDAY, DAY_OFF, MAKE_UP };

struct year {
    int number;
    date_days first, past; /* 1 January, and that of the next year */
    unsigned char kind[YEAR_DAYS_MAX];
};

struct workday_calendar {
    struct arena *arena;
    struct year *years[YEARS_MAX];
    size_t count;
};

struct holiday_row {
    const char *name;
    date_days from, to;
    const char **work;
    size_t work_count;
};

struct year_row {
    int64_t year, workdays;
    date_days notice_date;
    const char *notice_url;
    struct holiday_row *holidays;
    size_t holiday_count;
};

struct file_row {
    const char *type, *name, *title, *note, *attribution;
    struct year_row *years;
    size_t year_count;
};

static const struct field holiday_field_rows[] = {
    {FIELD(struct holiday_row, name, TEXT), .required = true, .min = 1, .max = 40},
    {FIELD(struct holiday_row, from, DATE), .required = true},
    {FIELD(struct holiday_row, to, DATE), .required = true},
    {FIELD(struct holiday_row, work, TEXTS), FIELD_COUNT(struct holiday_row, work_count),
     .required = true, .max = 10},
};
static const struct fields holiday_fields = FIELDS("work_calendar_holiday", struct holiday_row,
                                                   holiday_field_rows);

static const struct field year_field_rows[] = {
    {FIELD(struct year_row, year, INT), .required = true, .min = 1950, .max = 2999},
    {FIELD(struct year_row, workdays, INT), .required = true, .min = 200, .max = 300},
    {FIELD(struct year_row, notice_date, DATE), .required = true},
    {FIELD(struct year_row, notice_url, TEXT), .required = true, .min = 1, .max = 300},
    {FIELD(struct year_row, holidays, OBJECTS), FIELD_COUNT(struct year_row, holiday_count),
     .required = true, .min = 1, .max = 30, .sub = &holiday_fields},
};
static const struct fields year_fields = FIELDS("work_calendar_year", struct year_row,
                                                year_field_rows);

static const char *const file_types[] = {"work_calendar", NULL};
static const struct field file_field_rows[] = {
    {FIELD(struct file_row, type, TEXT), .required = true, .allowed = file_types},
    {FIELD(struct file_row, name, TEXT), .required = true, .min = 1, .max = 40},
    {FIELD(struct file_row, title, TEXT), .max = 100},
    {FIELD(struct file_row, note, TEXT), .max = 500},
    {FIELD(struct file_row, attribution, TEXT), .max = 500},
    {FIELD(struct file_row, years, OBJECTS), FIELD_COUNT(struct file_row, year_count),
     .required = true, .min = 1, .max = YEARS_MAX, .sub = &year_fields},
};
static const struct fields file_fields = FIELDS("work_calendar", struct file_row,
                                                file_field_rows);

struct workday_calendar *workday_calendar_create(struct arena *a)
{
    struct workday_calendar *c = arena_new(a, struct workday_calendar);
    c->arena = a;
    return c;
}

static struct year *year_with(const struct workday_calendar *c, date_days d)
{
    for (size_t i = 0; i < c->count; i++)
        if (d >= c->years[i]->first && d < c->years[i]->past)
            return c->years[i];
    return NULL;
}

bool workday_calendar_has(const struct workday_calendar *c, int year)
{
    return year_with(c, date_of((struct civil){year, 1, 1})) != NULL;
}

static bool year_missing(date_days d, struct err *e)
{
    return FAIL(e, RULE, "/calendar",
                "%d 年的节假日安排尚未载入，不能计算工作日（以国务院办公厅当年通知为准）。",
                civil_of(d).year);
}

static bool is_weekend(date_days d)
{
    return weekday_of(d) >= 6;
}

static bool counts(const struct year *y, date_days d)
{
    enum day_kind kind = y->kind[d - y->first];
    return kind == MAKE_UP || (kind == BY_WEEKDAY && !is_weekend(d));
}

/* A holiday at the turn of the year may name days of the year before, if that is known. */
static bool mark(struct workday_calendar *c, date_days d, enum day_kind kind, struct err *e)
{
    struct year *y = year_with(c, d);
    char text[DATE_TEXT_BYTES];
    if (!y)
        return year_missing(d, e);
    date_write(d, text);
    if (y->kind[d - y->first] != BY_WEEKDAY)
        return FAIL(e, INVALID, "", "%s 重复出现。", text);
    if (kind == MAKE_UP && !is_weekend(d))
        return FAIL(e, INVALID, "", "调休上班日 %s 不是周六或周日。", text);
    y->kind[d - y->first] = (unsigned char)kind;
    return true;
}

static bool mark_holiday(struct workday_calendar *c, const struct holiday_row *h, struct err *e)
{
    if (h->to < h->from || h->to - h->from >= HOLIDAY_DAYS_MAX)
        return FAIL(e, INVALID, "/to", "“%s”的止日早于起日，或长于 %d 天。", h->name,
                    HOLIDAY_DAYS_MAX);
    for (date_days d = h->from; d <= h->to; d++)
        if (!mark(c, d, DAY_OFF, e))
            return false;
    for (size_t i = 0; i < h->work_count; i++) {
        date_days d;
        if (!date_read(h->work[i], &d))
            return FAIL(e, INVALID, "/work", "“%.20s”不是日期。", h->work[i]);
        if (!mark(c, d, MAKE_UP, e))
            return false;
    }
    return true;
}

static bool year_add(struct workday_calendar *c, const struct year_row *row, struct err *e)
{
    int number = (int)row->year;
    if (workday_calendar_has(c, number) || c->count == YEARS_MAX)
        return FAIL(e, CONFLICT, "/year", "%d 年的节假日安排已经载入。", number);
    struct year *y = arena_new(c->arena, struct year);
    y->number = number;
    y->first = date_of((struct civil){number, 1, 1});
    y->past = date_of((struct civil){number + 1, 1, 1});
    c->years[c->count++] = y;
    return true;
}

static bool year_fill(struct workday_calendar *c, const struct year_row *row, struct err *e)
{
    for (size_t i = 0; i < row->holiday_count; i++) {
        char prefix[32];
        if (mark_holiday(c, &row->holidays[i], e))
            continue;
        snprintf(prefix, sizeof prefix, "/holidays/%zu", i);
        err_under(e, prefix);
        return false;
    }
    return true;
}

/* The count is in the file as a second, independent statement of the same thing. */
static bool year_check(const struct workday_calendar *c, const struct year_row *row,
                       struct err *e)
{
    const struct year *y = year_with(c, date_of((struct civil){(int)row->year, 1, 1}));
    int n = 0;
    for (date_days d = y->first; d < y->past; d++)
        n += counts(y, d);
    return n == row->workdays ||
           FAIL(e, INVALID, "/workdays", "%d 年数得 %d 个工作日，文件写的是 %d。", y->number, n,
                (int)row->workdays);
}

bool workday_calendar_add(struct workday_calendar *c, const struct json_t *file, struct err *e)
{
    struct file_row row;
    struct workday_calendar old = *c;
    bool ok = fields_read(&file_fields, file, c->arena, &row, e);
    size_t at = 0;
    if (!ok)
        return false;
    /* The years known so far are copied, so that a refused file leaves nothing behind. */
    for (size_t i = 0; i < old.count; i++)
        c->years[i] = arena_copy(c->arena, old.years[i], sizeof(struct year));
    for (at = 0; ok && at < row.year_count; at++)
        ok = year_add(c, &row.years[at], e);
    if (ok)
        for (at = 0; ok && at < row.year_count; at++)
            ok = year_fill(c, &row.years[at], e);
    if (ok)
        for (at = 0; ok && at < row.year_count; at++)
            ok = year_check(c, &row.years[at], e);
    if (!ok) {
        char prefix[32];
        snprintf(prefix, sizeof prefix, "/years/%zu", at - 1);
        err_under(e, prefix);
        *c = old;
    }
    return ok;
}

struct workday_calendar *workday_calendar_embedded(struct arena *a, struct err *e)
{
    struct workday_calendar *c = workday_calendar_create(a);
    const struct embedded *f;
    for (size_t i = 0; (f = embedded_under("calendars/", i)); i++) {
        const json_t *file = json_read(a, f->bytes, f->len, e);
        if (!file || !workday_calendar_add(c, file, e))
            return NULL;
    }
    return c;
}

bool workday_is(const struct workday_calendar *c, date_days d, bool *out, struct err *e)
{
    const struct year *y = year_with(c, d);
    if (!y)
        return year_missing(d, e);
    *out = counts(y, d);
    return true;
}

bool workday_add(const struct workday_calendar *c, date_days d, int n, date_days *out,
                 struct err *e)
{
    if (n < 0 || n > ADD_MAX)
        return FAIL(e, INVALID, "/days", "工作日数须在 0 到 %d 之间。", ADD_MAX);
    while (n > 0) {
        bool working;
        if (!workday_is(c, ++d, &working, e))
            return false;
        n -= working;
    }
    *out = d;
    return true;
}

bool workday_between(const struct workday_calendar *c, date_days a, date_days b, int *n,
                     struct err *e)
{
    int counted = 0;
    for (date_days d = a; d < b;) {
        bool working;
        if (!workday_is(c, ++d, &working, e))
            return false;
        counted += working;
    }
    *n = counted;
    return true;
}

bool workday_on_or_after(const struct workday_calendar *c, date_days d, date_days *out,
                         struct err *e)
{
    return workday_add(c, d - 1, 1, out, e);
}
