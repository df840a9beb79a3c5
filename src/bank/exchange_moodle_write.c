/* bank/exchange_moodle_write.c - items as Moodle XML. What Moodle has no question for is an essay. */
#include <jansson.h>
#include <string.h>

#include "bank/attached.h"
#include "bank/exchange_build.h"
#include "bank/exchange_moodle.h"
#include "base/arena.h"
#include "base/json.h"
#include "base/text_out.h"

struct writing {
    struct text_out *o;
    const json_t *object;
};

/* "![p1]" at TEXT: the picture, sound or film it names, where its bytes are there. */
static const json_t *file_at(const struct writing *w, const char *text)
{
    size_t len = attached_name_at(text);
    const json_t *picture = attached_with_data(json_object_get(w->object, "pictures"), text + 2,
                                               len);
    return picture ? picture
                   : attached_with_data(json_object_get(w->object, "media"), text + 2, len);
}

static const json_t *next_file(const struct writing *w, const char **text)
{
    const json_t *file = NULL;
    for (*text = strstr(*text, "!["); *text; *text = strstr(*text + 2, "!["))
        if ((file = file_at(w, *text)) != NULL)
            break;
    return file;
}

/* Its name says the id, which so comes home. */
static const char *file_name(struct arena *a, const json_t *file)
{
    return arena_printf(a, "%s.%s", member_or(file, "id", ""), attached_extension(file));
}

static void put_shown(struct text_out *html, const json_t *file)
{
    struct arena *a = html->arena;
    const char *address = arena_printf(a, "%s/%s", MOODLE_FILES, file_name(a, file)),
               *type = member_or(file, "type", ""),
               *played = strncmp(type, "video/", strlen("video/")) == 0 ? "video" : "audio";
    if (strncmp(type, "image/", strlen("image/")) == 0) {
        text_putf(html, "<img src=\"%s\" width=\"%lld\" height=\"%lld\" alt=\"", address,
                  (long long)json_member_int(file, "width", 0),
                  (long long)json_member_int(file, "height", 0));
        text_put_xml(html, member_or(file, "alt", ""));
        text_put(html, "\">");
        return;
    }
    text_putf(html, "<%s controls=\"true\" title=\"", played);
    text_put_xml(html, member_or(file, "alt", ""));
    text_putf(html, "\"><source src=\"%s\">%s</%s>", address, address, played);
}

static void put_lines(struct text_out *html, const char *text, size_t len)
{
    const char *end = text + len;
    while (text < end) {
        size_t line = strcspn(text, "\n");
        bool whole = line < (size_t)(end - text);
        text_put_xml(html, arena_copy(html->arena, text, whole ? line : (size_t)(end - text)));
        text_put(html, whole ? "<br>" : "");
        text += whole ? line + 1 : (size_t)(end - text);
    }
}

static const char *html_of(const struct writing *w, const char *text)
{
    struct text_out html = {.arena = w->o->arena};
    const char *at = text;
    for (const json_t *file; (file = next_file(w, &at)) != NULL; text = at) {
        put_lines(&html, text, (size_t)(at - text));
        put_shown(&html, file);
        at += attached_name_at(at) + 3;
    }
    put_lines(&html, text, strlen(text));
    return text_out_text(&html);
}

/* The bytes of those that TEXT shows, each once. */
static void put_files(const struct writing *w, const char *text)
{
    json_t *seen = json_keep(w->o->arena, json_object());
    for (const json_t *file; (file = next_file(w, &text)) != NULL; text += 2) {
        const char *name = file_name(w->o->arena, file);
        if (json_object_get(seen, name))
            continue;
        json_object_set_new(seen, name, json_true());
        text_putf(w->o, "<file name=\"%s\" path=\"/\" encoding=\"base64\">%s</file>", name,
                  member_or(file, "data", ""));
    }
}

/* Behind an open tag: its format, its text, its files. */
static void put_content(const struct writing *w, const char *text)
{
    const char *at = text;
    bool html = next_file(w, &at) != NULL;
    text_putf(w->o, " format=\"%s\"><text>", html ? "html" : "plain_text");
    text_put_xml(w->o, html ? html_of(w, text) : text);
    text_put(w->o, "</text>");
    put_files(w, text);
}

static void put_text_element(const struct writing *w, const char *name, const char *text)
{
    text_putf(w->o, "  <%s", name);
    put_content(w, text);
    text_putf(w->o, "</%s>\n", name);
}

