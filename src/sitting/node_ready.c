/* sitting/node_ready.c - proofs of completeness, releases for a node, anchors of its batches. */
#include <jansson.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/signed_json.h"
#include "sitting/node_store.h"
#include "store/audit.h"
#include "store/db.h"
#include "store/signer.h"

/* --- proof of completeness --------------------------------------------------------------------- */
struct challenging {
    struct id room, node;
    const unsigned char *challenge;
};

static bool put_challenge(struct db *db, void *ctx, struct err *e)
{
    const struct challenging *c = ctx;
    struct query *q = db_query(db, SQL_room_node_challenge);
    query_id(q, c->room);
    query_id(q, c->node);
    query_bytes(q, (struct bytes){c->challenge, KEY_BYTES});
    return query_run(q, e);
}

bool node_challenge(const struct node_desk *d, const struct node *n, struct id room,
                    unsigned char challenge[KEY_BYTES], struct err *e)
{
    struct node_duty duty;
    if (!node_duty_get(d->db, d->arena, n, room, &duty, e))
        return false;
    if (!duty.has_package)
        return FAIL(e, CONFLICT, "/package", "这个考场还没有给本节点的试卷包。");
    random_bytes(challenge, KEY_BYTES);
    struct challenging c = {room, n->id, challenge};
    return db_transact(d->db, put_challenge, &c, e);
}

static bool own_proof(const struct node_desk *d, const struct node_duty *duty,
                      const unsigned char challenge[KEY_BYTES], unsigned char out[HASH_BYTES],
                      struct err *e)
{
    struct package_proof proof;
    struct paper_row *rows;
    struct paper_object *objects;
    struct bytes roster;
    size_t count, object_count;
    bool ok = paper_list(d->db, d->arena, duty->session, &rows, &count, e) &&
              paper_objects_of_room(d->db, d->arena, duty->session, duty->no, &objects,
                                    &object_count, e) &&
              paper_roster(d->db, d->arena, duty->session, duty->no, &roster, e);
    if (!ok)
        return false;
    package_proof_begin(&proof, challenge);
    for (size_t i = 0; ok && i < count; i++) {
        struct arena *one = arena_create(16 << 20);
        struct bytes blob;
        if (rows[i].room == duty->no && (ok = paper_blob(d->db, one, rows[i].id, &blob, e)))
            package_proof_add(&proof, blob);
        arena_destroy(one);
    }
    for (size_t i = 0; ok && i < object_count; i++) {
        struct arena *one = arena_create(16 << 20);
        struct bytes blob;
        if ((ok = paper_object_blob(d->db, one, objects[i].id, &blob, e)))
            package_proof_add(&proof, blob);
        arena_destroy(one);
    }
    package_proof_add(&proof, roster);
    package_proof_end(&proof, out);
    return ok;
}

static bool challenge_of(const struct node_desk *d, const struct node *n, struct id room,
                         unsigned char challenge[KEY_BYTES], struct err *e)
{
    struct query *q = db_query(d->db, SQL_room_node_duty_get);
    query_id(q, room);
    query_id(q, n->id);
    if (!query_one(q, "room", e))
        return false;
    bool there = !query_is_null(q, 2);
    column_copy(q, 2, challenge, KEY_BYTES);
    query_done(q);
    return there || FAIL(e, CONFLICT, "/challenge", "没有等待中的挑战值，请先取一个。");
}

struct judging {
    const struct node *node;
    struct id room;
    int64_t now_ms;
    const unsigned char *manifest;
    const char *text, *problem;
};

static bool put_judged(struct db *db, void *ctx, struct err *e)
{
    const struct judging *j = ctx;
    struct query *q = db_query(db, j->problem ? SQL_room_node_not_ready : SQL_room_node_ready);
    query_id(q, j->room);
    query_id(q, j->node->id);
    if (j->problem) {
        query_text(q, j->problem);
    } else {
        query_int(q, j->now_ms);
        query_bytes(q, (struct bytes){j->manifest, HASH_BYTES});
        query_text(q, j->text);
    }
    return query_run(q, e);
}

static bool says_hex(const json_t *v, const char *name, const unsigned char *want, size_t len)
{
    unsigned char got[HASH_BYTES];
    const char *text = json_member_text(v, name);
    return text && hex_read(got, len, text) && memcmp(got, want, len) == 0;
}

