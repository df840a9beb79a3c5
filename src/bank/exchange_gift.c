/* bank/exchange_gift.c - reads GIFT as Moodle documents it: choice, true/false, short answer, number,
 * matching, essay, missing word; weights, feedback, categories, comments, escapes, format tags. */
#include "bank/exchange_gift.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "bank/exchange_build.h"
#include "base/arena.h"
#include "base/text_out.h"

enum { ANSWERS_MAX = 64, RANGE_MAX = 1000000000 };

struct answer {
    const char *text, *feedback;
    double percent; /* 100 where '=' says right and no weight is written */
    bool equals, weighted;
};

struct question {
    struct exchange *x;
    const char *name, *stem, *note, *explanation, *id;
    bool html;
    struct answer answers[ANSWERS_MAX];
    size_t count;
};

/* The next of STOP that no backslash precedes; NULL if there is none. */
static char *unescaped(char *s, const char *stop)
{
    size_t len = strlen(stop);
    for (; *s; s++) {
        if (*s == '\\' && s[1])
            s++;
        else if (strncmp(s, stop, len) == 0)
            return s;
    }
    return NULL;
}

/* Text as people see it: escapes undone, format tag and HTML taken off. */
static const char *plain(struct question *q, const char *text, const char *element)
{
    static const struct {
        const char *tag;
        int html; /* -1: as the question */
    } tags[] = {{"[html]", 1}, {"[plain]", 0}, {"[moodle]", 0}, {"[markdown]", 0}};
    struct text_out o = {.arena = q->x->arena};
    const char *s = trimmed(q->x->arena, text, strlen(text));
    bool html = q->html;
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
        if (strncmp(s, tags[i].tag, strlen(tags[i].tag)) == 0) {
            html = tags[i].html;
            s += strlen(tags[i].tag);
        }
    for (; *s; s++) {
        if (*s == '\\' && s[1] == 'n') {
            text_put(&o, "\n");
            s++;
        } else if (*s == '\\' && s[1] && strchr("~=#{}:\\", s[1])) {
            text_put_bytes(&o, ++s, 1);
        } else {
            text_put_bytes(&o, s, 1);
        }
    }
    return html ? html_plain(q->x, q->id, element, text_out_text(&o))
                : trimmed(q->x->arena, text_out_text(&o), o.len);
}

static void lose_feedback(struct question *q, const char *feedback, const char *element)
{
    if (feedback && *trimmed(q->x->arena, feedback, strlen(feedback)))
        exchange_lose(q->x, q->id, element, "反馈“%.60s”未带入：试题只有一条解析。", feedback);
}

/* "%50%text#feedback" up to the next answer. */
static void read_answer(struct question *q, char *text, bool equals)
{
    struct answer *w = &q->answers[q->count];
    char *end, *feedback = unescaped(text, "#");
    *w = (struct answer){.percent = equals ? 100 : 0, .equals = equals};
    if (feedback) {
        *feedback = 0;
        w->feedback = plain(q, feedback + 1, "#");
    }
    text += strspn(text, " \t\r\n");
    if (*text == '%') {
        double percent = strtod(text + 1, &end);
        if (end > text + 1 && *end == '%') {
            w->percent = percent;
            w->weighted = true;
            text = end + 1;
        }
    }
    w->text = text; /* still escaped: matching looks for its arrow first */
    q->count++;
}

/* The first '=' or '~' that is not escaped. */
static char *next_mark(char *s)
{
    char *equals = unescaped(s, "="), *tilde = unescaped(s, "~");
    return !tilde || (equals && equals < tilde) ? equals : tilde;
}

static bool read_answers(struct question *q, char *s)
{
    char *mark = next_mark(s), kind = mark ? *mark : 0;
    while (mark) {
        char *next = next_mark(mark + 1), next_kind = next ? *next : 0;
        if (q->count == ANSWERS_MAX)
            return false;
        if (next)
            *next = 0;
        read_answer(q, mark + 1, kind == '=');
        mark = next;
        kind = next_kind;
    }
    return true;
}

static json_t *choice(struct question *q)
{
    struct choice choices[ANSWERS_MAX];
    bool multiple = true, first = true;
    for (size_t i = 0; i < q->count; i++)
        multiple &= !q->answers[i].equals;
    for (size_t i = 0; i < q->count; i++) {
        const struct answer *w = &q->answers[i];
        bool right = multiple ? w->percent > 0 : w->equals && w->percent >= 100 && first;
        choices[i] = (struct choice){plain(q, w->text, "answer"), right};
        if (!multiple && w->percent > 0 && !right)
            exchange_lose(q->x, q->id, "%",
                          "选项“%.40s”的部分分 %g%% 未带入：单选题只有一个答案。",
                          choices[i].text, w->percent);
        first &= !right || multiple;
        lose_feedback(q, w->feedback, "#");
    }
    return build_choice(q->stem, choices, q->count, multiple);
}

