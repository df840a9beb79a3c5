/* sitting/writer.h - the journal writer: one thread, group commits, and what is in memory.
 *
 * Every change of an attempt goes through the writer's thread: saves and claims many to a
 * transaction, acts of people one each. A save is answered when its transaction is on disk. An
 * error in that transaction is fatal: nobody is answered and the process ends (status 3).
 * In memory: sessions that are prepared and not archived, their ledger, attempts with head, epochs
 * and keys (sitting/live.h). After kill -9 the start reads all of it back from the database. */
#ifndef SITTING_WRITER_H
#define SITTING_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/id.h"
#include "sitting/apply.h"
#include "sitting/journal_entry.h"

struct arena;
struct db;
struct journal_writer;
struct live;
struct master;
struct store;

enum journal_source { SOURCE_NET = 1, SOURCE_FILE, SOURCE_LEDGER, SOURCE_HAND_UP };

struct journal_config {
    struct store *store;
    const struct master *master;
    /* Tells pages that listen to TOPIC (an attempt or a room); NULL: nobody. Any thread. */
    void (*publish)(void *ctx, struct id topic, const char *name, const char *json);
    void *publish_ctx;
    size_t queue_max; /* saves waiting; 0: 8192. Beyond it TOO_MANY */
};

/* Reads back what is live, then starts the writer and its clerk (beats, starts that fall due,
 * tiles). NULL with *e set if the database cannot be read. */
struct journal_writer *journal_start(const struct journal_config *c, struct err *e);
/* Answers what is queued, commits, stops. NULL is fine. */
void journal_stop(struct journal_writer *w);

struct live *journal_live(struct journal_writer *w);

/* --- saves ------------------------------------------------------------------------------------ */
enum save_result {
    SAVE_STORED,
    SAVE_GAP,  /* expect says which seq comes next */
    SAVE_ENDED /* the writer is stopping: not stored */
};

struct save_answer {
    enum save_result result;
    enum branch branch; /* of the last entry */
    uint32_t epoch, seq, expect;
    unsigned char hash[HASH_BYTES]; /* of the last entry */
    int64_t server_ms, batch;
    unsigned char batch_hash[HASH_BYTES];
    const char *ledger_json; /* "[]" or rows new to this client; lives as long as the call */
};

/* Owned by the caller until done is called. */
struct save_job {
    struct save_job *next;
    struct journal_save save; /* tag checked: journal_check_save */
    int64_t source;           /* enum journal_source */
    int64_t received_ms;
    void (*done)(struct save_job *job, const struct save_answer *answer); /* writer's thread */
    void *ctx;

    void *attempt; /* filled by journal_check_save; the writer's own from here */
    enum apply_outcome *outcomes;
    uint64_t *row_ids;
    size_t done_entries;
    enum save_result result;
    uint32_t expect;
};

/* Finds the attempt and the epoch's key and checks the tag. UNAUTHENTICATED: unknown attempt or
 * epoch, or another key's tag; nothing is stored then (S11). Any thread; does not touch the disk.
 * Room for outcomes comes from A, which must outlive the job. */
bool journal_check_save(struct journal_writer *w, struct arena *a, struct save_job *job,
                        struct err *e) MUST_USE;
/* TOO_MANY when the queue is full, or this attempt sends more than 20 a second (burst 60). */
bool journal_save(struct journal_writer *w, struct save_job *job, struct err *e) MUST_USE;

/* The same, waiting: for files, hand-up, tests. */
bool journal_save_wait(struct journal_writer *w, struct arena *a, struct bytes body,
                       int64_t source, int64_t now_ms, struct save_answer *out,
                       struct err *e) MUST_USE;

/* --- acts ------------------------------------------------------------------------------------- */
struct ledger_row;

/* One use case on attempts, in its own transaction on the writer's thread. */
struct sitting_act {
    /* Inside the transaction; may run twice; audit row included. Must not change memory. */
    bool (*work)(struct db *db, struct sitting_act *act, struct err *e);
    /* After the commit, before the next entry is applied: changes memory, publishes. */
    void (*done)(struct sitting_act *act);
    void *ctx;
    struct journal_writer *writer; /* set by journal_act */
    /* What work wrote to the ledger: they become lines of a batch record. */
    struct id session;
    struct ledger_row *rows;
    size_t row_count;
};
bool journal_act(struct journal_writer *w, struct sitting_act *act, struct err *e) MUST_USE;

/* Claims are many at nine o'clock: they share the transaction of the saves. */
struct claim_job {
    struct claim_job *next;
    /* On the writer's thread, before the transaction: decide by memory, change it. */
    bool (*check)(struct claim_job *job, struct err *e);
    bool (*work)(struct db *db, struct claim_job *job, struct err *e); /* may run twice */
    void *ctx;
    struct err err;
    bool ok;
};
bool journal_claim(struct journal_writer *w, struct claim_job *job, struct err *e) MUST_USE;

/* For tests: the writer's own connection, to inject faults while it is idle. */
struct db *journal_db(struct journal_writer *w);

#endif
