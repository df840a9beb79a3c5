/* people/sign_in.h - from login and password to a token, and from a token to a viewer.
 *
 * The cookie holds 32 random bytes (base64url, 43 characters); the row holds their hash. Idle: 30
 * minutes at a desk, 15 for administrators, 2 hours in the portal; 12 hours in all. Source of
 * every number: SECURITY §8.2. */
#ifndef PEOPLE_SIGN_IN_H
#define PEOPLE_SIGN_IN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/id.h"
#include "people/account.h"
#include "people/viewer.h"

struct arena;
struct db;
struct people;

enum { TOKEN_TEXT_BYTES = 44, DEVICE_TEXT_MAX = 80 };

struct sign_in_try {
    const char *login, *password;
    const char *code;   /* TOTP or recovery code; NULL: none given */
    const char *device; /* "Chrome · Windows", for the list of own sign-ins; may be NULL */
};

struct sign_in_done {
    char token[TOKEN_TEXT_BYTES];
    struct id sign_in;
    struct account account;
    int64_t ends_ms;
    bool used_recovery_code;
    int64_t recovery_codes_left; /* only where one was used */
};

/* Errors: UNAUTHENTICATED "login" (one sentence for every wrong pair), TOTP_REQUIRED "/code" (the
 * password was right), UNAUTHENTICATED "/code", TOO_MANY "login" while locked out or when the
 * gate's queue is full, RULE "/password" for an expired first password. WHO brings address,
 * request and now; its account and body are not looked at. Five failures lock the name for 1, 2,
 * 4 ... 60 minutes, whether it exists or not. */
bool sign_in(const struct people *p, const struct sign_in_try *t, struct sign_in_done *out,
             struct err *e) MUST_USE;

/* One statement. Nobody (viewer->account zero) for a token that is unknown, ended, idle or of a
 * disabled account; false only when the store failed. Notes once a minute that it was seen. */
bool viewer_of_token(struct db *db, struct arena *a, const char *token, int64_t now_ms,
                     struct viewer *out, struct err *e) MUST_USE;

struct sign_in_seen {
    struct id id;
    int64_t created_ms, seen_ms, ends_ms;
    const char *device;
};
/* The open sign-ins of who->account, newest first. */
bool sign_in_list(const struct people *p, struct sign_in_seen **out, size_t *count,
                  struct err *e) MUST_USE;
/* Signing out, here or elsewhere. NOT_FOUND if it is not an open one of who->account. */
bool sign_in_end(const struct people *p, struct id sign_in, struct err *e) MUST_USE;

/* Ends all sign-ins of the viewer and begins a new one: its token is in OUT. */
struct password_change {
    const char *old, *new;
};
bool password_change(const struct people *p, const struct viewer *v,
                     const struct password_change *c, struct sign_in_done *out,
                     struct err *e) MUST_USE;

#endif
