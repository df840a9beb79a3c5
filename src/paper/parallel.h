/* paper/parallel.h - parallel forms out of a bank's rows: a blueprint's cells given to the assembly.
 *
 * Items without measured parameters stand for their difficulty class (assembly_fallback). Pure: no
 * database. Same pool, same seed, same forms for the same build and kind of processor. */
#ifndef PAPER_PARALLEL_H
#define PAPER_PARALLEL_H

#include "paper/assemble.h"
#include "paper/blueprint.h"

struct item_parameter;

/* What the forms are to be alike in. Names: "balance", "information", "random". */
enum form_aim {
    AIM_BALANCE, /* each as informative, at every ability, as the mean of the bank's cells */
    AIM_INFORMATION, /* as informative as the bank allows, and equally so */
    AIM_RANDOM       /* drawn cell by cell (blueprint_solve), nothing is proved */
};
extern const char *const form_aim_names[];     /* NULL at the end */
enum form_aim form_aim_read(const char *name); /* NULL: balance */

enum { PARALLEL_FORMS_MAX = 60, INFORMATION_POINTS = 13 };

struct parallel_order {
    const struct blueprint *blueprint;
    const struct item_row *pool;
    size_t pool_count;
    unsigned char seed[SEED_BYTES];
    size_t forms; /* 1 to PARALLEL_FORMS_MAX */
    enum form_aim aim;
    const int64_t *uses; /* of each item of the pool in past sittings; NULL: none */
    int64_t exposure;    /* sittings an item may serve in, this one included; 0: no limit */
    bool overlap_given;  /* else: as little as the bank allows */
    int64_t overlap;     /* items two of the forms may share */
    const char *const *avoid; /* taken only in cells that would starve without */
    size_t avoid_count;
    const char *const *must, *const *may_not; /* codes */
    size_t must_count, may_not_count;
};

struct parallel_forms {
    struct blueprint_solution *forms; /* where it can be done */
    const char **certificates;        /* JSON of each: objective, bound, gap, seed … */
    size_t count;
    const char *sentence;               /* or why not */
    struct blueprint_solution short_of; /* the cells that starve, if cells do */
};

bool forms_assemble(struct arena *a, const struct parallel_order *order,
                    struct parallel_forms *out);

/* How long the bank lasts for a blueprint: forms without a common item, and what ends it. */
struct parallel_life {
    int64_t forms; /* proved: no more than these; 0: not one */
    struct life_cell {
        const char *area, *kind;
        int64_t needed, have; /* of one form; items that serve */
        int64_t write;        /* to be written for the number of forms asked for */
    } * cells;
    size_t cell_count;
    const char *starves; /* the cell that ends it, as the desk names it; NULL: none */
};
void forms_life(struct arena *a, const struct parallel_order *order, struct parallel_life *out);

/* Fisher information of items at theta -3, -2.5, … 3: by what was measured, else by difficulty class. */
struct item_curve {
    int64_t difficulty;
    const struct item_parameter *measured; /* NULL: not yet */
};
struct curve_parameters {
    double a, b, c;
};
struct curve_parameters item_curve_parameters(const struct item_curve *item);
void form_information(const struct item_curve *items, size_t count,
                      double out[INFORMATION_POINTS]);

#endif
