/* store/sqlite.c - the embedded engine: WAL, synchronous=FULL, one reading and one writing
 * handle a connection. The only file that knows the library. */
#include <assert.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "store/engine.h"

enum { ARGUMENTS_MAX = 40 };

struct engine_statement {
    sqlite3_stmt *stmt;
    sqlite3 *handle;
    uint8_t slots[ARGUMENTS_MAX + 1]; /* of $n at [n] */
};

struct engine_pool {
    char *url;
};

struct engine_connection {
    sqlite3 *reading, *writing;
    int lock; /* of `hold`; -1 */
    struct engine_statement on_reading[SQL_COUNT], on_writing[SQL_COUNT];
};

/* What a person can do something about. The library's own words are for the log. */
static const char *sentence_of(int code)
{
    switch (code & 0xff) {
    case SQLITE_FULL:
        return "磁盘已满，请腾出空间。";
    case SQLITE_IOERR:
        return "磁盘读写出错，请检查磁盘。";
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return "数据库文件已损坏，或不是数据库。";
    case SQLITE_READONLY:
    case SQLITE_PERM:
        return "数据库文件或文件夹不许写，请检查权限。";
    case SQLITE_CANTOPEN:
        return "数据库文件打不开，请检查位置和权限。";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return "数据库正被占用，请稍后再试。";
    case SQLITE_NOMEM:
        return "内存不足。";
    default:
        return "数据库出错，详见日志。";
    }
}

/* The library's messages name tables and columns, never a value. */
static bool fail(struct err *e, sqlite3 *handle)
{
    int code = sqlite3_extended_errcode(handle);
    fprintf(stderr, "heng: sqlite %d: %s\n", code, sqlite3_errmsg(handle));
    return FAIL(e, STORE, "store", "%s", sentence_of(code));
}

static void connection_close(struct engine_connection *c)
{
    for (int i = 0; i < SQL_COUNT; i++) {
        sqlite3_finalize(c->on_reading[i].stmt);
        sqlite3_finalize(c->on_writing[i].stmt);
    }
    sqlite3_close(c->reading);
    sqlite3_close(c->writing);
    if (c->lock >= 0)
        close(c->lock);
    free(c);
}

/* Checkpoints run in a thread of their own (STACK §2b): none inside a commit. */
static bool set_up(sqlite3 *handle, const char *pragmas, struct err *e)
{
    sqlite3_busy_timeout(handle, 20000);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    return sqlite3_exec(handle, pragmas, NULL, NULL, NULL) == SQLITE_OK || fail(e, handle);
}

static bool open_handles(struct engine_connection *c, const char *url, struct err *e)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(url, &c->writing, flags, NULL) != SQLITE_OK)
        return fail(e, c->writing);
    if (!set_up(
            c->writing,
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
            "PRAGMA wal_autocheckpoint=0; PRAGMA secure_delete=ON; PRAGMA cache_size=-16000",
            e))
        return false;
    if (sqlite3_open_v2(url, &c->reading, flags, NULL) != SQLITE_OK)
        return fail(e, c->reading);
    return set_up(c->reading, "PRAGMA query_only=ON; PRAGMA cache_size=-16000", e);
}

static struct engine_connection *connection_open(const char *url, struct err *e)
{
    struct engine_connection *c = calloc(1, sizeof *c);
    if (!c) {
        FAIL(e, STORE, "store", "内存不足。");
        return NULL;
    }
    c->lock = -1;
    if (!open_handles(c, url, e)) {
        connection_close(c);
        return NULL;
    }
    return c;
}

static struct engine_pool *pool_open(const char *url, size_t most)
{
    struct engine_pool *pool = calloc(1, sizeof *pool);
    (void)most;
    if (!pool)
        abort();
    pool->url = strdup(url);
    return pool;
}

static void pool_close(struct engine_pool *pool)
{
    free(pool->url);
    free(pool);
}

static struct engine_connection *join(struct engine_pool *pool, struct err *e)
{
    return connection_open(pool->url, e);
}

/* A file beside the database, locked as long as this process has it open. */
static bool lock_within(int fd, const char *what, int64_t patience_ms)
{
    enum { STEP_MS = 50 };
    if (patience_ms == HOLD_PATIENTLY)
        return flock(fd, LOCK_EX) == 0;
    for (int64_t left = patience_ms;; left -= STEP_MS) {
        if (flock(fd, LOCK_EX | LOCK_NB) == 0)
            return true;
        if (left <= 0)
            return false;
        if (left == patience_ms)
            say_held(what, patience_ms);
        nanosleep(&(struct timespec){.tv_nsec = STEP_MS * 1000000}, NULL);
    }
}

