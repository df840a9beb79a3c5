/* sitting/node_open_test.c - before the hour no way opens a paper (S2, S4): online, by phone, by envelopes,
 * with everything that these ways need in hand; the clock of the machine set, rows of the database changed,
 * the machine and the program started again, a release of before sent again. After it each way opens. */
#include <jansson.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/json.h"
#include "base/signed_json.h"
#include "paper/blob.h"
#include "paper/manifest.h"
#include "programme/programme.h"
#include "sitting/node_self.h"
#include "store/signer.h"
#include "test/check.h"
#include "test/store.h"
#include "test/whole.h"

enum { ROOM = 2, REVISION = 3, HOUR_MS = 3600000 };
static const struct slow_cost quick = {8, 1};

struct room_here {
    struct test_store *t;
    struct signer *signer;
    struct actor who;
    struct node_clocks clocks; /* when the centre told the time */
    int64_t open_at_ms;
    struct id session, room;
    struct paper_node node;
    unsigned char box_secret[BOX_SECRET_BYTES];
    unsigned char session_key[KEY_BYTES], key[KEY_BYTES], bags[2][KEY_BYTES];
    char halves[2][2][ENVELOPE_TEXT_BYTES]; /* by phone, by envelopes */
    struct bytes manifest;
};

static bool sign(void *ctx, struct bytes message, unsigned char signature[SIGNATURE_BYTES],
                 struct err *e)
{
    struct room_here *r = ctx;
    struct signature s;
    if (!signer_sign_message(r->signer, r->t->db, KEY_USE_release, r->who.now_ms, message, &s,
                             e))
        return false;
    memcpy(signature, s.bytes, SIGNATURE_BYTES);
    return true;
}

static void make_manifest(struct room_here *r)
{
    struct err e = {0};
    struct room_slots slots;
    struct public_key key;
    unsigned char commit[HASH_BYTES], answers[HASH_BYTES] = {4};
    struct slots_order order = {r->session, ROOM,     REVISION, r->session_key,
                                r->key,     &r->node, 1,        quick};
    CHECK_OK("slots", slots_make(r->t->arena, &order, &slots, r->bags, &e), &e);
    room_key_commitment(commit, r->session, ROOM, REVISION, r->key);
    CHECK_OK("a key",
             signer_key(r->t->db, r->t->arena, KEY_USE_release, r->who.now_ms, &key, &e), &e);
    struct programme programme = {.id = "national-2023", .digest = "00"};
    const struct paper_row paper = {
        .id = {{1}}, .attempt = {{2}}, .form = {{3}}, .index = 1, .bytes = 4240};
    struct manifest m = {.session = r->session,
                         .room = ROOM,
                         .revision = REVISION,
                         .open_at_ms = r->open_at_ms,
                         .close_at_ms = r->open_at_ms + 2 * HOUR_MS,
                         .now_ms = r->who.now_ms,
                         .programme = &programme,
                         .room_key_commit = commit,
                         .answer_key_commit = answers,
                         .papers = &paper,
                         .paper_count = 1,
                         .nodes = &r->node,
                         .node_count = 1,
                         .roster = {(const unsigned char *)"roster", 6},
                         .slots = &slots};
    struct release_signer signer = {key.kid, r, sign};
    CHECK_OK("signed", manifest_sign(r->t->arena, &m, &signer, &r->manifest, &e), &e);
}

static void write_halves(struct room_here *r)
{
    for (int half = 0; half < 2; half++) {
        struct envelope_place place = {r->session, ROOM, REVISION, half};
        phone_code_half(r->halves[0][half], r->session_key, ROOM, REVISION, half);
        envelope_write(r->halves[1][half], &place, r->bags[half]);
    }
}

