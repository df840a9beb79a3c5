/* sitting/node_duty.c - which node serves which room, and what its package is. */
#include <jansson.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "sitting/node_store.h"
#include "sitting/session.h"
#include "store/audit.h"
#include "store/db.h"

void column_copy(struct query *q, int column, unsigned char *out, size_t len)
{
    struct arena *scratch = arena_create(1 << 16);
    struct bytes b = query_get_bytes(q, column, scratch);
    if (b.len == len)
        memcpy(out, b.at, len);
    arena_destroy(scratch);
}

void node_row_read(struct query *q, struct arena *a, struct node *out)
{
    *out = (struct node){.id = query_get_id(q, 0),
                         .body = query_get_id(q, 1),
                         .name = query_get_text(q, 2, a),
                         .chain = query_get_int(q, 3),
                         .state = query_get_text(q, 4, a),
                         .kid = query_get_text(q, 5, a),
                         .code_until_ms = query_get_int(q, 8),
                         .created_ms = query_get_int(q, 9),
                         .joined_ms = query_get_int(q, 10),
                         .seen_ms = query_get_int(q, 11),
                         .offset_ms = query_get_int(q, 12),
                         .free_bytes = query_get_int(q, 13),
                         .ram_bytes = query_get_int(q, 14),
                         .version = query_get_text(q, 15, a)};
    column_copy(q, 6, out->sign_public, SIGN_PUBLIC_BYTES);
    column_copy(q, 7, out->box_public, BOX_PUBLIC_BYTES);
}

/* --- assigning ----------------------------------------------------------------------------------- */
struct assigning {
    const struct node_desk *desk;
    const struct node_assignment *in;
    bool take_away;
};

static bool another_serves(struct db *db, const struct node_assignment *in, bool *is,
                           struct err *e)
{
    struct query *q = db_query(db, SQL_room_node_main_count);
    query_id(q, in->room);
    query_id(q, in->node);
    if (!query_one(q, "room", e))
        return false;
    *is = query_get_int(q, 0) > 0;
    query_done(q);
    return true;
}

static bool put_duty(struct db *db, const struct node_assignment *in, struct err *e)
{
    bool other = false;
    if (!in->standby && !another_serves(db, in, &other, e))
        return false;
    if (other)
        return FAIL(e, CONFLICT, "/node", "这个考场已有另一个节点，先撤下它或设为备用。");
    struct query *q = db_query(db, SQL_room_node_duty_put);
    query_id(q, in->room);
    query_id(q, in->node);
    query_id(q, in->session);
    query_int(q, in->standby);
    return query_run(q, e);
}

static bool drop_duty(struct db *db, const struct node_assignment *in, struct err *e)
{
    struct query *q = db_query(db, SQL_room_node_duty_drop);
    query_id(q, in->room);
    query_id(q, in->node);
    return query_change_one(q, "/node", "这个考场没有指派这个节点。", e);
}

static bool assign(struct db *db, void *ctx, struct err *e)
{
    const struct assigning *g = ctx;
    const struct node_desk *d = g->desk;
    char room[ID_TEXT_BYTES], node[ID_TEXT_BYTES];
    id_write(g->in->room, room);
    id_write(g->in->node, node);
    json_t *change = json_keep(d->arena, json_pack("{s:s, s:s, s:b, s:b}", "room", room, "node",
                                                   node, "standby", (int)g->in->standby,
                                                   "taken_away", (int)g->take_away));
    return (g->take_away ? drop_duty(db, g->in, e) : put_duty(db, g->in, e)) &&
           audit_write(db, d->who,
                       &(struct audit_row){.act = ACT_node_assign,
                                           .object_type = "se",
                                           .object = g->in->session,
                                           .change = change},
                       e);
}

static bool may_assign(const struct node_desk *d, const struct node_assignment *in,
                       struct err *e)
{
    struct room room;
    struct session session;
    struct node node;
    if (!session_get(d->db, d->arena, (struct owned){d->who->body, in->session}, &session, e) ||
        !room_get(d->db, d->arena, (struct owned){d->who->body, in->room}, &room, e))
        return false;
    if (!id_equal(room.session, in->session))
        return FAIL(e, NOT_FOUND, "/room", "这个场次没有这个考场。");
    if (!node_get(d, in->node, &node, e))
        return false;
    if (session.state == SESSION_cancelled || session.state == SESSION_finished)
        return FAIL(e, CONFLICT, "/state", "场次已经结束或取消。");
    return strcmp(node.state, "joined") == 0 ||
           FAIL(e, CONFLICT, "/node", "这个节点还没有加入，或者已经吊销。");
}

bool node_assign(const struct node_desk *d, const struct node_assignment *in, struct err *e)
{
    struct assigning g = {d, in, false};
    return may_assign(d, in, e) && db_transact(d->db, assign, &g, e);
}

