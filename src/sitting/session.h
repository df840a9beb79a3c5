/* sitting/session.h - a session (场次): one component of a batch, at one time, in rooms of sites.
 *
 * A session is arranged while it is a draft; closing it (all rules of sitting/arrange.h hold) makes
 * it arranged, and only then papers are sealed for it, tickets issued, and it is held:
 *
 *     draft ⇄ arranged → sealed → (released → running → finished)    draft, arranged → cancelled
 *
 * What is in brackets is not stored: the release, the attempts and their ends say it.
 *
 * `component` is the programme's own id: "theory", "skills" (操作技能), "review". Instants are UTC
 * milliseconds, lengths that end in _ms milliseconds, `minutes` minutes. Every read and write is
 * limited to one body by `struct owned`: what belongs to another body is NOT_FOUND. Errors besides
 * STORE are named at each function; texts live in the arena. */
#ifndef SITTING_SESSION_H
#define SITTING_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/id.h"

struct actor;
struct arena;
struct db;
struct programme_set;

enum session_state {
#define SESSION_STATE(name, may_become, label) SESSION_##name,
#include "sitting/session_states.def"
#undef SESSION_STATE
    SESSION_STATES
};
const char *session_state_name(enum session_state s); /* "draft", in the database and the API */
const char *session_state_label(enum session_state s); /* in Chinese */
bool session_state_find(const char *name, enum session_state *out);
bool session_state_may(enum session_state from, enum session_state to);

enum duty {
#define DUTY(name, role, label) DUTY_##name,
#include "sitting/staff_duties.def"
#undef DUTY
    DUTIES
};
const char *duty_name(enum duty d); /* "invigilator": in the database, the API and programmes */
const char *duty_label(enum duty d); /* in Chinese */
bool duty_find(const char *name, enum duty *out);
int duty_role(enum duty d); /* enum role that an account needs for it */

/* An object and the body that it must belong to. */
struct owned {
    struct id body, id;
};

struct site { /* 考点 */
    struct id id, body;
    const char *name, *address;
    const char *note; /* how to get there; NULL if none */
};

struct session {
    struct id id, body, batch;
    const char *component;
    const char *title;
    int64_t starts_ms, minutes, zone_offset_ms;
    int64_t late_limit_ms;       /* nobody enters later than this after the start */
    int64_t earliest_hand_in_ms; /* counted from the start */
    enum session_state state;
    int64_t released_ms;      /* of its papers; 0 */
    int64_t began_ms;         /* when the first candidate began; 0 */
    int64_t working, to_come; /* attempts that are open, that may still be opened */
    int64_t version;          /* grows with every change of the row: sent back by who edits */
    int64_t seed;             /* of the seating */
};
int64_t session_ends_ms(const struct session *s); /* without extra time */
/* The state that people are shown. Pure. A sealed session is released with its papers, runs from
 * the first candidate's beginning, and is finished when nobody works any more and either all have
 * ended or its time is over; extra time that reopens an attempt makes it run again. */
enum session_state session_now(const struct session *s, int64_t now_ms);

struct room { /* 考场: a room as this session uses it */
    struct id id, session, site;
    int64_t no; /* 1… within the session */
    const char *name;
    int64_t rows, columns, capacity; /* capacity <= rows * columns */
};

struct seat {
    struct id id, session, room;
    struct id entry, person; /* zero while the seat is empty */
    int64_t number;          /* 1… within the room, printed */
    int64_t row, col;        /* 1…, as seen from the door */
};

struct session_staff {
    struct id id, session, account;
    struct id room; /* zero: for the whole session */
    enum duty duty;
    const char *name; /* of the account */
};

/* ------------------------------------------------------------------ stores: reads */
bool site_list(struct db *db, struct arena *a, struct id body, struct site **out, size_t *count,
               struct err *e) MUST_USE;
bool site_get(struct db *db, struct arena *a, struct owned which, struct site *out,
              struct err *e) MUST_USE; /* NOT_FOUND */
bool session_get(struct db *db, struct arena *a, struct owned which, struct session *out,
                 struct err *e) MUST_USE; /* NOT_FOUND */
