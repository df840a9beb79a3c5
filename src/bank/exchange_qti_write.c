/* bank/exchange_qti_write.c - an item as a QTI item: written with the names of 2.x, which 3.0 hyphens. */
#include <jansson.h>
#include <string.h>

#include "bank/exchange_attached.h"
#include "bank/exchange_build.h"
#include "bank/exchange_qti.h"
#include "base/arena.h"
#include "base/json.h"
#include "base/text_out.h"

/* HTML's own elements keep their names in 3.0. */
static bool is_html(const char *name)
{
    return strcmp(name, "p") == 0 || strcmp(name, "img") == 0 || strcmp(name, "object") == 0;
}

static const char *hyphened(struct arena *a, const char *name, bool element)
{
    struct text_out o = {.arena = a};
    text_put(&o, element ? "qti-" : "");
    for (; *name; name++) {
        char c[3] = {*name, 0, 0};
        if (*name >= 'A' && *name <= 'Z') {
            c[0] = '-';
            c[1] = (char)(*name + 32);
        }
        text_put(&o, c);
    }
    return text_out_text(&o);
}

struct writing {
    struct text_out *o;
    const struct qti_version *v;
    const json_t *pictures, *media; /* of the item */
};

static const char *element(const struct writing *w, const char *name)
{
    return w->v->hyphened && !is_html(name) ? hyphened(w->o->arena, name, true) : name;
}

/* ATTRIBUTES: name, value, …, NULL; may be NULL itself. */
static void open_element(const struct writing *w, const char *name,
                         const char *const *attributes)
{
    text_putf(w->o, "<%s", element(w, name));
    for (size_t i = 0; attributes && attributes[i]; i += 2) {
        text_putf(w->o, " %s=\"",
                  w->v->hyphened ? hyphened(w->o->arena, attributes[i], false) : attributes[i]);
        text_put_xml(w->o, attributes[i + 1]);
        text_put(w->o, "\"");
    }
    text_put(w->o, ">");
}

static void close_element(const struct writing *w, const char *name)
{
    text_putf(w->o, "</%s>", element(w, name));
}

#define OPEN(w, name, ...) open_element((w), (name), (const char *const[]){__VA_ARGS__, NULL})

static void put_leaf(const struct writing *w, const char *name, const char *text)
{
    open_element(w, name, NULL);
    text_put_xml(w->o, text);
    close_element(w, name);
}

const char *qti_picture_file(struct arena *a, const struct json_t *picture)
{
    bool image = strncmp(member_or(picture, "type", ""), "image/", strlen("image/")) == 0;
    return arena_printf(a, "%s/%s.%s", image ? "images" : "media",
                        member_or(picture, "sha256", ""), attached_extension(picture));
}

static void put_picture(const struct writing *w, const json_t *p)
{
    struct arena *a = w->o->arena;
    OPEN(w, "img", "id", member_or(p, "id", ""), "src",
         arena_printf(a, "../%s", qti_picture_file(a, p)), "alt", member_or(p, "alt", ""),
         "width", arena_printf(a, "%lld", (long long)json_member_int(p, "width", 0)), "height",
         arena_printf(a, "%lld", (long long)json_member_int(p, "height", 0)));
    close_element(w, "img");
}

/* A sound, a film, or the picture of an interaction as 2.x wants it; its words are the content. */
static void put_object(const struct writing *w, const json_t *p)
{
    struct arena *a = w->o->arena;
    OPEN(w, "object", "id", member_or(p, "id", ""), "type", member_or(p, "type", ""), "data",
         arena_printf(a, "../%s", qti_picture_file(a, p)), "width",
         arena_printf(a, "%lld", (long long)json_member_int(p, "width", 0)), "height",
         arena_printf(a, "%lld", (long long)json_member_int(p, "height", 0)));
    text_put_xml(w->o, member_or(p, "alt", ""));
    close_element(w, "object");
}

