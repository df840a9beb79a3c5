/* measure/rasch_cml.c - conditional maximum likelihood for the Rasch model.
 *
 * With easiness exp(-beta_j) the conditional likelihood needs the elementary symmetric functions of
 * all items, of all but one and of all but two. They come from the summation recursion, which only
 * adds positive numbers and so is stable (Verhelst, Glas & van der Sluis 1984); functions are scaled
 * by gamma_r of the median score against overflow. */
#include "measure/rasch_cml.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/json_out.h"
#include "measure/numbers.h"
#include "measure/patterns.h"

enum { ITEMS_MAX = 300, STEPS_MAX = 200, HALVINGS = 20 };

/* gamma_0..gamma_n of the items that are not skipped, scaled by exp(-log of the returned value). */
static double symmetric(const double *easiness, size_t n, size_t skip, size_t skip_too,
                        double *gamma)
{
    double log_scale = 0;
    size_t used = 0;
    memset(gamma, 0, (n + 1) * sizeof *gamma);
    gamma[0] = 1;
    for (size_t j = 0; j < n; j++) {
        if (j == skip || j == skip_too)
            continue;
        used++;
        double top = 0;
        for (size_t r = used; r > 0; r--) {
            gamma[r] += gamma[r - 1] * easiness[j];
            top = fmax(top, gamma[r]);
        }
        if (top > 1e200) {
            for (size_t r = 0; r <= used; r++)
                gamma[r] /= top;
            log_scale += log(top);
        }
    }
    return log_scale;
}

struct cml {
    size_t items;
    double *right;  /* persons with the item right */
    double *scores; /* persons by raw score */
    double *easiness, *gamma, *rest, *pair;
};

static double log_likelihood(struct cml *c, const double *beta)
{
    double sum = 0;
    for (size_t j = 0; j < c->items; j++) {
        c->easiness[j] = exp(-beta[j]);
        sum -= beta[j] * c->right[j];
    }
    double scale = symmetric(c->easiness, c->items, SIZE_MAX, SIZE_MAX, c->gamma);
    for (size_t r = 1; r < c->items; r++)
        if (c->scores[r] > 0)
            sum -= c->scores[r] * (log(c->gamma[r]) + scale);
    return sum;
}

/* Gradient and information for all items but the first, whose difficulty is fixed. */
static void slopes(struct cml *c, const double *beta, double *gradient, double *info)
{
    size_t n = c->items, k = n - 1;
    log_likelihood(c, beta);
    double scale = symmetric(c->easiness, n, SIZE_MAX, SIZE_MAX, c->gamma);
    /* p[r][j] = P(item j right | score r) */
    double *p = c->pair;
    for (size_t j = 0; j < n; j++) {
        double s = symmetric(c->easiness, n, j, SIZE_MAX, c->rest);
        for (size_t r = 1; r < n; r++)
            p[r * n + j] = c->easiness[j] * c->rest[r - 1] / c->gamma[r] * exp(s - scale);
    }
    memset(gradient, 0, k * sizeof *gradient);
    memset(info, 0, k * k * sizeof *info);
    for (size_t i = 1; i < n; i++) {
        gradient[i - 1] = -c->right[i];
        for (size_t r = 1; r < n; r++)
            gradient[i - 1] += c->scores[r] * p[r * n + i];
        for (size_t j = 1; j <= i; j++) {
            double sum = 0;
            if (i != j) {
                double s = symmetric(c->easiness, n, i, j, c->rest);
                for (size_t r = 1; r < n; r++) {
                    double both = r < 2 ? 0
                                        : c->easiness[i] * c->easiness[j] * c->rest[r - 2] /
                                              c->gamma[r] * exp(s - scale);
                    sum += c->scores[r] * (both - p[r * n + i] * p[r * n + j]);
                }
            } else {
                for (size_t r = 1; r < n; r++)
                    sum += c->scores[r] * p[r * n + i] * (1 - p[r * n + i]);
            }
            info[(i - 1) * k + j - 1] = info[(j - 1) * k + i - 1] = sum;
        }
    }
}

static bool prepare(struct arena *a, const struct em_data *d, struct cml *c, struct err *e)
{
    size_t n = d->items;
    if (d->gaps)
        return FAIL(e, INVALID, "file", "条件极大似然要求作答没有缺失；请用 --method mml。");
    if (n > ITEMS_MAX || n < 2)
        return FAIL(e, INVALID, "file", "条件极大似然要求 2–%d 道题。", ITEMS_MAX);
    *c = (struct cml){.items = n};
    c->right = arena_array(a, double, n);
    c->scores = arena_array(a, double, n + 1);
    c->easiness = arena_array(a, double, n);
    c->gamma = arena_array(a, double, n + 1);
    c->rest = arena_array(a, double, n + 1);
    c->pair = arena_array(a, double, (n + 1) * n);
    for (size_t i = 0; i < d->patterns; i++) {
        size_t score = 0;
        for (size_t j = 0; j < n; j++)
            score += d->x[i * n + j];
        c->scores[score] += d->weight[i];
        /* Who got all or nothing says nothing about the items. */
        for (size_t j = 0; j < n && score > 0 && score < n; j++)
            c->right[j] += d->weight[i] * d->x[i * n + j];
    }
    double informative = d->persons - c->scores[0] - c->scores[n];
    for (size_t j = 0; j < n; j++)
        if (!(c->right[j] > 0) || !(c->right[j] < informative))
            return FAIL(e, INVALID, "file",
                        "第 %zu 道题在既非全对也非全错的人里没有差别，条件极大似然不存在。",
                        j + 1);
    return true;
}

