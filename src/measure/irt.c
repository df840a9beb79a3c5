/* measure/irt.c - binary, graded and partial-credit models. */
#include "measure/irt.h"

#include <math.h>
#include <string.h>

static const double smallest = 1e-300; /* a probability that is divided by */

double logistic(double z)
{
    if (z >= 0)
        return 1 / (1 + exp(-z));
    double e = exp(z);
    return e / (1 + e);
}

size_t irt_parameters(const struct irt_item *item)
{
    return item->categories + (item->guessing ? 1 : 0);
}

static void partial_probabilities(const struct irt_item *item, const double *x, double theta,
                                  double *p)
{
    double top = 0, sum = 0;
    for (size_t k = 0; k < item->categories; k++) {
        p[k] = k ? (double)k * x[0] * theta + x[k] : 0;
        top = fmax(top, p[k]);
    }
    for (size_t k = 0; k < item->categories; k++) {
        p[k] = exp(p[k] - top);
        sum += p[k];
    }
    for (size_t k = 0; k < item->categories; k++)
        p[k] = fmax(p[k] / sum, smallest);
}

void irt_probabilities(const struct irt_item *item, const double *x, double theta, double *p)
{
    if (item->kind == IRT_PARTIAL) {
        partial_probabilities(item, x, theta, p);
    } else if (item->kind == IRT_BINARY) {
        double z = x[0] * theta + x[1], g = item->guessing ? logistic(x[2]) : 0;
        p[1] = fmax(g + (1 - g) * logistic(z), smallest);
        p[0] = fmax((1 - g) * logistic(-z), smallest);
    } else {
        double above = 1, other_above = 0; /* P(X >= k), and 1 less it, without cancellation */
        for (size_t k = 0; k < item->categories; k++) {
            bool last = k + 1 == item->categories;
            double z = last ? 0 : x[0] * theta + x[k + 1];
            double next = last ? 0 : logistic(z), other = last ? 1 : logistic(-z);
            double d = above < 0.5 ? above - next : other - other_above;
            p[k] = fmax(d, smallest);
            above = next;
            other_above = other;
        }
    }
}

static void binary_slopes(const struct irt_item *item, const double *x, double theta,
                          double *dp)
{
    double g = item->guessing ? logistic(x[2]) : 0, z = x[0] * theta + x[1];
    double s = logistic(z), v = (1 - g) * s * logistic(-z);
    size_t n = irt_parameters(item);
    dp[n] = v * theta;
    dp[n + 1] = v;
    if (item->guessing)
        dp[n + 2] = g * (1 - g) * logistic(-z);
    for (size_t m = 0; m < n; m++)
        dp[m] = -dp[n + m];
}

void irt_slopes(const struct irt_item *item, const double *x, double theta, double *p,
                double *dp)
{
    size_t n = irt_parameters(item), k_max = item->categories;
    irt_probabilities(item, x, theta, p);
    if (item->kind == IRT_BINARY) {
        binary_slopes(item, x, theta, dp);
        return;
    }
    memset(dp, 0, k_max * n * sizeof *dp);
    if (item->kind == IRT_PARTIAL) {
        double mean = 0;
        for (size_t k = 1; k < k_max; k++)
            mean += (double)k * p[k];
        for (size_t k = 0; k < k_max; k++) {
            dp[k * n] = p[k] * theta * ((double)k - mean);
            for (size_t m = 1; m < k_max; m++)
                dp[k * n + m] = p[k] * ((k == m ? 1 : 0) - p[m]);
        }
        return;
    }
    for (size_t k = 1; k < k_max; k++) {
        double z = x[0] * theta + x[k], v = logistic(z) * logistic(-z);
        dp[k * n] += v * theta;
        dp[(k - 1) * n] -= v * theta;
        dp[k * n + k] += v;
        dp[(k - 1) * n + k] -= v;
    }
}

