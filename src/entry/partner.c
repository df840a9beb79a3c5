/* entry/partner.c - partners, in and out of the database. */
#include "entry/partner.h"

#include "base/arena.h"
#include "store/audit.h"
#include "store/db.h"

enum { PARTNERS_MAX = 1000 }; /* the statement's own limit */

struct creating {
    const struct entry_desk *d;
    const struct partner *partner;
};

static bool create(struct db *db, void *ctx, struct err *e)
{
    const struct creating *c = ctx;
    const struct people *p = &c->d->people;
    struct query *q = db_query(db, SQL_partner_put);
    query_id(q, c->partner->id);
    query_id(q, c->d->scope.body);
    query_text(q, c->partner->name);
    query_text(q, c->partner->contact ? c->partner->contact : "");
    query_int(q, p->who->now_ms);
    struct audit_row row = {
        .act = ACT_partner_create, .object_type = "pt", .object = c->partner->id};
    return query_run(q, e) && audit_write(db, p->who, &row, e);
}

bool partner_create(const struct entry_desk *d, const struct partner *p, struct err *e)
{
    struct creating c = {d, p};
    struct err why = {0};
    if (db_transact(d->people.db, create, &c, &why))
        return true;
    if (why.code == ERR_CONFLICT)
        return FAIL(e, CONFLICT, "/name", "已有同名的合作机构。");
    *e = why;
    return false;
}

static struct partner read_row(const struct query *q, struct arena *a)
{
    return (struct partner){query_get_id(q, 0), query_get_text(q, 1, a),
                            query_get_text(q, 2, a), query_get_int(q, 3)};
}

bool partner_get(struct db *db, struct arena *a, struct id body, struct id id,
                 struct partner *out, struct err *e)
{
    struct query *q = db_query(db, SQL_partner_get);
    query_id(q, id);
    query_id(q, body);
    if (!query_one(q, "partner", e))
        return false;
    *out = read_row(q, a);
    query_done(q);
    return true;
}

bool partner_list(struct db *db, struct arena *a, struct id body, struct partner **out,
                  size_t *count, struct err *e)
{
    *out = arena_array(a, struct partner, PARTNERS_MAX);
    *count = 0;
    struct query *q = db_query(db, SQL_partner_list);
    query_id(q, body);
    while (query_next(q, e))
        if (*count < PARTNERS_MAX)
            (*out)[(*count)++] = read_row(q, a);
    return e->code == ERR_NONE;
}
