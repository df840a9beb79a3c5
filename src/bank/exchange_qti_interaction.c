/* bank/exchange_qti_interaction.c - one interaction of a QTI item with what is declared for it, as a question. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "bank/exchange_build.h"
#include "bank/exchange_qti_item.h"
#include "base/arena.h"
#include "base/json.h"
#include "base/text_out.h"
#include "base/xml.h"

enum { CHOICES_MAX = 64 };

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

static size_t choices_of(const struct qti_item *q, const struct xml_node *interaction,
                         const char *name, struct choice *out, const char **names)
{
    const struct xml_node *d = declaration_of(q, interaction);
    size_t count = 0;
    for (const struct xml_node *c = xml_child(interaction, name); c && count < CHOICES_MAX;
         c = xml_next(c, name), count++) {
        names[count] = xml_attribute(c, "identifier");
        out[count] = (struct choice){qti_text(q, c, name), is_right_value(q, d, names[count])};
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
        strcmp(names[1], "false") == 0 && choices[0].right != choices[1].right)
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
    const char *whole = qti_text(q, n, "hottextInteraction");
    for (const struct xml_node *h = xml_find(n, "hottext"); h && count < CHOICES_MAX;
         h = xml_find_after(h, n, "hottext"))
        choices[count++] = (struct choice){
            qti_text(q, h, "hottext"), is_right_value(q, d, xml_attribute(h, "identifier"))};
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
            return qti_text(q, c, element);
    return NULL;
}

struct
    sets { /* of a matchInteraction; both the interaction itself where any two may be a pair */
    const struct xml_node *from, *to;
};

static const char choice_name[] = "simpleAssociableChoice";

/* "A B"; of a pair without direction also "B A". */
static bool pair_of(const struct qti_item *q, const struct sets *s, const char *value,
                    struct pair *out)
{
    size_t len = strcspn(value, " ");
    const char *one = arena_copy(q->x->arena, value, len),
               *other = value + len + strspn(value + len, " ");
    bool turned = !text_named(q, s->from, choice_name, one);
    out->premise = text_named(q, s->from, choice_name, turned ? other : one);
    out->option = text_named(q, s->to, choice_name, turned ? one : other);
    return out->premise && out->option;
}

static void lose_unpaired(const struct qti_item *q, const struct sets *s,
                          const struct pair *pairs, size_t count)
{
    for (const struct xml_node *c = xml_child(s->from, choice_name); c;
         c = xml_next(c, choice_name)) {
        const char *text = qti_text(q, c, choice_name);
        bool paired = false;
        for (size_t i = 0; i < count; i++)
            paired |= strcmp(pairs[i].premise, text) == 0 ||
                      (s->from == s->to && strcmp(pairs[i].option, text) == 0);
        if (!paired)
            exchange_lose(q->x, q->id, choice_name, "“%.60s”没有配对的答案，未带入。", text);
    }
}

/* What belongs to none of the first set stays as an option. */
static json_t *match(const struct qti_item *q, const struct xml_node *n, const char *stem)
{
    bool associate = xml_is(n, "associateInteraction");
    const struct xml_node *first = xml_child(n, "simpleMatchSet"), *d = declaration_of(q, n);
    struct sets s = {associate ? n : first, associate ? n
                                            : first   ? xml_next(first, "simpleMatchSet")
                                                      : NULL};
    struct pair pairs[CHOICES_MAX];
    size_t count = 0;
    const char *value;
    for (size_t i = 0;
         s.to && count < CHOICES_MAX / 2 && (value = right_value(q, d, i)) != NULL; i++) {
        if (pair_of(q, &s, value, &pairs[count]))
            count++;
        else
            exchange_lose(q->x, q->id, "correctResponse", "配对“%.60s”找不到两边，未带入。",
                          value);
    }
    lose_unpaired(q, &s, pairs, count);
    for (const struct xml_node *c = associate ? NULL : xml_child(s.to, choice_name);
         c && count < CHOICES_MAX; c = xml_next(c, choice_name))
        pairs[count++] = (struct pair){NULL, qti_text(q, c, choice_name)};
    if (associate)
        exchange_lose(q->x, q->id, "associateInteraction",
                      "两两配对改为匹配题：每对的前一个作题项。");
    lose_weights(q, d);
    return build_matching(q->x->arena, stem, pairs, count);
}

/* What may be dragged into the gap of that name. */
static json_t *words_of_gap(const struct qti_item *q, const struct xml_node *n, const char *gap)
{
    json_t *words = json_array();
    const char *value;
    for (size_t i = 0; gap && (value = right_value(q, declaration_of(q, n), i)) != NULL; i++) {
        const char *blank = strchr(value, ' ');
        if (!blank || strcmp(blank + 1, gap) != 0)
            continue;
        const char *text = text_named(q, n, "gapText",
                                      arena_copy(q->x->arena, value, (size_t)(blank - value)));
        json_array_append_new(words, json_string(text ? text : ""));
    }
    return words;
}

