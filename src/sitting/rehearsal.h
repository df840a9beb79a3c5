/* sitting/rehearsal.h - rehearsals of a session: their reports, thresholds and verdict (doc/decisions/0052).
 *
 * Synthetic candidates sit in a store of their own on the machine that will hold the session; nothing of
 * them but the report comes here. A report as it is handed in:
 *
 *   {"version", "engine", "began_ms", "ended_ms", "candidates", "rooms", "nodes",
 *    "stages": [{"name", "count", "ms", "cpu_ms"}…], "figures": {name: number…},
 *    "failed": {"stage", "text"} | null}
 *
 * and as it is kept: with "limits": [{"name", "unit", "bound", "limit", "value" | null, "ok"}…] for every row
 * of rehearsal_limits.def and "passed". A figure that was not reached never passes. */
#ifndef SITTING_REHEARSAL_H
#define SITTING_REHEARSAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/id.h"

struct actor;
struct arena;
struct db;
struct json_t;

enum { REHEARSAL_CANDIDATES_MIN = 12, REHEARSAL_CANDIDATES_MAX = 1000 };

/* A threshold of one rehearsal in place of the table's. */
struct rehearsal_limit {
    const char *name;
    int64_t limit;
};
struct rehearsal_limits {
    struct rehearsal_limit *at;
    size_t count;
};
/* "save_p99=300000,failed=0"; INVALID at FIELD for a name that is none or a number below 0. */
bool rehearsal_limits_read(struct arena *a, const char *text, const char *field,
                           struct rehearsal_limits *out, struct err *e) MUST_USE;
/* The Chinese label of a line of "limits". */
const char *rehearsal_limit_label(const char *name);

/* Pure. *out: the report with its thresholds and verdict, in the arena. INVALID at the member that is not
 * as above. */
bool rehearsal_judge(struct arena *a, const struct json_t *report,
                     const struct rehearsal_limits *limits, struct json_t **out,
                     struct err *e) MUST_USE;

/* May it be rehearsed now? CONFLICT at "/session" once it was released or is over, and while anybody sits an
 * exam in this store: the rehearsal would take the machine from them. */
struct rehearsal_plan {
    struct id session;
    struct id body;         /* out */
    const char *title;      /* out */
    int64_t seats, largest; /* out: of the session, of its largest room */
    bool seb;               /* out: in Safe Exam Browser */
};
bool rehearsal_may_begin(struct db *db, struct arena *a, int64_t now_ms,
                         struct rehearsal_plan *plan, struct err *e) MUST_USE;

/* Judged once more here, whatever it says of itself. */
struct rehearsal_input {
    struct id session, node; /* node zero: the centre */
    const struct json_t *report;
    const struct rehearsal_limits *limits; /* NULL: the table's */
    /* In the transaction that keeps it, if not NULL. */
    bool (*also)(struct db *db, void *ctx, struct err *e);
    void *ctx;
};
bool rehearsal_keep(struct db *db, struct arena *a, const struct actor *who,
                    const struct rehearsal_input *in, bool *passed, struct err *e) MUST_USE;

struct rehearsal {
    struct id id, node;
    const char *node_name; /* NULL: the centre */
    int64_t at_ms;
    bool passed;
    const struct json_t *report;
};
/* The newest 20 of a session, newest first. */
bool rehearsal_list(struct db *db, struct arena *a, struct id body, struct id session,
                    struct rehearsal **out, size_t *count, struct err *e) MUST_USE;

#endif
