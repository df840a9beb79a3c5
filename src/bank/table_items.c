/* bank/table_items.c - one item a row: what the author's spreadsheet says, as the flat object. */
#include "bank/table_items.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"

enum column {
    COLUMN_ID,
    COLUMN_KIND,
    COLUMN_LEVELS,
    COLUMN_DIRECTIONS,
    COLUMN_POINTS,
    COLUMN_STEM,
    COLUMN_OPTION, /* A to H */
    COLUMN_PREMISES = COLUMN_OPTION + 8,
    COLUMN_KEY,
    COLUMN_TOLERANCE,
    COLUMN_UNIT,
    COLUMN_GUIDE,
    COLUMN_ERRORS,
    COLUMN_EXPLANATION,
    COLUMN_DIFFICULTY,
    COLUMN_COGNITIVE,
    COLUMN_IMPORTANCE,
    COLUMN_LAW,
    COLUMN_ENEMIES,
    COLUMN_SOURCES,
    COLUMNS
};

const struct item_heading item_headings[] = {
    [COLUMN_ID] = {"编号", "/id", "字母、数字、- _ .，不得重复使用"},
    [COLUMN_KIND] = {"题型", "/kind",
                     "单选题 多选题 判断题 匹配题 排序题 填空题 计算题 简答题"},
    [COLUMN_LEVELS] = {"等级", "/levels", "数字，用、隔开：4、3"},
    [COLUMN_DIRECTIONS] = {"方向", "/directions", "字母，用、隔开；空着表示全部方向"},
    [COLUMN_POINTS] = {"鉴定点", "/points", "如 K4.5.2.1，用、隔开，第一个计入权重"},
    [COLUMN_STEM] = {"题干", "/stem", ""},
    [COLUMN_OPTION + 0] = {"选项A", "/options/0", "单选题、多选题填写"},
    [COLUMN_OPTION + 1] = {"选项B", "/options/1", ""},
    [COLUMN_OPTION + 2] = {"选项C", "/options/2", ""},
    [COLUMN_OPTION + 3] = {"选项D", "/options/3", ""},
    [COLUMN_OPTION + 4] = {"选项E", "/options/4", ""},
    [COLUMN_OPTION + 5] = {"选项F", "/options/5", ""},
    [COLUMN_OPTION + 6] = {"选项G", "/options/6", ""},
    [COLUMN_OPTION + 7] = {"选项H", "/options/7", ""},
    [COLUMN_PREMISES] = {"题项", "/premises", "匹配题，每行一条"},
    [COLUMN_KEY] = {"答案", "/key",
                    "B；ACD；对 或 错；数；匹配题 B；C；A；排序题 CAB；填空题 甲/乙；丙"},
    [COLUMN_TOLERANCE] = {"允差", "/key/tolerance", "计算题：0.01"},
    [COLUMN_UNIT] = {"单位", "/key/unit", "计算题：元"},
    [COLUMN_GUIDE] = {"评分要点", "/guide", "简答题，每行一条：要点|分值|可接受说法、…"},
    [COLUMN_ERRORS] = {"常见错误", "/errors", "简答题，每行一条"},
    [COLUMN_EXPLANATION] = {"解析", "/explanation", ""},
    [COLUMN_DIFFICULTY] = {"难度", "/difficulty", "1 至 5"},
    [COLUMN_COGNITIVE] = {"认知层次", "/cognitive", "识记 理解 应用"},
    [COLUMN_IMPORTANCE] = {"重要性", "/importance", "X 核心 Y 一般 Z 辅助"},
    [COLUMN_LAW] = {"法规", "/law", "每行一条：名称|版本日期|条款"},
    [COLUMN_ENEMIES] = {"互斥题", "/enemies", "不得同卷的题号，用、隔开"},
    [COLUMN_SOURCES] = {"来源", "/sources", "own 或 law"},
};
const size_t item_heading_count = COLUMNS;

