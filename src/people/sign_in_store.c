/* people/sign_in_store.c - sign-ins in and out of the database; a token becomes a viewer. */
#include "people/sign_in_store.h"

#include <string.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "people/people.h"
#include "store/audit.h"
#include "store/db.h"

enum {
    TOKEN_BYTES = 32,
    MINUTE_MS = 60000,
    HOUR_MS = 60 * MINUTE_MS,
    IDLE_DESK_MS = 30 * MINUTE_MS,
    IDLE_ADMIN_MS = 15 * MINUTE_MS,
    IDLE_PORTAL_MS = 2 * HOUR_MS
};

static void token_make(const struct people *p, char text[TOKEN_TEXT_BYTES],
                       unsigned char hash[HASH_BYTES])
{
    unsigned char token[TOKEN_BYTES];
    random_bytes(token, sizeof token);
    hash_of(hash, token, sizeof token);
    memcpy(text, base64url_write(p->arena, token, sizeof token), TOKEN_TEXT_BYTES);
    secret_wipe(token, sizeof token);
}

static bool remove_over(const struct people *p, struct id account, struct err *e)
{
    struct query *q = db_query(p->db, SQL_sign_in_remove_over);
    query_id(q, account);
    query_int(q, p->who->now_ms);
    return query_run(q, e);
}

bool sign_in_begin(const struct people *p, struct id account, const char *device,
                   struct sign_in_done *out, struct err *e)
{
    unsigned char hash[HASH_BYTES];
    if (!remove_over(p, account, e))
        return false;
    token_make(p, out->token, hash);
    out->sign_in = id_random();
    out->ends_ms = p->who->now_ms + SIGN_IN_HOURS * HOUR_MS;
    struct query *q = db_query(p->db, SQL_sign_in_put);
    query_id(q, out->sign_in);
    query_bytes(q, (struct bytes){hash, sizeof hash});
    query_id(q, account);
    query_int(q, p->who->now_ms);
    query_int(q, out->ends_ms);
    query_bytes(q, (struct bytes){p->who->address, ADDRESS_HASH_BYTES});
    query_text(q, device);
    return query_run(q, e);
}

bool sign_in_rotate(const struct people *p, const struct viewer *v, struct sign_in_done *out,
                    struct err *e)
{
    unsigned char hash[HASH_BYTES];
    struct query *q = db_query(p->db, SQL_sign_in_remove_others);
    query_id(q, v->account);
    query_id(q, v->sign_in);
    if (!query_run(q, e))
        return false;
    token_make(p, out->token, hash);
    out->sign_in = v->sign_in;
    q = db_query(p->db, SQL_sign_in_rotate);
    query_id(q, v->sign_in);
    query_id(q, v->account);
    query_bytes(q, (struct bytes){hash, sizeof hash});
    query_int(q, p->who->now_ms);
    return query_change_one(q, "session", "登录已结束，请重新登录。", e);
}

static int64_t idle_ms(uint32_t roles)
{
    if (roles & (R(system_admin) | R(security_admin) | R(audit_admin)))
        return IDLE_ADMIN_MS;
    return roles_have_staff(roles) ? IDLE_DESK_MS : IDLE_PORTAL_MS;
}

struct touch {
    struct id sign_in;
    int64_t now_ms;
};

static bool touch(struct db *db, void *ctx, struct err *e)
{
    const struct touch *t = ctx;
    struct query *q = db_query(db, SQL_sign_in_touch);
    query_id(q, t->sign_in);
    query_int(q, t->now_ms);
    return query_run(q, e);
}

/* The row of a token that has not ended, if there is one. */
static bool find(struct db *db, struct arena *a, const unsigned char hash[HASH_BYTES],
                 int64_t now_ms, struct viewer *out, int64_t *seen_ms, struct err *e)
{
    bool found;
    enum password_profile profile = PASSWORD_NIST;
    struct query *q = db_query(db, SQL_sign_in_viewer);
    query_bytes(q, (struct bytes){hash, HASH_BYTES});
    query_int(q, now_ms);
    if (!query_maybe(q, &found, e) || !found)
        return e->code == ERR_NONE;
    *out = (struct viewer){.sign_in = query_get_id(q, 0),
                           .account = query_get_id(q, 1),
                           .body = query_get_id(q, 2),
                           .person = query_get_id(q, 3),
                           .partner = query_get_id(q, 4),
                           .roles = (uint32_t)query_get_int(q, 5),
                           .totp_enrolled = query_get_int(q, 6) != 0,
                           .must_change_password = query_get_int(q, 7) != 0,
                           .display_name = query_get_text(q, 8, a)};
    *seen_ms = query_get_int(q, 9);
    password_profile_read(query_get_text(q, 11, a), &profile);
    if (password_is_over_age(profile, query_get_int(q, 10), now_ms))
        out->must_change_password = true;
    query_done(q);
    return true;
}

bool viewer_of_token(struct db *db, struct arena *a, const char *token, int64_t now_ms,
                     struct viewer *out, struct err *e)
{
    struct bytes bytes;
    unsigned char hash[HASH_BYTES];
    int64_t seen_ms = 0;
    *out = (struct viewer){0};
    if (!base64url_read(a, token, strlen(token), &bytes) || bytes.len != TOKEN_BYTES)
        return true;
    hash_of(hash, bytes.at, bytes.len);
    if (!find(db, a, hash, now_ms, out, &seen_ms, e))
        return false;
    if (id_is_zero(out->account))
        return true;
    if (now_ms - seen_ms > idle_ms(out->roles)) {
        *out = (struct viewer){0};
        return true;
    }
    struct touch t = {out->sign_in, now_ms};
    if (now_ms - seen_ms < MINUTE_MS || db_transact(db, touch, &t, e))
        return true;
    *out = (struct viewer){0};
    return false;
}

bool sign_in_list(const struct people *p, struct sign_in_seen **out, size_t *count,
                  struct err *e)
{
    struct query *q = db_query(p->db, SQL_sign_in_list);
    query_id(q, p->who->account);
    query_int(q, p->who->now_ms);
    *out = NULL;
    for (*count = 0; query_next(q, e); (*count)++) {
        *out = arena_grow(p->arena, *out, *count, *count + 1, sizeof **out);
        (*out)[*count] = (struct sign_in_seen){.id = query_get_id(q, 0),
                                               .created_ms = query_get_int(q, 1),
                                               .seen_ms = query_get_int(q, 2),
                                               .ends_ms = query_get_int(q, 3),
                                               .device = query_get_text(q, 4, p->arena)};
    }
    return e->code == ERR_NONE;
}

struct ending {
    const struct people *p;
    struct id sign_in;
};

static bool end(struct db *db, void *ctx, struct err *e)
{
    const struct ending *x = ctx;
    int64_t rows;
    struct query *q = db_query(db, SQL_sign_in_remove);
    query_id(q, x->sign_in);
    query_id(q, x->p->who->account);
    struct audit_row audit = {
        .act = ACT_sign_in_end, .object_type = "si", .object = x->sign_in};
    if (!query_change(q, &rows, e))
        return false;
    if (rows != 1)
        return FAIL(e, NOT_FOUND, "id", "没有这个登录，或它已经结束。");
    return audit_write(db, x->p->who, &audit, e);
}

bool sign_in_end(const struct people *p, struct id sign_in, struct err *e)
{
    struct ending x = {p, sign_in};
    return db_transact(p->db, end, &x, e);
}
