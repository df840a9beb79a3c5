/* web/http.c - libmicrohttpd behind our seam: epoll event threads, a bounded pool of workers. */
#include "web/http.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "web/addresses.h"
#include "web/deadline.h"
#include "web/event_loop.h"
#include "web/http_inside.h"
#include "web/limits.h"
#include "web/streams.h"

/* --- workers --------------------------------------------------------------------------------- */
void exchange_park(struct exchange *x,
                   void (*then)(void *ctx, void *worker, struct exchange *x))
{
    x->then = then;
    atomic_store(&x->legs, 2);
}

void exchange_unpark(struct exchange *x)
{
    x->then = NULL;
}

void exchange_go_on(struct exchange *x)
{
    if (atomic_fetch_sub(&x->legs, 1) == 1)
        lanes_put(x->server->lanes, &x->item);
}

/* The first time the request's own handler, later what it parked itself for. */
static void work_on(struct http_server *s, void *worker, struct exchange *x)
{
    void (*handler)(void *, void *, struct exchange *) = x->then ? x->then : s->handlers.cold;
    enum lane lane = x->item.lane;
    x->then = NULL;
    handler(s->handlers.ctx, worker, x);
    if (x->then) {
        lanes_park(s->lanes, lane);
        exchange_go_on(x);
        return;
    }
    assert(atomic_load(&x->stage) == STAGE_ANSWERED);
    event_loop_resume(x->loop, x->connection);
    lanes_done(s->lanes, lane);
}

static void *work(void *arg)
{
    struct http_server *s = arg;
    struct err e = {0};
    void *worker = s->handlers.worker_start(s->handlers.ctx, &e);
    if (!worker)
        abort(); /* the same start succeeded before the server did */
    for (struct lane_item *item; (item = lanes_take(s->lanes));)
        work_on(s, worker, (struct exchange *)(void *)item);
    s->handlers.worker_stop(s->handlers.ctx, worker);
    return NULL;
}

/* False when too many wait already. The connection is suspended before a worker can see it. */
static bool give_to_workers(struct exchange *x)
{
    struct http_server *s = x->server;
    x->item.lane = x->way == WAY_EXAM ? LANE_EXAM : x->way == WAY_DOOR ? LANE_DOOR : LANE_DESK;
    if (!lanes_reserve(s->lanes, x->item.lane))
        return false;
    x->away = true;
    atomic_store(&x->stage, STAGE_WORKING);
    MHD_suspend_connection(x->connection);
    lanes_put(s->lanes, &x->item);
    return true;
}

/* --- events of the library --------------------------------------------------------------------- */
/* Then, and only then, the library sends a body without end in chunks. */
static bool is_chunked(struct exchange *x, const char *version)
{
    const char *connection = exchange_header(x, "Connection");
    return strcmp(version, "HTTP/1.1") == 0 && x->method == METHOD_GET && !x->server->tls &&
           (!connection || !strcasestr(connection, "close"));
}

static struct exchange *exchange_create(struct front *f, struct MHD_Connection *c,
                                        const char *url, const char *method)
{
    struct arena *a = arena_create(LIMIT_UPLOAD_ARENA_BYTES);
    struct exchange *x = arena_new(a, struct exchange);
    x->server = f->server;
    x->loop = f->loop;
    x->connection = c;
    x->arena = a;
    x->method = exchange_method_of(method);
    x->path = url;
    exchange_note_peer(x);
    return x;
}

/* What the heads say of the length, by name: all of them, for two proxies may believe different
 * ones (request smuggling). */
struct lengths {
    int lengths, codings, hosts;
    const char *length;
};

static enum MHD_Result count_head(void *cls, enum MHD_ValueKind kind, const char *name,
                                  const char *value)
{
    struct lengths *n = cls;
    (void)kind;
    if (strcasecmp(name, "Content-Length") == 0) {
        n->lengths++;
        n->length = value ? value : "";
    } else if (strcasecmp(name, "Transfer-Encoding") == 0) {
        n->codings++;
    } else if (strcasecmp(name, "Host") == 0) {
        n->hosts++;
    }
    return MHD_YES;
}

