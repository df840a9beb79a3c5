/* paper/assemble_bank.c - a bank from CSV, and what must hold of every item. */
#include "paper/assemble_bank.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/csv.h"

enum { A_MAX = 20, B_MAX = 50, ID_CHARACTERS_MAX = 200 };

bool assembly_number(const char *text, double *out)
{
    char *end;
    while (*text == ' ' || *text == '\t')
        text++;
    if (!strchr("+-.0123456789", *text) || !*text)
        return false;
    *out = strtod(text, &end);
    while (*end == ' ' || *end == '\t')
        end++;
    return *end == '\0' && isfinite(*out);
}

void assembly_fallback(const char *difficulty, struct assembly_item *item)
{
    double class = 3;
    if (difficulty && assembly_number(difficulty, &class))
        class = fmin(5, fmax(1, class));
    item->calibrated = false;
    item->a = 1;
    item->b = class - 3;
    item->c = 0;
}

bool assembly_item_make(struct arena *a, const struct assembly_raw *raw,
                        struct assembly_item *out, struct err *e)
{
    char at[40];
    snprintf(at, sizeof at, "bank:%zu", raw->line);
    if (!raw->id || !*raw->id || strlen(raw->id) > ID_CHARACTERS_MAX)
        return FAIL(e, INVALID, at, "题库第 %zu 行没有题号，或题号过长。", raw->line);
    if (!raw->area || !*raw->area)
        return FAIL(e, INVALID, at, "题库第 %zu 行（题 %.40s）没有领域 area。", raw->line,
                    raw->id);
    *out = (struct assembly_item){
        .id = raw->id,
        .area = raw->area,
        .type = raw->type ? raw->type : "",
        .cognitive = raw->cognitive,
        .difficulty = raw->difficulty,
        .calibrated = true,
        .a = raw->a,
        .b = raw->b,
        .c = isnan(raw->c) ? 0 : raw->c,
        .minutes = isnan(raw->minutes) ? 0 : raw->minutes,
        .points = isnan(raw->points) ? 1 : raw->points,
        .uses = isnan(raw->uses) ? 0 : (int64_t)fmin(1e9, raw->uses),
        .tags = raw->tags,
        .tag_count = raw->tag_count,
        .enemies = raw->enemies,
        .enemy_count = raw->enemy_count,
        .enemy = raw->enemy && *raw->enemy && strcmp(raw->enemy, "-1") != 0 ? raw->enemy : NULL,
        .line = raw->line,
    };
    (void)a;
    if (isnan(raw->b) && raw->difficulty && *raw->difficulty)
        assembly_fallback(raw->difficulty, out);
    else if (isnan(raw->b))
        return FAIL(e, INVALID, at,
                    "题库第 %zu 行（题 %.40s）缺少难度参数 b，也没有难度等级 difficulty。",
                    raw->line, raw->id);
    else if (isnan(raw->a))
        return FAIL(e, INVALID, at, "题库第 %zu 行（题 %.40s）缺少区分度参数 a。", raw->line,
                    raw->id);
    if (!(out->a > 0) || out->a > A_MAX || fabs(out->b) > B_MAX || out->c < 0 || out->c >= 1)
        return FAIL(e, INVALID, at,
                    "题库第 %zu 行（题 %.40s）的参数超出范围：须 0<a≤%d，|b|≤%d，0≤c<1。",
                    raw->line, raw->id, A_MAX, B_MAX);
    if (out->minutes < 0 || out->minutes > 1e6 || out->points < 0 || out->points > 1e6 ||
        out->uses < 0)
        return FAIL(e, INVALID, at,
                    "题库第 %zu 行（题 %.40s）的用时、分值和使用次数不得为负，也不得过大。",
                    raw->line, raw->id);
    return true;
}

