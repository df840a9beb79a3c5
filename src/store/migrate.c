/* store/migrate.c - brings a database to the program's schema. */
#include "store/migrate.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/embed.h"
#include "store/engine.h"

enum { MIGRATE_ARENA_BYTES = 64 << 20 };

static const char register_table[] =
    "CREATE TABLE IF NOT EXISTS schema_migration ("
    "number BIGINT PRIMARY KEY, name TEXT NOT NULL, digest TEXT NOT NULL)";

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

/* The files are sorted by name, so their order is the order of numbers. */
static bool run_missing(struct arena *a, const struct engine *engine,
                        struct engine_connection *c, struct err *e)
{
    struct applied *applied;
    size_t count, known = 0;
    const struct embedded *file;
    if (!list_applied(a, engine, c, &applied, &count, e))
        return false;
    for (size_t i = 0; (file = embedded_under("migrations/", i)); i++) {
        const char *name = file->name + strlen("migrations/");
        if (i < count) {
            if (strcmp(applied[i].name, name) != 0 ||
                strcmp(applied[i].digest, file->digest) != 0)
                return FAIL(e, STORE, "store", "数据库的结构与程序不符：%s 已被改动。", name);
            known++;
        } else if (!run_one(a, engine, c, file, e)) {
            return false;
        }
    }
    return known == count || FAIL(e, STORE, "store", "数据库比程序新，请使用新版程序。");
}

bool store_migrate(const struct engine *engine, struct engine_connection *c, struct err *e)
{
    struct arena *a = arena_create(MIGRATE_ARENA_BYTES);
    bool ok = engine->script(c, register_table, e) && run_missing(a, engine, c, e);
    arena_destroy(a);
    return ok;
}
