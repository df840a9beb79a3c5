/* bank/exchange_note.c - the difference between an item and its visible question, as a note. */
#include "bank/exchange_note.h"

#include <jansson.h>
#include <string.h>

#include "bank/exchange.h"
#include "base/arena.h"
#include "base/crypto.h"
#include "base/json.h"
#include "base/text_out.h"

enum { DIGEST_HEX = 16 };

/* Of a member's value; not a seal, only "is it still what it was". */
static const char *digest_of(struct arena *a, const json_t *value)
{
    const char *text = json_compact(a, value);
    unsigned char digest[HASH_BYTES];
    char *hex = arena_alloc(a, DIGEST_HEX + 1, 1);
    hash_of(digest, text, strlen(text));
    hex_write(hex, digest, DIGEST_HEX / 2);
    return hex;
}

/* Every character beyond ASCII escaped: no format takes offence at it, and XML drops none. */
static const char *ascii_of(struct arena *a, const json_t *value)
{
    const size_t flags = JSON_COMPACT | JSON_SORT_KEYS | JSON_ENSURE_ASCII;
    size_t len = json_dumpb(value, NULL, 0, flags);
    char *text = arena_alloc(a, len + 1, 1);
    json_dumpb(value, text, len, flags);
    return text;
}

const char *exchange_note_make(struct arena *a, const struct json_t *read,
                               const struct json_t *item)
{
    json_t *set = json_object(), *was = json_object(), *drop = json_array();
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)item, name, value)
    {
        const json_t *seen = json_object_get(read, name);
        if (seen && json_equal(seen, value))
            continue;
        json_object_set(set, name, value);
        if (seen)
            json_object_set_new(was, name, json_string(digest_of(a, seen)));
    }
    json_object_foreach((json_t *)read, name, value)
    {
        if (!json_object_get(item, name)) {
            json_array_append_new(drop, json_string(name));
            json_object_set_new(was, name, json_string(digest_of(a, value)));
        }
    }
    json_t *note = json_keep(a, json_object());
    if (json_object_size(set))
        json_object_set(note, "set", set);
    if (json_object_size(was))
        json_object_set(note, "was", was);
    if (json_array_size(drop))
        json_object_set(note, "drop", drop);
    json_decref(set);
    json_decref(was);
    json_decref(drop);
    return json_object_size(note) ? ascii_of(a, note) : NULL;
}

const char *exchange_note_members(struct arena *a, const char *note)
{
    struct err e = {0};
    struct text_out o = {.arena = a};
    const json_t *n = json_read(a, note, strlen(note), &e);
    const char *name;
    json_t *value;
    json_object_foreach(json_object_get(n, "set"), name, value)
        text_putf(&o, "%s/%s", o.len ? " " : "", name);
    return text_out_text(&o);
}

/* Is what the note replaces still what it was when the note was written? */
static bool still(struct arena *a, const json_t *object, const json_t *was, const char *name)
{
    const json_t *seen = json_object_get(object, name);
    const char *digest = json_member_text(was, name);
    if (!seen || !digest)
        return !seen && !digest;
    return strcmp(digest_of(a, seen), digest) == 0;
}

void exchange_note_apply(struct exchange *x, struct json_t *object, const char *id,
                         const char *note)
{
    struct err e = {0};
    struct arena *a = x->arena;
    const json_t *n = json_read(a, note, strlen(note), &e), *was = json_object_get(n, "was"),
                 *drop = json_object_get(n, "drop");
    json_t *before = json_keep(a, json_copy(object)), *value;
    const char *name;
    if (!json_is_object(n)) {
        exchange_lose(x, id, "heng", "衡的附注不是完整的 JSON，已略过。");
        return;
    }
    json_object_foreach(json_object_get(n, "set"), name, value)
    {
        if (still(a, before, was, name))
            json_object_set(object, name, value);
        else
            exchange_lose(x, id, name, "导出后这一项被改过，以改过的为准，附注中的原值未用。");
    }
    for (size_t i = 0; i < json_array_size(drop); i++) {
        name = json_string_value(json_array_get(drop, i));
        if (name && still(a, before, was, name))
            json_object_del(object, name);
    }
}
