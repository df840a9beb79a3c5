/* web/room.c - the invigilator's room: view, live events, acts. Every handler asks first whether the
 * viewer watches this room. */
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "sitting/fold.h"
#include "sitting/live.h"
#include "sitting/session.h"
#include "sitting/sit_view.h"
#include "sitting/supervise.h"
#include "sitting/violation.h"
#include "sitting/writer.h"
#include "store/blob.h"
#include "web/app.h"
#include "web/approvals.h"
#include "web/handlers.h"
#include "web/session.h"

bool room_invigilated(struct request *rq, struct live_room **out, struct err *e)
{
    if (!room_duty(rq->db, rq->app->journal, &rq->actor, rq->id[0], out, e))
        return false;
    return rq->route->method == METHOD_GET || !atomic_load(&(*out)->away) ||
           FAIL(e, CONFLICT, "room", "本考场由考场节点提供考试，请在节点的页面上操作。");
}

/* For looking: the quality supervisor's, too. */
static bool seen_room(struct request *rq, struct live_room **out, bool *acts, struct err *e)
{
    return room_watch(rq->db, rq->app->journal, &rq->actor, rq->id[0], out, acts, e);
}

/* Rooms of prepared sessions that the viewer watches. */
bool rooms_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct live *l = journal_live(rq->app->journal);
    struct json_out *o = reply_json(rp);
    put_array(o, "rooms");
    for (struct live_session *s = live_first_session(l); s; s = s->next)
        for (struct live_room *r = s->rooms; r; r = r->next) {
            struct err no = {0};
            struct live_room *mine;
            bool acts;
            if (!room_watch(rq->db, rq->app->journal, &rq->actor, r->id, &mine, &acts, &no)) {
                if (no.code != ERR_STORE)
                    continue;
                *e = no; /* a duty that could not be read is not one that is missing */
                return false;
            }
            out_object(o);
            put_id(o, "id", r->id);
            put_text(o, "name", r->name);
            put_int(o, "no", r->no);
            put_id(o, "session", s->id);
            put_text(o, "title", s->title);
            put_int(o, "starts_ms", s->starts_ms);
            put_int(o, "minutes", s->minutes);
            put_int(o, "seats", (int64_t)r->count);
            put_bool(o, "acts", acts);
            out_object_end(o);
        }
    out_array_end(o);
    return true;
}

bool room_one_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct live_room *r;
    bool acts;
    if (!seen_room(rq, &r, &acts, e))
        return false;
    struct json_out *o = reply_json(rp);
    room_view_put(o, rq->app->journal, r, rq->now_ms);
    put_bool(o, "acts", acts);
    return true;
}

bool room_live_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct live_room *r;
    bool acts;
    if (!seen_room(rq, &r, &acts, e))
        return false;
    struct json_out *o = json_out_create(rq->arena);
    out_object(o);
    room_view_put(o, rq->app->journal, r, rq->now_ms);
    put_bool(o, "acts", acts);
    out_object_end(o);
    reply_events(rp, r->id, json_out_text(o));
    return true;
}

/* One body for all acts on a room; which members an act needs is asked where it is done. */
struct room_act_body {
    struct id attempt;
    struct id *attempts;
    size_t attempt_count;
    int64_t minutes, at_ms, epoch, seq;
    const char *reason, *code, *text;
    bool present;
};

static bool body_attempt(struct request *rq, const struct live_room *r, struct id id,
                         struct live_attempt **out, struct err *e)
{
    return room_attempt(rq->app->journal, r, id, out, e);
}

static const struct field admit_rows[] = {
    {FIELD(struct room_act_body, attempt, ID)},
    {FIELD(struct room_act_body, attempts, IDS),
     FIELD_COUNT(struct room_act_body, attempt_count), .max = 500},
};
const struct fields room_admit_fields = FIELDS("room_admit", struct room_act_body, admit_rows);

bool room_admit_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct room_act_body *b = rq->input;
    struct live_room *r;
    struct admission in = {.attempts = b->attempts, .count = b->attempt_count};
    if (!b->attempts) {
        in.attempts = &b->attempt;
        in.count = !id_is_zero(b->attempt);
    }
    if (in.count == 0)
        return FAIL(e, INVALID, "/attempt", "没有指明考生。");
    if (!room_invigilated(rq, &r, e))
        return false;
    in.room = r;
    if (!room_admit(rq->app->journal, &rq->actor, &in, e))
        return false;
    put_int(reply_json(rp), "admitted", (int64_t)in.admitted);
    return true;
}

