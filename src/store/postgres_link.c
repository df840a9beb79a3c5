/* store/postgres_link.c - the pool of links: opened, lent, prepared, opened again when lost. */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/log.h"
#include "store/postgres_in.h"

enum { PREPARE_AT_ONCE = 32, PAUSE_FIRST_MS = 20, PAUSE_MOST_MS = 500, SLOT_WAIT_MS = 30000 };

static const char *sqlstate_of(const PGresult *r)
{
    const char *state = r ? PQresultErrorField(r, PG_DIAG_SQLSTATE) : NULL;
    return state ? state : "";
}

enum pg_outcome pg_outcome_of(const struct pg_link *link, const PGresult *r)
{
    ExecStatusType status = r ? PQresultStatus(r) : PGRES_FATAL_ERROR;
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK)
        return PG_FINE;
    const char *state = sqlstate_of(r);
    /* 57P: shut down, crashed, not ready; 53300: full; 25006: it has become a standby. */
    if (!link->at || PQstatus(link->at) != CONNECTION_OK || strncmp(state, "57P", 3) == 0 ||
        strncmp(state, "08", 2) == 0 || strcmp(state, "53300") == 0 ||
        strcmp(state, "25006") == 0)
        return PG_LOST;
    /* 40: not serialisable, deadlock; 55P03: a lock did not come in time. */
    if (strncmp(state, "40", 2) == 0 || strcmp(state, "55P03") == 0)
        return PG_AGAIN;
    return PG_REFUSED;
}

bool pg_fail(const struct pg_link *link, const PGresult *r, struct err *e)
{
    const char *state = sqlstate_of(r);
    const char *said = r ? PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    if (pg_outcome_of(link, r) == PG_LOST)
        return FAIL(e, STORE, "store", "数据库暂时连不上，请稍后再试。");
    if (strncmp(state, "23", 2) == 0)
        return FAIL(e, CONFLICT, "store", "与已有的记录冲突。");
    bool refused = strcmp(state, "P0001") == 0 || strcmp(state, "42501") == 0;
    /* Into the log goes only what cannot hold a value of a row. */
    if (refused || strncmp(state, "42", 2) == 0)
        fprintf(stderr, "heng: postgres %s: %s\n", state, said ? said : "?");
    if (refused)
        return FAIL(e, STORE, "store", REFUSED_FOR_GOOD);
    return FAIL(e, STORE, "store", "数据库出错（SQLSTATE %s）。", state);
}

PGresult *link_run(struct pg_link *link, const char *sql)
{
    return link->at ? PQexec(link->at, sql) : NULL;
}

static void say_nothing(void *arg, const PGresult *r)
{
    (void)arg;
    (void)r;
}

/* What the URL says goes first: libpq takes the last of a keyword. */
static PGconn *connect_once(const char *url)
{
    static const char *const words[] = {"application_name", "client_encoding",
                                        "connect_timeout",  "target_session_attrs",
                                        "keepalives_idle",  "keepalives_interval",
                                        "keepalives_count", "tcp_user_timeout",
                                        "dbname",           NULL};
    const char *const values[] = {"heng", "UTF8", "5",     "read-write", "5",
                                  "2",    "3",    "10000", url,          NULL};
    PGconn *at = PQconnectdbParams(words, values, 1);
    if (at)
        PQsetNoticeReceiver(at, say_nothing, NULL);
    return at;
}

static bool run_fine(struct pg_link *link, const char *sql, struct err *e)
{
    PGresult *r = link_run(link, sql);
    bool ok = pg_outcome_of(link, r) == PG_FINE || pg_fail(link, r, e);
    PQclear(r);
    return ok;
}

/* A link keeps a lock of its own name. When it is opened anew, waiting for that lock is waiting for
 * the end of the session before it: only then is it settled what that session had committed. */
static bool take_slot(struct pg_link *link, struct err *e)
{
    char sql[160];
    snprintf(sql, sizeof sql,
             "SET lock_timeout = %d; SELECT pg_advisory_lock(%" PRId64 ");"
             "SET lock_timeout = 0",
             SLOT_WAIT_MS, link->slot);
    return run_fine(link, sql, e);
}