/* Of a batch, by start. */
struct session_list {
    struct session *at;
    size_t count;
};
bool session_list_batch(struct db *db, struct arena *a, struct owned batch,
                        struct session_list *out, struct err *e) MUST_USE;
/* Of a body, those that end after FROM_MS, by start. */
bool session_list_from(struct db *db, struct arena *a, struct owned body_and_account,
                       int64_t from_ms, struct session_list *out, struct err *e) MUST_USE;
struct room_list {
    struct room *at;
    size_t count;
};
bool room_list(struct db *db, struct arena *a, struct owned session, struct room_list *out,
               struct err *e) MUST_USE;
bool room_get(struct db *db, struct arena *a, struct owned which, struct room *out,
              struct err *e) MUST_USE; /* NOT_FOUND */
struct seat_list {
    struct seat *at;
    size_t count;
};
bool seat_list(struct db *db, struct arena *a, struct owned session, struct seat_list *out,
               struct err *e) MUST_USE; /* by room and number */
struct staff_list {
    struct session_staff *at;
    size_t count;
};
bool staff_list(struct db *db, struct arena *a, struct owned session, struct staff_list *out,
                struct err *e) MUST_USE;
/* Has the account this duty there? Staff of the whole session have it in every room; a zero room
 * asks for any. FORBIDDEN if not. */
struct duty_question {
    struct id body, session, room, account;
    enum duty duty;
};
bool staff_has_duty(struct db *db, const struct duty_question *q, struct err *e) MUST_USE;
/* One of several, in this order; Q->duty is the one then. A database that fails is no answer to whether
 * somebody has one: its error ends the question. */
bool staff_has_any_duty(struct db *db, struct duty_question *q, const enum duty *duties,
                        size_t count, struct err *e) MUST_USE;

/* Moves the state inside the caller's transaction, guarded by `from` in the WHERE; CONFLICT at
 * "/state" if the session is in another state. The caller writes the audit row. */
bool session_move(struct db *db, struct owned which, enum session_state from,
                  enum session_state to, struct err *e) MUST_USE;

/* ------------------------------------------------------------------ use cases */
/* Who arranges, and with what. */
struct arranger {
    struct arena *arena;
    const struct actor *actor;
    const struct programme_set *programmes;
};

struct site_input {
    const char *name, *address, *note;
};
bool site_create(struct db *db, const struct arranger *by, const struct site_input *in,
                 struct site *out, struct err *e) MUST_USE; /* CONFLICT /name */

struct session_input {
    const char *component, *title; /* title may be NULL: component and date */
    int64_t starts_ms, minutes;
    int64_t zone_offset_ms;           /* 0: China's, +08:00 */
    int64_t late_minutes;             /* -1: as the batch's policy says */
    int64_t earliest_hand_in_minutes; /* likewise */
};
/* NOT_FOUND batch, INVALID /component, /minutes, /starts_ms; CONFLICT /batch when it is over. A
 * duration below the programme's is a finding, not an error: a draft may be unfinished. */
bool session_create(struct db *db, const struct arranger *by, struct id batch,
                    const struct session_input *in, struct session *out,
                    struct err *e) MUST_USE;
/* A draft only; `version` must be the one that was read: CONFLICT /version. */
struct session_change {
    struct id session;
    int64_t version;
    struct session_input to;
};
bool session_edit(struct db *db, const struct arranger *by, const struct session_change *change,
                  struct session *out, struct err *e) MUST_USE;
bool session_cancel(struct db *db, const struct arranger *by, struct id session,
                    const char *reason, struct err *e) MUST_USE;

struct room_input {
    struct id session, site;
    const char *name;
    int64_t rows, columns, capacity; /* capacity 0: rows * columns */
};
/* Makes the room with its seats, numbered row by row. */
bool room_create(struct db *db, const struct arranger *by, const struct room_input *in,
                 struct room *out, struct err *e) MUST_USE;
/* Only while nobody sits in it; its staff goes with it. */
bool room_remove(struct db *db, const struct arranger *by, struct id room,
                 struct err *e) MUST_USE;

#endif
