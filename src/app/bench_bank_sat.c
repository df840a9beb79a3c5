/* app/bench_bank_sat.c - everybody of a stage has sat: admitted, claimed, answered and handed in through the
 * journal's writer, and the session stands in a batch whose results are published. */
#include <string.h>

#include "app/bench_bank.h"
#include "app/instance.h"
#include "base/arena.h"
#include "base/clock.h"
#include "marking/score_attempt.h"
#include "people/document.h"
#include "people/viewer.h"
#include "sitting/device_play.h"
#include "sitting/enter.h"
#include "sitting/live.h"
#include "sitting/supervise.h"
#include "sitting/writer.h"
#include "store/db.h"

enum {
    ITEMS = 100,
    SINGLES = 60, /* then 20 with several options, then 20 that are true or false */
    MULTIPLES = 80,
    SEAT_ARENA_BYTES = 1 << 20,
};

struct sitting_all {
    struct stage *stage;
    struct id batch;
    struct journal_writer *writer;
    struct instance *instance;
    struct db *db;
    struct arena *arena;
    struct actor who;
    struct attempt_row *attempts;
    size_t count;
};

static bool admit_room(struct sitting_all *s, const struct stage_room *room, struct err *e)
{
    struct id *attempts = arena_array(s->arena, struct id, room->count);
    for (size_t i = 0; i < room->count; i++)
        attempts[i] = s->stage->seats[room->first + i].attempt;
    struct admission in = {.room = live_find_room(journal_live(s->writer), room->id),
                           .attempts = attempts,
                           .count = room->count};
    return room_admit(s->writer, &s->who, &in, e);
}

static bool claim(struct sitting_all *s, const struct stage_seat *seat, struct play_device *d,
                  struct err *e)
{
    struct entered entered;
    struct claimed claimed;
    unsigned char signature[64];
    struct enter_input in = {seat->ticket, seat->document, NULL, clock_now_ms()};
    struct claim_input order = {.attempt = seat->attempt,
                                .claim = id_random(),
                                .pub = {d->pub, sizeof d->pub},
                                .signature = {signature, sizeof signature},
                                .actor = &s->who};
    if (!attempt_enter(s->writer, &in, &entered, e))
        return false;
    play_claim_sign(d, entered.challenge, order.claim, signature);
    if (!attempt_claim(s->writer, &order, &claimed, e))
        return false;
    play_claimed(d, claimed.epoch, claimed.save_key, claimed.attempt->paper_digest,
                 claimed.main_head);
    return true;
}

static void answer(struct play_device *d, size_t person, int n)
{
    static const char *const one[] = {"[\"A\"]", "[\"B\"]", "[\"C\"]", "[\"D\"]"};
    static const char *const several[] = {"[\"A\",\"B\"]", "[\"A\",\"C\"]", "[\"B\",\"D\"]",
                                          "[\"A\",\"B\",\"C\"]"};
    uint64_t chance = (person * ITEMS + (size_t)n + 1) * UINT64_C(0x9E3779B97F4A7C15);
    size_t which = chance >> 40 & 3;
    d->client_ms += 1000;
    d->mono_ms += 1000;
    play_write(d, ENTRY_ANSWER, (uint16_t)n,
               n <= SINGLES     ? one[which]
               : n <= MULTIPLES ? several[which]
               : which & 1      ? "true"
                                : "false");
}

static bool hand_in(struct sitting_all *s, size_t person, struct play_device *d,
                    struct arena *a, struct err *e)
{
    struct save_answer saved;
    d->client_ms = clock_now_ms();
    play_write(d, ENTRY_START, 0, "{\"client\":\"bench\"}");
    for (int n = 1; n <= ITEMS; n++)
        answer(d, person, n);
    play_write_signed(
        d, a, ENTRY_SEAL,
        "{\"answered\":100,\"deadline_ms\":0,\"ledger\":0,\"reason\":\"hand_in\"}");
    struct save_request rq = {play_body(d, a), SOURCE_HAND_UP, clock_now_ms()};
    return journal_save_wait(s->writer, a, &rq, &saved, e);
}

static bool sit(struct sitting_all *s, struct err *e)
{
    const struct stage *stage = s->stage;
    bool ok = true;
    for (size_t i = 0; ok && i < stage->room_count; i++)
        ok = admit_room(s, &stage->rooms[i], e);
    for (size_t i = 0; ok && i < stage->count; i++) {
        struct arena *a = arena_create(SEAT_ARENA_BYTES);
        struct play_device *d = arena_new(a, struct play_device);
        play_begin(d, stage->seats[i].attempt);
        ok = claim(s, &stage->seats[i], d, e) && hand_in(s, i, d, a, e);
        play_end(d);
        arena_destroy(a);
    }
    return ok;
}

