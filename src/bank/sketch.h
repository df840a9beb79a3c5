/* bank/sketch.h - how much two items resemble each other, without opening them.
 *
 * A sketch is two MinHashes of character trigrams: of the stem, and of the whole question (stem, options,
 * premises, parts); folded as answers are, numbers counting as one digit: the same question with other
 * figures is near, and so is the same stem before its options are written. A stem too short to say
 * anything ("正确的是？") counts only with the whole. The trigrams
 * are hashed under a key of the bank, so that a sketch beside a sealed item says nothing about its text
 * but how near it is to other items of the same installation (decision 0055).
 *
 * Of two such halves the share of equal bytes estimates the share of common trigrams (Jaccard) with a
 * standard deviation of at most 4.4 percent. */
#ifndef BANK_SKETCH_H
#define BANK_SKETCH_H

#include <stddef.h>

struct arena;
struct json_t;
struct master;

enum { SKETCH_LANES = 128, SKETCH_BYTES = 2 * SKETCH_LANES, SKETCH_NEAR_PERCENT = 50 };

struct sketch {
    unsigned char at[SKETCH_BYTES]; /* of the stem, of the whole */
};

/* OBJECT: a flat item object, also one that is only half written. */
void sketch_of(struct arena *a, const struct master *m, const struct json_t *object,
               struct sketch *out);
/* 0 to 100: the nearer of stem and whole. */
int sketch_percent(const struct sketch *x, const struct sketch *y);

#endif
