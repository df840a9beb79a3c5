/* bank/exchange_qti_item.c - reads one QTI item: its declarations, its interactions, and by name what it
 * holds beyond them. One interaction is an item, several are a case. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "bank/exchange_build.h"
#include "bank/exchange_qti.h"
#include "bank/exchange_qti_picture.h"
#include "base/arena.h"
#include "base/json.h"
#include "base/text_out.h"
#include "base/xml.h"

enum { CHOICES_MAX = 64, PARTS_MAX = 12 };

struct qti_item {
    struct exchange *x;
    const struct xml_node *root, *body;
    const char *id;
    const struct xml_node *interactions[PARTS_MAX];
    size_t count;
    bool too_many;
    struct qti_pictures pictures;
};

/* --- declarations ------------------------------------------------------------------------------ */
static const struct xml_node *declaration_of(const struct qti_item *q,
                                             const struct xml_node *interaction)
{
    const char *name = xml_attribute(interaction, "responseIdentifier");
    const struct xml_node *d = xml_child(q->root, "responseDeclaration");
    while (d && name && xml_attribute(d, "identifier") &&
           strcmp(xml_attribute(d, "identifier"), name) != 0)
        d = xml_next(d, "responseDeclaration");
    return d;
}

/* The I-th right value: of correctResponse, else of what the mapping gives marks for. */
static const char *right_value(const struct qti_item *q, const struct xml_node *d, size_t i)
{
    const struct xml_node *correct = xml_child(d, "correctResponse"),
                          *mapping = xml_child(d, "mapping");
    if (correct) {
        const struct xml_node *v = xml_child(correct, "value");
        for (; v && i > 0; i--)
            v = xml_next(v, "value");
        const char *text = v ? xml_text(q->x->arena, v) : NULL;
        return text ? trimmed(q->x->arena, text, strlen(text)) : NULL;
    }
    for (const struct xml_node *m = xml_child(mapping, "mapEntry"); m;
         m = xml_next(m, "mapEntry")) {
        const char *value = xml_attribute(m, "mappedValue");
        if (value && strtod(value, NULL) > 0 && i-- == 0)
            return xml_attribute(m, "mapKey");
    }
    return NULL;
}

static bool is_right_value(const struct qti_item *q, const struct xml_node *d, const char *name)
{
    const char *v;
    for (size_t i = 0; name && (v = right_value(q, d, i)) != NULL; i++)
        if (strcmp(v, name) == 0)
            return true;
    return false;
}

static void lose_weights(const struct qti_item *q, const struct xml_node *d)
{
    const struct xml_node *mapping = xml_child(d, "mapping");
    for (const struct xml_node *m = xml_child(mapping, "mapEntry"); m;
         m = xml_next(m, "mapEntry"))
        exchange_lose(q->x, q->id, "mapping/mapEntry",
                      "%.60s 的分值 %.20s 未带入：给分办法由试卷定。",
                      xml_attribute(m, "mapKey") ? xml_attribute(m, "mapKey") : "",
                      xml_attribute(m, "mappedValue") ? xml_attribute(m, "mappedValue") : "");
    if (xml_child(d, "areaMapping"))
        exchange_lose(q->x, q->id, "areaMapping", "区域分值未带入。");
}

/* --- text ---------------------------------------------------------------------------------------- */
static bool is_interaction(const struct xml_node *n)
{
    size_t len = n->name ? strlen(n->name) : 0;
    return len > 11 && strcmp(n->name + len - 11, "Interaction") == 0;
}

static bool is_inline(const struct xml_node *n)
{
    return xml_is(n, "textEntryInteraction") || xml_is(n, "inlineChoiceInteraction") ||
           xml_is(n, "gap");
}

static bool is_played(const struct xml_node *n)
{
    const char *type = xml_is(n, "object") ? xml_attribute(n, "type") : NULL;
    return xml_is(n, "audio") || xml_is(n, "video") ||
           (type && (strncmp(type, "audio/", strlen("audio/")) == 0 ||
                     strncmp(type, "video/", strlen("video/")) == 0));
}

