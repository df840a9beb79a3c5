/* base/workday_test.c - deadlines computed by another program, and years nobody published. */
#include "base/workday.h"

#include <stdio.h>

#include "base/arena.h"
#include "base/embed.h"
#include "base/json.h"
#include "test/check.h"

static date_days day(const char *text)
{
    date_days d = 0;
    CHECK(text, date_read(text, &d));
    return d;
}

/* Only the years of this file, so that next year's notice breaks no test. */
static struct workday_calendar *china(struct arena *a)
{
    struct err e = {0};
    struct workday_calendar *c = workday_calendar_create(a);
    const struct embedded *f = embedded_find("calendars/cn-2024-2026.json");
    CHECK("embedded", f != NULL);
    const json_t *file = json_read(a, f->bytes, f->len, &e);
    CHECK_OK("calendar", file && workday_calendar_add(c, file, &e), &e);
    return c;
}

void workday_samples_test(void)
{
    struct arena *a = arena_create(4 << 20);
    struct err e = {0};
    const struct workday_calendar *c = china(a);
    const struct embedded *f = embedded_find("samples/workdays.json");
    CHECK("samples", f != NULL);
    const json_t *cases = json_object_get(json_read(a, f->bytes, f->len, &e), "cases");
    CHECK("not fewer", json_array_size(cases) >= 22);
    for (size_t i = 0; i < json_array_size(cases); i++) {
        const json_t *one = json_array_get(cases, i);
        date_days from = day(json_member_text(one, "event")), due;
        int days = (int)json_member_int(one, "days", -1), counted;
        char got[DATE_TEXT_BYTES];
        CHECK_OK("add", workday_add(c, from, days, &due, &e), &e);
        date_write(due, got);
        CHECK_TEXT(json_member_text(one, "event"), got, json_member_text(one, "due"));
        CHECK_OK("between", workday_between(c, from, due, &counted, &e), &e);
        CHECK_INT("counting back", counted, days);
    }
    arena_destroy(a);
}

void workday_kinds_test(void)
{
    static const struct {
        const char *what, *date;
        bool works;
    } cases[] = {
        {"a Monday", "2026-11-23", true},
        {"a Saturday", "2026-11-21", false},
        {"a holiday on a Thursday", "2026-10-01", false},
        {"a make-up Saturday", "2026-10-10", true},
        {"a make-up Sunday", "2026-01-04", true},
        {"New Year's Eve of 2024, in law", "2024-02-09", true},
        {"29 February", "2024-02-29", true},
    };
    struct arena *a = arena_create(4 << 20);
    const struct workday_calendar *c = china(a);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err e = {0};
        bool works;
        CHECK_OK(cases[i].what, workday_is(c, day(cases[i].date), &works, &e), &e);
        CHECK_INT(cases[i].what, works, cases[i].works);
    }
    struct err e = {0};
    date_days out;
    int n;
    CHECK_OK("zero days", workday_add(c, day("2026-10-01"), 0, &out, &e), &e);
    CHECK_INT("the day itself", out, day("2026-10-01"));
    CHECK_OK("rolls on", workday_on_or_after(c, day("2026-10-01"), &out, &e), &e);
    CHECK_INT("to the first working day", out, day("2026-10-08"));
    CHECK_OK("stays", workday_on_or_after(c, day("2026-10-08"), &out, &e), &e);
    CHECK_INT("a working day stays", out, day("2026-10-08"));
    CHECK_OK("backwards", workday_between(c, day("2026-10-08"), day("2026-10-01"), &n, &e), &e);
    CHECK_INT("nothing lies between", n, 0);
    CHECK_OK("one", workday_between(c, day("2026-10-07"), day("2026-10-08"), &n, &e), &e);
    CHECK_INT("the end counts, the start does not", n, 1);
    arena_destroy(a);
}

/* The two functions are each other's inverse for every day of three years. */
void workday_inverse_test(void)
{
    struct arena *a = arena_create(4 << 20);
    struct err e = {0};
    const struct workday_calendar *c = china(a);
    for (date_days d = day("2024-01-01"); d < day("2026-11-01"); d++) {
        date_days due;
        int n;
        CHECK_OK("add", workday_add(c, d, 17, &due, &e), &e);
        CHECK_OK("between", workday_between(c, d, due, &n, &e), &e);
        CHECK_INT("17 back", n, 17);
        CHECK_OK("between", workday_between(c, d, due - 1, &n, &e), &e);
        CHECK_INT("and not a day earlier", n, 16);
    }
    arena_destroy(a);
}

void workday_embedded_test(void)
{
    struct arena *a = arena_create(4 << 20);
    struct err e = {0};
    const struct workday_calendar *c = workday_calendar_embedded(a, &e);
    CHECK_OK("every file of data/calendars is good", c != NULL, &e);
    CHECK_INT("2024 is in", workday_calendar_has(c, 2024), true);
    arena_destroy(a);
}

