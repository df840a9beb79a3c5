/* base/json_out.c - JSON out, written in order. */
#include "base/json_out.h"

#include <assert.h>
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

enum { DEPTH_MAX = 40, FIRST_ROOM = 512 };

struct json_out {
    struct arena *arena;
    char *text;
    size_t len, room;
    int depth;
    bool has_member[DEPTH_MAX];
    char closes[DEPTH_MAX];
    bool after_key;
};

struct json_out *json_out_create(struct arena *a)
{
    struct json_out *o = arena_new(a, struct json_out);
    o->arena = a;
    o->room = FIRST_ROOM;
    o->text = arena_alloc(a, o->room, 1);
    return o;
}

const char *json_out_text(struct json_out *o)
{
    assert(o->depth == 0 && !o->after_key);
    return o->text;
}

size_t json_out_len(const struct json_out *o)
{
    return o->len;
}

static void add(struct json_out *o, const char *text, size_t len)
{
    if (o->len + len + 1 > o->room) {
        size_t room = o->room * 2;
        while (room < o->len + len + 1)
            room *= 2;
        o->text = arena_grow(o->arena, o->text, o->len, room, 1);
        o->room = room;
    }
    memcpy(o->text + o->len, text, len);
    o->len += len;
    o->text[o->len] = '\0';
}

static void before_value(struct json_out *o)
{
    if (o->after_key) {
        o->after_key = false;
        return;
    }
    assert(o->depth == 0 || o->closes[o->depth - 1] == ']');
    if (o->depth > 0) {
        if (o->has_member[o->depth - 1])
            add(o, ",", 1);
        o->has_member[o->depth - 1] = true;
    }
}

static void open_with(struct json_out *o, const char *opens, char closes)
{
    before_value(o);
    assert(o->depth < DEPTH_MAX);
    o->closes[o->depth] = closes;
    o->has_member[o->depth] = false;
    o->depth++;
    add(o, opens, 1);
}

static void close_with(struct json_out *o, char closes)
{
    assert(o->depth > 0 && o->closes[o->depth - 1] == closes && !o->after_key);
    o->depth--;
    add(o, &closes, 1);
}

void out_object(struct json_out *o)
{
    open_with(o, "{", '}');
}

void out_object_end(struct json_out *o)
{
    close_with(o, '}');
}

void out_array(struct json_out *o)
{
    open_with(o, "[", ']');
}

void out_array_end(struct json_out *o)
{
    close_with(o, ']');
}

static void add_quoted(struct json_out *o, const char *v)
{
    static const char hex[] = "0123456789abcdef";
    add(o, "\"", 1);
    for (const char *from = v;;) {
        const char *c = from;
        while ((unsigned char)*c >= 0x20 && *c != '"' && *c != '\\')
            c++;
        if (c > from)
            add(o, from, (size_t)(c - from));
        if (!*c)
            break;
        char escaped[6] = {'\\', *c};
        size_t n = 2;
        if (*c == '\n')
            escaped[1] = 'n';
        else if (*c == '\t')
            escaped[1] = 't';
        else if (*c == '\r')
            escaped[1] = 'r';
        else if ((unsigned char)*c < 0x20) {
            memcpy(escaped, "\\u00", 4);
            escaped[4] = hex[*c >> 4 & 15];
            escaped[5] = hex[*c & 15];
            n = 6;
        }
        add(o, escaped, n);
        from = c + 1;
    }
    add(o, "\"", 1);
}

void out_key(struct json_out *o, const char *key)
{
    assert(o->depth > 0 && o->closes[o->depth - 1] == '}' && !o->after_key);
    if (o->has_member[o->depth - 1])
        add(o, ",", 1);
    o->has_member[o->depth - 1] = true;
    add_quoted(o, key);
    add(o, ":", 1);
    o->after_key = true;
}

void out_text(struct json_out *o, const char *v)
{
    before_value(o);
    if (v)
        add_quoted(o, v);
    else
        add(o, "null", 4);
}

void out_int(struct json_out *o, int64_t v)
{
    char text[24];
    before_value(o);
    add(o, text, (size_t)snprintf(text, sizeof text, "%" PRId64, v));
}

void out_bool(struct json_out *o, bool v)
{
    before_value(o);
    add(o, v ? "true" : "false", v ? 4 : 5);
}

/* The shortest of 15 to 17 digits that reads back as the same number. */
void out_number(struct json_out *o, double v)
{
    char text[32];
    int n = 0;
    assert(isfinite(v));
    before_value(o);
    for (int digits = 15; digits <= 17; digits++) {
        n = snprintf(text, sizeof text, "%.*g", digits, v);
        double back = strtod(text, NULL);
        /* NOLINTNEXTLINE: the very bits, so that -0.0 stays -0.0 */
        if (memcmp(&back, &v, sizeof v) == 0)
            break;
    }
    add(o, text, (size_t)n);
}

void out_null(struct json_out *o)
{
    before_value(o);
    add(o, "null", 4);
}

void out_id(struct json_out *o, struct id v)
{
    char text[ID_TEXT_BYTES];
    if (id_is_zero(v)) {
        out_null(o);
        return;
    }
    id_write(v, text);
    out_text(o, text);
}

static int add_dumped(const char *text, size_t len, void *o)
{
    add(o, text, len);
    return 0;
}

void out_json(struct json_out *o, const struct json_t *v)
{
    before_value(o);
    if (!v || json_dump_callback(v, add_dumped, o, JSON_COMPACT | JSON_ENCODE_ANY) != 0)
        add(o, "null", 4);
}

void put_text(struct json_out *o, const char *key, const char *v)
{
    out_key(o, key);
    out_text(o, v);
}

void put_int(struct json_out *o, const char *key, int64_t v)
{
    out_key(o, key);
    out_int(o, v);
}

void put_bool(struct json_out *o, const char *key, bool v)
{
    out_key(o, key);
    out_bool(o, v);
}

void put_number(struct json_out *o, const char *key, double v)
{
    out_key(o, key);
    out_number(o, v);
}

void put_id(struct json_out *o, const char *key, struct id v)
{
    out_key(o, key);
    out_id(o, v);
}

void put_json(struct json_out *o, const char *key, const struct json_t *v)
{
    out_key(o, key);
    out_json(o, v);
}

void put_object(struct json_out *o, const char *key)
{
    out_key(o, key);
    out_object(o);
}

void put_array(struct json_out *o, const char *key)
{
    out_key(o, key);
    out_array(o);
}
