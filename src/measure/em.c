/* measure/em.c - runs EM to the neighbourhood of the maximum, Newton steps to the maximum. */
#include "measure/em.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "measure/em_inside.h"
#include "measure/numbers.h"
#include "measure/responses.h"

enum { NEWTON_MAX = 100, INFORMATION_MAX = 12, MEMORY = 16 };
static const double slope_most = 25;
static const double newton_from = 0.15; /* largest EM step at which Newton may begin */

static double largest_change(const double *x, const double *y, size_t n)
{
    double top = 0;
    for (size_t i = 0; i < n; i++)
        top = fmax(top, fabs(x[i] - y[i]));
    return top;
}

/* Places of the free parameters in one vector; a common slope is the first. */
static void place_parameters(struct em *m)
{
    struct em_fit *f = m->fit;
    size_t next = m->form->slope == EM_SLOPE_COMMON ? 1 : 0;
    for (size_t i = 0; i < m->data->items * f->stride; i++)
        f->place[i] = -1;
    for (size_t j = 0; j < m->data->items; j++)
        for (size_t k = 0; k < irt_parameters(&m->form->items[j]); k++) {
            int *p = &f->place[j * f->stride + k];
            if (k == 0 && m->form->slope == EM_SLOPE_COMMON)
                *p = 0;
            else if (k > 0 || m->form->slope == EM_SLOPE_FREE)
                *p = (int)next++;
        }
    f->parameters = next;
}

/* Thresholds from the proportions, slopes 1. */
static void first_values(struct em *m)
{
    const struct em_data *d = m->data;
    for (size_t j = 0; j < d->items; j++) {
        const struct irt_item *item = &m->form->items[j];
        double n[IRT_CATEGORIES_MAX] = {0}, all = 0, above = 0;
        double *x = m->fit->x + j * m->fit->stride;
        for (size_t i = 0; i < d->patterns; i++)
            if (d->x[i * d->items + j] != RESPONSE_MISSING) {
                n[d->x[i * d->items + j]] += d->weight[i];
                all += d->weight[i];
            }
        x[0] = m->form->slope == EM_SLOPE_FIXED ? m->form->slope_fixed : 1;
        for (size_t k = item->categories; k-- > 1;) {
            above += n[k];
            double p = (above + 0.25) / (all + 0.5), g = item->guessing ? 0.15 : 0;
            p = fmin(fmax((p - g) / (1 - g), 0.02), 0.98);
            x[k] = item->kind == IRT_PARTIAL ? log((n[k] + 0.5) / (n[0] + 0.5))
                                             : 1.2 * log(p / (1 - p));
        }
        for (size_t k = 2; item->kind == IRT_GRADED && k < item->categories; k++)
            x[k] = fmin(x[k], x[k - 1] - 0.01);
        if (item->guessing)
            x[item->categories] = log(0.15 / 0.85);
    }
}

static void expect(struct em *m)
{
    if (m->sums)
        em_sums_step(m);
    else
        em_counts_step(m);
    m->fit->iterations++;
}

static double posterior_now(const struct em *m)
{
    return m->log_likelihood + em_log_prior(m, m->fit->x);
}

static bool valid(const struct em *m, const double *x)
{
    for (size_t j = 0; j < m->data->items; j++) {
        const double *row = x + j * m->fit->stride;
        if (!irt_valid(&m->form->items[j], row) ||
            (m->form->priors.a && m->form->slope != EM_SLOPE_FIXED && !(row[0] > 1e-3)))
            return false;
    }
    return true;
}

/* Room for the iterates of the squared extrapolation. */
struct history {
    double *at[3], *trial;
    size_t count; /* iterates kept */
    double best;  /* log posterior at at[0] */
};

/* S3 of Varadhan & Roland: x0 - 2 alpha r + alpha^2 v. Leaves x alone where that is no model. */
static void extrapolate(struct em *m, struct history *h)
{
    size_t n = m->data->items * m->fit->stride;
    double r2 = 0, v2 = 0;
    for (size_t i = 0; i < n; i++) {
        double r = h->at[1][i] - h->at[0][i], v = h->at[2][i] - h->at[1][i] - r;
        r2 += r * r;
        v2 += v * v;
    }
    double alpha = v2 > 0 ? -sqrt(r2 / v2) : -1;
    alpha = alpha > -1 ? -1 : alpha < -32 ? -32 : alpha;
    for (size_t i = 0; i < n; i++) {
        double r = h->at[1][i] - h->at[0][i], v = h->at[2][i] - h->at[1][i] - r;
        h->trial[i] = h->at[0][i] - 2 * alpha * r + alpha * alpha * v;
    }
    if (alpha < -1 && valid(m, h->trial))
        memcpy(m->fit->x, h->trial, n * sizeof *h->trial);
}

