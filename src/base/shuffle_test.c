/* base/shuffle_test.c - the same seed gives the same order, and no place is preferred. */
#include "base/shuffle.h"

#include "base/bytes.h"
#include "test/check.h"

void shuffle_is_fixed_test(void)
{
    unsigned char seed[SEED_BYTES] = {0}, part[SEED_BYTES];
    char hex[2 * SEED_BYTES + 1];
    struct shuffle s;
    uint32_t order[8];
    shuffle_begin(&s, seed);
    shuffle_order(&s, order, 8);
    /* By another implementation of the header's words; archived papers depend on it. */
    static const uint32_t want[8] = {6, 1, 5, 3, 7, 0, 4, 2};
    for (size_t i = 0; i < 8; i++)
        CHECK_INT("order of the zero seed", order[i], want[i]);
    shuffle_part(part, seed, "options", 7);
    hex_write(hex, part, SEED_BYTES);
    CHECK_TEXT("sub-seed", hex,
               "88d9abe152f8af5aae3ccca3f9b0d58558e8f56886f496d2d8a492d696642970");
}

void shuffle_prefers_nothing_test(void)
{
    unsigned char seed[SEED_BYTES] = {42};
    struct shuffle s;
    int seen[4][4] = {{0}};
    shuffle_begin(&s, seed);
    for (int round = 0; round < 4000; round++) {
        uint32_t order[4];
        shuffle_order(&s, order, 4);
        for (int i = 0; i < 4; i++)
            seen[i][order[i]]++;
    }
    for (int i = 0; i < 4; i++)
        for (int k = 0; k < 4; k++) /* 1,000 expected, deviation 27: five of them */
            CHECK("near a quarter", seen[i][k] > 860 && seen[i][k] < 1140);
}
