/* measure/item_sitting_test.c - what was folded comes back to the last digit, and only while everything it
 * follows from is as it was; a failing store leaves the old figures or the new, never a mixture. */
#include "measure/item_sitting.h"

#include <math.h>
#include <string.h>

#include "base/json.h"
#include "measure/item_history.h"
#include "measure/item_text.h"
#include "store/db.h"
#include "test/check.h"
#include "test/store.h"
#include "test/whole.h"

struct sitting {
    struct test_store *t;
    struct marking m;
    struct id session, batch;
    struct session_items items;
};

static struct session_item *figures(struct arena *a, size_t *count)
{
    struct session_item *it = arena_array(a, struct session_item, 3);
    struct answer_tally *answers = arena_array(a, struct answer_tally, 2);
    answers[0] = (struct answer_tally){"\"B\"", 40, 0.1 + 0.2, true, {1, 2, 3, 4, 30}};
    answers[1] = (struct answer_tally){"null", 20, 1.0 / 3, false, {20, 0, 0, 0, 0}};
    for (size_t i = 0; i < 3; i++)
        it[i] = (struct session_item){.code = i == 1 ? "q-2" : "q-1",
                                      .stem = "“问”",
                                      .area = "B2",
                                      .kind = "single",
                                      .version_id = id_random(),
                                      .part = i == 1 ? -1 : (int64_t)i,
                                      .changed = i == 2,
                                      .full_millimarks = 1000,
                                      .count = 60,
                                      .answered = 40,
                                      .p = 2.0 / 3,
                                      .r = i ? NAN : -0.1,
                                      .curve = {NAN, 0.1, 0.2, 0.3, 1e-17},
                                      .band_count = {12, 12, 12, 12, 12},
                                      .dif = {true, 3.9, 0.048, 1.7, -1.24, 0.3},
                                      .dif_class = 'B',
                                      .answers = answers,
                                      .answer_count = 2,
                                      .findings = FINDING_WEAK | FINDING_RIVAL};
    it[0].key = json_keep(a, json_string("B"));
    *count = 3;
    return it;
}

static bool put_sitting(struct db *db, void *ctx, struct err *e)
{
    const struct sitting *s = ctx;
    struct query *q = db_query(db, SQL_session_put);
    query_id(q, s->session);
    query_id(q, s->t->actor.body);
    query_id(q, s->batch);
    query_text(q, "theory");
    query_text(q, "一场");
    for (int k = 0; k < 5; k++)
        query_int(q, 1);
    query_text(q, "finished");
    for (int k = 0; k < 3; k++)
        query_int(q, 1);
    return query_run(q, e);
}

static bool put_publication(struct db *db, void *ctx, struct err *e)
{
    static const unsigned char digest[HASH_BYTES] = {7};
    const struct sitting *s = ctx;
    struct query *q = db_query(db, SQL_publication_put);
    query_id(q, id_random());
    query_id(q, s->t->actor.body);
    query_id(q, s->batch);
    query_bytes(q, (struct bytes){digest, sizeof digest});
    query_int(q, 1);
    query_int(q, 1);
    query_id(q, id_random());
    query_id(q, id_random());
    query_int(q, 1);
    return query_run(q, e);
}

static bool put_key_change(struct db *db, void *ctx, struct err *e)
{
    const struct sitting *s = ctx;
    struct query *q = db_query(db, SQL_key_change_put);
    query_id(q, s->session);
    query_id(q, id_random());
    query_id(q, s->t->actor.body);
    query_text(q, "q-1");
    query_int(q, -1);
    query_text(q, "credit");
    query_null(q);
    query_text(q, "题干有歧义");
    query_int(q, 60);
    query_int(q, 20);
    query_id(q, id_random());
    query_id(q, id_random());
    query_int(q, 1);
    return query_run(q, e);
}

static void make(struct sitting *s, bool published)
{
    struct err e = {0};
    *s = (struct sitting){
        .t = test_store_create(), .session = id_random(), .batch = id_random()};
    s->m = (struct marking){
        .db = s->t->db, .arena = s->t->arena, .master = s->t->master, .actor = &s->t->actor};
    s->items.at = figures(s->t->arena, &s->items.count);
    CHECK_OK("session", db_transact(s->t->db, put_sitting, s, &e), &e);
    if (published)
        CHECK_OK("published", db_transact(s->t->db, put_publication, s, &e), &e);
}

