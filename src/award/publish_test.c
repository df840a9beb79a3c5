/* award/publish_test.c - results are published by two, whole or not at all, and never changed. */
#include "award/award.h"
#include "entry/entry_fixture.h"
#include "store/engine.h"
#include "test/check.h"

struct made {
    struct entry_fixture *f;
    struct id passes, fails;
    int64_t version;
};

static bool put_result(struct db *db, const struct made *m, struct id entry,
                       const char *component, int64_t millimarks, struct err *e)
{
    unsigned char source[HASH_BYTES];
    hash_of(source, component, strlen(component));
    source[0] ^= (unsigned char)(millimarks / 1000);
    struct entry n = entry_fixture_get(m->f, entry);
    struct query *q = db_query(db, SQL_result_put);
    query_id(q, entry);
    query_text(q, component);
    query_int(q, m->version);
    query_id(q, m->f->registrar_is.body);
    query_id(q, m->f->batch);
    query_null(q);
    query_id(q, n.person);
    query_text(q, "national-2023");
    query_int(q, n.level);
    query_text(q, n.direction);
    query_text(q, "marked");
    query_int(q, millimarks);
    query_int(q, 100000);
    query_int(q, 60000);
    query_int(q, millimarks >= 60000);
    query_text(q, "[]");
    query_bytes(q, (struct bytes){source, HASH_BYTES});
    query_null(q);
    query_int(q, 1);
    return query_run(q, e);
}

static bool put_results(struct db *db, void *ctx, struct err *e)
{
    struct made *m = ctx;
    return put_result(db, m, m->passes, "theory", 60000, e) &&
           put_result(db, m, m->passes, "skills", 88000, e) &&
           put_result(db, m, m->fails, "theory", 59999, e) &&
           put_result(db, m, m->fails, "skills", 95000, e);
}

static struct made make(void)
{
    struct err e = {0};
    struct made m = {.f = entry_fixture_create(0), .version = 1};
    struct entry_desk other = entry_fixture_person(m.f, 77);
    m.passes = entry_fixture_submitted(m.f, &m.f->candidate);
    m.fails = entry_fixture_submitted(m.f, &other);
    CHECK_OK("results", db_transact(m.f->t->db, put_results, &m, &e), &e);
    return m;
}

struct publishing {
    struct made *m;
    struct actor who;
    char digest[2 * HASH_BYTES + 1];
};

static bool publish(struct db *db, void *ctx, struct err *e)
{
    struct publishing *p = ctx;
    return result_publish(db, p->m->f->t->arena, &p->who, p->m->f->batch, p->digest, e);
}

static struct publishing proposal(struct made *m)
{
    struct err e = {0};
    struct publishing p = {.m = m, .who = m->f->registrar_is};
    int64_t waiting;
    p.who.second = id_random();
    CHECK_OK("digest",
             result_digest(m->f->t->db, m->f->t->arena, p.who.body, m->f->batch, p.digest,
                           &waiting, &e),
             &e);
    return p;
}

static size_t awards(struct made *m)
{
    struct err e = {0};
    struct award_list list;
    CHECK_OK("awards",
             award_list(m->f->t->db, m->f->t->arena, m->f->registrar_is.body, m->f->batch,
                        &list, &e),
             &e);
    return list.count;
}

static size_t published(struct made *m)
{
    struct err e = {0};
    struct award_desk d = {
        .marking = {.db = m->f->t->db, .arena = m->f->t->arena, .actor = &m->f->registrar_is}};
    struct result_list list;
    size_t n = 0;
    CHECK_OK("results", result_list(&d, m->f->batch, &list, &e), &e);
    for (size_t i = 0; i < list.count; i++)
        n += list.at[i].published_ms != 0;
    return n;
}

/* The fault loop: whichever call fails, all is published with its awards, or nothing. */
void results_published_whole_test(void)
{
    struct made m = make();
    struct publishing p = proposal(&m);
    for (int nth = 1;; nth++) {
        struct err e = {0};
        db_fail_call(m.f->t->db, nth, false);
        bool ok = db_transact(m.f->t->db, publish, &p, &e);
        db_fail_call(m.f->t->db, 0, false);
        CHECK_INT("published", published(&m), ok ? 4 : 0);
        CHECK_INT("one has passed in every component", awards(&m), ok ? 1 : 0);
        CHECK("nothing left open", db_is_idle(m.f->t->db));
        if (ok)
            break;
        CHECK("an end", nth < 100);
    }
    entry_fixture_destroy(m.f);
}

void results_published_by_two_test(void)
{
    struct made m = make();
    struct publishing p = proposal(&m);
    struct err alone = {0}, stale = {0};
    p.who.second = (struct id){{0}};
    CHECK_REFUSED("alone", db_transact(m.f->t->db, publish, &p, &alone), &alone, FORBIDDEN,
                  "/second");
    p = proposal(&m);
    p.digest[0] = p.digest[0] == '0' ? '1' : '0';
    CHECK_REFUSED("other results than proposed", db_transact(m.f->t->db, publish, &p, &stale),
                  &stale, CONFLICT, "/digest");
    CHECK_INT("nothing published", published(&m), 0);
    entry_fixture_destroy(m.f);
}

/* What is published stays; an amendment is a new version beside it, and the award follows it. */
void results_amended_not_overwritten_test(void)
{
    struct made m = make();
    struct publishing p = proposal(&m);
    struct err e = {0};
    CHECK_OK("publish", db_transact(m.f->t->db, publish, &p, &e), &e);
    static const char *const acts[] = {"UPDATE component_result SET millimarks = 100000",
                                       "DELETE FROM component_result"};
    for (size_t i = 0; i < 2; i++) {
        struct err refused = {0};
        CHECK(acts[i], !test_store_script(m.f->t, acts[i], &refused));
    }
    m.version = 2;
    struct id passed = m.passes;
    m.passes =
        m.fails; /* the corrected marks: who failed has passed, and the other way round */
    m.fails = passed;
    CHECK_OK("amended", db_transact(m.f->t->db, put_results, &m, &e), &e);
    p = proposal(&m);
    CHECK_OK("published again", db_transact(m.f->t->db, publish, &p, &e), &e);
    struct award award;
    bool found;
    CHECK_OK("award",
             award_of_entry(m.f->t->db, m.f->t->arena, p.who.body, passed, &award, &found, &e),
             &e);
    CHECK("the first award is void", found && strcmp(award.state, "void") == 0);
    CHECK_OK(
        "award",
        award_of_entry(m.f->t->db, m.f->t->arena, p.who.body, m.passes, &award, &found, &e),
        &e);
    CHECK("the other has one now", found && strcmp(award.state, "decided") == 0);
    struct award_desk d = {
        .marking = {.db = m.f->t->db, .arena = m.f->t->arena, .actor = &m.f->registrar_is}};
    struct result_list all;
    CHECK_OK("versions", result_of_entry(&d, passed, &all, &e), &e);
    CHECK_INT("both versions of both components", all.count, 4);
    entry_fixture_destroy(m.f);
}
