/* web/conduct.c - how a session is held: online and recorded, in Safe Exam Browser; checks of
 * workstations; pieces of recordings and what a person decides about flags. */
#include "sitting/conduct.h"

#include <string.h>

#include "base/arena.h"
#include "base/fields.h"
#include "base/json.h"
#include "sitting/live.h"
#include "sitting/recording.h"
#include "sitting/seat_check.h"
#include "sitting/supervise.h"
#include "sitting/writer.h"
#include "store/blob.h"
#include "web/app.h"
#include "web/conduct.h"
#include "web/handlers.h"
#include "web/people_of.h"
#include "web/rate.h"
#include "web/session.h"

static const char *start_url(struct request *rq)
{
    return arena_printf(rq->arena, "%s/sit", rq->app->public_url);
}

/* --- policy ------------------------------------------------------------------------------------- */
static bool put_conduct(struct request *rq, struct json_out *o, const struct conduct *c,
                        struct err *e)
{
    char key[SEB_KEY_TEXT];
    put_bool(o, "online", c->online);
    put_bool(o, "recorded", c->recorded);
    put_bool(o, "seb", c->seb);
    put_text(o, "seb_browser_keys", c->seb_browser_keys);
    if (!c->seb)
        return true;
    json_t *settings = json_read(rq->arena, c->seb_settings, strlen(c->seb_settings), e);
    if (!settings || !seb_config_key(rq->arena, settings, key, e))
        return false;
    put_text(o, "config_key", key);
    return true;
}

/* The session is asked for first: what belongs to another body is not found. */
static bool my_conduct(struct request *rq, struct conduct *out, struct err *e)
{
    struct session s;
    return session_get(rq->db, rq->arena, owned_of(rq, rq->id[0]), &s, e) &&
           conduct_get(rq->db, rq->arena, rq->id[0], out, e);
}

bool session_conduct_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct conduct c;
    return my_conduct(rq, &c, e) && put_conduct(rq, reply_json(rp), &c, e);
}

struct conduct_body {
    bool online, recorded, seb;
    const char *quit_password, *seb_browser_keys;
};
static const struct field conduct_rows[] = {
    {FIELD(struct conduct_body, online, BOOL), .required = true},
    {FIELD(struct conduct_body, recorded, BOOL), .required = true},
    {FIELD(struct conduct_body, seb, BOOL), .required = true},
    {FIELD(struct conduct_body, quit_password, TEXT), .max = 100},
    {FIELD(struct conduct_body, seb_browser_keys, TEXT), .max = 2000},
};
const struct fields session_conduct_fields = FIELDS("session_conduct", struct conduct_body,
                                                    conduct_rows);

bool session_conduct_put(struct request *rq, struct reply *rp, struct err *e)
{
    const struct conduct_body *b = rq->input;
    struct arranger by = arranger_of(rq);
    const struct conduct_input in = {.session = rq->id[0],
                                     .online = b->online,
                                     .recorded = b->recorded,
                                     .seb = b->seb,
                                     .start_url = start_url(rq),
                                     .quit_password = b->quit_password,
                                     .seb_browser_keys = b->seb_browser_keys};
    struct conduct c;
    return conduct_set(rq->db, &by, &in, &c, e) && put_conduct(rq, reply_json(rp), &c, e);
}

/* SEB opens a link to it; nothing in it is secret (a quit password is there as a hash). */
bool seb_file_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct conduct c;
    struct bytes file;
    if (!conduct_get(rq->db, rq->arena, rq->id[0], &c, e))
        return false;
    if (!c.seb)
        return FAIL(e, NOT_FOUND, "path", "这场考试不用 SEB 考试浏览器。");
    json_t *settings = json_read(rq->arena, c.seb_settings, strlen(c.seb_settings), e);
    if (!settings || !seb_file(rq->arena, settings, &file, e))
        return false;
    reply_file(rp, "application/seb", "exam.seb", file);
    return true;
}

bool seb_admits(struct request *rq, const struct live_attempt *a, struct browser_proof *sent,
                struct err *e)
{
    struct conduct c;
    if (!conduct_get(rq->db, rq->arena, a->session->id, &c, e))
        return false;
    if (!sent->config_hash) {
        sent->url = arena_printf(rq->arena, "%s%s", rq->app->public_url, rq->path);
        sent->config_hash = request_header(rq, "X-SafeExamBrowser-ConfigKeyHash");
        sent->browser_hash = request_header(rq, "X-SafeExamBrowser-RequestHash");
    }
    return conduct_admits(rq->arena, &c, rq->app->public_url, sent, e);
}

