/* paper/assemble_blueprint.c - a blueprint from JSON: members of the whole and of its form types. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "paper/assemble_read.h"

#include "base/arena.h"

/* Members that only say where a file comes from. */
static const char *const notes[] = {
    "source",
    "bank",
    "model",
    "note",
    "notes",
    "title",
    "lp_bound_y",
    "best_known_y",
    "best_known_by",
    "bank_20000",
    "lp_bound_cross_check",
    "acceptance",
    "verified_here",
    "computed",
    "published",
    "tolerance",
};
static const char *const of_whole[] = {
    "objective", "D",       "theta",    "upper",   "enemies",    "at_most_one",
    "must",      "may_not", "exposure", "overlap", "form_types", "forms",
};
static const char *const of_type[] = {
    "name",     "r",        "target",      "items_per_form", "area_counts", "type_counts",
    "type_min", "type_max", "cells",       "cognitive",      "difficulty",  "points",
    "minutes",  "sum_b",    "information", "limits",         "sections",    "forms",
};

static bool listed(const char *const *list, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i], name) == 0)
            return true;
    return false;
}
#define LISTED(list, name) listed((list), sizeof(list) / sizeof *(list), (name))

static bool names_are_known(const struct reading *r, const json_t *o, bool whole)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)o, name, value)
    {
        bool known = LISTED(of_type, name) ||
                     (whole && (LISTED(of_whole, name) || LISTED(notes, name)));
        if (!known)
            return FAIL(r->e, INVALID, name, "蓝图里没有“%.40s”这一项。", name);
    }
    return true;
}

static bool read_objective(const struct reading *r, const json_t *o)
{
    static const char *const names[] = {"none", "maximin", "maximum", "target"};
    struct assembly_blueprint *b = r->out;
    const json_t *v = json_object_get(o, "objective");
    const char *text = json_string_value(v);
    if (!v) {
        b->objective = json_object_get(o, "target")  ? OBJECTIVE_TARGET
                       : json_object_get(o, "theta") ? OBJECTIVE_MAXIMIN
                                                     : OBJECTIVE_NONE;
        return true;
    }
    for (size_t i = 0; text && i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], text) == 0) {
            b->objective = (enum assembly_objective)i;
            return true;
        }
    return FAIL(r->e, INVALID, "objective",
                "目标 objective 须为 maximin、maximum、target 或 none。");
}

static bool read_thetas(const struct reading *r, const json_t *o)
{
    struct assembly_blueprint *b = r->out;
    if (!read_number_or(r, o, "D", 1, &b->metric) ||
        !read_number_or(r, o, "upper", b->objective == OBJECTIVE_MAXIMIN ? 1.05 : INFINITY,
                        &b->upper) ||
        !read_numbers(r, o, "theta", b->theta, &b->theta_count))
        return false;
    if (fabs(b->metric - 1) > 1e-9 && fabs(b->metric - 1.7) > 1e-9 &&
        fabs(b->metric - 1.702) > 1e-9)
        return FAIL(r->e, INVALID, "D", "量尺常数 D 须为 1、1.7 或 1.702。");
    if (b->upper < 1)
        return FAIL(r->e, INVALID, "upper", "信息量上限 upper 是下限的倍数，不得小于 1。");
    if (b->objective != OBJECTIVE_NONE && b->theta_count == 0)
        return FAIL(r->e, INVALID, "theta", "缺少能力点 theta。");
    for (size_t k = 0; k < b->theta_count; k++)
        if (fabs(b->theta[k]) > 10)
            return FAIL(r->e, INVALID, "theta", "能力点 theta 须在 −10 与 10 之间。");
    return true;
}

static bool read_ratios(const struct reading *r, const json_t *o, const json_t *whole,
                        struct assembly_type *t)
{
    const struct assembly_blueprint *b = r->out;
    const char *name = b->objective == OBJECTIVE_TARGET ? "target" : "r";
    const json_t *from = json_object_get(o, name) ? o : whole;
    size_t count = 0;
    if (!read_numbers(r, from, name, t->r, &count))
        return false;
    if (count == 0 && b->objective != OBJECTIVE_TARGET) {
        for (size_t k = 0; k < b->theta_count; k++)
            t->r[k] = 1;
        return true;
    }
    if (count != b->theta_count)
        return FAIL(r->e, INVALID, name, "%s 与 theta 的个数不同：%zu 与 %zu。", name, count,
                    b->theta_count);
    for (size_t k = 0; k < count; k++)
        if (!(t->r[k] > 0) || t->r[k] > 1e6)
            return FAIL(r->e, INVALID, name, "%s 的每一个都须大于 0。", name);
    return true;
}

