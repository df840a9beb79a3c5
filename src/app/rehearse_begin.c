/* app/rehearse_begin.c - the stage: body, candidates, session; three nodes that join and fetch. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "app/rehearse.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/json.h"

enum { LOOK_MS = 200, PATIENCE_MS = 60000, LEAD_MS = 40000, LEAD_MS_A_CANDIDATE = 40 };
static const char *const ways[REHEARSE_NODES] = {"online", "phone", "envelope"};

bool rehearse_begin(struct arena *a, size_t candidates, struct rehearsal *h, struct err *e)
{
    size_t seats = (candidates + 2) / 3;
    seats = seats > 30 ? 30 : seats;
    h->road = (struct road){.theory_only = true,
                            .lead_ms = LEAD_MS + LEAD_MS_A_CANDIDATE * (int64_t)candidates,
                            .room_rows = (seats + 4) / 5,
                            .room_columns = 5,
                            .phone_memory = "8"};
    return road_begin(a, candidates, NULL, &h->road, e);
}

void rehearse_end(struct rehearsal *h)
{
    for (size_t i = 0; i < REHEARSE_NODES; i++) {
        struct rehearse_node *n = &h->nodes[i];
        for (size_t k = 0; k < n->at.staff_count; k++)
            client_destroy(n->at.staff[k].client);
        server_child_stop(&n->child, SIGTERM);
        line_stop(n->line);
    }
    if (h->keep && h->road.folder) {
        fprintf(stderr, "heng: 演练的数据在 %s\n", h->road.folder);
        h->road.folder = NULL;
    }
    road_end(&h->road);
}

int64_t rehearse_cpu_ms(const struct rehearsal *h)
{
    int64_t us = 0;
    for (size_t i = 0; i < REHEARSE_NODES; i++)
        us += process_cpu_us(h->nodes[i].child.pid);
    return road_cpu_ms(&h->road) + us / 1000;
}

bool rehearse_apply(struct rehearsal *h, int64_t *count, struct err *e)
{
    return road_apply(&h->road, count, e) && road_review(&h->road, count, e);
}

bool rehearse_arrange(struct rehearsal *h, int64_t *count, struct err *e)
{
    return road_arrange(&h->road, count, e) && road_tickets(&h->road, count, e);
}

/* --- nodes ----------------------------------------------------------------------------------------- */
static bool invite(struct rehearsal *h, struct rehearse_node *n, const char **code,
                   struct err *e)
{
    json_t *v;
    struct client *c = road_as(&h->road, "registrar", e);
    if (!c ||
        !client_json(c, h->road.arena, "POST", "/api/nodes",
                     json_pack("{s:s}", "name", n->name), &v, e) ||
        !road_id(v, "id", &n->id, e))
        return false;
    *code = json_member_text(v, "code");
    return *code || FAIL(e, INTERNAL, "/code", "没有加入码。");
}

/* `heng room --join`, as an administrator types it. */
static bool join(struct rehearsal *h, const struct rehearse_node *n, const char *code,
                 struct err *e)
{
    int status = 0;
    const char *url = arena_printf(h->road.arena, "http://127.0.0.1:%u",
                                   (unsigned)line_port(n->line));
    pid_t pid = fork();
    if (pid == 0) {
        int null = open("/dev/null", O_WRONLY);
        dup2(null, STDOUT_FILENO);
        execl(h->road.program, h->road.program, "room", "--data", n->data, "--join", url,
              "--code", code, (char *)NULL);
        _exit(127);
    }
    return (pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) &&
            WEXITSTATUS(status) == 0) ||
           FAIL(e, INTERNAL, "room", "考场节点没有加入成功。");
}

static bool assign(struct rehearsal *h, const struct rehearse_node *n, size_t room,
                   struct err *e)
{
    char room_id[ID_TEXT_BYTES], node_id[ID_TEXT_BYTES];
    struct client *c = road_as(&h->road, "registrar", e);
    id_write(h->road.rooms[room], room_id);
    id_write(n->id, node_id);
    return c &&
           client_json(c, h->road.arena, "POST",
                       road_path(h->road.arena, "/api/sessions/", h->road.theory, "/nodes"),
                       json_pack("{s:s, s:s}", "room", room_id, "node", node_id), NULL, e);
}

/* Two rooms are opened by what people type, the others online. */
static size_t node_of_room(size_t room)
{
    return room == 1 ? 1 : room == 2 ? 2 : 0;
}

bool rehearse_join(struct rehearsal *h, int64_t *count, struct err *e)
{
    struct road *r = &h->road;
    for (size_t i = 0; i < REHEARSE_NODES; i++) {
        struct rehearse_node *n = &h->nodes[i];
        const char *code;
        n->way = ways[i];
        n->room = i;
        n->name = arena_printf(r->arena, "演练节点 %zu", i + 1);
        n->data = arena_printf(r->arena, "%s/node%zu", r->folder, i + 1);
        n->line = line_start(r->server.port, e);
        if (!n->line || !invite(h, n, &code, e) || !join(h, n, code, e))
            return false;
    }
    for (size_t room = 0; room < r->room_count; room++)
        if (!assign(h, &h->nodes[node_of_room(room)], room, e))
            return false;
    *count = REHEARSE_NODES;
    return true;
}

bool rehearse_seal(struct rehearsal *h, int64_t *count, struct err *e)
{
    return road_papers(&h->road, count, e);
}

/* --- packages --------------------------------------------------------------------------------------- */
static bool start_node(struct rehearsal *h, struct rehearse_node *n, struct err *e)
{
    struct server_order o = {.program = h->road.program,
                             .data = n->data,
                             .log = arena_printf(h->road.arena, "%s.log", n->data),
                             .rate_factor = "10000",
                             .command = "room",
                             .option = "--contact-ms",
                             .value = "500"};
    if (!server_child_start(h->road.arena, &o, &n->child, e))
        return false;
    n->at = h->road;
    n->at.server = n->child;
    n->at.staff_count = 0;
    return true;
}

static bool all_ready(struct rehearsal *h, int64_t *ready, struct err *e)
{
    json_t *v, *room, *node;
    size_t i, k;
    struct client *c = road_as(&h->road, "registrar", e);
    *ready = 0;
    if (!c || !client_json(c, h->road.arena, "GET",
                           road_path(h->road.arena, "/api/sessions/", h->road.theory, "/nodes"),
                           NULL, &v, e))
        return false;
    json_array_foreach(json_object_get(v, "rooms"), i, room)
        json_array_foreach(json_object_get(room, "nodes"), k,
                           node) *ready += json_is_true(json_object_get(node, "ready"));
    return true;
}

bool rehearse_packages(struct rehearsal *h, int64_t *count, struct err *e)
{
    int64_t until = clock_boot_ms() + PATIENCE_MS;
    for (size_t i = 0; i < REHEARSE_NODES; i++)
        if (!start_node(h, &h->nodes[i], e))
            return false;
    for (size_t i = 0; i < h->road.count; i++) {
        struct road_candidate *c = &h->road.candidates[i];
        c->url = h->nodes[node_of_room(c->room)].child.url;
    }
    do {
        if (!all_ready(h, count, e))
            return false;
        if (*count == (int64_t)h->road.room_count)
            return true;
        nanosleep(&(struct timespec){0, LOOK_MS * 1000000L}, NULL);
    } while (clock_boot_ms() < until);
    return FAIL(e, INTERNAL, "/ready", "%zu 个考场中只有 %lld 个就绪。", h->road.room_count,
                (long long)*count);
}