/* Writes happen in transactions only, which say so; a commit is answered when it is durable. */
static bool set_up(struct engine_connection *c, struct pg_link *link, struct err *e)
{
    return run_fine(link,
                    "SELECT set_config('synchronous_commit', 'on', false)"
                    " WHERE current_setting('synchronous_commit') IN ('off', 'local',"
                    " 'remote_write'); SET bytea_output = hex",
                    e) &&
           (c->pool->raw || (run_fine(link, "SET default_transaction_read_only = on", e) &&
                             take_slot(link, e)));
}

/* Waits on the server, which gives it the moment the other session ends. */
static bool await_held(struct engine_connection *c, struct pg_link *link, bool *got,
                       struct err *e)
{
    char sql[200];
    say_held(c->held, c->hold_ms);
    snprintf(sql, sizeof sql,
             "SET lock_timeout = %" PRId64
             "; SELECT pg_advisory_lock(hashtextextended('heng %s', 0));"
             "SET lock_timeout = 0",
             c->hold_ms, c->held);
    PGresult *r = link_run(link, sql);
    enum pg_outcome outcome = pg_outcome_of(link, r);
    *got = outcome == PG_FINE;
    bool ok = outcome == PG_FINE || outcome == PG_AGAIN || pg_fail(link, r, e);
    PQclear(r);
    return ok;
}

/* The lock `hold` took goes with the session and is taken again before anything else. */
static bool take_held(struct engine_connection *c, struct pg_link *link, struct err *e)
{
    char sql[120];
    if (!c->held)
        return true;
    snprintf(sql, sizeof sql, "SELECT pg_try_advisory_lock(hashtextextended('heng %s', 0))",
             c->held);
    PGresult *r = link_run(link, sql);
    bool ok = pg_outcome_of(link, r) == PG_FINE || pg_fail(link, r, e);
    bool got = ok && strcmp(PQgetvalue(r, 0, 0), "t") == 0;
    PQclear(r);
    if (ok && !got && c->hold_ms > 0)
        ok = await_held(c, link, &got, e);
    return ok && (got || FAIL(e, CONFLICT, "store", HELD_BY_ANOTHER, c->held));
}

static void rest(int64_t ms)
{
    struct timespec t = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&t, NULL);
}

/* What waiting does not mend: a wrong password, a database that is not there. */
static bool is_hopeless(PGconn *at)
{
    return at && PQstatus(at) != CONNECTION_OK &&
           (PQconnectionNeedsPassword(at) || PQconnectionUsedPassword(at)) &&
           strstr(PQerrorMessage(at), "28P01");
}

bool link_open(struct engine_connection *c, struct pg_link *link, struct err *e)
{
    int64_t until = clock_boot_ms() + c->patience_ms, pause = PAUSE_FIRST_MS;
    if (link->at)
        LOG_LINE(LOG_US, "store_connection_lost", LOG_ITEM_WORD(at, "postgres"));
    for (;;) {
        struct err why = {0};
        PQfinish(link->at);
        memset(link->prepared, 0, sizeof link->prepared);
        link->at = connect_once(c->pool->url);
        bool connected = link->at && PQstatus(link->at) == CONNECTION_OK;
        if (connected && set_up(c, link, &why) && take_held(c, link, &why))
            return true;
        if (!connected)
            FAIL(&why, STORE, "store", "连不上数据库，请检查地址、账号和网络；详见日志。");
        bool over = clock_boot_ms() >= until || why.code == ERR_CONFLICT ||
                    is_hopeless(link->at);
        if (over && !connected)
            fprintf(stderr, "heng: postgres: %s", link->at ? PQerrorMessage(link->at) : "?\n");
        PQfinish(link->at);
        link->at = NULL;
        if (over) {
            if (e->code == ERR_NONE)
                *e = why;
            return false;
        }
        rest(pause / 2 + random_below((uint32_t)pause));
        pause = pause * 2 < PAUSE_MOST_MS ? pause * 2 : PAUSE_MOST_MS;
    }
}

