/* marking/score_attempt.h - the machine's marks of one attempt under one version of the key. */
#ifndef MARKING_SCORE_ATTEMPT_H
#define MARKING_SCORE_ATTEMPT_H

#include "marking/machine.h"
#include "marking/marking.h"
#include "paper/key_change.h"

struct attempt_row {
    struct id id, entry, paper;
    bool ended;
};
bool attempt_is_ended(const char *state);
bool attempt_rows(const struct marking *m, struct id session, struct attempt_row **out,
                  size_t *count, struct err *e) MUST_USE;

/* The session's committed key set with every change that was decided, then EXTRA (may be NULL) on
 * top. FINGERPRINT covers the changes; all zero where there is none. */
struct session_key {
    struct key_set set;
    struct key_reader *reader;
    unsigned char fingerprint[HASH_BYTES];
    bool changed;
};
bool session_key(const struct marking *m, struct id session, const struct key_change *extra,
                 struct session_key *out, struct err *e) MUST_USE;

struct attempt_score {
    const struct attempt_row *attempt;
    const struct paper_place *places;
    struct place_mark *marks; /* one a place */
    size_t count, doubtful;   /* doubtful: answers that a person should look at */
    int64_t millimarks, full_millimarks;
    int64_t round; /* of what was entered from paper */
    bool waiting; /* answers from paper are not settled yet (marking/typed.h): nothing counts */
    unsigned char source[HASH_BYTES]; /* of everything it follows from */
};
/* CONFLICT at "/state" while the attempt is open. */
bool attempt_score(const struct marking *m, const struct session_key *key,
                   const struct attempt_row *attempt, struct attempt_score *out,
                   struct err *e) MUST_USE;

/* Inside a transaction: stores the marks of this key version. */
bool attempt_score_put(struct db *db, const struct marking *m, const struct marking_session *s,
                       const struct session_key *key, const struct attempt_score *score,
                       struct err *e) MUST_USE;

#endif
