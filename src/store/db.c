/* store/db.c - queries and transactions over whichever engine the store has. */
#include "store/db.h"

#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "store/engine.h"

enum { TRIES_MAX = 20, QUERIES_MAX = 8, CONNECTIONS = 10, PAUSE_MOST_MS = 200 };

struct store {
    const struct engine *engine;
    struct engine_pool *pool;
    char *url;
    pthread_mutex_t writers;
};

struct query {
    struct db *db;
    struct engine_statement *statement;
    int bound;
    bool has_row;
};

struct db {
    struct store *store;
    struct engine_connection *connection;
    struct query queries[QUERIES_MAX]; /* begun and not done; a handful may nest */
    bool in_transaction;
    bool apart; /* its transactions do not queue with the process's others */
    int64_t commits;
    int fail_in;
    bool fail_forever, fault_fired;
};

const struct engine *engine_of(const char *url)
{
    return store_url_is_postgres(url) ? &postgres_engine : &sqlite_engine;
}

static bool migrate(struct store *s, struct err *e)
{
    struct engine_connection *c = s->engine->open(s->url, e);
    bool ok = c && s->engine->hold(c, "schema", HOLD_PATIENTLY, e) &&
              store_migrate(s->engine, c, e);
    if (c)
        s->engine->close(c);
    return ok;
}

static bool prepare_all(struct store *s, struct err *e)
{
    struct engine_connection *c = s->engine->join(s->pool, e);
    bool ok = c && s->engine->prepare_all(c, e);
    if (c)
        s->engine->close(c);
    return ok;
}

struct store *store_open_with(const char *url, int64_t connections, struct err *e)
{
    struct store *s = calloc(1, sizeof *s);
    if (!s)
        abort();
    s->engine = engine_of(url);
    s->url = strdup(url);
    s->pool = s->engine->pool_open(url, connections > 0 ? (size_t)connections : CONNECTIONS);
    pthread_mutex_init(&s->writers, NULL);
    if (migrate(s, e) && prepare_all(s, e))
        return s;
    store_close(s);
    return NULL;
}

struct store *store_open(const char *url, struct err *e)
{
    return store_open_with(url, 0, e);
}

void store_close(struct store *s)
{
    if (!s)
        return;
    s->engine->pool_close(s->pool);
    pthread_mutex_destroy(&s->writers);
    free(s->url);
    free(s);
}

const char *store_url(const struct store *s)
{
    return s->url;
}

bool db_checkpoint(struct db *db, struct err *e)
{
    return db->store->engine->checkpoint(db->connection, e);
}

bool db_settle(struct db *db, struct err *e)
{
    const struct engine *engine = db->store->engine;
    return !engine->settle || engine->settle(db->connection, e);
}

bool db_compact(struct db *db, struct err *e)
{
    const struct engine *engine = db->store->engine;
    return !engine->compact || engine->compact(db->connection, e);
}

struct db *db_open(struct store *s, struct err *e)
{
    struct db *db = calloc(1, sizeof *db);
    if (!db)
        abort();
    db->store = s;
    db->connection = s->engine->join(s->pool, e);
    if (db->connection)
        return db;
    free(db);
    return NULL;
}

void db_close(struct db *db)
{
    if (!db)
        return;
    db->store->engine->close(db->connection);
    free(db);
}

void say_held(const char *what, int64_t patience_ms)
{
    fprintf(stderr,
            "衡：另一个进程还占着这些数据（%s）；若它刚被终止，稍候即可，最多等 %d 秒……\n",
            what, (int)(patience_ms / 1000));
}

bool db_hold(struct db *db, const char *what, int64_t patience_ms, struct err *e)
{
    if (!db->store->engine->hold(db->connection, what, patience_ms, e))
        return false;
    db->apart = db->store->engine->many_writers;
    return true;
}

struct store *db_store(struct db *db)
{
    return db->store;
}

