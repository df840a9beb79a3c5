/* sitting/observe_test.c - what a quality supervisor notes stays as it was written. */
#include "sitting/observe.h"

#include "base/arena.h"
#include "sitting/arrange_fixture.h"
#include "store/audit.h"
#include "store/db.h"
#include "test/check.h"
#include "test/store.h"

static bool write(struct hall *h, const struct observation_input *in, struct err *e)
{
    struct actor who = h->actor;
    who.account = h->staff[6];
    return observation_write(h->db, h->by.arena, &who, in, e);
}

static size_t listed(struct hall *h, struct observation **out)
{
    struct err e = {0};
    size_t count;
    struct owned which = {h->actor.body, h->session.id};
    CHECK_OK("list", observation_list(h->db, h->by.arena, which, out, &count, &e), &e);
    return count;
}

void observations_stay_test(void)
{
    struct hall *h = hall_create();
    struct err e = {0};
    struct observation *list;
    struct audit_report r;
    size_t count;
    CHECK_INT("none", listed(h, &list), 0);
    struct observation_input in = {
        .session = h->session.id, .kind = "in_order", .text = "入场有序"};
    CHECK_OK("of the session", write(h, &in, &e), &e);
    in.seat = 5;
    CHECK_REFUSED("a seat without its room", write(h, &in, &e), &e, INVALID, "/seat");
    e = (struct err){0};
    in.room = h->room.id;
    in.room_name = h->room.name;
    in.kind = "deviation";
    in.text = "5 号座考生与邻座交谈，监考员未制止";
    h->actor.now_ms += 1000;
    CHECK_OK("of a seat", write(h, &in, &e), &e);
    CHECK_INT("both", listed(h, &list), 2);
    CHECK_TEXT("by time", list[0].text, "入场有序");
    CHECK("no room", id_is_zero(list[0].room) && !list[0].room_name);
    CHECK_INT("seat", list[1].seat, 5);
    CHECK_TEXT("room", list[1].room_name, h->room.name);
    CHECK_TEXT("kind", list[1].kind, "deviation");
    CHECK("who", id_equal(list[1].by, h->staff[6]) && list[1].name);
    CHECK("here", !list[1].from_node);
    CHECK_OK("verify", audit_verify(h->db, h->by.arena, &r, &e), &e);
    CHECK_INT("whole", r.break_count, 0);
    CHECK_REFUSED("another body's",
                  observation_list(h->db, h->by.arena,
                                   (struct owned){h->stranger.actor->body, h->session.id},
                                   &list, &count, &e),
                  &e, NOT_FOUND, "session");
    hall_destroy(h);
}

/* What nodes have handed up stands among the rest, by time. */
void observations_come_from_nodes_test(void)
{
    struct hall *h = hall_create();
    struct err e = {0};
    struct observation *list;
    struct observation_input in = {
        .session = h->session.id, .kind = "remark", .text = "考场空调过冷"};
    CHECK_OK("here", write(h, &in, &e), &e);
    char session[ID_TEXT_BYTES], by[ID_TEXT_BYTES];
    id_write(h->session.id, session);
    id_write(h->staff[6], by);
    const char *rows = arena_printf(
        h->by.arena,
        "INSERT INTO room_audit (node_id, chain, seq, owner, row_text) SELECT id, 1, 1, id,"
        " '{\"act\":%d,\"at_ms\":1,\"actor\":\"%s\",\"change\":\"{\\\"kind\\\":"
        "\\\"in_order\\\",\\\"text\\\":\\\"节点上记\\\"}\"}' FROM session;"
        "INSERT INTO room_audit (node_id, chain, seq, owner, row_text) SELECT id, 1, 2, id,"
        " '{\"act\":1,\"at_ms\":2}' FROM session;"
        "INSERT INTO room_audit (node_id, chain, seq, owner, row_text) SELECT id, 1, 3, id,"
        " 'torn' FROM session;",
        ACT_supervision_note, by);
    CHECK_OK("handed up", test_store_script(h->f->t, rows, &e), &e);
    CHECK_INT("both", listed(h, &list), 2);
    CHECK_TEXT("the earlier", list[0].text, "节点上记");
    CHECK("of a node", list[0].from_node && list[0].name);
    CHECK_TEXT("then ours", list[1].text, "考场空调过冷");
    hall_destroy(h);
}

/* The fault loop: noted whole or not at all. */
void observation_faults_test(void)
{
    for (int nth = 1;; nth = test_next_call(nth)) {
        struct hall *h = hall_create();
        struct err e = {0};
        struct observation *list;
        struct observation_input in = {
            .session = h->session.id, .kind = "remark", .text = "监考员迟到"};
        test_transactions_alone(true);
        db_fail_call(h->db, nth, nth % 2 == 0);
        bool ok = write(h, &in, &e);
        db_fail_call(h->db, 0, false);
        test_transactions_alone(false);
        CHECK_INT("noted or not", listed(h, &list), ok);
        hall_destroy(h);
        if (ok)
            break;
        CHECK("a code", e.code == ERR_STORE);
        CHECK("ends", nth < 40);
    }
}
