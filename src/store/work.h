/* store/work.h - what is computed behind the desk: asked for, taken by the server that was asked, told about,
 * ended. One row a computation; it stays when it is over. Decision 0079. */
#ifndef STORE_WORK_H
#define STORE_WORK_H

#include "store/audit.h"

struct arena;
struct db;

struct work_order {
    const char *kind, *argument; /* ARGUMENT: JSON */
    struct id object;            /* zero: none */
    struct id process;           /* who computes it */
};
/* CONFLICT at "/work" while the same KIND with the same ARGUMENT is waiting or running in this body. Audited. */
bool work_ask(struct db *db, const struct actor *who, const struct work_order *order,
              struct id *out, struct err *e) MUST_USE;

struct work_row {
    struct id id, object, result; /* RESULT zero: none */
    const char *kind, *argument, *account, *state, *step, *field,
        *sentence; /* ACCOUNT: a name */
    int64_t done, total, asked_ms, begun_ms, ended_ms;
    bool cancelling;
};
enum { WORK_SHOWN = 20 };
/* The latest of a kind (NULL: of all) of a body, newest first. OBJECT zero: whatever it is about. */
bool work_list(struct db *db, struct arena *a, struct id body, const char *kind,
               struct id object, struct work_row **out, size_t *count, struct err *e) MUST_USE;
bool work_get(struct db *db, struct arena *a, struct id body, struct id id,
              struct work_row *out, struct err *e) MUST_USE;
/* One that waits is over at once, one that runs when it next looks. CONFLICT at "/work" where it is over. */
bool work_cancel(struct db *db, const struct actor *who, struct id id, struct err *e) MUST_USE;

/* --- for the server ------------------------------------------------------------------------------ */
struct work_taken {
    struct id id, object;
    const char *kind, *argument;
    struct actor who; /* as asked; its request is the work's id */
};
/* The oldest that waits for PROCESS, now running. */
bool work_take(struct db *db, struct arena *a, struct id process, int64_t now_ms,
               struct work_taken *out, bool *found, struct err *e) MUST_USE;
struct work_word {
    const char *step;
    int64_t done, total, now_ms;
};
/* *CANCELLED: somebody wants it stopped. */
bool work_tell(struct db *db, struct id id, const struct work_word *word, bool *cancelled,
               struct err *e) MUST_USE;
struct work_end {
    const char *state, *field, *sentence;
    struct id result;
    int64_t now_ms;
};
bool work_end(struct db *db, struct id id, const struct work_end *end, struct err *e) MUST_USE;
/* What other servers left behind: all of theirs that said nothing since BEFORE_MS. */
bool work_interrupt(struct db *db, struct id process, int64_t before_ms, int64_t now_ms,
                    struct err *e) MUST_USE;

#endif
