/* measure/fit.h - whether a calibrated model fits: items, and pairs of items.
 *
 * S-X2: Orlando & Thissen 2000, observed against expected shares of right answers by sum score, over
 * the distributions of Lord & Wingersky; for many categories Kang & Chen 2008. Score groups are joined
 * until every expected cell has at least 1. Complete rows only.
 * Q3: Yen 1984, the correlation over persons of the residuals of two items at EAP.
 * Infit and outfit: mean squares over persons at EAP (Wright & Masters 1982, ch. 5). */
#ifndef MEASURE_FIT_H
#define MEASURE_FIT_H

#include "measure/em.h"

struct item_fit {
    double s_x2, df, p;
    double infit, outfit;
};

struct pair_fit {
    size_t first, second;
    double q3;
};

struct model_fit {
    struct item_fit *items;
    struct pair_fit *pairs; /* the largest |Q3 - mean|, first the largest */
    size_t pair_count;
    double q3_mean;
};

void fit_model(struct arena *a, const struct em_data *data, const struct em_form *form,
               const struct em_fit *fit, size_t pairs_wanted, struct model_fit *out);

#endif
