/* paper/assemble_model.c - turns blueprint and bank into rows, classes and dense values. */
#include "paper/assemble_model.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

double assembly_information(const struct assembly_item *item, double metric, double theta)
{
    double logistic = 1 / (1 + exp(-metric * item->a * (theta - item->b)));
    double p = item->c + (1 - item->c) * logistic;
    double slope = metric * item->a;
    if (p <= 0 || p >= 1)
        return 0;
    return slope * slope * (1 - p) / p * logistic * logistic;
}

struct building {
    struct arena *arena;
    const struct assembly_order *order;
    struct model *m;
    uint32_t *by_id; /* items sorted by id */
};

static const struct assembly_item *items_of(const struct building *b)
{
    return b->order->bank->items;
}

static int by_item_id(const void *x, const void *y, void *items)
{
    const struct assembly_item *all = items;
    return strcmp(all[*(const uint32_t *)x].id, all[*(const uint32_t *)y].id);
}

/* The item, or `items` where the bank has none of that name. */
static uint32_t find(const struct building *b, const char *id)
{
    uint32_t lo = 0, hi = b->m->items;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        int order = strcmp(items_of(b)[b->by_id[mid]].id, id);
        if (order == 0)
            return b->by_id[mid];
        if (order < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return b->m->items;
}

/* --- dense values --------------------------------------------------------------------------------- */
static double measured(const struct assembly_item *item, const struct assembly_sum *s,
                       double metric)
{
    switch (s->measure) {
    case MEASURE_MINUTES:
        return item->minutes;
    case MEASURE_POINTS:
        return item->points;
    case MEASURE_B:
        return item->b;
    case MEASURE_INFORMATION:
        return assembly_information(item, metric, s->theta);
    }
    return 0;
}

/* Of all types, each measure once: the same measure of two types is one column. */
static size_t sum_column(const struct assembly_sum **columns, size_t *count,
                         const struct assembly_sum *s)
{
    for (size_t i = 0; i < *count; i++)
        if (columns[i]->measure == s->measure && fabs(columns[i]->theta - s->theta) < 1e-12)
            return i;
    columns[*count] = s;
    return (*count)++;
}

static void fill_values(const struct building *b, const struct assembly_sum **columns)
{
    struct model *m = b->m;
    const struct assembly_blueprint *bp = b->order->blueprint;
    bool summed = bp->objective == OBJECTIVE_MAXIMUM;
    m->stride = (m->k + m->sums + 7) / 8 * 8;
    m->dense = arena_array(b->arena, double, ((size_t)m->items + 1) * m->stride + 8);
    m->scale = arena_array(b->arena, double, m->sums + 1);
    double *mean = arena_array(b->arena, double, m->sums + 1);
    for (uint32_t i = 0; i < m->items; i++) {
        double *v = m->dense + i * m->stride;
        for (size_t t = 0; t < bp->theta_count && m->k > 0; t++) {
            double info = assembly_information(&items_of(b)[i], bp->metric, bp->theta[t]);
            v[summed ? 0 : t] += summed ? bp->types[0].r[t] * info : info;
        }
        for (size_t s = 0; s < m->sums; s++) {
            double x = measured(&items_of(b)[i], columns[s], bp->metric);
            v[m->k + s] = x;
            mean[s] += x / m->items;
            m->scale[s] += x * x / m->items;
        }
    }
    for (size_t s = 0; s < m->sums; s++)
        m->scale[s] = 15 * sqrt(fmax(1e-6, m->scale[s] - mean[s] * mean[s]));
}

static void make_values(const struct building *b)
{
    struct model *m = b->m;
    const struct assembly_blueprint *bp = b->order->blueprint;
    size_t most = 1;
    for (size_t g = 0; g < bp->type_count; g++)
        most += bp->types[g].sum_count;
    const struct assembly_sum **columns = arena_array(b->arena, const struct assembly_sum *,
                                                      most);
    m->k = bp->objective == OBJECTIVE_NONE      ? 0
           : bp->objective == OBJECTIVE_MAXIMUM ? 1
                                                : bp->theta_count;
    for (size_t g = 0; g < bp->type_count; g++)
        for (size_t i = 0; i < bp->types[g].sum_count; i++)
            (void)sum_column(columns, &m->sums, &bp->types[g].sums[i]);
    for (size_t g = 0; g < bp->type_count; g++) {
        struct model_type *t = &m->type[g];
        t->lo = arena_array(b->arena, double, m->sums + 1);
        t->hi = arena_array(b->arena, double, m->sums + 1);
        t->sum_label = arena_array(b->arena, const char *, m->sums + 1);
        for (size_t s = 0; s < m->sums; s++) {
            t->lo[s] = -INFINITY;
            t->hi[s] = INFINITY;
        }
        for (size_t i = 0; i < bp->types[g].sum_count; i++) {
            const struct assembly_sum *sum = &bp->types[g].sums[i];
            size_t s = sum_column(columns, &m->sums, sum);
            t->sum_label[s] = t->sum_label[s] ? arena_printf(b->arena, "%s + %s",
                                                             t->sum_label[s], sum->label)
                                              : sum->label;
            t->lo[s] = fmax(t->lo[s], sum->lo);
            t->hi[s] = fmin(t->hi[s], sum->hi);
        }
        for (size_t k = 0; k < m->k; k++) {
            double r = bp->types[g].r[k];
            bool target = bp->objective == OBJECTIVE_TARGET;
            bool maximin = bp->objective == OBJECTIVE_MAXIMIN;
            t->ratio[k] = bp->objective == OBJECTIVE_MAXIMUM ? 1 : r;
            t->upper_at_zero[k] = target ? 2 * r : maximin ? 0 : INFINITY;
            t->upper_slope[k] = target ? -r : maximin ? bp->upper * r : 0;
        }
    }
    m->has_upper = bp->objective == OBJECTIVE_TARGET ||
                   (bp->objective == OBJECTIVE_MAXIMIN && bp->upper < INFINITY);
    fill_values(b, columns);
}

/* --- rows ------------------------------------------------------------------------------------------ */
struct listing { /* the rows of each item, before they are packed */
    uint32_t *item, *row;
    size_t count;
};

static void list_add(const struct building *b, struct listing *l, uint32_t item, size_t row)
{
    if ((l->count & (l->count - 1)) == 0) {
        size_t room = l->count ? 2 * l->count : 1;
        l->item = arena_grow(b->arena, l->item, l->count, room, sizeof *l->item);
        l->row = arena_grow(b->arena, l->row, l->count, room, sizeof *l->row);
    }
    l->item[l->count] = item;
    l->row[l->count++] = (uint32_t)row;
}

static struct model_row *row_add(const struct building *b, struct model_type *t,
                                 const char *label, double lo, double hi)
{
    if ((t->row_count & (t->row_count - 1)) == 0)
        t->rows = arena_grow(b->arena, t->rows, t->row_count,
                             t->row_count ? 2 * t->row_count : 1, sizeof *t->rows);
    t->rows[t->row_count] = (struct model_row){
        .label = label, .lo = (int32_t)lo, .hi = (int32_t)hi, .in_lp = true};
    return &t->rows[t->row_count++];
}

static void add_limits(const struct building *b, struct model_type *t, struct listing *l)
{
    const struct assembly_blueprint *bp = b->order->blueprint;
    for (size_t i = 0; i < t->type->limit_count; i++) {
        const struct assembly_limit *limit = &t->type->limits[i];
        row_add(b, t, limit->label, limit->lo, limit->hi);
        for (uint32_t k = 0; k < b->m->items; k++)
            if (assembly_limit_matches(limit, &items_of(b)[k]))
                list_add(b, l, k, t->row_count - 1);
    }
    for (size_t i = 0; i < bp->must_count; i++) {
        row_add(b, t, arena_printf(b->arena, "must/%s", bp->must[i]), 1, 1);
        list_add(b, l, find(b, bp->must[i]), t->row_count - 1);
    }
    t->limit_count = t->row_count;
}

static void add_set(const struct building *b, struct model_type *t, const char *label)
{
    row_add(b, t, label, 0, 1)->is_set = true;
}

static int by_enemy(const void *x, const void *y, void *items)
{
    const struct assembly_item *all = items;
    return strcmp(all[*(const uint32_t *)x].enemy, all[*(const uint32_t *)y].enemy);
}

/* Items that carry the same enemy word. */
static void add_enemy_words(const struct building *b, struct model_type *t, struct listing *l)
{
    struct assembly_item *all = b->order->bank->items;
    uint32_t *with = arena_array(b->arena, uint32_t, (size_t)b->m->items + 1);
    size_t n = 0;
    for (uint32_t i = 0; i < b->m->items; i++)
        if (all[i].enemy)
            with[n++] = i;
    qsort_r(with, n, sizeof *with, by_enemy, all);
    for (size_t i = 0; i < n;) {
        size_t end = i + 1;
        while (end < n && strcmp(all[with[i]].enemy, all[with[end]].enemy) == 0)
            end++;
        if (end - i > 1) {
            add_set(b, t, arena_printf(b->arena, "enemy/%s", all[with[i]].enemy));
            for (size_t k = i; k < end; k++)
                list_add(b, l, with[k], t->row_count - 1);
        }
        i = end;
    }
}

static void add_sets(const struct building *b, struct model_type *t, struct listing *l)
{
    const struct assembly_blueprint *bp = b->order->blueprint;
    for (size_t i = 0; i < bp->set_count; i++) {
        struct assembly_limit by_tag = {.tag = bp->sets[i].tag};
        add_set(b, t, bp->sets[i].label);
        for (size_t k = 0; k < bp->sets[i].id_count; k++)
            list_add(b, l, find(b, bp->sets[i].ids[k]), t->row_count - 1);
        for (uint32_t k = 0; by_tag.tag && k < b->m->items; k++)
            if (assembly_limit_matches(&by_tag, &items_of(b)[k]))
                list_add(b, l, k, t->row_count - 1);
    }
    add_enemy_words(b, t, l);
    for (uint32_t i = 0; i < b->m->items; i++)
        for (size_t k = 0; k < items_of(b)[i].enemy_count; k++) {
            uint32_t other = find(b, items_of(b)[i].enemies[k]);
            if (other >= b->m->items || other == i)
                continue;
            add_set(b, t, arena_printf(b->arena, "enemies/%s", items_of(b)[i].id));
            list_add(b, l, i, t->row_count - 1);
            list_add(b, l, other, t->row_count - 1);
        }
}

static void pack(const struct building *b, struct model_type *t, const struct listing *l)
{
    uint32_t n = b->m->items;
    t->row_start = arena_array(b->arena, uint32_t, (size_t)n + 3);
    t->limits_end = arena_array(b->arena, uint32_t, (size_t)n + 2);
    t->item_row = arena_array(b->arena, uint32_t, l->count + 1);
    for (size_t i = 0; i < l->count; i++)
        t->row_start[l->item[i] + 2]++;
    for (uint32_t i = 2; i < n + 3; i++)
        t->row_start[i] += t->row_start[i - 1];
    for (size_t i = 0; i < l->count; i++) /* listed by row: ascending within an item */
        t->item_row[t->row_start[l->item[i] + 1]++] = l->row[i];
    for (uint32_t i = 0; i <= n; i++) {
        t->limits_end[i] = t->row_start[i];
        while (t->limits_end[i] < t->row_start[i + 1] &&
               t->item_row[t->limits_end[i]] < t->limit_count)
            t->limits_end[i]++;
    }
}

/* --- classes ------------------------------------------------------------------------------------- */
struct signing {
    const struct model_type *t;
    bool exact;
};

static size_t signature(const struct signing *s, uint32_t item, uint32_t *out)
{
    const struct model_type *t = s->t;
    size_t n = 0;
    for (uint32_t k = t->row_start[item]; k < t->limits_end[item]; k++) {
        const struct model_row *r = &t->rows[t->item_row[k]];
        if (!s->exact || r->lo == r->hi)
            out[n++] = t->item_row[k];
    }
    return n;
}

static int by_signature(const void *x, const void *y, void *ctx)
{
    uint32_t p[ASSEMBLE_ROWS_MAX + 64], q[ASSEMBLE_ROWS_MAX + 64];
    size_t n = signature(ctx, *(const uint32_t *)x, p);
    size_t k = signature(ctx, *(const uint32_t *)y, q);
    for (size_t i = 0; i < n && i < k; i++)
        if (p[i] != q[i])
            return p[i] < q[i] ? -1 : 1;
    return (n > k) - (n < k);
}

static uint32_t number_signatures(const struct building *b, const struct model_type *t,
                                  bool exact, uint32_t *out)
{
    struct signing s = {t, exact};
    uint32_t n = b->m->items, count = 0;
    uint32_t *sorted = arena_array(b->arena, uint32_t, (size_t)n + 1);
    for (uint32_t i = 0; i < n; i++)
        sorted[i] = i;
    qsort_r(sorted, n, sizeof *sorted, by_signature, &s);
    for (uint32_t i = 0; i < n; i++) {
        count += i > 0 && by_signature(&sorted[i - 1], &sorted[i], &s) != 0;
        out[sorted[i]] = count;
    }
    return n > 0 ? count + 1 : 0;
}

static void make_classes(const struct building *b, struct model_type *t)
{
    uint32_t n = b->m->items;
    t->kind = arena_array(b->arena, uint32_t, (size_t)n + 1);
    t->class = arena_array(b->arena, uint32_t, (size_t)n + 1);
    t->kind[n] = number_signatures(b, t, false, t->kind);
    t->class_count = number_signatures(b, t, true, t->class);
    t->class[n] = t->class_count; /* of the empty place */
    t->class_start = arena_array(b->arena, uint32_t, (size_t)t->class_count + 3);
    t->class_item = arena_array(b->arena, uint32_t, (size_t)n + 1);
    for (uint32_t i = 0; i < n; i++)
        t->class_start[t->class[i] + 2]++;
    for (uint32_t c = 2; c < t->class_count + 3; c++)
        t->class_start[c] += t->class_start[c - 1];
    for (uint32_t i = 0; i < n; i++)
        t->class_item[t->class_start[t->class[i] + 1]++] = i;
    for (uint32_t i = 0; i < n; i++) {
        int exact = 0;
        for (uint32_t k = t->row_start[i]; k < t->limits_end[i]; k++)
            exact += t->rows[t->item_row[k]].lo == t->rows[t->item_row[k]].hi;
        b->m->mixes |= exact > 1;
    }
    b->m->mixes |= t->size_lo != t->size_hi;
}

/* --- capacity -------------------------------------------------------------------------------------- */
static void make_capacity(const struct building *b)
{
    struct model *m = b->m;
    const struct assembly_blueprint *bp = b->order->blueprint;
    int64_t uses = bp->uses < (int64_t)m->forms ? bp->uses : (int64_t)m->forms;
    m->capacity = arena_array(b->arena, int32_t, (size_t)m->items + 1);
    for (uint32_t i = 0; i < m->items; i++) {
        int64_t left = uses;
        if (bp->exposure >= 0 && bp->exposure - items_of(b)[i].uses < left)
            left = bp->exposure - items_of(b)[i].uses;
        m->capacity[i] = (int32_t)(left > 0 ? left : 0);
    }
    for (size_t i = 0; i < bp->must_count; i++)
        m->capacity[find(b, bp->must[i])] = (int32_t)m->forms;
    for (size_t i = 0; i < bp->may_not_count; i++)
        m->capacity[find(b, bp->may_not[i])] = 0;
    int64_t n = (int64_t)m->forms;
    m->pair_budget = bp->pair < 0 || uses < 2
                         ? -1
                         : (bp->pair + (int64_t)bp->must_count) * n * (n - 1) / 2;
    for (size_t g = 0; g < m->type_count; g++) {
        struct model_type *t = &m->type[g];
        for (uint32_t i = 0; i < m->items; i++)
            for (uint32_t k = t->row_start[i]; k < t->row_start[i + 1]; k++)
                t->rows[t->item_row[k]].supply += m->capacity[i];
        for (size_t r = t->limit_count; r < t->row_count; r++)
            t->rows[r].in_lp = t->rows[r].supply > (int64_t)t->forms;
    }
}

void model_make(struct arena *a, const struct assembly_order *order, struct model *m)
{
    const struct assembly_blueprint *bp = order->blueprint;
    *m = (struct model){.bank = order->bank,
                        .blueprint = bp,
                        .items = (uint32_t)order->bank->count,
                        .type_count = bp->type_count};
    struct building b = {a, order, m, arena_array(a, uint32_t, order->bank->count + 1)};
    for (uint32_t i = 0; i < m->items; i++)
        b.by_id[i] = i;
    qsort_r(b.by_id, m->items, sizeof *b.by_id, by_item_id, order->bank->items);
    for (size_t g = 0; g < bp->type_count; g++) {
        struct model_type *t = &m->type[g];
        struct listing l = {0};
        *t = (struct model_type){.forms = bp->types[g].forms,
                                 .size_lo = bp->types[g].size_lo,
                                 .size_hi = bp->types[g].size_hi,
                                 .type = &bp->types[g]};
        for (size_t f = 0; f < t->forms; f++)
            m->form_type[m->forms++] = (uint8_t)g;
        add_limits(&b, t, &l);
        add_sets(&b, t, &l);
        pack(&b, t, &l);
        make_classes(&b, t);
    }
    make_values(&b);
    make_capacity(&b);
}
