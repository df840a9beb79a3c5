/* paper/assemble_limits.c - the conditions of a form type: counts, sums, sections. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "paper/assemble_read.h"

static int by_id(const void *x, const void *y)
{
    return strcmp((*(const struct assembly_item *const *)x)->id,
                  (*(const struct assembly_item *const *)y)->id);
}

const struct assembly_item *const *reading_index(struct arena *a,
                                                 const struct assembly_bank *bank)
{
    const struct assembly_item **out = arena_array(a, const struct assembly_item *,
                                                   bank->count + 1);
    for (size_t i = 0; i < bank->count; i++)
        out[i] = &bank->items[i];
    qsort(out, bank->count, sizeof *out, by_id);
    return out;
}

bool reading_has_item(const struct reading *r, const char *id)
{
    struct assembly_item key = {.id = id};
    const struct assembly_item *at = &key;
    return bsearch(&at, r->by_id, r->bank->count, sizeof *r->by_id, by_id) != NULL;
}

bool read_number_or(const struct reading *r, const json_t *o, const char *name,
                    double otherwise, double *out)
{
    const json_t *v = json_object_get(o, name);
    *out = otherwise;
    if (!v || json_is_null(v))
        return true;
    *out = json_number_value(v);
    return (json_is_number(v) && isfinite(*out) && fabs(*out) <= 1e9) ||
           FAIL(r->e, INVALID, name, "%.40s 须为一个数。", name);
}

bool read_numbers(const struct reading *r, const json_t *o, const char *name, double *out,
                  size_t *count)
{
    const json_t *v = json_object_get(o, name);
    if (v && (!json_is_array(v) || json_array_size(v) > ASSEMBLE_THETAS_MAX))
        return FAIL(r->e, INVALID, name, "%.40s 须为数组，至多 %d 个。", name,
                    ASSEMBLE_THETAS_MAX);
    *count = json_array_size(v);
    for (size_t i = 0; i < *count; i++) {
        const json_t *one = json_array_get(v, i);
        out[i] = json_number_value(one);
        if (!json_is_number(one) || !isfinite(out[i]))
            return FAIL(r->e, INVALID, name, "%.40s 的每一个都须为数。", name);
    }
    return true;
}

bool read_texts(const struct reading *r, const json_t *v, const char *name,
                const char *const **out, size_t *count)
{
    size_t n = json_array_size(v);
    const char **texts = arena_array(r->arena, const char *, n + 1);
    if (!json_is_array(v))
        return FAIL(r->e, INVALID, name, "%.40s 须为数组。", name);
    for (size_t i = 0; i < n; i++) {
        const json_t *one = json_array_get(v, i);
        texts[i] = json_is_integer(one)
                       ? arena_printf(r->arena, "%lld", (long long)json_integer_value(one))
                       : json_string_value(one);
        if (!texts[i])
            return FAIL(r->e, INVALID, name, "%.40s 的每一个都须为文字。", name);
    }
    *out = texts;
    *count = n;
    return true;
}

/* n, [lo, hi] or {"min", "max"}. */
static bool read_range(const struct reading *r, const json_t *v, const char *label, double *lo,
                       double *hi)
{
    const json_t *low = v, *high = v;
    *lo = 0;
    *hi = INFINITY;
    if (json_is_array(v)) {
        low = json_array_get(v, 0);
        high = json_array_get(v, 1);
    } else if (json_is_object(v)) {
        low = json_object_get(v, "count") ? json_object_get(v, "count")
                                          : json_object_get(v, "min");
        high = json_object_get(v, "count") ? json_object_get(v, "count")
                                           : json_object_get(v, "max");
    }
    bool good = v && (json_is_array(v) ? json_array_size(v) == 2 : true) &&
                (!low || json_is_null(low) || json_is_number(low)) &&
                (!high || json_is_null(high) || json_is_number(high)) && (low || high);
    if (!good)
        return FAIL(r->e, INVALID, label, "“%.60s”须为一个数或 [下限, 上限]。", label);
    if (json_is_number(low))
        *lo = json_number_value(low);
    else if (!json_is_object(v))
        *lo = -INFINITY;
    if (json_is_number(high))
        *hi = json_number_value(high);
    if (isnan(*lo) || isnan(*hi) || *lo > *hi)
        return FAIL(r->e, INVALID, label, "“%.60s”自相矛盾：下限 %g 大于上限 %g。", label, *lo,
                    *hi);
    return true;
}

