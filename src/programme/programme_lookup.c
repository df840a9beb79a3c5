/* programme/programme_lookup.c - the questions that other modules ask of a programme. */
#include <string.h>

#include "base/arena.h"
#include "programme/programme.h"

const struct level *programme_level(const struct programme *p, int64_t level)
{
    for (size_t i = 0; i < p->level_count; i++)
        if (p->levels[i].level == level)
            return &p->levels[i];
    return NULL;
}

const struct direction *programme_direction(const struct programme *p, const char *id)
{
    for (size_t i = 0; id && i < p->direction_count; i++)
        if (strcmp(p->directions[i].id, id) == 0)
            return &p->directions[i];
    return NULL;
}

bool direction_has_level(const struct direction *d, int64_t level)
{
    for (size_t i = 0; i < d->level_count; i++)
        if (d->levels[i] == level)
            return true;
    return false;
}

bool programme_accepts(const struct programme *p, int64_t level, const char *direction,
                       struct err *e)
{
    const struct level *l = programme_level(p, level);
    bool given = direction && *direction;
    if (!l)
        return FAIL(e, INVALID, "/level", "%s没有等级 %lld。", p->title, (long long)level);
    if (!given)
        return !p->direction_count ||
               FAIL(e, INVALID, "/direction", "每个等级须选择一个职业方向。");
    if (!p->direction_count)
        return FAIL(e, INVALID, "/direction", "%s不分职业方向。", p->title);
    const struct direction *d = programme_direction(p, direction);
    if (!d)
        return FAIL(e, INVALID, "/direction", "%s没有职业方向 %.20s。", p->title, direction);
    return direction_has_level(d, level) ||
           FAIL(e, INVALID, "/direction", "%s职业方向没有%s。", d->name, l->name);
}

bool level_includes(const struct level *higher, int64_t lower)
{
    for (size_t i = 0; i < higher->include_count; i++)
        if (higher->includes[i] == lower)
            return true;
    return higher->level == lower;
}

const struct work_function *programme_function(const struct programme *p, const char *id)
{
    for (size_t i = 0; i < p->function_count; i++)
        if (strcmp(p->functions[i].id, id) == 0)
            return &p->functions[i];
    return NULL;
}

const struct basic_area *programme_basic(const struct programme *p, const char *id)
{
    for (size_t i = 0; i < p->basic_count; i++)
        if (strcmp(p->basic[i].id, id) == 0)
            return &p->basic[i];
    return NULL;
}

const char *programme_area_name(const struct programme *p, const char *area_id)
{
    const struct work_function *f = programme_function(p, area_id);
    const struct basic_area *b = f ? NULL : programme_basic(p, area_id);
    return f ? f->name : b ? b->name : NULL;
}

bool function_examines(const struct work_function *f, const char *direction)
{
    if (!f->direction_count)
        return true;
    for (size_t i = 0; direction && i < f->direction_count; i++)
        if (strcmp(f->directions[i], direction) == 0)
            return true;
    return false;
}

/* ------------------------------------------------------------------ assessment points */
static const struct point *point_in(const struct point *points, size_t count, const char *id)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(points[i].id, id) == 0)
            return &points[i];
    return NULL;
}

static bool work_point(const struct work_function *f, const char *id, struct point_place *out)
{
    for (size_t i = 0; i < f->content_count; i++) {
        const struct work_content *c = &f->contents[i];
        const struct point *skill = point_in(c->skills, c->skill_count, id);
        const struct point *known = skill ? NULL
                                          : point_in(c->knowledge, c->knowledge_count, id);
        if (skill || known) {
            *out = (struct point_place){.point = skill ? skill : known,
                                        .kind = skill ? POINT_SKILL : POINT_KNOWLEDGE,
                                        .function = f,
                                        .content = c};
            return true;
        }
    }
    return false;
}

static bool basic_point(const struct basic_area *b, const char *id, struct point_place *out)
{
    for (size_t i = 0; i < b->section_count; i++) {
        const struct basic_section *s = &b->sections[i];
        const struct point *leaf = point_in(s->items, s->item_count, id);
        if (leaf || (!s->item_count && strcmp(s->id, id) == 0)) {
            *out = (struct point_place){
                .point = leaf, .kind = POINT_BASIC, .basic = b, .section = s};
            return true;
        }
    }
    return false;
}

