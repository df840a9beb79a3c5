/* paper/assemble_check.c - counts finished forms again, from the item list and the blueprint alone:
 * no rows, sums or tables of the search are used here. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "paper/assemble.h"

struct checking {
    struct arena *arena;
    const struct assembly_order *order;
    const struct assembly_result *forms;
    size_t count;
    struct assembly_finding *found;
};

static void add(struct checking *c, size_t form, const char *what)
{
    if ((c->count & (c->count - 1)) == 0)
        c->found = arena_grow(c->arena, c->found, c->count, c->count ? 2 * c->count : 1,
                              sizeof *c->found);
    c->found[c->count++] = (struct assembly_finding){form, what};
}

static const struct assembly_item *item_of(const struct checking *c, size_t form, size_t place)
{
    return &c->order->bank->items[c->forms->forms[form][place]];
}

static bool listed(const char *const *ids, size_t count, const char *id)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(ids[i], id) == 0)
            return true;
    return false;
}

static bool tagged(const struct assembly_item *item, const char *tag)
{
    return tag && listed(item->tags, item->tag_count, tag);
}

static void check_counts(struct checking *c, size_t form, const struct assembly_type *t)
{
    size_t size = c->forms->form_size[form];
    if (size < t->size_lo || size > t->size_hi)
        add(c, form, "items_per_form");
    for (size_t i = 0; i < t->limit_count; i++) {
        double n = 0;
        for (size_t p = 0; p < size; p++)
            n += assembly_limit_matches(&t->limits[i], item_of(c, form, p));
        if (n < t->limits[i].lo || n > t->limits[i].hi)
            add(c, form, t->limits[i].label);
    }
}

static void check_sums(struct checking *c, size_t form, const struct assembly_type *t)
{
    for (size_t i = 0; i < t->sum_count; i++) {
        const struct assembly_sum *s = &t->sums[i];
        double sum = 0, size = 1;
        for (size_t p = 0; p < c->forms->form_size[form]; p++) {
            const struct assembly_item *item = item_of(c, form, p);
            double v = s->measure == MEASURE_MINUTES  ? item->minutes
                       : s->measure == MEASURE_POINTS ? item->points
                       : s->measure == MEASURE_B
                           ? item->b
                           : assembly_information(item, c->order->blueprint->metric, s->theta);
            sum += v;
            size += fabs(v);
        }
        if (!(sum >= s->lo - 1e-9 * size) || !(sum <= s->hi + 1e-9 * size))
            add(c, form, s->label);
    }
}

static bool are_enemies(const struct checking *c, const struct assembly_item *x,
                        const struct assembly_item *y)
{
    const struct assembly_blueprint *b = c->order->blueprint;
    if (x->enemy && y->enemy && strcmp(x->enemy, y->enemy) == 0)
        return true;
    if (listed(x->enemies, x->enemy_count, y->id) || listed(y->enemies, y->enemy_count, x->id))
        return true;
    for (size_t i = 0; i < b->set_count; i++) {
        const struct assembly_set *s = &b->sets[i];
        if ((listed(s->ids, s->id_count, x->id) || tagged(x, s->tag)) &&
            (listed(s->ids, s->id_count, y->id) || tagged(y, s->tag)))
            return true;
    }
    return false;
}

static void check_pairs(struct checking *c, size_t form)
{
    size_t size = c->forms->form_size[form];
    for (size_t p = 0; p < size; p++)
        for (size_t q = p + 1; q < size; q++) {
            const struct assembly_item *x = item_of(c, form, p), *y = item_of(c, form, q);
            if (x == y)
                add(c, form, arena_printf(c->arena, "twice/%s", x->id));
            else if (are_enemies(c, x, y))
                add(c, form, arena_printf(c->arena, "enemies/%s/%s", x->id, y->id));
        }
}

static void check_named(struct checking *c, size_t form)
{
    const struct assembly_blueprint *b = c->order->blueprint;
    for (size_t i = 0; i < b->must_count; i++) {
        bool in = false;
        for (size_t p = 0; p < c->forms->form_size[form]; p++)
            in |= strcmp(item_of(c, form, p)->id, b->must[i]) == 0;
        if (!in)
            add(c, form, arena_printf(c->arena, "must/%s", b->must[i]));
    }
    for (size_t p = 0; p < c->forms->form_size[form]; p++)
        if (listed(b->may_not, b->may_not_count, item_of(c, form, p)->id))
            add(c, form, arena_printf(c->arena, "may_not/%s", item_of(c, form, p)->id));
}

static void check_order(struct checking *c, size_t form, const struct assembly_type *t)
{
    size_t before = 0;
    for (size_t p = 0; p < c->forms->form_size[form]; p++) {
        size_t at = t->section_count;
        for (size_t s = t->section_count; s-- > 0;)
            if (listed(t->sections[s].types, t->sections[s].type_count,
                       item_of(c, form, p)->type))
                at = s;
        if (at < before)
            add(c, form, "sections");
        before = at;
    }
}

/* How often items are used, and how many two forms share. */
static void check_reuse(struct checking *c)
{
    const struct assembly_blueprint *b = c->order->blueprint;
    size_t n = c->order->bank->count;
    int64_t *uses = arena_array(c->arena, int64_t, n + 1);
    size_t *last = arena_array(c->arena, size_t, n + 1);
    for (size_t f = 0; f < b->forms; f++) {
        for (size_t p = 0; p < c->forms->form_size[f]; p++) {
            uses[c->forms->forms[f][p]]++;
            last[c->forms->forms[f][p]] = f + 1;
        }
        for (size_t h = f + 1; h < b->forms && b->pair >= 0; h++) {
            int64_t shared = 0;
            for (size_t p = 0; p < c->forms->form_size[h]; p++)
                shared += last[c->forms->forms[h][p]] == f + 1 &&
                          !listed(b->must, b->must_count, item_of(c, h, p)->id);
            if (shared > b->pair)
                add(c, f, arena_printf(c->arena, "overlap/%zu", h));
        }
    }
    for (size_t i = 0; i < n; i++) {
        const struct assembly_item *item = &c->order->bank->items[i];
        if (uses[i] == 0 || listed(b->must, b->must_count, item->id))
            continue;
        if (uses[i] > b->uses)
            add(c, 0, arena_printf(c->arena, "uses/%s", item->id));
        if (b->exposure >= 0 && uses[i] + item->uses > b->exposure)
            add(c, 0, arena_printf(c->arena, "exposure/%s", item->id));
    }
}

