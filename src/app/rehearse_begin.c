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
enum { SEATS_A_ROOM = 30, ROOMS_MAX = 60, CANDIDATES_AT_ONCE = 32 };
static const char *const ways[REHEARSE_NODES] = {"online", "phone", "envelope"};

/* Three rooms at least, for three ways in; else as large as the session's. */
static size_t seats_of_a_room(const struct rehearse_order *o)
{
    size_t third = (o->candidates + 2) / 3;
    size_t seats = o->room_seats > 0 ? o->room_seats : SEATS_A_ROOM;
    size_t most = ROOMS_MAX * seats < o->candidates
                      ? (o->candidates + ROOMS_MAX - 1) / ROOMS_MAX
                      : seats;
    return third < most ? third : most;
}

bool rehearse_begin(struct arena *a, const struct rehearse_order *o, struct rehearse_run *h,
                    struct err *e)
{
    size_t seats = seats_of_a_room(o);
    h->engine = o->store ? "postgresql" : "sqlite";
    h->seb = o->seb;
    h->road = (struct road){.theory_only = true,
                            .hands_in_files = true,
                            .lead_ms = LEAD_MS + LEAD_MS_A_CANDIDATE * (int64_t)o->candidates,
                            .room_rows = (seats + 4) / 5,
                            .room_columns = 5,
                            .phone_memory = "8",
                            .beside = o->beside,
                            .threads = CANDIDATES_AT_ONCE,
                            .pace = road_pace_create()};
    return road_begin(a, o->candidates, o->store, &h->road, e);
}

void rehearse_end(struct rehearse_run *h)
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
    road_pace_destroy(h->road.pace);
}

int64_t rehearse_cpu_ms(const struct rehearse_run *h)
{
    int64_t us = 0;
    for (size_t i = 0; i < REHEARSE_NODES; i++)
        us += process_cpu_us(h->nodes[i].child.pid);
    return road_cpu_ms(&h->road) + us / 1000;
}

bool rehearse_apply(struct rehearse_run *h, int64_t *count, struct err *e)
{
    return road_apply(&h->road, count, e) && road_review(&h->road, count, e);
}

bool rehearse_arrange(struct rehearse_run *h, int64_t *count, struct err *e)
{
    return road_arrange(&h->road, count, e) && road_tickets(&h->road, count, e) &&
           rehearse_seb_ask(h, e);
}

/* --- nodes ----------------------------------------------------------------------------------------- */
static bool invite(struct rehearse_run *h, struct rehearse_node *n, const char **code,
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
static bool join(struct rehearse_run *h, const struct rehearse_node *n, const char *code,
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

static bool assign(struct rehearse_run *h, const struct rehearse_node *n, size_t room,
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

bool rehearse_join(struct rehearse_run *h, int64_t *count, struct err *e)
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

bool rehearse_seal(struct rehearse_run *h, int64_t *count, struct err *e)
{
    return road_papers(&h->road, count, e);
}

/* --- packages --------------------------------------------------------------------------------------- */
static bool start_node(struct rehearse_run *h, struct rehearse_node *n, struct err *e)
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

static bool all_ready(struct rehearse_run *h, int64_t *ready, struct err *e)
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

bool rehearse_packages(struct rehearse_run *h, int64_t *count, struct err *e)
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
            return rehearse_seb_keys(h, e);
        nanosleep(&(struct timespec){0, LOOK_MS * 1000000L}, NULL);
    } while (clock_boot_ms() < until);
    return FAIL(e, INTERNAL, "/ready", "%zu 个考场中只有 %lld 个就绪。", h->road.room_count,
                (long long)*count);
}
