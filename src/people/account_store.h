/* people/account_store.h - rows of accounts with their secrets, for this folder only. */
#ifndef PEOPLE_ACCOUNT_STORE_H
#define PEOPLE_ACCOUNT_STORE_H

#include "base/bytes.h"
#include "base/crypto.h"
#include "people/account.h"

struct actor;
struct arena;
struct db;
struct people;

struct account_secrets {
    struct account account;
    unsigned char login_index[BLIND_INDEX_BYTES];
    const char *password; /* its hash */
    int64_t password_at_ms, password_ends_ms;
    struct bytes totp_seed, totp_pending; /* sealed; at NULL where there is none */
    int64_t totp_last_step;
    enum password_profile profile;
    const char *body_name; /* NULL in tests without a body */
};

/* Lower case, blanks around it gone; mobile numbers as phone_check leaves them. */
const char *login_normal(struct arena *a, const char *typed);
bool login_is_mobile(const char *normal);
void login_index(unsigned char out[BLIND_INDEX_BYTES], const struct master *m,
                 const char *normal);
const char *login_shown(struct arena *a, const char *normal);

bool account_secrets_of_login(struct db *db, struct arena *a,
                              const unsigned char index[BLIND_INDEX_BYTES],
                              struct account_secrets *out, bool *found, struct err *e) MUST_USE;
bool account_secrets_of_id(struct db *db, struct arena *a, struct id id,
                           struct account_secrets *out, struct err *e) MUST_USE;

struct account_row {
    struct id id, body, partner;
    const char *login, *display_name; /* normal login */
    const char *password;             /* hash */
    int64_t password_ends_ms;         /* 0: it does not end */
    bool must_change;
    uint32_t roles;
};
/* CONFLICT at "/login" if it is taken. In a transaction, as what follows. */
bool account_row_put(const struct people *p, const struct account_row *r,
                     struct err *e) MUST_USE;
bool account_roles_set(struct db *db, struct id account, uint32_t roles,
                       struct err *e) MUST_USE;
bool account_password_set(struct db *db, const struct account_row *r, int64_t now_ms,
                          struct err *e) MUST_USE;
bool account_sign_ins_end(struct db *db, struct id account, struct err *e) MUST_USE;

/* WHO as this account, in the lowest of its roles. */
struct actor account_actor(const struct actor *who, const struct account *account);

/* The words that a password of this account must not be made of. */
struct password_rules account_password_rules(struct arena *a, const struct account *account,
                                             const char *body_name,
                                             enum password_profile profile);

#endif
