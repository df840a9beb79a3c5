/* measure/number_table.h - small CSV tables of numbers, and of labels. */
#ifndef MEASURE_NUMBER_TABLE_H
#define MEASURE_NUMBER_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/csv.h"
#include "base/err.h"

struct arena;

/* The rows of a CSV whose first row is the header; comments are passed over. */
bool table_file_read(struct arena *a, const char *option, const char *path, struct table *out,
                     struct err *e) MUST_USE;
/* A finite number; the error names line and column. */
bool table_number(const struct table *t, size_t row, size_t column, const char *option,
                  double *out, struct err *e) MUST_USE;

struct number_table {
    size_t rows, columns;
    const char **row_ids, **column_ids;
    const char *corner; /* the heading of the column that names the rows; NULL without one */
    double *x;          /* rows x columns, NaN where EMPTY_OK and the cell is empty or NA */
};

/* Whether the first column under this heading names the rows. */
bool is_name_column(const char *heading);

/* All columns but a first one that names the rows: by its heading (id, subject, judge, rater, item …, or
 * nothing), or because a cell in it is no number. */
bool number_table_read(struct arena *a, const char *path, bool empty_ok,
                       struct number_table *out, struct err *e) MUST_USE;

/* The distinct labels of a column in order: by number where all are numbers, else by bytes. */
size_t labels_of(struct arena *a, const struct table *t, const size_t *columns, size_t count,
                 const char ***labels);
size_t label_index(const char *const *labels, size_t count, const char *label);

#endif
