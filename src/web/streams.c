/* web/streams.c - a thread that sends what streams have to say, and notices when nobody is left. */
#include "web/streams.h"

#include <errno.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "web/event_loop.h"

enum { BLOCK_BYTES = 4096, EVENTS_AT_ONCE = 256 };

struct stream {
    struct stream_source source;
    /* With the library: */
    struct MHD_Connection *_Atomic asleep; /* suspended, to be resumed by a wake */
    struct event_loop *loop;               /* that resumes it */
    /* Here: */
    struct streams *_Atomic home;
    int fd;
    struct stream *next; /* among those that were woken */
    bool woken;          /* under the lock */
    bool writing;        /* waits until the socket takes more */
    char *rest;          /* of a block that the socket did not take whole; malloc */
    size_t rest_len;
    bool settled, ended;
};

struct streams {
    pthread_mutex_t lock;
    pthread_t thread;
    int epoll, bell;
    struct stream *woken;
    size_t count, most;
    bool stopping;
};

struct stream *stream_create(struct stream_source source)
{
    struct stream *s = calloc(1, sizeof *s);
    if (!s)
        abort();
    s->source = source;
    s->fd = -1;
    return s;
}

/* --- with the library ------------------------------------------------------------------------- */
/* Sleep first, look again, wake if something came in between: no wake-up is lost. */
long stream_pull(struct stream *s, struct sleeper at, char *to, size_t max)
{
    long n = s->source.pull(s->source.ctx, to, max);
    if (n != 0)
        return n;
    s->loop = at.loop;
    MHD_suspend_connection(at.connection);
    atomic_store(&s->asleep, at.connection);
    n = s->source.pull(s->source.ctx, to, max);
    if (n != 0)
        stream_wake(s);
    return n;
}

void stream_end(struct stream *s)
{
    s->source.done(s->source.ctx);
    free(s);
}

/* --- here --------------------------------------------------------------------------------------- */
static void ring(struct streams *all)
{
    uint64_t one = 1;
    ssize_t n = write(all->bell, &one, sizeof one);
    (void)n; /* full: it rings already */
}

static void put_woken(struct streams *all, struct stream *s)
{
    pthread_mutex_lock(&all->lock);
    bool first = !all->woken;
    if (!s->woken) {
        s->woken = true;
        s->next = all->woken;
        all->woken = s;
    }
    pthread_mutex_unlock(&all->lock);
    if (first)
        ring(all);
}

/* Whoever wakes has made the source ready before. Either it sees that the stream lives here, or
 * the first look that is taken here comes after and sees what is ready. */
void stream_wake(struct stream *s)
{
    struct streams *home = atomic_load(&s->home);
    if (home) {
        put_woken(home, s);
        return;
    }
    struct MHD_Connection *c = atomic_exchange(&s->asleep, NULL);
    if (c)
        event_loop_resume(s->loop, c);
}

/* The library keeps its descriptor number, but finds a socket there whose other end is closed. */
static int swap_socket(int fd)
{
    int pair[2], mine;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) != 0)
        return -1;
    mine = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    if (mine >= 0 && dup3(pair[0], fd, O_CLOEXEC) < 0) {
        close(mine);
        mine = -1;
    }
    close(pair[0]);
    close(pair[1]);
    return mine;
}

bool streams_take(struct streams *all, struct stream *s, int fd)
{
    pthread_mutex_lock(&all->lock);
    bool room = all->count < all->most && !all->stopping;
    all->count += room;
    pthread_mutex_unlock(&all->lock);
    if (room && (s->fd = swap_socket(fd)) >= 0) {
        atomic_store(&s->home, all);
        put_woken(all, s); /* the thread does the rest: from here on it may end at any moment */
        return true;
    }
    if (room) {
        pthread_mutex_lock(&all->lock);
        all->count--;
        pthread_mutex_unlock(&all->lock);
    }
    return false;
}

