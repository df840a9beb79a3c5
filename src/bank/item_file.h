/* bank/item_file.h - the items of a file: JSON Lines, CSV or XLSX, with a fault for each row. */
#ifndef BANK_ITEM_FILE_H
#define BANK_ITEM_FILE_H

#include "bank/bank.h"

struct item_file_row {
    int64_t line;                /* of the file, or row of the sheet */
    const struct json_t *object; /* NULL where not even that could be read */
    struct item item;            /* kind == NULL where it is faulty */
};

struct item_file {
    struct item_file_row *rows;
    size_t count;
    struct import_problem *problems; /* why rows are faulty, in their order */
    size_t problem_count, problem_room;
    bool is_table; /* problems name headings instead of JSON pointers */
};

/* Told apart by content: PK is XLSX, a first character { is JSON Lines, else CSV. Never false for
 * what is in the file: that is in problems. PROGRAM: for the cage, NULL reads here. */
void item_file_read(struct arena *a, const char *program, struct bytes text,
                    struct item_file *out);
/* The items read from another system's file; a row is the place among them. */
void item_file_of(struct arena *a, const struct exchange *x, struct item_file *out);
void item_file_problem(struct arena *a, struct item_file *f, int64_t line, const char *field,
                       const char *what);

#endif
