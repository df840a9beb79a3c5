/* paper/coverage.c - counts the items of a bank cell by cell and point by point. */
#include "paper/coverage.h"

#include <string.h>

#include "bank/bank.h"
#include "base/arena.h"
#include "base/json_out.h"
#include "programme/programme.h"

static bool serves(const struct item_row *r, int64_t level, const char *direction)
{
    struct item_meta m = {.levels = r->levels,
                          .level_count = r->level_count,
                          .directions = (const char *const *)r->directions,
                          .direction_count = r->direction_count};
    return item_serves(&m, level, direction);
}

struct counting {
    struct arena *arena;
    const struct programme *programme;
    const struct item_row *pool;
    size_t count;
    struct coverage *out;
};

static void add_cell(struct counting *c, const struct blueprint *b,
                     const struct blueprint_cell *cell)
{
    struct coverage *out = c->out;
    struct coverage_cell one = {b->level, b->direction, cell->area, b->parts[cell->part].kind,
                                0,        cell->count};
    for (size_t i = 0; i < c->count; i++)
        one.have += strcmp(c->pool[i].area, one.area) == 0 &&
                    strcmp(c->pool[i].kind, one.kind) == 0 &&
                    serves(&c->pool[i], b->level, b->direction);
    out->lacking += one.have < one.needed;
    out->cells = arena_grow(c->arena, out->cells, out->cell_count, out->cell_count + 1,
                            sizeof *out->cells);
    out->cells[out->cell_count++] = one;
}

/* Parallel forms meet in a point that has one item. The bank of a national standard is shipped
 * and held to an aim; of what a body writes for a programme of its own, one item is asked. */
static int64_t point_aim(const struct programme *p, const char *area)
{
    if (strcmp(p->kind, "national_standard") != 0)
        return 1;
    return programme_basic(p, area) ? COVERAGE_PER_BASIC : COVERAGE_PER_KNOWLEDGE;
}

static void add_point(struct counting *c, const char *area, const char *point)
{
    struct coverage *out = c->out;
    struct coverage_point one = {point, area, 0, point_aim(c->programme, area)};
    for (size_t i = 0; i < c->count; i++)
        one.have += strcmp(c->pool[i].point, point) == 0;
    out->lacking += one.have < one.needed;
    out->points = arena_grow(c->arena, out->points, out->point_count, out->point_count + 1,
                             sizeof *out->points);
    out->points[out->point_count++] = one;
}

/* Knowledge points of a function (of one that names none, its skills), leaves of a basic area (a
 * section without leaves is one). */
static void add_points_of(struct counting *c, const char *area)
{
    const struct work_function *f = programme_function(c->programme, area);
    const struct basic_area *b = programme_basic(c->programme, area);
    size_t knowledge = 0;
    for (size_t i = 0; f && i < f->content_count; i++)
        knowledge += f->contents[i].knowledge_count;
    for (size_t i = 0; f && i < f->content_count; i++) {
        for (size_t k = 0; k < f->contents[i].knowledge_count; k++)
            add_point(c, area, f->contents[i].knowledge[k].id);
        for (size_t k = 0; knowledge == 0 && k < f->contents[i].skill_count; k++)
            add_point(c, area, f->contents[i].skills[k].id);
    }
    for (size_t i = 0; b && i < b->section_count; i++) {
        for (size_t k = 0; k < b->sections[i].item_count; k++)
            add_point(c, area, b->sections[i].items[k].id);
        if (b->sections[i].item_count == 0)
            add_point(c, area, b->sections[i].id);
    }
}

static bool area_is_counted(const struct coverage *c, const char *area)
{
    for (size_t i = 0; i < c->point_count; i++)
        if (strcmp(c->points[i].area, area) == 0)
            return true;
    return false;
}

/* A programme may print no theory paper or no weights (530063 does not): there are no cells to
 * count then, only the points of the level. */
static bool has_weights(const struct programme *p, int64_t level)
{
    const struct component *theory = programme_component(p, "theory");
    return theory && component_at_level(theory, level) && theory->weights;
}

static void add_points_of_level(struct counting *c, int64_t level)
{
    const struct programme *p = c->programme;
    for (size_t i = 0; i < p->function_count; i++)
        if (p->functions[i].level == level && !area_is_counted(c->out, p->functions[i].id))
            add_points_of(c, p->functions[i].id);
    for (size_t i = 0; i < p->basic_count; i++)
        if (!area_is_counted(c->out, p->basic[i].id))
            add_points_of(c, p->basic[i].id);
}

static bool add_column(struct counting *c, int64_t level, const char *direction, struct err *e)
{
    struct blueprint b;
    bool used = false;
    struct blueprint_order order = {c->programme, "theory", level, direction, NULL, 0};
    /* Levels of which the bank has nothing yet are not its failure. Basic requirements serve every
     * level: they show that one is used only where a programme has nothing else (nrta-host). */
    for (size_t i = 0; i < c->count; i++)
        used |= serves(&c->pool[i], level, direction) &&
                (c->programme->function_count == 0 ||
                 !programme_basic(c->programme, c->pool[i].area));
    if (!used)
        return true;
    if (!has_weights(c->programme, level)) {
        add_points_of_level(c, level);
        return true;
    }
    if (!blueprint_make(c->arena, &order, &b, e))
        return false;
    for (size_t i = 0; i < b.cell_count; i++)
        add_cell(c, &b, &b.cells[i]);
    for (size_t i = 0; i < b.cell_count; i++)
        if (!area_is_counted(c->out, b.cells[i].area))
            add_points_of(c, b.cells[i].area);
    return true;
}

bool bank_coverage(struct arena *a, const struct programme *p, const struct item_row *pool,
                   size_t count, struct coverage *out, struct err *e)
{
    struct counting c = {a, p, pool, count, out};
    *out = (struct coverage){0};
    for (size_t i = 0; i < p->level_count; i++) {
        bool any = false;
        for (size_t k = 0; k < p->direction_count; k++)
            if (direction_has_level(&p->directions[k], p->levels[i].level)) {
                any = true;
                if (!add_column(&c, p->levels[i].level, p->directions[k].id, e))
                    return false;
            }
        if (!any && !add_column(&c, p->levels[i].level, NULL, e))
            return false;
    }
    return true;
}

void coverage_write(const struct coverage *c, struct json_out *o)
{
    put_array(o, "cells");
    for (size_t i = 0; i < c->cell_count; i++) {
        const struct coverage_cell *x = &c->cells[i];
        out_object(o);
        put_int(o, "level", x->level);
        put_text(o, "direction", x->direction);
        put_text(o, "area", x->area);
        put_text(o, "kind", x->kind);
        put_int(o, "have", x->have);
        put_int(o, "needed", x->needed);
        out_object_end(o);
    }
    out_array_end(o);
    put_array(o, "points");
    for (size_t i = 0; i < c->point_count; i++) {
        out_object(o);
        put_text(o, "point", c->points[i].point);
        put_text(o, "area", c->points[i].area);
        put_int(o, "have", c->points[i].have);
        put_int(o, "needed", c->points[i].needed);
        out_object_end(o);
    }
    out_array_end(o);
    put_int(o, "lacking", (int64_t)c->lacking);
}