const char *const *assembly_words(struct arena *a, const char *text, size_t *count)
{
    const char **out = NULL;
    *count = 0;
    while (*text) {
        size_t len = strcspn(text, ";| ");
        if (len > 0) {
            out = arena_grow(a, out, *count, *count + 1, sizeof *out);
            out[(*count)++] = arena_copy(a, text, len);
        }
        text += len + (text[len] != '\0');
    }
    return out;
}

void assembly_bank_add(struct arena *a, struct assembly_bank *bank,
                       const struct assembly_item *item)
{
    if ((bank->count & (bank->count - 1)) == 0)
        bank->items = arena_grow(a, bank->items, bank->count, bank->count ? 2 * bank->count : 1,
                                 sizeof *bank->items);
    bank->items[bank->count++] = *item;
    bank->uncalibrated += !item->calibrated;
}

/* --- CSV ------------------------------------------------------------------------------------- */
struct columns {
    int id, area, type, a, b, c, minutes, points, cognitive, difficulty, uses, tags, enemy,
        enemies;
    bool difficulty_is_b;
};

static int column(const struct table *t, const char *const *names)
{
    for (; *names; names++)
        if (table_column(t, *names) >= 0)
            return table_column(t, *names);
    return -1;
}
#define COLUMN(t, ...) column((t), (const char *const[]){__VA_ARGS__, NULL})

/* 1 to 5 in whole numbers are classes; anything else in a bank without b is b itself. */
static bool difficulties_are_classes(const struct table *t, int at)
{
    for (size_t i = 1; i < t->count; i++) {
        const char *cell = table_cell(&t->rows[i], at);
        double v;
        if (assembly_number(cell, &v) && (v < 1 || v > 5 || v != floor(v)))
            return false;
    }
    return true;
}

static bool find_columns(const struct table *t, struct columns *c, struct err *e)
{
    *c = (struct columns){
        .id = COLUMN(t, "id", "item"),
        .area = COLUMN(t, "area", "domain"),
        .type = COLUMN(t, "type", "kind", "format"),
        .a = COLUMN(t, "a", "discrimination"),
        .b = COLUMN(t, "b"),
        .c = COLUMN(t, "c", "g", "guessing"),
        .minutes = COLUMN(t, "minutes", "time"),
        .points = COLUMN(t, "points", "marks"),
        .cognitive = COLUMN(t, "cognitive"),
        .difficulty = COLUMN(t, "difficulty"),
        .uses = COLUMN(t, "uses", "exposure"),
        .tags = COLUMN(t, "tags", "tag"),
        .enemy = COLUMN(t, "enemy"),
        .enemies = COLUMN(t, "enemies"),
    };
    if (c->id < 0)
        return FAIL(e, INVALID, "bank", "题库没有题号列 id。");
    if (c->b < 0 && c->difficulty < 0)
        return FAIL(e, INVALID, "bank", "题库没有难度列：须有 b 或 difficulty。");
    if (c->b < 0 && !difficulties_are_classes(t, c->difficulty)) {
        c->b = c->difficulty;
        c->difficulty = -1;
    }
    return true;
}

static bool read_number(const struct table_row *r, int at, const char *name, double *out,
                        struct err *e)
{
    char where[40];
    const char *cell = table_cell(r, at);
    *out = NAN;
    if (at < 0 || !*cell || strcmp(cell, "NA") == 0)
        return true;
    snprintf(where, sizeof where, "bank:%zu", r->line);
    return assembly_number(cell, out) ||
           FAIL(e, INVALID, where, "题库第 %zu 行的 %s “%.40s”不是数。", r->line, name, cell);
}

