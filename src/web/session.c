/* web/session.c - sites, sessions and rooms. */
#include "sitting/session.h"

#include <string.h>

#include "base/arena.h"
#include "base/calendar.h"
#include "base/fields.h"
#include "base/json.h"
#include "entry/batch.h"
#include "programme/programme.h"
#include "sitting/calendar_rules.h"
#include "web/app.h"
#include "web/handlers.h"
#include "web/session.h"

enum { ROOM_SIDE_MAX = 40, MINUTES_MAX = 720 };

struct arranger arranger_of(struct request *rq)
{
    return (struct arranger){rq->arena, &rq->actor, rq->app->programmes};
}

struct owned owned_of(struct request *rq, struct id id)
{
    return (struct owned){rq->viewer.body, id};
}

void put_session(struct json_out *o, const struct session *s, int64_t now_ms)
{
    put_id(o, "id", s->id);
    put_id(o, "batch", s->batch);
    put_text(o, "component", s->component);
    put_text(o, "title", s->title);
    put_int(o, "starts_ms", s->starts_ms);
    put_int(o, "ends_ms", session_ends_ms(s));
    put_int(o, "minutes", s->minutes);
    put_int(o, "zone_offset_ms", s->zone_offset_ms);
    put_int(o, "late_limit_ms", s->late_limit_ms);
    put_int(o, "earliest_hand_in_ms", s->earliest_hand_in_ms);
    put_text(o, "state", session_state_name(session_now(s, now_ms)));
    put_text(o, "state_label", session_state_label(session_now(s, now_ms)));
    put_int(o, "version", s->version);
}

/* ------------------------------------------------------------------ sites */
static const struct field site_rows[] = {
    {FIELD(struct site_input, name, TEXT), .required = true, .min = 1, .max = 60},
    {FIELD(struct site_input, address, TEXT), .required = true, .min = 1, .max = 200},
    {FIELD(struct site_input, note, TEXT), .max = 200},
};
const struct fields site_fields = FIELDS("site", struct site_input, site_rows);

static void put_site(struct json_out *o, const struct site *s)
{
    put_id(o, "id", s->id);
    put_text(o, "name", s->name);
    put_text(o, "address", s->address);
    put_text(o, "note", s->note);
}

bool sites_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct site *sites;
    size_t count;
    if (!site_list(rq->db, rq->arena, rq->viewer.body, &sites, &count, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_array(o, "sites");
    for (size_t i = 0; i < count; i++) {
        out_object(o);
        put_site(o, &sites[i]);
        out_object_end(o);
    }
    out_array_end(o);
    put_int(o, "total", (int64_t)count);
    return true;
}

bool sites_post(struct request *rq, struct reply *rp, struct err *e)
{
    struct arranger by = arranger_of(rq);
    struct site site;
    if (!site_create(rq->db, &by, rq->input, &site, e))
        return false;
    put_site(reply_json_with(rp, 201), &site);
    return true;
}

/* ------------------------------------------------------------------ sessions */
/* An absent number is the batch's policy, which 0 is not: hence JSON values. */
struct session_body {
    const char *component, *title;
    int64_t starts_ms, minutes, zone_offset_ms, version;
    const struct json_t *late_minutes, *earliest_hand_in_minutes;
};
/* clang-format off */
#define SESSION_ROWS(required_)                                                                \
    {FIELD(struct session_body, component, TEXT), .required = required_, .min = 1, .max = 40}, \
    {FIELD(struct session_body, title, TEXT), .max = 80},                                      \
    {FIELD(struct session_body, starts_ms, INT), .required = required_, .min = 1,              \
     .max = INT64_C(253402300800000)},                                                         \
    {FIELD(struct session_body, minutes, INT), .required = required_, .min = 1,                \
     .max = MINUTES_MAX},                                                                      \
    {FIELD(struct session_body, zone_offset_ms, INT), .min = -50400000, .max = 50400000},      \
    {FIELD(struct session_body, late_minutes, JSON)},                                          \
    {FIELD(struct session_body, earliest_hand_in_minutes, JSON)}
/* clang-format on */
static const struct field session_rows[] = {SESSION_ROWS(true)};
static const struct field session_change_rows[] = {
    SESSION_ROWS(false),
    {FIELD(struct session_body, version, INT), .required = true},
};
const struct fields session_fields = FIELDS("session", struct session_body, session_rows);
const struct fields session_change_fields = FIELDS("session_change", struct session_body,
                                                   session_change_rows);

static bool read_minutes(const struct json_t *v, const char *field, int64_t otherwise,
                         int64_t *out, struct err *e)
{
    *out = otherwise;
    if (!v || json_is_null(v))
        return true;
    if (!json_is_integer(v) || json_integer_value(v) < 0 || json_integer_value(v) > MINUTES_MAX)
        return FAIL(e, INVALID, field, "应为 0 至 %d 的整数（分钟）。", MINUTES_MAX);
    *out = json_integer_value(v);
    return true;
}

bool batch_sessions_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct session_body *b = rq->input;
    struct arranger by = arranger_of(rq);
    struct session session;
    struct session_input in = {
        b->component, b->title, b->starts_ms, b->minutes, b->zone_offset_ms, -1, -1};
    if (!read_minutes(b->late_minutes, "/late_minutes", -1, &in.late_minutes, e) ||
        !read_minutes(b->earliest_hand_in_minutes, "/earliest_hand_in_minutes", -1,
                      &in.earliest_hand_in_minutes, e) ||
        !session_create(rq->db, &by, rq->id[0], &in, &session, e))
        return false;
    put_session(reply_json_with(rp, 201), &session, rq->now_ms);
    return true;
}

