/* certificate/award_facts_test.c - from the rows of award and person to a certificate, once. */
#include "certificate/award_facts.h"

#include "base/arena.h"
#include "certificate/fixture.h"
#include "people/consent.h"
#include "people/people.h"
#include "people/person.h"
#include "test/check.h"

struct rows {
    struct certificate_fixture *f;
    struct id award, batch, person, entry;
    struct blob photo;
    bool published;
};

static bool put_rows(struct db *db, void *ctx, struct err *e)
{
    struct rows *x = ctx;
    const unsigned char digest[HASH_BYTES] = {7};
    const struct actor *who = &x->f->who;
    struct query *q = db_query(db, SQL_award_put);
    query_id(q, x->award);
    query_id(q, who->body);
    query_id(q, x->batch);
    query_id(q, x->entry);
    query_id(q, x->person);
    query_text(q, "national-2023");
    query_int(q, 4);
    query_text(q, "B");
    query_bytes(q, (struct bytes){digest, sizeof digest});
    query_int(q, who->now_ms);
    if (!query_run(q, e))
        return false;
    if (!x->published)
        return true;
    q = db_query(db, SQL_publication_put);
    query_id(q, id_random());
    query_id(q, who->body);
    query_id(q, x->batch);
    query_bytes(q, (struct bytes){digest, sizeof digest});
    query_int(q, 1);
    query_int(q, 1);
    query_id(q, who->account);
    query_id(q, who->second);
    query_int(q, who->now_ms);
    return query_run(q, e);
}

static bool put_photo(struct db *db, void *ctx, struct err *e)
{
    const struct rows *x = ctx;
    return blob_put_row(db, &x->photo, x->f->who.now_ms, e);
}

static struct people people_of(struct certificate_fixture *f)
{
    return (struct people){f->t->db, f->t->arena, f->t->master, &f->who};
}

static void put_person(struct rows *x)
{
    struct err e = {0};
    struct people p = people_of(x->f);
    const struct bytes jpeg = {(const unsigned char *)"photo", 5};
    CHECK_OK(
        "photo",
        blob_write(&x->f->t->blobs, x->f->t->arena, "photo", "image/jpeg", jpeg, &x->photo, &e),
        &e);
    CHECK_OK("photo", db_transact(x->f->t->db, put_photo, x, &e), &e);
    const struct person_input in = {.name = "顾言溪",
                                    .document_kind = "resident_id",
                                    .document_number = "11010519491231002X",
                                    .phone = "13800138000",
                                    .photo = x->photo.id};
    CHECK_OK("person", person_save(&p, &in, &x->person, &e), &e);
}

void award_facts_test(void)
{
    struct certificate_fixture *f = certificate_fixture_create();
    struct err e = {0};
    struct rows x = {.f = f,
                     .award = id_random(),
                     .batch = id_random(),
                     .entry = id_random(),
                     .published = true};
    struct award_facts facts;
    struct certificate_holder h;
    struct certificate_issued done;
    struct certificate c;
    struct id *due;
    size_t n;
    struct people p = people_of(f);
    put_person(&x);
    CHECK_OK("rows", db_transact(f->t->db, put_rows, &x, &e), &e);
    CHECK_OK("due", awards_due(f->t->db, f->t->arena, f->body.id, x.batch, &due, &n, &e), &e);
    CHECK_INT("one is due", n, 1);
    CHECK_OK("facts", award_facts_load(f->t->db, f->t->arena, f->body.id, due[0], &facts, &e),
             &e);
    CHECK("by two", facts.published && id_equal(facts.published_second, f->who.second));
    CHECK_OK("holder", certificate_holder_load(&p, facts.person, &h, &e), &e);
    CHECK_TEXT("document", h.document_number, "11010519491231002X");
    CHECK_INT("no consent yet", h.photo_public, false);
    CHECK_OK("issue", certificate_issue(&f->office, &facts, &h, &done, &e), &e);
    CHECK_OK("get", certificate_get(f->t->db, f->t->arena, f->body.id, done.id, &c, &e), &e);
    CHECK_TEXT("direction", c.face.value[FACE_direction], "视听运营");
    CHECK("photo", memcmp(c.photo_digest, x.photo.digest, HASH_BYTES) == 0);
    CHECK_OK("due", awards_due(f->t->db, f->t->arena, f->body.id, x.batch, &due, &n, &e), &e);
    CHECK_INT("none is due", n, 0);
    CHECK_REFUSED("of another body",
                  award_facts_load(f->t->db, f->t->arena, id_random(), x.award, &facts, &e), &e,
                  NOT_FOUND, "award");

    e = (struct err){0};
    CHECK_OK("consent",
             consent_give(&p, x.person, CONSENT_PHOTO, consent_version(CONSENT_PHOTO), &e), &e);
    CHECK_OK("holder", certificate_holder_load(&p, x.person, &h, &e), &e);
    CHECK_INT("consent", h.photo_public, true);
    certificate_fixture_destroy(f);
}

