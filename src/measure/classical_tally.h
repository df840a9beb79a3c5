/* measure/classical_tally.h - only for classical.c: the counts that a pass over the rows leaves.
 *
 * Slot s of an item is answer code s - 1; slot 0 is "missing". As long as there is room the counts
 * are kept by total score (`by_score`), which gives curves; else only sums are. */
#ifndef MEASURE_CLASSICAL_TALLY_H
#define MEASURE_CLASSICAL_TALLY_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct arena;
struct response_reader;

enum { TALLY_BLOCK = 512, TALLY_WORDS = TALLY_BLOCK / 64 };

struct tally {
    struct arena *arena;
    size_t items, rows;
    bool by_score, binary, pairs_known;
    size_t slots, bound; /* room: answers an item, largest total score */
    uint32_t *count;     /* by_score: (bound + 1) x items x slots */
    double *n, *sum;     /* else: items x slots; number, and sum of their total scores */
    double *scores;      /* persons by total score, room for score_room */
    size_t score_room, score_max;
    double *pair; /* items x items, lower half: sums of products of item scores */
    double persons;
};

/* Reads all rows. KEY: code per item, or NULL (codes are the scores). */
bool tally_run(struct arena *a, struct response_reader *r, const unsigned *key, struct tally *t,
               struct err *e) MUST_USE;

#endif
