/* What is taken is a sound or film of the measures said, and taken once more it is the same bytes. */
#include "bank/media.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/crypto.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct arena *a = arena_create(64 << 20);
    struct err e = {0}, none = {0};
    struct attached once, again;
    if (!crypto_start(&e))
        abort();
    if (media_take_here(a, (struct bytes){data, len}, &once, &e)) {
        if (once.bytes.len > len || once.duration_ms < 1 || once.duration_ms > MEDIA_MS_MAX)
            abort();
        if (!media_take_here(a, once.bytes, &again, &none) ||
            !bytes_equal(once.bytes, again.bytes) || once.duration_ms != again.duration_ms)
            abort();
    } else if (e.code == ERR_NONE) {
        abort();
    }
    arena_destroy(a);
    return 0;
}
