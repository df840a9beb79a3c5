/* bank/exchange_moodle.c - reads Moodle XML: each question type that has a kind here, and by name what it
 * holds beyond that. */
#include "bank/exchange_moodle.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "bank/exchange_build.h"
#include "base/arena.h"
#include "base/text_out.h"
#include "base/xml.h"

enum { ANSWERS_MAX = 64 };

static const char *child_text(const struct moodle_question *q, const char *name)
{
    const struct xml_node *n = xml_child(q->node, name);
    const char *text = xml_text(q->x->arena, n);
    return trimmed(q->x->arena, text, strlen(text));
}

static void lose_feedback(const struct moodle_question *q, const struct xml_node *n,
                          const char *element)
{
    const char *text = n ? moodle_words(q, n, element) : "";
    if (*text)
        exchange_lose(q->x, q->id, element, "反馈“%.60s”未带入：试题只有一条解析。", text);
}

static double fraction_of(const struct xml_node *answer)
{
    const char *fraction = xml_attribute(answer, "fraction");
    return fraction ? strtod(fraction, NULL) : 0;
}

static json_t *choice(const struct moodle_question *q)
{
    struct choice choices[ANSWERS_MAX];
    size_t count = 0, right = 0;
    bool multiple = strcmp(child_text(q, "single"), "false") == 0 ||
                    strcmp(child_text(q, "single"), "0") == 0;
    for (const struct xml_node *n = xml_child(q->node, "answer"); n && count < ANSWERS_MAX;
         n = xml_next(n, "answer")) {
        double f = fraction_of(n);
        bool is = multiple ? f > 0 : f >= 100;
        choices[count++] = (struct choice){moodle_text(q, n, "answer"),
                                           is && (multiple || !right)};
        right += is;
        lose_feedback(q, xml_child(n, "feedback"), "answer/feedback");
    }
    size_t at = 0;
    for (const struct xml_node *n = xml_child(q->node, "answer"); n && at < count;
         n = xml_next(n, "answer"), at++) {
        double f = fraction_of(n);
        if (!multiple && f >= 100 && !choices[at].right)
            exchange_lose(q->x, q->id, "answer/fraction",
                          "选项 %c 也算对，未带入：单选题只有一个答案。", (char)('A' + at));
        if (!is_usual_weight(f, multiple ? right : 1, multiple))
            exchange_lose(q->x, q->id, "answer/fraction",
                          "选项 %c 的权重 %g%% 未带入：给分办法由试卷定。", (char)('A' + at),
                          f);
    }
    return build_choice(q->stem, choices, count, multiple);
}

/* Moodle writes true and false; other programs and hands write other words. 1, 0, or -1: no truth. */
static int truth_of(const char *text)
{
    static const struct {
        const char *word;
        int value;
    } words[] = {{"true", 1},   {"t", 1},     {"yes", 1}, {"对", 1}, {"正确", 1}, {"是", 1},
                 {"√", 1},      {"false", 0}, {"f", 0},   {"no", 0}, {"错", 0},   {"错误", 0},
                 {"不正确", 0}, {"不对", 0},  {"否", 0},  {"×", 0}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcasecmp(text, words[i].word) == 0)
            return words[i].value;
    return -1;
}

static json_t *truth(const struct moodle_question *q)
{
    int key = -1;
    for (const struct xml_node *n = xml_child(q->node, "answer"); n;
         n = xml_next(n, "answer")) {
        const char *text = moodle_words(q, n, "answer");
        if (fraction_of(n) >= 100)
            key = truth_of(text);
        lose_feedback(q, xml_child(n, "feedback"), "answer/feedback");
    }
    return key < 0 ? NULL : build_true_false(q->stem, key);
}

/* What a candidate types is compared as it stands, whatever the format says: "<b>" is no markup there. */
static const char *typed_answer(const struct moodle_question *q, const struct xml_node *n)
{
    const char *text = xml_text(q->x->arena, xml_child(n, "text"));
    return trimmed(q->x->arena, text, strlen(text));
}