static const struct field presence_rows[] = {
    {FIELD(struct room_act_body, attempt, ID), .required = true},
    {FIELD(struct room_act_body, present, BOOL), .required = true},
};
const struct fields room_presence_fields = FIELDS("room_presence", struct room_act_body,
                                                  presence_rows);

bool room_presence_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct room_act_body *b = rq->input;
    struct live_room *r;
    struct live_attempt *a;
    (void)rp;
    return room_invigilated(rq, &r, e) && body_attempt(rq, r, b->attempt, &a, e) &&
           attempt_set_presence(rq->app->journal, &rq->actor, a, b->present, e);
}

/* --- time --------------------------------------------------------------------------------------- */
static bool write_time(struct request *rq, struct reply *rp, enum ledger_kind kind,
                       struct err *e)
{
    const struct room_act_body *b = rq->input;
    struct live_room *r;
    struct live_attempt *a = NULL;
    if (!room_invigilated(rq, &r, e) ||
        (!id_is_zero(b->attempt) && !body_attempt(rq, r, b->attempt, &a, e)))
        return false;
    struct time_act act = {.session = r->session->id,
                           .scope = a ? SCOPE_ATTEMPT : SCOPE_ROOM,
                           .scope_id = a ? a->id : r->id,
                           .kind = kind,
                           .at_ms = b->at_ms,
                           .minutes = b->minutes,
                           .reason = b->reason};
    if (!time_write(rq->app->journal, &rq->actor, &act, e))
        return false;
    struct json_out *o = reply_json(rp);
    room_view_put(o, rq->app->journal, r, rq->now_ms);
    put_bool(o, "acts", true);
    return true;
}

static const struct field start_rows[] = {
    {FIELD(struct room_act_body, at_ms, INT), .min = 0, .max = INT64_MAX},
};
const struct fields room_start_fields = FIELDS("room_start", struct room_act_body, start_rows);

bool room_start_post(struct request *rq, struct reply *rp, struct err *e)
{
    return write_time(rq, rp, LEDGER_START, e);
}

static const struct field pause_rows[] = {
    {FIELD(struct room_act_body, attempt, ID)},
    {FIELD(struct room_act_body, reason, TEXT), .required = true, .min = 2, .max = 200},
};
const struct fields room_pause_fields = FIELDS("room_pause", struct room_act_body, pause_rows);

bool room_pause_post(struct request *rq, struct reply *rp, struct err *e)
{
    return write_time(rq, rp, LEDGER_PAUSE, e);
}

bool room_resume_post(struct request *rq, struct reply *rp, struct err *e)
{
    return write_time(rq, rp, LEDGER_RESUME, e);
}

static const struct field extend_rows[] = {
    {FIELD(struct room_act_body, attempt, ID)},
    {FIELD(struct room_act_body, minutes, INT), .required = true, .min = 1,
     .max = EXTEND_MINUTES_MAX},
    {FIELD(struct room_act_body, reason, TEXT), .required = true, .min = 2, .max = 200},
};
const struct fields room_extend_fields = FIELDS("room_extend", struct room_act_body,
                                                extend_rows);

bool room_extend_post(struct request *rq, struct reply *rp, struct err *e)
{
    return write_time(rq, rp, LEDGER_EXTEND, e);
}

/* The time of a whole session, by who arranges it. */
static bool write_session_time(struct request *rq, enum ledger_kind kind, struct err *e)
{
    const struct room_act_body *b = rq->input;
    struct time_act act = {.session = rq->id[0],
                           .scope = SCOPE_SESSION,
                           .scope_id = rq->id[0],
                           .kind = kind,
                           .at_ms = b->at_ms,
                           .minutes = b->minutes,
                           .reason = b->reason};
    return time_write(rq->app->journal, &rq->actor, &act, e);
}

bool session_extend_post(struct request *rq, struct reply *rp, struct err *e)
{
    (void)rp;
    return write_session_time(rq, LEDGER_EXTEND, e);
}

