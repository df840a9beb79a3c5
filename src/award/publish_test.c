/* award/publish_test.c - results are published by two, whole or not at all, and never changed. */
#include "award/award.h"
#include "base/workday.h"
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
    for (int nth = 1;; nth = test_next_call(nth)) {
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

static struct recheck_list rechecks_of(const struct award_desk *d, struct id entry)
{
    struct err e = {0};
    struct recheck_list list;
    CHECK_OK("rechecks", recheck_of_entry(d, entry, &list, &e), &e);
    return list;
}

static int64_t audit_rows(const struct made *m)
{
    struct err e = {0};
    struct audit_report r;
    CHECK_OK("audit", audit_verify(m->f->t->db, m->f->t->arena, &r, &e), &e);
    CHECK_INT("the chain holds", r.break_count, 0);
    return r.rows;
}

struct looking_again {
    struct made *m;
    struct award_desk desk;
    struct id recheck; /* zero: asking, not answering */
};

static bool look_again(struct looking_again *l, struct err *e)
{
    return id_is_zero(l->recheck)
               ? recheck_ask(&l->desk, l->m->fails, "theory", "请核对第 12 题的得分。", e)
               : recheck_answer(&l->desk, l->recheck, "已复核，得分无误。", e);
}

/* Each call failing once: what it did is there with its audit row, or nothing of it is. */
static void look_again_faults(struct looking_again *l)
{
    int64_t rows = audit_rows(l->m);
    bool answering = !id_is_zero(l->recheck);
    for (int nth = 1;; nth = test_next_call(nth)) {
        struct err e = {0};
        db_fail_call(l->m->f->t->db, nth, false);
        bool ok = look_again(l, &e);
        db_fail_call(l->m->f->t->db, 0, false);
        CHECK("nothing left open", db_is_idle(l->m->f->t->db));
        struct recheck_list list = rechecks_of(&l->desk, l->m->fails);
        CHECK_INT("asked", list.count, answering || ok);
        CHECK_INT("answered", list.count && list.at[0].answer != NULL, answering && ok);
        CHECK_INT("audit row", audit_rows(l->m), rows + ok);
        if (ok)
            return;
        CHECK_TEXT("the store's fault", err_name(e.code), "store");
        CHECK("an end", nth < 100);
    }
}

void rechecks_whole_test(void)
{
    struct made m = make();
    struct publishing p = proposal(&m);
    struct err e = {0}, twice = {0}, none = {0};
    CHECK_OK("publish", db_transact(m.f->t->db, publish, &p, &e), &e);
    struct looking_again l = {
        .m = &m,
        .desk = {.marking = {.db = m.f->t->db,
                             .arena = m.f->t->arena,
                             .programmes = &m.f->set,
                             .actor = &m.f->registrar_is},
                 .calendar = workday_calendar_embedded(m.f->t->arena, &e)}};
    CHECK_REFUSED("no such component",
                  recheck_ask(&l.desk, m.fails, "panel", "请核对得分。", &none), &none,
                  NOT_FOUND, "/component");
    look_again_faults(&l);
    CHECK("twice", !look_again(&l, &twice));
    CHECK_TEXT("is refused, not failed", err_name(twice.code), "conflict");
    l.recheck = rechecks_of(&l.desk, m.fails).at[0].id;
    look_again_faults(&l);
    twice = (struct err){0};
    CHECK_REFUSED("answered once", look_again(&l, &twice), &twice, CONFLICT, "/answer");
    entry_fixture_destroy(m.f);
}

/* A second batch, in which the one who passed everything in the first is accepted again: all that
 * counts is kept from there, so every mark is at hand. */
static struct id resit_batch(struct made *m)
{
    struct err e = {0};
    struct batch_level level = {4, 0, 0};
    int64_t now = m->f->t->actor.now_ms;
    date_days day = date_of_instant(now, CHINA_OFFSET_MS) + 60;
    struct batch_input in = {.title = "第二批",
                             .programme = "national-2023",
                             .apply_from_ms = now,
                             .apply_until_ms = now + DAY_MS,
                             .exam_from = day,
                             .exam_until = day,
                             .levels = &level,
                             .level_count = 1};
    struct id batch = id_random();
    level.level = entry_fixture_get(m->f, m->passes).level;
    CHECK_OK("batch", batch_create(&m->f->registrar, &in, batch, &e), &e);
    m->f->batch = batch;
    struct id entry = entry_fixture_submitted(m->f, &m->f->candidate);
    struct entry_review accepted = {.id = entry,
                                    .version = entry_fixture_get(m->f, entry).version,
                                    .to = ENTRY_ACCEPTED,
                                    .reason = "由审核人员认定。"};
    CHECK_OK("accepted", entry_review(&m->f->registrar, &accepted, &e), &e);
    return batch;
}

/* The fault loop of computing: all results of a batch with the audit row, or none; and again: the
 * same results, none of them new. */
void results_computed_whole_test(void)
{
    struct made m = make();
    struct publishing p = proposal(&m);
    struct err e = {0};
    struct compute_report r;
    CHECK_OK("publish", db_transact(m.f->t->db, publish, &p, &e), &e);
    struct id batch = resit_batch(&m);
    struct award_desk d = {.marking = {.db = m.f->t->db,
                                       .arena = m.f->t->arena,
                                       .master = m.f->t->master,
                                       .programmes = &m.f->set,
                                       .actor = &m.f->registrar_is}};
    int64_t rows = audit_rows(&m);
    for (int nth = 1;; nth = test_next_call(nth)) {
        struct err failed = {0};
        struct result_list list;
        db_fail_call(m.f->t->db, nth, false);
        bool ok = result_compute(&d, batch, NULL, &r, &failed);
        db_fail_call(m.f->t->db, 0, false);
        CHECK("nothing left open", db_is_idle(m.f->t->db));
        CHECK_OK("results", result_list(&d, batch, &list, &e), &e);
        CHECK_INT("both components or neither", list.count, ok ? 2 : 0);
        CHECK_INT("audit row", audit_rows(&m), rows + ok);
        if (ok)
            break;
        CHECK_TEXT("the store's fault", err_name(failed.code), "store");
        CHECK("an end", nth < 200);
    }
    CHECK_INT("nothing is missing", r.missing_count, 0);
    CHECK_INT("kept, and passed", r.passed, 1);
    unsigned char digest[HASH_BYTES];
    memcpy(digest, r.digest, sizeof digest);
    CHECK_OK("again", result_compute(&d, batch, NULL, &r, &e), &e);
    CHECK("the same digest", memcmp(digest, r.digest, sizeof digest) == 0);
    entry_fixture_destroy(m.f);
}