/* Weights other than equal shares and nothing, or everything, are not ours: the paper decides. */
static void lose_weights(struct question *q, const json_t *object)
{
    const json_t *key = json_object_get(object, "key");
    for (size_t i = 0; i < q->count; i++) {
        double p = q->answers[i].percent;
        if (q->answers[i].weighted && (p < 0 || json_is_array(key)) &&
            !is_usual_weight(p, json_array_size(key), json_is_array(key)))
            exchange_lose(q->x, q->id, "%", "选项 %c 的权重 %g%% 未带入：给分办法由试卷定。",
                          (char)('A' + i), p);
    }
}

static json_t *matching(struct question *q)
{
    struct pair pairs[ANSWERS_MAX];
    for (size_t i = 0; i < q->count; i++) {
        char *text = arena_text(q->x->arena, q->answers[i].text), *arrow = strstr(text, "->");
        if (!arrow)
            return NULL;
        *arrow = 0;
        pairs[i] = (struct pair){plain(q, text, "="), plain(q, arrow + 2, "->")};
        lose_feedback(q, q->answers[i].feedback, "#");
    }
    return build_matching(q->x->arena, q->stem, pairs, q->count);
}

static json_t *short_answer(struct question *q)
{
    json_t *gaps = json_array(), *accepted = json_array();
    for (size_t i = 0; i < q->count; i++) {
        const char *text = plain(q, q->answers[i].text, "=");
        lose_feedback(q, q->answers[i].feedback, "#");
        if (q->answers[i].percent >= 100)
            json_array_append_new(accepted, json_string(text));
        else
            exchange_lose(q->x, q->id, "%", "答案“%.40s”的部分分 %g%% 未带入。", text,
                          q->answers[i].percent);
    }
    json_array_append_new(gaps, accepted);
    return build_blank(q->x->arena, q->stem, gaps);
}

/* "3.14:0.01" or "3..4". */
static json_t *number(struct question *q, const char *text)
{
    struct arena *a = q->x->arena;
    const char *t = trimmed(a, text, strlen(text)), *range = strstr(t, ".."),
               *colon = strchr(t, ':');
    if (range) {
        char *low_end, *high_end;
        double low = strtod(t, &low_end), high = strtod(range + 2, &high_end);
        high_end += strspn(high_end, " \t\r\n");
        low_end += strspn(low_end, " \t\r\n");
        if (low_end == t || low_end < range || high_end == range + 2 || *high_end ||
            !(low <= high && low > -RANGE_MAX && high < RANGE_MAX))
            return NULL;
        return build_numeric(a, q->stem, decimal_text(a, (low + high) / 2),
                             decimal_text(a, (high - low) / 2), NULL);
    }
    return colon ? build_numeric(a, q->stem, arena_copy(a, t, (size_t)(colon - t)), colon + 1,
                                 NULL)
                 : build_numeric(a, q->stem, t, "0", NULL);
}

static json_t *numbers(struct question *q, char *s)
{
    char *feedback;
    if (!strchr(s, '=')) {
        if ((feedback = unescaped(s, "#")) != NULL) {
            *feedback = 0;
            lose_feedback(q, plain(q, feedback + 1, "#"), "#");
        }
        return number(q, s);
    }
    if (!read_answers(q, s))
        return NULL;
    json_t *object = NULL;
    for (size_t i = 0; i < q->count; i++) {
        const struct answer *w = &q->answers[i];
        lose_feedback(q, w->feedback, "#");
        if (!object && w->equals && w->percent >= 100)
            object = number(q, w->text);
        else if (w->percent > 0)
            exchange_lose(q->x, q->id, "%", "数值“%.40s”（%g%%）未带入：计算题只有一个答案。",
                          w->text, w->percent);
    }
    return object;
}

/* "wrong#right" behind a truth value. */
static void lose_feedbacks(struct question *q, const char *s)
{
    for (s += strcspn(s, "#"); *s; s += strcspn(s, "#")) {
        s++;
        lose_feedback(q, plain(q, arena_copy(q->x->arena, s, strcspn(s, "#")), "#"), "#");
    }
}

/* T, TRUE, F, FALSE, in small letters too, and what may follow behind '#'. */
static json_t *truth(struct question *q, const char *s)
{
    static const struct {
        const char *word;
        bool value;
    } words[] = {{"TRUE", true}, {"T", true}, {"FALSE", false}, {"F", false}};
    const char *t = trimmed(q->x->arena, s, strcspn(s, "#"));
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcasecmp(t, words[i].word) == 0) {
            lose_feedbacks(q, s);
            return build_true_false(q->stem, words[i].value);
        }
    return NULL;
}

