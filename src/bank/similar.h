/* bank/similar.h - items of the bank that a question resembles. */
#ifndef BANK_SIMILAR_H
#define BANK_SIMILAR_H

#include "bank/bank.h"
#include "bank/sketch.h"

enum { SIMILAR_MAX = 10 };

struct similar {
    struct id item, version_id;
    const char *code;
    const char *state;
    int percent; /* of common trigrams, estimated */
};

/* The nearest of at least SKETCH_NEAR_PERCENT, the nearest first; at most SIMILAR_MAX. OBJECT may be half
 * written; the item of its own "id" is left out, retired ones too. Sketches that items from before there were any
 * lack are made and kept (a transaction, and once the time to open them). */
bool bank_similar(const struct bank *b, const struct json_t *object, struct similar *out,
                  size_t *count, struct err *e) MUST_USE;

/* Keeps the nearest: for the search above and its test. */
void similar_keep(struct similar *kept, size_t *count, const struct similar *one);

#endif
