/* app/bench_deliver_wire.c - the load generator's connections: epoll, requests as a browser sends
 * them, answers to their last byte. */
#include "app/bench_deliver_wire.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"

enum { EVENTS_AT_ONCE = 512, FIRST_TIMERS = 1024 };

struct timer {
    int64_t at_us;
    void (*fn)(void *ctx);
    void *ctx;
};

struct wire {
    struct arena *arena;
    uint16_t port;
    int epoll;
    struct wire_totals totals;
    struct wire_connection *connections;
    struct timer *heap; /* the earliest first */
    size_t timers, timers_room;
};

struct wire_connection {
    struct wire *wire;
    struct wire_connection *next;
    uint32_t from;
    int fd; /* -1: not connected */
    bool connecting, in_flight, streaming;
    struct wire_call call;
    char out[WIRE_REQUEST_BYTES];
    size_t out_len, out_sent;
    unsigned char in[WIRE_ANSWER_BYTES];
    size_t in_len, body_at, whole; /* WHOLE: length of head and body, 0 not known yet */
    unsigned char *big;            /* an answer that does not fit; malloc */
    struct wire_answer answer;
};

int64_t wire_now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

struct wire *wire_create(struct arena *a, uint16_t port)
{
    struct wire *w = arena_new(a, struct wire);
    w->arena = a;
    w->port = port;
    w->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (w->epoll < 0)
        abort();
    return w;
}

struct wire_connection *wire_connection(struct wire *w, uint32_t from)
{
    struct wire_connection *c = arena_new(w->arena, struct wire_connection);
    c->wire = w;
    c->from = from;
    c->fd = -1;
    c->next = w->connections;
    w->connections = c;
    return c;
}

void wire_close(struct wire_connection *c)
{
    if (c->fd >= 0)
        close(c->fd);
    c->fd = -1;
    c->streaming = false;
    free(c->big);
    c->big = NULL;
}

bool wire_is_open(const struct wire_connection *c)
{
    return c->fd >= 0;
}

void wire_destroy(struct wire *w)
{
    for (struct wire_connection *c = w->connections; c; c = c->next)
        wire_close(c);
    close(w->epoll);
}

const struct wire_totals *wire_totals(const struct wire *w)
{
    return &w->totals;
}

/* --- timers ------------------------------------------------------------------------------------- */
void wire_at(struct wire *w, int64_t at_us, void (*fn)(void *ctx), void *ctx)
{
    if (w->timers == w->timers_room) {
        w->timers_room = w->timers_room ? w->timers_room * 2 : FIRST_TIMERS;
        w->heap = arena_grow(w->arena, w->heap, w->timers, w->timers_room, sizeof *w->heap);
    }
    size_t i = w->timers++;
    while (i > 0 && w->heap[(i - 1) / 2].at_us > at_us) {
        w->heap[i] = w->heap[(i - 1) / 2];
        i = (i - 1) / 2;
    }
    w->heap[i] = (struct timer){at_us, fn, ctx};
}

static struct timer take_first(struct wire *w)
{
    struct timer first = w->heap[0], last = w->heap[--w->timers];
    size_t i = 0;
    for (;;) {
        size_t child = 2 * i + 1;
        if (child >= w->timers)
            break;
        if (child + 1 < w->timers && w->heap[child + 1].at_us < w->heap[child].at_us)
            child++;
        if (w->heap[child].at_us >= last.at_us)
            break;
        w->heap[i] = w->heap[child];
        i = child;
    }
    w->heap[i] = last;
    return first;
}

/* --- sending ------------------------------------------------------------------------------------ */
static void watch(struct wire_connection *c, int op, uint32_t events)
{
    struct epoll_event ev = {.events = events, .data.ptr = c};
    if (epoll_ctl(c->wire->epoll, op, c->fd, &ev) != 0)
        abort();
}

/* The end of a call. Whoever is told may begin the next at once. */
static void tell(struct wire_connection *c)
{
    unsigned char *big = c->big;
    c->in_flight = false;
    c->in_len = c->body_at = c->whole = 0;
    c->big = NULL;
    c->wire->totals.waiting--;
    c->answer.us = wire_now_us() - c->call.due_us;
    c->call.answered(c->call.ctx, &c->answer);
    free(big);
}

