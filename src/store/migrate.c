/* store/migrate.c - brings a database to the program's schema. */
#include "store/migrate.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/embed.h"
#include "store/engine.h"

enum { MIGRATE_ARENA_BYTES = 64 << 20 };

/* On PostgreSQL even IF NOT EXISTS asks for the right to make tables, which a service lacks. */
static const char register_table[] =
    "-- only postgres\n"
    "DO $$ BEGIN IF to_regclass('schema_migration') IS NULL THEN\n"
    "-- end\n"
    "CREATE TABLE IF NOT EXISTS schema_migration ("
    "number BIGINT PRIMARY KEY, name TEXT NOT NULL, digest TEXT NOT NULL);\n"
    "-- only postgres\n"
    "END IF; END $$;\n"
    "-- end\n";

const char *migration_for_engine(struct arena *a, const char *script, const char *engine)
{
    char *out = arena_alloc(a, strlen(script) + 1, 1), *to = out;
    bool mine = true;
    for (const char *line = script; *line;) {
        const char *end = strchr(line, '\n');
        size_t len = end ? (size_t)(end - line) + 1 : strlen(line);
        if (strncmp(line, "-- only ", 8) == 0)
            mine = strncmp(line + 8, engine, strlen(engine)) == 0;
        else if (strncmp(line, "-- end", 6) == 0)
            mine = true;
        else if (mine) {
            memcpy(to, line, len);
            to += len;
        }
        line += len;
    }
    return out;
}

struct applied {
    int64_t number;
    const char *name, *digest;
};

static bool list_applied(struct arena *a, const struct engine *engine,
                         struct engine_connection *c, struct applied **out, size_t *count,
                         struct err *e)
{
    struct engine_statement *s = engine->start(c, SQL_migration_list, true);
    size_t room = 16;
    enum engine_step step;
    *out = arena_array(a, struct applied, room);
    *count = 0;
    while ((step = engine->step(s, e)) == STEP_ROW) {
        if (*count == room) {
            *out = arena_grow(a, *out, room, room * 2, sizeof **out);
            room *= 2;
        }
        struct bytes name = engine->get_bytes(s, 1), digest = engine->get_bytes(s, 2);
        (*out)[(*count)++] = (struct applied){
            engine->get_int(s, 0),
            arena_copy(a, name.at, name.len),
            arena_copy(a, digest.at, digest.len),
        };
    }
    engine->finish(s);
    return step == STEP_DONE;
}

static bool run_one(struct arena *a, const struct engine *engine, struct engine_connection *c,
                    const struct embedded *file, struct err *e)
{
    const char *name = file->name + strlen("migrations/");
    const char *sql = arena_printf(
        a, "%s;\nINSERT INTO schema_migration (number, name, digest) VALUES (%ld, '%s', '%s');",
        migration_for_engine(a, (const char *)file->bytes, engine->name),
        strtol(name, NULL, 10), name, file->digest);
    if (engine->begin(c, e) != STEP_DONE)
        return false;
    if (engine->script(c, sql, e) && engine->commit(c, e) == STEP_DONE)
        return true;
    engine->rollback(c);
    return false;
}

static const struct applied *applied_of(const struct applied *applied, size_t count,
                                        int64_t number)
{
    for (size_t i = 0; i < count; i++)
        if (applied[i].number == number)
            return &applied[i];
    return NULL;
}

/* What candidates sit on is not rebuilt under them: the program that they began with goes on. */
static bool nobody_sits(const struct engine *engine, struct engine_connection *c,
                        const struct applied *applied, size_t count, struct err *e)
{
    enum { ATTEMPTS = 710 }; /* the migration that makes the table */
    if (!applied_of(applied, count, ATTEMPTS))
        return true;
    struct engine_statement *s = engine->start(c, SQL_attempt_open_count, true);
    enum engine_step step = engine->step(s, e);
    int64_t open = step == STEP_ROW ? engine->get_int(s, 0) : 0;
    engine->finish(s);
    if (step != STEP_ROW)
        return false;
    return open == 0 ||
           FAIL(e, CONFLICT, "store",
                "正有 %lld 名考生在考试，不能更改数据库的结构；请继续使用原来的程序，"
                "考试结束后再升级。",
                (long long)open);
}

/* The files are sorted by name, so their order is the order of numbers. A number may come to the
 * program later than a greater one: modules have ranges of their own. */
static bool run_missing(struct arena *a, const struct engine *engine,
                        struct engine_connection *c, struct err *e)
{
    struct applied *applied;
    size_t count, known = 0;
    bool asked = false;
    const struct embedded *file;
    if (!list_applied(a, engine, c, &applied, &count, e))
        return false;
    for (size_t i = 0; (file = embedded_under("migrations/", i)); i++) {
        const char *name = file->name + strlen("migrations/");
        const struct applied *was = applied_of(applied, count, strtol(name, NULL, 10));
        if (!was && !asked && !nobody_sits(engine, c, applied, count, e))
            return false;
        asked = asked || !was;
        if (!was && !run_one(a, engine, c, file, e))
            return false;
        if (was && (strcmp(was->name, name) != 0 || strcmp(was->digest, file->digest) != 0))
            return FAIL(e, STORE, "store", "数据库的结构与程序不符：%s 已被改动。", name);
        known += was != NULL;
    }
    return known == count || FAIL(e, STORE, "store", "数据库比程序新，请使用新版程序。");
}

static bool set_rights(const struct engine *engine, struct engine_connection *c, struct err *e)
{
    const struct embedded *rights = embedded_find("postgres/rights.sql");
    return engine != &postgres_engine || engine->script(c, (const char *)rights->bytes, e);
}

bool store_migrate(const struct engine *engine, struct engine_connection *c, struct err *e)
{
    struct arena *a = arena_create(MIGRATE_ARENA_BYTES);
    bool ok = engine->script(c, migration_for_engine(a, register_table, engine->name), e) &&
              run_missing(a, engine, c, e) && set_rights(engine, c, e);
    arena_destroy(a);
    return ok;
}
