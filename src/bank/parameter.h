/* bank/parameter.h - what was measured of items: discrimination, difficulty, guessing, on the scale of
 * the bank (measure/calibration.h makes them, two people adopt them).
 *
 * Logit metric: P = c + (1 - c) / (1 + exp(-a (theta - b))). They belong to a version of an item: a
 * changed text has none until it is calibrated again. */
#ifndef BANK_PARAMETER_H
#define BANK_PARAMETER_H

#include "bank/bank.h"

struct item_parameter {
    struct id version_id, calibration;
    const char *model; /* rasch, 2pl, 3pl */
    double a, b, c;
    double se_a, se_b, se_c; /* NaN: not known */
    int64_t answers, adopted_ms;
};

/* Of the newest versions of a programme's items, in the order of version_id. */
bool item_parameters(const struct bank *b, const char *programme, struct item_parameter **out,
                     size_t *count, struct err *e) MUST_USE;
/* Of the versions that stand in a form, newest or not; in the same order. */
bool item_parameters_of_form(const struct bank *b, struct id form, struct item_parameter **out,
                             size_t *count, struct err *e) MUST_USE;
const struct item_parameter *item_parameter_of(const struct item_parameter *list, size_t count,
                                               struct id version_id); /* NULL: none */
/* Of every version of an item, the latest adopted first. */
bool item_parameter_history(const struct bank *b, struct id item, struct item_parameter **out,
                            size_t *count, struct err *e) MUST_USE;

#endif
