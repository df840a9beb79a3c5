/* app/room_join.h - a machine becomes a room node. */
#ifndef APP_ROOM_JOIN_H
#define APP_ROOM_JOIN_H

#include "base/err.h"

struct arena;
struct instance;

struct room_joining {
    const char *centre, *code, *ca; /* ca: NULL, the system's */
};
/* Makes the keys, proves the code, keeps who we are. CONFLICT at --join if we are one already. */
bool room_join(struct arena *a, struct instance *i, const struct room_joining *j,
               struct err *e) MUST_USE;

#endif
