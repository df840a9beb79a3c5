/* sitting/receipt.h - what a candidate takes home: "this journal with this head was with us at this
 * time" (SECURITY §5.4), signed by the room key. No name, no number. */
#ifndef SITTING_RECEIPT_H
#define SITTING_RECEIPT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/id.h"
#include "sitting/writer.h"

struct arena;
struct db;
struct json_t;
struct key_table;
struct signer;

struct receipt_order {
    const struct signer *signer;
    struct id attempt;
    int64_t now_ms;
};
/* The receipt of a sealed attempt, made at the first asking and the same ever after. CONFLICT at
 * "/state" before the hand-in is stored. */
bool receipt_get(struct db *db, struct arena *a, const struct receipt_order *o,
                 struct json_t **out, struct err *e) MUST_USE;

/* The same in halves, so that no thread waits for the disk: MAKE reads or makes it; where
 * keep->needed, RECEIPT_KEEP_LATER puts it into the next group commit and calls `answered` once
 * from the writer's thread; then RECEIPT_KEPT tells what was kept (another request may have been
 * faster). KEEP and the arena must live until then. */
struct receipt_keep {
    struct shared_job job;
    struct id session, attempt;
    struct bytes head, text;
    int64_t now_ms;
    bool needed;
    void (*answered)(void *ctx);
    void *ctx;
};
bool receipt_make(struct db *db, struct arena *a, const struct receipt_order *o,
                  struct receipt_keep *keep, struct err *e) MUST_USE;
bool receipt_keep_later(struct journal_writer *w, struct receipt_keep *keep,
                        struct err *e) MUST_USE;
bool receipt_kept(struct db *db, struct arena *a, struct receipt_keep *keep, struct bytes *text,
                  struct err *e) MUST_USE;

/* The receipt whose seal code this is; *out NULL: none. INVALID at "/code" for what is no code. */
bool receipt_by_code(struct db *db, struct arena *a, const char *code, struct json_t **out,
                     struct err *e) MUST_USE;
/* Whether a later hand-in of the same attempt has its own receipt (extra time after the first). */
bool receipt_is_followed(struct db *db, struct arena *a, const struct json_t *receipt,
                         bool *followed, struct err *e) MUST_USE;

/* For a stranger: shape, key, signature, and that the seal code is the head's. INVALID with what
 * is wrong. */
bool receipt_verify(struct arena *a, const struct key_table *keys, const struct json_t *receipt,
                    struct err *e) MUST_USE;

#endif
