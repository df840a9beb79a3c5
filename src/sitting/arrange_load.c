/* sitting/arrange_load.c - a whole arrangement out of the database, for the rules to look at. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/calendar.h"
#include "base/json.h"
#include "entry/batch.h"
#include "entry/entry.h"
#include "people/account.h"
#include "people/people.h"
#include "programme/programme.h"
#include "sitting/session_store.h"
#include "store/db.h"

struct named {
    struct id id;
    const char *name;
};

struct loading {
    struct db *db;
    const struct arranger *by;
    struct arrangement *out;
    struct seat_list seats;
    struct entry_list entries;
    struct named *names; /* by id */
    size_t name_count;
    struct arranged_candidate *candidates;
};

/* ------------------------------------------------------------------ names */
static int compare_named(const void *x, const void *y)
{
    return memcmp(x, y, ID_BYTES);
}

static bool load_names(struct loading *l, struct err *e)
{
    struct arena *a = l->by->arena;
    size_t space = 256;
    struct query *q = db_query(l->db, SQL_arrange_names);
    query_id(q, l->by->actor->body);
    query_id(q, l->out->session.batch);
    l->names = arena_array(a, struct named, space);
    while (query_next(q, e)) {
        if (l->name_count == space) {
            l->names = arena_grow(a, l->names, space, space * 2, sizeof *l->names);
            space *= 2;
        }
        l->names[l->name_count++] = (struct named){query_get_id(q, 0), query_get_text(q, 1, a)};
    }
    return e->code == ERR_NONE;
}

static const char *name_of(const struct loading *l, struct id person)
{
    struct named wanted = {person, NULL};
    const struct named *found = bsearch(&wanted, l->names, l->name_count, sizeof wanted,
                                        compare_named);
    return found && *found->name ? found->name : "（未填姓名）";
}

/* ------------------------------------------------------------------ candidates */
/* Where somebody works now: the job without an end, or that which ended last. */
static const char *employer_of(struct arena *a, const char *facts)
{
    struct err ignored = {0};
    const json_t *f = facts ? json_read(a, facts, strlen(facts), &ignored) : NULL;
    const json_t *work = json_object_get(f, "work"), *one;
    const char *best = NULL, *best_end = "";
    size_t i;
    json_array_foreach(work, i, one)
    {
        const char *name = json_member_text(one, "name"), *to = json_member_text(one, "to");
        if (!to)
            to = "9999";
        if (name && *name && strcmp(to, best_end) > 0) {
            best = name;
            best_end = to;
        }
    }
    return best;
}

/* A part that was passed before and still counts on the day needs no seat. */
static bool is_kept(struct arena *a, const struct session *s, const char *kept)
{
    struct err ignored = {0};
    const json_t *parts = kept ? json_read(a, kept, strlen(kept), &ignored) : NULL, *one;
    size_t i;
    json_array_foreach(parts, i, one)
    {
        const char *component = json_member_text(one, "component");
        const json_t *until = json_object_get(one, "until");
        date_days day;
        if (!component || strcmp(component, s->component) != 0)
            continue;
        if (json_is_integer(until) && json_integer_value(until) >= s->starts_ms)
            return true;
        if (json_is_string(until) && date_read(json_string_value(until), &day) &&
            day >= date_of_instant(s->starts_ms, s->zone_offset_ms))
            return true;
    }
    return false;
}

static struct arranged_candidate candidate_of(const struct loading *l, const struct entry *n)
{
    return (struct arranged_candidate){
        .entry = n->id,
        .person = n->person,
        .name = name_of(l, n->person),
        .employer = employer_of(l->by->arena, n->facts),
        .partner = n->partner,
        .level = n->level,
        .direction = n->direction,
        .accepted = n->state == ENTRY_ACCEPTED,
    };
}

static bool has_id(const struct id_list *list, struct id id)
{
    for (size_t i = 0; i < list->count; i++)
        if (id_equal(list->at[i], id))
            return true;
    return false;
}

static const struct seat *seat_with(const struct loading *l, struct id entry)
{
    for (size_t i = 0; i < l->seats.count; i++)
        if (id_equal(l->seats.at[i].entry, entry))
            return &l->seats.at[i];
    return NULL;
}

static void sit_down(struct arranged_candidate *c, const struct loading *l)
{
    const struct seat *s = seat_with(l, c->entry);
    c->seat = s->id;
    c->room = s->room;
    c->seat_number = s->number;
    for (size_t i = 0; i < l->seats.count; i++)
        c->clash_seat += id_equal(l->seats.at[i].person, c->person);
}

static const struct entry *accepted_entry(const struct loading *l, struct id id)
{
    for (size_t i = 0; i < l->entries.count; i++)
        if (id_equal(l->entries.at[i].id, id))
            return &l->entries.at[i];
    return NULL;
}

/* Those who sit here, though their application may not stand any more. */
static bool load_seated(struct loading *l, struct err *e)
{
    struct entry_scope scope = entry_scope_body(l->by->actor->body);
    for (size_t i = 0; i < l->seats.count; i++) {
        struct entry other;
        const struct entry *n = &other;
        if (id_is_zero(l->seats.at[i].entry))
            continue;
        const struct entry *accepted = accepted_entry(l, l->seats.at[i].entry);
        if (accepted)
            n = accepted;
        else if (!entry_get(l->db, l->by->arena, &scope, l->seats.at[i].entry, &other, e))
            return false;
        struct arranged_candidate *c = &l->candidates[l->out->candidate_count++];
        *c = candidate_of(l, n);
        sit_down(c, l);
    }
    return true;
}

