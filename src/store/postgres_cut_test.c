/* store/postgres_cut_test.c - on PostgreSQL: what is left of a transaction whose session is ended, at
 * random moments and before a statement. */
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include "store/db.h"
#include "store/engine.h"
#include "test/check.h"
#include "test/store.h"

enum { COMMITS = 150, COMMITS_MOST = 2000, CUTS = 8 };

struct cutter {
    struct test_store *t;
    atomic_bool stop;
    atomic_int cuts;
};

/* The last argument: until it has ended, at most so many ms. */
#define CUT_ALL                                                                                \
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"                             \
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"

static void *cut_often(void *arg)
{
    struct cutter *cut = arg;
    while (!cut->stop) {
        struct err e = {0};
        if (test_store_script(cut->t, CUT_ALL, &e))
            cut->cuts++;
        nanosleep(&(struct timespec){0, 1000 * (long)random_below(15000)}, NULL);
    }
    return NULL;
}

static bool put_blob(struct db *db, void *ctx, struct err *e)
{
    return blob_put_row(db, ctx, 1, e);
}

static bool is_there(struct test_store *t, struct id id)
{
    struct err e = {0};
    struct blob b;
    bool found = blob_get(t->db, t->arena, id, &b, &e);
    CHECK("found or not", found || e.code == ERR_NOT_FOUND);
    return found;
}

/* Sessions are cut at random moments, many of them in a commit: whatever a transaction said is so. An
 * insert that ran twice would be a conflict. */
void postgres_cut_connections_test(void)
{
    struct test_store *t = test_store_create();
    if (!test_store_is_postgres(t)) {
        test_store_destroy(t);
        return;
    }
    struct cutter cut = {.t = t};
    struct blob blobs[COMMITS_MOST];
    bool said[COMMITS_MOST];
    pthread_t thread;
    int tried = 0, went_through = 0;
    CHECK("thread", pthread_create(&thread, NULL, cut_often, &cut) == 0);
    for (; tried < COMMITS_MOST && (tried < COMMITS || cut.cuts < CUTS); tried++) {
        struct err e = {0};
        blobs[tried] = (struct blob){
            .id = id_random(), .purpose = "photo", .media_type = "image/jpeg", .size = 1};
        said[tried] = db_transact(t->db, put_blob, &blobs[tried], &e);
        CHECK("no conflict with itself", e.code != ERR_CONFLICT);
    }
    cut.stop = true;
    pthread_join(thread, NULL);
    for (int i = 0; i < tried; i++) {
        CHECK_INT("there if and only if it said so", is_there(t, blobs[i].id), said[i]);
        went_through += said[i];
    }
    print_message("%d cuts, %d of %d transactions went through\n", cut.cuts, went_through,
                  tried);
    CHECK("sessions were cut", cut.cuts > 0);
    CHECK("the program gets over it", went_through > tried / 2);
    test_store_destroy(t);
}

struct cut_work {
    struct test_store *t;
    struct blob blob;
    int cuts_left, calls;
};

/* The session ends under the transaction, before a statement that a session opened anew has not
 * prepared yet: it dies while libpq is in pipeline mode. */
static bool put_blob_when_cut(struct db *db, void *ctx, struct err *e)
{
    struct cut_work *w = ctx;
    w->calls++;
    if (w->cuts_left > 0) {
        struct err why = {0};
        w->cuts_left--;
        CHECK_OK("cut", test_store_script(w->t, CUT_ALL, &why), &why);
    }
    return blob_put_row(db, &w->blob, 1, e);
}

void postgres_cut_before_preparing_test(void)
{
    struct test_store *t = test_store_create();
    test_transactions_alone(true); /* it counts how often a transaction runs */
    for (int cuts = 0; test_store_is_postgres(t) && cuts <= 3; cuts++) {
        struct err e = {0};
        struct cut_work w = {
            t,
            {.id = id_random(), .purpose = "photo", .media_type = "image/jpeg", .size = 1},
            cuts,
            0};
        CHECK_OK("goes through", db_transact(t->db, put_blob_when_cut, &w, &e), &e);
        CHECK_INT("once more for each cut", w.calls, cuts + 1);
        CHECK("and is there", is_there(t, w.blob.id));
    }
    test_transactions_alone(false);
    test_store_destroy(t);
}

/* Ends the first session begun after it that is at a statement with arguments: one that prepares. */
#define CUT_THE_NEXT_THAT_PREPARES                                                             \
    "DO $$ DECLARE since TIMESTAMPTZ := clock_timestamp(); BEGIN FOR i IN 1..20000 LOOP"       \
    " PERFORM pg_stat_clear_snapshot();"                                                       \
    " PERFORM pg_terminate_backend(pid, 5000) FROM pg_stat_activity"                           \
    " WHERE datname = current_database() AND backend_start > since AND query LIKE '%$1%';"     \
    " IF FOUND THEN RETURN; END IF; PERFORM pg_sleep(0.0005); END LOOP;"                       \
    " RAISE EXCEPTION 'nobody prepared'; END $$"

struct one_cut {
    struct test_store *t;
    atomic_bool began, fell;
};

static void *cut_once(void *arg)
{
    struct one_cut *cut = arg;
    struct err e = {0};
    cut->began = true;
    cut->fell = test_store_script(cut->t, CUT_THE_NEXT_THAT_PREPARES, &e);
    return NULL;
}

/* The first preparing of a process in its whole length, as store_open does it. */
extern const struct engine __real_postgres_engine;

void postgres_cut_while_preparing_all_test(void)
{
    struct test_store *t = test_store_create();
    if (!test_store_is_postgres(t)) {
        test_store_destroy(t);
        return;
    }
    const struct engine *engine = &__real_postgres_engine;
    struct one_cut cut = {.t = t};
    struct err e = {0};
    pthread_t thread;
    struct engine_pool *pool = engine->pool_open(store_url(t->store), 2);
    CHECK("thread", pthread_create(&thread, NULL, cut_once, &cut) == 0);
    while (!cut.began)
        continue;
    nanosleep(&(struct timespec){0, 300000000}, NULL); /* its session is there, and looks */
    struct engine_connection *c = engine->join(pool, &e);
    CHECK_OK("a place", c != NULL, &e);
    CHECK_OK("prepares all the same", engine->prepare_all(c, &e), &e);
    pthread_join(thread, NULL);
    CHECK("it was cut", cut.fell);
    engine->close(c);
    engine->pool_close(pool);
    test_store_destroy(t);
}
