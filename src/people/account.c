/* people/account.c - making, changing and registering accounts. */
#include "people/account.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "people/account_store.h"
#include "people/body.h"
#include "people/password_gate.h"
#include "people/people.h"
#include "people/person.h"
#include "people/sign_in_store.h"
#include "store/audit.h"
#include "store/db.h"

enum { NAME_MIN = 1, NAME_MAX = 64, LOGIN_MIN = 2, LOGIN_MAX = 64, OWN_LOGIN_MIN = 4 };
enum { HOUR_MS = 3600000 };

const char *account_state_word(enum account_state s)
{
    return s == ACCOUNT_ACTIVE ? "active" : "disabled";
}

bool account_roles_check(uint32_t roles, struct id partner, struct err *e)
{
    static const uint32_t alone[] = {R(system_admin), R(security_admin), R(audit_admin),
                                     R(candidate), R(partner)};
    static const char *const why[] = {
        "系统、安全、审计三类管理员须分设，且不得兼任其他角色。",
        "系统、安全、审计三类管理员须分设，且不得兼任其他角色。",
        "系统、安全、审计三类管理员须分设，且不得兼任其他角色。",
        "考生账号不能兼有工作人员角色，请另建账号。",
        "招生合作机构的账号不能兼有其他角色。",
    };
    if (!roles)
        return FAIL(e, RULE, "/roles", "账号至少要有一个角色。");
    for (size_t i = 0; i < sizeof alone / sizeof *alone; i++)
        if (roles & alone[i] && roles != alone[i])
            return FAIL(e, RULE, "/roles", "%s", why[i]);
    if (((roles & R(partner)) != 0) == id_is_zero(partner))
        return FAIL(e, RULE, "/partner",
                    "招生合作机构的账号须注明所属机构，其他账号不得注明。");
    return true;
}

bool account_roles_read(const char *const *names, size_t count, uint32_t *out, struct err *e)
{
    *out = 0;
    for (size_t i = 0; i < count; i++) {
        enum role role = role_find(names[i]);
        if (role == ROLE_NONE) {
            FAIL(e, INVALID, "", "没有“%.40s”这个角色。", names[i]);
            char at[32];
            snprintf(at, sizeof at, "/roles/%zu", i);
            err_under(e, at);
            return false;
        }
        *out |= UINT32_C(1) << role;
    }
    return true;
}

static size_t characters(const char *s)
{
    size_t n = 0;
    for (; *s; s++)
        n += ((unsigned char)*s & 0xC0) != 0x80;
    return n;
}

static bool name_check(const char *name, struct err *e)
{
    size_t n = name ? characters(name) : 0;
    return (n >= NAME_MIN && n <= NAME_MAX) ||
           FAIL(e, INVALID, "/display_name", "姓名应为 %d 至 %d 个字。", NAME_MIN, NAME_MAX);
}

/* Letters, digits, . _ - and CJK; what people can type at a counter. */
static bool login_characters(const char *s)
{
    for (; *s; s++) {
        unsigned char c = (unsigned char)*s;
        bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || strchr("._-", c);
        if (!plain && c < 0x80)
            return false;
    }
    return true;
}

static bool staff_login_check(const char *login, struct err *e)
{
    size_t n = characters(login);
    if (n < LOGIN_MIN || n > LOGIN_MAX || !login_characters(login))
        return FAIL(e, INVALID, "/login", "登录名应为 %d 至 %d 个字母、数字、汉字或 . _ -。",
                    LOGIN_MIN, LOGIN_MAX);
    return !login_is_mobile(login) ||
           FAIL(e, INVALID, "/login", "手机号只用作考生的登录名，请另取登录名。");
}

static bool own_login_check(const char *login, struct err *e)
{
    if (login_is_mobile(login))
        return true;
    size_t n = strlen(login);
    bool ok = n >= OWN_LOGIN_MIN && n <= 32 && login_characters(login) &&
              strspn(login, "0123456789") < n;
    for (size_t i = 0; i < n; i++)
        ok = ok && (unsigned char)login[i] < 0x80;
    return ok || FAIL(e, INVALID, "/login",
                      "登录名应为手机号，或 4 至 32 个字母、数字、. _ -，且不能全是数字。");
}

/* Roles as an array of names, for audit rows. */
static json_t *roles_json(uint32_t roles)
{
    json_t *list = json_array();
    for (int role = 1; role < 32; role++)
        if (roles & UINT32_C(1) << role)
            json_array_append_new(list, json_string(role_name((enum role)role)));
    return list;
}

static json_t *account_json(struct arena *a, const struct account_row *r)
{
    return json_keep(a,
                     json_pack("{s:{s:s,s:s,s:o}}", "after", "login", login_shown(a, r->login),
                               "name", r->display_name, "roles", roles_json(r->roles)));
}

static bool hash(const char *password, const char *login, char out[PASSWORD_HASH_BYTES],
                 struct err *e)
{
    if (!password_gate_enter(e))
        return false;
    password_hash(out, password, password_cost_of_login(login));
    password_gate_leave();
    return true;
}

