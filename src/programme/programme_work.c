/* programme/programme_work.c - reads levels, directions and what must be known. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "programme/programme_fields.h"

/* clang-format off */
static const struct field source_rows[] = {
    {FIELD(struct source, doc, TEXT), .required = true, .min = 1, .max = 20},
    {FIELD(struct source, section, TEXT)},
    {INTS(struct source, lines, line_count)},
    {ONE(struct source, also, source_fields)},
};
const struct fields source_fields = FIELDS("source", struct source, source_rows);

static const struct field occupation_rows[] = {
    {FIELD(struct occupation, code, TEXT)},
    {FIELD(struct occupation, name, TEXT), .required = true, .min = 1, .max = 60},
    {TEXTS(struct occupation, code_aliases, code_alias_count)},
    {TEXTS(struct occupation, names, name_count)},
};
const struct fields occupation_fields =
    FIELDS("occupation", struct occupation, occupation_rows);

static const struct field document_rows[] = {
    {FIELD(struct document, id, TEXT), .required = true, .min = 1, .max = 20},
    {FIELD(struct document, title, TEXT), .required = true, .min = 1, .max = 200},
    {FIELD(struct document, note, TEXT)},
};
const struct fields document_fields = FIELDS("document", struct document, document_rows);

static const struct field level_rows[] = {
    {FIELD(struct level, level, INT), .required = true, .min = 1, .max = 9},
    {FIELD(struct level, name, TEXT), .required = true, .min = 1, .max = 60},
    {FIELD(struct level, skill_level, TEXT)},
    {FIELD(struct level, grade, TEXT)},
    {FIELD(struct level, not_printed, BOOL)},
    {INTS(struct level, includes, include_count)},
    {TEXTS(struct level, posts, post_count)},
    {TEXTS(struct level, duties, duty_count)},
    {ONE(struct level, src, source_fields)},
};
const struct fields level_fields = FIELDS("level", struct level, level_rows);

static const struct field direction_rows[] = {
    {FIELD(struct direction, id, TEXT), .required = true, .min = 1, .max = 1},
    {FIELD(struct direction, no, INT), .required = true, .min = 1, .max = 255},
    {FIELD(struct direction, name, TEXT), .required = true, .min = 1, .max = 60},
    {INTS(struct direction, levels, level_count), .required = true, .min = 1, .max = 9},
};
const struct fields direction_fields = FIELDS("direction", struct direction, direction_rows);

static const struct field point_rows[] = {
    {FIELD(struct point, id, TEXT), .required = true, .min = 1, .max = 40},
    {FIELD(struct point, code, TEXT), .required = true, .min = 1, .max = 40},
    {FIELD(struct point, printed_code, TEXT)},
    {FIELD(struct point, text, TEXT), .required = true, .min = 1, .max = 1000},
    {FIELD(struct point, note, TEXT)},
    {ONE(struct point, src, source_fields)},
};
static const struct fields point_fields = FIELDS("point", struct point, point_rows);

static const struct field content_rows[] = {
    {FIELD(struct work_content, id, TEXT), .required = true, .min = 1, .max = 40},
    {FIELD(struct work_content, code, TEXT), .required = true, .min = 1, .max = 40},
    {FIELD(struct work_content, printed_code, TEXT)},
    {FIELD(struct work_content, name, TEXT), .required = true, .min = 1, .max = 100},
    {LIST(struct work_content, skills, skill_count, point_fields), .required = true},
    {LIST(struct work_content, knowledge, knowledge_count, point_fields)},
    {ONE(struct work_content, src, source_fields)},
};
static const struct fields content_fields =
    FIELDS("work_content", struct work_content, content_rows);

static const struct field function_rows[] = {
    {FIELD(struct work_function, id, TEXT), .required = true, .min = 1, .max = 40},
    {FIELD(struct work_function, code, TEXT), .required = true, .min = 1, .max = 40},
    {FIELD(struct work_function, printed_code, TEXT)},
    {FIELD(struct work_function, name, TEXT), .required = true, .min = 1, .max = 100},
    {FIELD(struct work_function, level, INT), .required = true},
    {TEXTS(struct work_function, directions, direction_count), .required = true},
    {LIST(struct work_function, contents, content_count, content_fields), .required = true,
     .min = 1, .max = 200},
    {ONE(struct work_function, src, source_fields)},
};
const struct fields work_function_fields =
    FIELDS("work_function", struct work_function, function_rows);

static const struct field section_rows[] = {
    {FIELD(struct basic_section, id, TEXT), .required = true, .min = 1, .max = 40},
    {FIELD(struct basic_section, code, TEXT), .required = true, .min = 1, .max = 40},
    {FIELD(struct basic_section, printed_code, TEXT)},
    {FIELD(struct basic_section, name, TEXT), .required = true, .min = 1, .max = 100},
    {LIST(struct basic_section, items, item_count, point_fields), .required = true},
    {ONE(struct basic_section, src, source_fields)},
};
static const struct fields section_fields =
    FIELDS("basic_section", struct basic_section, section_rows);