void db_fail_call(struct db *db, int nth, bool forever)
{
    db->fail_in = nth;
    db->fail_forever = forever;
    db->fault_fired = false;
}

bool db_fault_fired(const struct db *db)
{
    return db->fault_fired;
}

/* True if this call is the one that the test wants to fail. */
static bool fault(struct db *db, struct err *e)
{
    if (db->fault_fired && db->fail_forever)
        return !FAIL(e, STORE, "store", "注入的故障。");
    if (db->fail_in == 0 || --db->fail_in > 0)
        return false;
    db->fault_fired = true;
    return !FAIL(e, STORE, "store", "注入的故障。");
}

struct query *db_query(struct db *db, enum sql which)
{
    for (int i = 0; i < QUERIES_MAX; i++) {
        struct query *q = &db->queries[i];
        if (q->statement)
            continue;
        *q = (struct query){.db = db};
        q->statement = db->store->engine->start(db->connection, which, db->in_transaction);
        for (int k = 0; k < QUERIES_MAX; k++)
            assert((k == i || db->queries[k].statement != q->statement) &&
                   "a statement inside its own loop");
        return q;
    }
    assert(0 && "too many queries begun at once");
    return NULL;
}

void query_int(struct query *q, int64_t v)
{
    q->db->store->engine->bind_int(q->statement, ++q->bound, v);
}

void query_null(struct query *q)
{
    q->db->store->engine->bind_null(q->statement, ++q->bound);
}

void query_text(struct query *q, const char *v)
{
    if (v)
        q->db->store->engine->bind_text(q->statement, ++q->bound, v);
    else
        query_null(q);
}

void query_bytes(struct query *q, struct bytes v)
{
    if (v.at)
        q->db->store->engine->bind_bytes(q->statement, ++q->bound, v);
    else
        query_null(q);
}

void query_id(struct query *q, struct id v)
{
    if (id_is_zero(v))
        query_null(q);
    else
        query_bytes(q, (struct bytes){v.bytes, ID_BYTES});
}

void query_done(struct query *q)
{
    q->db->store->engine->finish(q->statement);
    q->statement = NULL;
}

static enum engine_step step(struct query *q, struct err *e)
{
    if (fault(q->db, e))
        return STEP_FAILED;
    return q->db->store->engine->step(q->statement, e);
}

bool query_next(struct query *q, struct err *e)
{
    if (step(q, e) == STEP_ROW)
        return true;
    query_done(q);
    return false;
}

bool query_maybe(struct query *q, bool *found, struct err *e)
{
    enum engine_step s = step(q, e);
    *found = s == STEP_ROW;
    if (s != STEP_ROW)
        query_done(q);
    return s == STEP_ROW || s == STEP_DONE;
}

bool query_one(struct query *q, const char *what, struct err *e)
{
    bool found;
    return query_maybe(q, &found, e) && (found || FAIL(e, NOT_FOUND, what, "没有找到。"));
}

bool query_change(struct query *q, int64_t *rows, struct err *e)
{
    assert(q->db->in_transaction);
    bool ok = step(q, e) == STEP_DONE;
    *rows = ok ? q->db->store->engine->changed(q->statement) : 0;
    query_done(q);
    return ok;
}

bool query_change_one(struct query *q, const char *field, const char *sentence, struct err *e)
{
    int64_t rows;
    return query_change(q, &rows, e) && (rows == 1 || FAIL(e, CONFLICT, field, "%s", sentence));
}

bool query_run(struct query *q, struct err *e)
{
    int64_t rows;
    return query_change(q, &rows, e);
}

bool query_row(struct query *q, struct err *e)
{
    assert(q->db->in_transaction);
    bool ok = !fault(q->db, e) && q->db->store->engine->next_row(q->statement, e);
    q->bound = 0;
    if (!ok)
        query_done(q);
    return ok;
}

bool query_rows_run(struct query *q, struct err *e)
{
    bool ok = q->db->store->engine->end_rows(q->statement, e);
    query_done(q);
    return ok;
}

