/* store/anchor_test.c - S28: a cut tail is found from an anchor outside, however many rows were cut. */
#include "store/anchor.h"

#include <stdio.h>

#include "base/json.h"
#include "store/signer.h"
#include "test/check.h"
#include "test/store.h"

struct play {
    struct test_store *t;
    struct signer *signer;
    struct key_table keys;
    struct id run;
    int64_t now_ms;
};

static struct play begin(void)
{
    struct err e = {0};
    struct play p = {.t = test_store_create(), .run = id_random()};
    p.now_ms = p.t->actor.now_ms;
    p.signer = signer_create(p.t->arena, p.t->master);
    CHECK_OK("keys", signer_keys_ensure(p.signer, p.t->db, p.now_ms, &e), &e);
    CHECK_OK("table", signer_key_table(p.t->db, p.t->arena, &p.keys, &e), &e);
    return p;
}

struct rows {
    struct test_store *t;
    int n;
    struct id object;
};

static bool write_rows(struct db *db, void *ctx, struct err *e)
{
    struct rows *r = ctx;
    for (int i = 0; i < r->n; i++) {
        const struct audit_row row = {
            .act = ACT_system_start, .object_type = "sy", .object = r->object};
        if (!audit_write(db, &r->t->actor, &row, e))
            return false;
    }
    return true;
}

static void write(struct play *p, int n, struct id object)
{
    struct err e = {0};
    struct rows r = {p->t, n, object};
    CHECK_OK("rows", db_transact(p->t->db, write_rows, &r, &e), &e);
}

static void anchor(struct play *p, enum anchor_moment moment)
{
    struct err e = {0};
    bool made;
    const struct anchor_order o = {p->now_ms, moment, p->run, ANCHOR_EVERY_MS};
    CHECK_OK("anchor", anchor_make(p->signer, p->t->db, &o, &made, &e), &e);
    CHECK("made", made);
    p->now_ms += ANCHOR_EVERY_MS;
}

/* What a file holds by now. */
static size_t file_of(struct play *p, struct anchor_text **out)
{
    struct err e = {0};
    size_t n;
    CHECK_OK("list", anchor_list(p->t->db, p->t->arena, 0, 1000, out, &n, &e), &e);
    return n;
}

static struct anchor_report check(struct play *p, const struct anchor_text *lines, size_t n)
{
    struct err e = {0};
    struct anchor_report r;
    struct anchor_check *c = anchor_check_begin(p->t->db, p->t->arena, &p->keys);
    anchor_check_file(c);
    for (size_t i = 0; i < n; i++)
        CHECK_OK("line",
                 anchor_check_line(c,
                                   (struct bytes){(const unsigned char *)lines[i].line,
                                                  strlen(lines[i].line)},
                                   &e),
                 &e);
    CHECK_OK("end", anchor_check_end(c, &r, &e), &e);
    return r;
}

static int64_t broken_rows(struct play *p)
{
    struct err e = {0};
    struct audit_report r;
    CHECK_OK("verify", audit_verify(p->t->db, p->t->arena, &r, &e), &e);
    return (int64_t)r.break_count;
}

/* As somebody who holds the database would: rows, head and the anchors kept in it, so that all that is
 * left fits together. */
static void cut(struct play *p, int64_t keep)
{
    struct err e = {0};
    CHECK_OK(
        "triggers",
        test_store_script(p->t,
                          "-- only sqlite\n"
                          "DROP TRIGGER audit_row_no_delete;"
                          "DROP TRIGGER audit_anchor_no_delete;"
                          "DROP TRIGGER audit_anchor_head_no_delete;\n"
                          "-- end\n"
                          "-- only postgres\n"
                          "DROP TRIGGER audit_row_no_change ON audit_row;"
                          "DROP TRIGGER audit_anchor_no_change ON audit_anchor;"
                          "DROP TRIGGER audit_anchor_head_no_change ON audit_anchor_head;\n"
                          "-- end\n",
                          &e),
        &e);
    CHECK_OK("cut",
             test_store_script(
                 p->t,
                 arena_printf(p->t->arena,
                              "DELETE FROM audit_row WHERE seq > %lld;"
                              "DELETE FROM audit_anchor; DELETE FROM audit_anchor_head;"
                              "UPDATE audit_chain SET seq = %lld, head = (SELECT hash FROM"
                              " audit_row WHERE audit_row.chain = audit_chain.chain AND"
                              " audit_row.seq = %lld);",
                              (long long)keep, (long long)keep, (long long)keep),
                 &e),
             &e);
}

