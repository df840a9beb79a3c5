/* sitting/batch_fuzz.c - a batch record that a room node hands up: what reads has exactly the lines that it
 * counts, and each line is made of its own sixty bytes. */
#include <stdlib.h>
#include <string.h>

#include "sitting/batch.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    struct batch_record r;
    if (!batch_record_read((struct bytes){data, size}, &r))
        return 0;
    if (size != BATCH_HEAD_BYTES + r.count * BATCH_LINE_BYTES ||
        be32_get(data + 4) != r.chain || (int64_t)be64_get(data + 8) != r.batch)
        abort();
    for (size_t i = 0; i < r.count; i++) {
        struct batch_line line = batch_line_at(&r, i);
        const unsigned char *at = data + BATCH_HEAD_BYTES + i * BATCH_LINE_BYTES;
        if (memcmp(&line.subject, at, sizeof line.subject) != 0 ||
            memcmp(line.hash, at + BATCH_LINE_BYTES - HASH_BYTES, HASH_BYTES) != 0)
            abort();
    }
    return 0;
}
