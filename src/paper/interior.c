/* paper/interior.c - the interior point method; every number of it is only a proposal, the proof is
 * recomputed in assemble_bound.c. */
#include "paper/interior.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"

enum { ITERATIONS_MAX = 90 };

struct point {
    const struct linear *l;
    size_t m, n;
    double *x, *z, *w, *s; /* s = upper - x; w its multiplier */
    double *theta, *dx, *dz, *dw, *q;
    double *dual_residual, *y, *dy, *residual;
    double *lambda, *dlambda, *group_residual, *group_weight; /* of the groups */
    double *matrix, *coupling;          /* m x m; coupling: rows x theta of one group */
    size_t *group_first, *group_column; /* columns by group */
    double mu, objective, primal_error;
};

static bool bounded(const struct linear *l, size_t j)
{
    return l->upper[j] < INFINITY;
}

/* In place, lower half. A row that depends on those before gets no weight. */
static void factor(double *m, size_t n, const double *diagonal)
{
    for (size_t j = 0; j < n; j++) {
        double *at = m + j * n;
        double d = at[j];
        for (size_t k = 0; k < j; k++)
            d -= at[k] * at[k];
        at[j] = d < 1e-13 * diagonal[j] || d < 1e-300 ? 1e64 : sqrt(d);
        for (size_t i = j + 1; i < n; i++) {
            double *to = m + i * n, sum = to[j];
            for (size_t k = 0; k < j; k++)
                sum -= to[k] * at[k];
            to[j] = sum / at[j];
        }
    }
}

static void back_solve(const double *m, size_t n, double *b)
{
    for (size_t i = 0; i < n; i++) {
        double sum = b[i];
        for (size_t k = 0; k < i; k++)
            sum -= m[i * n + k] * b[k];
        b[i] = sum / m[i * n + i];
    }
    for (size_t i = n; i-- > 0;) {
        double sum = b[i];
        for (size_t k = i + 1; k < n; k++)
            sum -= m[k * n + i] * b[k];
        b[i] = sum / m[i * n + i];
    }
}

static double column_times(const struct linear *l, size_t j, const double *y)
{
    double sum = 0;
    for (size_t k = l->start[j]; k < l->start[j + 1]; k++)
        sum += l->value[k] * y[l->row[k]];
    return sum;
}

static double group_of(const struct point *p, size_t j, const double *of)
{
    return p->l->group && p->l->group[j] >= 0 ? of[p->l->group[j]] : 0;
}

/* Residuals, complementarity and the primal objective at the point. */
static void measure(struct point *p)
{
    const struct linear *l = p->l;
    size_t pairs = 0;
    p->mu = p->objective = p->primal_error = 0;
    memcpy(p->residual, l->rhs, p->m * sizeof *p->residual);
    if (l->groups > 0)
        memcpy(p->group_residual, l->group_rhs, l->groups * sizeof *p->group_residual);
    for (size_t j = 0; j < p->n; j++) {
        double at = group_of(p, j, p->lambda);
        for (size_t k = l->start[j]; k < l->start[j + 1]; k++) {
            p->residual[l->row[k]] -= l->value[k] * p->x[j];
            at += l->value[k] * p->y[l->row[k]];
        }
        if (l->group && l->group[j] >= 0)
            p->group_residual[l->group[j]] -= p->x[j];
        p->dual_residual[j] = l->cost[j] - at - p->z[j] + p->w[j];
        p->mu += p->x[j] * p->z[j];
        pairs++;
        p->objective += l->cost[j] * p->x[j];
        if (bounded(l, j)) {
            p->s[j] = l->upper[j] - p->x[j];
            p->mu += p->s[j] * p->w[j];
            pairs++;
        }
    }
    for (size_t i = 0; i < p->m; i++)
        p->primal_error += fabs(p->residual[i]);
    for (size_t g = 0; g < l->groups; g++)
        p->primal_error += fabs(p->group_residual[g]);
    p->mu /= (double)(pairs ? pairs : 1);
}

/* Weak duality over the columns; a column without upper limit counts with a large one. */
static double dual_bound(const struct point *p, double large)
{
    const struct linear *l = p->l;
    double bound = 0;
    for (size_t i = 0; i < p->m; i++)
        bound += l->rhs[i] * p->y[i];
    for (size_t g = 0; g < l->groups; g++)
        bound += l->group_rhs[g] * p->lambda[g];
    for (size_t j = 0; j < p->n; j++) {
        double reduced = l->cost[j] - column_times(l, j, p->y) - group_of(p, j, p->lambda);
        if (reduced < 0)
            bound += reduced * (bounded(l, j) ? l->upper[j] : large);
    }
    return bound;
}