static bool add_limit(const struct reading *r, struct assembly_type *t,
                      const struct assembly_limit *l)
{
    bool any = false;
    struct assembly_limit one = *l;
    one.lo = ceil(fmax(0, l->lo) - 1e-9);
    one.hi = fmin(floor(l->hi + 1e-9), ASSEMBLE_SIZE_MAX);
    if (one.lo > one.hi)
        return FAIL(r->e, INVALID, l->label, "“%.60s”自相矛盾：%g 与 %g 之间没有整数题数。",
                    l->label, l->lo, l->hi);
    if (t->limit_count >= ASSEMBLE_ROWS_MAX)
        return FAIL(r->e, INVALID, l->label, "条件超过 %d 条。", ASSEMBLE_ROWS_MAX);
    for (size_t i = 0; i < r->bank->count && !any; i++)
        any = assembly_limit_matches(&one, &r->bank->items[i]);
    if (!any && one.lo > 0)
        return FAIL(r->e, INVALID, l->label, "“%.60s”在题库中一道题也没有。", l->label);
    t->limits = arena_grow(r->arena, t->limits, t->limit_count, t->limit_count + 1,
                           sizeof *t->limits);
    t->limits[t->limit_count++] = one;
    return true;
}

/* The member of the form type, or of the whole where the type has none. */
static const json_t *member(const json_t *own, const json_t *whole, const char *name)
{
    const json_t *v = json_object_get(own, name);
    v = v ? v : json_object_get(whole, name);
    return json_is_null(v) ? NULL : v;
}

enum dimension { DIMENSION_AREA, DIMENSION_TYPE, DIMENSION_COGNITIVE, DIMENSION_DIFFICULTY };

static void match_by(struct arena *a, enum dimension d, const char *value,
                     struct assembly_limit *l)
{
    const char **types;
    switch (d) {
    case DIMENSION_AREA:
        l->area = value;
        break;
    case DIMENSION_TYPE:
        types = arena_array(a, const char *, 1);
        types[0] = value;
        l->types = types;
        l->type_count = 1;
        break;
    case DIMENSION_COGNITIVE:
        l->cognitive = value;
        break;
    case DIMENSION_DIFFICULTY:
        l->difficulty = value;
        break;
    }
}

/* {"F4.1": 12, "F4.2": [10, 12]}, or [12, 11, …] for the names "0", "1", … */
static bool read_counts(const struct reading *r, const json_t *v, const char *name,
                        enum dimension d, struct assembly_type *t)
{
    size_t n = json_is_array(v) ? json_array_size(v) : json_object_size(v);
    void *at = json_object_iter((json_t *)v);
    if (v && !json_is_array(v) && !json_is_object(v))
        return FAIL(r->e, INVALID, name, "%s 须为对象或数组。", name);
    for (size_t i = 0; i < n; i++) {
        const char *value = json_is_array(v) ? arena_printf(r->arena, "%zu", i)
                                             : json_object_iter_key(at);
        const json_t *range = json_is_array(v) ? json_array_get(v, i)
                                               : json_object_iter_value(at);
        struct assembly_limit l = {.label = arena_printf(r->arena, "%s/%s", name, value)};
        match_by(r->arena, d, value, &l);
        if (!read_range(r, range, l.label, &l.lo, &l.hi) || !add_limit(r, t, &l))
            return false;
        if (at)
            at = json_object_iter_next((json_t *)v, at);
    }
    return true;
}

