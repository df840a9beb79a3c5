/* bank/guide.c - the members of a point of a scoring guide. */
#include "bank/guide.h"

#include "base/fields.h"

static const struct field rows[] = {
    {FIELD(struct guide_point, point, TEXT), .required = true, .min = 1, .max = 1000},
    {FIELD(struct guide_point, marks, INT), .required = true, .min = 1, .max = 100},
    {FIELD(struct guide_point, accept, TEXTS), FIELD_COUNT(struct guide_point, accept_count)},
};
const struct fields guide_point_fields = FIELDS("guide_point", struct guide_point, rows);
