/* marking/typed_rules.c - letters of a print, differences between sheets, what counts. */
#include "marking/typed_rules.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "sitting/fold.h"

/* --- letters ------------------------------------------------------------------------------------- */
static const char *own_letter(const json_t *options, const char *printed)
{
    if (!printed || printed[0] < 'A' || printed[0] > 'Z' || printed[1])
        return NULL;
    return json_member_text(json_array_get(options, (size_t)(printed[0] - 'A')), "id");
}

static json_t *printed_letter(const json_t *options, const char *own)
{
    for (size_t i = 0; own && i < json_array_size(options); i++)
        if (strcmp(json_member_text(json_array_get(options, i), "id"), own) == 0)
            return json_stringn((const char[]){(char)('A' + i)}, 1);
    return json_null();
}

static bool is_list(const json_t *place, const json_t *response)
{
    return json_is_array(response) && json_object_get(place, "options");
}

bool typed_to_own(struct arena *a, const struct json_t *place, const struct json_t *printed,
                  struct json_t **own, struct err *e)
{
    const json_t *options = json_object_get(place, "options");
    *own = json_keep(a, json_deep_copy(printed));
    if (!is_list(place, printed))
        return true;
    json_t *list = json_keep(a, json_array());
    for (size_t i = 0; i < json_array_size(printed); i++) {
        const json_t *one = json_array_get(printed, i);
        const char *letter = own_letter(options, json_string_value(one));
        char field[24];
        snprintf(field, sizeof field, "/%zu", i);
        if (!json_is_null(one) && !letter)
            return FAIL(e, INVALID, field, "试卷上没有这个选项。");
        json_array_append_new(list, letter ? json_string(letter) : json_null());
    }
    /* Several choices have no order: the bank's own is the one spelling. */
    const char *kind = json_member_text(place, "kind");
    if (kind && strcmp(kind, "multiple") == 0) {
        json_t *sorted = json_keep(a, json_array());
        for (int c = 'A'; c <= 'Z'; c++)
            for (size_t i = 0; i < json_array_size(list); i++) {
                const char *letter = json_string_value(json_array_get(list, i));
                if (letter && letter[0] == c)
                    json_array_append(sorted, json_array_get(list, i));
            }
        list = sorted;
    }
    *own = list;
    return true;
}

const struct json_t *typed_to_print(struct arena *a, const struct json_t *place,
                                    const struct json_t *own)
{
    const json_t *options = json_object_get(place, "options");
    if (!is_list(place, own))
        return own;
    json_t *list = json_keep(a, json_array());
    for (size_t i = 0; i < json_array_size(own); i++)
        json_array_append_new(
            list, printed_letter(options, json_string_value(json_array_get(own, i))));
    return list;
}

/* --- differences --------------------------------------------------------------------------------- */
static int by_n(const void *x, const void *y)
{
    const struct typed_difference *a = x, *b = y;
    return a->n < b->n ? -1 : a->n > b->n;
}

static bool same(const json_t *x, const json_t *y)
{
    return x && y ? json_equal(x, y) : x == y;
}

size_t typed_differences(struct arena *a, const struct json_t *one, const struct json_t *two,
                         struct typed_difference **out)
{
    size_t room = json_object_size(one) + json_object_size(two) + 1, count = 0;
    const char *name;
    json_t *value;
    *out = arena_array(a, struct typed_difference, room);
    json_object_foreach((json_t *)one, name, value)
    {
        const json_t *other = json_object_get(two, name);
        if (!same(value, other))
            (*out)[count++] = (struct typed_difference){strtoll(name, NULL, 10), value, other};
    }
    json_object_foreach((json_t *)two, name, value) if (!json_object_get(one, name))(
        *out)[count++] = (struct typed_difference){strtoll(name, NULL, 10), NULL, value};
    qsort(*out, count, sizeof **out, by_n);
    return count;
}

/* --- what counts --------------------------------------------------------------------------------- */
static void put_answer(struct arena *a, struct attempt_answers *answers, uint16_t n,
                       const json_t *response)
{
    struct err never = {0};
    struct bytes text = {NULL, 0};
    if (!json_is_null(response) && !jcs_write(a, response, &text, &never))
        return;
    for (size_t i = 0; i < answers->count; i++)
        if (answers->items[i].item == n) {
            answers->items[i].response = text;
            return;
        }
    answers->items = arena_grow(a, answers->items, answers->count, answers->count + 1,
                                sizeof *answers->items);
    answers->items[answers->count++] = (struct answer){.item = n, .response = text};
}

bool typed_apply(struct arena *a, const struct json_t *one, const struct json_t *two,
                 const struct json_t *decided, struct attempt_answers *answers)
{
    struct typed_difference *differences;
    size_t count = typed_differences(a, one, two, &differences);
    const char *name;
    json_t *value;
    char n[24];
    for (size_t i = 0; i < count; i++) {
        snprintf(n, sizeof n, "%lld", (long long)differences[i].n);
        if (!json_object_get(decided, n))
            return false;
    }
    json_object_foreach((json_t *)one, name,
                        value) if (json_equal(value, json_object_get(two, name)))
        put_answer(a, answers, (uint16_t)strtol(name, NULL, 10), value);
    json_object_foreach((json_t *)decided, name, value)
        put_answer(a, answers, (uint16_t)strtol(name, NULL, 10), value);
    return true;
}