/* One length in digits or none, no transfer coding, one host. */
static bool head_is_plain(struct exchange *x, size_t *length)
{
    enum { DIGITS_MAX = 15 };
    struct lengths n = {0};
    MHD_get_connection_values(x->connection, MHD_HEADER_KIND, count_head, &n);
    size_t digits = n.length ? strspn(n.length, "0123456789") : 0;
    *length = n.length ? (size_t)strtoull(n.length, NULL, 10) : 0;
    return n.lengths <= 1 && n.codings == 0 && n.hosts == 1 &&
           (!n.length || (digits > 0 && digits <= DIGITS_MAX && !n.length[digits]));
}

static enum MHD_Result begin(struct exchange *x)
{
    struct http_server *s = x->server;
    int status = 400;
    size_t length = 0;
    x->path = arena_text(x->arena, x->path);
    deadline_body(s->deadlines, x->connection);
    bool plain = head_is_plain(x, &length);
    if (!plain || !s->handlers.head(s->handlers.ctx, x, &x->body_max, &x->way, &status)) {
        exchange_turn_away(x, status);
        return exchange_send(x);
    }
    if (length > x->body_max) {
        exchange_turn_away(x, 413);
        return exchange_send(x);
    }
    if (length > 0) {
        x->body_room = length + 1;
        x->body = arena_alloc(x->arena, x->body_room, 1);
    }
    return MHD_YES;
}

static void add_to_body(struct exchange *x, const char *data, size_t len)
{
    if (atomic_load(&x->stage) != STAGE_BODY)
        return; /* refused already: the rest is read and dropped */
    if (x->body_len + len > x->body_max) {
        exchange_turn_away(x, 413);
        return;
    }
    if (x->body_len + len + 1 > x->body_room) {
        size_t room = (x->body_len + len + 1) * 2;
        x->body = arena_grow(x->arena, x->body, x->body_len, room, 1);
        x->body_room = room;
    }
    memcpy(x->body + x->body_len, data, len);
    x->body_len += len;
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *c, const char *url,
                                  const char *method, const char *version, const char *data,
                                  size_t *data_len, void **con_cls)
{
    struct front *f = cls;
    struct http_server *s = f->server;
    struct exchange *x = *con_cls;
    if (!x) {
        *con_cls = x = exchange_create(f, c, url, method);
        x->own_life = is_chunked(x, version);
        return begin(x);
    }
    if (*data_len > 0) {
        add_to_body(x, data, *data_len);
        *data_len = 0;
        return MHD_YES;
    }
    if (atomic_load(&x->stage) == STAGE_BODY) {
        deadline_none(s->deadlines, c);
        if (x->way == WAY_HOT)
            s->handlers.hot(s->handlers.ctx, x);
        else if (x->way == WAY_QUICK)
            s->handlers.cold(s->handlers.ctx, NULL, x);
        else if (!give_to_workers(x))
            exchange_turn_away(x, 429);
        if (x->away) /* and may have been answered already: it is sent when it is resumed */
            return MHD_YES;
    }
    return atomic_load(&x->stage) == STAGE_ANSWERED ? exchange_send(x) : MHD_YES;
}

static void on_completed(void *cls, struct MHD_Connection *c, void **con_cls,
                         enum MHD_RequestTerminationCode why)
{
    struct front *f = cls;
    struct exchange *x = *con_cls;
    (void)why;
    if (!x)
        return;
    if (x->stream)
        stream_end(x->stream);
    deadline_next(f->server->deadlines, c);
    arena_destroy(x->arena);
    *con_cls = NULL;
}

/* Its descriptors are the server's: each connection has one, and each stream that left the library. */
static bool has_room(struct http_server *s)
{
    unsigned here = atomic_fetch_add(&s->connections, 1) + 1;
    return here + streams_count(s->streams) <= s->connections_max;
}

/* One too many, of its address or of all, is shut at once: the library finds its end and closes it. */
static void on_connection(void *cls, struct MHD_Connection *c, void **socket_ctx,
                          enum MHD_ConnectionNotificationCode what)
{
    struct http_server *s = ((struct front *)cls)->server;
    const struct sockaddr *from =
        MHD_get_connection_info(c, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr;
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        int fd = MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
        *socket_ctx = deadline_enter(s->deadlines, fd);
        bool room = has_room(s);
        if (!addresses_enter(s->addresses, from) || !room)
            shutdown(fd, SHUT_RDWR);
    } else {
        addresses_leave(s->addresses, from);
        atomic_fetch_sub(&s->connections, 1);
        deadline_leave(s->deadlines, *socket_ctx);
    }
}

