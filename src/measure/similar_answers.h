/* measure/similar_answers.h - how alike two candidates' answers are, against what chance would make of
 * two people as able as they. Pure. A hint for a person who looks, never a mark.
 *
 * The chance of a match at an item is that of Wesolowsky (2000), "Detecting excessive similarity in
 * answers on multiple choice exams", Journal of Applied Statistics 27(7), 909-921:
 *   p_ij = (1 - (1 - r_i)^a_j)^(1/a_j)           person j right at item i; r_i the share of all who were,
 *                                                a_j such that the mean of p_ij is the person's own share
 *   m_i  = p_ij p_ik + (1 - p_ij)(1 - p_ik) * sum of w_it^2    w_it: of the wrong answers, the share of t
 * It needs nothing but classical figures of the sitting itself, which a few dozen candidates give;
 * ω (Wollack 1997) wants a nominal response model and hundreds, the K-index groups by number wrong,
 * which are empty groups in a small sitting. The tail is not his normal one but exact: matches are a
 * sum of independent trials of unequal chance, as in the generalised binomial test of van der Linden &
 * Sotaridona (2006), Journal of Educational and Behavioral Statistics 31(3), 283-304.
 *
 * An item that either has not answered is not compared: two blanks are no evidence. The wrong answers of
 * the pair itself are among those that w_it counts, which errs on the side of the candidates. */
#ifndef MEASURE_SIMILAR_ANSWERS_H
#define MEASURE_SIMILAR_ANSWERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

enum {
    ANSWER_NONE = -1,
    SIMILAR_PERSONS_MIN = 20, /* who answered: below it the shares say too little */
    SIMILAR_ITEMS_MIN = 20    /* that both answered */
};
/* Of all pairs that were compared together, the chance that any is flagged though nobody copied. */
#define SIMILAR_ALPHA 0.01

/* person j, item i at [j * items + i] */
struct answer_table {
    size_t persons, items;
    const int16_t *answer; /* the same number: the same answer; ANSWER_NONE */
    const bool *right;     /* full marks */
};

/* What all pairs share. */
struct answer_chances {
    double *right; /* r_i */
    double *same;  /* sum of w_it^2; 0 where nobody was wrong */
    double *bend;  /* a_j; 0: none right, INFINITY: all right */
};
void answer_chances(struct arena *a, const struct answer_table *t, struct answer_chances *out);

/* (1 - (1 - r)^a)^(1/a), in [0, 1]. */
double chance_right(double r, double a);
/* P(sum of independent trials >= at least); CHANCES are COUNT values in [0, 1]. */
double tail_of_trials(struct arena *a, const double *chances, size_t count, size_t at_least);

struct similar_pair {
    size_t first, second; /* persons */
    bool neighbours;
    size_t compared, matches, both_wrong, same_wrong;
    double expected, tail; /* of matches; the tail is 1 where it is certainly above 0.01 */
    bool flagged;
};
/* Every pair that NEAR names as neighbours (persons x persons), or with ALL every pair. At least
 * SIMILAR_ITEMS_MIN items compared, the least likely first. A pair is flagged where tail times the
 * number of pairs (Bonferroni) is at most SIMILAR_ALPHA and they share a wrong answer. */
struct similar_order {
    const struct answer_table *table;
    bool (*near)(const void *ctx, size_t first, size_t second);
    const void *ctx;
    bool all;
};
struct similar_pairs {
    struct similar_pair *at;
    size_t count;
    bool enough; /* SIMILAR_PERSONS_MIN answered something; else no pair is compared */
};
void similar_pairs(struct arena *a, const struct similar_order *order,
                   struct similar_pairs *out);

#endif
