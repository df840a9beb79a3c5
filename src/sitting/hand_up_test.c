/* sitting/hand_up_test.c - a chain that came damaged, short, out of order or twice (S15): the centre
 * refuses to close, says what is missing, and goes on where the rest comes. */
#include <jansson.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/json.h"
#include "base/signed_json.h"
#include "sitting/delivery_fixture.h"
#include "sitting/hand_up.h"
#include "sitting/node.h"
#include "store/signer.h"
#include "test/whole.h"

enum { NODE_CHAIN = 2, ANSWERS = 6, SAVED_TOGETHER = 2 };

struct handing {
    struct delivery *node, *centre;
    struct actor who;
    struct signer *signer;
    struct node at_centre;
    unsigned char sign_secret[SIGN_SECRET_BYTES];
    json_t *journal, *batch, *ledger, *attempts; /* as the node has them */
    struct hand_up_totals totals;
};

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

static struct node_desk desk_of(struct handing *h)
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

static void sit(struct handing *h)
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
    play_write_signed(
        &dev, h->node->t->arena, ENTRY_SEAL,
        "{\"answered\":6,\"deadline_ms\":0,\"ledger\":1,\"reason\":\"deadline\"}");
    delivery_save(h->node, &dev, &answer);
    play_end(&dev);
}

static json_t *rows_of(struct handing *h, const char *kind)
{
    struct err e = {0};
    struct hand_up_part p = {kind, h->node->session, NODE_CHAIN, 0};
    json_t *rows;
    int64_t last;
    CHECK_OK(kind, hand_up_read(h->node->t->db, h->centre->t->arena, &p, &rows, &last, &e), &e);
    return rows;
}

static bool send(struct handing *h, const char *kind, json_t *rows, struct err *e)
{
    struct node_desk desk = desk_of(h);
    json_t *part = json_keep(h->centre->t->arena,
                             json_pack("{s:s, s:O}", "kind", kind, "rows", rows));
    return hand_up_take(&desk, &h->at_centre, h->centre->session, part, e);
}

static struct handing *handing_create(void)
{
    struct delivery *node = same_session(NULL, NODE_CHAIN), *centre = same_session(node, 0);
    struct handing *h = arena_new(centre->t->arena, struct handing);
    struct err e = {0};
    char code[NODE_CODE_TEXT_BYTES];
    *h = (struct handing){.node = node, .centre = centre, .who = centre->t->actor};
    h->who.now_ms = fixture_now_ms;
    h->signer = signer_create(centre->t->arena, centre->t->master);
    CHECK_OK("keys", signer_keys_ensure(h->signer, centre->t->db, h->who.now_ms, &e), &e);
    struct node_desk desk = desk_of(h);
    CHECK_OK("invited", node_invite(&desk, "一号机房", &h->at_centre.id, code, &e), &e);
    CHECK_OK("reads", node_get(&desk, h->at_centre.id, &h->at_centre, &e), &e);
    CHECK_OK("admitted", db_transact(centre->t->db, admit_node, h, &e), &e);
    node_is(h);
    sit(h);
    CHECK_OK("counts",
             hand_up_totals(node->t->db, centre->t->arena, node->session, &h->totals, &e), &e);
    h->journal = rows_of(h, "journal");
    h->batch = rows_of(h, "batch");
    h->ledger = rows_of(h, "ledger");
    h->attempts = rows_of(h, "attempt");
    CHECK_INT("answers and the seal", json_array_size(h->journal), ANSWERS + 1);
    struct hand_up_there there = {h->totals.rows, h->totals.batches};
    json_t *state;
    CHECK_OK("begins", hand_up_begin(&desk, &h->at_centre, centre->session, &there, &state, &e),
             &e);
    CHECK_OK("audit rows", send(h, "audit", rows_of(h, "audit"), &e), &e);
    return h;
}

static void handing_destroy(struct handing *h)
{
    struct delivery *node = h->node, *centre = h->centre;
    delivery_destroy(node);
    delivery_destroy(centre);
}

