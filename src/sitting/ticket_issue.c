/* sitting/ticket_issue.c - every seated candidate of an arranged session gets a number. */
#include "base/arena.h"
#include "base/json.h"
#include "sitting/session_store.h"
#include "sitting/ticket_store.h"
#include "store/db.h"

struct issuing {
    const struct arranger *by;
    struct ticket_issue *in;
    struct session session;
    struct ticket_list there;
    int64_t series, serial;
};

int64_t ticket_opens_ms(const struct session *s, int64_t days_before)
{
    date_days day = date_of_instant(s->starts_ms, s->zone_offset_ms);
    return instant_of(day - (date_days)days_before, 0, s->zone_offset_ms);
}

static bool has_ticket(const struct issuing *x, struct id entry)
{
    for (size_t i = 0; i < x->there.count; i++)
        if (id_equal(x->there.at[i].entry, entry))
            return true;
    return false;
}

static bool issue_one(struct db *db, struct issuing *x, const struct seat *seat, struct err *e)
{
    struct ticket_number n = {date_of_instant(x->session.starts_ms, x->session.zone_offset_ms),
                              x->series, ++x->serial};
    char number[TICKET_NUMBER_BYTES];
    if (x->serial > TICKET_SERIAL_MAX)
        return FAIL(e, RULE, "/session", "一个场次最多生成 %d 张准考证。", TICKET_SERIAL_MAX);
    ticket_number_write(&n, number);
    struct ticket t = {
        .number = number,
        .body = x->session.body,
        .session = x->session.id,
        .room = seat->room,
        .seat = seat->id,
        .entry = seat->entry,
        .person = seat->person,
        .issued_ms = x->by->actor->now_ms,
    };
    x->in->issued++;
    return ticket_put(db, &t, x->serial, e);
}

static bool issue_missing(struct db *db, void *ctx, struct err *e)
{
    struct issuing *x = ctx;
    struct arena *a = x->by->arena;
    struct owned which = owned_by(x->by, x->in->session);
    struct seat_list seats;
    x->in->issued = 0;
    if (!session_get(db, a, which, &x->session, e))
        return false;
    if (x->session.state != SESSION_arranged)
        return FAIL(e, CONFLICT, "/state", "场次%s，完成编排后、封装试卷前才能生成准考证。",
                    session_state_label(x->session.state));
    date_days day = date_of_instant(x->session.starts_ms, x->session.zone_offset_ms);
    if (!seat_list(db, a, which, &seats, e) ||
        !ticket_list_session(db, a, which, &x->there, e) ||
        !ticket_series_take(db, x->session.id, day, &x->series, e) ||
        !ticket_last_serial(db, which, &x->serial, e))
        return false;
    for (size_t i = 0; i < seats.count; i++)
        if (!id_is_zero(seats.at[i].entry) && !has_ticket(x, seats.at[i].entry) &&
            !issue_one(db, x, &seats.at[i], e))
            return false;
    return x->in->issued == 0 ||
           session_audit(db, x->by, ACT_ticket_issue, x->session.id,
                         json_pack("{s:I}", "issued", (json_int_t)x->in->issued), e);
}

bool ticket_issue(struct db *db, const struct arranger *by, struct ticket_issue *t,
                  struct err *e)
{
    struct issuing x = {.by = by, .in = t};
    return db_transact(db, issue_missing, &x, e);
}