/* "type_min": [60, 18, 8] beside "type_max": [70, 26, 14]; objects by name as well. */
static bool read_type_bounds(const struct reading *r, const json_t *min, const json_t *max,
                             struct assembly_type *t)
{
    json_t *both = json_keep(r->arena, json_object());
    const json_t *sides[] = {min, max};
    for (int side = 0; side < 2; side++) {
        const json_t *v = sides[side];
        size_t n = json_is_array(v) ? json_array_size(v) : json_object_size(v);
        void *at = json_object_iter((json_t *)v);
        for (size_t i = 0; i < n; i++) {
            const char *name = json_is_array(v) ? arena_printf(r->arena, "%zu", i)
                                                : json_object_iter_key(at);
            json_t *value = json_is_array(v) ? json_array_get(v, i)
                                             : json_object_iter_value(at);
            if (!json_object_get(both, name))
                json_object_set_new(both, name, json_object());
            json_object_set(json_object_get(both, name), side ? "max" : "min", value);
            if (at)
                at = json_object_iter_next((json_t *)v, at);
        }
    }
    return read_counts(r, both, "type", DIMENSION_TYPE, t);
}

static const char *text_of(const struct reading *r, const json_t *o, const char *name)
{
    const json_t *v = json_object_get(o, name);
    return json_is_integer(v) ? arena_printf(r->arena, "%lld", (long long)json_integer_value(v))
                              : json_string_value(v);
}

/* {"label", "area", "type" or "types", "cognitive", "difficulty", "tag", "items", range} */
static bool read_limit(const struct reading *r, const json_t *o, const char *label,
                       struct assembly_type *t)
{
    static const char *const known[] = {"label",     "area",       "type", "types",
                                        "cognitive", "difficulty", "tag",  "items",
                                        "count",     "min",        "max"};
    struct assembly_limit l = {.label = label};
    const char *name, *type = text_of(r, o, "type");
    json_t *value;
    json_object_foreach((json_t *)o, name, value)
    {
        bool good = false;
        for (size_t i = 0; i < sizeof known / sizeof *known; i++)
            good |= strcmp(known[i], name) == 0;
        if (!good)
            return FAIL(r->e, INVALID, label, "%s 里没有“%.40s”这一项。", label, name);
    }
    if (text_of(r, o, "label"))
        l.label = text_of(r, o, "label");
    l.area = text_of(r, o, "area");
    l.cognitive = text_of(r, o, "cognitive");
    l.difficulty = text_of(r, o, "difficulty");
    l.tag = text_of(r, o, "tag");
    if (type)
        match_by(r->arena, DIMENSION_TYPE, type, &l);
    if (json_object_get(o, "types") &&
        !read_texts(r, json_object_get(o, "types"), label, &l.types, &l.type_count))
        return false;
    l.by_ids = json_object_get(o, "items") != NULL;
    if (l.by_ids && !read_texts(r, json_object_get(o, "items"), label, &l.ids, &l.id_count))
        return false;
    return json_is_object(o) ? read_range(r, o, l.label, &l.lo, &l.hi) && add_limit(r, t, &l)
                             : FAIL(r->e, INVALID, label, "%s 须为对象。", label);
}

static bool read_limits(const struct reading *r, const json_t *list, const char *name,
                        struct assembly_type *t)
{
    if (list && !json_is_array(list))
        return FAIL(r->e, INVALID, name, "%s 须为数组。", name);
    for (size_t i = 0; i < json_array_size(list); i++)
        if (!read_limit(r, json_array_get(list, i), arena_printf(r->arena, "%s/%zu", name, i),
                        t))
            return false;
    return true;
}

