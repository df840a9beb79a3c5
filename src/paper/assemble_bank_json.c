/* paper/assemble_bank_json.c - a bank from JSON lines: our own item files, or measured items. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "paper/assemble_bank.h"

static bool number(const json_t *o, const char *name, size_t line, double *out, struct err *e)
{
    const json_t *v = json_object_get(o, name);
    char where[80];
    if (!v || json_is_null(v) || json_is_array(v))
        return true; /* NAN stays; "points" of our item files is a list of names */
    snprintf(where, sizeof where, "bank:%zu/%s", line, name);
    if (!json_is_number(v))
        return FAIL(e, INVALID, where, "题库第 %zu 行的 %s 不是数。", line, name);
    *out = json_number_value(v);
    return true;
}

static const char *const *texts(struct arena *a, const json_t *o, const char *name,
                                size_t *count)
{
    const json_t *v = json_object_get(o, name);
    size_t n = json_array_size(v);
    const char **out = arena_array(a, const char *, n + 1);
    *count = 0;
    for (size_t i = 0; i < n; i++)
        if (json_is_string(json_array_get(v, i)))
            out[(*count)++] = json_string_value(json_array_get(v, i));
    return out;
}

/* A text, or a whole number written as one: {"area": 3}. */
static const char *word(struct arena *a, const json_t *o, const char *name)
{
    const json_t *v = json_object_get(o, name);
    if (json_is_integer(v))
        return arena_printf(a, "%lld", (long long)json_integer_value(v));
    return json_string_value(v);
}

static const char *either(const char *x, const char *y)
{
    return x ? x : y;
}

/* "F4.1.2.3" counts for the area "F4.1", as in the programmes' weight tables. */
static const char *area_of_point(struct arena *a, const char *point)
{
    const char *dot = point ? strchr(point, '.') : NULL;
    dot = dot ? strchr(dot + 1, '.') : NULL;
    return dot ? arena_copy(a, point, (size_t)(dot - point)) : point;
}

static bool read_item(struct arena *a, const json_t *o, size_t line, struct assembly_item *out,
                      struct err *e)
{
    struct assembly_raw raw = {.line = line, .a = NAN, .b = NAN, .c = NAN, .minutes = NAN};
    raw.points = raw.uses = NAN;
    raw.id = either(word(a, o, "id"), word(a, o, "item"));
    raw.type = either(either(word(a, o, "type"), word(a, o, "kind")), word(a, o, "format"));
    raw.cognitive = word(a, o, "cognitive");
    raw.difficulty = word(a, o, "difficulty");
    raw.enemy = word(a, o, "enemy");
    raw.enemies = texts(a, o, "enemies", &raw.enemy_count);
    raw.tags = texts(a, o, json_object_get(o, "tags") ? "tags" : "points", &raw.tag_count);
    raw.area = word(a, o, "area");
    if (!raw.area && json_is_array(json_object_get(o, "points")) && raw.tag_count > 0)
        raw.area = area_of_point(
            a, json_string_value(json_array_get(json_object_get(o, "points"), 0)));
    if (!number(o, "a", line, &raw.a, e) || !number(o, "b", line, &raw.b, e) ||
        !number(o, "c", line, &raw.c, e) || !number(o, "minutes", line, &raw.minutes, e) ||
        !number(o, "points", line, &raw.points, e) || !number(o, "uses", line, &raw.uses, e))
        return false;
    if (isnan(raw.b) && json_is_real(json_object_get(o, "difficulty")))
        raw.b = json_number_value(json_object_get(o, "difficulty"));
    if (isnan(raw.a) && !isnan(raw.b) && !json_object_get(o, "a"))
        raw.a = 1;
    return assembly_item_make(a, &raw, out, e);
}

static bool blank(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (text[i] != ' ' && text[i] != '\t' && text[i] != '\r')
            return false;
    return true;
}

bool assembly_bank_read_json(struct arena *a, struct bytes text, struct assembly_bank *out,
                             struct err *e)
{
    const char *at = (const char *)text.at, *end = at + text.len;
    for (size_t line = 1; at < end; line++) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t len = (size_t)((stop ? stop : end) - at);
        struct assembly_item item;
        char where[40];
        const char *from = at;
        at += len + 1;
        if (line == 1 && len >= 3 && memcmp(from, "\xef\xbb\xbf", 3) == 0) {
            from += 3;
            len -= 3;
        }
        if (blank(from, len) || *from == '#')
            continue;
        if (out->count >= ASSEMBLE_ITEMS_MAX)
            return FAIL(e, TOO_LARGE, "bank", "题库超过 %d 题。", ASSEMBLE_ITEMS_MAX);
        json_t *o = json_read(a, from, len, e);
        snprintf(where, sizeof where, "bank:%zu", line);
        if (!o || !json_is_object(o)) {
            err_under(e, where);
            return FAIL(e, INVALID, where, "题库第 %zu 行不是一个 JSON 对象。", line);
        }
        if (!read_item(a, o, line, &item, e))
            return false;
        out->has_minutes |= json_object_get(o, "minutes") != NULL;
        out->has_points |= json_is_number(json_object_get(o, "points"));
        assembly_bank_add(a, out, &item);
    }
    return true;
}
