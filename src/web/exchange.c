/* web/exchange.c - one request as it came, and its answer as the library is given it. */
#include <arpa/inet.h>
#include <assert.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "web/deadline.h"
#include "web/event_loop.h"
#include "web/http_inside.h"
#include "web/streams.h"

enum { STREAM_BLOCK_BYTES = 4096 };

/* --- the request ---------------------------------------------------------------------------- */
enum method exchange_method_of(const char *name)
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

struct joining {
    struct arena *arena;
    const char *name;
    char *text;
};

static enum MHD_Result join(void *ctx, enum MHD_ValueKind kind, const char *key,
                            const char *value)
{
    struct joining *j = ctx;
    (void)kind;
    if (value && strcasecmp(key, j->name) == 0)
        j->text = j->text ? arena_printf(j->arena, "%s,%s", j->text, value)
                          : arena_text(j->arena, value);
    return MHD_YES;
}

const char *exchange_header_all(struct exchange *x, const char *name)
{
    struct joining j = {x->arena, name, NULL};
    MHD_get_connection_values(x->connection, MHD_HEADER_KIND, join, &j);
    return j.text;
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

void exchange_note_peer(struct exchange *x)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(
        x->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    if (!info || !info->client_addr)
        return;
    const struct sockaddr *address = info->client_addr;
    const struct in6_addr *six =
        address->sa_family == AF_INET6
            ? &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr
            : NULL;
    if (address->sa_family == AF_INET)
        inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)address)->sin_addr,
                  x->peer, sizeof x->peer);
    else if (six && IN6_IS_ADDR_V4MAPPED(six)) /* at "::", where both families come in */
        inet_ntop(AF_INET, &six->s6_addr[12], x->peer, sizeof x->peer);
    else if (six)
        inet_ntop(AF_INET6, six, x->peer, sizeof x->peer);
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
    assert(x->way == WAY_HOT);
    x->away = true;
    atomic_store(&x->stage, STAGE_DEFERRED);
    MHD_suspend_connection(x->connection);
}

void exchange_finish(struct exchange *x, int status, const char *media_type, struct bytes body)
{
    body.at = arena_copy(x->arena, body.at, body.len);
    set_answer(x, status, media_type, body);
    event_loop_resume(x->loop, x->connection);
}

struct stream *exchange_answer_stream(struct exchange *x, int status, const char *media_type,
                                      const struct stream_source *source)
{
    x->stream = stream_create(*source);
    x->streams = true;
    set_answer(x, status, media_type, (struct bytes){NULL, 0});
    return x->stream;
}

/* The first call comes when the head is sent: the moment to take the socket. Then the library asks
 * again, is told that this was all, writes its last chunk to a socket that nobody reads, and
 * cleans up at once. (Told of an error here it would keep the connection until its time is out.) */
static ssize_t pull_stream(void *cls, uint64_t pos, char *to, size_t max)
{
    struct exchange *x = cls;
    if (!x->stream)
        return MHD_CONTENT_READER_END_OF_STREAM;
    if (pos == 0 && x->own_life) {
        const union MHD_ConnectionInfo *info = MHD_get_connection_info(
            x->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
        x->own_life = false;
        MHD_suspend_connection(x->connection); /* its epoll forgets the socket */
        if (streams_take(x->server->streams, x->stream, info->connect_fd))
            x->stream = NULL;
        event_loop_resume(x->loop, x->connection);
        return 0;
    }
    long n = stream_pull(x->stream, (struct sleeper){x->loop, x->connection}, to, max);
    return n < 0 ? MHD_CONTENT_READER_END_OF_STREAM : n;
}

enum MHD_Result exchange_send(struct exchange *x)
{
    struct MHD_Response *r;
    if (x->streams)
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
    if (!x->streams)
        deadline_answer(x->server->deadlines, x->connection, x->answer.len);
    atomic_store(&x->stage, STAGE_SENT);
    enum MHD_Result sent = MHD_queue_response(x->connection, (unsigned)x->status, r);
    MHD_destroy_response(r);
    return sent;
}

void exchange_turn_away(struct exchange *x, int status)
{
    static const struct {
        int status;
        const char *body;
    } rows[] = {
        {400,
         "{\"error\":{\"code\":\"invalid\",\"field\":\"\",\"text\":\"请求头不合规范。\"}}"},
        {413, "{\"error\":{\"code\":\"too_large\",\"field\":\"\",\"text\":\"内容太大。\"}}"},
        {429, "{\"error\":{\"code\":\"too_many\",\"field\":\"\",\"text\":"
              "\"现在请求太多，请稍后再试。\"}}"},
    };
    const char *body = "{}";
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        body = rows[i].status == status ? rows[i].body : body;
    if (status == 429 || status == 503)
        exchange_set_header(x, "Retry-After", "2");
    set_answer(x, status, "application/json",
               (struct bytes){(const unsigned char *)body, strlen(body)});
}
