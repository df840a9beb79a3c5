/* measure/calibration.h - calibrating the bank: a run estimates parameters from published sittings and is
 * kept as it came out; a second person adopts it, and from then on its new items have parameters.
 *
 * Who is counted: whoever sat a theory session of a batch whose results are published, under today's key.
 * Which items: those worth all or nothing, whole (no parts of cases), marked by the machine, without
 * credit for everybody, whose text is still the one that was answered, that some got right and some
 * wrong, with enough answers (calibrate.h). Items that the scale has already link the run to it and
 * keep their own parameters; one that drifted (calibrate.h) keeps them too and is shown. */
#ifndef MEASURE_CALIBRATION_H
#define MEASURE_CALIBRATION_H

#include "marking/marking.h"
#include "measure/calibrate.h"

enum { CALIBRATION_SITTINGS = 50 }; /* the latest */

/* RULE at "/model" where there are too few persons or items, where it does not converge, or where
 * the bank has a scale and too few common items are left to link to it. */
bool calibration_run(const struct marking *m, const char *programme, enum calibrate_model model,
                     struct id *out, struct err *e) MUST_USE;

/* Keeps what came out of a run, with its audit row. */
struct parameter_made {
    struct id version_id;
    const char *role; /* "new", "anchor", "drifted" */
    struct item_estimate estimate;
    double kept_b; /* of an anchor; NaN */
};
struct calibration_made {
    const char *programme;
    enum calibrate_model model;
    int64_t sittings, persons, before; /* before: runs adopted when it ran */
    double log_likelihood;
    struct scale_link link;
    const struct parameter_made *items;
    size_t count;
};
bool calibration_keep(const struct marking *m, const struct calibration_made *made,
                      struct id *out, struct err *e) MUST_USE;

struct calibration_row {
    struct id id;
    const char *programme, *model, *actor, *second; /* second: name, NULL until adopted */
    int64_t sittings, persons, before, anchors, fresh, drifted, ran_ms, adopted_ms;
    double log_likelihood, link_a, link_b; /* link: NaN where it makes the scale */
};
bool calibration_list(const struct marking *m, const char *programme,
                      struct calibration_row **out, size_t *count, struct err *e) MUST_USE;

struct calibrated_item {
    struct id item, version_id;
    const char *code, *role; /* "new", "anchor", "drifted" */
    struct item_estimate estimate;
    double kept_b; /* NaN: not an anchor */
    bool current;  /* its text has not changed since */
    int64_t difficulty;
};
struct calibration {
    struct calibration_row row;
    struct calibrated_item *items;
    size_t count;
};
bool calibration_get(const struct marking *m, struct id calibration, struct calibration *out,
                     struct err *e) MUST_USE;

/* The two-person act, inside its transaction (m->actor with its second). CONFLICT at "/calibration"
 * where it is adopted, or another was since it ran: its scale is no longer the bank's. */
bool calibration_adopt(const struct marking *m, struct id calibration, struct err *e) MUST_USE;

#endif
