/* app/road_papers.c - forms from the weight table, sealed for every candidate, opened by two. */
#include <string.h>
#include <time.h>

#include "app/road.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/json.h"

static bool make_form(struct road *r, struct client *c, const struct road_candidate *of,
                      json_t *forms, struct err *e)
{
    json_t *made;
    if (!client_json(c, r->arena, "POST", "/api/forms",
                     json_pack("{s:s, s:s, s:s, s:I, s:s}", "component", "theory", "name",
                               arena_printf(r->arena, "%lld 级 %s 卷", (long long)of->level,
                                            of->direction),
                               "programme", "national-2023", "level", (json_int_t)of->level,
                               "direction", of->direction),
                     &made, e))
        return false;
    return json_array_append(forms, json_object_get(made, "id")) == 0;
}

/* The first of those who sit the same paper: their form is made for this one. */
static bool is_first_of_form(const struct road *r, size_t which)
{
    const struct road_candidate *c = &r->candidates[which];
    for (size_t i = 0; i < which; i++)
        if (r->candidates[i].level == c->level &&
            strcmp(r->candidates[i].direction, c->direction) == 0)
            return false;
    return true;
}

bool road_papers(struct road *r, int64_t *count, struct err *e)
{
    json_t *forms = json_keep(r->arena, json_array()), *sealed;
    struct client *reviewer = road_as(r, "reviewer", e);
    for (size_t i = 0; i < r->count; i++)
        if (!reviewer ||
            (is_first_of_form(r, i) && !make_form(r, reviewer, &r->candidates[i], forms, e)))
            return false;
    if (!client_json(reviewer, r->arena, "POST",
                     road_path(r->arena, "/api/sessions/", r->theory, "/papers"),
                     json_pack("{s:O}", "forms", forms), &sealed, e))
        return false;
    *count = json_member_int(json_object_get(sealed, "papers"), "papers", 0);
    return true;
}

bool road_arm(struct road *r, const char *login, struct err *e)
{
    struct client *c = road_as(r, login, e);
    const char *code = c ? road_code(r, login, e) : NULL;
    json_t *body = json_pack("{s:s, s:s}", "passphrase",
                             demo_account(&r->body, login)->passphrase, "code",
                             code ? code : "");
    const char *path = road_path(r->arena, "/api/sessions/", r->theory, "/arm");
    return code && client_json(c, r->arena, "POST", path, body, NULL, e);
}

/* Before the time nothing opens; the road waits for it as a room does. */
static void wait_for_start(const struct road *r)
{
    while (clock_now_ms() <= r->theory_starts_ms)
        nanosleep(&(struct timespec){0, 50000000}, NULL);
}

bool road_release(struct road *r, int64_t *count, struct err *e)
{
    *count = 2;
    if (!road_arm(r, "officer", e) || !road_arm(r, "officer2", e))
        return false;
    wait_for_start(r);
    return client_json(road_as(r, "officer", e), r->arena, "POST",
                       road_path(r->arena, "/api/sessions/", r->theory, "/release"), NULL, NULL,
                       e);
}
