/* bank/hotspot.h - areas of a picture and the points in them, for those who score, print or exchange them. */
#ifndef BANK_HOTSPOT_H
#define BANK_HOTSPOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct json_t;

enum { HOTSPOT_AREAS_MAX = 8, HOTSPOT_CORNERS_MAX = 24 };

/* As HTML and QTI have them: rect left, top, right, bottom · circle x, y, radius · poly x1, y1, x2, … */
struct hotspot_area {
    const char *name; /* what is there, for authors and analyses; may be NULL */
    const char *shape;
    const int64_t *coords; /* pixels */
    size_t coord_count;
};

/* Index of the first area that holds the point, edges included; -1: none. */
int hotspot_area_at(const struct hotspot_area *areas, size_t count, int64_t x, int64_t y);
/* [x, y] of a response. INVALID at "" for another shape. */
bool hotspot_point(const struct json_t *response, int64_t *x, int64_t *y,
                   struct err *e) MUST_USE;

#endif
