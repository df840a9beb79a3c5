/* award/resit.h - what was passed before and still counts, and whether somebody may try again.
 *
 * Sources: the programme's rule of resits ("合格科目成绩保留一年，其间可补考一次"), frozen in the batch's
 * policy at enrolment. A try is a component with a published result that is no kept one, sat or not; an
 * accepted application whose results are still to come is one as well. Times are UTC ms. */
#ifndef AWARD_RESIT_H
#define AWARD_RESIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/id.h"

struct arena;
struct component;
struct db;
struct programme;

struct resit_question {
    struct id person, entry; /* entry: the new one, whose own results do not count */
    const struct programme *programme;
    int64_t level;
    const char *direction;
    int64_t keep_days;
    int64_t max_resits; /* within KEEP_DAYS; -1: not limited */
    int64_t at_ms;      /* the day of the exam that is applied for */
};

/* --- what still counts -------------------------------------------------------------------------- */
struct kept_part {
    const char *component;
    int64_t millimarks, published_ms, until_ms;
    struct id from_entry;
};
struct kept_list {
    struct kept_part *at;
    size_t count;
};
/* What was passed before and still counts at AT_MS, newest of each component. */
bool award_kept(struct db *db, struct arena *a, struct id body, const struct resit_question *q,
                struct kept_list *out, struct err *e) MUST_USE;

/* --- trying again ------------------------------------------------------------------------------- */
enum {
    RESIT_TRIES_MAX = 64 /* of one component; older ones are left out */
};
#define RESIT_OPEN INT64_MAX /* a try whose result is not published yet */

struct resit_verdict {
    int64_t tries; /* those that count on the day */
    bool refused;
    int64_t again_ms; /* refused: an exam on this day may be applied for; 0: not known yet */
};
/* The rule. TRIES: when the result of each was published, in any order, at most RESIT_TRIES_MAX. */
struct resit_verdict resit_judge(const int64_t *tries, size_t count,
                                 const struct resit_question *q);

struct resit_part {
    const struct component *component;
    const struct kept_part *kept; /* NULL: has to be sat */
    struct resit_verdict verdict; /* of a kept one: never refused */
};
struct resit_answer {
    struct resit_part *parts; /* the components of the level */
    size_t count;
    const struct resit_part *refused; /* which stands longest in the way; NULL: none does */
    const char *source;               /* of the limit, as printed; "" where there is none */
};
/* The programme's own words with their place, where the batch keeps to them. */
const char *resit_source(struct arena *a, const struct resit_question *q);
bool resit_ask(struct db *db, struct arena *a, struct id body, const struct resit_question *q,
               struct resit_answer *out, struct err *e) MUST_USE;
/* RULE at "/entry": the count, the source of the limit, and when somebody may apply anew. */
bool resit_allow(const struct resit_question *q, const struct resit_answer *answer,
                 struct err *e) MUST_USE;

#endif
