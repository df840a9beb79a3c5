/* store/work_test.c - a computation is asked for once, taken by the server that was asked, and ends in one way. */
#include "store/work.h"

#include "base/arena.h"
#include "store/db.h"
#include "test/check.h"
#include "test/store.h"
#include "test/whole.h"

static const struct id NONE;

static bool put_account(struct db *db, void *ctx, struct err *e)
{
    const struct test_store *t = ctx;
    struct query *q = db_query(db, SQL_account_put);
    query_id(q, t->actor.account);
    query_id(q, t->actor.body);
    query_bytes(q, (struct bytes){(const unsigned char *)"i", 1});
    query_text(q, "reviewer");
    query_text(q, "审题员");
    query_text(q, "-");
    query_int(q, 1);
    query_null(q);
    query_int(q, 0);
    query_null(q);
    return query_run(q, e);
}

static struct test_store *desk(void)
{
    struct test_store *t = test_store_create();
    struct err e = {0};
    t->actor.role = 5;
    CHECK_OK("account", db_transact(t->db, put_account, t, &e), &e);
    return t;
}

static struct id asked(struct test_store *t, const char *argument, struct id process)
{
    const struct work_order o = {"calibrate", argument, NONE, process};
    struct err e = {0};
    struct id id;
    CHECK_OK("asked", work_ask(t->db, &t->actor, &o, &id, &e), &e);
    return id;
}

static struct work_row look(struct test_store *t, struct id id)
{
    struct work_row row;
    struct err e = {0};
    CHECK_OK("row", work_get(t->db, t->arena, t->actor.body, id, &row, &e), &e);
    return row;
}

static bool taken(struct test_store *t, struct id process, struct work_taken *out)
{
    struct err e = {0};
    bool found;
    CHECK_OK("take", work_take(t->db, t->arena, process, t->actor.now_ms + 1, out, &found, &e),
             &e);
    return found;
}

void work_life_test(void)
{
    struct test_store *t = desk();
    struct id process = id_random(), other = id_random();
    struct id first = asked(t, "{\"model\":\"rasch\"}", process);
    struct id second = asked(t, "{\"model\":\"2pl\"}", process);
    const struct work_order same = {"calibrate", "{\"model\":\"rasch\"}", NONE, process};
    struct err e = {0}, twice = {0}, over = {0}, foreign = {0};
    struct work_taken w;
    struct id id;
    bool cancelled;
    CHECK_REFUSED("the same", work_ask(t->db, &t->actor, &same, &id, &twice), &twice, CONFLICT,
                  "/work");
    CHECK("not another server's", !taken(t, other, &w));
    CHECK("taken", taken(t, process, &w));
    CHECK("the first that was asked for", id_equal(w.id, first) || id_equal(w.id, second));
    first = w.id;
    CHECK("as who asked", id_equal(w.who.account, t->actor.account) && w.who.role == 5);
    CHECK_TEXT("running", look(t, first).state, "running");
    const struct work_word word = {"read", 7, 100, t->actor.now_ms + 2};
    CHECK_OK("told", work_tell(t->db, first, &word, &cancelled, &e), &e);
    CHECK("nobody minds", !cancelled);
    CHECK_INT("how far", look(t, first).done, 7);
    CHECK_OK("stop it", work_cancel(t->db, &t->actor, first, &e), &e);
    CHECK("still running", look(t, first).cancelling);
    CHECK_TEXT("until it looks", look(t, first).state, "running");
    CHECK_OK("told", work_tell(t->db, first, &word, &cancelled, &e), &e);
    CHECK("now it knows", cancelled);
    const struct work_end end = {"cancelled", "", "已停止。", NONE, t->actor.now_ms + 3};
    CHECK_OK("ended", work_end(t->db, first, &end, &e), &e);
    CHECK_TEXT("cancelled", look(t, first).state, "cancelled");
    CHECK_REFUSED("over", work_cancel(t->db, &t->actor, first, &over), &over, CONFLICT,
                  "/work");
    struct work_row *rows;
    size_t count;
    CHECK_OK("list",
             work_list(t->db, t->arena, t->actor.body, "calibrate", NONE, &rows, &count, &e),
             &e);
    CHECK_INT("both", count, 2);
    CHECK_TEXT("by whom", rows[0].account, "审题员");
    CHECK_OK("of another kind",
             work_list(t->db, t->arena, t->actor.body, "panel_round", NONE, &rows, &count, &e),
             &e);
    CHECK_INT("none", count, 0);
    t->actor.body = id_random();
    CHECK_REFUSED("another body's", work_cancel(t->db, &t->actor, second, &foreign), &foreign,
                  NOT_FOUND, "work");
    test_store_destroy(t);
}

/* A server that is gone left one running and one waiting; both say so, ours goes on. */
void work_left_behind_test(void)
{
    struct test_store *t = desk();
    struct id gone = id_random(), here = id_random();
    struct id running = asked(t, "{\"n\":1}", gone), waiting = asked(t, "{\"n\":2}", gone);
    struct id ours = asked(t, "{\"n\":3}", here);
    struct err e = {0};
    struct work_taken w;
    CHECK("taken", taken(t, gone, &w));
    CHECK_OK("too early", work_interrupt(t->db, here, t->actor.now_ms, t->actor.now_ms + 5, &e),
             &e);
    CHECK_TEXT("it may live", look(t, w.id).state, "running");
    CHECK_OK("silent", work_interrupt(t->db, here, INT64_MAX, t->actor.now_ms + 9, &e), &e);
    CHECK_TEXT("one", look(t, running).state, "interrupted");
    CHECK_TEXT("the other", look(t, waiting).state, "interrupted");
    CHECK("with a sentence", strstr(look(t, waiting).sentence, "可以重新开始"));
    CHECK_TEXT("ours", look(t, ours).state, "waiting");
    CHECK("asked for again", !id_equal(asked(t, "{\"n\":1}", here), running));
    test_store_destroy(t);
}

/* A server that has nothing to do looks every few seconds for years: it takes no writer's turn. */
void work_idle_writes_nothing_test(void)
{
    struct test_store *t = desk();
    struct id here = id_random(), gone = id_random();
    struct work_taken w;
    struct err e = {0};
    int64_t before = db_commits(t->db);
    CHECK("an empty table", !taken(t, here, &w));
    CHECK_OK("nobody left any", work_interrupt(t->db, here, INT64_MAX, 9, &e), &e);
    CHECK_INT("only read", db_commits(t->db), before);
    asked(t, "{\"n\":1}", gone);
    before = db_commits(t->db);
    CHECK("another server's", !taken(t, here, &w));
    CHECK_OK("which lives", work_interrupt(t->db, here, t->actor.now_ms, 9, &e), &e);
    CHECK_INT("only read", db_commits(t->db), before);
    CHECK_OK("which is gone", work_interrupt(t->db, here, INT64_MAX, 9, &e), &e);
    CHECK_INT("written once", db_commits(t->db), before + 1);
    test_store_destroy(t);
}

void work_faults_test(void)
{
    struct test_store *t = desk();
    struct id process = id_random(), id = {{0}};
    const struct work_order o = {"calibrate", "{}", NONE, process};
    struct err e = {0};
    CHECK_WHOLE("work_ask", t, t->db, work_ask(t->db, &t->actor, &o, &id, &e), &e);
    CHECK_TEXT("asked", look(t, id).state, "waiting");
    CHECK_WHOLE("work_cancel", t, t->db, work_cancel(t->db, &t->actor, id, &e), &e);
    CHECK_TEXT("over at once", look(t, id).state, "cancelled");
    test_store_destroy(t);
}
