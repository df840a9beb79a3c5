/* app/cmd_programme.c - `heng programme list | show ID | check FILE`. */
#include <stdio.h>
#include <string.h>

#include "app/command.h"
#include "base/arena.h"
#include "base/file.h"
#include "base/json_out.h"
#include "programme/programme.h"

enum { PROGRAMME_FILE_MAX = 8 << 20 };

static int list(const struct programme_set *set, bool json, struct arena *a)
{
    struct json_out *o = json_out_create(a);
    out_object(o);
    put_array(o, "programmes");
    for (size_t i = 0; i < set->count; i++) {
        const struct programme *p = set->at[i];
        if (!json) {
            printf("%-16s %-12s %s\n", p->id, p->occupation->code ? p->occupation->code : "--",
                   p->title);
            continue;
        }
        out_object(o);
        put_text(o, "id", p->id);
        put_int(o, "no", p->no);
        put_text(o, "kind", p->kind);
        put_text(o, "code", p->occupation->code);
        put_text(o, "name", p->name);
        put_text(o, "title", p->title);
        put_array(o, "levels");
        for (size_t l = 0; l < p->level_count; l++)
            out_int(o, p->levels[l].level);
        out_array_end(o);
        put_array(o, "directions");
        for (size_t d = 0; d < p->direction_count; d++)
            out_text(o, p->directions[d].id);
        out_array_end(o);
        put_text(o, "certificate_class", p->certificate->class);
        put_text(o, "digest", p->digest);
        out_object_end(o);
    }
    out_array_end(o);
    out_object_end(o);
    if (json)
        command_print(o);
    return EXIT_DONE;
}

/* ------------------------------------------------------------------ show, for people */
static void show_functions(const struct programme *p, int64_t level)
{
    for (size_t i = 0; i < p->function_count; i++) {
        const struct work_function *f = &p->functions[i];
        if (f->level != level)
            continue;
        printf("  %s %s", f->id, f->name);
        for (size_t d = 0; d < f->direction_count; d++)
            printf("%s%s", d ? "" : "  方向 ", f->directions[d]);
        printf("\n");
        for (size_t c = 0; c < f->content_count; c++)
            printf("    %s %s（技能要求 %zu，相关知识 %zu）\n", f->contents[c].id,
                   f->contents[c].name, f->contents[c].skill_count,
                   f->contents[c].knowledge_count);
    }
}

static void show_clauses(const struct programme *p, int64_t level)
{
    for (size_t i = 0; i < p->eligibility_count; i++)
        for (size_t c = 0;
             p->eligibility[i].level == level && c < p->eligibility[i].clause_count; c++)
            printf("  申报条件%s%s\n", p->eligibility[i].clauses[c].printed_no,
                   p->eligibility[i].clauses[c].text);
}

static void show_rules(const struct programme *p, int64_t level)
{
    const struct training_hours *h = programme_hours(p, level);
    if (h)
        printf("  培训不少于%lld%s\n", (long long)h->min_hours,
               p->hours_unit ? p->hours_unit : "学时");
    for (size_t i = 0; i < p->component_count; i++) {
        const struct component *c = &p->components[i];
        if (!component_at_level(c, level))
            continue;
        printf("  %s 满分%lld 合格%lld", c->name, (long long)(c->full_millimarks / 1000),
               (long long)(c->pass_millimarks / 1000));
        if (c->min_minutes)
            printf(" 不少于%lld分钟", (long long)c->min_minutes);
        printf("\n");
    }
}

