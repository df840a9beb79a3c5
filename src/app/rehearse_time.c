/* app/rehearse_time.c - the centre's time acts on their way into the rooms: the start is put off while the
 * papers are closed, refused once they are open; extra time for the whole session reaches each node. */
#include <string.h>
#include <time.h>

#include "app/rehearse.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/json.h"

enum { LOOK_MS = 100, PATIENCE_MS = 60000, PUT_OFF_MS = 2000, EXTRA_MINUTES = 5 };

static void a_little(void)
{
    nanosleep(&(struct timespec){0, LOOK_MS * 1000000L}, NULL);
}

static bool act(struct rehearse_run *h, const char *name, json_t *body, struct err *e)
{
    struct client *c = road_as(&h->road, "registrar", e);
    if (!c) {
        json_decref(body);
        return false;
    }
    return client_json(c, h->road.arena, "POST",
                       road_path(h->road.arena, "/api/sessions/", h->road.theory, name), body,
                       NULL, e);
}

/* How many nodes have the session's newest row of this kind, by the page of the desk. */
static bool reached(struct rehearse_run *h, const char *kind, size_t *nodes, struct err *e)
{
    json_t *v, *row, *node;
    size_t i, k;
    struct client *c = road_as(&h->road, "registrar", e);
    *nodes = 0;
    if (!c || !client_json(c, h->road.arena, "GET",
                           road_path(h->road.arena, "/api/sessions/", h->road.theory, "/nodes"),
                           NULL, &v, e))
        return false;
    json_array_foreach(json_object_get(v, "times"), i, row)
    {
        const char *is = json_member_text(row, "kind");
        if (!is || strcmp(is, kind) != 0)
            continue;
        *nodes = json_array_size(json_object_get(row, "nodes"));
        json_array_foreach(
            json_object_get(row, "nodes"), k,
            node) if (json_member_text(node, "problem")) return FAIL(e, INTERNAL, kind,
                                                                     "节点没有采用：%s",
                                                                     json_member_text(
                                                                         node, "problem"));
    }
    return true;
}

static bool wait_reached(struct rehearse_run *h, const char *kind, int64_t *took_ms,
                         struct err *e)
{
    int64_t began = clock_boot_ms(), until = began + PATIENCE_MS;
    size_t nodes;
    do {
        if (!reached(h, kind, &nodes, e))
            return false;
        if (nodes == REHEARSE_NODES) {
            *took_ms = clock_boot_ms() - began;
            return true;
        }
        a_little();
    } while (clock_boot_ms() < until);
    return FAIL(e, INTERNAL, kind, "只到达 %zu 个节点。", nodes);
}

/* What the invigilator of a room reads on the node. */
static bool room_has(struct rehearse_run *h, struct rehearse_node *n, struct err *e)
{
    json_t *v;
    struct client *c = road_as(&n->at, "invigilator", e);
    if (!c || !client_json(c, h->road.arena, "GET",
                           road_path(h->road.arena, "/api/rooms/", h->road.rooms[n->room], ""),
                           NULL, &v, e))
        return false;
    int64_t minutes = json_member_int(json_object_get(v, "session"), "minutes", 0),
            allowed = json_member_int(json_object_get(v, "clock"), "allowed_ms", 0);
    return (minutes > 0 && allowed == (minutes + EXTRA_MINUTES) * 60000) ||
           FAIL(e, INTERNAL, "/clock", "节点上的时间没有补：%lld 分钟。",
                (long long)(allowed / 60000));
}

static bool refused_when_open(struct rehearse_run *h, struct err *e)
{
    struct err why = {0};
    json_t *body = json_pack("{s:I, s:s}", "at_ms", (json_int_t)(clock_now_ms() + 600000),
                             "reason", "演练：迟了");
    if (act(h, "/put-off", body, &why))
        return FAIL(e, INTERNAL, "put_off", "启封之后还能推迟开考。");
    return strstr(why.text, "/at_ms") != NULL ||
           FAIL(e, INTERNAL, "put_off", "拒绝说的是别的：%.200s", why.text);
}

bool rehearse_put_off(struct rehearse_run *h, int64_t *count, struct err *e)
{
    json_t *body = json_pack("{s:I, s:s}", "at_ms",
                             (json_int_t)(h->road.theory_starts_ms + PUT_OFF_MS), "reason",
                             "演练：推迟开考");
    *count = REHEARSE_NODES;
    return act(h, "/put-off", body, e) && wait_reached(h, "put_off", &h->put_off_ms, e);
}

bool rehearse_extend(struct rehearse_run *h, int64_t *count, struct err *e)
{
    *count = REHEARSE_NODES;
    for (size_t i = 0; i < REHEARSE_NODES; i++)
        line_cut(h->nodes[i].line, false);
    if (!refused_when_open(h, e) ||
        !act(h, "/extend",
             json_pack("{s:i, s:s}", "minutes", (int)EXTRA_MINUTES, "reason", "演练：停电"),
             e) ||
        !wait_reached(h, "extend", &h->extend_ms, e))
        return false;
    for (size_t i = 0; i < REHEARSE_NODES; i++)
        if (!room_has(h, &h->nodes[i], e))
            return false;
    while (clock_now_ms() < h->road.theory_starts_ms + PUT_OFF_MS)
        a_little();
    return true;
}
