/* archive/retention_test.c - when recordings may go, by hand; and that they stay until two people may. */
#include "archive/retention.h"

#include "base/arena.h"
#include "base/workday.h"
#include "entry/entry_fixture.h"
#include "sitting/recording_key.h"
#include "store/db.h"
#include "test/check.h"

/* 2026-03-02 is a Monday; the next two holidays are in April. */
static int64_t day_ms(const char *day)
{
    date_days d;
    CHECK(day, date_read(day, &d));
    return instant_of(d, 10 * 3600000, CHINA_OFFSET_MS);
}

static date_days day_of(const char *day)
{
    return date_of_instant(day_ms(day), CHINA_OFFSET_MS);
}

void retention_rule_test(void)
{
    struct arena *a = arena_create(1 << 22);
    struct err e = {0};
    const struct workday_calendar *c = workday_calendar_embedded(a, &e);
    const struct retention_facts base = {.published_ms = day_ms("2026-03-02"),
                                         .recheck_days = 5};
    const struct {
        const char *what, *today, *due;
        struct retention_facts f;
        enum retention_bar bar;
    } rows[] = {
        /* five working days after Monday 2 March: Monday 9 March; six months later and a day */
        {"the day before", "2026-09-09", "2026-09-10", base, BAR_EARLY},
        {"the day", "2026-09-10", "2026-09-10", base, BAR_NONE},
        {"nothing published", "2030-01-01", NULL, {0}, BAR_RESULTS},
        {"somebody unpublished",
         "2030-01-01",
         NULL,
         {.published_ms = base.published_ms, .unpublished = 1},
         BAR_RESULTS},
        {"a recheck is open",
         "2030-01-01",
         "2026-09-10",
         {.published_ms = base.published_ms, .recheck_days = 5, .open_rechecks = 1},
         BAR_RECHECK},
        {"a violation is open",
         "2030-01-01",
         "2026-09-10",
         {.published_ms = base.published_ms, .recheck_days = 5, .open_violations = 1},
         BAR_VIOLATION},
        {"answered later than the window",
         "2026-10-01",
         "2026-10-02",
         {.published_ms = base.published_ms,
          .recheck_days = 5,
          .answered_ms = day_ms("2026-04-01")},
         BAR_EARLY},
        {"a year without working days",
         "2050-01-01",
         NULL,
         {.published_ms = day_ms("2040-03-05"), .recheck_days = 5},
         BAR_CALENDAR},
    };
    CHECK_OK("calendar", c != NULL, &e);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        date_days due;
        CHECK_INT(rows[i].what, retention_judge(c, &rows[i].f, day_of(rows[i].today), &due),
                  rows[i].bar);
        CHECK_INT(rows[i].what, due, rows[i].due ? day_of(rows[i].due) : DATE_NONE);
    }
    arena_destroy(a);
}

/* --- kept until it may go ---------------------------------------------------------------------------- */
struct kept {
    struct entry_fixture *f;
    struct id session, entry;
    struct actor who;
    struct retention r;
};

static bool put_delivery(struct db *db, const struct kept *k, struct err *e)
{
    static const unsigned char index[BLIND_INDEX_BYTES];
    struct query *q = db_query(db, SQL_delivery_session_put);
    query_id(q, k->session);
    query_id(q, k->f->registrar_is.body);
    query_text(q, "线上一场");
    for (int i = 0; i < 8; i++)
        query_int(q, 1);
    if (!query_change_one(q, "session", "", e))
        return false;
    q = db_query(db, SQL_attempt_put);
    query_id(q, id_random());
    query_id(q, k->session);
    query_id(q, id_random());
    query_id(q, id_random());
    query_int(q, 1);
    query_id(q, k->entry);
    query_text(q, "1");
    query_text(q, "张三");
    query_bytes(q, (struct bytes){index, sizeof index});
    query_text(q, "I");
    query_text(q, "CN");
    for (int i = 0; i < 5; i++)
        query_null(q);
    return query_change_one(q, "attempt", "", e);
}