static bool put_node(struct db *db, void *ctx, struct err *e)
{
    struct room_here *r = ctx;
    struct id id = id_random();
    unsigned char commit[HASH_BYTES];
    struct query *q = db_query(db, SQL_node_self_put);
    query_id(q, id);
    query_id(q, r->who.body);
    query_text(q, "一号机房");
    query_int(q, 2);
    query_text(q, "https://centre");
    query_text(q, "00");
    query_bytes(q, (struct bytes){r->key, KEY_BYTES});
    query_text(q, r->node.kid);
    query_bytes(q, (struct bytes){r->node.box_public, BOX_PUBLIC_BYTES});
    query_bytes(q, purpose_seal(r->t->arena, r->t->master, KEY_STORE, "node_self", "box_secret",
                                id, BOX_SECRET_BYTES, r->box_secret, BOX_SECRET_BYTES));
    query_int(q, r->who.now_ms);
    if (!query_run(q, e))
        return false;
    room_key_commitment(commit, r->session, ROOM, REVISION, r->key);
    q = db_query(db, SQL_paper_room_put);
    query_id(q, r->session);
    query_int(q, ROOM);
    query_int(q, REVISION);
    query_bytes(q, (struct bytes){commit, HASH_BYTES});
    query_bytes(q, r->manifest);
    if (!query_run(q, e))
        return false;
    q = db_query(db, SQL_node_paper_session_put);
    query_id(q, r->session);
    query_id(q, r->who.body);
    query_int(q, REVISION);
    query_text(q, "理论知识考试");
    query_int(q, 90);
    query_int(q, r->open_at_ms);
    query_int(q, r->open_at_ms + 2 * HOUR_MS);
    query_bytes(q, (struct bytes){commit, HASH_BYTES});
    query_bytes(q, (struct bytes){commit, HASH_BYTES});
    query_int(q, r->who.now_ms);
    return query_run(q, e);
}

static void script(struct room_here *r, const char *sql)
{
    struct err e = {0};
    CHECK_OK(sql, test_store_script(r->t, sql, &e), &e);
}

static struct room_here *room_create(void)
{
    struct test_store *t = test_store_create();
    struct room_here *r = arena_new(t->arena, struct room_here);
    struct err e = {0};
    struct package p;
    *r = (struct room_here){
        .t = t,
        .who = t->actor,
        .session = id_random(),
        .room = id_random(),
        .node = {.kid = "0badcafe"},
        .open_at_ms = t->actor.now_ms + HOUR_MS,
        .clocks = {.wall_ms = t->actor.now_ms, .boot_ms = 5000, .boot = "1"}};
    r->signer = signer_create(t->arena, t->master);
    CHECK_OK("keys", signer_keys_ensure(r->signer, t->db, r->who.now_ms, &e), &e);
    random_bytes(r->session_key, KEY_BYTES);
    room_key(r->key, r->session_key, ROOM, REVISION);
    box_keypair(r->node.box_public, r->box_secret);
    make_manifest(r);
    write_halves(r);
    CHECK_OK("a node", db_transact(t->db, put_node, r, &e), &e);
    CHECK_OK("reads", node_package_read(t->db, t->arena, r->manifest, &p, &e), &e);
    CHECK_OK("a package", node_package_begin(t->db, r->room, r->manifest, &p, &e), &e);
    script(r, "UPDATE node_package SET state = 'complete'");
    CHECK_OK("the centre tells the time",
             node_time_anchor(t->db, t->master, &r->clocks,
                              &(struct node_told){r->who.now_ms, 0}, &e),
             &e);
    return r;
}

static struct node_clocks after(const struct room_here *r, int64_t ms)
{
    struct node_clocks c = r->clocks;
    c.wall_ms += ms;
    c.boot_ms += ms;
    return c;
}

