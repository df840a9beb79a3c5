/* app/road_arrange.c - sessions, rooms, seats, staff, tickets. */
#include <string.h>

#include "app/road.h"
#include "base/arena.h"
#include "base/calendar.h"
#include "base/clock.h"
#include "base/json.h"

enum { ROOM_ROWS = 6, ROOM_COLUMNS = 5, THEORY_MINUTES = 90, SKILLS_MINUTES = 100 };
enum { BEFORE_THEORY_MS = 1000, AS_LONG_AGAIN = 4, HOUR_MS = 3600000 };

bool road_make_session(struct road *r, struct client *c, const char *component,
                       int64_t starts_ms, int64_t minutes, struct id *out, struct err *e)
{
    json_t *made;
    return client_json(c, r->arena, "POST",
                       road_path(r->arena, "/api/batches/", r->batch, "/sessions"),
                       json_pack("{s:s, s:I, s:I}", "component", component, "starts_ms",
                                 (json_int_t)starts_ms, "minutes", (json_int_t)minutes),
                       &made, e) &&
           road_id(made, "id", out, e);
}

bool road_make_rooms(struct road *r, struct client *c, struct id session, size_t seats,
                     struct id *rooms, size_t *count, struct err *e)
{
    char site[ID_TEXT_BYTES];
    id_write(r->site, site);
    size_t rows = r->room_rows ? r->room_rows : ROOM_ROWS;
    size_t columns = r->room_columns ? r->room_columns : ROOM_COLUMNS;
    for (*count = 0; *count * rows * columns < seats; ++*count) {
        json_t *made;
        if (!client_json(c, r->arena, "POST",
                         road_path(r->arena, "/api/sessions/", session, "/rooms"),
                         json_pack("{s:s, s:s, s:I, s:I}", "site", site, "name",
                                   arena_printf(r->arena, "第%zu考场", *count + 1), "rows",
                                   (json_int_t)rows, "columns", (json_int_t)columns),
                         &made, e) ||
            !road_id(made, "id", &rooms[*count], e))
            return false;
    }
    return true;
}

static bool seat(struct road *r, struct client *c, struct id session, size_t from, size_t count,
                 struct err *e)
{
    json_t *entries = json_array();
    for (size_t i = from; i < from + count && i < r->count; i++) {
        char text[ID_TEXT_BYTES];
        id_write(r->candidates[i].entry, text);
        json_array_append_new(entries, json_string(text));
    }
    return client_json(c, r->arena, "POST",
                       road_path(r->arena, "/api/sessions/", session, "/seat"),
                       json_pack("{s:i, s:o}", "seed", 7, "entries", entries), NULL, e);
}

static bool assign(struct road *r, struct client *c, struct id session, struct id account,
                   const char *duty, struct id room, struct err *e)
{
    char who[ID_TEXT_BYTES], where[ID_TEXT_BYTES];
    id_write(account, who);
    id_write(room, where);
    json_t *body = json_pack("{s:s, s:s}", "account", who, "duty", duty);
    if (!id_is_zero(room))
        json_object_set_new(body, "room", json_string(where));
    return client_json(c, r->arena, "POST",
                       road_path(r->arena, "/api/sessions/", session, "/staff"), body, NULL, e);
}

static struct id demo_id(const struct road *r, const char *login)
{
    return demo_account(&r->body, login)->id;
}

/* Every room has its two; one of the demo body watches them all, to admit and start. */
bool road_assign(struct road *r, struct client *c, const struct road_duty *d, struct err *e)
{
    return assign(r, c, d->session, demo_id(r, d->login), d->duty, d->room, e);
}

static bool staff_theory(struct road *r, struct client *c, const struct id *rooms, size_t count,
                         struct err *e)
{
    static const struct id everywhere = {{0}};
    size_t next = 0;
    for (size_t i = 0; i < 2 * count; i++)
        if (!assign(r, c, r->theory, r->extra[next++].id, "invigilator", rooms[i / 2], e))
            return false;
    return assign(r, c, r->theory, demo_id(r, "invigilator"), "invigilator", everywhere, e) &&
           assign(r, c, r->theory, demo_id(r, "supervisor"), "quality_supervisor", everywhere,
                  e) &&
           assign(r, c, r->theory, demo_id(r, "head"), "head_examiner", everywhere, e) &&
           assign(r, c, r->theory, demo_id(r, "officer"), "release_officer", everywhere, e) &&
           assign(r, c, r->theory, demo_id(r, "officer2"), "release_officer", everywhere, e);
}

static bool staff_skills(struct road *r, struct client *c, struct id session, size_t candidates,
                         struct err *e)
{
    static const struct id everywhere = {{0}};
    static const char *const three[] = {"examiner", "examiner2", "examiner3"};
    size_t needed = (candidates + 4) / 5;
    needed = needed < 3 ? 3 : needed;
    needed += needed % 2 == 0;
    for (size_t i = 0; i < needed; i++) {
        struct id who = i < 3 ? demo_id(r, three[i])
                              : r->extra[r->extra_count - 1 - (i - 3)].id;
        if (!assign(r, c, session, who, "examiner", everywhere, e))
            return false;
    }
    return assign(r, c, session, demo_id(r, "head"), "head_examiner", everywhere, e) &&
           assign(r, c, session, demo_id(r, "supervisor"), "quality_supervisor", everywhere, e);
}