static void settle(struct streams *all, struct stream *s)
{
    struct epoll_event ev = {.events = EPOLLRDHUP, .data.ptr = s};
    int yes = 1, no = 0;
    setsockopt(s->fd, IPPROTO_TCP, TCP_CORK, &no, sizeof no);
    setsockopt(s->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (epoll_ctl(all->epoll, EPOLL_CTL_ADD, s->fd, &ev) != 0)
        abort(); /* a socket of ours, and memory: never seen to fail */
    s->settled = true;
}

static void watch(struct streams *all, struct stream *s, bool writing)
{
    struct epoll_event ev = {.events = EPOLLRDHUP | (writing ? EPOLLOUT : 0), .data.ptr = s};
    if (s->writing == writing)
        return;
    s->writing = writing;
    if (epoll_ctl(all->epoll, EPOLL_CTL_MOD, s->fd, &ev) != 0)
        abort();
}

/* After `done` nobody wakes it any more. */
static void finish(struct streams *all, struct stream *s)
{
    s->source.done(s->source.ctx);
    pthread_mutex_lock(&all->lock);
    for (struct stream **at = &all->woken; s->woken && *at; at = &(*at)->next)
        if (*at == s) {
            *at = s->next;
            break;
        }
    all->count--;
    pthread_mutex_unlock(&all->lock);
    close(s->fd);
    free(s->rest);
    free(s);
}

/* True while the stream goes on. What the socket does not take is kept. */
static bool send_block(struct stream *s, const char *block, size_t len)
{
    ssize_t n = send(s->fd, block, len, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0 && errno != EAGAIN && errno != EINTR)
        return false;
    size_t sent = n < 0 ? 0 : (size_t)n;
    if (sent == len)
        return true;
    char *rest = malloc(len - sent);
    if (!rest)
        abort();
    memcpy(rest, block + sent, len - sent);
    free(s->rest);
    s->rest = rest;
    s->rest_len = len - sent;
    return true;
}

static bool send_rest(struct stream *s)
{
    char *rest = s->rest;
    if (!rest)
        return true;
    s->rest = NULL;
    bool ok = send_block(s, rest, s->rest_len);
    free(rest);
    return ok;
}

/* Chunks of HTTP/1.1: the head said so. False: nobody reads, or the end is sent. */
static bool send_pulled(struct stream *s)
{
    char block[16 + BLOCK_BYTES];
    while (!s->rest && !s->ended) {
        long n = s->source.pull(s->source.ctx, block + 8, BLOCK_BYTES);
        if (n == 0)
            return true;
        s->ended = n < 0;
        if (s->ended)
            return send_block(s, "0\r\n\r\n", 5) && s->rest;
        char head[16];
        snprintf(head, sizeof head, "%06x\r\n", (unsigned)n & 0xffffffu);
        memcpy(block, head, 8);
        memcpy(block + 8 + n, "\r\n", 2);
        if (!send_block(s, block, 8 + (size_t)n + 2))
            return false;
    }
    return s->rest || !s->ended;
}

static void pump(struct streams *all, struct stream *s)
{
    if (!s->settled)
        settle(all, s);
    if (!send_rest(s) || !send_pulled(s))
        finish(all, s);
    else
        watch(all, s, s->rest != NULL);
}

static void pump_woken(struct streams *all)
{
    for (;;) {
        pthread_mutex_lock(&all->lock);
        struct stream *s = all->woken;
        if (s) {
            all->woken = s->next;
            s->woken = false;
        }
        pthread_mutex_unlock(&all->lock);
        if (!s)
            return;
        pump(all, s);
    }
}

static bool is_stopping(struct streams *all)
{
    pthread_mutex_lock(&all->lock);
    bool stopping = all->stopping;
    pthread_mutex_unlock(&all->lock);
    return stopping;
}

static void *run(void *arg)
{
    struct streams *all = arg;
    struct epoll_event events[EVENTS_AT_ONCE];
    while (!is_stopping(all)) {
        int n = epoll_wait(all->epoll, events, EVENTS_AT_ONCE, -1);
        for (int i = 0; i < n; i++) {
            struct stream *s = events[i].data.ptr;
            uint64_t rung;
            if (!s) {
                ssize_t got = read(all->bell, &rung, sizeof rung);
                (void)got;
            } else if (events[i].events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) {
                finish(all, s);
            } else {
                pump(all, s);
            }
        }
        pump_woken(all);
    }
    return NULL;
}

struct streams *streams_start(size_t most)
{
    struct streams *all = calloc(1, sizeof *all);
    if (!all)
        abort();
    all->most = most;
    all->epoll = epoll_create1(EPOLL_CLOEXEC);
    all->bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    struct epoll_event ev = {.events = EPOLLIN};
    pthread_mutex_init(&all->lock, NULL);
    if (all->epoll < 0 || all->bell < 0 ||
        epoll_ctl(all->epoll, EPOLL_CTL_ADD, all->bell, &ev) != 0 ||
        pthread_create(&all->thread, NULL, run, all) != 0)
        abort();
    return all;
}

size_t streams_count(struct streams *all)
{
    pthread_mutex_lock(&all->lock);
    size_t count = all->count;
    pthread_mutex_unlock(&all->lock);
    return count;
}

void streams_stop(struct streams *all)
{
    if (!all)
        return;
    pthread_mutex_lock(&all->lock);
    all->stopping = true;
    pthread_mutex_unlock(&all->lock);
    ring(all);
    pthread_join(all->thread, NULL);
    pthread_mutex_destroy(&all->lock);
    close(all->epoll);
    close(all->bell);
    free(all);
}
