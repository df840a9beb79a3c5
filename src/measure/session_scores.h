/* measure/session_scores.h - the scored attempts of a theory session, each with its form: what every
 * report of a sitting begins with. */
#ifndef MEASURE_SESSION_SCORES_H
#define MEASURE_SESSION_SCORES_H

#include "marking/score_attempt.h"

struct scored_form {
    struct id id;
    const char *name;
};
struct session_scores {
    struct attempt_score *at; /* their `attempt` rows live in the arena */
    size_t *form;             /* of each attempt, an index into FORMS */
    int64_t *sex;             /* of each candidate, enum sex (people/document.h) */
    size_t count;
    struct scored_form *forms;
    size_t form_count;
};
/* CONFLICT at "/state" while an attempt is open: keys are shown. Answers from paper that are not
 * settled yet are left out. */
bool session_scores(const struct marking *m, struct id session, struct session_scores *out,
                    struct err *e) MUST_USE;

#endif
