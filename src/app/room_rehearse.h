/* app/room_rehearse.h - a rehearsal that runs on this room node, from round to round. */
#ifndef APP_ROOM_REHEARSE_H
#define APP_ROOM_REHEARSE_H

#include <sys/types.h>

#include "app/room_link.h"

/* What plays now; pid 0: nothing. Belongs to the thread of the rounds. */
struct room_rehearsing {
    pid_t pid;
    struct id order;
};

/* Takes the orders of a contact, follows what plays, and tells the centre what it does not know yet. Whatever
 * fails here keeps nothing else of a round from being done. */
bool room_rehearse(struct room_link *l, const json_t *contact, struct room_rehearsing *r,
                   struct err *e) MUST_USE;
/* The node ends: so does what plays. The next start says so of its order. */
void room_rehearse_stop(struct room_rehearsing *r);

#endif
