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

/* The members of a body that people mark, and their rows (base/fields.h): a model answer or what a good one is like,
 * the guide, what people get wrong, the explanation. */
#define GUIDED_MEMBERS                                                                         \
    const char *key;                                                                           \
    const struct guide_point *guide;                                                           \
    size_t guide_count;                                                                        \
    const char **errors;                                                                       \
    size_t error_count;                                                                        \
    const char *explanation
#define GUIDED_ROWS(type)                                                                      \
    {FIELD(type, key, TEXT), .required = true, .min = 1, .max = 4000},                         \
        {FIELD(type, guide, OBJECTS),                                                          \
         FIELD_COUNT(type, guide_count),                                                       \
         .required = true,                                                                     \
         .min = 1,                                                                             \
         .max = GUIDE_POINTS_MAX,                                                              \
         .sub = &guide_point_fields},                                                          \
        {FIELD(type, errors, TEXTS), FIELD_COUNT(type, error_count)},                          \
    {                                                                                          \
        FIELD(type, explanation, TEXT), .required = true, .min = 1, .max = 4000                \
    }

#endif
