/* paper/assemble_bound.c - the proof. From multipliers of the conditions, whatever their origin, an
 * upper bound of the objective by weak duality: no use is made of the linear programme's columns
 * nor of the solver's own account. Any multipliers give a valid bound; good ones a close one. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "paper/assemble_model.h"

void multipliers_of(struct arena *a, const struct model *m, const struct collapsed *c,
                    const double *y, struct multipliers *out)
{
    *out = (struct multipliers){0};
    for (size_t g = 0; g < m->type_count; g++) {
        out->row[g] = arena_array(a, double, m->type[g].row_count + 1);
        out->sum[g] = arena_array(a, double, m->sums + 1);
        out->lower[g] = arena_array(a, double, m->k + 1);
        out->upper[g] = arena_array(a, double, m->k + 1);
    }
    for (size_t i = 0; i < c->l.rows; i++) {
        const struct condition *at = &c->condition[i];
        switch (at->kind) {
        case CONDITION_SIZE:
            out->size[at->type] = y[i];
            break;
        case CONDITION_ROW:
            out->row[at->type][at->at] = y[i];
            break;
        case CONDITION_SUM:
            out->sum[at->type][at->at] = y[i];
            break;
        case CONDITION_LOWER: /* of "I z - F r y - s = 0": lower less upper */
            out->lower[at->type][at->at] += y[i];
            break;
        case CONDITION_UPPER:
            out->upper[at->type][at->at] = fmax(0, -y[i]);
            out->lower[at->type][at->at] += fmax(0, -y[i]);
            break;
        case CONDITION_PAIR:
            out->pair = fmax(0, -y[i]);
            break;
        }
    }
    for (size_t g = 0; g < m->type_count; g++)
        for (size_t k = 0; k < m->k; k++)
            out->lower[g][k] = fmax(0, out->lower[g][k]);
}

struct lagrangian {
    double constant; /* without the items */
    double of_y;     /* coefficient of the objective in the conditions: must be 1 */
    double size;     /* of the terms, for rounding errors */
};

static void limit_term(struct lagrangian *l, double *multiplier, double lo, double hi,
                       double forms)
{
    double limit = *multiplier > 0 ? lo : hi;
    if (!isfinite(limit) || !isfinite(*multiplier)) {
        *multiplier = 0; /* a side that does not exist proves nothing */
        return;
    }
    l->constant -= *multiplier * limit * forms;
    l->size += fabs(*multiplier * limit * forms);
}

static struct lagrangian constants(const struct model *m, const struct multipliers *u)
{
    struct lagrangian l = {0};
    for (size_t g = 0; g < m->type_count; g++) {
        const struct model_type *t = &m->type[g];
        double forms = (double)t->forms, size = u->size[g];
        limit_term(&l, &size, (double)t->size_lo, (double)t->size_hi, forms);
        for (size_t r = 0; r < t->row_count; r++)
            limit_term(&l, &u->row[g][r], t->rows[r].lo, t->rows[r].hi, forms);
        for (size_t s = 0; s < m->sums; s++)
            limit_term(&l, &u->sum[g][s], t->lo[s], t->hi[s], forms);
        for (size_t k = 0; k < m->k; k++) {
            l.of_y += u->lower[g][k] * forms * t->ratio[k];
            if (!m->has_upper)
                continue;
            l.of_y -= u->upper[g][k] * forms * t->upper_slope[k];
            l.constant += u->upper[g][k] * forms * t->upper_at_zero[k];
            l.size += fabs(u->upper[g][k] * forms * t->upper_at_zero[k]);
        }
    }
    if (m->pair_budget >= 0)
        l.constant += u->pair * (double)m->pair_budget;
    return l;
}

/* What one use of the item by a form of type g brings. */
static double gain(const struct model *m, const struct multipliers *u, uint32_t item, size_t g)
{
    const struct model_type *t = &m->type[g];
    const double *v = model_values(m, item);
    double sum = u->size[g];
    for (uint32_t k = t->row_start[item]; k < t->row_start[item + 1]; k++)
        sum += u->row[g][t->item_row[k]];
    for (size_t k = 0; k < m->k; k++)
        sum += (u->lower[g][k] - (m->has_upper ? u->upper[g][k] : 0)) * v[k];
    for (size_t s = 0; s < m->sums; s++)
        sum += u->sum[g][s] * v[m->k + s];
    return sum;
}

struct offer {
    double gain;
    int64_t left;
};

static int by_gain(const void *x, const void *y)
{
    const struct offer *p = x, *q = y;
    return (p->gain < q->gain) - (p->gain > q->gain);
}

/* The best use of each item, freely: up to its capacity, where each further use costs pairs. */
static double items_best(const struct model *m, const struct multipliers *u)
{
    double total = 0, pair = m->pair_budget >= 0 ? u->pair : 0;
    for (uint32_t i = 0; i < m->items; i++) {
        struct offer offers[ASSEMBLE_TYPES_MAX] = {{0}};
        for (size_t g = 0; g < m->type_count; g++)
            offers[g] = (struct offer){gain(m, u, i, g), (int64_t)m->type[g].forms};
        qsort(offers, m->type_count, sizeof *offers, by_gain);
        int32_t n = 0;
        for (size_t g = 0; g < m->type_count; g++)
            for (; n < m->capacity[i] && offers[g].left > 0; n++, offers[g].left--)
                total += fmax(0, offers[g].gain - pair * n);
    }
    return total;
}

void assembly_gains(const struct model *m, const struct multipliers *u, double *out)
{
    struct lagrangian l = constants(m, u);
    double scale = l.of_y > 0 ? 1 / l.of_y : 1;
    for (uint32_t i = 0; i < m->items; i++)
        for (size_t g = 0; g < m->type_count; g++)
            out[i * m->type_count + g] = scale * gain(m, u, i, g);
}

double assembly_bound(const struct model *m, const struct multipliers *u)
{
    struct lagrangian l = constants(m, u);
    if (m->k == 0)
        return 0;
    if (!(l.of_y > 0))
        return INFINITY;
    double bound = (l.constant + items_best(m, u)) / l.of_y;
    return bound + 1e-12 * (l.size / l.of_y + fabs(bound));
}

bool assembly_proves_none(const struct model *m, const struct multipliers *u)
{
    struct lagrangian l = constants(m, u);
    if (m->k > 0 && l.of_y < 0) {
        u->lower[0][0] += -l.of_y / ((double)m->type[0].forms * m->type[0].ratio[0]);
        l = constants(m, u);
    }
    /* Any forms would make the sum at least 0. */
    return l.constant + items_best(m, u) < -1e-7 * (1 + l.size);
}
