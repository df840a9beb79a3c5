/* measure/facets_mml.c - marginal maximum likelihood for the many-facet Rasch model.
 *
 * The unknowns are one vector: the free measures of every facet but the positive one, the free
 * thresholds, log sd, and the mean where the positive facet floats. Gradient by Fisher's identity;
 * Newton with a numerical derivative of that gradient, which also gives the errors. */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "measure/facets.h"
#include "measure/numbers.h"

enum { UNKNOWNS_MAX = 600, NEWTON_MAX = 60 };

struct mml {
    const struct facet_data *d;
    struct facet_fit *fit;
    size_t nodes, unknowns;
    double *node, *weight;
    size_t *first, *order; /* observations by element of the positive facet */
    double *v;
    double *posterior_mean, *posterior_sd;
};

/* Elements that sum to 0 have one free value less; the last is minus the sum of the others. */
static size_t free_count(const struct mml *m, size_t f)
{
    return m->d->elements[f] - (f == m->d->floating ? 0 : 1);
}

static void unpack_zero_sum(const double *v, size_t n, bool floating, double *out)
{
    double sum = 0;
    for (size_t i = 0; i + 1 < n; i++) {
        out[i] = v[i];
        sum += v[i];
    }
    out[n - 1] = floating ? v[n - 1] : -sum;
}

static void unpack(struct mml *m)
{
    const struct facet_data *d = m->d;
    const double *v = m->v;
    double values[4096];
    for (size_t f = 0; f < d->facets; f++) {
        if (f == d->positive)
            continue;
        unpack_zero_sum(v, d->elements[f], f == d->floating, values);
        for (size_t i = 0; i < d->elements[f]; i++)
            m->fit->elements[f][i].measure = values[i];
        v += free_count(m, f);
    }
    unpack_zero_sum(v, d->categories - 1, false, m->fit->tau);
    v += d->categories - 2;
    m->fit->sd = exp(*v++);
    m->fit->mean = d->floating == d->positive ? *v : 0;
}

/* Gradient with respect to all measures and thresholds into that of the free ones. */
static void pack_gradient(const struct mml *m, double *const by_element[], const double *by_tau,
                          double by_log_sd, double by_mean, double *gradient)
{
    const struct facet_data *d = m->d;
    for (size_t f = 0; f < d->facets; f++) {
        if (f == d->positive)
            continue;
        size_t n = d->elements[f];
        bool floats = f == d->floating;
        for (size_t i = 0; i < free_count(m, f); i++)
            *gradient++ = by_element[f][i] - (floats ? 0 : by_element[f][n - 1]);
    }
    for (size_t k = 0; k + 2 < d->categories; k++)
        *gradient++ = by_tau[k] - by_tau[d->categories - 2];
    *gradient++ = by_log_sd;
    if (d->floating == d->positive)
        *gradient = by_mean;
}