static json_t *short_answer(const struct moodle_question *q)
{
    json_t *gaps = json_array(), *accepted = json_array();
    for (const struct xml_node *n = xml_child(q->node, "answer"); n;
         n = xml_next(n, "answer")) {
        const char *text = typed_answer(q, n);
        if (fraction_of(n) >= 100)
            json_array_append_new(accepted, json_string(text));
        else
            exchange_lose(q->x, q->id, "answer/fraction", "答案“%.40s”的部分分 %g%% 未带入。",
                          text, fraction_of(n));
        if (strchr(text, '*'))
            exchange_lose(q->x, q->id, "answer", "答案“%.40s”中的通配符 * 在这里只是一个字符。",
                          text);
        lose_feedback(q, xml_child(n, "feedback"), "answer/feedback");
    }
    if (strcmp(child_text(q, "usecase"), "1") == 0)
        exchange_lose(q->x, q->id, "usecase", "区分大小写未带入：填空题不计大小写。");
    json_array_append_new(gaps, accepted);
    return build_blank(q->x->arena, q->stem, gaps);
}

/* That the answer is written in: of multiplier 1; in others it would be another number. */
static const struct xml_node *own_unit(const struct xml_node *units)
{
    for (const struct xml_node *u = xml_child(units, "unit"); u; u = xml_next(u, "unit")) {
        const struct xml_node *m = xml_child(u, "multiplier");
        double v = m && m->first && m->first->text ? strtod(m->first->text, NULL) : 1;
        if (v > 0.999999 && v < 1.000001)
            return u;
    }
    return NULL;
}

static json_t *number(const struct moodle_question *q)
{
    const struct xml_node *best = NULL, *unit = own_unit(xml_child(q->node, "units"));
    for (const struct xml_node *n = xml_child(q->node, "answer"); n;
         n = xml_next(n, "answer")) {
        lose_feedback(q, xml_child(n, "feedback"), "answer/feedback");
        if (!best && fraction_of(n) >= 100)
            best = n;
        else
            exchange_lose(q->x, q->id, "answer", "另一个答案“%.40s”（%g%%）未带入。",
                          moodle_words(q, n, "answer"), fraction_of(n));
    }
    for (const struct xml_node *n = xml_child(xml_child(q->node, "units"), "unit"); n;
         n = xml_next(n, "unit"))
        if (n != unit)
            exchange_lose(q->x, q->id, "units/unit", "另一个单位“%.20s”未带入。",
                          xml_text(q->x->arena, xml_child(n, "unit_name")));
    if (!best)
        return NULL;
    return build_numeric(q->x->arena, q->stem, typed_answer(q, best),
                         xml_text(q->x->arena, xml_child(best, "tolerance")),
                         xml_text(q->x->arena, xml_child(unit, "unit_name")));
}

static json_t *matching(const struct moodle_question *q)
{
    struct pair pairs[ANSWERS_MAX];
    size_t count = 0;
    for (const struct xml_node *n = xml_child(q->node, "subquestion"); n && count < ANSWERS_MAX;
         n = xml_next(n, "subquestion")) {
        const char *option = xml_text(q->x->arena, xml_child(xml_child(n, "answer"), "text"));
        struct pair p = {moodle_text(q, n, "subquestion"), option};
        if (*p.premise || *p.option) /* else one of the form's empty rows */
            pairs[count++] = p;
    }
    return build_matching(q->x->arena, q->stem, pairs, count);
}

static json_t *essay(const struct moodle_question *q)
{
    const struct xml_node *grader = xml_child(q->node, "graderinfo");
    if (strcmp(child_text(q, "attachments"), "0") != 0 && *child_text(q, "attachments"))
        exchange_lose(q->x, q->id, "attachments", "允许交附件的设置未带入。");
    if (*child_text(q, "responsetemplate"))
        exchange_lose(q->x, q->id, "responsetemplate", "作答模板未带入。");
    return build_short(q->stem, grader ? moodle_text(q, grader, "graderinfo") : NULL);
}

static json_t *cloze(const struct moodle_question *q)
{
    return cloze_read(q->x, q->id, q->stem);
}

