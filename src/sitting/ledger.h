/* sitting/ledger.h - time is a ledger: start, pauses, extra time, forced close (DESIGN §1.6).
 *
 * Rows belong to a session, a room or one attempt and are never changed. What is left of an
 * attempt's time is a function of the rows that concern it; all instants are UTC ms. */
#ifndef SITTING_LEDGER_H
#define SITTING_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/id.h"

struct arena;
struct db;
struct json_out;
struct json_t;
struct query;

enum ledger_kind {
    LEDGER_START = 1,
    LEDGER_PAUSE,
    LEDGER_RESUME,
    LEDGER_EXTEND,
    LEDGER_CLOSE,
    LEDGER_PUT_OFF /* of a session: no room starts before at_ms; by itself it starts nothing */
};
enum ledger_scope { SCOPE_SESSION = 1, SCOPE_ROOM, SCOPE_ATTEMPT };

enum { EXTEND_MINUTES_MAX = 240 };

struct ledger_row {
    int64_t no; /* from 1, in order, within the session */
    enum ledger_kind kind;
    enum ledger_scope scope;
    struct id scope_id;
    int64_t at_ms;   /* when it takes effect; a start may lie ahead */
    int64_t minutes; /* LEDGER_EXTEND */
    const char *reason;
    int64_t server_ms; /* when it was written */
    struct id actor, second;
    int64_t from_no; /* on a node: of the centre's row that it takes over; 0: its own */
};

/* Whom rows are asked for: a row of any of its three scopes concerns it. */
struct ledger_who {
    struct id session, room, attempt;
};
bool ledger_concerns(const struct ledger_row *r, const struct ledger_who *who);

struct exam_clock {
    bool started;   /* a start row is there and its time has come */
    bool has_start; /* a start row is there */
    int64_t started_ms;
    int64_t allowed_ms; /* minutes of the session and all extra time */
    bool paused;        /* now */
    int64_t paused_ms;  /* until now */
    int64_t remaining_ms;
    int64_t deadline_ms; /* 0 while not begun or paused */
    bool closed;
};

/* The clock of one attempt at NOW. ROWS in order of `no`; rows of others are passed over. The
 * newest start of the narrowest scope counts, but not before the time the session was put off to
 * before that start had come; every extension counts once; pauses are the union over the scopes and
 * do not reach before the start. */
struct exam_clock ledger_clock(const struct ledger_row *rows, size_t count,
                               const struct ledger_who *who, int64_t minutes, int64_t now_ms);

/* No room starts before this: the printed time, or the one the session was put off to. */
int64_t ledger_earliest(const struct ledger_row *rows, size_t count, int64_t printed_ms);

/* Whether ROW may follow ROWS: no pause of what is paused, no resume of what runs, one start a
 * scope before it has begun, minutes 1 to EXTEND_MINUTES_MAX, a reason for all but start. */
bool ledger_may_add(const struct ledger_row *rows, size_t count, const struct ledger_row *row,
                    int64_t now_ms, struct err *e) MUST_USE;

const char *ledger_kind_name(enum ledger_kind k);
const char *ledger_scope_name(enum ledger_scope s);
void ledger_row_out(struct json_out *o, const struct ledger_row *r); /* one object */
void exam_clock_out(struct json_out *o, const char *key, const struct exam_clock *c);
/* What a batch record holds of a row: H of its canonical bytes. */
void ledger_row_hash(unsigned char out[32], struct id session, const struct ledger_row *r);

/* --- store ------------------------------------------------------------------------------------ */
bool ledger_put(struct db *db, struct id session, const struct ledger_row *r,
                struct err *e) MUST_USE;
bool ledger_of_session(struct db *db, struct arena *a, struct id session,
                       struct ledger_row **rows, size_t *count, struct err *e) MUST_USE;
/* The columns of SQL_time_ledger_list, in this order. */
bool ledger_row_of(struct query *q, struct arena *a, struct ledger_row *r,
                   struct err *e) MUST_USE;
/* A row that a node handed up and that copies one of ours, which counts itself. */
bool ledger_is_copy(const struct ledger_row *r);

/* Between centre and node, both ways: [no, kind, scope, scope id, at_ms, minutes, reason, server_ms,
 * actor, second, from_no]. *out's reason lives as long as V. */
struct json_t *ledger_row_json(const struct ledger_row *r);
bool ledger_row_read(const struct json_t *v, struct ledger_row *out);

#endif
