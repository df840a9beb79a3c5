/* web/node_api.c - what room nodes ask of the centre. Each request but the first is signed by the
 * node's own key (boundary B2); every answer that matters is signed by the centre's. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/signed_json.h"
#include "paper/paper.h"
#include "sitting/hand_up.h"
#include "sitting/hand_up_blob.h"
#include "sitting/handed_in.h"
#include "sitting/room_rehearsal.h"
#include "store/signer.h"
#include "web/app.h"
#include "web/handlers.h"
#include "web/nodes_of.h"
#include "web/people_of.h"
#include "web/sit.h"

enum { ROSTER_PIECE_BYTES = 1 << 20 };

static bool read_body(struct request *rq, json_t **out, struct err *e)
{
    *out = json_read(rq->arena, rq->body.at ? (const char *)rq->body.at : "", rq->body.len, e);
    return *out && (json_is_object(*out) || FAIL(e, INVALID, "", "内容须为一个对象。"));
}

static bool reply_object(struct request *rq, struct reply *rp, const json_t *v, struct err *e)
{
    struct bytes text;
    if (!jcs_write(rq->arena, v, &text, e))
        return false;
    reply_bytes(rp, 200, "application/json", text);
    return true;
}

/* --- joining ---------------------------------------------------------------------------------------- */
static bool member_bytes(struct request *rq, const json_t *v, const char *name,
                         unsigned char *out, size_t len, struct err *e)
{
    struct bytes b;
    char field[32];
    const char *text = json_member_text(v, name);
    snprintf(field, sizeof field, "/%s", name);
    if (!text || !base64url_read(rq->arena, text, strlen(text), &b) || b.len != len)
        return FAIL(e, INVALID, field, "这一项读不出来。");
    memcpy(out, b.at, len);
    return true;
}

static bool answer_joined(struct request *rq, struct reply *rp, const struct node_joined *j,
                          struct err *e)
{
    struct key_table keys;
    struct bytes text;
    unsigned char proof[TAG_BYTES];
    char node[ID_TEXT_BYTES], body[ID_TEXT_BYTES];
    if (!signer_key_table(rq->db, rq->arena, &keys, e))
        return false;
    id_write(j->node.id, node);
    id_write(j->node.body, body);
    json_t *o = json_keep(rq->arena, json_pack("{s:s, s:s, s:s, s:I, s:s, s:I, s:O}", "node",
                                               node, "body", body, "name", j->node.name,
                                               "chain", (json_int_t)j->node.chain, "kid",
                                               j->node.kid, "server_ms", (json_int_t)rq->now_ms,
                                               "keys", key_table_json(rq->arena, &keys)));
    if (!jcs_write(rq->arena, o, &text, e))
        return false;
    node_code_proof(proof, j->code_key, "joined", text);
    json_object_set_new(o, "proof",
                        json_string(base64url_write(rq->arena, proof, sizeof proof)));
    return reply_object(rq, rp, o, e);
}

bool node_join_post(struct request *rq, struct reply *rp, struct err *e)
{
    struct node_desk d = node_desk_of(rq);
    struct node_joining in;
    struct node_joined out;
    json_t *v;
    if (!address_allowed(rq, RATE_node_join, e) || !read_body(rq, &v, e))
        return false;
    in.mark = json_member_text(v, "mark");
    if (!in.mark || strlen(in.mark) > 8)
        return FAIL(e, INVALID, "/mark", "这一项读不出来。");
    if (!member_bytes(rq, v, "sign_public", in.sign_public, SIGN_PUBLIC_BYTES, e) ||
        !member_bytes(rq, v, "box_public", in.box_public, BOX_PUBLIC_BYTES, e) ||
        !member_bytes(rq, v, "proof", in.proof, TAG_BYTES, e) || !node_join(&d, &in, &out, e))
        return false;
    bool ok = answer_joined(rq, rp, &out, e);
    secret_wipe(out.code_key, sizeof out.code_key);
    return ok;
}

