/* measure/fit.c - S-X2, mean squares and Q3 of a calibrated test. */
#include "measure/fit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "measure/numbers.h"
#include "measure/responses.h"
#include "measure/score.h"

enum { K_MAX = IRT_CATEGORIES_MAX };
static const double least_expected = 1;

struct fitting {
    const struct em_data *data;
    const struct em_form *form;
    const struct em_fit *fit;
    size_t top; /* largest sum score */
    const struct scorer *scorer;
};

/* P(score of the other items = r | node), for all nodes: nodes x (top + 1). */
static void rest_distribution(const struct fitting *f, size_t without, double *out)
{
    size_t items = f->data->items;
    struct arena *work = arena_create((size_t)1 << 28);
    double *p = arena_array(work, double, items *K_MAX);
    size_t *categories = arena_array(work, size_t, items);
    for (size_t q = 0; q < f->form->nodes; q++) {
        size_t n = 0;
        for (size_t j = 0; j < items; j++) {
            if (j == without)
                continue;
            irt_probabilities(&f->form->items[j], f->fit->x + j * f->fit->stride,
                              f->form->node[q], p + n * K_MAX);
            categories[n++] = f->form->items[j].categories;
        }
        lord_wingersky_of(p, categories, n, K_MAX, out + q * (f->top + 1));
    }
    arena_destroy(work);
}

/* Expected share of category k of the item among those with sum score s: s x k. */
static void expected_shares(const struct fitting *f, size_t item, const double *rest,
                            double *share)
{
    size_t k_n = f->form->items[item].categories;
    double p[K_MAX];
    memset(share, 0, (f->top + 1) * K_MAX * sizeof *share);
    for (size_t q = 0; q < f->form->nodes; q++) {
        irt_probabilities(&f->form->items[item], f->fit->x + item * f->fit->stride,
                          f->form->node[q], p);
        for (size_t s = 0; s <= f->top; s++)
            for (size_t k = 0; k < k_n && k <= s; k++)
                share[s * K_MAX + k] += f->form->node_weight[q] * p[k] *
                                        rest[q * (f->top + 1) + s - k];
    }
    for (size_t s = 0; s <= f->top; s++) {
        double sum = 0;
        for (size_t k = 0; k < k_n; k++)
            sum += share[s * K_MAX + k];
        for (size_t k = 0; k < k_n && sum > 0; k++)
            share[s * K_MAX + k] /= sum;
    }
}

/* Chi-square over score groups; neighbours are joined, upwards, then categories within a group. */
static void s_x2(const struct fitting *f, size_t item, const double *seen, const double *share,
                 struct item_fit *out)
{
    size_t k_n = f->form->items[item].categories;
    double observed[K_MAX] = {0}, expected[K_MAX] = {0}, cells = 0;
    out->s_x2 = 0;
    for (size_t s = 1; s < f->top; s++) {
        double n = 0, least = INFINITY;
        for (size_t k = 0; k < k_n; k++)
            n += seen[s * K_MAX + k];
        for (size_t k = 0; k < k_n; k++) {
            observed[k] += seen[s * K_MAX + k];
            expected[k] += n * share[s * K_MAX + k];
        }
        double o = 0, e = 0, left = 0;
        for (size_t k = 0; k < k_n; k++)
            left += expected[k];
        for (size_t k = 0; k < k_n; k++)
            least = fmin(least, expected[k]);
        bool last = s + 1 == f->top;
        if (least < least_expected && !(last && left > 2 * least_expected) && k_n == 2)
            continue;
        if (left < (double)k_n * least_expected && !last)
            continue;
        double groups = 0;
        for (size_t k = 0; k < k_n; k++) {
            o += observed[k];
            e += expected[k];
            left -= expected[k];
            if ((e < least_expected || left < least_expected) && k + 1 < k_n)
                continue;
            if (e > 1e-9) {
                out->s_x2 += (o - e) * (o - e) / e;
                groups++;
            }
            o = e = 0;
        }
        cells += groups > 1 ? groups - 1 : 0;
        memset(observed, 0, sizeof observed);
        memset(expected, 0, sizeof expected);
    }
    size_t free_n = 0;
    for (size_t k = 0; k < irt_parameters(&f->form->items[item]); k++)
        free_n += f->fit->place[item * f->fit->stride + k] >= 0 ? 1 : 0;
    out->df = cells - (double)free_n;
    out->p = out->df > 0 ? chi_square_above(out->s_x2, out->df) : NAN;
}

static void item_by_scores(const struct fitting *f, size_t item, struct item_fit *out)
{
    const struct em_data *d = f->data;
    struct arena *work = arena_create((size_t)1 << 30);
    double *rest = arena_array(work, double, f->form->nodes *(f->top + 1));
    double *share = arena_array(work, double, (f->top + 1) * K_MAX);
    double *seen = arena_array(work, double, (f->top + 1) * K_MAX);
    for (size_t i = 0; i < d->patterns; i++) {
        size_t sum = 0;
        bool whole = true;
        for (size_t j = 0; j < d->items && whole; j++) {
            whole = d->x[i * d->items + j] != RESPONSE_MISSING;
            sum += d->x[i * d->items + j];
        }
        if (whole)
            seen[sum * K_MAX + d->x[i * d->items + item]] += d->weight[i];
    }
    rest_distribution(f, item, rest);
    expected_shares(f, item, rest, share);
    s_x2(f, item, seen, share, out);
    arena_destroy(work);
}