/* --- what the exam client asks ------------------------------------------------------------------ */
bool sit_conduct_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct live_attempt *a;
    struct conduct c;
    if (!sit_authorised(rq, &a, e) || !conduct_get(rq->db, rq->arena, a->session->id, &c, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_bool(o, "online", c.online);
    put_bool(o, "recorded", c.recorded);
    return true;
}

bool sit_recording_post(struct request *rq, struct reply *rp, struct err *e)
{
    struct live_attempt *a;
    struct conduct c;
    struct piece_upload in = {.content = rq->body, .now_ms = rq->now_ms};
    const char *type = request_header(rq, "Content-Type");
    if (!sit_authorised(rq, &a, e) || !piece_name_read(rq->word[0], &in.name, e) ||
        !conduct_get(rq->db, rq->arena, a->session->id, &c, e))
        return false;
    if (!c.recorded)
        return FAIL(e, RULE, "path", "本场考试不录像。");
    in.attempt = a;
    in.media_type = type && strncmp(type, "video/mp4", 9) == 0 ? "video/mp4" : "video/webm";
    if (!piece_keep(rq->app->journal, &rq->app->blobs, rq->arena, &in, e))
        return false;
    put_int(reply_json(rp), "bytes", (int64_t)rq->body.len);
    return true;
}

/* --- checks of workstations --------------------------------------------------------------------- */
static const char *const device_words[] = {"ok", "refused", "none", "not_asked", NULL};
static const struct field result_rows[] = {
    {FIELD(struct seat_check, seat_no, INT), .required = true, .min = 1, .max = 2000},
    {FIELD(struct seat_check, browser, TEXT), .required = true, .min = 1, .max = 300},
    {FIELD(struct seat_check, storage_bytes, INT), .required = true, .max = INT64_MAX},
    {FIELD(struct seat_check, persisted, BOOL), .required = true},
    {FIELD(struct seat_check, strict, BOOL), .required = true},
    {FIELD(struct seat_check, subtle, BOOL), .required = true},
    {FIELD(struct seat_check, reloads, BOOL), .required = true},
    {FIELD(struct seat_check, offset_ms, INT), .required = true, .min = -4000000000000,
     .max = 4000000000000},
    {FIELD(struct seat_check, rtt_ms, INT), .required = true, .max = 3600000},
    {FIELD(struct seat_check, kbit_s, INT), .required = true, .max = 1000000000},
    {FIELD(struct seat_check, width, INT), .required = true, .max = 100000},
    {FIELD(struct seat_check, height, INT), .required = true, .max = 100000},
    {FIELD(struct seat_check, camera, TEXT), .required = true, .allowed = device_words},
    {FIELD(struct seat_check, microphone, TEXT), .required = true, .allowed = device_words},
    {FIELD(struct seat_check, seb, BOOL), .required = true},
};
static const struct fields result_fields = FIELDS("seat_check", struct seat_check, result_rows);

struct check_body {
    struct id room;
    const char *token;
    const struct seat_check *result;
};
static const struct field check_rows[] = {
    {FIELD(struct check_body, room, ID), .required = true},
    {FIELD(struct check_body, token, TEXT), .required = true, .max = 40},
    {FIELD(struct check_body, result, OBJECT), .required = true, .sub = &result_fields},
};
const struct fields seat_check_fields = FIELDS("seat_check_post", struct check_body,
                                               check_rows);

/* The room's link carries the token: a stranger writes nothing into a room's list. */
static bool room_of_token(struct request *rq, const struct check_body *b,
                          struct live_room **out, struct err *e)
{
    char want[SEAT_CHECK_TOKEN_TEXT];
    seat_check_token(rq->app->master, b->room, want);
    *out = live_find_room(journal_live(rq->app->journal), b->room);
    if (*out && strlen(b->token) == sizeof want - 1 &&
        secret_equal(b->token, want, sizeof want - 1))
        return true;
    return FAIL(e, FORBIDDEN, "/token", "这个自检链接不对，请向监考员要本考场的链接。");
}

bool seat_check_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct check_body *b = rq->input;
    struct live_room *r;
    struct conduct c;
    struct seat_check check = *b->result;
    if (!address_allowed(rq, RATE_enter, e) || !room_of_token(rq, b, &r, e) ||
        !conduct_get(rq->db, rq->arena, r->session->id, &c, e))
        return false;
    check.room = r->id;
    check.session = r->session->id;
    rq->actor.body = r->session->body;
    if (!seat_check_put(rq->db, &rq->actor, rq->arena, &check, c.recorded, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_bool(o, "passed", check.passed);
    put_text(o, "fails", seat_check_judge(rq->arena, &check, c.recorded));
    put_text(o, "room", r->name);
    return true;
}

/* How the page measures the link: so many bytes that no gzip makes smaller. */
bool seat_link_get(struct request *rq, struct reply *rp, struct err *e)
{
    enum { LINK_BYTES = 256 << 10 };
    unsigned char *bytes = arena_alloc(rq->arena, LINK_BYTES, 1);
    if (!address_allowed(rq, RATE_enter, e))
        return false;
    random_bytes(bytes, LINK_BYTES);
    reply_bytes(rp, 200, "application/octet-stream", (struct bytes){bytes, LINK_BYTES});
    return true;
}

static bool my_room(struct request *rq, struct live_room **out, struct err *e)
{
    return room_duty(rq->db, rq->app->journal, &rq->actor, rq->id[0], out, e);
}

bool room_checks_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct live_room *r;
    struct conduct c;
    struct seat_check_list list;
    char token[SEAT_CHECK_TOKEN_TEXT];
    if (!my_room(rq, &r, e) || !conduct_get(rq->db, rq->arena, r->session->id, &c, e) ||
        !seat_check_of_room(rq->db, rq->arena, r->id, &list, e))
        return false;
    struct json_out *o = reply_json(rp);
    seat_check_token(rq->app->master, r->id, token);
    put_text(o, "token", token);
    put_bool(o, "recorded", c.recorded);
    put_array(o, "checks");
    for (size_t i = 0; i < list.count; i++) {
        const struct seat_check *one = &list.at[i];
        out_object(o);
        fields_write_members(&result_fields, one, o);
        put_int(o, "at_ms", one->at_ms);
        put_bool(o, "passed", one->passed);
        put_text(o, "fails", seat_check_judge(rq->arena, one, c.recorded));
        out_object_end(o);
    }
    out_array_end(o);
    return true;
}

/* --- flags -------------------------------------------------------------------------------------- */
static void put_flag(struct json_out *o, const struct live_attempt *a, const struct flag *f)
{
    out_object(o);
    put_id(o, "attempt", a->id);
    put_int(o, "seat", a->seat_no);
    put_text(o, "name", a->name);
    put_int(o, "epoch", f->epoch);
    put_int(o, "seq", f->seq);
    put_text(o, "what", f->what);
    put_text(o, "label", flag_label(f->what));
    put_int(o, "at_ms", f->at_ms);
    if (f->piece) {
        put_text(o, "source", f->piece->name.source);
        put_int(o, "piece_ms", f->piece->name.started_ms);
    }
    put_text(o, "verdict", f->verdict);
    put_text(o, "reason", f->reason);
    put_int(o, "decided_ms", f->decided_ms);
    out_object_end(o);
}

bool room_flags_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct live_room *r;
    struct conduct c;
    if (!my_room(rq, &r, e) || !conduct_get(rq->db, rq->arena, r->session->id, &c, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_bool(o, "recorded", c.recorded);
    put_array(o, "flags");
    for (size_t i = 0; i < r->count; i++) {
        struct flag_list flags;
        if (!flag_list(rq->db, rq->arena, r->attempts[i], &flags, e))
            return false;
        for (size_t k = 0; k < flags.count; k++)
            put_flag(o, r->attempts[i], &flags.at[k]);
    }
    out_array_end(o);
    return true;
}

struct flag_body {
    struct id attempt;
    int64_t epoch, seq;
    const char *verdict, *reason;
};
static const struct field flag_rows[] = {
    {FIELD(struct flag_body, attempt, ID), .required = true},
    {FIELD(struct flag_body, epoch, INT), .required = true, .min = 1, .max = UINT32_MAX},
    {FIELD(struct flag_body, seq, INT), .required = true, .min = 1, .max = UINT32_MAX},
    {FIELD(struct flag_body, verdict, TEXT), .required = true, .max = 20},
    {FIELD(struct flag_body, reason, TEXT), .required = true, .min = 2, .max = 200},
};
const struct fields room_flag_fields = FIELDS("room_flag", struct flag_body, flag_rows);

bool room_flag_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct flag_body *b = rq->input;
    struct live_room *r;
    struct flag_decision in = {
        .epoch = b->epoch, .seq = b->seq, .verdict = b->verdict, .reason = b->reason};
    (void)rp;
    return my_room(rq, &r, e) &&
           room_attempt(rq->app->journal, r, b->attempt, &in.attempt, e) &&
           flag_decide(rq->db, rq->arena, &rq->actor, &in, e);
}

/* One piece of an attempt of this room: "camera.1764300000000". */
bool room_recording_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct live_room *r;
    struct live_attempt *a;
    struct piece_list pieces;
    struct blob blob;
    struct bytes plain;
    if (!my_room(rq, &r, e) || !room_attempt(rq->app->journal, r, rq->id[1], &a, e) ||
        !piece_list(rq->db, rq->arena, a->id, &pieces, e))
        return false;
    for (size_t i = 0; i < pieces.count; i++) {
        const struct piece *p = &pieces.at[i];
        const char *name = arena_printf(rq->arena, "%s.%lld", p->name.source,
                                        (long long)p->name.started_ms);
        if (strcmp(name, rq->word[0]) != 0)
            continue;
        if (!blob_get(rq->db, rq->arena, p->blob, &blob, e) ||
            !blob_read(&rq->app->blobs, rq->arena, &blob, &plain, e))
            return false;
        reply_bytes(rp, 200, blob.media_type, plain);
        return true;
    }
    return FAIL(e, NOT_FOUND, "path", "没有这一段录像。");
}
