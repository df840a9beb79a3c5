/* marking/machine.h - what a machine can say of an attempt: a pure function of the answers and the
 * places of its paper. Marks are millimarks. */
#ifndef MARKING_MACHINE_H
#define MARKING_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct arena;
struct attempt_answers;
struct json_out;
struct json_t;
struct paper_place;

struct place_mark {
    int64_t n;
    const char *code; /* of the item */
    const char *area, *point;
    int32_t full_millimarks, millimarks;
    bool answered;
    bool needs_marker; /* a person decides; millimarks is 0 until then */
    bool unreadable;   /* a response of the wrong shape: 0, and a person is told */
    const struct json_t *response;
};

/* One mark a place, in the order of places. Answers to numbers that the paper does not have are
 * passed over: they cannot have been asked. */
void machine_mark(struct arena *a, const struct paper_place *places, size_t count,
                  const struct attempt_answers *answers, struct place_mark *out);

/* Marks of a weight area, for the candidate's breakdown. */
struct area_mark {
    const char *area;
    int64_t full_millimarks, millimarks;
};
/* In the order in which areas first occur. */
size_t marks_by_area(struct arena *a, const struct place_mark *marks, size_t count,
                     struct area_mark **out);

void place_marks_write(const struct place_mark *marks, size_t count, struct json_out *o);
void area_marks_write(const struct area_mark *areas, size_t count, struct json_out *o);

#endif
