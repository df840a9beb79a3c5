/* app/rehearse_play.c - three ways in, the exam with the centre away, hand-up, marks. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "app/rehearse.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/json.h"

enum { LOOK_MS = 200, PATIENCE_MS = 60000 };

static void a_little(void)
{
    nanosleep(&(struct timespec){0, LOOK_MS * 1000000L}, NULL);
}

/* --- envelopes, the day before ---------------------------------------------------------------------- */
static bool print_half(struct rehearse_run *h, const char *login, int half, struct err *e)
{
    struct road *r = &h->road;
    struct rehearse_node *n = &h->nodes[2];
    json_t *v;
    struct client *c = road_as(r, login, e);
    const char *code = c ? road_code(r, login, e) : NULL;
    if (!code || !client_json(c, r->arena, "POST",
                              road_path(r->arena, "/api/sessions/", r->theory, "/envelope"),
                              json_pack("{s:I, s:s, s:s, s:s}", "room", (json_int_t)n->room + 1,
                                        "half", half ? "B" : "A", "code", code, "as", "text"),
                              &v, e))
        return false;
    n->halves[half] = json_member_text(v, "text");
    return n->halves[half] || FAIL(e, INTERNAL, "/text", "没有信封密钥。");
}

bool rehearse_envelopes(struct rehearse_run *h, int64_t *count, struct err *e)
{
    *count = 2;
    return print_half(h, "officer", 0, e) && print_half(h, "officer2", 1, e);
}

/* --- opening ------------------------------------------------------------------------------------------ */
static bool type_half(struct rehearse_run *h, struct rehearse_node *n, const char *login,
                      int half, struct err *e)
{
    struct road *r = &n->at;
    struct client *c = road_as(r, login, e);
    const char *code = c ? road_code(r, login, e) : NULL;
    return code &&
           client_json(c, r->arena, "POST",
                       road_path(r->arena, "/api/here/rooms/", h->road.rooms[n->room], "/half"),
                       json_pack("{s:s, s:s, s:s, s:s}", "way", n->way, "half",
                                 half ? "B" : "A", "text", n->halves[half], "code", code),
                       NULL, e);
}

/* Both halves are right and yet nothing opens before the time (S4). */
bool rehearse_early(struct rehearse_run *h, int64_t *count, struct err *e)
{
    struct rehearse_node *n = &h->nodes[2];
    struct err early = {0};
    *count = 1;
    line_cut(n->line, true);
    line_cut(h->nodes[1].line, true);
    if (!type_half(h, n, "invigilator", 0, e))
        return false;
    if (clock_now_ms() >= h->road.theory_starts_ms)
        return FAIL(e, INTERNAL, "early", "准备得太慢，开考时间已过。");
    if (type_half(h, n, "invigilator2", 1, &early))
        return FAIL(e, INTERNAL, "early", "未到时间就启封了。");
    return strstr(early.text, "/open_at_ms") != NULL ||
           FAIL(e, INTERNAL, "early", "未到时间的拒绝说的是别的：%.200s", early.text);
}

static bool way_of(struct rehearse_run *h, const struct rehearse_node *n, size_t *opened,
                   struct err *e)
{
    json_t *v, *room;
    size_t i;
    struct road *at = &((struct rehearse_node *)(uintptr_t)n)->at;
    struct client *c = road_as(at, "invigilator", e);
    *opened = 0;
    if (!c || !client_json(c, h->road.arena, "GET", "/api/here/rooms", NULL, &v, e))
        return false;
    json_array_foreach(json_object_get(v, "rooms"), i, room)
    {
        const char *how = json_member_text(room, "released_how");
        *opened += how && strcmp(how, n->way) == 0;
    }
    return true;
}

static bool wait_opened(struct rehearse_run *h, const struct rehearse_node *n, size_t rooms,
                        struct err *e)
{
    int64_t until = clock_boot_ms() + PATIENCE_MS;
    size_t opened;
    do {
        if (!way_of(h, n, &opened, e))
            return false;
        if (opened == rooms)
            return true;
        a_little();
    } while (clock_boot_ms() < until);
    return FAIL(e, INTERNAL, n->way, "%zu 个考场中只启封了 %zu 个。", rooms, opened);
}

bool rehearse_online(struct rehearse_run *h, int64_t *count, struct err *e)
{
    *count = (int64_t)h->road.room_count - 2;
    return road_release(&h->road, count, e) &&
           (*count = (int64_t)h->road.room_count - 2,
            wait_opened(h, &h->nodes[0], h->road.room_count - 2, e));
}