static const struct field basic_rows[] = {
    {FIELD(struct basic_area, id, TEXT), .required = true, .min = 1, .max = 40},
    {FIELD(struct basic_area, code, TEXT), .required = true, .min = 1, .max = 40},
    {FIELD(struct basic_area, printed_code, TEXT)},
    {FIELD(struct basic_area, name, TEXT), .required = true, .min = 1, .max = 100},
    {LIST(struct basic_area, sections, section_count, section_fields), .required = true,
     .min = 1, .max = 100},
    {ONE(struct basic_area, src, source_fields)},
};
const struct fields basic_area_fields = FIELDS("basic_area", struct basic_area, basic_rows);

static const struct field term_rows[] = {
    {FIELD(struct term, id, TEXT), .required = true, .min = 1, .max = 40},
    {FIELD(struct term, printed_code, TEXT)},
    {FIELD(struct term, name, TEXT), .required = true, .min = 1, .max = 60},
    {FIELD(struct term, text, TEXT), .required = true, .min = 1, .max = 1000},
};
const struct fields term_fields = FIELDS("term", struct term, term_rows);
/* clang-format on */

bool levels_known(const struct programme *p, const int64_t *levels, size_t count,
                  const char *where, struct err *e)
{
    for (size_t i = 0; i < count; i++)
        if (!programme_level(p, levels[i]))
            return FAIL(e, INVALID, where, "没有等级 %lld。", (long long)levels[i]);
    return true;
}

bool directions_known(const struct programme *p, const char *const *directions, size_t count,
                      const char *where, struct err *e)
{
    for (size_t i = 0; i < count; i++)
        if (!programme_direction(p, directions[i]))
            return FAIL(e, INVALID, where, "没有职业方向 %.20s。", directions[i]);
    return true;
}

/* ------------------------------------------------------------------ ids and codes used once */
/* An id is used once in the file; a code once among its siblings, since skills and knowledge of one
 * content, and basic sections and functions, share their numbers. */
struct used {
    const char *among; /* the list of siblings; "" for ids */
    const char *id;
    const char *where;
};

struct ids {
    struct arena *arena;
    struct used *at;
    size_t count, room;
};

static void used_add(struct ids *ids, const char *among, const char *id, const char *where)
{
    if (ids->count == ids->room) {
        size_t room = ids->room ? ids->room * 2 : 512;
        ids->at = arena_grow(ids->arena, ids->at, ids->count, room, sizeof *ids->at);
        ids->room = room;
    }
    ids->at[ids->count++] = (struct used){among, id, where};
}

/* What stands at LIST/INDEX; CODE may be NULL. */
static void names_add(struct ids *ids, const char *list, size_t index, const char *id,
                      const char *code)
{
    used_add(ids, "", id, arena_printf(ids->arena, "%s/%zu/id", list, index));
    if (code)
        used_add(ids, list, code, arena_printf(ids->arena, "%s/%zu/code", list, index));
}

static void points_add(struct ids *ids, const struct point *points, size_t count,
                       const char *list)
{
    for (size_t i = 0; i < count; i++)
        names_add(ids, list, i, points[i].id, points[i].code);
}

static void contents_add(struct ids *ids, const struct work_function *f, const char *list)
{
    for (size_t c = 0; c < f->content_count; c++) {
        const struct work_content *w = &f->contents[c];
        names_add(ids, list, c, w->id, w->code);
        points_add(ids, w->skills, w->skill_count,
                   arena_printf(ids->arena, "%s/%zu/skills", list, c));
        points_add(ids, w->knowledge, w->knowledge_count,
                   arena_printf(ids->arena, "%s/%zu/knowledge", list, c));
    }
}

static void basics_add(struct ids *ids, const struct basic_area *b, const char *list)
{
    for (size_t s = 0; s < b->section_count; s++) {
        names_add(ids, list, s, b->sections[s].id, b->sections[s].code);
        points_add(ids, b->sections[s].items, b->sections[s].item_count,
                   arena_printf(ids->arena, "%s/%zu/items", list, s));
    }
}

static int by_id(const void *x, const void *y)
{
    const struct used *a = x, *b = y;
    int order = strcmp(a->among, b->among);
    order = order ? order : strcmp(a->id, b->id);
    return order ? order : strcmp(a->where, b->where);
}

