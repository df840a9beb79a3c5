/* app/demo_body.h - a demonstration body: accounts for every role and the starter bank.
 *
 * Passwords and one-time code secrets are random; nothing here has a default. */
#ifndef APP_DEMO_BODY_H
#define APP_DEMO_BODY_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/id.h"

struct actor;
struct arena;
struct db;
struct instance;

enum { DEMO_PASSWORD_BYTES = 28 };

struct demo_account {
    const char *login, *name;
    struct id id;
    char password[DEMO_PASSWORD_BYTES];
    const char *secret;     /* base32, of the one-time code */
    const char *passphrase; /* of a release officer; NULL for others */
};

struct demo_body {
    struct id id;
    struct demo_account *accounts;
    size_t count;
};

struct demo_options {
    int64_t now_ms;
    void (*progress)(const char *what); /* NULL: silent */
    uint32_t officer_mem_mib;           /* of officers' passphrases; 0: the real cost */
    const char *programme;              /* only its items; NULL: of all programmes */
};

/* The data folder must hold no body yet: CONFLICT. */
bool demo_body_create(struct arena *a, struct instance *i, const struct demo_options *o,
                      struct demo_body *out, struct err *e) MUST_USE;
bool demo_examiner_card(struct db *db, struct arena *a, const struct actor *who,
                        struct id account, struct err *e) MUST_USE;
/* NULL if there is none. */
const struct demo_account *demo_account(const struct demo_body *b, const char *login);
/* A table of logins, passwords and secrets, for a file only its owner may read. */
const char *demo_accounts_text(struct arena *a, const struct demo_body *b);

#endif