bool node_unassign(const struct node_desk *d, const struct node_assignment *in, struct err *e)
{
    struct assigning g = {d, in, true};
    struct session session;
    return session_get(d->db, d->arena, (struct owned){d->who->body, in->session}, &session,
                       e) &&
           db_transact(d->db, assign, &g, e);
}

bool room_is_away(struct db *db, struct id room, bool *away, struct err *e)
{
    struct query *q = db_query(db, SQL_room_is_away);
    query_id(q, room);
    if (!query_one(q, "room", e))
        return false;
    *away = query_get_int(q, 0) > 0;
    query_done(q);
    return true;
}

/* --- packages ------------------------------------------------------------------------------------ */
static bool is_for(struct arena *a, struct bytes manifest, const char *kid)
{
    struct err ignored = {0};
    json_t *o = json_read(a, manifest.at, manifest.len, &ignored), *one;
    size_t i;
    json_array_foreach(json_object_get(o, "nodes"), i, one)
    {
        const char *name = json_member_text(one, "kid");
        if (name && strcmp(name, kid) == 0)
            return true;
    }
    return false;
}

static bool package_load(struct db *db, struct arena *a, const struct node *n,
                         struct node_duty *d, struct err *e)
{
    bool found;
    struct query *q = db_query(db, SQL_paper_manifest_of_room);
    query_id(q, d->session);
    query_int(q, d->no);
    if (!query_maybe(q, &found, e))
        return false;
    if (!found)
        return true;
    struct bytes manifest = query_get_bytes(q, 0, a);
    unsigned char proved[HASH_BYTES];
    d->open_at_ms = query_get_int(q, 1);
    d->released = !query_is_null(q, 2);
    d->revision = (uint32_t)query_get_int(q, 3);
    query_done(q);
    memcpy(proved, d->manifest, HASH_BYTES);
    hash_of(d->manifest, manifest.at, manifest.len);
    d->proved = d->proved && memcmp(proved, d->manifest, HASH_BYTES) == 0;
    d->has_package = is_for(a, manifest, n->kid);
    return true;
}

bool node_duties(struct db *db, struct arena *a, const struct node *n, struct node_duty **out,
                 size_t *count, struct err *e)
{
    struct query *q = db_query(db, SQL_room_node_duty_of);
    query_id(q, n->id);
    *out = NULL;
    *count = 0;
    while (query_next(q, e)) {
        *out = arena_grow(a, *out, *count, *count + 1, sizeof **out);
        struct node_duty *d = &(*out)[(*count)++];
        *d = (struct node_duty){.room = query_get_id(q, 0),
                                .session = query_get_id(q, 1),
                                .no = (uint32_t)query_get_int(q, 2),
                                .proved = !query_is_null(q, 3)};
        column_copy(q, 3, d->manifest, HASH_BYTES);
    }
    for (size_t i = 0; e->code == ERR_NONE && i < *count; i++)
        if (!package_load(db, a, n, &(*out)[i], e))
            return false;
    return e->code == ERR_NONE;
}

bool node_duty_get(struct db *db, struct arena *a, const struct node *n, struct id room,
                   struct node_duty *out, struct err *e)
{
    struct query *q = db_query(db, SQL_room_node_duty_get);
    query_id(q, room);
    query_id(q, n->id);
    if (!query_one(q, "room", e))
        return false;
    *out = (struct node_duty){.room = room,
                              .session = query_get_id(q, 0),
                              .no = (uint32_t)query_get_int(q, 1),
                              .standby = query_get_int(q, 3) != 0};
    query_done(q);
    return package_load(db, a, n, out, e);
}

bool node_standings(struct db *db, struct arena *a, struct id session,
                    struct node_standing **out, size_t *count, struct err *e)
{
    struct query *q = db_query(db, SQL_room_node_duty_list);
    query_id(q, session);
    *out = NULL;
    *count = 0;
    while (query_next(q, e)) {
        *out = arena_grow(a, *out, *count, *count + 1, sizeof **out);
        struct node_standing *s = &(*out)[(*count)++];
        *s = (struct node_standing){.room = query_get_id(q, 0),
                                    .node = query_get_id(q, 1),
                                    .standby = query_get_int(q, 3) != 0,
                                    .ready_ms = query_get_int(q, 4),
                                    .is_ready = !query_is_null(q, 4),
                                    .problem = query_get_text(q, 6, a),
                                    .name = query_get_text(q, 7, a),
                                    .state = query_get_text(q, 8, a),
                                    .kid = query_get_text(q, 9, a),
                                    .seen_ms = query_get_int(q, 10),
                                    .offset_ms = query_get_int(q, 12)};
        column_copy(q, 5, s->ready_manifest, HASH_BYTES);
        column_copy(q, 11, s->box_public, BOX_PUBLIC_BYTES);
    }
    return e->code == ERR_NONE;
}

bool room_handed_up(struct db *db, struct id room, bool *done, struct err *e)
{
    struct query *q = db_query(db, SQL_room_handed_up);
    query_id(q, room);
    if (!query_maybe(q, done, e))
        return false;
    if (*done)
        query_done(q);
    return true;
}
