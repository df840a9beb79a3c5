/* measure/livingston.c - decision consistency after Livingston and Lewis. */
#include "measure/livingston.h"

#include <math.h>

#include "measure/numbers.h"

enum { STEPS = 4000 };

/* E[p^k] of the true proportions: falling factorial moments of the effective score. */
static void true_moments(const double *counts, size_t top, double max, double length,
                         double m[5])
{
    double n = 0;
    for (int k = 0; k < 5; k++)
        m[k] = 0;
    for (size_t s = 0; s <= top; s++) {
        double x = length * (double)s / max, falling = 1;
        for (int k = 0; k < 5; k++) {
            m[k] += counts[s] * falling;
            falling *= (x - k) / (length - k);
        }
        n += counts[s];
    }
    for (int k = 0; k < 5; k++)
        m[k] /= n;
}

/* Four-parameter beta from mean, variance, skewness and kurtosis (Hanson 1991, eq. 9-17). */
static bool fit_four(const double m[5], struct decision_consistency *d)
{
    double mean = m[1], var = m[2] - mean * mean;
    if (!(var > 0))
        return false;
    double third = m[3] - 3 * mean * m[2] + 2 * mean * mean * mean;
    double fourth = m[4] - 4 * mean * m[3] + 6 * mean * mean * m[2] - 3 * pow(mean, 4);
    double skew = third / pow(var, 1.5), kurt = fourth / (var * var);
    double r = 6 * (kurt - skew * skew - 1) / (6 + 3 * skew * skew - 2 * kurt);
    double inner = 1 - 24 * (r + 1) / ((r + 2) * (r + 3) * kurt - 3 * (r - 6) * (r + 1));
    if (!(r > 0) || !(inner >= 0))
        return false;
    double big = r / 2 * (1 + sqrt(inner)), small = r / 2 * (1 - sqrt(inner));
    d->alpha = skew > 0 ? small : big;
    d->beta = skew > 0 ? big : small;
    if (!(d->alpha > 0) || !(d->beta > 0))
        return false;
    double width = sqrt(var) * sqrt(r + 1) * r / sqrt(d->alpha * d->beta);
    d->lower = mean - width * d->alpha / r;
    d->upper = d->lower + width;
    return d->lower >= 0 && d->upper <= 1;
}

static bool fit_two(const double m[5], struct decision_consistency *d)
{
    double mean = m[1], var = m[2] - mean * mean;
    double common = mean * (1 - mean) / var - 1;
    d->alpha = mean * common;
    d->beta = (1 - mean) * common;
    d->lower = 0;
    d->upper = 1;
    return var > 0 && d->alpha > 0 && d->beta > 0;
}

/* P(X >= from) for a binomial of n trials. */
static double binomial_at_least(int n, double p, int from)
{
    return from <= 0 ? 1 : from > n ? 0 : beta_below(p, from, n - from + 1);
}

struct decision_consistency livingston_lewis(const double *counts, size_t top, double max,
                                             double cut, double reliability)
{
    struct decision_consistency d = {.known = false};
    double n = 0, mean = 0, square = 0, m[5];
    for (size_t s = 0; s <= top; s++) {
        n += counts[s];
        mean += counts[s] * (double)s;
        square += counts[s] * (double)s * (double)s;
    }
    mean /= n;
    double var = (square / n - mean * mean) * n / (n - 1);
    if (!(var > 0) || !(reliability > 0 && reliability < 1) || !(max > 0))
        return d;
    double length = round((mean * (max - mean) - reliability * var) /
                          (var * (1 - reliability)));
    if (!(length >= 4 && length < 100000))
        return d;
    true_moments(counts, top, max, length, m);
    d.effective_length = length;
    d.four_parameters = fit_four(m, &d);
    if (!d.four_parameters && !fit_two(m, &d))
        return d;
    double share = cut / max, both = 0, pass = 0, true_pass = 0, hit = 0, below = 0;
    int from = (int)ceil(length * share - 1e-9);
    for (int i = 0; i < STEPS; i++) {
        double upper = beta_below((i + 1.0) / STEPS, d.alpha, d.beta), w = upper - below;
        double p = d.lower + (d.upper - d.lower) * (i + 0.5) / STEPS;
        double passes = binomial_at_least((int)length, p, from);
        below = upper;
        pass += w * passes;
        both += w * (passes * passes + (1 - passes) * (1 - passes));
        true_pass += p >= share ? w : 0;
        hit += p >= share ? w * passes : 0;
    }
    d.known = true;
    d.false_fail = true_pass - hit;
    d.false_pass = pass - hit;
    d.accuracy = 1 - d.false_fail - d.false_pass;
    d.consistency = both;
    d.chance = pass * pass + (1 - pass) * (1 - pass);
    d.kappa = d.chance < 1 ? (both - d.chance) / (1 - d.chance) : NAN;
    return d;
}
