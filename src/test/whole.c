/* test/whole.c - a whole use case with each of its calls failing. */
#include "test/whole.h"

#include <sqlite3.h>
#include <stdlib.h>

#include "store/engine.h"

enum { CALLS_MAX = 2000 };

/* ------------------------------------------------------------------ what is in the database */
static void must(sqlite3 *s, int code, int wanted)
{
    if (code != wanted)
        print_error("sqlite: %s\n", sqlite3_errmsg(s));
    CHECK_INT("sqlite", code, wanted);
}

static void hash_row(sqlite3_stmt *row, const char *table, unsigned char out[HASH_BYTES])
{
    struct hash_state h;
    hash_begin(&h);
    hash_add(&h, table, strlen(table) + 1);
    for (int i = 0; i < sqlite3_column_count(row); i++) {
        const void *bytes = sqlite3_column_blob(row, i);
        int len = sqlite3_column_bytes(row, i), type = sqlite3_column_type(row, i);
        hash_add(&h, &type, sizeof type);
        hash_add(&h, &len, sizeof len);
        if (len)
            hash_add(&h, bytes, (size_t)len);
    }
    hash_end(&h, out);
}

/* The sum of the rows' hashes does not know their order. */
static void add_table(sqlite3 *s, struct arena *a, const char *table,
                      unsigned char sum[HASH_BYTES])
{
    sqlite3_stmt *rows;
    int code;
    must(s,
         sqlite3_prepare_v2(s, arena_printf(a, "SELECT * FROM \"%s\"", table), -1, &rows, NULL),
         SQLITE_OK);
    while ((code = sqlite3_step(rows)) == SQLITE_ROW) {
        unsigned char one[HASH_BYTES];
        unsigned carry = 0;
        hash_row(rows, table, one);
        for (int i = 0; i < HASH_BYTES; i++) {
            carry += (unsigned)sum[i] + one[i];
            sum[i] = (unsigned char)carry;
            carry >>= 8;
        }
    }
    must(s, code, SQLITE_DONE);
    sqlite3_finalize(rows);
}

static void digest_sqlite(struct test_store *t, unsigned char out[HASH_BYTES])
{
    sqlite3 *s;
    sqlite3_stmt *tables;
    struct arena *a = arena_create(1 << 20);
    int code, count = 0;
    memset(out, 0, HASH_BYTES);
    must(NULL, sqlite3_open_v2(t->url, &s, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    must(s, sqlite3_busy_timeout(s, 5000), SQLITE_OK);
    must(s,
         sqlite3_prepare_v2(s,
                            "SELECT name FROM sqlite_master WHERE type = 'table'"
                            " AND name NOT LIKE 'sqlite_%'",
                            -1, &tables, NULL),
         SQLITE_OK);
    for (; (code = sqlite3_step(tables)) == SQLITE_ROW; count++)
        add_table(s, a, (const char *)sqlite3_column_text(tables, 0), out);
    must(s, code, SQLITE_DONE);
    CHECK("there are tables", count > 50);
    sqlite3_finalize(tables);
    sqlite3_close(s);
    arena_destroy(a);
}

static const char digest_all[] =
    "DO $do$ DECLARE one record; part text; whole text := ''; BEGIN"
    " FOR one IN SELECT c.oid::regclass AS name FROM pg_class c JOIN pg_namespace n"
    " ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND n.nspname = 'public'"
    " AND pg_relation_size(c.oid) > 0 ORDER BY 1 LOOP"
    " EXECUTE format('SELECT string_agg(h, '''' ORDER BY h) FROM"
    " (SELECT md5(t::text) AS h FROM %s t) x', one.name) INTO part;"
    " IF part <> '' THEN whole := md5(whole || one.name || part); END IF;"
    " END LOOP; RAISE EXCEPTION 'digest %', whole; END $do$";

/* A connection costs more than the digest: a loop keeps one. */
static struct engine_connection *reader_open(struct test_store *t)
{
    struct err e = {0};
    if (!test_store_is_postgres(t))
        return NULL;
    struct engine_connection *reader = postgres_engine.open(t->url, &e);
    CHECK_OK("to read with", reader, &e);
    return reader;
}

static void reader_close(struct engine_connection *reader)
{
    if (reader)
        postgres_engine.close(reader);
}

static void digest_postgres(struct engine_connection *reader, unsigned char out[HASH_BYTES])
{
    struct err e = {0};
    CHECK("it is told by an error", !postgres_engine.script(reader, digest_all, &e));
    const char *digest = strstr(e.text, "digest ");
    CHECK(e.text, digest && strlen(digest) >= 39);
    hash_of(out, digest, 39);
}

static void digest(struct test_store *t, struct engine_connection *reader,
                   unsigned char out[HASH_BYTES])
{
    if (reader)
        digest_postgres(reader, out);
    else
        digest_sqlite(t, out);
}

void test_store_digest(struct test_store *t, unsigned char out[HASH_BYTES])
{
    struct engine_connection *reader = reader_open(t);
    digest(t, reader, out);
    reader_close(reader);
}

/* ------------------------------------------------------------------ the loop */
struct whole whole_begin(const char *what, struct test_store *t, struct db *db)
{
    return (struct whole){.what = what, .t = t, .db = db, .reader = reader_open(t)};
}

bool whole_next(struct whole *w)
{
    if (w->over) {
        reader_close(w->reader);
        return false;
    }
    w->forever = !w->forever;
    if (w->forever)
        w->nth = test_next_call(w->nth);
    CHECK(w->what, w->nth < CALLS_MAX);
    digest(w->t, w->reader, w->before);
    db_fail_call(w->db, w->nth, w->forever);
    return true;
}

void whole_ran(struct whole *w, bool ok, const struct err *e)
{
    unsigned char now[HASH_BYTES];
    bool fired = db_fault_fired(w->db);
    db_fail_call(w->db, 0, false);
    digest(w->t, w->reader, now);
    bool same = memcmp(now, w->before, sizeof now) == 0;
    if (!db_is_idle(w->db) || ok == fired || same != fired || (fired && e->code != ERR_STORE))
        print_error("%s: call %d%s: %s %s %s\n", w->what, w->nth,
                    w->forever ? " and all after it" : "", err_name(e->code), e->field,
                    e->text);
    CHECK("nothing is left begun", db_is_idle(w->db));
    CHECK("a failed call is told, and nothing else fails", ok != fired);
    CHECK("all is done, or nothing", same == fired);
    CHECK("it is told as what it is", !fired || e->code == ERR_STORE);
    w->over = !fired;
}
