/* base/shuffle.c - numbers and permutations that a stored seed gives again. */
#include "base/shuffle.h"

#include <assert.h>
#include <string.h>

#include "base/bytes.h"
#include "base/crypto.h"

void shuffle_begin(struct shuffle *s, const unsigned char seed[SEED_BYTES])
{
    memcpy(s->seed, seed, SEED_BYTES);
    s->next = 0;
}

void shuffle_part(unsigned char out[SEED_BYTES], const unsigned char seed[SEED_BYTES],
                  const char *name, uint64_t number)
{
    unsigned char message[64] = {0};
    size_t len = strlen(name);
    assert(len < sizeof message - 8);
    memcpy(message, name, len);
    be64_put(message + len + 1, number); /* a zero byte ends the name */
    keyed_hash(out, SEED_BYTES, seed, message, len + 9);
}

uint64_t shuffle_number(struct shuffle *s)
{
    unsigned char counter[8], hash[16];
    be64_put(counter, s->next++);
    keyed_hash(hash, sizeof hash, s->seed, counter, sizeof counter);
    return be64_get(hash);
}

uint32_t shuffle_below(struct shuffle *s, uint32_t bound)
{
    assert(bound > 0);
    uint64_t limit = UINT64_MAX - UINT64_MAX % bound;
    uint64_t v = shuffle_number(s);
    while (v >= limit)
        v = shuffle_number(s);
    return (uint32_t)(v % bound);
}

void shuffle_order(struct shuffle *s, uint32_t *order, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        order[i] = i;
    for (uint32_t i = count; i > 1; i--) {
        uint32_t j = shuffle_below(s, i);
        uint32_t t = order[i - 1];
        order[i - 1] = order[j];
        order[j] = t;
    }
}
