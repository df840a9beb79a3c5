/* people/sign_in_test.c - S34 and S35: guessing, locking, second factor, ends of sign-ins. */
#include "people/sign_in.h"

#include <pthread.h>
#include <string.h>

#include "people/fixture.h"
#include "people/guess.h"
#include "people/password_gate.h"

enum { SECOND_MS = 1000, MINUTE_MS = 60000, HOUR_MS = 60 * MINUTE_MS };

static const char candidate[] = "13800000001";

static bool try(struct fixture *f, const char *login, const char *password, const char *code,
                struct sign_in_done *done, struct err *e)
{
    struct sign_in_try t = {.login = login, .password = password, .code = code};
    *e = (struct err){0};
    return sign_in(&f->p, &t, done, e);
}

void guess_locks_double_test(void)
{
    static const int minutes[] = {0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60};
    for (int i = 0; i < (int)(sizeof minutes / sizeof *minutes); i++)
        CHECK_INT("nth failure", guess_lock_ms(i), (int64_t)minutes[i] * MINUTE_MS);
    CHECK_INT("never for ever", guess_lock_ms(1000000), (int64_t)60 * MINUTE_MS);
}

/* A name that exists and one that does not must not differ in anything that is answered. */
void sign_in_wrong_pairs_look_alike_test(void)
{
    struct fixture *f = fixture_create();
    struct sign_in_done done;
    struct err wrong, unknown;
    fixture_account(f, candidate, R(candidate));
    for (int i = 1; i <= 8; i++) {
        CHECK("wrong", !try(f, candidate, "no-such-password", NULL, &done, &wrong));
        CHECK("unknown", !try(f, "13900000009", "no-such-password", NULL, &done, &unknown));
        CHECK_INT("code", wrong.code, i <= 5 ? ERR_UNAUTHENTICATED : ERR_TOO_MANY);
        CHECK_INT("same code", wrong.code, unknown.code);
        CHECK_TEXT("same field", wrong.field, unknown.field);
        CHECK_TEXT("same sentence", wrong.text, unknown.text);
    }
    fixture_destroy(f);
}

enum { CROWD = 24 };

struct one_of_many {
    struct fixture *f;
    pthread_barrier_t *gate;
    int n;
    bool answered;
};

static void *come(void *arg)
{
    struct one_of_many *x = arg;
    struct err e = {0};
    struct sign_in_done done;
    struct people p = x->f->p;
    p.arena = arena_create(16 << 20);
    p.db = db_open(x->f->t->store, &e);
    const char *login = arena_printf(p.arena, "138000010%02d", x->n);
    const struct sign_in_try t = {.login = login, .password = "no-such-password"};
    pthread_barrier_wait(x->gate);
    x->answered = !sign_in(&p, &t, &done, &e) && e.code == ERR_UNAUTHENTICATED;
    db_close(p.db);
    arena_destroy(p.arena);
    return NULL;
}

/* A crowd at the door never has more argon2 under way than the gate has places: what is left of the
 * machine stays with those who sit their exam. */
void sign_ins_at_once_are_bounded_test(void)
{
    struct fixture *f = fixture_create();
    pthread_barrier_t gate;
    pthread_t threads[CROWD];
    struct one_of_many crowd[CROWD];
    struct slow_calls before = slow_calls();
    pthread_barrier_init(&gate, NULL, CROWD);
    for (int i = 0; i < CROWD; i++) {
        crowd[i] = (struct one_of_many){f, &gate, i, false};
        CHECK_INT("thread", pthread_create(&threads[i], NULL, come, &crowd[i]), 0);
    }
    for (int i = 0; i < CROWD; i++) {
        pthread_join(threads[i], NULL);
        CHECK("answered", crowd[i].answered);
    }
    struct slow_calls after = slow_calls();
    CHECK_INT("each was hashed", after.made - before.made, CROWD);
    CHECK("never more at once than places", after.most <= password_gate_places());
    pthread_barrier_destroy(&gate);
    fixture_destroy(f);
}

