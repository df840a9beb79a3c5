/* web/asker.c - a whole server over a fresh store, and a browser that asks it. */
#include "web/asker.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/json.h"
#include "people/account.h"
#include "people/people.h"
#include "people/totp.h"
#include "web/events.h"
#include "web/http.h"
#include "web/rate.h"
#include "web/serve.h"
#include "web/sit.h"

#define ASKER_PASSWORD "vkqz-pmwt-xrbnd-2"

struct site *site_start(void)
{
    struct err e = {0};
    struct test_store *t = test_store_create();
    struct site *s = arena_new(t->arena, struct site);
    struct http_config c = {.host = "127.0.0.1",
                            .event_threads = 2,
                            .worker_threads = 4,
                            .connections_max = 200,
                            .connections_per_address = 200,
                            .limits = deadline_limits()};
    s->t = t;
    s->body = (struct body){.id = t->actor.body, .name = "衡阳测试评价中心"};
    CHECK_OK("body", body_create(t->db, &t->actor, &s->body, &e), &e);
    s->app = (struct app){.store = t->store,
                          .master = t->master,
                          .blobs = t->blobs,
                          .events = events_start(),
                          .rates = rates_create(1),
                          .public_url = s->url};
    CHECK_OK("journal", sit_start(&s->app, &e), &e);
    struct http_handlers h = serve_handlers(&s->app);
    s->server = http_start(&c, &h, &e);
    CHECK_OK("server", s->server, &e);
    snprintf(s->url, sizeof s->url, "http://127.0.0.1:%d", http_port(s->server));
    s->curl = curl_easy_init();
    return s;
}

void site_stop(struct site *s)
{
    curl_easy_cleanup(s->curl);
    sit_quiet(&s->app);
    events_stop(s->app.events);
    http_stop(s->server);
    sit_stop(&s->app);
    rates_destroy(s->app.rates);
    test_store_destroy(s->t);
}

struct answer {
    struct asker *asker;
    char *text;
    size_t len;
};

static size_t on_body(char *data, size_t size, size_t n, void *ctx)
{
    struct answer *got = ctx;
    struct arena *a = got->asker->site->t->arena;
    got->text = arena_grow(a, got->text, got->len, got->len + size * n + 1, 1);
    memcpy(got->text + got->len, data, size * n);
    got->len += size * n;
    got->text[got->len] = '\0';
    return size * n;
}

static size_t on_header(char *data, size_t size, size_t n, void *ctx)
{
    struct asker *a = ((struct answer *)ctx)->asker;
    char line[1000];
    snprintf(line, sizeof line, "%.*s", (int)(size * n), data);
    line[strcspn(line, "\r\n")] = '\0';
    size_t at = strlen(a->headers);
    snprintf(a->headers + at, sizeof a->headers - at, "%s\n", line);
    if (strncasecmp(line, "Set-Cookie: ", 12) == 0) {
        snprintf(a->set_cookie, sizeof a->set_cookie, "%.300s", line + 12);
        snprintf(a->cookie, sizeof a->cookie, "%.*s", (int)strcspn(line + 12, ";"), line + 12);
    }
    if (strncasecmp(line, "Retry-After: ", 13) == 0)
        a->retry_after = strtol(line + 13, NULL, 10);
    return size * n;
}

static long send_it(struct asker *a, const char *method, const char *path,
                    const struct bytes *body, const char *const *headers)
{
    struct answer got = {.asker = a};
    struct err ignored = {0};
    struct curl_slist *list = NULL;
    char url[400];
    long status = 0;
    CURL *c = a->site->curl;
    curl_easy_reset(c);
    *a->set_cookie = '\0';
    *a->headers = '\0';
    a->retry_after = 0;
    snprintf(url, sizeof url, "%s%s", a->site->url, path);
    for (; *headers; headers++)
        list = curl_slist_append(list, *headers);
    curl_easy_setopt(c, CURLOPT_URL, url);
    curl_easy_setopt(c, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(c, CURLOPT_TIMEOUT, 60L);
    curl_easy_setopt(c, CURLOPT_CUSTOMREQUEST, method);
    curl_easy_setopt(c, CURLOPT_HTTPHEADER, list);
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(c, CURLOPT_WRITEDATA, &got);
    curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(c, CURLOPT_HEADERDATA, &got);
    if (*a->cookie)
        curl_easy_setopt(c, CURLOPT_COOKIE, a->cookie);
    if (body) {
        curl_easy_setopt(c, CURLOPT_POSTFIELDS, body->at);
        curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE, (long)body->len);
    }
    curl_easy_perform(c);
    curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
    curl_slist_free_all(list);
    a->text = got.text ? got.text : "";
    a->len = got.len;
    a->json = got.len ? json_read(a->site->t->arena, a->text, got.len, &ignored) : NULL;
    return status;
}

