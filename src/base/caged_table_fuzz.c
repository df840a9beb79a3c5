/* base/caged_table_fuzz.c */
/* What a child says about a table reads back as exactly the bytes it was, or is refused. */
#include "base/caged_table.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct arena *a = arena_create((size_t)256 << 20);
    struct err e = {0};
    struct table t;
    struct bytes again;
    if (table_unpack(a, (struct bytes){data, len}, &t, &e)) {
        table_pack(a, &t, &again);
        if (!bytes_equal((struct bytes){data, len}, again))
            abort();
    }
    arena_destroy(a);
    return 0;
}
