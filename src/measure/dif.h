/* measure/dif.h - Mantel-Haenszel differential item functioning.
 *
 * Mantel & Haenszel 1959 chi-square with or without the correction of 0.5; common odds ratio alpha;
 * delta = -2.35 ln alpha (Holland & Thayer 1988). Persons are matched on the total of the anchor
 * items and the studied item; strata with an empty margin say nothing and are passed over. Variance of
 * ln alpha: Robins, Breslow & Greenland 1986. */
#ifndef MEASURE_DIF_H
#define MEASURE_DIF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A stratum: right and wrong, reference (0) and focal (1). */
struct mh_table {
    double right[2], wrong[2];
};

struct mh_result {
    bool known; /* some stratum says something */
    double chi2, p, alpha, delta;
    double se_log_alpha;
};

struct mh_result mantel_haenszel(const struct mh_table *strata, size_t count, bool corrected);

/* A, B, C by the size of delta alone (1 and 1.5: difR's classes). */
char ets_by_size(const struct mh_result *r);
/* With significance: A if delta is not different from 0 or |delta| < 1; C if |delta| >= 1.5 and
 * different from 1 in size; else B (Dorans & Holland 1993, pp. 41-42). */
char ets_by_test(const struct mh_result *r, double alpha);

#endif
