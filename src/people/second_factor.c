/* people/second_factor.c - a code of the authenticator or of the paper with recovery codes. */
#include "people/second_factor.h"

#include <string.h>

#include "base/arena.h"
#include "people/people.h"
#include "people/recovery.h"
#include "people/totp.h"
#include "store/audit.h"
#include "store/db.h"

/* The guard in the WHERE is what lets a step count only once. */
static bool step_take(const struct people *p, const struct account_secrets *s, const char *code,
                      bool *right, struct err *e)
{
    struct bytes seed;
    int64_t rows = 0;
    *right = false;
    if (!s->totp_seed.at)
        return true;
    if (!field_open(p->arena, p->master, "account", "totp_seed", s->account.id, s->totp_seed,
                    &seed, e))
        return false;
    int64_t step = totp_match(seed.at, seed.len, p->who->now_ms, code);
    if (step < 0)
        return true;
    struct query *q = db_query(p->db, SQL_account_take_step);
    query_id(q, s->account.id);
    query_int(q, step);
    if (!query_change(q, &rows, e))
        return false;
    *right = rows == 1;
    return true;
}

static bool recovery_left(const struct people *p, struct id account, int64_t *left,
                          struct err *e)
{
    struct query *q = db_query(p->db, SQL_recovery_codes_left);
    query_id(q, account);
    if (!query_one(q, "account", e))
        return false;
    *left = query_get_int(q, 0);
    query_done(q);
    return true;
}

static bool recovery_take(const struct people *p, struct id account, const char *code,
                          struct second_factor *out, struct err *e)
{
    unsigned char hash[RECOVERY_HASH_BYTES];
    int64_t rows;
    if (!recovery_hash(p->master, account, code, hash))
        return true;
    struct query *q = db_query(p->db, SQL_recovery_code_use);
    query_id(q, account);
    query_bytes(q, (struct bytes){hash, sizeof hash});
    query_int(q, p->who->now_ms);
    if (!query_change(q, &rows, e))
        return false;
    if (rows != 1)
        return true;
    out->right = out->was_recovery = true;
    struct audit_row audit = {
        .act = ACT_recovery_code_use, .object_type = "ac", .object = account};
    return recovery_left(p, account, &out->recovery_left, e) &&
           audit_write(p->db, p->who, &audit, e);
}

bool second_factor_take(const struct people *p, const struct account_secrets *s,
                        const char *code, bool allow_recovery, struct second_factor *out,
                        struct err *e)
{
    *out = (struct second_factor){0};
    if (!code || !s->totp_seed.at)
        return true;
    if (strlen(code) == 6)
        return step_take(p, s, code, &out->right, e);
    return !allow_recovery || recovery_take(p, s->account.id, code, out, e);
}
