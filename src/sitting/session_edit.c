/* sitting/session_edit.c - sites, sessions and rooms are made, changed and taken away. */
#include <string.h>

#include "base/arena.h"
#include "base/calendar.h"
#include "base/json.h"
#include "entry/batch.h"
#include "programme/programme.h"
#include "sitting/session_store.h"
#include "store/db.h"

enum { MINUTES_MAX = 720, ROOM_SIDE_MAX = 40, MINUTE_MS = 60000, ZONE_MAX_MS = 14 * 3600000 };

/* What one use case hands to its transaction; each fills what it needs. */
struct editing {
    const struct arranger *by;
    struct id which;
    const void *input;
    const char *reason;
    struct site *site;
    struct session *session;
    struct room *room;
};

/* ------------------------------------------------------------------ sites */
static bool create_site(struct db *db, void *ctx, struct err *e)
{
    struct editing *x = ctx;
    const struct site_input *in = x->input;
    *x->site = (struct site){id_random(), x->by->actor->body, in->name, in->address, in->note};
    struct audit_row row = {.act = ACT_site_create, .object_type = "si", .object = x->site->id};
    row.change = json_keep(x->by->arena,
                           json_pack("{s:s, s:s}", "name", in->name, "address", in->address));
    return site_put(db, x->site, x->by->actor->now_ms, e) &&
           audit_write(db, x->by->actor, &row, e);
}

bool site_create(struct db *db, const struct arranger *by, const struct site_input *in,
                 struct site *out, struct err *e)
{
    struct editing x = {.by = by, .input = in, .site = out};
    if (!in->name || !*in->name)
        return FAIL(e, INVALID, "/name", "请填写考点名称。");
    if (!in->address || !*in->address)
        return FAIL(e, INVALID, "/address", "请填写考点地址。");
    return db_transact(db, create_site, &x, e);
}

/* ------------------------------------------------------------------ sessions */
static bool check_input(const struct session_input *in, struct err *e)
{
    if (in->minutes < 1 || in->minutes > MINUTES_MAX)
        return FAIL(e, INVALID, "/minutes", "时长应为 1 至 %d 分钟。", MINUTES_MAX);
    if (in->zone_offset_ms < -ZONE_MAX_MS || in->zone_offset_ms > ZONE_MAX_MS)
        return FAIL(e, INVALID, "/zone_offset_ms", "时区不超过 ±14 小时。");
    if (in->late_minutes < -1 || in->late_minutes > in->minutes)
        return FAIL(e, INVALID, "/late_minutes", "迟到时限应在考试时长之内。");
    if (in->earliest_hand_in_minutes < -1 || in->earliest_hand_in_minutes > in->minutes)
        return FAIL(e, INVALID, "/earliest_hand_in_minutes", "最早交卷时间应在考试时长之内。");
    return true;
}

static int64_t within(int64_t minutes, int64_t length)
{
    return minutes < length ? minutes : length;
}

/* The title that a session gets when nobody names it: 理论知识考试 2026-11-28 09:00. */
static const char *usual_title(struct arena *a, const char *component, const struct session *s)
{
    int64_t local = s->starts_ms + s->zone_offset_ms;
    char day[DATE_TEXT_BYTES];
    date_write(date_of_instant(s->starts_ms, s->zone_offset_ms), day);
    int64_t minute = local / MINUTE_MS % (24 * 60);
    return arena_printf(a, "%s %s %02d:%02d", component, day, (int)(minute / 60),
                        (int)(minute % 60));
}

