/* store/migrate_test.c - rows that were there before a migration rebuilt their tables are there after it. */
#include "store/migrate.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/embed.h"
#include "store/engine.h"
#include "test/check.h"
#include "test/store.h"

enum { SESSION_KEYS = 1460 };

/* Two who sat in two sessions; nothing of theirs but the attempt said in which. Both engines take a word for
 * bytes. */
static const char sat[] =
    "INSERT INTO attempt (id, session_id, room_id, seat_id, seat_no, entry_id, ticket, name,"
    " document_index, document_letter, document_country, state, epoch, last_row, seal_code) "
    "VALUES"
    " ('one', 'may', 'room', 'seat', 7, 'entry', 'T1', '甲', 'index', 'X', 'CN', 'sealed', 2, "
    "41, 'QX'),"
    " ('two', 'june', 'hall', 'chair', 8, 'other', 'T2', '乙', 'index', 'X', 'CN', 'closed', "
    "1, "
    "9, NULL);"
    "INSERT INTO attempt_epoch (attempt_id, epoch, pub, weak, claim_id, main_head, takeover, "
    "at_ms)"
    " VALUES ('one', 1, 'pub', 0, 'claim', 'head', 0, 11), ('one', 2, 'pub', 0, 'claim', "
    "'head', 1, 12),"
    " ('two', 1, 'pub', 0, 'claim', 'head', 0, 13);"
    "INSERT INTO attempt_closing (attempt_id, reason, actor, second, at_ms) VALUES"
    " ('two', 'reason', 'actor', 'second', 14);"
    "INSERT INTO aside_decision (attempt_id, epoch, seq, reason, actor, second, at_ms) VALUES"
    " ('one', 1, 5, 'reason', 'actor', 'second', 15);"
    "INSERT INTO attempt_receipt (attempt_id, head, text, at_ms) VALUES ('one', 'head', '{}', "
    "16);"
    "INSERT INTO handed_file (attempt_id, digest, session_id, item_no, type, size, blob_id, "
    "received_ms)"
    " VALUES ('one', 'digest', 'may', 3, 'pdf', 17, 'blob', 18);"
    "INSERT INTO recording_piece (attempt_id, source, started_ms, session_id, length_ms, "
    "blob_id, digest,"
    " size, received_ms) VALUES ('two', 'camera', 19, 'june', 20, 'blob', 'digest', 21, 22);"
    "INSERT INTO notice_look (attempt_id, epoch, seq, actor, at_ms) VALUES ('two', 1, 4, "
    "'actor', 23);"
    "INSERT INTO notice_review (attempt_id, epoch, seq, verdict, reason, actor, at_ms) VALUES"
    " ('two', 1, 4, 'harmless', 'reason', 'actor', 24);"
    "INSERT INTO violation (id, session_id, attempt_id, entry_id, code, trigger_no, note, "
    "told, reporter,"
    " at_ms, state) VALUES ('case', 'may', 'one', 'entry', 'code', 1, 'note', 1, 'actor', 25, "
    "'open');"
    "INSERT INTO seat_check (room_id, seat_no, session_id, result, passed, at_ms) VALUES"
    " ('room', 7, 'may', '{}', 1, 26);"
    "INSERT INTO scan_mark (attempt_id, n, body_id, response, account_id, at_ms) VALUES"
    " ('one', 3, 'body', '[]', 'actor', 27);"
    "INSERT INTO typed_sheet (attempt_id, ordinal, body_id, session_id, account_id, answers, "
    "version, changed_ms, submitted_ms) VALUES ('one', 1, 'body', 'may', 'actor', '{}', 1, 28, "
    "28);"
    "INSERT INTO typed_decision (attempt_id, n, body_id, response, reason, account_id, at_ms)"
    " VALUES ('one', 3, 'body', 'null', 'why', 'actor', 29);"
    "INSERT INTO theory_mark (attempt_id, key_version, body_id, session_id, entry_id, "
    "component,"
    " source, millimarks, full_millimarks, places, areas, doubtful, at_ms) VALUES"
    " ('one', 1, 'body', 'may', 'entry', 'theory', 'source', 5, 9, '[]', '[]', 0, 30);";

/* A count that is not what it should be ends the script. */
#define KEPT(table, count, where)                                                              \
    "INSERT INTO kept SELECT COUNT(*) - " #count " FROM " table " WHERE " where ";"
