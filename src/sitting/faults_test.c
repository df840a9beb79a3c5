/* sitting/faults_test.c - the use cases of the writer's thread with the nth database call failing:
 * done whole or not at all, in memory as on disk. */
#include "sitting/delivery_fixture.h"

#include "base/json.h"
#include "sitting/receipt.h"
#include "sitting/verify.h"
#include "sitting/violation.h"
#include "store/signer.h"

static struct live_attempt *seat(struct delivery *d, size_t n)
{
    return live_find(journal_live(d->writer), d->attempts[n]);
}

/* The fault loop: an act is done whole or not at all, in memory as on disk. */
void acts_faults_test(void)
{
    for (int nth = 1;; nth = test_next_call(nth)) {
        struct delivery *d = delivery_create();
        struct err e = {0};
        struct admission in = {.room = seat(d, 0)->room, .attempts = d->attempts, .count = 2};
        db_fail_call(journal_db(d->writer), nth, nth % 2 == 0);
        bool ok = room_admit(d->writer, &d->t->actor, &in, &e);
        db_fail_call(journal_db(d->writer), 0, false);
        for (int again = 0; again < 2; again++) {
            for (size_t i = 0; i < 2; i++)
                CHECK_INT("both or none", seat(d, i)->state == ATTEMPT_ADMITTED, ok);
            delivery_restart(d);
        }
        delivery_destroy(d);
        if (ok)
            break;
        CHECK("a code", e.code == ERR_STORE);
        CHECK("ends", nth < 60);
    }
    for (int nth = 1;; nth = test_next_call(nth)) {
        struct delivery *d = delivery_create();
        struct err e = {0};
        db_fail_call(journal_db(d->writer), nth, nth % 2 == 0);
        struct time_act act = {.session = d->session,
                               .scope = SCOPE_ROOM,
                               .scope_id = d->room,
                               .kind = LEDGER_EXTEND,
                               .minutes = 5,
                               .reason = "停电"};
        bool ok = time_write(d->writer, &d->t->actor, &act, &e);
        db_fail_call(journal_db(d->writer), 0, false);
        for (int again = 0; again < 2; again++) {
            struct live_session *s = live_find_session(journal_live(d->writer), d->session);
            CHECK_INT("the row or none", s->ledger_count, ok);
            CHECK_INT("a line of a batch", journal_batch_head(d->writer).batch, ok);
            delivery_restart(d);
        }
        struct journal_report r;
        struct err why = {0};
        CHECK_OK("verifies", journal_verify(d->t->db, d->t->arena, &r, &why), &why);
        CHECK_INT("whole", r.break_count, 0);
        delivery_destroy(d);
        if (ok)
            break;
        CHECK("ends", nth < 60);
    }
}

static int fault_at; /* the nth call of the use case fails */

static bool try_prepare(struct delivery *d, struct err *e)
{
    struct room_plan room = {id_random(), 2, "第二考场"};
    struct attempt_plan plan = d->plans[0];
    plan.id = id_random();
    plan.room = room.id;
    plan.seat = id_random();
    plan.ticket = "26112800200013";
    struct session_plan session = {.id = id_random(),
                                   .body = d->t->actor.body,
                                   .title = "第二场",
                                   .starts_ms = fixture_now_ms,
                                   .minutes = 60,
                                   .rooms = &room,
                                   .room_count = 1,
                                   .attempts = &plan,
                                   .attempt_count = 1};
    db_fail_call(journal_db(d->writer), fault_at, fault_at % 2 == 0);
    bool ok = session_prepare_plan(d->writer, &d->t->actor, &session, e);
    db_fail_call(journal_db(d->writer), 0, false);
    CHECK_INT("in memory", live_find(journal_live(d->writer), plan.id) != NULL, ok);
    struct err again = {0};
    CHECK_OK("again", session_prepare_plan(d->writer, &d->t->actor, &session, &again), &again);
    CHECK("in memory", live_find(journal_live(d->writer), plan.id));
    delivery_restart(d);
    CHECK("on disk", live_find(journal_live(d->writer), plan.id));
    return ok;
}

static bool try_violation(struct delivery *d, struct err *e)
{
    struct violation *list;
    size_t count;
    struct err why = {0};
    struct violation_report in = {
        .code = "expel", .trigger = 0, .note = "扰乱秩序", .told = true};
    db_fail_call(journal_db(d->writer), fault_at, fault_at % 2 == 0);
    bool ok = violation_report(d->writer, &d->t->actor, seat(d, 0), &in, e);
    db_fail_call(journal_db(d->writer), 0, false);
    CHECK_OK("list",
             violation_list(d->t->db, d->t->arena, d->t->actor.body, d->session, &list, &count,
                            &why),
             &why);
    CHECK_INT("recorded or not", count, ok);
    CHECK_INT("told or not", delivery_told(d, d->attempts[0], "notice"), ok);
    CHECK_INT("on the tile or not", seat(d, 0)->violations, ok);
    return ok;
}

static bool try_takeover(struct delivery *d, struct err *e)
{
    struct play_device dev;
    char code[TAKEOVER_CODE_BYTES];
    delivery_open(d, 0, &dev);
    play_end(&dev);
    db_fail_call(journal_db(d->writer), fault_at, fault_at % 2 == 0);
    bool ok = takeover_code(d->writer, &d->t->actor, seat(d, 0), "机器坏了", code, e);
    db_fail_call(journal_db(d->writer), 0, false);
    CHECK_INT("a code or none", seat(d, 0)->takeover_tries > 0, ok);
    return ok;
}

/* Each use case of the writer's thread, with the nth call failing. */
void use_cases_faults_test(void)
{
    static bool (*const tries[])(struct delivery *, struct err *) = {try_prepare, try_violation,
                                                                     try_takeover};
    for (size_t i = 0; i < sizeof tries / sizeof *tries; i++)
        for (fault_at = 1;; fault_at++) {
            struct delivery *d = delivery_create();
            struct err e = {0};
            bool ok = tries[i](d, &e);
            delivery_destroy(d);
            if (ok)
                break;
            CHECK_INT("a fault", e.code, ERR_STORE);
            CHECK("ends", fault_at < 80);
        }
}

/* A receipt is kept or not given. */
void receipt_faults_test(void)
{
    struct delivery *d = delivery_create();
    struct play_device dev;
    struct save_answer answer;
    struct signer *signer = signer_create(d->t->arena, d->t->master);
    struct err e0 = {0};
    CHECK_OK("keys", signer_keys_ensure(signer, d->t->db, fixture_now_ms, &e0), &e0);
    struct receipt_order order = {signer, d->attempts[0], fixture_now_ms};
    delivery_open(d, 0, &dev);
    play_write(&dev, ENTRY_SEAL, 0, "{\"reason\":\"hand_in\"}");
    delivery_save(d, &dev, &answer);
    for (int nth = 1;; nth = test_next_call(nth)) {
        json_t *receipt;
        struct err e = {0};
        db_fail_call(d->t->db, nth, nth % 2 == 0);
        bool ok = receipt_get(d->t->db, d->t->arena, &order, &receipt, &e);
        db_fail_call(d->t->db, 0, false);
        CHECK("nothing left open", db_is_idle(d->t->db));
        if (ok)
            break;
        CHECK_INT("a fault", e.code, ERR_STORE);
        CHECK("ends", nth < 60);
    }
    play_end(&dev);
    delivery_destroy(d);
}
