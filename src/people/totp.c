/* people/totp.c - enrolling an authenticator, and codes that are used once. */
#include "people/totp.h"

#include <string.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "people/account_store.h"
#include "people/guess.h"
#include "people/people.h"
#include "people/recovery.h"
#include "people/second_factor.h"
#include "people/sign_in_store.h"
#include "store/audit.h"
#include "store/db.h"

/* A charged look at a code of the account's present device. */
static bool take(const struct people *p, const struct account_secrets *s, const char *code,
                 bool *right, struct err *e)
{
    struct guess guess;
    struct second_factor factor;
    *right = false;
    if (!guess_charge(p->db, s->login_index, p->who->now_ms, &guess, e))
        return false;
    if (guess.wait_s > 0)
        return guess_locked(&guess, e);
    if (!second_factor_take(p, s, code, false, &factor, e))
        return false;
    *right = factor.right;
    return !factor.right || guess_refund(p->db, s->login_index, e);
}

bool totp_take(const struct people *p, struct id account, const char *code, bool *right,
               struct err *e)
{
    struct account_secrets s;
    return account_secrets_of_id(p->db, p->arena, account, &s, e) &&
           take(p, &s, code, right, e);
}

struct enrolment {
    const struct people *p;
    const struct viewer *v;
    const char *code;
    bool right;
    unsigned char seed[TOTP_SEED_BYTES];
    struct account_secrets s;
    struct totp_enrolled *out;
};

static bool offer(struct db *db, void *ctx, struct err *e)
{
    struct enrolment *x = ctx;
    x->right = true;
    if (!account_secrets_of_id(db, x->p->arena, x->v->account, &x->s, e))
        return false;
    if (x->s.totp_seed.at && !take(x->p, &x->s, x->code ? x->code : "", &x->right, e))
        return false;
    if (!x->right)
        return true;
    struct query *q = db_query(db, SQL_account_offer_totp);
    query_id(q, x->v->account);
    query_bytes(q, field_seal(x->p->arena, x->p->master, "account", "totp_pending",
                              x->v->account, x->seed, sizeof x->seed));
    return query_change_one(q, "account", "账号已不存在。", e);
}

static bool wrong_code(struct err *e)
{
    return FAIL(e, UNAUTHENTICATED, "/code", "动态口令不对，或已经用过。");
}

/* Percent-encoding for the label of an otpauth address. */
static const char *encoded(struct arena *a, const char *s)
{
    static const char hex[] = "0123456789ABCDEF";
    char *out = arena_alloc(a, strlen(s) * 3 + 1, 1), *to = out;
    for (; *s; s++) {
        unsigned char c = (unsigned char)*s;
        if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
            *to++ = (char)c;
        } else {
            *to++ = '%';
            *to++ = hex[c >> 4];
            *to++ = hex[c & 15];
        }
    }
    return out;
}

bool totp_begin(const struct people *p, const struct viewer *v, const char *code,
                struct totp_offer *out, struct err *e)
{
    struct enrolment x = {.p = p, .v = v, .code = code};
    random_bytes(x.seed, sizeof x.seed);
    if (!db_transact(p->db, offer, &x, e))
        return false;
    if (!x.right)
        return wrong_code(e);
    out->secret = base32_write(p->arena, x.seed, sizeof x.seed);
    out->uri = arena_printf(p->arena,
                            "otpauth://totp/Heng:%s?secret=%s&issuer=Heng&digits=6&period=30",
                            encoded(p->arena, x.s.account.login), out->secret);
    secret_wipe(x.seed, sizeof x.seed);
    return true;
}

static bool codes_replace(const struct enrolment *x, struct err *e)
{
    struct query *q = db_query(x->p->db, SQL_recovery_codes_remove);
    query_id(q, x->v->account);
    if (!query_run(q, e))
        return false;
    for (int i = 0; i < RECOVERY_CODES; i++) {
        unsigned char hash[RECOVERY_HASH_BYTES];
        recovery_make(x->p->arena, x->out->codes[i]);
        if (!recovery_hash(x->p->master, x->v->account, x->out->codes[i], hash))
            return FAIL(e, INTERNAL, "code", "恢复码的写法不对。");
        q = db_query(x->p->db, SQL_recovery_code_put);
        query_id(q, x->v->account);
        query_bytes(q, (struct bytes){hash, sizeof hash});
        if (!query_run(q, e))
            return false;
    }
    return true;
}

/* The step that confirmed is taken: it cannot sign in or confirm an act as well. Who enrols at
 * the installation (heng init --demo) has no sign-in that could get a new token. */
static bool enrol(const struct enrolment *x, struct bytes seed, int64_t step, struct err *e)
{
    struct audit_row audit = {
        .act = ACT_totp_enrol, .object_type = "ac", .object = x->v->account};
    struct query *q = db_query(x->p->db, SQL_account_enrol_totp);
    query_id(q, x->v->account);
    query_bytes(q, field_seal(x->p->arena, x->p->master, "account", "totp_seed", x->v->account,
                              seed.at, seed.len));
    query_int(q, step);
    return query_change_one(q, "account", "请重新开始绑定。", e) && codes_replace(x, e) &&
           (id_is_zero(x->v->sign_in) || sign_in_rotate(x->p, x->v, &x->out->sign_in, e)) &&
           audit_write(x->p->db, x->p->who, &audit, e) &&
           account_get(x->p, x->v->account, &x->out->sign_in.account, e);
}

static bool confirm(struct db *db, void *ctx, struct err *e)
{
    struct enrolment *x = ctx;
    struct guess guess;
    struct bytes seed;
    *x->out = (struct totp_enrolled){0};
    x->right = false;
    if (!account_secrets_of_id(db, x->p->arena, x->v->account, &x->s, e) ||
        !guess_charge(db, x->s.login_index, x->p->who->now_ms, &guess, e))
        return false;
    if (guess.wait_s > 0)
        return guess_locked(&guess, e);
    if (!x->s.totp_pending.at)
        return FAIL(e, CONFLICT, "totp", "请先开始绑定动态口令。");
    if (!field_open(x->p->arena, x->p->master, "account", "totp_pending", x->v->account,
                    x->s.totp_pending, &seed, e))
        return false;
    int64_t step = totp_match(seed.at, seed.len, x->p->who->now_ms, x->code);
    x->right = step >= 0;
    return !x->right || (guess_refund(db, x->s.login_index, e) && enrol(x, seed, step, e));
}

bool totp_confirm(const struct people *p, const struct viewer *v, const char *code,
                  struct totp_enrolled *out, struct err *e)
{
    struct enrolment x = {.p = p, .v = v, .code = code, .out = out};
    return db_transact(p->db, confirm, &x, e) && (x.right || wrong_code(e));
}
