/* test/store.h - a fresh database for a test, in a folder of its own that goes with it.
 *
 * SQLite, or PostgreSQL if HENG_TEST_POSTGRES holds the URL of a database on a server where databases
 * may be made; the test's is then a copy of heng_template there, and goes when the test does. */
#ifndef TEST_STORE_H
#define TEST_STORE_H

#include "base/arena.h"
#include "base/crypto.h"
#include "store/audit.h"
#include "store/blob.h"
#include "store/db.h"

struct test_store {
    struct arena *arena;
    const char *folder, *url;
    struct store *store;
    struct db *db;
    struct master *master;
    struct blob_place blobs;
    struct actor actor; /* a body and an account of random ids; now_ms 2026-11-21T01:00Z */
};

struct test_store *test_store_create(void);
void test_store_destroy(struct test_store *t);

/* The database as it was found: opened once more, after everything on it was closed. */
void test_store_open_again(struct test_store *t);
/* Runs SQL past the program, as somebody who breaks in would; false with *e set if refused. A text for
 * both engines, or with sections "-- only sqlite" and "-- only postgres" as migrations have. */
bool test_store_script(struct test_store *t, const char *sql, struct err *e);
/* Is TEXT anywhere in what the database keeps, in files or in any column? */
bool test_store_holds(struct test_store *t, const char *text);
/* While true, transactions are not failed by themselves (src/test/faults.c): for a test that counts what
 * each does outside the database. */
void test_transactions_alone(bool alone);
/* Which call fails next in a loop over the calls of a use case: each; where HENG_TEST_SHORT is set (./test:
 * the second compiler's run and PostgreSQL's), ever more are left out between two. */
int test_next_call(int nth);
bool test_store_is_postgres(const struct test_store *t);

#endif
