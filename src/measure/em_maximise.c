/* measure/em_maximise.c - the M-step: Fisher scoring on expected counts, item by item, or all at
 * once where the slope is common; and the gradient of the marginal likelihood (Fisher's identity:
 * it equals the gradient of the expected complete-data likelihood at the same point). */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "measure/em_inside.h"
#include "measure/numbers.h"

enum { SCORING_STEPS = 4, HALVINGS = 12 };
enum { N_MAX = IRT_PARAMETERS_MAX, K_MAX = IRT_CATEGORIES_MAX };

struct slopes {
    double objective, gradient[N_MAX], information[N_MAX * N_MAX];
};

void em_prior_slopes(const struct em *m, size_t item, size_t k, const double *x, double *first,
                     double *minus_second)
{
    const struct em_priors *p = &m->form->priors;
    size_t categories = m->form->items[item].categories;
    *first = *minus_second = 0;
    if (k == 0 && p->a && m->form->slope != EM_SLOPE_FIXED) {
        double z = (log(x[0]) - p->a_mean) / (p->a_sd * p->a_sd);
        *first = -(1 + z) / x[0];
        *minus_second = (1 / (p->a_sd * p->a_sd) - 1 - z) / (x[0] * x[0]);
    } else if (k > 0 && k < categories && p->d) {
        *first = -(x[k] - p->d_mean) / (p->d_sd * p->d_sd);
        *minus_second = 1 / (p->d_sd * p->d_sd);
    } else if (k == categories && p->g) {
        double g = logistic(x[k]);
        *first = (p->g_alpha - 1) * (1 - g) - (p->g_beta - 1) * g;
        *minus_second = (p->g_alpha + p->g_beta - 2) * g * (1 - g);
    }
}

static double item_prior(const struct em *m, size_t j, const double *x)
{
    const struct em_priors *p = &m->form->priors;
    const struct irt_item *item = &m->form->items[j];
    double sum = 0;
    /* A common slope has its prior once. */
    if (p->a && m->form->slope != EM_SLOPE_FIXED &&
        (j == 0 || m->form->slope == EM_SLOPE_FREE)) {
        double z = (log(x[0]) - p->a_mean) / p->a_sd;
        sum -= log(x[0]) + 0.5 * z * z;
    }
    for (size_t k = 1; k < item->categories && p->d; k++) {
        double z = (x[k] - p->d_mean) / p->d_sd;
        sum -= 0.5 * z * z;
    }
    if (item->guessing && p->g) {
        double c = x[item->categories];
        sum += (p->g_alpha - 1) * log(logistic(c)) + (p->g_beta - 1) * log(logistic(-c));
    }
    return sum;
}

double em_log_prior(const struct em *m, const double *x)
{
    double sum = 0;
    for (size_t j = 0; j < m->data->items; j++)
        sum += item_prior(m, j, x + j * m->fit->stride);
    return sum;
}

/* Binary without guessing, from the sufficient statistics. */
static void slopes_of_sums(const struct em *m, size_t j, const double *x, struct slopes *s)
{
    s->gradient[1] = m->correct[j];
    s->gradient[0] = m->correct_theta[j];
    s->objective = x[0] * m->correct_theta[j] + x[1] * m->correct[j];
    for (size_t q = 0; q < m->form->nodes; q++) {
        double t = m->form->node[q], z = x[0] * t + x[1], n = m->node_count[q];
        double e = exp(-fabs(z)), p = z >= 0 ? 1 / (1 + e) : e / (1 + e), v = n * p * (1 - p);
        s->objective -= n * (log1p(e) + (z > 0 ? z : 0));
        s->gradient[1] -= n * p;
        s->gradient[0] -= n * p * t;
        s->information[0] += v * t * t;
        s->information[1] += v * t;
        s->information[3] += v;
    }
    s->information[2] = s->information[1];
}

static void slopes_of_counts(const struct em *m, size_t j, const double *x, struct slopes *s)
{
    const struct irt_item *item = &m->form->items[j];
    size_t n = irt_parameters(item);
    double p[K_MAX], dp[K_MAX * N_MAX];
    for (size_t q = 0; q < m->form->nodes; q++) {
        double all = 0;
        irt_slopes(item, x, m->form->node[q], p, dp);
        for (size_t k = 0; k < item->categories; k++)
            all += em_count(m, j, k)[q];
        if (!(all > 1e-12))
            continue;
        for (size_t k = 0; k < item->categories; k++) {
            double r = em_count(m, j, k)[q];
            s->objective += r > 0 ? r * log(p[k]) : 0;
            for (size_t i = 0; i < n; i++) {
                double d = dp[k * n + i] / p[k];
                s->gradient[i] += r * d;
                for (size_t l = 0; l <= i; l++)
                    s->information[i * n + l] += all * d * dp[k * n + l];
            }
        }
    }
    for (size_t i = 0; i < n; i++)
        for (size_t l = 0; l < i; l++)
            s->information[l * n + i] = s->information[i * n + l];
}

/* Objective, gradient and expected information of one item; `prior` adds the prior of a too. */
static void item_slopes(const struct em *m, size_t j, const double *x, struct slopes *s)
{
    size_t n = irt_parameters(&m->form->items[j]);
    memset(s, 0, sizeof s->objective + sizeof s->gradient);
    memset(s->information, 0, n * n * sizeof *s->information);
    if (m->sums)
        slopes_of_sums(m, j, x, s);
    else
        slopes_of_counts(m, j, x, s);
    s->objective += item_prior(m, j, x);
    for (size_t k = 0; k < n; k++) {
        double first, second;
        if (k == 0 && m->form->slope != EM_SLOPE_FREE && j > 0)
            continue;
        em_prior_slopes(m, j, k, x, &first, &second);
        s->gradient[k] += first;
        s->information[k * n + k] += fmax(second, 0);
    }
}

