/* measure/irt.h - the response models: probabilities and their derivatives.
 *
 * Logit metric (D = 1). An item's parameters stand in one row x:
 *   binary   x = a, d[, c]       P(1) = g + (1 - g) s(a theta + d), g = s(c)     (Birnbaum 1968)
 *   graded   x = a, d_1 > d_2 …  P(X >= k) = s(a theta + d_k)                    (Samejima 1969)
 *   partial  x = a, d_1, d_2, …  P(X = k) ~ exp(k a theta + d_k), d_0 = 0        (Muraki 1992)
 * with s(z) = 1 / (1 + exp(-z)). Categories count from 0. */
#ifndef MEASURE_IRT_H
#define MEASURE_IRT_H

#include <stdbool.h>
#include <stddef.h>

enum irt_kind { IRT_BINARY, IRT_GRADED, IRT_PARTIAL };
enum { IRT_CATEGORIES_MAX = 32, IRT_PARAMETERS_MAX = IRT_CATEGORIES_MAX + 1 };

struct irt_item {
    enum irt_kind kind;
    size_t categories;
    bool guessing; /* binary only */
};

size_t irt_parameters(const struct irt_item *item);

/* p[categories]. */
void irt_probabilities(const struct irt_item *item, const double *x, double theta, double *p);
/* And dp[category * parameters + parameter]. */
void irt_slopes(const struct irt_item *item, const double *x, double theta, double *p,
                double *dp);
/* h = second derivatives of log P_k, parameters x parameters; p and dp as irt_slopes left them. */
void irt_curvature(const struct irt_item *item, const double *x, double theta, size_t k,
                   const double *p, const double *dp, double *h);
/* p, and its first and second derivatives in theta. */
void irt_in_theta(const struct irt_item *item, const double *x, double theta, double *p,
                  double *first, double *second);
double irt_information(const struct irt_item *item, const double *x, double theta);
/* Whether the row means a model: finite, graded thresholds in order. */
bool irt_valid(const struct irt_item *item, const double *x);

double logistic(double z);

#endif
