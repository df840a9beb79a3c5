/* measure/equate.h - number-right scores of form X as scores of form Y, by item response theory
 * (Kolen & Brennan 2004, sections 6.5 and 6.6). All parameters are on one scale. */
#ifndef MEASURE_EQUATE_H
#define MEASURE_EQUATE_H

#include "measure/score.h"

/* True scores: for each whole x, theta with T_X(theta) = x, and y = T_Y(theta). Below the sum of the
 * guessing parameters: y = x sum c_Y / sum c_X (Kolen 1981); at the top: the top. THETA is NaN
 * there. OUT and THETA have score_top(x) + 1 values. */
void equate_true(const struct scored_items *x, const struct scored_items *y, double *theta,
                 double *out);

/* Observed scores: distributions by Lord & Wingersky over the synthetic population NODE, WEIGHT, then
 * equipercentile with the uniform kernel (Kolen & Brennan 2004, eq. 2.14 and 2.18). */
void equate_observed(struct arena *a, const struct scored_items *x,
                     const struct scored_items *y, const double *node, const double *weight,
                     size_t nodes, double *out);

/* y equivalents of 0..top_x from relative frequencies. */
void equipercentile(struct arena *a, const double *fx, size_t top_x, const double *gy,
                    size_t top_y, double *out);

#endif
