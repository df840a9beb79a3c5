/* sitting/room_rehearsal.c - rehearsals on rooms' machines, at the centre: ordered, told, their reports kept. */
#include "sitting/room_rehearsal.h"

#include <jansson.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "sitting/conduct.h"
#include "sitting/node.h"
#include "sitting/rehearsal.h"
#include "sitting/session.h"
#include "store/audit.h"
#include "store/db.h"

enum { LIST_MAX = 20, NODES_MAX = 200, STAGE_MAX_BYTES = 20, PROBLEM_MAX_BYTES = 1000 };

bool rehearsal_nodes(struct db *db, struct arena *a, struct id body, struct id session,
                     struct rehearsal_node **out, size_t *count, struct err *e)
{
    struct query *q = db_query(db, SQL_room_rehearsal_nodes);
    query_id(q, body);
    query_id(q, session);
    query_int(q, NODES_MAX);
    *out = arena_array(a, struct rehearsal_node, NODES_MAX);
    *count = 0;
    while (query_next(q, e))
        (*out)[(*count)++] = (struct rehearsal_node){.node = query_get_id(q, 0),
                                                     .name = query_get_text(q, 1, a),
                                                     .state = query_get_text(q, 2, a),
                                                     .seats = query_get_int(q, 3),
                                                     .largest = query_get_int(q, 4)};
    return e->code == ERR_NONE;
}

/* --- ordering --------------------------------------------------------------------------------------- */
struct ordering {
    const struct node_desk *desk;
    struct room_rehearsal order;
};

static bool put_order(struct db *db, void *ctx, struct err *e)
{
    const struct ordering *o = ctx;
    const struct room_rehearsal *r = &o->order;
    const struct actor *who = o->desk->who;
    char node[ID_TEXT_BYTES];
    struct query *q = db_query(db, SQL_room_rehearsal_put);
    query_id(q, r->id);
    query_id(q, who->body);
    query_id(q, r->session);
    query_id(q, r->node);
    query_int(q, r->candidates);
    query_int(q, r->room_seats);
    query_int(q, r->seb);
    query_int(q, who->now_ms);
    query_id(q, who->account);
    query_int(q, who->now_ms - REHEARSAL_ORDER_MS);
    id_write(r->node, node);
    json_t *change = json_keep(
        o->desk->arena,
        json_pack("{s:s, s:I}", "node", node, "candidates", (json_int_t)r->candidates));
    return query_change_one(q, "/node", "这个节点还有一次演练没有结束。", e) &&
           audit_write(db, who,
                       &(struct audit_row){.act = ACT_rehearsal_order,
                                           .object_type = "rh",
                                           .object = r->id,
                                           .chain_owner = r->session,
                                           .change = change},
                       e);
}

static bool find_node(const struct node_desk *d, struct id session, struct id node,
                      struct rehearsal_node *out, struct err *e)
{
    struct rehearsal_node *list;
    size_t count;
    if (!rehearsal_nodes(d->db, d->arena, d->who->body, session, &list, &count, e))
        return false;
    for (size_t i = 0; i < count; i++)
        if (id_equal(list[i].node, node)) {
            *out = list[i];
            return true;
        }
    return FAIL(e, CONFLICT, "/node", "这个节点不服务本场次的考场。");
}

bool rehearsal_order(const struct node_desk *d, struct id session, struct id node,
                     struct err *e)
{
    struct session s;
    struct conduct conduct;
    struct rehearsal_node n = {0};
    if (!session_get(d->db, d->arena, (struct owned){d->who->body, session}, &s, e) ||
        !conduct_get(d->db, d->arena, session, &conduct, e) ||
        !find_node(d, session, node, &n, e))
        return false;
    enum session_state now = session_now(&s, d->who->now_ms);
    if (now != SESSION_draft && now != SESSION_arranged && now != SESSION_sealed)
        return FAIL(e, CONFLICT, "/session", "场次现在是“%s”，不能再演练。",
                    session_state_label(now));
    if (strcmp(n.state, "joined") != 0)
        return FAIL(e, CONFLICT, "/node", "这个节点还没有加入，或者已经吊销。");
    struct ordering o = {
        .desk = d,
        .order = {.id = id_random(),
                  .session = session,
                  .node = node,
                  .candidates = n.seats < REHEARSAL_CANDIDATES_MIN   ? REHEARSAL_CANDIDATES_MIN
                                : n.seats > REHEARSAL_CANDIDATES_MAX ? REHEARSAL_CANDIDATES_MAX
                                                                     : n.seats,
                  .room_seats = n.largest,
                  .seb = conduct.seb}};
    return db_transact(d->db, put_order, &o, e);
}

static void order_read(struct query *q, struct arena *a, struct room_rehearsal *out)
{
    *out = (struct room_rehearsal){.id = query_get_id(q, 0),
                                   .session = query_get_id(q, 1),
                                   .node = query_get_id(q, 2),
                                   .node_name = query_get_text(q, 3, a),
                                   .candidates = query_get_int(q, 4),
                                   .room_seats = query_get_int(q, 5),
                                   .seb = query_get_int(q, 6) != 0,
                                   .at_ms = query_get_int(q, 7),
                                   .state = query_get_text(q, 8, a),
                                   .stage = query_get_text(q, 9, a),
                                   .problem = query_get_text(q, 10, a),
                                   .told_ms = query_get_int(q, 11)};
}

