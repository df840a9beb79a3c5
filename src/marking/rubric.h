/* marking/rubric.h - what an examiner scores: the skill weight table as points (评分细则).
 *
 * Derived from the programme, never typed: an area of the weight table is worth its percent of the
 * component's full marks; its work contents share that by their number of skills (largest
 * remainder, so the points add up exactly). A component without a weight table has one point. */
#ifndef MARKING_RUBRIC_H
#define MARKING_RUBRIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct arena;
struct json_out;
struct json_t;
struct programme;

struct rubric_point {
    const char *id;   /* of the work content: "W4.1.1"; of the area; or of the component */
    const char *area; /* "F4.1" */
    const char *area_name, *name;
    const char *const *skills; /* the skill requirements it stands for, as printed */
    size_t skill_count;
    int64_t full_millimarks;
};

struct rubric {
    const char *component;
    const struct rubric_point *points;
    size_t count;
    int64_t full_millimarks, pass_millimarks;
};

/* INVALID where the programme has no such component at the level. */
bool rubric_make(struct arena *a, const struct programme *p, const char *component,
                 int64_t level, const char *direction, struct rubric *out,
                 struct err *e) MUST_USE;
void rubric_write(const struct rubric *r, struct json_out *o);

/* SCORES: {"W4.1.1": millimarks, …}. The sum in *total. With COMPLETE every point must be there.
 * INVALID at /scores/<id> for an unknown point or a mark outside 0 to its full marks. */
bool rubric_sum(const struct rubric *r, const struct json_t *scores, bool complete,
                int64_t *total, struct err *e) MUST_USE;

#endif
