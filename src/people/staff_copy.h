/* people/staff_copy.h - the accounts of those who watch a room, for the node that serves it.
 *
 * A copy holds the verifier of the password and the seed of the one-time code, so it travels only
 * sealed to the node (decision 0030). On the node it keeps nothing but the roles of a room. */
#ifndef PEOPLE_STAFF_COPY_H
#define PEOPLE_STAFF_COPY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/id.h"

struct people;

struct staff_copy {
    struct id id;
    const char *login, *display_name, *password; /* password: its argon2id string */
    uint32_t roles;                              /* R() bits, those of a room only */
    struct bytes totp_seed;                      /* plain; wipe it */
};

/* *fit is false, and the copy useless, for an account without a second factor or not in use. */
bool staff_copy_read(const struct people *p, struct id account, struct staff_copy *out,
                     bool *fit, struct err *e) MUST_USE;
/* Puts it, or brings what is there up to date. Inside a transaction. */
bool staff_copy_put(const struct people *p, const struct staff_copy *c, struct err *e) MUST_USE;
/* Makes the account useless: no sign-in, no roles, no verifier, no seed. Inside a transaction. */
bool staff_copy_clear(const struct people *p, struct id account, struct err *e) MUST_USE;

#endif
