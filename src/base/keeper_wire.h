/* base/keeper_wire.h - what a server and its keepers say to each other: a packet with the kind and two
 * descriptors, input and output; a packet with the child's end as waitpid has it. */
#ifndef BASE_KEEPER_WIRE_H
#define BASE_KEEPER_WIRE_H

#include <stdbool.h>

enum { KEEPER_FDS = 2 };

struct keeper_order {
    int kind;
    int fds[KEEPER_FDS];
};

/* False: nobody is there any more. */
bool keeper_order_send(int socket, const struct keeper_order *o);
/* Takes a whole order with both descriptors; anything else is the end. */
bool keeper_order_take(int socket, struct keeper_order *out);

#endif
