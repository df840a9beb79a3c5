/* web/sit.c - what the exam client asks for (doc/exam-protocol.md), but for its saves. Cookies count
 * for nothing here: ticket and document, then the attempt's own keys. */
#include "web/sit.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/json.h"
#include "paper/paper.h"
#include "sitting/conduct.h"
#include "sitting/enter.h"
#include "sitting/fold.h"
#include "sitting/live.h"
#include "sitting/node_self.h"
#include "sitting/receipt.h"
#include "sitting/sit_view.h"
#include "sitting/writer.h"
#include "store/signer.h"
#include "web/app.h"
#include "web/conduct.h"
#include "web/events.h"
#include "web/handlers.h"
#include "web/http.h"
#include "web/people_of.h"
#include "web/rate.h"
#include "web/sit_clock.h"
#include "web/sit_journal.h"

enum { PAPER_AHEAD_MS = 15 * 60000, WAIT_RETRY_MS = 2000 };

static void publish(void *ctx, struct id topic, const char *name, const char *json)
{
    events_publish(ctx, topic, name, json);
}

bool sit_start(struct app *app, struct err *e)
{
    struct journal_config c = {.store = app->store,
                               .master = app->master,
                               .now_ms = clock_now_ms,
                               .boot_ms = clock_boot_ms,
                               .publish = publish,
                               .publish_ctx = app->events,
                               .paper_key = paper_key_of,
                               .paper_blob = paper_blob,
                               .chain = app->node ? app->node->chain : 0};
    app->journal = journal_start(&c, e);
    sit_journal_use(app->journal);
    return app->journal && sit_clock_start(app, e);
}

void sit_quiet(struct app *app)
{
    sit_clock_stop();
    sit_journal_use(NULL);
    journal_quiet(app->journal);
}

void sit_stop(struct app *app)
{
    journal_stop(app->journal);
    app->journal = NULL;
}

/* --- enter, wait, claim ------------------------------------------------------------------------- */
struct enter_body {
    const char *ticket, *document, *seat;
};
static const struct field enter_rows[] = {
    {FIELD(struct enter_body, ticket, TEXT), .required = true, .min = 1, .max = 40},
    {FIELD(struct enter_body, document, TEXT), .required = true, .min = 1, .max = 40},
    {FIELD(struct enter_body, seat, TEXT), .max = 10},
};
const struct fields sit_enter_fields = FIELDS("sit_enter", struct enter_body, enter_rows);

static bool ticket_allowed(struct request *rq, const char *ticket, struct err *e)
{
    int64_t retry_s = 0;
    char seconds[24];
    if (rate_take(rq->app->rates, RATE_claim, ticket, rq->now_ms, &retry_s))
        return true;
    snprintf(seconds, sizeof seconds, "%" PRId64, retry_s);
    return FAIL(e, TOO_MANY, seconds, "这个准考证号尝试太多，请 %" PRId64 " 秒后再试。",
                retry_s);
}

static void entered_put(struct request *rq, struct reply *rp, const struct entered *out)
{
    const struct live_session *s = out->attempt->session;
    struct json_out *o = reply_json(rp);
    put_id(o, "attempt", out->attempt->id);
    put_text(o, "challenge", base64url_write(rq->arena, out->challenge, sizeof out->challenge));
    put_int(o, "until_ms", out->until_ms);
    put_bool(o, "admitted", out->admitted);
    put_int(o, "server_ms", rq->now_ms);
    put_object(o, "session");
    put_text(o, "title", s->title);
    put_int(o, "starts_ms", s->starts_ms);
    put_int(o, "minutes", s->minutes);
    put_int(o, "zone_offset_ms", s->zone_offset_ms);
    put_bool(o, "weak_allowed", s->weak_allowed);
    put_bool(o, "online", s->online);
    put_bool(o, "recorded", s->recorded);
    out_object_end(o);
    put_text(o, "room", out->attempt->room->name);
    put_int(o, "seat", out->attempt->seat_no);
    put_text(o, "name", out->attempt->name);
}

/* A room that a node serves is sat in there, whatever this machine knows of it. */
static bool is_served_here(const struct live_attempt *a, struct err *e)
{
    return !atomic_load(&a->room->away) ||
           FAIL(e, CONFLICT, "/room", "本考场由考场节点提供考试，请用考场内公布的地址登录。");
}