static bool add_sum(const struct reading *r, struct assembly_type *t, const json_t *v,
                    struct assembly_sum sum)
{
    if (!v)
        return true;
    if (!read_range(r, v, sum.label, &sum.lo, &sum.hi))
        return false;
    if (sum.measure == MEASURE_MINUTES && !r->bank->has_minutes)
        return FAIL(r->e, INVALID, sum.label, "蓝图限定用时，但题库没有用时 minutes 一列。");
    if (json_is_object(v) && !json_object_get(v, "min") && !json_object_get(v, "count"))
        sum.lo = -INFINITY;
    t->sums = arena_grow(r->arena, t->sums, t->sum_count, t->sum_count + 1, sizeof *t->sums);
    t->sums[t->sum_count++] = sum;
    return true;
}

static bool read_sums(const struct reading *r, const json_t *own, const json_t *whole,
                      struct assembly_type *t)
{
    const json_t *list = member(own, whole, "information");
    if (!add_sum(r, t, member(own, whole, "minutes"),
                 (struct assembly_sum){.label = "minutes", .measure = MEASURE_MINUTES}) ||
        !add_sum(r, t, member(own, whole, "points"),
                 (struct assembly_sum){.label = "points", .measure = MEASURE_POINTS}) ||
        !add_sum(r, t, member(own, whole, "sum_b"),
                 (struct assembly_sum){.label = "sum_b", .measure = MEASURE_B}))
        return false;
    if (list && (!json_is_array(list) || json_array_size(list) > ASSEMBLE_THETAS_MAX))
        return FAIL(r->e, INVALID, "information", "information 须为数组，至多 %d 项。",
                    ASSEMBLE_THETAS_MAX);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *o = json_array_get(list, i);
        struct assembly_sum s = {.measure = MEASURE_INFORMATION};
        s.label = arena_printf(r->arena, "information/%zu", i);
        if (!json_is_object(o) || !json_is_number(json_object_get(o, "theta")))
            return FAIL(r->e, INVALID, s.label, "%s 须有能力点 theta。", s.label);
        s.theta = json_number_value(json_object_get(o, "theta"));
        if (!add_sum(r, t, o, s))
            return false;
    }
    return true;
}

static bool read_sections(const struct reading *r, const json_t *list, struct assembly_type *t)
{
    size_t n = json_array_size(list);
    struct assembly_section *out = arena_array(r->arena, struct assembly_section, n + 1);
    if (list && !json_is_array(list))
        return FAIL(r->e, INVALID, "sections", "sections 须为数组。");
    for (size_t i = 0; i < n; i++) {
        const json_t *o = json_array_get(list, i);
        const char *label = arena_printf(r->arena, "sections/%zu", i);
        struct assembly_limit l = {.label = label};
        const char *name = json_string_value(json_object_get(o, "name"));
        if (!read_texts(r, json_object_get(o, "types"), label, &l.types, &l.type_count))
            return false;
        l.label = name ? name : label;
        out[i] = (struct assembly_section){l.label, l.types, l.type_count};
        bool counted = json_object_get(o, "count") || json_object_get(o, "min") ||
                       json_object_get(o, "max");
        if (json_is_array(json_object_get(o, "count"))) {
            if (!read_range(r, json_object_get(o, "count"), l.label, &l.lo, &l.hi))
                return false;
        } else if (counted && !read_range(r, o, l.label, &l.lo, &l.hi)) {
            return false;
        }
        if (counted && !add_limit(r, t, &l))
            return false;
    }
    t->sections = out;
    t->section_count = n;
    return true;
}

/* Where nothing says how many items a form has, exact counts of every area or section do. */
static bool find_size(const struct reading *r, const json_t *v, const json_t *areas,
                      const json_t *sections, struct assembly_type *t)
{
    double lo = 0, hi = 0;
    if (v && !read_range(r, v, "items_per_form", &lo, &hi))
        return false;
    for (size_t i = 0; !v && areas && i < t->limit_count; i++)
        if (t->limits[i].area && t->limits[i].type_count == 0) {
            lo += t->limits[i].lo;
            hi += t->limits[i].hi;
        }
    for (size_t i = 0; !v && !areas && sections && i < t->limit_count; i++)
        for (size_t s = 0; s < t->section_count; s++)
            if (t->sections[s].types == t->limits[i].types) {
                lo += t->limits[i].lo;
                hi += t->limits[i].hi;
            }
    if (hi <= 0 || lo < 0)
        return FAIL(r->e, INVALID, "items_per_form", "缺少每份卷的题数 items_per_form。");
    if (hi > ASSEMBLE_SIZE_MAX || lo != floor(lo) || hi != floor(hi))
        return FAIL(r->e, INVALID, "items_per_form", "每份卷的题数须为 1 至 %d 的整数。",
                    ASSEMBLE_SIZE_MAX);
    t->size_lo = (size_t)lo;
    t->size_hi = (size_t)hi;
    return true;
}

