/* web/arrange.c - one session's arrangement: seats, staff, findings, closing. */
#include "sitting/arrange.h"

#include <string.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "base/fields.h"
#include "programme/programme.h"
#include "sitting/ticket.h"
#include "web/entry_of.h"
#include "web/handlers.h"
#include "web/session.h"

/* ------------------------------------------------------------------ the whole */
struct picture {
    struct arrangement w;
    struct seat_list seats;
    struct ticket_list tickets;
    bool arranges; /* names of candidates are for those who arrange */
};

static const struct arranged_candidate *who_sits(const struct picture *x, struct id entry)
{
    for (size_t i = 0; i < x->w.candidate_count; i++)
        if (id_equal(x->w.candidates[i].entry, entry))
            return &x->w.candidates[i];
    return NULL;
}

static const char *ticket_of(const struct picture *x, struct id entry)
{
    for (size_t i = 0; i < x->tickets.count; i++)
        if (id_equal(x->tickets.at[i].entry, entry))
            return x->tickets.at[i].number;
    return NULL;
}

static void put_candidate(struct json_out *o, const struct programme *p,
                          const struct arranged_candidate *c)
{
    put_id(o, "entry", c->entry);
    put_text(o, "name", c->name);
    put_level(o, p, c->level, c->direction);
}

static void write_seat(struct json_out *o, const struct picture *x, const struct seat *s)
{
    const struct arranged_candidate *c = id_is_zero(s->entry) ? NULL : who_sits(x, s->entry);
    out_object(o);
    put_id(o, "id", s->id);
    put_int(o, "number", s->number);
    put_int(o, "row", s->row);
    put_int(o, "col", s->col);
    put_bool(o, "taken", !id_is_zero(s->entry));
    if (c && x->arranges) {
        put_candidate(o, x->w.programme, c);
        put_text(o, "ticket", ticket_of(x, s->entry));
    }
    out_object_end(o);
}

static bool write_room(struct request *rq, struct json_out *o, const struct picture *x,
                       const struct room *r, struct err *e)
{
    struct site site;
    if (!site_get(rq->db, rq->arena, owned_of(rq, r->site), &site, e))
        return false;
    out_object(o);
    put_id(o, "id", r->id);
    put_int(o, "no", r->no);
    put_text(o, "name", r->name);
    put_id(o, "site", r->site);
    put_text(o, "site_name", site.name);
    put_text(o, "address", site.address);
    put_int(o, "rows", r->rows);
    put_int(o, "columns", r->columns);
    put_int(o, "capacity", r->capacity);
    put_array(o, "seats");
    for (size_t i = 0; i < x->seats.count; i++)
        if (id_equal(x->seats.at[i].room, r->id))
            write_seat(o, x, &x->seats.at[i]);
    out_array_end(o);
    out_object_end(o);
    return true;
}

static void write_staff(struct json_out *o, const struct arrangement *w, struct id only)
{
    put_array(o, "staff");
    for (size_t i = 0; i < w->staff_count; i++) {
        const struct session_staff *s = &w->staff[i].at;
        if (!id_is_zero(only) && !id_equal(only, s->account))
            continue;
        out_object(o);
        put_id(o, "id", s->id);
        put_id(o, "account", s->account);
        put_text(o, "name", s->name);
        put_text(o, "duty", duty_name(s->duty));
        put_text(o, "label", duty_label(s->duty));
        put_id(o, "room", s->room);
        out_object_end(o);
    }
    out_array_end(o);
}

static void write_waiting(struct json_out *o, const struct picture *x)
{
    put_array(o, "waiting");
    for (size_t i = 0; i < x->w.candidate_count; i++) {
        if (!id_is_zero(x->w.candidates[i].seat))
            continue;
        out_object(o);
        put_candidate(o, x->w.programme, &x->w.candidates[i]);
        out_object_end(o);
    }
    out_array_end(o);
}

bool session_one_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct arranger by = arranger_of(rq);
    struct picture x = {0};
    struct session session;
    struct owned which = owned_of(rq, rq->id[0]);
    if (!session_visible(rq, rq->id[0], &session, &x.arranges, e) ||
        !arrangement_load(rq->db, &by, rq->id[0], &x.w, e) ||
        !seat_list(rq->db, rq->arena, which, &x.seats, e) ||
        !ticket_list_session(rq->db, rq->arena, which, &x.tickets, e))
        return false;
    const struct component *part = programme_component(x.w.programme, session.component);
    struct json_out *o = reply_json(rp);
    put_session(o, &session, rq->now_ms);
    put_text(o, "component_name", part ? part->name : session.component);
    put_text(o, "programme", x.w.programme->id);
    put_int(o, "tickets", (int64_t)x.tickets.count);
    put_array(o, "rooms");
    for (size_t i = 0; i < x.w.room_count; i++)
        if (!write_room(rq, o, &x, &x.w.rooms[i], e))
            return false;
    out_array_end(o);
    write_staff(o, &x.w, x.arranges ? (struct id){{0}} : rq->viewer.account);
    if (x.arranges)
        write_waiting(o, &x);
    return true;
}

