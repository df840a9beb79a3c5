/* paper/assemble.h - any number of parallel forms at once, with a proof of how good they are.
 *
 * Bank and blueprint are data (doc/assembly.md has the formats). Forms of one type are equal in
 * specification; the objective is that of the worst form:
 *
 *   maximin   the largest y with r_k y <= TIF_f(theta_k) <= upper r_k y for every form f
 *   maximum   the largest y with sum_k r_k TIF_f(theta_k) >= y for every form f
 *   target    the largest y = 1 - d with |TIF_f(theta_k) - T_k| <= d T_k for every form f
 *   none      any forms that keep the conditions
 *
 * Pure: no clock, no database, no chance but the seed. TIF is the sum of Fisher's information,
 * D^2 a^2 (Q/P) ((P-c)/(1-c))^2 with P = c + (1-c)/(1+exp(-D a (theta-b))). */
#ifndef PAPER_ASSEMBLE_H
#define PAPER_ASSEMBLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"

struct arena;
struct json_out;

enum {
    ASSEMBLE_ITEMS_MAX = 200000,
    ASSEMBLE_FORMS_MAX = 500,
    ASSEMBLE_TYPES_MAX = 8,
    ASSEMBLE_THETAS_MAX = 16,
    ASSEMBLE_SIZE_MAX = 1000, /* items of a form */
    ASSEMBLE_ROWS_MAX = 400   /* conditions of a form type, sets of enemies apart */
};

/* --- the bank ----------------------------------------------------------------------------------- */
struct assembly_item {
    const char *id, *area, *type, *cognitive, *difficulty; /* difficulty: its class, or NULL */
    double a, b, c;
    bool calibrated; /* else a and b are those of its difficulty class */
    double minutes, points;
    int64_t uses; /* in past sittings */
    const char *const *tags;
    size_t tag_count;
    const char *enemy;          /* name of the set that it is in, or NULL */
    const char *const *enemies; /* ids it may not meet */
    size_t enemy_count;
    size_t line; /* of the bank file */
};

struct assembly_bank {
    struct assembly_item *items;
    size_t count, uncalibrated;
    bool has_minutes, has_points; /* else every item counts 0 minutes, 1 point */
};

/* CSV (by content: what does not begin with '{') with a header, or JSON lines. INVALID at "bank"
 * names the line. */
bool assembly_bank_read(struct arena *a, struct bytes text, struct assembly_bank *out,
                        struct err *e) MUST_USE;
/* a and b of a difficulty class 1 (easy) to 5, where nothing is measured yet. */
void assembly_fallback(const char *difficulty, struct assembly_item *item);

/* --- the blueprint ------------------------------------------------------------------------------ */
/* "Of the items that match all of these, a form has LO to HI." NULL and 0 match any. */
struct assembly_limit {
    const char *label;
    const char *area, *cognitive, *difficulty, *tag;
    const char *const *types;
    size_t type_count;
    const char *const *ids;
    size_t id_count;
    bool by_ids; /* an empty list of ids matches nothing */
    double lo, hi;
};

enum assembly_measure { MEASURE_MINUTES, MEASURE_POINTS, MEASURE_B, MEASURE_INFORMATION };

struct assembly_sum { /* the sum over a form's items lies in LO to HI */
    const char *label;
    enum assembly_measure measure;
    double theta; /* of MEASURE_INFORMATION */
    double lo, hi;
};

struct assembly_section { /* printed one after the other */
    const char *name;
    const char *const *types;
    size_t type_count;
};

struct assembly_type {
    const char *name;
    size_t forms;
    size_t size_lo, size_hi; /* items of a form */
    struct assembly_limit *limits;
    size_t limit_count;
    struct assembly_sum *sums;
    size_t sum_count;
    const struct assembly_section *sections;
    size_t section_count;
    double r[ASSEMBLE_THETAS_MAX]; /* ratios, weights or targets, by objective */
};

enum assembly_objective {
    OBJECTIVE_NONE,
    OBJECTIVE_MAXIMIN,
    OBJECTIVE_MAXIMUM,
    OBJECTIVE_TARGET
};

