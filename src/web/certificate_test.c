/* web/certificate_test.c - certificates over HTTP: issued once, changed by two people, with history. */
#include "web/asker.h"

#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "people/people.h"
#include "people/person.h"
#include "people/viewer.h"
#include "programme/programme.h"
#include "store/blob.h"
#include "store/db.h"
#include "store/signer.h"

/* A filed body with one published award; its issuers; somebody of another body. */
struct hall {
    struct site *s;
    struct body body;
    struct actor who;
    struct id award, batch, person;
    struct blob photo;
    struct asker issuer, second, third, stranger;
    const char *id, *path; /* of the certificate; "/api/certificates/{id}" */
};

static bool put_award(struct db *db, void *ctx, struct err *e)
{
    struct hall *h = ctx;
    const unsigned char digest[HASH_BYTES] = {7};
    struct query *q = db_query(db, SQL_award_put);
    query_id(q, h->award);
    query_id(q, h->body.id);
    query_id(q, h->batch);
    query_id(q, id_random());
    query_id(q, h->person);
    query_text(q, "national-2023");
    query_int(q, 4);
    query_text(q, "B");
    query_bytes(q, (struct bytes){digest, sizeof digest});
    query_int(q, h->who.now_ms);
    if (!query_run(q, e))
        return false;
    q = db_query(db, SQL_publication_put);
    query_id(q, id_random());
    query_id(q, h->body.id);
    query_id(q, h->batch);
    query_bytes(q, (struct bytes){digest, sizeof digest});
    query_int(q, 1);
    query_int(q, 1);
    query_id(q, id_random());
    query_id(q, id_random());
    query_int(q, h->who.now_ms);
    return query_run(q, e);
}

static bool put_photo(struct db *db, void *ctx, struct err *e)
{
    const struct hall *h = ctx;
    return blob_put_row(db, &h->photo, h->who.now_ms, e);
}

static void put_person(struct hall *h, const char *name)
{
    struct err e = {0};
    struct people p = {h->s->t->db, h->s->t->arena, h->s->t->master, &h->who};
    const struct person_input in = {.id = h->person,
                                    .name = name,
                                    .document_kind = "resident_id",
                                    .document_number = "11010519491231002X",
                                    .phone = "13800138000",
                                    .photo = h->photo.id};
    CHECK_OK(name, person_save(&p, &in, &h->person, &e), &e);
}

static struct hall *hall_open(void)
{
    struct err e = {0};
    struct site *s = site_start();
    struct arena *a = s->t->arena;
    struct hall *h = arena_new(a, struct hall);
    struct programme_set *set = arena_new(a, struct programme_set);
    const struct bytes jpeg = {(const unsigned char *)"photo", 5};
    *h = (struct hall){.s = s, .who = s->t->actor, .award = id_random(), .batch = id_random()};
    CHECK_OK("programmes", programmes_load_embedded(a, set, &e), &e);
    s->app.programmes = set;
    s->app.signer = signer_create(a, s->t->master);
    h->who.now_ms = clock_now_ms();
    CHECK_OK("keys", signer_keys_ensure(s->app.signer, s->t->db, h->who.now_ms, &e), &e);
    h->body = (struct body){.name = "粤港评价中心",
                            .is_filed = true,
                            .type_letter = "S",
                            .filed_code = "0000",
                            .province = "44",
                            .site_serial = "990001"};
    CHECK_OK("body", body_create(s->t->db, &h->who, &h->body, &e), &e);
    h->who.body = h->body.id;
    CHECK_OK("photo", blob_write(&s->t->blobs, a, "photo", "image/jpeg", jpeg, &h->photo, &e),
             &e);
    CHECK_OK("photo", db_transact(s->t->db, put_photo, h, &e), &e);
    put_person(h, "顾言汐");
    CHECK_OK("award", db_transact(s->t->db, put_award, h, &e), &e);
    h->issuer = asker_account(s, h->body.id, "issuer", R(issuer));
    h->second = asker_account(s, h->body.id, "second", R(issuer));
    h->third = asker_account(s, h->body.id, "third", R(issuer));
    h->stranger = asker_account(s, s->body.id, "stranger", R(issuer));
    return h;
}

