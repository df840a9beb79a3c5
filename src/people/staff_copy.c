/* people/staff_copy.c - accounts of a room's staff out of the centre and into a node. */
#include "people/staff_copy.h"

#include <string.h>

#include "base/arena.h"
#include "people/account_store.h"
#include "people/people.h"
#include "store/audit.h"
#include "store/db.h"

static const uint32_t ROOM_ROLES = R(invigilator) | R(quality_supervisor);

bool staff_copy_read(const struct people *p, struct id account, struct staff_copy *out,
                     bool *fit, struct err *e)
{
    struct account_secrets s;
    if (!account_secrets_of_id(p->db, p->arena, account, &s, e))
        return false;
    *fit = s.account.state == ACCOUNT_ACTIVE && s.totp_seed.at &&
           !s.account.must_change_password && (s.account.roles & ROOM_ROLES) != 0 &&
           id_equal(s.account.body, p->who->body);
    if (!*fit)
        return true;
    *out = (struct staff_copy){.id = account,
                               .login = s.account.login,
                               .display_name = s.account.display_name,
                               .password = s.password,
                               .roles = s.account.roles & ROOM_ROLES};
    return field_open(p->arena, p->master, "account", "totp_seed", account, s.totp_seed,
                      &out->totp_seed, e);
}

static struct bytes seed_sealed(const struct people *p, const struct staff_copy *c)
{
    return field_seal(p->arena, p->master, "account", "totp_seed", c->id, c->totp_seed.at,
                      c->totp_seed.len);
}

bool staff_copy_put(const struct people *p, const struct staff_copy *c, struct err *e)
{
    unsigned char index[BLIND_INDEX_BYTES];
    login_index(index, p->master, c->login);
    struct query *q = db_query(p->db, SQL_staff_copy_put);
    query_id(q, c->id);
    query_id(q, p->who->body);
    query_bytes(q, (struct bytes){index, sizeof index});
    query_text(q, c->login);
    query_text(q, c->display_name);
    query_text(q, c->password);
    query_int(q, p->who->now_ms);
    query_bytes(q, seed_sealed(p, c));
    return query_run(q, e) && account_roles_set(p->db, c->id, c->roles & ROOM_ROLES, e);
}

bool staff_copy_clear(const struct people *p, struct id account, struct err *e)
{
    unsigned char nothing[BLIND_INDEX_BYTES];
    random_bytes(nothing, sizeof nothing);
    struct query *q = db_query(p->db, SQL_staff_copy_clear);
    query_id(q, account);
    query_bytes(q, (struct bytes){nothing, sizeof nothing});
    return query_run(q, e) && account_roles_set(p->db, account, 0, e) &&
           account_sign_ins_end(p->db, account, e);
}
