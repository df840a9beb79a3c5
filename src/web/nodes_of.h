/* web/nodes_of.h - what the handlers for room nodes share. */
#ifndef WEB_NODES_OF_H
#define WEB_NODES_OF_H

#include "sitting/node.h"
#include "web/request.h"

struct paper_room;
struct session;

struct node_desk node_desk_of(struct request *rq);

/* Before sealing: each room that nodes serve gets them and its roster. */
struct sealed_for {
    const struct session *session;
    struct paper_room *rooms;
    size_t count;
};
bool nodes_for_sealing(struct request *rq, struct sealed_for *s, struct err *e);

/* A fresh one-time code of the viewer's device; UNAUTHENTICATED at "/code" else. */
bool fresh_code(struct request *rq, const char *code, struct err *e);
/* The same, with what the right code allows in the same transaction. */
typedef bool code_work_fn(struct db *db, void *ctx, struct err *e);
bool fresh_code_then(struct request *rq, const char *code, code_work_fn *then, void *ctx,
                     struct err *e);

#endif
