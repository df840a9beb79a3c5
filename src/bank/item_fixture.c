/* bank/item_fixture.c - a sample that is not there fails the test that asks. */
#include "bank/item_fixture.h"

#include "base/arena.h"
#include "base/embed.h"
#include "base/json.h"
#include "test/check.h"

json_t *sample_item(struct arena *a, const char *kind)
{
    struct err e = {0};
    const struct embedded *f = embedded_find(arena_printf(a, "samples/items/%s.json", kind));
    CHECK(kind, f);
    const json_t *file = json_read(a, f->bytes, f->len, &e);
    CHECK_OK(kind, file, &e);
    return json_keep(a, json_deep_copy(json_object_get(file, "item")));
}
