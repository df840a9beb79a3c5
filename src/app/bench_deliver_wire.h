/* app/bench_deliver_wire.h - many HTTP connections on one thread: epoll, keep-alive, one request in
 * flight on each, every answer read to its end.
 *
 * Each connection may come from an address of its own (127.x.y.z): what the server counts by
 * address is then counted as for people behind different addresses. */
#ifndef APP_BENCH_DELIVER_WIRE_H
#define APP_BENCH_DELIVER_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

struct arena;
struct wire;

enum { WIRE_REQUEST_BYTES = 1536, WIRE_ANSWER_BYTES = 2048 };

struct wire_answer {
    int status;        /* 0: the connection broke before the answer was there */
    int64_t retry_ms;  /* Retry-After, 0 none */
    struct bytes body; /* as long as the call; a NUL follows */
    int64_t us;        /* from the moment it was due */
};

struct wire_call {
    const char *method, *path;
    const char *media_type, *authorization; /* NULL: none */
    struct bytes body;
    bool stream;    /* an answer that does not end: `answered` is called at its head */
    int64_t due_us; /* the moment it should have been sent; 0: now */
    void (*answered)(void *ctx, const struct wire_answer *answer);
    void *ctx;
};

/* PORT of 127.0.0.1. Connections live until wire_destroy. */
struct wire *wire_create(struct arena *a, uint16_t port);
void wire_destroy(struct wire *w);

struct wire_connection;
/* FROM: number of its own address, 0 for 127.0.0.1. Connects at the first call. */
struct wire_connection *wire_connection(struct wire *w, uint32_t from);
/* One at a time on a connection; connects again if it is broken. */
void wire_call(struct wire_connection *c, const struct wire_call *call);
void wire_close(struct wire_connection *c);
bool wire_is_open(const struct wire_connection *c);

/* Once, at AT_US or later. */
void wire_at(struct wire *w, int64_t at_us, void (*fn)(void *ctx), void *ctx);
/* Handles what has happened, and waits for it at most WAIT_MS. */
void wire_run(struct wire *w, int wait_ms);
int64_t wire_now_us(void);

struct wire_totals {
    int64_t bytes_out, bytes_in, events, waiting, broken;
};
/* WAITING: requests in flight now; EVENTS: "event:" lines of streams. */
const struct wire_totals *wire_totals(const struct wire *w);

#endif
