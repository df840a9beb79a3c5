/* web/event_loop.h - a thread that runs one daemon of the HTTP library from outside.
 *
 * The library can run threads of its own, but with epoll it asks for 128 events at a time and, when
 * it gets exactly so many, asks again and sleeps, with 128 requests in hand, until something else
 * happens (libmicrohttpd 0.9.75, MHD_epoll). Run from outside it never sleeps itself.
 * doc/decisions/0064-event-loops-of-our-own.md */
#ifndef WEB_EVENT_LOOP_H
#define WEB_EVENT_LOOP_H

struct MHD_Connection;
struct MHD_Daemon;
struct event_loop;

struct event_loop *event_loop_create(void);
/* DAEMON speaks epoll, without thread and lock of its own kind; it belongs to the loop from now on. */
void event_loop_start(struct event_loop *l, struct MHD_Daemon *daemon);
/* Resumes a connection of this loop's daemon, from any thread. */
void event_loop_resume(struct event_loop *l, struct MHD_Connection *c);
/* What was resumed is answered, then thread and daemon end. NULL is fine. */
void event_loop_stop(struct event_loop *l);

#endif