/* The markup below N as HTML for html_plain; interactions are gaps or nothing. */
static void put_markup(const struct qti_item *q, struct text_out *o, const struct xml_node *n)
{
    for (const struct xml_node *c = n->first; c; c = c->next) {
        if (!c->name) {
            text_put_xml(o, c->text);
        } else if (c->name[0] == '#') {
            exchange_lose(q->x, q->id, "comment", "注释未带入。");
        } else if (is_inline(c)) {
            text_put(o, "____");
        } else if (xml_is(c, "hottext")) {
            put_markup(q, o, c);
        } else if (xml_is(c, "prompt") || xml_is(c, "gapText")) {
            continue;
        } else if (xml_is(c, "rubricBlock") || is_interaction(c) ||
                   xml_is(c, "feedbackInline") || xml_is(c, "feedbackBlock")) {
            text_put(o, "<br>");
        } else if (xml_is(c, "img") && qti_picture(&q->pictures, c)) {
            text_putf(o, "![%s]", qti_picture(&q->pictures, c));
        } else if (is_played(c)) {
            const char *id = qti_media(&q->pictures, c);
            text_put(o, id ? arena_printf(o->arena, "![%s]", id) : "");
        } else {
            text_putf(o, "<%s", c->name);
            if (xml_attribute(c, "alt")) {
                text_put(o, " alt=\"");
                text_put_xml(o, xml_attribute(c, "alt"));
                text_put(o, "\"");
            }
            text_put(o, ">");
            put_markup(q, o, c);
            text_putf(o, "</%s>", c->name);
        }
    }
}

static const char *text_of(const struct qti_item *q, const struct xml_node *n,
                           const char *element)
{
    struct text_out o = {.arena = q->x->arena};
    if (n)
        put_markup(q, &o, n);
    return html_plain(q->x, q->id, element, text_out_text(&o));
}

/* Choices of any kind of NAME below the interaction. */
static size_t choices_of(const struct qti_item *q, const struct xml_node *interaction,
                         const char *name, struct choice *out, const char **names)
{
    const struct xml_node *d = declaration_of(q, interaction);
    size_t count = 0;
    for (const struct xml_node *c = xml_child(interaction, name); c && count < CHOICES_MAX;
         c = xml_next(c, name), count++) {
        names[count] = xml_attribute(c, "identifier");
        out[count] = (struct choice){text_of(q, c, name), is_right_value(q, d, names[count])};
        if (xml_find(c, "feedbackInline"))
            exchange_lose(q->x, q->id, "feedbackInline", "选项的反馈未带入。");
        if (xml_attribute(c, "fixed") && strcmp(xml_attribute(c, "fixed"), "true") == 0)
            exchange_lose(q->x, q->id, "fixed", "选项固定位置的设置未带入。");
    }
    return count;
}

/* --- interactions -------------------------------------------------------------------------------- */
static bool is_single(const struct qti_item *q, const struct xml_node *interaction)
{
    const char *cardinality = xml_attribute(declaration_of(q, interaction), "cardinality");
    return !cardinality || strcmp(cardinality, "single") == 0;
}

static json_t *choice(const struct qti_item *q, const struct xml_node *n, const char *stem)
{
    struct choice choices[CHOICES_MAX];
    const char *names[CHOICES_MAX];
    const char *element = xml_is(n, "inlineChoiceInteraction") ? "inlineChoice"
                                                               : "simpleChoice";
    size_t count = choices_of(q, n, element, choices, names);
    if (count == 2 && names[0] && names[1] && strcmp(names[0], "true") == 0 &&
        strcmp(names[1], "false") == 0)
        return build_true_false(stem, choices[0].right);
    lose_weights(q, declaration_of(q, n));
    return build_choice(stem, choices, count, !is_single(q, n));
}

/* Words of the text itself are the choices. */
static json_t *hottext(const struct qti_item *q, const struct xml_node *n, const char *stem)
{
    struct choice choices[CHOICES_MAX];
    const struct xml_node *d = declaration_of(q, n);
    size_t count = 0;
    const char *whole = text_of(q, n, "hottextInteraction");
    for (const struct xml_node *p = n->first; p; p = p->next)
        for (const struct xml_node *h = xml_is(p, "hottext") ? p : xml_find(p, "hottext");
             h && count < CHOICES_MAX; h = xml_is(p, "hottext") ? NULL : xml_next(h, "hottext"))
            choices[count++] = (struct choice){
                text_of(q, h, "hottext"), is_right_value(q, d, xml_attribute(h, "identifier"))};
    exchange_lose(q->x, q->id, "hottextInteraction", "文中点选改为列出选项的选择题。");
    return build_choice(arena_printf(q->x->arena, "%s%s%s", stem, *stem ? "\n" : "", whole),
                        choices, count, !is_single(q, n));
}