/* Accepted applications that ask for a seat in this component and have none anywhere. */
static bool load_waiting(struct loading *l, struct err *e)
{
    const struct session *s = &l->out->session;
    const struct component *part = programme_component(l->out->programme, s->component);
    struct id_list elsewhere;
    if (!seat_elsewhere(l->db, l->by->arena, s, &elsewhere, e))
        return false;
    for (size_t i = 0; i < l->entries.count; i++) {
        const struct entry *n = &l->entries.at[i];
        if (seat_with(l, n->id) || has_id(&elsewhere, n->id) ||
            (part && !component_at_level(part, n->level)) || is_kept(l->by->arena, s, n->kept))
            continue;
        l->candidates[l->out->candidate_count++] = candidate_of(l, n);
    }
    return true;
}

static bool load_clashes(struct loading *l, struct err *e)
{
    struct taken_list taken;
    if (!seat_clashes(l->db, l->by->arena, &l->out->session, &taken, e))
        return false;
    for (size_t i = 0; i < l->out->candidate_count; i++)
        for (size_t k = 0; k < taken.count; k++)
            if (id_equal(taken.at[k].id, l->candidates[i].person))
                l->candidates[i].clash = taken.at[k].title;
    return true;
}

static bool load_candidates(struct loading *l, struct err *e)
{
    struct id body = l->by->actor->body;
    if (!entry_list_accepted(l->db, l->by->arena, body, l->out->session.batch, &l->entries,
                             e) ||
        !load_names(l, e))
        return false;
    l->candidates = arena_array(l->by->arena, struct arranged_candidate,
                                l->entries.count + l->seats.count + 1);
    if (!load_seated(l, e) || !load_waiting(l, e) || !load_clashes(l, e))
        return false;
    l->out->candidates = l->candidates;
    return true;
}

/* ------------------------------------------------------------------ staff */
bool arrange_load_staff(struct db *db, const struct arranger *by, struct arranged_staff *s,
                        struct err *e)
{
    struct people people = {db, by->arena, NULL, by->actor};
    struct account account;
    struct staff_profile profile;
    struct conflict *conflicts;
    if (!account_get(&people, s->at.account, &account, e) ||
        !staff_profile_get(&people, s->at.account, &profile, e) ||
        !conflict_list(&people, s->at.account, &conflicts, &s->conflict_count, e))
        return false;
    s->at.name = account.display_name;
    s->person = account.person;
    s->employer = profile.employer;
    s->may = account.state == ACCOUNT_ACTIVE &&
             (account.roles & (UINT32_C(1) << duty_role(s->at.duty)));
    s->conflicts = conflicts;
    s->occupations = profile.occupations;
    s->occupation_count = profile.occupation_count;
    return true;
}

static bool load_staff(struct loading *l, struct err *e)
{
    struct staff_list list;
    struct taken_list taken;
    const struct session *s = &l->out->session;
    if (!staff_list(l->db, l->by->arena, owned_by(l->by, s->id), &list, e) ||
        !staff_clashes(l->db, l->by->arena, s, &taken, e))
        return false;
    struct arranged_staff *staff = arena_array(l->by->arena, struct arranged_staff,
                                               list.count + 1);
    for (size_t i = 0; i < list.count; i++) {
        staff[i].at = list.at[i];
        if (!arrange_load_staff(l->db, l->by, &staff[i], e))
            return false;
        for (size_t k = 0; k < taken.count; k++)
            if (id_equal(taken.at[k].id, staff[i].at.account))
                staff[i].clash = taken.at[k].title;
    }
    l->out->staff = staff;
    l->out->staff_count = list.count;
    return true;
}

/* ------------------------------------------------------------------ rooms */
static bool load_rooms(struct loading *l, struct err *e)
{
    struct room_list rooms;
    struct taken_list taken;
    struct arena *a = l->by->arena;
    const struct session *s = &l->out->session;
    if (!room_list(l->db, a, owned_by(l->by, s->id), &rooms, e) ||
        !seat_list(l->db, a, owned_by(l->by, s->id), &l->seats, e) ||
        !room_clashes(l->db, a, s, &taken, e))
        return false;
    const char **clashes = arena_array(a, const char *, rooms.count + 1);
    for (size_t i = 0; i < rooms.count; i++)
        for (size_t k = 0; k < taken.count; k++)
            if (id_equal(taken.at[k].id, rooms.at[i].site) &&
                strcmp(taken.at[k].name, rooms.at[i].name) == 0)
                clashes[i] = taken.at[k].title;
    l->out->rooms = rooms.at;
    l->out->room_count = rooms.count;
    l->out->room_clashes = clashes;
    return true;
}

bool arrangement_load(struct db *db, const struct arranger *by, struct id session,
                      struct arrangement *out, struct err *e)
{
    struct batch batch;
    struct loading l = {.db = db, .by = by, .out = out};
    *out = (struct arrangement){.now_ms = by->actor->now_ms};
    return session_get(db, by->arena, owned_by(by, session), &out->session, e) &&
           batch_get(db, by->arena, by->actor->body, out->session.batch, &batch, e) &&
           batch_programme(db, by->arena, by->programmes, &batch, &out->programme, e) &&
           load_rooms(&l, e) && load_candidates(&l, e) && load_staff(&l, e);
}

bool arrange_findings(struct db *db, const struct arranger *by, struct id session,
                      struct findings *out, struct err *e)
{
    struct arrangement w;
    if (!arrangement_load(db, by, session, &w, e))
        return false;
    arrange_check(by->arena, &w, out);
    return true;
}
