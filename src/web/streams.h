/* web/streams.h - connections that only send from now on (events): thousands of them, each asleep
 * most of the time.
 *
 * libmicrohttpd can only suspend such a connection, and then walks the list of all that are
 * suspended whenever any is resumed, so that each save pays for every page that listens. So once
 * the head of an answer is sent its socket is taken away from the library and served here: an
 * epoll of its own, no memory while nothing is pending. Where that cannot be (TLS, too many) the
 * connection stays with the library and is suspended. doc/decisions/0022-streams.md */
#ifndef WEB_STREAMS_H
#define WEB_STREAMS_H

#include <stdbool.h>
#include <stddef.h>

struct MHD_Connection;
struct event_loop;
struct stream;
struct streams;

/* A body that keeps coming. PULL gives up to MAX bytes; 0 = nothing now, and stream_wake will be
 * called later from any thread; -1 = the end. DONE is called once, when nobody reads any more;
 * after it the stream must not be woken. */
struct stream_source {
    void *ctx;
    long (*pull)(void *ctx, char *to, size_t max);
    void (*done)(void *ctx);
};

/* MOST sockets; those beyond are not taken. */
struct streams *streams_start(size_t most);
/* Sockets that live here now. Any thread. */
size_t streams_count(struct streams *all);
/* Every source has come to its end before. NULL is fine. */
void streams_stop(struct streams *s);

struct stream *stream_create(struct stream_source source);
/* More is there, or the end. Any thread. */
void stream_wake(struct stream *s);

/* --- for http.c, on the event thread ------------------------------------------------------------ */
/* Takes the socket behind C, which is suspended and will be resumed to find an empty one; from now
 * on the stream lives by itself. False: not taken. */
bool streams_take(struct streams *all, struct stream *s, int fd);
/* For one that was not taken: what the library asks for; 0: it sleeps, its connection is suspended. */
struct sleeper {
    struct event_loop *loop;
    struct MHD_Connection *connection;
};
long stream_pull(struct stream *s, struct sleeper at, char *to, size_t max);
/* Its connection is over. Only for one that was not taken. */
void stream_end(struct stream *s);

#endif