struct making {
    const struct people *p;
    struct account_row row;
    struct account *out;
    struct id person;
};

static bool adopt_person(struct db *db, const struct making *m, struct err *e)
{
    struct query *q = db_query(db, SQL_person_link);
    query_id(q, m->person);
    query_id(q, m->row.body);
    query_id(q, m->row.id);
    return query_change_one(q, "/account", "这位考生已有账号。", e);
}

/* A candidate's account comes with the person it stands for. */
static bool draft_person(const struct people *p, const struct account_row *r, struct err *e)
{
    struct id person;
    struct person_input draft = {.account = r->id,
                                 .name = r->display_name,
                                 .phone = login_is_mobile(r->login) ? r->login : NULL};
    return r->roles != R(candidate) || person_put(p, &draft, &person, e);
}

static bool make(struct db *db, void *ctx, struct err *e)
{
    struct making *m = ctx;
    struct audit_row audit = {.act = ACT_account_create,
                              .object_type = "ac",
                              .object = m->row.id,
                              .change = account_json(m->p->arena, &m->row)};
    return account_row_put(m->p, &m->row, e) && audit_write(db, m->p->who, &audit, e) &&
           (id_is_zero(m->person) ? draft_person(m->p, &m->row, e) : adopt_person(db, m, e)) &&
           account_get(m->p, m->row.id, m->out, e);
}

bool account_create(const struct people *p, const struct account_new *n, struct account *out,
                    char first_password[FIRST_PASSWORD_BYTES], struct err *e)
{
    char hashed[PASSWORD_HASH_BYTES];
    struct making m = {.p = p,
                       .out = out,
                       .person = n->person,
                       .row = {.id = id_is_zero(n->id) ? id_random() : n->id,
                               .body = p->who->body,
                               .partner = n->partner,
                               .login = n->login ? login_normal(p->arena, n->login) : "",
                               .display_name = n->display_name,
                               .password = hashed,
                               .roles = n->roles}};
    bool candidate = n->roles == R(candidate);
    if (!(candidate ? own_login_check(m.row.login, e) : staff_login_check(m.row.login, e)) ||
        !name_check(n->display_name, e) || !account_roles_check(n->roles, n->partner, e))
        return false;
    *first_password = '\0';
    if (!n->password) {
        password_first(p->arena, first_password);
        m.row.password_ends_ms = p->who->now_ms + FIRST_PASSWORD_HOURS * HOUR_MS;
        m.row.must_change = true;
    }
    if (n->password && n->password_hash)
        m.row.password = n->password_hash;
    else if (!hash(n->password ? n->password : first_password, m.row.login, hashed, e))
        return false;
    return db_transact(p->db, make, &m, e);
}

struct changing {
    const struct people *p;
    const struct account_change *c;
};

/* Somebody must be left who can make accounts. */
static bool last_security_admin(struct db *db, const struct account *before, struct err *e)
{
    struct query *q = db_query(db, SQL_account_others_with_role);
    query_id(q, before->body);
    query_int(q, ROLE_security_admin);
    query_id(q, before->id);
    if (!query_one(q, "account", e))
        return false;
    int64_t others = query_get_int(q, 0);
    query_done(q);
    return others > 0 ||
           FAIL(e, RULE, "/roles", "这是最后一个在用的安全管理员，不能停用或改任。");
}

static bool account_update(struct db *db, const struct account *after, struct err *e)
{
    struct query *q = db_query(db, SQL_account_change);
    query_id(q, after->id);
    query_int(q, after->version);
    query_text(q, after->display_name);
    query_int(q, after->state);
    query_id(q, after->partner);
    return query_change_one(q, "/version", "账号已被他人更改，请刷新后再试。", e) &&
           account_roles_set(db, after->id, after->roles, e) &&
           account_sign_ins_end(db, after->id, e);
}

static json_t *change_json(struct arena *a, const struct account *before,
                           const struct account *after)
{
    return json_keep(
        a, json_pack("{s:{s:s,s:s,s:o},s:{s:s,s:s,s:o}}", "before", "name",
                     before->display_name, "state", account_state_word(before->state), "roles",
                     roles_json(before->roles), "after", "name", after->display_name, "state",
                     account_state_word(after->state), "roles", roles_json(after->roles)));
}

static bool change(struct db *db, void *ctx, struct err *e)
{
    const struct changing *x = ctx;
    const struct account_change *c = x->c;
    struct account before;
    if (!account_get(x->p, c->id, &before, e))
        return false;
    if (c->version && c->version != before.version)
        return FAIL(e, CONFLICT, "/version", "账号已被他人更改，请刷新后再试。");
    struct account after = before;
    if (c->display_name)
        after.display_name = c->display_name;
    if (c->roles) {
        after.roles = c->roles;
        after.partner = c->partner;
    }
    if (c->state)
        after.state = c->state;
    if ((after.roles ^ before.roles) & R(candidate))
        return FAIL(e, RULE, "/roles", "考生账号与工作人员账号不能互相转换，请另建账号。");
    bool loses_admin = before.roles & R(security_admin) && before.state == ACCOUNT_ACTIVE &&
                       (after.state != ACCOUNT_ACTIVE || after.roles != before.roles);
    struct audit_row audit = {.act = ACT_account_change,
                              .object_type = "ac",
                              .object = c->id,
                              .change = change_json(x->p->arena, &before, &after)};
    return account_roles_check(after.roles, after.partner, e) &&
           (!loses_admin || last_security_admin(db, &before, e)) &&
           account_update(db, &after, e) && audit_write(db, x->p->who, &audit, e);
}

