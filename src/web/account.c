/* web/account.c - the security administrator's list of accounts. */
#include "people/account.h"
#include "base/arena.h"
#include "web/handlers.h"
#include "web/people_of.h"

static bool reply_one(struct request *rq, struct reply *rp, struct id id, struct err *e)
{
    struct people p = people_of(rq);
    struct account account;
    if (!account_get(&p, id, &account, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_object(o, "account");
    put_account(o, &account);
    out_object_end(o);
    return true;
}

static bool filter_read(struct request *rq, struct account_filter *f, struct err *e)
{
    struct page page = request_page(rq);
    const char *role = request_query(rq, "role");
    *f = (struct account_filter){
        .limit = page.limit, .offset = page.offset, .q = request_query(rq, "q")};
    if (!role || !*role)
        return true;
    f->role = role_find(role);
    return f->role != ROLE_NONE || FAIL(e, INVALID, "role", "没有这个角色。");
}

bool accounts_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct people p = people_of(rq);
    struct account_filter f;
    struct account *list;
    size_t count;
    int64_t total;
    if (!filter_read(rq, &f, e) || !account_list(&p, &f, &list, &count, e) ||
        !account_list_total(&p, &f, &total, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_array(o, "accounts");
    for (size_t i = 0; i < count; i++) {
        out_object(o);
        put_account(o, &list[i]);
        out_object_end(o);
    }
    out_array_end(o);
    put_int(o, "total", total);
    return true;
}

bool account_one_get(struct request *rq, struct reply *rp, struct err *e)
{
    return reply_one(rq, rp, rq->id[0], e);
}

struct account_body {
    const char *login, *display_name;
    const char **roles;
    size_t role_count;
    struct id partner;
    int64_t version;
};
static const struct field account_new_rows[] = {
    {FIELD(struct account_body, login, TEXT), .required = true, .min = 1, .max = 64},
    {FIELD(struct account_body, display_name, TEXT), .required = true, .min = 1, .max = 64},
    {FIELD(struct account_body, roles, TEXTS), FIELD_COUNT(struct account_body, role_count),
     .required = true, .min = 1, .max = 16},
    {FIELD(struct account_body, partner, ID)},
};
const struct fields account_new_fields = FIELDS("account_new", struct account_body,
                                                account_new_rows);
static const struct field account_change_rows[] = {
    {FIELD(struct account_body, display_name, TEXT), .min = 1, .max = 64},
    {FIELD(struct account_body, roles, TEXTS), FIELD_COUNT(struct account_body, role_count),
     .min = 1, .max = 16},
    {FIELD(struct account_body, partner, ID)},
    {FIELD(struct account_body, version, INT), .min = 1, .max = INT64_MAX},
};
const struct fields account_change_fields = FIELDS("account_change", struct account_body,
                                                   account_change_rows);

bool accounts_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct account_body *b = rq->input;
    struct people p = people_of(rq);
    struct account_new n = {
        .login = b->login, .display_name = b->display_name, .partner = b->partner};
    struct account account;
    char first[FIRST_PASSWORD_BYTES];
    if (!account_roles_read(b->roles, b->role_count, &n.roles, e) ||
        !account_create(&p, &n, &account, first, e))
        return false;
    struct json_out *o = reply_json_with(rp, 201);
    put_object(o, "account");
    put_account(o, &account);
    out_object_end(o);
    put_text(o, "first_password", first);
    return true;
}

static bool change(struct request *rq, struct reply *rp, struct account_change *c,
                   struct err *e)
{
    struct people p = people_of(rq);
    c->id = rq->id[0];
    return account_change(&p, c, e) && reply_one(rq, rp, c->id, e);
}

bool account_patch(struct request *rq, struct reply *rp, struct err *e)
{
    const struct account_body *b = rq->input;
    struct account_change c = {
        .display_name = b->display_name, .partner = b->partner, .version = b->version};
    if (b->role_count && !account_roles_read(b->roles, b->role_count, &c.roles, e))
        return false;
    return change(rq, rp, &c, e);
}

static const struct field account_roles_rows[] = {
    {FIELD(struct account_body, roles, TEXTS), FIELD_COUNT(struct account_body, role_count),
     .required = true, .min = 1, .max = 16},
    {FIELD(struct account_body, partner, ID)},
    {FIELD(struct account_body, version, INT), .min = 1, .max = INT64_MAX},
};
const struct fields account_roles_fields = FIELDS("account_roles", struct account_body,
                                                  account_roles_rows);

/* The same change under an address of its own; the required field is the difference. */
bool account_roles_post(struct request *rq, struct reply *rp, struct err *e)
{
    return account_patch(rq, rp, e);
}

bool account_disable_post(struct request *rq, struct reply *rp, struct err *e)
{
    struct account_change c = {.state = ACCOUNT_DISABLED};
    return change(rq, rp, &c, e);
}

bool account_enable_post(struct request *rq, struct reply *rp, struct err *e)
{
    struct account_change c = {.state = ACCOUNT_ACTIVE};
    return change(rq, rp, &c, e);
}

struct reset_body {
    bool forget_totp;
};
static const struct field reset_rows[] = {
    {FIELD(struct reset_body, forget_totp, BOOL)},
};
const struct fields password_reset_fields = FIELDS("password_reset", struct reset_body,
                                                   reset_rows);

bool account_reset_password_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct reset_body *b = rq->input;
    struct people p = people_of(rq);
    char first[FIRST_PASSWORD_BYTES];
    if (!account_reset_password(&p, rq->id[0], b->forget_totp, first, e) ||
        !reply_one(rq, rp, rq->id[0], e))
        return false;
    put_text(rp->json, "first_password", first);
    return true;
}
