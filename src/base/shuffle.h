/* base/shuffle.h - chance that can be replayed: the order of a paper from its stored seed.
 *
 * The i-th number (from 0) is the first 8 bytes, big-endian, of BLAKE2b-128(key = seed, message =
 * BE64 i). A number below n comes from the first of them that is less than the largest multiple
 * of n (no bias). Permutations are Fisher-Yates from the last place down. A sub-seed is
 * BLAKE2b-256(key = seed, name). Same seed, same paper, on any machine and in any version: this
 * file is never changed, only joined by another. */
#ifndef BASE_SHUFFLE_H
#define BASE_SHUFFLE_H

#include <stddef.h>
#include <stdint.h>

enum { SEED_BYTES = 32 };

struct shuffle {
    unsigned char seed[SEED_BYTES];
    uint64_t next;
};

void shuffle_begin(struct shuffle *s, const unsigned char seed[SEED_BYTES]);
/* A seed of its own for a part: shuffle_part(out, seed, "options", 7). */
void shuffle_part(unsigned char out[SEED_BYTES], const unsigned char seed[SEED_BYTES],
                  const char *name, uint64_t number);
uint64_t shuffle_number(struct shuffle *s);
uint32_t shuffle_below(struct shuffle *s, uint32_t bound); /* bound > 0 */
/* Puts the numbers 0 … count-1 into ORDER in a random order. */
void shuffle_order(struct shuffle *s, uint32_t *order, uint32_t count);

#endif
