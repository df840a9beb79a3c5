/* Whatever is read as the body of a QR code is written again as exactly the same bytes, and no
 * text verifies without a key. */
#include "certificate/qr.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct qr_claim claim;
    unsigned char again[QR_BODY_BYTES];
    const struct bytes body = {data, len};
    if (qr_body_read(body, &claim)) {
        size_t n = qr_body_write(&claim, again);
        if (n != len || memcmp(again, data, len) != 0)
            abort();
    }
    struct arena *a = arena_create(1 << 20);
    struct err e = {0};
    const struct key_table none = {NULL, 0};
    if (len < 4096 && qr_verify(a, &none, arena_copy(a, data, len), &claim, &e))
        abort();
    arena_destroy(a);
    return 0;
}
