/* marking/script_test.c - written answers: each marker once, the third when two differ, no half. */
#include "base/json.h"
#include "entry/entry_fixture.h"
#include "marking/marking.h"
#include "test/check.h"

struct made {
    struct entry_fixture *f;
    struct id script, entry;
    struct marking m;
    struct actor who;
};

static bool put_script(struct db *db, void *ctx, struct err *e)
{
    struct made *m = ctx;
    struct query *q = db_query(db, SQL_script_put);
    query_id(q, m->script);
    query_id(q, m->who.body);
    query_id(q, id_random());
    query_id(q, id_random());
    query_id(q, m->entry);
    query_int(q, 101);
    query_text(q, "n4-s-0001");
    query_text(q, "F4.1");
    query_text(q, "题干");
    query_text(q, "{}");
    query_text(q, "\"答案\"");
    query_int(q, 10000);
    query_int(q, 2000);
    return query_run(q, e);
}

static void make(struct made *m)
{
    struct err e = {0};
    *m = (struct made){.f = entry_fixture_create(0), .script = id_random()};
    m->entry = entry_fixture_submitted(m->f, &m->f->candidate);
    m->who = m->f->registrar_is;
    m->m = (struct marking){.db = m->f->t->db,
                            .arena = m->f->t->arena,
                            .master = m->f->t->master,
                            .programmes = &m->f->set,
                            .actor = &m->who};
    CHECK_OK("script", db_transact(m->f->t->db, put_script, m, &e), &e);
}

static bool mark_as(struct made *m, struct id account, int64_t millimarks, struct err *e)
{
    struct script_vote vote = {m->script, millimarks, NULL};
    m->who.account = account;
    return script_mark(&m->m, &vote, e);
}

static int64_t waiting_for(struct made *m, struct id account)
{
    struct err e = {0};
    struct script_list list;
    m->who.account = account;
    CHECK_OK("list", script_list(&m->m, 10, 0, &list, &e), &e);
    CHECK_INT("total counts what is listed", list.total, list.count);
    return list.total;
}

void scripts_marked_apart_test(void)
{
    struct made m;
    struct id first = id_random(), second = id_random(), third = id_random();
    struct err again = {0}, high = {0}, late = {0}, e = {0};
    make(&m);
    CHECK_REFUSED("more than full marks", mark_as(&m, first, 10001, &high), &high, INVALID,
                  "/millimarks");
    CHECK_OK("first", mark_as(&m, first, 3000, &e), &e);
    CHECK_REFUSED("twice", mark_as(&m, first, 3000, &again), &again, CONFLICT, "/script");
    CHECK_INT("not listed for the first any more", waiting_for(&m, first), 0);
    CHECK_INT("listed for the second", waiting_for(&m, second), 1);
    CHECK_OK("second, far apart", mark_as(&m, second, 9000, &e), &e);
    CHECK_INT("a third is asked for", waiting_for(&m, third), 1);
    CHECK_OK("third", mark_as(&m, third, 8000, &e), &e);
    CHECK_INT("settled", waiting_for(&m, id_random()), 0);
    CHECK("no mark is removed",
          !test_store_script(m.f->t, "DELETE FROM script_mark;", &(struct err){0}));
    CHECK_REFUSED("after it is settled", mark_as(&m, id_random(), 1, &late), &late, CONFLICT,
                  "/script");
    entry_fixture_destroy(m.f);
}

/* Another body's marker sees nothing of it. */
void scripts_stay_in_their_body_test(void)
{
    struct made m;
    struct err e = {0};
    make(&m);
    m.who.body = id_random();
    CHECK_INT("list", waiting_for(&m, id_random()), 0);
    CHECK_REFUSED("mark", mark_as(&m, id_random(), 1000, &e), &e, NOT_FOUND, "script");
    entry_fixture_destroy(m.f);
}

/* A marker fetches what the question shows, and nothing else of the bank. */
void script_shows_its_pictures_test(void)
{
    static const char guide[] =
        "{\"key\":null,\"version\":\"0123456789abcdef0123456789abcdef\",\"pictures\":[{\"id\":"
        "\"p1\","
        "\"sha256\":\"aa\"}],\"media\":[{\"id\":\"a1\",\"sha256\":\"bb\"}]}";
    static const struct {
        const char *what, *guide, *sha256;
        bool shown;
    } cases[] = {{"a picture", guide, "aa", true},
                 {"a sound", guide, "bb", true},
                 {"another file", guide, "cc", false},
                 {"a question without any", "{\"key\":null}", "aa", false},
                 {"no version", "{\"pictures\":[{\"sha256\":\"aa\"}]}", "aa", false}};
    struct made m;
    make(&m);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err e = {0};
        struct script s = {.guide = cases[i].guide};
        struct id version = {{0}};
        bool shown = script_shows(&m.m, &s, cases[i].sha256, &version, &e);
        CHECK_INT(cases[i].what, shown, cases[i].shown);
        CHECK_INT(cases[i].what, e.code, cases[i].shown ? ERR_NONE : ERR_NOT_FOUND);
        CHECK_INT("its version", version.bytes[0] == 0x01, i < 3);
    }
    entry_fixture_destroy(m.f);
}

void script_mark_faults_test(void)
{
    struct made m;
    struct id marker = id_random();
    make(&m);
    for (int nth = 1;; nth = test_next_call(nth)) {
        struct err e = {0};
        db_fail_call(m.f->t->db, nth, false);
        bool ok = mark_as(&m, marker, 5000, &e);
        db_fail_call(m.f->t->db, 0, false);
        CHECK_INT("marked if and only if it said so", waiting_for(&m, marker), !ok);
        CHECK("nothing left open", db_is_idle(m.f->t->db));
        if (ok)
            break;
        CHECK("an end", nth < 50);
    }
    entry_fixture_destroy(m.f);
}
