/* An item that reads has a canonical text, and that text reads as the same item; its presentation
 * holds no key, and a blank response is worth nothing. */
#include "bank/item.h"

#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "base/json.h"
#include "base/json_out.h"

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
    struct arena *a = arena_create(256 << 20);
    struct err e = {0}, none = {0};
    struct item item, again;
    struct bytes text, twice;
    if (item_read_text(a, data, len, &item, &e) && item_text(a, &item, &text, &none)) {
        struct item_score score;
        struct json_out *o = json_out_create(a);
        if (!item_read_text(a, text.at, text.len, &again, &none) ||
            !item_text(a, &again, &twice, &none) || !bytes_equal(text, twice))
            abort();
        item_write_presented(a, &item, o);
        const char *shown = json_out_text(o);
        const json_t *back = json_read(a, shown, strlen(shown), &none);
        if (!back || json_object_get(back, "key") || json_object_get(back, "explanation"))
            abort();
        if (!item.kind->score(item.body, NULL, &(struct score_order){1000, PARTIAL_none},
                              &score, &none) ||
            score.millimarks != 0)
            abort();
    } else if (e.code == ERR_NONE && none.code == ERR_NONE) {
        abort();
    }
    arena_destroy(a);
    return 0;
}