/* Marginal log-likelihood and its gradient at v. */
static double slopes(struct arena *a, struct mml *m, double *gradient)
{
    const struct facet_data *d = m->d;
    size_t k_n = d->categories, nodes = m->nodes;
    struct arena *work = arena_create((size_t)1 << 30);
    double *by_element[FACETS_MAX] = {0}, *by_tau = arena_array(work, double, k_n);
    double *post = arena_array(work, double, nodes), p[FACET_CATEGORIES_MAX];
    double total = 0, by_log_sd = 0, by_mean = 0;
    (void)a;
    for (size_t f = 0; f < d->facets; f++)
        by_element[f] = arena_array(work, double, d->elements[f]);
    unpack(m);
    for (size_t person = 0; person < d->elements[d->positive]; person++) {
        double top = -INFINITY, sum = 0, mean = 0, square = 0;
        m->fit->elements[d->positive][person].measure = 0;
        for (size_t q = 0; q < nodes; q++) {
            post[q] = m->weight[q] > 0 ? log(m->weight[q]) : -700;
            for (size_t t = m->first[person]; t < m->first[person + 1]; t++) {
                size_t o = m->order[t];
                double b = facets_logit(d, m->fit, o) + m->fit->mean + m->fit->sd * m->node[q];
                facet_probabilities(b, m->fit->tau, k_n, p);
                post[q] += d->weight[o] * log(fmax(p[d->rating[o]], 1e-300));
            }
            top = fmax(top, post[q]);
        }
        for (size_t q = 0; q < nodes; q++) {
            post[q] = exp(post[q] - top);
            sum += post[q];
        }
        total += top + log(sum);
        for (size_t q = 0; q < nodes; q++) {
            double w = post[q] / sum, theta = m->fit->mean + m->fit->sd * m->node[q];
            mean += w * theta;
            square += w * theta * theta;
            if (w < 1e-14)
                continue;
            for (size_t t = m->first[person]; t < m->first[person + 1]; t++) {
                size_t o = m->order[t];
                double expected = 0, above = 0, wo = w * d->weight[o];
                facet_probabilities(facets_logit(d, m->fit, o) + theta, m->fit->tau, k_n, p);
                for (size_t k = k_n; k-- > 1;) {
                    above += p[k];
                    expected += above;
                    by_tau[k - 1] += wo * (above - (d->rating[o] >= k ? 1 : 0));
                }
                double r = wo * ((double)d->rating[o] - expected);
                by_mean += r;
                by_log_sd += r * m->fit->sd * m->node[q];
                for (size_t f = 0; f < d->facets; f++)
                    by_element[f][d->element[o * d->facets + f]] -= r;
            }
        }
        m->posterior_mean[person] = mean;
        m->posterior_sd[person] = sqrt(fmax(square - mean * mean, 0));
    }
    if (gradient)
        pack_gradient(m, by_element, by_tau, by_log_sd, by_mean, gradient);
    arena_destroy(work);
    return total;
}

static void hessian(struct arena *a, struct mml *m, double *information)
{
    size_t n = m->unknowns;
    double *up = arena_array(a, double, n), *down = arena_array(a, double, n);
    const double h = 1e-5;
    for (size_t i = 0; i < n; i++) {
        double was = m->v[i];
        m->v[i] = was + h;
        slopes(a, m, up);
        m->v[i] = was - h;
        slopes(a, m, down);
        m->v[i] = was;
        for (size_t j = 0; j < n; j++)
            information[i * n + j] = -(up[j] - down[j]) / (2 * h);
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++)
            information[i * n + j] = information[j * n + i] = 0.5 * (information[i * n + j] +
                                                                     information[j * n + i]);
}

static void sort_observations(struct arena *a, struct mml *m)
{
    const struct facet_data *d = m->d;
    size_t persons = d->elements[d->positive];
    m->first = arena_array(a, size_t, persons + 2);
    m->order = arena_array(a, size_t, d->observations);
    for (size_t o = 0; o < d->observations; o++)
        m->first[d->element[o * d->facets + d->positive] + 2]++;
    for (size_t i = 2; i < persons + 2; i++)
        m->first[i] += m->first[i - 1];
    for (size_t o = 0; o < d->observations; o++)
        m->order[m->first[d->element[o * d->facets + d->positive] + 1]++] = o;
}

static void climb(struct arena *a, struct mml *m, double tolerance, double *information)
{
    size_t n = m->unknowns;
    double *g = arena_array(a, double, n), *old = arena_array(a, double, n);
    double *factor = arena_array(a, double, n *n), now = slopes(a, m, g), ridge = 0;
    for (int step = 0; step < NEWTON_MAX && !m->fit->converged; step++) {
        hessian(a, m, information);
        do {
            memcpy(factor, information, n * n * sizeof *factor);
            for (size_t i = 0; i < n; i++)
                factor[i * n + i] += ridge;
            if (cholesky(factor, n))
                break;
            ridge = ridge > 0 ? ridge * 10 : 0.1;
        } while (ridge < 1e9);
        cholesky_solve(factor, n, g);
        memcpy(old, m->v, n * sizeof *old);
        double scale = 1, then = -INFINITY, moved = 0;
        for (int half = 0; half < 25; half++, scale *= 0.5) {
            moved = 0;
            for (size_t i = 0; i < n; i++) {
                double s = scale * g[i];
                s = s > 2 ? 2 : s < -2 ? -2 : s;
                m->v[i] = old[i] + s;
                moved = fmax(moved, fabs(s));
            }
            then = slopes(a, m, NULL);
            if (then >= now - 1e-10 * fabs(now))
                break;
        }
        ridge = ridge > 1e-3 ? ridge / 10 : 0;
        now = slopes(a, m, g);
        m->fit->iterations++;
        m->fit->converged = moved < tolerance;
    }
    m->fit->log_likelihood = now;
    hessian(a, m, information);
}