/* d2P/dx dx of one category, for the models that are not of the exponential family. */
static void second_of(const struct irt_item *item, const double *x, double theta, size_t k,
                      double *h)
{
    size_t n = irt_parameters(item);
    memset(h, 0, n * n * sizeof *h);
    if (item->kind == IRT_BINARY) {
        double sign = k ? 1 : -1, g = item->guessing ? logistic(x[2]) : 0;
        double z = x[0] * theta + x[1], s = logistic(z), v = s * logistic(-z);
        double zz = sign * (1 - g) * v * (1 - 2 * s);
        h[0] = zz * theta * theta;
        h[1] = h[n] = zz * theta;
        h[n + 1] = zz;
        if (item->guessing) {
            double zc = -sign * g * (1 - g) * v;
            h[2] = h[2 * n] = zc * theta;
            h[n + 2] = h[2 * n + 1] = zc;
            h[2 * n + 2] = sign * g * (1 - g) * (1 - 2 * g) * (1 - s);
        }
        return;
    }
    for (size_t edge = k; edge <= k + 1; edge++) {
        if (edge == 0 || edge == item->categories)
            continue;
        double s = logistic(x[0] * theta + x[edge]);
        double v = (edge == k ? 1 : -1) * s * (1 - s) * (1 - 2 * s);
        h[0] += v * theta * theta;
        h[edge] += v * theta;
        h[edge * n] += v * theta;
        h[edge * n + edge] += v;
    }
}

void irt_curvature(const struct irt_item *item, const double *x, double theta, size_t k,
                   const double *p, const double *dp, double *h)
{
    size_t n = irt_parameters(item);
    if (item->kind == IRT_PARTIAL) {
        /* minus the covariance of the sufficient statistics, whatever the category */
        double mean = 0, square = 0;
        for (size_t c = 1; c < item->categories; c++) {
            mean += (double)c * p[c];
            square += (double)(c * c) * p[c];
        }
        h[0] = -theta * theta * (square - mean * mean);
        for (size_t i = 1; i < n; i++) {
            h[i] = h[i * n] = -theta * p[i] * ((double)i - mean);
            for (size_t j = 1; j < n; j++)
                h[i * n + j] = -p[i] * ((i == j ? 1 : 0) - p[j]);
        }
        return;
    }
    second_of(item, x, theta, k, h);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            h[i * n + j] = h[i * n + j] / p[k] - dp[k * n + i] / p[k] * (dp[k * n + j] / p[k]);
}

void irt_in_theta(const struct irt_item *item, const double *x, double theta, double *p,
                  double *first, double *second)
{
    size_t k_max = item->categories;
    double a = x[0];
    irt_probabilities(item, x, theta, p);
    if (item->kind == IRT_BINARY) {
        double g = item->guessing ? logistic(x[2]) : 0, z = a * theta + x[1];
        double s = logistic(z), v = (1 - g) * s * logistic(-z);
        first[1] = a * v;
        second[1] = a * a * v * (1 - 2 * s);
        first[0] = -first[1];
        second[0] = -second[1];
        return;
    }
    if (item->kind == IRT_PARTIAL) {
        double mean = 0, square = 0;
        for (size_t k = 1; k < k_max; k++) {
            mean += (double)k * p[k];
            square += (double)(k * k) * p[k];
        }
        for (size_t k = 0; k < k_max; k++) {
            double d = (double)k - mean;
            first[k] = a * p[k] * d;
            second[k] = a * a * p[k] * (d * d - (square - mean * mean));
        }
        return;
    }
    memset(first, 0, k_max * sizeof *first);
    memset(second, 0, k_max * sizeof *second);
    for (size_t k = 1; k < k_max; k++) {
        double s = logistic(a * theta + x[k]), v = s * (1 - s);
        first[k] += a * v;
        first[k - 1] -= a * v;
        second[k] += a * a * v * (1 - 2 * s);
        second[k - 1] -= a * a * v * (1 - 2 * s);
    }
}

double irt_information(const struct irt_item *item, const double *x, double theta)
{
    double p[IRT_CATEGORIES_MAX], first[IRT_CATEGORIES_MAX], second[IRT_CATEGORIES_MAX],
        sum = 0;
    irt_in_theta(item, x, theta, p, first, second);
    for (size_t k = 0; k < item->categories; k++)
        /* NOLINTNEXTLINE: irt_in_theta fills as many as the item has categories */
        sum += first[k] * first[k] / p[k];
    return sum;
}

bool irt_valid(const struct irt_item *item, const double *x)
{
    size_t n = irt_parameters(item);
    for (size_t i = 0; i < n; i++)
        if (!isfinite(x[i]) || fabs(x[i]) > 200)
            return false;
    for (size_t k = 1; item->kind == IRT_GRADED && k + 1 < item->categories; k++)
        if (!(x[k] - x[k + 1] > 1e-6))
            return false;
    return true;
}
