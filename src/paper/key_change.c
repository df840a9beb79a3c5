/* paper/key_change.c - applies decided changes to a copy of a key set. */
#include "paper/key_change.h"

#include <jansson.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"

const char *const key_effect_names[KEY_EFFECTS + 1] = {"replace", "accept", "credit", NULL};

/* The object whose "key" counts: the item, or a part of a case. */
static json_t *keyed_object(json_t *item, int64_t part)
{
    return part < 0 ? item : json_array_get(json_object_get(item, "items"), (size_t)part);
}

static bool with_key(struct arena *a, const json_t *item, const struct key_change *c,
                     json_t **out, struct err *e)
{
    struct item parsed;
    struct err why = {0};
    *out = json_keep(a, json_deep_copy(item));
    json_object_set(keyed_object(*out, c->part), "key", (json_t *)c->key);
    /* Everything but the key was read before, so the key is what is wrong. */
    return item_read(a, *out, &parsed, &why) || FAIL(e, INVALID, "/key", "%s", why.text);
}

static bool change_record(struct arena *a, json_t *record, const struct key_change *c,
                          struct err *e)
{
    json_t *item = json_object_get(record, "item"), *changed = NULL;
    bool is_case = json_is_array(json_object_get(item, "items"));
    if (!keyed_object(item, c->part) || (is_case && c->part < 0 && c->effect != KEY_CREDIT))
        return FAIL(e, NOT_FOUND, "/part", "试题 %s 没有这一小题。", c->code);
    if (c->effect != KEY_CREDIT && !with_key(a, item, c, &changed, e))
        return false;
    if (c->effect == KEY_REPLACE) {
        json_object_set(record, "item", changed);
        return true;
    }
    json_t *list = json_object_get(record, "changes");
    if (!list) {
        list = json_array();
        json_object_set_new(record, "changes", list);
    }
    json_t *one = json_pack("{s:s, s:I}", "effect", key_effect_names[c->effect], "part",
                            (json_int_t)c->part);
    if (changed)
        json_object_set(one, "item", changed);
    json_array_append_new(list, one);
    return true;
}

static bool change_all(struct arena *a, json_t *root, const struct key_change *c, struct err *e)
{
    const char *form;
    json_t *items, *record;
    size_t i, found = 0;
    json_object_foreach(json_object_get(root, "forms"), form, items)
    {
        json_array_foreach(items, i, record)
        {
            const char *code = json_member_text(record, "code");
            if (!code || strcmp(code, c->code) != 0)
                continue;
            found++;
            if (!change_record(a, record, c, e))
                return false;
        }
    }
    return found > 0 ||
           FAIL(e, NOT_FOUND, "/code", "这一场次的试卷里没有试题 %.64s。", c->code);
}

/* The set that was committed to is never touched: a whole copy changes. */
bool key_set_change(struct arena *a, struct key_set *set, const struct key_change *changes,
                    size_t count, struct err *e)
{
    if (count == 0)
        return true;
    json_t *root = json_keep(a, json_deep_copy(set->json));
    for (size_t i = 0; i < count; i++)
        if (!change_all(a, root, &changes[i], e))
            return false;
    set->json = root;
    set->version += (int64_t)count;
    return true;
}