bool sit_enter_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct enter_body *b = rq->input;
    struct enter_input in = {b->ticket, b->document, b->seat, rq->now_ms};
    struct entered out;
    if (!address_allowed(rq, RATE_enter, e) || !ticket_allowed(rq, b->ticket, e) ||
        !attempt_enter(rq->app->journal, &in, &out, e) || !is_served_here(out.attempt, e) ||
        !sits_where_it_may(rq, out.attempt, e))
        return false;
    entered_put(rq, rp, &out);
    return true;
}

/* Bytes that cannot be read are as good as wrong ones. */
static struct bytes text_bytes(struct request *rq, const char *text)
{
    struct bytes out = {NULL, 0};
    if (!text || !base64url_read(rq->arena, text, strlen(text), &out))
        return (struct bytes){NULL, 0};
    return out;
}

struct again_body {
    struct id attempt;
    const char *pub;
};
static const struct field again_rows[] = {
    {FIELD(struct again_body, attempt, ID), .required = true},
    {FIELD(struct again_body, pub, TEXT), .required = true, .max = 100},
};
const struct fields sit_again_fields = FIELDS("sit_again", struct again_body, again_rows);

bool sit_again_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct again_body *b = rq->input;
    struct again_input in = {b->attempt, text_bytes(rq, b->pub), rq->now_ms};
    char attempt[ID_TEXT_BYTES];
    struct entered out;
    id_write(b->attempt, attempt);
    if (!address_allowed(rq, RATE_enter, e) || !ticket_allowed(rq, attempt, e) ||
        !attempt_enter_again(rq->app->journal, &in, &out, e) ||
        !sits_where_it_may(rq, out.attempt, e))
        return false;
    entered_put(rq, rp, &out);
    return true;
}

struct wait_body {
    struct id attempt;
    const char *challenge;
};
static const struct field wait_rows[] = {
    {FIELD(struct wait_body, attempt, ID), .required = true},
    {FIELD(struct wait_body, challenge, TEXT), .required = true, .max = 64},
};
const struct fields sit_wait_fields = FIELDS("sit_wait", struct wait_body, wait_rows);

bool sit_wait_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct wait_body *b = rq->input;
    struct wait_input in = {b->attempt, text_bytes(rq, b->challenge), rq->now_ms};
    bool admitted;
    if (!attempt_wait(rq->app->journal, &in, &admitted, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_bool(o, "admitted", admitted);
    put_int(o, "retry_ms", WAIT_RETRY_MS);
    put_int(o, "server_ms", rq->now_ms);
    return true;
}

struct claim_body {
    struct id attempt, claim_id;
    const char *pub, *sig, *takeover;
    const char *seb_url, *seb_config, *seb_browser; /* by SEB's JavaScript API */
    bool weak;
};
static const struct field claim_rows[] = {
    {FIELD(struct claim_body, attempt, ID), .required = true},
    {FIELD(struct claim_body, claim_id, ID), .required = true},
    {FIELD(struct claim_body, pub, TEXT), .required = true, .max = 100},
    {FIELD(struct claim_body, sig, TEXT), .max = 100},
    {FIELD(struct claim_body, takeover, TEXT), .max = 6},
    {FIELD(struct claim_body, weak, BOOL)},
    {FIELD(struct claim_body, seb_url, TEXT), .max = 300},
    {FIELD(struct claim_body, seb_config, TEXT), .max = 64},
    {FIELD(struct claim_body, seb_browser, TEXT), .max = 64},
};
const struct fields sit_claim_fields = FIELDS("sit_claim", struct claim_body, claim_rows);

static bool put_state(struct request *rq, struct json_out *o, struct live_attempt *a,
                      struct err *e)
{
    struct attempt_answers answers;
    if (!sit_answers(rq->db, rq->arena, a, &answers, e))
        return false;
    sit_state_put(o, rq->app->journal, a, &answers, rq->now_ms);
    return true;
}

/* The claim is on disk, or it is refused. */
static bool claim_answer(struct request *rq, struct reply *rp, struct err *e)
{
    struct claim_order *order = rp->then_ctx;
    struct claimed out;
    char head[2 * HASH_BYTES + 1];
    if (!attempt_claim_end(order, &out, e))
        return false;
    struct json_out *o = reply_json(rp);
    hex_write(head, out.main_head, HASH_BYTES);
    put_id(o, "attempt", out.attempt->id);
    put_bool(o, "weak", out.weak);
    put_text(o, "save", base64url_write(rq->arena, out.save_key, KEY_BYTES));
    put_text(o, "file", base64url_write(rq->arena, out.file_key, KEY_BYTES));
    put_text(o, "main_head", head);
    struct live_attempt *a = out.attempt;
    secret_wipe(&out, sizeof out);
    return put_state(rq, o, a, e);
}

/* On the writer's thread: it is on disk, or refused. */
static void go_on(void *ctx)
{
    reply_go_on(ctx);
}

/* Everybody claims at nine: the worker checks the signature and goes to the next, and the claims
 * of all of them go to disk with the saves. */
bool sit_claim_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct claim_body *b = rq->input;
    struct claim_order *order = arena_new(rq->arena, struct claim_order);
    *order = (struct claim_order){.in = {.attempt = b->attempt,
                                         .claim = b->claim_id,
                                         .pub = text_bytes(rq, b->pub),
                                         .signature = text_bytes(rq, b->sig),
                                         .takeover = b->takeover,
                                         .weak = b->weak,
                                         .actor = &rq->actor},
                                  .answered = go_on,
                                  .ctx = rp};
    struct live_attempt *a = live_find(journal_live(rq->app->journal), b->attempt);
    struct browser_proof seb = {b->seb_url, b->seb_config, b->seb_browser};
    if (a && (!sits_where_it_may(rq, a, e) || !seb_admits(rq, a, &seb, e)))
        return false;
    if (a)
        rq->actor.body = a->session->body;
    reply_later(rp, claim_answer, order);
    if (attempt_claim_begin(rq->app->journal, rq->arena, order, e))
        return true;
    reply_at_once(rp);
    return false;
}

