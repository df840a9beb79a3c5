/* bank/exchange_table.c - reads questions out of tables that were not made for us. */
#include "bank/exchange_table.h"

#include <jansson.h>
#include <string.h>

#include "bank/exchange.h"
#include "bank/exchange_build.h"
#include "bank/table_items.h"
#include "base/arena.h"
#include "base/json.h"

enum { CELLS = 32, HEADING_ROWS = 10 };

/* Beside item_headings: the note, and all options in one cell. */
enum { PLACE_NOTE = CELLS - 1, PLACE_OPTIONS = CELLS - 2, PLACE_NONE = -1 };

static const struct {
    const char *heading, *ours;
} synonyms[] = {
    {"题目", "题干"},     {"试题", "题干"},     {"试题内容", "题干"}, {"题目内容", "题干"},
    {"类型", "题型"},     {"题目类型", "题型"}, {"试题类型", "题型"}, {"正确答案", "答案"},
    {"参考答案", "答案"}, {"标准答案", "答案"}, {"答案解析", "解析"}, {"试题解析", "解析"},
    {"题目解析", "解析"}, {"难易度", "难度"},   {"难度系数", "难度"}, {"难易程度", "难度"},
    {"题号", "编号"},     {"选项 A", "选项A"},  {"选项 B", "选项B"},  {"选项 C", "选项C"},
    {"选项 D", "选项D"},  {"选项 E", "选项E"},  {"选项 F", "选项F"},  {"A", "选项A"},
    {"B", "选项B"},       {"C", "选项C"},       {"D", "选项D"},       {"E", "选项E"},
    {"F", "选项F"},
};

static int place_of(const char *heading)
{
    for (size_t i = 0; i < sizeof synonyms / sizeof *synonyms; i++)
        if (strcmp(synonyms[i].heading, heading) == 0)
            heading = synonyms[i].ours;
    for (size_t i = 0; i < item_heading_count; i++)
        if (strcmp(item_headings[i].heading, heading) == 0)
            return (int)i;
    return strcmp(heading, TABLE_NOTE_HEADING) == 0 ? PLACE_NOTE
           : strcmp(heading, "选项") == 0           ? PLACE_OPTIONS
                                                    : PLACE_NONE;
}

bool table_heading_is_known(const char *heading)
{
    return place_of(heading) != PLACE_NONE;
}

static size_t our_place(const char *heading)
{
    return (size_t)place_of(heading);
}

/* "A. 甲\nB. 乙" → the cells of the options. Lines without a letter go on with the one above. */
static void split_options(struct arena *a, const char *text, const char **cells)
{
    size_t first = our_place("选项A");
    int at = -1;
    while (*text) {
        size_t len = strcspn(text, "\n");
        const char *line = trimmed(a, text, len), *rest = line + 1;
        bool lettered = line[0] == 'A' + at + 1 && at < 7;
        if (lettered && (*rest == '.' || *rest == ')' || *rest == ':'))
            rest++;
        else if (lettered && (strncmp(rest, "．", 3) == 0 || strncmp(rest, "、", 3) == 0 ||
                              strncmp(rest, "）", 3) == 0 || strncmp(rest, "：", 3) == 0))
            rest += 3;
        else
            lettered = false;
        if (lettered)
            cells[first + (size_t)++at] = trimmed(a, rest, strlen(rest));
        else if (*line && at >= 0)
            cells[first + (size_t)at] = arena_printf(a, "%s\n%s", cells[first + (size_t)at],
                                                     line);
        text += len + (text[len] == '\n');
    }
}

/* "acd" as letters of options; any other answer as it is. */
static const char *letters_of(struct arena *a, const char *key)
{
    char *upper = arena_text(a, key);
    for (char *c = upper; *c; c++)
        if (*c >= 'a' && *c <= 'h')
            *c = (char)(*c - 32);
    return upper[strspn(upper, "ABCDEFGH、,， ")] ? key : upper;
}

/* Where no kind is written: what the answer looks like. */
static const char *guess_kind(const char *const *cells)
{
    const char *key = cells[our_place("答案")];
    size_t letters = strspn(key, "ABCDEFGH、,， ");
    if (*cells[our_place("选项A")] && *key && !key[letters])
        return letters == 1 ? "single" : "multiple";
    static const char *const truths[] = {"对", "错", "正确", "错误", "√", "×"};
    for (size_t i = 0; i < sizeof truths / sizeof *truths; i++)
        if (strcmp(truths[i], key) == 0)
            return "true_false";
    return "short";
}

static const char *difficulty_of(const char *word)
{
    static const struct {
        const char *word, *number;
    } words[] = {{"易", "1"},   {"容易", "1"}, {"简单", "1"}, {"较易", "2"}, {"中", "3"},
                 {"中等", "3"}, {"一般", "3"}, {"较难", "4"}, {"难", "5"},   {"困难", "5"}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i].word, word) == 0)
            return words[i].number;
    return word;
}

