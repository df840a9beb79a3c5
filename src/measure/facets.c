/* measure/facets.c - joint maximum likelihood for the many-facet Rasch model. */
#include "measure/facets.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"

static const double extreme_by = 0.3;

void facet_probabilities(double b, const double *tau, size_t categories, double *p)
{
    double sum = 0, top = 0, at = 0;
    p[0] = 0;
    for (size_t k = 1; k < categories; k++) {
        at += b - tau[k - 1];
        p[k] = at;
        top = fmax(top, at);
    }
    for (size_t k = 0; k < categories; k++) {
        p[k] = exp(p[k] - top);
        sum += p[k];
    }
    for (size_t k = 0; k < categories; k++)
        p[k] /= sum;
}

double facets_logit(const struct facet_data *d, const struct facet_fit *fit, size_t o)
{
    double b = 0;
    for (size_t f = 0; f < d->facets; f++) {
        double m = fit->elements[f][d->element[o * d->facets + f]].measure;
        b += f == d->positive ? m : -m;
    }
    return b;
}

void facets_prepare(struct arena *a, const struct facet_data *d, struct facet_fit *fit)
{
    double top = (double)d->categories - 1;
    *fit = (struct facet_fit){.mean = NAN, .sd = NAN};
    fit->tau = arena_array(a, double, d->categories);
    fit->tau_se = arena_array(a, double, d->categories);
    fit->category_count = arena_array(a, double, d->categories);
    for (size_t f = 0; f < d->facets; f++)
        fit->elements[f] = arena_array(a, struct facet_element, d->elements[f]);
    for (size_t o = 0; o < d->observations; o++) {
        fit->category_count[d->rating[o]] += d->weight[o];
        for (size_t f = 0; f < d->facets; f++) {
            struct facet_element *x = &fit->elements[f][d->element[o * d->facets + f]];
            x->count += d->weight[o];
            x->total += d->weight[o] * (double)d->rating[o];
        }
    }
    for (size_t f = 0; f < d->facets; f++)
        for (size_t i = 0; i < d->elements[f]; i++) {
            struct facet_element *x = &fit->elements[f][i];
            x->extreme = !(x->total > 0) || !(x->total < top * x->count);
        }
}

/* Expected totals and variances by element of one facet, or by threshold (facet = d->facets). */
static double expectations(const struct facet_data *d, const struct facet_fit *fit,
                           size_t facet, double *expected, double *variance)
{
    double p[FACET_CATEGORIES_MAX], log_likelihood = 0;
    for (size_t o = 0; o < d->observations; o++) {
        double mean = 0, square = 0, w = d->weight[o];
        facet_probabilities(facets_logit(d, fit, o), fit->tau, d->categories, p);
        log_likelihood += w * log(fmax(p[d->rating[o]], 1e-300));
        if (facet == d->facets) {
            double above = 0;
            for (size_t k = d->categories; k-- > 1;) {
                above += p[k];
                expected[k - 1] += w * above;
                variance[k - 1] += w * above * (1 - above);
            }
            continue;
        }
        for (size_t k = 1; k < d->categories; k++) {
            mean += (double)k * p[k];
            square += (double)(k * k) * p[k];
        }
        size_t i = d->element[o * d->facets + facet];
        expected[i] += w * mean;
        variance[i] += w * (square - mean * mean);
    }
    return log_likelihood;
}

static double bounded(double step)
{
    return step > 1 ? 1 : step < -1 ? -1 : step;
}