/* Members that are not sent stay what they are. */
bool session_patch(struct request *rq, struct reply *rp, struct err *e)
{
    const struct session_body *b = rq->input;
    struct arranger by = arranger_of(rq);
    struct session was, now;
    if (!session_get(rq->db, rq->arena, owned_of(rq, rq->id[0]), &was, e))
        return false;
    struct session_change change = {was.id, b->version, {0}};
    struct session_input *to = &change.to;
    to->component = b->component ? b->component : was.component;
    to->title = b->title ? b->title : was.title;
    to->starts_ms = b->starts_ms ? b->starts_ms : was.starts_ms;
    to->minutes = b->minutes ? b->minutes : was.minutes;
    to->zone_offset_ms = b->zone_offset_ms ? b->zone_offset_ms : was.zone_offset_ms;
    if (!read_minutes(b->late_minutes, "/late_minutes", was.late_limit_ms / 60000,
                      &to->late_minutes, e) ||
        !read_minutes(b->earliest_hand_in_minutes, "/earliest_hand_in_minutes",
                      was.earliest_hand_in_ms / 60000, &to->earliest_hand_in_minutes, e) ||
        !session_edit(rq->db, &by, &change, &now, e))
        return false;
    put_session(reply_json(rp), &now, rq->now_ms);
    return true;
}

static void write_sessions(struct request *rq, struct reply *rp,
                           const struct session_list *list)
{
    struct json_out *o = reply_json(rp);
    put_array(o, "sessions");
    for (size_t i = 0; i < list->count; i++) {
        out_object(o);
        put_session(o, &list->at[i], rq->now_ms);
        out_object_end(o);
    }
    out_array_end(o);
    put_int(o, "total", (int64_t)list->count);
}

bool batch_sessions_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct session_list list;
    if (!session_list_batch(rq->db, rq->arena, owned_of(rq, rq->id[0]), &list, e))
        return false;
    write_sessions(rq, rp, &list);
    return true;
}

/* Those of the body that are not over; ?from= an instant, for older ones. */
bool sessions_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct session_list list;
    int64_t from = request_query_int(rq, "from", rq->now_ms);
    if (!session_list_from(rq->db, rq->arena, owned_of(rq, (struct id){{0}}), from, &list, e))
        return false;
    write_sessions(rq, rp, &list);
    return true;
}

/* Where the viewer has a duty, with it. */
bool my_sessions_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct session_list list;
    struct staff_list staff;
    int64_t from = request_query_int(rq, "from", rq->now_ms - DAY_MS);
    if (!session_list_from(rq->db, rq->arena, owned_of(rq, rq->viewer.account), from, &list, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_array(o, "sessions");
    for (size_t i = 0; i < list.count; i++) {
        if (!staff_list(rq->db, rq->arena, owned_of(rq, list.at[i].id), &staff, e))
            return false;
        out_object(o);
        put_session(o, &list.at[i], rq->now_ms);
        put_array(o, "duties");
        for (size_t k = 0; k < staff.count; k++) {
            if (!id_equal(staff.at[k].account, rq->viewer.account))
                continue;
            out_object(o);
            put_text(o, "duty", duty_name(staff.at[k].duty));
            put_text(o, "label", duty_label(staff.at[k].duty));
            put_id(o, "room", staff.at[k].room);
            out_object_end(o);
        }
        out_array_end(o);
        out_object_end(o);
    }
    out_array_end(o);
    put_int(o, "total", (int64_t)list.count);
    return true;
}

bool session_visible(struct request *rq, struct id session, struct session *out, bool *arranges,
                     struct err *e)
{
    struct err ignored = {0};
    struct staff_list staff;
    *arranges = viewer_may(&rq->viewer, MAY_ARRANGE, &ignored);
    if (!session_get(rq->db, rq->arena, owned_of(rq, session), out, e) ||
        !staff_list(rq->db, rq->arena, owned_of(rq, session), &staff, e))
        return false;
    for (size_t i = 0; i < staff.count; i++)
        if (id_equal(staff.at[i].account, rq->viewer.account))
            return true;
    return *arranges || FAIL(e, NOT_FOUND, "session", "没有这个场次。");
}

struct reason_body {
    const char *reason;
};
static const struct field reason_rows[] = {
    {FIELD(struct reason_body, reason, TEXT), .required = true, .min = 2, .max = 200},
};
const struct fields session_reason_fields = FIELDS("session_reason", struct reason_body,
                                                   reason_rows);

bool session_cancel_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct reason_body *b = rq->input;
    struct arranger by = arranger_of(rq);
    (void)rp;
    return session_cancel(rq->db, &by, rq->id[0], b->reason, e);
}

