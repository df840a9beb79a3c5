/* bank/exchange_moodle_write.c - items as Moodle XML. What Moodle has no question for is an essay. */
#include <jansson.h>
#include <string.h>

#include "bank/exchange_build.h"
#include "bank/exchange_moodle.h"
#include "base/arena.h"
#include "base/json.h"
#include "base/text_out.h"

static void put_text_element(struct text_out *o, const char *name, const char *text)
{
    text_putf(o, "  <%s format=\"plain_text\"><text>", name);
    text_put_xml(o, text);
    text_putf(o, "</text></%s>\n", name);
}

static void put_answer(struct text_out *o, const char *fraction, const char *text)
{
    text_putf(o, "  <answer fraction=\"%s\" format=\"plain_text\"><text>", fraction);
    text_put_xml(o, text);
    text_put(o, "</text></answer>\n");
}

static void put_choices(struct text_out *o, const json_t *object, bool multiple)
{
    const json_t *options = json_object_get(object, "options"),
                 *key = json_object_get(object, "key");
    double share = 100.0 / (double)(multiple ? json_array_size(key) : 1);
    const char *right = arena_printf(o->arena, "%.5f", share), *wrong = multiple ? "-100" : "0";
    text_putf(o,
              "  <single>%s</single>\n  <shuffleanswers>true</shuffleanswers>\n"
              "  <answernumbering>ABCD</answernumbering>\n",
              multiple ? "false" : "true");
    for (size_t i = 0; i < json_array_size(options); i++)
        put_answer(o, is_right(key, i) ? right : wrong, text_at(options, i));
}

static void put_truth(struct text_out *o, const json_t *object)
{
    bool key = json_is_true(json_object_get(object, "key"));
    put_answer(o, key ? "100" : "0", "true");
    put_answer(o, key ? "0" : "100", "false");
}

static void put_number(struct text_out *o, const json_t *object)
{
    const json_t *key = json_object_get(object, "key");
    const char *unit = member_or(key, "unit", "");
    text_put(o, "  <answer fraction=\"100\" format=\"plain_text\"><text>");
    text_put_xml(o, member_or(key, "value", "0"));
    text_put(o, "</text><tolerance>");
    text_put_xml(o, member_or(key, "tolerance", "0"));
    text_put(o, "</tolerance></answer>\n");
    if (*unit) {
        text_put(o, "  <units><unit><multiplier>1</multiplier><unit_name>");
        text_put_xml(o, unit);
        text_put(o, "</unit_name></unit></units>\n");
    }
}

static void put_pair(struct text_out *o, const char *premise, const char *option)
{
    text_put(o, "  <subquestion format=\"plain_text\"><text>");
    text_put_xml(o, premise);
    text_put(o, "</text><answer><text>");
    text_put_xml(o, option);
    text_put(o, "</text></answer></subquestion>\n");
}

static void put_pairs(struct text_out *o, const json_t *object)
{
    const json_t *premises = json_object_get(object, "premises"),
                 *options = json_object_get(object, "options"),
                 *key = json_object_get(object, "key");
    text_put(o, "  <shuffleanswers>true</shuffleanswers>\n");
    for (size_t i = 0; i < json_array_size(premises); i++)
        put_pair(o, text_at(premises, i), text_at(options, (size_t)(text_at(key, i)[0] - 'A')));
    for (size_t i = 0; i < json_array_size(options); i++)
        if (!is_right(key, i))
            put_pair(o, "", text_at(options, i));
}

static void put_escaped(struct text_out *o, const char *s)
{
    for (; *s; s++) {
        if (strchr("}#~/\"\\", *s))
            text_put(o, "\\");
        text_put_bytes(o, s, 1);
    }
}

