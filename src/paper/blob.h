/* paper/blob.h - one sealed paper, HNP1 (SECURITY §3.2): written, read back, opened.
 *
 * The opener checks header, key commitment, tag and padding in this order and names the first
 * part that is wrong: "/blob/header", "/blob/session", "/blob/commitment", "/blob/tag", … */
#ifndef PAPER_BLOB_H
#define PAPER_BLOB_H

#include <stdint.h>

#include "base/bytes.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/id.h"

struct arena;

enum { BLOB_HEADER_BYTES = 128, BLOB_PLAIN_MAX = 8 << 20, BLOB_PAD_BYTES = 4096 };
enum { BLOB_SPARE = 1, BLOB_PRACTICE = 2, BLOB_OBJECT = 4 };

struct blob_head {
    unsigned flags;
    struct id session, paper;
    uint32_t room, index, revision;
    unsigned char nonce[GCM_NONCE_BYTES];
    unsigned char commitment[HASH_BYTES];
    uint64_t plain_len;
    int64_t open_at_ms;
};

/* K_R from K_S and K_P from K_R (SECURITY §2.2). */
void room_key(unsigned char out[KEY_BYTES], const unsigned char session_key[KEY_BYTES],
              uint32_t room, uint32_t revision);
void paper_key(unsigned char out[KEY_BYTES], const unsigned char parent[KEY_BYTES],
               uint32_t index);
void paper_key_commitment(unsigned char out[HASH_BYTES], struct id session, uint32_t room,
                          uint32_t index, const unsigned char key[KEY_BYTES]);
void room_key_commitment(unsigned char out[HASH_BYTES], struct id session, uint32_t room,
                         uint32_t revision, const unsigned char key[KEY_BYTES]);

/* Seals; the nonce of HEAD is used (random, once), commitment and length are set here. */
bool blob_seal(struct arena *a, struct blob_head head, const unsigned char key[KEY_BYTES],
               struct bytes plain, struct bytes *out, struct err *e) MUST_USE;
bool blob_head_read(struct bytes blob, struct blob_head *out, struct err *e) MUST_USE;
/* EXPECTED: what the blob must say of itself (session, paper, room, index, revision); NULL = what
 * it says is taken. */
bool blob_open(struct arena *a, struct bytes blob, const unsigned char key[KEY_BYTES],
               const struct blob_head *expected, struct bytes *plain, struct err *e) MUST_USE;

#endif