static void hall_issue(struct hall *h)
{
    char award[ID_TEXT_BYTES];
    struct arena *a = h->s->t->arena;
    id_write(h->award, award);
    const char *path = arena_printf(a, "/api/awards/%s/certificate", award);
    CHECK_INT("another body's award", ask(&h->stranger, "POST", path, NULL), 404);
    CHECK_INT("issue", ask(&h->issuer, "POST", path, NULL), 201);
    h->id = ask_text(&h->issuer, "id");
    h->path = arena_printf(a, "/api/certificates/%s", h->id);
    CHECK_INT("once", ask(&h->issuer, "POST", path, NULL), 409);
}

/* Waits for the second person: the id of what was proposed. */
static const char *propose_change(struct hall *h, const char *path, const char *body)
{
    CHECK_INT(body, ask(&h->issuer, "POST", path, body), 202);
    return ask_text(&h->issuer, "approval/id");
}

static long confirm_by(struct hall *h, struct asker *who, const char *approval)
{
    const char *path = arena_printf(h->s->t->arena, "/api/approvals/%s/confirm", approval);
    return ask(who, "POST", path, asker_code(who));
}

static const char *state_of(struct hall *h, const char *path)
{
    CHECK_INT(path, ask(&h->issuer, "GET", path, NULL), 200);
    return ask_text(&h->issuer, "state");
}

static size_t history_of(struct hall *h, const char *path)
{
    CHECK_INT(path, ask(&h->issuer, "GET", path, NULL), 200);
    return json_array_size(json_object_get(h->issuer.json, "history"));
}

static long long listed(struct hall *h, const char *batch)
{
    const char *path = arena_printf(h->s->t->arena, "/api/certificates?batch=%s", batch);
    CHECK_INT(path, ask(&h->issuer, "GET", path, NULL), 200);
    return json_integer_value(json_object_get(h->issuer.json, "total"));
}

void certificate_issued_once_test(void)
{
    struct hall *h = hall_open();
    char batch[ID_TEXT_BYTES];
    hall_issue(h);
    CHECK_TEXT("valid", state_of(h, h->path), "valid");
    CHECK_INT("its history", history_of(h, h->path), 1);
    CHECK_TEXT("issued", ask_text(&h->issuer, "history/0/event"), "issued");
    id_write(h->batch, batch);
    const char *all = arena_printf(h->s->t->arena, "/api/batches/%s/certificates", batch);
    CHECK_INT("nobody is due", ask(&h->issuer, "POST", all, NULL), 200);
    CHECK_INT("none", json_integer_value(json_object_get(h->issuer.json, "issued")), 0);
    CHECK_INT("another body sees none of it", ask(&h->stranger, "GET", h->path, NULL), 404);
    CHECK_INT("list", ask(&h->stranger, "GET", "/api/certificates", NULL), 200);
    CHECK_INT("of another body", json_integer_value(json_object_get(h->stranger.json, "total")),
              0);
    CHECK_INT("a state that is none",
              ask(&h->issuer, "GET", "/api/certificates?state=lost", NULL), 400);
    CHECK_INT("none of an award undone",
              ask(&h->issuer, "GET", "/api/certificates?state=unfounded", NULL), 200);
    CHECK_INT("none", json_integer_value(json_object_get(h->issuer.json, "total")), 0);
    CHECK_INT("of its batch", listed(h, batch), 1);
    CHECK_INT("of another", listed(h, "0123456789abcdef0123456789abcdef"), 0);
    CHECK_INT("a batch that is no number",
              ask(&h->issuer, "GET", "/api/certificates?batch=lost", NULL), 400);
    site_stop(h->s);
}

