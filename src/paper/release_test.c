/* paper/release_test.c - two officers open papers at the time, and not before. */
#include "paper/paper.h"

#include "paper/paper_fixture.h"
#include "store/db.h"

/* S3, S4 for the online way. */
void paper_release_rules_test(void)
{
    struct paper_test *p = paper_test_create();
    struct err e = {0};
    struct paper_row row;
    unsigned char key[KEY_BYTES];
    int armed = 0;
    CHECK_OK("prepare", paper_test_prepare(p, 3, &e), &e);
    CHECK_OK("paper", paper_of_attempt(p->t->db, p->attempts[0], &row, &e), &e);
    CHECK_REFUSED(
        "long before",
        paper_test_arm(p, 0, paper_test_phrases[0], PAPER_TEST_OPEN_AT - 3600001, &armed, &e),
        &e, CONFLICT, "/open_at_ms");
    e = (struct err){0};
    CHECK_REFUSED(
        "wrong passphrase",
        paper_test_arm(p, 0, paper_test_phrases[1], PAPER_TEST_OPEN_AT - 60000, &armed, &e), &e,
        FORBIDDEN, "/passphrase");
    e = (struct err){0};
    CHECK_OK(
        "one",
        paper_test_arm(p, 0, paper_test_phrases[0], PAPER_TEST_OPEN_AT - 60000, &armed, &e),
        &e);
    CHECK_OK(
        "the same once more",
        paper_test_arm(p, 0, paper_test_phrases[0], PAPER_TEST_OPEN_AT - 50000, &armed, &e),
        &e);
    CHECK_INT("is still one", armed, 1);
    CHECK_REFUSED("one alone", paper_test_release_at(p, PAPER_TEST_OPEN_AT, 0, &e), &e,
                  CONFLICT, "/officers");
    e = (struct err){0};
    CHECK_OK(
        "two",
        paper_test_arm(p, 1, paper_test_phrases[1], PAPER_TEST_OPEN_AT - 40000, &armed, &e),
        &e);
    CHECK_REFUSED("too early", paper_test_release_at(p, PAPER_TEST_OPEN_AT - 1, 0, &e), &e,
                  CONFLICT, "/open_at_ms");
    e = (struct err){0};
    CHECK_REFUSED("clock set forward", paper_test_release_at(p, PAPER_TEST_OPEN_AT, 40000, &e),
                  &e, CONFLICT, "/open_at_ms");
    e = (struct err){0};
    CHECK_REFUSED(
        "no key yet",
        paper_key_of(p->t->db, p->t->arena, p->t->master, row.id, PAPER_TEST_OPEN_AT, key, &e),
        &e, CONFLICT, "/open_at_ms");
    e = (struct err){0};
    CHECK_OK("at the time", paper_test_release_at(p, PAPER_TEST_OPEN_AT, 0, &e), &e);
    CHECK_REFUSED("once", paper_test_release_at(p, PAPER_TEST_OPEN_AT, 0, &e), &e, CONFLICT,
                  "/session");
    e = (struct err){0};
    CHECK_REFUSED("no new papers after", paper_test_prepare(p, 3, &e), &e, CONFLICT,
                  "/session");
    e = (struct err){0};
    CHECK_REFUSED("a server whose clock is back",
                  paper_key_of(p->t->db, p->t->arena, p->t->master, row.id,
                               PAPER_TEST_OPEN_AT - 1, key, &e),
                  &e, CONFLICT, "/open_at_ms");
    paper_test_destroy(p);
}

/* Enrolling, arming, composing and releasing with the n-th call failing: told, and done the next
 * time. */
void paper_act_faults_test(void)
{
    struct paper_test *p = paper_test_create();
    struct err e = {0};
    bool fired = true;
    int armed;
    CHECK_OK("prepare", paper_test_prepare(p, 3, &e), &e);
    for (int nth = 1; fired; nth = test_next_call(nth)) {
        struct id form;
        struct form_row *rows;
        size_t before, after;
        struct form_order order = {
            .name = "又一份",
            .blueprint = {programme_find(&p->programmes, "national-2023"), "theory", 4, "B",
                          NULL, 0}};
        CHECK_OK("list", form_list(&p->bank, NULL, &rows, &before, &e), &e);
        db_fail_call(p->t->db, nth, false);
        bool ok = form_compose(&p->bank, &order, &form, &e);
        fired = db_fault_fired(p->t->db);
        db_fail_call(p->t->db, 0, false);
        e = (struct err){0};
        CHECK_OK("list", form_list(&p->bank, NULL, &rows, &after, &e), &e);
        CHECK_INT("whole or not at all", after - before, ok);
        CHECK("a fault is told", ok || fired);
        nth += nth > 8 ? 13 : 0; /* a hundred items are a hundred like calls */
    }
    CHECK_OK("arm",
             paper_test_arm(p, 0, paper_test_phrases[0], PAPER_TEST_OPEN_AT - 1000, &armed, &e),
             &e);
    fired = true;
    for (int nth = 1; fired; nth = test_next_call(nth)) {
        db_fail_call(p->t->db, nth, false);
        bool ok = paper_test_arm(p, 1, paper_test_phrases[1], PAPER_TEST_OPEN_AT - 1000, &armed,
                                 &e);
        fired = db_fault_fired(p->t->db);
        db_fail_call(p->t->db, 0, false);
        CHECK("a fault is told", ok || fired);
        e = (struct err){0};
    }
    CHECK_INT("both", armed, 2);
    fired = true;
    for (int nth = 1; fired; nth = test_next_call(nth)) {
        struct release_state state;
        db_fail_call(p->t->db, nth, false);
        bool ok = paper_test_release_at(p, PAPER_TEST_OPEN_AT, 0, &e);
        fired = db_fault_fired(p->t->db);
        db_fail_call(p->t->db, 0, false);
        e = (struct err){0};
        CHECK_OK("state", paper_release_state(p->desk, p->t->db, p->session, &state, &e), &e);
        CHECK_INT("released or not", state.released, ok);
        if (ok)
            break;
        CHECK("a fault is told", fired);
        CHECK_INT("nobody has to come again", state.armed, 2);
    }
    paper_test_exam(p, p->attempts[3]);
    paper_test_destroy(p);
}