/* A theta A', and the groups eliminated from it (Schur). */
static void normal_matrix(struct point *p)
{
    const struct linear *l = p->l;
    size_t m = p->m;
    memset(p->matrix, 0, m * m * sizeof *p->matrix);
    for (size_t j = 0; j < p->n; j++) {
        double t = p->z[j] / p->x[j];
        if (bounded(l, j))
            t += p->w[j] / p->s[j];
        p->theta[j] = 1 / t;
        for (size_t k = l->start[j]; k < l->start[j + 1]; k++) {
            double v = l->value[k] * p->theta[j], *to = p->matrix + l->row[k] * m;
            for (size_t i = l->start[j]; i <= k; i++)
                to[l->row[i]] += v * l->value[i];
        }
    }
    for (size_t g = 0; g < l->groups; g++) {
        size_t first = p->group_first[g], last = p->group_first[g + 1];
        p->group_weight[g] = 0;
        for (size_t c = first; c < last; c++)
            p->group_weight[g] += p->theta[p->group_column[c]];
        for (size_t c = first; c < last; c++)
            for (size_t d = first; d < last; d++) {
                size_t j = p->group_column[c], i = p->group_column[d];
                double v = p->theta[j] * p->theta[i] / p->group_weight[g];
                for (size_t k = l->start[j]; k < l->start[j + 1]; k++)
                    for (size_t h = l->start[i]; h < l->start[i + 1]; h++)
                        if (l->row[h] <= l->row[k])
                            p->matrix[l->row[k] * m + l->row[h]] -= v * l->value[k] *
                                                                    l->value[h];
            }
    }
    for (size_t i = 0; i < m; i++) {
        p->matrix[i * m + i] += 1e-11 * (p->matrix[i * m + i] + 1e-6);
        p->dy[i] = p->matrix[i * m + i];
    }
    factor(p->matrix, m, p->dy);
}

struct aim {
    bool corrects;
    double sigma_mu;
};

static void complement(const struct point *p, size_t j, struct aim aim, double *low, double *up)
{
    *low = -p->x[j] * p->z[j];
    *up = bounded(p->l, j) ? -p->s[j] * p->w[j] : 0;
    if (!aim.corrects)
        return;
    *low += aim.sigma_mu - p->dx[j] * p->dz[j];
    if (bounded(p->l, j))
        *up += aim.sigma_mu + p->dx[j] * p->dw[j];
}

static void solve_rows(struct point *p, struct aim aim)
{
    const struct linear *l = p->l;
    memcpy(p->dy, p->residual, p->m * sizeof *p->dy);
    if (l->groups > 0)
        memcpy(p->dlambda, p->group_residual, l->groups * sizeof *p->dlambda);
    for (size_t j = 0; j < p->n; j++) {
        double low, up;
        complement(p, j, aim, &low, &up);
        p->q[j] = p->dual_residual[j] - low / p->x[j] + (bounded(l, j) ? up / p->s[j] : 0);
        double v = p->theta[j] * p->q[j];
        for (size_t k = l->start[j]; k < l->start[j + 1]; k++)
            p->dy[l->row[k]] += l->value[k] * v;
        if (l->group && l->group[j] >= 0)
            p->dlambda[l->group[j]] += v;
    }
    for (size_t g = 0; g < l->groups; g++)
        for (size_t c = p->group_first[g]; c < p->group_first[g + 1]; c++) {
            size_t j = p->group_column[c];
            double v = p->theta[j] * p->dlambda[g] / p->group_weight[g];
            for (size_t k = l->start[j]; k < l->start[j + 1]; k++)
                p->dy[l->row[k]] -= l->value[k] * v;
        }
    back_solve(p->matrix, p->m, p->dy);
    for (size_t g = 0; g < l->groups; g++) {
        double sum = p->dlambda[g];
        for (size_t c = p->group_first[g]; c < p->group_first[g + 1]; c++)
            sum -= p->theta[p->group_column[c]] * column_times(l, p->group_column[c], p->dy);
        p->dlambda[g] = sum / p->group_weight[g];
    }
}

/* The direction towards the aim; how far one may go along it. */
static void direct(struct point *p, struct aim aim, double *primal, double *dual)
{
    const struct linear *l = p->l;
    *primal = *dual = 1;
    solve_rows(p, aim);
    for (size_t j = 0; j < p->n; j++) {
        double low, up;
        complement(p, j, aim, &low, &up);
        double at = column_times(l, j, p->dy) + group_of(p, j, p->dlambda);
        double d = p->theta[j] * (at - p->q[j]), ez = (low - p->z[j] * d) / p->x[j];
        double ew = bounded(l, j) ? (up + p->w[j] * d) / p->s[j] : 0;
        if (d < 0 && -p->x[j] / d < *primal)
            *primal = -p->x[j] / d;
        if (bounded(l, j) && d > 0 && p->s[j] / d < *primal)
            *primal = p->s[j] / d;
        if (ez < 0 && -p->z[j] / ez < *dual)
            *dual = -p->z[j] / ez;
        if (ew < 0 && -p->w[j] / ew < *dual)
            *dual = -p->w[j] / ew;
        p->dx[j] = d;
        p->dz[j] = ez;
        p->dw[j] = ew;
    }
}