/* EM until the largest step is below `until`, or for `most` steps. Returns the last step. */
static double iterate(struct em *m, struct history *h, double until, size_t most)
{
    size_t n = m->data->items * m->fit->stride, size = n * sizeof(double);
    double moved = INFINITY, before = -INFINITY;
    h->count = 0;
    while (most-- > 0 && m->fit->iterations < m->form->iterations) {
        expect(m);
        double now = posterior_now(m);
        if (h->count == 3) {
            /* An extrapolation that lost ground is taken back. */
            if (now < before - 1e-6 * fabs(before)) {
                memcpy(m->fit->x, h->at[2], size);
                expect(m);
                now = posterior_now(m);
            }
            h->count = 0;
        }
        before = now;
        memcpy(h->at[h->count++], m->fit->x, size);
        moved = em_maximise(m, m->fit->x);
        if (moved < until)
            break;
        if (h->count == 2) {
            memcpy(h->at[2], m->fit->x, size);
            h->count = 3;
            extrapolate(m, h);
        }
    }
    return moved;
}

/* Differences of the last steps and gradients: the matrix is corrected by what they showed (L-BFGS,
 * Nocedal 1980), so that one matrix, even an approximate one, is enough. */
struct memory {
    double *step[MEMORY], *change[MEMORY], rho[MEMORY];
    size_t count, next;
    double *gradient, *before; /* at x, and before the last step */
};

static double inner(const double *x, const double *y, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += x[i] * y[i];
    return sum;
}

static void direction(const struct memory *h, const double *factor, size_t n, double *d)
{
    double alpha[MEMORY];
    memcpy(d, h->gradient, n * sizeof *d);
    for (size_t i = 0; i < h->count; i++) {
        size_t k = (h->next + MEMORY - 1 - i) % MEMORY;
        alpha[k] = h->rho[k] * inner(h->step[k], d, n);
        for (size_t j = 0; j < n; j++)
            d[j] -= alpha[k] * h->change[k][j];
    }
    cholesky_solve(factor, n, d);
    for (size_t i = h->count; i-- > 0;) {
        size_t k = (h->next + MEMORY - 1 - i) % MEMORY;
        double beta = h->rho[k] * inner(h->change[k], d, n);
        for (size_t j = 0; j < n; j++)
            d[j] += (alpha[k] - beta) * h->step[k][j];
    }
}

static void remember(struct memory *h, const double *d, double scale, size_t n)
{
    size_t k = h->next;
    double curvature = 0, size = 0;
    for (size_t i = 0; i < n; i++) {
        h->step[k][i] = scale * d[i];
        h->change[k][i] = h->before[i] - h->gradient[i];
        curvature += h->step[k][i] * h->change[k][i];
        size += h->change[k][i] * h->change[k][i];
    }
    if (!(curvature > 1e-12 * size))
        return;
    h->rho[k] = 1 / curvature;
    h->next = (k + 1) % MEMORY;
    h->count += h->count < MEMORY;
}

/* A step of Newton; false where it is refused (then x is as before). */
static bool newton_step(struct em *m, const double *factor, struct memory *h, double *moved)
{
    size_t n = m->fit->parameters, all = m->data->items * m->fit->stride;
    struct arena *work = arena_create((size_t)1 << 28);
    double *d = arena_array(work, double, n), *old = arena_array(work, double, all);
    double before = posterior_now(m), scale = 1;
    bool done = false;
    direction(h, factor, n, d);
    memcpy(old, m->fit->x, all * sizeof *old);
    for (int half = 0; half < 5 && !done; half++) {
        for (size_t i = 0; i < all; i++)
            m->fit->x[i] = old[i] + (m->fit->place[i] >= 0 ? scale * d[m->fit->place[i]] : 0);
        for (size_t j = 0; j < m->data->items; j++)
            if (m->form->items[j].guessing)
                m->fit->x[j * m->fit->stride + 2] = fmax(m->fit->x[j * m->fit->stride + 2],
                                                         EM_GUESS_LEAST);
        *moved = largest_change(m->fit->x, old, all);
        if (*moved < 3 && valid(m, m->fit->x)) {
            expect(m);
            done = posterior_now(m) >=
                   before - (m->single || m->sums ? 2e-8 : 1e-11) * fabs(before);
        }
        scale *= done ? 1 : 0.5;
    }
    if (!done) {
        memcpy(m->fit->x, old, all * sizeof *old);
        expect(m);
    } else {
        memcpy(h->before, h->gradient, n * sizeof *d);
        em_gradient(m, m->fit->x, h->gradient);
        remember(h, d, scale, n);
    }
    m->fit->newton_steps += done;
    arena_destroy(work);
    return done;
}

/* Newton with an information matrix that is renewed when it no longer serves, if it is exact. */
static bool newton(struct em *m, double *information, double *factor)
{
    size_t n = m->fit->parameters;
    double before = INFINITY, moved = INFINITY;
    int matrices = 0;
    bool fresh = false, exact = false, done = false, lost = false;
    struct arena *work = arena_create((size_t)1 << 28);
    struct memory h = {.count = 0};
    for (size_t i = 0; i < MEMORY; i++) {
        h.step[i] = arena_array(work, double, n);
        h.change[i] = arena_array(work, double, n);
    }
    h.gradient = arena_array(work, double, n);
    h.before = arena_array(work, double, n);
    expect(m);
    em_gradient(m, m->fit->x, h.gradient);
    for (int step = 0; step < NEWTON_MAX && !done && !lost; step++) {
        bool worn = moved > 0.3 * before;
        if (matrices == 0 || (exact && worn && !fresh && matrices < INFORMATION_MAX)) {
            exact = em_information_matrix(m, information) == EM_OBSERVED;
            memcpy(factor, information, n * n * sizeof *factor);
            matrices++;
            fresh = true;
            h.count = 0;
            lost = !cholesky(factor, n);
        } else {
            fresh = false;
        }
        before = moved;
        lost = lost || !newton_step(m, factor, &h, &moved);
        done = !lost && moved < m->form->tolerance;
    }
    arena_destroy(work);
    return done;
}