static bool close_it(struct handing *h, struct err *e)
{
    struct node_desk desk = desk_of(h);
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

static const char *missing_of(struct handing *h)
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

/* --- what can be wrong with a chain ------------------------------------------------------------------ */
enum { AT = 3 }; /* an inner row and an inner batch */

static void lose(json_t *rows, size_t at)
{
    json_array_remove(rows, at);
}

static void lose_row(struct handing *h, json_t *journal, json_t *batch)
{
    (void)h, (void)batch;
    lose(journal, AT);
}
static void lose_last_row(struct handing *h, json_t *journal, json_t *batch)
{
    (void)h, (void)batch;
    lose(journal, json_array_size(journal) - 1);
}
static void lose_batch(struct handing *h, json_t *journal, json_t *batch)
{
    (void)h, (void)journal;
    lose(batch, AT);
}
static void lose_last_batch(struct handing *h, json_t *journal, json_t *batch)
{
    (void)h, (void)journal;
    lose(batch, json_array_size(batch) - 1);
}

/* Another answer in place of the one that was given. */
static void damage_at(struct handing *h, json_t *rows, size_t at, size_t column)
{
    struct arena *a = h->centre->t->arena;
    json_t *row = json_deep_copy(json_array_get(rows, at));
    const json_t *text = json_array_get(row, column);
    struct bytes b;
    CHECK("reads", base64url_read(a, json_string_value(text), json_string_length(text), &b) &&
                       b.len > 0);
    unsigned char *bytes = (unsigned char *)(uintptr_t)b.at;
    bytes[b.len - 3] = (unsigned char)(bytes[b.len - 3] == 'A' ? 'B' : 'A');
    json_array_set_new(row, column, json_string(base64url_write(a, b.at, b.len)));
    json_array_set_new(rows, at, row);
}
static void damage_row(struct handing *h, json_t *journal, json_t *batch)
{
    (void)batch;
    damage_at(h, journal, AT, 7);
}
static void damage_batch(struct handing *h, json_t *journal, json_t *batch)
{
    (void)journal;
    damage_at(h, batch, AT, 1);
}

/* Two answers change places: each is true, their order is not. */
static void swap_at(json_t *journal, size_t at)
{
    json_t *x = json_deep_copy(json_array_get(journal, at)),
           *y = json_deep_copy(json_array_get(journal, at + 1));
    json_t *bytes = json_incref(json_array_get(x, 7));
    json_array_set(x, 7, json_array_get(y, 7));
    json_array_set_new(y, 7, bytes);
    json_array_set_new(journal, at, x);
    json_array_set_new(journal, at + 1, y);
}
static void swap_rows(struct handing *h, json_t *journal, json_t *batch)
{
    (void)h, (void)batch;
    swap_at(journal, AT);
}
/* Of one save, and so of one batch: only their order tells. */
static void swap_in_a_batch(struct handing *h, json_t *journal, json_t *batch)
{
    (void)h, (void)batch;
    swap_at(journal, SAVED_TOGETHER - 1);
}

/* The same answer once more, under the next number. */
static void double_row(struct handing *h, json_t *journal, json_t *batch)
{
    (void)batch;
    json_t *row = json_deep_copy(json_array_get(journal, AT));
    json_array_set_new(row, 0, json_integer(h->totals.last_row + 1));
    json_array_append_new(journal, row);
}

static void whole(struct handing *h, json_t *journal, json_t *batch)
{
    (void)h, (void)journal, (void)batch;
}

static const struct {
    const char *what;
    void (*damage)(struct handing *h, json_t *journal, json_t *batch);
    const char *says; /* of what is missing or wrong; NULL: closes */
    bool mends;       /* with the true rows sent again */
} cases[] = {
    {"whole", whole, NULL, true},
    {"an inner row is missing", lose_row, "日志 6 行，应有 7 行", true},
    {"the last row is missing", lose_last_row, "日志 6 行，应有 7 行", true},
    {"an inner batch is missing", lose_batch, "批次缺失", true},
    {"the last batch is missing", lose_last_batch, "批次记录", true},
    {"a row is changed", damage_row, "条目", false},
    {"a batch is changed", damage_batch, "批次", false},
    {"two rows change places", swap_rows, "条目", false},
    {"two rows of a batch change places", swap_in_a_batch, "条目次序", false},
    {"a row stands there twice", double_row, "日志 8 行，应有 7 行", false},
};

void hand_up_damage_test(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct handing *h = handing_create();
        struct err e = {0}, again = {0};
        json_t *journal = json_keep(h->centre->t->arena, json_copy(h->journal)),
               *batch = json_keep(h->centre->t->arena, json_copy(h->batch));
        const char *what = cases[i].what;
        cases[i].damage(h, journal, batch);
        bool taken = send(h, "journal", journal, &e) && send(h, "batch", batch, &e) &&
                     send(h, "ledger", h->ledger, &e);
        if (!taken && cases[i].damage != damage_batch)
            CHECK_OK(what, taken, &e);
        e = (struct err){0};
        bool closed = close_it(h, &e);
        if (!cases[i].says) {
            CHECK_OK(what, closed, &e);
            CHECK("nothing is missing", !missing_of(h));
        } else {
            CHECK_REFUSED(what, closed, &e, CONFLICT, "/missing");
            CHECK(e.text, strstr(e.text, cases[i].says));
            CHECK_TEXT("the desk shows it", missing_of(h), e.text);
            bool sent = send(h, "journal", h->journal, &again) &&
                        send(h, "batch", h->batch, &again);
            CHECK_INT("the true rows", sent, cases[i].mends || cases[i].damage == double_row);
            again = (struct err){0};
            CHECK_INT("resumed", close_it(h, &again), cases[i].mends);
        }
        handing_destroy(h);
    }
}

