/* Whatever loads as a programme is one that can be asked anything: each column of each weight
 * table sums to 100, each direction has functions, each clause can be judged. */
#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "programme/eligibility.h"
#include "programme/facts.h"
#include "programme/programme.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void ask(struct arena *a, const struct programme *p, int64_t level,
                const char *direction)
{
    struct facts nobody = {.as_of = 19905};
    struct eligibility_question q = {p, level, direction, &nobody, nobody.as_of};
    struct eligibility v;
    struct err e = {0};
    if (!eligibility_judge(a, &q, &v, &e))
        abort();
    for (size_t t = 0; t < p->weight_count; t++) {
        const struct weight *w;
        int64_t sum = 0;
        size_t n = programme_weights(p, a, p->weights[t].id, level, direction, &w);
        for (size_t i = 0; i < n; i++)
            sum += w[i].percent;
        if (sum != 100)
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct err e = {0};
    if (!crypto_start(&e))
        abort();
    struct arena *a = arena_create(64 << 20);
    const struct programme *p = programme_load(a, "fuzz", data, len, &e);
    if (!p && !e.code)
        abort();
    for (size_t l = 0; p && l < p->level_count; l++) {
        if (!p->direction_count)
            ask(a, p, p->levels[l].level, NULL);
        for (size_t d = 0; d < p->direction_count; d++)
            if (direction_has_level(&p->directions[d], p->levels[l].level))
                ask(a, p, p->levels[l].level, p->directions[d].id);
    }
    arena_destroy(a);
    return 0;
}
