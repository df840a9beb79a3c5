/* measure/facets.h - the many-facet Rasch model with one common rating scale (Linacre 1989, eq. 5.1):
 *   log P_k / P_(k-1) = sum over facets of sign_f beta_f - tau_k, tau summing to 0,
 * where the sign is +1 for the positive facet (ability) and -1 for the others (severity, difficulty).
 * Every facet but one, the floating one, has measures that sum to 0. */
#ifndef MEASURE_FACETS_H
#define MEASURE_FACETS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct arena;

enum { FACETS_MAX = 6, FACET_CATEGORIES_MAX = 60 };

struct facet_data {
    size_t observations, facets, categories;
    size_t elements[FACETS_MAX];
    const size_t *element; /* observations x facets */
    const size_t *rating;  /* category from 0 */
    const double *weight;
    size_t positive, floating;
};

struct facet_element {
    double measure, se, infit, outfit, count, total;
    bool
        extreme; /* all highest or all lowest: the total was moved by 0.3 (Wright & Stone 1979) */
};

struct facet_fit {
    struct facet_element *elements[FACETS_MAX];
    double *tau, *tau_se; /* categories - 1 */
    double *category_count;
    double log_likelihood; /* joint, or marginal */
    double mean, sd;       /* of the positive facet under MML */
    size_t iterations;
    bool converged;
};

/* Joint maximum likelihood (Wright & Masters 1982, ch. 4.4, "UCON"), no bias correction. */
bool facets_joint(struct arena *a, const struct facet_data *d, double tolerance,
                  size_t iterations, struct facet_fit *fit, struct err *e) MUST_USE;

/* Marginal maximum likelihood: the positive facet's elements are drawn from a normal law; its
 * measures are EAP. SE from the observed information (numerical derivative of the gradient). */
bool facets_marginal(struct arena *a, const struct facet_data *d, size_t nodes, double range,
                     double tolerance, struct facet_fit *fit, struct err *e) MUST_USE;

/* Probabilities of the categories at the logit b. */
void facet_probabilities(double b, const double *tau, size_t categories, double *p);
/* Infit and outfit of all elements at the measures of the fit. */
void facets_mean_squares(struct arena *a, const struct facet_data *d, struct facet_fit *fit);
double facets_logit(const struct facet_data *d, const struct facet_fit *fit,
                    size_t observation);
void facets_prepare(struct arena *a, const struct facet_data *d, struct facet_fit *fit);

#endif
