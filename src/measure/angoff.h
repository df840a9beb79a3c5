/* measure/angoff.h - the modified Angoff procedure: judges say, for each item, how many of a hundred
 * borderline candidates would get it right (Angoff 1971, p. 514-515; Cizek & Bunch 2007, ch. 6). */
#ifndef MEASURE_ANGOFF_H
#define MEASURE_ANGOFF_H

#include <stddef.h>

struct arena;

struct angoff_judge {
    double cut;           /* sum over items of the probabilities, each times its weight */
    double difference;    /* from the panel's cut */
    double r_panel;       /* with the mean of the other judges, over items */
    double mean_distance; /* mean over items of |own - mean of the others| */
    size_t rated;
};

struct angoff {
    double cut, sd, se; /* se = sd of judges' cuts / root of the number of judges */
    double *item_mean, *item_sd;
    struct angoff_judge *judges;
    double icc_single, icc_mean; /* ICC(2,1) and (2,k) of items by judges; NaN with gaps */
};

/* P: judges x items, shares 0..1, NaN where a judge did not rate: then the item's mean stands in for
 * that judge's cut. WEIGHT: what each item counts; NULL: 1 each. */
struct angoff_ratings {
    const double *p, *weight;
    size_t judges, items;
};
void angoff_run(struct arena *a, const struct angoff_ratings *r, struct angoff *out);

#endif