/* ddwtos and gapselect: [[1]] in the text, choices numbered in the file. */
static json_t *words_into_text(const struct moodle_question *q)
{
    const char *choices[ANSWERS_MAX];
    size_t count = 0;
    struct text_out stem = {.arena = q->x->arena};
    json_t *gaps = json_array();
    for (const struct xml_node *n = q->node->first; n && count < ANSWERS_MAX; n = n->next)
        if (xml_is(n, "dragbox") || xml_is(n, "selectoption"))
            choices[count++] = xml_text(q->x->arena, xml_child(n, "text"));
    for (const char *s = q->stem; *s;) {
        char *end;
        unsigned long at = strncmp(s, "[[", 2) == 0 ? strtoul(s + 2, &end, 10) : 0;
        if (at >= 1 && at <= count && strncmp(end, "]]", 2) == 0) {
            json_array_append_new(gaps, json_pack("[s]", choices[at - 1]));
            text_put(&stem, "____");
            s = end + 2;
        } else {
            text_put_bytes(&stem, s++, 1);
        }
    }
    exchange_lose(q->x, q->id, xml_child(q->node, "dragbox") ? "dragbox" : "selectoption",
                  "备选的词不显示：作为填空题带入，由考生写出。");
    if (json_array_size(gaps) == 0) {
        json_decref(gaps);
        return NULL;
    }
    return build_blank(q->x->arena, text_out_text(&stem), gaps);
}

static json_t *ordering(const struct moodle_question *q)
{
    struct choice choices[ANSWERS_MAX];
    size_t order[ANSWERS_MAX], count = 0;
    for (const struct xml_node *n = xml_child(q->node, "answer"); n && count < ANSWERS_MAX;
         n = xml_next(n, "answer")) {
        choices[count] = (struct choice){moodle_text(q, n, "answer"), false};
        order[count] = count;
        count++;
    }
    return build_ordering(q->stem, choices, order, count);
}

static const struct {
    const char *type;
    json_t *(*read)(const struct moodle_question *q);
} types[] = {
    {"multichoice", choice},
    {"truefalse", truth},
    {"shortanswer", short_answer},
    {"numerical", number},
    {"matching", matching},
    {"match", matching},
    {"essay", essay},
    {"cloze", cloze},
    {"multianswer", cloze},
    {"ddwtos", words_into_text},
    {"gapselect", words_into_text},
    {"ordering", ordering},
};