/* Text with its pictures, and its sounds and films as objects. */
static void put_rich(const struct writing *w, const char *text)
{
    for (const char *at; (at = strstr(text, "![")) != NULL;) {
        size_t len = strcspn(at + 2, "]");
        const json_t *p = at[2 + len] ? attached_with_data(w->pictures, at + 2, len) : NULL,
                     *m = at[2 + len] ? attached_with_data(w->media, at + 2, len) : NULL;
        bool known = p || m;
        text_put_xml(w->o,
                     arena_copy(w->o->arena, text, (size_t)(at - text) + (known ? 0 : 2)));
        if (p)
            put_picture(w, p);
        else if (m)
            put_object(w, m);
        text = at + (known ? len + 3 : 2);
    }
    text_put_xml(w->o, text);
}

/* A paragraph a line. */
static void put_lines(const struct writing *w, const char *text)
{
    while (*text) {
        size_t len = strcspn(text, "\n");
        open_element(w, "p", NULL);
        put_rich(w, arena_copy(w->o->arena, text, len));
        close_element(w, "p");
        text += len + (text[len] == '\n');
    }
}

/* --- declarations -------------------------------------------------------------------------------- */
static const char *response_name(struct arena *a, size_t i)
{
    return i == 0 ? "RESPONSE" : arena_printf(a, "RESPONSE_%zu", i + 1);
}

static const char *option_name(struct arena *a, const char *letter)
{
    return arena_printf(a, "C_%s", letter);
}

static void declare(const struct writing *w, const char *name, const char *cardinality,
                    const char *base, const char *const *values)
{
    OPEN(w, "responseDeclaration", "identifier", name, "cardinality", cardinality, "baseType",
         base);
    if (values && values[0]) {
        open_element(w, "correctResponse", NULL);
        for (size_t i = 0; values[i]; i++)
            put_leaf(w, "value", values[i]);
        close_element(w, "correctResponse");
    }
}

/* What else counts in a gap has the full mark in a mapping. */
static void declare_gap(const struct writing *w, const char *name, const json_t *accepted)
{
    declare(w, name, "single", "string", (const char *const[]){text_at(accepted, 0), NULL});
    OPEN(w, "mapping", "defaultValue", "0");
    for (size_t i = 0; i < json_array_size(accepted); i++) {
        OPEN(w, "mapEntry", "mapKey", text_at(accepted, i), "mappedValue", "1");
        close_element(w, "mapEntry");
    }
    close_element(w, "mapping");
    close_element(w, "responseDeclaration");
}

/* "10,20,40,50" */
static const char *coords_of(struct arena *a, const json_t *area)
{
    const json_t *c = json_object_get(area, "coords");
    const char *out = "";
    for (size_t i = 0; i < json_array_size(c); i++)
        out = arena_printf(a, "%s%s%lld", out, i ? "," : "",
                           (long long)json_integer_value(json_array_get(c, i)));
    return out;
}

/* A point, and what each area gives for it. */
static void declare_point(const struct writing *w, const char *name, const json_t *question)
{
    const json_t *areas = json_object_get(question, "areas"),
                 *key = json_object_get(question, "key");
    declare(w, name, "single", "point", NULL);
    OPEN(w, "areaMapping", "defaultValue", "0");
    for (size_t i = 0; i < json_array_size(areas); i++) {
        const json_t *area = json_array_get(areas, i);
        OPEN(w, "areaMapEntry", "shape", member_or(area, "shape", ""), "coords",
             coords_of(w->o->arena, area), "mappedValue", is_right(key, i) ? "1" : "0");
        close_element(w, "areaMapEntry");
    }
    close_element(w, "areaMapping");
}

