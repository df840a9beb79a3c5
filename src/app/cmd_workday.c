/* app/cmd_workday.c - `heng workday`: dates in working days, by the State Council's notices. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/command.h"
#include "base/calendar.h"
#include "base/json_out.h"
#include "base/workday.h"

enum { WORKDAYS_MAX = 3660 };

static bool read_date(const char *text, date_days *out, struct err *e)
{
    return date_read(text, out) ||
           FAIL(e, INVALID, "DATE", "“%.60s”不是 YYYY-MM-DD 形式的真实日期。", text);
}

static bool read_count(const char *text, int *out, struct err *e)
{
    char *end;
    long n = strtol(text, &end, 10);
    if (end == text || *end || n < 0 || n > WORKDAYS_MAX)
        return FAIL(e, INVALID, "N", "“%.60s”不是 0 至 %d 的整数。", text, WORKDAYS_MAX);
    *out = (int)n;
    return true;
}

static bool add(struct arena *a, const struct workday_calendar *c, const char *const *words,
                bool json, struct err *e)
{
    date_days from = 0, day = 0;
    int n = 0;
    char text[DATE_TEXT_BYTES];
    if (!read_date(words[0], &from, e) || !read_count(words[1], &n, e) ||
        !workday_add(c, from, n, &day, e))
        return false;
    date_write(day, text);
    if (!json) {
        puts(text);
        return true;
    }
    struct json_out *o = json_out_create(a);
    out_object(o);
    put_text(o, "date", text);
    out_object_end(o);
    command_print(o);
    return true;
}

static bool between(struct arena *a, const struct workday_calendar *c, const char *const *words,
                    bool json, struct err *e)
{
    date_days from = 0, to = 0;
    int days = 0;
    if (!read_date(words[0], &from, e) || !read_date(words[1], &to, e) ||
        !workday_between(c, from, to, &days, e))
        return false;
    if (!json) {
        printf("%d\n", days);
        return true;
    }
    struct json_out *o = json_out_create(a);
    out_object(o);
    put_int(o, "days", days);
    out_object_end(o);
    command_print(o);
    return true;
}

int cmd_workday(struct arena *a, int argc, char **argv)
{
    bool json = false, ok = false;
    const struct option rows[] = {{"--json", OPTION_FLAG, &json, false}};
    struct arguments rest = {.min = 3, .max = 3};
    struct err e = {0};
    if (!OPTIONS_READ(a, rows, argc, argv, &rest, &e))
        return command_failed(&e);
    const struct workday_calendar *c = workday_calendar_embedded(a, &e);
    if (!c)
        return command_failed(&e);
    if (strcmp(rest.at[0], "add") == 0)
        ok = add(a, c, rest.at + 1, json, &e);
    else if (strcmp(rest.at[0], "between") == 0)
        ok = between(a, c, rest.at + 1, json, &e);
    else
        FAIL(&e, INVALID, rest.at[0], "只有 add 和 between 两种算法。");
    return ok ? EXIT_DONE : command_failed(&e);
}