static bool hold(struct engine_connection *c, const char *what, int64_t patience_ms,
                 struct err *e)
{
    char path[4096];
    int len = snprintf(path, sizeof path, "%s.%s.lock", sqlite3_db_filename(c->writing, "main"),
                       what);
    assert(c->lock < 0 && len > 0 && (size_t)len < sizeof path);
    c->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (c->lock < 0)
        return FAIL(e, STORE, "store", "锁文件打不开。");
    return lock_within(c->lock, what, patience_ms) ||
           FAIL(e, CONFLICT, "store", HELD_BY_ANOTHER, what);
}

/* PostgreSQL numbers $1, $2, ...; to SQLite they are names, numbered by first appearance.
 * Looking the name up, once, is what lets one text serve both. */
static void find_slots(struct engine_statement *s)
{
    int count = sqlite3_bind_parameter_count(s->stmt);
    assert(count <= ARGUMENTS_MAX);
    for (int number = 1; number <= count; number++) {
        char name[16];
        snprintf(name, sizeof name, "$%d", number);
        s->slots[number] = (uint8_t)sqlite3_bind_parameter_index(s->stmt, name);
    }
}

static int slot_of(struct engine_statement *s, int number)
{
    assert(number <= ARGUMENTS_MAX && s->slots[number] > 0 &&
           "more arguments than the statement has");
    return s->slots[number];
}

/* Prepared at first use on each handle; store_open prepares all once, so that a typo fails the
 * start and not the exam. */
static struct engine_statement *start(struct engine_connection *c, enum sql which, bool writing)
{
    struct engine_statement *s = writing ? &c->on_writing[which] : &c->on_reading[which];
    if (!s->stmt) {
        s->handle = writing ? c->writing : c->reading;
        if (sqlite3_prepare_v3(s->handle, statement_sqlite(which), -1,
                               SQLITE_PREPARE_PERSISTENT, &s->stmt, NULL) != SQLITE_OK) {
            fprintf(stderr, "heng: statement %s: %s\n", statement_name(which),
                    sqlite3_errmsg(s->handle));
            abort();
        }
        assert((writing || sqlite3_stmt_readonly(s->stmt)) && "a write outside a transaction");
        find_slots(s);
    }
    return s;
}

static bool prepare_all(struct engine_connection *c, struct err *e)
{
    (void)e; /* a statement that cannot be prepared stops the program */
    for (int i = 0; i < SQL_COUNT; i++)
        start(c, (enum sql)i, true);
    return true;
}

/* An argument that could not be copied would be stored as NULL without a word. */
static void must_bind(int code)
{
    if (code == SQLITE_OK)
        return;
    fprintf(stderr, "heng: no memory (an argument of a statement, %s)\n", sqlite3_errstr(code));
    abort();
}

static void bind_int(struct engine_statement *s, int slot, int64_t v)
{
    must_bind(sqlite3_bind_int64(s->stmt, slot_of(s, slot), v));
}

static void bind_text(struct engine_statement *s, int slot, const char *v)
{
    must_bind(sqlite3_bind_text(s->stmt, slot_of(s, slot), v, -1, SQLITE_TRANSIENT));
}

static void bind_bytes(struct engine_statement *s, int slot, struct bytes v)
{
    must_bind(sqlite3_bind_blob64(s->stmt, slot_of(s, slot), v.at, v.len, SQLITE_TRANSIENT));
}

static void bind_null(struct engine_statement *s, int slot)
{
    must_bind(sqlite3_bind_null(s->stmt, slot_of(s, slot)));
}

static enum engine_step step(struct engine_statement *s, struct err *e)
{
    switch (sqlite3_step(s->stmt)) {
    case SQLITE_ROW:
        return STEP_ROW;
    case SQLITE_DONE:
        return STEP_DONE;
    case SQLITE_CONSTRAINT:
        if (sqlite3_extended_errcode(s->handle) == SQLITE_CONSTRAINT_TRIGGER) {
            fprintf(stderr, "heng: sqlite refuses: %s\n", sqlite3_errmsg(s->handle));
            FAIL(e, STORE, "store", REFUSED_FOR_GOOD);
        } else {
            FAIL(e, CONFLICT, "store", "与已有的记录冲突。");
        }
        return STEP_FAILED;
    default:
        fail(e, s->handle);
        return STEP_FAILED;
    }
}

