/* people/fixture.c - a body with staff, for tests. */
#include "people/fixture.h"

#include <string.h>

#include "store/engine.h"

enum { MINUTE_MS = 60000, FAULTS_MAX = 100 };

struct fixture *fixture_create(void)
{
    struct err e = {0};
    struct test_store *t = test_store_create();
    struct fixture *f = arena_new(t->arena, struct fixture);
    f->t = t;
    f->who = t->actor;
    f->who.account = (struct id){{0}};
    f->body = (struct body){.id = t->actor.body, .name = "衡阳测试评价中心"};
    f->p = (struct people){t->db, t->arena, t->master, &f->who};
    CHECK_OK("body", body_create(t->db, &f->who, &f->body, &e), &e);
    return f;
}

void fixture_destroy(struct fixture *f)
{
    test_store_destroy(f->t);
}

void fixture_wait(struct fixture *f, int64_t ms)
{
    f->who.now_ms += ms;
    for (struct staff *s = f->staff; s; s = s->next)
        s->who.now_ms = f->who.now_ms;
}

struct viewer fixture_viewer(struct fixture *f, const char *token)
{
    struct err e = {0};
    struct viewer v;
    CHECK_OK("token", viewer_of_token(f->t->db, f->t->arena, token, f->who.now_ms, &v, &e), &e);
    return v;
}

static void signed_in(struct staff *s, const struct sign_in_done *done)
{
    memcpy(s->token, done->token, sizeof s->token);
    s->account = done->account;
    s->viewer = fixture_viewer(s->f, s->token);
    s->who.account = s->account.id;
}

const char *fixture_code(struct staff *s)
{
    char *code = arena_alloc(s->f->t->arena, 7, 1);
    fixture_wait(s->f, MINUTE_MS);
    totp_code(code, s->seed, sizeof s->seed, s->who.now_ms);
    return code;
}

static void enrol(struct staff *s)
{
    struct err e = {0};
    struct totp_offer offer;
    struct bytes seed;
    CHECK_OK("offer", totp_begin(&s->p, &s->viewer, NULL, &offer, &e), &e);
    CHECK("secret", base32_read(s->f->t->arena, offer.secret, strlen(offer.secret), &seed));
    CHECK_INT("seed", seed.len, sizeof s->seed);
    memcpy(s->seed, seed.at, seed.len);
    CHECK_OK("confirm", totp_confirm(&s->p, &s->viewer, fixture_code(s), &s->enrolled, &e), &e);
    signed_in(s, &s->enrolled.sign_in);
}

struct staff *fixture_account(struct fixture *f, const char *login, uint32_t roles)
{
    struct err e = {0};
    struct sign_in_done done;
    char first[FIRST_PASSWORD_BYTES];
    struct staff *s = arena_new(f->t->arena, struct staff);
    struct account_new n = {
        .login = login, .display_name = "周试", .roles = roles, .password = FIXTURE_PASSWORD};
    struct sign_in_try t = {.login = login, .password = FIXTURE_PASSWORD, .device = "test"};
    s->f = f;
    s->next = f->staff;
    f->staff = s;
    s->who = f->who;
    s->p = (struct people){f->t->db, f->t->arena, f->t->master, &s->who};
    CHECK_OK(login, account_create(&f->p, &n, &s->account, first, &e), &e);
    CHECK_OK(login, sign_in(&f->p, &t, &done, &e), &e);
    signed_in(s, &done);
    if (roles_have_staff(roles))
        enrol(s);
    return s;
}

int64_t fixture_audit_rows(struct fixture *f)
{
    struct err e = {0};
    struct audit_report r;
    CHECK_OK("audit", audit_verify(f->t->db, f->t->arena, &r, &e), &e);
    CHECK_INT("the chain holds", r.break_count, 0);
    return r.rows;
}

/* A failing disk must not look like somebody guessing. */
static void forget_guesses(struct fixture *f)
{
    struct err e = {0};
    CHECK_OK("forget", test_store_script(f->t, "DELETE FROM sign_in_failure", &e), &e);
}

void fixture_fault_loop(struct fixture *f, const char *what,
                        bool (*run)(void *ctx, struct err *e), void *ctx)
{
    for (int nth = 1;; nth++) {
        struct err e = {0};
        int64_t before = fixture_audit_rows(f);
        db_fail_call(f->t->db, nth, false);
        bool ok = run(ctx, &e);
        bool fired = db_fault_fired(f->t->db);
        db_fail_call(f->t->db, 0, false);
        CHECK(what, db_is_idle(f->t->db));
        if (ok) {
            CHECK(what, !fired && nth > 1);
            CHECK(what, fixture_audit_rows(f) > before);
            return;
        }
        CHECK_TEXT(what, err_name(e.code), "store");
        CHECK_INT(what, fixture_audit_rows(f), before);
        CHECK(what, nth < FAULTS_MAX);
        forget_guesses(f);
    }
}
