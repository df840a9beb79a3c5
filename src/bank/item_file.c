/* bank/item_file.c - reads the items of a file and says of each faulty row what is wrong. */
#include "bank/item_file.h"

#include <jansson.h>
#include <string.h>

#include "bank/exchange.h"
#include "bank/table_items.h"
#include "base/arena.h"
#include "base/caged_table.h"
#include "base/json.h"
#include "base/xlsx.h"

enum { ITEM_FILE_ROWS_MAX = 100000, ITEM_FILE_PROBLEMS_MAX = 1000 };

void item_file_problem(struct arena *a, struct item_file *f, int64_t line, const char *field,
                       const char *what)
{
    if (f->problem_count == ITEM_FILE_PROBLEMS_MAX)
        return;
    if (f->problem_count == f->problem_room) {
        size_t room = f->problem_room ? f->problem_room * 2 : 16;
        f->problems = arena_grow(a, f->problems, f->problem_room, room, sizeof *f->problems);
        f->problem_room = room;
    }
    f->problems[f->problem_count++] = (struct import_problem){
        line,
        f->is_table && *field ? item_heading_of(arena_text(a, field)) : arena_text(a, field),
        arena_text(a, what)};
}

static void add_row(struct arena *a, struct item_file *f, int64_t line,
                    const struct json_t *object, struct err *e)
{
    struct item_file_row *r = &f->rows[f->count++];
    *r = (struct item_file_row){.line = line, .object = object};
    if (!object || !item_read(a, object, &r->item, e)) {
        r->item.kind = NULL;
        item_file_problem(a, f, line, e->field, e->text);
    }
}

static bool is_blank(const unsigned char *s, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (s[i] != ' ' && s[i] != '\t' && s[i] != '\r')
            return false;
    return true;
}

static void read_lines(struct arena *a, struct bytes text, struct item_file *f)
{
    size_t lines = 1;
    for (size_t i = 0; i < text.len; i++)
        lines += text.at[i] == '\n';
    if (lines > ITEM_FILE_ROWS_MAX) {
        item_file_problem(a, f, 0, "", "文件行数过多。");
        return;
    }
    f->rows = arena_array(a, struct item_file_row, lines);
    int64_t line = 1;
    for (size_t from = 0; from < text.len; line++) {
        const unsigned char *end = memchr(text.at + from, '\n', text.len - from);
        size_t len = end ? (size_t)(end - text.at) - from : text.len - from;
        if (!is_blank(text.at + from, len)) {
            struct err e = {0};
            add_row(a, f, line, json_read(a, text.at + from, len, &e), &e);
        }
        from += len + 1;
    }
}

static void read_table(struct arena *a, const struct table *t, struct item_file *f)
{
    struct err e = {0};
    struct item_columns columns;
    if (!item_columns_find(t, &columns, &e)) {
        f->is_table = false; /* the field is a heading already */
        item_file_problem(a, f, t->count ? (int64_t)t->rows[0].line : 1, e.field, e.text);
        f->is_table = true;
        return;
    }
    f->rows = arena_array(a, struct item_file_row, t->count);
    for (size_t i = 1; i < t->count; i++) {
        struct err row_error = {0};
        const struct json_t *object = item_of_row(a, &columns, &t->rows[i], &row_error);
        add_row(a, f, (int64_t)t->rows[i].line, object, &row_error);
    }
}

void item_file_of(struct arena *a, const struct exchange *x, struct item_file *out)
{
    size_t count = json_array_size(x->items);
    *out = (struct item_file){.rows = arena_array(a, struct item_file_row, count + 1)};
    for (size_t i = 0; i < count; i++) {
        struct err e = {0};
        add_row(a, out, (int64_t)i + 1, json_array_get(x->items, i), &e);
    }
}

void item_file_read(struct arena *a, const char *program, struct bytes text,
                    struct item_file *out)
{
    struct err e = {0};
    struct table t;
    *out = (struct item_file){0};
    if (text.len >= 3 && memcmp(text.at, "\xEF\xBB\xBF", 3) == 0)
        text = (struct bytes){text.at + 3, text.len - 3};
    size_t first = 0;
    while (first < text.len && memchr(" \t\r\n", text.at[first], 4))
        first++;
    if (first < text.len && text.at[first] == '{') {
        read_lines(a, text, out);
        return;
    }
    out->is_table = true;
    bool read = xlsx_looks_like(text)
                    ? table_read_upload(a, program, text, &t, &e)
                    : csv_read(a, text, (struct csv_form){.comments = true}, &t, &e);
    if (read && t.count > ITEM_FILE_ROWS_MAX)
        FAIL(&e, TOO_LARGE, "file", "文件行数过多。");
    if (e.code != ERR_NONE) {
        out->is_table = false;
        item_file_problem(a, out, 0, "", e.text);
        return;
    }
    read_table(a, &t, out);
}