/* Parts out of order, twice, one row at a time, and after a receipt: harmless. */
void hand_up_resume_test(void)
{
    struct handing *h = handing_create();
    struct err e = {0};
    struct node_desk desk = desk_of(h);
    struct hand_up_there there = {h->totals.rows, h->totals.batches};
    json_t *state;
    CHECK_OK("batches first", send(h, "batch", h->batch, &e), &e);
    for (size_t i = json_array_size(h->journal); i-- > 0;) {
        json_t *one = json_keep(h->centre->t->arena,
                                json_pack("[O]", json_array_get(h->journal, i)));
        CHECK_OK("from behind", send(h, "journal", one, &e), &e);
        CHECK_OK("twice", send(h, "journal", one, &e), &e);
    }
    CHECK_OK("how far",
             hand_up_begin(&desk, &h->at_centre, h->centre->session, &there, &state, &e), &e);
    CHECK_INT("all rows", json_member_int(state, "rows", 0), h->totals.rows);
    CHECK_INT("to the last", json_member_int(state, "last_row", 0), h->totals.last_row);
    CHECK_REFUSED("the ledger is missing", close_it(h, &e), &e, CONFLICT, "/missing");
    e = (struct err){0};
    CHECK_OK("comes", send(h, "ledger", h->ledger, &e), &e);
    CHECK_WHOLE("closes", h->centre->t, journal_db(h->centre->writer), close_it(h, &e), &e);
    CHECK_OK("again: the same receipt", close_it(h, &e), &e);
    CHECK_OK("late and harmless", send(h, "journal", h->journal, &e), &e);
    handing_destroy(h);
}

/* What another node or nobody wrote. */
void hand_up_foreign_test(void)
{
    struct handing *h = handing_create();
    struct err e = {0};
    struct node other = h->at_centre;
    struct node_desk desk = desk_of(h);
    json_t *part = json_keep(h->centre->t->arena,
                             json_pack("{s:s, s:O}", "kind", "journal", "rows", h->journal));
    other.chain = NODE_CHAIN + 1;
    CHECK_REFUSED("another chain", hand_up_take(&desk, &other, h->centre->session, part, &e),
                  &e, INVALID, "/rows/0");
    e = (struct err){0};
    other.id = id_random();
    CHECK_REFUSED("another room's node",
                  hand_up_take(&desk, &other, h->centre->session, part, &e), &e, NOT_FOUND,
                  "session");
    e = (struct err){0};
    json_array_remove(h->attempts, 0);
    CHECK_OK("rows",
             send(h, "journal", h->journal, &e) && send(h, "batch", h->batch, &e) &&
                 send(h, "ledger", h->ledger, &e),
             &e);
    CHECK_REFUSED("an attempt is missing", close_it(h, &e), &e, CONFLICT, "/missing");
    CHECK(e.text, strstr(e.text, "作答 2 份，应有 3 份"));
    handing_destroy(h);
}