static void step(struct point *p)
{
    double primal, dual, after = 0;
    size_t pairs = 0;
    normal_matrix(p);
    direct(p, (struct aim){false, 0}, &primal, &dual);
    for (size_t j = 0; j < p->n; j++) {
        after += (p->x[j] + primal * p->dx[j]) * (p->z[j] + dual * p->dz[j]);
        pairs++;
        if (bounded(p->l, j)) {
            after += (p->s[j] - primal * p->dx[j]) * (p->w[j] + dual * p->dw[j]);
            pairs++;
        }
    }
    double ratio = after / (double)(pairs ? pairs : 1) / p->mu;
    direct(p, (struct aim){true, ratio * ratio * ratio * p->mu}, &primal, &dual);
    primal = fmin(1, primal * 0.9995);
    dual = fmin(1, dual * 0.9995);
    for (size_t j = 0; j < p->n; j++) {
        p->x[j] += primal * p->dx[j];
        p->z[j] += dual * p->dz[j];
        if (bounded(p->l, j))
            p->w[j] += dual * p->dw[j];
    }
    for (size_t i = 0; i < p->m; i++)
        p->y[i] += dual * p->dy[i];
    for (size_t g = 0; g < p->l->groups; g++)
        p->lambda[g] += dual * p->dlambda[g];
}

static void sort_groups(struct point *p, struct arena *a)
{
    const struct linear *l = p->l;
    p->group_first = arena_array(a, size_t, l->groups + 2);
    p->group_column = arena_array(a, size_t, p->n + 1);
    if (!l->group)
        return;
    for (size_t j = 0; j < p->n; j++)
        if (l->group[j] >= 0)
            p->group_first[l->group[j] + 2]++;
    for (size_t g = 2; g < l->groups + 2; g++)
        p->group_first[g] += p->group_first[g - 1];
    for (size_t j = 0; j < p->n; j++)
        if (l->group[j] >= 0)
            p->group_column[p->group_first[l->group[j] + 1]++] = j;
}

static void begin(struct point *p, struct arena *a, const struct linear *l)
{
    size_t n = l->columns, m = l->rows;
    double **of_columns[] = {&p->x,  &p->z,  &p->w,  &p->s, &p->theta,
                             &p->dx, &p->dz, &p->dw, &p->q, &p->dual_residual};
    double **of_rows[] = {&p->y, &p->dy, &p->residual};
    double **of_groups[] = {&p->lambda, &p->dlambda, &p->group_residual, &p->group_weight};
    *p = (struct point){.l = l, .m = m, .n = n};
    for (size_t i = 0; i < sizeof of_columns / sizeof *of_columns; i++)
        *of_columns[i] = arena_array(a, double, n + 1);
    for (size_t i = 0; i < sizeof of_rows / sizeof *of_rows; i++)
        *of_rows[i] = arena_array(a, double, m + 1);
    for (size_t i = 0; i < sizeof of_groups / sizeof *of_groups; i++)
        *of_groups[i] = arena_array(a, double, l->groups + 1);
    p->matrix = arena_array(a, double, m *m + 1);
    sort_groups(p, a);
    for (size_t j = 0; j < n; j++) {
        p->x[j] = bounded(l, j) ? 0.5 * l->upper[j] : 10;
        p->z[j] = 1;
        p->w[j] = bounded(l, j) ? 1 : 0;
    }
}

void linear_solve(struct arena *a, const struct linear *l, struct linear_answer *out)
{
    struct point p;
    double best = -INFINITY, size = 1, large = 1e6, nearest = INFINITY;
    struct arena *scratch = arena_create((size_t)2 << 30);
    *out = (struct linear_answer){.x = arena_array(a, double, l->columns + 1),
                                  .y = arena_array(a, double, l->rows + 1)};
    begin(&p, scratch, l);
    for (size_t i = 0; i < l->rows; i++)
        size = fmax(size, fabs(l->rhs[i]));
    for (out->iterations = 0; out->iterations < ITERATIONS_MAX; out->iterations++) {
        measure(&p);
        double bound = dual_bound(&p, large);
        if (!isfinite(bound) || !isfinite(p.objective) || !isfinite(p.primal_error))
            break;
        if (bound > best) {
            best = bound;
            memcpy(out->y, p.y, l->rows * sizeof *out->y);
        }
        if (p.primal_error < nearest || p.primal_error < 1e-4 * size) {
            nearest = p.primal_error;
            memcpy(out->x, p.x, l->columns * sizeof *out->x);
            out->objective = p.objective;
            out->residual = p.primal_error / size;
        }
        out->converged = p.primal_error < 1e-5 * size &&
                         p.objective - best < 2e-6 * fabs(p.objective) + 1e-9;
        if (out->converged || p.mu < 1e-14)
            break;
        step(&p);
    }
    arena_destroy(scratch);
}
