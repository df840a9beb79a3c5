/* sitting/journal_entry_fuzz.c - every save that is accepted writes back to itself (S12). */
#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "sitting/journal_entry.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    struct err e = {0};
    (void)argc;
    (void)argv;
    return crypto_start(&e) ? 0 : 1;
}

/* True if it was accepted. */
static bool try_body(struct arena *a, struct bytes body)
{
    struct journal_save save;
    struct err e = {0};
    if (!journal_save_read(a, body, &save, &e)) {
        assert(e.code == ERR_INVALID || e.code == ERR_TOO_LARGE);
        return false;
    }
    unsigned char *back = arena_alloc(a, body.len, 1);
    size_t at = 0;
    for (size_t i = 0; i < save.count; i++)
        at += journal_entry_write(&save.entries[i], back + at);
    memcpy(back + at, save.tag, TAG_BYTES);
    assert(at + TAG_BYTES == body.len && memcmp(back, body.at, body.len) == 0);
    return true;
}

/* The same bytes with heads that hold together, so that what lies behind the first check is
 * reached: magic, attempt, epoch, seq and the link of each entry. */
static void mend(unsigned char *p, size_t len)
{
    unsigned char before[HASH_BYTES] = {0};
    uint32_t seq = 1;
    for (size_t at = 0; len - at >= ENTRY_HEAD_BYTES;) {
        unsigned char *entry = p + at;
        uint32_t n = be32_get(entry + 52);
        if (n > len - at - ENTRY_HEAD_BYTES)
            n = (uint32_t)(len - at - ENTRY_HEAD_BYTES) % 64;
        be32_put(entry + 52, n);
        memcpy(entry, "HNJ1", 4);
        memcpy(entry + 4, p + 4, ID_BYTES);
        be32_put(entry + 20, 1);
        be32_put(entry + 24, seq++);
        entry[28] = (unsigned char)(1 + entry[28] % 11);
        entry[29] = 1;
        memcpy(entry + 56, before, HASH_BYTES);
        hash_of(before, entry, ENTRY_HEAD_BYTES + n);
        at += ENTRY_HEAD_BYTES + n;
    }
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    struct arena *a = arena_create(16 << 20);
    try_body(a, (struct bytes){data, size});
    if (size >= ENTRY_HEAD_BYTES + TAG_BYTES) {
        unsigned char *copy = arena_copy(a, data, size);
        mend(copy, size - TAG_BYTES);
        try_body(a, (struct bytes){copy, size});
    }
    arena_destroy(a);
    return 0;
}
