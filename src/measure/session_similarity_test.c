/* measure/session_similarity_test.c - a pair is decided once, by a person, with a reason; every failed
 * call leaves it decided or not. */
#include "measure/session_similarity.h"

#include "base/arena.h"
#include "store/db.h"
#include "test/check.h"
#include "test/store.h"
#include "test/whole.h"

enum { PEOPLE = 3 };

struct room {
    struct test_store *t;
    struct marking m;
    struct id session, room, attempts[PEOPLE]; /* the last has not handed in */
};

static bool put_attempt(struct db *db, const struct room *r, size_t i, struct err *e)
{
    static const char *const tickets[] = {"1", "2", "3"};
    static const unsigned char index[BLIND_INDEX_BYTES];
    struct query *q = db_query(db, SQL_attempt_put);
    query_id(q, r->attempts[i]);
    query_id(q, r->session);
    query_id(q, r->room);
    query_id(q, id_random());
    query_int(q, (int64_t)i + 1);
    query_id(q, id_random());
    query_text(q, tickets[i]);
    query_text(q, "张三");
    query_bytes(q, (struct bytes){index, sizeof index});
    query_text(q, "I");
    query_text(q, "CN");
    for (int k = 0; k < 5; k++)
        query_null(q);
    if (!query_change_one(q, "attempt", "", e) || i == PEOPLE - 1)
        return e->code == ERR_NONE;
    q = db_query(db, SQL_attempt_closed);
    query_id(q, r->session);
    query_id(q, r->attempts[i]);
    query_int(q, 1);
    query_text(q, "forced");
    query_int(q, 0);
    return query_change_one(q, "attempt", "", e);
}

static bool put_room(struct db *db, void *ctx, struct err *e)
{
    const struct room *r = ctx;
    struct query *q = db_query(db, SQL_delivery_session_put);
    query_id(q, r->session);
    query_id(q, r->t->actor.body);
    query_text(q, "一场");
    for (int k = 0; k < 8; k++)
        query_int(q, 1);
    if (!query_change_one(q, "session", "", e))
        return false;
    for (size_t i = 0; i < PEOPLE; i++)
        if (!put_attempt(db, r, i, e))
            return false;
    return true;
}

static void make(struct room *r)
{
    struct err e = {0};
    *r = (struct room){.t = test_store_create(), .session = id_random(), .room = id_random()};
    r->m = (struct marking){
        .db = r->t->db, .arena = r->t->arena, .master = r->t->master, .actor = &r->t->actor};
    for (size_t i = 0; i < PEOPLE; i++)
        r->attempts[i] = id_random();
    CHECK_OK("room", db_transact(r->t->db, put_room, r, &e), &e);
}

static bool decide(struct room *r, size_t first, size_t second, const char *verdict,
                   const char *reason, struct err *e)
{
    const struct similarity_decision in = {r->session, r->attempts[first], r->attempts[second],
                                           verdict, reason};
    return similarity_decide(&r->m, &in, e);
}

void similarity_decided_once_test(void)
{
    struct room r;
    struct err word = {0}, reason = {0}, self = {0}, open = {0}, foreign = {0}, twice = {0};
    struct err e = {0};
    make(&r);
    CHECK_REFUSED("no such word", decide(&r, 0, 1, "guilty", "同桌", &word), &word, INVALID,
                  "/verdict");
    CHECK_REFUSED("no reason", decide(&r, 0, 1, "harmless", "x", &reason), &reason, INVALID,
                  "/reason");
    CHECK_REFUSED("with oneself", decide(&r, 0, 0, "harmless", "同桌", &self), &self, NOT_FOUND,
                  "/first");
    CHECK_REFUSED("still open", decide(&r, 0, PEOPLE - 1, "harmless", "同桌", &open), &open,
                  NOT_FOUND, "/first");
    struct actor other = r.t->actor;
    other.body = id_random();
    r.m.actor = &other;
    CHECK_REFUSED("another body's", decide(&r, 0, 1, "harmless", "同桌", &foreign), &foreign,
                  NOT_FOUND, "/first");
    r.m.actor = &r.t->actor;
    CHECK_OK("decided", decide(&r, 0, 1, "violation", "同一组错答，见录像", &e), &e);
    CHECK_REFUSED("the other way round", decide(&r, 1, 0, "harmless", "改判", &twice), &twice,
                  CONFLICT, "/first");
    test_store_destroy(r.t);
}

void similarity_decided_faults_test(void)
{
    struct room r;
    struct err e = {0}, again = {0}, none = {0};
    make(&r);
    CHECK_WHOLE("decided", r.t, r.t->db,
                decide(&r, 0, 1, "harmless", "两人各自复习同一讲义", &e), &e);
    CHECK_REFUSED("it stands", decide(&r, 0, 1, "harmless", "再判", &again), &again, CONFLICT,
                  "/first");
    struct query *q = db_query(r.t->db, SQL_similarity_review_list);
    query_id(q, r.session);
    CHECK_OK("one row", query_one(q, "review", &none), &none);
    query_done(q);
    test_store_destroy(r.t);
}
