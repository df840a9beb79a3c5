/* web/proxy.h - whose address it is that asks, where proxies stand in front (SECURITY B7).
 *
 * Anybody can write `Forwarded` and `X-Forwarded-For`. They are read only when the connection comes from a
 * proxy that the operator named, and from right to left only as far as named proxies wrote them. */
#ifndef WEB_PROXY_H
#define WEB_PROXY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct arena;
struct proxies;

/* "10.0.0.0/8, 192.168.1.4, fd00::/8". INVALID at "--trusted-proxies". */
bool proxies_read(struct arena *a, const char *text, struct proxies **out,
                  struct err *e) MUST_USE;

struct forwarding {
    const char *peer;          /* the numeric address at the other end */
    const char *forwarded;     /* all lines of each header joined with ","; NULL: none */
    const char *forwarded_for; /* X-Forwarded-For; only read where there is no Forwarded */
};
/* A numeric address, IPv4 even where it came mapped into IPv6. P NULL: no proxy is trusted. */
const char *proxy_client(struct arena *a, const struct proxies *p, const struct forwarding *f);

#endif
