/* test/store.c - a fresh database for a test. */
#include "test/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "store/engine.h"
#include "store/migrate.h"
#include "test/check.h"
#include "test/fresh.h"

enum { TEST_ARENA_BYTES = 512 << 20 };

/* …/postgres?host=… becomes …/NAME?host=… */
static const char *url_of(struct arena *a, const char *server, const char *name)
{
    const char *slash = strstr(server, "://") + 3, *end;
    slash = strchr(slash, '/');
    CHECK("HENG_TEST_POSTGRES names a database", slash);
    end = strchr(slash, '?');
    return arena_printf(a, "%.*s/%s%s", (int)(slash - server), server, name, end ? end : "");
}

static void run_on_server(const char *server, const char *sql)
{
    struct err e = {0};
    struct engine_connection *c = postgres_engine.open(server, &e);
    CHECK_OK(sql, c && postgres_engine.script(c, sql, &e), &e);
    postgres_engine.close(c);
}

static const char *database_of(struct test_store *t)
{
    return strrchr(t->folder, '/') + 1;
}

static void make_database(struct test_store *t)
{
    const char *server = getenv("HENG_TEST_POSTGRES");
    t->url = arena_printf(t->arena, "%s/heng.db", t->folder);
    if (!server) {
        fresh_database_write(t->url);
        return;
    }
    t->url = url_of(t->arena, server, database_of(t));
    run_on_server(
        server, arena_printf(t->arena,
                             "CREATE DATABASE \"%s\" TEMPLATE heng_template STRATEGY FILE_COPY",
                             database_of(t)));
}

struct test_store *test_store_create(void)
{
    struct arena *a = arena_create(TEST_ARENA_BYTES);
    struct test_store *t = arena_new(a, struct test_store);
    unsigned char secret[KEY_BYTES];
    char *folder = arena_text(a, "/tmp/heng-test-XXXXXX");
    CHECK("a temporary folder", mkdtemp(folder));
    random_bytes(secret, sizeof secret);
    t->arena = a;
    t->folder = folder;
    t->master = master_create(secret, 1);
    make_database(t);
    test_store_open_again(t);
    t->blobs = (struct blob_place){.folder = folder, .master = t->master};
    t->actor = (struct actor){.account = id_random(),
                              .body = id_random(),
                              .request = id_random(),
                              .now_ms = 1795222800000};
    return t;
}

void test_store_open_again(struct test_store *t)
{
    struct err e = {0};
    t->store = store_open(t->url, &e);
    CHECK_OK("store", t->store, &e);
    t->db = db_open(t->store, &e);
    CHECK_OK("db", t->db, &e);
}

void test_store_destroy(struct test_store *t)
{
    struct err e = {0};
    db_close(t->db);
    store_close(t->store);
    master_destroy(t->master);
    if (test_store_is_postgres(t))
        run_on_server(
            getenv("HENG_TEST_POSTGRES"),
            arena_printf(t->arena, "DROP DATABASE \"%s\" WITH (FORCE)", database_of(t)));
    CHECK_OK("clean up", folder_remove(t->folder, &e), &e);
    arena_destroy(t->arena);
}

int test_next_call(int nth)
{
    return nth + (getenv("HENG_TEST_SHORT") ? 1 + nth / 3 : 1);
}

bool test_store_is_postgres(const struct test_store *t)
{
    return store_url_is_postgres(t->url);
}

bool test_store_script(struct test_store *t, const char *sql, struct err *e)
{
    const struct engine *engine = engine_of(t->url);
    struct engine_connection *c = engine->open(t->url, e);
    bool ok = c && engine->script(c, migration_for_engine(t->arena, sql, engine->name), e);
    if (c)
        engine->close(c);
    return ok;
}

static bool file_holds(struct test_store *t, const char *name, const char *text)
{
    struct err e = {0};
    struct bytes content;
    struct arena *a = arena_create((size_t)512 << 20);
    bool found = file_read(a, arena_printf(a, "%s/%s", t->folder, name), (size_t)256 << 20,
                           &content, &e) &&
                 memmem(content.at, content.len, text, strlen(text));
    arena_destroy(a);
    return found;
}

/* A row as text shows its bytes in hex: both spellings are looked for. */
static const char search_all[] =
    "DO $do$ DECLARE one record; found bigint; BEGIN"
    " FOR one IN SELECT c.oid::regclass AS name FROM pg_class c JOIN pg_namespace n"
    " ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND n.nspname = 'public' LOOP"
    " EXECUTE format('SELECT count(*) FROM %%s t WHERE strpos(t::text, $1) > 0"
    " OR strpos(t::text, $2) > 0', one.name) INTO found USING $text$%s$text$, '%s';"
    " IF found > 0 THEN RAISE EXCEPTION 'found in %%', one.name; END IF;"
    " END LOOP; END $do$";

bool test_store_holds(struct test_store *t, const char *text)
{
    struct err e = {0};
    if (!test_store_is_postgres(t))
        return file_holds(t, "heng.db", text) || file_holds(t, "heng.db-wal", text);
    char *hex = arena_alloc(t->arena, 2 * strlen(text) + 1, 1);
    hex_write(hex, (const unsigned char *)text, strlen(text));
    bool clean = test_store_script(t, arena_printf(t->arena, search_all, text, hex), &e);
    if (!clean)
        CHECK("found, or another error?", strstr(e.text, "found in"));
    return !clean;
}
