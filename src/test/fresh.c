/* test/fresh.c - the migrations and the preparing of every statement are a third of a small test: both are done
 * for the first database of a process, and what they made is copied for the others. A store that a test opens
 * elsewhere is migrated as ever. (A test on PostgreSQL has a copy of a template for its database.) Linked with
 * --wrap=sqlite_engine,--wrap=postgres_engine. */
#include "test/fresh.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"
#include "store/engine.h"
#include "test/check.h"

enum { FRESH_BYTES_MAX = 16 << 20 };

/* The engines as they are, but that statements are prepared where they are used, after the first time. */
extern const struct engine __real_sqlite_engine, __real_postgres_engine;
extern struct engine __wrap_sqlite_engine, __wrap_postgres_engine;
struct engine __wrap_sqlite_engine, __wrap_postgres_engine;

static bool sqlite_once(struct engine_connection *c, struct err *e)
{
    static bool prepared;
    prepared = prepared || __real_sqlite_engine.prepare_all(c, e);
    return prepared;
}

static bool postgres_once(struct engine_connection *c, struct err *e)
{
    static bool prepared;
    prepared = prepared || __real_postgres_engine.prepare_all(c, e);
    return prepared;
}

__attribute__((constructor)) static void quicken(void)
{
    __wrap_sqlite_engine = __real_sqlite_engine;
    __wrap_sqlite_engine.prepare_all = sqlite_once;
    __wrap_postgres_engine = __real_postgres_engine;
    __wrap_postgres_engine.prepare_all = postgres_once;
}

static struct bytes make_fresh(void)
{
    char folder[] = "/tmp/fresh-heng-XXXXXX";
    struct arena *a = arena_create(2 * FRESH_BYTES_MAX);
    struct err e = {0};
    struct bytes made;
    CHECK("a temporary folder", mkdtemp(folder));
    const char *path = arena_printf(a, "%s/heng.db", folder);
    struct store *s = store_open(path, &e);
    CHECK_OK("migrations", s, &e);
    store_close(s);
    CHECK_OK(path, file_read(a, path, FRESH_BYTES_MAX, &made, &e), &e);
    CHECK_OK(folder, folder_remove(folder, &e), &e);
    void *kept = malloc(made.len); /* as long as the process */
    CHECK("memory", kept);
    memcpy(kept, made.at, made.len);
    arena_destroy(a);
    return (struct bytes){kept, made.len};
}

void fresh_database_write(const char *path)
{
    static struct bytes fresh;
    if (!fresh.at)
        fresh = make_fresh();
    FILE *f = fopen(path, "wx");
    CHECK(path, f && fwrite(fresh.at, 1, fresh.len, f) == fresh.len);
    CHECK_INT(path, fclose(f), 0);
}
