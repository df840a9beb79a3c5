/* web/deadline.h - shuts the sockets of connections that drip their head or body.
 *
 * The library has only an inactivity timeout; a byte every nine seconds would hold a connection
 * for ever (STACK §4). A thread looks once a second. */
#ifndef WEB_DEADLINE_H
#define WEB_DEADLINE_H

struct MHD_Connection;
struct deadline;
struct deadlines;

struct deadlines *deadlines_start(void);
void deadlines_stop(struct deadlines *d);

struct deadline *deadline_enter(struct deadlines *d, int fd); /* a connection began */
void deadline_leave(struct deadlines *d, struct deadline *one);
void deadline_body(struct deadlines *d, struct MHD_Connection *c); /* its head is there */
void deadline_none(struct deadlines *d, struct MHD_Connection *c); /* its body is there */
void deadline_next(struct deadlines *d, struct MHD_Connection *c); /* its answer is sent */

#endif
