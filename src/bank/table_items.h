/* bank/table_items.h - items as rows of a table (CSV, XLSX): headings, and a row's JSON object. */
#ifndef BANK_TABLE_ITEMS_H
#define BANK_TABLE_ITEMS_H

#include "base/csv.h"

struct arena;
struct json_t;

/* Every heading of the template, in order; kind `case` cannot be written in a table. */
struct item_heading {
    const char *heading; /* "选项A" */
    const char *pointer; /* "/options/0" */
    const char *hint;    /* for the template */
};
extern const struct item_heading item_headings[];
extern const size_t item_heading_count;

/* The heading in which a fault at this JSON pointer was written. */
const char *item_heading_of(const char *pointer);

/* Columns of a table by heading; INVALID at the heading that is missing or unknown. */
struct item_columns {
    int at[32];
};
bool item_columns_find(const struct table *t, struct item_columns *out, struct err *e) MUST_USE;
/* The flat object of a row; what is empty is left out. INVALID at a heading. */
struct json_t *item_of_row(struct arena *a, const struct item_columns *c,
                           const struct table_row *row, struct err *e);

#endif
