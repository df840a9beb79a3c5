/* base/net_fetch.h - the one way out of this program (SECURITY §8.5).
 *
 * No user can enter an address that the server will fetch: hosts are rows of outbound.json, and what is
 * checked is the address that a connection is really made to, so that no name, spelling or change of mind of a
 * name server leads to this machine, the local network or a metadata service. No redirects, no proxy from the
 * environment, https only; plain http only to an internal host that is this very machine. */
#ifndef BASE_NET_FETCH_H
#define BASE_NET_FETCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"

struct arena;
struct sockaddr;

enum {
    NET_CONNECT_MS = 5000,
    NET_TOTAL_MS = 15000,
    NET_REPLY_BYTES = 64 << 10,
    NET_HOSTS_MAX = 100
};

struct net_host {
    const char *host; /* lower case; a name or an address as it will be asked for */
    uint16_t port;
    bool internal; /* may lie in the local network or on this machine */
    bool plain;    /* without TLS; counts only for an internal host on loopback */
};
struct net_hosts {
    const struct net_host *at;
    size_t count;
};

/* {"hosts":[{"host":"…","port":443,"internal":false,"plain":false}]}. INVALID at the member. */
bool net_hosts_read(struct arena *a, const void *text, size_t len, struct net_hosts *out,
                    struct err *e) MUST_USE;

bool net_host_is_listed(const struct net_hosts *hosts, const char *host, uint16_t port);

/* An address of the open internet: not loopback, private, link-local, shared, multicast, reserved, nor one of
 * those mapped, translated or tunnelled into IPv6. Pure. */
bool net_address_is_public(const struct sockaddr *address);

struct net_request {
    const char *purpose; /* a literal: "notice"; for the log */
    const char *host, *path;
    uint16_t port;
    const char *method; /* "GET", "POST" */
    struct bytes body;
    const char *media_type; /* of the body */
    int64_t total_ms;       /* 0: NET_TOTAL_MS */
    /* For tests: lines of "host:port:address" that stand for the name server; NULL-ended. */
    const char *const *resolve;
};

struct net_reply {
    int status;
    struct bytes body; /* in the arena; never to be shown to a user */
};

/* FORBIDDEN where policy refuses ("host": not listed, "address", "scheme", "redirect"), TOO_LARGE "reply",
 * STORE "net" where nobody answered in time. Each refusal is a line of the log for the security
 * administrator. Blocks: never on an event thread, never inside a transaction. */
bool net_fetch(const struct net_hosts *hosts, struct arena *a, const struct net_request *rq,
               struct net_reply *out, struct err *e) MUST_USE;

/* What a result of the library (CURLcode) means to a person. */
const char *net_why(int code);

#endif