long ask_with(struct asker *a, const char *method, const char *path, const char *body,
              const char *const *headers)
{
    struct bytes bytes = {(const unsigned char *)body, body ? strlen(body) : 0};
    return send_it(a, method, path, body ? &bytes : NULL, headers);
}

long ask_bytes_with(struct asker *a, const char *path, struct bytes body,
                    const char *const *headers)
{
    return send_it(a, "POST", path, &body, headers);
}

long ask_bytes(struct asker *a, const char *path, const char *type, struct bytes body)
{
    char origin[100], media[120];
    snprintf(origin, sizeof origin, "Origin: %s", a->site->url);
    snprintf(media, sizeof media, "Content-Type: %s", type);
    const char *const headers[] = {origin, "Heng-Request: 1", "Sec-Fetch-Site: same-origin",
                                   media, NULL};
    return send_it(a, "POST", path, &body, headers);
}

long ask(struct asker *a, const char *method, const char *path, const char *body)
{
    char origin[100];
    snprintf(origin, sizeof origin, "Origin: %s", a->site->url);
    const char *const with_body[] = {origin, "Heng-Request: 1", "Sec-Fetch-Site: same-origin",
                                     "Content-Type: application/json", NULL};
    const char *const without[] = {origin, "Heng-Request: 1", "Sec-Fetch-Site: same-origin",
                                   NULL};
    return ask_with(a, method, path, body, body ? with_body : without);
}

struct asker asker_account(struct site *s, struct id body, const char *login, uint32_t roles)
{
    struct err e = {0};
    struct actor who = s->t->actor;
    struct people p = {s->t->db, s->t->arena, s->t->master, &who};
    struct account made;
    char first[FIRST_PASSWORD_BYTES], code[7];
    struct account_new n = {
        .login = login, .display_name = login, .roles = roles, .password = ASKER_PASSWORD};
    struct asker a = {.site = s};
    who.body = body;
    who.now_ms = clock_now_ms();
    if (roles & R(partner))
        n.partner = id_random();
    CHECK_OK(login, account_create(&p, &n, &made, first, &e), &e);
    const char *body_text = arena_printf(
        s->t->arena, "{\"login\":\"%s\",\"password\":\"" ASKER_PASSWORD "\"}", login);
    CHECK_INT(login, ask(&a, "POST", "/api/sign-in", body_text), 200);
    if (!roles_have_staff(roles))
        return a;
    CHECK_INT(login, ask(&a, "POST", "/api/me/totp", "{}"), 200);
    const char *secret = ask_text(&a, "secret");
    CHECK(login, secret && base32_read(s->t->arena, secret, strlen(secret), &a.seed));
    totp_code(code, a.seed.at, a.seed.len, clock_now_ms());
    CHECK_INT(login,
              ask(&a, "POST", "/api/me/totp/confirm",
                  arena_printf(s->t->arena, "{\"code\":\"%s\"}", code)),
              200);
    return a;
}

const char *asker_code(const struct asker *a)
{
    char code[7];
    totp_code(code, a->seed.at, a->seed.len, clock_now_ms() + 30000);
    return arena_printf(a->site->t->arena, "{\"code\":\"%s\"}", code);
}

const char *ask_text(const struct asker *a, const char *path)
{
    const json_t *at = a->json;
    while (at && *path) {
        char name[80];
        size_t len = strcspn(path, "/");
        snprintf(name, sizeof name, "%.*s", (int)len, path);
        at = json_is_array(at) ? json_array_get(at, (size_t)strtol(name, NULL, 10))
                               : json_object_get(at, name);
        path += len + (path[len] == '/');
    }
    return json_string_value(at);
}
