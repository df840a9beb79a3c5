/* sitting/writer.h - the journal writer: one thread, group commits, and what is in memory.
 *
 * Every change of an attempt goes through the writer's thread: saves, claims and receipts many to a
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
struct ledger_row;
struct live;
struct live_attempt;
struct master;
struct store;

enum journal_source { SOURCE_NET = 1, SOURCE_FILE, SOURCE_LEDGER, SOURCE_HAND_UP };

struct journal_config {
    struct store *store;
    const struct master *master;
    int64_t (*now_ms)(void);  /* clock_now_ms, or a test's */
    int64_t (*boot_ms)(void); /* clock_boot_ms */
    /* Tells pages that listen to TOPIC (an attempt or a room); NULL: nobody. Any thread. */
    void (*publish)(void *ctx, struct id topic, const char *name, const char *json);
    void *publish_ctx;
    /* K_P of a paper once it is released (paper_key_of); NULL: papers are never told. */
    bool (*paper_key)(struct db *db, struct arena *a, const struct master *m, struct id paper,
                      int64_t now_ms, unsigned char key[KEY_BYTES], struct err *e);
    /* The sealed blob of a paper (paper_blob). */
    bool (*paper_blob)(struct db *db, struct arena *a, struct id paper, struct bytes *blob,
                       struct err *e);
    int64_t chain;    /* of the batch records; 0: BATCH_CHAIN, a room node has its own */
    size_t queue_max; /* saves waiting; 0: 8192. Beyond it TOO_MANY */
};

/* Reads back what is live, then starts the writer. NULL with *e set if the database cannot be
 * read. Somebody must call sitting/clerk.h besides. */
struct journal_writer *journal_start(const struct journal_config *c, struct err *e);
/* Stops the thread after what is queued is on disk and answered; what is asked from then on
 * gets STORE. Everything in memory stays for those who still read it. NULL is fine. */
void journal_quiet(struct journal_writer *w);
/* journal_quiet, then gives everything back. NULL is fine. */
void journal_stop(struct journal_writer *w);

struct live *journal_live(struct journal_writer *w);
const struct journal_config *journal_config_of(const struct journal_writer *w);
/* The newest batch record, for beats and clock evidence. */
struct batch_head {
    int64_t batch, server_ms;
    unsigned char hash[HASH_BYTES];
};
struct batch_head journal_batch_head(struct journal_writer *w);
void journal_publish(struct journal_writer *w, struct id topic, const char *name,
                     const char *json);

/* What waits in the writer's queue; the first member of each kind of job. */
struct journal_job {
    struct journal_job *next;
    enum { JOB_SAVE, JOB_SHARED, JOB_ACT } kind;
};

/* --- saves ------------------------------------------------------------------------------------ */
enum save_result {
    SAVE_STORED,
    SAVE_GAP /* `expect` says which seq comes next */
};

struct save_answer {
    enum save_result result;
    enum branch branch; /* of the last entry */
    uint32_t epoch, seq, expect;
    unsigned char hash[HASH_BYTES]; /* of the last entry */
    struct batch_head batch;
    const char
        *ledger_json; /* an array of rows new to this client; lives as long as the call */
};

/* Where one entry of a save went. */
struct placed {
    enum apply_outcome outcome;
    int64_t row, before_row; /* of what is stored now */
};

/* Owned by the caller until done is called, once, on the writer's thread. */
struct save_job {
    struct journal_job job;
    struct journal_save save;
    int64_t source; /* enum journal_source */
    int64_t received_ms;
    void (*done)(struct save_job *job, const struct save_answer *answer);
    void *ctx;

    /* Filled by journal_check_save, the writer's own from then on. */
    struct live_attempt *attempt;
    struct placed *placed;
    size_t placed_count;
    enum save_result result;
    uint32_t expect;
};

/* Finds the attempt and the epoch's key and checks the tag of job->save. UNAUTHENTICATED: unknown
 * attempt or epoch, or another key's tag; nothing is stored then (S11). Any thread; does not touch
 * the disk. Room comes from A, which must outlive the job. */
bool journal_check_save(struct journal_writer *w, struct arena *a, struct save_job *job,
                        struct err *e) MUST_USE;
/* TOO_MANY when the queue is full, or this attempt saves more than 20 times a second (burst 60). */
bool journal_save(struct journal_writer *w, struct save_job *job, struct err *e) MUST_USE;

/* Read, check, store, wait: for files, hand-up, tests. ledger_json is not given. */
struct save_request {
    struct bytes body;
    int64_t source, now_ms;
};
bool journal_save_wait(struct journal_writer *w, struct arena *a, const struct save_request *rq,
                       struct save_answer *out, struct err *e) MUST_USE;

/* --- shared jobs and acts ---------------------------------------------------------------------------- */
/* What is many at once (claims at nine, receipts at the end) shares the transaction of the saves. */
struct shared_job {
    struct journal_job job;
    /* On the writer's thread, before the transaction: decides by memory and changes it. */
    bool (*check)(struct shared_job *job, struct err *e);
    bool (*work)(struct db *db, struct shared_job *job, struct err *e); /* may run twice */
    void (*done)(struct shared_job *job); /* after the commit, on the writer's thread */
    /* For journal_share_later: the last that happens to it; `ok` and `err` say how it ended. */
    void (*answered)(struct shared_job *job);
    void *ctx;
    struct err err;
    bool ok, finished;
};
/* Queues it and returns; JOB must live until `answered`. False: it was not queued. */
bool journal_share_later(struct journal_writer *w, struct shared_job *job,
                         struct err *e) MUST_USE;
/* Waits until it is on disk or refused. */
bool journal_share(struct journal_writer *w, struct shared_job *job, struct err *e) MUST_USE;

/* One use case on attempts, in its own transaction on the writer's thread. */
struct sitting_act {
    struct journal_job job;
    /* Inside the transaction, audit row included; may run twice; must not change memory. */
    bool (*work)(struct db *db, struct sitting_act *act, struct err *e);
    /* After the commit, before the next entry is applied: changes memory, publishes. NULL: none. */
    void (*done)(struct sitting_act *act);
    void *ctx;
    struct journal_writer *writer; /* set by journal_act */
    /* What work wants in the ledger of `session`: numbered, stored, and lines of a batch record. */
    struct id session;
    struct ledger_row *rows;
    size_t row_count;
    struct err err;
    bool ok, finished;
};
/* Waits until it is done; false: nothing was changed. Never from the writer's thread. */
bool journal_act(struct journal_writer *w, struct sitting_act *act, struct err *e) MUST_USE;

/* Ends the process: what is on disk and what is in memory no longer agree. */
_Noreturn void journal_fatal(const struct err *e);

/* The writer's own connection: for acts, and for tests that inject faults while it is idle. */
struct db *journal_db(struct journal_writer *w);

#endif