static void standard_errors(struct em *m, double *information, double *factor)
{
    size_t n = m->fit->parameters, all = m->data->items * m->fit->stride;
    struct em_fit *f = m->fit;
    for (size_t i = 0; i < all; i++)
        f->se[i] = NAN;
    f->information = EM_INFORMATION_NONE;
    if (m->form->information == EM_INFORMATION_NONE || n > 3000)
        return;
    f->information = em_information_matrix(m, information);
    memcpy(factor, information, n * n * sizeof *factor);
    if (!cholesky(factor, n))
        return;
    double *diagonal = arena_array(m->arena, double, n);
    if (n <= 600) {
        f->covariance = information;
        cholesky_inverse(m->arena, factor, n, information);
    }
    cholesky_inverse_diagonal(m->arena, factor, n, diagonal);
    for (size_t i = 0; i < all; i++)
        if (f->place[i] >= 0)
            f->se[i] = sqrt(diagonal[f->place[i]]);
    for (size_t j = 0; j < m->data->items; j++)
        if (m->form->items[j].guessing && f->x[j * f->stride + 2] <= EM_GUESS_LEAST)
            f->se[j * f->stride + 2] = NAN; /* at the edge there is none */
}

static void find_maximum(struct em *m)
{
    size_t n = m->fit->parameters, all = m->data->items * m->fit->stride;
    struct history h = {.count = 0};
    bool may_newton = m->form->information != EM_INFORMATION_NONE && n <= 1500;
    double *information = arena_array(m->arena, double, n *n);
    double *factor = arena_array(m->arena, double, n *n);
    for (size_t i = 0; i < 3; i++)
        h.at[i] = arena_array(m->arena, double, all);
    h.trial = arena_array(m->arena, double, all);
    bool converged = false;
    for (size_t round = 0; !converged && m->fit->iterations < m->form->iterations; round++) {
        bool try_newton = may_newton && round < 4;
        double until = try_newton ? newton_from / (double)(1 << 3 * round) : m->form->tolerance;
        double moved = iterate(m, &h, fmax(until, m->form->tolerance), SIZE_MAX);
        converged = try_newton ? newton(m, information, factor) : moved < m->form->tolerance;
        if (!try_newton)
            break;
    }
    /* A slope without end (a Guttman scale, say) settles only because the likelihood is flat. */
    for (size_t j = 0; j < m->data->items; j++)
        converged = converged && fabs(m->fit->x[j * m->fit->stride]) < slope_most;
    m->fit->converged = converged;
    expect(m);
    standard_errors(m, information, factor);
    if (m->sums)
        m->log_likelihood = em_sums_log_likelihood(m);
    m->fit->log_likelihood = m->log_likelihood;
    m->fit->log_posterior = posterior_now(m);
}

bool em_run(struct arena *a, const struct em_data *data, const struct em_form *form,
            struct em_fit *fit, struct err *e)
{
    struct em *m = arena_new(a, struct em);
    *fit = (struct em_fit){.stride = 0};
    *m = (struct em){.arena = a, .data = data, .form = form, .fit = fit};
    bool sums = true;
    for (size_t j = 0; j < data->items; j++) {
        size_t n = irt_parameters(&form->items[j]);
        fit->stride = n > fit->stride ? n : fit->stride;
        if (form->items[j].categories > m->categories_max)
            m->categories_max = form->items[j].categories;
        sums = sums && form->items[j].kind == IRT_BINARY && !form->items[j].guessing;
    }
    if (form->nodes > 1001)
        return FAIL(e, INVALID, "--nodes", "节点太多。");
    m->nodes_room = (form->nodes + 15) / 16 * 16;
    fit->x = arena_array(a, double, data->items * fit->stride);
    fit->se = arena_array(a, double, data->items * fit->stride);
    fit->place = arena_array(a, int, data->items * fit->stride);
    fit->node_count = m->node_count = arena_array(a, double, form->nodes);
    m->log_weight = arena_array(a, double, form->nodes);
    for (size_t q = 0; q < form->nodes; q++)
        m->log_weight[q] = form->node_weight[q] > 0 ? log(form->node_weight[q]) : -700;
    if (sums && !data->gaps) {
        m->correct = arena_array(a, double, data->items);
        m->correct_theta = arena_array(a, double, data->items);
    }
    place_parameters(m);
    first_values(m);
    if (em_sums_fits(m))
        em_sums_prepare(m);
    else
        em_counts_prepare(m);
    find_maximum(m);
    return true;
}