void workday_year_missing_test(void)
{
    struct arena *a = arena_create(4 << 20);
    const struct workday_calendar *c = china(a);
    struct err e = {0};
    date_days out;
    int n;
    bool works;
    CHECK_INT("2026 is known", workday_calendar_has(c, 2026), true);
    CHECK_INT("2027 is not", workday_calendar_has(c, 2027), false);
    CHECK_REFUSED("runs into 2027", workday_add(c, day("2026-12-31"), 1, &out, &e), &e, RULE,
                  "/calendar");
    CHECK("names the year", strstr(e.text, "2027") != NULL);
    e = (struct err){0};
    CHECK_REFUSED("before 2024",
                  workday_between(c, day("2023-12-28"), day("2024-01-05"), &n, &e), &e, RULE,
                  "/calendar");
    CHECK("names the year", strstr(e.text, "2023") != NULL);
    e = (struct err){0};
    CHECK_REFUSED("a day of 2027", workday_is(c, day("2027-01-01"), &works, &e), &e, RULE,
                  "/calendar");
    e = (struct err){0};
    CHECK_REFUSED("negative", workday_add(c, day("2026-01-05"), -1, &out, &e), &e, INVALID,
                  "/days");
    e = (struct err){0};
    CHECK_OK("the last day of data", workday_add(c, day("2026-12-30"), 1, &out, &e), &e);
    arena_destroy(a);
}

#define YEAR_2027(workdays, holidays)                                                          \
    "{\"type\":\"work_calendar\",\"name\":\"t\",\"years\":[{\"year\":2027,"                    \
    "\"workdays\":" workdays                                                                   \
    ",\"notice_date\":\"2026-11-01\",\"notice_url\":\"test\",\"holidays\":[" holidays "]}]}"
#define HOLIDAY(from, to, work)                                                                \
    "{\"name\":\"h\",\"from\":\"" from "\",\"to\":\"" to "\",\"work\":[" work "]}"

void workday_files_refused_test(void)
{
    static const struct {
        const char *what, *file;
        enum err_code code;
        const char *field;
    } cases[] = {
        {"good",
         YEAR_2027(
             "258",
             HOLIDAY("2027-01-01", "2027-01-03", "\"2027-01-09\",\"2027-01-10\"") "," HOLIDAY(
                 "2026-12-31", "2026-12-31", "") "," HOLIDAY("2027-05-03", "2027-05-06", "")),
         ERR_NONE, ""},
        {"wrong count", YEAR_2027("261", HOLIDAY("2027-01-01", "2027-01-03", "")), ERR_INVALID,
         "/years/0/workdays"},
        {"ends before it begins", YEAR_2027("260", HOLIDAY("2027-01-03", "2027-01-01", "")),
         ERR_INVALID, "/years/0/holidays/0/to"},
        {"a day twice", YEAR_2027("260", HOLIDAY("2027-01-01", "2027-01-03", "\"2027-01-03\"")),
         ERR_INVALID, "/years/0/holidays/0"},
        {"make-up on a Monday",
         YEAR_2027("260", HOLIDAY("2027-01-01", "2027-01-03", "\"2027-01-04\"")), ERR_INVALID,
         "/years/0/holidays/0"},
        {"no date", YEAR_2027("260", HOLIDAY("2027-01-01", "2027-01-03", "\"tomorrow\"")),
         ERR_INVALID, "/years/0/holidays/0/work"},
        {"a year that is unknown", YEAR_2027("260", HOLIDAY("2028-01-01", "2028-01-03", "")),
         ERR_RULE, "/years/0/holidays/0/calendar"},
        {"2026 again",
         "{\"type\":\"work_calendar\",\"name\":\"t\",\"years\":[{\"year\":2026,\"workdays\":"
         "260,"
         "\"notice_date\":\"2026-11-01\",\"notice_url\":\"t\",\"holidays\":[" HOLIDAY(
             "2026-12-31", "2026-12-31", "") "]}]}",
         ERR_CONFLICT, "/years/0/year"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *a = arena_create(4 << 20);
        struct err e = {0};
        bool works;
        struct workday_calendar *c = china(a);
        const json_t *file = json_read(a, cases[i].file, strlen(cases[i].file), &e);
        CHECK_OK(cases[i].what, c && file, &e);
        bool added = workday_calendar_add(c, file, &e);
        CHECK_TEXT(cases[i].what, err_name(e.code), err_name(cases[i].code));
        CHECK_TEXT(cases[i].what, e.field, cases[i].field);
        CHECK_INT("known afterwards", workday_calendar_has(c, 2027), added);
        e = (struct err){0};
        CHECK_OK("2026", workday_is(c, day("2026-12-31"), &works, &e), &e);
        CHECK_INT("a refused file changes nothing", works, !added);
        arena_destroy(a);
    }
}
