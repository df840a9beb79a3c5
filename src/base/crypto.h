/* base/crypto.h - every use of cryptography in Heng goes through here (SECURITY.md).
 *
 * No other file includes sodium.h or openssl headers; a script checks it. Suite 1: SHA-256,
 * HMAC-SHA-256, crypto_kdf, XChaCha20-Poly1305 at rest, AES-256-GCM for papers, Ed25519, ECDSA
 * P-256 for devices, X25519 sealed boxes, argon2id. Functions without an `e` cannot fail short
 * of a bug, and stop the process then. Comparisons of secrets are constant in time. */
#ifndef BASE_CRYPTO_H
#define BASE_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/id.h"

struct arena;

enum {
    HASH_BYTES = 32,
    KEY_BYTES = 32,
    TAG_BYTES = 32,
    SIGN_PUBLIC_BYTES = 32,
    SIGN_SECRET_BYTES = 64,
    SIGNATURE_BYTES = 64,
    BOX_PUBLIC_BYTES = 32,
    BOX_SECRET_BYTES = 32,
    BOX_SEAL_EXTRA_BYTES = 48,
    DEVICE_PUBLIC_BYTES = 65, /* raw uncompressed P-256 point */
    PASSWORD_HASH_BYTES = 128,
    BLIND_INDEX_BYTES = 16,
    GCM_NONCE_BYTES = 12,
    GCM_TAG_BYTES = 16,
    WRAP_NONCE_BYTES = 24,
    WRAP_TAG_BYTES = 16,
    SLOW_SALT_BYTES = 16
};

bool crypto_start(struct err *e) MUST_USE; /* once, before any thread */

void random_bytes(void *out, size_t len);
uint32_t random_below(uint32_t bound);
void secret_wipe(void *secret, size_t len);
/* Locked memory that no core dump holds; freeing wipes it. SIZE must be that of an aligned type. */
void *secret_alloc(size_t size);
void secret_free(void *secret); /* NULL is fine */
bool secret_equal(const void *x, const void *y, size_t len);

/* --- hash and tag ------------------------------------------------------------------------ */
/* Every begin needs its end, which releases the state; a hash_state must not be copied. */
struct hash_state {
    _Alignas(16) unsigned char opaque[256];
};
void hash_begin(struct hash_state *h);
void hash_add(struct hash_state *h, const void *bytes, size_t len);
void hash_end(struct hash_state *h, unsigned char out[HASH_BYTES]);
void hash_of(unsigned char out[HASH_BYTES], const void *bytes, size_t len);

/* A plain value: one begun with a key may be kept and copied for each message. */
struct tag_state {
    _Alignas(16) unsigned char opaque[512];
};
void tag_begin(struct tag_state *t, const unsigned char key[KEY_BYTES]); /* HMAC-SHA-256 */
void tag_add(struct tag_state *t, const void *bytes, size_t len);
void tag_end(struct tag_state *t, unsigned char out[TAG_BYTES]);

/* BLAKE2b keyed hash of out_len 16..64 bytes, e.g. the blind index and short tokens. */
void keyed_hash(unsigned char *out, size_t out_len, const unsigned char key[KEY_BYTES],
                const void *bytes, size_t len);

/* --- keys derived from keys ---------------------------------------------------------------- */
enum key_purpose {
#define KEY(name, context) KEY_##name,
#include "base/keys.def"
#undef KEY
    KEY_PURPOSES
};
void key_derive(unsigned char out[KEY_BYTES], const unsigned char parent[KEY_BYTES],
                enum key_purpose purpose, uint64_t number);
const char *key_context(enum key_purpose purpose); /* 8 characters */

/* The master secret and what is derived from it; opaque, in locked memory, not in core dumps. */
struct master;
struct master *master_create(const unsigned char secret[KEY_BYTES], uint32_t version);
void master_destroy(struct master *m);
uint32_t master_version(const struct master *m); /* 1 to 255 */
void master_key(const struct master *m, enum key_purpose purpose, unsigned char out[KEY_BYTES]);
/* The 48-byte file: "HNMK", version (BE), secret, first 8 bytes of the hash of all before. Born
 * with mode 0400; an existing file is never overwritten. */
struct master *master_file_read(const char *path, struct err *e);
bool master_file_create(const char *path, struct err *e) MUST_USE;

/* --- fields at rest (SECURITY §2.3) -------------------------------------------------------- */
/* suite(1) version(1) nonce(24) ciphertext tag(16), padded to 32; bound to table, column, row. */
struct bytes field_seal(struct arena *a, const struct master *m, const char *table,
                        const char *column, struct id row, const void *plain, size_t len);
bool field_open(struct arena *a, const struct master *m, const char *table, const char *column,
                struct id row, struct bytes sealed, struct bytes *plain,
                struct err *e) MUST_USE;
/* As field_seal but under another purpose and padding, for item bodies (KEY_BANK, 16 KiB). */
struct bytes purpose_seal(struct arena *a, const struct master *m, enum key_purpose purpose,
                          const char *table, const char *column, struct id row,
                          size_t pad_bytes, const void *plain, size_t len);
bool purpose_open(struct arena *a, const struct master *m, enum key_purpose purpose,
                  const char *table, const char *column, struct id row, struct bytes sealed,
                  struct bytes *plain, struct err *e) MUST_USE;
/* As purpose_seal under a key of the record's own (a session's recordings), version byte 0. */
struct bytes keyed_seal(struct arena *a, const unsigned char key[KEY_BYTES], const char *column,
                        struct id row, size_t pad_bytes, struct bytes plain);
bool keyed_open(struct arena *a, const unsigned char key[KEY_BYTES], const char *column,
                struct id row, struct bytes sealed, struct bytes *plain,
                struct err *e) MUST_USE;
