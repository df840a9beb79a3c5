/* base/signed_json.h - signed JSON objects and the table of public keys (SECURITY §2.5, §2.6).
 *
 * Pure: who holds the secret is store/signer.h. A signed object carries type, v, kid, alg, at (ms)
 * and sig; signed bytes are "heng/" type "/1\n" JCS(object without sig). A verifier takes
 * algorithm and use from the key table, never from the object. */
#ifndef BASE_SIGNED_JSON_H
#define BASE_SIGNED_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/crypto.h"
#include "base/err.h"

struct arena;
struct json_t;

enum { KID_TEXT_BYTES = 9 };

enum key_use {
#define KEY_USE(name) KEY_USE_##name,
#include "base/key_uses.def"
#undef KEY_USE
    KEY_USES
};
const char *key_use_word(enum key_use use); /* "certificate" */
bool key_use_read(const char *word, enum key_use *out);

enum key_state { KEY_PUBLISHED = 1, KEY_ACTIVE = 2, KEY_RETIRED = 3, KEY_COMPROMISED = 4 };
const char *key_state_word(enum key_state s);
bool key_state_read(const char *word, enum key_state *out);

struct public_key {
    char kid[KID_TEXT_BYTES]; /* first 4 bytes of H(pub), hex */
    enum key_use use;
    unsigned char pub[SIGN_PUBLIC_BYTES]; /* alg is "Ed25519" */
    int64_t from_ms, to_ms;               /* when it may sign; verifying is for ever */
    enum key_state state;
    int64_t compromised_ms; /* 0: not */
    int64_t table_version;
    char sig[88]; /* base64url of the root's signature over the row */
};

struct key_table {
    const struct public_key *at;
    size_t count;
};

void kid_of(const unsigned char pub[SIGN_PUBLIC_BYTES], char kid[KID_TEXT_BYTES]);
const struct public_key *key_table_find(const struct key_table *t, const char *kid);

/* The row as the root signs it, without sig. */
struct json_t *public_key_json(struct arena *a, const struct public_key *k);
/* /.well-known/heng-keys.json: {"type":"keys","v":1,"keys":[…]}. Reading checks each row against
 * the root key in it, its kid and its use; ROOT_KID, where not NULL, is the root one trusts. */
struct json_t *key_table_json(struct arena *a, const struct key_table *t);
bool key_table_read(struct arena *a, const struct json_t *file, const char *root_kid,
                    struct key_table *out, struct err *e) MUST_USE;

/* "heng/" type "/1\n" BODY. */
struct bytes signed_message(struct arena *a, const char *type, struct bytes body);
/* What is signed of an object: the message over its JCS without "sig". */
bool signed_json_message(struct arena *a, const char *type, const struct json_t *object,
                         struct bytes *out, struct err *e) MUST_USE;
/* Sets type, v, kid, alg and at in OBJECT, which then is ready to be signed. */
void signed_json_prepare(struct json_t *object, const char *type, const char *kid,
                         int64_t at_ms);
void signed_json_put_signature(struct arena *a, struct json_t *object,
                               const unsigned char signature[SIGNATURE_BYTES]);
/* INVALID at "/sig" with what is wrong: kind, key, use, or the signature itself. */
bool signed_json_verify(struct arena *a, const struct key_table *t, enum key_use use,
                        const char *type, const struct json_t *object, struct err *e) MUST_USE;

#endif
