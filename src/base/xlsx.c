/* base/xlsx.c - the first sheet of an XLSX file: which parts to read, and its cells. */
#include "base/xlsx.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/calendar.h"
#include "base/xml.h"
#include "base/zipped.h"

/* What no honest table holds, and what would fill memory. */
enum {
    SHEET_ROWS_MAX = 1048576,
    SHEET_COLUMNS_MAX = 1024,
    CELLS_MAX = 4000000,
    STRINGS_MAX = 1000000
};

/* Text that grows piece by piece, as expat gives it. */
struct pieces {
    char *text;
    size_t len, room;
};

struct strings { /* xl/sharedStrings.xml */
    struct arena *arena;
    const char **at;
    size_t count, room;
    struct pieces now;
    int text_depth, phonetic_depth, item_depth;
    bool too_many;
};

struct cells { /* a worksheet */
    struct arena *arena;
    const struct strings *strings;
    struct table_row *rows;
    size_t row_count, row_room;
    const char **cell; /* of the row being read */
    size_t cell_count, last_row, all_cells;
    int column, phonetic_depth;
    char type; /* of the cell: s shared, i inline, t text, b boolean, n number */
    bool in_value, too_many;
    struct pieces now;
};

static void add_piece(struct arena *a, struct pieces *p, const char *s, int len)
{
    if (p->len + (size_t)len + 1 > p->room) {
        size_t room = (p->len + (size_t)len + 1) * 2;
        p->text = arena_grow(a, p->text, p->len, room, 1);
        p->room = room;
    }
    memcpy(p->text + p->len, s, (size_t)len);
    p->len += (size_t)len;
    p->text[p->len] = 0;
}

static const char *take_pieces(struct arena *a, struct pieces *p)
{
    const char *text = p->len ? arena_copy(a, p->text, p->len) : "";
    p->len = 0;
    return text;
}

/* --- shared strings: <si> with <t>, or with runs <r><t>; <rPh> is how it is read aloud --------- */
static void strings_open(void *ctx, const char *name, const char **attributes)
{
    struct strings *s = ctx;
    (void)attributes;
    if (strcmp(name, "si") == 0)
        s->item_depth++;
    else if (strcmp(name, "rPh") == 0)
        s->phonetic_depth++;
    else if (strcmp(name, "t") == 0)
        s->text_depth++;
}

static void strings_text(void *ctx, const char *text, int len)
{
    struct strings *s = ctx;
    if (s->text_depth > 0 && s->phonetic_depth == 0 && s->item_depth > 0)
        add_piece(s->arena, &s->now, text, len);
}

static void strings_close(void *ctx, const char *name)
{
    struct strings *s = ctx;
    if (strcmp(name, "t") == 0) {
        s->text_depth--;
    } else if (strcmp(name, "rPh") == 0) {
        s->phonetic_depth--;
    } else if (strcmp(name, "si") == 0 && --s->item_depth == 0) {
        if (s->count == STRINGS_MAX) {
            s->too_many = true;
            return;
        }
        if (s->count == s->room) {
            size_t room = s->room ? s->room * 2 : 256;
            s->at = arena_grow(s->arena, s->at, s->count, room, sizeof *s->at);
            s->room = room;
        }
        s->at[s->count++] = take_pieces(s->arena, &s->now);
    }
}

/* --- the sheet ----------------------------------------------------------------------------------- */
static const char *attribute(const char **attributes, const char *name)
{
    for (size_t i = 0; attributes[i]; i += 2)
        if (strcmp(attributes[i], name) == 0)
            return attributes[i + 1];
    return NULL;
}

/* "AB12" → 27; -1 without letters or too far to the right. */
static int column_of(const char *reference)
{
    int column = 0;
    const char *s = reference;
    for (; *s >= 'A' && *s <= 'Z'; s++) {
        column = column * 26 + (*s - 'A' + 1);
        if (column > SHEET_COLUMNS_MAX)
            return -1;
    }
    return column - 1;
}

static void begin_row(struct cells *c, const char **attributes)
{
    const char *number = attribute(attributes, "r");
    long n = number ? strtol(number, NULL, 10) : 0;
    if (n <= 0 || n > SHEET_ROWS_MAX)
        n = (long)c->last_row + 1;
    c->last_row = (size_t)n;
    c->cell_count = 0;
    c->column = -1;
}

static void begin_cell(struct cells *c, const char **attributes)
{
    const char *reference = attribute(attributes, "r"), *type = attribute(attributes, "t");
    int column = reference ? column_of(reference) : c->column + 1;
    c->column = column >= SHEET_COLUMNS_MAX ? -1 : column;
    c->now.len = 0;
    c->type = !type                            ? 'n'
              : strcmp(type, "s") == 0         ? 's'
              : strcmp(type, "inlineStr") == 0 ? 'i'
              : strcmp(type, "str") == 0       ? 't'
              : strcmp(type, "b") == 0         ? 'b'
                                               : 'n';
}

static void sheet_open(void *ctx, const char *name, const char **attributes)
{
    struct cells *c = ctx;
    if (strcmp(name, "row") == 0)
        begin_row(c, attributes);
    else if (strcmp(name, "c") == 0)
        begin_cell(c, attributes);
    else if (strcmp(name, "rPh") == 0)
        c->phonetic_depth++;
    else if (strcmp(name, "v") == 0 || (strcmp(name, "t") == 0 && c->type == 'i'))
        c->in_value = true;
}

