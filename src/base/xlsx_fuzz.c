/* Whatever bytes come: a table whose rows grow and stay within limits, or a sentence. */
#include "base/xlsx.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct arena *a = arena_create(512 << 20);
    struct err e = {0};
    struct table t = {0};
    size_t line = 0;
    if (xlsx_read(a, (struct bytes){data, len}, &t, &e)) {
        for (size_t i = 0; i < t.count; i++) {
            if (t.rows[i].count == 0 || t.rows[i].count > TABLE_COLUMNS_MAX ||
                t.rows[i].line == 0)
                abort();
            for (size_t k = 0; k < t.rows[i].count; k++)
                line += strlen(t.rows[i].cells[k]);
        }
    } else if (e.code == ERR_NONE || !*e.text || strcmp(e.field, "file") != 0) {
        abort();
    }
    arena_destroy(a);
    return line == SIZE_MAX;
}