static json_t *order(const struct qti_item *q, const struct xml_node *n, const char *stem)
{
    struct choice choices[CHOICES_MAX];
    const char *names[CHOICES_MAX], *value;
    size_t places[CHOICES_MAX], count = choices_of(q, n, "simpleChoice", choices, names),
                                at = 0;
    for (; at < count && (value = right_value(q, declaration_of(q, n), at)) != NULL; at++) {
        places[at] = 0;
        while (places[at] < count &&
               (!names[places[at]] || strcmp(names[places[at]], value) != 0))
            places[at]++;
    }
    return at == count ? build_ordering(stem, choices, places, count) : NULL;
}

static const char *text_named(const struct qti_item *q, const struct xml_node *set,
                              const char *element, const char *name)
{
    for (const struct xml_node *c = xml_child(set, element); c; c = xml_next(c, element))
        if (xml_attribute(c, "identifier") && strcmp(xml_attribute(c, "identifier"), name) == 0)
            return text_of(q, c, element);
    return NULL;
}

/* "A B" pairs; what belongs to none of the first set stays as an option. */
static json_t *match(const struct qti_item *q, const struct xml_node *n, const char *stem)
{
    bool associate = xml_is(n, "associateInteraction");
    const char *element = "simpleAssociableChoice", *value;
    const struct xml_node *from = associate ? n : xml_child(n, "simpleMatchSet"),
                          *to = associate ? n
                                : from    ? xml_next(from, "simpleMatchSet")
                                          : NULL;
    struct pair pairs[CHOICES_MAX];
    size_t count = 0;
    for (size_t i = 0; to && count < CHOICES_MAX / 2 &&
                       (value = right_value(q, declaration_of(q, n), i)) != NULL;
         i++) {
        size_t len = strcspn(value, " ");
        const char *one = arena_copy(q->x->arena, value, len),
                   *other = value + len + (value[len] == ' '),
                   *premise = text_named(q, from, element, one),
                   *option = text_named(q, to, element, other);
        if (premise && option)
            pairs[count++] = (struct pair){premise, option};
    }
    for (const struct xml_node *c = associate ? NULL : xml_child(to, element);
         c && count < CHOICES_MAX; c = xml_next(c, element))
        pairs[count++] = (struct pair){NULL, text_of(q, c, element)};
    if (associate)
        exchange_lose(q->x, q->id, "associateInteraction",
                      "两两配对改为匹配题：每对的前一个作题项。");
    lose_weights(q, declaration_of(q, n));
    return build_matching(q->x->arena, stem, pairs, count);
}

/* Words to drag into gaps: the pairs are "word gap", the gaps stand in the stem in their order. */
static json_t *gap_match(const struct qti_item *q, const struct xml_node *n, const char *stem)
{
    json_t *gaps = json_array();
    const char *value, *whole = text_of(q, n, "gapMatchInteraction");
    for (const struct xml_node *p = n->first; p; p = p->next)
        for (const struct xml_node *g = xml_find(p, "gap"); g; g = xml_next(g, "gap"))
            for (size_t i = 0; (value = right_value(q, declaration_of(q, n), i)) != NULL; i++) {
                const char *blank = strchr(value, ' '), *name = xml_attribute(g, "identifier");
                if (!blank || !name || strcmp(blank + 1, name) != 0)
                    continue;
                const char *word = arena_copy(q->x->arena, value, (size_t)(blank - value)),
                           *text = text_named(q, n, "gapText", word);
                json_array_append_new(gaps, json_pack("[s]", text ? text : ""));
            }
    exchange_lose(q->x, q->id, "gapText", "备选的词不显示：作为填空题带入，由考生写出。");
    return build_blank(
        q->x->arena, arena_printf(q->x->arena, "%s%s%s", stem, *stem ? "\n" : "", whole), gaps);
}

static json_t *accepted_of(const struct qti_item *q, const struct xml_node *n)
{
    json_t *list = json_array();
    const char *value;
    const struct xml_node *d = declaration_of(q, n);
    for (size_t i = 0; (value = right_value(q, d, i)) != NULL; i++)
        json_array_append_new(list, json_string(value));
    for (const struct xml_node *m = xml_child(xml_child(d, "mapping"), "mapEntry"); m;
         m = xml_next(m, "mapEntry")) {
        const char *key = xml_attribute(m, "mapKey"), *worth = xml_attribute(m, "mappedValue");
        bool known = false;
        for (size_t i = 0; key && i < json_array_size(list); i++)
            known |= strcmp(text_at(list, i), key) == 0;
        if (key && worth && strtod(worth, NULL) >= 1 && !known)
            json_array_append_new(list, json_string(key));
        else if (key && !known)
            exchange_lose(q->x, q->id, "mapping/mapEntry", "答案“%.40s”的部分分未带入。", key);
    }
    return list;
}

