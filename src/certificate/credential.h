/* certificate/credential.h - the signed truth of a certificate (SECURITY §7).
 *
 * A W3C credential: every printed fact, photo hash, programme hash, result hash, number, class and
 * status address. The document number stands in it masked; whoever has it in full checks it by
 * `digest` = H("heng/holder/2\0" salt number letter document number) with the salt that only the
 * PDF carries. Integers and strings only, so that JCS has one spelling for it. */
#ifndef CERTIFICATE_CREDENTIAL_H
#define CERTIFICATE_CREDENTIAL_H

#include "certificate/certificate.h"

struct key_table;

enum { SALT_BYTES = 16 };

void credential_holder_digest(struct bytes salt, const char *number, char letter,
                              const char *document_number, unsigned char out[32]);

/* Unsigned. C must be filled but for credential and its digest. */
struct json_t *credential_make(struct arena *a, const struct certificate *c,
                               const struct programme *p, char document_letter,
                               const unsigned char holder_digest[32], const char *public_url);

struct credential_read {
    struct certificate_face face;
    const char *number, *issuer, *kid;
    const char *issued; /* 2026-06-26T08:20:05.000Z */
    const char *holder_digest, *photo_digest, *programme, *programme_digest, *result_digest;
    const char *document_letter; /* one letter */
    int64_t status_list, status_index;
    int64_t
        compromised_ms; /* credential_verify: since when its key is no proof by itself; 0: it is */
};
/* Its parts, without looking at the proof. */
bool credential_peek(struct arena *a, const struct json_t *v, struct credential_read *out,
                     struct err *e) MUST_USE;
/* Its shape, and that its proof is true for a credential key of the table. INVALID at
 * "/credential". Who goes on must look at compromised_ms. */
bool credential_verify(struct arena *a, const struct key_table *t, const struct json_t *v,
                       struct credential_read *out, struct err *e) MUST_USE;

/* What the PDF carries: {"credential":…,"disclosed":{"document_number","salt"}}. */
struct json_t *credential_bundle(struct arena *a, const struct json_t *credential,
                                 const char *document_number, struct bytes salt);

#endif
