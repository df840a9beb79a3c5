/* web/http.c - libmicrohttpd behind our seam: epoll event threads, a bounded pool of workers. */
#include "web/http.h"

#include <arpa/inet.h>
#include <assert.h>
#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "web/deadline.h"
#include "web/limits.h"

enum { HEADERS_MAX = 24, PEER_BYTES = 64 };
enum { STREAM_BLOCK_BYTES = 4096 };

enum stage { STAGE_BODY, STAGE_WORKING, STAGE_DEFERRED, STAGE_ANSWERED, STAGE_SENT };

struct exchange {
    struct http_server *server;
    struct MHD_Connection *connection;
    struct arena *arena;
    struct exchange *next; /* in the work queue */
    enum method method;
    const char *path;
    unsigned char *body;
    size_t body_len, body_room, body_max;
    bool hot;
    void *slot;
    char peer[PEER_BYTES];

    _Atomic int stage;
    int status;
    const char *media_type;
    struct bytes answer;
    struct exchange_stream stream;
    const char *headers[HEADERS_MAX][2];
    size_t header_count;
    bool away;           /* another thread answers: set and read on the event thread only */
    _Atomic bool asleep; /* a stream whose connection is suspended */
};

struct http_server {
    struct MHD_Daemon *daemon;
    struct http_handlers handlers;
    struct deadlines *deadlines;

    pthread_mutex_t lock;
    pthread_cond_t work, idle;
    struct exchange *first, **last;
    size_t waiting, working;
    bool stopping;
    pthread_t *workers;
    unsigned worker_count;
};

/* --- the request ---------------------------------------------------------------------------- */
static enum method method_of(const char *name)
{
    static const char *const names[] = {"GET", "POST", "PUT", "PATCH", "DELETE"};
    for (int i = 0; i < METHOD_OTHER; i++)
        if (strcmp(name, names[i]) == 0)
            return (enum method)i;
    return strcmp(name, "HEAD") == 0 ? METHOD_GET : METHOD_OTHER;
}

enum method exchange_method(const struct exchange *x)
{
    return x->method;
}

const char *exchange_path(const struct exchange *x)
{
    return x->path;
}

const char *exchange_header(struct exchange *x, const char *name)
{
    return MHD_lookup_connection_value(x->connection, MHD_HEADER_KIND, name);
}

const char *exchange_query(struct exchange *x, const char *name)
{
    return MHD_lookup_connection_value(x->connection, MHD_GET_ARGUMENT_KIND, name);
}

struct bytes exchange_body(const struct exchange *x)
{
    return (struct bytes){x->body, x->body_len};
}

const char *exchange_peer(const struct exchange *x)
{
    return x->peer;
}

struct arena *exchange_arena(struct exchange *x)
{
    return x->arena;
}

void **exchange_slot(struct exchange *x)
{
    return &x->slot;
}

static void note_peer(struct exchange *x)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(
        x->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    if (!info || !info->client_addr)
        return;
    const struct sockaddr *address = info->client_addr;
    if (address->sa_family == AF_INET)
        inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)address)->sin_addr,
                  x->peer, sizeof x->peer);
    else if (address->sa_family == AF_INET6)
        inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr,
                  x->peer, sizeof x->peer);
}

/* --- the answer ----------------------------------------------------------------------------- */
void exchange_set_header(struct exchange *x, const char *name, const char *value)
{
    assert(x->header_count < HEADERS_MAX);
    x->headers[x->header_count][0] = name;
    x->headers[x->header_count][1] = arena_text(x->arena, value);
    x->header_count++;
}

static void set_answer(struct exchange *x, int status, const char *media_type,
                       struct bytes body)
{
    x->status = status;
    x->media_type = media_type;
    x->answer = body;
    atomic_store(&x->stage, STAGE_ANSWERED);
}

void exchange_answer(struct exchange *x, int status, const char *media_type, struct bytes body)
{
    set_answer(x, status, media_type, body);
}

void exchange_defer(struct exchange *x)
{
    assert(x->hot);
    x->away = true;
    atomic_store(&x->stage, STAGE_DEFERRED);
    MHD_suspend_connection(x->connection);
}

void exchange_finish(struct exchange *x, int status, const char *media_type, struct bytes body)
{
    body.at = arena_copy(x->arena, body.at, body.len);
    set_answer(x, status, media_type, body);
    MHD_resume_connection(x->connection);
}

void exchange_answer_stream(struct exchange *x, int status, const char *media_type,
                            struct exchange_stream stream)
{
    x->stream = stream;
    set_answer(x, status, media_type, (struct bytes){NULL, 0});
}

/* Sleep first, look again, wake if something came in between: no wake-up is lost. */
static ssize_t pull_stream(void *cls, uint64_t pos, char *to, size_t max)
{
    struct exchange *x = cls;
    (void)pos;
    long n = x->stream.pull(x->stream.ctx, to, max);
    if (n != 0)
        return n < 0 ? MHD_CONTENT_READER_END_OF_STREAM : n;
    MHD_suspend_connection(x->connection);
    atomic_store(&x->asleep, true);
    n = x->stream.pull(x->stream.ctx, to, max);
    if (n != 0) {
        exchange_wake(x);
        return n < 0 ? MHD_CONTENT_READER_END_OF_STREAM : n;
    }
    return 0;
}

