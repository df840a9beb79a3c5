/* app/serving.c - starts and stops what a server is made of, in order. */
#include "app/serving.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "app/anchor_copy.h"
#include "app/anchoring.h"
#include "app/command.h"
#include "app/instance.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/keeper.h"
#include "base/log.h"
#include "paper/paper.h"
#include "store/db.h"
#include "web/events.h"
#include "web/halves.h"
#include "web/http.h"
#include "web/proxy.h"
#include "web/rate.h"
#include "web/serve.h"
#include "web/sit.h"
#include "web/work.h"

enum {
    CONNECTIONS_MAX = 20000,
    FILES_BESIDE = 512, /* databases, uploads, readers in their cages */
    CHECKPOINT_MS = 500
};

struct serving {
    struct instance *instance;
    struct http_server *http;
    struct anchoring *anchoring; /* of a centre; a node hands its rows up */
    pthread_t checkpoints;
    pthread_mutex_t lock;
    pthread_cond_t stop;
    bool stopping;
};

/* A sync of the log or the database has failed: what the disk holds is not known any more, and
 * older kernels tell it to this thread alone. The next start settles it (doc/decisions/0026). */
static _Noreturn void checkpoint_fatal(const struct err *e)
{
    LOG_LINE(LOG_US, "checkpoint", LOG_ITEM_WORD(error, err_name(e->code)));
    _exit(EXIT_SYSTEM);
}

/* Pages go from the log into the database here, never inside a commit (STACK §2b). */
static void *checkpoint(void *arg)
{
    struct serving *s = arg;
    struct err start = {0};
    struct db *db = db_open(s->instance->store, &start);
    if (!db)
        abort(); /* the same open succeeded when the instance did */
    pthread_mutex_lock(&s->lock);
    while (!s->stopping) {
        struct err e = {0};
        if (clock_wait_until(&s->stop, &s->lock, clock_boot_ms() + CHECKPOINT_MS))
            continue;
        pthread_mutex_unlock(&s->lock);
        if (!db_checkpoint(db, &e))
            checkpoint_fatal(&e);
        pthread_mutex_lock(&s->lock);
    }
    pthread_mutex_unlock(&s->lock);
    db_close(db);
    return NULL;
}

/* As many as descriptors are left for: a crowd must not take those of the database. */
static unsigned connections_max(void)
{
    struct rlimit files = {0};
    if (getrlimit(RLIMIT_NOFILE, &files) != 0)
        return FILES_BESIDE;
    rlim_t most = files.rlim_cur > 2 * FILES_BESIDE ? files.rlim_cur - FILES_BESIDE
                                                    : files.rlim_cur / 2;
    return most < CONNECTIONS_MAX ? (unsigned)most : CONNECTIONS_MAX;
}

static bool start_http(struct arena *a, struct serving *s, const struct serving_options *o,
                       struct err *e)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    struct app *app = &s->instance->app;
    struct http_config c = {
        .host = o->host,
        .port = o->port,
        .event_threads = cores > 1 ? (unsigned)cores : 2,
        .worker_threads = cores > 2 ? (unsigned)cores * 2 : 4,
        .connections_max = connections_max(),
        .tls_certificate = o->tls_certificate,
        .tls_key = o->tls_key,
        .limits = deadline_limits(),
        .connections_per_address = serving_is_local(o) || app->proxies ? CONNECTIONS_MAX : 512,
    };
    struct http_handlers h = serve_handlers(app);
    s->http = http_start(&c, &h, e);
    if (!s->http)
        return false;
    app->public_url = o->public_url ? o->public_url : serving_address(a, o, http_port(s->http));
    app->behind_tls = strncmp(app->public_url, "https://", 8) == 0;
    return true;
}

static bool settle(struct store *store, struct err *e)
{
    struct db *db = db_open(store, e);
    bool ok = db && db_settle(db, e);
    db_close(db);
    return ok;
}

/* A node has no anchor key: its batches are anchored at the centre. */
static bool start_anchoring(struct arena *a, struct serving *s, const struct serving_options *o,
                            struct err *e)
{
    if (s->instance->app.node)
        return true;
    s->instance->app.anchor_file =
        o->anchors ? o->anchors : arena_printf(a, "%s.anchors", s->instance->app.data_folder);
    s->instance->app.anchor_copy = o->anchor_copy;
    struct anchoring_options x = {.file = s->instance->app.anchor_file,
                                  .period_ms = o->anchor_ms};
    if (o->anchor_copy &&
        !(x.copy = anchor_copy_create(a, s->instance->app.data_folder, o->anchor_copy, e)))
        return false;
    s->anchoring = anchoring_start(s->instance, &x, e);
    return s->anchoring != NULL;
}