/* Input and the batch's programme and policy make the row. */
static bool fill_session(struct db *db, const struct arranger *by,
                         const struct session_input *in, struct session *s, struct err *e)
{
    struct batch batch;
    const struct programme *p;
    if (!batch_get(db, by->arena, by->actor->body, s->batch, &batch, e) ||
        !batch_programme(db, by->arena, by->programmes, &batch, &p, e))
        return false;
    if (batch.state == BATCH_ARCHIVED || batch.state == BATCH_CANCELLED)
        return FAIL(e, CONFLICT, "/batch", "批次%s，不能安排场次。",
                    batch_state_label(batch.state));
    const struct component *part = programme_component(p, in->component);
    if (!part)
        return FAIL(e, INVALID, "/component", "%s没有“%.40s”这项考核。", p->title,
                    in->component);
    if (in->starts_ms <= by->actor->now_ms)
        return FAIL(e, INVALID, "/starts_ms", "开考时间应在今后。");
    int64_t late = in->late_minutes < 0 ? batch.policy.late_minutes : in->late_minutes;
    int64_t early = in->earliest_hand_in_minutes < 0 ? batch.policy.earliest_hand_in_minutes
                                                     : in->earliest_hand_in_minutes;
    s->component = in->component;
    s->starts_ms = in->starts_ms;
    s->minutes = in->minutes;
    s->zone_offset_ms = in->zone_offset_ms ? in->zone_offset_ms : CHINA_OFFSET_MS;
    s->late_limit_ms = within(late, in->minutes) * MINUTE_MS;
    s->earliest_hand_in_ms = within(early, in->minutes) * MINUTE_MS;
    s->title = in->title && *in->title ? in->title : usual_title(by->arena, part->name, s);
    return true;
}

static json_t *session_change_json(const struct session *s)
{
    return json_pack("{s:s, s:s, s:I, s:I}", "component", s->component, "title", s->title,
                     "starts_ms", (json_int_t)s->starts_ms, "minutes", (json_int_t)s->minutes);
}

static bool create_session(struct db *db, void *ctx, struct err *e)
{
    struct editing *x = ctx;
    struct session *s = x->session;
    *s = (struct session){
        .id = id_random(), .body = x->by->actor->body, .batch = x->which, .version = 1};
    return fill_session(db, x->by, x->input, s, e) &&
           session_insert(db, s, x->by->actor->now_ms, e) &&
           session_audit(db, x->by, ACT_session_create, s->id, session_change_json(s), e);
}

bool session_create(struct db *db, const struct arranger *by, struct id batch,
                    const struct session_input *in, struct session *out, struct err *e)
{
    struct editing x = {.by = by, .which = batch, .input = in, .session = out};
    return check_input(in, e) && db_transact(db, create_session, &x, e);
}

static bool edit_session(struct db *db, void *ctx, struct err *e)
{
    struct editing *x = ctx;
    const struct session_change *change = x->input;
    struct session *s = x->session;
    if (!session_get(db, x->by->arena, owned_by(x->by, change->session), s, e))
        return false;
    struct session old = *s;
    s->version = change->version;
    if (!fill_session(db, x->by, &change->to, s, e) || !session_save(db, s, e) ||
        !session_audit(db, x->by, ACT_session_edit, s->id,
                       json_pack("{s:o, s:o}", "before", session_change_json(&old), "after",
                                 session_change_json(s)),
                       e))
        return false;
    s->version++;
    return true;
}

bool session_edit(struct db *db, const struct arranger *by, const struct session_change *change,
                  struct session *out, struct err *e)
{
    struct editing x = {.by = by, .input = change, .session = out};
    return check_input(&change->to, e) && db_transact(db, edit_session, &x, e);
}

static bool cancel_session(struct db *db, void *ctx, struct err *e)
{
    struct editing *x = ctx;
    struct owned which = owned_by(x->by, x->which);
    struct session s;
    return session_get(db, x->by->arena, which, &s, e) &&
           session_move(db, which, s.state, SESSION_cancelled, e) &&
           ticket_withdraw_all(db, which, x->by->actor->now_ms, e) &&
           session_audit(db, x->by, ACT_session_cancel, x->which,
                         json_pack("{s:s}", "reason", x->reason), e);
}