const char *item_heading_of(const char *pointer)
{
    const char *best = "";
    size_t best_len = 0;
    for (size_t i = 0; i < COLUMNS; i++) {
        const char *p = item_headings[i].pointer;
        size_t len = strlen(p);
        if (len > best_len && strncmp(p, pointer, len) == 0 &&
            (pointer[len] == 0 || pointer[len] == '/')) {
            best = item_headings[i].heading;
            best_len = len;
        }
    }
    return *best ? best : strncmp(pointer, "/options", 8) == 0 ? "选项A" : pointer;
}

bool item_columns_find(const struct table *t, struct item_columns *out, struct err *e)
{
    static const enum column needed[] = {
        COLUMN_ID,  COLUMN_KIND,        COLUMN_LEVELS,     COLUMN_POINTS,    COLUMN_STEM,
        COLUMN_KEY, COLUMN_EXPLANATION, COLUMN_DIFFICULTY, COLUMN_COGNITIVE, COLUMN_IMPORTANCE};
    if (t->count == 0)
        return FAIL(e, INVALID, "", "文件中没有表头行。");
    for (size_t i = 0; i < COLUMNS; i++)
        out->at[i] = table_column(t, item_headings[i].heading);
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (out->at[needed[i]] < 0)
            return FAIL(e, INVALID, item_headings[needed[i]].heading, "表头缺少这一列。");
    for (size_t k = 0; k < t->rows[0].count; k++) {
        bool known = !*t->rows[0].cells[k];
        for (size_t i = 0; i < COLUMNS; i++)
            known |= out->at[i] == (int)k;
        if (!known)
            return FAIL(e, INVALID, t->rows[0].cells[k], "不认识的列，或者重复的列。");
    }
    return true;
}

struct row_reader {
    struct arena *arena;
    const struct item_columns *columns;
    const struct table_row *row;
    json_t *object;
};

static const char *cell(const struct row_reader *r, enum column c)
{
    int at = r->columns->at[c];
    const char *text = at < 0 ? "" : table_cell(r->row, at);
    size_t skip = strspn(text, " \t\r\n"), len = strlen(text + skip);
    while (len > 0 && strchr(" \t\r\n", text[skip + len - 1]))
        len--;
    return arena_copy(r->arena, text + skip, len);
}

/* The next piece up to one of the SEPARATORS (UTF-8 ones too), NULL at the end. */
static const char *next_piece(struct arena *a, const char **at, const char *const *separators)
{
    while (**at) {
        const char *from = *at;
        size_t len = 0, skip = 0;
        for (; from[len] && skip == 0; len += skip == 0)
            for (size_t i = 0; separators[i]; i++)
                if (strncmp(from + len, separators[i], strlen(separators[i])) == 0)
                    skip = strlen(separators[i]);
        *at = from + len + skip;
        while (len > 0 && (*from == ' ' || *from == '\r'))
            from++, len--;
        while (len > 0 && (from[len - 1] == ' ' || from[len - 1] == '\r'))
            len--;
        if (len > 0)
            return arena_copy(a, from, len);
    }
    return NULL;
}

static const char *const in_cell[] = {"、", ",", "，", ";", "；", "\n", NULL};
static const char *const in_lines[] = {"\n", NULL};
static const char *const in_line[] = {"|", "｜", NULL};

static void set(const struct row_reader *r, const char *name, json_t *value)
{
    json_object_set_new(r->object, name, value);
}

static void set_text(const struct row_reader *r, const char *name, enum column c)
{
    const char *text = cell(r, c);
    if (*text)
        set(r, name, json_string(text));
}

static json_t *list_of(struct arena *a, const char *text, const char *const *separators)
{
    json_t *list = json_array();
    const char *piece;
    while ((piece = next_piece(a, &text, separators)))
        json_array_append_new(list, json_string(piece));
    return list;
}

/* A whole number out of a cell, as spreadsheets write it ("4", "4.0"); anything else stays text,
 * which the field table then refuses where it stands. */
static json_t *number_of(const char *text)
{
    char *end;
    double v = strtod(text, &end);
    if (end != text && !*end && v >= -1000000 && v <= 1000000 && v == (double)(long long)v)
        return json_integer((long long)v);
    return json_string(text);
}

