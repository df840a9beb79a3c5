/* base/calendar_test.c - every day from 1600 to 2400, and the dates that do not exist. */
#include "base/calendar.h"

#include "base/clock.h"
#include "test/check.h"

void dates_test(void)
{
    static const struct {
        const char *text;
        date_days want;
        int weekday;
    } cases[] = {
        {"1970-01-01", 0, 4},     {"1969-12-31", -1, 3},      {"2000-02-29", 11016, 2},
        {"2026-11-21", 20778, 6}, {"0001-01-01", -719162, 1}, {"9999-12-31", 2932896, 5},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        date_days d;
        char back[DATE_TEXT_BYTES];
        CHECK(cases[i].text, date_read(cases[i].text, &d));
        CHECK_INT(cases[i].text, d, cases[i].want);
        CHECK_INT(cases[i].text, weekday_of(d), cases[i].weekday);
        date_write(d, back);
        CHECK_TEXT("back", back, cases[i].text);
    }
}

void dates_refused_test(void)
{
    static const char *const cases[] = {
        "",           "2026",       "2026-1-01",   "2026-02-29", "1900-02-29",  "2026-13-01",
        "2026-00-10", "2026-04-31", "2026-01-00",  "0000-01-01", "2026-01-01 ", " 026-01-01",
        "2026/01/01", "-026-01-01", "2026-01-011",
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        date_days d;
        CHECK_INT(cases[i], date_read(cases[i], &d), false);
    }
}

/* A second, naive calendar counts along. */
void calendar_walk_test(void)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    struct civil c = {1600, 1, 1};
    int weekday = 6; /* 1600-01-01 was a Saturday */
    for (date_days d = date_of(c); c.year < 2401; d++) {
        struct civil got = civil_of(d);
        CHECK_INT("year", got.year, c.year);
        CHECK_INT("month", got.month, c.month);
        CHECK_INT("day", got.day, c.day);
        CHECK_INT("number", date_of(c), d);
        CHECK_INT("weekday", weekday_of(d), weekday);
        bool leap = c.year % 400 == 0 || (c.year % 4 == 0 && c.year % 100);
        if (++c.day > days[c.month - 1] + (c.month == 2 && leap)) {
            c.day = 1;
            if (++c.month > 12) {
                c.month = 1;
                c.year++;
            }
        }
        weekday = weekday % 7 + 1;
    }
}

void date_adding_test(void)
{
    static const struct {
        const char *from;
        int years, months;
        const char *want;
    } cases[] = {
        {"2024-02-29", 1, 0, "2025-02-28"},  {"2024-02-29", 4, 0, "2028-02-29"},
        {"2024-02-29", -1, 0, "2023-02-28"}, {"2026-11-21", 6, 0, "2032-11-21"},
        {"2026-01-31", 0, 1, "2026-02-28"},  {"2026-12-31", 0, 2, "2027-02-28"},
        {"2026-03-31", 0, -1, "2026-02-28"}, {"2026-01-15", 0, -13, "2024-12-15"},
        {"2026-01-15", 0, 0, "2026-01-15"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        date_days d;
        char got[DATE_TEXT_BYTES];
        CHECK("real", date_read(cases[i].from, &d));
        d = date_add_months(date_add_years(d, cases[i].years), cases[i].months);
        date_write(d, got);
        CHECK_TEXT(cases[i].from, got, cases[i].want);
    }
}

void instants_test(void)
{
    date_days d;
    char text[INSTANT_TEXT_BYTES];
    CHECK("real", date_read("2026-11-21", &d));
    int64_t nine = instant_of(d, 9 * 3600000, CHINA_OFFSET_MS);
    instant_write(nine, text);
    CHECK_TEXT("nine in China", text, "2026-11-21T01:00:00.000Z");
    CHECK_INT("its day", date_of_instant(nine, CHINA_OFFSET_MS), d);

    int64_t midnight = instant_of(d, 0, CHINA_OFFSET_MS);
    CHECK_INT("midnight belongs to the new day", date_of_instant(midnight, CHINA_OFFSET_MS), d);
    CHECK_INT("a millisecond before", date_of_instant(midnight - 1, CHINA_OFFSET_MS), d - 1);
    CHECK_INT("in UTC it is yesterday", date_of_instant(midnight, 0), d - 1);
    instant_write(-1, text);
    CHECK_TEXT("before 1970", text, "1969-12-31T23:59:59.999Z");
}

void clocks_test(void)
{
    date_days d;
    CHECK("real", date_read("2024-01-01", &d));
    CHECK("after this was written", clock_now_ms() > instant_of(d, 0, 0));
    int64_t boot = clock_boot_ms(), cpu = clock_cpu_ms();
    CHECK("never back", clock_boot_ms() >= boot && clock_cpu_ms() >= cpu);
}
