/* measure/link.h - puts the parameters of form X on the scale of form Y: theta_Y = A theta_X + B, so
 * a -> a / A and b -> A b + B (Kolen & Brennan 2004, ch. 6).
 *
 * Mean-mean (Loyd & Hoover 1980), mean-sigma (Marco 1977), Haebara 1980 (sum over items of squared
 * differences of item curves), Stocking & Lord 1983 (squared difference of test curves). The criteria
 * sum over the points of a grid with its weights; symmetric adds the same for X seen from Y. */
#ifndef MEASURE_LINK_H
#define MEASURE_LINK_H

#include <stdbool.h>
#include <stddef.h>

#include "measure/irt.h"

struct arena;

enum link_method {
    LINK_MEAN_MEAN,
    LINK_MEAN_SIGMA,
    LINK_HAEBARA,
    LINK_STOCKING_LORD,
    LINK_METHODS
};
extern const char *const link_names[LINK_METHODS];

/* Binary common items, in the same order on both scales. */
struct link_items {
    size_t count;
    double *ax, *bx, *cx, *ay, *by, *cy;
    double *sax, *sbx, *scx, *say, *sby, *scy; /* errors; NULL or NaN where there are none */
};

struct link_grid {
    size_t points;
    const double *theta, *weight;
    double scale_d;
    bool symmetric;
};

struct linking {
    double a, b;
    bool known;
    double criterion; /* at the minimum; 0 for the moment methods */
    bool errors;      /* the next three are known: delta method, parameters independent */
    double var_a, var_b, cov;
};

struct linking link_forms(struct arena *a, const struct link_items *items,
                          const struct link_grid *grid, enum link_method method);

/* Common items with more than two categories, as rows of irt.h (D inside): a' = a / A and every
 * threshold or step b' = A b + B. The moment methods take all b of all items together; Haebara sums over
 * the categories of each item, Stocking-Lord over the expected scores 0, 1, 2, … (Kim & Lee 2006,
 * J. Educ. Meas. 43). Errors are not known. */
struct link_categories {
    size_t count;
    const struct irt_item *items; /* graded or partial */
    const double *const *x, *const *y;
};
struct linking link_polytomous(const struct link_categories *items,
                               const struct link_grid *grid, enum link_method method);

/* X -> Y -> Z: A = A2 A1, B = A2 B1 + B2; variances by the delta method, links independent. */
struct linking link_chain(const struct linking *first, const struct linking *second);

#endif
