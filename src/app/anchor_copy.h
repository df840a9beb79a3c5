/* app/anchor_copy.h - sends each anchor to a place of somebody else: a store that only takes, a partner, the
 * supervisor. The place must be in DATA/outbound.json (base/net_fetch.h). */
#ifndef APP_ANCHOR_COPY_H
#define APP_ANCHOR_COPY_H

#include <stdbool.h>

#include "base/err.h"

struct anchor_copy;
struct arena;

/* TO: "HOST:PORT/PATH". INVALID at "--anchor-copy". What it points to must outlive it. */
struct anchor_copy *anchor_copy_create(struct arena *a, const char *data_folder, const char *to,
                                       struct err *e);
/* One POST of one line; an answer of 2xx says that it was taken. */
bool anchor_copy_send(const struct anchor_copy *c, const char *line, struct err *e) MUST_USE;

#endif