bool query_is_null(const struct query *q, int column)
{
    return q->db->store->engine->is_null(q->statement, column);
}

int64_t query_get_int(const struct query *q, int column)
{
    return q->db->store->engine->get_int(q->statement, column);
}

const char *query_get_text(const struct query *q, int column, struct arena *a)
{
    if (query_is_null(q, column))
        return NULL;
    struct bytes b = q->db->store->engine->get_bytes(q->statement, column);
    return arena_copy(a, b.at, b.len);
}

struct bytes query_get_bytes(const struct query *q, int column, struct arena *a)
{
    if (query_is_null(q, column))
        return (struct bytes){NULL, 0};
    struct bytes b = q->db->store->engine->get_bytes(q->statement, column);
    return (struct bytes){arena_copy(a, b.at, b.len), b.len};
}

struct id query_get_id(const struct query *q, int column)
{
    struct id id = {{0}};
    struct bytes b = q->db->store->engine->get_bytes(q->statement, column);
    if (b.len == ID_BYTES)
        memcpy(id.bytes, b.at, ID_BYTES);
    return id;
}

bool db_in_transaction(const struct db *db)
{
    return db->in_transaction;
}

bool db_is_idle(const struct db *db)
{
    for (int i = 0; i < QUERIES_MAX; i++)
        if (db->queries[i].statement)
            return false;
    return !db->in_transaction;
}

/* Queries that a failing WORK left begun. */
static void drop_queries(struct db *db)
{
    for (int i = 0; i < QUERIES_MAX; i++)
        if (db->queries[i].statement)
            query_done(&db->queries[i]);
}

static enum engine_step try_once(struct db *db, bool (*work)(struct db *, void *, struct err *),
                                 void *ctx, struct err *e)
{
    const struct engine *engine = db->store->engine;
    if (fault(db, e))
        return STEP_FAILED;
    enum engine_step s = engine->begin(db->connection, e);
    if (s != STEP_DONE)
        return s;
    db->in_transaction = true;
    bool ok = work(db, ctx, e);
    assert((!ok || e->code == ERR_NONE) && "work said yes with an error set");
    drop_queries(db);
    s = ok && !fault(db, e) ? engine->commit(db->connection, e) : STEP_FAILED;
    if (s != STEP_DONE)
        engine->rollback(db->connection);
    if (!ok && engine->again(db->connection))
        s = STEP_AGAIN;
    db->in_transaction = false;
    return s;
}

/* Two that stand in each other's way do not meet again at once. */
static void pause_before(int nth)
{
    uint32_t most_us = nth < 8 ? 1000U << nth : PAUSE_MOST_MS * 1000U;
    struct timespec t = {0, (long)random_below(most_us) * 1000};
    nanosleep(&t, NULL);
}

static enum engine_step try_often(struct db *db,
                                  bool (*work)(struct db *, void *, struct err *), void *ctx,
                                  struct err *e)
{
    enum engine_step s = STEP_AGAIN;
    struct err before = *e;
    for (int i = 0; i < TRIES_MAX && s == STEP_AGAIN; i++) {
        if (i)
            pause_before(i);
        *e = before;
        s = try_once(db, work, ctx, e);
    }
    if (s == STEP_AGAIN) {
        *e = before;
        FAIL(e, STORE, "store", "数据库正忙，请稍后再试。");
    }
    return s;
}

bool db_transact(struct db *db, bool (*work)(struct db *, void *, struct err *), void *ctx,
                 struct err *e)
{
    assert(!db->in_transaction && "a transaction inside a transaction");
    if (!db->apart)
        pthread_mutex_lock(&db->store->writers);
    enum engine_step s = try_often(db, work, ctx, e);
    if (!db->apart)
        pthread_mutex_unlock(&db->store->writers);
    db->commits += s == STEP_DONE;
    return s == STEP_DONE;
}

int64_t db_commits(const struct db *db)
{
    return db->commits;
}
