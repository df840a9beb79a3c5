/* store/statements.c - the texts of statements.def, for each engine. */
#include "store/engine.h"

static const struct {
    const char *name, *sqlite, *postgres;
} statements[SQL_COUNT] = {
#define SQL(name, ...)                             [SQL_##name] = {#name, __VA_ARGS__, __VA_ARGS__},
#define SQL_PER_ENGINE(name, sqlite_text, pg_text) [SQL_##name] = {#name, sqlite_text, pg_text},
#include "store/statements.def"
#undef SQL
#undef SQL_PER_ENGINE
};

const char *statement_sqlite(enum sql which)
{
    return statements[which].sqlite;
}

const char *statement_postgres(enum sql which)
{
    return statements[which].postgres;
}

const char *statement_name(enum sql which)
{
    return statements[which].name;
}
