/* measure/em_inside.h - what the files of the EM algorithm share; nobody else includes this. */
#ifndef MEASURE_EM_INSIDE_H
#define MEASURE_EM_INSIDE_H

#include "measure/em.h"

/* Items are taken together in groups whose joint answer is one byte: the log-likelihood of a person
 * is then one table row per group, and expected counts are one row of sums per group. */
struct em_group {
    size_t first, items, codes;
    size_t radix[8];
};

/* A guessing parameter does not fall below 6e-6: at 0 the likelihood no longer depends on it. */
#define EM_GUESS_LEAST (-12.0)

struct em_sums;

struct em {
    struct arena *arena;
    const struct em_data *data;
    const struct em_form *form;
    struct em_fit *fit;
    size_t nodes_room; /* nodes rounded up to whole vectors */
    double *log_weight;

    /* what an E-step leaves */
    double log_likelihood;
    double *node_count; /* nodes */
    double *count;      /* items x categories_max x nodes; NULL when `sums` is used */
    size_t categories_max;
    double *correct,
        *correct_theta; /* binary without guessing: sum of x_j, sum of x_j E(theta) */

    /* the general path */
    struct em_group *groups;
    size_t group_count, table_rows;
    uint8_t *codes; /* patterns x groups */
    bool single;    /* float tables */
    void *table, *bins;
    struct em_sums *sums; /* the path by sufficient statistics, or NULL */
};

static inline double *em_count(const struct em *m, size_t item, size_t category)
{
    return m->count + (item * m->categories_max + category) * m->form->nodes;
}

/* Tables for the E-step. */
void em_counts_prepare(struct em *m);
void em_counts_step(struct em *m);
/* For one pattern: posterior over the nodes, in double. Returns its log-likelihood. */
double em_posterior(const struct em *m, const double *log_p, size_t pattern, double *post);
/* log P of every item, category, node under the parameters of the fit. */
void em_log_probabilities(const struct em *m, double *log_p);

/* Binary data without guessing and gaps. */
bool em_sums_fits(const struct em *m);
void em_sums_prepare(struct em *m);
void em_sums_step(struct em *m);
/* In double, under the parameters of the last step. */
double em_sums_log_likelihood(const struct em *m);
void em_sums_observed(struct em *m, double *information);

/* One M-step; x is changed in place. Returns the largest change. */
double em_maximise(struct em *m, double *x);
/* Gradient of log-likelihood plus prior from the last E-step. */
void em_gradient(struct em *m, const double *x, double *gradient);
double em_log_prior(const struct em *m, const double *x);
/* First derivative and minus the second of the prior, for parameter k of an item. */
void em_prior_slopes(const struct em *m, size_t item, size_t k, const double *x, double *first,
                     double *minus_second);

/* Information with the prior's, parameters x parameters; what was used. */
enum em_information em_information_matrix(struct em *m, double *information);

/* c += sum over rows of scale_r x_r x_r', lower half in tiles; x is rows x width floats, width a
 * multiple of 16, rows <= EM_GRAM_ROWS; c is width x width floats. */
enum { EM_GRAM_ROWS = 32 };
void em_gram(const float *x, const float *scale, size_t rows, size_t width, float *c);

#endif
