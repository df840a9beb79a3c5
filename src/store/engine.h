/* store/engine.h - for those who add an engine; users of the database do not need this header.
 *
 * A connection has two handles of its engine: one that only reads and one that writes. Slots are
 * $ numbers, from 1; columns from 0. Every call returns false with *e set on failure. */
#ifndef STORE_ENGINE_H
#define STORE_ENGINE_H

#include "store/db.h"

struct engine_pool;       /* the engine's own: what the connections of a store share */
struct engine_connection; /* of one db */
struct engine_statement;  /* a statement that runs */

enum engine_step { STEP_FAILED, STEP_ROW, STEP_DONE, STEP_AGAIN };

struct engine {
    const char *name;
    bool many_writers; /* transactions of a process need not queue up */
    /* MOST: sessions on the server at once, where there is a server. */
    struct engine_pool *(*pool_open)(const char *url, size_t most);
    void (*pool_close)(struct engine_pool *pool);
    struct engine_connection *(*join)(struct engine_pool *pool, struct err *e);
    /* A connection outside any pool, for scripts: migrations, and tests that damage a database. */
    struct engine_connection *(*open)(const char *url, struct err *e);
    void (*close)(struct engine_connection *c);
    bool (*prepare_all)(struct engine_connection *c, struct err *e);
    /* Takes the lock WHAT of the database, against all processes, until the connection is closed.
     * CONFLICT if another still has it after PATIENCE_MS; HOLD_PATIENTLY waits without end. */
    bool (*hold)(struct engine_connection *c, const char *what, int64_t patience_ms,
                 struct err *e);
    /* Runs a script of migrations or transaction control; the one place that takes SQL text. */
    bool (*script)(struct engine_connection *c, const char *sql, struct err *e);
    /* STEP_AGAIN: the engine asks to try the whole transaction again. */
    enum engine_step (*begin)(struct engine_connection *c, struct err *e);
    enum engine_step (*commit)(struct engine_connection *c, struct err *e);
    void (*rollback)(struct engine_connection *c);
    /* After a work that failed: did it fail for what trying again can mend? Asked once. */
    bool (*again)(struct engine_connection *c);

    struct engine_statement *(*start)(struct engine_connection *c, enum sql which,
                                      bool writing);
    void (*bind_int)(struct engine_statement *s, int slot, int64_t v);
    void (*bind_text)(struct engine_statement *s, int slot, const char *v);
    void (*bind_bytes)(struct engine_statement *s, int slot, struct bytes v);
    void (*bind_null)(struct engine_statement *s, int slot);
    /* Many rows to one statement that inserts: each is ended, then all are. */
    bool (*next_row)(struct engine_statement *s, struct err *e);
    bool (*end_rows)(struct engine_statement *s, struct err *e);
    enum engine_step (*step)(struct engine_statement *s, struct err *e);
    int64_t (*changed)(const struct engine_statement *s);
    void (*finish)(struct engine_statement *s);

    bool (*is_null)(const struct engine_statement *s, int column);
    int64_t (*get_int)(const struct engine_statement *s, int column);
    struct bytes (*get_bytes)(const struct engine_statement *s,
                              int column); /* engine's memory */
    bool (*checkpoint)(struct engine_connection *c, struct err *e);
    /* Writes out anew, and syncs, all that can be read. NULL: the engine sees to it itself. */
    bool (*settle)(struct engine_connection *c, struct err *e);
    /* NULL: nothing to do. */
    bool (*compact)(struct engine_connection *c, struct err *e);
};

extern const struct engine sqlite_engine, postgres_engine;
const struct engine *engine_of(const char *url);

/* The text of a statement for an engine, in the order of `enum sql`. */
const char *statement_sqlite(enum sql which);
const char *statement_postgres(enum sql which);
const char *statement_name(enum sql which);

/* store/migrate.c: runs what is missing on an open connection; the rights follow the tables. */
bool store_migrate(const struct engine *engine, struct engine_connection *c, struct err *e);

enum { HOLD_PATIENTLY = -1 };
#define HELD_BY_ANOTHER "另一个衡进程正在使用这些数据（%s），请先停掉它。"
void say_held(const char *what, int64_t patience_ms); /* while it waits, on standard error */

/* What a trigger forbids. */
#define REFUSED_FOR_GOOD "数据库拒绝改动：已定的记录不许更改或删除。"

#endif