/* --- who asks ----------------------------------------------------------------------------------------- */
static bool node_of(struct request *rq, struct node *n, struct err *e)
{
    struct node_request r = {.method = rq->route->method == METHOD_GET ? "GET" : "POST",
                             .path = rq->path,
                             .body = rq->body};
    if (!node_of_request(rq->db, rq->arena, request_header(rq, "Heng-Node"), &r, rq->now_ms, n,
                         e))
        return false;
    rq->actor.body = n->body;
    return true;
}

static bool duty_of(struct request *rq, struct node *n, struct node_duty *duty, struct err *e)
{
    return node_of(rq, n, e) && node_duty_get(rq->db, rq->arena, n, rq->id[0], duty, e) &&
           (duty->has_package ||
            FAIL(e, CONFLICT, "/package", "这个考场还没有给本节点的试卷包。"));
}

/* --- contact ------------------------------------------------------------------------------------------- */
static json_t *duty_json(struct request *rq, const struct node_duty *d)
{
    char room[ID_TEXT_BYTES], session[ID_TEXT_BYTES], hash[2 * HASH_BYTES + 1];
    (void)rq;
    id_write(d->room, room);
    id_write(d->session, session);
    hex_write(hash, d->manifest, HASH_BYTES);
    return json_pack("{s:s, s:s, s:I, s:I, s:s, s:I, s:b}", "room", room, "session", session,
                     "no", (json_int_t)d->no, "revision", (json_int_t)d->revision,
                     "manifest_sha256", hash, "open_at", (json_int_t)d->open_at_ms, "proved",
                     (int)d->proved);
}

static bool put_duties(struct request *rq, const struct node *n, json_t *o, struct err *e)
{
    struct node_desk d = node_desk_of(rq);
    struct node_duty *duties;
    size_t count;
    json_t *packages = json_array(), *releases = json_array();
    json_object_set_new(o, "packages", packages);
    json_object_set_new(o, "releases", releases);
    json_t *ledger;
    if (!node_duties(rq->db, rq->arena, n, &duties, &count, e) ||
        !node_ledger_rows(rq->db, rq->arena, n, duties, count, &ledger, e))
        return false;
    json_object_set(o, "ledger", ledger);
    for (size_t i = 0; i < count; i++) {
        json_t *release;
        if (!duties[i].has_package)
            continue;
        json_array_append_new(packages, duty_json(rq, &duties[i]));
        if (!duties[i].released || rq->now_ms < duties[i].open_at_ms)
            continue;
        if (!node_release_object(&d, n, &duties[i], &release, e))
            return false;
        json_array_append(releases, release);
    }
    return true;
}

/* What of its audit chains is here: it sends the rest. */
static bool put_audit_tops(struct request *rq, const struct node *n, json_t *o, struct err *e)
{
    json_t *tops;
    return node_audit_tops(rq->db, rq->arena, n->id, &tops, e) &&
           json_object_set(o, "audit", tops) == 0;
}

static bool put_rehearsals(struct request *rq, const struct node *n, json_t *o, struct err *e)
{
    json_t *orders;
    return rehearsal_orders_of_node(rq->db, rq->arena, n->id, rq->now_ms, &orders, e) &&
           json_object_set(o, "rehearsals", orders) == 0;
}

bool node_contact_post(struct request *rq, struct reply *rp, struct err *e)
{
    struct node n;
    json_t *v;
    struct sign_order order = {.use = KEY_USE_anchor, .type = "contact", .now_ms = rq->now_ms};
    if (!node_of(rq, &n, e) || !read_body(rq, &v, e))
        return false;
    const char *nonce = json_member_text(v, "nonce"), *version = json_member_text(v, "version");
    struct node_report report = {json_member_int(v, "offset_ms", 0),
                                 json_member_int(v, "free_bytes", 0),
                                 json_member_int(v, "ram_bytes", 0), version};
    if (!nonce || strlen(nonce) > 64 || !version || strlen(version) > 40)
        return FAIL(e, INVALID, "/nonce", "这一项读不出来。");
    struct node_desk d = node_desk_of(rq);
    if (!node_seen(rq->db, n.id, &report, rq->now_ms, e) ||
        !node_ledger_reached(&d, &n, json_object_get(v, "ledger"), e))
        return false;
    json_t *o = json_keep(rq->arena, json_pack("{s:s, s:s, s:I}", "node", n.kid, "nonce", nonce,
                                               "server_ms", (json_int_t)rq->now_ms));
    return put_duties(rq, &n, o, e) && put_audit_tops(rq, &n, o, e) &&
           put_rehearsals(rq, &n, o, e) &&
           signer_sign_json(rq->app->signer, rq->db, rq->arena, &order, o, e) &&
           reply_object(rq, rp, o, e);
}