static void broke(struct wire_connection *c)
{
    bool told = c->in_flight;
    wire_close(c);
    c->wire->totals.broken++;
    c->answer = (struct wire_answer){0};
    if (told)
        tell(c);
}

static void send_rest(struct wire_connection *c)
{
    while (c->out_sent < c->out_len) {
        ssize_t n = send(c->fd, c->out + c->out_sent, c->out_len - c->out_sent, MSG_NOSIGNAL);
        if (n < 0 && errno == EAGAIN) {
            watch(c, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
            return;
        }
        if (n < 0) {
            broke(c);
            return;
        }
        c->out_sent += (size_t)n;
        c->wire->totals.bytes_out += n;
    }
}

static bool connect_from(struct wire_connection *c)
{
    struct sockaddr_in here = {.sin_family = AF_INET,
                               .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr_in there = {.sin_family = AF_INET,
                                .sin_port = htons(c->wire->port),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int yes = 1;
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (c->fd < 0)
        return false;
    if (c->from)
        here.sin_addr.s_addr = htonl(0x7f010000u + c->from);
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    setsockopt(c->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes, sizeof yes);
    if (bind(c->fd, (struct sockaddr *)&here, sizeof here) != 0)
        return false;
    int code = connect(c->fd, (struct sockaddr *)&there, sizeof there);
    c->connecting = code != 0;
    if (code != 0 && errno != EINPROGRESS)
        return false;
    watch(c, EPOLL_CTL_ADD, c->connecting ? EPOLLIN | EPOLLOUT : EPOLLIN);
    return true;
}

/* The heads that Chromium sends with a fetch of our own page. */
static void write_request(struct wire_connection *c, const struct wire_call *call)
{
    static const char browser[] =
        "Connection: keep-alive\r\n"
        "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)"
        " Chrome/140.0.0.0 Safari/537.36\r\n"
        "Accept: */*\r\n"
        "sec-ch-ua: \"Chromium\";v=\"140\", \"Not=A?Brand\";v=\"24\"\r\n"
        "sec-ch-ua-mobile: ?0\r\nsec-ch-ua-platform: \"Linux\"\r\n"
        "Sec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: cors\r\nSec-Fetch-Dest: empty\r\n"
        "Accept-Encoding: gzip, deflate, br, zstd\r\nAccept-Language: zh-CN,zh;q=0.9\r\n";
    size_t n = (size_t)snprintf(c->out, sizeof c->out,
                                "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n%s", call->method,
                                call->path, (unsigned)c->wire->port, browser);
    if (call->authorization)
        n += (size_t)snprintf(c->out + n, sizeof c->out - n, "Authorization: %s\r\n",
                              call->authorization);
    if (call->body.at)
        n += (size_t)snprintf(c->out + n, sizeof c->out - n,
                              "Origin: http://127.0.0.1:%u\r\nHeng-Request: 1\r\n"
                              "Content-Type: %s\r\nContent-Length: %zu\r\n",
                              (unsigned)c->wire->port,
                              call->media_type ? call->media_type : "application/json",
                              call->body.len);
    n += (size_t)snprintf(c->out + n, sizeof c->out - n, "\r\n");
    if (n + call->body.len > sizeof c->out)
        abort(); /* the scripts of the load are bounded */
    if (call->body.at && call->body.len)
        memcpy(c->out + n, call->body.at, call->body.len);
    c->out_len = n + call->body.len;
    c->out_sent = 0;
}

static void break_later(void *ctx)
{
    broke(ctx);
}

void wire_call(struct wire_connection *c, const struct wire_call *call)
{
    if (c->in_flight)
        abort();
    c->call = *call;
    if (!c->call.due_us)
        c->call.due_us = wire_now_us();
    c->in_flight = true;
    c->wire->totals.waiting++;
    write_request(c, call);
    if (c->fd < 0 && !connect_from(c)) {
        wire_at(c->wire, 0, break_later, c); /* not inside the caller's own call */
        return;
    }
    if (!c->connecting)
        send_rest(c);
}

/* --- reading ------------------------------------------------------------------------------------ */
static const char *header_of(const char *head, const char *name)
{
    size_t len = strlen(name);
    for (const char *line = strstr(head, "\r\n"); line; line = strstr(line + 2, "\r\n"))
        if (strncasecmp(line + 2, name, len) == 0)
            return line + 2 + len;
    return NULL;
}

static void read_head(struct wire_connection *c)
{
    unsigned char *end = memmem(c->in, c->in_len, "\r\n\r\n", 4);
    if (!end)
        return;
    *end = '\0';
    const char *head = (const char *)c->in;
    const char *length = header_of(head, "Content-Length:");
    const char *retry = header_of(head, "Retry-After:");
    c->body_at = (size_t)(end - c->in) + 4;
    c->answer = (struct wire_answer){.status = (int)strtol(head + 9, NULL, 10)};
    if (retry)
        c->answer.retry_ms = strtoll(retry, NULL, 10) * 1000;
    c->whole = c->body_at + (length ? strtoul(length, NULL, 10) : 0);
    if (c->call.stream && c->answer.status == 200) {
        c->streaming = true;
        tell(c);
    } else if (c->whole >= sizeof c->in) {
        c->big = malloc(c->whole + 1);
        if (!c->big)
            abort();
        memcpy(c->big, c->in, c->in_len);
    }
}

static void drain_stream(struct wire_connection *c, size_t got)
{
    const unsigned char *from = c->in, *end = c->in + got, *at;
    while ((at = memmem(from, (size_t)(end - from), "event:", 6))) {
        c->wire->totals.events++;
        from = at + 6;
    }
}

static void take(struct wire_connection *c, size_t got)
{
    c->wire->totals.bytes_in += (int64_t)got;
    if (c->streaming) {
        drain_stream(c, got);
        return;
    }
    if (!c->in_flight)
        return; /* nobody asked: the server says good-bye */
    c->in_len += got;
    if (!c->whole)
        read_head(c);
    if (!c->in_flight || !c->whole || c->in_len < c->whole)
        return;
    unsigned char *from = c->big ? c->big : c->in;
    from[c->whole] = '\0';
    c->answer.body = (struct bytes){from + c->body_at, c->whole - c->body_at};
    tell(c);
}

static void receive(struct wire_connection *c)
{
    for (;;) {
        unsigned char *to = c->streaming ? c->in : (c->big ? c->big : c->in) + c->in_len;
        size_t room = c->streaming ? sizeof c->in
                      : c->big     ? c->whole - c->in_len
                                   : sizeof c->in - 1 - c->in_len;
        if (room == 0) {
            broke(c); /* a head longer than any of ours */
            return;
        }
        ssize_t n = recv(c->fd, to, room, 0);
        if (n < 0 && errno == EAGAIN)
            return;
        if (n <= 0) {
            broke(c);
            return;
        }
        take(c, (size_t)n);
        if ((size_t)n < room || c->fd < 0)
            return;
    }
}

static void on_event(struct wire_connection *c, uint32_t events)
{
    if (c->fd < 0)
        return; /* closed by an event before this one */
    if (events & EPOLLOUT) {
        int code = 0;
        socklen_t len = sizeof code;
        if (c->connecting && (getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &code, &len) || code)) {
            broke(c);
            return;
        }
        c->connecting = false;
        watch(c, EPOLL_CTL_MOD, EPOLLIN);
        send_rest(c);
    }
    if (c->fd >= 0 && events & (EPOLLIN | EPOLLHUP | EPOLLERR))
        receive(c);
}

void wire_run(struct wire *w, int wait_ms)
{
    struct epoll_event events[EVENTS_AT_ONCE];
    int64_t now = wire_now_us();
    if (w->timers > 0 && (w->heap[0].at_us - now) / 1000 < wait_ms)
        wait_ms = w->heap[0].at_us <= now ? 0 : (int)((w->heap[0].at_us - now) / 1000);
    int n = epoll_wait(w->epoll, events, EVENTS_AT_ONCE, wait_ms);
    for (int i = 0; i < n; i++)
        on_event(events[i].data.ptr, events[i].events);
    now = wire_now_us();
    while (w->timers > 0 && w->heap[0].at_us <= now) {
        struct timer t = take_first(w);
        t.fn(t.ctx);
    }
}
