/* measure/agreement.h - agreement of raters on categories.
 *
 * Two raters: Cohen 1960, weighted Cohen 1968; errors of Fleiss, Cohen & Everitt 1969 (eq. 9 and 14),
 * under the null for z. Many: Fleiss 1971 with the null variance of Fleiss, Nee & Landis 1979. */
#ifndef MEASURE_AGREEMENT_H
#define MEASURE_AGREEMENT_H

#include <stdbool.h>
#include <stddef.h>

struct kappa {
    bool known; /* false where expected agreement is complete */
    double kappa, observed, expected, se, se_null, z;
};

/* COUNTS and DISAGREEMENT are k x k; a disagreement is 0 on the diagonal, at least 0 elsewhere. */
struct kappa kappa_weighted(const double *counts, const double *disagreement, size_t k);

struct fleiss_category {
    double proportion, kappa, z;
    bool known;
};

struct fleiss {
    bool known;
    double kappa, observed, expected, se, z;
};

/* COUNTS: subjects x k, every row with the same number of ratings, at least 2. */
struct fleiss fleiss_kappa(const double *counts, size_t subjects, size_t k, double ratings,
                           struct fleiss_category *categories);

#endif