static const char **key_values(struct arena *a, const char *kind, const json_t *key)
{
    size_t count = json_array_size(key);
    const char **values = arena_array(a, const char *, count + 2);
    if (json_is_string(key))
        values[0] = strcmp(kind, "short") == 0 ? json_string_value(key)
                                               : option_name(a, json_string_value(key));
    for (size_t i = 0; i < count; i++)
        values[i] = strcmp(kind, "matching") == 0
                        ? arena_printf(a, "P_%zu %s", i + 1, option_name(a, text_at(key, i)))
                        : option_name(a, text_at(key, i));
    return values;
}

/* FIRST: the number of its first response; returns how many it has. */
static size_t put_declarations(const struct writing *w, const json_t *question, size_t first)
{
    struct arena *a = w->o->arena;
    const char *kind = member_or(question, "kind", ""), *name = response_name(a, first);
    const json_t *key = json_object_get(question, "key");
    if (strcmp(kind, "blank") == 0) {
        for (size_t i = 0; i < json_array_size(key); i++)
            declare_gap(w, response_name(a, first + i), json_array_get(key, i));
        return json_array_size(key);
    }
    if (strcmp(kind, "true_false") == 0)
        declare(w, name, "single", "identifier",
                (const char *const[]){json_is_true(key) ? "true" : "false", NULL});
    else if (strcmp(kind, "numeric") == 0)
        declare(w, name, "single", "float",
                (const char *const[]){member_or(key, "value", "0"), NULL});
    else if (strcmp(kind, "matching") == 0)
        declare(w, name, "multiple", "directedPair", key_values(a, kind, key));
    else if (strcmp(kind, "hotspot") == 0)
        declare_point(w, name, question);
    else
        declare(w, name,
                strcmp(kind, "multiple") == 0   ? "multiple"
                : strcmp(kind, "ordering") == 0 ? "ordered"
                                                : "single",
                strcmp(kind, "short") == 0 ? "string" : "identifier", key_values(a, kind, key));
    close_element(w, "responseDeclaration");
    return 1;
}

/* --- the body ------------------------------------------------------------------------------------- */
static void put_options(const struct writing *w, const json_t *options, const char *name)
{
    for (size_t i = 0; i < json_array_size(options); i++) {
        const char letter[2] = {(char)('A' + i), 0};
        if (strcmp(name, "simpleChoice") == 0)
            OPEN(w, name, "identifier", option_name(w->o->arena, letter));
        else
            OPEN(w, name, "identifier", option_name(w->o->arena, letter), "matchMax", "0");
        put_rich(w, text_at(options, i));
        close_element(w, name);
    }
}

static void put_prompt(const struct writing *w, const char *prompt)
{
    if (!prompt)
        return;
    open_element(w, "prompt", NULL);
    put_lines(w, prompt);
    close_element(w, "prompt");
}

static void put_choice(const struct writing *w, const json_t *question, const char *name,
                       const char *prompt)
{
    bool several = strcmp(member_or(question, "kind", ""), "multiple") == 0;
    OPEN(w, "choiceInteraction", "responseIdentifier", name, "shuffle", "true", "maxChoices",
         several ? "0" : "1");
    put_prompt(w, prompt);
    if (strcmp(member_or(question, "kind", ""), "true_false") == 0) {
        OPEN(w, "simpleChoice", "identifier", "true");
        text_put(w->o, "对");
        close_element(w, "simpleChoice");
        OPEN(w, "simpleChoice", "identifier", "false");
        text_put(w->o, "错");
        close_element(w, "simpleChoice");
    } else {
        put_options(w, json_object_get(question, "options"), "simpleChoice");
    }
    close_element(w, "choiceInteraction");
}

static void put_order(const struct writing *w, const json_t *question, const char *name,
                      const char *prompt)
{
    OPEN(w, "orderInteraction", "responseIdentifier", name, "shuffle", "true");
    put_prompt(w, prompt);
    put_options(w, json_object_get(question, "options"), "simpleChoice");
    close_element(w, "orderInteraction");
}

