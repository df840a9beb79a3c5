/* measure/classical.h - classical test theory over a stream of responses.
 *
 * Sources: Lord & Novick 1968, ch. 15 (item statistics); Cronbach 1951 (alpha, eq. 2); Kuder &
 * Richardson 1937 (KR-20); McDonald 1999, ch. 6 (omega from one factor); Livingston & Lewis 1995
 * (livingston.h). Missing answers score 0. A sum over persons is exact: counts, not floats. */
#ifndef MEASURE_CLASSICAL_H
#define MEASURE_CLASSICAL_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct arena;
struct response_reader;

enum { CLASSICAL_BANDS = 5, CLASSICAL_SCORES_MAX = 4096 };

/* One answer to one item, chosen by `n` persons. */
struct answer_statistics {
    unsigned code;
    double score; /* what it is worth */
    double n, proportion, mean_score;
    double r_total, r_rest; /* of "chose it" with the total, with the total less the item */
    double curve[CLASSICAL_BANDS]; /* share that chose it, by fifths of the total score */
};

struct item_statistics {
    double n, missing;
    double mean, max, p; /* p = mean / max */
    double variance;     /* over n - 1 */
    double r_total, r_rest, r_biserial;
    double alpha_without;
    double discrimination; /* p of the best 27 % less p of the worst 27 % (Kelley 1939) */
    struct answer_statistics *answers;
    size_t answer_count;
};

struct classical {
    size_t items, rows;
    double persons;
    bool dichotomous; /* every item is worth 0 or 1 */
    double score_mean, score_variance, score_skew, score_excess, score_min, score_max;
    double *score_counts; /* by total score, score_bound + 1 of them */
    size_t score_bound;
    double alpha, kr20, kr21, omega, split_half, sem;
    double *loadings; /* of the one factor, covariance metric; NULL where omega is undefined */
    double band_n[CLASSICAL_BANDS];
    double band_from[CLASSICAL_BANDS]; /* smallest total score of the band */
    struct item_statistics *item;
};

/* KEY has a code for every item, or is NULL: then codes are scores. */
bool classical_run(struct arena *a, struct response_reader *r, const unsigned *key,
                   struct classical *out, struct err *e) MUST_USE;

/* Omega of one factor fitted to a covariance matrix by unweighted least squares on the off-diagonal
 * (minres; Harman & Jones 1966); LOADINGS has room for n. NaN where it does not exist. */
double omega_one_factor(struct arena *a, const double *covariance, size_t n, double *loadings);

#endif
