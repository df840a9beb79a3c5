/* certificate/lookup_test.c - who asks right finds one; who asks wrong learns nothing (S25). */
#include "certificate/lookup.h"

#include "base/arena.h"
#include "certificate/check.h"
#include "certificate/fixture.h"
#include "certificate/words.h"
#include "store/anchor.h"
#include "store/db.h"
#include "store/signer.h"
#include "test/check.h"

static struct lookup_answer ask(struct certificate_fixture *f, struct lookup_question q)
{
    struct err e = {0};
    struct lookup_answer a;
    CHECK_OK(
        "ask",
        certificate_lookup(f->t->db, f->t->arena, f->t->master, &f->programmes, &q, &a, &e),
        &e);
    return a;
}

void lookup_by_number_test(void)
{
    static const struct {
        const char *number, *second, *confirmed;
    } cases[] = {
        {"S000044990001263000001", "顾言溪", "name"},
        {"s0000 44990001 263000001", " 顾言溪 ", "name"},
        {"S000044990001263000001", "0274", "document"},
        {"S000044990001263000001", "440106199603120274", "document"},
        {"S000044990001263000001", "440106 19960312 0274", "document"},
        {"S000044990001263000001", "13800138000", "phone"},
        {"S000044990001263000001", "+86 138 0013 8000", "phone"},
        {"S000044990001263000001", "顾言汐", NULL},
        {"S000044990001263000001", "顾言", NULL},
        {"S000044990001263000001", "0275", NULL},
        {"S000044990001263000001", "274", NULL},
        {"S000044990001263000001", "13800138001", NULL},
        {"S000044990001263000001", "", NULL},
        {"S000044990001263000001", NULL, NULL},
        {"S000044990001263000002", "顾言溪", NULL},
        {"S000044990001263000002", "", NULL},
        {"%", "顾言溪", NULL},
        {"", "顾言溪", NULL},
        {"S0000449900012630000010000000000000000000000000000000", "顾言溪", NULL},
    };
    struct certificate_fixture *f = certificate_fixture_create();
    certificate_fixture_issue(f);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct lookup_answer a = ask(
            f, (struct lookup_question){.number = cases[i].number, .second = cases[i].second});
        CHECK_INT(cases[i].number, a.found, cases[i].confirmed != NULL);
        CHECK_TEXT(cases[i].number, a.confirmed, cases[i].confirmed);
        if (!a.found) {
            static const struct lookup_answer nothing;
            CHECK("wrong and none are the same", memcmp(&a, &nothing, sizeof a) == 0);
        } else {
            CHECK_INT("history", a.history_count, 1);
        }
    }
    certificate_fixture_destroy(f);
}

struct release {
    struct certificate_fixture *f;
    struct bytes payload;
};

static bool release(struct db *db, void *ctx, struct err *e)
{
    struct release *x = ctx;
    return words_release_execute(db, x->f->t->arena, &x->f->programmes, &x->f->body, &x->f->who,
                                 x->payload, e);
}

void lookup_by_two_test(void)
{
    static const struct {
        const char *what;
        struct lookup_question q;
        bool found;
    } cases[] = {
        {"name, document",
         {.programme = "nrta-host", .name = "顾言溪", .document = "440106199603120274"},
         true},
        {"name, phone",
         {.programme = "nrta-host", .name = "顾言溪", .phone = "13800138000"},
         true},
        {"document, phone",
         {.programme = "nrta-host", .document = "440106199603120274", .phone = "13800138000"},
         true},
        {"all three",
         {.programme = "nrta-host",
          .name = "顾言溪",
          .document = "440106199603120274",
          .phone = "13800138000"},
         true},
        {"name alone", {.programme = "nrta-host", .name = "顾言溪"}, false},
        {"document alone", {.programme = "nrta-host", .document = "440106199603120274"}, false},
        {"last four do not do",
         {.programme = "nrta-host", .name = "顾言溪", .document = "0274"},
         false},
        {"wrong name",
         {.programme = "nrta-host", .name = "顾言汐", .document = "440106199603120274"},
         false},
        {"other programme",
         {.programme = "nrta-operator", .name = "顾言溪", .phone = "13800138000"},
         false},
        {"not in this programme",
         {.programme = "national-2023", .name = "顾言溪", .phone = "13800138000"},
         false},
        {"no programme", {.name = "顾言溪", .phone = "13800138000"}, false},
    };
    struct certificate_fixture *f = certificate_fixture_create();
    struct err e = {0};
    struct release x = {.f = f};
    const char *summary;
    certificate_fixture_issue(f); /* of national-2023: only by its number */
    CHECK_OK("propose",
             words_release_propose(f->t->db, f->t->arena,
                                   programme_find(&f->programmes, "nrta-host"), &f->body,
                                   "主管部门批准的名称", &x.payload, &summary, &e),
             &e);
    CHECK_OK("release", db_transact(f->t->db, release, &x, &e), &e);
    f->award.award = id_random();
    f->award.programme = "nrta-host";
    f->award.level = 1;
    f->award.direction = "";
    struct certificate c = certificate_fixture_issue(f);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct lookup_answer a = ask(f, cases[i].q);
        CHECK_INT(cases[i].what, a.found, cases[i].found);
        if (a.found)
            CHECK_TEXT(cases[i].what, a.certificate.number, c.number);
    }
    certificate_fixture_destroy(f);
}

