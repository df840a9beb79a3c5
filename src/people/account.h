/* people/account.h - accounts of staff, partners and candidates, and who may be what.
 *
 * A login is unique in the installation. Logins that are mobile numbers belong to candidates; they
 * are stored only as a keyed index and a mask. */
#ifndef PEOPLE_ACCOUNT_H
#define PEOPLE_ACCOUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/id.h"
#include "people/password.h"
#include "people/viewer.h"

struct people;

enum account_state { ACCOUNT_ACTIVE = 1, ACCOUNT_DISABLED = 2 };
const char *account_state_word(enum account_state s); /* "active", "disabled" */

struct account {
    struct id id, body, partner, person; /* partner of partner accounts, person of candidates */
    const char *login;                   /* as it may be shown: mobile numbers masked */
    const char *display_name;
    enum account_state state;
    uint32_t roles; /* R() bits */
    bool totp_enrolled, must_change_password;
    int64_t created_ms, last_sign_in_ms; /* 0: never */
    int64_t version;                     /* grows with each change by an administrator */
};

bool account_get(const struct people *p, struct id id, struct account *out,
                 struct err *e) MUST_USE;
/* Those with ROLE (ROLE_NONE: all), by name. */
struct account_filter {
    enum role role;
    int64_t limit, offset;
    const char *q; /* part of the name or the login; NULL: all */
};
bool account_list(const struct people *p, const struct account_filter *f, struct account **out,
                  size_t *count, struct err *e) MUST_USE;
/* How many the filter lets through, whatever its limit. */
bool account_list_total(const struct people *p, const struct account_filter *f, int64_t *total,
                        struct err *e) MUST_USE;

/* Which roles one account may hold together: one of the three administrators and nothing else, a
 * candidate and nothing else, a partner (with its partner id) and nothing else, or any of the
 * others. RULE at "/roles". Pure. */
bool account_roles_check(uint32_t roles, struct id partner, struct err *e) MUST_USE;
/* role_find for each name; INVALID at "/roles/i" for an unknown one. */
bool account_roles_read(const char *const *names, size_t count, uint32_t *out,
                        struct err *e) MUST_USE;

struct account_new {
    const char *login, *display_name; /* 2 to 64 characters each */
    uint32_t roles;
    struct id partner;
    struct id id;     /* zero: a random one */
    struct id person; /* of a candidate: the one it stands for, without account so far. Zero: a
                       * new one */
    /* Instead of a random first password (demo, tests). No rule is checked; no change asked. */
    const char *password;
    const char *password_hash; /* of it, made beforehand; NULL: it is hashed here */
};

/* FIRST_PASSWORD is shown once and holds for 24 hours; change is enforced at its first use. The
 * account belongs to who->body. CONFLICT at "/login" if it is taken. */
bool account_create(const struct people *p, const struct account_new *n, struct account *out,
                    char first_password[FIRST_PASSWORD_BYTES], struct err *e) MUST_USE;

/* The account of a candidate whom a table or a partner registered: the login is the mobile number
 * that was registered, the first password goes to that person, who reads and agrees alone. RULE at
 * "/phone" without a number; CONFLICT at "/account" if there is an account already. */
bool account_open(const struct people *p, struct id person, struct account *out,
                  char first_password[FIRST_PASSWORD_BYTES], struct err *e) MUST_USE;

/* What a security administrator changes. Zero and NULL leave things as they are. Nobody changes
 * their own account here; the last active security administrator stays. All sign-ins of the
 * account end. */
struct account_change {
    struct id id;
    int64_t version; /* as it was read; else CONFLICT at "/version". 0: whatever it is */
    const char *display_name;
    uint32_t roles;
    struct id partner;
    enum account_state state;
};
bool account_change(const struct people *p, const struct account_change *c,
                    struct err *e) MUST_USE;
/* A new first password, and with FORGET_TOTP also a new enrolment at the next sign-in. */
bool account_reset_password(const struct people *p, struct id id, bool forget_totp,
                            char first_password[FIRST_PASSWORD_BYTES], struct err *e) MUST_USE;

/* A candidate's own account: the login is a mobile number or a name of 4 to 32 letters, digits,
 * "_" or "-". Makes the account and an empty person. who->body is where it belongs. */
struct registration {
    const char *login, *password, *display_name;
    const char *device; /* "Chromium · Linux"; NULL: unknown */
};
struct sign_in_done;
/* The account, its person and the first sign-in, or none of them: whoever has just chosen a password need
 * not prove to know it. */
bool account_register(const struct people *p, const struct registration *r,
                      struct sign_in_done *out, struct err *e) MUST_USE;

#endif
