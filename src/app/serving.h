/* app/serving.h - a running server over an opened instance: for `serve`, `demo` and `bench`. */
#ifndef APP_SERVING_H
#define APP_SERVING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/crypto.h"
#include "base/err.h"

struct arena;
struct instance;
struct serving;

struct serving_options {
    const char *host;
    uint16_t port;          /* 0: any free one */
    const char *public_url; /* NULL: http://host:port */
    int64_t rate_factor;    /* web/rate.h; 0: 1 */
    const char *tls_certificate,
        *tls_key;                /* PEM text; NULL: plain, behind a proxy or on loopback */
    struct slow_cost phone_cost; /* of phone codes; zero: as designed */
    const char *trusted_proxies; /* web/proxy.h: addresses and networks; NULL: none */
    const char *anchors;         /* app/anchoring.h: file; NULL: beside the data folder */
    const char *anchor_copy;     /* app/anchor_copy.h: HOST:PORT/PATH; NULL: nowhere */
    int64_t anchor_ms;           /* period; 0: a minute */
};

struct serving *serving_start(struct arena *a, struct instance *i,
                              const struct serving_options *o, struct err *e);
uint16_t serving_port(const struct serving *s);
void serving_stop(struct serving *s); /* NULL is fine */

/* --listen "HOST:PORT", "[IPv6]:PORT" or "PORT" (then 127.0.0.1) into O; INVALID at "--listen". */
bool serving_listen(struct arena *a, const char *text, struct serving_options *o,
                    struct err *e);
bool serving_is_local(const struct serving_options *o); /* nobody else can reach it */
/* As a browser writes it: an IPv6 address in brackets, the scheme's own port not named. */
const char *serving_address(struct arena *a, const struct serving_options *o, unsigned port);

/* SIGINT and SIGTERM are kept for serving_wait: before any thread is made, for threads inherit it. */
void serving_keep_signals(void);
void serving_wait(void);

#endif
