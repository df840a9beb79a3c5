/* measure/link_criterion.h - what the characteristic curve methods of linking minimise. */
#ifndef MEASURE_LINK_CRITERION_H
#define MEASURE_LINK_CRITERION_H

#include "measure/link.h"

/* Writes the residuals at A and B, each times the root of its weight; returns how many. */
typedef size_t (*link_residuals)(const void *ctx, double a, double b, double *out);

/* From out->a and out->b to where the sum of squares is smallest; ROOM: residuals at most. */
void link_minimise(struct arena *work, size_t room, link_residuals residuals, const void *ctx,
                   struct linking *out);

#endif
