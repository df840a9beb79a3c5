/* web/http_test.c - a real server on loopback, asked by libcurl. */
#include "web/http.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "test/check.h"
#include "web/events.h"

struct fixture {
    struct http_server *server;
    struct events *events;
    struct id topic;
    char url[64];
};

static bool head(void *ctx, struct exchange *x, size_t *body_max, bool *hot, int *status)
{
    (void)ctx;
    (void)status;
    *body_max = 10;
    *hot = strcmp(exchange_path(x), "/hot") == 0;
    return true;
}

static void hot(void *ctx, struct exchange *x)
{
    (void)ctx;
    exchange_defer(x);
    exchange_finish(x, 201, "text/plain", exchange_body(x));
}

static void cold(void *ctx, void *worker, struct exchange *x)
{
    struct fixture *f = ctx;
    (void)worker;
    if (strcmp(exchange_path(x), "/events") == 0)
        events_answer(f->events, x, f->topic, "{\"first\":true}");
    else
        exchange_answer(x, 200, "text/plain", exchange_body(x));
}

static void *worker_start(void *ctx, struct err *e)
{
    (void)e;
    return ctx;
}

static void worker_stop(void *ctx, void *worker)
{
    (void)ctx;
    (void)worker;
}

static void begin(struct fixture *f)
{
    struct err e = {0};
    struct http_config c = {.host = "127.0.0.1",
                            .event_threads = 2,
                            .worker_threads = 2,
                            .connections_max = 100,
                            .connections_per_address = 100};
    struct http_handlers h = {f, head, hot, cold, worker_start, worker_stop};
    f->events = events_start();
    f->topic = id_random();
    f->server = http_start(&c, &h, &e);
    CHECK_OK("starts", f->server, &e);
    snprintf(f->url, sizeof f->url, "http://127.0.0.1:%d", http_port(f->server));
}

static void end(struct fixture *f)
{
    events_stop(f->events);
    http_stop(f->server);
}

struct answer {
    struct fixture *fixture;
    char text[4096];
    size_t len;
    int seen;
};

/* Publishes as soon as the first event is there and hangs up after the second. */
static size_t receive(char *data, size_t size, size_t n, void *ctx)
{
    struct answer *got = ctx;
    if (got->len + size * n < sizeof got->text) {
        memcpy(got->text + got->len, data, size * n);
        got->len += size * n;
        got->text[got->len] = '\0';
    }
    if (got->fixture && strstr(got->text, "second"))
        return 0;
    if (got->fixture && got->seen++ == 0)
        events_publish(got->fixture->events, got->fixture->topic, "news", "{\"second\":1}");
    return size * n;
}

static long ask(struct fixture *f, const char *path, const char *body, struct answer *got)
{
    char url[128];
    long status = 0;
    CURL *c = curl_easy_init();
    snprintf(url, sizeof url, "%s%s", f->url, path);
    curl_easy_setopt(c, CURLOPT_URL, url);
    curl_easy_setopt(c, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(c, CURLOPT_TIMEOUT, 20L);
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, receive);
    curl_easy_setopt(c, CURLOPT_WRITEDATA, got);
    if (body)
        curl_easy_setopt(c, CURLOPT_POSTFIELDS, body);
    curl_easy_perform(c);
    curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_cleanup(c);
    return status;
}

void http_answers_test(void)
{
    struct fixture f;
    begin(&f);
    for (int i = 0; i < 50; i++) {
        struct answer cold_answer = {0}, hot_answer = {0};
        CHECK_INT("cold", ask(&f, "/cold", "body", &cold_answer), 200);
        CHECK_TEXT("cold body", cold_answer.text, "body");
        CHECK_INT("hot and deferred", ask(&f, "/hot", "warm", &hot_answer), 201);
        CHECK_TEXT("hot body", hot_answer.text, "warm");
    }
    end(&f);
}

void http_refuses_what_is_too_large_test(void)
{
    struct fixture f;
    struct answer got = {0};
    begin(&f);
    CHECK_INT("11 bytes where 10 may come", ask(&f, "/cold", "elevenbytes", &got), 413);
    end(&f);
}

void http_streams_events_test(void)
{
    struct fixture f;
    begin(&f);
    struct answer got = {.fixture = &f};
    CHECK_INT("stream", ask(&f, "/events", NULL, &got), 200);
    CHECK("begins with the state",
          strstr(got.text, "event: state\ndata: {\"first\":true}\n\n"));
    CHECK("then the news", strstr(got.text, "event: news\ndata: {\"second\":1}\n\n"));
    end(&f);
}