void sign_in_locks_test(void)
{
    struct fixture *f = fixture_create();
    struct sign_in_done done;
    struct err e;
    fixture_account(f, candidate, R(candidate));
    for (int i = 0; i < 5; i++)
        CHECK("wrong", !try(f, candidate, "wrong", NULL, &done, &e));
    CHECK_REFUSED("the sixth waits, right or wrong",
                  try(f, candidate, FIXTURE_PASSWORD, NULL, &done, &e), &e, TOO_MANY, "60");
    fixture_wait(f, 59 * SECOND_MS);
    CHECK_REFUSED("still", try(f, candidate, FIXTURE_PASSWORD, NULL, &done, &e), &e, TOO_MANY,
                  "1");
    fixture_wait(f, 1 * SECOND_MS);
    CHECK("a sixth failure", !try(f, candidate, "wrong", NULL, &done, &e));
    CHECK_REFUSED("two minutes", try(f, candidate, "wrong", NULL, &done, &e), &e, TOO_MANY,
                  "120");
    fixture_wait(f, 2 * MINUTE_MS);
    CHECK_OK("the right one", try(f, " 138-0000-0001", FIXTURE_PASSWORD, NULL, &done, &e), &e);
    for (int i = 0; i < 4; i++)
        CHECK("wrong", !try(f, candidate, "wrong", NULL, &done, &e));
    CHECK_OK("and the count began anew", try(f, candidate, FIXTURE_PASSWORD, NULL, &done, &e),
             &e);
    fixture_destroy(f);
}

static bool may(const struct viewer *v, enum may what)
{
    struct err e = {0};
    return viewer_may(v, what, &e);
}

void staff_without_totp_reach_enrolment_only_test(void)
{
    struct fixture *f = fixture_create();
    struct err e = {0};
    struct account made;
    struct sign_in_done done;
    char first[FIRST_PASSWORD_BYTES];
    struct account_new n = {
        .login = "registrar", .display_name = "李审", .roles = R(registrar) | R(examiner)};
    CHECK_OK("create", account_create(&f->p, &n, &made, first, &e), &e);
    CHECK_OK("sign in", try(f, "Registrar", first, NULL, &done, &e), &e);
    struct viewer v = fixture_viewer(f, done.token);
    for (int i = 0; i < MAY_COUNT; i++)
        CHECK_INT("before", may(&v, (enum may)i),
                  i == MAY_ANYONE || i == MAY_ATTEMPT || i == MAY_NODE || i == MAY_ENROL_TOTP);

    struct people p = f->p;
    struct actor who = f->who;
    p.who = &who;
    who.account = made.id;
    struct password_change c = {first, "wise-8-TEN"};
    CHECK_OK("change", password_change(&p, &v, &c, &done, &e), &e);
    v = fixture_viewer(f, done.token);
    CHECK("no longer asked for", !v.must_change_password);
    CHECK_REFUSED("but for TOTP", viewer_may(&v, MAY_REGISTER, &e), &e, FORBIDDEN, "totp");
    v.totp_enrolled = true;
    CHECK("then", may(&v, MAY_REGISTER) && may(&v, MAY_STAFF) && may(&v, MAY_EXAMINE));
    CHECK("not more",
          !may(&v, MAY_CERTIFY) && !may(&v, MAY_ADMIN_PEOPLE) && !may(&v, MAY_NOBODY));
    fixture_destroy(f);
}

void first_password_ends_test(void)
{
    struct fixture *f = fixture_create();
    struct err e = {0};
    struct account made;
    struct sign_in_done done;
    char first[FIRST_PASSWORD_BYTES];
    struct account_new n = {.login = "author", .display_name = "命题", .roles = R(item_author)};
    CHECK_OK("create", account_create(&f->p, &n, &made, first, &e), &e);
    fixture_wait(f, 24 * (int64_t)HOUR_MS + 1);
    CHECK_REFUSED("a day later", try(f, "author", first, NULL, &done, &e), &e, RULE,
                  "/password");
    fixture_destroy(f);
}

void totp_step_is_taken_once_test(void)
{
    struct fixture *f = fixture_create();
    struct sign_in_done done;
    struct err e;
    struct staff *s = fixture_account(f, "marker", R(marker));
    CHECK_REFUSED("no code", try(f, "marker", FIXTURE_PASSWORD, NULL, &done, &e), &e,
                  TOTP_REQUIRED, "/code");
    const char *code = fixture_code(s);
    CHECK_OK("first", try(f, "marker", FIXTURE_PASSWORD, code, &done, &e), &e);
    CHECK_REFUSED("again", try(f, "marker", FIXTURE_PASSWORD, code, &done, &e), &e,
                  UNAUTHENTICATED, "/code");
    CHECK_OK("the next", try(f, "marker", FIXTURE_PASSWORD, fixture_code(s), &done, &e), &e);
    CHECK_REFUSED("a wrong password needs no code",
                  try(f, "marker", "wrong", fixture_code(s), &done, &e), &e, UNAUTHENTICATED,
                  "login");
    fixture_destroy(f);
}