static void show(const struct programme *p)
{
    printf("%s\n%s（%s）\n", p->title, p->name,
           p->occupation->code ? p->occupation->code : "--");
    if (p->issuer)
        printf("%s\n", p->issuer);
    for (size_t d = 0; d < p->direction_count; d++)
        printf("%s%s %s", d ? "；" : "职业方向：", p->directions[d].id, p->directions[d].name);
    printf("%s", p->direction_count ? "\n" : "");
    for (size_t i = 0; i < p->level_count; i++) {
        int64_t level = p->levels[i].level;
        printf("\n等级 %lld %s\n", (long long)level, p->levels[i].name);
        show_functions(p, level);
        show_clauses(p, level);
        show_rules(p, level);
    }
    for (size_t i = 0; i < p->term_count; i++)
        printf("%s术语 %s：%s\n", i ? "" : "\n", p->terms[i].name, p->terms[i].text);
    for (size_t i = 0; i < p->major_list_count; i++) {
        printf("\n%s：", p->majors[i].name);
        for (size_t k = 0; k < p->majors[i].item_count; k++)
            printf("%s%s", k ? "、" : "", p->majors[i].items[k]);
        printf("\n");
    }
    printf("\n其余 %zu 条说明见 heng programme show %s --json\n", p->text_count, p->id);
}

/* ------------------------------------------------------------------ check */
/* Against the others: a file with a shipped programme's id stands for that programme. */
static bool fits_the_others(const struct programme_set *set, const struct programme *p,
                            struct arena *a, struct err *e)
{
    const struct programme **others = arena_array(a, const struct programme *, set->count + 1);
    struct programme_set rest = {.at = others};
    for (size_t i = 0; i < set->count; i++)
        if (strcmp(set->at[i]->id, p->id) != 0)
            others[rest.count++] = set->at[i];
    return programme_fits(&rest, p, e);
}

static int check(const struct programme_set *set, const char *path, bool json, struct arena *a)
{
    struct bytes text;
    struct err e = {0};
    if (!file_read(a, path, PROGRAMME_FILE_MAX, &text, &e))
        return command_failed(&e);
    const struct programme *p = programme_load(a, path, text.at, text.len, &e);
    bool valid = p && fits_the_others(set, p, a, &e);
    if (!valid)
        (void)command_failed(&e); /* the sentence; that the file does not do is the answer */
    if (!json) {
        if (valid)
            printf("%s：可用（%s）\n", path, p->title);
        return valid ? EXIT_DONE : EXIT_NO;
    }
    struct json_out *o = json_out_create(a);
    out_object(o);
    put_bool(o, "valid", valid);
    put_text(o, "file", path);
    put_text(o, "id", p ? p->id : NULL);
    put_array(o, "problems");
    if (!valid) {
        out_object(o);
        put_text(o, "at", e.field);
        put_text(o, "what", e.text);
        out_object_end(o);
    }
    out_array_end(o);
    out_object_end(o);
    command_print(o);
    return valid ? EXIT_DONE : EXIT_NO;
}

int cmd_programme(struct arena *a, int argc, char **argv)
{
    bool json = false;
    const struct option rows[] = {{"--json", OPTION_FLAG, &json, false}};
    struct arguments rest = {.min = 1, .max = 2};
    struct err e = {0};
    struct programme_set set;
    if (!OPTIONS_READ(a, rows, argc, argv, &rest, &e) || !programmes_load_embedded(a, &set, &e))
        return command_failed(&e);
    const char *act = rest.at[0], *what = rest.count == 2 ? rest.at[1] : NULL;
    if (strcmp(act, "list") == 0 && !what)
        return list(&set, json, a);
    if (strcmp(act, "check") == 0 && what)
        return check(&set, what, json, a);
    if (strcmp(act, "show") != 0 || !what) {
        FAIL(&e, INVALID, act, "用法：heng programme list | show ID | check FILE。");
        return command_failed(&e);
    }
    const struct programme *p = programme_find(&set, what);
    if (!p) {
        FAIL(&e, INVALID, "ID", "没有方案“%.60s”。", what);
        return command_failed(&e);
    }
    if (!json) {
        show(p);
        return EXIT_DONE;
    }
    struct json_out *o = json_out_create(a);
    out_json(o, p->file);
    command_print(o);
    return EXIT_DONE;
}
