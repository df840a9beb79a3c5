/* bank/lint_bank.c - the bank as a whole: where keys lie, and stems that resemble each other. */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bank/lint_report.h"
#include "base/arena.h"
#include "base/json.h"

enum { SPREAD_FROM = 40, LETTERS = 4, NEAR_PERCENT = 80, NEAR_FROM_PAIRS = 8, UNSEEN = 2 };

/* 11.34: one chance in a hundred for three degrees of freedom. */
static const double CHI2_1_PERCENT_3 = 11.345;

/* What taking the longest option earns, and what chance does. */
struct longest {
    double right, expected, variance;
};

struct spread {
    size_t singles, letters[LETTERS];
    struct longest seen, counted; /* by the eye; by a program to the character */
    size_t statements, true_ones;
    size_t multiples, all_right;
};

static bool is_figure(const char *s)
{
    return *s >= '0' && *s <= '9';
}

/* Blindly among those that are longest but for UNSEEN characters: how often is that the key? */
static void count_longest(struct longest *l, const json_t *options, size_t key, size_t unseen)
{
    size_t n = json_array_size(options), most = 0, holders = 0, key_length = 0;
    for (size_t i = 0; i < n; i++) {
        size_t length = text_characters(json_string_value(json_array_get(options, i)));
        most = length > most ? length : most;
        key_length = i == key ? length : key_length;
    }
    for (size_t i = 0; i < n; i++)
        holders += text_characters(json_string_value(json_array_get(options, i))) + unseen >=
                   most;
    double chance = 1.0 / (double)n;
    l->right += key_length + unseen >= most ? 1.0 / (double)holders : 0.0;
    l->expected += chance;
    l->variance += chance / (double)holders - chance * chance;
}

/* Numbers and quotations are apart (ITEMS, rule 4). */
static void count_single(struct spread *s, const json_t *item)
{
    const json_t *options = json_object_get(item, "options");
    size_t n = json_array_size(options), key = (size_t)(json_member_text(item, "key")[0] - 'A');
    if (n == LETTERS && key < LETTERS) {
        s->singles++;
        s->letters[key]++;
    }
    for (size_t i = 0; i < n; i++) {
        const char *text = json_string_value(json_array_get(options, i));
        if (is_figure(text) || strncmp(text, "“", 3) == 0)
            return;
    }
    count_longest(&s->seen, options, key, UNSEEN);
    count_longest(&s->counted, options, key, 0);
}

/* 2.33 deviations: one chance in a hundred on each side. A key that is hardly ever the longest is as good
 * a hint: then the longest option can be crossed out. */
static bool say_longest(struct linting *l, const struct longest *g)
{
    double apart = 2.33 * sqrt(g->variance);
    if (g->right > g->expected + apart)
        lint_say(l, "*", "单选题总选最长的选项可答对 %.0f 题，随机只应为 %.0f 题左右。",
                 g->right, g->expected);
    else if (g->right < g->expected - apart)
        lint_say(l, "*",
                 "单选题最长的选项只有 %.0f 题是答案，随机应为 %.0f 题左右，可以先排除它。",
                 g->right, g->expected);
    return g->right > g->expected + apart || g->right < g->expected - apart;
}

static void count_item(struct spread *s, const struct item *it)
{
    const json_t *key = json_object_get(it->json, "key");
    if (strcmp(it->kind->name, "single") == 0) {
        count_single(s, it->json);
    } else if (strcmp(it->kind->name, "true_false") == 0) {
        s->statements++;
        s->true_ones += json_is_true(key);
    } else if (strcmp(it->kind->name, "multiple") == 0) {
        s->multiples++;
        s->all_right += json_array_size(key) ==
                        json_array_size(json_object_get(it->json, "options"));
    }
}

