/* entry/import.h - the registration table of a batch: CSV or XLSX, row by row.
 *
 * A row that is right becomes a draft application (and a person, where the body has nobody with
 * that document); a row that is wrong changes nothing and is named with row, column and sentence.
 * Sent twice, the second time finds every row "already there". Rows go in by fifties, each fifty
 * in one transaction, so a large table never holds up the other writers for long. */
#ifndef ENTRY_IMPORT_H
#define ENTRY_IMPORT_H

#include "base/csv.h"
#include "entry/desk.h"
#include "people/document.h"

enum { IMPORT_ROWS_MAX = 5000, IMPORT_CHUNK = 50, IMPORT_PROBLEMS_MAX = 2000 };

enum import_column {
#define IMPORT_COLUMN(name, heading, also, needed, example, help) COLUMN_##name,
#include "entry/import_columns.def"
#undef IMPORT_COLUMN
    IMPORT_COLUMNS
};
const char *import_heading(enum import_column c);

struct import_problem {
    int64_t row;        /* of the file, from 1; 0 = the table as a whole */
    const char *column; /* its heading; "" = the row as a whole */
    const char *text;
};

struct import_problems {
    struct arena *arena;
    struct import_problem *at;
    size_t count; /* of those kept; at most IMPORT_PROBLEMS_MAX */
};

/* What a row says, checked without a database. */
struct import_row {
    int64_t line;
    const char *name, *sex, *document_kind, *document_number, *country, *phone;
    struct identity identity;
    int64_t level;
    const char *direction;
    const char *facts; /* JSON, everything claimed */
};

struct import_rows {
    struct import_row *at;
    size_t count; /* the right ones */
    size_t total; /* of rows with anything in them */
};

struct import_frame { /* what the cells are read against */
    struct arena *arena;
    const struct programme *programme;
    const struct batch *batch;
    date_days today;
};

/* False (INVALID "/file"): no heading is known, a needed one is missing, a column that the
 * template does not have, too many rows. Wrong rows are problems, not errors. */
bool import_read(const struct import_frame *f, const struct table *t, struct import_rows *out,
                 struct import_problems *problems, struct err *e) MUST_USE;

struct import_request {
    struct id run, batch;
    struct id partner; /* who brought them; zero = nobody */
    struct bytes file;
    void (*progress)(void *ctx, int64_t done,
                     int64_t total); /* after each fifty; NULL is fine */
    void *progress_ctx;
};

struct import_report {
    int64_t total, added, present, refused;
    struct import_problems problems;
};
bool entry_import(const struct entry_desk *d, const struct import_request *r,
                  struct import_report *out, struct err *e) MUST_USE;
void import_report_put(struct json_out *o, const struct import_report *r);

/* The runs of a batch, newest first: how far each is. */
struct import_run {
    struct id id;
    int64_t at_ms, total, done, added, present, refused;
    bool finished;
};
bool import_runs(const struct entry_desk *d, struct id batch, struct import_run **out,
                 size_t *count, struct err *e) MUST_USE;

/* The empty table as XLSX: headings, an example, a sheet that says what to write. */
bool import_template(struct arena *a, const struct batch *b, const struct programme *p,
                     struct bytes *out, struct err *e) MUST_USE;

#endif
