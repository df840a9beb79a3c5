/* marking/typed.h - answers from paper, typed in by two people independently. One of the two may be the
 * reader of scans (marking/scan.h); its account is nobody's.
 *
 * The two never see each other's sheet; after both have submitted, a third person who typed neither
 * decides where they differ. Limited to the actor's body. What counts is laid over the attempt's
 * journal when it is scored. */
#ifndef MARKING_TYPED_H
#define MARKING_TYPED_H

#include "marking/marking.h"
#include "marking/typed_rules.h"

enum typed_state { TYPED_NONE, TYPED_ONE, TYPED_DIFFERS, TYPED_SETTLED };
extern const char *const typed_state_names[]; /* "none", "typing", "differs", "settled" */

/* Theory sessions whose papers are sealed, newest first. */
struct typed_session {
    struct id id;
    const char *title;
    int64_t starts_ms;
};
bool typed_sessions(const struct marking *m, struct typed_session **out, size_t *count,
                    struct err *e) MUST_USE;

struct typed_row {
    struct id attempt;
    int64_t seat_no, submitted, differences; /* differences: undecided, once both are in */
    const char *ticket, *room, *attempt_state;
    enum typed_state state;
    bool mine, mine_submitted; /* the actor's own sheet */
};
bool typed_list(const struct marking *m, struct id session, struct typed_row **out,
                size_t *count, struct err *e) MUST_USE;

/* The actor's own sheet of an attempt: its places as printed ([{"n","kind",…}] of the exam JSON,
 * without stems) and what was typed so far, in the letters of the print. CONFLICT at "/open_at_ms"
 * before the papers are released. */
struct typed_sheet {
    const struct json_t *places;  /* array, as the exam JSON has them */
    const struct json_t *answers; /* {"n": response as printed} */
    int64_t version;              /* 0: not begun */
    bool submitted;
};
bool typed_open(const struct marking *m, struct id session, struct id attempt,
                struct typed_sheet *out, struct err *e) MUST_USE;

/* The answerable places of an exam JSON without their stems, parts of cases too; index n - 1. */
const struct json_t *typed_places(struct arena *a, const struct json_t *exam);
/* A response as printed, in the item's own letters. INVALID at "" or below. */
bool typed_response(const struct marking *m, const struct json_t *places, int64_t n,
                    const struct json_t *printed, struct json_t **own, struct err *e) MUST_USE;
/* FORBIDDEN for who decided a doubtful mark of the attempt's scan (marking/scan.h). */
bool typed_is_apart(const struct marking *m, struct db *db, struct id attempt,
                    struct err *e) MUST_USE;
/* CONFLICT at "/state": what was scored follows from what was known then; later it is a recheck. */
bool typed_not_scored(struct db *db, struct id attempt, struct err *e) MUST_USE;

struct typed_save {
    struct id session, attempt;
    const struct json_t *answers; /* {"n": response as printed; null: left open on the paper} */
    int64_t version;              /* the one that was read */
    bool submit;                  /* for good */
};
/* INVALID at "/answers/N…"; CONFLICT at "/version", or at "/state" where it is submitted or two
 * others have it. */
bool typed_save(const struct marking *m, const struct typed_save *save, int64_t *version,
                struct err *e) MUST_USE;

/* CONFLICT at "/state" until both are in; FORBIDDEN for those who typed one. */
bool typed_compare(const struct marking *m, struct id session, struct id attempt,
                   const struct json_t **places, struct typed_difference **out, size_t *count,
                   struct err *e) MUST_USE;
struct typed_verdict {
    struct id session, attempt;
    int64_t n;
    const struct json_t *response; /* as printed; null: left open */
    const char *reason;            /* 4 to 500 characters */
};
bool typed_decide(const struct marking *m, const struct typed_verdict *v,
                  struct err *e) MUST_USE;

/* For scoring: lays what counts over ANSWERS. *round: in which it was entered. *waiting: there are sheets and they
 * are not settled, or a page of a scan came in and there are none yet. */
bool typed_lay_over(const struct marking *m, struct id attempt, struct attempt_answers *answers,
                    int64_t *round, bool *waiting, struct err *e) MUST_USE;

/* The candidate's own paper, printed: from the release on. */
bool typed_print(const struct marking *m, struct id session, struct id attempt, bool specimen,
                 struct bytes *pdf, struct err *e) MUST_USE;

#endif