/* The object the centre would send, for a node and a revision. */
static json_t *release_of(struct room_here *r, const char *kid, int64_t revision)
{
    struct err e = {0};
    unsigned char box[NODE_BOX_BYTES];
    char session[ID_TEXT_BYTES];
    struct sign_order order = {
        .use = KEY_USE_release, .type = "release", .now_ms = r->who.now_ms};
    box_seal(box, r->key, KEY_BYTES, r->node.box_public);
    id_write(r->session, session);
    json_t *o = json_keep(r->t->arena,
                          json_pack("{s:s, s:i, s:I, s:s, s:s}", "session", session, "room",
                                    (int)ROOM, "revision", (json_int_t)revision, "node", kid,
                                    "box", base64url_write(r->t->arena, box, sizeof box)));
    CHECK_OK("signed", signer_sign_json(r->signer, r->t->db, r->t->arena, &order, o, &e), &e);
    return o;
}

enum way { ONLINE, PHONE, ENVELOPE, WAYS };
static const char *const way_names[] = {"online", "phone", "envelope"};

static struct node_here here_of(struct room_here *r)
{
    return (struct node_here){.db = r->t->db,
                              .arena = r->t->arena,
                              .master = r->t->master,
                              .signer = r->signer,
                              .who = &r->who};
}

static bool try_way(struct room_here *r, enum way way, const struct node_clocks *c,
                    struct err *e)
{
    struct node_here here = here_of(r);
    struct node_halves in = {.room = r->room, .envelope = way == ENVELOPE};
    if (way == ONLINE)
        return node_open_online(&here, c, release_of(r, r->node.kid, REVISION), e);
    in.a = r->halves[way == ENVELOPE][0];
    in.b = r->halves[way == ENVELOPE][1];
    return node_open_by_halves(&here, c, &in, e);
}

static bool is_open(struct room_here *r)
{
    struct err e = {0};
    struct node_package p;
    struct query *q = db_query(r->t->db, SQL_paper_room_key_get);
    query_id(q, r->session);
    query_int(q, ROOM);
    CHECK_OK("the room", query_one(q, "room", &e), &e);
    bool key = !query_is_null(q, 0);
    query_done(q);
    CHECK_OK("reads", node_package_get(r->t->db, r->t->arena, r->room, &p, &e), &e);
    CHECK_INT("one thing", p.released_ms > 0, key);
    return key;
}

static void closed_by(struct room_here *r, const char *what, const struct node_clocks *c,
                      const char *field)
{
    for (int way = 0; way < WAYS; way++) {
        struct err e = {0};
        char text[160];
        snprintf(text, sizeof text, "%s, %s", what, way_names[way]);
        CHECK_REFUSED(text, try_way(r, (enum way)way, c, &e), &e, CONFLICT, field);
        CHECK(text, !is_open(r));
    }
}

void node_open_before_test(void)
{
    struct room_here *r = room_create();
    struct node_clocks c = after(r, HOUR_MS - 1), other;
    closed_by(r, "a millisecond early", &c, "/open_at_ms");
    c = after(r, 1000);
    c.wall_ms += 2 * HOUR_MS;
    closed_by(r, "clock set forward", &c, "/clock");
    other = c;
    snprintf(other.boot, sizeof other.boot, "2");
    closed_by(r, "machine started anew, clock set forward", &other, "/clock");
    c = after(r, 1000);
    c.wall_ms += 2 * HOUR_MS;
    script(r, "UPDATE node_self SET centre_ms = centre_ms + 7200000");
    closed_by(r, "what the centre told changed, the clock set to match", &c, "/clock");
    script(r,
           "UPDATE node_self SET centre_ms = centre_ms - 7200000, boot_ms = boot_ms - 7200000");
    closed_by(r, "when it told it changed, the clock set to match", &c, "/clock");
    script(r, "UPDATE node_self SET boot_ms = boot_ms + 7200000, confirmed_by = id,"
              " confirmed_second = body_id");
    closed_by(r, "confirmed by a hand in the database", &c, "/clock");
    script(r, "UPDATE node_self SET confirmed_by = NULL, confirmed_second = NULL");
    c = after(r, 1000);
    script(r, "UPDATE node_package SET open_at_ms = 1");
    closed_by(r, "the row's hour changed", &c, "/open_at_ms");
    script(r, "UPDATE paper_session SET open_at_ms = 1");
    closed_by(r, "the session's hour changed", &c, "/open_at_ms");
    db_close(r->t->db);
    store_close(r->t->store);
    test_store_open_again(r->t);
    closed_by(r, "the program started anew", &c, "/open_at_ms");
    script(r, "UPDATE node_package SET state = 'released'");
    for (int way = 0; way < WAYS; way++) {
        struct err e = {0};
        bool said = try_way(r, (enum way)way, &c, &e);
        CHECK("the row's state changed: nothing is opened", !is_open(r));
        CHECK("and no halves are taken", way == ONLINE || !said);
    }
    test_store_destroy(r->t);
}

