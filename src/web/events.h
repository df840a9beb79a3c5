/* web/events.h - news for pages that stay open (server-sent events).
 *
 * A topic is an id: a room, an attempt, an account. What is published reaches every page that
 * listens to the topic at this moment; there is no memory, so a page first reads the state and
 * then listens. A page that does not keep up is cut and comes back by itself. Thread safe. */
#ifndef WEB_EVENTS_H
#define WEB_EVENTS_H

#include <stddef.h>

#include "base/id.h"

struct events;
struct exchange;

struct events *events_start(void);
/* Ends every open stream; call it before http_stop. NULL is fine. */
void events_stop(struct events *v);

/* NAME is a literal, JSON one line. */
void events_publish(struct events *v, struct id topic, const char *name, const char *json);

/* Answers the exchange with a stream on the topic. FIRST (may be NULL) is sent at once as the
 * event "state". */
void events_answer(struct events *v, struct exchange *x, struct id topic, const char *first);

size_t events_listeners(struct events *v, struct id topic);

#endif
