/* web/headers.h - the security headers of each face (SECURITY §8.1). */
#ifndef WEB_HEADERS_H
#define WEB_HEADERS_H

#include "web/reply.h"

/* Everything but Content-Type; cached: hashed assets may be kept for a year. */
void headers_set(struct reply *rp, bool cached);

#endif
