/* fault/proxy.c - a bad network. */
#include "proxy.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fault.h"

enum { MESSAGE_BYTES = 512 << 10, LATE_MAX = 64, DELAY_MS = 60, ANSWER_WAIT_MS = 3000 };
enum { LATE_EVERY_MS = 15, THREAD_STACK_BYTES = 128 << 10 };

struct late {
    char *bytes;
    size_t len;
};
struct proxy {
    int listener;
    uint16_t server;
    char url[64];
    _Atomic int down, stopping, threads;
    _Atomic int64_t counts[FATE_COUNT], late_sent;
    pthread_mutex_t lock; /* for the seed and the late ones */
    uint64_t seed;
    struct late late[LATE_MAX];
    size_t late_count;
    pthread_t accepts, late_sender;
};
struct line {
    struct proxy *proxy;
    int device, server;
    char *message;
};

static int64_t drawn(struct proxy *p, int64_t bound)
{
    pthread_mutex_lock(&p->lock);
    int64_t v = draw_below(&p->seed, bound);
    pthread_mutex_unlock(&p->lock);
    return v;
}

/* --- bytes ------------------------------------------------------------------------------------------ */
static bool put(int fd, const char *at, size_t len)
{
    while (len > 0) {
        ssize_t n = send(fd, at, len, MSG_NOSIGNAL);
        if (n <= 0)
            return false;
        at += n;
        len -= (size_t)n;
    }
    return true;
}

/* In pieces of any size, as a path with a small window gives them. */
static bool put_in_pieces(struct proxy *p, int fd, const char *at, size_t len)
{
    for (size_t done = 0; done < len;) {
        size_t n = 1 + (size_t)drawn(p, (int64_t)(len / 3 + 1));
        n = n > len - done ? len - done : n;
        if (!put(fd, at + done, n))
            return false;
        done += n;
    }
    return true;
}

static bool readable(struct proxy *p, int fd, int64_t limit_ms)
{
    struct pollfd one = {.fd = fd, .events = POLLIN};
    for (int64_t waited = 0; waited < limit_ms; waited += 20) {
        if (atomic_load(&p->down) || atomic_load(&p->stopping))
            return false;
        if (poll(&one, 1, 20) > 0)
            return true;
    }
    return false;
}

/* The length of the first whole message in AT, 0 if there is none yet. */
static size_t whole(const char *at, size_t len)
{
    const char *end = memmem(at, len, "\r\n\r\n", 4);
    if (!end)
        return 0;
    size_t head = (size_t)(end - at) + 4, body = 0;
    for (const char *l = at; l < end;) {
        if (strncasecmp(l, "content-length:", 15) == 0)
            body = strtoul(l + 15, NULL, 10);
        const char *next = memmem(l, (size_t)(end - l), "\r\n", 2);
        l = next ? next + 2 : end;
    }
    return head + body <= len ? head + body : 0;
}

/* One whole message; 0 when the other side ends or time is over. No pipelining is expected. */
static size_t take(struct proxy *p, int fd, char *to, int64_t limit_ms)
{
    size_t len = 0, n;
    for (;;) {
        if (!readable(p, fd, limit_ms))
            return 0;
        ssize_t got = recv(fd, to + len, MESSAGE_BYTES - len, 0);
        if (got <= 0)
            return 0;
        len += (size_t)got;
        if ((n = whole(to, len)) > 0)
            return n;
        if (len == MESSAGE_BYTES)
            return 0;
    }
}

static int dial(uint16_t port)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
    int one = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof to) != 0) {
        close(fd);
        return -1;
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return fd;
}

/* --- late ones ---------------------------------------------------------------------------------------- */
static void keep_late(struct proxy *p, const char *at, size_t len)
{
    char *copy = malloc(len);
    NEED(copy, "memory", NULL);
    memcpy(copy, at, len);
    pthread_mutex_lock(&p->lock);
    if (p->late_count < LATE_MAX)
        p->late[p->late_count++] = (struct late){copy, len};
    else
        free(copy);
    pthread_mutex_unlock(&p->lock);
}

static bool pick_late(struct proxy *p, struct late *out)
{
    pthread_mutex_lock(&p->lock);
    bool any = p->late_count > 0;
    if (any) {
        size_t i = (size_t)draw_below(&p->seed, (int64_t)p->late_count);
        *out = p->late[i];
        p->late[i] = p->late[--p->late_count];
    }
    pthread_mutex_unlock(&p->lock);
    return any;
}

static void *send_late(void *arg)
{
    struct proxy *p = arg;
    char *answer = malloc(MESSAGE_BYTES);
    NEED(answer, "memory", NULL);
    while (!atomic_load(&p->stopping)) {
        struct late one;
        sleep_ms(LATE_EVERY_MS);
        if (atomic_load(&p->down) || !pick_late(p, &one))
            continue;
        int fd = dial(p->server);
        if (fd >= 0 && put(fd, one.bytes, one.len) && take(p, fd, answer, ANSWER_WAIT_MS) > 0)
            atomic_fetch_add(&p->late_sent, 1);
        if (fd >= 0)
            close(fd);
        free(one.bytes);
    }
    free(answer);
    return NULL;
}

/* --- a line ------------------------------------------------------------------------------------------- */
/* The answer of the server back to the device, or half of it. */
static bool give_answer(struct line *l, bool half)
{
    size_t n = take(l->proxy, l->server, l->message, ANSWER_WAIT_MS);
    return n > 0 && put_in_pieces(l->proxy, l->device, l->message, half ? n / 2 : n) && !half;
}

