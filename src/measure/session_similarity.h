/* measure/session_similarity.h - after a session: which candidates' answers are more alike than chance
 * makes them (measure/similar_answers.h), and what a person decided about a pair.
 *
 * A flag with its reason, for a person; marking reads neither flags nor decisions. */
#ifndef MEASURE_SESSION_SIMILARITY_H
#define MEASURE_SESSION_SIMILARITY_H

#include "marking/marking.h"
#include "measure/similar_answers.h"

struct seated_person {
    struct id attempt, room;
    int64_t seat_no, row, col; /* row, col 0: the room has no plan */
    const char *name, *room_name;
};
/* A question that both answered wrong. */
struct wrong_answer {
    const char *code;
    int64_t part;               /* of a case, from 0; -1: the whole item */
    int64_t first_n, second_n;  /* its number in their papers */
    const char *first, *second; /* JCS */
    bool same;
    int64_t answered, gave_same; /* of the session: answered it; gave what FIRST gave */
};
struct alike_pair {
    struct similar_pair figures;
    const struct seated_person *first, *second;
    struct wrong_answer *wrong;
    size_t wrong_count;
    const char *verdict, *reason; /* NULL: nobody has decided */
    struct id actor;
    int64_t decided_ms;
};
enum { ALIKE_SHOWN = 20 };
struct session_similarity {
    struct alike_pair *at; /* flagged, decided, and the least likely up to ALIKE_SHOWN */
    size_t count;
    size_t persons, items, pairs, flagged;
    bool enough;
};
/* ALL: every pair of the session, not only neighbours. CONFLICT at "/state" while an attempt is open. */
bool session_similarity(const struct marking *m, struct id session, bool all,
                        struct session_similarity *out, struct err *e) MUST_USE;

struct similarity_decision {
    struct id session, first, second; /* attempts, in any order */
    const char *verdict;              /* "harmless" or "violation" */
    const char *reason;
};
/* Once. INVALID /verdict, /reason; NOT_FOUND /first: no two ended attempts of this session; CONFLICT
 * /first: it is decided. */
bool similarity_decide(const struct marking *m, const struct similarity_decision *in,
                       struct err *e) MUST_USE;

#endif
