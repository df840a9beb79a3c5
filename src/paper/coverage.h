/* paper/coverage.h - what a bank has, against what one paper of the default layout needs. */
#ifndef PAPER_COVERAGE_H
#define PAPER_COVERAGE_H

#include "paper/blueprint.h"

/* Items that each point of a national standard is to have; one for other programmes. */
enum { COVERAGE_PER_KNOWLEDGE = 4, COVERAGE_PER_BASIC = 6 };

struct coverage_cell { /* area × kind × level and direction */
    int64_t level;
    const char *direction; /* NULL: the programme has none */
    const char *area, *kind;
    int64_t have, needed;
};

struct coverage_point { /* of what the weight tables of theory examine */
    const char *point, *area;
    int64_t have, needed; /* needed: see above */
};

struct coverage {
    struct coverage_cell *cells;
    struct coverage_point *points;
    size_t cell_count, point_count, lacking; /* cells and points with have < needed */
};

bool bank_coverage(struct arena *a, const struct programme *p, const struct item_row *pool,
                   size_t count, struct coverage *out, struct err *e) MUST_USE;
void coverage_write(const struct coverage *c, struct json_out *o);

#endif
