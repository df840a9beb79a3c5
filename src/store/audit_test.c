/* store/audit_test.c - S27: any changed, removed or inserted row is named. */
#include "store/audit.h"

#include "base/json.h"
#include "store/engine.h"
#include "test/check.h"
#include "test/store.h"

static bool write_one(struct db *db, void *ctx, struct err *e)
{
    struct test_store *t = ctx;
    struct audit_row row = {
        .act = ACT_system_start, .object_type = "sy", .object = id_random()};
    row.change = json_keep(t->arena, json_pack("{s:{s:i}}", "after", "n", 5));
    return audit_write(db, &t->actor, &row, e);
}

static struct test_store *with_rows(int n)
{
    struct test_store *t = test_store_create();
    for (int i = 0; i < n; i++) {
        struct err e = {0};
        CHECK_OK("row", db_transact(t->db, write_one, t, &e), &e);
    }
    return t;
}

static struct audit_report verify(struct test_store *t)
{
    struct err e = {0};
    struct audit_report r;
    CHECK_OK("verify", audit_verify(t->db, t->arena, &r, &e), &e);
    return r;
}

/* As somebody with the file at hand would. */
static void tamper(struct test_store *t, const char *sql)
{
    struct err e = {0};
    CHECK_OK(sql, test_store_script(t, sql, &e), &e);
}

void audit_chain_holds_test(void)
{
    struct test_store *t = with_rows(5);
    t->actor.body = id_random(); /* a second chain */
    struct err e = {0};
    CHECK_OK("row", db_transact(t->db, write_one, t, &e), &e);
    struct audit_report r = verify(t);
    CHECK_INT("chains", r.chains, 2);
    CHECK_INT("rows", r.rows, 6);
    CHECK_INT("breaks", r.break_count, 0);
    CHECK_TEXT("name", act_name(ACT_system_start), "system_start");
    test_store_destroy(t);
}

void audit_rows_are_never_changed_test(void)
{
    struct test_store *t = with_rows(2);
    static const char *const sql[] = {"UPDATE audit_row SET act = 2", "DELETE FROM audit_row"};
    for (size_t i = 0; i < sizeof sql / sizeof *sql; i++) {
        struct err e = {0};
        CHECK_REFUSED(sql[i], test_store_script(t, sql[i], &e), &e, STORE, "store");
    }
    CHECK_INT("rows", verify(t).rows, 2);
    test_store_destroy(t);
}

void audit_names_what_was_done_test(void)
{
    static const struct {
        const char *what, *sql, *says;
        int64_t seq;
    } cases[] = {
        {"changed value", "UPDATE audit_row SET change='{}' WHERE seq=2", "changed", 2},
        {"changed actor", "UPDATE audit_row SET actor=NULL WHERE seq=3", "changed", 3},
        {"changed time", "UPDATE audit_row SET at_ms=at_ms+1 WHERE seq=1", "changed", 1},
        {"removed row", "DELETE FROM audit_row WHERE seq=4", "missing", 4},
        {"cut tail", "DELETE FROM audit_row WHERE seq=5", "missing", 5},
        {"inserted row",
         "INSERT INTO audit_row SELECT chain,6,at_ms,actor,second,role,act,object_type,object,"
         "request,address,change,hash FROM audit_row WHERE seq=5",
         "changed", 6},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct test_store *t = with_rows(5);
        tamper(t, "-- only sqlite\n"
                  "DROP TRIGGER audit_row_no_update; DROP TRIGGER audit_row_no_delete\n"
                  "-- end\n"
                  "-- only postgres\n"
                  "DROP TRIGGER audit_row_no_change ON audit_row\n"
                  "-- end\n");
        tamper(t, cases[i].sql);
        struct audit_report r = verify(t);
        CHECK(cases[i].what, r.break_count >= 1);
        CHECK_TEXT(cases[i].what, r.breaks[0].what, cases[i].says);
        CHECK_INT(cases[i].what, r.breaks[0].seq, cases[i].seq);
        test_store_destroy(t);
    }
}