struct engine_pool *pool_create(const char *url, size_t most, bool raw)
{
    struct engine_pool *p = calloc(1, sizeof *p);
    if (!p)
        abort();
    p->url = strdup(url);
    p->raw = raw;
    p->most = most > 2 ? most : 2; /* one is kept by the journal */
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->given_back, NULL);
    return p;
}

/* The mark of its last commit is of no use to anybody any more. */
static void link_end(struct engine_pool *p, struct pg_link *link)
{
    char sql[120];
    snprintf(sql, sizeof sql,
             "BEGIN READ WRITE; DELETE FROM store_commit WHERE slot = %" PRId64 "; COMMIT",
             link->slot);
    if (!p->raw)
        PQclear(link_run(link, sql));
    PQfinish(link->at);
    free(link);
}

void pool_destroy(struct engine_pool *p)
{
    while (p->idle) {
        struct pg_link *link = p->idle;
        p->idle = link->next;
        link_end(p, link);
    }
    pthread_mutex_destroy(&p->lock);
    pthread_cond_destroy(&p->given_back);
    free(p->url);
    free(p);
}

static struct pg_link *take_idle(struct engine_pool *p)
{
    pthread_mutex_lock(&p->lock);
    while (!p->idle && p->made >= p->most)
        pthread_cond_wait(&p->given_back, &p->lock);
    struct pg_link *link = p->idle;
    if (link)
        p->idle = link->next;
    else
        p->made++;
    pthread_mutex_unlock(&p->lock);
    if (!link) {
        link = calloc(1, sizeof *link);
        if (!link)
            abort();
        random_bytes(&link->slot, sizeof link->slot);
    }
    return link;
}

void link_give_back(struct engine_connection *c, struct pg_link *link)
{
    struct engine_pool *p = c->pool;
    pthread_mutex_lock(&p->lock);
    link->next = p->idle;
    p->idle = link;
    pthread_cond_signal(&p->given_back);
    pthread_mutex_unlock(&p->lock);
}

struct pg_link *link_borrow(struct engine_connection *c, struct err *e)
{
    struct pg_link *link = take_idle(c->pool);
    if (link->at || link_open(c, link, e))
        return link;
    link_give_back(c, link);
    return NULL;
}

/* --- preparing ---------------------------------------------------------------------------------- */
static bool lose(struct pg_link *link, struct err *e)
{
    if (link->at)
        LOG_LINE(LOG_US, "store_connection_lost", LOG_ITEM_WORD(at, "preparing"));
    PQfinish(link->at);
    link->at = NULL;
    return pg_fail(link, NULL, e);
}

static bool fail_statement(struct pg_link *link, const PGresult *r, enum sql which,
                           struct err *e)
{
    const char *said = r ? PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    if (pg_outcome_of(link, r) == PG_LOST)
        return lose(link, e);
    fprintf(stderr, "heng: statement %s: %s\n", statement_name(which), said ? said : "?");
    return FAIL(e, STORE, "store", "数据库不认语句 %s，详见日志。", statement_name(which));
}

static struct {
    pthread_mutex_t lock;
    bool known[SQL_COUNT];
    struct pg_shape of[SQL_COUNT];
} shapes = {.lock = PTHREAD_MUTEX_INITIALIZER};

const struct pg_shape *pg_shape_of(enum sql which)
{
    pthread_mutex_lock(&shapes.lock);
    const struct pg_shape *shape = shapes.known[which] ? &shapes.of[which] : NULL;
    pthread_mutex_unlock(&shapes.lock);
    return shape;
}

