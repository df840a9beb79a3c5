/* people/person_test.c - S22 and S23: numbers lie sealed, are found by index and shown masked. */
#include "people/person.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "people/consent.h"
#include "people/fixture.h"
#include "people/recusal.h"
#include "store/engine.h"

static const char number[] = "11010519491231002X", phone[] = "13912345678",
                  email[] = "hanmeimei@example.com";

static struct person_input whole(void)
{
    return (struct person_input){.name = "韩梅梅",
                                 .document_kind = "resident_id",
                                 .document_number = "11010519491231002x",
                                 .phone = "+86 139-1234-5678",
                                 .email = email};
}

static struct id saved(struct fixture *f, const struct person_input *in)
{
    struct err e = {0};
    struct id id;
    CHECK_OK("save", person_save(&f->p, in, &id, &e), &e);
    return id;
}

void person_is_masked_test(void)
{
    struct fixture *f = fixture_create();
    struct err e = {0};
    struct person_input in = whole();
    struct id id = saved(f, &in), found;
    struct person one;
    struct identity d;
    CHECK_OK("get", person_get(&f->p, id, &one, &e), &e);
    CHECK_TEXT("document", one.document_mask, "110105********002X");
    CHECK_TEXT("phone", one.phone_mask, "139****5678");
    CHECK_TEXT("mail", one.email_mask, "h***@example.com");
    CHECK_INT("sex from the number", one.sex, SEX_FEMALE);
    CHECK("birth from the number",
          one.birth_known && one.birth == date_of((struct civil){1949, 12, 31}));

    date_days today = date_of((struct civil){2026, 11, 21});
    CHECK_OK("check", document_check(DOCUMENT_RESIDENT_ID, number, today, &d, &e), &e);
    CHECK_OK("find", person_find_by_document(&f->p, &d, NULL, &found, &e), &e);
    CHECK("found", id_equal(found, id));
    bool is;
    CHECK_OK("phone", person_phone_is(&f->p, id, "139 1234 5678", &is, &e), &e);
    CHECK("is", is);
    CHECK_OK("phone", person_phone_is(&f->p, id, "13912345679", &is, &e), &e);
    CHECK("is not", !is);

    CHECK_REFUSED("the same document", person_save(&f->p, &in, &found, &e), &e, CONFLICT,
                  "/document_number");
    f->who.body = (struct id){{9}};
    e = (struct err){0};
    CHECK_REFUSED("another body", person_get(&f->p, id, &one, &e), &e, NOT_FOUND, "person");
    e = (struct err){0};
    CHECK_OK("find", person_find_by_document(&f->p, &d, NULL, &found, &e), &e);
    CHECK("nobody there", id_is_zero(found));
    saved(f, &in); /* a document is unique within a body */
    fixture_destroy(f);
}

static const struct {
    const char *what, *field;
    struct person_input in;
} bad[] = {
    {"no name", "/name", {.phone = "13912345678"}},
    {"blank name", "/name", {.name = "   "}},
    {"control character", "/name", {.name = "a\tb"}},
    {"unknown kind", "/document_kind", {.name = "x", .document_kind = "card"}},
    {"check digit",
     "/document_number",
     {.name = "x", .document_kind = "resident_id", .document_number = "110105194912310021"}},
    {"passport without country",
     "/document_country",
     {.name = "x", .document_kind = "passport", .document_number = "E12345678"}},
    {"sex against number",
     "/sex",
     {.name = "x", .document_number = "11010519491231002X", .sex = "male"}},
    {"birth against number",
     "/birth",
     {.name = "x", .document_number = "11010519491231002X", .birth = "1949-12-30"}},
    {"no such day", "/birth", {.name = "x", .birth = "1990-02-30"}},
    {"sex", "/sex", {.name = "x", .sex = "f"}},
    {"phone", "/phone", {.name = "x", .phone = "12345"}},
    {"mail", "/email", {.name = "x", .email = "a@b@c"}},
    {"mail with a blank", "/email", {.name = "x", .email = "a b@c"}},
};

void person_form_refuses_test(void)
{
    struct fixture *f = fixture_create();
    struct id id;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct err e = {0};
        CHECK_REFUSED(bad[i].what, person_save(&f->p, &bad[i].in, &id, &e), &e, INVALID,
                      bad[i].field);
    }
    fixture_destroy(f);
}

