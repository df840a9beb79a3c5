/* marking/typed_rules.h - what two typists say of one paper, and what counts. Pure.
 *
 * A sheet is a JSON object {"n": response}, responses in the item's own letters; a place that is not
 * there says nothing, so what the candidate did on the computer before stands. */
#ifndef MARKING_TYPED_RULES_H
#define MARKING_TYPED_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct arena;
struct attempt_answers;
struct json_t;

/* A response of a candidate's print, in its letters, turned into the item's own: PLACE is the place
 * as the exam JSON has it (doc/exam-paper.md). INVALID at "" or below where a letter is unknown. */
bool typed_to_own(struct arena *a, const struct json_t *place, const struct json_t *printed,
                  struct json_t **own, struct err *e);
/* And back, for the typist's own eyes. */
const struct json_t *typed_to_print(struct arena *a, const struct json_t *place,
                                    const struct json_t *own);

struct typed_difference {
    int64_t n;
    const struct json_t *one, *two; /* NULL: not on that sheet */
};
/* Places on which the sheets differ, by n. */
size_t typed_differences(struct arena *a, const struct json_t *one, const struct json_t *two,
                         struct typed_difference **out);

/* Puts what counts over ANSWERS: where the sheets agree, and DECIDED ({"n": response}) where not.
 * False where a difference is not decided. */
bool typed_apply(struct arena *a, const struct json_t *one, const struct json_t *two,
                 const struct json_t *decided, struct attempt_answers *answers);

#endif