void anchor_finds_cut_tails_test(void)
{
    static const int64_t cuts[] = {1, 10, 1000};
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
        struct play p = begin();
        struct anchor_text *lines;
        write(&p, 200, id_random());
        anchor(&p, ANCHOR_START);
        write(&p, 905, id_random());
        anchor(&p, ANCHOR_RUNNING);
        size_t n = file_of(&p, &lines);
        struct anchor_report whole = check(&p, lines, n);
        CHECK_INT("anchors", whole.anchors, 2);
        CHECK_INT("heads", whole.heads, 2);
        CHECK_INT("nothing broken", whole.break_count, 0);

        cut(&p, 1105 - cuts[i]);
        CHECK_INT("the chain alone does not tell", broken_rows(&p), 0);
        struct anchor_report r = check(&p, lines, n);
        CHECK_INT("breaks", r.break_count, 1);
        CHECK_TEXT("cut", r.breaks[0].what, "cut");
        CHECK_INT("from", r.breaks[0].from, 1106 - cuts[i]);
        CHECK_INT("until", r.breaks[0].until, 1105);

        /* And filled up again with other rows: the chain is longer than the anchor says. */
        write(&p, 1200, id_random());
        CHECK_INT("still whole by itself", broken_rows(&p), 0);
        r = check(&p, lines, n);
        CHECK_INT("breaks", r.break_count, 1);
        CHECK_TEXT("other rows", r.breaks[0].what, "rewritten");
        CHECK_INT("at", r.breaks[0].from, cuts[i] == 1000 ? 200 : 1105);
        test_store_destroy(p.t);
    }
}

void anchor_follows_anchor_test(void)
{
    test_transactions_alone(true); /* it counts signatures, which no rollback takes back */
    struct play p = begin();
    struct err e = {0};
    struct anchor_text *lines;
    struct anchor first, second, third;
    bool made;
    write(&p, 3, id_random());
    anchor(&p, ANCHOR_START);
    anchor(&p, ANCHOR_RUNNING); /* idle: nothing moved, it is made all the same */
    p.t->actor.body = id_random();
    write(&p, 2, id_random());
    anchor(&p, ANCHOR_STOP);
    CHECK_INT("three", file_of(&p, &lines), 3);
    struct anchor *const all[] = {&first, &second, &third};
    for (size_t i = 0; i < 3; i++)
        CHECK_OK("read",
                 anchor_read(p.t->arena,
                             (struct bytes){(const unsigned char *)lines[i].line,
                                            strlen(lines[i].line)},
                             all[i], &e),
                 &e);
    CHECK_INT("number", third.number, 3);
    CHECK("follows", memcmp(second.before, first.hash, HASH_BYTES) == 0);
    CHECK("follows", memcmp(third.before, second.hash, HASH_BYTES) == 0);
    CHECK_INT("all chains", first.head_count, 1);
    CHECK_INT("none moved", second.head_count, 0);
    CHECK_INT("one moved", third.head_count, 1);
    CHECK_INT("rows", third.rows, 5);
    CHECK_INT("signatures are counted",
              json_member_int(json_object_get(third.object, "signatures_by_kid"),
                              json_member_text(third.object, "kid"), 0),
              2);
    /* Another process of the same database leaves it to the one that was first. */
    const struct anchor_order soon = {p.now_ms - ANCHOR_EVERY_MS + 1, ANCHOR_RUNNING,
                                      id_random(), ANCHOR_EVERY_MS};
    CHECK_OK("soon", anchor_make(p.signer, p.t->db, &soon, &made, &e), &e);
    CHECK("not made", !made);
    /* A day later all chains are named again. */
    p.now_ms += INT64_C(86400000);
    anchor(&p, ANCHOR_RUNNING);
    CHECK_INT("four", file_of(&p, &lines), 4);
    CHECK_OK(
        "read",
        anchor_read(p.t->arena,
                    (struct bytes){(const unsigned char *)lines[3].line, strlen(lines[3].line)},
                    &third, &e),
        &e);
    CHECK_INT("all", third.head_count, 2);
    test_store_destroy(p.t);
    test_transactions_alone(false);
}

static char *changed(struct arena *a, const char *line, const char *from, const char *to)
{
    char *out = arena_text(a, line), *at = strstr(out, from);
    CHECK("there", at && strlen(from) == strlen(to));
    memcpy(at, to, strlen(to));
    return out;
}

void anchor_file_tells_test(void)
{
    struct play p = begin();
    struct anchor_text *lines;
    for (int i = 0; i < 4; i++) {
        write(&p, 1, id_random());
        anchor(&p, i == 0 ? ANCHOR_START : ANCHOR_RUNNING);
    }
    p.now_ms += ANCHOR_EVERY_MS; /* silence */
    anchor(&p, ANCHOR_STOP);
    p.now_ms += 10 * ANCHOR_EVERY_MS; /* stopped: no silence */
    anchor(&p, ANCHOR_START);
    size_t n = file_of(&p, &lines);
    CHECK_INT("six", n, 6);
    struct anchor_report r = check(&p, lines, n);
    CHECK_INT("whole", r.break_count, 0);
    CHECK_INT("one silence", r.silences, 1);
    CHECK_INT("from the middle", check(&p, lines + 2, n - 2).break_count, 0);

    struct anchor_text without[5] = {lines[0], lines[2], lines[3], lines[4], lines[5]};
    r = check(&p, without, 5);
    CHECK_INT("one", r.break_count, 1);
    CHECK_TEXT("gap", r.breaks[0].what, "gap");
    CHECK_INT("number", r.breaks[0].from, 2);

    struct anchor_text twice[3] = {lines[0], lines[1], lines[1]};
    CHECK_TEXT("twice", check(&p, twice, 3).breaks[0].what, "order");

    struct anchor_text other[2] = {lines[0], lines[1]};
    other[1].line = changed(p.t->arena, other[1].line, "\"seq\":2", "\"seq\":1");
    r = check(&p, other, 2);
    CHECK_INT("one", r.break_count, 1);
    CHECK_TEXT("changed", r.breaks[0].what, "signature");

    struct anchor_text torn[3] = {lines[0], lines[1], lines[1]};
    torn[1].line = arena_copy(p.t->arena, lines[1].line, 40);
    r = check(&p, torn, 3);
    CHECK_INT("torn by a power cut", r.unreadable, 1);
    CHECK_INT("and written again", r.break_count, 0);
    test_store_destroy(p.t);
}

