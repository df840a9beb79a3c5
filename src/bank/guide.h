/* bank/guide.h - what markers give marks for, point by point: of the kinds that people read. */
#ifndef BANK_GUIDE_H
#define BANK_GUIDE_H

#include <stddef.h>
#include <stdint.h>

struct fields;

enum { GUIDE_POINTS_MAX = 40 };

struct guide_point {
    const char *point;
    int64_t marks;
    const char **accept;
    size_t accept_count;
};
extern const struct fields guide_point_fields;

#endif