static const char kept[] =
    "CREATE TABLE kept (missing BIGINT NOT NULL CHECK (missing = 0));" KEPT(
        "attempt", 1,
        "session_id = 'may' AND id = 'one' AND seat_no = 7 AND ticket = 'T1' AND name = '甲'"
        " AND epoch = 2 AND last_row = 41 AND seal_code = 'QX' AND paper_id IS NULL")
        KEPT("attempt", 1,
             "session_id = 'june' AND id = 'two' AND state = 'closed' AND presence = 'unknown'")
            KEPT("attempt_epoch", 2,
                 "session_id = 'may' AND attempt_id = 'one' AND at_ms = 10 + epoch")
                KEPT("attempt_epoch", 1,
                     "session_id = 'june' AND attempt_id = 'two' AND at_ms = 13 AND takeover = "
                     "0") KEPT("attempt_closing", 1,
                               "session_id = 'june' AND attempt_id = 'two' AND done_ms IS NULL")
                    KEPT("aside_decision", 1,
                         "session_id = 'may' AND attempt_id = 'one' AND seq = 5 AND at_ms = 15")
                        KEPT("attempt_receipt", 1,
                             "session_id = 'may' AND attempt_id = 'one' AND text = '{}'")
                            KEPT("handed_file", 1,
                                 "session_id = 'may' AND attempt_id = 'one' AND item_no = 3 "
                                 "AND size = 17") KEPT("recording_piece", 1,
                                                       "session_id = 'june' AND started_ms = "
                                                       "19 AND length_ms = 20 AND size = 21")
                                KEPT("notice_look", 1,
                                     "session_id = 'june' AND attempt_id = 'two' AND seq = 4 "
                                     "AND at_ms = 23")
                                    KEPT("notice_review", 1,
                                         "session_id = 'june' AND attempt_id = 'two' AND "
                                         "verdict = 'harmless'")
                                        KEPT("violation", 1,
                                             "session_id = 'may' AND id = 'case' AND "
                                             "attempt_id = 'one' AND told = 1")
                                            KEPT("seat_check", 1,
                                                 "session_id = 'may' AND room_id = 'room' AND "
                                                 "passed = 1 AND at_ms = 26")
    /* in the first round of a scanned sheet */
    KEPT("scan_mark", 1, "round = 0 AND n = 3 AND at_ms = 27")
        KEPT("typed_sheet", 1, "round = 0 AND ordinal = 1 AND submitted_ms = 28")
            KEPT("typed_decision", 1, "round = 0 AND n = 3 AND reason = 'why'")
                KEPT("theory_mark", 1, "round = 0 AND millimarks = 5 AND at_ms = 30");
static const char one_too_many[] = KEPT("attempt", 3, "1 = 1");

/* A database of its own: another file, or another schema of the same database. */
static const char *elsewhere(struct test_store *t)
{
    struct err e = {0};
    if (!test_store_is_postgres(t))
        return arena_printf(t->arena, "%s/before.db", t->folder);
    CHECK_OK("a schema", test_store_script(t, "CREATE SCHEMA before_keys", &e), &e);
    return arena_printf(t->arena, "%s%coptions=-csearch_path%%3Dbefore_keys", t->url,
                        strchr(t->url, '?') ? '&' : '?');
}

static void run(const struct engine *engine, struct engine_connection *c, const char *sql,
                const char *what)
{
    struct err e = {0};
    CHECK_INT(what, engine->begin(c, &e), STEP_DONE);
    CHECK_OK(what, engine->script(c, sql, &e), &e);
    CHECK_INT(what, engine->commit(c, &e), STEP_DONE);
}

/* The schema as a program before NUMBER made it. */
static void migrate_before(struct test_store *t, const struct engine *engine,
                           struct engine_connection *c, int number)
{
    const struct embedded *file;
    run(engine, c,
        "CREATE TABLE schema_migration (number BIGINT PRIMARY KEY, name TEXT NOT NULL,"
        " digest TEXT NOT NULL)",
        "register");
    for (size_t i = 0; (file = embedded_under("migrations/", i)); i++) {
        const char *name = file->name + strlen("migrations/");
        long its = strtol(name, NULL, 10);
        if (its >= number)
            continue;
        run(engine, c,
            arena_printf(
                t->arena, "%s;\nINSERT INTO schema_migration VALUES (%ld, '%s', '%s')",
                migration_for_engine(t->arena, (const char *)file->bytes, engine->name), its,
                name, file->digest),
            name);
    }
}

void rows_outlive_session_keys_test(void)
{
    struct test_store *t = test_store_create();
    const struct engine *engine = engine_of(t->url);
    struct err e = {0}, why = {0};
    const char *url = elsewhere(t);
    struct engine_connection *c = engine->open(url, &e);
    CHECK_OK("open", c != NULL, &e);
    migrate_before(t, engine, c, SESSION_KEYS);
    run(engine, c, sat, "as they sat");
    CHECK_OK("the rest of the migrations", store_migrate(engine, c, &e), &e);
    run(engine, c, kept, "all of it is there");
    CHECK_INT("begin", engine->begin(c, &e), STEP_DONE);
    CHECK("what is not is missed", !engine->script(c, one_too_many, &why));
    engine->rollback(c);
    engine->close(c);
    test_store_destroy(t);
}
