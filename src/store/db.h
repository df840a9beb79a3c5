/* store/db.h - the database as callers see it: named statements, transactions, rows.
 *
 * A store is opened once for the process; each thread opens its own db on it. Statements are the
 * rows of statements.def: there is no call that takes SQL text. Outside a transaction a query
 * runs on a reading connection and may not write. Text and blobs that a query returns are
 * copied into the arena given. */
#ifndef STORE_DB_H
#define STORE_DB_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/id.h"

#define SQL(name, ...)                             SQL_##name,
#define SQL_PER_ENGINE(name, sqlite_text, pg_text) SQL_##name,
enum sql {
#include "store/statements.def"
    SQL_COUNT
};
#undef SQL
#undef SQL_PER_ENGINE

struct arena;
struct db;
struct query;
struct store;

/* URL: a path to a SQLite file, or postgresql://… as libpq reads it (hosts, service, sslmode; the
 * password from PGPASSFILE or the service file). Opening runs the migrations that are missing,
 * prepares every statement, and refuses a database that is newer than the program or whose
 * migrations were altered. While a candidate sits in an exam nothing is migrated: CONFLICT at "store". */
struct store *store_open(const char *url, struct err *e);
/* CONNECTIONS: sessions on the server at once; fewer make it slower, never fail. 0: 10. */
struct store *store_open_with(const char *url, int64_t connections, struct err *e);
void store_close(struct store *s); /* every db must be closed before; NULL is fine */

struct db *db_open(struct store *s, struct err *e);
void db_close(struct db *db); /* NULL is fine */
/* The only one of all processes on this database that has WHAT, a literal, until it is closed; else
 * CONFLICT, after PATIENCE_MS: a server may see only then that a program which was killed is gone. Where the engine can have several writers its transactions do not queue with the
 * others', and it outwaits a change of the primary. For the journal's writer. */
bool db_hold(struct db *db, const char *what, int64_t patience_ms, struct err *e) MUST_USE;

/* Begin a query, then its arguments in order of $1, $2, ... */
struct query *db_query(struct db *db, enum sql which);
void query_int(struct query *q, int64_t v);
void query_text(struct query *q, const char *v);   /* NULL binds NULL */
void query_bytes(struct query *q, struct bytes v); /* at == NULL binds NULL */
void query_id(struct query *q, struct id v);       /* zero binds NULL */
void query_null(struct query *q);

/* Exactly one of these runs it. Where false is returned the query is over.
 * query_one: one row must be there, else NOT_FOUND with field WHAT; then read it, query_done.
 * query_maybe: *found says whether there is a row; if so read it and query_done.
 * query_next: true with a row, false at the end or on an error (e->code tells).
 * query_change: a statement without rows; how many it touched. */
bool query_one(struct query *q, const char *what, struct err *e) MUST_USE;
bool query_maybe(struct query *q, bool *found, struct err *e) MUST_USE;
bool query_next(struct query *q, struct err *e);
bool query_change(struct query *q, int64_t *rows, struct err *e) MUST_USE;
/* query_change where exactly one row must be touched; else CONFLICT at FIELD with SENTENCE. */
bool query_change_one(struct query *q, const char *field, const char *sentence,
                      struct err *e) MUST_USE;
/* query_change where the count does not matter. */
bool query_run(struct query *q, struct err *e) MUST_USE;
void query_done(struct query *q);
/* Many rows to one statement that inserts: arguments, query_row, arguments, query_row, and at the
 * end query_rows_run. Other statements may run in between; until the end nobody sees the rows. */
bool query_row(struct query *q, struct err *e) MUST_USE;
bool query_rows_run(struct query *q, struct err *e) MUST_USE;

int64_t query_get_int(const struct query *q, int column);
bool query_is_null(const struct query *q, int column);
const char *query_get_text(const struct query *q, int column,
                           struct arena *a); /* NULL = null */
struct bytes query_get_bytes(const struct query *q, int column, struct arena *a);
struct id query_get_id(const struct query *q, int column); /* null = zero */

/* Runs WORK in a transaction and commits if it is true; again when the engine asks for it, so
 * WORK may write to nothing but DB and CTX and must start CTX's results afresh. Writers of a
 * process queue up; those of other processes are kept apart by the engine. When a connection is
 * lost the whole of it is done again, unless it turns out to have been committed. A transaction
 * inside a transaction is a bug. */
bool db_transact(struct db *db, bool (*work)(struct db *, void *ctx, struct err *), void *ctx,
                 struct err *e) MUST_USE;
bool db_in_transaction(const struct db *db);
/* How many transactions this connection has committed so far. */
int64_t db_commits(const struct db *db);
bool db_is_idle(const struct db *db); /* no query begun, no transaction open */

/* For the fault loop of tests: the nth call from now (1 = the next) fails with STORE, and with
 * FOREVER all after it. 0 switches it off. True from db_fault_fired if it was reached. */
void db_fail_call(struct db *db, int nth, bool forever);
bool db_fault_fired(const struct db *db);

struct store *db_store(struct db *db);

/* Brings changed pages from the log into the database file; the checkpoint thread calls it. */
bool db_checkpoint(struct db *db, struct err *e) MUST_USE;
/* Before anything is served: whatever can be read is on the disk for good. After a sync that failed
 * the system shows pages that never reached the disk and calls them clean; a sync of those proves
 * nothing, so they are written once more (doc/decisions/0026). */
bool db_settle(struct db *db, struct err *e) MUST_USE;
/* Leaves nothing of deleted rows on the disk that the engine can help; TOO_MANY while somebody
 * reads: try again. */
bool db_compact(struct db *db, struct err *e) MUST_USE;
const char *store_url(const struct store *s);
bool store_url_is_postgres(const char *url);
bool store_url_has_password(const char *url);

#endif