void lint_key_spread(struct linting *l)
{
    struct spread s = {0};
    for (size_t i = 0; i < l->pool->count; i++)
        count_item(&s, &l->pool->items[i]);
    if (s.singles >= SPREAD_FROM) {
        double expected = (double)s.singles / LETTERS, chi2 = 0;
        for (size_t i = 0; i < LETTERS; i++)
            chi2 += ((double)s.letters[i] - expected) * ((double)s.letters[i] - expected) /
                    expected;
        if (chi2 > CHI2_1_PERCENT_3)
            lint_say(l, "*", "单选题的答案分布不匀：A %zu、B %zu、C %zu、D %zu。", s.letters[0],
                     s.letters[1], s.letters[2], s.letters[3]);
        if (!say_longest(l, &s.seen))
            (void)say_longest(l, &s.counted);
    }
    if (s.statements >= SPREAD_FROM / 2 &&
        (s.true_ones * 100 < s.statements * 35 || s.true_ones * 100 > s.statements * 65))
        lint_say(l, "*", "判断题中“正确”占 %zu/%zu，应各半。", s.true_ones, s.statements);
    if (s.multiples >= SPREAD_FROM / 2 && s.all_right * 5 > s.multiples)
        lint_say(l, "*", "多选题中全部选项都对的有 %zu/%zu，不应成为习惯。", s.all_right,
                 s.multiples);
}

/* --- stems -------------------------------------------------------------------------------------- */
struct stem {
    const char *id;
    const char *kind;
    uint32_t *pairs; /* hashes of neighbouring characters, sorted, each once */
    size_t count;
    bool short_text;
    uint64_t whole; /* hash of all letters */
};

static int by_number(const void *x, const void *y)
{
    const uint32_t *a = x, *b = y;
    return (*a > *b) - (*a < *b);
}

/* The next character that is a letter, a digit or Chinese; 0 at the end. Marks do not count. */
static uint32_t next_letter(const unsigned char **at)
{
    const unsigned char *s = *at;
    while (*s) {
        uint32_t c = *s++;
        if (c >= 0xC0) {
            c &= c >= 0xF0 ? 7u : c >= 0xE0 ? 15u : 31u;
            while ((*s & 0xC0) == 0x80)
                c = c << 6 | (*s++ & 0x3Fu);
        }
        bool ascii = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (ascii || (c >= 0x3400 && c < 0xFE00)) {
            *at = s;
            return c;
        }
    }
    *at = s;
    return 0;
}

static void read_stem(struct arena *a, const struct item *it, struct stem *out)
{
    const unsigned char *s = (const unsigned char *)item_stem(it);
    uint32_t before = 0, c;
    size_t n = 0;
    *out = (struct stem){
        .id = it->meta.id, .kind = it->kind->name, .whole = 1469598103934665603u};
    out->pairs = arena_array(a, uint32_t, strlen((const char *)s) + 1);
    while ((c = next_letter(&s))) {
        if (before)
            out->pairs[n++] = before * 65599u + c;
        out->whole = (out->whole ^ c) * 1099511628211u;
        before = c;
    }
    qsort(out->pairs, n, sizeof *out->pairs, by_number);
    for (size_t i = 0; i < n; i++)
        if (i == 0 || out->pairs[i] != out->pairs[out->count - 1])
            out->pairs[out->count++] = out->pairs[i];
    out->short_text = n < NEAR_FROM_PAIRS;
}

/* Shared pairs of all pairs, in percent. */
static size_t likeness(const struct stem *x, const struct stem *y)
{
    size_t i = 0, k = 0, both = 0;
    while (i < x->count && k < y->count) {
        if (x->pairs[i] == y->pairs[k])
            both++, i++, k++;
        else if (x->pairs[i] < y->pairs[k])
            i++;
        else
            k++;
    }
    return both * 100 / (x->count + y->count - both);
}

void lint_stems(struct linting *l)
{
    size_t n = l->pool->count;
    struct stem *stems = arena_array(l->arena, struct stem, n + 1);
    for (size_t i = 0; i < n; i++)
        read_stem(l->arena, &l->pool->items[i], &stems[i]);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < i; k++) {
            const struct stem *x = &stems[k], *y = &stems[i];
            if (x->whole == y->whole && x->count == y->count)
                lint_say(l, y->id, "题干与 %s 相同。", x->id);
            else if (!x->short_text && !y->short_text && x->count * 2 > y->count &&
                     y->count * 2 > x->count && likeness(x, y) >= NEAR_PERCENT)
                lint_say(l, y->id, "题干与 %s 相近（%zu%%）。", x->id, likeness(x, y));
        }
}