static bool read_proxies(struct arena *a, struct serving *s, const struct serving_options *o,
                         struct err *e)
{
    struct proxies *p = NULL;
    if (o->trusted_proxies && !proxies_read(a, o->trusted_proxies, &p, e))
        return false;
    s->instance->app.proxies = p;
    return true;
}

/* A node computes nothing for a desk. */
static bool start_work(struct serving *s, struct err *e)
{
    struct app *app = &s->instance->app;
    app->work = app->node ? NULL : work_runner_start(app, e);
    return app->node || app->work;
}

struct serving *serving_start(struct arena *a, struct instance *i,
                              const struct serving_options *o, struct err *e)
{
    struct serving *s = arena_new(a, struct serving);
    s->instance = i;
    i->app.events = events_start();
    i->app.rates = rates_create(o->rate_factor > 0 ? o->rate_factor : 1);
    i->app.release_desk = release_desk_create(clock_now_ms(), clock_boot_ms());
    i->app.envelopes = envelope_desk_create();
    i->app.halves = half_desk_create();
    i->app.phone_cost = o->phone_cost;
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->stop, NULL);
    if (pthread_create(&s->checkpoints, NULL, checkpoint, s) != 0)
        abort();
    if (read_proxies(a, s, o, e) && settle(i->store, e) && start_anchoring(a, s, o, e) &&
        sit_start(&i->app, e) && start_work(s, e) && start_http(a, s, o, e))
        return s;
    serving_stop(s);
    return NULL;
}

uint16_t serving_port(const struct serving *s)
{
    return http_port(s->http);
}

void serving_stop(struct serving *s)
{
    if (!s)
        return;
    sit_quiet(&s->instance->app);
    events_stop(s->instance->app.events);
    http_stop(s->http);
    keepers_end();
    sit_stop(&s->instance->app);
    work_runner_stop(s->instance->app.work);
    s->instance->app.work = NULL;
    anchoring_stop(s->anchoring);
    pthread_mutex_lock(&s->lock);
    s->stopping = true;
    pthread_cond_signal(&s->stop);
    pthread_mutex_unlock(&s->lock);
    pthread_join(s->checkpoints, NULL);
    rates_destroy(s->instance->app.rates);
    release_desk_destroy(s->instance->app.release_desk);
    envelope_desk_destroy(s->instance->app.envelopes);
    half_desk_destroy(s->instance->app.halves);
    pthread_mutex_destroy(&s->lock);
    pthread_cond_destroy(&s->stop);
}

/* "[::1]" as a URL has it; NULL: not closed, or an IPv6 address without brackets. */
static const char *host_of(struct arena *a, const char *text, size_t len)
{
    bool bracketed = len > 2 && text[0] == '[' && text[len - 1] == ']';
    if (bracketed)
        return arena_copy(a, text + 1, len - 2);
    return memchr(text, ':', len) || memchr(text, '[', len) ? NULL : arena_copy(a, text, len);
}

bool serving_listen(struct arena *a, const char *text, struct serving_options *o, struct err *e)
{
    const char *colon = strrchr(text, ':'), *number = colon ? colon + 1 : text;
    char *end;
    long port = strtol(number, &end, 10);
    const char *host = colon ? host_of(a, text, (size_t)(colon - text)) : "127.0.0.1";
    if (!host || *end || end == number || port < 0 || port > 65535)
        return FAIL(e, INVALID, "--listen",
                    "“%.60s”不是 地址:端口（IPv6 地址加方括号，如 [::1]:8080）。", text);
    o->host = host;
    o->port = (uint16_t)port;
    return true;
}

bool serving_is_local(const struct serving_options *o)
{
    return strcmp(o->host, "127.0.0.1") == 0 || strcmp(o->host, "::1") == 0;
}

const char *serving_address(struct arena *a, const struct serving_options *o, unsigned port)
{
    const char *scheme = o->tls_certificate ? "https" : "http";
    const char *host = strchr(o->host, ':') ? arena_printf(a, "[%s]", o->host) : o->host;
    return port == (o->tls_certificate ? 443u : 80u)
               ? arena_printf(a, "%s://%s", scheme, host)
               : arena_printf(a, "%s://%s:%u", scheme, host, port);
}

static void kept(sigset_t *signals)
{
    sigemptyset(signals);
    sigaddset(signals, SIGINT);
    sigaddset(signals, SIGTERM);
}

void serving_keep_signals(void)
{
    sigset_t signals;
    kept(&signals);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    signal(SIGPIPE, SIG_IGN);
}

void serving_wait(void)
{
    sigset_t signals;
    int number;
    kept(&signals);
    sigwait(&signals, &number);
}
