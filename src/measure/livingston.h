/* measure/livingston.h - how consistently and how accurately a pass mark classifies.
 *
 * Livingston & Lewis 1995, J. Educ. Meas. 32:179-197: a binomial test of effective length n~ (their
 * eq. 1) with the same reliability stands for the real one; true proportions follow a beta law with
 * four parameters fitted by moments (Lord 1965; Hanson 1991), or two where four do not fit. */
#ifndef MEASURE_LIVINGSTON_H
#define MEASURE_LIVINGSTON_H

#include <stdbool.h>
#include <stddef.h>

struct decision_consistency {
    bool known; /* false: no variance, or a reliability that is not between 0 and 1 */
    double effective_length;
    double alpha, beta, lower, upper; /* of the true proportions */
    bool four_parameters;
    double accuracy, false_pass, false_fail; /* true against observed */
    double consistency, chance, kappa;       /* two parallel forms */
};

/* COUNTS of persons by whole score 0..top; a score passes when it is >= CUT. MAX is the largest
 * possible score (the smallest is 0). */
struct decision_consistency livingston_lewis(const double *counts, size_t top, double max,
                                             double cut, double reliability);

#endif