/* NULL: all is as it must be. */
static const char *judge(const struct node_duty *duty, const json_t *v,
                         const unsigned char challenge[KEY_BYTES],
                         const unsigned char proof[HASH_BYTES])
{
    if (!says_hex(v, "session", duty->session.bytes, ID_BYTES) ||
        json_member_int(v, "room", 0) != duty->no)
        return "说的是别的考场。";
    if (!says_hex(v, "manifest_sha256", duty->manifest, HASH_BYTES))
        return "节点上的试卷包不是当前这一版。";
    if (!says_hex(v, "challenge", challenge, KEY_BYTES))
        return "挑战值不符。";
    return says_hex(v, "proof", proof, HASH_BYTES) ? NULL
                                                   : "节点上的文件与中心的不一致，或不完整。";
}

bool node_ready(const struct node_desk *d, const struct node *n, struct id room,
                const json_t *statement, struct err *e)
{
    struct node_duty duty;
    struct key_table keys;
    struct bytes text;
    unsigned char challenge[KEY_BYTES], proof[HASH_BYTES];
    const char *kid = json_member_text(statement, "kid");
    if (!node_duty_get(d->db, d->arena, n, room, &duty, e) ||
        !challenge_of(d, n, room, challenge, e) ||
        !signer_key_table(d->db, d->arena, &keys, e) ||
        !signed_json_verify(d->arena, &keys, KEY_USE_room, "ready", statement, e))
        return false;
    if (!kid || strcmp(kid, n->kid) != 0)
        return FAIL(e, INVALID, "/kid", "就绪声明不是这个节点签的。");
    if (!own_proof(d, &duty, challenge, proof, e) || !jcs_write(d->arena, statement, &text, e))
        return false;
    struct judging j = {n,
                        room,
                        d->who->now_ms,
                        duty.manifest,
                        arena_copy(d->arena, text.at, text.len),
                        judge(&duty, statement, challenge, proof)};
    return db_transact(d->db, put_judged, &j, e) &&
           (!j.problem || FAIL(e, INVALID, "/proof", "%s", j.problem));
}

/* --- online release -------------------------------------------------------------------------------- */
bool node_release_object(const struct node_desk *d, const struct node *n,
                         const struct node_duty *duty, json_t **out, struct err *e)
{
    unsigned char key[KEY_BYTES], box[NODE_BOX_BYTES];
    char session[ID_TEXT_BYTES];
    struct sign_order order = {
        .use = KEY_USE_release, .type = "release", .now_ms = d->who->now_ms};
    if (d->who->now_ms < duty->open_at_ms)
        return FAIL(e, CONFLICT, "/open_at_ms", "未到开考时间。");
    if (!paper_room_key(d->db, d->arena, d->master, duty->session, duty->no, key, e))
        return false;
    box_seal(box, key, sizeof key, n->box_public);
    secret_wipe(key, sizeof key);
    id_write(duty->session, session);
    *out = json_keep(d->arena, json_pack("{s:s, s:I, s:I, s:s, s:s}", "session", session,
                                         "room", (json_int_t)duty->no, "revision",
                                         (json_int_t)duty->revision, "node", n->kid, "box",
                                         base64url_write(d->arena, box, sizeof box)));
    return signer_sign_json(d->signer, d->db, d->arena, &order, *out, e);
}

/* --- anchors --------------------------------------------------------------------------------------- */
struct anchoring {
    const struct node *node;
    int64_t batch, now_ms;
    unsigned char hash[HASH_BYTES];
    const char *text;
};

static bool put_anchor(struct db *db, void *ctx, struct err *e)
{
    const struct anchoring *g = ctx;
    struct query *q = db_query(db, SQL_room_anchor_put);
    query_int(q, g->node->chain);
    query_int(q, g->batch);
    query_bytes(q, (struct bytes){g->hash, HASH_BYTES});
    query_text(q, g->text);
    query_int(q, g->now_ms);
    return query_run(q, e);
}

bool node_anchor(const struct node_desk *d, const struct node *n, const json_t *statement,
                 struct err *e)
{
    struct key_table keys;
    struct bytes text;
    struct anchoring g = {
        .node = n, .batch = json_member_int(statement, "batch", 0), .now_ms = d->who->now_ms};
    const char *kid = json_member_text(statement, "kid");
    const char *hash = json_member_text(statement, "hash");
    if (!signer_key_table(d->db, d->arena, &keys, e) ||
        !signed_json_verify(d->arena, &keys, KEY_USE_room, "room-anchor", statement, e))
        return false;
    if (!kid || strcmp(kid, n->kid) != 0 ||
        json_member_int(statement, "chain", 0) != n->chain || g.batch < 1 || !hash ||
        !hex_read(g.hash, HASH_BYTES, hash))
        return FAIL(e, INVALID, "/batch", "锚点不是这个节点的，或者读不出来。");
    if (!jcs_write(d->arena, statement, &text, e))
        return false;
    g.text = arena_copy(d->arena, text.at, text.len);
    return db_transact(d->db, put_anchor, &g, e);
}