static bool drop_answer(struct line *l)
{
    return take(l->proxy, l->server, l->message, ANSWER_WAIT_MS) > 0;
}

/* False: the line is cut. */
static bool meet(struct line *l, const char *request, size_t len, enum fate fate)
{
    struct proxy *p = l->proxy;
    atomic_fetch_add(&p->counts[fate], 1);
    switch (fate) {
    case FATE_cut_before:
        return false;
    case FATE_cut_in_request:
        put(l->server, request, len / 2);
        return false;
    case FATE_cut_before_reply:
        return put(l->server, request, len) && drop_answer(l) && false;
    case FATE_cut_in_reply:
        return put(l->server, request, len) && give_answer(l, true);
    case FATE_sent_twice:
        return put(l->server, request, len) && drop_answer(l) && put(l->server, request, len) &&
               give_answer(l, false);
    case FATE_overtaken:
        keep_late(p, request, len);
        return false;
    case FATE_copied_late:
        keep_late(p, request, len);
        break;
    case FATE_delayed:
        sleep_ms(drawn(p, DELAY_MS));
        break;
    case FATE_passed:
    case FATE_COUNT:
        break;
    }
    return put_in_pieces(p, l->server, request, len) && give_answer(l, false);
}

static enum fate fate_of(struct proxy *p, const char *request, size_t len)
{
    const char *end = memchr(request, '\r', len);
    if (!end || !memmem(request, (size_t)(end - request), "/journal ", 9))
        return FATE_passed;
    int64_t n = drawn(p, 2 * FATE_COUNT);
    return n < FATE_COUNT ? (enum fate)n : FATE_passed;
}

static void *serve_line(void *arg)
{
    struct line *l = arg;
    char *request = malloc(MESSAGE_BYTES);
    l->message = malloc(MESSAGE_BYTES);
    NEED(request && l->message, "memory", NULL);
    l->server = dial(l->proxy->server);
    for (bool on = l->server >= 0; on;) {
        size_t len = take(l->proxy, l->device, request, INT64_MAX / 2);
        on = len > 0 && meet(l, request, len, fate_of(l->proxy, request, len));
    }
    close(l->device);
    if (l->server >= 0)
        close(l->server);
    free(request);
    free(l->message);
    atomic_fetch_sub(&l->proxy->threads, 1);
    free(l);
    return NULL;
}

static void *accept_lines(void *arg)
{
    struct proxy *p = arg;
    pthread_attr_t small;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, THREAD_STACK_BYTES);
    pthread_attr_setdetachstate(&small, PTHREAD_CREATE_DETACHED);
    while (!atomic_load(&p->stopping)) {
        struct pollfd one = {.fd = p->listener, .events = POLLIN};
        int fd = poll(&one, 1, 50) > 0 ? accept4(p->listener, NULL, NULL, SOCK_CLOEXEC) : -1;
        if (fd < 0)
            continue;
        if (atomic_load(&p->down)) {
            close(fd);
            continue;
        }
        int yes = 1;
        pthread_t thread;
        struct line *l = calloc(1, sizeof *l);
        NEED(l, "memory", NULL);
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        *l = (struct line){.proxy = p, .device = fd};
        atomic_fetch_add(&p->threads, 1);
        NEED(pthread_create(&thread, &small, serve_line, l) == 0, "a thread", NULL);
    }
    pthread_attr_destroy(&small);
    return NULL;
}

/* --- start and stop --------------------------------------------------------------------------------- */
struct proxy *proxy_start(uint16_t port, uint64_t seed)
{
    struct proxy *p = calloc(1, sizeof *p);
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t len = sizeof at;
    NEED(p, "memory", NULL);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    p->server = port;
    p->seed = seed;
    pthread_mutex_init(&p->lock, NULL);
    p->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    NEED(p->listener >= 0 && bind(p->listener, (struct sockaddr *)&at, sizeof at) == 0 &&
             listen(p->listener, 64) == 0 &&
             getsockname(p->listener, (struct sockaddr *)&at, &len) == 0,
         "the proxy", NULL);
    snprintf(p->url, sizeof p->url, "http://127.0.0.1:%u", (unsigned)ntohs(at.sin_port));
    NEED(pthread_create(&p->accepts, NULL, accept_lines, p) == 0 &&
             pthread_create(&p->late_sender, NULL, send_late, p) == 0,
         "a thread", NULL);
    return p;
}

void proxy_stop(struct proxy *p)
{
    atomic_store(&p->stopping, 1);
    pthread_join(p->accepts, NULL);
    pthread_join(p->late_sender, NULL);
    while (atomic_load(&p->threads) > 0)
        sleep_ms(5);
    close(p->listener);
    for (size_t i = 0; i < p->late_count; i++)
        free(p->late[i].bytes);
    pthread_mutex_destroy(&p->lock);
    free(p);
}

const char *proxy_url(const struct proxy *p)
{
    return p->url;
}

void proxy_set_down(struct proxy *p, int down)
{
    atomic_store(&p->down, down);
}

int64_t proxy_count(const struct proxy *p, enum fate f)
{
    return atomic_load(&p->counts[f]);
}

int64_t proxy_late(const struct proxy *p)
{
    return atomic_load(&p->late_sent);
}
