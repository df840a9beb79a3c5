/* bank/exchange_build.c - item objects from the parts that all formats have. */
#include "bank/exchange_build.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bank/decimal.h"
#include "base/arena.h"
#include "base/json.h"
#include "base/text_out.h"

static json_t *begin(const char *kind, const char *stem)
{
    json_t *object = json_object();
    json_object_set_new(object, "kind", json_string(kind));
    json_object_set_new(object, "stem", json_string(stem));
    return object;
}

static json_t *letter(size_t i)
{
    char text[2] = {(char)('A' + (i < 26 ? i : 25)), 0};
    return json_string(text);
}

bool is_usual_weight(double percent, size_t right_count, bool multiple)
{
    double share = right_count ? 100.0 / (double)right_count : 100;
    return percent == 0 || (multiple && percent == -100) ||
           (percent > share - 0.01 && percent < share + 0.01);
}

struct json_t *build_choice(const char *stem, const struct choice *choices, size_t count,
                            bool multiple)
{
    json_t *options = json_array(), *keys = json_array();
    for (size_t i = 0; i < count; i++) {
        json_array_append_new(options, json_string(choices[i].text));
        if (choices[i].right)
            json_array_append_new(keys, letter(i));
    }
    bool one = !multiple || json_array_size(keys) == 1;
    json_t *object = begin(one ? "single" : "multiple", stem);
    json_object_set_new(object, "options", options);
    if (one && json_array_size(keys))
        json_object_set(object, "key", json_array_get(keys, 0));
    else if (!one)
        json_object_set(object, "key", keys);
    json_decref(keys);
    return object;
}

struct json_t *build_true_false(const char *stem, bool key)
{
    json_t *object = begin("true_false", stem);
    json_object_set_new(object, "key", json_boolean(key));
    return object;
}

const char *decimal_text(struct arena *a, double v)
{
    char *plain = arena_printf(a, "%.9f", v > -1e9 && v < 1e9 ? v : 0);
    size_t len = strlen(plain);
    while (plain[len - 1] == '0')
        plain[--len] = 0;
    if (plain[len - 1] == '.')
        plain[--len] = 0;
    return plain;
}

const char *plain_decimal(struct arena *a, const char *text)
{
    struct decimal d;
    char *end;
    const char *t = trimmed(a, text, strlen(text));
    double v = strtod(t, &end);
    bool is = decimal_read(t, NULL, &d) == DECIMAL_OK || end == t || *end ||
              !(v > -1e9 && v < 1e9);
    return is ? t : decimal_text(a, v);
}

struct json_t *build_numeric(struct arena *a, const char *stem, const char *value,
                             const char *tolerance, const char *unit)
{
    json_t *object = begin("numeric", stem), *key = json_object();
    json_object_set_new(key, "value", json_string(plain_decimal(a, value)));
    json_object_set_new(
        key, "tolerance",
        json_string(tolerance && *tolerance ? plain_decimal(a, tolerance) : "0"));
    if (unit && *unit)
        json_object_set_new(key, "unit", json_string(unit));
    json_object_set_new(object, "key", key);
    return object;
}

struct json_t *build_blank(struct arena *a, const char *stem, struct json_t *gaps)
{
    json_t *object = begin("blank",
                           strstr(stem, "____") ? stem : arena_printf(a, "%s____", stem));
    json_object_set_new(object, "key", gaps);
    return object;
}

struct json_t *build_short(const char *stem, const char *key)
{
    json_t *object = begin("short", stem);
    if (key && *key)
        json_object_set_new(object, "key", json_string(key));
    return object;
}

static size_t place_of(const json_t *options, const char *text)
{
    size_t i = 0;
    while (i < json_array_size(options) && strcmp(text_at(options, i), text) != 0)
        i++;
    return i;
}

struct json_t *build_matching(struct arena *a, const char *stem, const struct pair *pairs,
                              size_t count)
{
    json_t *premises = json_array(), *options = json_array(), *key = json_array();
    (void)a;
    for (size_t i = 0; i < count; i++) {
        size_t at = place_of(options, pairs[i].option);
        if (at == json_array_size(options))
            json_array_append_new(options, json_string(pairs[i].option));
        if (!pairs[i].premise || !*pairs[i].premise)
            continue;
        json_array_append_new(premises, json_string(pairs[i].premise));
        json_array_append_new(key, letter(at));
    }
    json_t *object = begin("matching", stem);
    json_object_set_new(object, "premises", premises);
    json_object_set_new(object, "options", options);
    json_object_set_new(object, "key", key);
    return object;
}

struct json_t *build_ordering(const char *stem, const struct choice *choices,
                              const size_t *order, size_t count)
{
    json_t *options = json_array(), *key = json_array(), *object = begin("ordering", stem);
    for (size_t i = 0; i < count; i++) {
        json_array_append_new(options, json_string(choices[i].text));
        json_array_append_new(key, letter(order[i]));
    }
    json_object_set_new(object, "options", options);
    json_object_set_new(object, "key", key);
    return object;
}

void build_explanation(struct json_t *object, const char *text)
{
    if (text && *text)
        json_object_set_new(object, "explanation", json_string(text));
}

const char *trimmed(struct arena *a, const char *text, size_t len)
{
    while (len > 0 && memchr(" \t\r\n", *text, 4))
        text++, len--;
    while (len > 0 && memchr(" \t\r\n", text[len - 1], 4))
        len--;
    return arena_copy(a, text, len);
}

/* --- back to text -------------------------------------------------------------------------------- */
const char *text_at(const struct json_t *array, size_t i)
{
    const char *text = json_string_value(json_array_get(array, i));
    return text ? text : "";
}

const char *member_or(const struct json_t *object, const char *name, const char *otherwise)
{
    const char *text = json_member_text(object, name);
    return text ? text : otherwise;
}

bool is_right(const struct json_t *key, size_t option)
{
    const char name[2] = {(char)('A' + option), 0};
    if (json_is_string(key))
        return strcmp(json_string_value(key), name) == 0;
    for (size_t i = 0; i < json_array_size(key); i++)
        if (strcmp(text_at(key, i), name) == 0)
            return true;
    return false;
}

static void put_question(struct text_out *o, const json_t *object)
{
    const json_t *premises = json_object_get(object, "premises"),
                 *options = json_object_get(object, "options"),
                 *parts = json_object_get(object, "items");
    text_put(o, member_or(object, "stem", ""));
    for (size_t i = 0; i < json_array_size(premises); i++)
        text_putf(o, "\n(%zu) %s", i + 1, text_at(premises, i));
    for (size_t i = 0; i < json_array_size(options); i++)
        text_putf(o, "\n%c. %s", (char)('A' + i), text_at(options, i));
    for (size_t i = 0; i < json_array_size(parts); i++) {
        text_putf(o, "\n%zu. ", i + 1);
        put_question(o, json_array_get(parts, i));
    }
}

const char *question_text(struct arena *a, const struct json_t *object)
{
    struct text_out o = {.arena = a};
    put_question(&o, object);
    return text_out_text(&o);
}
