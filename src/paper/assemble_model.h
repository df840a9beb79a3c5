/* paper/assemble_model.h - a blueprint over a bank in numbers, for the linear programme and the
 * search. Everything here is derived; assembly_recheck() uses none of it. */
#ifndef PAPER_ASSEMBLE_MODEL_H
#define PAPER_ASSEMBLE_MODEL_H

#include "paper/assemble.h"
#include "paper/interior.h"

/* A count of items of one form type: a limit, an item that must be in, or a set of which at most
 * one may be in. */
struct model_row {
    const char *label;
    int32_t lo, hi;
    bool is_set;
    bool in_lp;     /* a set that is too small to bind the sum of all forms is not */
    int64_t supply; /* uses that the bank has for it, over all forms */
};

struct model_type {
    size_t forms, size_lo, size_hi;
    const struct assembly_type *type;
    struct model_row *rows; /* limits first, sets behind */
    size_t row_count, limit_count;
    uint32_t *item_row; /* of item i: item_row[row_start[i] … row_start[i+1]) ascending */
    uint32_t *row_start;
    uint32_t *limits_end;
    uint32_t *kind;  /* items with the same limits have the same */
    uint32_t *class; /* items with the same exact limits */
    uint32_t class_count;
    uint32_t *class_start, *class_item;
    double *lo, *hi; /* of the sums, per form: [sums], by position in dense */
    const char *
        *sum_label; /* what the blueprint calls them; joined where it limits one twice */
    double ratio[ASSEMBLE_THETAS_MAX];
    double upper_at_zero[ASSEMBLE_THETAS_MAX], upper_slope[ASSEMBLE_THETAS_MAX];
};

struct model {
    const struct assembly_bank *bank;
    const struct assembly_blueprint *blueprint;
    uint32_t items;    /* index `items` is the empty place: all zeros */
    size_t k;          /* rows of information that carry the objective */
    size_t sums;       /* dense columns behind them */
    size_t stride;     /* a multiple of 8 */
    double *dense;     /* (items + 1) x stride */
    double *scale;     /* of each sum: what counts as much as the objective once */
    int32_t *capacity; /* forms an item may stand in */
    bool has_upper;
    bool mixes; /* exact limits overlap or sizes vary: swaps must cross classes */
    struct model_type type[ASSEMBLE_TYPES_MAX];
    size_t type_count, forms;
    uint8_t form_type[ASSEMBLE_FORMS_MAX];
    int64_t pair_budget; /* shared items summed over all pairs of forms; -1: no limit */
};

void model_make(struct arena *a, const struct assembly_order *order, struct model *m);

static inline const double *model_values(const struct model *m, uint32_t item)
{
    return m->dense + item * m->stride;
}

/* --- the linear programme ------------------------------------------------------------------------- */
/* Forms of one type are alike, so their sum says all: z = uses of an item by the forms of a type.
 * Averaging any solution over the forms shows that nothing is lost (MEASURE: van der Linden's
 * aggregation). */
enum condition_kind {
    CONDITION_SIZE,
    CONDITION_ROW,
    CONDITION_SUM,
    CONDITION_LOWER,
    CONDITION_UPPER,
    CONDITION_PAIR
};
struct condition { /* what an LP row stands for */
    enum condition_kind kind;
    size_t type, at;
};
struct collapsed {
    struct linear l;
    size_t item_columns; /* the first of l.columns: uses of an item */
    uint32_t *column_item;
    uint8_t *column_type;
    struct condition *condition; /* of each LP row */
};
struct collapse_order {
    double tighten; /* upper limits of information times 1 - tighten */
    bool phase_one; /* minimise what the conditions are missed by, ignore the objective */
    const bool *leave_out; /* by LP row, in phase one; NULL: none */
};
void collapse(struct arena *a, const struct model *m, const struct collapse_order *order,
              struct collapsed *out);

/* --- the proof -------------------------------------------------------------------------------------- */
/* Multipliers of the conditions, in the terms of the blueprint and per form type. */
struct multipliers {
    double *row[ASSEMBLE_TYPES_MAX]; /* of each model row */
    double size[ASSEMBLE_TYPES_MAX];
    double *sum[ASSEMBLE_TYPES_MAX];
    double *lower[ASSEMBLE_TYPES_MAX], *upper[ASSEMBLE_TYPES_MAX]; /* of the information */
    double pair;
};
void multipliers_of(struct arena *a, const struct model *m, const struct collapsed *c,
                    const double *y, struct multipliers *out);
/* No forms have a larger objective; INFINITY where the multipliers prove nothing. */
double assembly_bound(const struct model *m, const struct multipliers *u);
/* What each use brings in these terms (items x types): one of -d costs the bound d, so in forms
 * within d of the bound it does not stand; and one of more than d does. */
void assembly_gains(const struct model *m, const struct multipliers *u, double *out);
/* Do they prove that there are no forms at all? */
bool assembly_proves_none(const struct model *m, const struct multipliers *u);

/* --- search ----------------------------------------------------------------------------------------- */
struct places {
    uint32_t *item; /* forms x size_max; model.items: empty */
    size_t size_max;
};
/* From z (items x types): whole numbers, dealt to the forms. */
void deal(struct arena *a, const struct model *m, const double *z, struct places *out);

struct search_order {
    double bound; /* of the objective */
    double aim;   /* the objective to reach */
    double goal;  /* stop at an objective of at least this */
    int64_t steps;
    const double *gain; /* assembly_gains() */
    bool draw_all;      /* also what cannot stand in forms at the goal */
    bool pool_first;    /* nearly all steps with the dealt items only */
    uint64_t seed;
    bool (*enough)(void *);
    void *ctx;
};
struct search_result {
    bool found, stopped;
    double objective; /* of the best */
    int64_t steps;
    struct places best;
    double excess; /* where none was found: what the last state misses */
};
void search(struct arena *a, const struct model *m, const struct places *start,
            const struct search_order *order, struct search_result *out);

/* --- exact, small ------------------------------------------------------------------------------------ */
struct exact_result {
    bool ran, optimal, infeasible, found;
    struct places best;
};
void solve_exactly(struct arena *a, const struct model *m, const struct assembly_order *order,
                   const bool *leave_out, struct exact_result *out);
/* The smallest set of conditions that conflict in whole numbers only; leaves out alone where it is
 * not small, or the program is not there. */
void exact_why(struct arena *a, const struct model *m, const struct assembly_order *order,
               struct assembly_result *out);
/* Is it small enough? */
bool exact_fits(const struct model *m);

/* --- why not ---------------------------------------------------------------------------------------- */
void assembly_why(struct arena *a, const struct model *m, const struct assembly_order *order,
                  struct assembly_result *out);
/* The cells that starve: needed > available. */
void assembly_starving(struct arena *a, const struct model *m, struct assembly_result *out);

#endif