bool session_reopen_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct reason_body *b = rq->input;
    struct arranger by = arranger_of(rq);
    (void)rp;
    return arrange_reopen(rq->db, &by, rq->id[0], b->reason, e);
}

/* ------------------------------------------------------------------ rooms */
static const struct field room_rows[] = {
    {FIELD(struct room_input, site, ID), .required = true},
    {FIELD(struct room_input, name, TEXT), .required = true, .min = 1, .max = 40},
    {FIELD(struct room_input, rows, INT), .required = true, .min = 1, .max = ROOM_SIDE_MAX},
    {FIELD(struct room_input, columns, INT), .required = true, .min = 1, .max = ROOM_SIDE_MAX},
    {FIELD(struct room_input, capacity, INT)},
};
const struct fields room_fields = FIELDS("room", struct room_input, room_rows);

bool session_rooms_post(struct request *rq, struct reply *rp, struct err *e)
{
    struct room_input in = *(const struct room_input *)rq->input;
    struct arranger by = arranger_of(rq);
    struct room room;
    in.session = rq->id[0];
    if (!room_create(rq->db, &by, &in, &room, e))
        return false;
    struct json_out *o = reply_json_with(rp, 201);
    put_id(o, "id", room.id);
    put_int(o, "no", room.no);
    put_text(o, "name", room.name);
    put_int(o, "capacity", room.capacity);
    return true;
}

bool session_room_delete(struct request *rq, struct reply *rp, struct err *e)
{
    struct arranger by = arranger_of(rq);
    struct room room;
    (void)rp;
    if (!room_get(rq->db, rq->arena, owned_of(rq, rq->id[1]), &room, e))
        return false;
    if (!id_equal(room.session, rq->id[0]))
        return FAIL(e, NOT_FOUND, "room", "本场次没有这个考场。");
    return room_remove(rq->db, &by, room.id, e);
}

/* ------------------------------------------------------------------ examination days */
static void write_deadlines(struct request *rq, struct json_out *o, const struct programme *p,
                            date_days exam)
{
    struct exam_deadlines d;
    char day[DATE_TEXT_BYTES];
    exam_deadlines(rq->arena, p, rq->app->calendar, exam, &d);
    put_array(o, "deadlines");
    for (size_t i = 0; i < d.count; i++) {
        date_write(d.at[i].day, day);
        out_object(o);
        put_text(o, "id", d.at[i].id);
        put_text(o, "day", d.at[i].known ? day : NULL);
        put_text(o, "why", d.at[i].why);
        put_text(o, "text", d.at[i].text);
        put_text(o, "source", d.at[i].source);
        out_object_end(o);
    }
    out_array_end(o);
}

/* ?from=YYYY-MM-DD&months=12&reading=…: the days, each with what follows from it. */
bool programme_dates_get(struct request *rq, struct reply *rp, struct err *e)
{
    const char *from = request_query(rq, "from");
    struct exam_dates_question q = {
        .programme = programme_find(rq->app->programmes, rq->word[0]),
        .from = date_of_instant(rq->now_ms, CHINA_OFFSET_MS),
        .months = request_query_int(rq, "months", 12),
        .reading = request_query(rq, "reading"),
    };
    struct exam_dates *dates;
    if (!q.programme)
        return FAIL(e, NOT_FOUND, "programme", "没有这个项目。");
    if (from && !date_read(from, &q.from))
        return FAIL(e, INVALID, "/from", "应为 YYYY-MM-DD 形式的真实日期。");
    if (!exam_dates(rq->arena, &q, &dates, e))
        return false;
    const struct schedule_rule *rule = q.programme->schedule;
    struct json_out *o = reply_json(rp);
    put_text(o, "text", rule->text);
    put_text(o, "note", rule->note);
    put_text(o, "source", programme_source(q.programme, rq->arena, rule->src));
    put_text(o, "reading", q.reading ? q.reading : rule->readings[0]);
    put_array(o, "readings");
    for (size_t i = 0; i < rule->reading_count; i++)
        out_text(o, rule->readings[i]);
    out_array_end(o);
    put_array(o, "dates");
    for (int64_t i = 0; i < q.months; i++) {
        char day[DATE_TEXT_BYTES];
        date_write(dates[i].day, day);
        out_object(o);
        put_text(o, "month", dates[i].month);
        put_text(o, "day", day);
        write_deadlines(rq, o, q.programme, dates[i].day);
        out_object_end(o);
    }
    out_array_end(o);
    put_int(o, "total", q.months);
    return true;
}
