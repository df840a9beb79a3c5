/* measure/raters.h - how people marked: how severe each is beside those who marked the same work, how
 * well they agree, and whether it moves over time.
 *
 * Everybody is compared on the same pieces of work only. Severity as a difference of means is what a
 * balanced design needs; where raters saw different work, the many-facet Rasch model (Linacre 1989,
 * facets.h) puts them on one scale. Agreement: ICC(2,1) and ICC(2,k) (Shrout & Fleiss 1979, icc.h)
 * where the same people marked everything. A figure is a hint for a person, never a mark. */
#ifndef MEASURE_RATERS_H
#define MEASURE_RATERS_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/id.h"

struct arena;
struct marking;

struct rating {
    struct id work, rater;
    const char *name; /* of the rater */
    double share;     /* of the full marks */
    int64_t at_ms;
};

enum { RATER_SPANS = 4, RATER_CATEGORIES = 11 };

/* Shares; NaN where undefined: nobody else marked the same work, or no spread. */
struct rater_report {
    struct id rater;
    const char *name;
    size_t count, shared; /* marked; marked by others too */
    double mean, sd;
    double severity; /* mean of the others less own, on shared work: above 0 is stricter */
    double severity_se;
    double distance;          /* mean of |own - mean of the others| */
    double r;                 /* with the mean of the others */
    double span[RATER_SPANS]; /* severity in each quarter of his own work, by time */
    double logit, logit_se;   /* many-facet severity; NaN where it was not fitted */
    double infit;             /* mean square, 1 expected */
};

struct ratings_report {
    struct rater_report *raters; /* by name */
    size_t count;
    size_t works, ratings;
    double icc_single, icc_mean; /* NaN unless every piece was marked by all of them */
};

/* Pure. RATINGS in order of time; at most one of a rater to a piece of work. */
bool raters_report(struct arena *a, const struct rating *ratings, size_t count,
                   struct ratings_report *out, struct err *e) MUST_USE;

/* Of a session: submitted sheets of examiners and panel, or markers' marks of written answers. */
bool session_raters(const struct marking *m, struct id session, struct ratings_report *out,
                    struct err *e) MUST_USE;

#endif