/* Each ____ becomes {1:SHORTANSWER:=a~=b}. */
static const char *cloze_text(struct arena *a, const json_t *object)
{
    const json_t *key = json_object_get(object, "key");
    struct text_out o = {.arena = a};
    size_t gap = 0;
    const char *s = member_or(object, "stem", ""), *next;
    for (; (next = strstr(s, "____")) != NULL; s = next + strspn(next, "_"), gap++) {
        const json_t *accepted = json_array_get(key, gap);
        text_put_bytes(&o, s, (size_t)(next - s));
        text_put(&o, "{1:SHORTANSWER:");
        for (size_t i = 0; i < json_array_size(accepted); i++) {
            text_put(&o, i ? "~=" : "=");
            put_escaped(&o, text_at(accepted, i));
        }
        text_put(&o, "}");
    }
    text_put(&o, s);
    return text_out_text(&o);
}

/* In order: as in the plugin `ordering`, each answer's fraction is its place. */
static void put_order(struct text_out *o, const json_t *object)
{
    const json_t *options = json_object_get(object, "options"),
                 *key = json_object_get(object, "key");
    for (size_t i = 0; i < json_array_size(key); i++)
        put_answer(o, arena_printf(o->arena, "%zu", i + 1),
                   text_at(options, (size_t)(text_at(key, i)[0] - 'A')));
}

static const struct {
    const char *kind, *type;
} types[] = {{"single", "multichoice"},   {"multiple", "multichoice"},
             {"true_false", "truefalse"}, {"numeric", "numerical"},
             {"matching", "matching"},    {"blank", "cloze"},
             {"ordering", "ordering"},    {"short", "essay"}};

static const char *type_of(const char *kind)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strcmp(types[i].kind, kind) == 0)
            return types[i].type;
    return "essay";
}

/* "--" may not stand in a comment. A hyphen of JSON text can be written as \u002d, and hyphens stand in
 * texts only: an item's integers count levels and marks, from 1. */
static void put_note(struct text_out *o, const char *note)
{
    text_put(o, "  <!-- " MOODLE_NOTE);
    for (; *note; note++) {
        if (*note == '-')
            text_put(o, "\\u002d");
        else
            text_put_bytes(o, note, 1);
    }
    text_put(o, " -->\n");
}

static void put_item(struct text_out *o, const struct exchange_item *item)
{
    const json_t *object = item->object;
    const char *kind = member_or(object, "kind", ""), *type = type_of(kind),
               *stem = member_or(object, "stem", "");
    text_putf(o, " <question type=\"%s\">\n", type);
    if (item->note)
        put_note(o, item->note);
    text_put(o, "  <name><text>");
    text_put_xml(o, item->id);
    text_put(o, "</text></name>\n");
    if (strcmp(kind, "blank") == 0)
        stem = cloze_text(o->arena, object);
    else if (strcmp(type, "essay") == 0)
        stem = question_text(o->arena, object);
    put_text_element(o, "questiontext", stem);
    if (json_member_text(object, "explanation"))
        put_text_element(o, "generalfeedback", json_member_text(object, "explanation"));
    text_put(o, "  <idnumber>");
    text_put_xml(o, item->id);
    text_put(o, "</idnumber>\n");
    if (strcmp(type, "multichoice") == 0)
        put_choices(o, object, kind[0] == 'm');
    else if (strcmp(type, "truefalse") == 0)
        put_truth(o, object);
    else if (strcmp(type, "numerical") == 0)
        put_number(o, object);
    else if (strcmp(type, "matching") == 0)
        put_pairs(o, object);
    else if (strcmp(type, "ordering") == 0)
        put_order(o, object);
    else if (strcmp(kind, "short") == 0)
        put_text_element(o, "graderinfo", member_or(object, "key", ""));
    text_put(o, " </question>\n");
}

bool moodle_write(struct exchange *x, struct exchange_item *items, size_t count,
                  struct bytes *out, struct err *e)
{
    struct text_out o = {.arena = x->arena};
    (void)e;
    text_put(&o, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<quiz>\n");
    for (size_t i = 0; i < count; i++) {
        put_item(&o, &items[i]);
        items[i].written = true;
    }
    text_put(&o, "</quiz>\n");
    *out = text_out_bytes(&o);
    return true;
}
