/* web/listening.h - the socket at which all event loops wait for connections. */
#ifndef WEB_LISTENING_H
#define WEB_LISTENING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct listening {
    int fd; /* -1: closed */
    uint16_t port;
};

/* HOST is a numeric address, IPv6 without brackets ("::" takes IPv4 too); port 0: any free one, see
 * `port`. Errors: listen. */
bool listening_open(struct listening *l, const char *host, uint16_t port, struct err *e);
/* Another descriptor of the same socket; the taker closes it. */
int listening_share(const struct listening *l);
void listening_close(struct listening *l);

#endif
