/* bank/exchange_gift_write.c - items as GIFT. What GIFT has no question for is an essay. */
#include <jansson.h>
#include <string.h>

#include "bank/exchange_build.h"
#include "bank/exchange_gift.h"
#include "base/arena.h"
#include "base/json.h"
#include "base/text_out.h"

/* Control characters of GIFT escaped; a line end would end the question, so it is \n. */
static void put_escaped(struct text_out *o, const char *s)
{
    for (; *s; s++) {
        if (strchr("~=#{}:\\", *s))
            text_put(o, "\\");
        if (*s == '\n')
            text_put(o, "\\n");
        else
            text_put_bytes(o, s, 1);
    }
}

static void put_choices(struct text_out *o, const json_t *object, bool multiple)
{
    const json_t *options = json_object_get(object, "options"),
                 *key = json_object_get(object, "key");
    size_t right = json_array_size(key);
    for (size_t i = 0; i < json_array_size(options); i++) {
        bool yes = is_right(key, i);
        if (!multiple)
            text_put(o, yes ? "\n=" : "\n~");
        else if (yes)
            text_putf(o, "\n~%%%.5f%%", 100.0 / (double)right);
        else
            text_put(o, "\n~%-100%");
        put_escaped(o, text_at(options, i));
    }
}

static void put_matching(struct text_out *o, const json_t *object)
{
    const json_t *premises = json_object_get(object, "premises"),
                 *options = json_object_get(object, "options"),
                 *key = json_object_get(object, "key");
    for (size_t i = 0; i < json_array_size(premises); i++) {
        text_put(o, "\n=");
        put_escaped(o, text_at(premises, i));
        text_put(o, " -> ");
        put_escaped(o, text_at(options, (size_t)(text_at(key, i)[0] - 'A')));
    }
    for (size_t i = 0; i < json_array_size(options); i++)
        if (!is_right(key, i)) {
            text_put(o, "\n= -> ");
            put_escaped(o, text_at(options, i));
        }
}

/* One gap stands where its answers stand; more than one GIFT cannot hold. */
static bool put_gap(struct text_out *o, const json_t *object)
{
    const json_t *key = json_object_get(object, "key");
    const char *stem = member_or(object, "stem", ""), *gap = strstr(stem, "____");
    if (json_array_size(key) != 1 || !gap)
        return false;
    const json_t *accepted = json_array_get(key, 0);
    put_escaped(o, arena_copy(o->arena, stem, (size_t)(gap - stem)));
    text_put(o, " {");
    for (size_t i = 0; i < json_array_size(accepted); i++) {
        text_put(o, "\n=");
        put_escaped(o, text_at(accepted, i));
    }
    return true;
}

static void put_end(struct text_out *o, const json_t *object)
{
    const char *explanation = json_member_text(object, "explanation");
    if (explanation) {
        text_put(o, "\n####");
        put_escaped(o, explanation);
    }
    text_put(o, "\n}");
}

static void put_item(struct text_out *o, const struct exchange_item *item)
{
    const json_t *object = item->object, *key = json_object_get(object, "key");
    const char *kind = member_or(object, "kind", "");
    if (item->note)
        text_putf(o, "// " GIFT_NOTE "%s\n", item->note);
    text_put(o, "::");
    put_escaped(o, item->id);
    text_put(o, "::[plain]");
    if (strcmp(kind, "blank") == 0 && put_gap(o, object)) {
        const char *stem = member_or(object, "stem", ""), *after = strstr(stem, "____");
        put_end(o, object);
        put_escaped(o, after + strspn(after, "_"));
        text_put(o, "\n\n");
        return;
    }
    bool native = strcmp(kind, "ordering") != 0 && strcmp(kind, "case") != 0 &&
                  strcmp(kind, "blank") != 0;
    put_escaped(o, native ? member_or(object, "stem", "") : question_text(o->arena, object));
    text_put(o, " {");
    if (strcmp(kind, "single") == 0 || strcmp(kind, "multiple") == 0)
        put_choices(o, object, kind[0] == 'm');
    else if (strcmp(kind, "true_false") == 0)
        text_put(o, json_is_true(key) ? "TRUE" : "FALSE");
    else if (strcmp(kind, "numeric") == 0)
        text_putf(o, "#%s:%s", member_or(key, "value", "0"), member_or(key, "tolerance", "0"));
    else if (strcmp(kind, "matching") == 0)
        put_matching(o, object);
    put_end(o, object);
    text_put(o, "\n\n");
}

bool gift_write(struct exchange *x, struct exchange_item *items, size_t count,
                struct bytes *out, struct err *e)
{
    struct text_out o = {.arena = x->arena};
    (void)e;
    for (size_t i = 0; i < count; i++) {
        put_item(&o, &items[i]);
        items[i].written = true;
    }
    *out = text_out_bytes(&o);
    return true;
}
