/* A bank file of any bytes: every row is sound or has a problem with a sentence. */
#include "bank/item_file.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/crypto.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* An item's picture is hashed. */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    struct err e = {0};
    (void)argc;
    (void)argv;
    return crypto_start(&e) ? 0 : -1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct arena *a = arena_create(512 << 20);
    struct item_file f;
    item_file_read(a, NULL, (struct bytes){data, len}, &f);
    size_t faulty = 0;
    for (size_t i = 0; i < f.count; i++)
        faulty += f.rows[i].item.kind == NULL;
    if (faulty > f.problem_count && f.problem_count < 1000)
        abort();
    for (size_t i = 0; i < f.problem_count; i++)
        if (!f.problems[i].what || !*f.problems[i].what || !f.problems[i].column)
            abort();
    arena_destroy(a);
    return 0;
}