struct assembly_set { /* at most one of these in a form */
    const char *label;
    const char *const *ids;
    size_t id_count;
    const char *tag; /* or all that carry it */
};

struct assembly_blueprint {
    enum assembly_objective objective;
    double metric; /* D: 1 or 1.7 */
    double upper;  /* of maximin; INFINITY: none */
    double theta[ASSEMBLE_THETAS_MAX];
    size_t theta_count;
    struct assembly_type types[ASSEMBLE_TYPES_MAX];
    size_t type_count, forms; /* of all types together */
    struct assembly_set *sets;
    size_t set_count;
    const char *const *must; /* in every form */
    size_t must_count;
    const char *const *may_not;
    size_t may_not_count;
    int64_t exposure; /* uses of an item in all sittings, these forms included; -1: no limit */
    int64_t uses;     /* forms an item may stand in */
    int64_t pair;     /* items two forms may share; -1: no limit */
};

/* FORMS 0: as the blueprint says. INVALID at "blueprint" or below it; also where a condition
 * contradicts itself or asks for an area of which the bank has nothing. */
bool assembly_blueprint_read(struct arena *a, struct bytes text, size_t forms,
                             const struct assembly_bank *bank, struct assembly_blueprint *out,
                             struct err *e) MUST_USE;

bool assembly_limit_matches(const struct assembly_limit *l, const struct assembly_item *item);
double assembly_information(const struct assembly_item *item, double metric, double theta);

/* --- assembling --------------------------------------------------------------------------------- */
struct assembly_order {
    const struct assembly_bank *bank;
    const struct assembly_blueprint *blueprint;
    uint64_t seed;
    double gap;      /* stop where (bound - y) / bound is no more */
    int64_t steps;   /* of the search; 0: the default */
    const char *cbc; /* the program for small exact cases, NULL: none */
    int64_t cbc_seconds;
    /* Asked from time to time; true ends the search. NULL: never. */
    bool (*enough)(void *ctx);
    void *ctx;
};

struct assembly_cell { /* a condition that the bank cannot meet */
    const char *label;
    int64_t needed, available;
};

enum assembly_stop { STOP_GAP, STOP_EXACT, STOP_STEPS, STOP_TIME, STOP_INFEASIBLE };

struct assembly_result {
    bool feasible;
    bool proved_infeasible; /* else: nothing found */
    const uint32_t **forms; /* of each form: items in printed order */
    size_t *form_size;
    size_t *form_type;
    double objective, bound, gap;
    bool bound_by_search; /* by branch and bound; else by weak duality */
    enum assembly_stop stopped_by;
    int64_t steps;
    size_t violations; /* of the separate re-check; always 0 where feasible */
    const struct assembly_cell *cells;
    size_t cell_count;
    const char **rows; /* the fewest conditions that conflict */
    size_t row_count;
};

/* Always an answer. */
void assemble(struct arena *a, const struct assembly_order *order, struct assembly_result *out);
const char *assembly_stop_name(enum assembly_stop stop);
void assembly_write(const struct assembly_order *order, const struct assembly_result *r,
                    struct json_out *o);

/* The whole problem, form by form, for a solver that reads LP files. */
bool assembly_write_problem(struct arena *a, const struct assembly_order *order,
                            const char *path, struct err *e) MUST_USE;

/* --- separate code that believes nothing ------------------------------------------------------------ */
struct assembly_finding {
    size_t form;
    const char *what;
};
/* Counts again from the item list and the blueprint alone. Returns the number of violations; the
 * worst form's objective in *objective. FOUND may be NULL. */
size_t assembly_recheck(struct arena *a, const struct assembly_order *order,
                        const struct assembly_result *forms, double *objective,
                        struct assembly_finding **found);

/* --- how long the bank lasts ---------------------------------------------------------------------- */
struct assembly_life {
    int64_t forms; /* parallel forms that the bank bears at most (an upper bound, proved) */
    const char *starves; /* the condition that ends it, or NULL */
    int64_t available, needed_each;
    const struct assembly_cell *write; /* for FORMS_WANTED: what lacks, needed - available */
    size_t write_count;
};
void assembly_feasible_forms(struct arena *a, const struct assembly_order *order,
                             int64_t forms_wanted, struct assembly_life *out);

#endif
