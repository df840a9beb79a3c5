/* app/bench_deliver_fill.c - entries of an earlier session, stored through the journal writer itself:
 * what a save costs must not depend on how many came before it. */
#include <string.h>

#include "app/bench_deliver_stage.h"
#include "base/arena.h"
#include "base/clock.h"
#include "sitting/device_play.h"
#include "sitting/enter.h"
#include "sitting/live.h"
#include "sitting/prepare.h"
#include "sitting/supervise.h"
#include "sitting/writer.h"

enum { FILL_ATTEMPTS = 500, ENTRIES_A_SAVE = 250, CLAIM_ARENA_BYTES = 1 << 20 };

struct filling {
    struct stage *stage;
    struct stage_fill *how;
    struct arena *arena;
    struct id session, room;
    struct id *attempts;
    struct play_device *devices;
};

static bool prepare(struct filling *f, struct err *e)
{
    struct attempt_plan *plans = arena_array(f->arena, struct attempt_plan, FILL_ATTEMPTS);
    struct room_plan room = {f->room, 1, "早先的考场"};
    for (size_t i = 0; i < FILL_ATTEMPTS; i++) {
        f->attempts[i] = id_random();
        plans[i] = (struct attempt_plan){.id = f->attempts[i],
                                         .room = f->room,
                                         .seat = id_random(),
                                         .entry = id_random(),
                                         .paper = id_random(),
                                         .seat_no = (int64_t)i + 1,
                                         .ticket = arena_printf(f->arena, "25%012zu", i),
                                         .name = "李思远",
                                         .document_letter = 'I',
                                         .document_country = "CN"};
        blind_index(plans[i].document_index, f->how->master, "CN", 'I', "110101199000000000");
    }
    struct session_plan plan = {.id = f->session,
                                .body = f->stage->body.id,
                                .title = "早先的场次",
                                .starts_ms = clock_now_ms(),
                                .minutes = STAGE_MINUTES,
                                .late_limit_ms = STAGE_MINUTES * 60000,
                                .weak_allowed = true,
                                .rooms = &room,
                                .room_count = 1,
                                .attempts = plans,
                                .attempt_count = FILL_ATTEMPTS};
    struct admission in = {.attempts = f->attempts, .count = FILL_ATTEMPTS};
    if (!session_prepare_plan(f->how->writer, f->how->who, &plan, e))
        return false;
    in.room = live_find_room(journal_live(f->how->writer), f->room);
    return room_admit(f->how->writer, f->how->who, &in, e);
}

/* Without a device key: signatures are not what is stored here. */
static bool claim(struct filling *f, size_t i, struct err *e)
{
    struct play_device *d = &f->devices[i];
    struct entered entered;
    struct claimed claimed;
    struct enter_input in = {arena_printf(f->arena, "25%012zu", i), "110101199000000000", NULL,
                             clock_now_ms()};
    play_begin(d, f->attempts[i]);
    struct claim_input order = {.attempt = f->attempts[i],
                                .claim = id_random(),
                                .pub = {d->pub, sizeof d->pub},
                                .weak = true,
                                .actor = f->how->who};
    if (!attempt_enter(f->how->writer, &in, &entered, e) ||
        !attempt_claim(f->how->writer, &order, &claimed, e))
        return false;
    play_claimed(d, claimed.epoch, claimed.save_key, claimed.attempt->paper_digest,
                 claimed.main_head);
    return true;
}

/* Handed in, so that the session can be archived and the server need not read it at its start. */
static bool seal(struct filling *f, struct play_device *d, struct err *e)
{
    struct arena *a = arena_create(CLAIM_ARENA_BYTES);
    struct save_answer answer;
    play_write(d, ENTRY_SEAL, 0,
               "{\"answered\":100,\"deadline_ms\":0,\"ledger\":0,\"reason\":\"hand_in\"}");
    struct save_request rq = {play_body(d, a), SOURCE_HAND_UP, clock_now_ms()};
    bool ok = journal_save_wait(f->how->writer, a, &rq, &answer, e);
    play_acknowledged(d);
    arena_destroy(a);
    return ok;
}

static bool save_some(struct filling *f, struct play_device *d, int64_t count, struct err *e)
{
    struct arena *a = arena_create(CLAIM_ARENA_BYTES);
    struct save_answer answer;
    for (int64_t i = 0; i < count; i++)
        play_write(d, ENTRY_ANSWER, (uint16_t)(i % 100 + 1), "[\"B\"]");
    struct save_request rq = {play_body(d, a), SOURCE_HAND_UP, clock_now_ms()};
    bool ok = journal_save_wait(f->how->writer, a, &rq, &answer, e);
    play_acknowledged(d);
    arena_destroy(a);
    return ok;
}

bool stage_fill_session(struct stage *s, struct stage_fill *how, struct err *e)
{
    struct filling f = {.stage = s,
                        .how = how,
                        .arena = arena_create((size_t)1 << 30),
                        .session = id_random(),
                        .room = id_random()};
    f.attempts = arena_array(f.arena, struct id, FILL_ATTEMPTS);
    f.devices = arena_array(f.arena, struct play_device, FILL_ATTEMPTS);
    bool ok = prepare(&f, e);
    for (size_t i = 0; ok && i < FILL_ATTEMPTS; i++)
        ok = claim(&f, i, e);
    for (int64_t n = 0; ok && n < how->entries; n += ENTRIES_A_SAVE) {
        int64_t left = how->entries - n;
        ok = save_some(&f, &f.devices[n / ENTRIES_A_SAVE % FILL_ATTEMPTS],
                       left < ENTRIES_A_SAVE ? left : ENTRIES_A_SAVE, e);
    }
    for (size_t i = 0; ok && i < FILL_ATTEMPTS; i++)
        ok = seal(&f, &f.devices[i], e);
    ok = ok && session_archive(how->writer, how->who, f.session, e);
    for (size_t i = 0; i < FILL_ATTEMPTS; i++)
        play_end(&f.devices[i]);
    arena_destroy(f.arena);
    return ok;
}