bool programme_point(const struct programme *p, const char *id, struct point_place *out)
{
    *out = (struct point_place){0};
    for (size_t i = 0; i < p->function_count; i++)
        if (work_point(&p->functions[i], id, out))
            return true;
    for (size_t i = 0; i < p->basic_count; i++)
        if (basic_point(&p->basic[i], id, out))
            return true;
    return false;
}

const char *programme_area_of_point(const struct programme *p, const char *point_id)
{
    struct point_place place;
    if (!programme_point(p, point_id, &place))
        return NULL;
    return place.function ? place.function->id : place.basic->id;
}

/* ------------------------------------------------------------------ rules */
const struct component *programme_component(const struct programme *p, const char *id)
{
    for (size_t i = 0; i < p->component_count; i++)
        if (strcmp(p->components[i].id, id) == 0)
            return &p->components[i];
    return NULL;
}

static bool has_level(const int64_t *levels, size_t count, int64_t level)
{
    for (size_t i = 0; i < count; i++)
        if (levels[i] == level)
            return true;
    return false;
}

bool component_at_level(const struct component *c, int64_t level)
{
    return has_level(c->levels, c->level_count, level);
}

const struct staffing *programme_staffing(const struct programme *p, const char *component,
                                          const char *role)
{
    for (size_t i = 0; i < p->staffing_count; i++)
        if (strcmp(p->staffing[i].component, component) == 0 &&
            strcmp(p->staffing[i].role, role) == 0)
            return &p->staffing[i];
    return NULL;
}

const struct combine_rule *programme_combine(const struct programme *p, const char *component)
{
    for (size_t i = 0; i < p->combine_count; i++)
        if (strcmp(p->combine[i].component, component) == 0)
            return &p->combine[i];
    return NULL;
}

const struct paper_layout *programme_paper(const struct programme *p, const char *component,
                                           int64_t level)
{
    for (size_t i = 0; i < p->paper_count; i++) {
        const struct paper_layout *l = &p->papers[i];
        if (strcmp(l->component, component) == 0 &&
            (!l->level_count || has_level(l->levels, l->level_count, level)))
            return l;
    }
    return NULL;
}

const struct deadline *programme_deadline(const struct programme *p, const char *id)
{
    for (size_t i = 0; i < p->deadline_count; i++)
        if (strcmp(p->deadlines[i].id, id) == 0)
            return &p->deadlines[i];
    return NULL;
}

const struct fee *programme_fee(const struct programme *p, const char *id)
{
    for (size_t i = 0; i < p->fee_count; i++)
        if (strcmp(p->fees[i].id, id) == 0)
            return &p->fees[i];
    return NULL;
}

const struct training_hours *programme_hours(const struct programme *p, int64_t level)
{
    for (size_t i = 0; i < p->training_hours_count; i++)
        if (p->training_hours[i].level == level)
            return &p->training_hours[i];
    return NULL;
}

const struct name_pattern *programme_name_pattern(const struct programme *p, const char *id)
{
    for (size_t i = 0; i < p->name_pattern_count; i++)
        if (strcmp(p->name_patterns[i].id, id) == 0)
            return &p->name_patterns[i];
    return NULL;
}

enum certificate_class programme_certificate_class(const struct programme *p)
{
    return strcmp(p->certificate->class, "level_certificate") == 0 ? CERTIFICATE_LEVEL
                                                                   : CERTIFICATE_TRAINING;
}

const char *programme_source(const struct programme *p, struct arena *a,
                             const struct source *src)
{
    if (!src)
        return arena_printf(a, "《%s》本方案约定", p->title);
    const char *title = p->title;
    for (size_t i = 0; i < p->document_count; i++)
        if (strcmp(p->documents[i].id, src->doc) == 0)
            title = p->documents[i].title;
    return arena_printf(a, "《%s》%s", title, src->section ? src->section : "");
}
