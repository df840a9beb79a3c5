/* sitting/ticket_store.c - admission tickets in and out of the database. */
#include "sitting/ticket_store.h"

#include "base/arena.h"
#include "sitting/session_store.h"
#include "store/db.h"

enum { TICKETS_FIRST_ROOM = 64, DAY_DIGITS = 6 };

static struct ticket read_ticket(const struct query *q, struct arena *a)
{
    return (struct ticket){
        .number = query_get_text(q, 0, a),
        .body = query_get_id(q, 1),
        .session = query_get_id(q, 2),
        .room = query_get_id(q, 3),
        .seat = query_get_id(q, 4),
        .entry = query_get_id(q, 5),
        .person = query_get_id(q, 6),
        .issued_ms = query_get_int(q, 7),
        .withdrawn_ms = query_is_null(q, 8) ? 0 : query_get_int(q, 8),
    };
}

bool ticket_find(struct db *db, struct arena *a, const char *number, struct ticket *out,
                 bool *found, struct err *e)
{
    struct ticket_number n;
    char digits[TICKET_NUMBER_BYTES];
    *found = false;
    if (!ticket_number_read(number, &n))
        return true;
    ticket_number_write(&n, digits);
    struct query *q = db_query(db, SQL_ticket_find);
    query_text(q, digits);
    if (!query_maybe(q, found, e))
        return false;
    if (*found) {
        *out = read_ticket(q, a);
        query_done(q);
    }
    return true;
}

static bool read_tickets(struct query *q, struct arena *a, struct ticket_list *out,
                         struct err *e)
{
    size_t space = TICKETS_FIRST_ROOM;
    *out = (struct ticket_list){arena_array(a, struct ticket, space), 0};
    while (query_next(q, e)) {
        if (out->count == space) {
            out->at = arena_grow(a, out->at, space, space * 2, sizeof *out->at);
            space *= 2;
        }
        out->at[out->count++] = read_ticket(q, a);
    }
    return e->code == ERR_NONE;
}

static struct query *query_owned(struct db *db, enum sql which, struct owned o)
{
    struct query *q = db_query(db, which);
    query_id(q, o.id);
    query_id(q, o.body);
    return q;
}

bool ticket_list_entry(struct db *db, struct arena *a, struct owned entry,
                       struct ticket_list *out, struct err *e)
{
    return read_tickets(query_owned(db, SQL_ticket_of_entry, entry), a, out, e);
}

bool ticket_of_entry(struct db *db, struct arena *a, struct owned entry, struct id session,
                     struct ticket *out, struct err *e)
{
    struct ticket_list list;
    if (!ticket_list_entry(db, a, entry, &list, e))
        return false;
    for (size_t i = 0; i < list.count; i++)
        if (id_equal(list.at[i].session, session)) {
            *out = list.at[i];
            return true;
        }
    return FAIL(e, NOT_FOUND, "ticket", "还没有这一场次的准考证。");
}

bool ticket_list_session(struct db *db, struct arena *a, struct owned session,
                         struct ticket_list *out, struct err *e)
{
    return read_tickets(query_owned(db, SQL_ticket_of_session, session), a, out, e);
}

bool ticket_list_person(struct db *db, struct arena *a, struct owned person,
                        struct ticket_list *out, struct err *e)
{
    return read_tickets(query_owned(db, SQL_ticket_of_person, person), a, out, e);
}

bool ticket_put(struct db *db, const struct ticket *t, int64_t serial, struct err *e)
{
    struct query *q = db_query(db, SQL_ticket_put);
    query_text(q, t->number);
    query_id(q, t->body);
    query_id(q, t->session);
    query_id(q, t->room);
    query_id(q, t->seat);
    query_id(q, t->entry);
    query_id(q, t->person);
    query_int(q, serial);
    query_int(q, t->issued_ms);
    return query_run(q, e);
}

bool ticket_last_serial(struct db *db, struct owned session, int64_t *serial, struct err *e)
{
    struct query *q = query_owned(db, SQL_ticket_serial_last, session);
    if (!query_one(q, "serial", e))
        return false;
    *serial = query_get_int(q, 0);
    query_done(q);
    return true;
}

bool ticket_series_take(struct db *db, struct id session, date_days day, int64_t *no,
                        struct err *e)
{
    bool found;
    struct query *q = db_query(db, SQL_ticket_series_get);
    query_id(q, session);
    query_int(q, day);
    if (!query_maybe(q, &found, e))
        return false;
    if (found) {
        *no = query_get_int(q, 0);
        query_done(q);
        return true;
    }
    q = db_query(db, SQL_ticket_series_last);
    query_int(q, day);
    if (!query_one(q, "series", e))
        return false;
    *no = query_get_int(q, 0) + 1;
    query_done(q);
    if (*no > TICKET_SERIES_MAX)
        return FAIL(e, RULE, "/session", "一天最多 %d 个场次可以生成准考证。",
                    TICKET_SERIES_MAX);
    q = db_query(db, SQL_ticket_series_put);
    query_int(q, day);
    query_int(q, *no);
    query_id(q, session);
    return query_run(q, e);
}

/* ------------------------------------------------------------------ withdrawing */
bool ticket_withdraw_all(struct db *db, struct owned session, int64_t now_ms, struct err *e)
{
    struct query *q = query_owned(db, SQL_ticket_withdraw_session, session);
    query_int(q, now_ms);
    return query_run(q, e);
}

bool ticket_withdraw_stale(struct db *db, const struct session *s, int64_t now_ms,
                           struct err *e)
{
    struct ticket_number first = {date_of_instant(s->starts_ms, s->zone_offset_ms), 1, 1};
    char number[TICKET_NUMBER_BYTES];
    ticket_number_write(&first, number);
    number[DAY_DIGITS] = '\0';
    struct query *q = query_owned(db, SQL_ticket_withdraw_stale,
                                  (struct owned){s->body, s->id});
    query_int(q, now_ms);
    query_text(q, number);
    return query_run(q, e);
}