/* Errors of the free values and of the last one that they determine. */
static void errors_of(const double *cov, size_t all, size_t at, size_t n, bool floating,
                      double *out)
{
    double total = 0;
    size_t free_n = floating ? n : n - 1;
    for (size_t i = 0; i < free_n; i++) {
        out[i] = sqrt(fmax(cov[(at + i) * all + at + i], 0));
        for (size_t j = 0; j < free_n; j++)
            total += cov[(at + i) * all + at + j];
    }
    if (!floating)
        out[n - 1] = sqrt(fmax(total, 0));
}

static void finish(struct arena *a, struct mml *m, double *information)
{
    const struct facet_data *d = m->d;
    size_t n = m->unknowns, at = 0;
    double *cov = arena_array(a, double, n *n), se[4096];
    bool known = cholesky(information, n);
    if (known)
        cholesky_inverse(a, information, n, cov);
    slopes(a, m, NULL);
    for (size_t f = 0; f < d->facets; f++) {
        if (f == d->positive)
            continue;
        errors_of(cov, n, at, d->elements[f], f == d->floating, se);
        for (size_t i = 0; i < d->elements[f]; i++)
            m->fit->elements[f][i].se = known ? se[i] : NAN;
        at += free_count(m, f);
    }
    errors_of(cov, n, at, d->categories - 1, false, se);
    for (size_t k = 0; k + 1 < d->categories; k++)
        m->fit->tau_se[k] = known ? se[k] : NAN;
    for (size_t i = 0; i < d->elements[d->positive]; i++) {
        m->fit->elements[d->positive][i].measure = m->posterior_mean[i];
        m->fit->elements[d->positive][i].se = m->posterior_sd[i];
        m->fit->elements[d->positive][i].extreme = false;
    }
    facets_mean_squares(a, d, m->fit);
}

bool facets_marginal(struct arena *a, const struct facet_data *d, size_t nodes, double range,
                     double tolerance, struct facet_fit *fit, struct err *e)
{
    struct mml m = {.d = d, .fit = fit, .nodes = nodes};
    m.unknowns = d->categories - 2 + 1 + (d->floating == d->positive ? 1 : 0);
    for (size_t f = 0; f < d->facets; f++)
        m.unknowns += f == d->positive ? 0 : free_count(&m, f);
    if (m.unknowns > UNKNOWNS_MAX)
        return FAIL(e, TOO_LARGE, "--method",
                    "边际极大似然有 %zu 个未知数，最多 %d 个；请用 jmle。", m.unknowns,
                    UNKNOWNS_MAX);
    facets_prepare(a, d, fit);
    m.node = arena_array(a, double, nodes);
    m.weight = arena_array(a, double, nodes);
    grid_equal(-range, range, nodes, true, m.node, m.weight);
    m.v = arena_array(a, double, m.unknowns);
    m.posterior_mean = arena_array(a, double, d->elements[d->positive]);
    m.posterior_sd = arena_array(a, double, d->elements[d->positive]);
    double *information = arena_array(a, double, m.unknowns *m.unknowns);
    sort_observations(a, &m);
    struct arena *work = arena_create((size_t)1 << 30);
    climb(work, &m, tolerance, information);
    finish(work, &m, information);
    arena_destroy(work);
    return true;
}
