/* sitting/calendar_rules_test.c - both readings of 每月的最后一周周六. */
#include "sitting/calendar_rules.h"

#include "base/arena.h"
#include "base/workday.h"
#include "programme/programme.h"
#include "test/check.h"

static const struct {
    int year, month;
    const char *last_saturday, *of_last_week;
} months[] = {
    {2026, 1, "2026-01-31", "2026-01-31"},  /* the month ends on a Saturday */
    {2026, 2, "2026-02-28", "2026-02-28"},  /* likewise, in February */
    {2026, 5, "2026-05-30", "2026-05-30"},  /* ends on a Sunday */
    {2026, 8, "2026-08-29", "2026-09-05"},  /* ends on a Monday: the next month's Saturday */
    {2026, 7, "2026-07-25", "2026-08-01"},  /* ends on a Friday */
    {2026, 12, "2026-12-26", "2027-01-02"}, /* over the year's end */
    {2024, 2, "2024-02-24", "2024-03-02"},  /* a leap February, ends on a Thursday */
};

void month_saturdays_test(void)
{
    for (size_t i = 0; i < sizeof months / sizeof *months; i++) {
        char got[DATE_TEXT_BYTES];
        date_write(month_saturday(months[i].year, months[i].month, READING_LAST_SATURDAY), got);
        CHECK_TEXT("last Saturday", got, months[i].last_saturday);
        date_write(
            month_saturday(months[i].year, months[i].month, READING_SATURDAY_OF_LAST_WEEK),
            got);
        CHECK_TEXT("Saturday of the last week", got, months[i].of_last_week);
    }
}

/* For 200 years: always a Saturday; the first reading in the month and less than a week from its
 * end; the second in the week of the last day. */
void month_saturdays_hold_test(void)
{
    for (int year = 1950; year < 2150; year++)
        for (int month = 1; month <= 12; month++) {
            date_days last = date_add_months(date_of((struct civil){year, month, 1}), 1) - 1;
            date_days a = month_saturday(year, month, READING_LAST_SATURDAY);
            date_days b = month_saturday(year, month, READING_SATURDAY_OF_LAST_WEEK);
            CHECK_INT("a Saturday", weekday_of(a), 6);
            CHECK_INT("a Saturday", weekday_of(b), 6);
            CHECK("in the month", a <= last && a > last - 7);
            CHECK("in the last week", b - last <= 5 && last - b <= 1);
        }
}

void exam_dates_of_programmes_test(void)
{
    struct arena *a = arena_create(64 << 20);
    struct programme_set set;
    struct err e = {0};
    struct exam_dates *dates;
    CHECK_OK("programmes", programmes_load_embedded(a, &set, &e), &e);
    date_days from = date_of((struct civil){2026, 11, 21});
    struct exam_dates_question q = {programme_find(&set, "ccia"), from, 3, NULL};

    CHECK_OK("ours", exam_dates(a, &q, &dates, &e), &e);
    char text[DATE_TEXT_BYTES];
    date_write(dates[0].day, text);
    CHECK_TEXT("November", text, "2026-11-28");
    CHECK_TEXT("November", dates[0].month, "2026-11");
    CHECK_TEXT("January", dates[2].month, "2027-01");
    q.reading = "saturday_of_last_week";
    CHECK_OK("the other", exam_dates(a, &q, &dates, &e), &e);
    date_write(dates[0].day, text);
    CHECK_TEXT("the other", text, "2026-12-05");

    static const struct {
        const char *what, *programme, *reading, *field;
        int64_t months;
        enum err_code code;
    } refused[] = {
        {"unknown reading", "ccia", "first_sunday", "/reading", 1, ERR_INVALID},
        {"no months", "ccia", NULL, "/months", 0, ERR_INVALID},
        {"too many", "ccia", NULL, "/months", 37, ERR_INVALID},
        {"by the organiser", "nrta-operator", NULL, "/programme", 1, ERR_RULE},
        {"no schedule", "national-2023", NULL, "/programme", 1, ERR_RULE},
    };
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct err no = {0};
        q = (struct exam_dates_question){programme_find(&set, refused[i].programme), from,
                                         refused[i].months, refused[i].reading};
        CHECK_INT(refused[i].what, exam_dates(a, &q, &dates, &no), false);
        CHECK_INT(refused[i].what, no.code, refused[i].code);
        CHECK_TEXT(refused[i].what, no.field, refused[i].field);
    }
    arena_destroy(a);
}

/* 15 working days after 2026-09-26 pass the National Day holiday; 2027 is not guessed. */
void exam_deadlines_test(void)
{
    struct arena *a = arena_create(64 << 20);
    struct programme_set set;
    struct err e = {0};
    struct exam_deadlines d;
    char text[DATE_TEXT_BYTES];
    CHECK_OK("programmes", programmes_load_embedded(a, &set, &e), &e);
    const struct workday_calendar *c = workday_calendar_embedded(a, &e);
    CHECK_OK("calendar", c, &e);
    exam_deadlines(a, programme_find(&set, "ccia"), c, date_of((struct civil){2026, 9, 26}),
                   &d);
    CHECK_INT("ticket and results", d.count, 2);
    CHECK_TEXT("ticket", d.at[0].id, "ticket");
    date_write(d.at[0].day, text);
    CHECK_TEXT("three days before", text, "2026-09-23");
    CHECK_TEXT("results", d.at[1].id, "results");
    date_write(d.at[1].day, text);
    CHECK_TEXT("15 working days, Saturday the 10th among them", text, "2026-10-22");
    exam_deadlines(a, programme_find(&set, "ccia"), c, date_of((struct civil){2026, 12, 26}),
                   &d);
    CHECK("2027 is not known", !d.at[1].known && d.at[1].why);
    CHECK("the ticket's day is", d.at[0].known);
    arena_destroy(a);
}
