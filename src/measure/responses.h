/* measure/responses.h - a table of responses, read as a stream: one byte a response.
 *
 * A CSV with a header; one row a person, or a pattern whose count stands in a column `Freq`,
 * `freq` or `n`. Lines that begin with # before the header are comments. Columns named `id`,
 * `person`, `candidate` or nothing are passed over unless they are asked for. Empty cells, `NA` and
 * `.` are missing. Tabs or semicolons may stand for the commas, TRUE and FALSE for 1 and 0. Every error
 * names the line and the column.
 *
 * The reader holds one buffer of a MiB, so a file may be larger than memory. */
#ifndef MEASURE_RESPONSES_H
#define MEASURE_RESPONSES_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct arena;
struct json_out;
struct response_reader;

enum { RESPONSE_CODES_MAX = 250, RESPONSE_MISSING = 255, RESPONSE_ITEMS_MAX = 4000 };

struct response_form {
    const char *items;   /* "a,b,c": these columns and no others; NULL = all */
    const char *group;   /* a column kept as a label; NULL = none */
    const char *missing; /* "8,9": these answers are missing too; NULL = none */
    bool numeric;        /* cells are integers 0..250, and the code is the integer */
    /* Without ITEMS: where every one of these has its column, they are the items and other columns are
     * passed over. A key or a table of parameters that fits in full says what is an item. */
    const char *const *only;
    size_t only_count;
};

struct response_reader *responses_open(struct arena *a, const char *path,
                                       const struct response_form *form, struct err *e);

size_t responses_items(const struct response_reader *r);
const char *const *responses_ids(const struct response_reader *r);
/* Columns that might be items but are not among form.only, in order; NULL past the last. */
const char *responses_passed_over(const struct response_reader *r, size_t i);
/* "passed_over":[…] into the open object. */
void put_passed_over(struct json_out *o, const struct response_reader *r);
/* What a code stands for when the form is not numeric; NULL for one never seen. */
const char *responses_answer(const struct response_reader *r, unsigned code);
/* The code of an answer, made if it is new; RESPONSE_MISSING where there is no more room. */
unsigned responses_code(struct response_reader *r, const char *answer);

/* The next row: a code per item, its count, and the label of the group (a code as well). False at
 * the end and on an error; then e->code tells which. The line of the last row: responses_line. */
bool responses_next(struct response_reader *r, uint8_t *codes, double *weight, unsigned *group,
                    struct err *e) MUST_USE;
size_t responses_line(const struct response_reader *r);
/* The label of a group; NULL for one never seen. */
const char *responses_group(const struct response_reader *r, unsigned group);

/* All rows in memory. */
struct responses {
    size_t rows, items;
    const char *const *ids;
    uint8_t *x;     /* rows x items */
    double *weight; /* per row */
    uint8_t *group; /* code of the label per row; NULL without a group */
    uint32_t *line; /* of the file, per row */
    double persons; /* sum of weights */
    bool counted;   /* there is a column of counts */
    struct response_reader *reader;
};

bool responses_read(struct arena *a, const char *path, const struct response_form *form,
                    struct responses *out, struct err *e) MUST_USE;

#endif