/* Sums over persons of residuals and their products, at EAP. */
struct residuals {
    double *r, *v;                    /* of one person; NaN where missing */
    double *n, *x, *y, *xx, *yy, *xy; /* items x items */
    double *top, *bottom, *z2, *count;
};

static void residuals_of(const struct fitting *f, size_t pattern, struct residuals *s)
{
    const struct em_data *d = f->data;
    const uint8_t *x = d->x + pattern * d->items;
    struct ability t = score_person(f->scorer, x, SCORE_EAP);
    for (size_t j = 0; j < d->items; j++) {
        double p[K_MAX], mean = 0, square = 0;
        s->r[j] = NAN;
        if (x[j] == RESPONSE_MISSING)
            continue;
        irt_probabilities(&f->form->items[j], f->fit->x + j * f->fit->stride, t.theta, p);
        for (size_t k = 1; k < f->form->items[j].categories; k++) {
            mean += (double)k * p[k];
            square += (double)(k * k) * p[k];
        }
        s->r[j] = x[j] - mean;
        s->v[j] = fmax(square - mean * mean, 1e-12);
    }
}

static void add_person(const struct em_data *d, double w, struct residuals *s)
{
    for (size_t i = 0; i < d->items; i++) {
        double r = s->r[i];
        if (isnan(r))
            continue;
        s->top[i] += w * r * r;
        s->bottom[i] += w * s->v[i];
        s->z2[i] += w * r * r / s->v[i];
        s->count[i] += w;
        for (size_t j = 0; j < i; j++) {
            size_t at = i * d->items + j;
            double q = s->r[j];
            if (isnan(q))
                continue;
            s->n[at] += w;
            s->x[at] += w * r;
            s->y[at] += w * q;
            s->xx[at] += w * r * r;
            s->yy[at] += w * q * q;
            s->xy[at] += w * r * q;
        }
    }
}

static int by_size(const void *x, const void *y)
{
    double v = fabs(((const struct pair_fit *)x)->q3),
           w = fabs(((const struct pair_fit *)y)->q3);
    return (v < w) - (v > w);
}

static void pairs_of(struct arena *a, size_t items, const struct residuals *s, size_t wanted,
                     struct model_fit *out)
{
    size_t n = 0;
    double sum = 0;
    struct pair_fit *list = arena_array(a, struct pair_fit, items * (items - 1) / 2 + 1);
    for (size_t i = 0; i < items; i++)
        for (size_t j = 0; j < i; j++) {
            size_t at = i * items + j;
            double m = s->n[at], vx = s->xx[at] - s->x[at] * s->x[at] / m;
            double vy = s->yy[at] - s->y[at] * s->y[at] / m;
            double q3 = (s->xy[at] - s->x[at] * s->y[at] / m) / sqrt(vx * vy);
            if (!isfinite(q3))
                continue;
            list[n++] = (struct pair_fit){j, i, q3};
            sum += q3;
        }
    out->q3_mean = n ? sum / (double)n : NAN;
    for (size_t k = 0; k < n; k++)
        list[k].q3 -= out->q3_mean;
    qsort(list, n, sizeof *list, by_size);
    for (size_t k = 0; k < n; k++)
        list[k].q3 += out->q3_mean;
    out->pairs = list;
    out->pair_count = n < wanted ? n : wanted;
}

void fit_model(struct arena *a, const struct em_data *data, const struct em_form *form,
               const struct em_fit *fit, size_t pairs_wanted, struct model_fit *out)
{
    struct scored_items items = {data->items, fit->stride, form->items, fit->x};
    struct fitting f = {data, form, fit, 0, NULL};
    struct residuals s;
    size_t n = data->items;
    double **squares[] = {&s.n, &s.x, &s.y, &s.xx, &s.yy, &s.xy};
    double **rows[] = {&s.r, &s.v, &s.top, &s.bottom, &s.z2, &s.count};
    f.scorer = scorer_create(a, &items, form->node, form->node_weight, form->nodes, 6);
    for (size_t k = 0; k < 6; k++) {
        *squares[k] = arena_array(a, double, n *n);
        *rows[k] = arena_array(a, double, n);
    }
    *out = (struct model_fit){.items = arena_array(a, struct item_fit, n)};
    for (size_t j = 0; j < n; j++)
        f.top += form->items[j].categories - 1;
    for (size_t i = 0; i < data->patterns; i++) {
        residuals_of(&f, i, &s);
        add_person(data, data->weight[i], &s);
    }
    for (size_t j = 0; j < n; j++) {
        item_by_scores(&f, j, &out->items[j]);
        out->items[j].infit = s.bottom[j] > 0 ? s.top[j] / s.bottom[j] : NAN;
        out->items[j].outfit = s.count[j] > 0 ? s.z2[j] / s.count[j] : NAN;
    }
    pairs_of(a, n, &s, pairs_wanted, out);
}
