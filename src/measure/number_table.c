/* measure/number_table.c - reads small tables. */
#include "measure/number_table.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/file.h"

enum { FILE_MAX = 16 << 20 };

bool table_file_read(struct arena *a, const char *option, const char *path, struct table *out,
                     struct err *e)
{
    struct bytes text;
    if (!file_read(a, path, FILE_MAX, &text, e) ||
        !csv_read(a, text, (struct csv_form){.comments = true, .any_separator = true}, out,
                  e)) {
        e->code = ERR_INVALID;
        return false;
    }
    if (out->count < 2)
        return FAIL(e, INVALID, option, "%.200s：除表头外没有数据。", path);
    for (size_t i = 1; i < out->count; i++)
        if (out->rows[i].count != out->rows[0].count)
            return FAIL(e, INVALID, option, "第 %zu 行有 %zu 列，表头有 %zu 列。",
                        out->rows[i].line, out->rows[i].count, out->rows[0].count);
    return true;
}

bool table_number(const struct table *t, size_t row, size_t column, const char *option,
                  double *out, struct err *e)
{
    const char *cell = t->rows[row].cells[column];
    char *end;
    *out = strtod(cell, &end);
    if (end == cell || end[strspn(end, " \t")] || !isfinite(*out))
        return FAIL(e, INVALID, option, "第 %zu 行、列“%.60s”：“%.40s”不是数。",
                    t->rows[row].line, t->rows[0].cells[column], cell);
    return true;
}

bool is_name_column(const char *heading)
{
    static const char *const names[] = {
        "",         "id",        "ID",  "subject", "judge",    "rater", "person", "item",
        "examinee", "candidate", "row", "case",    "panelist", "题目",  "评委",   "考生"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(heading, names[i]) == 0)
            return true;
    return false;
}

static bool is_number(const char *text, double *v)
{
    char *end;
    *v = strtod(text, &end);
    return end != text && *end == '\0' && isfinite(*v);
}

static bool is_empty(const char *cell)
{
    return !*cell || strcmp(cell, "NA") == 0 || strcmp(cell, ".") == 0;
}

/* Names of rows among numbers: some cell of the first column is a word. */
static bool names_rows(const struct table *t)
{
    bool words = is_name_column(t->rows[0].cells[0]);
    double v;
    for (size_t i = 1; i < t->count && !words && t->rows[0].count > 1; i++)
        words = !is_empty(t->rows[i].cells[0]) && !is_number(t->rows[i].cells[0], &v);
    return words;
}

bool number_table_read(struct arena *a, const char *path, bool empty_ok,
                       struct number_table *out, struct err *e)
{
    struct table t;
    if (!table_file_read(a, "file", path, &t, e))
        return false;
    size_t skip = names_rows(&t) ? 1 : 0;
    *out = (struct number_table){.rows = t.count - 1,
                                 .columns = t.rows[0].count - skip,
                                 .corner = skip ? t.rows[0].cells[0] : NULL};
    if (out->columns == 0)
        return FAIL(e, INVALID, "file", "没有数据列。");
    out->x = arena_array(a, double, out->rows * out->columns);
    out->row_ids = arena_array(a, const char *, out->rows);
    out->column_ids = arena_array(a, const char *, out->columns);
    for (size_t j = 0; j < out->columns; j++)
        out->column_ids[j] = t.rows[0].cells[j + skip];
    for (size_t i = 0; i < out->rows; i++) {
        out->row_ids[i] = skip ? t.rows[i + 1].cells[0] : arena_printf(a, "%zu", i + 1);
        for (size_t j = 0; j < out->columns; j++) {
            double *x = &out->x[i * out->columns + j];
            if (empty_ok && is_empty(t.rows[i + 1].cells[j + skip]))
                *x = NAN;
            else if (!table_number(&t, i + 1, j + skip, "file", x, e))
                return false;
        }
    }
    return true;
}

static int by_number(const void *x, const void *y)
{
    double v = 0, w = 0;
    is_number(*(const char *const *)x, &v);
    is_number(*(const char *const *)y, &w);
    return (v > w) - (v < w);
}

static int by_bytes(const void *x, const void *y)
{
    return strcmp(*(const char *const *)x, *(const char *const *)y);
}

size_t labels_of(struct arena *a, const struct table *t, const size_t *columns, size_t count,
                 const char ***labels)
{
    size_t n = 0, all = (t->count - 1) * count;
    const char **list = arena_array(a, const char *, all + 1);
    bool numbers = true;
    double v;
    for (size_t i = 1; i < t->count; i++)
        for (size_t k = 0; k < count; k++) {
            const char *cell = t->rows[i].cells[columns[k]];
            if (is_empty(cell))
                continue;
            list[n++] = cell;
            numbers = numbers && is_number(cell, &v);
        }
    qsort(list, n, sizeof *list, by_bytes);
    size_t distinct = 0;
    for (size_t i = 0; i < n; i++)
        if (i == 0 || strcmp(list[i], list[distinct - 1]) != 0)
            list[distinct++] = list[i];
    if (numbers)
        qsort(list, distinct, sizeof *list, by_number);
    *labels = list;
    return distinct;
}

size_t label_index(const char *const *labels, size_t count, const char *label)
{
    size_t i = 0;
    while (i < count && strcmp(labels[i], label) != 0)
        i++;
    return i;
}
