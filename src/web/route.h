/* web/route.h - which handler answers which request. The table is web/routes.def.
 *
 * A path is literal segments, {id} (32 hex digits) and {word} ([A-Za-z0-9._-], 1 to 400: the text of a QR code). */
#ifndef WEB_ROUTE_H
#define WEB_ROUTE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/id.h"
#include "people/viewer.h"
#include "web/http.h"
#include "web/limits.h"

struct exchange;
struct fields;
struct reply;
struct request;

typedef bool handler_fn(struct request *rq, struct reply *rp, struct err *e);
/* On an event thread: must not block; answers with exchange_answer or exchange_defer. */
typedef void hot_handler_fn(struct exchange *x, const struct id *id);

struct route {
    enum method method;
    const char *path;
    enum may who;
    const struct fields *fields; /* of a JSON body; NULL: none, or raw */
    size_t body_max;             /* 0: no body */
    const char *types;           /* of a raw body, space between; NULL for JSON */
    handler_fn *handler;
    hot_handler_fn *hot; /* instead of handler */
    bool quick;          /* handled on the event thread: no database, nothing that waits */
    bool form;           /* a look-up by a page without script; knows nobody's sign-in */
};

/* The handler: a whole use case. In a unit of its own, so that tests can stand in between (src/test/requests.c). */
bool route_run(const struct route *r, struct request *rq, struct reply *rp, struct err *e);

/* A room node answers only what a room needs; a centre all but what is a node's own. */
bool route_is_here(const struct route *r, bool on_node);

struct route_match {
    const struct route *route;
    struct id id[LIMIT_PATH_IDS];
    const char *word[LIMIT_PATH_IDS]; /* in the arena */
};

const struct route *route_at(size_t i); /* NULL past the last */
/* METHOD if only another method is known there, NOT_FOUND if nothing is. */
bool route_find(struct arena *a, enum method method, const char *path, struct route_match *out,
                struct err *e);

#endif
