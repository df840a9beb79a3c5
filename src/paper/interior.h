/* paper/interior.h - linear programmes with few rows and many columns: Mehrotra's predictor and
 * corrector on dense normal equations (Wright, Primal-Dual Interior-Point Methods, ch. 10, 11).
 *
 *     min cost'x,  A x = rhs,  sum of x in group g = group_rhs[g],  0 <= x <= upper
 *
 * Groups are rows too, of ones, that share no column; they are eliminated and cost no memory. */
#ifndef PAPER_INTERIOR_H
#define PAPER_INTERIOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

struct linear {
    size_t rows, columns;
    size_t *start; /* of each column; columns + 1 */
    uint32_t *row; /* ascending in a column */
    double *value;
    double *cost, *upper; /* INFINITY: none */
    double *rhs;
    int32_t *group; /* of each column, -1: none; NULL: no groups */
    size_t groups;
    double *group_rhs;
};

struct linear_answer {
    double *x; /* primal, as good as it got */
    double *y; /* dual of the rows with the best bound */
    double objective, residual;
    bool converged;
    int iterations;
};

void linear_solve(struct arena *a, const struct linear *l, struct linear_answer *out);

#endif
