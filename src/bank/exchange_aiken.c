/* bank/exchange_aiken.c - Aiken: a stem, lettered options, ANSWER. It has no place for anything else, so
 * writing it loses all but that, and says so. */
#include <ctype.h>
#include <jansson.h>
#include <string.h>
#include <strings.h>

#include "bank/exchange.h"
#include "bank/exchange_build.h"
#include "base/arena.h"
#include "base/text_out.h"

enum { OPTIONS_ROOM = 26 };

struct reading {
    struct exchange *x;
    struct text_out stem;
    struct choice options[OPTIONS_ROOM];
    size_t count;
    size_t line; /* of the question's first line */
};

/* What stands behind the letter: ". ", ") ", or as Chinese authors write it, then mostly without a blank. */
static size_t mark_len(const char *s)
{
    static const char *const wide[] = {"．", "、", "）", "：", "。"};
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
        if (strncmp(s, wide[i], strlen(wide[i])) == 0)
            return strlen(wide[i]);
    bool is = (*s == '.' || *s == ')') &&
              (s[1] == ' ' || s[1] == '\t' || (unsigned char)s[1] >= 0x80);
    return is ? 1 : 0;
}

/* "A. text" or "a) text"; the letter must be the next one. */
static const char *option_text(const struct reading *r, const char *line)
{
    size_t mark = r->count < OPTIONS_ROOM && r->stem.len > 0 &&
                          toupper((unsigned char)line[0]) == (int)('A' + r->count)
                      ? mark_len(line + 1)
                      : 0;
    return mark > 0 ? line + 1 + mark : NULL;
}

static const char *answer_text(const char *line)
{
    static const char *const words[] = {"ANSWER:", "ANSWER：", "答案:", "答案："};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strncasecmp(line, words[i], strlen(words[i])) == 0)
            return line + strlen(words[i]);
    return NULL;
}

static void forget(struct reading *r)
{
    r->stem.len = 0;
    r->count = 0;
    r->line = 0;
}

static void refuse(struct reading *r, const char *why)
{
    r->x->refused++;
    exchange_lose(r->x, "", arena_printf(r->x->arena, "line %zu", r->line), "%s", why);
    forget(r);
}

static void finish(struct reading *r, const char *answer)
{
    struct arena *a = r->x->arena;
    const char *letter = trimmed(a, answer, strlen(answer));
    size_t at = letter[0] && !letter[1] ? (size_t)(toupper((unsigned char)letter[0]) - 'A')
                                        : OPTIONS_ROOM;
    if (r->stem.len == 0 || at >= r->count) {
        refuse(r,
               r->stem.len == 0
                   ? "ANSWER 前没有题目，未导入。"
                   : "ANSWER 后须是上面一个选项的字母（Aiken 只有单项选择题），这道题未导入。");
        return;
    }
    for (size_t i = 0; i < r->count; i++)
        r->options[i].right = i == at;
    const char *stem = trimmed(a, r->stem.at, r->stem.len);
    exchange_add(r->x, build_choice(stem, r->options, r->count, false), NULL, NULL);
    forget(r);
}

static void read_line(struct reading *r, const char *line, size_t number)
{
    struct arena *a = r->x->arena;
    const char *text;
    if (!r->line)
        r->line = number;
    if ((text = answer_text(line)) != NULL) {
        finish(r, text);
    } else if ((text = option_text(r, line)) != NULL) {
        r->options[r->count++].text = trimmed(a, text, strlen(text));
    } else if (r->count > 0) {
        refuse(r, "选项后面不是下一个选项，也不是 ANSWER，这道题未导入。");
        r->line = number;
        text_putf(&r->stem, "%s\n", line);
    } else {
        text_putf(&r->stem, "%s\n", line);
    }
}

static bool read_file(struct exchange *x, struct bytes file, struct err *e)
{
    struct reading r = {.x = x, .stem = {.arena = x->arena}};
    const char *s = exchange_text(x, file, e);
    if (!s)
        return false;
    for (size_t number = 1; *s; number++) {
        size_t len = strcspn(s, "\n");
        const char *line = trimmed(x->arena, s, len);
        if (*line)
            read_line(&r, line, number);
        s += len + (s[len] == '\n');
    }
    if (r.stem.len > 0)
        refuse(&r, "文件末尾的题目没有 ANSWER，未导入。");
    return true;
}

/* A line of its own cannot begin as an option or an answer does, nor be broken. */
static const char *one_line(struct arena *a, const char *text)
{
    char *line = arena_text(a, text);
    for (char *c = line; *c; c++)
        if (*c == '\n' || *c == '\r')
            *c = ' ';
    return line;
}

static bool write_file(struct exchange *x, struct exchange_item *items, size_t count,
                       struct bytes *out, struct err *e)
{
    struct text_out o = {.arena = x->arena};
    (void)e;
    for (size_t i = 0; i < count; i++) {
        const json_t *object = items[i].object, *options = json_object_get(object, "options"),
                     *key = json_object_get(object, "key");
        items[i].written = strcmp(member_or(object, "kind", ""), "single") == 0;
        if (!items[i].written) {
            exchange_lose(x, items[i].id, "/kind", "Aiken 只有单项选择题，这道题未写出。");
            continue;
        }
        exchange_lose(x, items[i].id, "/",
                      "Aiken 只有题干、选项和答案，其余各项（编号、解析、鉴定点等）都未写出。");
        text_putf(&o, "%s\n", one_line(x->arena, member_or(object, "stem", "")));
        for (size_t k = 0; k < json_array_size(options); k++)
            text_putf(&o, "%c. %s\n", (char)('A' + k), one_line(x->arena, text_at(options, k)));
        text_putf(&o, "ANSWER: %s\n\n", json_string_value(key));
    }
    *out = text_out_bytes(&o);
    return true;
}

const struct exchange_format exchange_format_aiken = {
    .name = "aiken",
    .label = "Aiken",
    .extension = "txt",
    .read = read_file,
    .write = write_file,
};
