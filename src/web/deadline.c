/* web/deadline.c - a deadline for each connection, and the thread that enforces them. */
#include "web/deadline.h"

#include <microhttpd.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "web/limits.h"

enum { SWEEP_MS = 1000 };

struct deadline {
    struct deadline *next, **here;
    int fd;
    _Atomic int64_t at_ms; /* of clock_boot_ms; 0 = none */
};

struct deadlines {
    struct deadline_limits limits;
    pthread_mutex_t lock;
    pthread_cond_t stop;
    struct deadline *first;
    pthread_t thread;
    bool stopping;
};

static void sweep(struct deadlines *d)
{
    int64_t now = clock_boot_ms();
    for (struct deadline *one = d->first; one; one = one->next)
        if (one->at_ms != 0 && now > one->at_ms)
            shutdown(one->fd, SHUT_RDWR);
}

static void *watch(void *arg)
{
    struct deadlines *d = arg;
    pthread_mutex_lock(&d->lock);
    while (!d->stopping) {
        clock_wait_until(&d->stop, &d->lock, clock_boot_ms() + SWEEP_MS);
        sweep(d);
    }
    pthread_mutex_unlock(&d->lock);
    return NULL;
}

struct deadline_limits deadline_limits(void)
{
    return (struct deadline_limits){LIMIT_HEAD_SECONDS * 1000, LIMIT_IDLE_SECONDS * 1000,
                                    LIMIT_BODY_SECONDS * 1000,
                                    LIMIT_UPLOAD_FLOOR_BYTES_PER_SECOND};
}

struct deadlines *deadlines_start(const struct deadline_limits *limits)
{
    struct deadlines *d = calloc(1, sizeof *d);
    if (!d)
        abort();
    d->limits = *limits;
    pthread_mutex_init(&d->lock, NULL);
    pthread_cond_init(&d->stop, NULL);
    if (pthread_create(&d->thread, NULL, watch, d) != 0)
        abort();
    return d;
}

void deadlines_stop(struct deadlines *d)
{
    pthread_mutex_lock(&d->lock);
    d->stopping = true;
    pthread_cond_signal(&d->stop);
    pthread_mutex_unlock(&d->lock);
    pthread_join(d->thread, NULL);
    pthread_mutex_destroy(&d->lock);
    pthread_cond_destroy(&d->stop);
    free(d);
}

struct deadline *deadline_enter(struct deadlines *d, int fd)
{
    struct deadline *one = calloc(1, sizeof *one);
    if (!one)
        abort();
    one->fd = fd;
    one->at_ms = clock_boot_ms() + d->limits.head_ms;
    pthread_mutex_lock(&d->lock);
    one->next = d->first;
    one->here = &d->first;
    if (one->next)
        one->next->here = &one->next;
    d->first = one;
    pthread_mutex_unlock(&d->lock);
    return one;
}

void deadline_leave(struct deadlines *d, struct deadline *one)
{
    pthread_mutex_lock(&d->lock);
    *one->here = one->next;
    if (one->next)
        one->next->here = one->here;
    pthread_mutex_unlock(&d->lock);
    free(one);
}

static struct deadline *of(struct MHD_Connection *c)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(
        c, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? info->socket_context : NULL;
}

static void set(struct MHD_Connection *c, int64_t at_ms)
{
    struct deadline *one = of(c);
    if (one)
        one->at_ms = at_ms;
}

static void allow(struct deadlines *d, struct MHD_Connection *c, int64_t bytes)
{
    int64_t ms = d->limits.body_ms;
    if (bytes > LIMIT_JSON_BYTES)
        ms += bytes * 1000 / d->limits.floor_bytes_per_second;
    set(c, clock_boot_ms() + ms);
}

/* The announced length is bounded by its digits (http.c), the product by 2^63. */
void deadline_body(struct deadlines *d, struct MHD_Connection *c)
{
    const char *length = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "Content-Length");
    allow(d, c, length ? (int64_t)strtoull(length, NULL, 10) : 0);
}

void deadline_answer(struct deadlines *d, struct MHD_Connection *c, size_t bytes)
{
    allow(d, c, (int64_t)bytes);
}

void deadline_none(struct deadlines *d, struct MHD_Connection *c)
{
    (void)d;
    set(c, 0);
}

void deadline_next(struct deadlines *d, struct MHD_Connection *c)
{
    set(c, clock_boot_ms() + d->limits.idle_ms);
}
