/* measure/agreement.c - kappas. */
#include "measure/agreement.h"

#include <math.h>

/* With agreement weights w = 1 - v / max v. */
struct kappa kappa_weighted(const double *counts, const double *disagreement, size_t k)
{
    struct kappa out = {.known = false};
    double n = 0, most = 0, null_sum = 0, sum = 0;
    for (size_t i = 0; i < k * k; i++) {
        n += counts[i];
        most = fmax(most, disagreement[i]);
    }
    if (n > 0 && !(most > 0)) /* one category: agreement that says nothing */
        out.observed = out.expected = 1;
    if (!(n > 0) || !(most > 0))
        return out;
    /* margins on the fly: k is small, and arrays are not ours to make */
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++) {
            double row = 0, column = 0, w = 1 - disagreement[i * k + j] / most;
            for (size_t l = 0; l < k; l++) {
                row += counts[i * k + l];
                column += counts[l * k + j];
            }
            out.observed += w * counts[i * k + j] / n;
            out.expected += w * row * column / (n * n);
        }
    if (!(out.expected < 1))
        return out;
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++) {
            double row = 0, column = 0, w_row = 0, w_column = 0;
            for (size_t l = 0; l < k; l++) {
                double all_l = 0, left_l = 0;
                for (size_t h = 0; h < k; h++) {
                    all_l += counts[h * k + l];  /* second rater said l */
                    left_l += counts[l * k + h]; /* first rater said l */
                }
                row += counts[i * k + l];
                column += counts[l * k + j];
                w_row += (1 - disagreement[i * k + l] / most) * all_l / n;
                w_column += (1 - disagreement[l * k + j] / most) * left_l / n;
            }
            double w = 1 - disagreement[i * k + j] / most, mean = w_row + w_column;
            double v = w * (1 - out.expected) - mean * (1 - out.observed);
            sum += counts[i * k + j] / n * v * v;
            null_sum += row * column / (n * n) * (w - mean) * (w - mean);
        }
    double rest = out.observed * out.expected - 2 * out.expected + out.observed;
    out.known = true;
    out.kappa = (out.observed - out.expected) / (1 - out.expected);
    out.se = sqrt(fmax(sum - rest * rest, 0) / n) / ((1 - out.expected) * (1 - out.expected));
    out.se_null = sqrt(fmax(null_sum - out.expected * out.expected, 0) / n) /
                  (1 - out.expected);
    out.z = out.se_null > 0 ? out.kappa / out.se_null : NAN;
    return out;
}

struct fleiss fleiss_kappa(const double *counts, size_t subjects, size_t k, double ratings,
                           struct fleiss_category *categories)
{
    struct fleiss out = {.known = false};
    double n = (double)subjects, m = ratings, spread = 0, cubes = 0;
    for (size_t j = 0; j < k; j++) {
        double all = 0, mixed = 0;
        for (size_t i = 0; i < subjects; i++) {
            double x = counts[i * k + j];
            all += x;
            mixed += x * (m - x);
            out.observed += x * (x - 1) / (n * m * (m - 1));
        }
        double p = all / (n * m), q = 1 - p;
        out.expected += p * p;
        spread += p * q;
        cubes += p * q * (q - p);
        struct fleiss_category *c = &categories[j];
        c->proportion = p;
        c->known = p > 0 && p < 1;
        c->kappa = c->known ? 1 - mixed / (n * m * (m - 1) * p * q) : NAN;
        c->z = c->known ? c->kappa / sqrt(2 / (n * m * (m - 1))) : NAN;
    }
    if (!(spread > 0))
        return out;
    out.known = true;
    out.kappa = (out.observed - out.expected) / (1 - out.expected);
    out.se = sqrt(2) / (spread * sqrt(n * m * (m - 1))) *
             sqrt(fmax(spread * spread - cubes, 0));
    out.z = out.se > 0 ? out.kappa / out.se : NAN;
    return out;
}
