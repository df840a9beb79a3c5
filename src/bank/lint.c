/* bank/lint.c - item by item: give-aways, laws, enemies, units; pictures and sounds are lint_media.c. */
#include "bank/lint.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "bank/lint_report.h"
#include "base/arena.h"
#include "base/json.h"

void lint_say(struct linting *l, const char *item, const char *fmt, ...)
{
    char text[ERR_TEXT_BYTES];
    va_list list;
    va_start(list, fmt);
    vsnprintf(text, sizeof text, fmt, list);
    va_end(list);
    if (l->out->count == l->room) {
        size_t room = l->room ? l->room * 2 : 32;
        l->out->problems = arena_grow(l->arena, l->out->problems, l->room, room,
                                      sizeof *l->out->problems);
        l->room = room;
    }
    l->out->problems[l->out->count++] = (struct lint_problem){arena_text(l->arena, item),
                                                              arena_text(l->arena, text)};
}

size_t text_characters(const char *s)
{
    size_t n = 0;
    for (; *s; s++)
        n += ((unsigned char)*s & 0xC0) != 0x80;
    return n;
}

static bool has_word(const char *text, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strstr(text, words[i]))
            return true;
    return false;
}

bool option_is_key(const json_t *key, size_t option)
{
    char letter[2] = {(char)('A' + option), 0};
    if (json_is_string(key))
        return strcmp(json_string_value(key), letter) == 0;
    for (size_t i = 0; i < json_array_size(key); i++) {
        const char *one = json_string_value(json_array_get(key, i));
        if (one && strcmp(one, letter) == 0)
            return true;
    }
    return false;
}

static void check_all_of_them(struct linting *l, const char *id, const json_t *options)
{
    static const char *const words[] = {"以上都对",   "以上都不对", "以上都正确", "以上均正确",
                                        "以上皆是",   "以上都是",   "以上均是",   "以上都不是",
                                        "以上均不是", "以上皆非",   "以上全部",   "以上选项都"};
    for (size_t i = 0; i < json_array_size(options); i++)
        if (has_word(json_string_value(json_array_get(options, i)), words,
                     sizeof words / sizeof *words))
            lint_say(l, id, "选项 %c 是“以上都对”一类的选项。", (char)('A' + i));
}

/* Words that a test-wise stranger crosses out, standing in wrong options only. */
static void check_absolutes(struct linting *l, const char *id, const json_t *options,
                            const json_t *key)
{
    static const char *const words[] = {"绝对",   "永远",     "从不", "任何情况", "一律",
                                        "完全不", "所有情况", "必然", "百分之百", "毫无"};
    size_t wrong = 0;
    for (size_t i = 0; i < json_array_size(options); i++)
        if (has_word(json_string_value(json_array_get(options, i)), words,
                     sizeof words / sizeof *words)) {
            if (option_is_key(key, i))
                return;
            wrong++;
        }
    if (wrong >= 2)
        lint_say(l, id, "绝对化的词只出现在干扰项中（%zu 项）。", wrong);
}

/* The key stands out by its length: half as long again as the longest distractor, and more. */
static void check_length(struct linting *l, const char *id, const json_t *options,
                         const json_t *key)
{
    size_t key_length = 0, longest = 0;
    for (size_t i = 0; i < json_array_size(options); i++) {
        size_t n = text_characters(json_string_value(json_array_get(options, i)));
        if (option_is_key(key, i))
            key_length = n;
        else if (n > longest)
            longest = n;
    }
    if (key_length >= longest + 6 && key_length * 2 > longest * 3)
        lint_say(l, id, "正确选项有 %zu 字，最长的干扰项只有 %zu 字，长度泄露答案。",
                 key_length, longest);
}

