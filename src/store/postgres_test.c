/* store/postgres_test.c - two programs on one database, and on PostgreSQL what its rights forbid. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/file.h"
#include "store/db.h"
#include "store/engine.h"
#include "test/check.h"
#include "test/store.h"

enum { ROUNDS = 40 };

/* --- two programs -------------------------------------------------------------------------------- */
/* Reads a number and writes the next: right only if nobody does so in between. */
static bool count_one(struct db *db, void *ctx, struct err *e)
{
    struct id owner = *(struct id *)ctx;
    struct query *q = db_query(db, SQL_audit_head_get);
    query_id(q, owner);
    if (!query_one(q, "chain", e))
        return false;
    int64_t chain = query_get_int(q, 0), seq = query_get_int(q, 1);
    query_done(q);
    nanosleep(&(struct timespec){0, 300000}, NULL); /* so that somebody may come between */
    q = db_query(db, SQL_audit_head_set);
    query_int(q, chain);
    query_int(q, seq);
    query_int(q, seq + 1);
    query_bytes(q, (struct bytes){owner.bytes, ID_BYTES});
    return query_change_one(q, "chain", "somebody came between", e);
}

static bool make_chain(struct db *db, void *ctx, struct err *e)
{
    struct id owner = *(struct id *)ctx;
    struct query *q = db_query(db, SQL_audit_chain_create);
    query_id(q, owner);
    query_bytes(q, (struct bytes){owner.bytes, ID_BYTES});
    return query_run(q, e);
}

static int64_t counted(struct test_store *t, struct id owner)
{
    struct err e = {0};
    struct query *q = db_query(t->db, SQL_audit_head_get);
    query_id(q, owner);
    CHECK_OK("chain", query_one(q, "chain", &e), &e);
    int64_t seq = query_get_int(q, 1);
    query_done(q);
    return seq;
}

struct program {
    struct store *store;
    struct id owner;
    int done;
};

static void *count_many(void *arg)
{
    struct program *p = arg;
    struct err e = {0};
    struct db *db = db_open(p->store, &e);
    for (int i = 0; db && i < ROUNDS; i++)
        p->done += db_transact(db, count_one, &p->owner, &e);
    db_close(db);
    return NULL;
}

/* Each with a store of its own, as two processes have: no mutex is between them. */
void db_two_programs_test(void)
{
    struct test_store *t = test_store_create();
    struct err e = {0};
    struct program programs[2];
    pthread_t threads[2];
    struct id owner = id_random();
    CHECK_OK("chain", db_transact(t->db, make_chain, &owner, &e), &e);
    for (int i = 0; i < 2; i++) {
        programs[i] = (struct program){store_open_with(t->url, 2, &e), owner, 0};
        CHECK_OK("store", programs[i].store, &e);
    }
    for (int i = 0; i < 2; i++)
        CHECK("thread", pthread_create(&threads[i], NULL, count_many, &programs[i]) == 0);
    for (int i = 0; i < 2; i++) {
        pthread_join(threads[i], NULL);
        store_close(programs[i].store);
        CHECK_INT("every transaction went through", programs[i].done, ROUNDS);
    }
    CHECK_INT("none was overwritten", counted(t, owner), 2 * ROUNDS);
    test_store_destroy(t);
}

static void *leave_later(void *arg)
{
    nanosleep(&(struct timespec){.tv_nsec = 100 * 1000000}, NULL);
    db_close(arg);
    return NULL;
}

void db_hold_test(void)
{
    pthread_t leaving;
    struct test_store *t = test_store_create();
    struct err e = {0};
    struct store *other = store_open(t->url, &e);
    CHECK_OK("store", other, &e);
    struct db *first = db_open(t->store, &e), *second = db_open(other, &e);
    CHECK_OK("first", first && second && db_hold(first, "journal", 0, &e), &e);
    CHECK_REFUSED("not twice", db_hold(second, "journal", 0, &e), &e, CONFLICT, "store");
    e = (struct err){0};
    db_close(second);
    second = db_open(other, &e);
    CHECK_OK("anew", second, &e);
    CHECK_INT("thread", pthread_create(&leaving, NULL, leave_later, first), 0);
    CHECK_OK("once the first has gone", db_hold(second, "journal", 60000, &e), &e);
    pthread_join(leaving, NULL);
    db_close(second);
    store_close(other);
    test_store_destroy(t);
}

/* --- rights ------------------------------------------------------------------------------------------ */
/* data/postgres/roles.sql makes the roles; migrating again gives them their rights. */
static void give_rights(struct test_store *t)
{
    struct err e = {0};
    struct bytes roles;
    CHECK_OK(
        "roles.sql",
        file_read(t->arena,
                  arena_printf(t->arena, "%s/data/postgres/roles.sql", getenv("HENG_SOURCE")),
                  1 << 16, &roles, &e),
        &e);
    CHECK_OK("roles", test_store_script(t, (const char *)roles.at, &e), &e);
    db_close(t->db);
    store_close(t->store);
    test_store_open_again(t);
}

void postgres_rights_test(void)
{
    static const char *const refused[] = {
        "SET ROLE heng_app; UPDATE journal_entry SET branch = 1",
        "SET ROLE heng_app; DELETE FROM journal_batch",
        "SET ROLE heng_app; UPDATE time_ledger SET minutes = 60",
        "SET ROLE heng_app; DELETE FROM audit_row",
        "SET ROLE heng_app; TRUNCATE audit_row",
        "SET ROLE heng_app; ALTER TABLE audit_row DISABLE TRIGGER ALL",
        "SET ROLE heng_app; CREATE TABLE mine (id BIGINT)",
        "SET ROLE heng_app; INSERT INTO schema_migration VALUES (1, 'x', 'y')",
        "SET ROLE heng_read; SELECT name FROM public.person",
        "SET ROLE heng_retention; DELETE FROM journal_entry",
        "TRUNCATE journal_entry", /* the owner, too */
    };
    static const char *const allowed[] = {
        "SET ROLE heng_app; SELECT count(*) FROM journal_entry",
        "SET ROLE heng_app; UPDATE person SET version = version + 1",
        "SET ROLE heng_read; SELECT name FROM heng_masked.person",
    };
    struct test_store *t = test_store_create();
    if (test_store_is_postgres(t)) {
        give_rights(t);
        for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
            struct err e = {0};
            CHECK_REFUSED(refused[i], test_store_script(t, refused[i], &e), &e, STORE, "store");
            CHECK(refused[i], strstr(e.text, "permission denied") || strstr(e.text, "never") ||
                                  strstr(e.text, "must be owner"));
        }
        for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++) {
            struct err e = {0};
            CHECK_OK(allowed[i], test_store_script(t, allowed[i], &e), &e);
        }
    }
    test_store_destroy(t);
}