/* What a question holds beside stem and answers. Defaults are no loss. */
static bool is_any_of(const char *name, const char *const *names)
{
    for (size_t i = 0; names[i]; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

/* Elements that are read above or named below, and settings that say only what is usual. */
static bool is_known(const struct moodle_question *q, const struct xml_node *n)
{
    static const char *const known[] = {
        "name", "questiontext", "generalfeedback", "idnumber", "answer", "subquestion",
        "single", "units", "usecase", "dragbox", "selectoption", "graderinfo", "attachments",
        "responsetemplate", "correctfeedback", "partiallycorrectfeedback", "incorrectfeedback",
        "hint", "tags", "penalty", "defaultgrade", "hidden",
        /* how Moodle shows its own page */
        "answernumbering", "shownumcorrect", "showstandardinstruction", NULL};
    static const struct {
        const char *name, *usual[4];
    } settings[] = {{"shuffleanswers", {"true", "1"}},
                    {"responseformat", {"editor", "plain", "monospaced"}},
                    {"responserequired", {"1"}},
                    {"attachmentsrequired", {"0"}},
                    {"unitgradingtype", {"0"}},
                    {"showunits", {"0", "3"}},
                    {"unitsleft", {"0"}},
                    {"maxbytes", {"0"}}};
    if (is_any_of(n->name, known) || n->name[0] == '#')
        return true;
    const char *text = trimmed(q->x->arena, xml_text(q->x->arena, n),
                               strlen(xml_text(q->x->arena, n)));
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
        if (strcmp(settings[i].name, n->name) == 0)
            return !*text || is_any_of(text, settings[i].usual);
    return false;
}

/* Whatever else stands in the question, once a name. */
static void lose_unknown(const struct moodle_question *q)
{
    for (const struct xml_node *n = q->node->first; n; n = n->next) {
        bool before = false;
        for (const struct xml_node *m = n->name ? q->node->first : n; m != n; m = m->next)
            before |= m->name && strcmp(m->name, n->name) == 0;
        if (!n->name || before || is_known(q, n))
            continue;
        const char *text = xml_text(q->x->arena, n);
        exchange_lose(q->x, q->id, n->name, "%.40s 未带入（“%.40s”）。", n->name,
                      trimmed(q->x->arena, text, strlen(text)));
    }
}

static void lose_rest(const struct moodle_question *q)
{
    static const char *const feedbacks[] = {"correctfeedback", "partiallycorrectfeedback",
                                            "incorrectfeedback"};
    for (size_t i = 0; i < sizeof feedbacks / sizeof *feedbacks; i++)
        lose_feedback(q, xml_child(q->node, feedbacks[i]), feedbacks[i]);
    for (const struct xml_node *n = xml_child(q->node, "hint"); n; n = xml_next(n, "hint"))
        exchange_lose(q->x, q->id, "hint", "提示“%.60s”未带入。", moodle_words(q, n, "hint"));
    const struct xml_node *tags = xml_child(q->node, "tags");
    for (const struct xml_node *n = xml_child(tags, "tag"); n; n = xml_next(n, "tag"))
        exchange_lose(q->x, q->id, "tags/tag", "标签“%.60s”未带入。",
                      xml_text(q->x->arena, xml_child(n, "text")));
    double penalty = strtod(child_text(q, "penalty"), NULL),
           grade = strtod(child_text(q, "defaultgrade"), NULL);
    if (*child_text(q, "defaultgrade") && (grade < 1 || grade > 1))
        exchange_lose(q->x, q->id, "defaultgrade", "分值 %g 未带入：分值由试卷定。", grade);
    if (*child_text(q, "penalty") && penalty > 0.34)
        exchange_lose(q->x, q->id, "penalty", "重答扣分 %g 未带入。", penalty);
    if (strcmp(child_text(q, "hidden"), "1") == 0)
        exchange_lose(q->x, q->id, "hidden", "“隐藏”未带入。");
    lose_unknown(q);
}

/* Our note stands as a comment inside the question. */
static const char *note_of(const struct xml_node *question)
{
    for (const struct xml_node *n = question->first; n; n = n->next)
        if (xml_is(n, "#comment")) {
            const char *s = n->text + strspn(n->text, " ");
            if (strncmp(s, MOODLE_NOTE, strlen(MOODLE_NOTE)) == 0)
                return s + strlen(MOODLE_NOTE);
        }
    return NULL;
}

static void refuse(const struct moodle_question *q, const char *type, bool known)
{
    struct arena *a = q->x->arena;
    exchange_refuse(q->x, q->id, note_of(q->node), arena_printf(a, "question[type=%s]", type),
                    strcmp(type, "description") == 0 ? "说明文字不是试题，未导入。"
                    : known ? arena_printf(a, "读不出这道 %.40s 题的答案，这道题未导入。", type)
                            : arena_printf(a, "没有与 %.40s 相当的题型，这道题未导入。", type));
}

static void read_question(struct exchange *x, const struct xml_node *node)
{
    const char *type = xml_attribute(node, "type") ? xml_attribute(node, "type") : "";
    struct moodle_question q = {.x = x, .node = node, .id = ""};
    const char *number = child_text(&q, "idnumber"), *name = child_text(&q, "name");
    json_t *object = NULL;
    q.id = *number ? number : name;
    if (strcmp(type, "category") == 0) {
        exchange_lose(x, "", "category", "分类“%.80s”未带入：衡按鉴定点归类。",
                      child_text(&q, "category"));
        return;
    }
    q.brought = brought_begin(x, q.id);
    q.stem = moodle_text(&q, xml_child(node, "questiontext"), "questiontext");
    bool known = false;
    for (size_t i = 0; i < sizeof types / sizeof *types && !known; i++)
        if (strcmp(types[i].type, type) == 0) {
            known = true;
            object = types[i].read(&q);
        }
    if (!object) {
        refuse(&q, *type ? type : "?", known);
        return;
    }
    lose_rest(&q);
    build_explanation(
        object, xml_child(node, "generalfeedback")
                    ? moodle_text(&q, xml_child(node, "generalfeedback"), "generalfeedback")
                    : NULL);
    brought_put(&q.brought, object);
    exchange_add(x, object, q.id, note_of(node));
}

static bool read_file(struct exchange *x, struct bytes file, struct err *e)
{
    const struct xml_node *quiz = xml_read(x->arena, file, e);
    if (!quiz)
        return false;
    if (!xml_is(quiz, "quiz"))
        return FAIL(e, INVALID, "file", "不是 Moodle XML：最外层须为 <quiz>。");
    for (const struct xml_node *n = xml_child(quiz, "question"); n; n = xml_next(n, "question"))
        read_question(x, n);
    return true;
}

const struct exchange_format exchange_format_moodle = {
    .name = "moodle",
    .label = "Moodle XML",
    .extension = "xml",
    .notes = true,
    .read = read_file,
    .write = moodle_write,
};
