/* measure/item_statistics.h - the figures of one item from what each attempt gave at it. Pure. */
#ifndef MEASURE_ITEM_STATISTICS_H
#define MEASURE_ITEM_STATISTICS_H

#include "measure/session_items.h"

struct item_point {
    double share, rest, total; /* of the item's marks, of all the others', of all */
    const char *response;
    bool full;
    int64_t sex; /* enum sex (people/document.h) */
    unsigned band;
};

struct item_moments {
    double mean, variance, r; /* variance over n - 1; r of the share with the rest */
};
struct item_moments item_moments(const struct item_point *points, size_t count);

/* Fills p, r, curve, answers, dif and findings of OUT; its kind, key and counts stand already. Sorts
 * POINTS. */
void item_statistics(struct arena *a, struct item_point *points, size_t count,
                     struct session_item *out);

#endif
