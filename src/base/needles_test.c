/* base/needles_test.c - the one pass finds what a plain search finds, at every place and length. */
#include "base/needles.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "test/check.h"

enum { TEXTS = 3000, HAY = 1 << 16 };

/* Digits as in numbers of documents: most share their beginning, many their end. */
static const char *number_of(struct arena *a, size_t i)
{
    return arena_printf(a, "1101051949%04zu%04zu", i % 7, i / 7);
}

void needles_found_test(void)
{
    struct arena *a = arena_create(16 << 20);
    const char **texts = arena_array(a, const char *, TEXTS);
    unsigned char *hay = arena_alloc(a, HAY, 1);
    for (size_t i = 0; i < TEXTS; i++)
        texts[i] = number_of(a, i);
    texts[0] = "题干：下列关于职业道德的说法，正确的是";
    const struct needles *n = needles_create(a, texts, TEXTS);
    for (size_t i = 0; i < HAY; i++)
        hay[i] = (unsigned char)("0119450"[i % 7] + (i * 2654435761u >> 28) % 2);
    CHECK("nothing", !needles_in(n, (struct bytes){hay, HAY}));
    for (size_t i = 0; i < TEXTS; i += 7) {
        unsigned char kept[64];
        size_t len = strlen(texts[i]), at = i % 3 == 0 ? 0 : i % 3 == 1 ? HAY - len : i * 20;
        memcpy(kept, hay + at, len);
        memcpy(hay + at, texts[i], len);
        CHECK_TEXT("there", needles_in(n, (struct bytes){hay, HAY}), texts[i]);
        CHECK("not one byte short of it",
              !needles_in(n, (struct bytes){hay, at + len - 1}) &&
                  !needles_in(n, (struct bytes){hay + at + 1, HAY - at - 1}));
        memcpy(hay + at, kept, len);
    }
    arena_destroy(a);
}

void needles_edges_test(void)
{
    struct arena *a = arena_create(16 << 20);
    static const char *const texts[] = {"twelve bytes"};
    const struct needles *none = needles_create(a, NULL, 0), *one = needles_create(a, texts, 1);
    const struct bytes exact = {(const unsigned char *)"twelve bytes", 12},
                       less = {exact.at, 11}, empty = {NULL, 0};
    CHECK("of none", !needles_in(none, exact));
    CHECK_TEXT("of one", needles_in(one, exact), "twelve bytes");
    CHECK("too short", !needles_in(one, less) && !needles_in(one, empty));
    arena_destroy(a);
}