/* Where an option is a number with a unit, all are: "3 元" beside "5" is a slip. */
static void check_units(struct linting *l, const char *id, const json_t *options)
{
    size_t bare = 0, with_unit = 0, n = json_array_size(options);
    for (size_t i = 0; i < n; i++) {
        const char *s = json_string_value(json_array_get(options, i));
        size_t digits = strspn(s, "0123456789 .,-+");
        if (digits == 0)
            return;
        if (s[digits] == 0)
            bare++;
        else if (text_characters(s + digits) <= 4)
            with_unit++;
    }
    if (bare > 0 && with_unit > 0 && bare + with_unit == n)
        lint_say(l, id, "有的选项带单位，有的没有。");
}

static void check_question(struct linting *l, const char *id, const char *kind,
                           const json_t *question)
{
    const json_t *options = json_object_get(question, "options"),
                 *key = json_object_get(question, "key");
    if (json_is_array(options)) {
        check_all_of_them(l, id, options);
        check_units(l, id, options);
        check_absolutes(l, id, options, key);
        if (strcmp(kind, "single") == 0)
            check_length(l, id, options, key);
    }
    if (strcmp(kind, "numeric") == 0) {
        const char *unit = json_member_text(key, "unit");
        if (!unit || !*unit)
            lint_say(l, id, "计算题的答案没有单位。");
    }
}

static void check_laws(struct linting *l, const struct item_meta *m)
{
    bool says_law = false;
    for (size_t i = 0; i < m->source_count; i++)
        says_law |= strcmp(m->sources[i], "law") == 0;
    if (says_law && m->law_count == 0)
        lint_say(l, m->id, "来源是法规，却没有写法规名称、版本和条款。");
    for (size_t i = 0; i < m->law_count; i++) {
        const char *problem = law_problem(l->arena, l->laws, &m->law[i]);
        if (problem)
            lint_say(l, m->id, "%s", problem);
    }
}

static bool exists(const struct pool *p, const char *id)
{
    for (size_t i = 0; i < p->count; i++)
        if (strcmp(p->items[i].meta.id, id) == 0)
            return true;
    return false;
}

static void check_enemies(struct linting *l, const struct item_meta *m)
{
    for (size_t i = 0; i < m->enemy_count; i++)
        if (strcmp(m->enemies[i], m->id) == 0)
            lint_say(l, m->id, "把自己列为互斥题。");
        else if (!exists(l->pool, m->enemies[i]))
            lint_say(l, m->id, "互斥题 %s 不存在。", m->enemies[i]);
}

static void check_item(struct linting *l, const struct item *it)
{
    const json_t *parts = json_object_get(it->json, "items");
    check_laws(l, &it->meta);
    lint_media(l, it);
    check_question(l, it->meta.id, it->kind->name, it->json);
    for (size_t i = 0; i < json_array_size(parts); i++) {
        const json_t *part = json_array_get(parts, i);
        check_question(l, it->meta.id, json_member_text(part, "kind"), part);
    }
}

static void check_ids(struct linting *l)
{
    for (size_t i = 0; i < l->pool->count; i++)
        for (size_t k = 0; k < i; k++)
            if (strcmp(l->pool->items[i].meta.id, l->pool->items[k].meta.id) == 0)
                lint_say(l, l->pool->items[i].meta.id, "编号重复：%s 与 %s。",
                         l->pool->places[k], l->pool->places[i]);
}

void item_lint(struct arena *a, const struct item *item, const struct law_list *laws,
               struct lint *out)
{
    struct linting l = {a, NULL, laws, out, 0};
    *out = (struct lint){0};
    check_item(&l, item);
}

void bank_lint(struct arena *a, const struct pool *pool, const struct law_list *laws,
               struct lint *out)
{
    struct linting l = {a, pool, laws, out, 0};
    *out = (struct lint){0};
    for (size_t i = 0; i < pool->problem_count; i++) {
        const struct import_problem *p = &pool->problems[i];
        lint_say(&l, pool->problem_places[i], "%s%s%s", p->column, *p->column ? "：" : "",
                 p->what);
    }
    check_ids(&l);
    for (size_t i = 0; i < pool->count; i++) {
        check_item(&l, &pool->items[i]);
        check_enemies(&l, &pool->items[i].meta);
    }
    lint_stems(&l);
    lint_key_spread(&l);
}
