/* people/account_store.c - accounts in and out of the database. */
#include "people/account_store.h"

#include <string.h>

#include "base/arena.h"
#include "people/document.h"
#include "people/mask.h"
#include "people/people.h"
#include "store/audit.h"
#include "store/db.h"

const char *login_normal(struct arena *a, const char *typed)
{
    struct err ignored = {0};
    char phone[PHONE_BYTES];
    if (phone_check(typed, phone, &ignored))
        return arena_text(a, phone);
    typed += strspn(typed, " \t");
    size_t len = strlen(typed);
    while (len > 0 && (typed[len - 1] == ' ' || typed[len - 1] == '\t'))
        len--;
    char *out = arena_copy(a, typed, len);
    for (char *c = out; *c; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    return out;
}

bool login_is_mobile(const char *normal)
{
    return password_cost_of_login(normal) == PASSWORD_CANDIDATE;
}

void login_index(unsigned char out[BLIND_INDEX_BYTES], const struct master *m,
                 const char *normal)
{
    blind_index(out, m, "ZZ", 'L', normal);
}

const char *login_shown(struct arena *a, const char *normal)
{
    return login_is_mobile(normal) ? mask_phone(a, normal) : normal;
}

static void read_account(struct query *q, struct arena *a, struct account *out)
{
    *out = (struct account){.id = query_get_id(q, 0),
                            .body = query_get_id(q, 1),
                            .partner = query_get_id(q, 2),
                            .person = query_get_id(q, 3),
                            .login = query_get_text(q, 4, a),
                            .display_name = query_get_text(q, 5, a),
                            .state = (enum account_state)query_get_int(q, 6),
                            .roles = (uint32_t)query_get_int(q, 7),
                            .totp_enrolled = query_get_int(q, 8) != 0,
                            .must_change_password = query_get_int(q, 9) != 0,
                            .created_ms = query_get_int(q, 10),
                            .last_sign_in_ms = query_get_int(q, 11),
                            .version = query_get_int(q, 12)};
}

static bool read_secrets(struct query *q, struct arena *a, struct account_secrets *out,
                         struct err *e)
{
    *out = (struct account_secrets){0};
    read_account(q, a, &out->account);
    struct bytes index = query_get_bytes(q, 13, a);
    out->password = query_get_text(q, 14, a);
    out->password_at_ms = query_get_int(q, 15);
    out->password_ends_ms = query_get_int(q, 16);
    out->totp_seed = query_get_bytes(q, 17, a);
    out->totp_pending = query_get_bytes(q, 18, a);
    out->totp_last_step = query_get_int(q, 19);
    const char *profile = query_get_text(q, 20, a);
    out->body_name = query_get_text(q, 21, a);
    query_done(q);
    if (index.len != BLIND_INDEX_BYTES ||
        (profile && !password_profile_read(profile, &out->profile)))
        return FAIL(e, STORE, "account", "账号记录损坏。");
    memcpy(out->login_index, index.at, BLIND_INDEX_BYTES);
    return true;
}

bool account_secrets_of_login(struct db *db, struct arena *a,
                              const unsigned char index[BLIND_INDEX_BYTES],
                              struct account_secrets *out, bool *found, struct err *e)
{
    struct query *q = db_query(db, SQL_account_secrets_of_login);
    query_bytes(q, (struct bytes){index, BLIND_INDEX_BYTES});
    return query_maybe(q, found, e) && (!*found || read_secrets(q, a, out, e));
}

bool account_secrets_of_id(struct db *db, struct arena *a, struct id id,
                           struct account_secrets *out, struct err *e)
{
    struct query *q = db_query(db, SQL_account_secrets_of_id);
    query_id(q, id);
    return query_one(q, "account", e) && read_secrets(q, a, out, e);
}

bool account_get(const struct people *p, struct id id, struct account *out, struct err *e)
{
    struct query *q = db_query(p->db, SQL_account_get);
    query_id(q, id);
    query_id(q, p->who->body);
    if (!query_one(q, "account", e))
        return false;
    read_account(q, p->arena, out);
    query_done(q);
    return true;
}

/* The word as a LIKE pattern, its own % and _ as they are; "" for no word. */
static const char *pattern_of(struct arena *a, const char *word)
{
    if (!word || !*word)
        return "";
    char *out = arena_alloc(a, 2 * strlen(word) + 3, 1), *to = out;
    *to++ = '%';
    for (; *word; word++) {
        if (strchr("%_\\", *word))
            *to++ = '\\';
        *to++ = *word;
    }
    *to++ = '%';
    *to = '\0';
    return out;
}

bool account_list_total(const struct people *p, const struct account_filter *f, int64_t *total,
                        struct err *e)
{
    struct query *q = db_query(p->db, SQL_account_list_total);
    query_id(q, p->who->body);
    query_int(q, f->role);
    query_text(q, pattern_of(p->arena, f->q));
    if (!query_one(q, "account", e))
        return false;
    *total = query_get_int(q, 0);
    query_done(q);
    return true;
}

bool account_list(const struct people *p, const struct account_filter *f, struct account **out,
                  size_t *count, struct err *e)
{
    struct query *q = db_query(p->db, SQL_account_list);
    query_id(q, p->who->body);
    query_int(q, f->role);
    query_int(q, f->limit);
    query_int(q, f->offset);
    query_text(q, pattern_of(p->arena, f->q));
    *out = NULL;
    for (*count = 0; query_next(q, e); (*count)++) {
        *out = arena_grow(p->arena, *out, *count, *count + 1, sizeof **out);
        read_account(q, p->arena, &(*out)[*count]);
    }
    return e->code == ERR_NONE;
}

bool account_roles_set(struct db *db, struct id account, uint32_t roles, struct err *e)
{
    struct query *q = db_query(db, SQL_account_roles_remove);
    query_id(q, account);
    if (!query_run(q, e))
        return false;
    for (int role = 1; role < 32; role++) {
        if (!(roles & UINT32_C(1) << role))
            continue;
        q = db_query(db, SQL_account_role_put);
        query_id(q, account);
        query_int(q, role);
        if (!query_run(q, e))
            return false;
    }
    return true;
}

static void query_time(struct query *q, int64_t ms)
{
    if (ms)
        query_int(q, ms);
    else
        query_null(q);
}

bool account_row_put(const struct people *p, const struct account_row *r, struct err *e)
{
    unsigned char index[BLIND_INDEX_BYTES];
    login_index(index, p->master, r->login);
    struct query *q = db_query(p->db, SQL_account_put);
    query_id(q, r->id);
    query_id(q, r->body);
    query_bytes(q, (struct bytes){index, sizeof index});
    query_text(q, login_shown(p->arena, r->login));
    query_text(q, r->display_name);
    query_text(q, r->password);
    query_int(q, p->who->now_ms);
    query_time(q, r->password_ends_ms);
    query_int(q, r->must_change);
    query_id(q, r->partner);
    return query_change_one(q, "/login", "这个登录名已被使用。", e) &&
           account_roles_set(p->db, r->id, r->roles, e);
}

bool account_password_set(struct db *db, const struct account_row *r, int64_t now_ms,
                          struct err *e)
{
    struct query *q = db_query(db, SQL_account_set_password);
    query_id(q, r->id);
    query_text(q, r->password);
    query_int(q, now_ms);
    query_time(q, r->password_ends_ms);
    query_int(q, r->must_change);
    return query_change_one(q, "account", "账号已不存在。", e);
}

bool account_sign_ins_end(struct db *db, struct id account, struct err *e)
{
    struct query *q = db_query(db, SQL_sign_in_remove_all);
    query_id(q, account);
    return query_run(q, e);
}

struct actor account_actor(const struct actor *who, const struct account *account)
{
    struct actor as = *who;
    struct viewer v = {.account = account->id, .roles = account->roles};
    as.account = account->id;
    as.body = account->body;
    as.role = (int16_t)viewer_role_for(&v, MAY_SIGNED_IN);
    return as;
}

struct password_rules account_password_rules(struct arena *a, const struct account *account,
                                             const char *body_name,
                                             enum password_profile profile)
{
    const char **words = arena_array(a, const char *, 3);
    words[0] = account->login;
    words[1] = account->display_name;
    words[2] = body_name;
    return (struct password_rules){.profile = profile,
                                   .second_factor = account->totp_enrolled ||
                                                    roles_have_staff(account->roles),
                                   .words = words,
                                   .word_count = 3};
}