bool account_change(const struct people *p, const struct account_change *c, struct err *e)
{
    struct changing x = {p, c};
    if (id_equal(c->id, p->who->account))
        return FAIL(e, FORBIDDEN, "id", "不能更改自己的账号，请由另一位管理员办理。");
    return (!c->display_name || name_check(c->display_name, e)) &&
           db_transact(p->db, change, &x, e);
}

struct resetting {
    const struct people *p;
    struct account_row row;
    bool forget_totp;
};

static bool forget_factor(struct db *db, struct id account, struct err *e)
{
    struct query *q = db_query(db, SQL_account_forget_totp);
    query_id(q, account);
    if (!query_run(q, e))
        return false;
    q = db_query(db, SQL_recovery_codes_remove);
    query_id(q, account);
    return query_run(q, e);
}

static bool reset(struct db *db, void *ctx, struct err *e)
{
    const struct resetting *r = ctx;
    struct account account;
    struct audit_row audit = {
        .act = ACT_password_reset,
        .object_type = "ac",
        .object = r->row.id,
        .change = json_keep(r->p->arena,
                            json_pack("{s:{s:b}}", "after", "totp_forgotten", r->forget_totp))};
    return account_get(r->p, r->row.id, &account, e) &&
           account_password_set(db, &r->row, r->p->who->now_ms, e) &&
           (!r->forget_totp || forget_factor(db, r->row.id, e)) &&
           account_sign_ins_end(db, r->row.id, e) && audit_write(db, r->p->who, &audit, e);
}

bool account_reset_password(const struct people *p, struct id id, bool forget_totp,
                            char first_password[FIRST_PASSWORD_BYTES], struct err *e)
{
    char hashed[PASSWORD_HASH_BYTES];
    struct account account;
    struct resetting r = {
        .p = p,
        .forget_totp = forget_totp,
        .row = {.id = id,
                .password = hashed,
                .must_change = true,
                .password_ends_ms = p->who->now_ms + FIRST_PASSWORD_HOURS * HOUR_MS}};
    if (id_equal(id, p->who->account))
        return FAIL(e, FORBIDDEN, "id", "不能重置自己的密码，请由另一位管理员办理。");
    if (!account_get(p, id, &account, e))
        return false;
    password_first(p->arena, first_password);
    /* The mask of a mobile number is no number: cost by what the account is. */
    bool candidate = account.roles & R(candidate) && strchr(account.login, '*');
    return hash(first_password, candidate ? "13800000000" : account.login, hashed, e) &&
           db_transact(p->db, reset, &r, e);
}

struct registering {
    const struct people *p;
    struct account_row row;
    const char *device;
    struct sign_in_done *out;
};

static bool enter(struct db *db, void *ctx, struct err *e)
{
    struct registering *r = ctx;
    struct account account = {.id = r->row.id, .body = r->row.body, .roles = R(candidate)};
    struct actor as = account_actor(r->p->who, &account);
    struct people p = *r->p;
    p.who = &as;
    struct audit_row audit = {.act = ACT_account_register,
                              .object_type = "ac",
                              .object = r->row.id,
                              .change = account_json(p.arena, &r->row)};
    *r->out = (struct sign_in_done){0};
    return account_row_put(&p, &r->row, e) && audit_write(db, &as, &audit, e) &&
           draft_person(&p, &r->row, e) && sign_in_admit(&p, r->row.id, r->device, r->out, e);
}

bool account_register(const struct people *p, const struct registration *r,
                      struct sign_in_done *out, struct err *e)
{
    char hashed[PASSWORD_HASH_BYTES];
    const char *login = login_normal(p->arena, r->login);
    struct body body;
    struct account account = {
        .login = login, .display_name = r->display_name, .roles = R(candidate)};
    if (!body_get(p->db, p->arena, p->who->body, &body, e))
        return false;
    struct password_rules rules = account_password_rules(p->arena, &account, body.name,
                                                         body.profile);
    struct registering x = {.p = p,
                            .device = r->device,
                            .out = out,
                            .row = {.id = id_random(),
                                    .body = p->who->body,
                                    .login = login,
                                    .display_name = r->display_name,
                                    .password = hashed,
                                    .roles = R(candidate)}};
    return own_login_check(login, e) && name_check(r->display_name, e) &&
           password_check(p->arena, &rules, r->password, "/password", e) &&
           hash(r->password, login, hashed, e) && db_transact(p->db, enter, &x, e);
}