/* One alone changes nothing, whoever it is; refused things wait for nobody. */
void certificate_takes_two_test(void)
{
    struct hall *h = hall_open();
    struct arena *a = h->s->t->arena;
    hall_issue(h);
    const char *revoke = arena_printf(a, "%s/revoke", h->path);
    const char *reissue = arena_printf(a, "%s/reissue", h->path);
    static const char why[] = "{\"reason\":\"以虚假材料取得\"}";
    CHECK_INT("no reason", ask(&h->issuer, "POST", revoke, "{}"), 400);
    CHECK_INT("no kind", ask(&h->issuer, "POST", reissue, why), 400);
    CHECK_INT(
        "another kind",
        ask(&h->issuer, "POST", reissue, "{\"kind\":\"revoke\",\"reason\":\"登报声明遗失\"}"),
        400);
    CHECK_INT("unknown member",
              ask(&h->issuer, "POST", revoke, "{\"reason\":\"以虚假材料取得\",\"now\":true}"),
              400);
    CHECK_INT("of another body", ask(&h->stranger, "POST", revoke, why), 404);
    const char *waits = propose_change(h, revoke, why);
    CHECK_TEXT("still valid", state_of(h, h->path), "valid");
    CHECK_INT("oneself", confirm_by(h, &h->issuer, waits), 403);
    CHECK("somebody of another body", confirm_by(h, &h->stranger, waits) >= 400);
    struct asker registrar = asker_account(h->s, h->body.id, "registrar", R(registrar));
    CHECK_INT("who may not", confirm_by(h, &registrar, waits), 403);
    CHECK_INT("nor propose", ask(&registrar, "POST", revoke, why), 403);
    CHECK_INT("nor read", ask(&registrar, "GET", h->path, NULL), 403);
    CHECK_INT("without the code",
              ask(&h->second, "POST", arena_printf(a, "/api/approvals/%s/confirm", waits),
                  "{\"code\":\"000000\"}"),
              401);
    CHECK_TEXT("still valid", state_of(h, h->path), "valid");
    CHECK_INT("two", confirm_by(h, &h->second, waits), 200);
    CHECK_TEXT("revoked", state_of(h, h->path), "revoked");
    CHECK_INT("its history", history_of(h, h->path), 2);
    CHECK_TEXT("what, newest first", ask_text(&h->issuer, "history/0/event"), "revoked");
    CHECK_TEXT("why", ask_text(&h->issuer, "history/0/reason"), "以虚假材料取得");
    const char *by = ask_text(&h->issuer, "history/0/account");
    const char *with = ask_text(&h->issuer, "history/0/second");
    CHECK("two of them", by && with && strcmp(by, with) != 0);
    CHECK_INT("not twice", ask(&h->issuer, "POST", revoke, why), 409);
    CHECK_INT(
        "nor reissued",
        ask(&h->issuer, "POST", reissue, "{\"kind\":\"lost\",\"reason\":\"登报声明遗失\"}"),
        409);
    CHECK_INT("nor printed", ask(&h->issuer, "GET", arena_printf(a, "%s/pdf", h->path), NULL),
              409);
    CHECK_INT("what is decided stays", confirm_by(h, &h->third, waits), 409);
    site_stop(h->s);
}

/* Lost: the same number on another sheet. Wrong: another number, each naming the other. */
void certificate_reissued_and_corrected_test(void)
{
    struct hall *h = hall_open();
    struct arena *a = h->s->t->arena;
    hall_issue(h);
    const char *reissue = arena_printf(a, "%s/reissue", h->path);
    CHECK_TEXT("valid", state_of(h, h->path), "valid");
    const char *number = ask_text(&h->issuer, "number");
    const char *serial = ask_text(&h->issuer, "print_serial");
    const char *lost = propose_change(h, reissue,
                                      "{\"kind\":\"lost\",\"reason\":\"登报声明遗失\"}");
    CHECK_INT("two", confirm_by(h, &h->second, lost), 200);
    CHECK_TEXT("valid", state_of(h, h->path), "valid");
    CHECK_TEXT("the same number", ask_text(&h->issuer, "number"), number);
    CHECK("another sheet", strcmp(ask_text(&h->issuer, "print_serial"), serial) != 0);
    CHECK_TEXT("reissued", ask_text(&h->issuer, "history/0/event"), "reissued");

    put_person(h, "顾言溪");
    const char *wrong = propose_change(h, reissue,
                                       "{\"kind\":\"correct\",\"reason\":\"姓名录入有误\"}");
    CHECK_INT("two", confirm_by(h, &h->third, wrong), 200);
    CHECK_TEXT("replaced", state_of(h, h->path), "replaced");
    CHECK_TEXT("keeps what it said", ask_text(&h->issuer, "name"), "顾言汐");
    CHECK_TEXT("corrected", ask_text(&h->issuer, "history/0/event"), "corrected");
    const char *other = ask_text(&h->issuer, "history/0/other_number");
    const char *by = arena_printf(a, "/api/certificates/%s",
                                  ask_text(&h->issuer, "replaced_by"));
    CHECK_TEXT("valid", state_of(h, by), "valid");
    CHECK_TEXT("the name as it is", ask_text(&h->issuer, "name"), "顾言溪");
    CHECK_TEXT("its number", ask_text(&h->issuer, "number"), other);
    CHECK("a number of its own", strcmp(other, number) != 0);
    site_stop(h->s);
}