bool session_put_off_post(struct request *rq, struct reply *rp, struct err *e)
{
    (void)rp;
    return write_session_time(rq, LEDGER_PUT_OFF, e);
}

static const struct field session_put_off_rows[] = {
    {FIELD(struct room_act_body, at_ms, INT), .required = true, .min = 1, .max = INT64_MAX},
    {FIELD(struct room_act_body, reason, TEXT), .required = true, .min = 2, .max = 200},
};
const struct fields session_put_off_fields = FIELDS("session_put_off", struct room_act_body,
                                                    session_put_off_rows);

bool session_pause_post(struct request *rq, struct reply *rp, struct err *e)
{
    (void)rp;
    return write_session_time(rq, LEDGER_PAUSE, e);
}

bool session_resume_post(struct request *rq, struct reply *rp, struct err *e)
{
    (void)rp;
    return write_session_time(rq, LEDGER_RESUME, e);
}

static const struct field session_pause_rows[] = {
    {FIELD(struct room_act_body, reason, TEXT), .required = true, .min = 2, .max = 200},
};
const struct fields session_pause_fields = FIELDS("session_pause", struct room_act_body,
                                                  session_pause_rows);

static const struct field session_extend_rows[] = {
    {FIELD(struct room_act_body, minutes, INT), .required = true, .min = 1,
     .max = EXTEND_MINUTES_MAX},
    {FIELD(struct room_act_body, reason, TEXT), .required = true, .min = 2, .max = 200},
};
const struct fields session_extend_fields = FIELDS("session_extend", struct room_act_body,
                                                   session_extend_rows);

/* --- one candidate ------------------------------------------------------------------------------ */
static const struct field takeover_rows[] = {
    {FIELD(struct room_act_body, attempt, ID), .required = true},
    {FIELD(struct room_act_body, reason, TEXT), .required = true, .min = 2, .max = 200},
};
const struct fields room_takeover_fields = FIELDS("room_takeover", struct room_act_body,
                                                  takeover_rows);

bool room_takeover_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct room_act_body *b = rq->input;
    struct live_room *r;
    struct live_attempt *a;
    char code[TAKEOVER_CODE_BYTES];
    if (!room_invigilated(rq, &r, e) || !body_attempt(rq, r, b->attempt, &a, e) ||
        !takeover_code(rq->app->journal, &rq->actor, a, b->reason, code, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_text(o, "code", code);
    put_int(o, "until_ms", rq->now_ms + TAKEOVER_MS);
    return true;
}

static const struct field seal_code_rows[] = {
    {FIELD(struct room_act_body, attempt, ID), .required = true},
    {FIELD(struct room_act_body, code, TEXT), .required = true, .max = 40},
};
const struct fields room_seal_code_fields = FIELDS("room_seal_code", struct room_act_body,
                                                   seal_code_rows);

bool room_seal_code_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct room_act_body *b = rq->input;
    struct live_room *r;
    struct live_attempt *a;
    bool matches;
    if (!room_invigilated(rq, &r, e) || !body_attempt(rq, r, b->attempt, &a, e) ||
        !seal_code_note(rq->app->journal, &rq->actor, a, b->code, &matches, e))
        return false;
    put_bool(reply_json(rp), "matches", matches);
    return true;
}

bool room_import_post(struct request *rq, struct reply *rp, struct err *e)
{
    struct live_room *r;
    struct file_import in = {.file = rq->body};
    if (!room_invigilated(rq, &r, e))
        return false;
    in.room = r;
    if (!file_import(rq->app->journal, rq->arena, &rq->actor, &in, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_id(o, "attempt", in.attempt->id);
    put_int(o, "seat", in.attempt->seat_no);
    put_text(o, "branch", in.main ? "main" : "aside");
    return true;
}

static const struct field notice_rows[] = {
    {FIELD(struct room_act_body, attempt, ID)},
    {FIELD(struct room_act_body, text, TEXT), .required = true, .min = 1, .max = 200},
};
const struct fields room_notice_fields = FIELDS("room_notice", struct room_act_body,
                                                notice_rows);

bool room_notice_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct room_act_body *b = rq->input;
    struct live_room *r;
    struct live_attempt *a = NULL;
    (void)rp;
    return room_invigilated(rq, &r, e) &&
           (id_is_zero(b->attempt) || body_attempt(rq, r, b->attempt, &a, e)) &&
           room_notice(rq->app->journal, &rq->actor, r, a, b->text, e);
}

bool room_photo_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct live_room *r;
    struct live_attempt *a;
    struct blob blob;
    struct bytes plain;
    bool acts;
    if (!seen_room(rq, &r, &acts, e) || !body_attempt(rq, r, rq->id[1], &a, e))
        return false;
    if (id_is_zero(a->photo))
        return FAIL(e, NOT_FOUND, "/photo", "没有照片。");
    if (!blob_get(rq->db, rq->arena, a->photo, &blob, e) ||
        !blob_read(&rq->app->blobs, rq->arena, &blob, &plain, e))
        return false;
    reply_bytes(rp, 200, blob.media_type, plain);
    return true;
}