bool session_cancel(struct db *db, const struct arranger *by, struct id session,
                    const char *reason, struct err *e)
{
    struct editing x = {.by = by, .which = session, .reason = reason};
    if (!reason || !*reason)
        return FAIL(e, INVALID, "/reason", "请写明取消的原因。");
    return db_transact(db, cancel_session, &x, e);
}

/* ------------------------------------------------------------------ rooms */
static bool put_seats(struct db *db, struct id body, const struct room *r, struct err *e)
{
    for (int64_t n = 0; n < r->capacity; n++) {
        struct seat s = {.id = id_random(), .session = r->session, .room = r->id};
        s.number = n + 1;
        s.row = n / r->columns + 1;
        s.col = n % r->columns + 1;
        if (!seat_put(db, body, &s, e))
            return false;
    }
    return true;
}

static bool create_room(struct db *db, void *ctx, struct err *e)
{
    struct editing *x = ctx;
    const struct room_input *in = x->input;
    struct room *r = x->room;
    struct id body = x->by->actor->body;
    struct site site;
    bool taken;
    *r = (struct room){.id = id_random(),
                       .session = in->session,
                       .site = in->site,
                       .name = in->name,
                       .rows = in->rows,
                       .columns = in->columns};
    r->capacity = in->capacity ? in->capacity : in->rows * in->columns;
    if (!session_touch_draft(db, owned_by(x->by, in->session), e) ||
        !site_get(db, x->by->arena, owned_by(x->by, in->site), &site, e) ||
        !room_name_taken(db, body, r, &taken, e))
        return false;
    if (taken)
        return FAIL(e, CONFLICT, "/name", "%s已经有名为“%.60s”的考场。", site.name, in->name);
    if (!room_last_no(db, owned_by(x->by, in->session), &r->no, e))
        return false;
    r->no++;
    return room_insert(db, body, r, e) && put_seats(db, body, r, e) &&
           session_audit(db, x->by, ACT_room_create, in->session,
                         json_pack("{s:s, s:s, s:I}", "site", site.name, "room", in->name,
                                   "capacity", (json_int_t)r->capacity),
                         e);
}

bool room_create(struct db *db, const struct arranger *by, const struct room_input *in,
                 struct room *out, struct err *e)
{
    struct editing x = {.by = by, .input = in, .room = out};
    struct session s;
    if (!in->name || !*in->name)
        return FAIL(e, INVALID, "/name", "请填写考场名称。");
    if (in->rows < 1 || in->rows > ROOM_SIDE_MAX)
        return FAIL(e, INVALID, "/rows", "行数应为 1 至 %d。", ROOM_SIDE_MAX);
    if (in->columns < 1 || in->columns > ROOM_SIDE_MAX)
        return FAIL(e, INVALID, "/columns", "列数应为 1 至 %d。", ROOM_SIDE_MAX);
    if (in->capacity < 0 || in->capacity > in->rows * in->columns)
        return FAIL(e, INVALID, "/capacity", "容量不能超过行数与列数的乘积。");
    return session_get(db, by->arena, owned_by(by, in->session), &s, e) &&
           db_transact(db, create_room, &x, e);
}

static bool remove_room(struct db *db, void *ctx, struct err *e)
{
    struct editing *x = ctx;
    struct owned which = owned_by(x->by, x->which);
    struct room r;
    int64_t taken;
    if (!room_get(db, x->by->arena, which, &r, e) ||
        !session_touch_draft(db, owned_by(x->by, r.session), e) ||
        !room_taken_seats(db, which, &taken, e))
        return false;
    if (taken)
        return FAIL(e, CONFLICT, "/room", "%s还有 %lld 名考生，请先移出。", r.name,
                    (long long)taken);
    return room_delete(db, which, e) && session_audit(db, x->by, ACT_room_remove, r.session,
                                                      json_pack("{s:s}", "room", r.name), e);
}

bool room_remove(struct db *db, const struct arranger *by, struct id room, struct err *e)
{
    struct editing x = {.by = by, .which = room};
    return db_transact(db, remove_room, &x, e);
}
