/* web/nodes_of.c - the nodes of rooms, for sealing; fresh one-time codes. */
#include "web/nodes_of.h"

#include <string.h>

#include "base/arena.h"
#include "paper/paper.h"
#include "people/totp.h"
#include "sitting/session.h"
#include "store/db.h"
#include "web/app.h"
#include "web/people_of.h"

struct node_desk node_desk_of(struct request *rq)
{
    return (struct node_desk){rq->db, rq->arena, rq->app->master, rq->app->signer, &rq->actor};
}

static const struct room *room_numbered(const struct room_list *rooms, int64_t no)
{
    for (size_t i = 0; i < rooms->count; i++)
        if (rooms->at[i].no == no)
            return &rooms->at[i];
    return NULL;
}

static size_t nodes_of_room(struct arena *a, const struct node_standing *all, size_t count,
                            struct id room, struct paper_node **out)
{
    size_t n = 0;
    *out = arena_array(a, struct paper_node, count + 1);
    for (size_t i = 0; i < count; i++) {
        if (!id_equal(all[i].room, room) || strcmp(all[i].state, "joined") != 0)
            continue;
        memcpy((*out)[n].kid, all[i].kid, sizeof(*out)[n].kid);
        memcpy((*out)[n].box_public, all[i].box_public, BOX_PUBLIC_BYTES);
        n++;
    }
    return n;
}

bool nodes_for_sealing(struct request *rq, struct sealed_for *s, struct err *e)
{
    struct node_desk d = node_desk_of(rq);
    struct node_standing *all;
    struct room_list rooms;
    size_t count;
    unsigned char key[KEY_BYTES];
    if (!node_standings(rq->db, rq->arena, s->session->id, &all, &count, e))
        return false;
    if (count == 0)
        return true;
    bool ok = room_list(rq->db, rq->arena, (struct owned){rq->viewer.body, s->session->id},
                        &rooms, e) &&
              roster_key_of(&d, s->session->id, key, e);
    for (size_t i = 0; ok && i < s->count; i++) {
        struct paper_room *r = &s->rooms[i];
        const struct room *room = room_numbered(&rooms, r->room);
        struct paper_node *nodes;
        if (!room)
            continue;
        r->node_count = nodes_of_room(rq->arena, all, count, room->id, &nodes);
        r->nodes = nodes;
        struct roster_order order = {.session = s->session->id,
                                     .room = room->id,
                                     .no = r->room,
                                     .room_name = room->name,
                                     .nodes = nodes,
                                     .node_count = r->node_count,
                                     .roster_key = key,
                                     .blobs = &rq->app->blobs};
        ok = r->node_count == 0 || roster_seal(&d, &order, &r->roster, e);
    }
    secret_wipe(key, sizeof key);
    return ok;
}

struct code_check {
    struct request *rq;
    const char *code;
    bool right;
    code_work_fn *then;
    void *ctx;
};

static bool take_code(struct db *db, void *ctx, struct err *e)
{
    struct code_check *c = ctx;
    struct people p = people_of(c->rq);
    p.db = db;
    return totp_take(&p, c->rq->viewer.account, c->code, &c->right, e) &&
           (!c->right || !c->then || c->then(db, c->ctx, e));
}

bool fresh_code_then(struct request *rq, const char *code, code_work_fn *then, void *ctx,
                     struct err *e)
{
    struct code_check c = {rq, code, false, then, ctx};
    return db_transact(rq->db, take_code, &c, e) &&
           (c.right || FAIL(e, UNAUTHENTICATED, "/code", "动态口令不对，或者已经用过。"));
}

bool fresh_code(struct request *rq, const char *code, struct err *e)
{
    return fresh_code_then(rq, code, NULL, NULL, e);
}
