/* sitting/staff_store.c - who has which duty in a session, in and out of the database. */
#include "base/arena.h"
#include "sitting/session_store.h"
#include "store/db.h"

enum { STAFF_FIRST_ROOM = 32 };

bool staff_list(struct db *db, struct arena *a, struct owned session, struct staff_list *out,
                struct err *e)
{
    size_t space = STAFF_FIRST_ROOM;
    struct query *q = db_query(db, SQL_staff_of_session);
    query_id(q, session.id);
    query_id(q, session.body);
    *out = (struct staff_list){arena_array(a, struct session_staff, space), 0};
    while (query_next(q, e)) {
        if (out->count == space) {
            out->at = arena_grow(a, out->at, space, space * 2, sizeof *out->at);
            space *= 2;
        }
        struct session_staff *s = &out->at[out->count++];
        *s = (struct session_staff){
            .id = query_get_id(q, 0),
            .session = query_get_id(q, 1),
            .room = query_get_id(q, 2),
            .account = query_get_id(q, 3),
        };
        duty_find(query_get_text(q, 4, a), &s->duty);
    }
    return e->code == ERR_NONE;
}

bool staff_put(struct db *db, struct id body, const struct session_staff *s, struct err *e)
{
    struct query *q = db_query(db, SQL_staff_put);
    query_id(q, s->id);
    query_id(q, body);
    query_id(q, s->session);
    query_id(q, s->room);
    query_id(q, s->account);
    query_text(q, duty_name(s->duty));
    return query_run(q, e);
}

static bool read_any(struct query *q, bool *any, struct err *e)
{
    if (!query_one(q, "staff", e))
        return false;
    *any = query_get_int(q, 0) > 0;
    query_done(q);
    return true;
}

bool staff_same(struct db *db, struct id body, const struct session_staff *s, bool *same,
                struct err *e)
{
    struct query *q = db_query(db, SQL_staff_same);
    query_id(q, body);
    query_id(q, s->session);
    query_id(q, s->account);
    query_text(q, duty_name(s->duty));
    return read_any(q, same, e);
}

bool staff_delete(struct db *db, struct owned staff, struct id session, struct err *e)
{
    struct query *q = db_query(db, SQL_staff_remove);
    query_id(q, staff.id);
    query_id(q, staff.body);
    query_id(q, session);
    int64_t rows;
    if (!query_change(q, &rows, e))
        return false;
    return rows == 1 || FAIL(e, NOT_FOUND, "staff", "本场次没有这项任职。");
}

bool staff_has_duty(struct db *db, const struct duty_question *d, struct err *e)
{
    bool has;
    struct query *q = db_query(db, SQL_staff_has_duty);
    query_id(q, d->body);
    query_id(q, d->session);
    query_id(q, d->account);
    query_text(q, duty_name(d->duty));
    query_id(q, d->room);
    return read_any(q, &has, e) &&
           (has || FAIL(e, FORBIDDEN, "duty", "您在本场次没有担任%s。", duty_label(d->duty)));
}

bool staff_has_any_duty(struct db *db, struct duty_question *d, const enum duty *duties,
                        size_t count, struct err *e)
{
    for (size_t i = 0; i < count; i++) {
        *e = (struct err){0};
        d->duty = duties[i];
        if (staff_has_duty(db, d, e))
            return true;
        if (e->code != ERR_FORBIDDEN)
            return false;
    }
    return false;
}
