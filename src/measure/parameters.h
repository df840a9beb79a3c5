/* measure/parameters.h - item parameters from a CSV: columns item, a, b[, c] or item, a, d[, g]; for
 * polytomous items b1, b2, … or d1, d2, …; errors in se_a, se_b (or se_d), se_c (or se_g).
 *
 * With D given, logit = D a (theta - b); what comes out is the logit metric (a multiplied by D). */
#ifndef MEASURE_PARAMETERS_H
#define MEASURE_PARAMETERS_H

#include "base/err.h"
#include "measure/irt.h"

struct arena;

struct parameters {
    size_t count, stride;
    const char **ids;
    struct irt_item *items;
    double *x;             /* count x stride; guessing as logit g, -30 or less where g = 0 */
    double *b, *c, *slope; /* binary: as in the file (a without D) */
    double *se_a, *se_b, *se_c; /* as in the file; NaN where there is none */
    bool has_errors;
    bool one_slope; /* there is no column a: all are 1 (Rasch) */
};

/* POLYTOMOUS: IRT_GRADED or IRT_PARTIAL for lists, else IRT_BINARY. OPTION names the file in errors.
 * Every item in the file needs b (or d), and a where there is that column; a missing number is refused with line and column. */
bool parameters_read(struct arena *a, const char *option, const char *path,
                     enum irt_kind polytomous, double scale_d, struct parameters *out,
                     struct err *e) MUST_USE;
/* The row of an item, -1 if there is none. */
int parameters_find(const struct parameters *p, const char *id);

#endif
