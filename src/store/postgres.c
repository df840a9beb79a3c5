/* store/postgres.c - the larger engine: PostgreSQL through libpq.
 *
 * Transactions are SERIALIZABLE, so that a use case written for one writer holds with many processes
 * on one database; what the server cannot order is tried again. A commit leaves a mark in the row
 * of its link: when the connection breaks in the commit, the mark says what became of it
 * (doc/decisions/0018). */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "store/postgres_in.h"

enum { PATIENCE_MS = 10000, PATIENCE_HELD_MS = 600000 };

static struct engine_connection *join(struct engine_pool *pool, struct err *e)
{
    struct engine_connection *c = calloc(1, sizeof *c);
    (void)e;
    if (!c)
        abort();
    c->pool = pool;
    c->patience_ms = PATIENCE_MS;
    return c;
}

static struct engine_pool *pool_open(const char *url, size_t most)
{
    return pool_create(url, most, false);
}

/* A connection of its own, for scripts; it waits for no server that is not there. */
static struct engine_connection *connection_open(const char *url, struct err *e)
{
    struct engine_pool *pool = pool_create(url, 0, true);
    struct engine_connection *c = join(pool, e);
    c->patience_ms = 0;
    c->link = link_borrow(c, e);
    if (c->link)
        return c;
    free(c);
    pool_destroy(pool);
    return NULL;
}

static void connection_close(struct engine_connection *c)
{
    bool raw = c->pool->raw;
    pg_statements_drop(c);
    if (c->held && c->link)
        PQclear(link_run(c->link, "SELECT pg_advisory_unlock_all()"));
    if (c->held && c->link && !raw) {
        PQfinish(c->link->at); /* its slot's lock went with the others */
        c->link->at = NULL;
    }
    if (c->link)
        link_give_back(c, c->link);
    if (raw)
        pool_destroy(c->pool);
    free(c);
}

/* A script is ours and read by whoever wrote it: it fails in the server's own words. */
static bool fail_script(struct pg_link *link, const PGresult *r, struct err *e)
{
    const char *said = r ? PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    return said ? FAIL(e, STORE, "store", "脚本没有走完：%s", said) : pg_fail(link, r, e);
}

static bool script(struct engine_connection *c, const char *sql, struct err *e)
{
    assert(c->link && "a script outside a transaction");
    PGresult *r = link_run(c->link, sql);
    bool ok = pg_outcome_of(c->link, r) == PG_FINE || fail_script(c->link, r, e);
    PQclear(r);
    return ok;
}

/* Keeps a link with that lock until the connection is closed; for the journal it also outwaits a
 * change of the primary. */
static bool hold(struct engine_connection *c, const char *what, int64_t patience_ms,
                 struct err *e)
{
    char sql[120];
    if (c->pool->raw && patience_ms == HOLD_PATIENTLY) {
        snprintf(sql, sizeof sql, "SELECT pg_advisory_lock(hashtextextended('heng %s', 0))",
                 what);
        c->held = what;
        return script(c, sql, e);
    }
    assert(!c->held && !c->link && patience_ms >= 0);
    c->held = what;
    c->hold_ms = patience_ms;
    struct pg_link *link = calloc(1, sizeof *link);
    if (!link)
        abort();
    random_bytes(&link->slot, sizeof link->slot);
    if (link_open(c, link, e)) {
        pthread_mutex_lock(&c->pool->lock);
        c->pool->made++;
        pthread_mutex_unlock(&c->pool->lock);
        c->link = link;
        c->patience_ms = PATIENCE_HELD_MS;
        return true;
    }
    free(link);
    c->held = NULL;
    return false;
}

/* A session that ends under hundreds of statements is no reason not to start: it is opened anew, once. */
static bool prepare_all(struct engine_connection *c, struct err *e)
{
    for (bool again = true;; again = false) {
        struct err why = {0};
        struct pg_link *link = link_borrow(c, &why);
        bool ok = link && link_prepare_all(link, &why);
        bool lost = link && !link->at;
        if (link)
            link_give_back(c, link);
        if (ok || !lost || !again) {
            *e = ok ? *e : why;
            return ok;
        }
    }
}

static void leave(struct engine_connection *c)
{
    c->in_transaction = false;
    if (!c->held && !c->pool->raw) {
        link_give_back(c, c->link);
        c->link = NULL;
    }
}

static enum engine_step begin(struct engine_connection *c, struct err *e)
{
    if (!c->link)
        c->link = link_borrow(c, e);
    if (!c->link)
        return STEP_FAILED;
    c->again = false;
    for (;;) {
        PGresult *r = link_run(c->link, "BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE");
        enum pg_outcome outcome = pg_outcome_of(c->link, r);
        bool ok = outcome == PG_FINE;
        if (outcome == PG_REFUSED)
            pg_fail(c->link, r, e);
        PQclear(r);
        c->in_transaction = ok;
        if (ok)
            return STEP_DONE;
        if (outcome == PG_REFUSED || !link_open(c, c->link, e)) {
            leave(c);
            return STEP_FAILED;
        }
    }
}