static bool is_number(const struct qti_item *q, const struct xml_node *n)
{
    const char *type = xml_attribute(declaration_of(q, n), "baseType");
    return type && (strcmp(type, "float") == 0 || strcmp(type, "integer") == 0);
}

/* A field on the last line stands below the stem here; what follows it there is the unit. */
static const char *unit_behind(struct arena *a, const char **stem)
{
    const char *last = strrchr(*stem, '\n'), *line = last ? last + 1 : *stem,
               *gap = strstr(line, "____");
    if (!gap || strlen(gap + 4) > 20 || strstr(gap + 4, "____"))
        return NULL;
    *stem = trimmed(a, *stem, (size_t)(gap - *stem));
    return trimmed(a, gap + 4, strlen(gap + 4));
}

static json_t *text_entry(const struct qti_item *q, const struct xml_node *n, const char *stem)
{
    struct arena *a = q->x->arena;
    const char *value = right_value(q, declaration_of(q, n), 0), *tolerance = "0";
    if (!is_number(q, n)) {
        json_t *gaps = json_array();
        json_array_append_new(gaps, accepted_of(q, n));
        return build_blank(a, stem, gaps);
    }
    const struct xml_node *equal = xml_find(xml_child(q->root, "responseProcessing"), "equal");
    const char *given = xml_attribute(equal, "tolerance"),
               *mode = xml_attribute(equal, "toleranceMode");
    if (given && mode && strcmp(mode, "absolute") == 0)
        tolerance = arena_copy(a, given, strcspn(given, " "));
    else if (mode && strcmp(mode, "exact") != 0)
        exchange_lose(q->x, q->id, "equal", "相对允差 %.40s 未带入，按 0 计。",
                      given ? given : "");
    const char *unit = unit_behind(a, &stem);
    return value ? build_numeric(a, stem, value, tolerance, unit) : NULL;
}

static json_t *extended(const struct qti_item *q, const struct xml_node *n, const char *stem)
{
    const char *value = right_value(q, declaration_of(q, n), 0);
    for (const struct xml_node *r = xml_find(q->body, "rubricBlock"); r && !value;
         r = xml_next(r, "rubricBlock"))
        if (xml_attribute(r, "view") && strstr(xml_attribute(r, "view"), "scorer"))
            value = text_of(q, r, "rubricBlock");
    return build_short(stem, value);
}

static json_t *slider(const struct qti_item *q, const struct xml_node *n, const char *stem)
{
    const char *value = right_value(q, declaration_of(q, n), 0);
    exchange_lose(q->x, q->id, "sliderInteraction", "滑块改为填写数值的计算题。");
    return value ? build_numeric(q->x->arena, stem, value, "0", NULL) : NULL;
}

/* Its shape and coordinates; false where they are none of ours (an ellipse, percents, the default). */
static bool put_area(const struct qti_item *q, const struct xml_node *n, bool right,
                     json_t *areas, json_t *key)
{
    static const char *const shapes[] = {"rect", "circle", "poly"};
    const char *shape = xml_attribute(n, "shape"), *text = xml_attribute(n, "coords");
    bool known = false;
    for (size_t i = 0; shape && i < sizeof shapes / sizeof *shapes; i++)
        known |= strcmp(shape, shapes[i]) == 0;
    if (!known || !text || text[strspn(text, "0123456789, ")]) {
        exchange_lose(q->x, q->id, n->name, "形状“%.20s”的区域未带入。", shape ? shape : "");
        return false;
    }
    json_t *coords = json_array();
    for (char *end; *text; text = end + strspn(end, ", ")) {
        json_array_append_new(coords, json_integer(strtol(text, &end, 10)));
        if (end == text)
            break;
    }
    json_array_append_new(areas, json_pack("{s:s, s:o}", "shape", shape, "coords", coords));
    if (right)
        json_array_append_new(
            key, json_stringn((const char[]){(char)('A' + json_array_size(areas) - 1)}, 1));
    return true;
}