/* What the row left empty is absent, not empty. */
static json_t *without_empty(struct arena *a, const json_t *object)
{
    json_t *kept = json_keep(a, json_object()), *value;
    const char *name;
    json_object_foreach((json_t *)object, name, value)
    {
        bool empty = json_is_array(value) ? json_array_size(value) == 0
                                          : json_is_string(value) && !*json_string_value(value);
        if (!empty)
            json_object_set(kept, name, value);
    }
    return kept;
}

static void read_cells(struct exchange *x, const char **cells, size_t line)
{
    struct arena *a = x->arena;
    struct err e = {0};
    struct item_columns columns;
    size_t kind = our_place("题型"), difficulty = our_place("难度");
    const char *note = *cells[PLACE_NOTE] ? cells[PLACE_NOTE] : NULL;
    const char *id = *cells[0] ? cells[0] : arena_printf(a, "row %zu", line);
    split_options(a, cells[PLACE_OPTIONS], cells);
    if (*cells[our_place("选项A")])
        cells[our_place("答案")] = letters_of(a, cells[our_place("答案")]);
    if (!*cells[kind])
        cells[kind] = guess_kind(cells);
    cells[difficulty] = difficulty_of(cells[difficulty]);
    bool is_case = strcmp(cells[kind], "案例分析题") == 0 || strcmp(cells[kind], "case") == 0;
    if (is_case) /* its parts are in the note; without one it is a question to write on */
        cells[kind] = "简答题";
    for (size_t i = 0; i < CELLS; i++)
        columns.at[i] = (int)i;
    struct table_row row = {cells, item_heading_count, line};
    bool keyless = !*cells[our_place("答案")];
    if (keyless)
        cells[our_place("答案")] = "-";
    const json_t *object = item_of_row(a, &columns, &row, &e);
    if (!object) {
        exchange_refuse(x, id, note, *e.field ? item_heading_of(e.field) : "",
                        arena_printf(x->arena, "这道题未导入：%s", e.text));
        return;
    }
    json_t *question = without_empty(a, object);
    if (keyless)
        json_object_del(question, "key");
    if (is_case && !note)
        exchange_lose(x, id, "题型", "案例分析题的小题表格写不下，作为简答题带入。");
    exchange_add(x, json_incref(question), *cells[0] ? cells[0] : NULL, note);
}

struct headings {
    int place[TABLE_COLUMNS_MAX];
    size_t count, row;
};

static bool find_headings(const struct table *t, struct headings *out)
{
    for (size_t r = 0; r < t->count && r < HEADING_ROWS; r++) {
        bool stem = false;
        out->row = r;
        out->count = t->rows[r].count < TABLE_COLUMNS_MAX ? t->rows[r].count
                                                          : TABLE_COLUMNS_MAX;
        for (size_t c = 0; c < out->count; c++) {
            const char *s = t->rows[r].cells[c];
            char heading[64] = {0};
            size_t skip = strspn(s, " \t\r\n"), len = strcspn(s + skip, "\t\r\n");
            memcpy(heading, s + skip, len < sizeof heading ? len : 0);
            while (len > 0 && len < sizeof heading && heading[len - 1] == ' ')
                heading[--len] = 0;
            out->place[c] = *heading ? place_of(heading) : PLACE_NONE;
            stem |= out->place[c] == place_of("题干");
        }
        if (stem)
            return true;
    }
    return false;
}

/* Two columns may mean the same: a label that is merged over several cells, a heading and its synonym. */
static void add_cell(struct arena *a, const char **to, const char *cell)
{
    if (!**to)
        *to = cell;
    else if (*cell)
        *to = arena_printf(a, "%s\n%s", *to, cell);
}

bool table_questions_read(struct exchange *x, const struct table *t, struct err *e)
{
    struct headings h;
    if (!find_headings(t, &h))
        return FAIL(e, INVALID, "file", "表格的前几行中没有带“题干”一列的表头。");
    for (size_t r = 0; r < h.row; r++)
        for (size_t c = 0; c < t->rows[r].count; c++)
            if (*t->rows[r].cells[c])
                exchange_lose(x, "", arena_printf(x->arena, "row %zu", t->rows[r].line),
                              "表头前的“%.60s”未带入。", t->rows[r].cells[c]);
    for (size_t r = h.row + 1; r < t->count; r++) {
        const struct table_row *row = &t->rows[r];
        const char **cells = arena_array(x->arena, const char *, CELLS);
        bool any = false;
        for (size_t i = 0; i < CELLS; i++)
            cells[i] = "";
        for (size_t c = 0; c < row->count; c++) {
            const char *cell = trimmed(x->arena, row->cells[c], strlen(row->cells[c]));
            if (c < h.count && h.place[c] != PLACE_NONE)
                add_cell(x->arena, &cells[h.place[c]], cell);
            any |= *cell != 0;
        }
        for (size_t c = 0; c < row->count; c++)
            if (*table_cell(row, (int)c) && (c >= h.count || h.place[c] == PLACE_NONE))
                exchange_lose(
                    x, *cells[0] ? cells[0] : arena_printf(x->arena, "row %zu", row->line),
                    c < h.count ? table_cell(&t->rows[h.row], (int)c) : "",
                    "这一列的“%.60s”未带入。", table_cell(row, (int)c));
        if (any)
            read_cells(x, cells, row->line);
    }
    return true;
}
