/* store/db_test.c - statements, transactions, migrations, files. */
#include "store/db.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/embed.h"
#include "base/file.h"
#include "store/engine.h"
#include "store/migrate.h"
#include "test/check.h"
#include "test/store.h"

void db_statements_prepare_test(void)
{
    struct test_store *t = test_store_create(); /* opening prepares them all */
    CHECK("idle", db_is_idle(t->db));
    CHECK_TEXT("names follow the rows", statement_name(SQL_blob_get), "blob_get");
    test_store_destroy(t);
}

struct put {
    struct blob blob;
    bool refuse;
};

static bool put_row(struct db *db, void *ctx, struct err *e)
{
    struct put *p = ctx;
    return blob_put_row(db, &p->blob, 1, e) && (!p->refuse || FAIL(e, RULE, "x", "no"));
}

static bool is_there(struct test_store *t, struct id id)
{
    struct err e = {0};
    struct blob b;
    return blob_get(t->db, t->arena, id, &b, &e);
}

void db_transact_all_or_nothing_test(void)
{
    struct test_store *t = test_store_create();
    struct put p = {
        .blob = {.id = id_random(), .purpose = "photo", .media_type = "image/jpeg", .size = 1},
        .refuse = true};
    struct err e = {0};
    CHECK_REFUSED("work says no", db_transact(t->db, put_row, &p, &e), &e, RULE, "x");
    CHECK("nothing there", !is_there(t, p.blob.id));
    p.refuse = false;
    for (int nth = 1;; nth = test_next_call(nth)) {
        struct err why = {0};
        db_fail_call(t->db, nth, false);
        bool ok = db_transact(t->db, put_row, &p, &why);
        db_fail_call(t->db, 0, false);
        CHECK_INT("there if and only if it said so", is_there(t, p.blob.id), ok);
        CHECK("nothing left open", db_is_idle(t->db));
        if (ok)
            break;
        CHECK("three calls to fail", nth <= 3);
    }
    struct err again = {0};
    CHECK_REFUSED("the same id twice", db_transact(t->db, put_row, &p, &again), &again,
                  CONFLICT, "store");
    test_store_destroy(t);
}

void migration_sections_test(void)
{
    struct arena *a = arena_create(1 << 20);
    const char *script = "A;\n-- only sqlite\nB;\n-- end\n-- only postgres\nC;\n-- end\nD;";
    CHECK_TEXT("sqlite", migration_for_engine(a, script, "sqlite"), "A;\nB;\nD;");
    CHECK_TEXT("postgres", migration_for_engine(a, script, "postgres"), "A;\nC;\nD;");
    arena_destroy(a);
}

/* Does SECTION refuse to VERB rows of TABLE? "BEFORE UPDATE OR DELETE ON x", "BEFORE DELETE ON x". */
static bool refuses(const char *section, const char *verb, const char *table)
{
    const char *at = section;
    size_t len = strlen(table);
    while ((at = strstr(at, "BEFORE "))) {
        const char *end = strchr(at, '\n'), *on = strstr(at, " ON "), *found = strstr(at, verb);
        if (end && on && on < end && found && found < on && strncmp(on + 4, table, len) == 0 &&
            strcspn(on + 4, " \n") == len)
            return true;
        at++;
    }
    return false;
}

/* Rows that one engine keeps, the other keeps as well. */
void migrations_keep_the_same_rows_test(void)
{
    static const char *const engines[] = {"sqlite", "postgres"}, *const verbs[] = {"UPDATE",
                                                                                   "DELETE"};
    struct arena *a = arena_create(16 << 20);
    const struct embedded *file;
    const char *text[2] = {"", ""};
    int guarded = 0;
    for (size_t i = 0; (file = embedded_under("migrations/", i)); i++)
        for (int k = 0; k < 2; k++)
            text[k] = arena_printf(
                a, "%s%s", text[k],
                migration_for_engine(a, (const char *)file->bytes, engines[k]));
    for (int k = 0; k < 2; k++)
        for (const char *at = text[k]; (at = strstr(at, "BEFORE ")); at++) {
            const char *on = strstr(at, " ON ") + 4;
            const char *table = arena_copy(a, on, strcspn(on, " \n"));
            for (int v = 0; v < 2; v++, guarded++)
                if (refuses(text[k], verbs[v], table) && !refuses(text[!k], verbs[v], table)) {
                    print_error("%s of %s is refused by %s alone\n", verbs[v], table,
                                engines[k]);
                    CHECK_INT("the same on both", false, true);
                }
        }
    CHECK("many are kept", guarded > 60);
    arena_destroy(a);
}

void migration_altered_is_refused_test(void)
{
    struct test_store *t = test_store_create();
    struct err e = {0};
    CHECK_OK("digest altered",
             test_store_script(t, "UPDATE schema_migration SET digest='x' WHERE number=1", &e),
             &e);
    CHECK("refused", !store_open(store_url(t->store), &e));
    CHECK_INT("as a store error", e.code, ERR_STORE);
    test_store_destroy(t);
}

void blob_round_trip_test(void)
{
    struct test_store *t = test_store_create();
    struct err e = {0};
    struct bytes plain = {(const unsigned char *)"photo bytes", 11}, back;
    struct put p = {0};
    CHECK_OK("writes",
             blob_write(&t->blobs, t->arena, "photo", "image/jpeg", plain, &p.blob, &e), &e);
    CHECK_OK("row", db_transact(t->db, put_row, &p, &e), &e);
    struct blob got;
    CHECK_OK("get", blob_get(t->db, t->arena, p.blob.id, &got, &e), &e);
    CHECK_OK("reads", blob_read(&t->blobs, t->arena, &got, &back, &e), &e);
    CHECK("same bytes", bytes_equal(plain, back));
    got.purpose = "evidence";
    CHECK("not under another purpose", !blob_read(&t->blobs, t->arena, &got, &back, &e));
    test_store_destroy(t);
}
