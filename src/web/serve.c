/* web/serve.c - one request: route, who, body, handler, answer. */
#include "web/serve.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/calendar.h"
#include "base/clock.h"
#include "base/fields.h"
#include "base/json.h"
#include "base/log.h"
#include "people/sign_in.h"
#include "store/anchor.h"
#include "store/db.h"
#include "web/app.h"
#include "web/assets.h"
#include "web/handlers.h"
#include "web/headers.h"
#include "web/http.h"
#include "web/reply.h"
#include "web/request.h"
#include "web/route.h"
#include "web/session_cookie.h"

struct worker {
    struct db *db;
};

/* A request on its way; one that a worker parked goes on from here. */
struct begun {
    struct request request;
    struct reply reply;
};

static enum exchange_way way_of(const struct route *r)
{
    return r->hot                                                      ? WAY_HOT
           : r->quick                                                  ? WAY_QUICK
           : r->who == MAY_ATTEMPT                                     ? WAY_EXAM
           : r->handler == sign_in_post || r->handler == register_post ? WAY_DOOR
                                                                       : WAY_DESK;
}

static bool head(void *ctx, struct exchange *x, size_t *body_max, enum exchange_way *way,
                 int *status)
{
    struct arena *a = exchange_arena(x);
    struct route_match *m = arena_new(a, struct route_match);
    struct err e = {0};
    (void)ctx;
    (void)status;
    *body_max = LIMIT_JSON_BYTES;
    if (route_find(a, exchange_method(x), exchange_path(x), m, &e)) {
        *body_max = m->route->body_max;
        *way = way_of(m->route);
        *exchange_slot(x) = m;
    }
    return true;
}

static void hot(void *ctx, struct exchange *x)
{
    const struct route_match *m = *exchange_slot(x);
    (void)ctx;
    m->route->hot(x, m->id);
}

/* The keyed hash of the address changes every day, so rows of one day can be compared and no
 * list of addresses grows. */
static void address_hash(struct request *rq)
{
    unsigned char key[KEY_BYTES], hash[16];
    const char *text = arena_printf(rq->arena, "%d %s",
                                    (int)date_of_instant(rq->now_ms, CHINA_OFFSET_MS),
                                    request_peer(rq));
    master_key(rq->app->master, KEY_PSEUD, key);
    keyed_hash(hash, sizeof hash, key, text, strlen(text));
    secret_wipe(key, sizeof key);
    memcpy(rq->actor.address, hash, ADDRESS_HASH_BYTES);
}

/* A page of another origin must not act in somebody's name (SECURITY §8.2). */
static bool same_origin(struct request *rq, struct err *e)
{
    const char *site = request_header(rq, "Sec-Fetch-Site");
    const char *origin = request_header(rq, "Origin");
    bool ours = site     ? strcmp(site, "same-origin") == 0
                : origin ? strcmp(origin, rq->app->public_url) == 0
                         : false;
    if (ours && request_header(rq, "Heng-Request"))
        return true;
    return FAIL(e, FORBIDDEN, "origin", "请求不是由本站页面发出的。");
}

/* A form of a page without script cannot set a header, and under Referrer-Policy no-referrer its
 * Origin is "null". It changes nothing and knows no sign-in: only what is surely another site's is
 * refused, so that no page spends its visitors' look-ups. */
static bool form_is_ours(struct request *rq, struct err *e)
{
    const char *site = request_header(rq, "Sec-Fetch-Site");
    const char *origin = request_header(rq, "Origin");
    bool ours = site ? strcmp(site, "same-origin") == 0
                     : !origin || strcmp(origin, "null") == 0 ||
                           strcmp(origin, rq->app->public_url) == 0;
    return ours || FAIL(e, FORBIDDEN, "origin", "请求不是由本站页面发出的。");
}

static bool sign_in_read(struct request *rq, struct err *e)
{
    const char *token = request_cookie(rq, session_cookie_name(rq->app));
    if (!token)
        return true;
    return viewer_of_token(rq->db, rq->arena, token, rq->now_ms, &rq->viewer, e);
}

