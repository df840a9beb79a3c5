/* sitting/verify.h - proves the stored journal by its own hashes (S15): every batch record chained
 * to the one before, every row and ledger row a line of its batch, every line a row, and a session's rows
 * in the order of their lines. */
#ifndef SITTING_VERIFY_H
#define SITTING_VERIFY_H

#include <stddef.h>
#include <stdint.h>

#include "base/crypto.h"
#include "base/err.h"
#include "base/id.h"

struct arena;
struct db;

struct journal_break {
    const char *
        what; /* batch_changed, batch_missing, row_changed, row_missing, row_added, row_moved */
    int64_t batch;
    struct id subject; /* attempt, or scope of a ledger row; zero for a batch */
    uint32_t epoch, seq;
};
struct journal_report {
    int64_t batches, rows, ledger_rows;
    struct journal_break *breaks;
    size_t break_count;
    unsigned char head[HASH_BYTES]; /* of journal_verify_part: of the newest batch record */
};
/* In the words of a desk. */
const char *journal_break_label(const char *what);
/* False: the store failed. */
bool journal_verify(struct db *db, struct arena *a, struct journal_report *out,
                    struct err *e) MUST_USE;

/* One chain against one session, for what a room node hands up: only lines that WANTED says belong
 * to it are compared. */
struct batch_line;
struct journal_part {
    int64_t chain;
    struct id session;
    bool (*wanted)(void *ctx, const struct batch_line *line);
    void *ctx;
};
bool journal_verify_part(struct db *db, struct arena *a, const struct journal_part *part,
                         struct journal_report *out, struct err *e) MUST_USE;

#endif
