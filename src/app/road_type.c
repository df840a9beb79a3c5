/* app/road_type.c - one candidate's machine is gone: the paper is printed, the attempt closed by two
 * invigilators, two people type the answers in, and a third decides where they differ. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/road.h"
#include "base/arena.h"
#include "base/json.h"

enum { CLOSE_TRIES = 200 };

bool road_writes_on_paper(const struct road *r, const struct road_candidate *c)
{
    return !r->theory_only && r->count > 1 && c->number == r->candidates[r->count - 1].number;
}

static const char *path_of(struct road *r, const struct road_candidate *c, const char *rest)
{
    return road_path(r->arena, road_path(r->arena, "/api/sessions/", r->theory, "/typed/"),
                     c->attempt, rest);
}

/* The room of the attempt is the one whose tiles show it. */
static bool close_attempt(struct road *r, const struct road_candidate *c, struct err *e)
{
    json_t *rooms, *view, *room, *tile, *waiting;
    size_t i, k;
    char attempt[ID_TEXT_BYTES];
    struct client *invigilator = road_as(r, "invigilator", e);
    id_write(c->attempt, attempt);
    if (!invigilator ||
        !client_json(invigilator, r->arena, "GET", "/api/rooms", NULL, &rooms, e))
        return false;
    json_array_foreach(json_object_get(rooms, "rooms"), i, room)
    {
        struct id id;
        if (!road_id(room, "id", &id, e) ||
            !client_json(invigilator, r->arena, "GET",
                         road_path(r->arena, "/api/rooms/", id, ""), NULL, &view, e))
            return false;
        json_array_foreach(json_object_get(view, "tiles"), k, tile)
        {
            const char *shown = json_member_text(tile, "attempt");
            if (shown && strcmp(shown, attempt) == 0)
                return client_json(invigilator, r->arena, "POST",
                                   road_path(r->arena, "/api/rooms/", id, "/close"),
                                   json_pack("{s:s, s:s}", "attempt", attempt, "reason",
                                             "考试机故障，改为纸笔作答"),
                                   &waiting, e) &&
                       road_confirm(r, "invigilator2", waiting, e);
        }
    }
    return FAIL(e, INTERNAL, "/attempt", "没有一个考场显示这名考生。");
}

/* What was approved is carried out by the journal's own thread, within half a second. */
static bool wait_closed(struct road *r, struct client *c, struct err *e)
{
    json_t *list, *one;
    size_t k;
    for (int i = 0; i < CLOSE_TRIES; i++) {
        struct arena *a = arena_create(64 << 20);
        bool open = false;
        if (!client_json(c, a, "GET", road_path(a, "/api/sessions/", r->theory, "/typed"), NULL,
                         &list, e)) {
            arena_destroy(a);
            return false;
        }
        json_array_foreach(json_object_get(list, "attempts"), k, one)
        {
            const char *state = json_member_text(one, "attempt_state");
            open |= state && (strcmp(state, "admitted") == 0 || strcmp(state, "prepared") == 0);
        }
        arena_destroy(a);
        if (!open)
            return true;
        usleep(50000);
    }
    return FAIL(e, INTERNAL, "/state", "强制收卷没有生效。");
}

/* The first option everywhere; the two typists read the first answer differently. */
static json_t *answers_of(const json_t *places, const char *first)
{
    json_t *answers = json_object(), *place;
    size_t i;
    json_array_foreach(places, i, place)
    {
        const char *kind = json_member_text(place, "kind");
        char n[24];
        snprintf(n, sizeof n, "%zu", i + 1);
        json_t *response = strcmp(kind, "true_false") == 0 ? json_true()
                           : strcmp(kind, "multiple") == 0 ? json_pack("[s, s]", "A", "B")
                                                           : json_pack("[s]", i ? "A" : first);
        json_object_set_new(answers, n, response);
    }
    return answers;
}

static bool type_as(struct road *r, const struct road_candidate *c, const char *login,
                    const char *first, int64_t *count, struct err *e)
{
    json_t *sheet;
    struct client *typist = road_as(r, login, e);
    if (!typist || !client_json(typist, r->arena, "GET", path_of(r, c, ""), NULL, &sheet, e))
        return false;
    const json_t *places = json_object_get(sheet, "places");
    *count += (int64_t)json_array_size(places);
    return client_json(typist, r->arena, "PUT", path_of(r, c, ""),
                       json_pack("{s:o, s:i, s:b}", "answers", answers_of(places, first),
                                 "version", 0, "submit", 1),
                       NULL, e);
}

static bool decide(struct road *r, const struct road_candidate *c, struct err *e)
{
    json_t *list;
    struct client *head = road_as(r, "head", e);
    if (!head ||
        !client_json(head, r->arena, "GET", path_of(r, c, "/differences"), NULL, &list, e))
        return false;
    size_t count = json_array_size(json_object_get(list, "differences"));
    if (count != 1)
        return FAIL(e, INTERNAL, "/differences", "应有 1 处差异，是 %zu 处。", count);
    return client_json(head, r->arena, "POST", path_of(r, c, "/decisions"),
                       json_pack("{s:i, s:[s], s:s}", "n", 1, "response", "A", "reason",
                                 "答题纸上涂的是第一项"),
                       NULL, e);
}

bool road_type(struct road *r, int64_t *count, struct err *e)
{
    const struct road_candidate *c = &r->candidates[r->count - 1];
    struct answer pdf;
    *count = 0;
    if (!road_writes_on_paper(r, c))
        return true;
    struct client *registrar = road_as(r, "registrar", e);
    struct call paper = {.method = "GET", .path = path_of(r, c, "/paper.pdf")};
    if (!registrar || !close_attempt(r, c, e) || !wait_closed(r, registrar, e) ||
        !client_call(registrar, r->arena, &paper, &pdf, e))
        return false;
    if (pdf.status != 200 || pdf.body.len < 1000 || memcmp(pdf.body.at, "%PDF-", 5) != 0)
        return FAIL(e, INTERNAL, "/paper.pdf", "试卷打印不出来：%ld。", pdf.status);
    return type_as(r, c, "marker", "A", count, e) && type_as(r, c, "marker2", "B", count, e) &&
           decide(r, c, e);
}
