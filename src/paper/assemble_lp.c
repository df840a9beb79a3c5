/* paper/assemble_lp.c - the collapsed linear programme of a model. */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "paper/assemble_model.h"

struct writing {
    struct arena *arena;
    const struct model *m;
    const struct collapse_order *order;
    struct collapsed *c;
    size_t cells, cells_room, columns_room;
    size_t size_row[ASSEMBLE_TYPES_MAX], sum_row[ASSEMBLE_TYPES_MAX],
        lower_row[ASSEMBLE_TYPES_MAX], upper_row[ASSEMBLE_TYPES_MAX];
    int32_t *lp_row[ASSEMBLE_TYPES_MAX];
    int32_t *sum_lp[ASSEMBLE_TYPES_MAX];
    size_t pair_row;
};

static size_t row_new(struct writing *w, enum condition_kind kind, size_t type, size_t at)
{
    struct linear *l = &w->c->l;
    size_t row = l->rows++;
    w->c->condition = arena_grow(w->arena, w->c->condition, row, row + 1,
                                 sizeof *w->c->condition);
    w->c->condition[row] = (struct condition){kind, type, at};
    return row;
}

static void make_rows(struct writing *w)
{
    const struct model *m = w->m;
    for (size_t g = 0; g < m->type_count; g++) {
        const struct model_type *t = &m->type[g];
        w->lp_row[g] = arena_array(w->arena, int32_t, t->row_count + 1);
        w->sum_lp[g] = arena_array(w->arena, int32_t, m->sums + 1);
        w->size_row[g] = row_new(w, CONDITION_SIZE, g, 0);
        for (size_t r = 0; r < t->row_count; r++)
            w->lp_row[g][r] = t->rows[r].in_lp ? (int32_t)row_new(w, CONDITION_ROW, g, r) : -1;
        for (size_t s = 0; s < m->sums; s++)
            w->sum_lp[g][s] = isfinite(t->lo[s]) || isfinite(t->hi[s])
                                  ? (int32_t)row_new(w, CONDITION_SUM, g, s)
                                  : -1;
        w->lower_row[g] = w->c->l.rows;
        for (size_t k = 0; k < m->k; k++)
            (void)row_new(w, CONDITION_LOWER, g, k);
        w->upper_row[g] = w->c->l.rows;
        for (size_t k = 0; k < m->k && m->has_upper; k++)
            (void)row_new(w, CONDITION_UPPER, g, k);
    }
    w->pair_row = SIZE_MAX;
    if (m->pair_budget >= 0)
        w->pair_row = row_new(w, CONDITION_PAIR, 0, 0);
    w->c->l.rhs = arena_array(w->arena, double, w->c->l.rows + 1);
}

static size_t uses_of(const struct model *m, uint32_t item)
{
    /* One column for all uses where sharing costs nothing. */
    return m->pair_budget >= 0 ? (size_t)m->capacity[item] : m->capacity[item] > 0;
}

static void make_room(struct writing *w)
{
    const struct model *m = w->m;
    struct linear *l = &w->c->l;
    size_t columns = 1 + 3 * l->rows, cells = 4 * (l->rows + 1) * 3, groups = 0;
    for (uint32_t i = 0; i < m->items; i++) {
        size_t uses = uses_of(m, i);
        for (size_t g = 0; g < m->type_count; g++) {
            const struct model_type *t = &m->type[g];
            columns += uses;
            cells += uses * (2 + m->k + m->sums + t->row_start[i + 1] - t->row_start[i]);
        }
        groups += m->type_count > 1 ? uses : 0;
    }
    columns += groups;
    l->start = arena_array(w->arena, size_t, columns + 2);
    l->row = arena_array(w->arena, uint32_t, cells + 1);
    l->value = arena_array(w->arena, double, cells + 1);
    l->cost = arena_array(w->arena, double, columns + 1);
    l->upper = arena_array(w->arena, double, columns + 1);
    w->c->column_item = arena_array(w->arena, uint32_t, columns + 1);
    w->c->column_type = arena_array(w->arena, uint8_t, columns + 1);
    if (groups > 0) {
        l->group = arena_array(w->arena, int32_t, columns + 1);
        l->group_rhs = arena_array(w->arena, double, groups + 1);
    }
}

static void put(struct writing *w, size_t row, double value)
{
    struct linear *l = &w->c->l;
    l->row[w->cells] = (uint32_t)row;
    l->value[w->cells++] = value;
}

static void column_end(struct writing *w, double upper, double cost, int32_t group)
{
    struct linear *l = &w->c->l;
    l->upper[l->columns] = upper;
    l->cost[l->columns] = cost;
    if (l->group)
        l->group[l->columns] = group;
    l->start[++l->columns] = w->cells;
}

/* One use, or all uses, of an item by the forms of type g; rows ascend. */
static void item_column(struct writing *w, uint32_t item, size_t g, size_t nth, double upper,
                        int32_t group)
{
    const struct model *m = w->m;
    const struct model_type *t = &m->type[g];
    const double *v = model_values(m, item);
    w->c->column_item[w->c->l.columns] = item;
    w->c->column_type[w->c->l.columns] = (uint8_t)g;
    put(w, w->size_row[g], 1);
    for (uint32_t k = t->row_start[item]; k < t->row_start[item + 1]; k++)
        if (w->lp_row[g][t->item_row[k]] >= 0)
            put(w, (size_t)w->lp_row[g][t->item_row[k]], 1);
    for (size_t s = 0; s < m->sums; s++)
        if (w->sum_lp[g][s] >= 0)
            put(w, (size_t)w->sum_lp[g][s], v[m->k + s]);
    for (size_t k = 0; k < m->k; k++)
        put(w, w->lower_row[g] + k, v[k]);
    if (w->pair_row != SIZE_MAX && nth > 0)
        put(w, w->pair_row, (double)nth);
    column_end(w, upper, 0, group);
}