static void sheet_text(void *ctx, const char *text, int len)
{
    struct cells *c = ctx;
    if (c->in_value && c->phonetic_depth == 0)
        add_piece(c->arena, &c->now, text, len);
}

static const char *cell_text(struct cells *c)
{
    const char *text = take_pieces(c->arena, &c->now);
    if (c->type == 's') {
        char *end;
        unsigned long i = strtoul(text, &end, 10);
        return *text && !*end && i < c->strings->count ? c->strings->at[i] : "";
    }
    if (c->type == 'b')
        return strcmp(text, "1") == 0 ? "TRUE" : "FALSE";
    return text;
}

static void end_cell(struct cells *c)
{
    const char *text = cell_text(c);
    if (c->column < 0 || !*text)
        return;
    while (c->cell_count <= (size_t)c->column)
        c->cell[c->cell_count++] = "";
    c->cell[c->column] = text;
}

static void end_row(struct cells *c)
{
    c->all_cells += c->cell_count;
    c->too_many |= c->all_cells > CELLS_MAX;
    if (c->cell_count == 0 || c->too_many)
        return;
    if (c->row_count == c->row_room) {
        size_t room = c->row_room ? c->row_room * 2 : 256;
        c->rows = arena_grow(c->arena, c->rows, c->row_count, room, sizeof *c->rows);
        c->row_room = room;
    }
    const char **cells = arena_array(c->arena, const char *, c->cell_count);
    memcpy(cells, c->cell, c->cell_count * sizeof *cells);
    c->rows[c->row_count++] = (struct table_row){cells, c->cell_count, c->last_row};
}

static void sheet_close(void *ctx, const char *name)
{
    struct cells *c = ctx;
    if (strcmp(name, "v") == 0 || strcmp(name, "t") == 0)
        c->in_value = false;
    else if (strcmp(name, "rPh") == 0)
        c->phonetic_depth--;
    else if (strcmp(name, "c") == 0)
        end_cell(c);
    else if (strcmp(name, "row") == 0)
        end_row(c);
}

/* --- which part is the first sheet ------------------------------------------------------------- */
struct first_sheet {
    struct arena *arena;
    const char *relation, *target; /* r:id of the first <sheet>; its part's path */
};

static void workbook_open(void *ctx, const char *name, const char **attributes)
{
    struct first_sheet *f = ctx;
    if (strcmp(name, "sheet") == 0 && !f->relation)
        f->relation = arena_text(f->arena, attribute(attributes, "r:id"));
}

static void relations_open(void *ctx, const char *name, const char **attributes)
{
    struct first_sheet *f = ctx;
    const char *id = attribute(attributes, "Id"), *target = attribute(attributes, "Target");
    if (strcmp(name, "Relationship") == 0 && id && target && f->relation &&
        strcmp(id, f->relation) == 0)
        f->target = target[0] == '/' ? arena_text(f->arena, target + 1)
                                     : arena_printf(f->arena, "xl/%s", target);
}

static bool find_sheet(struct zipped *z, struct arena *a, const char **part, struct err *e)
{
    struct first_sheet f = {.arena = a};
    bool found;
    struct xml_reader workbook = {workbook_open, NULL, NULL, NULL, &f},
                      relations = {relations_open, NULL, NULL, NULL, &f};
    if (!zipped_xml(z, "xl/workbook.xml", &workbook, &found, e))
        return false;
    if (!found)
        return FAIL(e, INVALID, "file", "不是 XLSX 文件：没有工作簿。");
    if (f.relation && !zipped_xml(z, "xl/_rels/workbook.xml.rels", &relations, &found, e))
        return false;
    *part = f.target ? f.target : "xl/worksheets/sheet1.xml";
    return true;
}

bool xlsx_read(struct arena *a, struct bytes file, struct table *out, struct err *e)
{
    struct zipped *z = zipped_open(a, file, e);
    struct strings strings = {.arena = a};
    struct cells cells = {.arena = a, .strings = &strings};
    struct xml_reader string_reader = {strings_open, strings_text, strings_close, NULL,
                                       &strings},
                      sheet_reader = {sheet_open, sheet_text, sheet_close, NULL, &cells};
    const char *part = NULL;
    bool found;
    cells.cell = arena_array(a, const char *, SHEET_COLUMNS_MAX);
    if (!z || !find_sheet(z, a, &part, e) ||
        !zipped_xml(z, "xl/sharedStrings.xml", &string_reader, &found, e) ||
        !zipped_xml(z, part, &sheet_reader, &found, e))
        return false;
    if (!found)
        return FAIL(e, INVALID, "file", "XLSX 文件中没有工作表。");
    if (strings.too_many || cells.too_many)
        return FAIL(e, TOO_LARGE, "file", "表格过大：最多 %d 个单元格。", CELLS_MAX);
    *out = (struct table){cells.rows, cells.row_count};
    return true;
}

bool xlsx_looks_like(struct bytes file)
{
    return file.len >= 4 && memcmp(file.at, "PK\x03\x04", 4) == 0;
}

const char *xlsx_date(struct arena *a, const char *cell)
{
    char *end, text[DATE_TEXT_BYTES];
    double day = strtod(cell, &end);
    /* Day 60 is the 1900-02-29 that never was: after it, days count from 1899-12-30. */
    if (end == cell || *end || !(day > 60 && day < 2958466))
        return cell;
    date_write((date_days)day - 25569, text);
    return arena_text(a, text);
}