/* The type without parameters, in lower case. */
static const char *media_type_of(struct request *rq)
{
    const char *type = request_header(rq, "Content-Type");
    if (!type)
        return "";
    char *plain = arena_copy(rq->arena, type, strcspn(type, "; "));
    for (char *c = plain; *c; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    return plain;
}

static bool type_is_listed(const char *types, const char *type)
{
    size_t len = strlen(type);
    for (const char *c = types; len > 0 && (c = strstr(c, type)); c += len)
        if ((c == types || c[-1] == ' ') && (c[len] == ' ' || c[len] == '\0'))
            return true;
    return false;
}

static bool body_read(struct request *rq, struct err *e)
{
    const struct route *r = rq->route;
    rq->body = exchange_body(rq->exchange);
    rq->media_type = media_type_of(rq);
    if (r->types)
        return type_is_listed(r->types, rq->media_type) ||
               FAIL(e, MEDIA, "content-type", "这个地址不接受“%.60s”。", rq->media_type);
    if (!r->fields)
        return rq->body.len == 0 || FAIL(e, INVALID, "body", "这个地址不接受内容。");
    if (strcmp(rq->media_type, "application/json") != 0)
        return FAIL(e, MEDIA, "content-type", "内容须为 application/json。");
    json_t *v = json_read(rq->arena, rq->body.at ? (const char *)rq->body.at : "", rq->body.len,
                          e);
    void *input = arena_alloc(rq->arena, 1, r->fields->size);
    rq->input = input;
    return v && fields_read(r->fields, v, rq->arena, input, e);
}

static bool answer(struct request *rq, const struct route_match *m, struct reply *rp,
                   struct err *e)
{
    if (!m) {
        struct route_match none;
        if (exchange_method(rq->exchange) == METHOD_GET && strncmp(rq->path, "/api/", 5) != 0 &&
            strncmp(rq->path, "/.well-known/", 13) != 0)
            return assets_answer(rq, rp, e);
        return route_find(rq->arena, exchange_method(rq->exchange), rq->path, &none, e);
    }
    rq->route = m->route;
    memcpy(rq->id, m->id, sizeof rq->id);
    memcpy(rq->word, m->word, sizeof rq->word);
    if (m->route->form) {
        if (!form_is_ours(rq, e))
            return false;
    } else if (m->route->who != MAY_ATTEMPT && m->route->who != MAY_NODE) {
        if (m->route->method != METHOD_GET && !same_origin(rq, e))
            return false;
        if (!sign_in_read(rq, e) || !viewer_may(&rq->viewer, m->route->who, e))
            return false;
        rq->actor.account = rq->viewer.account;
        rq->actor.body = rq->viewer.body;
        rq->actor.role = (int16_t)viewer_role_for(&rq->viewer, m->route->who);
    }
    if (!route_is_here(m->route, rq->app->node != NULL))
        return FAIL(e, NOT_FOUND, "path", "这台机器不提供这个地址。");
    rq->commits = rq->db ? db_commits(rq->db) : 0;
    return body_read(rq, e) && route_run(m->route, rq, rp, e);
}

/* What failed inside is for the log; the asker gets no more than that it did, and what that means for what
 * they asked: a handler that fails behind its transaction, while it reads for its answer, has done it. */
static const char *sentence_of(const struct request *rq, const struct err *e)
{
    if (e->code != ERR_STORE && e->code != ERR_INTERNAL)
        return e->text;
    if (rq->handed_over || (rq->db && db_commits(rq->db) != rq->commits))
        return "系统暂时出错，但改动可能已经保存；请先刷新核对，不要直接重做。";
    return "系统暂时出错，没有改动任何内容，请稍后再试。";
}

static void reply_error(struct reply *rp, const struct err *e)
{
    struct json_out *o = reply_json_with(rp, err_http_status(e->code));
    put_object(o, "error");
    put_text(o, "code", err_name(e->code));
    put_text(o, "field", e->field);
    put_text(o, "text", sentence_of(rp->request, e));
    put_id(o, "request", rp->request->actor.request);
    out_object_end(o);
    if (e->code == ERR_TOO_MANY)
        reply_header(rp, "Retry-After", *e->field >= '0' && *e->field <= '9' ? e->field : "2");
    rp->face = FACE_API;
}

/* Each answer to staff names the head of the chain it wrote to, or of the body's: whoever keeps an answer
 * is a witness of the minute that no anchor has seen yet (SECURITY §6). */
static void witness(struct reply *rp)
{
    struct request *rq = rp->request;
    struct err e = {0};
    char text[AUDIT_WITNESS_BYTES];
    if (!rq->db || rp->stream || !roles_have_staff(rq->viewer.roles))
        return;
    if (audit_witness(rq->db, id_is_zero(rq->wrote) ? rq->viewer.body : rq->wrote, text, &e) &&
        *text)
        reply_header(rp, "Heng-Audit", text);
}

static void log_request(const struct request *rq, const struct reply *rp, const struct err *e)
{
    enum log_level level = e->code == ERR_STORE || e->code == ERR_INTERNAL ? LOG_US
                           : e->code == ERR_NONE                           ? LOG_INFO
                                                                           : LOG_CLIENT;
    const char *file = e->file ? strstr(e->file, "src/") : NULL;
    LOG_LINE(level, "request", LOG_ITEM_ID(request, rq->actor.request),
             LOG_ITEM_WORD(route, rq->route ? rq->route->path : "-"),
             LOG_ITEM_INT(status, rp->status), LOG_ITEM_INT(ms, clock_now_ms() - rq->now_ms),
             LOG_ITEM_ID(actor, rq->actor.account), LOG_ITEM_WORD(error, err_name(e->code)),
             LOG_ITEM_WORD(at, file ? file : "-"), LOG_ITEM_INT(line, e->line));
}

static void end(struct begun *b, bool ok, struct err *e)
{
    struct request *rq = &b->request;
    struct reply *rp = &b->reply;
    if (!ok) {
        assert(e->code != ERR_NONE && "a handler said no without a reason");
        reply_error(rp, e);
    }
    assert(!rq->db || db_is_idle(rq->db));
    if (rp->json) {
        out_object_end(rp->json);
        const char *text = json_out_text(rp->json);
        rp->body = (struct bytes){(const unsigned char *)text, json_out_len(rp->json)};
        rp->media_type = "application/json";
    }
    headers_set(rp, rp->status == 200 && assets_may_be_kept(rq->path));
    witness(rp);
    if (!rp->stream)
        exchange_answer(rq->exchange, rp->status, rp->media_type, rp->body);
    log_request(rq, rp, e);
}

static void cold(void *ctx, void *worker, struct exchange *x)
{
    const struct app *app = ctx;
    struct begun *b = arena_new(exchange_arena(x), struct begun);
    struct request *rq = &b->request;
    struct err e = {0};
    rq->arena = exchange_arena(x);
    rq->db = worker ? ((struct worker *)worker)->db : NULL;
    rq->commits = rq->db ? db_commits(rq->db) : 0;
    rq->app = app;
    rq->exchange = x;
    rq->path = exchange_path(x);
    rq->now_ms = clock_now_ms();
    rq->actor.request = id_random();
    rq->actor.now_ms = rq->now_ms;
    rq->actor.wrote = &rq->wrote;
    b->reply.request = rq;
    b->reply.status = 204;
    address_hash(rq);

    const struct route_match *m = *exchange_slot(x);
    *exchange_slot(x) = b;
    bool ok = answer(rq, m, &b->reply, &e);
    assert(ok || !b->reply.then);
    if (!b->reply.then)
        end(b, ok, &e);
}

/* The second half of a request that was parked, on whichever worker. */
static void go_on(void *ctx, void *worker, struct exchange *x)
{
    struct begun *b = *exchange_slot(x);
    struct err e = {0};
    (void)ctx;
    b->request.db = ((struct worker *)worker)->db;
    b->request.handed_over = true;
    bool (*then)(struct request *, struct reply *, struct err *) = b->reply.then;
    bool ok = then(&b->request, &b->reply, &e);
    end(b, ok, &e);
}

void reply_later(struct reply *rp,
                 bool (*then)(struct request *rq, struct reply *rp, struct err *e), void *ctx)
{
    rp->then = then;
    rp->then_ctx = ctx;
    exchange_park(rp->request->exchange, go_on);
}

void reply_at_once(struct reply *rp)
{
    rp->then = NULL;
    exchange_unpark(rp->request->exchange);
}

void reply_go_on(struct reply *rp)
{
    exchange_go_on(rp->request->exchange);
}

static void *worker_start(void *ctx, struct err *e)
{
    const struct app *app = ctx;
    struct worker *w = calloc(1, sizeof *w);
    if (!w)
        abort();
    w->db = db_open(app->store, e);
    if (w->db)
        return w;
    free(w);
    return NULL;
}

static void worker_stop(void *ctx, void *worker)
{
    struct worker *w = worker;
    (void)ctx;
    db_close(w->db);
    free(w);
}

struct http_handlers serve_handlers(const struct app *app)
{
    return (struct http_handlers){
        .ctx = (void *)(uintptr_t)app,
        .head = head,
        .hot = hot,
        .cold = cold,
        .worker_start = worker_start,
        .worker_stop = worker_stop,
    };
}