static void put_match(const struct writing *w, const json_t *question, const char *name,
                      const char *prompt)
{
    const json_t *premises = json_object_get(question, "premises");
    OPEN(w, "matchInteraction", "responseIdentifier", name, "shuffle", "true",
         "maxAssociations", "0");
    put_prompt(w, prompt);
    open_element(w, "simpleMatchSet", NULL);
    for (size_t i = 0; i < json_array_size(premises); i++) {
        OPEN(w, "simpleAssociableChoice", "identifier",
             arena_printf(w->o->arena, "P_%zu", i + 1), "matchMax", "1");
        put_rich(w, text_at(premises, i));
        close_element(w, "simpleAssociableChoice");
    }
    close_element(w, "simpleMatchSet");
    open_element(w, "simpleMatchSet", NULL);
    put_options(w, json_object_get(question, "options"), "simpleAssociableChoice");
    close_element(w, "simpleMatchSet");
    close_element(w, "matchInteraction");
}

static void put_point(const struct writing *w, const json_t *question, const char *name,
                      const char *prompt)
{
    const char *id = member_or(question, "picture", "");
    const json_t *p = attached_with_data(w->pictures, id, strlen(id));
    OPEN(w, "selectPointInteraction", "responseIdentifier", name, "maxChoices", "1");
    put_prompt(w, prompt);
    if (p && w->v->hyphened)
        put_picture(w, p);
    else if (p)
        put_object(w, p);
    close_element(w, "selectPointInteraction");
}

/* Text with a field for each ____, a paragraph a line. */
static void put_gaps(const struct writing *w, const char *text, size_t first)
{
    while (*text) {
        size_t len = strcspn(text, "\n");
        const char *line = arena_copy(w->o->arena, text, len), *gap;
        open_element(w, "p", NULL);
        for (; (gap = strstr(line, "____")) != NULL; line = gap + strspn(gap, "_")) {
            put_rich(w, arena_copy(w->o->arena, line, (size_t)(gap - line)));
            OPEN(w, "textEntryInteraction", "responseIdentifier",
                 response_name(w->o->arena, first++));
            close_element(w, "textEntryInteraction");
        }
        put_rich(w, line);
        close_element(w, "p");
        text += len + (text[len] == '\n');
    }
}

/* PART: its stem is a prompt where the interaction has one; else it stands before it. */
static void put_question(const struct writing *w, const json_t *question, size_t first,
                         bool part)
{
    const char *kind = member_or(question, "kind", ""), *stem = member_or(question, "stem", ""),
               *name = response_name(w->o->arena, first), *prompt = part ? stem : NULL;
    bool inside = strcmp(kind, "blank") == 0 || strcmp(kind, "numeric") == 0;
    if (!part && !inside)
        put_lines(w, stem);
    if (strcmp(kind, "blank") == 0) {
        put_gaps(w, stem, first);
    } else if (strcmp(kind, "numeric") == 0) {
        put_lines(w, stem);
        open_element(w, "p", NULL);
        OPEN(w, "textEntryInteraction", "responseIdentifier", name);
        close_element(w, "textEntryInteraction");
        text_put_xml(w->o, member_or(json_object_get(question, "key"), "unit", ""));
        close_element(w, "p");
    } else if (strcmp(kind, "matching") == 0) {
        put_match(w, question, name, prompt);
    } else if (strcmp(kind, "ordering") == 0) {
        put_order(w, question, name, prompt);
    } else if (strcmp(kind, "hotspot") == 0) {
        put_point(w, question, name, prompt);
    } else if (strcmp(kind, "short") == 0) {
        OPEN(w, "extendedTextInteraction", "responseIdentifier", name);
        put_prompt(w, prompt);
        close_element(w, "extendedTextInteraction");
    } else {
        put_choice(w, question, name, prompt);
    }
}

