/* bank/pool.h - items straight from files, for lint, coverage and tests without a database. */
#ifndef BANK_POOL_H
#define BANK_POOL_H

#include "bank/item_file.h"

struct pool {
    struct item_row *rows; /* of the sound items, with their area */
    struct item *items;    /* the same, in the same order */
    const char **places;   /* "level4-F4.1.jsonl:12" of each */
    size_t count;
    struct import_problem *problems; /* of the faulty ones; row is the line */
    const char **problem_places;
    size_t problem_count;
    size_t seen; /* sound or not */
};

/* Every bank file inside the program under data/banks/<programme>/. */
bool pool_embedded(struct arena *a, const struct programme *p, struct pool *out,
                   struct err *e) MUST_USE;
/* A file, or all *.jsonl, *.csv and *.xlsx of a folder in order of their names. */
bool pool_read(struct arena *a, const struct programme *p, const char *path, struct pool *out,
               struct err *e) MUST_USE;
/* Every item of the bank but the retired ones, newest versions, opened. */
bool pool_open(const struct bank *b, const struct programme *p, struct pool *out,
               struct err *e) MUST_USE;
void item_row_of(struct arena *a, const struct item *item, const struct programme *p,
                 struct item_row *out);

#endif
