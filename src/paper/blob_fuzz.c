/* A blob that opens must be exactly what was sealed: so with a known key, random bytes never
 * open, and a header that reads says a length that is true. */
#include "paper/blob.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    struct err e = {0};
    (void)argc, (void)argv;
    return crypto_start(&e) ? 0 : -1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static const unsigned char key[KEY_BYTES] = {1, 2, 3};
    struct arena *a = arena_create(64 << 20);
    struct err e = {0}, open_error = {0};
    struct blob_head h;
    struct bytes plain, blob = {data, len};
    bool reads = blob_head_read(blob, &h, &e);
    if (reads && (h.plain_len > len || h.plain_len == 0))
        abort();
    if (blob_open(a, blob, key, NULL, &plain, &open_error))
        abort();
    if (open_error.code != ERR_INVALID || open_error.field[0] != '/')
        abort();
    arena_destroy(a);
    return 0;
}
