/* fault/proxy.h - a bad network between devices and the server: a proxy of our own on 127.0.0.1.
 *
 * Each connection has a thread. It reads whole requests and gives each a fate drawn from the seed;
 * only saves (POST …/journal) meet a bad one, all else is delayed at most. */
#ifndef FAULT_PROXY_H
#define FAULT_PROXY_H

#include <stdatomic.h>
#include <stdint.h>

/* What becomes of a save. */
#define FATES(X)                                                                               \
    X(passed) /* in small pieces */                                                            \
    X(delayed)                                                                                 \
    X(cut_before)       /* nothing arrives */                                                  \
    X(cut_in_request)   /* half of it arrives */                                               \
    X(cut_before_reply) /* it arrives, the answer does not */                                  \
    X(cut_in_reply)                                                                            \
    X(sent_twice)                                                                              \
    X(copied_late) /* again, after others, over another connection */                          \
    X(overtaken)   /* lost for the device, and arrives after what it sends next */

enum fate {
#define X(name) FATE_##name,
    FATES(X)
#undef X
        FATE_COUNT
};

struct proxy;
/* In front of 127.0.0.1:PORT. */
struct proxy *proxy_start(uint16_t port, uint64_t seed);
void proxy_stop(struct proxy *p);
const char *proxy_url(const struct proxy *p);
/* Down: every connection ends at once, none is made. */
void proxy_set_down(struct proxy *p, int down);
int64_t proxy_count(const struct proxy *p, enum fate f);
/* Copies that arrived out of order. */
int64_t proxy_late(const struct proxy *p);

#endif