void anchor_witness_test(void)
{
    struct play p = begin();
    struct err e = {0};
    char before[AUDIT_WITNESS_BYTES], after[AUDIT_WITNESS_BYTES];
    bool holds;
    write(&p, 3, id_random());
    CHECK_OK("witness", audit_witness(p.t->db, p.t->actor.body, before, &e), &e);
    CHECK("of row 3", strncmp(before, "1.3.", 4) == 0);
    write(&p, 1, id_random());
    CHECK_OK("witness", audit_witness(p.t->db, p.t->actor.body, after, &e), &e);
    const char *both[] = {before, after};
    for (int i = 0; i < 2; i++) {
        CHECK_OK("holds", audit_witness_holds(p.t->db, both[i], &holds, &e), &e);
        CHECK("holds", holds);
    }
    cut(&p, 3);
    CHECK_OK("the older", audit_witness_holds(p.t->db, before, &holds, &e), &e);
    CHECK("holds", holds);
    CHECK_OK("the newer", audit_witness_holds(p.t->db, after, &holds, &e), &e);
    CHECK("its row is gone", !holds);
    static const char *const bad[] = {"", "1.2", "1.2.x", "0.1.0011223344556677",
                                      "1.2.00112233445566778"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        e = (struct err){0};
        CHECK_REFUSED(bad[i], audit_witness_holds(p.t->db, bad[i], &holds, &e), &e, INVALID,
                      "witness");
    }
    test_store_destroy(p.t);
}

static bool before(struct play *p, struct id object, int64_t at_ms)
{
    struct err e = {0};
    bool out;
    CHECK_OK("anchored",
             anchored_before(p->t->db, &p->keys, ACT_system_start, object, at_ms, &out, &e),
             &e);
    return out;
}

void anchor_before_a_theft_test(void)
{
    struct play p = begin();
    struct err e = {0};
    struct id early = id_random(), late = id_random(), unanchored = id_random();
    write(&p, 1, early);
    write(&p, 4, id_random());
    anchor(&p, ANCHOR_START);
    int64_t theft = p.now_ms - ANCHOR_EVERY_MS + 1;
    write(&p, 1, late);
    anchor(&p, ANCHOR_RUNNING);
    write(&p, 1, unanchored);
    CHECK("recorded before", before(&p, early, theft));
    CHECK("after", !before(&p, late, theft));
    CHECK("after, but before another moment", before(&p, late, p.now_ms));
    CHECK("under no anchor", !before(&p, unanchored, INT64_MAX));
    CHECK("never recorded", !before(&p, id_random(), INT64_MAX));
    CHECK("the anchor itself was later", !before(&p, early, theft - 1));

    /* A row put in afterwards to look old: it does not link to what was anchored. */
    CHECK_OK("triggers",
             test_store_script(p.t,
                               "-- only sqlite\nDROP TRIGGER audit_row_no_update;\n-- end\n"
                               "-- only postgres\nDROP TRIGGER audit_row_no_change ON"
                               " audit_row;\n-- end\n",
                               &e),
             &e);
    CHECK_OK("forged",
             test_store_script(p.t,
                               "UPDATE audit_row SET object = (SELECT object FROM audit_row"
                               " WHERE seq = 6) WHERE seq = 2;",
                               &e),
             &e);
    CHECK("forged", !before(&p, late, theft));
    test_store_destroy(p.t);
}

void anchor_faults_test(void)
{
    struct play p = begin();
    write(&p, 2, id_random());
    for (int i = 1;; i++) {
        struct err e = {0};
        bool made;
        struct anchor_text *lines;
        const struct anchor_order o = {p.now_ms, ANCHOR_START, p.run, ANCHOR_EVERY_MS};
        db_fail_call(p.t->db, i, false);
        bool ok = anchor_make(p.signer, p.t->db, &o, &made, &e);
        bool fired = db_fault_fired(p.t->db);
        db_fail_call(p.t->db, 0, false);
        CHECK_INT("nothing half made", file_of(&p, &lines), ok && made ? 1 : 0);
        if (!fired) {
            CHECK_OK("at last", ok, &e);
            break;
        }
        CHECK("failed", !ok && e.code == ERR_STORE);
        CHECK("there is an end", i < 100);
    }
    test_store_destroy(p.t);
}
