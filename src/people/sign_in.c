/* people/sign_in.c - from login, password and code to a sign-in. */
#include "people/sign_in.h"

#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "people/account_store.h"
#include "people/guess.h"
#include "people/password_gate.h"
#include "people/people.h"
#include "people/second_factor.h"
#include "people/sign_in_store.h"
#include "store/audit.h"
#include "store/db.h"

enum outcome { OUT_DONE, OUT_LOCKED, OUT_WRONG, OUT_EXPIRED, OUT_NEEDS_CODE, OUT_WRONG_CODE };

struct attempt {
    const struct people *p;
    const struct sign_in_try *t;
    struct sign_in_done *out;
    const char *login; /* normal */
    unsigned char index[BLIND_INDEX_BYTES];
    struct guess guess;
    bool known, right, rehash;
    struct account_secrets s;
    char fresh[PASSWORD_HASH_BYTES]; /* at today's cost, if rehash */
    enum outcome outcome;
};

static bool charge(struct db *db, void *ctx, struct err *e)
{
    struct attempt *x = ctx;
    return guess_charge(db, x->index, x->p->who->now_ms, &x->guess, e);
}

/* The costly part, outside every transaction: the same work whether the name exists or not. */
static void try_password(struct attempt *x)
{
    enum password_cost cost = password_cost_of_login(x->login);
    if (!x->known) {
        password_hash_dummy(x->t->password, cost);
        return;
    }
    x->right = password_matches(x->s.password, x->t->password);
    x->rehash = x->right && password_hash_is_old(x->s.password, cost);
    if (x->rehash)
        password_hash(x->fresh, x->t->password, cost);
}

static bool note_failure(const struct attempt *x, struct err *e)
{
    if (!x->known)
        return true;
    struct actor as = account_actor(x->p->who, &x->s.account);
    struct audit_row audit = {
        .act = ACT_sign_in_fail,
        .object_type = "ac",
        .object = x->s.account.id,
        .change = json_keep(x->p->arena,
                            json_pack("{s:I}", "failures", (json_int_t)x->guess.failures))};
    return audit_write(x->p->db, &as, &audit, e);
}

static bool rehash(const struct attempt *x, struct err *e)
{
    struct query *q = db_query(x->p->db, SQL_account_rehash);
    query_id(q, x->s.account.id);
    query_text(q, x->s.password);
    query_text(q, x->fresh);
    return query_run(q, e);
}

bool sign_in_admit(const struct people *p, struct id account, const char *device,
                   struct sign_in_done *out, struct err *e)
{
    if (!sign_in_begin(p, account, device, out, e))
        return false;
    struct audit_row audit = {.act = ACT_sign_in, .object_type = "si", .object = out->sign_in};
    struct query *q = db_query(p->db, SQL_account_signed_in);
    query_id(q, account);
    query_int(q, p->who->now_ms);
    return query_run(q, e) && audit_write(p->db, p->who, &audit, e) &&
           account_get(p, account, &out->account, e);
}

/* The password was right and the account is as it was when that was found. */
static bool admit(struct attempt *x, struct err *e)
{
    struct actor as = account_actor(x->p->who, &x->s.account);
    struct people p = *x->p;
    struct second_factor factor = {.right = true};
    p.who = &as;
    if (x->s.password_ends_ms && p.who->now_ms > x->s.password_ends_ms) {
        x->outcome = OUT_EXPIRED;
        return guess_refund(p.db, x->index, e);
    }
    if (x->s.totp_seed.at) {
        if (!x->t->code || !*x->t->code) {
            x->outcome = OUT_NEEDS_CODE;
            return guess_refund(p.db, x->index, e);
        }
        if (!second_factor_take(&p, &x->s, x->t->code, true, &factor, e))
            return false;
    }
    if (!factor.right) {
        x->outcome = OUT_WRONG_CODE;
        return note_failure(x, e);
    }
    x->out->used_recovery_code = factor.was_recovery;
    x->out->recovery_codes_left = factor.recovery_left;
    return guess_clear(p.db, x->index, e) && (!x->rehash || rehash(x, e)) &&
           sign_in_admit(&p, x->s.account.id, x->t->device, x->out, e);
}

static bool settle(struct db *db, void *ctx, struct err *e)
{
    struct attempt *x = ctx;
    struct account_secrets now;
    x->outcome = OUT_DONE;
    *x->out = (struct sign_in_done){0};
    if (!x->right) {
        x->outcome = OUT_WRONG;
        return note_failure(x, e);
    }
    if (!account_secrets_of_id(db, x->p->arena, x->s.account.id, &now, e))
        return false;
    if (now.account.state != ACCOUNT_ACTIVE || strcmp(now.password, x->s.password) != 0) {
        x->outcome = OUT_WRONG;
        return true;
    }
    x->s = now;
    return admit(x, e);
}

static bool answer(const struct attempt *x, struct err *e)
{
    switch (x->outcome) {
    case OUT_DONE:
        return true;
    case OUT_LOCKED:
        return guess_locked(&x->guess, e);
    case OUT_WRONG:
        return FAIL(e, UNAUTHENTICATED, "login", "登录名或密码不对。");
    case OUT_EXPIRED:
        return FAIL(e, RULE, "/password", "初始密码已超过 %d 小时，请管理员重新发放。",
                    FIRST_PASSWORD_HOURS);
    case OUT_NEEDS_CODE:
        return FAIL(e, TOTP_REQUIRED, "/code", "请输入动态口令。");
    case OUT_WRONG_CODE:
        break;
    }
    return FAIL(e, UNAUTHENTICATED, "/code", "动态口令不对，或已经用过。");
}

static bool try(struct attempt *x, struct err *e)
{
    if (!db_transact(x->p->db, charge, x, e))
        return false;
    if (x->guess.wait_s > 0) {
        x->outcome = OUT_LOCKED;
        return true;
    }
    if (!account_secrets_of_login(x->p->db, x->p->arena, x->index, &x->s, &x->known, e))
        return false;
    try_password(x);
    return db_transact(x->p->db, settle, x, e);
}

bool sign_in(const struct people *p, const struct sign_in_try *t, struct sign_in_done *out,
             struct err *e)
{
    struct attempt x = {.p = p, .t = t, .out = out, .login = login_normal(p->arena, t->login)};
    login_index(x.index, p->master, x.login);
    if (!password_gate_enter(e))
        return false;
    bool tried = try(&x, e);
    password_gate_leave();
    secret_wipe(x.fresh, sizeof x.fresh);
    return tried && answer(&x, e);
}
