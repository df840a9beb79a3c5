/* people/password_change.c - a person changes their own password; all other sign-ins end. */
#include <string.h>

#include "base/arena.h"
#include "people/account_store.h"
#include "people/guess.h"
#include "people/password_gate.h"
#include "people/people.h"
#include "people/sign_in_store.h"
#include "store/audit.h"
#include "store/db.h"

struct change {
    const struct people *p;
    const struct viewer *v;
    struct account_secrets s;
    struct guess guess;
    char hash[PASSWORD_HASH_BYTES];
    struct sign_in_done *out;
};

static bool charge(struct db *db, void *ctx, struct err *e)
{
    struct change *x = ctx;
    return guess_charge(db, x->s.login_index, x->p->who->now_ms, &x->guess, e);
}

static bool store(struct db *db, void *ctx, struct err *e)
{
    struct change *x = ctx;
    struct account_secrets now;
    struct account_row row = {.id = x->v->account, .password = x->hash};
    struct audit_row audit = {
        .act = ACT_password_change, .object_type = "ac", .object = x->v->account};
    *x->out = (struct sign_in_done){0};
    if (!account_secrets_of_id(db, x->p->arena, x->v->account, &now, e))
        return false;
    if (strcmp(now.password, x->s.password) != 0)
        return FAIL(e, CONFLICT, "/old", "密码刚刚被更改，请重新登录。");
    return guess_refund(db, now.login_index, e) &&
           account_password_set(db, &row, x->p->who->now_ms, e) &&
           sign_in_rotate(x->p, x->v, x->out, e) && audit_write(db, x->p->who, &audit, e) &&
           account_get(x->p, x->v->account, &x->out->account, e);
}

static bool try(struct change *x, const struct password_change *c, struct err *e)
{
    if (!db_transact(x->p->db, charge, x, e))
        return false;
    if (x->guess.wait_s > 0)
        return guess_locked(&x->guess, e);
    if (!password_matches(x->s.password, c->old))
        return FAIL(e, INVALID, "/old", "当前密码不对。");
    /* The cost follows the login's shape; that of a mobile number is stored masked. */
    password_hash(x->hash, c->new,
                  strchr(x->s.account.login, '*') ? PASSWORD_CANDIDATE : PASSWORD_STAFF);
    return db_transact(x->p->db, store, x, e);
}

bool password_change(const struct people *p, const struct viewer *v,
                     const struct password_change *c, struct sign_in_done *out, struct err *e)
{
    struct change x = {.p = p, .v = v, .out = out};
    if (!account_secrets_of_id(p->db, p->arena, v->account, &x.s, e))
        return false;
    struct password_rules rules = account_password_rules(p->arena, &x.s.account, x.s.body_name,
                                                         x.s.profile);
    if (!password_check(p->arena, &rules, c->new, "/new", e))
        return false;
    if (strcmp(c->old, c->new) == 0)
        return FAIL(e, INVALID, "/new", "新密码不能与当前密码相同。");
    if (!password_gate_enter(e))
        return false;
    bool ok = try(&x, c, e);
    password_gate_leave();
    secret_wipe(x.hash, sizeof x.hash);
    return ok;
}
