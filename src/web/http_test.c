/* web/http_test.c - a real server on loopback, asked by libcurl. */
#include "web/http.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "test/check.h"
#include "web/events.h"

enum { CONNECTIONS_OF_ONE = 150, BIG_BYTES = 32 << 20 };

struct fixture {
    struct http_server *server;
    unsigned event_threads;   /* 0: two */
    unsigned connections_max; /* 0: plenty */
    struct deadline_limits limits;
    sem_t held, release;      /* of /hold, */
    unsigned char *big;       /* what /big answers: more than sockets hold */
    struct exchange *holding; /* which is answered by the test itself */
    struct events *events;
    struct id topic;
    char url[64];
};

static bool head(void *ctx, struct exchange *x, size_t *body_max, enum exchange_way *way,
                 int *status)
{
    const char *path = exchange_path(x);
    (void)ctx;
    (void)status;
    *body_max = 10;
    if (strcmp(path, "/slow") == 0)
        *body_max = 1000;
    *way = strcmp(path, "/hot") == 0     ? WAY_HOT
           : strcmp(path, "/quick") == 0 ? WAY_QUICK
           : strcmp(path, "/hold") == 0  ? WAY_HOT
           : strcmp(path, "/cold") == 0  ? WAY_EXAM
                                         : WAY_DESK;
    return true;
}

static void hold(struct fixture *f, struct exchange *x)
{
    f->holding = x;
    sem_post(&f->held);
    sem_wait(&f->release);
}

static void hot(void *ctx, struct exchange *x)
{
    exchange_defer(x);
    if (strcmp(exchange_path(x), "/hold") == 0)
        hold(ctx, x);
    else
        exchange_finish(x, 201, "text/plain", exchange_body(x));
}

static void parked(void *ctx, void *worker, struct exchange *x)
{
    CHECK("on a worker", worker && worker == ctx);
    exchange_answer(x, 202, "text/plain", exchange_body(x));
}

/* What a parked exchange waits for. */
static void *elsewhere(void *arg)
{
    exchange_go_on(arg);
    return NULL;
}

static void park(struct exchange *x)
{
    pthread_t thread;
    exchange_park(x, parked);
    CHECK_INT("thread", pthread_create(&thread, NULL, elsewhere, x), 0);
    pthread_detach(thread);
}

static void cold(void *ctx, void *worker, struct exchange *x)
{
    struct fixture *f = ctx;
    CHECK("a quick one has no worker", !worker == (strcmp(exchange_path(x), "/quick") == 0));
    if (strcmp(exchange_path(x), "/park") == 0)
        park(x);
    else if (strcmp(exchange_path(x), "/events") == 0)
        events_answer(f->events, x, f->topic, "{\"first\":true}");
    else if (strcmp(exchange_path(x), "/big") == 0)
        exchange_answer(x, 200, "text/plain", (struct bytes){f->big, BIG_BYTES});
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
                            .event_threads = f->event_threads ? f->event_threads : 2,
                            .worker_threads = 2,
                            .connections_max = f->connections_max ? f->connections_max : 300,
                            .connections_per_address = CONNECTIONS_OF_ONE,
                            .limits = f->limits.head_ms ? f->limits : deadline_limits()};
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
    struct fixture f = {0};
    begin(&f);
    for (int i = 0; i < 50; i++) {
        struct answer cold_answer = {0}, hot_answer = {0}, quick_answer = {0};
        struct answer parked_answer = {0};
        CHECK_INT("cold", ask(&f, "/cold", "body", &cold_answer), 200);
        CHECK_TEXT("cold body", cold_answer.text, "body");
        CHECK_INT("hot and deferred", ask(&f, "/hot", "warm", &hot_answer), 201);
        CHECK_TEXT("hot body", hot_answer.text, "warm");
        CHECK_INT("quick", ask(&f, "/quick", "at once", &quick_answer), 200);
        CHECK_TEXT("quick body", quick_answer.text, "at once");
        CHECK_INT("parked", ask(&f, "/park", "later", &parked_answer), 202);
        CHECK_TEXT("parked body", parked_answer.text, "later");
    }
    end(&f);
}

