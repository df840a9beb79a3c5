/* app/client.c - a caller of our own API, with libcurl. */
#include "app/client.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/net_fetch.h"

enum { ANSWER_BYTES_MAX = 64 << 20, TIMEOUT_MS = 120000, CONNECT_TIMEOUT_S = 5 };

struct client {
    CURL *curl;
    char *base, *ca;
    long timeout_ms;
    client_watch_fn *watch;
    void *watch_ctx;
};

struct receiving {
    struct arena *arena;
    unsigned char *at;
    size_t len, room;
};

struct client *client_create(const char *base_url)
{
    struct client *c = calloc(1, sizeof *c);
    if (!c || !(c->curl = curl_easy_init()))
        abort();
    c->base = strdup(base_url);
    c->timeout_ms = TIMEOUT_MS;
    return c;
}

void client_trust(struct client *c, const char *ca_file)
{
    free(c->ca);
    c->ca = ca_file ? strdup(ca_file) : NULL;
}

void client_destroy(struct client *c)
{
    if (!c)
        return;
    curl_easy_cleanup(c->curl);
    free(c->base);
    free(c->ca);
    free(c);
}

void client_watch(struct client *c, client_watch_fn *watch, void *ctx)
{
    c->watch = watch;
    c->watch_ctx = ctx;
}

void client_timeout(struct client *c, int64_t ms)
{
    c->timeout_ms = (long)ms;
}

static size_t receive(char *data, size_t size, size_t n, void *ctx)
{
    struct receiving *r = ctx;
    size_t more = size * n;
    if (r->len + more > ANSWER_BYTES_MAX)
        return 0;
    if (r->len + more + 1 > r->room) {
        size_t room = (r->len + more + 1) * 2;
        r->at = arena_grow(r->arena, r->at, r->len, room, 1);
        r->room = room;
    }
    memcpy(r->at + r->len, data, more);
    r->len += more;
    return more;
}

/* What a browser would send from our own page. */
static struct curl_slist *headers_of(const struct client *c, struct arena *a,
                                     const struct call *call)
{
    struct curl_slist *list = NULL;
    list = curl_slist_append(list, "Expect:");
    if (strcmp(call->method, "GET") != 0) {
        list = curl_slist_append(list, arena_printf(a, "Origin: %s", c->base));
        if (!call->page)
            list = curl_slist_append(list, "Heng-Request: 1");
    }
    if (call->body.at)
        list = curl_slist_append(
            list, arena_printf(a, "Content-Type: %s",
                               call->media_type ? call->media_type : "application/json"));
    if (call->node)
        list = curl_slist_append(list, arena_printf(a, "Heng-Node: %s", call->node));
    if (call->seb)
        list = curl_slist_append(
            list, arena_printf(a, "X-SafeExamBrowser-ConfigKeyHash: %s", call->seb));
    if (call->authorization)
        list = curl_slist_append(list,
                                 arena_printf(a, "Authorization: %s", call->authorization));
    return list;
}

static void set_up(struct client *c, struct arena *a, const struct call *call,
                   struct receiving *r, struct curl_slist *headers)
{
    curl_easy_reset(c->curl);
    curl_easy_setopt(c->curl, CURLOPT_URL, arena_printf(a, "%s%s", c->base, call->path));
    curl_easy_setopt(c->curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(c->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c->curl, CURLOPT_TIMEOUT_MS, c->timeout_ms);
    curl_easy_setopt(c->curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_TIMEOUT_S);
    if (c->ca)
        curl_easy_setopt(c->curl, CURLOPT_CAINFO, c->ca);
    curl_easy_setopt(c->curl, CURLOPT_COOKIEFILE, ""); /* the cookie engine, in memory */
    curl_easy_setopt(c->curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(c->curl, CURLOPT_WRITEFUNCTION, receive);
    curl_easy_setopt(c->curl, CURLOPT_WRITEDATA, r);
    curl_easy_setopt(c->curl, CURLOPT_CUSTOMREQUEST, call->method);
    if (call->body.at) {
        curl_easy_setopt(c->curl, CURLOPT_POSTFIELDS, (const char *)call->body.at);
        curl_easy_setopt(c->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)call->body.len);
    } else if (strcmp(call->method, "GET") != 0) {
        curl_easy_setopt(c->curl, CURLOPT_POSTFIELDS, "");
    }
}

bool client_call(struct client *c, struct arena *a, const struct call *call, struct answer *out,
                 struct err *e)
{
    struct receiving r = {.arena = a};
    struct curl_slist *headers = headers_of(c, a, call);
    set_up(c, a, call, &r, headers);
    int64_t began = clock_span_us();
    CURLcode code = curl_easy_perform(c->curl);
    curl_slist_free_all(headers);
    out->status = 0;
    if (code == CURLE_OK)
        curl_easy_getinfo(c->curl, CURLINFO_RESPONSE_CODE, &out->status);
    if (c->watch)
        c->watch(c->watch_ctx, call->path, clock_span_us() - began, out->status);
    if (code != CURLE_OK)
        return FAIL(e, STORE, call->path, "没有得到回答：%s", net_why(code));
    if (r.at)
        r.at[r.len] = '\0';
    out->body = (struct bytes){r.at ? r.at : (const unsigned char *)"", r.len};
    return true;
}

static bool fail_as_answered(const struct call *call, const struct answer *answer,
                             const json_t *value, struct err *e)
{
    const json_t *why = json_object_get(value, "error");
    const char *text = json_member_text(why, "text"), *field = json_member_text(why, "field");
    const char *code = json_member_text(why, "code");
    return FAIL(e, INTERNAL, call->path, "%s %ld %s %s %s", call->method, answer->status,
                code ? code : "", field ? field : "", text ? text : "");
}

bool client_json(struct client *c, struct arena *a, const char *method, const char *path,
                 json_t *body, json_t **out, struct err *e)
{
    const struct call call = {.method = method, .path = path};
    return client_json_call(c, a, &call, body, out, e);
}

bool client_json_call(struct client *c, struct arena *a, const struct call *as, json_t *body,
                      json_t **out, struct err *e)
{
    struct call call = *as;
    struct answer answer;
    json_t *value = NULL;
    if (body) {
        char *text = json_dumps(json_keep(a, body), JSON_COMPACT);
        if (!text)
            return FAIL(e, INTERNAL, call.path, "内容不能写成 JSON。");
        arena_defer(a, free, text);
        call.body = (struct bytes){(const unsigned char *)text, strlen(text)};
    }
    if (!client_call(c, a, &call, &answer, e))
        return false;
    if (answer.body.len > 0 && !(value = json_read(a, answer.body.at, answer.body.len, e)))
        return false;
    if (answer.status >= 400)
        return fail_as_answered(&call, &answer, value, e);
    if (out)
        *out = value;
    return true;
}