static bool next_row(struct engine_statement *s, struct err *e)
{
    bool ok = step(s, e) == STEP_DONE;
    sqlite3_reset(s->stmt);
    return ok;
}

static bool end_rows(struct engine_statement *s, struct err *e)
{
    (void)s; /* every row was stored when it ended */
    (void)e;
    return true;
}

static int64_t changed(const struct engine_statement *s)
{
    return sqlite3_changes64(s->handle);
}

static void finish(struct engine_statement *s)
{
    sqlite3_reset(s->stmt);
    sqlite3_clear_bindings(s->stmt);
}

static bool is_null(const struct engine_statement *s, int column)
{
    return sqlite3_column_type(s->stmt, column) == SQLITE_NULL;
}

static int64_t get_int(const struct engine_statement *s, int column)
{
    return sqlite3_column_int64(s->stmt, column);
}

static struct bytes get_bytes(const struct engine_statement *s, int column)
{
    const void *at = sqlite3_column_blob(s->stmt, column);
    return (struct bytes){at, (size_t)sqlite3_column_bytes(s->stmt, column)};
}

static bool script(struct engine_connection *c, const char *sql, struct err *e)
{
    int code = sqlite3_exec(c->writing, sql, NULL, NULL, NULL);
    if (code == SQLITE_ERROR || code == SQLITE_CONSTRAINT) /* ours, read by whoever wrote it */
        return FAIL(e, STORE, "store", "脚本没有走完：%s", sqlite3_errmsg(c->writing));
    return code == SQLITE_OK || fail(e, c->writing);
}

static enum engine_step control(struct engine_connection *c, const char *sql, struct err *e)
{
    int code = sqlite3_exec(c->writing, sql, NULL, NULL, NULL);
    if (code == SQLITE_OK)
        return STEP_DONE;
    if (code == SQLITE_BUSY)
        return STEP_AGAIN;
    fail(e, c->writing);
    return STEP_FAILED;
}

static enum engine_step begin(struct engine_connection *c, struct err *e)
{
    return control(c, "BEGIN IMMEDIATE", e);
}

static enum engine_step commit(struct engine_connection *c, struct err *e)
{
    return control(c, "COMMIT", e);
}

static void rollback(struct engine_connection *c)
{
    if (!sqlite3_get_autocommit(c->writing))
        sqlite3_exec(c->writing, "ROLLBACK", NULL, NULL, NULL);
}

static bool again(struct engine_connection *c)
{
    (void)c; /* BEGIN IMMEDIATE has waited for the others */
    return false;
}

static bool checkpoint(struct engine_connection *c, struct err *e)
{
    int code = sqlite3_wal_checkpoint_v2(c->writing, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL,
                                         NULL);
    return code == SQLITE_OK || code == SQLITE_BUSY || fail(e, c->writing);
}

/* Somebody else who reads (a backup, `heng audit verify`) may be in the way: then all has been
 * copied but the log is not begun anew, which costs nothing here. */
static bool settle(struct engine_connection *c, struct err *e)
{
    int code = sqlite3_wal_checkpoint_v2(c->writing, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL,
                                         NULL);
    return code == SQLITE_OK || code == SQLITE_BUSY || fail(e, c->writing);
}

/* All pages into the file and the log cut to nothing: what was deleted is in neither of them. */
static bool compact(struct engine_connection *c, struct err *e)
{
    int code = sqlite3_wal_checkpoint_v2(c->writing, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL,
                                         NULL);
    if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
        return FAIL(e, TOO_MANY, "store", "数据库正被读取，稍后再清理。");
    return code == SQLITE_OK || fail(e, c->writing);
}

const struct engine sqlite_engine = {
    .name = "sqlite",
    .pool_open = pool_open,
    .pool_close = pool_close,
    .join = join,
    .open = connection_open,
    .close = connection_close,
    .prepare_all = prepare_all,
    .hold = hold,
    .script = script,
    .begin = begin,
    .commit = commit,
    .rollback = rollback,
    .again = again,
    .start = start,
    .bind_int = bind_int,
    .bind_text = bind_text,
    .bind_bytes = bind_bytes,
    .bind_null = bind_null,
    .next_row = next_row,
    .end_rows = end_rows,
    .step = step,
    .changed = changed,
    .finish = finish,
    .is_null = is_null,
    .get_int = get_int,
    .get_bytes = get_bytes,
    .checkpoint = checkpoint,
    .settle = settle,
    .compact = compact,
};