void person_changes_test(void)
{
    struct fixture *f = fixture_create();
    struct err e = {0};
    struct staff *s = fixture_account(f, "13800000001", R(candidate));
    struct person one;
    struct id id;
    struct person_input in = whole();
    in.id = s->account.person;
    in.by_oneself = true;
    CHECK_OK("own", person_save(&s->p, &in, &id, &e), &e);
    CHECK_OK("get", person_get(&s->p, id, &one, &e), &e);
    in = (struct person_input){
        .id = id, .by_oneself = true, .version = one.version, .email = ""};
    CHECK_OK("clear mail", person_save(&s->p, &in, &id, &e), &e);
    CHECK_REFUSED("stale", person_save(&s->p, &in, &id, &e), &e, CONFLICT, "/version");
    e = (struct err){0};
    CHECK_OK("get", person_get(&s->p, id, &one, &e), &e);
    CHECK("mail gone, the rest there",
          !one.email_mask && one.document_mask && one.phone_mask && one.birth_known);

    in = (struct person_input){.id = id, .by_oneself = true, .sex = "male"};
    CHECK_REFUSED("the stored number knows better", person_save(&s->p, &in, &id, &e), &e,
                  INVALID, "/sex");
    e = (struct err){0};
    in = (struct person_input){.id = id, .document_kind = "passport"};
    CHECK_REFUSED("kind without number", person_save(&s->p, &in, &id, &e), &e, INVALID,
                  "/document_number");

    struct staff *other = fixture_account(f, "13800000002", R(candidate));
    e = (struct err){0};
    in = (struct person_input){.id = id, .by_oneself = true, .name = "别人"};
    CHECK_REFUSED("another's", person_save(&other->p, &in, &id, &e), &e, NOT_FOUND, "person");
    fixture_destroy(f);
}

static bool mark(struct db *db, void *ctx, struct err *e)
{
    struct staff *s = ctx;
    (void)db;
    return person_mark_checked(&s->p, s->account.person, e);
}

void person_checked_identity_is_fixed_test(void)
{
    struct fixture *f = fixture_create();
    struct err e = {0};
    struct id id;
    struct staff *s = fixture_account(f, "13800000001", R(candidate));
    struct person_input in = whole();
    in.id = s->account.person;
    in.by_oneself = true;
    CHECK_OK("own", person_save(&s->p, &in, &id, &e), &e);
    CHECK_OK("checked", db_transact(f->t->db, mark, s, &e), &e);
    CHECK_OK("the same again", person_save(&s->p, &in, &id, &e), &e);
    in.name = "韩雷";
    CHECK_REFUSED("name", person_save(&s->p, &in, &id, &e), &e, RULE, "/name");
    e = (struct err){0};
    in.name = NULL;
    in.document_number = "110100200002299999";
    CHECK_REFUSED("document", person_save(&s->p, &in, &id, &e), &e, RULE, "/document_number");
    e = (struct err){0};
    in = (struct person_input){.id = id, .name = "韩雷"};
    CHECK_OK("but a registrar may", person_save(&f->p, &in, &id, &e), &e);
    fixture_destroy(f);
}

void person_numbers_are_in_no_file_test(void)
{
    static const char *const secrets[] = {number, phone, email, "13800000001",
                                          FIXTURE_PASSWORD};
    struct fixture *f = fixture_create();
    struct err e = {0};
    struct person_secrets told;
    struct person_input in = whole();
    fixture_account(f, "13800000001", R(candidate));
    struct id id = saved(f, &in);
    CHECK_OK("unmask", person_unmask(&f->p, id, "核对身份证件", &told, &e), &e);
    CHECK_TEXT("number", told.document_number, number);
    CHECK_TEXT("phone", told.phone, phone);
    CHECK_TEXT("mail", told.email, email);
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++)
        CHECK(secrets[i], !test_store_holds(f->t, secrets[i]));
    CHECK("the search finds what is there", test_store_holds(f->t, "韩梅梅"));
    fixture_destroy(f);
}

