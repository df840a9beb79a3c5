/* measure/calibrate.h - parameters of all-or-nothing items from a table of answers, and their way onto a
 * scale that is there already. Pure.
 *
 * Marginal maximum likelihood (em.h), theta ~ N(0,1) over everybody in the table; a log-normal(0, 0.5)
 * prior on a (not rasch), beta(5, 17) on c (3pl). Linking: Stocking & Lord 1983 over anchors, those
 * whose b then lies more than DRIFT from the bank's left out once and the link made again (the 0.3
 * logit rule of Wright & Douglas 1976 for stable anchors). */
#ifndef MEASURE_CALIBRATE_H
#define MEASURE_CALIBRATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct arena;

enum calibrate_model { CALIBRATE_RASCH, CALIBRATE_2PL, CALIBRATE_3PL, CALIBRATE_MODELS };
extern const char *const calibrate_model_names[CALIBRATE_MODELS + 1]; /* NULL-ended */

/* From how many persons, and answers to an item, a model is fitted; of the answers so many at least must be
 * right and so many wrong: what one person in a hundred missed has a place, but with an error of more than
 * a logit. */
enum { CALIBRATE_EITHER_WAY = 5 };
struct calibrate_least {
    int64_t persons, answers;
};
extern const struct calibrate_least calibrate_least[CALIBRATE_MODELS];

/* persons x items: 0, 1, or RESPONSE_MISSING (responses.h). */
struct answer_table {
    size_t persons, items;
    const uint8_t *x;
};

struct item_estimate {
    double a, b, c;          /* logit metric */
    double se_a, se_b, se_c; /* NaN: not known */
    int64_t answers;
};
struct calibrated {
    struct item_estimate *items; /* those of the table, in its order */
    double log_likelihood;
    bool converged;
};
bool calibrate(struct arena *a, const struct answer_table *t, enum calibrate_model model,
               struct calibrated *out, struct err *e) MUST_USE;

enum { LINK_ANCHORS_MIN = 5 };
#define DRIFT_LOGITS 0.3

struct anchor_item {
    size_t at;      /* in ITEMS */
    double a, b, c; /* the bank's */
    bool drifted;   /* out: no anchor any more */
};
struct scale_link {
    bool
        known; /* false: no linking was found, or fewer than LINK_ANCHORS_MIN anchors are left */
    double a, b;
    size_t anchors;
};
/* Transforms all of ITEMS onto the anchors' scale. */
struct scale_link calibrate_link(struct arena *a, struct item_estimate *items, size_t count,
                                 struct anchor_item *anchors, size_t anchor_count);

#endif