/* --- scoring ------------------------------------------------------------------------------------- */
static void put_processing(const struct writing *w, const json_t *question)
{
    const char *kind = member_or(question, "kind", "");
    const json_t *key = json_object_get(question, "key");
    const char *template = strcmp(kind, "blank") == 0     ? "map_response"
                           : strcmp(kind, "hotspot") == 0 ? "map_response_point"
                                                          : "match_correct";
    if (strcmp(kind, "short") == 0 || strcmp(kind, "case") == 0 ||
        (strcmp(kind, "blank") == 0 && json_array_size(key) > 1))
        return; /* a person, or more than one response */
    if (strcmp(kind, "numeric") != 0) {
        OPEN(w, "responseProcessing", "template",
             w->v->hyphened
                 ? arena_printf(w->o->arena,
                                "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/%s",
                                template)
                 : arena_printf(w->o->arena,
                                "http://www.imsglobal.org/question/qti_v2p1/rptemplates/%s",
                                template));
        close_element(w, "responseProcessing");
        return;
    }
    const char *t = member_or(key, "tolerance", "0");
    open_element(w, "responseProcessing", NULL);
    open_element(w, "responseCondition", NULL);
    open_element(w, "responseIf", NULL);
    OPEN(w, "equal", "toleranceMode", "absolute", "tolerance",
         arena_printf(w->o->arena, "%s %s", t, t));
    OPEN(w, "variable", "identifier", "RESPONSE");
    close_element(w, "variable");
    OPEN(w, "correct", "identifier", "RESPONSE");
    close_element(w, "correct");
    close_element(w, "equal");
    OPEN(w, "setOutcomeValue", "identifier", "SCORE");
    OPEN(w, "baseValue", "baseType", "float");
    text_put(w->o, "1");
    close_element(w, "baseValue");
    close_element(w, "setOutcomeValue");
    close_element(w, "responseIf");
    close_element(w, "responseCondition");
    close_element(w, "responseProcessing");
}

static void put_outcomes(const struct writing *w)
{
    OPEN(w, "outcomeDeclaration", "identifier", "SCORE", "cardinality", "single", "baseType",
         "float");
    close_element(w, "outcomeDeclaration");
    OPEN(w, "outcomeDeclaration", "identifier", "FEEDBACK", "cardinality", "single", "baseType",
         "identifier");
    close_element(w, "outcomeDeclaration");
}

void qti_item_write(struct text_out *o, const struct qti_version *v,
                    const struct exchange_item *item)
{
    const struct writing w = {o, v, json_object_get(item->object, "pictures"),
                              json_object_get(item->object, "media")};
    const json_t *object = item->object, *parts = json_object_get(object, "items");
    size_t responses = 0;
    text_put(o, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    OPEN(&w, "assessmentItem", "xmlns", v->item_namespace, "identifier", item->id, "title",
         item->id, "adaptive", "false", "timeDependent", "false");
    for (size_t i = 0; i < json_array_size(parts); i++)
        responses += put_declarations(&w, json_array_get(parts, i), responses);
    if (!parts)
        put_declarations(&w, object, 0);
    put_outcomes(&w);
    open_element(&w, "itemBody", NULL);
    if (parts)
        put_lines(&w, member_or(object, "stem", ""));
    else
        put_question(&w, object, 0, false);
    responses = 0;
    for (size_t i = 0; i < json_array_size(parts); i++) {
        const json_t *part = json_array_get(parts, i);
        put_question(&w, part, responses, true);
        responses += strcmp(member_or(part, "kind", ""), "blank") == 0
                         ? json_array_size(json_object_get(part, "key"))
                         : 1;
    }
    close_element(&w, "itemBody");
    put_processing(&w, object);
    if (json_member_text(object, "explanation")) {
        OPEN(&w, "modalFeedback", "outcomeIdentifier", "FEEDBACK", "identifier", "EXPLANATION",
             "showHide", "show");
        put_lines(&w, json_member_text(object, "explanation"));
        close_element(&w, "modalFeedback");
    }
    close_element(&w, "assessmentItem");
    text_put(o, "\n");
}