/* The clock is confirmed by two people, not by one twice. */
void node_open_two_people_test(void)
{
    struct room_here *r = room_create();
    struct err e = {0};
    struct node_clocks c = after(r, 2 * HOUR_MS);
    struct actor one = r->who;
    snprintf(c.boot, sizeof c.boot, "2");
    closed_by(r, "started anew, the hour is over", &c, "/clock");
    one.second = one.account;
    CHECK_REFUSED("one person twice", node_time_confirm(r->t->db, r->t->master, &one, &c, &e),
                  &e, FORBIDDEN, "/clock");
    one.second = (struct id){{0}};
    e = (struct err){0};
    CHECK_REFUSED("one person", node_time_confirm(r->t->db, r->t->master, &one, &c, &e), &e,
                  FORBIDDEN, "/clock");
    closed_by(r, "nobody confirmed", &c, "/clock");
    one.second = id_random();
    e = (struct err){0};
    CHECK_OK("two", node_time_confirm(r->t->db, r->t->master, &one, &c, &e), &e);
    CHECK_WHOLE("opens", r->t, r->t->db, try_way(r, PHONE, &c, &e), &e);
    CHECK("open", is_open(r));
    test_store_destroy(r->t);
}

/* At the hour each way opens: what was refused before was refused for the hour alone. */
void node_open_at_the_hour_test(void)
{
    for (int way = 0; way < WAYS; way++) {
        struct room_here *r = room_create();
        struct err e = {0};
        struct node_clocks c = after(r, HOUR_MS);
        CHECK_OK(way_names[way], try_way(r, (enum way)way, &c, &e), &e);
        CHECK(way_names[way], is_open(r));
        test_store_destroy(r->t);
    }
}

/* Also after the hour: a release of another revision, for another node, changed, or without a signature;
 * one half twice, halves changed round, halves of the other way. */
void node_open_replayed_test(void)
{
    struct room_here *r = room_create();
    struct node_here here = here_of(r);
    struct node_clocks c = after(r, HOUR_MS);
    struct err e = {0};
    CHECK_REFUSED("of the revision before",
                  node_open_online(&here, &c, release_of(r, r->node.kid, REVISION - 1), &e), &e,
                  NOT_FOUND, "/release");
    e = (struct err){0};
    CHECK_REFUSED("for another node",
                  node_open_online(&here, &c, release_of(r, "0badcaff", REVISION), &e), &e,
                  INVALID, "/release");
    json_t *changed = release_of(r, r->node.kid, REVISION - 1);
    json_object_set_new(changed, "revision", json_integer(REVISION));
    e = (struct err){0};
    CHECK_REFUSED("changed", node_open_online(&here, &c, changed, &e), &e, INVALID, "/sig");
    json_object_del(changed, "sig");
    e = (struct err){0};
    CHECK_REFUSED("unsigned", node_open_online(&here, &c, changed, &e), &e, INVALID, "/sig");
    for (int pair = 0; pair < 2; pair++) {
        struct node_halves in = {
            .room = r->room, .a = r->halves[0][pair], .b = r->halves[0][pair ? 0 : pair]};
        e = (struct err){0};
        CHECK_REFUSED("the same half, or changed round",
                      node_open_by_halves(&here, &c, &in, &e), &e, FORBIDDEN, "/halves");
    }
    CHECK("closed", !is_open(r));
    test_store_destroy(r->t);
}
