/* What is taken is a picture of the measures said, and taken once more it is the same bytes. */
#include "bank/picture.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/crypto.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct arena *a = arena_create(512 << 20);
    struct err e = {0}, none = {0};
    struct attached once, again;
    if (!crypto_start(&e))
        abort();
    if (picture_take_here(a, (struct bytes){data, len}, &once, &e)) {
        if (once.bytes.len > PICTURE_BYTES_MAX || once.width < 1 || once.height < 1)
            abort();
        if (!picture_take_here(a, once.bytes, &again, &none) ||
            !bytes_equal(once.bytes, again.bytes) || once.width != again.width ||
            once.height != again.height)
            abort();
    } else if (e.code == ERR_NONE) {
        abort();
    }
    arena_destroy(a);
    return 0;
}