/* Knowing the password gives five codes, not as many as one likes. */
void totp_guessing_locks_test(void)
{
    struct fixture *f = fixture_create();
    struct sign_in_done done;
    struct err e;
    struct staff *s = fixture_account(f, "marker", R(marker));
    for (int i = 0; i < 5; i++) {
        CHECK("code asked for", !try(f, "marker", FIXTURE_PASSWORD, NULL, &done, &e));
        CHECK_REFUSED("wrong", try(f, "marker", FIXTURE_PASSWORD, "00000x", &done, &e), &e,
                      UNAUTHENTICATED, "/code");
    }
    CHECK_REFUSED("sixth", try(f, "marker", FIXTURE_PASSWORD, "000001", &done, &e), &e,
                  TOO_MANY, "60");
    CHECK_OK("a minute later", try(f, "marker", FIXTURE_PASSWORD, fixture_code(s), &done, &e),
             &e);
    fixture_destroy(f);
}

void recovery_codes_count_once_test(void)
{
    struct fixture *f = fixture_create();
    struct sign_in_done done;
    struct err e;
    struct staff *s = fixture_account(f, "marker", R(marker));
    char typed[RECOVERY_TEXT_BYTES];
    memcpy(typed, s->enrolled.codes[3], sizeof typed);
    for (char *c = typed; *c; c++)
        *c = *c == '-' ? ' ' : *c >= 'A' && *c <= 'Z' ? (char)(*c + 32) : *c;
    CHECK_OK("as typed by hand", try(f, "marker", FIXTURE_PASSWORD, typed, &done, &e), &e);
    CHECK("told", done.used_recovery_code);
    CHECK_INT("nine left", done.recovery_codes_left, RECOVERY_CODES - 1);
    CHECK_REFUSED("once", try(f, "marker", FIXTURE_PASSWORD, typed, &done, &e), &e,
                  UNAUTHENTICATED, "/code");
    struct staff *other = fixture_account(f, "marker2", R(marker));
    CHECK_REFUSED("not another's",
                  try(f, "marker", FIXTURE_PASSWORD, other->enrolled.codes[0], &done, &e), &e,
                  UNAUTHENTICATED, "/code");
    for (int i = 0; i < RECOVERY_CODES; i++)
        for (int k = 0; k < i; k++)
            CHECK("all differ", strcmp(s->enrolled.codes[i], s->enrolled.codes[k]) != 0);
    fixture_destroy(f);
}