void http_refuses_what_is_too_large_test(void)
{
    struct fixture f = {0};
    struct answer got = {0};
    begin(&f);
    CHECK_INT("11 bytes where 10 may come", ask(&f, "/cold", "elevenbytes", &got), 413);
    end(&f);
}

void http_streams_events_test(void)
{
    struct fixture f = {0};
    begin(&f);
    struct answer got = {.fixture = &f};
    CHECK_INT("stream", ask(&f, "/events", NULL, &got), 200);
    CHECK("begins with the state",
          strstr(got.text, "event: state\ndata: {\"first\":true}\n\n"));
    CHECK("then the news", strstr(got.text, "event: news\ndata: {\"second\":1}\n\n"));
    end(&f);
}

/* --- many streams ------------------------------------------------------------------------------- */
enum { LISTENERS = 60, NEWS = 100, NEWS_BYTES = 1000 };

struct reader {
    struct fixture *fixture;
    pthread_t thread;
    const char *version; /* what it says it speaks */
    size_t news;
    char line[32]; /* its beginning */
    size_t line_len;
    bool hangs_up; /* after the first */
    bool in_order;
};

/* Counts the lines that begin with "data: {"n":NNN,": a line may come in pieces. */
static size_t read_news(char *data, size_t size, size_t n, void *ctx)
{
    struct reader *r = ctx;
    for (size_t i = 0; i < size * n; i++) {
        if (data[i] != '\n') {
            if (r->line_len < sizeof r->line - 1)
                r->line[r->line_len++] = data[i];
            continue;
        }
        r->line[r->line_len] = '\0';
        r->line_len = 0;
        if (strncmp(r->line, "data: {\"n\":", 11) == 0) {
            r->in_order = r->in_order && strtoul(r->line + 11, NULL, 10) == r->news;
            r->news++;
        }
    }
    return r->hangs_up && r->news > 0 ? 0 : size * n;
}

static void *listen_to_news(void *arg)
{
    struct reader *r = arg;
    char url[128];
    CURL *c = curl_easy_init();
    struct curl_slist *close = curl_slist_append(NULL, "Connection: close");
    snprintf(url, sizeof url, "%s/events", r->fixture->url);
    curl_easy_setopt(c, CURLOPT_URL, url);
    curl_easy_setopt(c, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c, CURLOPT_BUFFERSIZE, 1024L * 256);
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, read_news);
    curl_easy_setopt(c, CURLOPT_WRITEDATA, r);
    if (strcmp(r->version, "1.0") == 0)
        curl_easy_setopt(c, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_0);
    if (strcmp(r->version, "close") == 0)
        curl_easy_setopt(c, CURLOPT_HTTPHEADER, close);
    curl_easy_perform(c);
    curl_slist_free_all(close);
    curl_easy_cleanup(c);
    return NULL;
}

/* Nothing stays with the library of a connection whose socket was taken. */
static void taken_ones_are_gone(struct fixture *f)
{
    unsigned stay = LISTENERS / 5 * 2; /* HTTP/1.0, close */
    for (int tries = 0; tries < 5000 && http_connections(f->server) > stay; tries++)
        nanosleep(&(struct timespec){0, 1000000}, NULL);
    CHECK_INT("only those that stay", http_connections(f->server), stay);
}

/* Streams that live by themselves and those that stay with the library (HTTP/1.0, close) get every
 * event, whole and in order; some hang up in between; the stop ends all of them. */