void exchange_wake(struct exchange *x)
{
    if (atomic_exchange(&x->asleep, false))
        MHD_resume_connection(x->connection);
}

static enum MHD_Result send_answer(struct exchange *x)
{
    struct MHD_Response *r;
    if (x->stream.pull)
        r = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_BLOCK_BYTES, pull_stream,
                                              x, NULL);
    else
        r = MHD_create_response_from_buffer(x->answer.len, (void *)(uintptr_t)x->answer.at,
                                            MHD_RESPMEM_PERSISTENT);
    if (!r)
        return MHD_NO;
    if (x->media_type)
        MHD_add_response_header(r, "Content-Type", x->media_type);
    for (size_t i = 0; i < x->header_count; i++)
        MHD_add_response_header(r, x->headers[i][0], x->headers[i][1]);
    atomic_store(&x->stage, STAGE_SENT);
    enum MHD_Result sent = MHD_queue_response(x->connection, (unsigned)x->status, r);
    MHD_destroy_response(r);
    return sent;
}

/* --- workers --------------------------------------------------------------------------------- */
static struct exchange *take_work(struct http_server *s)
{
    pthread_mutex_lock(&s->lock);
    while (!s->first && !s->stopping)
        pthread_cond_wait(&s->work, &s->lock);
    struct exchange *x = s->first;
    if (x) {
        s->first = x->next;
        if (!s->first)
            s->last = &s->first;
        s->waiting--;
        s->working++;
    }
    pthread_mutex_unlock(&s->lock);
    return x;
}

static void *work(void *arg)
{
    struct http_server *s = arg;
    struct err e = {0};
    void *worker = s->handlers.worker_start(s->handlers.ctx, &e);
    if (!worker)
        abort(); /* the same start succeeded before the server did */
    for (struct exchange *x; (x = take_work(s));) {
        s->handlers.cold(s->handlers.ctx, worker, x);
        assert(atomic_load(&x->stage) == STAGE_ANSWERED);
        MHD_resume_connection(x->connection);
        pthread_mutex_lock(&s->lock);
        s->working--;
        pthread_cond_signal(&s->idle);
        pthread_mutex_unlock(&s->lock);
    }
    s->handlers.worker_stop(s->handlers.ctx, worker);
    return NULL;
}

/* False when too many wait already. The connection is suspended before a worker can see it. */
static bool give_to_workers(struct exchange *x)
{
    struct http_server *s = x->server;
    bool room;
    pthread_mutex_lock(&s->lock);
    room = s->waiting < LIMIT_WORK_QUEUE && !s->stopping;
    if (room) {
        x->away = true;
        atomic_store(&x->stage, STAGE_WORKING);
        MHD_suspend_connection(x->connection);
        x->next = NULL;
        *s->last = x;
        s->last = &x->next;
        s->waiting++;
        pthread_cond_signal(&s->work);
    }
    pthread_mutex_unlock(&s->lock);
    return room;
}

/* --- events of the library --------------------------------------------------------------------- */
static void refuse(struct exchange *x, int status)
{
    if (status == 429 || status == 503)
        exchange_set_header(x, "Retry-After", "2");
    set_answer(x, status, "application/json", (struct bytes){(const unsigned char *)"{}", 2});
}

static struct exchange *exchange_create(struct http_server *s, struct MHD_Connection *c,
                                        const char *url, const char *method)
{
    struct arena *a = arena_create(LIMIT_UPLOAD_ARENA_BYTES);
    struct exchange *x = arena_new(a, struct exchange);
    x->server = s;
    x->connection = c;
    x->arena = a;
    x->method = method_of(method);
    x->path = url;
    note_peer(x);
    return x;
}

static enum MHD_Result begin(struct exchange *x)
{
    struct http_server *s = x->server;
    int status = 500;
    x->path = arena_text(x->arena, x->path);
    deadline_body(s->deadlines, x->connection);
    if (!s->handlers.head(s->handlers.ctx, x, &x->body_max, &x->hot, &status)) {
        refuse(x, status);
        return send_answer(x);
    }
    const char *length = exchange_header(x, "Content-Length");
    if (length && strtoull(length, NULL, 10) > x->body_max) {
        refuse(x, 413);
        return send_answer(x);
    }
    if (length) {
        x->body_room = (size_t)strtoull(length, NULL, 10) + 1;
        x->body = arena_alloc(x->arena, x->body_room, 1);
    }
    return MHD_YES;
}

