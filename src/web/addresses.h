/* web/addresses.h - how many connections each address holds, over all event loops. */
#ifndef WEB_ADDRESSES_H
#define WEB_ADDRESSES_H

#include <stdbool.h>

struct addresses;
struct sockaddr;

/* MOST connections of one address at a time. */
struct addresses *addresses_create(unsigned most);
void addresses_destroy(struct addresses *a);
/* True while the address holds no more than it may. Counted either way: each one leaves again. */
bool addresses_enter(struct addresses *a, const struct sockaddr *from);
void addresses_leave(struct addresses *a, const struct sockaddr *from);

#endif