void http_streams_to_many_test(void)
{
    static const char *const versions[] = {"1.1", "1.1", "1.1", "1.0", "close"};
    static struct reader readers[LISTENERS];
    static char json[NEWS_BYTES + 64], filler[NEWS_BYTES];
    struct fixture f = {0};
    begin(&f);
    memset(filler, 'x', sizeof filler - 1);
    for (int i = 0; i < LISTENERS; i++) {
        readers[i] = (struct reader){.fixture = &f,
                                     .version = versions[i % 5],
                                     .hangs_up = i % 7 == 3,
                                     .in_order = true};
        CHECK_INT("thread",
                  pthread_create(&readers[i].thread, NULL, listen_to_news, &readers[i]), 0);
    }
    while (events_listeners(f.events, f.topic) < LISTENERS)
        nanosleep(&(struct timespec){0, 1000000}, NULL);
    taken_ones_are_gone(&f);
    for (int n = 0; n < NEWS; n++) {
        snprintf(json, sizeof json, "{\"n\":%d,\"filler\":\"%s\"}", n, filler);
        events_publish(f.events, f.topic, "news", json);
        nanosleep(&(struct timespec){0, 200000}, NULL);
    }
    end(&f);
    for (int i = 0; i < LISTENERS; i++) {
        pthread_join(readers[i].thread, NULL);
        CHECK("in order", readers[i].in_order);
        if (!readers[i].hangs_up)
            CHECK_INT("all of them", (int)readers[i].news, NEWS);
    }
}

/* --- many at once ------------------------------------------------------------------------------- */
enum { AT_ONCE = 128, WAIT_SECONDS = 20 };

static int knock(struct fixture *f)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(http_port(f->server))};
    struct timeval wait = {.tv_sec = WAIT_SECONDS};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    inet_pton(AF_INET, "127.0.0.1", &at.sin_addr);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    CHECK_INT("connects", connect(fd, (const struct sockaddr *)(const void *)&at, sizeof at),
              0);
    return fd;
}

static void request(int fd, const char *path)
{
    char text[128];
    int len = snprintf(text, sizeof text, "GET %s HTTP/1.1\r\nHost: here\r\n\r\n", path);
    CHECK_INT("sent", (int)send(fd, text, (size_t)len, MSG_NOSIGNAL), len);
}

/* Whether an answer comes; the wait only ends one that never would. */
static bool is_answered(int fd)
{
    char text[1024] = "";
    return recv(fd, text, sizeof text - 1, 0) > 0 && strncmp(text, "HTTP/1.1 200", 12) == 0;
}

/* The library's own threads slept on exactly as many as it asks its epoll for at a time. All of
 * them come while the event thread is held, and nothing else does. */
void http_answers_as_many_as_come_at_once_test(void)
{
    struct fixture f = {.event_threads = 1};
    int fds[AT_ONCE], answered = 0;
    sem_init(&f.held, 0, 0);
    sem_init(&f.release, 0, 0);
    begin(&f);
    for (int i = 0; i < AT_ONCE; i++) {
        fds[i] = knock(&f);
        request(fds[i], "/quick");
        CHECK("first", is_answered(fds[i]));
    }
    int holder = knock(&f);
    request(holder, "/hold");
    sem_wait(&f.held);
    for (int i = 0; i < AT_ONCE; i++)
        request(fds[i], "/quick");
    sem_post(&f.release);
    for (int i = 0; i < AT_ONCE && answered == i; i++)
        answered += is_answered(fds[i]);
    CHECK_INT("all of them", answered, AT_ONCE);
    exchange_finish(f.holding, 200, "text/plain", (struct bytes){NULL, 0});
    CHECK("the one that held", is_answered(holder));
    for (int i = 0; i < AT_ONCE; i++)
        close(fds[i]);
    close(holder);
    end(&f);
}

static void wait_for_fewer(struct fixture *f, unsigned connections)
{
    for (int tries = 0; tries < 5000 && http_connections(f->server) >= connections; tries++)
        nanosleep(&(struct timespec){0, 1000000}, NULL);
}