/* Exact counts of all areas say how many items there are: it must be the number asked for. */
static bool sizes_agree(const struct reading *r, const json_t *areas,
                        const struct assembly_type *t)
{
    double lo = 0, hi = 0;
    size_t inside = 0;
    for (size_t i = 0; i < t->limit_count; i++)
        if (t->limits[i].area && t->limits[i].type_count == 0 && !t->limits[i].by_ids) {
            lo += t->limits[i].lo;
            hi += t->limits[i].hi;
            for (size_t k = 0; k < r->bank->count; k++)
                inside += assembly_limit_matches(&t->limits[i], &r->bank->items[k]);
        }
    if (areas && lo > (double)t->size_hi)
        return FAIL(r->e, INVALID, "area_counts",
                    "各领域至少共 %g 题，多于每份卷的 %zu 题，自相矛盾。", lo, t->size_hi);
    if (areas && inside >= r->bank->count && hi < (double)t->size_lo)
        return FAIL(r->e, INVALID, "area_counts",
                    "各领域至多共 %g 题，少于每份卷的 %zu 题，自相矛盾。", hi, t->size_lo);
    return true;
}

bool reading_type(const struct reading *r, const json_t *own, const json_t *whole,
                  struct assembly_type *t)
{
    const json_t *areas = member(own, whole, "area_counts");
    const json_t *sections = member(own, whole, "sections");
    t->name = json_string_value(json_object_get(own, "name"));
    return read_counts(r, areas, "area", DIMENSION_AREA, t) &&
           read_counts(r, member(own, whole, "type_counts"), "type", DIMENSION_TYPE, t) &&
           read_type_bounds(r, member(own, whole, "type_min"), member(own, whole, "type_max"),
                            t) &&
           read_counts(r, member(own, whole, "cognitive"), "cognitive", DIMENSION_COGNITIVE,
                       t) &&
           read_counts(r, member(own, whole, "difficulty"), "difficulty", DIMENSION_DIFFICULTY,
                       t) &&
           read_limits(r, member(own, whole, "cells"), "cells", t) &&
           read_limits(r, member(own, whole, "limits"), "limits", t) &&
           read_sections(r, sections, t) && read_sums(r, own, whole, t) &&
           find_size(r, member(own, whole, "items_per_form"), areas, sections, t) &&
           sizes_agree(r, areas, t);
}

bool assembly_limit_matches(const struct assembly_limit *l, const struct assembly_item *item)
{
    bool type = l->type_count == 0, id = !l->by_ids, tag = l->tag == NULL;
    if (l->area && strcmp(l->area, item->area) != 0)
        return false;
    if (l->cognitive && (!item->cognitive || strcmp(l->cognitive, item->cognitive) != 0))
        return false;
    if (l->difficulty && (!item->difficulty || strcmp(l->difficulty, item->difficulty) != 0))
        return false;
    for (size_t i = 0; i < l->type_count && !type; i++)
        type = strcmp(l->types[i], item->type) == 0;
    for (size_t i = 0; i < l->id_count && !id; i++)
        id = strcmp(l->ids[i], item->id) == 0;
    for (size_t i = 0; i < item->tag_count && !tag; i++)
        tag = strcmp(l->tag, item->tags[i]) == 0;
    return type && id && tag;
}
