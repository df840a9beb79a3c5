/* base/needles.c - a table of the last bytes of every text, asked at each place: where it says yes, which is
 * rare, the texts that end so are compared. */
#include "base/needles.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

/* 32 KiB of marks answer "no" from the processor's nearest memory. */
enum { SLOT_BITS = 16, SLOTS = 1 << SLOT_BITS, MARK_BITS = 18, MARKS = 1 << MARK_BITS };

struct needle {
    const char *text;
    size_t len;
    uint32_t next; /* of the same slot, plus one; 0: the last */
};
struct needles {
    uint64_t marks[MARKS / 64]; /* a bit: some needle ends so */
    uint32_t slots[SLOTS];      /* the first needle plus one; 0: none */
    struct needle *at;
};

static uint64_t hash_of_end(const unsigned char *end)
{
    uint64_t a;
    uint32_t b;
    memcpy(&a, end - NEEDLE_MIN, sizeof a);
    memcpy(&b, end - sizeof b, sizeof b);
    a = (a ^ (uint64_t)b << 29) * UINT64_C(0x9e3779b97f4a7c15);
    return a ^ a >> 32;
}

static uint64_t bit_of(uint64_t hash)
{
    return UINT64_C(1) << (hash & 63);
}

static size_t word_of(uint64_t hash)
{
    return (hash & (MARKS - 1)) >> 6;
}

struct needles *needles_create(struct arena *a, const char *const *texts, size_t count)
{
    struct needles *n = arena_new(a, struct needles);
    n->at = arena_array(a, struct needle, count + 1);
    for (size_t i = 0; i < count; i++) {
        size_t len = strlen(texts[i]);
        if (len < NEEDLE_MIN)
            abort();
        uint64_t hash = hash_of_end((const unsigned char *)texts[i] + len);
        uint32_t *slot = &n->slots[hash >> (64 - SLOT_BITS)];
        n->marks[word_of(hash)] |= bit_of(hash);
        n->at[i] = (struct needle){texts[i], len, *slot};
        *slot = (uint32_t)i + 1;
    }
    return n;
}

static const char *ending_at(const struct needles *n, uint64_t hash, struct bytes before)
{
    for (uint32_t i = n->slots[hash >> (64 - SLOT_BITS)]; i; i = n->at[i - 1].next) {
        const struct needle *one = &n->at[i - 1];
        if (one->len <= before.len &&
            memcmp(before.at + before.len - one->len, one->text, one->len) == 0)
            return one->text;
    }
    return NULL;
}

const char *needles_in(const struct needles *n, struct bytes hay)
{
    for (size_t end = NEEDLE_MIN; end <= hay.len; end++) {
        uint64_t hash = hash_of_end(hay.at + end);
        const char *found = n->marks[word_of(hash)] & bit_of(hash)
                                ? ending_at(n, hash, (struct bytes){hay.at, end})
                                : NULL;
        if (found)
            return found;
    }
    return NULL;
}
