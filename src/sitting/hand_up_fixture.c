/* sitting/hand_up_fixture.c - a session on a node and at the centre, up to the hand-up. */
#include "sitting/hand_up_fixture.h"

#include <jansson.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/signed_json.h"
#include "store/signer.h"

static struct delivery *same_session(const struct delivery *another, int64_t chain)
{
    struct delivery *d = delivery_plan();
    if (another)
        delivery_plan_same(d, another);
    d->chain = chain;
    delivery_close_store(d);
    delivery_begin(d);
    return d;
}

struct node_desk handing_desk(struct handing *h)
{
    return (struct node_desk){h->centre->t->db, h->centre->t->arena, h->centre->t->master,
                              h->signer, &h->who};
}

static bool admit_node(struct db *db, void *ctx, struct err *e)
{
    struct handing *h = ctx;
    unsigned char public[SIGN_PUBLIC_BYTES];
    struct public_key *key = arena_new(h->centre->t->arena, struct public_key);
    sign_keypair(public, h->sign_secret);
    struct query *q = db_query(db, SQL_room_node_duty_put);
    query_id(q, h->centre->room);
    query_id(q, h->at_centre.id);
    query_id(q, h->centre->session);
    query_int(q, 0);
    if (!query_run(q, e) ||
        !signer_guest_admit(h->signer, db, KEY_USE_room, public, h->who.now_ms, key, e))
        return false;
    h->at_centre.kid = key->kid;
    return true;
}

/* The node's own words about itself; only its chain is asked for here. */
static void node_is(struct handing *h)
{
    struct err e = {0};
    CHECK_OK("a node",
             test_store_script(h->node->t,
                               "INSERT INTO node_self (one, id, body_id, name, chain, centre,"
                               " root_kid, root_public, kid, box_public, box_secret, joined_ms)"
                               " SELECT 1, id, body_id, 'n', 2, 'c', 'r', id, 'k', id, id, 1"
                               " FROM delivery_session",
                               &e),
             &e);
}

static void sit(struct handing *h, handing_hook *before_seal)
{
    struct play_device dev;
    struct save_answer answer;
    delivery_open(h->node, 0, &dev);
    delivery_start_room(h->node, fixture_now_ms);
    for (int n = 1; n <= ANSWERS; n++) {
        play_write(&dev, ENTRY_ANSWER, (uint16_t)n, n % 2 ? "[\"A\"]" : "[\"B\"]");
        if (n != SAVED_TOGETHER)
            delivery_save(h->node, &dev, &answer);
    }
    if (before_seal)
        before_seal(h);
    play_write_signed(
        &dev, h->node->t->arena, ENTRY_SEAL,
        "{\"answered\":6,\"deadline_ms\":0,\"ledger\":1,\"reason\":\"deadline\"}");
    delivery_save(h->node, &dev, &answer);
    play_end(&dev);
}

json_t *handing_rows(struct handing *h, const char *kind)
{
    struct err e = {0};
    struct hand_up_part p = {kind, h->node->session, NODE_CHAIN, 0};
    json_t *rows;
    int64_t last;
    CHECK_OK(kind, hand_up_read(h->node->t->db, h->centre->t->arena, &p, &rows, &last, &e), &e);
    return rows;
}

bool handing_send(struct handing *h, const char *kind, json_t *rows, struct err *e)
{
    struct node_desk desk = handing_desk(h);
    json_t *part = json_keep(h->centre->t->arena,
                             json_pack("{s:s, s:O}", "kind", kind, "rows", rows));
    return hand_up_take(&desk, &h->at_centre, h->centre->session, part, e);
}

struct handing *handing_create(handing_hook *before_seal)
{
    struct delivery *node = same_session(NULL, NODE_CHAIN), *centre = same_session(node, 0);
    struct handing *h = arena_new(centre->t->arena, struct handing);
    struct err e = {0};
    char code[NODE_CODE_TEXT_BYTES];
    *h = (struct handing){.node = node, .centre = centre, .who = centre->t->actor};
    h->who.now_ms = fixture_now_ms;
    h->signer = signer_create(centre->t->arena, centre->t->master);
    CHECK_OK("keys", signer_keys_ensure(h->signer, centre->t->db, h->who.now_ms, &e), &e);
    struct node_desk desk = handing_desk(h);
    CHECK_OK("invited", node_invite(&desk, "一号机房", &h->at_centre.id, code, &e), &e);
    CHECK_OK("reads", node_get(&desk, h->at_centre.id, &h->at_centre, &e), &e);
    CHECK_OK("admitted", db_transact(centre->t->db, admit_node, h, &e), &e);
    node_is(h);
    sit(h, before_seal);
    CHECK_OK("counts",
             hand_up_totals(node->t->db, centre->t->arena, node->session, &h->totals, &e), &e);
    h->journal = handing_rows(h, "journal");
    h->batch = handing_rows(h, "batch");
    h->ledger = handing_rows(h, "ledger");
    h->attempts = handing_rows(h, "attempt");
    CHECK_INT("answers and the seal", json_array_size(h->journal), ANSWERS + 1);
    struct hand_up_there there = {h->totals.rows, h->totals.batches};
    json_t *state;
    CHECK_OK("begins", hand_up_begin(&desk, &h->at_centre, centre->session, &there, &state, &e),
             &e);
    CHECK_OK("audit rows", handing_send(h, "audit", handing_rows(h, "audit"), &e), &e);
    return h;
}

void handing_destroy(struct handing *h)
{
    struct delivery *node = h->node, *centre = h->centre;
    delivery_destroy(node);
    delivery_destroy(centre);
}

bool handing_close(struct handing *h, struct err *e)
{
    struct node_desk desk = handing_desk(h);
    struct arena *a = h->centre->t->arena;
    unsigned char signature[SIGNATURE_BYTES];
    struct bytes message;
    json_t *receipt, *s = hand_up_statement(a, h->centre->session, &h->totals);
    signed_json_prepare(s, "hand-up", h->at_centre.kid, h->who.now_ms);
    CHECK_OK("message", signed_json_message(a, "hand-up", s, &message, e), e);
    sign_bytes(signature, message.at, message.len, h->sign_secret);
    signed_json_put_signature(a, s, signature);
    json_t *body = json_keep(a,
                             json_pack("{s:O, s:O}", "statement", s, "attempts", h->attempts));
    return hand_up_close(&desk, h->centre->writer, &h->at_centre, body, &receipt, e);
}

const char *handing_missing(struct handing *h)
{
    struct err e = {0};
    struct hand_up_standing *list;
    size_t count;
    CHECK_OK("standings",
             hand_up_standings(h->centre->t->db, h->centre->t->arena, h->centre->session, &list,
                               &count, &e),
             &e);
    CHECK_INT("one node", count, 1);
    return list[0].missing;
}
