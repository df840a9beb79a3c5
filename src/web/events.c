/* web/events.c - topics, their listeners, and what each has yet to read. */
#include "web/events.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "web/http.h"
#include "web/streams.h"

enum { TOPICS = 1024, PENDING_BYTES_MAX = 256 << 10, BEAT_MS = 15000, STOP_MS = 10000 };

struct listener {
    struct listener *next, **here;
    struct events *events;
    struct stream *stream;
    struct id topic;
    char *pending;
    size_t len, room;
    bool ended;
};

struct events {
    pthread_mutex_t lock;
    pthread_cond_t stop;
    pthread_t beat;
    bool stopping;
    struct listener *topics[TOPICS]; /* by the first bytes of the id */
};

static struct listener **topic_of(struct events *v, struct id topic)
{
    return &v->topics[(topic.bytes[0] << 8 | topic.bytes[1]) % TOPICS];
}

/* Under the lock. One that does not keep up is ended: its page reconnects and reads the state. */
static void add(struct listener *l, const char *text, size_t len)
{
    if (l->len + len > PENDING_BYTES_MAX) {
        l->ended = true;
        return;
    }
    if (l->len + len > l->room) {
        size_t room = (l->len + len) * 2;
        char *moved = realloc(l->pending, room);
        if (!moved)
            abort();
        l->pending = moved;
        l->room = room;
    }
    memcpy(l->pending + l->len, text, len);
    l->len += len;
}

static long pull(void *ctx, char *to, size_t max)
{
    struct listener *l = ctx;
    pthread_mutex_lock(&l->events->lock);
    size_t held = l->pending ? l->len : 0, n = held < max ? held : max;
    if (n > 0) {
        memcpy(to, l->pending, n);
        memmove(l->pending, l->pending + n, l->len - n);
    }
    l->len -= n;
    long result = n > 0 ? (long)n : l->ended ? -1 : 0;
    pthread_mutex_unlock(&l->events->lock);
    return result;
}

static void done(void *ctx)
{
    struct listener *l = ctx;
    struct events *v = l->events;
    pthread_mutex_lock(&v->lock);
    *l->here = l->next;
    if (l->next)
        l->next->here = l->here;
    pthread_cond_signal(&v->stop);
    pthread_mutex_unlock(&v->lock);
    free(l->pending);
    free(l);
}

/* Without a beat a listener that vanished would never be noticed. */
static void *beat(void *arg)
{
    struct events *v = arg;
    pthread_mutex_lock(&v->lock);
    while (!v->stopping) {
        if (clock_wait_until(&v->stop, &v->lock, clock_boot_ms() + BEAT_MS))
            continue;
        for (size_t i = 0; i < TOPICS; i++)
            for (struct listener *l = v->topics[i]; l; l = l->next) {
                add(l, ": \n\n", 4);
                stream_wake(l->stream);
            }
    }
    pthread_mutex_unlock(&v->lock);
    return NULL;
}

struct events *events_start(void)
{
    struct events *v = calloc(1, sizeof *v);
    if (!v)
        abort();
    pthread_mutex_init(&v->lock, NULL);
    pthread_cond_init(&v->stop, NULL);
    if (pthread_create(&v->beat, NULL, beat, v) != 0)
        abort();
    return v;
}

static bool nobody_listens(const struct events *v)
{
    for (size_t i = 0; i < TOPICS; i++)
        if (v->topics[i])
            return false;
    return true;
}

/* Waits until the event threads have let go of every listener, at most ten seconds. */
void events_stop(struct events *v)
{
    if (!v)
        return;
    pthread_mutex_lock(&v->lock);
    v->stopping = true;
    pthread_cond_broadcast(&v->stop);
    int64_t until = clock_boot_ms() + STOP_MS;
    for (bool woken = true; !nobody_listens(v) && woken;) {
        for (size_t i = 0; i < TOPICS; i++)
            for (struct listener *l = v->topics[i]; l; l = l->next) {
                l->ended = true;
                stream_wake(l->stream);
            }
        woken = clock_wait_until(&v->stop, &v->lock, until);
    }
    pthread_mutex_unlock(&v->lock);
    pthread_join(v->beat, NULL);
    pthread_mutex_destroy(&v->lock);
    pthread_cond_destroy(&v->stop);
    free(v);
}

void events_publish(struct events *v, struct id topic, const char *name, const char *json)
{
    pthread_mutex_lock(&v->lock);
    for (struct listener *l = *topic_of(v, topic); l; l = l->next) {
        if (!id_equal(l->topic, topic))
            continue;
        add(l, "event: ", 7);
        add(l, name, strlen(name));
        add(l, "\ndata: ", 7);
        add(l, json, strlen(json));
        add(l, "\n\n", 2);
        stream_wake(l->stream);
    }
    pthread_mutex_unlock(&v->lock);
}

void events_answer(struct events *v, struct exchange *x, struct id topic, const char *first)
{
    struct listener *l = calloc(1, sizeof *l);
    if (!l)
        abort();
    l->events = v;
    l->topic = topic;
    if (first) {
        add(l, "event: state\ndata: ", 19);
        add(l, first, strlen(first));
        add(l, "\n\n", 2);
    } else {
        add(l, ": \n\n", 4);
    }
    exchange_set_header(x, "X-Accel-Buffering", "no");
    struct stream_source source = {l, pull, done};
    l->stream = exchange_answer_stream(x, 200, "text/event-stream", &source);

    pthread_mutex_lock(&v->lock);
    struct listener **head = topic_of(v, topic);
    l->next = *head;
    l->here = head;
    if (l->next)
        l->next->here = &l->next;
    *head = l;
    l->ended = v->stopping;
    pthread_mutex_unlock(&v->lock);
}

size_t events_listeners(struct events *v, struct id topic)
{
    size_t n = 0;
    pthread_mutex_lock(&v->lock);
    for (struct listener *l = *topic_of(v, topic); l; l = l->next)
        n += id_equal(l->topic, topic);
    pthread_mutex_unlock(&v->lock);
    return n;
}
