/* paper/blueprint.h - what a paper is made of: how many items of each area and each kind.
 *
 * From a programme's weight table (national standard 4.1 and the like) and a layout. Pure: no
 * database. The item numbers of a cell are exact; they add up to the layout along each kind, and
 * along each area to its percentage by largest remainder. */
#ifndef PAPER_BLUEPRINT_H
#define PAPER_BLUEPRINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/shuffle.h"

struct arena;
struct item_row;
struct json_out;
struct programme;
struct weight;

struct layout_part { /* a section of the paper */
    const char *kind;
    int64_t count;
    int64_t millimarks;  /* of one item */
    const char *partial; /* rule of partial credit (bank/partial.h); NULL: none */
};

struct blueprint_cell {
    const char *area; /* "F4.1", "B2.1" */
    size_t part;      /* of the layout */
    int64_t count;
};

struct blueprint {
    const struct programme *programme;
    const char *component; /* "theory" */
    int64_t level;
    const char *direction; /* NULL: the programme has none */
    const struct layout_part *parts;
    size_t part_count;
    const struct blueprint_cell *cells; /* by part, then by area in printed order */
    size_t cell_count;
    const struct weight *weights; /* what the areas are to have, in percent */
    size_t weight_count;
};

/* LAYOUT NULL: the programme's own (programme_paper). INVALID where level, direction, component or
 * a kind does not exist; RULE where the component follows no weight table. */
struct blueprint_order {
    const struct programme *programme;
    const char *component;
    int64_t level;
    const char *direction;
    const struct layout_part *parts;
    size_t part_count;
};
bool blueprint_make(struct arena *a, const struct blueprint_order *order, struct blueprint *out,
                    struct err *e) MUST_USE;
int64_t blueprint_items(const struct blueprint *b);
int64_t blueprint_millimarks(const struct blueprint *b);

/* A matrix of whole numbers near the real one: each cell is the floor or one more, the rows (parts)
 * keep their sums, the columns differ from theirs by less than one. SHARE is in 1/unit. */
void blueprint_round(struct arena *a, const int64_t *row_sums, size_t rows,
                     const int64_t *column_percent, size_t columns, int64_t *cells);

/* --- solving ---------------------------------------------------------------------------------- */
struct starving_cell {
    const char *area, *kind;
    int64_t needed, have;
};

struct blueprint_solution {
    const struct item_row **items; /* by section, then by area */
    size_t *part;                  /* the section of each */
    size_t count;
    /* Or, if it cannot be done: */
    struct starving_cell *starving;
    size_t starving_count;
    bool enemies_block; /* enough items, but too many of them exclude each other */
};

/* Chooses from POOL what may serve the level and direction: exact cells, no item twice, no enemies
 * together, points spread, difficulty near the cell's mean. Same pool, same seed, same form.
 * AVOID lists items of other forms that are taken only where nothing else is left. False: it
 * cannot be done, and out says which cells starve. */
struct solve_order {
    const struct blueprint *blueprint;
    const struct item_row *pool;
    size_t pool_count;
    unsigned char seed[SEED_BYTES];
    const char *const *avoid;
    size_t avoid_count;
};
bool blueprint_solve(struct arena *a, const struct solve_order *order,
                     struct blueprint_solution *out);

/* "题库不足：视听运营 × 多项选择题 需要 4 题，只有 2 题；…" */
const char *starving_sentence(struct arena *a, const struct blueprint *b,
                              const struct blueprint_solution *s);
void blueprint_write(const struct blueprint *b, struct json_out *o);

#endif
