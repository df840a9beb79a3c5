/* web/conduct.c - how a session is held: online and recorded, in Safe Exam Browser; checks of
 * workstations; pieces of recordings as they come. */
#include "sitting/conduct.h"

#include <string.h>

#include "base/arena.h"
#include "base/fields.h"
#include "base/json.h"
#include "people/consent.h"
#include "sitting/carry.h"
#include "sitting/handed_in.h"
#include "sitting/live.h"
#include "sitting/recording.h"
#include "sitting/recording_key.h"
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

/* Of a node that listens everywhere and was not told its name. */
static bool has_address(const struct app *app)
{
    const char *host = strstr(app->public_url, "://");
    return host && strncmp(host, "://0.0.0.0", 10) != 0 && strncmp(host, "://[::]", 7) != 0;
}

bool seb_put(struct request *rq, struct json_out *o, const struct conduct *c, struct err *e)
{
    char key[SEB_KEY_TEXT];
    const char *origin = rq->app->public_url;
    json_t *settings = conduct_settings(rq->arena, c, origin, e);
    if (!settings || !seb_config_key(rq->arena, settings, key, e))
        return false;
    put_text(o, "start_url",
             has_address(rq->app) ? conduct_start_url(rq->arena, c->online, origin) : NULL);
    put_text(o, "config_key", key);
    return true;
}

/* --- policy ------------------------------------------------------------------------------------- */
static bool put_conduct(struct request *rq, struct json_out *o, const struct conduct *c,
                        struct err *e)
{
    put_bool(o, "online", c->online);
    put_bool(o, "recorded", c->recorded);
    put_bool(o, "seb", c->seb);
    put_text(o, "seb_browser_keys", c->seb_browser_keys);
    return !c->seb || seb_put(rq, o, c, e);
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
                                     .origin = rq->app->public_url,
                                     .quit_password = b->quit_password,
                                     .seb_browser_keys = b->seb_browser_keys};
    struct conduct c;
    return conduct_set(rq->db, &by, &in, &c, e) && put_conduct(rq, reply_json(rp), &c, e);
}

static bool reply_settings(struct request *rq, struct reply *rp, const struct conduct *c,
                           const char *origin, struct err *e)
{
    struct bytes file;
    if (!c->seb)
        return FAIL(e, NOT_FOUND, "path", "这场考试不用 SEB 考试浏览器。");
    json_t *settings = conduct_settings(rq->arena, c, origin, e);
    if (!settings || !seb_file(rq->arena, settings, &file, e))
        return false;
    reply_file(rp, "application/seb", "exam.seb", file);
    return true;
}

/* What a room node at another address will serve, byte for byte: Safe Exam Browser tells its Browser Exam Key
 * of it, which is wanted here before the papers are sealed. Not for strangers: our name must not give them
 * a file that leads elsewhere. */
bool session_seb_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct conduct c;
    if (!my_conduct(rq, &c, e))
        return false;
    const char *at = request_query(rq, "at");
    size_t scheme = at ? strspn(at, "htps") : 0;
    if (!at || strlen(at) > 200 || strncmp(at + scheme, "://", 3) != 0 ||
        (strncmp(at, "https:", 6) != 0 && strncmp(at, "http:", 5) != 0) ||
        at[scheme + 3 + strspn(at + scheme + 3, "abcdefghijklmnopqrstuvwxyz0123456789.-:[]")] !=
            '\0')
        return FAIL(e, INVALID, "/at",
                    "节点的网址应像 https://room-7.example 这样，不带路径。");
    return reply_settings(rq, rp, &c, at, e);
}

/* SEB opens a link to it; nothing in it is secret (a quit password is there as a hash). */
bool seb_file_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct conduct c;
    if (!conduct_get(rq->db, rq->arena, rq->id[0], &c, e))
        return false;
    if (c.seb && !has_address(rq->app))
        return FAIL(e, CONFLICT, "/public_url",
                    "本节点没有写明自己的网址，请管理员用 --public-url 启动节点。");
    return reply_settings(rq, rp, &c, rq->app->public_url, e);
}