static void make_anchor(struct certificate_fixture *f, int64_t now_ms)
{
    struct err e = {0};
    bool made;
    const struct anchor_order o = {now_ms, ANCHOR_START, id_random(), ANCHOR_EVERY_MS};
    CHECK_OK("anchor", anchor_make(f->signer, f->t->db, &o, &made, &e), &e);
}

struct theft {
    struct certificate_fixture *f;
    const char *kid;
    int64_t at_ms;
};

static bool steal(struct db *db, void *ctx, struct err *e)
{
    struct theft *t = ctx;
    return signer_key_compromised(t->f->signer, db, t->kid, t->at_ms, e);
}

/* The key is stolen between two anchors. A certificate of before stays true; of one that was issued after,
 * nobody can say who signed; and the same QR is in doubt where the theft was earlier than the anchor. */
void lookup_after_a_theft_test(void)
{
    for (int early = 0; early < 2; early++) {
        struct certificate_fixture *f = certificate_fixture_create();
        struct err e = {0};
        struct key_table keys;
        struct certificate_secrets s;
        struct lookup_answer a;
        struct public_key key;
        struct certificate c = certificate_fixture_issue(f);
        int64_t now = f->who.now_ms;
        make_anchor(f, now + 1000);
        CHECK_OK("secrets",
                 certificate_secrets(f->t->db, f->t->arena, f->t->master, &c, &s, &e), &e);
        CHECK_OK("key", signer_key(f->t->db, f->t->arena, KEY_USE_certificate, now, &key, &e),
                 &e);
        struct theft t = {f, key.kid, early ? now + 1000 : now + 1001};
        CHECK_OK("stolen", db_transact(f->t->db, steal, &t, &e), &e);
        CHECK_OK("keys", signer_key_table(f->t->db, f->t->arena, &keys, &e), &e);
        CHECK_OK("ask", certificate_lookup_qr(f->t->db, f->t->arena, &keys, s.qr, &a, &e), &e);
        CHECK_INT("found", a.found, !early);
        CHECK_INT("in doubt", a.in_doubt, early);
        struct check_result r;
        struct bytes text = {(const unsigned char *)s.qr, strlen(s.qr)};
        CHECK_OK("offline", certificate_check(f->t->arena, &keys, text, &r, &e), &e);
        CHECK_INT("says since when", r.compromised_ms, t.at_ms);
        certificate_fixture_destroy(f);
    }
}

void lookup_by_qr_test(void)
{
    struct certificate_fixture *f = certificate_fixture_create();
    struct err e = {0};
    struct key_table keys;
    struct certificate_secrets s;
    struct lookup_answer a;
    struct certificate c = certificate_fixture_issue(f);
    CHECK_OK("keys", signer_key_table(f->t->db, f->t->arena, &keys, &e), &e);
    CHECK_OK("secrets", certificate_secrets(f->t->db, f->t->arena, f->t->master, &c, &s, &e),
             &e);
    CHECK_OK("ask", certificate_lookup_qr(f->t->db, f->t->arena, &keys, s.qr, &a, &e), &e);
    CHECK("found", a.found && !a.old_print);
    CHECK_TEXT("by", a.confirmed, "qr");
    char *changed = arena_text(f->t->arena, s.qr);
    char *last = changed + strlen(changed) - 20;
    *last = *last == 'A' ? 'B' : 'A';
    CHECK_OK("ask", certificate_lookup_qr(f->t->db, f->t->arena, &keys, changed, &a, &e), &e);
    CHECK_INT("changed", a.found, false);
    certificate_fixture_destroy(f);
}