static bool read_sets(const struct reading *r, const json_t *o, const char *name)
{
    struct assembly_blueprint *b = r->out;
    const json_t *list = json_object_get(o, name);
    if (list && !json_is_array(list))
        return FAIL(r->e, INVALID, name, "%s 须为数组。", name);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *v = json_array_get(list, i);
        struct assembly_set set = {.label = arena_printf(r->arena, "%s/%zu", name, i)};
        set.tag = json_string_value(v);
        if (!set.tag && !read_texts(r, v, name, &set.ids, &set.id_count))
            return false;
        if (!set.tag && set.id_count < 2)
            return FAIL(r->e, INVALID, set.label, "%s：一组至少要有两题。", set.label);
        for (size_t k = 0; k < set.id_count; k++) {
            if (!reading_has_item(r, set.ids[k]))
                return FAIL(r->e, INVALID, set.label, "%s：题库中没有“%.40s”。", set.label,
                            set.ids[k]);
            for (size_t h = 0; h < k; h++)
                if (strcmp(set.ids[h], set.ids[k]) == 0)
                    return FAIL(r->e, INVALID, set.label, "%s：“%.40s”写了两次。", set.label,
                                set.ids[k]);
        }
        b->sets = arena_grow(r->arena, b->sets, b->set_count, b->set_count + 1,
                             sizeof *b->sets);
        b->sets[b->set_count++] = set;
    }
    return true;
}

static bool read_named_items(const struct reading *r, const json_t *o, const char *name,
                             const char *const **out, size_t *count)
{
    const json_t *v = json_object_get(o, name);
    if (v && !read_texts(r, v, name, out, count))
        return false;
    for (size_t i = 0; i < *count; i++)
        if (!reading_has_item(r, (*out)[i]))
            return FAIL(r->e, INVALID, name, "%s：题库中没有“%.40s”。", name, (*out)[i]);
    return true;
}

/* {"max": n} of one member, or the number itself. */
static bool read_count(const struct reading *r, const json_t *o, const char *name,
                       int64_t otherwise, int64_t *out)
{
    const json_t *v = json_object_get(o, name);
    *out = v ? json_integer_value(v) : otherwise;
    return !v || (json_is_integer(v) && *out >= 0 && *out <= 1000000) ||
           FAIL(r->e, INVALID, name, "%s 须为不小于 0 的整数。", name);
}

static bool read_reuse(const struct reading *r, const json_t *o)
{
    struct assembly_blueprint *b = r->out;
    const json_t *overlap = json_object_get(o, "overlap");
    const json_t *exposure = json_object_get(o, "exposure");
    b->uses = 1;
    b->pair = b->exposure = -1;
    if (json_is_object(overlap) && !(read_count(r, overlap, "uses", 1, &b->uses) &&
                                     read_count(r, overlap, "pair", -1, &b->pair)))
        return false;
    if (overlap && (!json_is_object(overlap) || b->uses < 1))
        return FAIL(r->e, INVALID, "overlap",
                    "overlap 须为 {\"uses\": 每题至多用于几份, \"pair\": 两份至多同几题}。");
    if (json_is_object(exposure))
        return read_count(r, exposure, "max", -1, &b->exposure);
    return read_count(r, o, "exposure", -1, &b->exposure);
}

static bool read_types(const struct reading *r, const json_t *o, size_t forms)
{
    struct assembly_blueprint *b = r->out;
    const json_t *list = json_object_get(o, "form_types");
    size_t count = list ? json_array_size(list) : 1;
    if (list && (!json_is_array(list) || count < 1 || count > ASSEMBLE_TYPES_MAX))
        return FAIL(r->e, INVALID, "form_types", "form_types 须有 1 至 %d 种卷型。",
                    ASSEMBLE_TYPES_MAX);
    for (size_t g = 0; g < count; g++) {
        const json_t *own = list ? json_array_get(list, g) : o;
        struct assembly_type *t = &b->types[g];
        int64_t n;
        if (!json_is_object(own) || (list && !names_are_known(r, own, false)))
            return FAIL(r->e, INVALID, "form_types", "form_types 的每一项须为对象。");
        if (!read_count(r, own, "forms", list ? 1 : (int64_t)(forms ? forms : 1), &n) ||
            !read_ratios(r, own, o, t) || !reading_type(r, own, o, t))
            return false;
        t->forms = !list && forms ? forms : (size_t)n;
        if (t->forms < 1)
            return FAIL(r->e, INVALID, "forms", "卷数须至少为 1。");
        b->forms += t->forms;
    }
    b->type_count = count;
    if (forms && b->forms != forms)
        return FAIL(r->e, INVALID, "forms", "各卷型共 %zu 份，与要求的 %zu 份不同。", b->forms,
                    forms);
    return b->forms <= ASSEMBLE_FORMS_MAX ||
           FAIL(r->e, INVALID, "forms", "一次至多组 %d 份卷。", ASSEMBLE_FORMS_MAX);
}

bool assembly_blueprint_read(struct arena *a, struct bytes text, size_t forms,
                             const struct assembly_bank *bank, struct assembly_blueprint *out,
                             struct err *e)
{
    struct reading r = {a, bank, out, reading_index(a, bank), e};
    *out = (struct assembly_blueprint){0};
    json_t *o = json_read(a, text.at, text.len, e);
    if (!o)
        return false;
    if (!json_is_object(o))
        return FAIL(e, INVALID, "", "蓝图须为一个 JSON 对象。");
    return names_are_known(&r, o, true) && read_objective(&r, o) && read_thetas(&r, o) &&
           read_reuse(&r, o) && read_sets(&r, o, "enemies") &&
           read_sets(&r, o, "at_most_one") &&
           read_named_items(&r, o, "must", &out->must, &out->must_count) &&
           read_named_items(&r, o, "may_not", &out->may_not, &out->may_not_count) &&
           read_types(&r, o, forms);
}
