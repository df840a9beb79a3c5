/* sitting/node_audit_test.c - audit rows of a node at the centre: what somebody changes, removes or cuts on
 * the node is found here, whether before it was sent or after. */
#include <jansson.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/signed_json.h"
#include "sitting/hand_up.h"
#include "sitting/node.h"
#include "store/audit.h"
#include "store/audit_row.h"
#include "store/db.h"
#include "store/signer.h"
#include "test/check.h"
#include "test/store.h"

enum { ROWS = 6, CALLS_MAX = 200 };

struct watching {
    struct test_store *node, *centre;
    struct actor who;
    struct signer *signer;
    struct node at_centre;
    unsigned char secret[SIGN_SECRET_BYTES];
    int64_t moment_ms;
    json_t *all; /* its rows, as a hand-up sends them */
};

static struct node_desk desk_of(struct watching *w)
{
    return (struct node_desk){w->centre->db, w->centre->arena, w->centre->master, w->signer,
                              &w->who};
}

static bool admit_node(struct db *db, void *ctx, struct err *e)
{
    struct watching *w = ctx;
    unsigned char public[SIGN_PUBLIC_BYTES];
    struct public_key *key = arena_new(w->centre->arena, struct public_key);
    sign_keypair(public, w->secret);
    if (!signer_guest_admit(w->signer, db, KEY_USE_room, public, w->who.now_ms, key, e))
        return false;
    w->at_centre.kid = key->kid;
    return true;
}

static bool put_row(struct db *db, void *ctx, struct err *e)
{
    struct watching *w = ctx;
    struct actor who = w->node->actor;
    who.now_ms = w->moment_ms;
    return audit_write(
        db, &who,
        &(struct audit_row){
            .act = ACT_room_finish,
            .object_type = "ro",
            .object = id_random(),
            .change = json_keep(w->node->arena, json_pack("{s:s}", "why", "完毕"))},
        e);
}

static void acts_on_node(struct watching *w, int count)
{
    struct err e = {0};
    for (int i = 0; i < count; i++)
        CHECK_OK("an act", db_transact(w->node->db, put_row, w, &e), &e);
}

static struct watching *watching_create(void)
{
    struct test_store *centre = test_store_create();
    struct watching *w = arena_new(centre->arena, struct watching);
    struct err e = {0};
    char code[NODE_CODE_TEXT_BYTES];
    test_transactions_alone(true); /* rows are counted */
    *w = (struct watching){.node = test_store_create(), .centre = centre, .who = centre->actor};
    w->moment_ms = w->who.now_ms;
    w->signer = signer_create(centre->arena, centre->master);
    CHECK_OK("keys", signer_keys_ensure(w->signer, centre->db, w->who.now_ms, &e), &e);
    struct node_desk desk = desk_of(w);
    CHECK_OK("invited", node_invite(&desk, "一号机房", &w->at_centre.id, code, &e), &e);
    CHECK_OK("reads", node_get(&desk, w->at_centre.id, &w->at_centre, &e), &e);
    CHECK_OK("admitted", db_transact(centre->db, admit_node, w, &e), &e);
    acts_on_node(w, ROWS);
    return w;
}

static void watching_destroy(struct watching *w)
{
    struct test_store *node = w->node, *centre = w->centre;
    test_transactions_alone(false);
    test_store_destroy(node);
    test_store_destroy(centre);
}

/* What the node sends: never more than the centre has not. */
static json_t *message(struct watching *w)
{
    struct arena *a = w->centre->arena;
    struct err e = {0};
    unsigned char signature[SIGNATURE_BYTES];
    struct bytes text;
    json_t *tops, *rows, *heads;
    CHECK_OK("tops", node_audit_tops(w->centre->db, a, w->at_centre.id, &tops, &e), &e);
    CHECK_OK("part", hand_up_audit(w->node->db, a, tops, &rows, &heads, &e), &e);
    json_t *s = json_pack("{s:O, s:I}", "heads", heads, "moment", (json_int_t)++w->moment_ms);
    json_keep(a, s);
    signed_json_prepare(s, "node-audit", w->at_centre.kid, w->who.now_ms);
    CHECK_OK("message", signed_json_message(a, "node-audit", s, &text, &e), &e);
    sign_bytes(signature, text.at, text.len, w->secret);
    signed_json_put_signature(a, s, signature);
    return json_keep(a, json_pack("{s:O, s:O}", "rows", rows, "statement", s));
}

static void take(struct watching *w, const json_t *m)
{
    struct node_desk desk = desk_of(w);
    struct err e = {0};
    CHECK_OK("takes", node_audit_take(&desk, &w->at_centre, m, &e), &e);
}