static const struct {
    const char *word, *kind;
} kind_words[] =
    {
        {"单选题", "single"},       {"单项选择题", "single"}, {"多选题", "multiple"},
        {"多项选择题", "multiple"}, {"判断题", "true_false"}, {"是非题", "true_false"},
        {"计算题", "numeric"},      {"简答题", "short"},      {"匹配题", "matching"},
        {"连线题", "matching"},     {"排序题", "ordering"},   {"填空题", "blank"},
        {"论述题", "short"},        {"名词解释", "short"},    {"问答题", "short"},
        {"单选", "single"},         {"多选", "multiple"},     {"判断", "true_false"},
        {"填空", "blank"},          {"简答", "short"},        {"案例分析题", "case"},
},
  cognitive_words[] = {
      {"识记", "recall"},
      {"记忆", "recall"},
      {"理解", "understand"},
      {"应用", "apply"},
};

static const char *kind_of(const char *word)
{
    for (size_t i = 0; i < sizeof kind_words / sizeof *kind_words; i++)
        if (strcmp(kind_words[i].word, word) == 0)
            return kind_words[i].kind;
    return word;
}

static const char *cognitive_of(const char *word)
{
    for (size_t i = 0; i < sizeof cognitive_words / sizeof *cognitive_words; i++)
        if (strcmp(cognitive_words[i].word, word) == 0)
            return cognitive_words[i].kind;
    return word;
}

static const char *option_cell(const struct row_reader *r, int i)
{
    return cell(r, (enum column)(COLUMN_OPTION + i));
}

static void set_options(const struct row_reader *r)
{
    json_t *options = json_array();
    int last = 0;
    for (int i = 0; i < 8; i++)
        if (*option_cell(r, i))
            last = i + 1;
    for (int i = 0; i < last; i++)
        json_array_append_new(options, json_string(option_cell(r, i)));
    if (last > 0)
        set(r, "options", options);
    else
        json_decref(options);
}

static bool set_truth(const struct row_reader *r, const char *key, struct err *e)
{
    static const char *const yes[] = {"对", "正确", "√", "是", "TRUE", "true", NULL},
                             *const no[] = {"错", "错误", "×", "否", "FALSE", "false", NULL};
    for (size_t i = 0; yes[i]; i++)
        if (strcmp(key, yes[i]) == 0) {
            set(r, "key", json_true());
            return true;
        }
    for (size_t i = 0; no[i]; i++)
        if (strcmp(key, no[i]) == 0) {
            set(r, "key", json_false());
            return true;
        }
    return FAIL(e, INVALID, "/key", "判断题的答案须为“对”或“错”。");
}

/* 点击率/CTR；2%: gaps, and what counts in each. */
static json_t *gaps_of(struct arena *a, const char *key)
{
    static const char *const between[] = {"；", ";", "\n", NULL}, *const within[] = {"/", NULL};
    json_t *gaps = json_array();
    const char *gap;
    while ((gap = next_piece(a, &key, between)))
        json_array_append_new(gaps, list_of(a, gap, within));
    return gaps;
}

static bool set_key(const struct row_reader *r, const char *kind, struct err *e)
{
    const char *key = cell(r, COLUMN_KEY);
    if (!*key)
        return FAIL(e, INVALID, "/key", "缺少答案。");
    if (strcmp(kind, "true_false") == 0)
        return set_truth(r, key, e);
    if (strcmp(kind, "multiple") == 0 || strcmp(kind, "ordering") == 0 ||
        strcmp(kind, "matching") == 0) { /* ACD, or A、C、D */
        json_t *letters = json_array();
        for (const char *c = key; *c; c++)
            if (*c >= 'A' && *c <= 'Z')
                json_array_append_new(letters, json_stringn(c, 1));
        set(r, "key", letters);
    } else if (strcmp(kind, "blank") == 0) {
        set(r, "key", gaps_of(r->arena, key));
    } else if (strcmp(kind, "numeric") == 0) {
        json_t *number = json_object();
        const char *tolerance = cell(r, COLUMN_TOLERANCE);
        json_object_set_new(number, "value", json_string(key));
        json_object_set_new(number, "tolerance", json_string(*tolerance ? tolerance : "0"));
        if (*cell(r, COLUMN_UNIT))
            json_object_set_new(number, "unit", json_string(cell(r, COLUMN_UNIT)));
        set(r, "key", number);
    } else {
        set(r, "key", json_string(key));
    }
    return true;
}

