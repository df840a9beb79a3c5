/* app/cmd_bank.c - `heng bank lint PATH | coverage [PATH]`: what a bank lacks or does wrong. Exchange with
 * other systems is in cmd_bank_exchange.c. */
#include <stdio.h>
#include <string.h>

#include "app/cmd_bank.h"
#include "app/command.h"
#include "bank/lint.h"
#include "base/arena.h"
#include "base/json_out.h"
#include "paper/coverage.h"
#include "programme/programme.h"

static const char DEFAULT_PROGRAMME[] = "national-2023";

/* --programme; else the folder in the path that bears a programme's name; else the first. */
static const struct programme *programme_for(struct arena *a, const struct programme_set *set,
                                             const char *name, const char *path, struct err *e)
{
    const struct programme *p = NULL;
    if (name) {
        p = programme_find(set, name);
        if (!p)
            FAIL(e, INVALID, "--programme", "没有项目“%.60s”。", name);
        return p;
    }
    for (const char *part = path; part && *part; part += strspn(part, "/")) {
        size_t len = strcspn(part, "/");
        const struct programme *named = programme_find(set, arena_copy(a, part, len));
        p = named ? named : p;
        part += len;
    }
    return p ? p : programme_find(set, DEFAULT_PROGRAMME);
}

static int lint(struct arena *a, const struct pool *pool, bool json, struct err *e)
{
    struct lint found;
    struct law_list *laws = law_list_embedded(a, e);
    if (!laws)
        return command_failed(e);
    bank_lint(a, pool, laws, &found);
    if (json) {
        struct json_out *o = json_out_create(a);
        out_object(o);
        put_int(o, "items", (int64_t)pool->seen);
        put_array(o, "problems");
        for (size_t i = 0; i < found.count; i++) {
            out_object(o);
            put_text(o, "item", found.problems[i].item);
            put_text(o, "what", found.problems[i].what);
            out_object_end(o);
        }
        out_array_end(o);
        out_object_end(o);
        command_print(o);
    } else {
        for (size_t i = 0; i < found.count; i++)
            printf("%s: %s\n", found.problems[i].item, found.problems[i].what);
        printf("%zu 道试题，%zu 个问题\n", pool->seen, found.count);
    }
    return found.count ? EXIT_NO : EXIT_DONE;
}

static int coverage(struct arena *a, const struct programme *p, const struct pool *pool,
                    bool json, struct err *e)
{
    struct coverage c;
    if (!bank_coverage(a, p, pool->rows, pool->count, &c, e))
        return command_failed(e);
    if (json) {
        struct json_out *o = json_out_create(a);
        out_object(o);
        put_text(o, "programme", p->id);
        put_int(o, "items", (int64_t)pool->count);
        coverage_write(&c, o);
        out_object_end(o);
        command_print(o);
        return c.lacking ? EXIT_NO : EXIT_DONE;
    }
    for (size_t i = 0; i < c.cell_count; i++) {
        const struct coverage_cell *x = &c.cells[i];
        printf("%lld%s %-5s %-11s %3lld / %lld%s\n", (long long)x->level,
               x->direction ? x->direction : "", x->area, x->kind, (long long)x->have,
               (long long)x->needed, x->have < x->needed ? "  不足" : "");
    }
    for (size_t i = 0; i < c.point_count; i++)
        if (c.points[i].have < c.points[i].needed)
            printf("%-10s %3lld / %lld  不足\n", c.points[i].point, (long long)c.points[i].have,
                   (long long)c.points[i].needed);
    printf("%zu 个单元格，%zu 个鉴定点，%zu 处不足\n", c.cell_count, c.point_count, c.lacking);
    return c.lacking ? EXIT_NO : EXIT_DONE;
}

int cmd_bank(struct arena *a, int argc, char **argv)
{
    struct err e = {0};
    bool json = false;
    const char *name = NULL;
    struct programme_set set;
    struct pool pool;
    const struct option rows[] = {{"--json", OPTION_FLAG, &json, false},
                                  {"--programme", OPTION_TEXT, &name, false}};
    struct arguments rest = {.min = 1, .max = 2};
    if (argc > 0 && (strcmp(argv[0], "import") == 0 || strcmp(argv[0], "export") == 0))
        return bank_exchange(a, argc, argv);
    if (!OPTIONS_READ(a, rows, argc, argv, &rest, &e))
        return command_failed(&e);
    bool linting = strcmp(rest.at[0], "lint") == 0;
    const char *path = rest.count > 1 ? rest.at[1] : NULL;
    if (!linting && strcmp(rest.at[0], "coverage") != 0) {
        FAIL(&e, INVALID, rest.at[0], "heng bank 只有 lint、coverage、import 和 export。");
        return command_failed(&e);
    }
    if (!programmes_load_embedded(a, &set, &e))
        return command_failed(&e);
    const struct programme *p = programme_for(a, &set, name, path, &e);
    if (!p || !(path ? pool_read(a, p, path, &pool, &e) : pool_embedded(a, p, &pool, &e)))
        return command_failed(&e);
    return linting ? lint(a, &pool, json, &e) : coverage(a, p, &pool, json, &e);
}
