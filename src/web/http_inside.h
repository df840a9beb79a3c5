/* web/http_inside.h - what http.c and exchange.c know of each other; nobody else includes it. */
#ifndef WEB_HTTP_INSIDE_H
#define WEB_HTTP_INSIDE_H

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

#include "web/http.h"
#include "web/lanes.h"
#include "web/listening.h"

enum { HEADERS_MAX = 24, PEER_BYTES = 64 };

enum stage { STAGE_BODY, STAGE_WORKING, STAGE_DEFERRED, STAGE_ANSWERED, STAGE_SENT };

struct exchange {
    struct lane_item item; /* first */
    struct http_server *server;
    struct event_loop *loop; /* its connection's */
    struct MHD_Connection *connection;
    struct arena *arena;
    enum method method;
    const char *path;
    unsigned char *body;
    size_t body_len, body_room, body_max;
    enum exchange_way way;
    void *slot;
    char peer[PEER_BYTES];

    _Atomic int stage;
    int status;
    const char *media_type;
    struct bytes answer;
    struct stream *stream; /* NULL: none, or it lives by itself */
    bool streams,
        own_life; /* answered by a stream; it may live by itself: HTTP/1.1, kept alive */
    const char *headers[HEADERS_MAX][2];
    size_t header_count;
    bool away; /* another thread answers: set and read on the event thread only */
    void (*then)(void *ctx, void *worker, struct exchange *x); /* set: parked */
    _Atomic int legs; /* of a parked one: handler returned, told to go on */
};

/* What the library's callbacks are given: the server, and whose connection it is. */
struct front {
    struct http_server *server;
    struct event_loop *loop;
};

struct http_server {
    struct front *fronts;
    unsigned front_count;
    struct listening listening;
    struct http_handlers handlers;
    struct addresses *addresses;
    unsigned connections_max;
    _Atomic unsigned connections;
    struct deadlines *deadlines;
    struct lanes *lanes;
    struct streams *streams;
    bool tls;
    pthread_t *workers;
    unsigned worker_count;
};

/* --- exchange.c, for the event threads ------------------------------------------------------------ */
enum method exchange_method_of(const char *name);
void exchange_note_peer(struct exchange *x);
/* Answers what the server itself says no to. */
void exchange_turn_away(struct exchange *x, int status);
/* Hands the answer that is there to the library. */
enum MHD_Result exchange_send(struct exchange *x);

#endif
