/* sitting/arrange.h - the arrangement of a session: who sits where, who watches and assesses, and
 * the rules that hold before it may be closed.
 *
 * The rules are pure: they look at a whole arrangement and return every finding. Numbers (ratios,
 * minutes) are the programme's, with its source text; rules that no document prints say so
 * (本方案约定). A finding that blocks keeps the arrangement from being closed; the others are
 * shown. */
#ifndef SITTING_ARRANGE_H
#define SITTING_ARRANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/id.h"
#include "people/recusal.h"
#include "sitting/session.h"

struct json_out;
struct programme;

/* ------------------------------------------------------------------ what the rules look at */
struct arranged_candidate {
    struct id entry, person;
    struct id seat, room; /* zero: not seated yet */
    int64_t seat_number;
    const char *name;
    const char *employer; /* as the application says, now; NULL: none told */
    struct id partner;    /* who brought the candidate */
    int64_t level;
    const char *direction;
    bool accepted;      /* the application still stands */
    const char *clash;  /* title of an overlapping session this person also sits in; NULL */
    int64_t clash_seat; /* her number of seats in this session, 0 or 1 where all is well */
};

struct arranged_staff {
    struct session_staff at;
    struct id person; /* of the account, if it is also known as a candidate */
    const char *employer;
    bool may;          /* the account is active and holds the role of the duty */
    const char *clash; /* title of an overlapping session with a duty; NULL */
    const struct conflict *conflicts;
    size_t conflict_count;
    const struct staff_occupation *occupations;
    size_t occupation_count;
};

struct arrangement {
    const struct programme *programme;
    struct session session;
    const struct room *rooms;
    size_t room_count;
    const char *const *room_clashes; /* a row a room: session that has the same room; or NULL */
    const struct arranged_candidate *candidates; /* of the batch, seated here or nowhere */
    size_t candidate_count;
    const struct arranged_staff *staff;
    size_t staff_count;
    int64_t now_ms;
};

/* ------------------------------------------------------------------ what they say */
struct arrange_finding {
    const char *rule; /* "invigilators_ratio", a row of findings.def: never renamed */
    bool blocks;
    const char *where;    /* "session", "room", "staff", "candidate" */
    struct id where_id;   /* of the room, the session_staff, the entry; zero for the session */
    const char *name;     /* 第一考场; 张* */
    const char *sentence; /* what is wrong, with the numbers, and what would cure it */
    const char *source;   /* 《…》1.9.3：“…” or 本方案约定 */
};

struct findings {
    struct arrange_finding *at;
    size_t count, blocking;
};

/* Every rule, in the order session, rooms, staff, candidates. Pure. */
void arrange_check(struct arena *a, const struct arrangement *w, struct findings *out);
/* Do the two lengths of time share an instant? */
bool arrange_overlap(int64_t x_ms, int64_t x_minutes, int64_t y_ms, int64_t y_minutes);
/* {"findings":[{"rule","blocks","where","where_id","name","sentence","source"}],"blocking":n} */
void findings_put(struct json_out *o, const struct findings *f);

/* ------------------------------------------------------------------ seating, pure */
struct seating {
    const struct seat *seats; /* all of the session, by room and number */
    size_t seat_count;
    const struct arranged_candidate *candidates; /* those to be seated; already seated: kept */
    size_t candidate_count;
    uint64_t seed;
};
/* OUT[i] is the index of candidate i's seat. Spreads the candidates over the rooms by their
 * places, and keeps people of one employer or partner off neighbouring seats where it can: the
 * same input gives the same seats. False if there are not enough seats. */
bool seating_plan(struct arena *a, const struct seating *s, size_t *out);
/* How many pairs of neighbours (beside, before, behind, across) share employer or partner. */
size_t seating_neighbours(struct arena *a, const struct seating *s, const size_t *seat_of);

/* ------------------------------------------------------------------ use cases */
bool arrangement_load(struct db *db, const struct arranger *by, struct id session,
                      struct arrangement *out, struct err *e) MUST_USE;
bool arrange_findings(struct db *db, const struct arranger *by, struct id session,
                      struct findings *out, struct err *e) MUST_USE;

/* Seats the accepted entries of the batch that are in no other session of the component; AGAIN
 * empties all seats first. RULE /capacity if there are too few. */
struct seat_auto {
    struct id session;
    uint64_t seed;
    bool again;
    const struct id *entries; /* only these; NULL: all */
    size_t entry_count;
    int64_t seated; /* out */
};
bool arrange_seat(struct db *db, const struct arranger *by, struct seat_auto *s,
                  struct err *e) MUST_USE;
/* Puts ENTRY on SEAT by hand; whoever sat there takes the entry's old seat (or none). A zero
 * entry empties the seat. */
struct seat_move {
    struct id session, seat, entry;
};
bool arrange_move(struct db *db, const struct arranger *by, const struct seat_move *m,
                  struct err *e) MUST_USE;

struct staff_input {
    struct id session, account;
    struct id room; /* zero: the whole session */
    enum duty duty;
};
/* The account must hold the role and have no tie to a candidate it would watch or assess: RULE
 * /account with the sentence of the finding. CONFLICT /account if it has a duty here. */
bool staff_assign(struct db *db, const struct arranger *by, const struct staff_input *in,
                  struct session_staff *out, struct err *e) MUST_USE;
bool staff_remove(struct db *db, const struct arranger *by, struct id session,
                  struct id session_staff, struct err *e) MUST_USE;

/* FINDINGS is always filled. Any that blocks: RULE /findings with the first one's sentence. Tickets
 * of an earlier closing that name another seat or day are withdrawn; the others hold. */
bool arrange_close(struct db *db, const struct arranger *by, struct id session,
                   struct findings *findings, struct err *e) MUST_USE;
/* Back to a draft, before anything is sealed. Tickets cannot be printed until it is closed. */
bool arrange_reopen(struct db *db, const struct arranger *by, struct id session,
                    const char *reason, struct err *e) MUST_USE;

#endif
