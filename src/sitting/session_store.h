/* sitting/session_store.h - writes of sessions, rooms, seats and staff: for the use cases here.
 *
 * All run inside a transaction; every one is limited to the body of `struct owned`. */
#ifndef SITTING_SESSION_STORE_H
#define SITTING_SESSION_STORE_H

#include "sitting/arrange.h"
#include "store/audit.h"

bool site_put(struct db *db, const struct site *s, int64_t now_ms, struct err *e) MUST_USE;
bool session_insert(struct db *db, const struct session *s, int64_t now_ms,
                    struct err *e) MUST_USE;
/* CONFLICT /version: edited meanwhile, or no draft any more. */
bool session_save(struct db *db, const struct session *s, struct err *e) MUST_USE;
/* The guard of everything that changes an arrangement: CONFLICT /state if it is no draft. */
bool session_touch_draft(struct db *db, struct owned session, struct err *e) MUST_USE;
bool session_set_seed(struct db *db, struct owned session, int64_t seed,
                      struct err *e) MUST_USE;

bool room_insert(struct db *db, struct id body, const struct room *r, struct err *e) MUST_USE;
bool room_last_no(struct db *db, struct owned session, int64_t *no, struct err *e) MUST_USE;
bool room_name_taken(struct db *db, struct id body, const struct room *r, bool *taken,
                     struct err *e) MUST_USE;
bool room_taken_seats(struct db *db, struct owned room, int64_t *count, struct err *e) MUST_USE;
bool room_delete(struct db *db, struct owned room, struct err *e) MUST_USE;

bool seat_put(struct db *db, struct id body, const struct seat *s, struct err *e) MUST_USE;
/* Zero entry and person empty it. NOT_FOUND /seat. */
bool seat_set(struct db *db, struct id body, const struct seat *s, struct err *e) MUST_USE;
bool seat_clear_session(struct db *db, struct owned session, struct err *e) MUST_USE;
/* Entries of the batch seated in other sessions of the same component. */
struct id_list {
    struct id *at;
    size_t count;
};
bool seat_elsewhere(struct db *db, struct arena *a, const struct session *s,
                    struct id_list *out, struct err *e) MUST_USE;

/* Who or what is taken by other sessions at the same time. */
struct taken {
    struct id id;     /* person, account or site */
    const char *name; /* of the room; NULL otherwise */
    const char *title;
};
struct taken_list {
    struct taken *at;
    size_t count;
};
bool seat_clashes(struct db *db, struct arena *a, const struct session *s,
                  struct taken_list *out, struct err *e) MUST_USE;
bool staff_clashes(struct db *db, struct arena *a, const struct session *s,
                   struct taken_list *out, struct err *e) MUST_USE;
bool room_clashes(struct db *db, struct arena *a, const struct session *s,
                  struct taken_list *out, struct err *e) MUST_USE;

/* What the people module knows of the account of S->at, which names account and duty. */
bool arrange_load_staff(struct db *db, const struct arranger *by, struct arranged_staff *s,
                        struct err *e) MUST_USE;
bool staff_put(struct db *db, struct id body, const struct session_staff *s,
               struct err *e) MUST_USE;
bool staff_same(struct db *db, struct id body, const struct session_staff *s, bool *same,
                struct err *e) MUST_USE;
bool staff_delete(struct db *db, struct owned staff, struct id session, struct err *e) MUST_USE;

/* Withdraws the tickets whose seat or day is not theirs any more. */
bool ticket_withdraw_stale(struct db *db, const struct session *s, int64_t now_ms,
                           struct err *e) MUST_USE;
/* Withdraws every valid ticket of the session. */
bool ticket_withdraw_all(struct db *db, struct owned session, int64_t now_ms,
                         struct err *e) MUST_USE;

/* One audit row for a change of a session, "se". CHANGE is stolen by the arena. */
struct json_t;
bool session_audit(struct db *db, const struct arranger *by, enum act act, struct id session,
                   struct json_t *change, struct err *e) MUST_USE;
struct owned owned_by(const struct arranger *by, struct id id);

#endif