static json_t *spot_of(const struct qti_item *q, const struct xml_node *n, const char *stem,
                       json_t *areas, json_t *key)
{
    const struct xml_node *shown = xml_child(n, "object") ? xml_child(n, "object")
                                                          : xml_child(n, "img");
    const char *id = shown ? qti_picture(&q->pictures, shown) : NULL,
               *most = xml_attribute(n, "maxChoices");
    if (most && strcmp(most, "1") != 0 && json_array_size(key) > 1)
        exchange_lose(q->x, q->id, "maxChoices", "可选 %.10s 处未带入：热点题选一处。", most);
    if (!id || json_array_size(key) == 0) {
        json_decref(areas);
        json_decref(key);
        return NULL;
    }
    return json_pack("{s:s, s:s, s:s, s:o, s:o}", "kind", "hotspot", "stem", stem, "picture",
                     id, "areas", areas, "key", key);
}

static json_t *hotspot(const struct qti_item *q, const struct xml_node *n, const char *stem)
{
    json_t *areas = json_array(), *key = json_array();
    const struct xml_node *d = declaration_of(q, n);
    for (const struct xml_node *c = xml_child(n, "hotspotChoice"); c;
         c = xml_next(c, "hotspotChoice"))
        put_area(q, c, is_right_value(q, d, xml_attribute(c, "identifier")), areas, key);
    return spot_of(q, n, stem, areas, key);
}

static json_t *select_point(const struct qti_item *q, const struct xml_node *n,
                            const char *stem)
{
    json_t *areas = json_array(), *key = json_array();
    const struct xml_node *mapping = xml_child(declaration_of(q, n), "areaMapping");
    for (const struct xml_node *c = xml_child(mapping, "areaMapEntry"); c;
         c = xml_next(c, "areaMapEntry")) {
        const char *value = xml_attribute(c, "mappedValue");
        double worth = value ? strtod(value, NULL) : 0;
        put_area(q, c, worth > 0, areas, key);
        if (worth > 0 && worth != 1)
            exchange_lose(q->x, q->id, "areaMapEntry",
                          "区域的分值 %.20s 未带入：选中即得满分。", value);
    }
    return spot_of(q, n, stem, areas, key);
}

static const struct {
    const char *name;
    json_t *(*read)(const struct qti_item *q, const struct xml_node *n, const char *stem);
} readers[] = {
    {"choiceInteraction", choice},         {"inlineChoiceInteraction", choice},
    {"hottextInteraction", hottext},       {"orderInteraction", order},
    {"matchInteraction", match},           {"associateInteraction", match},
    {"gapMatchInteraction", gap_match},    {"textEntryInteraction", text_entry},
    {"extendedTextInteraction", extended}, {"sliderInteraction", slider},
    {"hotspotInteraction", hotspot},       {"selectPointInteraction", select_point},
};

static json_t *read_interaction(const struct qti_item *q, const struct xml_node *n,
                                const char *stem)
{
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++)
        if (xml_is(n, readers[i].name))
            return readers[i].read(q, n, stem);
    return NULL;
}

/* --- the whole ------------------------------------------------------------------------------------ */
static void find_interactions(struct qti_item *q, const struct xml_node *n)
{
    for (const struct xml_node *c = n->first; c; c = c->next) {
        if (!c->name || c->name[0] == '#')
            continue;
        if (!is_interaction(c))
            find_interactions(q, c);
        else if (q->count < PARTS_MAX)
            q->interactions[q->count++] = c;
        else
            q->too_many = true;
    }
}

static bool all_words(const struct qti_item *q)
{
    bool all = q->count > 0;
    for (size_t i = 0; i < q->count; i++)
        all &= xml_is(q->interactions[i], "textEntryInteraction") &&
               !is_number(q, q->interactions[i]);
    return all;
}

/* Body text and prompt, a line each. */
static const char *stem_of(const struct qti_item *q, const struct xml_node *interaction)
{
    const char *text = text_of(q, q->body, "itemBody"),
               *prompt = interaction && xml_child(interaction, "prompt")
                             ? text_of(q, xml_child(interaction, "prompt"), "prompt")
                             : "";
    return *text && *prompt ? arena_printf(q->x->arena, "%s\n%s", text, prompt)
           : *prompt        ? prompt
                            : text;
}

static json_t *parts_of(const struct qti_item *q)
{
    json_t *parts = json_array(), *object = json_object();
    for (size_t i = 0; i < q->count; i++) {
        const struct xml_node *n = q->interactions[i], *prompt = xml_child(n, "prompt");
        const char *stem = prompt ? text_of(q, prompt, "prompt")
                                  : arena_printf(q->x->arena, "第 %zu 小题", i + 1);
        json_t *part = read_interaction(q, n, stem);
        if (!part) {
            json_decref(parts);
            json_decref(object);
            return NULL;
        }
        json_object_set_new(part, "marks", json_integer(1));
        json_array_append_new(parts, part);
    }
    json_object_set_new(object, "kind", json_string("case"));
    json_object_set_new(object, "stem", json_string(text_of(q, q->body, "itemBody")));
    json_object_set_new(object, "items", parts);
    return object;
}

