/* base/csv.c - reads CSV into rows of cells. */
#include "base/csv.h"

#include <glib.h>
#include <string.h>

#include "base/arena.h"

struct reader {
    struct arena *arena;
    const char *at, *end;
    size_t line;
    char separator;
};

bool csv_begin(const char **at, const char *end, struct err *e)
{
    size_t len = (size_t)(end - *at);
    if (len >= 2 && (memcmp(*at, "\xFF\xFE", 2) == 0 || memcmp(*at, "\xFE\xFF", 2) == 0))
        return FAIL(e, INVALID, "file", "文件是 UTF-16 编码，请另存为 UTF-8 的 CSV。");
    if (len >= 4 && memcmp(*at, "PK\x03\x04", 4) == 0)
        return FAIL(e, INVALID, "file", "文件是压缩包或 Excel 工作簿，请另存为 UTF-8 的 CSV。");
    if (len >= 3 && memcmp(*at, "\xEF\xBB\xBF", 3) == 0)
        *at += 3;
    return true;
}

char csv_separator(const char *row, const char *end)
{
    char found = ',';
    bool quoted = false;
    for (const char *c = row; c < end && (quoted || *c != '\n'); c++) {
        if (*c == '"')
            quoted = !quoted;
        if (quoted)
            continue;
        if (*c == ',')
            return ',';
        if (found == ',' && (*c == '\t' || *c == ';'))
            found = *c;
    }
    return found;
}

/* Removes the quotes of a quoted cell; `at` stands behind its first quote. */
static bool quoted_cell(struct reader *r, const char **out, struct err *e)
{
    size_t room = 0;
    size_t began = r->line;
    const char *from = r->at;
    for (const char *c = from;; c++) {
        if (c == r->end)
            return FAIL(e, INVALID, "file", "第 %zu 行的引号没有结束。", began);
        if (*c == '"') {
            if (c + 1 < r->end && c[1] == '"') {
                c++;
            } else {
                r->at = c + 1;
                break;
            }
        }
        if (*c == '\n')
            r->line++;
        room++;
    }
    char *to = arena_alloc(r->arena, room + 1, 1);
    *out = to;
    for (const char *c = from; c < r->at - 1; c++) {
        *to++ = *c;
        if (*c == '"')
            c++;
    }
    if (r->at < r->end && *r->at != r->separator && *r->at != '\n' && *r->at != '\r')
        return FAIL(e, INVALID, "file", "第 %zu 行的引号后有多余的字符。", r->line);
    return true;
}

static void plain_cell(struct reader *r, const char **out)
{
    const char *from = r->at;
    while (r->at < r->end && *r->at != r->separator && *r->at != '\n')
        r->at++;
    const char *to = r->at;
    if (to > from && to[-1] == '\r' && (r->at == r->end || *r->at == '\n'))
        to--;
    *out = arena_copy(r->arena, from, (size_t)(to - from));
}

static bool read_row(struct reader *r, const char **cells, struct table_row *row, struct err *e)
{
    size_t n = 0;
    row->line = r->line;
    for (;;) {
        if (n == TABLE_COLUMNS_MAX)
            return FAIL(e, INVALID, "file", "第 %zu 行超过 %d 列。", r->line,
                        TABLE_COLUMNS_MAX);
        if (r->at < r->end && *r->at == '"') {
            r->at++;
            if (!quoted_cell(r, &cells[n], e))
                return false;
        } else {
            plain_cell(r, &cells[n]);
        }
        n++;
        if (r->at < r->end && *r->at == r->separator) {
            r->at++;
            continue;
        }
        if (r->at < r->end && *r->at == '\r')
            r->at++;
        if (r->at < r->end && *r->at == '\n')
            r->at++;
        r->line++;
        break;
    }
    const char **kept = arena_alloc(r->arena, n, sizeof *kept);
    memcpy(kept, cells, n * sizeof *kept);
    row->cells = kept;
    row->count = n;
    return true;
}

static void skip_line(struct reader *r)
{
    while (r->at < r->end && *r->at != '\n')
        r->at++;
    if (r->at < r->end)
        r->at++;
    r->line++;
}

bool csv_read(struct arena *a, struct bytes text, struct csv_form form, struct table *out,
              struct err *e)
{
    const char *from = text.at ? (const char *)text.at : "", *to = from + text.len;
    if (!csv_begin(&from, to, e))
        return false;
    if (memchr(from, 0, (size_t)(to - from)))
        return FAIL(e, INVALID, "file", "文件中有 NUL 字符，不是 CSV 文本。");
    if (!g_utf8_validate_len(from, (size_t)(to - from), NULL))
        return FAIL(e, INVALID, "file", "文件不是 UTF-8 编码，请另存为 CSV UTF-8。");
    struct reader r = {a, from, to, 1, ','};
    const char **cells = arena_alloc(a, TABLE_COLUMNS_MAX, sizeof *cells);
    size_t room = 64;
    *out = (struct table){arena_array(a, struct table_row, room), 0};

    while (form.comments && r.at < r.end && *r.at == '#')
        skip_line(&r);
    if (form.any_separator)
        r.separator = csv_separator(r.at, r.end);
    while (r.at < r.end) {
        if (*r.at == '\n' || (*r.at == '\r' && r.at + 1 < r.end && r.at[1] == '\n')) {
            skip_line(&r);
            continue;
        }
        if (out->count == TABLE_ROWS_MAX)
            return FAIL(e, TOO_LARGE, "file", "超过 %d 行。", TABLE_ROWS_MAX);
        if (out->count == room) {
            out->rows = arena_grow(a, out->rows, room, room * 2, sizeof *out->rows);
            room *= 2;
        }
        if (!read_row(&r, cells, &out->rows[out->count], e))
            return false;
        out->count++;
    }
    return true;
}

static bool same_heading(const char *cell, const char *heading)
{
    size_t len = strlen(heading);
    cell += strspn(cell, " \t");
    return strncmp(cell, heading, len) == 0 && cell[len + strspn(cell + len, " \t")] == '\0';
}

int table_column(const struct table *t, const char *heading)
{
    if (t->count == 0)
        return -1;
    for (size_t i = 0; i < t->rows[0].count; i++)
        if (same_heading(t->rows[0].cells[i], heading))
            return (int)i;
    return -1;
}

const char *table_cell(const struct table_row *r, int column)
{
    return column >= 0 && (size_t)column < r->count ? r->cells[column] : "";
}

const char *csv_cell(struct arena *a, const char *text)
{
    bool guarded = *text && strchr("=+-@\t\r", *text);
    if (!guarded && !strpbrk(text, "\",\r\n"))
        return text;
    size_t room = strlen(text) * 2 + 4;
    char *quoted = arena_alloc(a, room, 1), *to = quoted;
    *to++ = '"';
    if (guarded)
        *to++ = '\'';
    for (; *text; text++) {
        if (*text == '"')
            *to++ = '"';
        *to++ = *text;
    }
    *to = '"';
    return quoted;
}