bool rehearsal_orders(struct db *db, struct arena *a, struct id body, struct id session,
                      struct room_rehearsal **out, size_t *count, struct err *e)
{
    struct query *q = db_query(db, SQL_room_rehearsal_list);
    query_id(q, body);
    query_id(q, session);
    query_int(q, LIST_MAX);
    *out = arena_array(a, struct room_rehearsal, LIST_MAX);
    *count = 0;
    while (query_next(q, e))
        order_read(q, a, &(*out)[(*count)++]);
    return e->code == ERR_NONE;
}

bool rehearsal_orders_of_node(struct db *db, struct arena *a, struct id node, int64_t now_ms,
                              json_t **out, struct err *e)
{
    struct query *q = db_query(db, SQL_room_rehearsal_open);
    query_id(q, node);
    query_int(q, now_ms - REHEARSAL_ORDER_MS);
    *out = json_keep(a, json_array());
    while (query_next(q, e)) {
        struct room_rehearsal r;
        char id[ID_TEXT_BYTES], session[ID_TEXT_BYTES];
        order_read(q, a, &r);
        id_write(r.id, id);
        id_write(r.session, session);
        json_array_append_new(*out, json_pack("{s:s, s:s, s:I, s:I, s:b}", "id", id, "session",
                                              session, "candidates", (json_int_t)r.candidates,
                                              "room_seats", (json_int_t)r.room_seats, "seb",
                                              (int)r.seb));
    }
    return e->code == ERR_NONE;
}

/* --- what the node says ------------------------------------------------------------------------------ */
struct telling {
    const struct node_desk *desk;
    struct room_rehearsal order;
    const char *state, *stage, *problem;
};

static bool put_told(struct db *db, void *ctx, struct err *e)
{
    const struct telling *t = ctx;
    struct query *q = db_query(db, SQL_room_rehearsal_told);
    query_id(q, t->order.id);
    query_text(q, t->state);
    query_text(q, t->stage);
    query_text(q, t->problem);
    query_int(q, t->desk->who->now_ms);
    return query_change_one(q, "/state", "这次演练已经结束。", e);
}

static bool is_stage(const char *text)
{
    size_t len = text ? strlen(text) : 1;
    return !text || (len >= 1 && len <= STAGE_MAX_BYTES &&
                     strspn(text, "abcdefghijklmnopqrstuvwxyz_") == len);
}

/* A node may say that it began, how far it is, and how it ended; nothing else. */
static bool said_is_good(const json_t *said, struct telling *t, const json_t **report,
                         struct err *e)
{
    t->state = json_member_text(said, "state");
    t->stage = json_member_text(said, "stage");
    t->problem = json_member_text(said, "problem");
    *report = json_object_get(said, "report");
    if (!t->state || (strcmp(t->state, "running") != 0 && strcmp(t->state, "done") != 0 &&
                      strcmp(t->state, "refused") != 0))
        return FAIL(e, INVALID, "/state", "演练的状态读不出来。");
    if (!is_stage(t->stage))
        return FAIL(e, INVALID, "/stage", "演练的步骤读不出来。");
    if ((strcmp(t->state, "done") == 0) != (*report && json_is_object(*report)))
        return FAIL(e, INVALID, "/report", "演练报告读不出来。");
    if ((strcmp(t->state, "refused") == 0) != (t->problem != NULL) ||
        (t->problem && strlen(t->problem) > PROBLEM_MAX_BYTES))
        return FAIL(e, INVALID, "/problem", "没有演练的原因读不出来。");
    return true;
}

static bool order_of(const struct node_desk *d, const struct node *n, struct id order,
                     struct room_rehearsal *out, struct err *e)
{
    struct query *q = db_query(d->db, SQL_room_rehearsal_get);
    query_id(q, order);
    query_id(q, n->id);
    if (!query_one(q, "rehearsal", e))
        return false;
    order_read(q, d->arena, out);
    query_done(q);
    return true;
}

bool rehearsal_told(const struct node_desk *d, const struct node *n, struct id order,
                    const json_t *said, struct err *e)
{
    struct telling t = {.desk = d};
    const json_t *report;
    bool passed;
    if (!order_of(d, n, order, &t.order, e) || !said_is_good(said, &t, &report, e))
        return false;
    if (strcmp(t.order.state, "done") == 0 || strcmp(t.order.state, "refused") == 0)
        return true;
    if (!report)
        return db_transact(d->db, put_told, &t, e);
    struct rehearsal_limit own = {"candidates", t.order.candidates};
    struct rehearsal_limits limits = {&own, 1};
    struct rehearsal_input in = {.session = t.order.session,
                                 .node = n->id,
                                 .report = report,
                                 .limits = &limits,
                                 .also = put_told,
                                 .ctx = &t};
    return rehearsal_keep(d->db, d->arena, d->who, &in, &passed, e);
}