/* --- packages --------------------------------------------------------------------------------------------- */
bool node_manifest_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct node n;
    struct node_duty duty;
    struct bytes manifest;
    if (!duty_of(rq, &n, &duty, e) ||
        !paper_manifest(rq->db, rq->arena, duty.session, duty.no, &manifest, e))
        return false;
    reply_bytes(rp, 200, "application/octet-stream", manifest);
    return true;
}

bool node_paper_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct node n;
    struct node_duty duty;
    struct paper_row row;
    struct bytes blob;
    if (!duty_of(rq, &n, &duty, e) || !paper_get(rq->db, rq->id[1], &row, e))
        return false;
    if (!id_equal(row.session, duty.session) || row.room != duty.no)
        return FAIL(e, NOT_FOUND, "paper", "没有找到这份试卷。");
    if (!paper_blob(rq->db, rq->arena, row.id, &blob, e))
        return false;
    reply_bytes(rp, 200, "application/octet-stream", blob);
    return true;
}

bool node_object_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct node n;
    struct node_duty duty;
    struct paper_object *objects;
    size_t count;
    return duty_of(rq, &n, &duty, e) &&
           paper_objects_of_room(rq->db, rq->arena, duty.session, duty.no, &objects, &count,
                                 e) &&
           reply_paper_object(rq, rp, objects, count, e);
}

/* ?offset=: a piece of at most a mebibyte, so that a cut costs no more. */
bool node_roster_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct node n;
    struct node_duty duty;
    struct bytes roster;
    int64_t offset = request_query_int(rq, "offset", 0);
    if (!duty_of(rq, &n, &duty, e) ||
        !paper_roster(rq->db, rq->arena, duty.session, duty.no, &roster, e))
        return false;
    if (offset < 0 || (size_t)offset > roster.len)
        return FAIL(e, INVALID, "offset", "起点超出名册。");
    size_t rest = roster.len - (size_t)offset;
    struct bytes piece = {roster.at + offset,
                          rest < ROSTER_PIECE_BYTES ? rest : ROSTER_PIECE_BYTES};
    reply_bytes(rp, 200, "application/octet-stream", piece);
    return true;
}

bool node_challenge_post(struct request *rq, struct reply *rp, struct err *e)
{
    struct node n;
    struct node_desk d = node_desk_of(rq);
    unsigned char challenge[KEY_BYTES];
    char hex[2 * KEY_BYTES + 1];
    if (!node_of(rq, &n, e) || !node_challenge(&d, &n, rq->id[0], challenge, e))
        return false;
    hex_write(hex, challenge, sizeof challenge);
    put_text(reply_json(rp), "challenge", hex);
    return true;
}

bool node_ready_post(struct request *rq, struct reply *rp, struct err *e)
{
    struct node n;
    struct node_desk d = node_desk_of(rq);
    json_t *v;
    (void)rp;
    return node_of(rq, &n, e) && read_body(rq, &v, e) && node_ready(&d, &n, rq->id[0], v, e);
}

bool node_anchor_post(struct request *rq, struct reply *rp, struct err *e)
{
    struct node n;
    struct node_desk d = node_desk_of(rq);
    json_t *v;
    (void)rp;
    return node_of(rq, &n, e) && read_body(rq, &v, e) && node_anchor(&d, &n, v, e);
}