/* Nothing older than TLS 1.2 (SECURITY B1), which the library by itself still speaks. */
#define TLS_PRIORITIES "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"

/* --- start and stop ------------------------------------------------------------------------------ */
static bool open_front(struct front *f, const struct http_config *c, struct err *e)
{
    unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_TURBO;
    int fd = listening_share(&f->server->listening);
    if (c->tls_certificate)
        flags |= MHD_USE_TLS;
    struct MHD_OptionItem tls[] = {
        {MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)c->tls_certificate},
        {MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)c->tls_key},
        {MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t)TLS_PRIORITIES},
        {MHD_OPTION_END, 0, NULL},
    };
    if (!c->tls_certificate)
        tls[0] = tls[3];
    /* One more than all may have: it is accepted and shut, so that who knocks is told. */
    struct MHD_Daemon *daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, on_request, f, MHD_OPTION_LISTEN_SOCKET, fd,
        MHD_OPTION_CONNECTION_LIMIT, c->connections_max + 1, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)LIMIT_HEAD_POOL_BYTES, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)LIMIT_IDLE_SECONDS, MHD_OPTION_NOTIFY_COMPLETED, on_completed, f,
        MHD_OPTION_NOTIFY_CONNECTION, on_connection, f, MHD_OPTION_ARRAY, tls, MHD_OPTION_END);
    if (!daemon) {
        close(fd);
        return FAIL(e, STORE, "listen", "无法在 %s:%u 提供服务。", c->host,
                    (unsigned)http_port(f->server));
    }
    event_loop_start(f->loop, daemon);
    return true;
}

/* All loops wait at the same socket: who wakes first takes what has come. */
static bool open_fronts(struct http_server *s, const struct http_config *c, struct err *e)
{
    if (!listening_open(&s->listening, c->host, c->port, e))
        return false;
    s->fronts = calloc(c->event_threads, sizeof *s->fronts);
    if (!s->fronts)
        abort();
    bool ok = true;
    for (; ok && s->front_count < c->event_threads; s->front_count++) {
        struct front *f = &s->fronts[s->front_count];
        *f = (struct front){s, event_loop_create()};
        ok = open_front(f, c, e);
    }
    return ok;
}

struct http_server *http_start(const struct http_config *c, const struct http_handlers *h,
                               struct err *e)
{
    struct http_server *s = calloc(1, sizeof *s);
    if (!s)
        abort();
    s->handlers = *h;
    s->deadlines = deadlines_start(&c->limits);
    s->lanes = lanes_create(c->worker_threads);
    s->streams = streams_start(c->connections_max);
    s->connections_max = c->connections_max;
    s->addresses = addresses_create(c->connections_per_address);
    s->listening.fd = -1;
    s->tls = c->tls_certificate != NULL;
    s->workers = calloc(c->worker_threads, sizeof *s->workers);
    if (!s->workers)
        abort();
    for (; s->worker_count < c->worker_threads; s->worker_count++)
        if (pthread_create(&s->workers[s->worker_count], NULL, work, s) != 0)
            abort();
    if (!open_fronts(s, c, e)) {
        http_stop(s);
        return NULL;
    }
    return s;
}

uint16_t http_port(const struct http_server *s)
{
    return s->listening.port;
}

unsigned http_connections(const struct http_server *s)
{
    return atomic_load(&s->connections);
}

/* No new work, what is being worked on gets its answer, then the threads end. */
void http_stop(struct http_server *s)
{
    if (!s)
        return;
    lanes_stop(s->lanes);
    for (unsigned i = 0; i < s->worker_count; i++)
        pthread_join(s->workers[i], NULL);
    for (unsigned i = 0; i < s->front_count; i++)
        event_loop_stop(s->fronts[i].loop);
    listening_close(&s->listening);
    streams_stop(s->streams);
    deadlines_stop(s->deadlines);
    lanes_destroy(s->lanes);
    addresses_destroy(s->addresses);
    free(s->fronts);
    free(s->workers);
    free(s);
}