/* --- the rows before and after a sitting, that its reports go by -------------------------------------- */
static bool put_person(struct db *db, const struct sitting_all *s, struct id person, size_t i,
                       struct err *e)
{
    struct query *q = db_query(db, SQL_person_put);
    query_id(q, person);
    query_id(q, s->stage->body.id);
    query_null(q);
    query_text(q, "王晓明");
    query_int(q, i % 2 ? SEX_MALE : SEX_FEMALE);
    for (int column = 6; column <= 14; column++)
        query_null(q);
    query_int(q, s->who.now_ms);
    return query_run(q, e);
}

static bool put_entry(struct db *db, const struct sitting_all *s, size_t i, struct err *e)
{
    enum { ACCEPTED = 4 };
    struct id person = id_random();
    struct query *q = db_query(db, SQL_entry_put);
    query_id(q, s->attempts[i].entry);
    query_id(q, s->stage->body.id);
    query_id(q, s->batch);
    query_id(q, person);
    query_null(q);
    query_int(q, 4);
    query_text(q, "A");
    query_int(q, ACCEPTED);
    query_text(q, "{}");
    query_int(q, s->who.now_ms);
    return query_run(q, e) && put_person(db, s, person, i, e);
}

static bool put_session(struct db *db, const struct sitting_all *s, struct err *e)
{
    struct query *q = db_query(db, SQL_session_put);
    query_id(q, s->stage->session);
    query_id(q, s->stage->body.id);
    query_id(q, s->batch);
    query_text(q, "theory");
    query_text(q, "理论知识考试");
    query_int(q, s->who.now_ms);
    query_int(q, STAGE_MINUTES);
    query_int(q, s->stage->zone_offset_ms);
    query_int(q, 0);
    query_int(q, 0);
    query_text(q, "arranged");
    query_int(q, 1);
    query_int(q, 1);
    query_int(q, s->who.now_ms);
    return query_run(q, e);
}

static bool put_publication(struct db *db, const struct sitting_all *s, struct err *e)
{
    static const unsigned char digest[HASH_BYTES];
    struct query *q = db_query(db, SQL_publication_put);
    query_id(q, id_random());
    query_id(q, s->stage->body.id);
    query_id(q, s->batch);
    query_bytes(q, (struct bytes){digest, sizeof digest});
    query_int(q, (int64_t)s->count);
    query_int(q, 0);
    query_id(q, s->who.account);
    query_id(q, s->who.account);
    query_int(q, s->who.now_ms);
    return query_run(q, e);
}

/* Who has sat is read through the session, so that comes first. */
static bool put_rows(struct db *db, void *ctx, struct err *e)
{
    struct sitting_all *s = ctx;
    struct marking m = {db,      s->arena, s->instance->master, s->instance->app.programmes,
                        &s->who, NULL};
    if (!put_session(db, s, e) ||
        !attempt_rows(&m, s->stage->session, &s->attempts, &s->count, e))
        return false;
    for (size_t i = 0; i < s->count; i++)
        if (!put_entry(db, s, i, e))
            return false;
    return put_publication(db, s, e);
}

bool bench_sit(struct stage *stage, struct id batch, struct err *e)
{
    struct arena *a = arena_create((size_t)2 << 30);
    struct instance i;
    struct sitting_all s = {.stage = stage, .batch = batch, .instance = &i, .arena = a};
    bool opened = instance_open(a, stage->order.data, &i, e);
    if (!opened) {
        arena_destroy(a);
        return false;
    }
    struct journal_config c = {
        .store = i.store, .master = i.master, .now_ms = clock_now_ms, .boot_ms = clock_boot_ms};
    s.who = (struct actor){.account = demo_account(&stage->body, "registrar")->id,
                           .body = stage->body.id,
                           .role = ROLE_registrar,
                           .request = id_random(),
                           .now_ms = clock_now_ms()};
    s.db = db_open(i.store, e);
    s.writer = s.db ? journal_start(&c, e) : NULL;
    bool ok = s.writer && sit(&s, e) && db_transact(s.db, put_rows, &s, e);
    journal_stop(s.writer);
    db_close(s.db);
    instance_close(&i);
    arena_destroy(a);
    return ok;
}