void person_unmasking_is_audited_test(void)
{
    struct fixture *f = fixture_create();
    struct err e = {0};
    struct person_secrets told;
    struct person_input in = whole();
    struct id id = saved(f, &in);
    int64_t before = fixture_audit_rows(f);
    CHECK_REFUSED("no reason", person_unmask(&f->p, id, "看", &told, &e), &e, INVALID,
                  "/reason");
    CHECK_INT("no row", fixture_audit_rows(f), before);
    e = (struct err){0};
    CHECK_OK("reason", person_unmask(&f->p, id, "核对身份证件", &told, &e), &e);
    CHECK_INT("a row", fixture_audit_rows(f), before + 1);
    struct person_view *views;
    size_t count;
    CHECK_OK("views", person_views(&f->p, id, &views, &count, &e), &e);
    CHECK("seen once", count == 1 && views[0].at_ms == f->who.now_ms);
    CHECK_TEXT("why", views[0].reason, "核对身份证件");
    fixture_destroy(f);
}

/* S23: moved to another column or row, a ciphertext does not open. */
void person_ciphertext_is_bound_test(void)
{
    static const char *const moves[] = {
        "UPDATE person SET document_sealed = phone_sealed",
        "UPDATE person SET phone_sealed = (SELECT x.phone_sealed FROM person x"
        " WHERE x.id <> person.id AND x.phone_sealed IS NOT NULL)",
    };
    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++) {
        struct fixture *f = fixture_create();
        struct err e = {0};
        struct person one;
        struct person_input in = whole(), second = {.name = "李雷", .phone = "13800000009"};
        struct id id = saved(f, &in);
        saved(f, &second);
        CHECK_OK(moves[i], test_store_script(f->t, moves[i], &e), &e);
        CHECK(moves[i], !person_get(&f->p, id, &one, &e));
        CHECK_INT(moves[i], e.code, ERR_STORE);
        fixture_destroy(f);
    }
}

void consents_test(void)
{
    struct fixture *f = fixture_create();
    struct err e = {0};
    struct person_input in = whole();
    struct id id = saved(f, &in);
    struct consent *list;
    size_t count;
    bool is;
    CHECK_OK("ask", consent_in_force(&f->p, id, CONSENT_SENSITIVE, &is, &e), &e);
    CHECK("not yet", !is);
    CHECK_REFUSED("an old text", consent_give(&f->p, id, CONSENT_SENSITIVE, "2020-1", &e), &e,
                  CONFLICT, "/version");
    e = (struct err){0};
    const char *version = consent_version(CONSENT_SENSITIVE);
    CHECK_OK("give", consent_give(&f->p, id, CONSENT_SENSITIVE, version, &e), &e);
    int64_t rows = fixture_audit_rows(f);
    CHECK_OK("again", consent_give(&f->p, id, CONSENT_SENSITIVE, version, &e), &e);
    CHECK_INT("changes nothing", fixture_audit_rows(f), rows);
    CHECK_OK("ask", consent_in_force(&f->p, id, CONSENT_SENSITIVE, &is, &e), &e);
    CHECK("yes", is);
    fixture_wait(f, 5);
    CHECK_OK("withdraw", consent_withdraw(&f->p, id, CONSENT_SENSITIVE, &e), &e);
    CHECK_REFUSED("twice", consent_withdraw(&f->p, id, CONSENT_SENSITIVE, &e), &e, NOT_FOUND,
                  "/kind");
    e = (struct err){0};
    CHECK_OK("list", consent_list(&f->p, id, &list, &count, &e), &e);
    CHECK("kept", count == 1 && list[0].withdrawn_ms == list[0].at_ms + 5);
    for (int k = 0; k < CONSENT_KINDS; k++) {
        enum consent_kind back;
        CHECK("has a text", strlen(consent_text((enum consent_kind)k)) > 100);
        CHECK("reads back", consent_kind_read(consent_word((enum consent_kind)k), &back) &&
                                back == (enum consent_kind)k);
    }
    fixture_destroy(f);
}

