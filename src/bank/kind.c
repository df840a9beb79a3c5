/* bank/kind.c - the table of item kinds, and what they share. */
#include "bank/kind.h"

#include <assert.h>
#include <jansson.h>
#include <string.h>

#include "base/arena.h"
#include "base/fields.h"

#define ITEM_KIND(name) &item_kind_##name,
static const struct item_kind *const kinds[] = {
#include "bank/kinds.def"
};
#undef ITEM_KIND

#define ITEM_KIND(name) #name,
static const char *const names[] = {
#include "bank/kinds.def"
    NULL};
#undef ITEM_KIND

const struct item_kind *item_kind_at(size_t i)
{
    return i < sizeof kinds / sizeof *kinds ? kinds[i] : NULL;
}

const struct item_kind *item_kind_find(const char *name)
{
    const struct item_kind *k;
    for (size_t i = 0; (k = item_kind_at(i)); i++)
        if (name && strcmp(k->name, name) == 0)
            return k;
    return NULL;
}

const char *const *item_kind_names(void)
{
    return names;
}

void *item_body_read(const struct item_kind *k, const struct json_t *object, struct arena *a,
                     struct err *e)
{
    void *body = arena_alloc(a, 1, k->body->size);
    return fields_read(k->body, object, a, body, e) && k->check(body, a, e) ? body : NULL;
}

/* Rounded cumulatively, so that nothing is lost between the parts. */
int32_t item_part_marks(const struct item_part *parts, size_t count, size_t i,
                        int32_t max_millimarks)
{
    int64_t all = 0, before = 0;
    for (size_t k = 0; k < count; k++) {
        all += parts[k].share;
        before += k < i ? parts[k].share : 0;
    }
    assert(all > 0);
    return (int32_t)(max_millimarks * (before + parts[i].share) / all -
                     max_millimarks * before / all);
}

bool response_is_blank(const struct json_t *response)
{
    if (!response || json_is_null(response))
        return true;
    if (json_is_array(response))
        return json_array_size(response) == 0;
    if (json_is_string(response)) {
        const char *s = json_string_value(response);
        return s[strspn(s, " \t\r\n")] == 0;
    }
    return false;
}