static bool read_row(struct arena *a, const struct columns *c, const struct table_row *r,
                     struct assembly_item *out, struct err *e)
{
    struct assembly_raw raw = {.line = r->line};
    raw.id = table_cell(r, c->id);
    raw.area = c->area < 0 ? "-" : table_cell(r, c->area);
    raw.type = table_cell(r, c->type);
    raw.cognitive = c->cognitive < 0 ? NULL : table_cell(r, c->cognitive);
    raw.difficulty = c->difficulty < 0 ? NULL : table_cell(r, c->difficulty);
    raw.enemy = c->enemy < 0 ? NULL : table_cell(r, c->enemy);
    if (c->tags >= 0)
        raw.tags = assembly_words(a, table_cell(r, c->tags), &raw.tag_count);
    if (c->enemies >= 0)
        raw.enemies = assembly_words(a, table_cell(r, c->enemies), &raw.enemy_count);
    if (!read_number(r, c->a, "a", &raw.a, e) || !read_number(r, c->b, "b", &raw.b, e) ||
        !read_number(r, c->c, "c", &raw.c, e) ||
        !read_number(r, c->minutes, "minutes", &raw.minutes, e) ||
        !read_number(r, c->points, "points", &raw.points, e) ||
        !read_number(r, c->uses, "uses", &raw.uses, e))
        return false;
    if (c->a < 0)
        raw.a = 1; /* one parameter: the bank says nothing of slopes */
    return assembly_item_make(a, &raw, out, e);
}

static bool read_csv(struct arena *a, struct bytes text, struct assembly_bank *out,
                     struct err *e)
{
    struct table t;
    struct columns c;
    if (!csv_read(a, text, (struct csv_form){.comments = true, .any_separator = true}, &t, e))
        return false;
    if (t.count < 2)
        return FAIL(e, INVALID, "bank", "题库是空的：须有一行标题和至少一题。");
    if (t.count - 1 > ASSEMBLE_ITEMS_MAX)
        return FAIL(e, TOO_LARGE, "bank", "题库超过 %d 题。", ASSEMBLE_ITEMS_MAX);
    if (!find_columns(&t, &c, e))
        return false;
    out->has_minutes = c.minutes >= 0;
    out->has_points = c.points >= 0;
    for (size_t i = 1; i < t.count; i++) {
        struct assembly_item item;
        if (t.rows[i].count == 1 && !*table_cell(&t.rows[i], 0))
            continue;
        if (t.rows[i].count > t.rows[0].count)
            return FAIL(e, INVALID, arena_printf(a, "bank:%zu", t.rows[i].line),
                        "题库第 %zu 行有 %zu 格，标题只有 %zu 列。", t.rows[i].line,
                        t.rows[i].count, t.rows[0].count);
        if (!read_row(a, &c, &t.rows[i], &item, e))
            return false;
        assembly_bank_add(a, out, &item);
    }
    return true;
}

static int by_id(const void *x, const void *y)
{
    return strcmp((*(const struct assembly_item *const *)x)->id,
                  (*(const struct assembly_item *const *)y)->id);
}

static bool ids_differ(struct arena *a, const struct assembly_bank *b, struct err *e)
{
    const struct assembly_item **sorted = arena_array(a, const struct assembly_item *,
                                                      b->count + 1);
    for (size_t i = 0; i < b->count; i++)
        sorted[i] = &b->items[i];
    qsort(sorted, b->count, sizeof *sorted, by_id);
    for (size_t i = 1; i < b->count; i++)
        if (strcmp(sorted[i - 1]->id, sorted[i]->id) == 0)
            return FAIL(e, INVALID, "bank", "题库中题号“%.80s”出现两次（第 %zu、%zu 行）。",
                        sorted[i]->id, sorted[i - 1]->line, sorted[i]->line);
    return true;
}

bool assembly_bank_read(struct arena *a, struct bytes text, struct assembly_bank *out,
                        struct err *e)
{
    size_t first = 0;
    *out = (struct assembly_bank){0};
    if (text.len >= 3 && memcmp(text.at, "\xef\xbb\xbf", 3) == 0)
        first = 3;
    while (first < text.len && strchr(" \t\r\n", text.at[first]))
        first++;
    bool json = first < text.len && text.at[first] == '{';
    if (!(json ? assembly_bank_read_json(a, text, out, e) : read_csv(a, text, out, e)))
        return false;
    if (out->count == 0)
        return FAIL(e, INVALID, "bank", "题库是空的。");
    return ids_differ(a, out, e);
}
