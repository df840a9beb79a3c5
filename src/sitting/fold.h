/* sitting/fold.h - current answers as a function of the journal (DESIGN §1.2).
 *
 * Entries of the main line and those aside that two people accepted, in order of (epoch, seq);
 * an entry whose estimated time lies after the deadline does not count and is reported. Used to
 * resume, to score and to show the invigilator. */
#ifndef SITTING_FOLD_H
#define SITTING_FOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/id.h"
#include "sitting/apply.h"
#include "sitting/journal_entry.h"
#include "sitting/plays.h"

struct arena;
struct db;

struct answer {
    uint16_t item;         /* number in the paper, from 1 */
    struct bytes response; /* JCS of the response; at == NULL: none, or cleared */
    bool flagged, visited;
    int64_t client_ms; /* of the last answer or clear */
};

/* One row of an attempt's journal as it was stored. */
struct journal_row {
    struct journal_entry entry; /* bytes in the arena */
    int64_t id;
    enum branch branch;
    int64_t source; /* enum journal_source */
    int64_t received_ms;
    int64_t batch;
};

/* Aside entries up to (epoch, seq) of that epoch count, by decision of two people. */
struct aside_decision {
    uint32_t epoch, seq;
};

struct attempt_answers {
    enum attempt_state state;
    struct answer *items; /* by item number; only items that occur in the journal */
    size_t count;
    size_t answered;    /* items with a response */
    uint16_t last_item; /* the question the candidate was at */
    size_t entries;     /* on the main line */
    size_t aside;       /* beside it, accepted or not */
    size_t unreadable;  /* payloads that are no JSON: kept, ignored */
    size_t late;        /* estimated after the deadline: kept, not counted */
    size_t doubtful;    /* counted, but a person should look: only the server's time is later */
    int64_t deadline_ms;
    struct play_list plays; /* begun, of every row: heard is heard */
};

struct fold_input {
    const struct journal_row *rows; /* in any order */
    size_t count;
    const struct aside_decision *decisions;
    size_t decision_count;
    const int64_t *opened_ms; /* when epoch n was claimed, at [n - 1] */
    size_t epoch_count;
    int64_t deadline_ms; /* 0: none yet, everything counts */
    bool vouched; /* a seal code was noted that matches, or the seal's device signature is
                            true: entries the device dates in time need nobody's look */
};

/* Pure. */
void fold(struct arena *a, const struct fold_input *in, struct attempt_answers *out);

/* Clock evidence (SECURITY §5.4): when an entry was made. Not before the server time it proves to
 * know (the claim, then each `clock` entry) plus the device's monotonic time since; not after the
 * server stored it or one behind it, less the monotonic time between. The first is the estimate,
 * the second the latest possible. ROWS is one epoch in order of seq. */
struct made {
    int64_t estimate_ms, latest_ms;
};
void fold_estimate(const struct journal_row *const *rows, size_t count, int64_t opened_ms,
                   struct made *out);

/* The answers of an attempt that is sealed or closed (or was never opened: count 0), for marking.
 * CONFLICT at "/state" while it is still open: a result is a function of sealed journals. */
bool attempt_answers(struct db *db, struct arena *a, struct id attempt,
                     struct attempt_answers *out, struct err *e) MUST_USE;

/* Everything the fold needs, and who it belongs to. */
struct attempt_record {
    struct id attempt, session, room, entry, body;
    enum attempt_state state;
    uint32_t epoch;
    int64_t last_row, ended_ms;
    const char *end_reason, *seal_code; /* NULL: none */
    struct id paper;
    unsigned char paper_digest[HASH_BYTES];
    struct journal_row *rows; /* oldest first */
    size_t row_count;
    struct attempt_epoch {
        unsigned char pub[DEVICE_PUBLIC_BYTES];
        bool weak;
        int64_t at_ms;
    } * epochs; /* epoch n at [n - 1] */
    size_t epoch_count;
    struct aside_decision *decisions;
    size_t decision_count;
    int64_t deadline_ms;            /* by the whole ledger; 0 none */
    const struct journal_row *seal; /* newest on the main line, NULL: none */
    bool seal_signed;               /* its device signature is true */
    bool seal_code_matches;         /* one was noted, and it is this head's */
};
/* LAST_ROW 0: as the database has it (an ended attempt). NOT_FOUND at "attempt". */
bool attempt_record_load(struct db *db, struct arena *a, struct id attempt, int64_t last_row,
                         struct attempt_record *out, struct err *e) MUST_USE;
void attempt_record_fold(struct arena *a, const struct attempt_record *r,
                         struct attempt_answers *out);

/* The device's signature over a seal or checkpoint entry (HNS1). */
bool entry_signature_is_true(struct arena *a, const struct journal_entry *entry,
                             const unsigned char pub[DEVICE_PUBLIC_BYTES]);

#endif