/* One Newton step for all elements of a facet, then centring. Returns the largest change. */
static double move_facet(const struct facet_data *d, struct facet_fit *fit, size_t f,
                         double *expected, double *variance)
{
    size_t n = d->elements[f];
    double sign = f == d->positive ? 1 : -1, mean = 0, moved = 0;
    memset(expected, 0, n * sizeof *expected);
    memset(variance, 0, n * sizeof *variance);
    expectations(d, fit, f, expected, variance);
    for (size_t i = 0; i < n; i++) {
        struct facet_element *x = &fit->elements[f][i];
        double total = x->total;
        if (x->extreme)
            total += !(x->total > 0) ? extreme_by : -extreme_by;
        double step = bounded(sign * (total - expected[i]) / fmax(variance[i], 1e-9));
        x->measure += step;
        x->se = 1 / sqrt(fmax(variance[i], 1e-12));
        moved = fmax(moved, fabs(step));
        mean += x->measure / (double)n;
    }
    for (size_t i = 0; i < n && f != d->floating; i++)
        fit->elements[f][i].measure -= mean;
    return moved;
}

static double move_thresholds(const struct facet_data *d, struct facet_fit *fit,
                              double *expected, double *variance)
{
    size_t n = d->categories - 1;
    double above = 0, mean = 0, moved = 0;
    memset(expected, 0, n * sizeof *expected);
    memset(variance, 0, n * sizeof *variance);
    fit->log_likelihood = expectations(d, fit, d->facets, expected, variance);
    for (size_t k = n; k-- > 0;) {
        above += fit->category_count[k + 1];
        double step = bounded((expected[k] - above) / fmax(variance[k], 1e-9));
        fit->tau[k] += step;
        fit->tau_se[k] = 1 / sqrt(fmax(variance[k], 1e-12));
        moved = fmax(moved, fabs(step));
    }
    for (size_t k = 0; k < n; k++)
        mean += fit->tau[k] / (double)n;
    for (size_t k = 0; k < n; k++)
        fit->tau[k] -= mean;
    return moved;
}

void facets_mean_squares(struct arena *a, const struct facet_data *d, struct facet_fit *fit)
{
    double p[FACET_CATEGORIES_MAX];
    for (size_t f = 0; f < d->facets; f++) {
        size_t n = d->elements[f];
        double *top = arena_array(a, double, n), *bottom = arena_array(a, double, n);
        double *square_z = arena_array(a, double, n);
        for (size_t o = 0; o < d->observations; o++) {
            double mean = 0, square = 0, w = d->weight[o];
            size_t i = d->element[o * d->facets + f];
            facet_probabilities(facets_logit(d, fit, o), fit->tau, d->categories, p);
            for (size_t k = 1; k < d->categories; k++) {
                mean += (double)k * p[k];
                square += (double)(k * k) * p[k];
            }
            double v = fmax(square - mean * mean, 1e-12), r = (double)d->rating[o] - mean;
            top[i] += w * r * r;
            bottom[i] += w * v;
            square_z[i] += w * r * r / v;
        }
        for (size_t i = 0; i < n; i++) {
            fit->elements[f][i].infit = bottom[i] > 0 ? top[i] / bottom[i] : NAN;
            fit->elements[f][i].outfit = square_z[i] / fit->elements[f][i].count;
        }
    }
}

bool facets_joint(struct arena *a, const struct facet_data *d, double tolerance,
                  size_t iterations, struct facet_fit *fit, struct err *e)
{
    size_t most = d->categories;
    for (size_t f = 0; f < d->facets; f++)
        most = d->elements[f] > most ? d->elements[f] : most;
    double *expected = arena_array(a, double, most), *variance = arena_array(a, double, most);
    facets_prepare(a, d, fit);
    while (!fit->converged && fit->iterations < iterations) {
        double moved = 0;
        for (size_t f = 0; f < d->facets; f++)
            moved = fmax(moved, move_facet(d, fit, f, expected, variance));
        moved = fmax(moved, move_thresholds(d, fit, expected, variance));
        fit->iterations++;
        fit->converged = moved < tolerance;
    }
    for (size_t f = 0; f < d->facets; f++)
        for (size_t i = 0; i < d->elements[f]; i++)
            if (!isfinite(fit->elements[f][i].measure))
                return FAIL(e, INVALID, "file", "数据不连通，估计不存在。");
    facets_mean_squares(a, d, fit);
    return true;
}
