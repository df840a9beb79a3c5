/* measure/score.h - abilities from answers and known item parameters.
 *
 * EAP: Bock & Mislevy 1982, eq. 4-5. MAP: mode of the posterior, SE from its curvature (observed
 * information plus that of the prior). WLE: Warm 1989, eq. 13, I theta' + J / 2 I = 0 with
 * J = sum P' P'' / P, SE 1 / sqrt(I). EAP of the sum score: Thissen et al. 1995, over the score
 * distributions of Lord & Wingersky 1984. Prior N(0,1), as the grid has it. */
#ifndef MEASURE_SCORE_H
#define MEASURE_SCORE_H

#include <stddef.h>
#include <stdint.h>

#include "measure/irt.h"

struct arena;

struct scored_items {
    size_t count, stride;
    const struct irt_item *items;
    const double *x; /* count x stride */
};

struct ability {
    double theta, se;
    bool at_edge;              /* no finite estimate: stopped at the edge of the range */
    double log_likelihood, lz; /* person fit: Drasgow, Levine & Williams 1985 */
    double outfit, infit;      /* mean squares of residuals (Wright & Masters 1982) */
};

enum score_method { SCORE_EAP, SCORE_MAP, SCORE_WLE };

/* What does not depend on the person: tables at the nodes and at the points of a scan. */
struct scorer;

/* NODE and WEIGHT serve EAP, RANGE bounds the others; all are kept by reference. */
struct scorer *scorer_create(struct arena *a, const struct scored_items *s, const double *node,
                             const double *weight, size_t nodes, double range);

/* ANSWERS: a category per item or RESPONSE_MISSING. */
struct ability score_person(const struct scorer *t, const uint8_t *answers,
                            enum score_method method);

/* P(sum = r | theta) for r = 0..top, where top is the sum of the highest categories (Lord &
 * Wingersky 1984, extended to many categories by Thissen et al. 1995). OUT has top + 1 values. */
size_t score_top(const struct scored_items *s);
void lord_wingersky(const struct scored_items *s, double theta, double *out);
/* The same from probabilities: p[item * stride + category]. */
void lord_wingersky_of(const double *p, const size_t *categories, size_t items, size_t stride,
                       double *out);

#endif
