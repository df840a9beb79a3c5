/* web/conduct.h - what the exam's own addresses need of conduct and the other way round. */
#ifndef WEB_CONDUCT_H
#define WEB_CONDUCT_H

#include <stdbool.h>

#include "base/err.h"

struct browser_proof;
struct conduct;
struct json_out;
struct live_attempt;
struct request;

/* FORBIDDEN at "/seb" unless the claim comes from the browser that the session asks for. SENT is
 * what the page said by SEB's JavaScript API; without it the request's headers count. */
bool seb_admits(struct request *rq, const struct live_attempt *a, struct browser_proof *sent,
                struct err *e) MUST_USE;
/* "start_url" and "config_key": of the settings of C as they are served here. The address is null where a
 * room node was not told its own; then no such browser finds it. */
bool seb_put(struct request *rq, struct json_out *o, const struct conduct *c,
             struct err *e) MUST_USE;
/* FORBIDDEN at "/device" for a phone or a tablet where the sitting takes a computer. */
bool sits_where_it_may(struct request *rq, const struct live_attempt *a,
                       struct err *e) MUST_USE;
/* The attempt whose mac the request carries (web/sit.c). */
bool sit_authorised(struct request *rq, struct live_attempt **out, struct err *e) MUST_USE;

#endif
