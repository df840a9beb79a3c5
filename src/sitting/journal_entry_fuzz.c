/* sitting/journal_entry_fuzz.c - every save that is accepted writes back to itself (S12). */
#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "sitting/journal_entry.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    struct arena *a = arena_create(8 << 20);
    struct journal_save save;
    struct err e = {0};
    if (journal_save_read(a, (struct bytes){data, size}, &save, &e)) {
        unsigned char *back = arena_alloc(a, size, 1);
        size_t at = 0;
        for (size_t i = 0; i < save.count; i++)
            at += journal_entry_write(&save.entries[i], back + at);
        memcpy(back + at, save.tag, TAG_BYTES);
        assert(at + TAG_BYTES == size && memcmp(back, data, size) == 0);
    } else {
        assert(e.code == ERR_INVALID || e.code == ERR_TOO_LARGE);
    }
    arena_destroy(a);
    return 0;
}