/* ------------------------------------------------------------------ seats */
struct seat_auto_body {
    int64_t seed; /* 0: drawn */
    bool again;
    struct id *entries;
    size_t entry_count;
};
static const struct field seat_auto_rows[] = {
    {FIELD(struct seat_auto_body, seed, INT), .min = 0, .max = INT64_C(9007199254740991)},
    {FIELD(struct seat_auto_body, again, BOOL)},
    {FIELD(struct seat_auto_body, entries, IDS),
     FIELD_COUNT(struct seat_auto_body, entry_count), .max = 2000},
};
const struct fields seat_auto_fields = FIELDS("seat_auto", struct seat_auto_body,
                                              seat_auto_rows);

bool session_seat_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct seat_auto_body *b = rq->input;
    struct arranger by = arranger_of(rq);
    struct seat_auto s = {.session = rq->id[0],
                          .seed = (uint64_t)b->seed,
                          .again = b->again,
                          .entries = b->entries,
                          .entry_count = b->entry_count};
    if (s.seed == 0)
        s.seed = 1 + (uint64_t)random_below(UINT32_MAX - 1);
    if (!arrange_seat(rq->db, &by, &s, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_int(o, "seated", s.seated);
    put_int(o, "seed", (int64_t)s.seed);
    return true;
}

static const struct field seat_move_rows[] = {
    {FIELD(struct seat_move, seat, ID), .required = true},
    {FIELD(struct seat_move, entry, ID)}, /* absent: the seat is emptied */
};
const struct fields seat_move_fields = FIELDS("seat_move", struct seat_move, seat_move_rows);

bool session_seats_patch(struct request *rq, struct reply *rp, struct err *e)
{
    struct seat_move move = *(const struct seat_move *)rq->input;
    struct arranger by = arranger_of(rq);
    (void)rp;
    move.session = rq->id[0];
    return arrange_move(rq->db, &by, &move, e);
}

/* ------------------------------------------------------------------ staff */
struct staff_body {
    struct id account, room;
    const char *duty;
};
static const struct field staff_rows[] = {
    {FIELD(struct staff_body, account, ID), .required = true},
    {FIELD(struct staff_body, duty, TEXT), .required = true, .max = 40},
    {FIELD(struct staff_body, room, ID)},
};
const struct fields session_staff_fields = FIELDS("session_staff", struct staff_body,
                                                  staff_rows);

bool session_staff_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct arranger by = arranger_of(rq);
    struct arrangement w;
    if (!arrangement_load(rq->db, &by, rq->id[0], &w, e))
        return false;
    struct json_out *o = reply_json(rp);
    write_staff(o, &w, (struct id){{0}});
    put_int(o, "total", (int64_t)w.staff_count);
    return true;
}

bool session_staff_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct staff_body *b = rq->input;
    struct arranger by = arranger_of(rq);
    struct staff_input in = {.session = rq->id[0], .account = b->account, .room = b->room};
    struct session_staff staff;
    if (!duty_find(b->duty, &in.duty))
        return FAIL(e, INVALID, "/duty", "没有“%.40s”这种职责。", b->duty);
    if (!staff_assign(rq->db, &by, &in, &staff, e))
        return false;
    struct json_out *o = reply_json_with(rp, 201);
    put_id(o, "id", staff.id);
    put_text(o, "name", staff.name);
    put_text(o, "duty", duty_name(staff.duty));
    return true;
}

bool session_staff_delete(struct request *rq, struct reply *rp, struct err *e)
{
    struct arranger by = arranger_of(rq);
    (void)rp;
    return staff_remove(rq->db, &by, rq->id[0], rq->id[1], e);
}

/* ------------------------------------------------------------------ findings, closing */
bool session_findings_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct arranger by = arranger_of(rq);
    struct findings f;
    if (!arrange_findings(rq->db, &by, rq->id[0], &f, e))
        return false;
    findings_put(reply_json(rp), &f);
    return true;
}

/* A refusal carries the findings besides the error, so that the page need not ask again. */
bool session_close_post(struct request *rq, struct reply *rp, struct err *e)
{
    struct arranger by = arranger_of(rq);
    struct findings f = {0};
    struct err refused = {0};
    bool closed = arrange_close(rq->db, &by, rq->id[0], &f, &refused);
    if (!closed && refused.code != ERR_RULE) {
        *e = refused;
        return false;
    }
    struct json_out *o = reply_json_with(rp, closed ? 200 : err_http_status(refused.code));
    if (!closed) {
        put_object(o, "error");
        put_text(o, "code", err_name(refused.code));
        put_text(o, "field", refused.field);
        put_text(o, "text", refused.text);
        put_id(o, "request", rq->actor.request);
        out_object_end(o);
    }
    findings_put(o, &f);
    return true;
}
