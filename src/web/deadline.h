/* web/deadline.h - shuts the sockets of connections that drip their head or body, or sip the answer.
 *
 * The library has only an inactivity timeout; a byte every nine seconds would hold a connection
 * for ever (STACK §4). A thread looks once a second. */
#ifndef WEB_DEADLINE_H
#define WEB_DEADLINE_H

#include <stddef.h>
#include <stdint.h>

struct MHD_Connection;
struct deadline;
struct deadlines;

/* Milliseconds; what is long gets the time that the slowest line we accept needs for it besides. */
struct deadline_limits {
    int64_t head_ms; /* from the connection to the end of its first head */
    int64_t idle_ms; /* from one answer to the end of the next head */
    int64_t body_ms; /* a body or an answer below LIMIT_JSON_BYTES */
    int64_t floor_bytes_per_second;
};
struct deadline_limits deadline_limits(void); /* those of web/limits.h */

struct deadlines *deadlines_start(const struct deadline_limits *limits);
void deadlines_stop(struct deadlines *d);

struct deadline *deadline_enter(struct deadlines *d, int fd); /* a connection began */
void deadline_leave(struct deadlines *d, struct deadline *one);
void deadline_body(struct deadlines *d, struct MHD_Connection *c); /* its head is there */
void deadline_none(struct deadlines *d, struct MHD_Connection *c); /* its body is there */
/* Its answer of BYTES begins. */
void deadline_answer(struct deadlines *d, struct MHD_Connection *c, size_t bytes);
void deadline_next(struct deadlines *d, struct MHD_Connection *c); /* its answer is sent */

#endif
