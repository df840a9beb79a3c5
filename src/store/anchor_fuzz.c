/* A line that reads as an anchor has a canonical form that reads as the same anchor. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "base/json.h"
#include "store/anchor.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerInitialize(int *argc, char ***argv);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    struct err e = {0};
    (void)argc;
    (void)argv;
    return crypto_start(&e) ? 0 : -1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct arena *a = arena_create(256 << 20);
    struct err e = {0};
    struct anchor x, again;
    struct bytes text;
    if (anchor_read(a, (struct bytes){data, len}, &x, &e)) {
        if (!jcs_write(a, x.object, &text, &e) || !anchor_read(a, text, &again, &e) ||
            again.number != x.number || again.head_count != x.head_count ||
            memcmp(again.hash, x.hash, HASH_BYTES) != 0)
            abort();
    } else if (e.code == ERR_NONE) {
        abort();
    }
    arena_destroy(a);
    return 0;
}