bool road_close_session(struct road *r, struct client *c, struct id session, struct err *e)
{
    return client_json(c, r->arena, "POST",
                       road_path(r->arena, "/api/sessions/", session, "/close"), NULL, NULL, e);
}

static bool arrange_theory(struct road *r, struct client *c, struct err *e)
{
    return road_make_session(r, c, "theory", r->theory_starts_ms, THEORY_MINUTES, &r->theory,
                             e) &&
           road_make_rooms(r, c, r->theory, r->count, r->rooms, &r->room_count, e) &&
           seat(r, c, r->theory, 0, r->count, e) &&
           staff_theory(r, c, r->rooms, r->room_count, e) &&
           (!r->theory_only || assign(r, c, r->theory, demo_id(r, "invigilator2"),
                                      "invigilator", (struct id){{0}}, e)) &&
           road_close_session(r, c, r->theory, e);
}

static bool arrange_skills(struct road *r, struct client *c, struct err *e)
{
    int64_t now_ms = clock_now_ms();
    for (size_t from = 0; from < r->count; from += ROAD_SKILLS_GROUP) {
        struct id *session = &r->skills[r->skills_count], rooms[8];
        size_t rest = r->count - from, count;
        size_t n = rest < ROAD_SKILLS_GROUP ? rest : ROAD_SKILLS_GROUP;
        int64_t starts = now_ms + (int64_t)(3 + 3 * r->skills_count) * HOUR_MS;
        if (!road_make_session(r, c, "skills", starts, SKILLS_MINUTES, session, e) ||
            !road_make_rooms(r, c, *session, n, rooms, &count, e) ||
            !seat(r, c, *session, from, n, e) || !staff_skills(r, c, *session, n, e) ||
            !road_close_session(r, c, *session, e))
            return false;
        r->skills_count++;
    }
    return road_arrange_panel(r, c, now_ms + (int64_t)(3 + 3 * r->skills_count) * HOUR_MS, e);
}

/* Everybody waits for the start, so it is near: but the theory session must be arranged before it, which
 * takes a part of what the skills sessions took, on this machine as busy as it is. */
static int64_t theory_start(const struct road *r, int64_t skills_took_ms)
{
    int64_t lead = r->lead_ms ? r->lead_ms : BEFORE_THEORY_MS + AS_LONG_AGAIN * skills_took_ms;
    return clock_now_ms() + lead;
}

bool road_arrange(struct road *r, int64_t *count, struct err *e)
{
    json_t *site;
    struct client *c = road_as(r, "registrar", e);
    *count = 1;
    if (!c ||
        !client_json(
            c, r->arena, "POST", "/api/sites",
            json_pack("{s:s, s:s}", "name", "演示考点", "address", "北京市东城区演示路 1 号"),
            &site, e) ||
        !road_id(site, "id", &r->site, e))
        return false;
    int64_t began = clock_boot_ms();
    if (!r->theory_only && !arrange_skills(r, c, e))
        return false;
    r->theory_starts_ms = theory_start(r, clock_boot_ms() - began);
    *count += (int64_t)r->skills_count + !r->theory_only;
    return arrange_theory(r, c, e);
}

/* Tickets of the theory session; numbers come back with the seating. */
static bool read_tickets(struct road *r, struct client *c, struct err *e)
{
    json_t *session;
    size_t i, k;
    json_t *room, *place;
    if (!client_json(c, r->arena, "GET", road_path(r->arena, "/api/sessions/", r->theory, ""),
                     NULL, &session, e))
        return false;
    json_array_foreach(json_object_get(session, "rooms"), i, room)
        json_array_foreach(json_object_get(room, "seats"), k, place)
    {
        struct id entry;
        const char *text = json_member_text(place, "entry");
        if (!text || !id_read(text, &entry))
            continue;
        for (size_t n = 0; n < r->count; n++)
            if (id_equal(r->candidates[n].entry, entry)) {
                r->candidates[n].ticket = arena_text(r->arena,
                                                     json_member_text(place, "ticket"));
                r->candidates[n].room = (size_t)json_member_int(room, "no", 1) - 1;
                r->candidates[n].row = json_member_int(place, "row", 0);
                r->candidates[n].col = json_member_int(place, "col", 0);
            }
    }
    return true;
}

bool road_tickets(struct road *r, int64_t *count, struct err *e)
{
    json_t *issued;
    struct client *c = road_as(r, "registrar", e);
    if (!c || !client_json(c, r->arena, "POST",
                           road_path(r->arena, "/api/sessions/", r->theory, "/tickets"), NULL,
                           &issued, e))
        return false;
    *count = json_member_int(issued, "issued", 0);
    if (!read_tickets(r, c, e))
        return false;
    road_choose_alike(r);
    return true;
}