void sign_in_ends_test(void)
{
    static const struct {
        const char *login;
        uint32_t roles;
        int idle_minutes;
    } cases[] = {{"13800000001", R(candidate), 120},
                 {"marker", R(marker), 30},
                 {"security", R(security_admin), 15}};
    struct fixture *f = fixture_create();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct staff *s = fixture_account(f, cases[i].login, cases[i].roles);
        int64_t idle = (int64_t)cases[i].idle_minutes * MINUTE_MS, used = 0;
        fixture_wait(f, idle);
        CHECK("used in time", !id_is_zero(fixture_viewer(f, s->token).account));
        fixture_wait(f, idle);
        CHECK("which was noted", !id_is_zero(fixture_viewer(f, s->token).account));
        fixture_wait(f, idle + 1);
        CHECK("idle", id_is_zero(fixture_viewer(f, s->token).account));

        struct sign_in_done done;
        struct err e;
        CHECK_OK("again",
                 try(f, cases[i].login, FIXTURE_PASSWORD,
                     roles_have_staff(cases[i].roles) ? fixture_code(s) : NULL, &done, &e),
                 &e);
        for (; used + idle < 12 * (int64_t)HOUR_MS; used += idle) {
            CHECK("busy", !id_is_zero(fixture_viewer(f, done.token).account));
            fixture_wait(f, idle);
        }
        fixture_wait(f, 12 * (int64_t)HOUR_MS - used);
        CHECK("twelve hours", id_is_zero(fixture_viewer(f, done.token).account));
    }
    CHECK("no token", id_is_zero(fixture_viewer(f, "").account));
    CHECK("foreign",
          id_is_zero(fixture_viewer(f, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").account));
    fixture_destroy(f);
}

/* Whoever cannot be looked up is nobody, and the request is told so (S40). */
void sign_in_unread_is_nobody_test(void)
{
    struct fixture *f = fixture_create();
    struct staff *s = fixture_account(f, "registrar7", R(registrar));
    fixture_wait(f, 2 * MINUTE_MS); /* so that it notes that it was seen, too */
    for (int nth = 1;; nth = test_next_call(nth)) {
        struct err e = {0};
        struct viewer v = {.account = s->account.id};
        db_fail_call(f->t->db, nth, false);
        bool read = viewer_of_token(f->t->db, f->t->arena, s->token, f->who.now_ms, &v, &e);
        db_fail_call(f->t->db, 0, false);
        CHECK("nothing left open", db_is_idle(f->t->db));
        if (read) {
            CHECK("signed in", id_equal(v.account, s->account.id));
            CHECK("several calls could fail", nth > 1);
            break;
        }
        CHECK_INT("a fault", e.code, ERR_STORE);
        CHECK("nobody", id_is_zero(v.account));
    }
    fixture_destroy(f);
}

void password_change_ends_the_others_test(void)
{
    struct fixture *f = fixture_create();
    struct sign_in_done second, changed;
    struct err e;
    struct staff *s = fixture_account(f, candidate, R(candidate));
    CHECK_OK("another browser", try(f, candidate, FIXTURE_PASSWORD, NULL, &second, &e), &e);
    struct password_change wrong = {"not the one", "Qxvbn-71-Wtrplk-3"},
                           weak = {FIXTURE_PASSWORD, "short"},
                           same = {FIXTURE_PASSWORD, FIXTURE_PASSWORD},
                           good = {FIXTURE_PASSWORD, "Qxvbn-71-Wtrplk-3"};
    e = (struct err){0};
    CHECK_REFUSED("old", password_change(&s->p, &s->viewer, &wrong, &changed, &e), &e, INVALID,
                  "/old");
    e = (struct err){0};
    CHECK_REFUSED("weak", password_change(&s->p, &s->viewer, &weak, &changed, &e), &e, INVALID,
                  "/new");
    e = (struct err){0};
    CHECK_REFUSED("same", password_change(&s->p, &s->viewer, &same, &changed, &e), &e, INVALID,
                  "/new");
    e = (struct err){0};
    CHECK_OK("good", password_change(&s->p, &s->viewer, &good, &changed, &e), &e);
    CHECK("old token", id_is_zero(fixture_viewer(f, s->token).account));
    CHECK("other browser", id_is_zero(fixture_viewer(f, second.token).account));
    CHECK("new token", !id_is_zero(fixture_viewer(f, changed.token).account));
    CHECK("old password", !try(f, candidate, FIXTURE_PASSWORD, NULL, &second, &e));
    CHECK_OK("new password", try(f, candidate, good.new, NULL, &second, &e), &e);
    fixture_destroy(f);
}

void own_sign_ins_are_seen_and_ended_test(void)
{
    struct fixture *f = fixture_create();
    struct sign_in_seen *seen;
    size_t count;
    struct sign_in_done second;
    struct err e = {0};
    struct staff *s = fixture_account(f, candidate, R(candidate));
    struct staff *other = fixture_account(f, "13800000002", R(candidate));
    fixture_wait(f, 1);
    CHECK_OK("second", try(f, candidate, FIXTURE_PASSWORD, NULL, &second, &e), &e);
    CHECK_OK("list", sign_in_list(&s->p, &seen, &count, &e), &e);
    CHECK_INT("two", count, 2);
    CHECK("newest first", id_equal(seen[0].id, second.sign_in));
    CHECK_TEXT("device", seen[1].device, "test");
    CHECK_REFUSED("not another's", sign_in_end(&s->p, other->viewer.sign_in, &e), &e, NOT_FOUND,
                  "id");
    e = (struct err){0};
    CHECK_OK("end", sign_in_end(&s->p, second.sign_in, &e), &e);
    CHECK("over", id_is_zero(fixture_viewer(f, second.token).account));
    CHECK("the first goes on", !id_is_zero(fixture_viewer(f, s->token).account));
    fixture_destroy(f);
}

void totp_renewal_needs_the_old_code_test(void)
{
    struct fixture *f = fixture_create();
    struct totp_offer offer;
    struct err e = {0};
    struct staff *s = fixture_account(f, "marker", R(marker));
    CHECK_REFUSED("none", totp_begin(&s->p, &s->viewer, NULL, &offer, &e), &e, UNAUTHENTICATED,
                  "/code");
    e = (struct err){0};
    CHECK_OK("the old one", totp_begin(&s->p, &s->viewer, fixture_code(s), &offer, &e), &e);
    e = (struct err){0};
    CHECK_REFUSED("confirmed by the new one only",
                  totp_confirm(&s->p, &s->viewer, fixture_code(s), &s->enrolled, &e), &e,
                  UNAUTHENTICATED, "/code");
    fixture_destroy(f);
}

struct faulty {
    struct fixture *f;
    struct staff *s;
    struct sign_in_done done;
};

static bool run_sign_in(void *ctx, struct err *e)
{
    struct faulty *x = ctx;
    struct sign_in_try t = {.login = candidate, .password = FIXTURE_PASSWORD};
    return sign_in(&x->f->p, &t, &x->done, e);
}

static bool run_change(void *ctx, struct err *e)
{
    struct faulty *x = ctx;
    struct password_change c = {FIXTURE_PASSWORD, "Qxvbn-71-Wtrplk-3"};
    return password_change(&x->s->p, &x->s->viewer, &c, &x->done, e);
}

static bool run_end(void *ctx, struct err *e)
{
    struct faulty *x = ctx;
    return sign_in_end(&x->s->p, x->s->viewer.sign_in, e);
}

static bool run_enrol(void *ctx, struct err *e)
{
    struct faulty *x = ctx;
    return totp_confirm(&x->s->p, &x->s->viewer, fixture_code(x->s), &x->s->enrolled, e);
}

void sign_in_faults_test(void)
{
    struct fixture *f = fixture_create();
    struct faulty x = {.f = f, .s = fixture_account(f, candidate, R(candidate))};
    fixture_fault_loop(f, "sign in", run_sign_in, &x);
    CHECK("signed in", !id_is_zero(fixture_viewer(f, x.done.token).account));
    fixture_fault_loop(f, "change password", run_change, &x);
    CHECK("still signed in", !id_is_zero(fixture_viewer(f, x.done.token).account));
    fixture_fault_loop(f, "end", run_end, &x);
    CHECK("signed out", id_is_zero(fixture_viewer(f, x.done.token).account));

    struct err e = {0};
    struct totp_offer offer;
    struct bytes seed;
    x.s = fixture_account(f, "marker", R(marker));
    CHECK_OK("offer", totp_begin(&x.s->p, &x.s->viewer, fixture_code(x.s), &offer, &e), &e);
    CHECK("secret", base32_read(f->t->arena, offer.secret, strlen(offer.secret), &seed));
    memcpy(x.s->seed, seed.at, seed.len);
    fixture_fault_loop(f, "enrol", run_enrol, &x);
    CHECK("new token", !id_is_zero(fixture_viewer(f, x.s->enrolled.sign_in.token).account));
    fixture_destroy(f);
}

/* S34: a new store has no account, whatever name one thinks of. */
void no_account_is_there_by_itself_test(void)
{
    static const char *const guessed[] = {"admin", "root",  "heng",      "administrator",
                                          "test",  "guest", "registrar", "security"};
    struct fixture *f = fixture_create();
    struct account_filter every = {.role = ROLE_NONE, .limit = 10};
    struct sign_in_done done;
    struct err e = {0};
    int64_t total;
    CHECK_OK("all", account_list_total(&f->p, &every, &total, &e), &e);
    CHECK_INT("nobody", total, 0);
    for (size_t i = 0; i < sizeof guessed / sizeof *guessed; i++) {
        e = (struct err){0};
        struct sign_in_try t = {.login = guessed[i], .password = guessed[i]};
        CHECK_REFUSED(guessed[i], sign_in(&f->p, &t, &done, &e), &e, UNAUTHENTICATED, "login");
    }
    fixture_destroy(f);
}