static void put_answer(const struct writing *w, const char *fraction, const char *text)
{
    text_putf(w->o, "  <answer fraction=\"%s\"", fraction);
    put_content(w, text);
    text_put(w->o, "</answer>\n");
}

static void put_choices(const struct writing *w, bool multiple)
{
    const json_t *options = json_object_get(w->object, "options"),
                 *key = json_object_get(w->object, "key");
    double share = 100.0 / (double)(multiple ? json_array_size(key) : 1);
    const char *right = arena_printf(w->o->arena, "%.5f", share),
               *wrong = multiple ? "-100" : "0";
    text_putf(w->o,
              "  <single>%s</single>\n  <shuffleanswers>true</shuffleanswers>\n"
              "  <answernumbering>ABCD</answernumbering>\n",
              multiple ? "false" : "true");
    for (size_t i = 0; i < json_array_size(options); i++)
        put_answer(w, is_right(key, i) ? right : wrong, text_at(options, i));
}

static void put_truth(const struct writing *w)
{
    bool key = json_is_true(json_object_get(w->object, "key"));
    put_answer(w, key ? "100" : "0", "true");
    put_answer(w, key ? "0" : "100", "false");
}

static void put_number(const struct writing *w)
{
    const json_t *key = json_object_get(w->object, "key");
    const char *unit = member_or(key, "unit", "");
    text_put(w->o, "  <answer fraction=\"100\" format=\"plain_text\"><text>");
    text_put_xml(w->o, member_or(key, "value", "0"));
    text_put(w->o, "</text><tolerance>");
    text_put_xml(w->o, member_or(key, "tolerance", "0"));
    text_put(w->o, "</tolerance></answer>\n");
    if (*unit) {
        text_put(w->o, "  <units><unit><multiplier>1</multiplier><unit_name>");
        text_put_xml(w->o, unit);
        text_put(w->o, "</unit_name></unit></units>\n");
    }
}

static void put_pair(const struct writing *w, const char *premise, const char *option)
{
    text_put(w->o, "  <subquestion");
    put_content(w, premise);
    text_put(w->o, "<answer><text>");
    text_put_xml(w->o, option);
    text_put(w->o, "</text></answer></subquestion>\n");
}

static void put_pairs(const struct writing *w)
{
    const json_t *premises = json_object_get(w->object, "premises"),
                 *options = json_object_get(w->object, "options"),
                 *key = json_object_get(w->object, "key");
    text_put(w->o, "  <shuffleanswers>true</shuffleanswers>\n");
    for (size_t i = 0; i < json_array_size(premises); i++)
        put_pair(w, text_at(premises, i), text_at(options, (size_t)(text_at(key, i)[0] - 'A')));
    for (size_t i = 0; i < json_array_size(options); i++)
        if (!is_right(key, i))
            put_pair(w, "", text_at(options, i));
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
static void put_order(const struct writing *w)
{
    const json_t *options = json_object_get(w->object, "options"),
                 *key = json_object_get(w->object, "key");
    for (size_t i = 0; i < json_array_size(key); i++)
        put_answer(w, arena_printf(w->o->arena, "%zu", i + 1),
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

/* For a person to answer: the whole question, and the picture it is about. */
static const char *essay_text(struct arena *a, const json_t *object)
{
    const char *text = question_text(a, object), *picture = member_or(object, "picture", "");
    return *picture ? arena_printf(a, "%s\n![%s]", text, picture) : text;
}

static void put_item(struct text_out *o, const struct exchange_item *item)
{
    const struct writing w = {o, item->object};
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
        stem = essay_text(o->arena, object);
    put_text_element(&w, "questiontext", stem);
    if (json_member_text(object, "explanation"))
        put_text_element(&w, "generalfeedback", json_member_text(object, "explanation"));
    text_put(o, "  <idnumber>");
    text_put_xml(o, item->id);
    text_put(o, "</idnumber>\n");
    if (strcmp(type, "multichoice") == 0)
        put_choices(&w, kind[0] == 'm');
    else if (strcmp(type, "truefalse") == 0)
        put_truth(&w);
    else if (strcmp(type, "numerical") == 0)
        put_number(&w);
    else if (strcmp(type, "matching") == 0)
        put_pairs(&w);
    else if (strcmp(type, "ordering") == 0)
        put_order(&w);
    else if (strcmp(kind, "short") == 0)
        put_text_element(&w, "graderinfo", member_or(object, "key", ""));
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