static void note_shape(enum sql which, const PGresult *r)
{
    struct pg_shape shape = {.count = PQnparams(r)};
    assert(shape.count <= ARGUMENTS_MAX);
    for (int i = 0; i < shape.count; i++) {
        Oid type = PQparamtype(r, i);
        shape.types[i] = type == INT4_TYPE || type == INT2_TYPE ? INT8_TYPE : type;
    }
    pthread_mutex_lock(&shapes.lock);
    if (!shapes.known[which]) /* whoever reads it holds no lock */
        shapes.of[which] = shape;
    shapes.known[which] = true;
    pthread_mutex_unlock(&shapes.lock);
}

/* One statement's results of a pipeline: MANY results, each followed by a NULL. */
static PGresult *next_result(struct pg_link *link)
{
    PGresult *r = PQgetResult(link->at);
    if (r && PQresultStatus(r) != PGRES_PIPELINE_SYNC)
        while (PQgetResult(link->at))
            ;
    return r;
}

/* A session that ends between two answers leaves libpq waiting for the rest, "connected" and in pipeline
 * mode for ever: whoever borrowed such a link next could not even begin. It is lost. */
static bool leave_pipeline(struct pg_link *link, struct err *e)
{
    return PQexitPipelineMode(link->at) == 1 || lose(link, e);
}

static bool read_shape(struct pg_link *link, enum sql which, struct err *e)
{
    PGresult *prepared = next_result(link), *described = next_result(link);
    bool ok = pg_outcome_of(link, prepared) == PG_FINE
                  ? pg_outcome_of(link, described) == PG_FINE ||
                        fail_statement(link, described, which, e)
                  : fail_statement(link, prepared, which, e);
    if (ok)
        note_shape(which, described);
    PQclear(prepared);
    PQclear(described);
    PQclear(next_result(link)); /* the sync behind each: one that fails skips no other */
    return ok;
}

/* FIRST to END, each: what does the server take its arguments for? */
static bool ask_shapes(struct pg_link *link, int first, int end, struct err *e)
{
    bool sent = PQenterPipelineMode(link->at) == 1;
    for (int i = first; sent && i < end; i++)
        sent = PQsendPrepare(link->at, "", statement_postgres((enum sql)i), 0, NULL) == 1 &&
               PQsendDescribePrepared(link->at, "") == 1 && PQpipelineSync(link->at) == 1;
    bool ok = sent;
    for (int i = first; sent && i < end; i++)
        ok = read_shape(link, (enum sql)i, e) && ok;
    return leave_pipeline(link, e) && ok;
}

static bool prepare_shaped(struct pg_link *link, int first, int end, struct err *e)
{
    bool sent = PQenterPipelineMode(link->at) == 1;
    for (int i = first; sent && i < end; i++) {
        const struct pg_shape *shape = pg_shape_of((enum sql)i);
        sent = PQsendPrepare(link->at, statement_name((enum sql)i),
                             statement_postgres((enum sql)i), shape->count,
                             shape->types) == 1 &&
               PQpipelineSync(link->at) == 1;
    }
    bool ok = sent;
    for (int i = first; sent && i < end; i++) {
        PGresult *r = next_result(link);
        link->prepared[i] = pg_outcome_of(link, r) == PG_FINE;
        ok = (link->prepared[i] || fail_statement(link, r, (enum sql)i, e)) && ok;
        PQclear(r);
        PQclear(next_result(link));
    }
    return leave_pipeline(link, e) && ok;
}

bool link_prepare(struct pg_link *link, enum sql which, struct err *e)
{
    int at = (int)which;
    return link->prepared[which] || ((pg_shape_of(which) || ask_shapes(link, at, at + 1, e)) &&
                                     prepare_shaped(link, at, at + 1, e));
}

bool link_prepare_all(struct pg_link *link, struct err *e)
{
    bool ok = true;
    for (int first = 0; first < SQL_COUNT && link->at; first += PREPARE_AT_ONCE) {
        int end = first + PREPARE_AT_ONCE < SQL_COUNT ? first + PREPARE_AT_ONCE : SQL_COUNT;
        ok = ask_shapes(link, first, end, e) && prepare_shaped(link, first, end, e) && ok;
    }
    return ok;
}