static bool put_result(struct db *db, const struct kept *k, struct err *e)
{
    static const unsigned char source[HASH_BYTES];
    struct entry n = entry_fixture_get(k->f, k->entry);
    struct query *q = db_query(db, SQL_result_put);
    query_id(q, k->entry);
    query_text(q, "theory");
    query_int(q, 1);
    query_id(q, k->f->registrar_is.body);
    query_id(q, k->f->batch);
    query_id(q, k->session);
    query_id(q, n.person);
    query_text(q, "national-2023");
    query_int(q, n.level);
    query_text(q, n.direction);
    query_text(q, "marked");
    query_int(q, 70000);
    query_int(q, 100000);
    query_int(q, 60000);
    query_int(q, 1);
    query_text(q, "[]");
    query_bytes(q, (struct bytes){source, sizeof source});
    query_null(q);
    query_int(q, 1);
    return query_run(q, e);
}

static bool put_all(struct db *db, void *ctx, struct err *e)
{
    return put_delivery(db, ctx, e) && put_result(db, ctx, e);
}

static void make(struct kept *k, const char *today)
{
    struct err e = {0};
    struct recording_key key;
    *k = (struct kept){.f = entry_fixture_create(0), .session = id_random()};
    struct test_store *t = k->f->t;
    k->entry = entry_fixture_submitted(k->f, &k->f->candidate);
    k->who = k->f->registrar_is;
    k->who.now_ms = day_ms(today);
    k->who.second = id_random();
    k->r = (struct retention){t->db, t->arena, workday_calendar_embedded(t->arena, &e),
                              &k->who};
    CHECK_OK("calendar", k->r.calendar != NULL, &e);
    CHECK_OK("a session", db_transact(t->db, put_all, k, &e), &e);
    CHECK_OK("recorded", recording_key_ensure(t->db, &k->who, t->master, k->session, &key, &e),
             &e);
}

static bool destroy(struct db *db, void *ctx, struct err *e)
{
    struct kept *k = ctx;
    (void)db;
    return retention_destroy(&k->r, k->session, "保存期满", e);
}

static bool is_there(struct kept *k)
{
    struct recording_key key;
    struct err e = {0};
    struct test_store *t = k->f->t;
    return recording_key_get(t->db, t->arena, t->master, k->session, &key, &e);
}

void retention_destroyed_test(void)
{
    struct kept k;
    struct err none = {0}, early = {0}, foreign = {0}, word = {0}, twice = {0}, e = {0};
    struct recording_list list;
    make(&k, "2027-06-01");
    struct test_store *t = k.f->t;
    CHECK_REFUSED("not published", db_transact(t->db, destroy, &k, &none), &none, RULE,
                  "/recording");
    CHECK_OK(
        "published",
        test_store_script(t, "UPDATE component_result SET published_ms = 1772416800000;", &e),
        &e);
    k.who.now_ms = day_ms("2026-04-01");
    CHECK_REFUSED("early", db_transact(t->db, destroy, &k, &early), &early, RULE, "/recording");
    k.who.now_ms = day_ms("2027-06-01");
    struct actor other = k.who;
    other.body = id_random();
    k.r.who = &other;
    CHECK_REFUSED("another body", db_transact(t->db, destroy, &k, &foreign), &foreign,
                  NOT_FOUND, "session");
    k.r.who = &k.who;
    CHECK("a reason", !retention_destroy(&k.r, k.session, "x", &word) &&
                          word.code == ERR_INVALID && is_there(&k));
    CHECK_OK("list", retention_list(&k.r, &list, &e), &e);
    CHECK_INT("one", list.count, 1);
    CHECK_INT("due", list.at[0].bar, BAR_NONE);
    for (int nth = 1;; nth = test_next_call(nth)) {
        struct err fault = {0};
        db_fail_call(t->db, nth, false);
        bool ok = db_transact(t->db, destroy, &k, &fault);
        db_fail_call(t->db, 0, false);
        CHECK("nothing left open", db_is_idle(t->db));
        CHECK_INT("opens until it is destroyed", is_there(&k), !ok);
        if (ok)
            break;
        CHECK("ends", nth < 60);
    }
    CHECK_REFUSED("once", db_transact(t->db, destroy, &k, &twice), &twice, RULE, "/recording");
    CHECK_OK("list", retention_list(&k.r, &list, &e), &e);
    CHECK_INT("gone", list.at[0].bar, BAR_DESTROYED);
    entry_fixture_destroy(k.f);
}
