/* base/caged_table.c - carries the rows of a table out of the parser cage. */
#include "base/caged_table.h"

#include <string.h>

#include "base/arena.h"
#include "base/cage.h"
#include "base/json.h"
#include "base/xlsx.h"

void table_pack(struct arena *a, const struct table *t, struct bytes *out)
{
    size_t len = 4;
    for (size_t r = 0; r < t->count; r++) {
        len += 8;
        for (size_t c = 0; c < t->rows[r].count; c++)
            len += 4 + strlen(t->rows[r].cells[c]);
    }
    unsigned char *at = arena_alloc(a, len, 1);
    *out = (struct bytes){at, len};
    be32_put(at, (uint32_t)t->count);
    at += 4;
    for (size_t r = 0; r < t->count; r++) {
        const struct table_row *row = &t->rows[r];
        be32_put(at, (uint32_t)row->line);
        be32_put(at + 4, (uint32_t)row->count);
        at += 8;
        for (size_t c = 0; c < row->count; c++) {
            size_t cell = strlen(row->cells[c]);
            be32_put(at, (uint32_t)cell);
            memcpy(at + 4, row->cells[c], cell);
            at += 4 + cell;
        }
    }
}

struct reader {
    const unsigned char *at;
    size_t left;
};

static bool take_number(struct reader *r, uint32_t *out)
{
    if (r->left < 4)
        return false;
    *out = be32_get(r->at);
    r->at += 4;
    r->left -= 4;
    return true;
}

static bool take_text(struct arena *a, struct reader *r, const char **out)
{
    uint32_t len;
    if (!take_number(r, &len) || len > r->left || memchr(r->at, 0, len))
        return false;
    json_t *text = json_stringn((const char *)r->at, len); /* NULL unless UTF-8 */
    if (!text)
        return false;
    json_decref(text);
    *out = arena_copy(a, r->at, len);
    r->at += len;
    r->left -= len;
    return true;
}

static bool take_row(struct arena *a, struct reader *r, struct table_row *out)
{
    uint32_t line, count;
    if (!take_number(r, &line) || !take_number(r, &count) || count > TABLE_COLUMNS_MAX ||
        count > r->left / 4)
        return false;
    const char **cells = arena_array(a, const char *, count ? count : 1);
    for (uint32_t c = 0; c < count; c++)
        if (!take_text(a, r, &cells[c]))
            return false;
    *out = (struct table_row){cells, count, line};
    return true;
}

bool table_unpack(struct arena *a, struct bytes packed, struct table *out, struct err *e)
{
    struct reader r = {packed.at, packed.len};
    uint32_t count;
    bool ok = take_number(&r, &count) && count <= TABLE_ROWS_MAX && count <= r.left / 8;
    if (ok) {
        out->rows = arena_array(a, struct table_row, count ? count : 1);
        out->count = count;
    }
    for (uint32_t i = 0; ok && i < count; i++)
        ok = take_row(a, &r, &out->rows[i]);
    return (ok && r.left == 0) || FAIL(e, INVALID, "/file", "文件内容异常，无法处理。");
}

bool parse_table(struct arena *a, struct bytes file, struct bytes *out, struct err *e)
{
    struct table t;
    if (!xlsx_read(a, file, &t, e))
        return false;
    table_pack(a, &t, out);
    return true;
}

bool table_read_upload(struct arena *a, const char *program, struct bytes file,
                       struct table *out, struct err *e)
{
    if (!xlsx_looks_like(file))
        return csv_read(a, file, (struct csv_form){.comments = true}, out, e);
    struct cage_job job = {program, PARSE_table, parse_table, file};
    struct bytes packed;
    return cage_run(a, &job, &packed, e) && table_unpack(a, packed, out, e);
}