/* --- aside ---------------------------------------------------------------------------------------- */
static void put_aside(struct request *rq, struct json_out *o, const struct journal_row *row)
{
    struct err e = {0};
    out_object(o);
    put_int(o, "epoch", row->entry.epoch);
    put_int(o, "seq", row->entry.seq);
    put_int(o, "kind", row->entry.kind);
    put_int(o, "item", row->entry.item);
    put_int(o, "client_ms", row->entry.client_ms);
    put_int(o, "received_ms", row->received_ms);
    put_json(o, "payload",
             json_read(rq->arena, row->entry.payload.at, row->entry.payload.len, &e));
    out_object_end(o);
}

bool room_aside_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct live_room *r;
    struct live_attempt *a;
    struct attempt_record record;
    if (!room_invigilated(rq, &r, e) || !body_attempt(rq, r, rq->id[1], &a, e))
        return false;
    live_lock(a);
    int64_t last_row = a->committed_row;
    live_unlock(a);
    if (!attempt_record_load(rq->db, rq->arena, a->id, last_row, &record, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_array(o, "entries");
    for (size_t i = 0; i < record.row_count; i++)
        if (record.rows[i].branch == BRANCH_ASIDE)
            put_aside(rq, o, &record.rows[i]);
    out_array_end(o);
    put_array(o, "accepted");
    for (size_t i = 0; i < record.decision_count; i++) {
        out_object(o);
        put_int(o, "epoch", record.decisions[i].epoch);
        put_int(o, "seq", record.decisions[i].seq);
        out_object_end(o);
    }
    out_array_end(o);
    return true;
}

/* --- two people ----------------------------------------------------------------------------------- */
static bool propose_for(struct request *rq, struct reply *rp, enum act act,
                        const char *sentence, struct err *e)
{
    const struct room_act_body *b = rq->input;
    struct live_room *r;
    struct live_attempt *a;
    if (!room_invigilated(rq, &r, e) || !body_attempt(rq, r, b->attempt, &a, e))
        return false;
    struct proposal p = {.act = act,
                         .object = a->id,
                         .summary = arena_printf(rq->arena, "%s %lld 号座位：%s。原因：%s",
                                                 r->name, (long long)a->seat_no, sentence,
                                                 b->reason)};
    return propose(rq, rp, &p, e);
}

static const struct field close_rows[] = {
    {FIELD(struct room_act_body, attempt, ID), .required = true},
    {FIELD(struct room_act_body, reason, TEXT), .required = true, .min = 2, .max = 200},
};
const struct fields room_close_fields = FIELDS("room_close", struct room_act_body, close_rows);

bool room_close_post(struct request *rq, struct reply *rp, struct err *e)
{
    return propose_for(rq, rp, ACT_attempt_close_approve, "强制收卷", e);
}

static const struct field accept_rows[] = {
    {FIELD(struct room_act_body, attempt, ID), .required = true},
    {FIELD(struct room_act_body, epoch, INT), .required = true, .min = 1, .max = UINT32_MAX},
    {FIELD(struct room_act_body, seq, INT), .required = true, .min = 1, .max = UINT32_MAX},
    {FIELD(struct room_act_body, reason, TEXT), .required = true, .min = 2, .max = 200},
};
const struct fields room_accept_fields = FIELDS("room_accept", struct room_act_body,
                                                accept_rows);

bool room_accept_post(struct request *rq, struct reply *rp, struct err *e)
{
    return propose_for(rq, rp, ACT_aside_accept, "采纳旁支作答", e);
}
