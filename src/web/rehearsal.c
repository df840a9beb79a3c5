/* web/rehearsal.c - rehearsals of a session on the desk: what they measured, which are ordered on rooms' machines
 * and how far those are. */
#include "sitting/rehearsal.h"

#include <string.h>

#include "base/json_out.h"
#include "sitting/room_rehearsal.h"
#include "web/app.h"
#include "web/handlers.h"
#include "web/nodes_of.h"
#include "web/session.h"

static void put_reports(struct json_out *o, const struct rehearsal *list, size_t count)
{
    put_array(o, "rehearsals");
    for (size_t i = 0; i < count; i++) {
        out_object(o);
        put_id(o, "id", list[i].id);
        put_id(o, "node", list[i].node);
        put_text(o, "node_name", list[i].node_name);
        put_int(o, "at_ms", list[i].at_ms);
        put_bool(o, "passed", list[i].passed);
        put_json(o, "report", list[i].report);
        out_object_end(o);
    }
    out_array_end(o);
}

static void put_orders(struct json_out *o, const struct room_rehearsal *list, size_t count,
                       int64_t now_ms)
{
    put_array(o, "orders");
    for (size_t i = 0; i < count; i++) {
        const struct room_rehearsal *r = &list[i];
        bool open = strcmp(r->state, "ordered") == 0 || strcmp(r->state, "running") == 0;
        out_object(o);
        put_id(o, "id", r->id);
        put_id(o, "node", r->node);
        put_text(o, "node_name", r->node_name);
        put_int(o, "candidates", r->candidates);
        put_int(o, "at_ms", r->at_ms);
        put_text(o, "state",
                 open && r->at_ms + REHEARSAL_ORDER_MS <= now_ms ? "over" : r->state);
        put_text(o, "stage", r->stage);
        put_text(o, "problem", r->problem);
        put_int(o, "told_ms", r->told_ms);
        out_object_end(o);
    }
    out_array_end(o);
}

static void put_choices(struct json_out *o, const struct rehearsal_node *list, size_t count)
{
    put_array(o, "nodes");
    for (size_t i = 0; i < count; i++) {
        if (strcmp(list[i].state, "joined") != 0)
            continue;
        out_object(o);
        put_id(o, "id", list[i].node);
        put_text(o, "name", list[i].name);
        put_int(o, "seats", list[i].seats);
        out_object_end(o);
    }
    out_array_end(o);
}

bool session_rehearsals_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct session session;
    struct rehearsal *list;
    struct room_rehearsal *orders;
    struct rehearsal_node *nodes;
    size_t count, order_count, node_count;
    bool arranges;
    if (!session_visible(rq, rq->id[0], &session, &arranges, e) ||
        !rehearsal_list(rq->db, rq->arena, session.body, session.id, &list, &count, e) ||
        !rehearsal_orders(rq->db, rq->arena, session.body, session.id, &orders, &order_count,
                          e) ||
        !rehearsal_nodes(rq->db, rq->arena, session.body, session.id, &nodes, &node_count, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_reports(o, list, count);
    put_orders(o, orders, order_count, rq->now_ms);
    put_choices(o, nodes, node_count);
    return true;
}

struct rehearsal_order_body {
    struct id node;
};
static const struct field rehearsal_order_rows[] = {
    {FIELD(struct rehearsal_order_body, node, ID), .required = true},
};
const struct fields rehearsal_order_fields = FIELDS(
    "rehearsal_order", struct rehearsal_order_body, rehearsal_order_rows);

bool session_rehearsals_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct rehearsal_order_body *b = rq->input;
    struct node_desk d = node_desk_of(rq);
    return rehearsal_order(&d, rq->id[0], b->node, e) && session_rehearsals_get(rq, rp, e);
}
