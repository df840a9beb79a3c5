/* measure/equate.c - true and observed score equating. */
#include "measure/equate.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"

static double true_score(const struct scored_items *s, double theta)
{
    double p[IRT_CATEGORIES_MAX], sum = 0;
    for (size_t j = 0; j < s->count; j++) {
        irt_probabilities(&s->items[j], s->x + j * s->stride, theta, p);
        for (size_t k = 1; k < s->items[j].categories; k++)
            sum += (double)k * p[k];
    }
    return sum;
}

static double guessed(const struct scored_items *s)
{
    double sum = 0;
    for (size_t j = 0; j < s->count; j++)
        sum += s->items[j].guessing ? logistic(s->x[j * s->stride + 2]) : 0;
    return sum;
}

void equate_true(const struct scored_items *x, const struct scored_items *y, double *theta,
                 double *out)
{
    size_t top = score_top(x);
    double low_x = guessed(x), low_y = guessed(y);
    for (size_t r = 0; r <= top; r++) {
        theta[r] = NAN;
        if (r == top) {
            out[r] = (double)score_top(y);
            continue;
        }
        if ((double)r <= low_x) {
            out[r] = low_x > 0 ? (double)r * low_y / low_x : 0;
            continue;
        }
        double lo = -100, hi = 100;
        for (int i = 0; i < 200 && hi - lo > 1e-13; i++) {
            double mid = 0.5 * (lo + hi);
            if (true_score(x, mid) < (double)r)
                lo = mid;
            else
                hi = mid;
        }
        theta[r] = 0.5 * (lo + hi);
        out[r] = true_score(y, theta[r]);
    }
}

/* P(X < whole x) + half of P(x): the percentile rank of a whole score, as a share. */
static double rank_at(const double *f, size_t x)
{
    double below = 0;
    for (size_t r = 0; r < x; r++)
        below += f[r];
    return below + 0.5 * f[x];
}

void equipercentile(struct arena *a, const double *fx, size_t top_x, const double *gy,
                    size_t top_y, double *out)
{
    double *cumulative = arena_array(a, double, top_y + 2);
    for (size_t r = 0; r <= top_y; r++)
        cumulative[r + 1] = cumulative[r] + gy[r];
    for (size_t x = 0; x <= top_x; x++) {
        double p = rank_at(fx, x);
        size_t y = 0;
        while (y < top_y && cumulative[y + 1] <= p)
            y++;
        double v = gy[y] > 0 ? (p - cumulative[y]) / gy[y] + (double)y - 0.5 : (double)y;
        out[x] = v < 0 ? 0 : v > (double)top_y ? (double)top_y : v;
    }
}

void equate_observed(struct arena *a, const struct scored_items *x,
                     const struct scored_items *y, const double *node, const double *weight,
                     size_t nodes, double *out)
{
    size_t top_x = score_top(x), top_y = score_top(y), most = top_x > top_y ? top_x : top_y;
    double *fx = arena_array(a, double, top_x + 1), *gy = arena_array(a, double, top_y + 1);
    double *given = arena_array(a, double, most + 1), sum = 0;
    for (size_t q = 0; q < nodes; q++)
        sum += weight[q];
    for (size_t q = 0; q < nodes; q++) {
        lord_wingersky(x, node[q], given);
        for (size_t r = 0; r <= top_x; r++)
            fx[r] += given[r] * weight[q] / sum;
        lord_wingersky(y, node[q], given);
        for (size_t r = 0; r <= top_y; r++)
            gy[r] += given[r] * weight[q] / sum;
    }
    equipercentile(a, fx, top_x, gy, top_y, out);
}
