/* certificate/check.h - verifying a file or a text without the page: for `heng cert verify`.
 *
 * What can be said without the database is whether the signature is true; never "valid". With a
 * status list of at most seven days: the state as of its time. */
#ifndef CERTIFICATE_CHECK_H
#define CERTIFICATE_CHECK_H

#include "certificate/credential.h"
#include "certificate/qr.h"

enum check_kind { CHECK_CREDENTIAL, CHECK_QR };

struct check_result {
    enum check_kind kind;
    const char *number;
    struct credential_read credential; /* CHECK_CREDENTIAL */
    unsigned char credential_digest[32];
    struct qr_claim claim; /* CHECK_QR */
    /* Not 0: the key was stolen then. The signature is a proof only where the issue record was anchored
     * before (certificate_was_anchored). */
    int64_t compromised_ms;
    const char *document_number; /* told and confirmed by the file; NULL: not told */
};

/* CONTENT: a PDF of ours, a credential, its bundle, or the text of a QR code. INVALID where it is
 * none of them or not true. */
bool certificate_check(struct arena *a, const struct key_table *keys, struct bytes content,
                       struct check_result *out, struct err *e) MUST_USE;

#endif
