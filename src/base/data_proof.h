/* base/data_proof.h - W3C Data Integrity proofs of the cryptosuite eddsa-jcs-2022.
 *
 * hashData = SHA-256(JCS(proof options with @context)) then SHA-256(JCS(document)), signed with
 * Ed25519; proofValue is multibase base58-btc ("z"). Source: W3C vc-di-eddsa; the published test
 * vector is data/samples/eddsa_jcs_2022.json. */
#ifndef BASE_DATA_PROOF_H
#define BASE_DATA_PROOF_H

#include <stdbool.h>

#include "base/bytes.h"
#include "base/crypto.h"
#include "base/err.h"

struct arena;
struct json_t;

enum { DATA_PROOF_HASH_BYTES = 2 * HASH_BYTES };

/* OPTIONS is the proof without proofValue; the document's @context is added to it here. */
bool data_proof_hash(struct arena *a, const struct json_t *document,
                     const struct json_t *options, unsigned char hash[DATA_PROOF_HASH_BYTES],
                     struct err *e) MUST_USE;
/* Adds "proof" to the document. */
void data_proof_put(struct arena *a, struct json_t *document, const struct json_t *options,
                    const unsigned char signature[SIGNATURE_BYTES]);
/* False where the proof is missing, of another suite, or does not hold for PUB. */
bool data_proof_is_true(struct arena *a, const struct json_t *secured,
                        const unsigned char pub[SIGN_PUBLIC_BYTES]);
/* The text behind '#' of verificationMethod; NULL if there is none. */
const char *data_proof_kid(const struct json_t *secured);

/* Base58 with the alphabet of Bitcoin. */
char *base58_write(struct arena *a, const unsigned char *in, size_t len);
bool base58_read(struct arena *a, const char *text, struct bytes *out);

#endif
