/* sitting/node_faults_test.c - room nodes, their clock and the end of a session with the nth database
 * call failing: done whole with its audit row, or nothing of it. */
#include "sitting/delivery_fixture.h"
#include "sitting/node.h"
#include "sitting/node_self.h"
#include "store/audit.h"
#include "store/signer.h"

enum { CALLS_MAX = 80 };

struct trial {
    struct delivery *d;
    struct db *db; /* that the use case writes with */
    struct actor who;
    struct id node;
    struct signer *signer;
    char code[NODE_CODE_TEXT_BYTES]; /* of the last that was invited */
};

static int64_t rows_of(struct trial *t)
{
    struct err e = {0};
    struct audit_report r;
    CHECK_OK("audit", audit_verify(t->d->t->db, t->d->t->arena, &r, &e), &e);
    CHECK_INT("the chain holds", r.break_count, 0);
    return r.rows;
}

static struct node_desk desk_of(struct trial *t)
{
    return (struct node_desk){t->d->t->db, t->d->t->arena, t->d->t->master, t->signer, &t->who};
}

static bool invite(struct trial *t, struct err *e)
{
    struct node_desk desk = desk_of(t);
    return node_invite(&desk, "一号机房", &t->node, t->code, e);
}

static bool join(struct trial *t, struct err *e)
{
    struct node_desk desk = desk_of(t);
    struct node_joining in = {0};
    struct node_joined out;
    unsigned char both[SIGN_PUBLIC_BYTES + BOX_PUBLIC_BYTES], key[KEY_BYTES];
    char plain[NODE_CODE_CHARACTERS + 1];
    random_bytes(in.sign_public, sizeof in.sign_public);
    random_bytes(in.box_public, sizeof in.box_public);
    CHECK("code", node_code_read(t->code, plain));
    in.mark = arena_copy(t->d->t->arena, plain, strcspn(t->code, "- "));
    node_code_key(key, plain);
    memcpy(both, in.sign_public, SIGN_PUBLIC_BYTES);
    memcpy(both + SIGN_PUBLIC_BYTES, in.box_public, BOX_PUBLIC_BYTES);
    node_code_proof(in.proof, key, "join", (struct bytes){both, sizeof both});
    return node_join(&desk, &in, &out, e);
}

static bool revoke(struct trial *t, struct err *e)
{
    struct node_desk desk = desk_of(t);
    return node_revoke(&desk, t->node, "机器遗失", e);
}

static bool confirm_clock(struct trial *t, struct err *e)
{
    struct node_clocks c = node_clocks_now();
    return node_time_confirm(t->db, t->d->t->master, &t->who, &c, e);
}

static bool finish_room(struct trial *t, struct err *e)
{
    struct node_here here = {.db = t->db, .arena = t->d->t->arena, .who = &t->who};
    struct node_package p;
    return node_package_get(t->db, here.arena, t->d->room, &p, e) &&
           node_room_finish(&here, &p, e);
}

static bool archive(struct trial *t, struct err *e)
{
    return session_archive(t->d->writer, &t->who, t->d->session, e);
}

static void whole_or_not_at_all(struct trial *t, const char *what,
                                bool (*run)(struct trial *t, struct err *e))
{
    for (int nth = 1;; nth = test_next_call(nth)) {
        struct err e = {0};
        int64_t before = rows_of(t);
        db_fail_call(t->db, nth, nth % 2 == 0);
        bool ok = run(t, &e);
        db_fail_call(t->db, 0, false);
        CHECK(what, db_is_idle(t->db));
        CHECK_INT(what, rows_of(t) - before, ok);
        if (ok) {
            struct err twice = {0};
            CHECK(what, nth > 4);
            if (run != invite && run != confirm_clock)
                CHECK(what, !run(t, &twice) &&
                                twice.code == (run == join ? ERR_FORBIDDEN : ERR_CONFLICT));
            return;
        }
        CHECK_INT(what, e.code, ERR_STORE);
        CHECK(what, nth < CALLS_MAX);
    }
}

static void package_released(struct delivery *d)
{
    struct err e = {0};
    struct package p = {.session = d->session, .room = 1, .revision = 1};
    CHECK_OK("a package",
             node_package_begin(d->t->db, d->room,
                                (struct bytes){(const unsigned char *)"{}", 2}, &p, &e),
             &e);
    CHECK_OK("released",
             test_store_script(d->t, "UPDATE node_package SET state = 'released'", &e), &e);
}

void node_faults_test(void)
{
    struct delivery *d = delivery_create();
    struct trial t = {.d = d, .db = d->t->db, .who = d->t->actor};
    struct err e = {0};
    t.who.second = id_random();
    t.signer = signer_create(d->t->arena, d->t->master);
    CHECK_OK("keys", signer_keys_ensure(t.signer, t.db, t.who.now_ms, &e), &e);
    package_released(d);
    whole_or_not_at_all(&t, "invite", invite);
    whole_or_not_at_all(&t, "join", join);
    whole_or_not_at_all(&t, "revoke", revoke);
    whole_or_not_at_all(&t, "clock", confirm_clock);
    whole_or_not_at_all(&t, "finish", finish_room);
    t.db = journal_db(d->writer);
    whole_or_not_at_all(&t, "archive", archive);
    delivery_destroy(d);
}
