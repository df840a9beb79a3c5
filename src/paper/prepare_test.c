/* paper/prepare_test.c - papers made, sealed and listed before the session; nothing readable on the disk. */
#include "paper/paper.h"

#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "paper/paper_fixture.h"
#include "store/db.h"

/* S1, S6: the manifest, the blobs in their places, the key set. */
void paper_manifest_test(void)
{
    struct paper_test *p = paper_test_create();
    struct err e = {0};
    struct bytes manifest;
    json_t *m;
    struct key_set set;
    char hex[2 * HASH_BYTES + 1];
    CHECK_OK("prepare", paper_test_prepare(p, 3, &e), &e);
    CHECK_OK("manifest", paper_manifest(p->t->db, p->t->arena, p->session, 1, &manifest, &e),
             &e);
    CHECK_OK("true", paper_manifest_check(p->t->arena, manifest, p->release_public, &m, &e),
             &e);
    CHECK_OK("keys", paper_key_set(p->t->db, p->t->arena, p->t->master, p->session, &set, &e),
             &e);
    hex_write(hex, set.commitment, HASH_BYTES);
    CHECK_TEXT("committed to", json_member_text(m, "answer_key_commit"), hex);
    const json_t *papers = json_object_get(m, "papers");
    for (size_t i = 0; i < json_array_size(papers); i++) {
        struct id id;
        struct bytes blob;
        unsigned char hash[HASH_BYTES];
        const json_t *one = json_array_get(papers, i);
        CHECK("id", id_read(json_member_text(one, "id"), &id));
        CHECK_OK("blob", paper_blob(p->t->db, p->t->arena, id, &blob, &e), &e);
        hash_of(hash, blob.at, blob.len);
        hex_write(hex, hash, HASH_BYTES);
        CHECK_TEXT("its hash", json_member_text(one, "sha256"), hex);
    }
    unsigned char *copy = arena_copy(p->t->arena, manifest.at, manifest.len);
    for (size_t i = 0; i < manifest.len; i += 7) {
        struct arena *one = arena_create(4 << 20);
        struct err why = {0};
        copy[i] ^= 1;
        CHECK("any byte", !paper_manifest_check(one, (struct bytes){copy, manifest.len},
                                                p->release_public, &m, &why));
        CHECK("is named", strncmp(why.field, "/manifest", 9) == 0);
        copy[i] ^= 1;
        arena_destroy(one);
    }
    paper_test_destroy(p);
}

void paper_prepare_rules_test(void)
{
    struct paper_test *p = paper_test_create();
    struct err e = {0};
    struct release_state state;
    struct bytes manifest;
    json_t *m;
    CHECK_REFUSED("one officer", paper_test_prepare(p, 1, &e), &e, RULE, "/officers");
    e = (struct err){0};
    CHECK_OK("two officers", paper_test_prepare(p, 2, &e), &e);
    CHECK_OK("again: the next revision", paper_test_prepare(p, 3, &e), &e);
    CHECK_OK("state", paper_release_state(p->desk, p->t->db, p->session, &state, &e), &e);
    CHECK_INT("papers", state.papers, 13);
    CHECK_INT("officers", state.officers, 3);
    CHECK_OK("manifest", paper_manifest(p->t->db, p->t->arena, p->session, 2, &manifest, &e),
             &e);
    CHECK_OK("true", paper_manifest_check(p->t->arena, manifest, p->release_public, &m, &e),
             &e);
    CHECK_INT("revision", json_member_int(m, "revision", 0), 2);
    CHECK("linked", json_member_text(m, "prev_manifest"));
    paper_test_release(p);
    paper_test_exam(p, p->attempts[4]);

    p->author.account = id_random();
    p->officers[0].account = id_random();
    p->session = id_random();
    CHECK_REFUSED("an officer without a key", paper_test_prepare(p, 2, &e), &e, RULE,
                  "/officers");
    paper_test_destroy(p);
}

struct taking {
    struct id session, form, attempt;
    struct paper_row row;
};

static bool take(struct db *db, void *ctx, struct err *e)
{
    struct taking *t = ctx;
    return paper_take_spare(db, t->session, 1, t->form, t->attempt, &t->row, e);
}

void paper_spare_test(void)
{
    struct paper_test *p = paper_test_create();
    struct err e = {0};
    struct taking t = {.session = p->session, .form = p->forms[0], .attempt = p->attempts[0]};
    struct paper_row before, after;
    CHECK_OK("prepare", paper_test_prepare(p, 2, &e), &e);
    CHECK_OK("before", paper_of_attempt(p->t->db, p->attempts[0], &before, &e), &e);
    CHECK_OK("take", db_transact(p->t->db, take, &t, &e), &e);
    CHECK_OK("after", paper_of_attempt(p->t->db, p->attempts[0], &after, &e), &e);
    CHECK("another paper", !id_equal(before.id, after.id) && after.spare);
    CHECK_OK("take", db_transact(p->t->db, take, &t, &e), &e);
    CHECK_REFUSED("only two were there", db_transact(p->t->db, take, &t, &e), &e, CONFLICT,
                  "/room");
    paper_test_destroy(p);
}

/* S2 in small: before the release no question can be found in the database's files. */
void paper_is_sealed_on_disk_test(void)
{
    struct paper_test *p = paper_test_create();
    struct err e = {0};
    struct form form;
    CHECK_OK("prepare", paper_test_prepare(p, 2, &e), &e);
    CHECK_OK("form", form_open(&p->bank, p->forms[0], &form, &e), &e);
    CHECK_OK("checkpoint", db_checkpoint(p->t->db, &e), &e);
    for (size_t k = 0; k < form.item_count; k += 9) {
        const char *stem = item_stem(&form.items[k].item);
        CHECK(stem, !test_store_holds(p->t, stem));
    }
    CHECK("the search finds what is there", test_store_holds(p->t, form.items[0].point));
    paper_test_destroy(p);
}

/* A failed call leaves the session as it was: nothing, or the revision before. */
void paper_prepare_faults_test(void)
{
    struct paper_test *p = paper_test_create();
    static const int calls[] = {1, 2, 5, 30, 300, 350, 360, 370, 380, 390, 400};
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        struct err e = {0};
        struct release_state state;
        db_fail_call(p->t->db, calls[i], false);
        bool ok = paper_test_prepare(p, 2, &e);
        bool fired = db_fault_fired(p->t->db);
        db_fail_call(p->t->db, 0, false);
        e = (struct err){0};
        CHECK_OK("state", paper_release_state(p->desk, p->t->db, p->session, &state, &e), &e);
        CHECK("all or nothing", state.papers == 13 || state.papers == 0);
        CHECK_INT("both or none", state.papers == 13, state.prepared);
        CHECK("a fault is told", ok || fired);
    }
    struct err e = {0};
    CHECK_OK("and it works", paper_test_prepare(p, 3, &e), &e);
    paper_test_release(p);
    paper_test_exam(p, p->attempts[1]);
    paper_test_destroy(p);
}