static double information(const struct checking *c, size_t form, size_t k)
{
    const struct assembly_blueprint *b = c->order->blueprint;
    double sum = 0;
    for (size_t p = 0; p < c->forms->form_size[form]; p++)
        sum += assembly_information(item_of(c, form, p), b->metric, b->theta[k]);
    return sum;
}

static double objective_of(const struct checking *c, size_t form)
{
    const struct assembly_blueprint *b = c->order->blueprint;
    const double *r = b->types[c->forms->form_type[form]].r;
    double worst = INFINITY, sum = 0;
    for (size_t k = 0; k < b->theta_count; k++) {
        double v = information(c, form, k);
        sum += r[k] * v;
        worst = fmin(worst,
                     b->objective == OBJECTIVE_TARGET ? 1 - fabs(v - r[k]) / r[k] : v / r[k]);
    }
    return b->objective == OBJECTIVE_MAXIMUM ? sum : worst;
}

static double check_information(struct checking *c)
{
    const struct assembly_blueprint *b = c->order->blueprint;
    double worst = INFINITY;
    if (b->objective == OBJECTIVE_NONE)
        return 0;
    for (size_t f = 0; f < b->forms; f++)
        worst = fmin(worst, objective_of(c, f));
    for (size_t f = 0; f < b->forms && b->objective == OBJECTIVE_MAXIMIN; f++)
        for (size_t k = 0; k < b->theta_count; k++)
            if (information(c, f, k) >
                b->upper * b->types[c->forms->form_type[f]].r[k] * worst * (1 + 1e-9))
                add(c, f, arena_printf(c->arena, "upper/%g", b->theta[k]));
    return worst;
}

size_t assembly_recheck(struct arena *a, const struct assembly_order *order,
                        const struct assembly_result *forms, double *objective,
                        struct assembly_finding **found)
{
    struct checking c = {.arena = a, .order = order, .forms = forms};
    for (size_t f = 0; f < order->blueprint->forms; f++) {
        const struct assembly_type *t = &order->blueprint->types[forms->form_type[f]];
        check_counts(&c, f, t);
        check_sums(&c, f, t);
        check_pairs(&c, f);
        check_named(&c, f);
        check_order(&c, f, t);
    }
    check_reuse(&c);
    *objective = check_information(&c);
    if (found)
        *found = c.found;
    return c.count;
}
