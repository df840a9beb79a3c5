/* bank/exchange_table.h - questions as rows of a table with Chinese headings: CSV, XLSX, and the tables
 * of a Word document. Headings of other templates are understood where they mean one of ours. */
#ifndef BANK_EXCHANGE_TABLE_H
#define BANK_EXCHANGE_TABLE_H

#include <stddef.h>

#include "base/csv.h"

struct exchange;
struct json_t;

#define TABLE_NOTE_HEADING "衡附注"

/* Each row below the headings becomes a question. INVALID where no row of the first ten is one of
 * headings (题干 among them). */
bool table_questions_read(struct exchange *x, const struct table *t, struct err *e);
/* One of the headings we know, or a synonym of one? */
bool table_heading_is_known(const char *heading);

/* The cells of an item under item_headings, and the note behind them: item_heading_count + 1. */
const char **table_cells_of(struct arena *a, const struct json_t *object, const char *note);
/* The heading over cell I. */
const char *table_cell_heading(size_t i);

#endif