/* What one address holds is counted over all event threads. */
void http_bounds_one_address_test(void)
{
    struct fixture f = {0};
    int fds[CONNECTIONS_OF_ONE + 1];
    begin(&f);
    for (int i = 0; i < CONNECTIONS_OF_ONE; i++) {
        fds[i] = knock(&f);
        request(fds[i], "/quick");
        CHECK("within the bound", is_answered(fds[i]));
    }
    fds[CONNECTIONS_OF_ONE] = knock(&f);
    CHECK("one more is shut", !is_answered(fds[CONNECTIONS_OF_ONE]));
    close(fds[0]);
    wait_for_fewer(&f, CONNECTIONS_OF_ONE);
    fds[0] = knock(&f);
    request(fds[0], "/quick");
    CHECK("and room again", is_answered(fds[0]));
    for (int i = 0; i <= CONNECTIONS_OF_ONE; i++)
        close(fds[i]);
    end(&f);
}

/* A stream that left the library still has its descriptor: it counts among all there may be. */
void http_bounds_all_connections_test(void)
{
    enum { MOST = 6, STREAMS = 4 };
    struct fixture f = {.connections_max = MOST};
    int fds[MOST + 1];
    begin(&f);
    for (int i = 0; i < MOST; i++) {
        fds[i] = knock(&f);
        request(fds[i], i < STREAMS ? "/events" : "/quick");
        CHECK("within the bound", is_answered(fds[i]));
        if (i < STREAMS)
            wait_for_fewer(&f, 1); /* it has left the library */
    }
    fds[MOST] = knock(&f);
    CHECK("one more is shut", !is_answered(fds[MOST]));
    close(fds[0]);
    close(fds[MOST]);
    bool again = false;
    for (int tries = 0; tries < 500 && !again; tries++) {
        fds[0] = knock(&f);
        request(fds[0], "/quick");
        again = is_answered(fds[0]);
        if (!again)
            close(fds[0]);
    }
    CHECK("and room again when a stream has gone", again);
    for (int i = 0; i < MOST; i++)
        close(fds[i]);
    end(&f);
}

/* --- slow ones ------------------------------------------------------------------------------------ */
static void say(int fd, const char *text)
{
    CHECK_INT("said", (int)send(fd, text, strlen(text), MSG_NOSIGNAL), (int)strlen(text));
}

/* Reads all that comes; the length of what did. */
static size_t read_out(int fd)
{
    static char block[1 << 16];
    size_t all = 0;
    for (ssize_t n; (n = recv(fd, block, sizeof block, 0)) > 0;)
        all += (size_t)n;
    return all;
}

/* One drips its head, one its body, one says nothing, one does not read its answer: all are shut.
 * One that reads gets the same answer whole. */
void http_shuts_slow_connections_test(void)
{
    struct fixture f = {.limits = {.head_ms = 1000,
                                   .idle_ms = 1000,
                                   .body_ms = 1000,
                                   .floor_bytes_per_second = 1 << 30},
                        .big = calloc(1, BIG_BYTES)};
    int fds[4];
    begin(&f);
    for (int i = 0; i < 4; i++)
        fds[i] = knock(&f);
    say(fds[0], "GET /cold HTTP/1.1\r\nHost: he");
    say(fds[1], "POST /slow HTTP/1.1\r\nHost: here\r\nContent-Length: 900\r\n\r\nHNJ1");
    say(fds[3], "GET /big HTTP/1.1\r\nHost: here\r\n\r\n");
    int reader = knock(&f);
    say(reader, "GET /big HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n");
    CHECK("whole", read_out(reader) > BIG_BYTES);
    close(reader);
    for (int tries = 0; tries < WAIT_SECONDS * 100 && http_connections(f.server) > 0; tries++)
        nanosleep(&(struct timespec){0, 10000000}, NULL);
    CHECK_INT("none is left", http_connections(f.server), 0);
    CHECK("the one that did not read has less", read_out(fds[3]) < BIG_BYTES);
    for (int i = 0; i < 4; i++)
        close(fds[i]);
    end(&f);
    free(f.big);
}