bool node_rehearsal_post(struct request *rq, struct reply *rp, struct err *e)
{
    struct node n;
    struct node_desk d = node_desk_of(rq);
    struct id order;
    json_t *v;
    (void)rp;
    if (!node_of(rq, &n, e) || !read_body(rq, &v, e))
        return false;
    const char *text = json_member_text(v, "id");
    if (!text || !id_read(text, &order))
        return FAIL(e, INVALID, "/id", "演练的命令读不出来。");
    return rehearsal_told(&d, &n, order, v, e);
}

bool node_audit_post(struct request *rq, struct reply *rp, struct err *e)
{
    struct node n;
    struct node_desk d = node_desk_of(rq);
    json_t *v;
    (void)rp;
    return node_of(rq, &n, e) && read_body(rq, &v, e) && node_audit_take(&d, &n, v, e);
}

/* --- hand-up ------------------------------------------------------------------------------------------------ */
bool node_hand_up_state_post(struct request *rq, struct reply *rp, struct err *e)
{
    struct node n;
    struct node_desk d = node_desk_of(rq);
    json_t *v, *state;
    if (!node_of(rq, &n, e) || !read_body(rq, &v, e))
        return false;
    struct hand_up_there there = {json_member_int(v, "rows", 0),
                                  json_member_int(v, "batches", 0)};
    return hand_up_begin(&d, &n, rq->id[0], &there, &state, e) &&
           reply_object(rq, rp, state, e);
}

bool node_hand_up_post(struct request *rq, struct reply *rp, struct err *e)
{
    struct node n;
    struct node_desk d = node_desk_of(rq);
    json_t *v;
    (void)rp;
    return node_of(rq, &n, e) && read_body(rq, &v, e) && hand_up_take(&d, &n, rq->id[0], v, e);
}

bool node_hand_up_close_post(struct request *rq, struct reply *rp, struct err *e)
{
    struct node n;
    struct node_desk d = node_desk_of(rq);
    json_t *v, *receipt;
    return node_of(rq, &n, e) && read_body(rq, &v, e) &&
           hand_up_close(&d, rq->app->journal, &n, v, &receipt, e) &&
           reply_object(rq, rp, receipt, e);
}

static bool put_wanted(struct request *rq, struct reply *rp, const struct node *n,
                       struct err *e)
{
    struct node_desk d = node_desk_of(rq);
    struct hand_up_wanted wanted[HAND_UP_WANTED_MAX];
    size_t count;
    json_t *v;
    if (!read_body(rq, &v, e) ||
        !hand_up_wanted(&d, n, rq->id[0], json_member_int(v, "after", 0), wanted, &count, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_array(o, "wanted");
    for (size_t i = 0; i < count; i++) {
        out_object(o);
        put_int(o, "no", wanted[i].no);
        put_int(o, "have", wanted[i].have);
        out_object_end(o);
    }
    out_array_end(o);
    return true;
}

bool node_blobs_wanted_post(struct request *rq, struct reply *rp, struct err *e)
{
    struct node n;
    return node_of(rq, &n, e) && put_wanted(rq, rp, &n, e);
}

bool node_blob_post(struct request *rq, struct reply *rp, struct err *e)
{
    struct node n;
    struct node_desk d = node_desk_of(rq);
    struct hand_up_keeping k = {.desk = &d,
                                .node = &n,
                                .writer = rq->app->journal,
                                .blobs = &rq->app->blobs,
                                .program = rq->app->program,
                                .disk_kept_bytes = handed_limits.disk_kept_bytes};
    struct hand_up_piece in = {.session = rq->id[0], .content = rq->body};
    struct hand_up_kept kept;
    if (!node_of(rq, &n, e) || !hand_up_piece_name_read(rq->word[0], &in.name, e) ||
        !hand_up_piece_take(&k, &in, &kept, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_int(o, "have", kept.have);
    put_text(o, "state", kept.state);
    return true;
}
