/* web/assets.h - the built pages and their files, out of the program. */
#ifndef WEB_ASSETS_H
#define WEB_ASSETS_H

#include <stdbool.h>

struct err;
struct reply;
struct request;

/* Answers a GET outside /api: a file under /assets, or the page whose address it is. */
bool assets_answer(struct request *rq, struct reply *rp, struct err *e);
/* Whether the answer may be kept: hashed names only. */
bool assets_may_be_kept(const char *path);

#endif
