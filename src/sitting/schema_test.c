/* sitting/schema_test.c - the database is not rebuilt under candidates who sit in an exam, and its tables of the
 * delivery can be spread over machines by session. */
#include "base/arena.h"
#include "sitting/delivery_fixture.h"
#include "store/db.h"

static const char forget_newest[] =
    "DELETE FROM schema_migration WHERE number = (SELECT MAX(number) FROM schema_migration);";

void schema_waits_for_the_exam_test(void)
{
    struct delivery *d = delivery_create();
    struct play_device dev;
    struct err e = {0}, sits = {0};
    struct store *again;
    delivery_start_room(d, fixture_now_ms);
    delivery_open(d, 0, &dev);
    again = store_open(d->t->url, &e);
    CHECK_OK("nothing to migrate", again != NULL, &e);
    store_close(again);
    CHECK_OK("as if a newer program came", test_store_script(d->t, forget_newest, &e), &e);
    again = store_open(d->t->url, &sits);
    CHECK_REFUSED("somebody sits", again != NULL, &sits, CONFLICT, "store");
    CHECK("says how many", strstr(sits.text, "1 名考生"));
    play_end(&dev);
    delivery_destroy(d);
}

/* Written from the sealing of the papers to the receipt: doc/decisions/0075. */
static const struct {
    const char *name, *session; /* the column that is the session */
} delivered[] = {
    {"aside_decision", "session_id"},  {"attempt", "session_id"},
    {"attempt_closing", "session_id"}, {"attempt_epoch", "session_id"},
    {"attempt_receipt", "session_id"}, {"delivery_room", "session_id"},
    {"delivery_session", "id"},        {"handed_file", "session_id"},
    {"handed_piece", "session_id"},    {"journal_entry", "session_id"},
    {"notice_look", "session_id"},     {"notice_review", "session_id"},
    {"recording_key", "session_id"},   {"recording_piece", "session_id"},
    {"seat_check", "session_id"},      {"session_conduct", "session_id"},
    {"time_ledger", "session_id"},     {"violation", "session_id"},
};
/* Of attempts that are over: marking has its own rows, some for each candidate, none for each save. */
static const char *const marked[] = {"scan_attempt", "scan_mark",      "scan_page",  "script",
                                     "theory_mark",  "typed_decision", "typed_sheet"};
enum {
    DELIVERED = sizeof delivered / sizeof *delivered,
    MARKED = sizeof marked / sizeof *marked
};

struct key {
    const char *table, *name;
    bool of_attempt, of_session; /* has attempt_id; has the session */
};

static int delivered_at(const char *table)
{
    for (int i = 0; i < DELIVERED; i++)
        if (strcmp(delivered[i].name, table) == 0)
            return i;
    return -1;
}

static bool is_marked(const char *table)
{
    for (size_t i = 0; i < MARKED; i++)
        if (strcmp(marked[i], table) == 0)
            return true;
    return false;
}

/* One key is complete. */
static void look_at(const struct key *k, int keys[DELIVERED])
{
    int at = k->table ? delivered_at(k->table) : -1;
    if (at >= 0) {
        keys[at]++;
        CHECK(k->name, k->of_session);
    }
    if (k->table && k->of_attempt && !k->of_session)
        CHECK(k->table,
              is_marked(k->table)); /* a new table of attempts: is it on the way of an exam? */
}

/* Read from the catalogue of the engine. */
void delivery_is_keyed_by_session_test(void)
{
    struct test_store *t = test_store_create();
    struct err e = {0};
    struct key k = {0};
    int keys[DELIVERED] = {0};
    struct query *q = db_query(t->db, SQL_unique_key_columns);
    while (query_next(q, &e)) {
        const char *table = query_get_text(q, 0, t->arena),
                   *name = query_get_text(q, 1, t->arena),
                   *column = query_get_text(q, 2, t->arena);
        if (!k.name || strcmp(k.name, name) != 0) {
            look_at(&k, keys);
            k = (struct key){.table = table, .name = name};
        }
        int at = delivered_at(table);
        k.of_attempt |= strcmp(column, "attempt_id") == 0;
        k.of_session |= strcmp(column, at >= 0 ? delivered[at].session : "session_id") == 0;
    }
    look_at(&k, keys);
    CHECK_OK("the catalogue", e.code == ERR_NONE, &e);
    for (int i = 0; i < DELIVERED; i++)
        CHECK(delivered[i].name, keys[i] > 0); /* each has its primary key at least */
    test_store_destroy(t);
}