static struct sitting_stamp stamp_of(const struct sitting *s)
{
    struct sitting_stamp stamp;
    struct err e = {0};
    CHECK_OK("stamp", sitting_stamp(&s->m, s->session, &stamp, &e), &e);
    return stamp;
}

static bool find(const struct sitting *s, const char *code, struct session_item **parts,
                 size_t *count)
{
    struct sitting_stamp stamp = stamp_of(s);
    struct err e = {0};
    bool found;
    CHECK_OK("find",
             item_sitting_find(&s->m, s->session, &stamp, code, parts, count, &found, &e), &e);
    return found;
}

static void same(struct arena *a, const struct session_item *x, const struct session_item *y)
{
    struct bytes one = item_text_write(a, &x, 1), other = item_text_write(a, &y, 1);
    CHECK("to the last digit", one.len == other.len && memcmp(one.at, other.at, one.len) == 0);
    CHECK("curve", isnan(x->curve[0]) && x->curve[4] == y->curve[4]);
    CHECK("p", x->p == y->p && x->answers[0].rest == y->answers[0].rest);
    CHECK("version", id_equal(x->version_id, y->version_id));
}

void item_sitting_folded_test(void)
{
    struct sitting s;
    struct session_item *parts;
    struct err e = {0};
    size_t count;
    make(&s, true);
    CHECK("nothing yet", !find(&s, "q-1", &parts, &count));
    struct sitting_stamp stamp = stamp_of(&s);
    CHECK_OK("folded", item_sitting_put(&s.m, s.session, &stamp, &s.items, &e), &e);
    CHECK("found", find(&s, "q-1", &parts, &count));
    CHECK_INT("both parts", count, 2);
    same(s.t->arena, &parts[0], &s.items.at[0]);
    same(s.t->arena, &parts[1], &s.items.at[2]);
    CHECK_TEXT("with its key", json_string_value(parts[0].key), "B");
    CHECK("the other without", !parts[1].key);
    CHECK("another item", find(&s, "q-2", &parts, &count));
    CHECK_INT("its one part", count, 1);
    CHECK("known to have none", find(&s, "q-9", &parts, &count));
    CHECK_INT("none", count, 0);
    CHECK("no stem in the clear", !test_store_holds(s.t, "“问”"));
    CHECK_OK("a key is changed", db_transact(s.t->db, put_key_change, &s, &e), &e);
    CHECK("what was folded does not count", !find(&s, "q-1", &parts, &count));
    stamp = stamp_of(&s);
    s.items.at[0].credit = true;
    CHECK_OK("folded anew", item_sitting_put(&s.m, s.session, &stamp, &s.items, &e), &e);
    CHECK("found again", find(&s, "q-1", &parts, &count) && parts[0].credit);
    CHECK_OK("published again", db_transact(s.t->db, put_publication, &s, &e), &e);
    CHECK("and anew", !find(&s, "q-1", &parts, &count));
    struct actor other = s.t->actor;
    struct err foreign = {0};
    other.body = id_random();
    s.m.actor = &other;
    CHECK_REFUSED("another body's", sitting_stamp(&s.m, s.session, &stamp, &foreign), &foreign,
                  NOT_FOUND, "session");
    test_store_destroy(s.t);
}

void item_sitting_unpublished_test(void)
{
    struct sitting s;
    struct session_item *parts;
    struct err e = {0};
    size_t count;
    make(&s, false);
    struct sitting_stamp stamp = stamp_of(&s);
    CHECK_OK("nothing to keep", item_sitting_put(&s.m, s.session, &stamp, &s.items, &e), &e);
    CHECK("nothing kept", !find(&s, "q-1", &parts, &count));
    test_store_destroy(s.t);
}

void item_sitting_faults_test(void)
{
    struct sitting s;
    struct session_item *parts;
    struct err e = {0};
    size_t count;
    make(&s, true);
    struct sitting_stamp stamp = stamp_of(&s);
    CHECK_WHOLE("folded", s.t, s.t->db, item_sitting_put(&s.m, s.session, &stamp, &s.items, &e),
                &e);
    CHECK("found", find(&s, "q-2", &parts, &count));
    test_store_destroy(s.t);
}

/* --- an item over its sittings ------------------------------------------------------------------- */
static const struct id item = {{9}};