static struct node_audit_finding *findings(struct watching *w, size_t *count)
{
    struct node_audit_finding *list;
    struct err e = {0};
    CHECK_OK(
        "findings",
        node_audit_findings(w->centre->db, w->centre->arena, w->at_centre.id, &list, count, &e),
        &e);
    return list;
}

static void finds(struct watching *w, const char *what, int64_t seq)
{
    size_t count, i;
    struct node_audit_finding *list = findings(w, &count);
    for (i = 0; i < count; i++)
        if (strcmp(list[i].what, what) == 0 && list[i].seq == seq)
            break;
    CHECK_INT(what, i < count, true);
}

static size_t verify_breaks(struct watching *w, int64_t *rows)
{
    struct node_audit_report r;
    struct err e = {0};
    CHECK_OK("verify", node_audit_verify(w->centre->db, w->centre->arena, &r, &e), &e);
    *rows = r.rows;
    return r.break_count;
}

static void on_node(struct watching *w, const char *sql)
{
    struct err e = {0};
    const char *open = "-- only sqlite\n"
                       "DROP TRIGGER IF EXISTS audit_row_no_update;"
                       "DROP TRIGGER IF EXISTS audit_row_no_delete;\n"
                       "-- end\n"
                       "-- only postgres\n"
                       "DROP TRIGGER IF EXISTS audit_row_no_change ON audit_row;\n"
                       "-- end\n";
    CHECK_OK("hurts",
             test_store_script(w->node, arena_printf(w->node->arena, "%s%s;", open, sql), &e),
             &e);
}

void node_audit_travels_test(void)
{
    struct watching *w = watching_create();
    size_t count;
    int64_t rows;
    json_t *first = message(w);
    CHECK_INT("all rows", json_array_size(json_object_get(first, "rows")), ROWS);
    take(w, first);
    json_t *nothing = message(w);
    CHECK_INT("nothing moved",
              json_array_size(json_object_get(json_object_get(nothing, "statement"), "heads")),
              0);
    acts_on_node(w, 2);
    json_t *second = message(w);
    CHECK_INT("what is new", json_array_size(json_object_get(second, "rows")), 2);
    take(w, second);
    take(w, second); /* twice, and one that comes late, do no harm */
    take(w, first);
    findings(w, &count);
    CHECK_INT("no finding", count, 0);
    CHECK_INT("verifies", verify_breaks(w, &rows), 0);
    CHECK_INT("every row", rows, ROWS + 2);
    acts_on_node(w, HAND_UP_PART_ROWS + 3);
    take(w, message(w));
    CHECK_INT("a part of many, and heads no further", verify_breaks(w, &rows), 0);
    CHECK_INT("as many as go at once", rows, ROWS + 2 + HAND_UP_PART_ROWS);
    take(w, message(w));
    CHECK_INT("the rest", (verify_breaks(w, &rows), rows), ROWS + 2 + HAND_UP_PART_ROWS + 3);
    findings(w, &count);
    CHECK_INT("still none", count, 0);
    watching_destroy(w);
}

static bool resend(struct db *db, void *ctx, struct err *e)
{
    struct watching *w = ctx;
    struct node_desk desk = desk_of(w);
    size_t bad;
    return node_audit_take_rows(&desk, db, &w->at_centre, w->all, &bad, e);
}

static const struct {
    const char *name, *sql, *what;
    int64_t seq;
    bool sent, resent; /* hurt after it was sent; sent once more as at the hand-up */
} hurts[] = {
    {"changed before it went", "UPDATE audit_row SET change = '{}' WHERE seq = 4", "changed", 4,
     false, false},
    {"removed before it went", "DELETE FROM audit_row WHERE seq = 3", "missing", 3, false,
     false},
    {"changed after it went", "UPDATE audit_row SET act = act + 1 WHERE seq = 2", "rewritten",
     2, true, true},
    {"the end cut",
     "DELETE FROM audit_row WHERE seq > 4; UPDATE audit_chain SET seq = 4, head = (SELECT hash"
     " FROM audit_row WHERE seq = 4)",
     "cut", 5, true, false},
    {"all of it gone", "DELETE FROM audit_row; DELETE FROM audit_chain", "cut", 1, true, false},
};

void node_audit_hurt_test(void)
{
    for (size_t i = 0; i < sizeof hurts / sizeof *hurts; i++) {
        struct watching *w = watching_create();
        struct err e = {0};
        size_t count;
        int64_t rows;
        if (hurts[i].sent)
            take(w, message(w));
        on_node(w, hurts[i].sql);
        if (hurts[i].resent) {
            struct hand_up_part p = {"audit", w->node->actor.body, 2, 0};
            int64_t last;
            CHECK_OK("all rows",
                     hand_up_read(w->node->db, w->centre->arena, &p, &w->all, &last, &e), &e);
            CHECK_OK("resent", db_transact(w->centre->db, resend, w, &e), &e);
        } else {
            take(w, message(w));
        }
        findings(w, &count);
        CHECK(hurts[i].name, count > 0);
        finds(w, hurts[i].what, hurts[i].seq);
        CHECK("and by heng room verify", verify_breaks(w, &rows) > 0);
        watching_destroy(w);
    }
}