static json_t *question_of(const struct qti_item *q)
{
    if (q->count == 1)
        return read_interaction(q, q->interactions[0], stem_of(q, q->interactions[0]));
    if (!all_words(q))
        return parts_of(q);
    json_t *gaps = json_array();
    for (size_t i = 0; i < q->count; i++)
        json_array_append_new(gaps, accepted_of(q, q->interactions[i]));
    return build_blank(q->x->arena, stem_of(q, NULL), gaps);
}

/* Feedback that is the explanation by its name; any other is named as lost. */
static const char *explanation_of(const struct qti_item *q)
{
    const char *found = NULL;
    for (const struct xml_node *f = xml_child(q->root, "modalFeedback"); f;
         f = xml_next(f, "modalFeedback")) {
        const char *name = xml_attribute(f, "identifier"),
                   *text = text_of(q, f, "modalFeedback");
        if (!found && name &&
            (strcasestr(name, "explanation") || strcasestr(name, "general") ||
             strcasestr(name, "solution")))
            found = text;
        else
            exchange_lose(q->x, q->id, "modalFeedback", "反馈“%.60s”未带入：试题只有一条解析。",
                          text);
    }
    return found;
}

static void lose_rest(const struct qti_item *q)
{
    static const char *const named[] = {"templateDeclaration", "templateProcessing",
                                        "stylesheet", "apipAccessibility", "catalogInfo"};
    const struct xml_node *processing = xml_child(q->root, "responseProcessing");
    const char *by = xml_attribute(processing, "template");
    for (size_t i = 0; i < sizeof named / sizeof *named; i++)
        if (xml_child(q->root, named[i]))
            exchange_lose(q->x, q->id, named[i], "%s 未带入。", named[i]);
    for (const struct xml_node *d = xml_child(q->root, "outcomeDeclaration"); d;
         d = xml_next(d, "outcomeDeclaration")) {
        const char *name = xml_attribute(d, "identifier");
        if (name && strcmp(name, "SCORE") != 0 && strcmp(name, "FEEDBACK") != 0 &&
            strcmp(name, "MAXSCORE") != 0)
            exchange_lose(q->x, q->id, "outcomeDeclaration", "结果变量 %.60s 未带入。", name);
    }
    if (processing && !by && !xml_find(processing, "equal"))
        exchange_lose(q->x, q->id, "responseProcessing", "自编的评分规则未带入：按题型评分。");
    for (const struct xml_node *r = xml_find(q->body, "rubricBlock"); r;
         r = xml_next(r, "rubricBlock"))
        if (!xml_attribute(r, "view") || !strstr(xml_attribute(r, "view"), "scorer"))
            exchange_lose(q->x, q->id, "rubricBlock", "说明“%.60s”未带入。",
                          text_of(q, r, "rubricBlock"));
    if (xml_find(q->body, "feedbackBlock"))
        exchange_lose(q->x, q->id, "feedbackBlock", "正文中的反馈未带入。");
}

void qti_item_read(struct exchange *x, const struct xml_node *item, const char *name,
                   const char *note, struct qti_files files)
{
    struct qti_item *q = arena_new(x->arena, struct qti_item);
    *q = (struct qti_item){.x = x, .root = item, .id = name ? name : ""};
    q->pictures = (struct qti_pictures){x, q->id, files, json_keep(x->arena, json_array()),
                                        json_keep(x->arena, json_array())};
    q->body = xml_child(item, "itemBody");
    if (q->body)
        find_interactions(q, q->body);
    json_t *object = q->count > 0 && !q->too_many && !xml_child(item, "templateProcessing")
                         ? question_of(q)
                         : NULL;
    if (!object) {
        const char *what = q->count > 0 ? q->interactions[0]->name : "itemBody";
        for (size_t i = 1; i < q->count; i++)
            what = arena_printf(x->arena, "%s %s", what, q->interactions[i]->name);
        exchange_refuse(x, q->id, note, what,
                        arena_printf(x->arena,
                                     "没有与 %.100s 相当的题型，或者缺少答案，这道题未导入。",
                                     what));
        return;
    }
    lose_rest(q);
    build_explanation(object, explanation_of(q));
    qti_pictures_put(&q->pictures, object);
    exchange_add(x, object, q->id, note);
}
