/* certificate/change_test.c - revoke, void, reissue, correct: what follows and what is kept. */
#include "base/arena.h"
#include "base/json.h"
#include "certificate/fixture.h"
#include "certificate/qr.h"
#include "store/signer.h"
#include "test/check.h"
#include "test/whole.h"

struct change {
    struct certificate_fixture *f;
    struct certificate_change_order order;
    struct certificate_issued out;
};

static bool execute(struct db *db, void *ctx, struct err *e)
{
    struct change *x = ctx;
    (void)db;
    return certificate_change_execute(&x->f->office, &x->order, &x->f->holder, &x->out, e);
}

static struct change change_it(struct certificate_fixture *f, struct id id,
                               enum certificate_change c)
{
    struct err e = {0};
    struct bytes payload;
    const char *summary;
    struct change x = {.f = f};
    const struct certificate_change_order order = {id, c, "申报时提供的工作证明不真实"};
    CHECK_OK("propose", certificate_change_propose(&f->office, &order, &payload, &summary, &e),
             &e);
    CHECK_OK("read", certificate_change_order_read(f->t->arena, payload, &x.order, &e), &e);
    CHECK("same", id_equal(x.order.certificate, id) && x.order.change == c);
    CHECK_OK("execute", db_transact(f->t->db, execute, &x, &e), &e);
    return x;
}

static struct certificate get(struct certificate_fixture *f, struct id id)
{
    struct err e = {0};
    struct certificate c;
    CHECK_OK("get", certificate_get(f->t->db, f->t->arena, f->body.id, id, &c, &e), &e);
    return c;
}

static struct certificate_event newest(struct certificate_fixture *f, struct id id)
{
    struct err e = {0};
    struct certificate_event *events;
    size_t n;
    CHECK_OK("history", certificate_history(f->t->db, f->t->arena, id, &events, &n, &e), &e);
    CHECK("some", n > 0);
    return events[0];
}

void certificate_end_test(void)
{
    static const struct {
        enum certificate_change change;
        enum certificate_state state;
        enum certificate_event_kind event;
    } cases[] = {
        {CERTIFICATE_CHANGE_revoke, CERTIFICATE_REVOKED, CERTIFICATE_EVENT_revoked},
        {CERTIFICATE_CHANGE_void, CERTIFICATE_VOID, CERTIFICATE_EVENT_voided},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct certificate_fixture *f = certificate_fixture_create();
        struct certificate c = certificate_fixture_issue(f);
        change_it(f, c.id, cases[i].change);
        CHECK_INT("state", get(f, c.id).state, cases[i].state);
        struct certificate_event v = newest(f, c.id);
        CHECK_INT("event", v.kind, cases[i].event);
        CHECK_TEXT("reason", v.reason, "申报时提供的工作证明不真实");
        CHECK("two people", !id_is_zero(v.account) && !id_is_zero(v.second));
        for (int again = 0; again < CERTIFICATE_CHANGES; again++) {
            struct err e = {0};
            struct bytes payload;
            const char *summary;
            const struct certificate_change_order order = {c.id, (enum certificate_change)again,
                                                           "再来一次"};
            CHECK_REFUSED(
                "ended is ended",
                certificate_change_propose(&f->office, &order, &payload, &summary, &e), &e,
                CONFLICT, "/state");
        }
        certificate_fixture_destroy(f);
    }
}

void certificate_lost_test(void)
{
    struct certificate_fixture *f = certificate_fixture_create();
    struct err e = {0};
    struct key_table keys;
    struct qr_claim before, after;
    struct certificate_secrets old, new;
    struct certificate c = certificate_fixture_issue(f);
    CHECK_OK("old", certificate_secrets(f->t->db, f->t->arena, f->t->master, &c, &old, &e), &e);
    struct change x = change_it(f, c.id, CERTIFICATE_CHANGE_lost);
    struct certificate again = get(f, x.out.id);
    CHECK_TEXT("same number", again.number, c.number);
    CHECK_TEXT("new print", again.print_serial, "26110002");
    CHECK_INT("valid", again.state, CERTIFICATE_VALID);
    CHECK_OK("new", certificate_secrets(f->t->db, f->t->arena, f->t->master, &again, &new, &e),
             &e);
    CHECK_OK("keys", signer_key_table(f->t->db, f->t->arena, &keys, &e), &e);
    CHECK_OK("old qr", qr_verify(f->t->arena, &keys, old.qr, &before, &e), &e);
    CHECK_OK("new qr", qr_verify(f->t->arena, &keys, new.qr, &after, &e), &e);
    CHECK("the old print is told apart",
          memcmp(before.credential, after.credential, sizeof before.credential) != 0);
    CHECK("the new one is the row's",
          memcmp(after.credential, again.credential_digest, sizeof after.credential) == 0);
    certificate_fixture_destroy(f);
}