static bool names_are_unique(const struct programme *p, struct arena *a, struct err *e)
{
    struct ids ids = {.arena = a};
    for (size_t f = 0; f < p->function_count; f++) {
        names_add(&ids, "/functions", f, p->functions[f].id, p->functions[f].code);
        contents_add(&ids, &p->functions[f], arena_printf(a, "/functions/%zu/contents", f));
    }
    for (size_t b = 0; b < p->basic_count; b++) {
        names_add(&ids, "/basic", b, p->basic[b].id, p->basic[b].code);
        basics_add(&ids, &p->basic[b], arena_printf(a, "/basic/%zu/sections", b));
    }
    for (size_t t = 0; t < p->term_count; t++)
        names_add(&ids, "/terms", t, p->terms[t].id, NULL);
    for (size_t g = 0; g < p->eligibility_count; g++)
        for (size_t c = 0; c < p->eligibility[g].clause_count; c++)
            names_add(&ids, arena_printf(a, "/eligibility/%zu/clauses", g), c,
                      p->eligibility[g].clauses[c].id, NULL);
    if (ids.count)
        qsort(ids.at, ids.count, sizeof *ids.at, by_id);
    for (size_t i = 1; i < ids.count; i++)
        if (strcmp(ids.at[i - 1].id, ids.at[i].id) == 0 &&
            strcmp(ids.at[i - 1].among, ids.at[i].among) == 0)
            return FAIL(e, INVALID, ids.at[i].where, "代码 %.40s 用了两次。", ids.at[i].id);
    return true;
}

/* ------------------------------------------------------------------ levels and directions */
static bool levels_check(const struct programme *p, struct err *e)
{
    char at[ERR_FIELD_BYTES];
    for (size_t i = 0; i < p->level_count; i++) {
        const struct level *l = &p->levels[i];
        snprintf(at, sizeof at, "/levels/%zu/level", i);
        for (size_t j = 0; j < i; j++)
            if (p->levels[j].level == l->level)
                return FAIL(e, INVALID, at, "等级 %lld 写了两次。", (long long)l->level);
        snprintf(at, sizeof at, "/levels/%zu/includes", i);
        if (!levels_known(p, l->includes, l->include_count, at, e))
            return false;
        /* From the lowest skill upwards: only what stands before can be included. */
        for (size_t k = 0; k < l->include_count; k++) {
            bool lower = false;
            for (size_t j = 0; j < i; j++)
                lower |= p->levels[j].level == l->includes[k];
            if (!lower)
                return FAIL(e, INVALID, at, "只能涵盖排在前面的较低等级。");
        }
    }
    return true;
}

static bool direction_has_functions(const struct programme *p, const struct direction *d,
                                    int64_t level)
{
    for (size_t i = 0; i < p->function_count; i++)
        if (p->functions[i].level == level && function_examines(&p->functions[i], d->id))
            return true;
    return false;
}

static bool directions_check(const struct programme *p, struct err *e)
{
    char at[ERR_FIELD_BYTES];
    for (size_t i = 0; i < p->direction_count; i++) {
        const struct direction *d = &p->directions[i];
        snprintf(at, sizeof at, "/directions/%zu", i);
        for (size_t j = 0; j < i; j++)
            if (strcmp(p->directions[j].id, d->id) == 0 || p->directions[j].no == d->no)
                return FAIL(e, INVALID, at, "职业方向的代码或序号用了两次。");
        if (!levels_known(p, d->levels, d->level_count, at, e))
            return false;
        for (size_t k = 0; k < d->level_count; k++)
            if (!direction_has_functions(p, d, d->levels[k]))
                return FAIL(e, INVALID, at, "职业方向 %s 在等级 %lld 没有职业功能。", d->id,
                            (long long)d->levels[k]);
    }
    return true;
}

static bool functions_check(const struct programme *p, struct err *e)
{
    char at[ERR_FIELD_BYTES];
    for (size_t i = 0; i < p->function_count; i++) {
        const struct work_function *f = &p->functions[i];
        snprintf(at, sizeof at, "/functions/%zu/level", i);
        if (!levels_known(p, &f->level, 1, at, e))
            return false;
        snprintf(at, sizeof at, "/functions/%zu/directions", i);
        if (!directions_known(p, f->directions, f->direction_count, at, e))
            return false;
        if (p->direction_count && !f->direction_count)
            return FAIL(e, INVALID, at, "没有职业方向考核这项职业功能。");
        for (size_t d = 0; d < f->direction_count; d++)
            if (!direction_has_level(programme_direction(p, f->directions[d]), f->level))
                return FAIL(e, INVALID, at, "职业方向 %s 没有等级 %lld。", f->directions[d],
                            (long long)f->level);
        for (size_t c = 0; c < f->content_count; c++)
            if (!f->contents[c].skill_count) {
                snprintf(at, sizeof at, "/functions/%zu/contents/%zu/skills", i, c);
                return FAIL(e, INVALID, at, "工作内容没有技能要求。");
            }
    }
    return true;
}

bool work_check(const struct programme *p, struct arena *a, struct err *e)
{
    return levels_check(p, e) && functions_check(p, e) && directions_check(p, e) &&
           names_are_unique(p, a, e);
}