static bool put_paper(struct db *db, const struct sitting *s, struct id attempt, struct err *e)
{
    static const unsigned char digest[HASH_BYTES] = {3};
    const struct bytes some = {digest, sizeof digest};
    struct id form = id_random();
    struct query *q = db_query(db, SQL_form_put);
    query_id(q, form);
    query_id(q, s->t->actor.body);
    query_text(q, "卷");
    query_text(q, "national-2023");
    query_text(q, "theory");
    query_int(q, 4);
    query_text(q, "");
    query_text(q, "[]");
    query_text(q, "");
    query_int(q, 1);
    query_int(q, 1000);
    query_id(q, id_random());
    query_int(q, 1);
    query_text(q, "");
    if (!query_run(q, e))
        return false;
    q = db_query(db, SQL_form_item_put);
    query_id(q, form);
    query_int(q, 0);
    query_int(q, 0);
    query_id(q, item);
    query_id(q, id_random());
    query_int(q, 1);
    query_text(q, "q-1");
    query_text(q, "B2");
    query_text(q, "B2.1");
    query_int(q, 1000);
    if (!query_run(q, e))
        return false;
    q = db_query(db, SQL_paper_session_put);
    query_id(q, s->session);
    query_id(q, s->t->actor.body);
    query_int(q, 1);
    query_text(q, "一场");
    for (int k = 0; k < 3; k++)
        query_int(q, 60);
    query_bytes(q, some);
    query_bytes(q, some);
    query_int(q, 1);
    if (!query_run(q, e))
        return false;
    q = db_query(db, SQL_paper_put);
    query_id(q, id_random());
    query_id(q, s->session);
    query_int(q, 0);
    query_int(q, 1);
    query_int(q, 1);
    query_id(q, form);
    query_id(q, attempt);
    query_int(q, 0);
    query_int(q, 1);
    query_bytes(q, some);
    query_int(q, 1);
    return query_run(q, e);
}

static bool put_attempt(struct db *db, const struct sitting *s, struct id id, struct err *e)
{
    static const unsigned char index[HASH_BYTES] = {5};
    struct query *q = db_query(db, SQL_attempt_put);
    query_id(q, id);
    query_id(q, s->session);
    query_id(q, id_random());
    query_id(q, id_random());
    query_int(q, 1);
    query_id(q, id_random());
    query_text(q, "20260001");
    query_text(q, "赵一");
    query_bytes(q, (struct bytes){index, sizeof index});
    query_text(q, "0");
    query_text(q, "CN");
    for (int k = 0; k < 5; k++)
        query_null(q);
    return query_run(q, e);
}

struct used {
    const struct sitting *s;
    bool sits;
};

static bool put_used(struct db *db, void *ctx, struct err *e)
{
    const struct used *u = ctx;
    struct id attempt = id_random();
    return put_paper(db, u->s, attempt, e) && (!u->sits || put_attempt(db, u->s, attempt, e));
}

static enum item_figures figures_now(const struct sitting *s)
{
    struct item_history h;
    struct err e = {0};
    CHECK_OK("history", item_history(&s->m, item, "q-1", &h, &e), &e);
    CHECK_INT("one sitting", h.count, 1);
    return h.at[0].figures;
}

/* Looking reads nothing; what was published waits to be read, what may still change is not read at all. */
void item_history_states_test(void)
{
    struct sitting s;
    struct err e = {0};
    make(&s, false);
    CHECK_OK("used", db_transact(s.t->db, put_used, &(struct used){&s, false}, &e), &e);
    CHECK_INT("not published", figures_now(&s), FIGURES_unpublished);
    CHECK_OK("nothing to read", item_history_read(&s.m, item, &e), &e);
    CHECK_INT("still not", figures_now(&s), FIGURES_unpublished);
    CHECK_OK("published", db_transact(s.t->db, put_publication, &s, &e), &e);
    CHECK_INT("unread", figures_now(&s), FIGURES_unread);
    CHECK_WHOLE("read", s.t, s.t->db, item_history_read(&s.m, item, &e), &e);
    CHECK_INT("known", figures_now(&s), FIGURES_known);
    CHECK_OK("a key is changed", db_transact(s.t->db, put_key_change, &s, &e), &e);
    CHECK_INT("to be read again", figures_now(&s), FIGURES_unread);
    test_store_destroy(s.t);
    make(&s, true);
    CHECK_OK("somebody sits", db_transact(s.t->db, put_used, &(struct used){&s, true}, &e), &e);
    CHECK_INT("open", figures_now(&s), FIGURES_open);
    CHECK_OK("left alone", item_history_read(&s.m, item, &e), &e);
    CHECK_INT("open still", figures_now(&s), FIGURES_open);
    test_store_destroy(s.t);
}
