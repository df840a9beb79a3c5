/* sitting/hand_up.h - what a room node hands up to the centre, and what the centre does with it.
 *
 * Everything goes in parts of one kind, each an array of rows; a part may come twice, and after a cut
 * the centre says how far it is. Rows of the journal and batch records keep their bytes: hashes,
 * chain and the anchors sent before prove them (S15). When all is there the node's signed statement
 * closes it, states and answers become the centre's, and the centre signs a receipt.
 *
 *   journal   [row, before, branch, source, received_ms, boot_ms, batch, bytes]
 *   batch     [batch, bytes]
 *   ledger    as ledger_row_json has it
 *   attempt   {id, state, epoch, …, epochs, decisions, receipt}
 *   violation [id, attempt, entry, code, trigger, note, told, reporter, witness, at_ms, statement,
 *              state, decided code, decision, decided by, second, decided_ms]
 *   audit     {chain, seq, owner, …}
 *   blob      [no, blob, attempt, kind, bytes, digest, plain digest, plain size, received_ms, place, word,
 *              length_ms, media type]: what waits on the node (sitting/carry.h); the blobs themselves follow,
 *              each on its own (sitting/hand_up_blob.h)
 *   lost      [no]: announced, and no longer what was written there */
#ifndef SITTING_HAND_UP_H
#define SITTING_HAND_UP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/crypto.h"
#include "base/err.h"
#include "base/id.h"

struct actor;
struct arena;
struct db;
struct journal_writer;
struct json_t;
struct node;
struct node_desk;

enum { HAND_UP_PART_ROWS = 500 };
#define HAND_UP_PART_BYTES ((size_t)4 << 20)

/* --- on the node ------------------------------------------------------------------------------------- */
struct hand_up_totals {
    int64_t rows, last_row; /* journal rows of the session, the newest */
    int64_t batches;        /* of the chain */
    unsigned char head[HASH_BYTES];
    int64_t ledger, attempts, violations, audit, blobs;
};
bool hand_up_totals(struct db *db, struct arena *a, struct id session,
                    struct hand_up_totals *out, struct err *e) MUST_USE;
/* Who still writes, and of whom something might still come: neither sealed nor marked absent. */
bool hand_up_waits_for(struct db *db, struct id session, int64_t *writing, int64_t *outstanding,
                       struct err *e) MUST_USE;
/* Of a recorded session: since when nobody has ended and no piece has come; a page sends its last pieces after
 * it has sealed. 0: nothing is recorded. */
bool hand_up_quiet_since(struct db *db, struct id session, int64_t *ms, struct err *e) MUST_USE;
/* {"session", "rows", "last_row", "batches", "head", …}, to be signed as `hand-up`. */
struct json_t *hand_up_statement(struct arena *a, struct id session,
                                 const struct hand_up_totals *t);
bool hand_up_receipt_fits(const struct json_t *receipt, struct id session,
                          const struct hand_up_totals *t);

/* The next rows of KIND behind AFTER (a row, batch or place number; 0: the first); *last is where to
 * go on, unchanged at the end. */
struct hand_up_part {
    const char *kind;
    struct id session;
    int64_t chain, after;
};
bool hand_up_read(struct db *db, struct arena *a, const struct hand_up_part *p,
                  struct json_t **rows, int64_t *last, struct err *e) MUST_USE;

/* What of the node's audit chains the centre has not: TOPS is what it says it has, [{"chain", "seq", "hash"}…].
 * *heads names every chain of the node with its newest row; both are empty where nothing has moved. */
bool hand_up_audit(struct db *db, struct arena *a, const struct json_t *tops,
                   struct json_t **rows, struct json_t **heads, struct err *e) MUST_USE;

/* --- at the centre -------------------------------------------------------------------------------------- */
/* How far it is: {"last_row", "rows", "batches", "blobs", "done", "missing", "receipt"}. ROWS_THERE and
 * BATCHES_THERE are what the node says it has. */
struct hand_up_there {
    int64_t rows, batches;
};
bool hand_up_begin(const struct node_desk *d, const struct node *n, struct id session,
                   const struct hand_up_there *there, struct json_t **state,
                   struct err *e) MUST_USE;
/* INVALID at "/rows/n" for what is not the node's own, CONFLICT there where something else is stored
 * under its number; nothing of the part is kept then. */
bool hand_up_take(const struct node_desk *d, const struct node *n, struct id session,
                  const struct json_t *part, struct err *e) MUST_USE;
/* `type: hand-up`. CONFLICT at "/missing" with what is missing or wrong, which the desk shows too. */
bool hand_up_close(const struct node_desk *d, struct journal_writer *w, const struct node *n,
                   const struct json_t *statement, struct json_t **receipt,
                   struct err *e) MUST_USE;

/* Files and recordings of a node: announced, and what became of them. */
struct hand_up_blobs {
    int64_t announced, here, awaited, awaited_bytes;
    int64_t lost,
        bad; /* findings: no longer there on the node; came whole and are not what was said */
    int64_t refused; /* times one came with another digest */
    int64_t last;    /* the highest number */
};
bool hand_up_blobs_of(struct db *db, struct id session, struct id node,
                      struct hand_up_blobs *out, struct err *e) MUST_USE;

/* For the desk: how far each node of a session is. */
struct hand_up_standing {
    struct id node;
    const char *name, *missing;
    int64_t rows_there, rows_here, batches_there, batches_here, done_ms; /* 0: not done */
    struct hand_up_blobs blobs;
};
bool hand_up_standings(struct db *db, struct arena *a, struct id session,
                       struct hand_up_standing **out, size_t *count, struct err *e) MUST_USE;

#endif