/* The mark and COMMIT in one journey; COMMIT runs only if the mark went well. */
static enum pg_outcome send_commit(struct engine_connection *c, int64_t mark, struct err *e)
{
    char sql[240];
    if (c->pool->raw)
        snprintf(sql, sizeof sql, "COMMIT");
    else
        snprintf(sql, sizeof sql,
                 "INSERT INTO store_commit (slot, mark) VALUES (%" PRId64 ", %" PRId64 ")"
                 " ON CONFLICT (slot) DO UPDATE SET mark = excluded.mark; COMMIT",
                 c->link->slot, mark);
    PGresult *r = link_run(c->link, sql);
    enum pg_outcome outcome = pg_outcome_of(c->link, r);
    if (outcome == PG_REFUSED)
        pg_fail(c->link, r, e);
    /* A transaction in which a statement failed is rolled back by COMMIT without a word. */
    if (outcome == PG_FINE && strcmp(PQcmdStatus(r), "COMMIT") != 0) {
        FAIL(e, STORE, "store", "数据库撤销了这次改动。");
        outcome = PG_REFUSED;
    }
    PQclear(r);
    return outcome;
}

/* The session that committed has ended (link_open waits for that): its mark tells. */
static enum engine_step what_became(struct engine_connection *c, int64_t mark, struct err *e)
{
    char sql[120];
    bool there = false;
    enum pg_outcome outcome;
    snprintf(sql, sizeof sql,
             "SELECT 1 FROM store_commit WHERE slot = %" PRId64 " AND mark = %" PRId64,
             c->link->slot, mark);
    do {
        if (!link_open(c, c->link, e))
            return STEP_FAILED;
        PGresult *r = link_run(c->link, sql);
        outcome = pg_outcome_of(c->link, r);
        there = outcome == PG_FINE && PQntuples(r) == 1;
        if (outcome == PG_REFUSED)
            pg_fail(c->link, r, e);
        PQclear(r);
    } while (outcome == PG_LOST || outcome == PG_AGAIN);
    return outcome == PG_REFUSED ? STEP_FAILED : there ? STEP_DONE : STEP_AGAIN;
}

static enum engine_step commit(struct engine_connection *c, struct err *e)
{
    int64_t mark;
    random_bytes(&mark, sizeof mark);
    enum pg_outcome outcome = c->again ? PG_AGAIN : send_commit(c, mark, e);
    enum engine_step step = outcome == PG_FINE                    ? STEP_DONE
                            : outcome == PG_AGAIN                 ? STEP_AGAIN
                            : outcome == PG_LOST && !c->pool->raw ? what_became(c, mark, e)
                                                                  : STEP_FAILED;
    if (step == STEP_DONE)
        leave(c);
    return step;
}

/* After a failed commit or a work that said no. */
static void rollback(struct engine_connection *c)
{
    if (!c->in_transaction)
        return;
    if (c->link->at && PQtransactionStatus(c->link->at) != PQTRANS_IDLE)
        PQclear(link_run(c->link, "ROLLBACK"));
    leave(c);
}

static bool again(struct engine_connection *c)
{
    bool is_so = c->again;
    c->again = false;
    return is_so;
}

static bool checkpoint(struct engine_connection *c, struct err *e)
{
    (void)c; /* the server's own affair */
    (void)e;
    return true;
}

const struct engine postgres_engine = {
    .name = "postgres",
    .many_writers = true,
    .pool_open = pool_open,
    .pool_close = pool_destroy,
    .join = join,
    .open = connection_open,
    .close = connection_close,
    .prepare_all = prepare_all,
    .hold = hold,
    .script = script,
    .begin = begin,
    .commit = commit,
    .rollback = rollback,
    .again = again,
    .start = pg_start,
    .bind_int = pg_bind_int,
    .bind_text = pg_bind_text,
    .bind_bytes = pg_bind_bytes,
    .bind_null = pg_bind_null,
    .next_row = pg_next_row,
    .end_rows = pg_end_rows,
    .step = pg_step,
    .changed = pg_changed,
    .finish = pg_finish,
    .is_null = pg_is_null,
    .get_int = pg_get_int,
    .get_bytes = pg_get_bytes,
    .checkpoint = checkpoint,
};

bool store_url_is_postgres(const char *url)
{
    return strncmp(url, "postgresql://", 13) == 0 || strncmp(url, "postgres://", 11) == 0;
}

bool store_url_has_password(const char *url)
{
    bool found = false;
    PQconninfoOption *options = PQconninfoParse(url, NULL);
    for (PQconninfoOption *o = options; o && o->keyword; o++)
        found = found || (o->val && *o->val &&
                          (strcmp(o->keyword, "password") == 0 ||
                           strcmp(o->keyword, "sslpassword") == 0));
    PQconninfoFree(options);
    return found;
}
