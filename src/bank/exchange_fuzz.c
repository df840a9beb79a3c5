/* Any bytes as a file of any format: items that are sound, or losses and sentences; and what was read
 * writes and reads back as itself. The first byte chooses the format. */
#include "bank/exchange.h"

#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "base/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void write_and_read(struct arena *a, const struct exchange_format *f,
                           const struct exchange *x)
{
    struct err e = {0};
    struct bytes file;
    struct exchange out, back;
    size_t count = json_array_size(x->items);
    const json_t **objects = arena_array(a, const json_t *, count + 1);
    for (size_t i = 0; i < count; i++)
        objects[i] = json_array_get(x->items, i);
    if (!exchange_write(a, f, objects, count, &file, &out, &e) ||
        !exchange_read(a, f, NULL, file, &back, &e))
        abort();
    for (size_t i = 0; f->notes && i < count; i++)
        if (strcmp(json_compact(a, objects[i]),
                   json_compact(a, json_array_get(back.items, i))) != 0)
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    const struct exchange_format *f;
    size_t formats = 0;
    while (exchange_format_at(formats))
        formats++;
    if (len == 0 || formats == 0)
        return 0;
    f = exchange_format_at(data[0] % formats);
    struct arena *a = arena_create(1024u << 20);
    struct err e = {0};
    struct exchange x;
    if (!crypto_start(&e))
        abort();
    if (exchange_read(a, f, NULL, (struct bytes){data + 1, len - 1}, &x, &e)) {
        for (size_t i = 0; i < x.loss_count; i++)
            if (!*x.losses[i].sentence)
                abort();
        if (x.refused > x.loss_count)
            abort();
        write_and_read(a, f, &x);
    } else if (e.code == ERR_NONE || !*e.text) {
        abort();
    }
    arena_destroy(a);
    return 0;
}