/* Words to drag into gaps: the pairs are "word gap", the gaps stand in the stem in their order. */
static json_t *gap_match(const struct qti_item *q, const struct xml_node *n, const char *stem)
{
    json_t *gaps = json_array();
    const char *whole = qti_text(q, n, "gapMatchInteraction");
    for (const struct xml_node *g = xml_find(n, "gap"); g; g = xml_find_after(g, n, "gap"))
        json_array_append_new(gaps, words_of_gap(q, n, xml_attribute(g, "identifier")));
    exchange_lose(q->x, q->id, "gapText", "备选的词不显示：作为填空题带入，由考生写出。");
    lose_weights(q, declaration_of(q, n));
    return build_blank(
        q->x->arena, arena_printf(q->x->arena, "%s%s%s", stem, *stem ? "\n" : "", whole), gaps);
}

json_t *qti_accepted(const struct qti_item *q, const struct xml_node *n)
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

bool qti_is_number(const struct qti_item *q, const struct xml_node *n)
{
    const char *type = xml_attribute(declaration_of(q, n), "baseType");
    return type && (strcmp(type, "float") == 0 || strcmp(type, "integer") == 0);
}

/* A field on the last line stands below the stem here; what follows it there is the unit, if it is more than the
 * full stop. */
static const char *unit_behind(struct arena *a, const char **stem)
{
    static const char *const marks[] = {"。", "．", ".",  "，", ",",  "；", ";",
                                        "：", ":",  "！", "!",  "？", "?"};
    const char *last = strrchr(*stem, '\n'), *line = last ? last + 1 : *stem,
               *gap = strstr(line, "____");
    if (!gap || strlen(gap + 4) > 20 || strstr(gap + 4, "____"))
        return NULL;
    const char *unit = trimmed(a, gap + 4, strlen(gap + 4));
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (strcmp(unit, marks[i]) == 0)
            return NULL;
    *stem = trimmed(a, *stem, (size_t)(gap - *stem));
    return unit;
}

/* The comparison of this response; where none names it, the only one there is. */
static const struct xml_node *equal_of(const struct qti_item *q, const struct xml_node *n)
{
    const struct xml_node *rules = xml_child(q->root, "responseProcessing"),
                          *first = xml_find(rules, "equal");
    const char *name = xml_attribute(n, "responseIdentifier");
    for (const struct xml_node *e = first; e && name; e = xml_find_after(e, rules, "equal"))
        for (const struct xml_node *v = xml_find(e, "variable"); v;
             v = xml_find_after(v, e, "variable"))
            if (xml_attribute(v, "identifier") &&
                strcmp(xml_attribute(v, "identifier"), name) == 0)
                return e;
    return q->count == 1 ? first : NULL;
}

/* "0.5 0.5", what may be missing below and above. */
static const char *tolerance_of(const struct qti_item *q, const struct xml_node *equal)
{
    struct arena *a = q->x->arena;
    const char *given = xml_attribute(equal, "tolerance"),
               *mode = xml_attribute(equal, "toleranceMode");
    if (!mode || strcmp(mode, "exact") == 0)
        return "0";
    if (!given || strcmp(mode, "absolute") != 0) {
        exchange_lose(q->x, q->id, "equal", "相对允差 %.40s 未带入，按 0 计。",
                      given ? given : "");
        return "0";
    }
    const char *below = arena_copy(a, given, strcspn(given, " ")),
               *above = given + strlen(below) + strspn(given + strlen(below), " ");
    if (*above && strcmp(plain_decimal(a, above), plain_decimal(a, below)) != 0)
        exchange_lose(q->x, q->id, "equal", "上下不同的允差 %.40s 未带入，都按 %.20s 计。",
                      given, below);
    return below;
}

static json_t *text_entry(const struct qti_item *q, const struct xml_node *n, const char *stem)
{
    struct arena *a = q->x->arena;
    const char *value = right_value(q, declaration_of(q, n), 0);
    if (!qti_is_number(q, n)) {
        json_t *gaps = json_array();
        json_array_append_new(gaps, qti_accepted(q, n));
        return build_blank(a, stem, gaps);
    }
    const char *tolerance = tolerance_of(q, equal_of(q, n)), *unit = unit_behind(a, &stem);
    return value ? build_numeric(a, stem, value, tolerance, unit) : NULL;
}

static json_t *extended(const struct qti_item *q, const struct xml_node *n, const char *stem)
{
    const char *value = right_value(q, declaration_of(q, n), 0);
    for (const struct xml_node *r = xml_find(q->body, "rubricBlock"); r && !value;
         r = xml_find_after(r, q->body, "rubricBlock"))
        if (xml_attribute(r, "view") && strstr(xml_attribute(r, "view"), "scorer"))
            value = qti_text(q, r, "rubricBlock");
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

json_t *qti_interaction_read(const struct qti_item *q, const struct xml_node *n,
                             const char *stem)
{
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++)
        if (xml_is(n, readers[i].name))
            return readers[i].read(q, n, stem);
    return NULL;
}