/* Cut, and written on: the same places hold other rows now. */
void node_audit_rewritten_test(void)
{
    struct watching *w = watching_create();
    take(w, message(w));
    on_node(w, "DELETE FROM audit_row WHERE seq > 4; UPDATE audit_chain SET seq = 4, head = "
               "(SELECT hash"
               " FROM audit_row WHERE seq = 4)");
    acts_on_node(w, 2); /* as many as were cut */
    take(w, message(w));
    finds(w, "rewritten", ROWS);
    watching_destroy(w);
}

/* At the centre, too: its copy of the rows is proved by the node's signed heads. */
void node_audit_here_test(void)
{
    static const char *const sql[] = {
        "DELETE FROM room_audit WHERE seq = 6",
        "DELETE FROM room_audit WHERE seq = 3",
        "UPDATE room_audit SET row_text = '{}' WHERE seq = 3",
        "UPDATE room_audit SET owner = node_id WHERE seq = 3",
    };
    for (size_t i = 0; i < sizeof sql / sizeof *sql; i++) {
        struct watching *w = watching_create();
        struct err e = {0};
        int64_t rows;
        take(w, message(w));
        CHECK_INT("whole", verify_breaks(w, &rows), 0);
        CHECK("refused", !test_store_script(w->centre, sql[i], &e));
        e = (struct err){0};
        CHECK_OK("opened",
                 test_store_script(
                     w->centre,
                     "-- only sqlite\n"
                     "DROP TRIGGER room_audit_no_update; DROP TRIGGER room_audit_no_delete;\n"
                     "-- end\n"
                     "-- only postgres\n"
                     "DROP TRIGGER room_audit_no_change ON room_audit;\n"
                     "-- end\n",
                     &e),
                 &e);
        CHECK_OK("hurt", test_store_script(w->centre, sql[i], &e), &e);
        CHECK(sql[i], verify_breaks(w, &rows) > 0);
        watching_destroy(w);
    }
}

void node_audit_refused_test(void)
{
    struct watching *w = watching_create();
    struct node_desk desk = desk_of(w);
    struct node other = w->at_centre;
    json_t *m = message(w), *row = json_array_get(json_object_get(m, "rows"), 0);
    struct err e = {0};
    other.kid = "another";
    CHECK_REFUSED("of another node", node_audit_take(&desk, &other, m, &e), &e, INVALID,
                  "/statement");
    e = (struct err){0};
    json_object_set_new(row, "seq", json_integer(0));
    CHECK_REFUSED("no row", node_audit_take(&desk, &w->at_centre, m, &e), &e, INVALID, "/rows");
    e = (struct err){0};
    json_object_set_new(json_object_get(m, "statement"), "moment", json_integer(7));
    CHECK("changed after it was signed", !node_audit_take(&desk, &w->at_centre, m, &e));
    int64_t rows;
    CHECK_INT("nothing of it is here", (verify_breaks(w, &rows), rows), 0);
    watching_destroy(w);
}

void node_audit_faults_test(void)
{
    struct watching *w = watching_create();
    struct node_desk desk = desk_of(w);
    on_node(w, "UPDATE audit_row SET change = '{}' WHERE seq = 4");
    json_t *m = message(w);
    for (int nth = 1;; nth = test_next_call(nth)) {
        struct err e = {0}, none = {0};
        struct audit_report before, after;
        size_t count;
        int64_t rows;
        CHECK_OK("audit", audit_verify(w->centre->db, w->centre->arena, &before, &none), &none);
        db_fail_call(w->centre->db, nth, false);
        bool ok = node_audit_take(&desk, &w->at_centre, m, &e);
        db_fail_call(w->centre->db, 0, false);
        CHECK("nothing left open", db_is_idle(w->centre->db));
        CHECK_OK("audit", audit_verify(w->centre->db, w->centre->arena, &after, &none), &none);
        findings(w, &count);
        CHECK_INT("its finding", count, ok);
        CHECK_INT("with its audit row", after.rows - before.rows, ok);
        (void)verify_breaks(w, &rows);
        CHECK_INT("all rows or none", rows, ok ? ROWS : 0);
        if (ok)
            break;
        CHECK_INT("a fault", e.code, ERR_STORE);
        CHECK("ends", nth < CALLS_MAX);
    }
    watching_destroy(w);
}
