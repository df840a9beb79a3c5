/* web/request.h - one request as a handler sees it, and what it may ask. */
#ifndef WEB_REQUEST_H
#define WEB_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/id.h"
#include "people/viewer.h"
#include "store/audit.h"
#include "web/limits.h"

struct app;
struct arena;
struct db;
struct exchange;
struct reply;
struct route;

struct request {
    struct arena *arena; /* lives until the answer is sent */
    struct db *db;
    const struct app *app;
    struct exchange *exchange;
    const struct route *route;
    const char *path;
    struct id id[LIMIT_PATH_IDS];     /* the {id} parts of the path, in order */
    const char *word[LIMIT_PATH_IDS]; /* the {word} parts */
    struct bytes body;                /* raw */
    const void *input;                /* the body as the route's fields read it */
    const char *media_type;           /* of the body, without parameters */
    struct viewer viewer;
    struct actor actor; /* for audit rows: viewer, role, request id, address, now */
    struct id wrote;    /* whose audit chain it wrote to last; zero: none */
    int64_t commits;    /* of db, before the handler ran */
    bool handed_over;   /* to the journal's writer, who has a connection of its own */
    int64_t now_ms;
};

const char *request_query(struct request *rq, const char *name); /* NULL if absent */
int64_t request_query_int(struct request *rq, const char *name, int64_t otherwise);
const char *request_header(struct request *rq, const char *name);
const char *request_peer(struct request *rq); /* address behind trusted proxies */
/* Whom a rate counts: an address, of IPv6 the /64 that one household has. */
const char *request_household(struct request *rq);
const char *request_cookie(struct request *rq, const char *name);

/* ?limit=50&offset=0 of a list, within bounds. Lists answer {"<key>":[…],"total":n}. */
struct page {
    int64_t limit, offset;
};
struct page request_page(struct request *rq);

#endif
