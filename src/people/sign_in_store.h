/* people/sign_in_store.h - rows of sign-ins, for this folder only. All inside a transaction. */
#ifndef PEOPLE_SIGN_IN_STORE_H
#define PEOPLE_SIGN_IN_STORE_H

#include "people/sign_in.h"

enum { SIGN_IN_HOURS = 12 };

/* A new row; sets token, sign_in and ends_ms of OUT. */
bool sign_in_begin(const struct people *p, struct id account, const char *device,
                   struct sign_in_done *out, struct err *e) MUST_USE;
/* The same, with its audit row and the account: for somebody who may, P's actor. */
bool sign_in_admit(const struct people *p, struct id account, const char *device,
                   struct sign_in_done *out, struct err *e) MUST_USE;
/* The same sign-in under a new token; all others of the account end. Sets the token of OUT. */
bool sign_in_rotate(const struct people *p, const struct viewer *v, struct sign_in_done *out,
                    struct err *e) MUST_USE;

#endif
