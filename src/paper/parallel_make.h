/* paper/parallel_make.h - between parallel_pool.c (what the assembly gets) and parallel.c (its answer). */
#ifndef PAPER_PARALLEL_MAKE_H
#define PAPER_PARALLEL_MAKE_H

#include "paper/parallel.h"

enum { PARALLEL_THETAS = 3 };
extern const double parallel_theta[PARALLEL_THETAS];

struct cell_stock {
    int64_t have, fresh; /* that may stand; of them not to be avoided */
    double information[PARALLEL_THETAS];
};

struct making {
    struct arena *arena;
    const struct parallel_order *order;
    struct parallel_forms *out;
    const struct item_row **rows; /* that serve a cell, in the seed's order */
    size_t *cell;                 /* of each */
    bool *avoided;
    struct assembly_bank bank;
    struct cell_stock *stock;
    struct assembly_blueprint blueprint;
    bool spread, kept_apart;
};

/* Rows, bank and stock out of the order. */
void parallel_pool(struct making *m);
/* Cells of which the bank has too little for one form: into m->out. */
bool parallel_starving(struct making *m);
/* SPREAD: no point more often than need be; APART: without what is to be avoided, where the bank
 * bears it; USES: forms an item may serve where no overlap was asked for. */
void parallel_blueprint(struct making *m, bool spread, bool apart, int64_t uses);
int64_t parallel_uses(const struct making *m); /* the fewest */

#endif