/* BLAKE2b-128 under K_blind of country(2), type(1) and the normalised number. */
void blind_index(unsigned char out[BLIND_INDEX_BYTES], const struct master *m,
                 const char country[2], char document_type, const char *normalised);

/* The same under a key that is random for one session: what a room node compares documents with,
 * so that K_blind never leaves the centre (SECURITY §3.3). */
void roster_index(unsigned char out[BLIND_INDEX_BYTES], const unsigned char key[KEY_BYTES],
                  const char country[2], char document_type, const char *normalised);

/* --- passwords (argon2id) and one-time codes ------------------------------------------------ */
enum password_cost { PASSWORD_CANDIDATE, PASSWORD_STAFF };
void password_hash(char out[PASSWORD_HASH_BYTES], const char *password,
                   enum password_cost cost);
bool password_matches(const char *hash, const char *password);
bool password_hash_is_old(const char *hash, enum password_cost cost);
void password_hash_dummy(const char *password, enum password_cost cost); /* unknown names */

/* How often this process has called argon2id, for passwords and for keys from words, and how many calls
 * ran at once at most. For tests: exam routes make none, sign-ins no more at once than the gate lets. */
struct slow_calls {
    int64_t made, most;
};
struct slow_calls slow_calls(void);

/* RFC 6238, 30 s, 6 digits, SHA-1 as authenticators have it. The step that matched, or -1. */
int64_t totp_match(const unsigned char *seed, size_t len, int64_t now_ms, const char *code);
void totp_code(char out[7], const unsigned char *seed, size_t len, int64_t now_ms);

/* --- signatures ------------------------------------------------------------------------------ */
void sign_keypair(unsigned char public[SIGN_PUBLIC_BYTES],
                  unsigned char secret[SIGN_SECRET_BYTES]);
void sign_bytes(unsigned char signature[SIGNATURE_BYTES], const void *bytes, size_t len,
                const unsigned char secret[SIGN_SECRET_BYTES]);
bool signature_is_true(const unsigned char signature[SIGNATURE_BYTES], const void *bytes,
                       size_t len, const unsigned char public[SIGN_PUBLIC_BYTES]);
/* ECDSA P-256 with SHA-256; signature as WebCrypto makes it, r || s. */
bool device_signature_is_true(const unsigned char public[DEVICE_PUBLIC_BYTES],
                              const unsigned char signature[64], const void *bytes, size_t len);
/* For tests and the load generator, which play the device. */
struct device_key;
struct device_key *device_key_create(unsigned char public[DEVICE_PUBLIC_BYTES]);
void device_key_destroy(struct device_key *k);
void device_sign(const struct device_key *k, unsigned char signature[64], const void *bytes,
                 size_t len);

/* --- sealing ---------------------------------------------------------------------------------- */
/* AES-256-GCM; OUT holds len + GCM_TAG_BYTES. A key and nonce are used once. */
void gcm_seal(unsigned char *out, const unsigned char key[KEY_BYTES],
              const unsigned char nonce[GCM_NONCE_BYTES], const void *ad, size_t ad_len,
              const void *plain, size_t len);
bool gcm_open(unsigned char *out, const unsigned char key[KEY_BYTES],
              const unsigned char nonce[GCM_NONCE_BYTES], const void *ad, size_t ad_len,
              const void *sealed, size_t sealed_len);
void box_keypair(unsigned char public[BOX_PUBLIC_BYTES],
                 unsigned char secret[BOX_SECRET_BYTES]);
/* OUT holds len + BOX_SEAL_EXTRA_BYTES. */
void box_seal(unsigned char *out, const void *plain, size_t len,
              const unsigned char public[BOX_PUBLIC_BYTES]);
bool box_open(unsigned char *out, const void *sealed, size_t sealed_len,
              const unsigned char public[BOX_PUBLIC_BYTES],
              const unsigned char secret[BOX_SECRET_BYTES]);
/* XChaCha20-Poly1305 under argon2id(passphrase, salt 16; mem_mib, passes): officers' keys. */
struct bytes passphrase_seal(struct arena *a, const char *passphrase, uint32_t mem_mib,
                             uint32_t passes, const void *plain, size_t len);
bool passphrase_open(struct arena *a, const char *passphrase, struct bytes sealed,
                     struct bytes *plain);

/* argon2id(text, salt; mem_mib MiB, passes): false where the parameters are out of bounds (1 to
 * 1,024 MiB, 1 to 16 passes) or the machine has not the memory. */
struct slow_cost {
    uint32_t mem_mib, passes;
};
bool slow_key(unsigned char key[KEY_BYTES], const char *text,
              const unsigned char salt[SLOW_SALT_BYTES], struct slow_cost cost) MUST_USE;
/* XChaCha20-Poly1305 with data that is bound; OUT holds len + WRAP_TAG_BYTES. */
void wrap_seal(unsigned char *out, const unsigned char key[KEY_BYTES],
               const unsigned char nonce[WRAP_NONCE_BYTES], struct bytes bound,
               struct bytes plain);
/* OUT holds sealed.len - WRAP_TAG_BYTES. */
bool wrap_open(unsigned char *out, const unsigned char key[KEY_BYTES],
               const unsigned char nonce[WRAP_NONCE_BYTES], struct bytes bound,
               struct bytes sealed);
/* secretstream: header(24), then chunks of 64 KiB, the last one tagged as final. */
struct bytes stream_wrap(struct arena *a, const unsigned char key[KEY_BYTES],
                         struct bytes plain);
bool stream_unwrap(struct arena *a, const unsigned char key[KEY_BYTES], struct bytes sealed,
                   struct bytes *plain);

#endif
