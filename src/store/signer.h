/* store/signer.h - who holds the signing keys and signs typed things with them (SECURITY §2.5).
 *
 * This is the interface of `keyd`: today its provider works in this process, on secrets that lie
 * wrapped under the master's KEY_STORE in the table signing_key. A key signs only the types that
 * signed_types.def gives to its use; a certificate only with an issue record and two approvals
 * (S26). Any thread may sign; the caller brings its db, inside a transaction or not. */
#ifndef STORE_SIGNER_H
#define STORE_SIGNER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/id.h"
#include "base/signed_json.h"

struct arena;
struct db;
struct json_t;
struct master;
struct signer;

struct signer *signer_create(struct arena *a, const struct master *master);

/* How often each key has signed since this process began: goes into every anchor, so that signatures
 * that nothing was issued for can be found. */
struct signature_count {
    char kid[KID_TEXT_BYTES];
    int64_t signatures;
};
size_t signer_counts(const struct signer *s, struct arena *a, struct signature_count **out);

/* Makes the root and one active key of each use where they are missing, in a transaction. */
bool signer_keys_ensure(const struct signer *s, struct db *db, int64_t now_ms,
                        struct err *e) MUST_USE;
/* A new key of this use takes over; the old one is retired. Inside a transaction. */
bool signer_key_roll(const struct signer *s, struct db *db, enum key_use use, int64_t now_ms,
                     struct err *e) MUST_USE;
/* Inside a transaction; signs the row anew. */
bool signer_key_compromised(const struct signer *s, struct db *db, const char *kid,
                            int64_t compromised_ms, struct err *e) MUST_USE;

/* The key that signs now for this use. NOT_FOUND at "key" if there is none. */
bool signer_key(struct db *db, struct arena *a, enum key_use use, int64_t now_ms,
                struct public_key *out, struct err *e) MUST_USE;
bool signer_key_table(struct db *db, struct arena *a, struct key_table *out,
                      struct err *e) MUST_USE;

/* --- keys whose secret lies elsewhere (a room node's, seen from the centre; and the other way) --- */
/* The root vouches for a key that somebody else made and keeps. CONFLICT at "/kid" where the kid is
 * taken. Inside a transaction. */
bool signer_guest_admit(const struct signer *s, struct db *db, enum key_use use,
                        const unsigned char pub[SIGN_PUBLIC_BYTES], int64_t now_ms,
                        struct public_key *out, struct err *e) MUST_USE;
/* It signs nothing that counts from then on. Inside a transaction. */
bool signer_guest_revoke(const struct signer *s, struct db *db, const char *kid, int64_t now_ms,
                         struct err *e) MUST_USE;
/* A row of somebody else's table, checked by key_table_read. Inside a transaction. */
bool signer_guest_keep(struct db *db, const struct public_key *k, struct err *e) MUST_USE;
/* Our own key with the row that the other side's root signed for it. Inside a transaction. */
bool signer_key_adopt(const struct signer *s, struct db *db, const struct public_key *k,
                      const unsigned char secret[SIGN_SECRET_BYTES], struct err *e) MUST_USE;

struct sign_order {
    enum key_use use;
    const char *type; /* of signed_types.def: "receipt", "cert-qr", … */
    int64_t now_ms;
    struct id record;      /* of certificates: the issue record */
    struct id approved_by; /* of certificates: the two who published the result */
    struct id approved_second;
};

struct signature {
    char kid[KID_TEXT_BYTES];
    unsigned char bytes[SIGNATURE_BYTES];
};

/* Signs "heng/" type "/1\n" BODY. FORBIDDEN at "type" if the use may not sign it. */
bool signer_sign(const struct signer *s, struct db *db, const struct sign_order *o,
                 struct bytes body, struct signature *out, struct err *e) MUST_USE;
/* The same for a message that begins with its type already. */
bool signer_sign_message(const struct signer *s, struct db *db, enum key_use use,
                         int64_t now_ms, struct bytes message, struct signature *out,
                         struct err *e) MUST_USE;
/* Sets type, v, kid, alg, at and sig in OBJECT. */
bool signer_sign_json(const struct signer *s, struct db *db, struct arena *a,
                      const struct sign_order *o, struct json_t *object,
                      struct err *e) MUST_USE;
/* Adds an eddsa-jcs-2022 proof; CREATED is its time, METHOD the address before "#kid". */
bool signer_prove(const struct signer *s, struct db *db, struct arena *a,
                  const struct sign_order *o, const char *method, struct json_t *document,
                  struct err *e) MUST_USE;

#endif