static bool acceptable(const struct em *m, size_t j, const double *x)
{
    return irt_valid(&m->form->items[j], x) &&
           !(m->form->priors.a && m->form->slope != EM_SLOPE_FIXED && !(x[0] > 1e-3));
}

static double capped(double step, size_t k, size_t categories)
{
    double cap = k == 0 ? 0.7 : k == categories ? 1 : 2;
    return step > cap ? cap : step < -cap ? -cap : step;
}

/* One item by itself: a from 0, or from 1 where the slope is fixed. */
static double maximise_item(const struct em *m, size_t j, double *x)
{
    const struct irt_item *item = &m->form->items[j];
    size_t n = irt_parameters(item), skip = m->form->slope == EM_SLOPE_FIXED ? 1 : 0;
    struct slopes s, tried;
    double before[N_MAX], moved = 0;
    memcpy(before, x, n * sizeof *x);
    item_slopes(m, j, x, &s);
    for (int step = 0; step < SCORING_STEPS; step++) {
        double info[N_MAX * N_MAX], d[N_MAX], next[N_MAX], largest = 0;
        size_t k = n - skip;
        for (size_t i = 0; i < k; i++) {
            d[i] = s.gradient[i + skip];
            for (size_t l = 0; l < k; l++)
                info[i * k + l] = s.information[(i + skip) * n + l + skip] *
                                      (i == l ? 1 + 1e-9 : 1) +
                                  (i == l ? 1e-9 : 0);
        }
        if (!cholesky(info, k))
            break;
        cholesky_solve(info, k, d);
        double scale = 1;
        bool better = false;
        for (int half = 0; half < HALVINGS && !better; half++, scale *= 0.5) {
            memcpy(next, x, n * sizeof *x);
            for (size_t i = 0; i < k; i++)
                next[i + skip] += capped(scale * d[i], i + skip, item->categories);
            if (item->guessing)
                next[2] = fmax(next[2], EM_GUESS_LEAST);
            if (!acceptable(m, j, next))
                continue;
            item_slopes(m, j, next, &tried);
            better = tried.objective >= s.objective - 1e-12 * fabs(s.objective);
        }
        if (!better)
            break;
        for (size_t i = 0; i < n; i++)
            largest = fmax(largest, fabs(next[i] - x[i]));
        memcpy(x, next, n * sizeof *x);
        s = tried;
        if (largest < 0.02 * m->form->tolerance)
            break;
    }
    for (size_t i = 0; i < n; i++)
        moved = fmax(moved, fabs(x[i] - before[i]));
    return moved;
}

/* All items at once, a common slope first. */
static double maximise_together(struct em *m, double *x)
{
    size_t items = m->data->items, stride = m->fit->stride, count = m->fit->parameters;
    struct arena *work = arena_create((size_t)1 << 30);
    double *info = arena_array(work, double, count *count);
    double *d = arena_array(work, double, count),
           *next = arena_array(work, double, items *stride);
    struct slopes *s = arena_new(work, struct slopes);
    double objective = 0, moved = 0;
    for (size_t j = 0; j < items; j++) {
        size_t n = irt_parameters(&m->form->items[j]);
        const int *place = m->fit->place + j * stride;
        item_slopes(m, j, x + j * stride, s);
        objective += s->objective;
        for (size_t i = 0; i < n; i++) {
            d[place[i]] += s->gradient[i];
            for (size_t l = 0; l < n; l++)
                info[(size_t)place[i] * count + (size_t)place[l]] += s->information[i * n + l] *
                                                                     (i == l ? 1 + 1e-9 : 1);
        }
    }
    if (cholesky(info, count)) {
        double scale = 1;
        bool better = false;
        cholesky_solve(info, count, d);
        for (int half = 0; half < HALVINGS && !better; half++, scale *= 0.5) {
            double tried = 0;
            better = true;
            memcpy(next, x, items * stride * sizeof *x);
            for (size_t j = 0; j < items && better; j++) {
                const struct irt_item *item = &m->form->items[j];
                for (size_t i = 0; i < irt_parameters(item); i++)
                    next[j * stride + i] += capped(scale * d[m->fit->place[j * stride + i]], i,
                                                   item->categories);
                better = acceptable(m, j, next + j * stride);
                if (better)
                    item_slopes(m, j, next + j * stride, s);
                tried += s->objective;
            }
            better = better && tried >= objective - 1e-12 * fabs(objective);
        }
        for (size_t i = 0; i < items * stride && better; i++) {
            moved = fmax(moved, fabs(next[i] - x[i]));
            x[i] = next[i];
        }
    }
    arena_destroy(work);
    return moved;
}

double em_maximise(struct em *m, double *x)
{
    if (m->form->slope == EM_SLOPE_COMMON)
        return maximise_together(m, x);
    double moved = 0;
    for (size_t j = 0; j < m->data->items; j++)
        moved = fmax(moved, maximise_item(m, j, x + j * m->fit->stride));
    return moved;
}

void em_gradient(struct em *m, const double *x, double *gradient)
{
    struct slopes s;
    memset(gradient, 0, m->fit->parameters * sizeof *gradient);
    for (size_t j = 0; j < m->data->items; j++) {
        const int *place = m->fit->place + j * m->fit->stride;
        item_slopes(m, j, x + j * m->fit->stride, &s);
        for (size_t k = 0; k < irt_parameters(&m->form->items[j]); k++)
            if (place[k] >= 0)
                gradient[place[k]] += s.gradient[k];
    }
}
