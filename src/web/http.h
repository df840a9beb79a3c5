/* web/http.h - our seam to the HTTP library: one exchange is a request and its answer.
 *
 * Event threads read heads and bodies. Then an exchange goes one of five ways: to a worker thread
 * by the lane of the desk, the exam or the door (web/lanes.h), which answers it or parks it until
 * something else has happened; or it is handled on the event thread, where nothing may block:
 * quick ones are answered at once, hot ones (the journal) may be deferred and finished later by
 * any thread. The exchange and its arena live until the answer is sent. */
#ifndef WEB_HTTP_H
#define WEB_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"
#include "web/deadline.h"
#include "web/exchange.h"

struct http_server;

struct http_config {
    const char *host; /* 127.0.0.1 */
    uint16_t port;    /* 0: any free one */
    unsigned event_threads, worker_threads;
    unsigned connections_max; /* open at a time, streams among them: each costs a descriptor */
    unsigned connections_per_address;
    const char *tls_certificate, *tls_key; /* PEM text; NULL: plain HTTP */
    struct deadline_limits limits;
};

enum exchange_way { WAY_DESK, WAY_EXAM, WAY_DOOR, WAY_QUICK, WAY_HOT };

/* What the server asks of the one above it. CTX is given to each. */
struct http_handlers {
    void *ctx;
    /* On the event thread, when the head is there: how long the body may be, and which way the
     * exchange goes. False: `status` is answered at once without reading the body. */
    bool (*head)(void *ctx, struct exchange *x, size_t *body_max, enum exchange_way *way,
                 int *status);
    void (*hot)(void *ctx, struct exchange *x);
    /* On a worker thread; `worker` is what worker_start returned. Quick ones are handled here
     * too, on the event thread and with worker NULL. */
    void (*cold)(void *ctx, void *worker, struct exchange *x);
    void *(*worker_start)(void *ctx, struct err *e);
    void (*worker_stop)(void *ctx, void *worker);
};

struct http_server *http_start(const struct http_config *c, const struct http_handlers *h,
                               struct err *e);
uint16_t http_port(const struct http_server *s);
/* Open now; streams that live by themselves (web/streams.h) are not among them. */
unsigned http_connections(const struct http_server *s);
void http_stop(struct http_server *s); /* answers what is being worked on; NULL is fine */

#endif
