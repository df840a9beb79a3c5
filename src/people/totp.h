/* people/totp.h - the second factor: enrolment, recovery codes, and a code that is used once. */
#ifndef PEOPLE_TOTP_H
#define PEOPLE_TOTP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/id.h"
#include "people/sign_in.h"

struct people;
struct viewer;

enum { TOTP_SEED_BYTES = 20, RECOVERY_CODES = 10, RECOVERY_TEXT_BYTES = 20 };

struct totp_offer {
    const char *secret; /* base32, to type */
    const char *uri;    /* otpauth://…, to show as QR */
};

struct totp_enrolled {
    char codes[RECOVERY_CODES][RECOVERY_TEXT_BYTES]; /* XXXX-XXXX-XXXX-XXXX, shown once */
    struct sign_in_done sign_in;                     /* the token is new; others have ended */
};

/* Makes a seed that counts once confirmed. CODE of the present device where there is one. */
bool totp_begin(const struct people *p, const struct viewer *v, const char *code,
                struct totp_offer *out, struct err *e) MUST_USE;
bool totp_confirm(const struct people *p, const struct viewer *v, const char *code,
                  struct totp_enrolled *out, struct err *e) MUST_USE;

/* Inside a transaction: whether CODE is one of ACCOUNT's device now and its step was not taken
 * before; takes the step. *right is the answer; false means that the store failed, or TOO_MANY at
 * "/code": five wrong codes lock as wrong passwords do. A wrong code must be counted, so let the
 * transaction commit and refuse after it. */
bool totp_take(const struct people *p, struct id account, const char *code, bool *right,
               struct err *e) MUST_USE;

#endif
