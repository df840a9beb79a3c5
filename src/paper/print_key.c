/* paper/print_key.c - keys as a marker reads them. */
#include "paper/print_key.h"

#include <jansson.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"

char print_letter(const struct json_t *options, const char *id)
{
    for (size_t i = 0; i < json_array_size(options); i++)
        if (strcmp(json_member_text(json_array_get(options, i), "id"), id) == 0)
            return (char)('A' + i);
    return '?';
}

/* "ABD": in the order of the printed letters. */
static const char *chosen(struct arena *a, const json_t *key, const json_t *options)
{
    char letters[16] = {0};
    size_t n = 0;
    for (size_t i = 0; i < json_array_size(options); i++)
        for (size_t k = 0; k < json_array_size(key); k++)
            if (print_letter(options, json_string_value(json_array_get(key, k))) ==
                    (char)('A' + i) &&
                n + 1 < sizeof letters)
                letters[n++] = (char)('A' + i);
    return arena_text(a, letters);
}

/* "1C 2A 3B" of a matching item, "B→C→A" of an ordering one. */
static const char *in_order(struct arena *a, const json_t *key, const json_t *options,
                            bool numbered)
{
    const char *out = "";
    for (size_t i = 0; i < json_array_size(key); i++) {
        char letter = print_letter(options, json_string_value(json_array_get(key, i)));
        out = numbered ? arena_printf(a, "%s%s%zu%c", out, *out ? " " : "", i + 1, letter)
                       : arena_printf(a, "%s%s%c", out, *out ? "→" : "", letter);
    }
    return out;
}

/* "(1) 点击率 / CTR" of the gaps. */
static const char *gaps(struct arena *a, const json_t *key)
{
    const char *out = "";
    for (size_t i = 0; i < json_array_size(key); i++) {
        const json_t *list = json_array_get(key, i);
        out = arena_printf(a, "%s%s(%zu)", out, *out ? "　" : "", i + 1);
        for (size_t k = 0; k < json_array_size(list); k++)
            out = arena_printf(a, "%s%s%s", out, k ? " / " : " ",
                               json_string_value(json_array_get(list, k)));
    }
    return out;
}

/* "A 弹幕区 / C" of a hotspot: the areas that count. */
static const char *areas(struct arena *a, const json_t *key, const json_t *all)
{
    const char *out = "";
    for (size_t i = 0; i < json_array_size(key); i++) {
        const char *letter = json_string_value(json_array_get(key, i)),
                   *name = json_member_text(json_array_get(all, (size_t)(letter[0] - 'A')),
                                            "name");
        out = arena_printf(a, "%s%s%s%s%s", out, *out ? " / " : "", letter, name ? " " : "",
                           name ? name : "");
    }
    return out;
}

static const char *of_list(struct arena *a, const json_t *item, const json_t *shown)
{
    const json_t *key = json_object_get(item, "key"),
                 *options = json_object_get(shown, "options");
    const char *kind = json_member_text(item, "kind");
    if (json_object_get(shown, "premises"))
        return in_order(a, key, options, true);
    if (json_object_get(item, "areas"))
        return areas(a, key, json_object_get(item, "areas"));
    if (kind && strcmp(kind, "ordering") == 0)
        return in_order(a, key, options, false);
    return options ? chosen(a, key, options) : gaps(a, key);
}

const char *print_key(struct arena *a, const struct json_t *item, const struct json_t *shown)
{
    const json_t *key = json_object_get(item, "key"),
                 *options = json_object_get(shown, "options");
    if (json_is_boolean(key))
        return json_is_true(key) ? "正确" : "错误";
    if (json_is_array(key))
        return of_list(a, item, shown);
    if (json_is_object(key)) {
        const char *unit = json_member_text(key, "unit");
        return arena_printf(a, "%s %s（允差 ±%s）", json_member_text(key, "value"),
                            unit ? unit : "", json_member_text(key, "tolerance"));
    }
    if (!json_is_string(key))
        return "";
    const char *text = json_string_value(key);
    return options ? arena_printf(a, "%c", print_letter(options, text)) : text;
}