static bool read_code(struct rehearse_run *h, const char *login, struct err *e)
{
    struct road *r = &h->road;
    struct rehearse_node *n = &h->nodes[1];
    json_t *v, *one;
    size_t i;
    struct client *c = road_as(r, login, e);
    if (!c || !client_json(c, r->arena, "GET",
                           road_path(r->arena, "/api/sessions/", r->theory, "/release-codes"),
                           NULL, &v, e))
        return false;
    json_array_foreach(json_object_get(v, "codes"), i, one)
    {
        const char *half = json_member_text(one, "half");
        if (half && json_member_int(one, "room", 0) == (int64_t)n->room + 1)
            n->halves[half[0] == 'B'] = json_member_text(one, "text");
    }
    return true;
}

/* A misheard digit is named and costs nothing; then both halves, each typed by another person. */
bool rehearse_phone(struct rehearse_run *h, int64_t *count, struct err *e)
{
    struct rehearse_node *n = &h->nodes[1];
    struct err misheard = {0};
    *count = 1;
    if (!read_code(h, "officer", e) || !read_code(h, "officer2", e))
        return false;
    if (!n->halves[0] || !n->halves[1])
        return FAIL(e, INTERNAL, "/codes", "没有启封码。");
    char *wrong = arena_text(h->road.arena, n->halves[0]);
    const char *right = n->halves[0];
    wrong[0] = wrong[0] == '9' ? '0' : (char)(wrong[0] + 1);
    n->halves[0] = wrong;
    bool taken = type_half(h, n, "invigilator", 0, &misheard);
    n->halves[0] = right;
    if (taken || !strstr(misheard.text, "/groups/1"))
        return FAIL(e, INTERNAL, "phone", "听错的一组没有被指出：%.200s", misheard.text);
    return type_half(h, n, "invigilator", 0, e) && type_half(h, n, "invigilator2", 1, e) &&
           wait_opened(h, n, 1, e);
}

bool rehearse_envelope(struct rehearse_run *h, int64_t *count, struct err *e)
{
    struct rehearse_node *n = &h->nodes[2];
    *count = 1;
    return type_half(h, n, "invigilator", 0, e) && type_half(h, n, "invigilator2", 1, e) &&
           wait_opened(h, n, 1, e);
}

/* --- the exam: no centre any more ---------------------------------------------------------------------- */
bool rehearse_sit(struct rehearse_run *h, int64_t *count, struct err *e)
{
    *count = (int64_t)h->road.count;
    server_child_stop(&h->road.server, SIGKILL);
    if (!road_enter_all(&h->road, e) || !rehearse_seb_others(h, e))
        return false;
    for (size_t i = 0; i < REHEARSE_NODES; i++)
        if (!road_open_rooms(&h->nodes[i].at, e))
            return false;
    return road_answer_all(&h->road, e);
}

/* Of all nodes together. */
struct handed_up {
    int64_t done, files, findings;
    const char *missing;
};

static bool done_nodes(struct rehearse_run *h, struct handed_up *out, struct err *e)
{
    json_t *v, *one;
    size_t i;
    struct client *c = road_as(&h->road, "registrar", e);
    *out = (struct handed_up){.missing = ""};
    if (!c || !client_json(c, h->road.arena, "GET",
                           road_path(h->road.arena, "/api/sessions/", h->road.theory, "/nodes"),
                           NULL, &v, e))
        return false;
    json_array_foreach(json_object_get(v, "hand_ups"), i, one)
    {
        const json_t *blobs = json_object_get(one, "blobs");
        out->done += json_member_int(one, "done_ms", 0) > 0;
        out->files += json_member_int(blobs, "here", 0);
        out->findings += json_member_int(blobs, "lost", 0) + json_member_int(blobs, "bad", 0) +
                         json_member_int(blobs, "refused", 0);
        if (json_member_text(one, "missing"))
            out->missing = json_member_text(one, "missing");
    }
    return true;
}

bool rehearse_hand_up(struct rehearse_run *h, int64_t *count, struct err *e)
{
    int64_t until = clock_boot_ms() + PATIENCE_MS;
    struct handed_up up;
    if (!road_restart(&h->road, e))
        return false;
    for (size_t i = 0; i < REHEARSE_NODES; i++)
        line_cut(h->nodes[i].line, false);
    do {
        if (!done_nodes(h, &up, e))
            return false;
        *count = up.done;
        if (up.done == REHEARSE_NODES)
            return (up.files == (int64_t)h->road.count && up.findings == 0) ||
                   FAIL(e, INTERNAL, "hand_up", "考生交的文件收到 %lld 个，应有 %zu 个。",
                        (long long)up.files, h->road.count);
        a_little();
    } while (clock_boot_ms() < until);
    return FAIL(e, INTERNAL, "hand_up", "只收到 %lld 个节点的回传。%s", (long long)*count,
                up.missing);
}

/* --- marks ------------------------------------------------------------------------------------------------- */
/* What the candidates answered, known to nobody but them, against what the centre makes of it. */
bool rehearse_mark(struct rehearse_run *h, int64_t *count, struct err *e)
{
    return road_mark(&h->road, count, e) && road_marks_agree(&h->road, e);
}
