/* paper/assemble_fuzz.c - bank and blueprint in one input, a NUL between them. What is read can be
 * assembled without a crash, and what is assembled survives the re-check with finite figures. */
#include "paper/assemble.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

enum { ARENA = 512 << 20, ITEMS = 60, FORMS = 4, SIZE = 30, STEPS = 2000 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void assemble_small(struct arena *a, const struct assembly_bank *bank,
                           const struct assembly_blueprint *b)
{
    struct assembly_order order = {.bank = bank, .blueprint = b, .gap = 0.01, .steps = STEPS};
    struct assembly_result r;
    size_t largest = 0, limits = 0;
    for (size_t g = 0; g < b->type_count; g++) {
        largest = b->types[g].size_hi > largest ? b->types[g].size_hi : largest;
        limits += b->types[g].limit_count + b->set_count + b->must_count;
    }
    if (bank->count > ITEMS || b->forms > FORMS || largest > SIZE || limits > 30)
        return;
    assemble(a, &order, &r);
    if (r.violations != 0 || (r.feasible && r.proved_infeasible))
        abort();
    if (r.feasible &&
        (!isfinite(r.objective) || !(r.objective <= r.bound + 1e-6 * fabs(r.bound))))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct arena *a = arena_create(ARENA);
    struct err e = {0};
    const uint8_t *cut = len > 0 ? memchr(data, 0, len) : NULL;
    size_t first = cut ? (size_t)(cut - data) : len;
    struct assembly_bank bank;
    struct assembly_blueprint b;
    if (assembly_bank_read(a, (struct bytes){data, first}, &bank, &e)) {
        if (cut && assembly_blueprint_read(a, (struct bytes){cut + 1, len - first - 1}, 0,
                                           &bank, &b, &e))
            assemble_small(a, &bank, &b);
    }
    arena_destroy(a);
    return 0;
}
