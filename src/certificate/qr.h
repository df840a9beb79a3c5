/* certificate/qr.h - the signed QR code HNC1 on a certificate (SECURITY §7).
 *
 * Text: PUBLIC_URL in capitals, "/Q/", base32 of body and signature: one alphanumeric segment.
 * Body, integers big-endian:
 *   version<<4|suite (1), kid (4), number, programme no (2), level (1), direction no (1, 0 = none),
 *   issue day since 2000-01-01 (2), valid-to day (2, 0 = none), document letter (1), holder (8),
 *   photo (16), credential (8), name length (1), name (at most 60 bytes of UTF-8)
 * Version 1 numbers: letter (1) and 21 digits BCD, last nibble F (11). Version 2, of training
 * certificates: length (1) and that many of A-Z 0-9 '-' (doc/decisions). The certificate key signs
 * "heng/cert-qr/1\n" and the body. */
#ifndef CERTIFICATE_QR_H
#define CERTIFICATE_QR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/calendar.h"
#include "base/err.h"
#include "base/signed_json.h"
#include "certificate/number_pattern.h"

struct arena;

enum {
    QR_HOLDER_BYTES = 8,
    QR_PHOTO_BYTES = 16,
    QR_CREDENTIAL_BYTES = 8,
    QR_NAME_BYTES = 60,
    QR_BODY_BYTES = 256 /* more than any body */
};

struct qr_claim {
    char kid[KID_TEXT_BYTES];
    char number[PATTERN_NUMBER_BYTES];
    int programme_no, level, direction_no;
    date_days issued, valid_to; /* valid_to DATE_NONE: without end */
    char document_letter;
    unsigned char holder[QR_HOLDER_BYTES];
    unsigned char photo[QR_PHOTO_BYTES]; /* zero: without photo */
    unsigned char credential[QR_CREDENTIAL_BYTES];
    char name[QR_NAME_BYTES + 1]; /* cut at a character where longer */
};

/* first of H("heng/holder/1\0" number, letter, document number) */
void qr_holder(const char *number, char letter, const char *document_number,
               unsigned char out[QR_HOLDER_BYTES]);
/* Copies NAME, cut to whole characters within QR_NAME_BYTES. */
void qr_put_name(struct qr_claim *c, const char *name);

/* The body, without signature. C must be valid; anything else is a bug. */
size_t qr_body_write(const struct qr_claim *c, unsigned char out[QR_BODY_BYTES]);
/* Exactly what qr_body_write writes; nothing behind it. */
bool qr_body_read(struct bytes body, struct qr_claim *out);

/* PUBLIC_URL "https://exam.example" becomes "HTTPS://EXAM.EXAMPLE/Q/…". */
const char *qr_text_write(struct arena *a, const char *public_url, struct bytes body,
                          const unsigned char signature[64]);
/* TEXT is the whole text or only its base32. True only if the signature is true for a certificate key of the
 * table. *KEY is that key. What a stolen key signed is refused whatever day it bears, for the thief writes
 * the day; qr_signed leaves that to who can ask the audit anchors (SECURITY §7). */
bool qr_signed(struct arena *a, const struct key_table *t, const char *text,
               struct qr_claim *out, const struct public_key **key, struct err *e) MUST_USE;
bool qr_verify(struct arena *a, const struct key_table *t, const char *text,
               struct qr_claim *out, struct err *e) MUST_USE;

#endif