/* --- with the attempt's mac --------------------------------------------------------------------- */
bool sit_authorised(struct request *rq, struct live_attempt **out, struct err *e)
{
    struct proof p = {.attempt = rq->id[0],
                      .header = request_header(rq, "Authorization"),
                      .method = rq->route->method == METHOD_GET ? "GET" : "POST",
                      .path = rq->path,
                      .body = rq->body};
    if (!attempt_authorise(rq->app->journal, rq->arena, &p, out, e))
        return false;
    live_lock(*out);
    (*out)->last_seen_ms = rq->now_ms;
    live_unlock(*out);
    return true;
}

bool sit_state_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct live_attempt *a;
    return sit_authorised(rq, &a, e) && put_state(rq, reply_json(rp), a, e);
}

bool sit_paper_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct live_attempt *a;
    struct bytes blob;
    const struct journal_config *c = journal_config_of(rq->app->journal);
    if (!sit_authorised(rq, &a, e))
        return false;
    if (rq->now_ms < a->session->starts_ms - PAPER_AHEAD_MS)
        return FAIL(e, CONFLICT, "/open_at_ms", "开考前 15 分钟起才能下载试卷密文。");
    if (!c->paper_blob || !c->paper_blob(rq->db, rq->arena, a->paper, &blob, e))
        return FAIL(e, NOT_FOUND, "/paper", "试卷还没有分发到本考场。");
    reply_bytes(rp, 200, "application/octet-stream", blob);
    return true;
}

/* Those of the own paper, and from when the paper is to be had. */
static bool own_objects(struct request *rq, struct paper_object **out, size_t *count,
                        struct err *e)
{
    struct live_attempt *a;
    if (!sit_authorised(rq, &a, e))
        return false;
    if (rq->now_ms < a->session->starts_ms - PAPER_AHEAD_MS)
        return FAIL(e, CONFLICT, "/open_at_ms", "开考前 15 分钟起才能下载试卷密文。");
    return paper_objects_of(rq->db, rq->arena, a->paper, out, count, e);
}

bool sit_objects_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct paper_object *objects;
    size_t count;
    char hex[2 * HASH_BYTES + 1];
    if (!own_objects(rq, &objects, &count, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_array(o, "objects");
    for (size_t i = 0; i < count; i++) {
        hex_write(hex, objects[i].sha256, HASH_BYTES);
        out_object(o);
        put_id(o, "id", objects[i].id);
        put_text(o, "sha256", hex);
        put_int(o, "bytes", objects[i].bytes);
        out_object_end(o);
    }
    out_array_end(o);
    return true;
}

bool reply_paper_object(struct request *rq, struct reply *rp,
                        const struct paper_object *objects, size_t count, struct err *e)
{
    struct bytes blob;
    size_t i = 0;
    while (i < count && !id_equal(objects[i].id, rq->id[1]))
        i++;
    if (i == count)
        return FAIL(e, NOT_FOUND, "object", "没有找到这个音视频文件。");
    if (!paper_object_blob(rq->db, rq->arena, objects[i].id, &blob, e))
        return false;
    reply_bytes(rp, 200, "application/octet-stream", blob);
    return true;
}

bool sit_object_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct paper_object *objects;
    size_t count;
    return own_objects(rq, &objects, &count, e) &&
           reply_paper_object(rq, rp, objects, count, e);
}