void certificate_correct_test(void)
{
    struct certificate_fixture *f = certificate_fixture_create();
    struct certificate c = certificate_fixture_issue(f);
    f->holder.name = "顾言汐";
    struct change x = change_it(f, c.id, CERTIFICATE_CHANGE_correct);
    struct certificate old = get(f, c.id), new = get(f, x.out.id);
    CHECK_INT("replaced", old.state, CERTIFICATE_REPLACED);
    CHECK("by the new one", id_equal(old.replaced_by, new.id));
    CHECK_TEXT("new number", new.number, "S000044990001263000002");
    CHECK_TEXT("new name", new.face.value[FACE_name], "顾言汐");
    CHECK("same award", id_equal(old.award, new.award));
    CHECK_TEXT("told on the old", newest(f, old.id).number, new.number);
    CHECK_TEXT("told on the new", newest(f, new.id).number, old.number);
    certificate_fixture_destroy(f);
}

void certificate_change_reasons_test(void)
{
    static const struct {
        const char *reason;
        bool good;
    } cases[] = {{NULL, false}, {"", false}, {"不真实", false}, {"不真实的", true}};
    struct certificate_fixture *f = certificate_fixture_create();
    struct certificate c = certificate_fixture_issue(f);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err e = {0};
        struct bytes payload;
        const char *summary;
        const struct certificate_change_order o = {c.id, CERTIFICATE_CHANGE_revoke,
                                                   cases[i].reason};
        CHECK_INT("reason", certificate_change_propose(&f->office, &o, &payload, &summary, &e),
                  cases[i].good);
    }
    certificate_fixture_destroy(f);
}

/* Whatever call fails: the certificate is as it was, or the change is whole. */
void certificate_change_fault_test(void)
{
    for (int c = 0; c < CERTIFICATE_CHANGES; c++)
        for (int nth = 1;; nth = test_next_call(nth)) {
            struct certificate_fixture *f = certificate_fixture_create();
            struct err e = {0};
            struct certificate before = certificate_fixture_issue(f);
            struct change x = {
                f, {before.id, (enum certificate_change)c, "工作证明不真实"}, {{{0}}, NULL}};
            db_fail_call(f->t->db, nth, false);
            bool ok = db_transact(f->t->db, execute, &x, &e);
            bool fired = db_fault_fired(f->t->db);
            db_fail_call(f->t->db, 0, false);
            struct certificate after = get(f, before.id);
            bool changed = after.state != before.state ||
                           strcmp(after.print_serial, before.print_serial) != 0;
            CHECK_INT(certificate_change_word((enum certificate_change)c), changed, ok);
            CHECK_INT("certificates", certificate_fixture_count(f),
                      1 + (ok && c == CERTIFICATE_CHANGE_correct));
            CHECK_INT("event", newest(f, before.id).kind != CERTIFICATE_EVENT_issued, ok);
            CHECK("nothing left open", db_is_idle(f->t->db));
            certificate_fixture_destroy(f);
            if (!fired)
                break;
        }
}

void certificate_photo_consent_test(void)
{
    struct certificate_fixture *f = certificate_fixture_create();
    struct err e = {0};
    struct certificate c = certificate_fixture_issue(f);
    CHECK_INT("hidden", c.photo_public, false);
    CHECK_WHOLE("show", f->t, f->t->db,
                certificate_photo_consent(&f->office, c.id, c.person, true, &e), &e);
    CHECK_INT("shown", get(f, c.id).photo_public, true);
    CHECK_REFUSED("another person's",
                  certificate_photo_consent(&f->office, c.id, id_random(), false, &e), &e,
                  NOT_FOUND, "certificate");
    CHECK_INT("still shown", get(f, c.id).photo_public, true);
    certificate_fixture_destroy(f);
}