bool cml_run(struct arena *a, const struct em_data *data, double tolerance, struct cml_fit *fit,
             struct err *e)
{
    struct cml c;
    if (!prepare(a, data, &c, e))
        return false;
    size_t n = c.items, k = n - 1;
    double *beta = arena_array(a, double, n), *next = arena_array(a, double, n);
    double *gradient = arena_array(a, double, k), *info = arena_array(a, double, k *k);
    for (size_t j = 0; j < n; j++)
        beta[j] = log((data->persons - c.right[j]) / c.right[j]);
    double now = log_likelihood(&c, beta);
    *fit = (struct cml_fit){.difficulty = beta, .se = arena_array(a, double, n)};
    while (!fit->converged && fit->iterations < STEPS_MAX) {
        fit->iterations++;
        slopes(&c, beta, gradient, info);
        if (!cholesky(info, k))
            return FAIL(e, INVALID, "file", "数据不连通，条件极大似然不存在。");
        cholesky_solve(info, k, gradient);
        double scale = 1, moved = 0, then = now;
        for (int half = 0; half < HALVINGS; half++, scale *= 0.5) {
            memcpy(next, beta, n * sizeof *next);
            moved = 0;
            for (size_t j = 1; j < n; j++) {
                next[j] += scale * gradient[j - 1];
                moved = fmax(moved, fabs(scale * gradient[j - 1]));
            }
            then = log_likelihood(&c, next);
            if (then >= now - 1e-10 * fabs(now))
                break;
        }
        memcpy(beta, next, n * sizeof *next);
        now = then;
        fit->converged = moved < tolerance * 1e-3;
    }
    fit->log_likelihood = now;
    /* Sum-zero difficulties and their errors: a linear map of the n - 1 free ones. */
    double mean = 0, *inverse = arena_array(a, double, k *k), total = 0;
    slopes(&c, beta, gradient, info);
    if (!cholesky(info, k))
        return FAIL(e, INVALID, "file", "数据不连通，条件极大似然不存在。");
    cholesky_inverse(a, info, k, inverse);
    for (size_t j = 0; j < n; j++)
        mean += beta[j] / (double)n;
    for (size_t i = 0; i < k * k; i++)
        total += inverse[i];
    for (size_t j = 0; j < n; j++) {
        double row = 0, own = j > 0 ? inverse[(j - 1) * k + j - 1] : 0;
        for (size_t i = 0; i < k && j > 0; i++)
            row += inverse[(j - 1) * k + i];
        beta[j] -= mean;
        fit->se[j] = sqrt(own - 2 * row / (double)n + total / ((double)n * (double)n));
    }
    return true;
}

bool report_rasch_cml(struct arena *a, const struct analyze_options *o, struct json_out *out,
                      struct err *e)
{
    struct response_form form = {.items = o->items, .missing = o->missing};
    struct patterns p;
    struct cml_fit fit;
    if (!patterns_read(a, o->file, &form, o->key, true, &p, e) ||
        !cml_run(a, &p.data, o->tolerance, &fit, e))
        return false;
    put_object(out, "conventions");
    put_passed_over(out, p.rows.reader);
    put_text(out, "method", "conditional maximum likelihood (Andersen 1972)");
    put_text(out, "metric", "logit, D = 1, a = 1");
    put_text(out, "centring", "difficulties sum to 0");
    put_text(out, "se", "observed information, of the sum-zero difficulties");
    out_object_end(out);
    put_text(out, "model", "rasch");
    put_number(out, "persons", p.data.persons);
    put_real(out, "log_likelihood", fit.log_likelihood);
    put_int(out, "parameters", (int64_t)p.data.items - 1);
    put_int(out, "iterations", (int64_t)fit.iterations);
    put_bool(out, "converged", fit.converged);
    put_array(out, "items");
    for (size_t j = 0; j < p.data.items; j++) {
        out_object(out);
        put_text(out, "id", p.rows.ids[j]);
        put_number(out, "a", 1);
        put_real(out, "d", -fit.difficulty[j]);
        put_number(out, "g", 0);
        put_real(out, "b", fit.difficulty[j]);
        put_object(out, "se");
        put_real(out, "b", fit.se[j]);
        put_real(out, "d", fit.se[j]);
        out_object_end(out);
        out_object_end(out);
    }
    out_array_end(out);
    return true;
}
