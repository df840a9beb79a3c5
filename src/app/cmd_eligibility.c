/* app/cmd_eligibility.c - `heng eligibility FACTS.json --programme ID --level N`. */
#include <stdio.h>
#include <string.h>

#include "app/command.h"
#include "base/arena.h"
#include "base/calendar.h"
#include "base/clock.h"
#include "base/fields.h"
#include "base/file.h"
#include "base/json.h"
#include "base/json_out.h"
#include "programme/eligibility.h"
#include "programme/facts.h"
#include "programme/programme.h"

enum { FACTS_FILE_MAX = 1 << 20 };

struct question {
    const char *programme, *direction;
    int64_t level;
    date_days as_of;
};

static bool read_facts(struct arena *a, const char *path, struct facts *out, struct err *e)
{
    struct bytes text;
    if (!file_read(a, path, FACTS_FILE_MAX, &text, e))
        return false;
    const json_t *json = json_read(a, text.at, text.len, e);
    if (json && facts_read(a, json, out, e))
        return true;
    const char *slash = strrchr(path, '/');
    if (!*e->field) /* of the whole */
        err_under(e, slash ? slash + 1 : path);
    return false;
}

/* --as-of, else the day in the file, else today in China. */
static bool day_of(const struct question *asked, const struct facts *f, date_days *out,
                   struct err *e)
{
    *out = asked->as_of != DATE_NONE ? asked->as_of
           : f->as_of != DATE_NONE   ? f->as_of
                                     : date_of_instant(clock_now_ms(), CHINA_OFFSET_MS);
    int year = civil_of(*out).year;
    return (year >= 1900 && year <= 2199) ||
           FAIL(e, INVALID, "--as-of", "日期须在1900年至2199年之间。");
}

/* "/level" of the question is "--level" here. */
static void name_the_option(struct err *e)
{
    if (strcmp(e->field, "/level") == 0 || strcmp(e->field, "/direction") == 0) {
        e->field[0] = '-';
        err_under(e, "-");
    }
}

static bool judge(struct arena *a, const char *path, const struct question *asked,
                  struct eligibility *out, struct err *e)
{
    struct facts *facts = arena_new(a, struct facts);
    struct programme_set set;
    if (!programmes_load_embedded(a, &set, e) || !read_facts(a, path, facts, e))
        return false;
    struct eligibility_question q = {
        .programme = programme_find(&set, asked->programme),
        .level = asked->level,
        .direction = asked->direction,
        .facts = facts,
    };
    if (!q.programme)
        return FAIL(e, INVALID, "--programme", "没有方案“%.60s”。", asked->programme);
    if (!day_of(asked, facts, &q.as_of, e))
        return false;
    if (eligibility_judge(a, &q, out, e))
        return true;
    name_the_option(e);
    return false;
}

int cmd_eligibility(struct arena *a, int argc, char **argv)
{
    struct question asked = {.as_of = DATE_NONE};
    bool json = false; /* the only output, so the flag changes nothing */
    const struct option rows[] = {
        {"--programme", OPTION_TEXT, &asked.programme, true},
        {"--level", OPTION_INT, &asked.level, true},
        {"--direction", OPTION_TEXT, &asked.direction, false},
        {"--as-of", OPTION_DATE, &asked.as_of, false},
        {"--json", OPTION_FLAG, &json, false},
    };
    struct arguments rest = {.min = 1, .max = 1};
    struct err e = {0};
    struct eligibility v;
    if (!OPTIONS_READ(a, rows, argc, argv, &rest, &e) || !judge(a, rest.at[0], &asked, &v, &e))
        return command_failed(&e);
    struct json_out *o = json_out_create(a);
    eligibility_write(&v, o);
    command_print(o);
    return v.verdict == MET ? EXIT_DONE : EXIT_NO;
}
