/* measure/session_items.h - how the items of one sitting worked: for each, how hard it was, how well it
 * went with the rest of the marks, and who chose what.
 *
 * Classical: p is the mean share of the item's marks; r the product-moment correlation of its marks
 * with those of the other places (Lord & Novick 1968, ch. 15; corrected for the item itself). A
 * finding is a hint for a person, never a mark. */
#ifndef MEASURE_SESSION_ITEMS_H
#define MEASURE_SESSION_ITEMS_H

#include "marking/marking.h"
#include "measure/dif.h"

enum item_finding {
    FINDING_HARDER_FOR_THE_BEST = 1, /* r below zero */
    FINDING_WEAK = 2,                /* 0 <= r < 0.15, from 30 answers on */
    FINDING_RIVAL = 4,   /* those who gave another answer did better than with the key */
    FINDING_EASY = 8,    /* p above 0.95 */
    FINDING_HARD = 16,   /* p below 0.2 */
    FINDING_DIFFERS = 32 /* men and women of the same marks: class C (measure/dif.h) */
};

enum { ITEM_BANDS = 5 };

struct answer_tally {
    const char *response; /* JCS; "null": none */
    int64_t count;
    double rest; /* their mean share of the other places' marks */
    bool full;   /* worth all the marks */
    int64_t
        bands[ITEM_BANDS]; /* of COUNT, by fifths of the other places' marks, lowest first */
};

struct session_item {
    const char *code, *stem, *area, *kind;
    struct id version_id;
    int64_t part;             /* of a case, from 0; -1: the whole item */
    const struct json_t *key; /* as it counts now; NULL: none */
    bool credit, changed;     /* decided after the sitting */
    bool by_people;           /* markers score it */
    int64_t full_millimarks;
    int64_t count, answered;
    double p, r; /* NaN where undefined: fewer than two, or no spread */
    double
        curve[ITEM_BANDS]; /* mean share by fifths of the other places' marks; NaN: too few */
    int64_t band_count[ITEM_BANDS];
    struct mh_result dif;         /* women against men, from 50 of each on; not known else */
    char dif_class;               /* A, B, C; '?' */
    struct answer_tally *answers; /* the commonest first, at most 12 */
    size_t answer_count;
    unsigned findings;
};
struct session_items {
    struct session_item *at;
    size_t count;
    int64_t attempts;
    double mean, sd,
        alpha; /* of the machine's marks, as shares of the full marks; alpha NaN where forms differ */
};
/* CONFLICT at "/state" while an attempt is open: keys are shown. */
bool session_items(const struct marking *m, struct id session, struct session_items *out,
                   struct err *e) MUST_USE;

#endif