static json_t *guide_of(const struct row_reader *r)
{
    json_t *guide = json_array();
    const char *lines = cell(r, COLUMN_GUIDE), *line, *piece;
    while ((line = next_piece(r->arena, &lines, in_lines))) {
        json_t *point = json_object();
        if ((piece = next_piece(r->arena, &line, in_line)))
            json_object_set_new(point, "point", json_string(piece));
        if ((piece = next_piece(r->arena, &line, in_line)))
            json_object_set_new(point, "marks", number_of(piece));
        if ((piece = next_piece(r->arena, &line, in_line)))
            json_object_set_new(point, "accept", list_of(r->arena, piece, in_cell));
        json_array_append_new(guide, point);
    }
    return guide;
}

static json_t *laws_of(const struct row_reader *r)
{
    static const char *const names[] = {"name", "version", "article"};
    json_t *laws = json_array();
    const char *lines = cell(r, COLUMN_LAW), *line, *piece;
    while ((line = next_piece(r->arena, &lines, in_lines))) {
        json_t *law = json_object();
        for (size_t i = 0; i < 3 && (piece = next_piece(r->arena, &line, in_line)); i++)
            json_object_set_new(law, names[i], json_string(piece));
        json_array_append_new(laws, law);
    }
    return laws;
}

struct json_t *item_of_row(struct arena *a, const struct item_columns *c,
                           const struct table_row *row, struct err *e)
{
    struct row_reader r = {a, c, row, json_keep(a, json_object())};
    const char *kind = kind_of(cell(&r, COLUMN_KIND)), *piece,
               *levels = cell(&r, COLUMN_LEVELS);
    if (strcmp(kind, "case") == 0 || strcmp(kind, "案例分析题") == 0) {
        FAIL(e, INVALID, "/kind", "案例分析题有小题，表格写不下，请用 JSONL 导入。");
        return NULL;
    }
    json_t *numbers = json_array();
    while ((piece = next_piece(a, &levels, in_cell)))
        json_array_append_new(numbers, number_of(piece));
    set_text(&r, "id", COLUMN_ID);
    set(&r, "kind", json_string(kind));
    set(&r, "levels", numbers);
    set(&r, "directions", list_of(a, cell(&r, COLUMN_DIRECTIONS), in_cell));
    set(&r, "points", list_of(a, cell(&r, COLUMN_POINTS), in_cell));
    set_text(&r, "stem", COLUMN_STEM);
    set_options(&r);
    set_text(&r, "explanation", COLUMN_EXPLANATION);
    set(&r, "difficulty", number_of(cell(&r, COLUMN_DIFFICULTY)));
    set(&r, "cognitive", json_string(cognitive_of(cell(&r, COLUMN_COGNITIVE))));
    set_text(&r, "importance", COLUMN_IMPORTANCE);
    set(&r, "enemies", list_of(a, cell(&r, COLUMN_ENEMIES), in_cell));
    set(&r, "sources", list_of(a, cell(&r, COLUMN_SOURCES), in_cell));
    if (*cell(&r, COLUMN_LAW))
        set(&r, "law", laws_of(&r));
    if (*cell(&r, COLUMN_PREMISES))
        set(&r, "premises", list_of(a, cell(&r, COLUMN_PREMISES), in_lines));
    if (strcmp(kind, "short") == 0) {
        set(&r, "guide", guide_of(&r));
        set(&r, "errors", list_of(a, cell(&r, COLUMN_ERRORS), in_lines));
    }
    return set_key(&r, kind, e) ? r.object : NULL;
}
