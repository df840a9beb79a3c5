/* sitting/batch.h - the batch record HNB1 that each commit of the journal leaves (SECURITY §5.2). */
#ifndef SITTING_BATCH_H
#define SITTING_BATCH_H

#include "base/bytes.h"
#include "sitting/writer.h"

struct arena;
struct db;

enum { BATCH_HEAD_BYTES = 68, BATCH_LINE_BYTES = 60, BATCH_CHAIN = 1 };

/* Rows of a chain other than the centre's own have numbers from chain * 2^40 on, so what a room
 * node hands up keeps its numbers. Ledger rows get theirs at the hand-up. */
#define ROW_SPACE (INT64_C(1) << 40)
int64_t chain_of_row(int64_t row); /* BATCH_CHAIN for the centre's own */
int64_t first_row_of_chain(int64_t chain);

struct batch_line {
    struct id subject; /* attempt, or the scope of a ledger row */
    uint32_t epoch, seq;
    uint8_t branch, source;
    unsigned char hash[HASH_BYTES];
};

/* Collects the lines of one batch. */
struct batch_lines {
    struct arena *arena;
    int64_t chain; /* 0: BATCH_CHAIN */
    unsigned char *bytes;
    size_t count, room;
};
void batch_lines_begin(struct batch_lines *b, struct arena *a);
void batch_lines_add(struct batch_lines *b, const struct batch_line *line);

/* Closes it as the record behind BEFORE: NEXT gets its number, time and hash. */
struct batch_time {
    int64_t utc_ms, boot_ms;
};
bool batch_record_put(struct db *db, struct batch_lines *b, const struct batch_head *before,
                      struct batch_time at, struct batch_head *next, struct err *e) MUST_USE;
/* The newest record of the chain; zeros when there is none. */
bool batch_head_load(struct db *db, int64_t chain, struct batch_head *out,
                     struct err *e) MUST_USE;

/* Reads a record back, for the verifier. */
struct batch_record {
    int64_t chain, batch, utc_ms, boot_ms;
    unsigned char before[HASH_BYTES];
    size_t count;
    const unsigned char *lines;
};
bool batch_record_read(struct bytes in, struct batch_record *out);
struct batch_line batch_line_at(const struct batch_record *r, size_t i);

#endif