static void item_columns(struct writing *w)
{
    const struct model *m = w->m;
    struct linear *l = &w->c->l;
    for (uint32_t i = 0; i < m->items; i++) {
        size_t uses = uses_of(m, i);
        for (size_t n = 0; n < uses; n++) {
            double upper = m->pair_budget >= 0 ? 1 : m->capacity[i];
            int32_t group = m->type_count > 1 ? (int32_t)l->groups : -1;
            for (size_t g = 0; g < m->type_count; g++)
                item_column(w, i, g, n, fmin(upper, (double)m->type[g].forms), group);
            if (group >= 0)
                l->group_rhs[l->groups++] = upper;
        }
    }
    w->c->item_columns = l->columns;
    for (size_t g = 0; g < l->groups; g++) /* what is left of each item */
        column_end(w, INFINITY, 0, (int32_t)g);
}

/* value - slack = lo, or value + slack = hi. */
static void range_row(struct writing *w, size_t row, double lo, double hi, double forms)
{
    struct linear *l = &w->c->l;
    if (isfinite(lo)) {
        l->rhs[row] = lo * forms;
        if (hi > lo) {
            put(w, row, -1);
            column_end(w, (hi - lo) * forms, 0, -1);
        }
    } else {
        l->rhs[row] = hi * forms;
        put(w, row, 1);
        column_end(w, INFINITY, 0, -1);
    }
}

/* lower: sum I z - F r y - s = 0; upper: s + t = F (u + v y) - F r y. */
static void information_rows(struct writing *w, size_t g)
{
    const struct model *m = w->m;
    const struct model_type *t = &m->type[g];
    double forms = (double)t->forms, loose = 1 - w->order->tighten;
    for (size_t k = 0; k < m->k; k++) {
        put(w, w->lower_row[g] + k, -1);
        if (m->has_upper)
            put(w, w->upper_row[g] + k, 1);
        column_end(w, INFINITY, 0, -1);
        if (!m->has_upper)
            continue;
        w->c->l.rhs[w->upper_row[g] + k] = forms * t->upper_at_zero[k] * loose;
        put(w, w->upper_row[g] + k, 1);
        column_end(w, INFINITY, 0, -1);
    }
}

static void objective_column(struct writing *w)
{
    const struct model *m = w->m;
    double loose = 1 - w->order->tighten;
    if (m->k == 0)
        return;
    for (size_t g = 0; g < m->type_count; g++) {
        const struct model_type *t = &m->type[g];
        double forms = (double)t->forms;
        for (size_t k = 0; k < m->k; k++)
            put(w, w->lower_row[g] + k, -forms * t->ratio[k]);
        for (size_t k = 0; k < m->k && m->has_upper; k++)
            put(w, w->upper_row[g] + k, -forms * (t->upper_slope[k] * loose - t->ratio[k]));
    }
    column_end(w, INFINITY, w->order->phase_one ? 0 : -1, -1);
}

/* Both ways out of every condition, at a price; free for what is left out. */
static void elastic_columns(struct writing *w)
{
    const struct model *m = w->m;
    for (size_t row = 0; row < w->c->l.rows; row++) {
        const struct condition *c = &w->c->condition[row];
        double price = 1;
        if (c->kind == CONDITION_LOWER)
            continue; /* y may be 0 */
        if (c->kind == CONDITION_SUM)
            price = 15 / m->scale[c->at];
        if (w->order->leave_out && w->order->leave_out[row])
            price = 0;
        for (int side = -1; side <= 1; side += 2) {
            put(w, row, side);
            column_end(w, INFINITY, price, -1);
        }
    }
}

void collapse(struct arena *a, const struct model *m, const struct collapse_order *order,
              struct collapsed *out)
{
    struct writing w = {.arena = a, .m = m, .order = order, .c = out};
    *out = (struct collapsed){0};
    make_rows(&w);
    make_room(&w);
    item_columns(&w);
    for (size_t g = 0; g < m->type_count; g++) {
        const struct model_type *t = &m->type[g];
        double forms = (double)t->forms;
        range_row(&w, w.size_row[g], (double)t->size_lo, (double)t->size_hi, forms);
        for (size_t r = 0; r < t->row_count; r++)
            if (w.lp_row[g][r] >= 0)
                range_row(&w, (size_t)w.lp_row[g][r], t->rows[r].lo, t->rows[r].hi, forms);
        for (size_t s = 0; s < m->sums; s++)
            if (w.sum_lp[g][s] >= 0)
                range_row(&w, (size_t)w.sum_lp[g][s], t->lo[s], t->hi[s], forms);
        information_rows(&w, g);
    }
    if (w.pair_row != SIZE_MAX)
        range_row(&w, w.pair_row, 0, (double)m->pair_budget, 1);
    objective_column(&w);
    if (order->phase_one)
        elastic_columns(&w);
}
