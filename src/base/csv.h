/* base/csv.h - rows of cells, from CSV here and from XLSX elsewhere: one shape for all tables.
 *
 * RFC 4180 with LF or CRLF, an optional BOM, and comment lines (# at the start) before the first
 * row when asked for. Rows may differ in length: whoever reads them says which row is wrong. */
#ifndef BASE_CSV_H
#define BASE_CSV_H

#include <stdbool.h>
#include <stddef.h>

#include "base/bytes.h"
#include "base/err.h"

struct arena;

enum { TABLE_ROWS_MAX = 2000000, TABLE_COLUMNS_MAX = 1024 };

struct table_row {
    const char *const *cells;
    size_t count;
    size_t line; /* of the file, from 1; for XLSX the row number */
};

struct table {
    struct table_row *rows;
    size_t count;
};

struct csv_form {
    bool comments;      /* leading lines that begin with # are passed over */
    bool any_separator; /* tab or ; where the first row has no comma (csv_separator) */
};

/* Moves behind a BOM. INVALID at "file" for UTF-16 and for a ZIP (a workbook that was not saved as CSV). */
bool csv_begin(const char **at, const char *end, struct err *e) MUST_USE;
/* What stands between the cells of a first row: a comma; where there is none outside quotes, a tab or a
 * semicolon, whichever is there. */
char csv_separator(const char *row, const char *end);

bool csv_read(struct arena *a, struct bytes text, struct csv_form form, struct table *out,
              struct err *e) MUST_USE;

/* Column of a heading in the first row, -1 if it is not there. Blanks around it do not count. */
int table_column(const struct table *t, const char *heading);
/* The cell, or "" where the row is shorter. */
const char *table_cell(const struct table_row *r, int column);

/* One cell as CSV text: quoted where needed, and with ' before = + - @ TAB CR so that no
 * spreadsheet runs it (SECURITY T14). */
const char *csv_cell(struct arena *a, const char *text);

#endif