bool sits_where_it_may(struct request *rq, const struct live_attempt *a, struct err *e)
{
    return conduct_suits(a->session->online, request_header(rq, "User-Agent"),
                         request_header(rq, "Sec-CH-UA-Mobile"), e);
}

bool seb_admits(struct request *rq, const struct live_attempt *a, struct browser_proof *sent,
                struct err *e)
{
    struct conduct c;
    if (!a->session->seb)
        return true;
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
    if (!sit_authorised(rq, &a, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_bool(o, "online", a->session->online);
    put_bool(o, "recorded", a->session->recorded);
    if (!a->session->recorded)
        return true;
    put_object(o, "consent");
    put_text(o, "title", consent_title(CONSENT_RECORDING));
    put_text(o, "version", consent_version(CONSENT_RECORDING));
    put_text(o, "text", consent_text(CONSENT_RECORDING));
    out_object_end(o);
    return true;
}

/* What is left of the disk is for answers. At the centre under the session's recording key; on a node sealed to the centre, who alone can open it. */
static bool keep_recording(struct request *rq, struct piece_upload *in, struct err *e)
{
    struct recording_key key;
    unsigned char carry[BOX_PUBLIC_BYTES];
    struct blob_place place = rq->app->blobs;
    struct id session = in->attempt->session->id;
    if (!handed_disk_has_room(place.folder, (int64_t)in->content.len,
                              handed_limits.disk_kept_bytes))
        return FAIL(e, STORE, "/disk", "服务器磁盘空间不足，暂不收录像。作答照常保存。");
    if (rq->app->node) {
        in->carry = carry;
        return carry_public_get(rq->db, rq->arena, session, carry, e) &&
               piece_keep(rq->app->journal, &place, rq->arena, in, e);
    }
    if (!recording_key_ensure(rq->db, &rq->actor, rq->app->master, session, &key, e))
        return false;
    place.key = key.key;
    bool kept = piece_keep(rq->app->journal, &place, rq->arena, in, e);
    secret_wipe(&key, sizeof key);
    return kept;
}

bool sit_recording_post(struct request *rq, struct reply *rp, struct err *e)
{
    struct live_attempt *a;
    struct piece_upload in = {
        .content = rq->body, .media_type = rq->media_type, .now_ms = rq->now_ms};
    if (!sit_authorised(rq, &a, e) || !piece_name_read(rq->word[0], &in.name, e))
        return false;
    if (!a->session->recorded)
        return FAIL(e, RULE, "path", "本场考试不录像。");
    in.attempt = a;
    rq->actor.body = a->session->body;
    if (!keep_recording(rq, &in, e))
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
    struct seat_check check = *b->result;
    if (!address_allowed(rq, RATE_enter, e) || !room_of_token(rq, b, &r, e))
        return false;
    const bool recorded = r->session->recorded;
    check.room = r->id;
    check.session = r->session->id;
    rq->actor.body = r->session->body;
    if (!seat_check_put(rq->db, &rq->actor, rq->arena, &check, recorded, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_bool(o, "passed", check.passed);
    put_text(o, "fails", seat_check_judge(rq->arena, &check, recorded));
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

bool room_checks_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct live_room *r;
    struct seat_check_list list;
    char token[SEAT_CHECK_TOKEN_TEXT];
    if (!room_invigilated(rq, &r, e) || !seat_check_of_room(rq->db, rq->arena, r->id, &list, e))
        return false;
    struct json_out *o = reply_json(rp);
    seat_check_token(rq->app->master, r->id, token);
    put_text(o, "token", token);
    put_bool(o, "recorded", r->session->recorded);
    put_array(o, "checks");
    for (size_t i = 0; i < list.count; i++) {
        const struct seat_check *one = &list.at[i];
        out_object(o);
        fields_write_members(&result_fields, one, o);
        put_int(o, "at_ms", one->at_ms);
        put_bool(o, "passed", one->passed);
        put_text(o, "fails", seat_check_judge(rq->arena, one, r->session->recorded));
        out_object_end(o);
    }
    out_array_end(o);
    return true;
}
