/* app/room_round.c - one round after the other, on a thread of its own. */
#include "app/room_round.h"

#include <stdlib.h>
#include <string.h>

#include "app/instance.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "store/db.h"
#include "web/rounds.h"

enum { SOON_MS = 2000, AT_ONCE_MS = 50 };
#define ROUND_ARENA_BYTES ((size_t)4 << 30) /* address space, not memory */
static const int64_t AROUND_START_MS = 3600000;

/* A package whose last step a crash cut off is put to use before anything is asked. */
static bool complete_all(struct room_link *l, struct err *e)
{
    struct node_package *list;
    size_t count;
    struct actor who = {.body = l->self.body, .request = id_random(), .now_ms = clock_now_ms()};
    struct node_here here = link_here(l, &who);
    if (!node_packages(l->db, l->arena, &list, &count, e))
        return false;
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i].state, "complete") == 0 && l->instance->app.journal &&
            !node_package_live(&here, &list[i]) &&
            !node_package_complete(&here, list[i].room, e))
            return false;
    return true;
}

/* The centre learns at once that its act has reached the room: the desk waits for that. */
static bool take_time(struct room_link *l, json_t **contact, struct room_counts *n,
                      struct err *e)
{
    json_t *said;
    struct actor who = {.body = l->self.body, .request = id_random(), .now_ms = clock_now_ms()};
    struct node_here here = link_here(l, &who);
    if (!node_ledger_take(&here, json_object_get(*contact, "ledger"), &said, e))
        return false;
    n->times += (int64_t)json_array_size(said);
    return json_array_size(said) == 0 || link_contact(l, said, contact, e);
}

static bool all_of_it(struct room_link *l, struct room_counts *n, struct err *e)
{
    json_t *contact;
    struct err fetch = {0}, open = {0}, audit = {0}, rehearse = {0};
    if (!complete_all(l, e) || !link_contact(l, NULL, &contact, e) ||
        !take_time(l, &contact, n, e))
        return false;
    /* What one package lacks must not keep another room closed. */
    bool fetched = room_fetch(l, contact, n, &fetch), opened = room_open(l, contact, n, &open);
    /* Nor may anything about audit rows keep answers here. */
    bool audited = room_audit(l, contact, &audit);
    bool rehearsed = room_rehearse(l, contact, &n->rehearsing, &rehearse);
    if (!room_anchor(l, n, e) || !room_hand_up(l, n, e))
        return false;
    *e = !opened ? open : !fetched ? fetch : !audited ? audit : !rehearsed ? rehearse : *e;
    return opened && fetched && audited && rehearsed;
}

bool room_round(struct instance *i, const char *ca, struct room_counts *n, struct err *e)
{
    struct room_link l = {.instance = i, .arena = arena_create(ROUND_ARENA_BYTES)};
    struct err busy = {0};
    bool found, ok;
    n->more = false; /* also where the centre does not answer */
    l.db = db_open(i->store, e);
    ok = l.db && node_self_find(l.db, l.arena, &l.self, &found, e) &&
         (found || FAIL(e, NOT_FOUND, "--data", "这里不是考场节点。"));
    if (ok) {
        l.client = client_create(l.self.centre);
        client_trust(l.client, ca);
        ok = all_of_it(&l, n, e);
        client_destroy(l.client);
        if (n->closed > 0 && db_compact(l.db, &busy))
            n->closed = 0;
    }
    db_close(l.db);
    arena_destroy(l.arena);
    return ok;
}

struct room_rounds {
    struct instance *instance;
    const char *ca;
    int64_t contact_ms;
    struct room_counts counts;
    struct rounds *rounds;
};

/* Within an hour of a start the release must not wait for a slow beat, nor extra time while people sit. */
static int64_t wait_ms(struct room_rounds *r)
{
    struct err e = {0};
    struct node_package *list;
    size_t count;
    int64_t now = clock_now_ms(), wait = r->contact_ms;
    if (r->counts.rehearsing.pid != 0 && wait > SOON_MS)
        wait = SOON_MS;
    struct arena *a = arena_create(64 << 20);
    struct db *db = db_open(r->instance->store, &e);
    if (db && node_packages(db, a, &list, &count, &e))
        for (size_t i = 0; i < count; i++)
            if ((strcmp(list[i].state, "complete") == 0 ||
                 (strcmp(list[i].state, "released") == 0 && now < list[i].close_at_ms)) &&
                now > list[i].open_at_ms - AROUND_START_MS && wait > SOON_MS)
                wait = SOON_MS;
    db_close(db);
    arena_destroy(a);
    return wait;
}

static int64_t round_of(struct rounds *rounds, void *ctx)
{
    struct room_rounds *r = ctx;
    struct err e = {0};
    (void)rounds;
    if (!room_round(r->instance, r->ca, &r->counts, &e)) {
        const char *file = e.file ? strstr(e.file, "src/") : NULL;
        LOG_LINE(LOG_US, "room_round", LOG_ITEM_WORD(error, err_name(e.code)),
                 LOG_ITEM_WORD(at, file ? file : "-"), LOG_ITEM_INT(line, e.line));
    }
    return r->counts.more ? AT_ONCE_MS : wait_ms(r);
}

struct room_rounds *room_rounds_start(struct instance *i, const char *ca, int64_t contact_ms)
{
    struct room_rounds *r = calloc(1, sizeof *r);
    if (!r)
        abort();
    *r = (struct room_rounds){.instance = i, .ca = ca, .contact_ms = contact_ms};
    r->rounds = rounds_start(0, round_of, r);
    return r;
}

void room_rounds_stop(struct room_rounds *r)
{
    if (!r)
        return;
    rounds_stop(r->rounds);
    room_rehearse_stop(&r->counts.rehearsing);
    free(r);
}
