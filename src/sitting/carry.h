/* sitting/carry.h - what a room node keeps for the centre while the centre is away: files that candidates
 * handed in, pieces of recordings (doc/decisions/0073).
 *
 * Each is a blob, sealed to a key of its session: the node has the public half from its roster, the secret
 * half never leaves the centre. So nothing of them can be read on a node, not even by the node itself. A
 * row of `carried` counts them in the order in which they came; the hand-up announces those rows, then sends
 * the blobs as they lie there (sitting/hand_up_blob.h). */
#ifndef SITTING_CARRY_H
#define SITTING_CARRY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/id.h"

struct arena;
struct blob;
struct blob_place;
struct db;
struct node_desk;
struct master;

#define CARRY_FILE  "file"
#define CARRY_PIECE "piece"

/* --- the key of a session ------------------------------------------------------------------------------- */
struct carry_pair {
    unsigned char public[BOX_PUBLIC_BYTES], secret[BOX_SECRET_BYTES]; /* wipe it */
};
/* At the centre: made if there never was one; two rosters at once get the same. CONFLICT at "/carry" where it
 * is destroyed. */
bool carry_pair_ensure(const struct node_desk *d, struct id session, struct carry_pair *out,
                       struct err *e) MUST_USE;
/* NOT_FOUND at "carry": none was made, or it is destroyed. */
bool carry_pair_get(struct db *db, struct arena *a, const struct master *m, struct id session,
                    struct carry_pair *out, struct err *e) MUST_USE;
/* In the caller's transaction, with the recordings of the session. Fine where there is none. */
bool carry_pair_destroy(struct db *db, struct id session, struct err *e) MUST_USE;
/* On a node, in the transaction that puts the roster to use. */
bool carry_public_keep(struct db *db, struct id session,
                       const unsigned char public[BOX_PUBLIC_BYTES], int64_t now_ms,
                       struct err *e) MUST_USE;
/* CONFLICT at "/node" where the roster brought none: it was made by an older program. */
bool carry_public_get(struct db *db, struct arena *a, struct id session,
                      unsigned char public[BOX_PUBLIC_BYTES], struct err *e) MUST_USE;

/* --- on a node ------------------------------------------------------------------------------------------- */
struct carrying {
    struct id session, attempt;
    const char *kind;
    const struct blob *blob; /* written with a box_public */
};
/* In the transaction of the blob's own row, on the journal's thread. CONFLICT at "/state" once the session is
 * frozen: what the hand-up has counted is all there is. */
bool carry_put(struct db *db, const struct carrying *c, struct err *e) MUST_USE;

/* How many there are; the last one's number. */
bool carried_count(struct db *db, struct id session, int64_t *out, struct err *e) MUST_USE;
struct carried {
    int64_t no, bytes;
    struct id blob;
    unsigned char digest[HASH_BYTES];
};
/* NOT_FOUND at "no". */
bool carried_get(struct db *db, struct arena *a, struct id session, int64_t no,
                 struct carried *out, struct err *e) MUST_USE;
/* The blob as it lies there. *lost: it is not what was written, and so nobody has it any more. */
bool carried_read(const struct blob_place *place, struct arena *a, const struct carried *c,
                  struct bytes *sealed, bool *lost, struct err *e) MUST_USE;

#endif