static bool has_begun(struct request *rq, const struct live_attempt *a)
{
    struct live *l = journal_live(rq->app->journal);
    live_hold(l);
    struct exam_clock c = live_clock(a, rq->now_ms);
    live_release(l);
    return c.started;
}

static bool key_of(struct request *rq, struct live_attempt *a, unsigned char key[KEY_BYTES],
                   struct err *e)
{
    const struct journal_config *c = journal_config_of(rq->app->journal);
    if (!has_begun(rq, a) || !c->paper_key)
        return FAIL(e, CONFLICT, "/open_at_ms", "考试还没有开始。");
    return c->paper_key(rq->db, rq->arena, c->master, a->paper, rq->now_ms, key, e);
}

bool sit_key_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct live_attempt *a;
    unsigned char key[KEY_BYTES];
    if (!sit_authorised(rq, &a, e))
        return false;
    if (!key_of(rq, a, key, e)) {
        reply_header(rp, "Retry-After", "2");
        return false;
    }
    put_text(reply_json(rp), "key", base64url_write(rq->arena, key, sizeof key));
    secret_wipe(key, sizeof key);
    return true;
}

/* The state first; then, where the exam has begun, the key at once. */
bool sit_events_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct live_attempt *a;
    unsigned char key[KEY_BYTES];
    struct err not_yet = {0};
    if (!sit_authorised(rq, &a, e))
        return false;
    struct json_out *o = json_out_create(rq->arena);
    out_object(o);
    sit_state_put(o, rq->app->journal, a, NULL, rq->now_ms);
    out_object_end(o);
    bool begun = key_of(rq, a, key, &not_yet);
    reply_events(rp, a->id, json_out_text(o));
    if (begun)
        events_publish(rq->app->events, a->id, "key",
                       arena_printf(rq->arena, "{\"key\":\"%s\"}",
                                    base64url_write(rq->arena, key, sizeof key)));
    secret_wipe(key, sizeof key);
    return true;
}

/* --- receipts ----------------------------------------------------------------------------------- */
static bool receipt_answer(struct request *rq, struct reply *rp, struct err *e)
{
    struct bytes text;
    if (!receipt_kept(rq->db, rq->arena, rp->then_ctx, &text, e))
        return false;
    reply_bytes(rp, 200, "application/json", text);
    return true;
}

/* Everybody hands in at eleven: what is new goes to disk with the saves. */
bool sit_receipt_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct live_attempt *a;
    struct receipt_keep *keep = arena_new(rq->arena, struct receipt_keep);
    if (!sit_authorised(rq, &a, e))
        return false;
    struct receipt_order order = {rq->app->signer, a->id, rq->now_ms};
    if (!receipt_make(rq->db, rq->arena, &order, keep, e))
        return false;
    if (!keep->needed) {
        reply_bytes(rp, 200, "application/json", keep->text);
        return true;
    }
    keep->answered = go_on;
    keep->ctx = rp;
    reply_later(rp, receipt_answer, keep);
    if (receipt_keep_later(rq->app->journal, keep, e))
        return true;
    reply_at_once(rp);
    return false;
}

struct receipt_body {
    struct json_t *receipt;
};
static const struct field receipt_rows[] = {
    {FIELD(struct receipt_body, receipt, JSON), .required = true},
};
const struct fields receipt_verify_fields = FIELDS("receipt_verify", struct receipt_body,
                                                   receipt_rows);

bool receipt_verify_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct receipt_body *b = rq->input;
    struct key_table keys;
    struct err why = {0};
    if (!address_allowed(rq, RATE_receipt, e) || !signer_key_table(rq->db, rq->arena, &keys, e))
        return false;
    bool valid = receipt_verify(rq->arena, &keys, b->receipt, &why);
    struct json_out *o = reply_json(rp);
    put_bool(o, "valid", valid);
    put_text(o, "field", valid ? NULL : why.field);
    put_text(o, "text", valid ? "回执为真：这份作答日志在所写时间已由本系统收存。" : why.text);
    return true;
}
