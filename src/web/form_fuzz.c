/* A form that is read has at most as many bytes as came, and no NUL in it. */
#include "web/form.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct form f;
    struct err e = {0};
    if (len > 8192)
        return 0;
    struct arena *a = arena_create(1 << 20);
    if (form_read(a, (struct bytes){data, len}, &f, &e)) {
        size_t total = 0;
        for (size_t i = 0; i < f.count; i++)
            total += strlen(f.at[i].name) + strlen(f.at[i].value);
        if (total > len)
            abort();
    }
    arena_destroy(a);
    return 0;
}
