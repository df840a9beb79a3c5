/* bank/exchange_qti_item.c - reads one QTI item: its text, its interactions, and by name what it holds
 * beyond them. One interaction is an item, several are a case. */
#include <jansson.h>
#include <string.h>

#include "bank/exchange_build.h"
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

const char *qti_text(const struct qti_item *q, const struct xml_node *n, const char *element)
{
    struct text_out o = {.arena = q->x->arena};
    if (n)
        put_markup(q, &o, n);
    return html_plain(q->x, q->id, element, text_out_text(&o));
}

/* Choices of any kind of NAME below the interaction. */

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
                          qti_text(q, r, "rubricBlock"));
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