static json_t *question_of(struct question *q, char *s)
{
    char *general = unescaped(s, "####");
    json_t *object;
    if (general) {
        *general = 0;
        q->explanation = plain(q, general + 4, "####");
    }
    s += strspn(s, " \t\r\n");
    if (!*s)
        return build_short(q->stem, NULL);
    if (*s == '#')
        return numbers(q, s + 1);
    if ((object = truth(q, s)) != NULL)
        return object;
    if (!next_mark(s)) /* "{Paris}": the answer alone */
        read_answer(q, s, true);
    else if (!read_answers(q, s))
        return NULL;
    bool tilde = false, arrow = false;
    for (size_t i = 0; i < q->count; i++) {
        tilde |= !q->answers[i].equals;
        arrow |= strstr(q->answers[i].text, "->") != NULL;
    }
    if (tilde) {
        object = choice(q);
        lose_weights(q, object);
        return object;
    }
    return arrow ? matching(q) : short_answer(q);
}

/* "::title::" and "[html]" before the stem. */
static char *read_head(struct question *q, char *s)
{
    char *end;
    s += strspn(s, " \t\r\n");
    if (strncmp(s, "::", 2) == 0 && (end = unescaped(s + 2, "::")) != NULL) {
        *end = 0;
        q->name = plain(q, s + 2, "::");
        s = end + 2;
        s += strspn(s, " \t\r\n");
    }
    if (strncmp(s, "[html]", 6) == 0)
        q->html = true;
    return s;
}

static void refuse(struct question *q, const char *element, const char *why)
{
    exchange_refuse(q->x, q->id, q->note, element, why);
}

static void read_question(struct exchange *x, char *text, const char *note)
{
    struct question q = {.x = x, .note = note};
    char *s = read_head(&q, text), *open = unescaped(s, "{"),
         *close = open ? unescaped(open + 1, "}") : NULL;
    q.id = q.name ? q.name
                  : arena_printf(x->arena, "%.30s", trimmed(x->arena, s, strcspn(s, "{\n")));
    if (!open || !close) {
        refuse(&q, open ? "{" : "description",
               open ? "答案的 { 没有 }，这道题未导入。"
                    : "没有答案的说明文字不是试题，未导入。");
        return;
    }
    *open = *close = 0;
    const char *before = plain(&q, s, "questiontext"),
               *after = plain(&q, close + 1, "questiontext");
    if (unescaped(close + 1, "{")) {
        refuse(&q, "{", "一题有两处答案，GIFT 不允许，未导入。");
        return;
    }
    q.stem = *after ? arena_printf(x->arena, "%s____%s", before, after) : before;
    json_t *object = question_of(&q, open + 1);
    if (!object) {
        refuse(&q, "{}", "答案的写法读不懂，这道题未导入。");
        return;
    }
    build_explanation(object, q.explanation);
    exchange_add(x, object, q.name, q.note);
}

/* One line of the file: comments and categories are dealt with here. False: it is text. */
static bool is_apart(struct exchange *x, const char *line, const char **note)
{
    const char *s = line + strspn(line, " \t\r");
    if (strncmp(s, "//", 2) == 0) {
        s += 2 + strspn(s + 2, " \t");
        if (strncmp(s, GIFT_NOTE, strlen(GIFT_NOTE)) == 0)
            *note = arena_text(x->arena, s + strlen(GIFT_NOTE));
        else if (*trimmed(x->arena, s, strlen(s)))
            exchange_lose(x, "", "//", "注释“%.60s”未带入。", s);
        return true;
    }
    if (strncmp(s, "$CATEGORY:", 10) == 0) {
        exchange_lose(x, "", "$CATEGORY", "分类“%.80s”未带入：衡按鉴定点归类。",
                      trimmed(x->arena, s + 10, strlen(s + 10)));
        return true;
    }
    return false;
}

/* Below a blank line inside braces, a line with a title or a brace of its own: the brace above was left
 * open, and this is the next question. */
static bool begins_question(struct arena *a, const char *s)
{
    s += strspn(s, " \t\r\n");
    char *line = arena_copy(a, s, strcspn(s, "\n"));
    return strncmp(line, "::", 2) == 0 || unescaped(line, "{") != NULL;
}

/* A question ends at a blank line outside its braces. */
static bool read_file(struct exchange *x, struct bytes file, struct err *e)
{
    struct text_out now = {.arena = x->arena};
    const char *note = NULL, *s = exchange_text(x, file, e);
    bool inside = false;
    if (!s)
        return false;
    while (*s || now.len > 0) {
        size_t len = strcspn(s, "\n");
        char *line = arena_copy(x->arena, s, len);
        bool blank = line[strspn(line, " \t\r")] == 0;
        if ((blank && (!inside || begins_question(x->arena, s))) || !*s) {
            if (now.len > 0) {
                read_question(x, arena_copy(x->arena, now.at, now.len), note);
                note = NULL;
            }
            now.len = 0;
            inside = false;
        } else if (!is_apart(x, line, &note)) {
            text_putf(&now, "%s\n", line);
            char *open = unescaped(line, "{"), *close = unescaped(line, "}");
            inside = open && (!close || close < open) ? true : close ? false : inside;
        }
        s += len + (s[len] == '\n');
    }
    return true;
}

const struct exchange_format exchange_format_gift = {
    .name = "gift",
    .label = "GIFT",
    .extension = "gift",
    .notes = true,
    .read = read_file,
    .write = gift_write,
};