static void add_to_body(struct exchange *x, const char *data, size_t len)
{
    if (atomic_load(&x->stage) != STAGE_BODY)
        return; /* refused already: the rest is read and dropped */
    if (x->body_len + len > x->body_max) {
        refuse(x, 413);
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
    struct http_server *s = cls;
    struct exchange *x = *con_cls;
    (void)version;
    if (!x) {
        *con_cls = x = exchange_create(s, c, url, method);
        return begin(x);
    }
    if (*data_len > 0) {
        add_to_body(x, data, *data_len);
        *data_len = 0;
        return MHD_YES;
    }
    if (atomic_load(&x->stage) == STAGE_BODY) {
        deadline_none(s->deadlines, c);
        if (x->hot)
            s->handlers.hot(s->handlers.ctx, x);
        else if (!give_to_workers(x))
            refuse(x, 429);
        if (x->away) /* and may have been answered already: it is sent when it is resumed */
            return MHD_YES;
    }
    return atomic_load(&x->stage) == STAGE_ANSWERED ? send_answer(x) : MHD_YES;
}

static void on_completed(void *cls, struct MHD_Connection *c, void **con_cls,
                         enum MHD_RequestTerminationCode why)
{
    struct http_server *s = cls;
    struct exchange *x = *con_cls;
    (void)why;
    if (!x)
        return;
    if (x->stream.done)
        x->stream.done(x->stream.ctx);
    deadline_next(s->deadlines, c);
    arena_destroy(x->arena);
    *con_cls = NULL;
}

static void on_connection(void *cls, struct MHD_Connection *c, void **socket_ctx,
                          enum MHD_ConnectionNotificationCode what)
{
    struct http_server *s = cls;
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *info = MHD_get_connection_info(
            c, MHD_CONNECTION_INFO_CONNECTION_FD);
        *socket_ctx = deadline_enter(s->deadlines, info->connect_fd);
    } else {
        deadline_leave(s->deadlines, *socket_ctx);
    }
}

/* --- start and stop ------------------------------------------------------------------------------ */
static bool listen_at(struct http_server *s, const struct http_config *c, struct err *e)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(c->port)};
    if (inet_pton(AF_INET, c->host, &at.sin_addr) != 1)
        return FAIL(e, INVALID, "listen", "“%.60s”不是可监听的地址。", c->host);
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_TURBO;
    if (c->tls_certificate)
        flags |= MHD_USE_TLS;
    struct MHD_OptionItem tls[] = {
        {MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)c->tls_certificate},
        {MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)c->tls_key},
        {MHD_OPTION_END, 0, NULL},
    };
    if (!c->tls_certificate)
        tls[0] = tls[2];
    s->daemon = MHD_start_daemon(
        flags, c->port, NULL, NULL, on_request, s, MHD_OPTION_SOCK_ADDR, &at,
        MHD_OPTION_THREAD_POOL_SIZE, c->event_threads, MHD_OPTION_CONNECTION_LIMIT,
        c->connections_max, MHD_OPTION_PER_IP_CONNECTION_LIMIT, c->connections_per_address,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)LIMIT_HEAD_POOL_BYTES,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)LIMIT_IDLE_SECONDS,
        MHD_OPTION_LISTENING_ADDRESS_REUSE, 1u, MHD_OPTION_LISTEN_BACKLOG_SIZE, 4096u,
        MHD_OPTION_NOTIFY_COMPLETED, on_completed, s, MHD_OPTION_NOTIFY_CONNECTION,
        on_connection, s, MHD_OPTION_ARRAY, tls, MHD_OPTION_END);
    return s->daemon || FAIL(e, STORE, "listen", "无法在 %s:%u 监听，可能已被占用。", c->host,
                             (unsigned)c->port);
}

struct http_server *http_start(const struct http_config *c, const struct http_handlers *h,
                               struct err *e)
{
    struct http_server *s = calloc(1, sizeof *s);
    if (!s)
        abort();
    s->handlers = *h;
    s->last = &s->first;
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->work, NULL);
    pthread_cond_init(&s->idle, NULL);
    s->deadlines = deadlines_start();
    s->workers = calloc(c->worker_threads, sizeof *s->workers);
    if (!s->workers)
        abort();
    for (; s->worker_count < c->worker_threads; s->worker_count++)
        if (pthread_create(&s->workers[s->worker_count], NULL, work, s) != 0)
            abort();
    if (!listen_at(s, c, e)) {
        http_stop(s);
        return NULL;
    }
    return s;
}

uint16_t http_port(const struct http_server *s)
{
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(s->daemon,
                                                           MHD_DAEMON_INFO_BIND_PORT);
    return info ? info->port : 0;
}

/* No new work, what is being worked on gets its answer, then the threads end. */
void http_stop(struct http_server *s)
{
    if (!s)
        return;
    pthread_mutex_lock(&s->lock);
    s->stopping = true;
    pthread_cond_broadcast(&s->work);
    while (s->waiting + s->working > 0)
        pthread_cond_wait(&s->idle, &s->lock);
    pthread_mutex_unlock(&s->lock);
    for (unsigned i = 0; i < s->worker_count; i++)
        pthread_join(s->workers[i], NULL);
    if (s->daemon)
        MHD_stop_daemon(s->daemon);
    deadlines_stop(s->deadlines);
    pthread_mutex_destroy(&s->lock);
    pthread_cond_destroy(&s->work);
    pthread_cond_destroy(&s->idle);
    free(s->workers);
    free(s);
}