void recusal_test(void)
{
    struct fixture *f = fixture_create();
    struct err e = {0};
    struct person_input in = whole();
    struct id person = saved(f, &in);
    struct staff *s = fixture_account(f, "examiner", R(examiner));
    struct staff_occupation cards[] = {{"4-13-01-05", 3}, {"4-13-01-06", 5}};
    struct staff_profile back, profile = {s->account.id, "衡阳学院", "KP-2026-7", cards, 2};
    CHECK_OK("put", staff_profile_put(&s->p, &profile, &e), &e);
    profile.occupation_count = 1;
    CHECK_OK("put", staff_profile_put(&s->p, &profile, &e), &e);
    CHECK_OK("get", staff_profile_get(&s->p, s->account.id, &back, &e), &e);
    CHECK_TEXT("employer", back.employer, "衡阳学院");
    CHECK("one card", back.occupation_count == 1 && back.occupations[0].level_cap == 3);
    cards[0].level_cap = 6;
    CHECK_REFUSED("level", staff_profile_put(&s->p, &profile, &e), &e, INVALID, "/occupations");

    struct conflict tie = {s->account.id, person, CONFLICT_TRAINED}, *list;
    size_t count;
    e = (struct err){0};
    CHECK_OK("tie", conflict_put(&s->p, &tie, &e), &e);
    CHECK_OK("again", conflict_put(&s->p, &tie, &e), &e);
    CHECK_OK("list", conflict_list(&s->p, s->account.id, &list, &count, &e), &e);
    CHECK("one", count == 1 && list[0].kind == CONFLICT_TRAINED);
    CHECK_OK("untie", conflict_remove(&s->p, &tie, &e), &e);
    CHECK_REFUSED("again", conflict_remove(&s->p, &tie, &e), &e, NOT_FOUND, "conflict");
    e = (struct err){0};
    tie.person = (struct id){{3}};
    CHECK_REFUSED("a stranger", conflict_put(&s->p, &tie, &e), &e, NOT_FOUND, "person");
    fixture_destroy(f);
}

struct faulty {
    struct fixture *f;
    struct staff *s;
    struct id person;
};

static bool run_save(void *ctx, struct err *e)
{
    struct faulty *x = ctx;
    struct person_input in = whole();
    return person_save(&x->f->p, &in, &x->person, e);
}

static bool run_unmask(void *ctx, struct err *e)
{
    struct faulty *x = ctx;
    struct person_secrets told;
    bool ok = person_unmask(&x->f->p, x->person, "核对身份证件", &told, e);
    CHECK("nothing told without a row", ok || !*told.document_number);
    return ok;
}

static bool run_give(void *ctx, struct err *e)
{
    struct faulty *x = ctx;
    return consent_give(&x->f->p, x->person, CONSENT_PERSONAL,
                        consent_version(CONSENT_PERSONAL), e);
}

static bool run_withdraw(void *ctx, struct err *e)
{
    struct faulty *x = ctx;
    return consent_withdraw(&x->f->p, x->person, CONSENT_PERSONAL, e);
}

static bool run_profile(void *ctx, struct err *e)
{
    struct faulty *x = ctx;
    struct staff_occupation card = {"4-13-01-05", 3};
    struct staff_profile p = {x->s->account.id, "衡阳学院", NULL, &card, 1};
    return staff_profile_put(&x->f->p, &p, e);
}

static bool run_tie(void *ctx, struct err *e)
{
    struct faulty *x = ctx;
    struct conflict tie = {x->s->account.id, x->person, CONFLICT_KIN};
    return conflict_put(&x->f->p, &tie, e);
}

static bool run_untie(void *ctx, struct err *e)
{
    struct faulty *x = ctx;
    struct conflict tie = {x->s->account.id, x->person, CONFLICT_KIN};
    return conflict_remove(&x->f->p, &tie, e);
}

static bool run_mark(void *ctx, struct err *e)
{
    struct faulty *x = ctx;
    x->s->account.person = x->person;
    return db_transact(x->f->t->db, mark, x->s, e);
}

void person_faults_test(void)
{
    struct fixture *f = fixture_create();
    struct faulty x = {.f = f, .s = fixture_account(f, "examiner", R(examiner))};
    fixture_fault_loop(f, "save", run_save, &x);
    fixture_fault_loop(f, "unmask", run_unmask, &x);
    fixture_fault_loop(f, "give", run_give, &x);
    fixture_fault_loop(f, "withdraw", run_withdraw, &x);
    fixture_fault_loop(f, "profile", run_profile, &x);
    fixture_fault_loop(f, "tie", run_tie, &x);
    fixture_fault_loop(f, "untie", run_untie, &x);
    fixture_fault_loop(f, "check", run_mark, &x);
    fixture_destroy(f);
}
