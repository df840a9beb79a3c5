/* measure/icc.h - the six intraclass correlations of Shrout & Fleiss 1979 (Psychol. Bull. 86:420-428,
 * p. 423-426), with F tests and confidence limits. */
#ifndef MEASURE_ICC_H
#define MEASURE_ICC_H

#include <stdbool.h>
#include <stddef.h>

enum icc_form { ICC_1_1, ICC_2_1, ICC_3_1, ICC_1_K, ICC_2_K, ICC_3_K, ICC_FORMS };
extern const char *const icc_names[ICC_FORMS]; /* "1,1" … "3,k" */

struct icc {
    double value, f, df1, df2, p, lower, upper;
};

struct icc_table {
    double ms_between, ms_within, ms_judges, ms_error;
};

/* RATINGS: subjects x raters, complete; at least two of each. LEVEL of confidence: 0.95. */
void icc_run(const double *ratings, size_t subjects, size_t raters, double level,
             struct icc_table *table, struct icc out[ICC_FORMS]);

#endif
