/* bank/exchange_qti_item.c - reads one QTI item: its text, its interactions, and by name what it holds
 * beyond them. One interaction is an item, several are a case. */
#include <jansson.h>
#include <string.h>

#include "bank/exchange_build.h"
#include "bank/exchange_mathml.h"
#include "bank/exchange_qti_item.h"
#include "base/arena.h"
#include "base/json.h"
#include "base/text_out.h"
#include "base/xml.h"

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

static bool is_shown(const struct xml_node *n)
{
    const char *type = xml_is(n, "object") ? xml_attribute(n, "type") : NULL;
    return type && strncmp(type, "image/", strlen("image/")) == 0;
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
        } else if (xml_is(c, "math")) {
            const char *line = mathml_line(o->arena, c);
            exchange_lose(q->x, q->id, "math", "公式的版式未带入，改写为一行文字“%.100s”。",
                          line);
            text_put_xml(o, line);
        } else if (xml_is(c, "img")) {
            const char *id = qti_picture(&q->pictures, c), *alt = xml_attribute(c, "alt");
            if (id)
                text_putf(o, "![%s]", id);
            else if (alt && *alt)
                text_put_xml(o, arena_printf(o->arena, "［图：%s］", alt));
        } else if (is_shown(c)) {
            const char *id = qti_picture(&q->pictures, c), *alt = xml_text(o->arena, c);
            if (id)
                text_putf(o, "![%s]", id);
            else if (*alt)
                text_put_xml(o, arena_printf(o->arena, "［图：%s］", alt));
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

const char *qti_text(const struct qti_item *q, const struct xml_node *n, const char *element)
{
    struct text_out o = {.arena = q->x->arena};
    if (n)
        put_markup(q, &o, n);
    return html_plain(q->x, q->id, element, text_out_text(&o));
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
               !qti_is_number(q, q->interactions[i]);
    return all;
}

/* Body text and prompt, a line each. */
static const char *stem_of(const struct qti_item *q, const struct xml_node *interaction)
{
    const char *text = qti_text(q, q->body, "itemBody"),
               *prompt = interaction && xml_child(interaction, "prompt")
                             ? qti_text(q, xml_child(interaction, "prompt"), "prompt")
                             : "";
    return *text && *prompt ? arena_printf(q->x->arena, "%s\n%s", text, prompt)
           : *prompt        ? prompt
                            : text;
}

/* Where the body asks nothing the title does. */
static void take_title(const struct qti_item *q, json_t *object)
{
    const char *title = xml_attribute(q->root, "title"), *stem = member_or(object, "stem", "");
    if (!title || !*title || strcmp(title, q->id) == 0)
        return;
    if (stem[strspn(stem, "_ \n")]) {
        exchange_lose(q->x, q->id, "title", "标题“%.60s”未带入：试题以编号称呼。", title);
        return;
    }
    exchange_lose(q->x, q->id, "title", "正文没有题干，以标题“%.60s”作题干。", title);
    json_object_set_new(object, "stem",
                        json_string(arena_printf(q->x->arena, "%s%s", title, stem)));
}

static json_t *parts_of(const struct qti_item *q)
{
    json_t *parts = json_array(), *object = json_object();
    for (size_t i = 0; i < q->count; i++) {
        const struct xml_node *n = q->interactions[i], *prompt = xml_child(n, "prompt");
        const char *stem = prompt ? qti_text(q, prompt, "prompt")
                                  : arena_printf(q->x->arena, "第 %zu 小题", i + 1);
        json_t *part = qti_interaction_read(q, n, stem);
        if (!part) {
            json_decref(parts);
            json_decref(object);
            return NULL;
        }
        json_object_set_new(part, "marks", json_integer(1));
        json_array_append_new(parts, part);
    }
    json_object_set_new(object, "kind", json_string("case"));
    json_object_set_new(object, "stem", json_string(qti_text(q, q->body, "itemBody")));
    json_object_set_new(object, "items", parts);
    return object;
}

static json_t *question_of(const struct qti_item *q)
{
    if (q->count == 1)
        return qti_interaction_read(q, q->interactions[0], stem_of(q, q->interactions[0]));
    if (!all_words(q))
        return parts_of(q);
    json_t *gaps = json_array();
    for (size_t i = 0; i < q->count; i++)
        json_array_append_new(gaps, qti_accepted(q, q->interactions[i]));
    return build_blank(q->x->arena, stem_of(q, NULL), gaps);
}

/* Feedback that is the explanation by its name; any other is named as lost. */
static const char *explanation_of(const struct qti_item *q)
{
    const char *found = NULL;
    for (const struct xml_node *f = xml_child(q->root, "modalFeedback"); f;
         f = xml_next(f, "modalFeedback")) {
        const char *name = xml_attribute(f, "identifier"),
                   *text = qti_text(q, f, "modalFeedback");
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

static bool says(const struct xml_node *n, const char *attribute, const char *value)
{
    const char *text = xml_attribute(n, attribute);
    return text && strcmp(text, value) == 0;
}

/* Is it one of the usual ways: a template, or one condition that compares a number with tolerance? */
static bool is_usual_processing(const struct xml_node *processing)
{
    const struct xml_node *condition = xml_child(processing, "responseCondition");
    size_t elements = 0;
    if (!processing || xml_attribute(processing, "template"))
        return true;
    for (const struct xml_node *c = processing->first; c; c = c->next)
        elements += c->name && c->name[0] != '#';
    return elements == 1 && xml_find(condition, "equal") &&
           !xml_child(condition, "responseElseIf") && !xml_find(condition, "responseCondition");
}

/* Declarations that no interaction asks by. */
static void lose_declarations(const struct qti_item *q)
{
    for (const struct xml_node *d = xml_child(q->root, "responseDeclaration"); d;
         d = xml_next(d, "responseDeclaration")) {
        const char *name = xml_attribute(d, "identifier");
        const struct xml_node *mapping = xml_child(d, "mapping");
        bool asked = false;
        for (size_t i = 0; name && i < q->count; i++)
            asked |= says(q->interactions[i], "responseIdentifier", name);
        if (!asked)
            exchange_lose(q->x, q->id, "responseDeclaration",
                          "作答变量 %.60s 没有对应的题，未带入。", name ? name : "");
        if (xml_attribute(mapping, "lowerBound") || xml_attribute(mapping, "upperBound") ||
            (xml_attribute(mapping, "defaultValue") && !says(mapping, "defaultValue", "0")))
            exchange_lose(q->x, q->id, "mapping",
                          "得分的上下限和默认分未带入：给分办法由试卷定。");
    }
    for (const struct xml_node *d = xml_child(q->root, "outcomeDeclaration"); d;
         d = xml_next(d, "outcomeDeclaration"))
        if (!says(d, "identifier", "SCORE") && !says(d, "identifier", "FEEDBACK") &&
            !says(d, "identifier", "MAXSCORE"))
            exchange_lose(q->x, q->id, "outcomeDeclaration", "结果变量 %.60s 未带入。",
                          xml_attribute(d, "identifier") ? xml_attribute(d, "identifier") : "");
}

/* Members of the item itself and of its questions that say how it is to be played. */
static void lose_settings(const struct qti_item *q)
{
    static const char *const settings[] = {"patternMask", "minChoices", "minStrings",
                                           "maxStrings"};
    if (says(q->root, "adaptive", "true"))
        exchange_lose(q->x, q->id, "adaptive", "按作答分步进行（adaptive）未带入：一次作答。");
    if (says(q->root, "timeDependent", "true"))
        exchange_lose(q->x, q->id, "timeDependent", "按用时计分（timeDependent）未带入。");
    for (size_t i = 0; i < q->count; i++)
        for (size_t k = 0; k < sizeof settings / sizeof *settings; k++) {
            const char *value = xml_attribute(q->interactions[i], settings[k]);
            if (value && *value && strcmp(value, "0") != 0)
                exchange_lose(q->x, q->id, settings[k], "作答的限制 %s＝%.40s 未带入。",
                              settings[k], value);
        }
}

/* Each block of instructions; those for markers are the key of a question to write on. */
static void lose_rubrics(const struct qti_item *q, bool written)
{
    for (const struct xml_node *r = xml_find(q->body, "rubricBlock"); r;
         r = xml_find_after(r, q->body, "rubricBlock")) {
        const char *view = xml_attribute(r, "view");
        if (!view || !strstr(view, "scorer") || !written)
            exchange_lose(q->x, q->id, "rubricBlock", "说明“%.60s”未带入。",
                          qti_text(q, r, "rubricBlock"));
    }
}

static void lose_rest(const struct qti_item *q)
{
    static const char *const read[] = {"responseDeclaration", "outcomeDeclaration", "itemBody",
                                       "responseProcessing", "modalFeedback"};
    bool written = false;
    for (const struct xml_node *c = q->root->first; c; c = c->next) {
        bool known = !c->name || c->name[0] == '#';
        for (size_t i = 0; i < sizeof read / sizeof *read && !known; i++)
            known = xml_is(c, read[i]);
        if (!known)
            exchange_lose(q->x, q->id, c->name, "%.60s 未带入。", c->name);
    }
    if (!is_usual_processing(xml_child(q->root, "responseProcessing")))
        exchange_lose(q->x, q->id, "responseProcessing", "自编的评分规则未带入：按题型评分。");
    for (size_t i = 0; i < q->count; i++)
        written |= xml_is(q->interactions[i], "extendedTextInteraction");
    lose_declarations(q);
    lose_settings(q);
    lose_rubrics(q, written);
    if (xml_find(q->body, "feedbackBlock"))
        exchange_lose(q->x, q->id, "feedbackBlock", "正文中的反馈未带入。");
}

/* The elements that keep an item from being one of ours, or NULL. */
static const char *drawn_by(const struct qti_item *q)
{
    if (xml_child(q->root, "templateProcessing"))
        return "templateProcessing";
    return xml_find(q->body, "printedVariable") ? "printedVariable" : NULL;
}

static void refuse(const struct qti_item *q, const char *note)
{
    struct arena *a = q->x->arena;
    const char *what = q->count > 0 ? q->interactions[0]->name : "itemBody",
               *drawn = drawn_by(q);
    for (size_t i = 1; i < q->count; i++)
        what = arena_printf(a, "%s %s", what, q->interactions[i]->name);
    exchange_refuse(
        q->x, q->id, note, drawn ? drawn : what,
        drawn ? "题中的数由程序抽取，未导入：可在衡里写成由模板出数的计算题。"
        : q->too_many
            ? arena_printf(a, "小题超过 %d 个，这道题未导入。", PARTS_MAX)
            : arena_printf(a, "没有与 %.100s 相当的题型，或者缺少答案，这道题未导入。", what));
}

void qti_item_read(struct exchange *x, const struct xml_node *item, const char *name,
                   const char *note, struct qti_files files)
{
    struct qti_item *q = arena_new(x->arena, struct qti_item);
    *q = (struct qti_item){.x = x, .root = item, .id = name ? name : ""};
    q->pictures = (struct qti_pictures){brought_begin(x, q->id), files};
    q->body = xml_child(item, "itemBody");
    if (q->body)
        find_interactions(q, q->body);
    json_t *object = q->count > 0 && !q->too_many && !drawn_by(q) ? question_of(q) : NULL;
    if (!object) {
        refuse(q, note);
        return;
    }
    take_title(q, object);
    lose_rest(q);
    build_explanation(object, explanation_of(q));
    brought_put(&q->pictures.brought, object);
    exchange_add(x, object, q->id, note);
}