static bool void_award(struct db *db, void *ctx, struct err *e)
{
    const struct rows *x = ctx;
    struct query *q = db_query(db, SQL_award_void);
    query_id(q, x->entry);
    query_id(q, x->f->who.body);
    return query_run(q, e);
}

static size_t unfounded(struct certificate_fixture *f, const char *state, struct id batch)
{
    struct err e = {0};
    struct certificate *list;
    size_t count;
    int64_t total;
    struct certificate_filter filter = {
        .body = f->body.id, .batch = batch, .state = state, .unfounded = true, .limit = 10};
    CHECK_OK("list",
             certificate_list(f->t->db, f->t->arena, &filter, &list, &count, &total, &e), &e);
    CHECK_INT("total", total, count);
    return count;
}

/* Amended results undo an award: its certificate waits in a list until it is revoked or the award is back. */
void certificate_unfounded_test(void)
{
    struct certificate_fixture *f = certificate_fixture_create();
    struct err e = {0};
    struct rows x = {.f = f,
                     .award = id_random(),
                     .batch = id_random(),
                     .entry = id_random(),
                     .published = true};
    struct award_facts facts;
    struct certificate_holder h;
    struct certificate_issued done;
    struct people p = people_of(f);
    put_person(&x);
    CHECK_OK("rows", db_transact(f->t->db, put_rows, &x, &e), &e);
    CHECK_OK("facts", award_facts_load(f->t->db, f->t->arena, f->body.id, x.award, &facts, &e),
             &e);
    CHECK_OK("holder", certificate_holder_load(&p, facts.person, &h, &e), &e);
    CHECK_OK("issue", certificate_issue(&f->office, &facts, &h, &done, &e), &e);
    CHECK_INT("founded", unfounded(f, NULL, x.batch), 0);
    CHECK_OK("void", db_transact(f->t->db, void_award, &x, &e), &e);
    CHECK_INT("unfounded", unfounded(f, NULL, x.batch), 1);
    CHECK_INT("of this batch", unfounded(f, NULL, id_random()), 0);
    CHECK_INT("a revoked one is done with", unfounded(f, "revoked", x.batch), 0);
    x.published = false; /* not a second time */
    CHECK_OK("passed again", db_transact(f->t->db, put_rows, &x, &e), &e);
    CHECK_INT("founded again", unfounded(f, NULL, x.batch), 0);
    certificate_fixture_destroy(f);
}

void award_not_published_test(void)
{
    struct certificate_fixture *f = certificate_fixture_create();
    struct err e = {0};
    struct rows x = {.f = f, .award = id_random(), .batch = id_random(), .entry = id_random()};
    struct award_facts facts;
    put_person(&x);
    CHECK_OK("rows", db_transact(f->t->db, put_rows, &x, &e), &e);
    CHECK_OK("facts", award_facts_load(f->t->db, f->t->arena, f->body.id, x.award, &facts, &e),
             &e);
    CHECK_INT("nobody published it", facts.published, false);
    certificate_fixture_destroy(f);
}
