/* fault/part_step.c - somebody sets the server's clock by hours while candidates sit, forward and
 * back, also over a kill and restart. What is left of everybody's time goes on as before, saves are
 * stored, nothing is called late. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "app/client.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/json.h"
#include "fault.h"
#include "parts.h"

enum { PLAYERS = 4, SETTLE_MS = 800, RUN_MS = 400, NEAR_MS = 5000 };
static const int64_t HOUR_MS = 3600000;

static int64_t remaining_ms(struct world *w)
{
    struct arena *a = arena_create(16 << 20);
    struct err e = {0};
    json_t *room;
    char id[ID_TEXT_BYTES];
    id_write(w->stage.rooms[0].id, id);
    /* The sign-in of a person ends by the same clock; it lasts twelve hours. */
    NEED(client_json(w->invigilator, a, "GET", arena_printf(a, "/api/rooms/%s", id), NULL,
                     &room, &e),
         "the room", &e);
    int64_t left = json_member_int(json_object_get(room, "clock"), "remaining_ms", -1);
    arena_destroy(a);
    return left;
}

static void look(struct world *w, int64_t began, int64_t left)
{
    int64_t is = remaining_ms(w), should = left - (clock_boot_ms() - began);
    bool wrong = is < should - NEAR_MS || is > should + NEAR_MS;
    figure_add(w->part, "looked_at", 1);
    figure_fault(w->part, "wrong_time_left", wrong);
    if (wrong)
        fprintf(stderr, "fault: step: %lld ms left, should be %lld\n", (long long)is,
                (long long)should);
}

void part_step(struct part *p)
{
    static const int64_t steps[] = {12, -24, 12 + 7, -7, -12};
    struct world w;
    world_begin(&w, p, PLAYERS, true);
    players_start(&w);
    sleep_ms(SETTLE_MS); /* a round of the clerk: time is held from now on */
    int64_t began = clock_boot_ms(), left = remaining_ms(&w);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        atomic_fetch_add(&w.shim->utc_shift_ms, steps[i] * HOUR_MS);
        figure_add(p, "steps", 1);
        sleep_ms(RUN_MS);
        look(&w, began, left);
        world_kill(&w);
        world_serve_again(&w);
        figure_add(p, "kills", 1);
        sleep_ms(RUN_MS);
        look(&w, began, left);
    }
    judge_end(&w);
    world_end(&w);
}
