/* sitting/node.c - room nodes at the centre: invited, joined, revoked; their requests. */
#include "sitting/node.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/signed_json.h"
#include "sitting/node_store.h"
#include "store/audit.h"
#include "store/db.h"
#include "store/signer.h"

enum { MARK_CHARACTERS = 4, GROUPS = NODE_CODE_CHARACTERS / MARK_CHARACTERS };

/* --- the code ------------------------------------------------------------------------------------ */
bool node_code_read(const char *typed, char plain[NODE_CODE_CHARACTERS + 1])
{
    static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    size_t n = 0;
    for (const char *c = typed; *c; c++) {
        char up = (char)(*c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c);
        up = (char)(up == 'O' ? '0' : up == 'I' || up == 'L' ? '1' : up);
        if (*c == ' ' || *c == '-')
            continue;
        if (!strchr(alphabet, up) || n == NODE_CODE_CHARACTERS)
            return false;
        plain[n++] = up;
    }
    plain[n] = '\0';
    return n == NODE_CODE_CHARACTERS;
}

void node_code_key(unsigned char key[KEY_BYTES], const char plain[NODE_CODE_CHARACTERS + 1])
{
    static const char type[] = "heng/node-code/1";
    struct hash_state h;
    hash_begin(&h);
    hash_add(&h, type, sizeof type);
    hash_add(&h, plain, NODE_CODE_CHARACTERS);
    hash_end(&h, key);
}

void node_code_proof(unsigned char out[TAG_BYTES], const unsigned char key[KEY_BYTES],
                     const char *word, struct bytes bytes)
{
    struct tag_state t;
    tag_begin(&t, key);
    tag_add(&t, word, strlen(word) + 1);
    tag_add(&t, bytes.at, bytes.len);
    tag_end(&t, out);
}

/* --- inviting ------------------------------------------------------------------------------------ */
struct inviting {
    const struct node_desk *desk;
    const char *name;
    struct id id;
    char plain[NODE_CODE_CHARACTERS + 1];
};

static bool put_invitation(struct db *db, void *ctx, struct err *e)
{
    struct inviting *v = ctx;
    const struct node_desk *d = v->desk;
    int64_t rows;
    v->id = id_random();
    unsigned char random[16];
    random_bytes(random, sizeof random);
    const char *code = crockford_write(d->arena, random, NODE_CODE_CHARACTERS * 5);
    memcpy(v->plain, code, NODE_CODE_CHARACTERS);
    v->plain[NODE_CODE_CHARACTERS] = '\0';
    struct query *q = db_query(db, SQL_room_node_put);
    query_id(q, v->id);
    query_id(q, d->who->body);
    query_text(q, v->name);
    query_text(q, arena_copy(d->arena, v->plain, MARK_CHARACTERS));
    query_bytes(q, purpose_seal(d->arena, d->master, KEY_TOKEN, "room_node", "code", v->id, 32,
                                v->plain, NODE_CODE_CHARACTERS));
    query_int(q, d->who->now_ms + NODE_CODE_MS);
    query_int(q, d->who->now_ms);
    if (!query_change(q, &rows, e))
        return false;
    if (rows != 1)
        return FAIL(e, CONFLICT, "/code", "加入码恰与另一个相同，请再试一次。");
    json_t *change = json_keep(d->arena, json_pack("{s:s}", "name", v->name));
    return audit_write(
        db, d->who,
        &(struct audit_row){
            .act = ACT_node_invite, .object_type = "rn", .object = v->id, .change = change},
        e);
}

bool node_invite(const struct node_desk *d, const char *name, struct id *node,
                 char code[NODE_CODE_TEXT_BYTES], struct err *e)
{
    struct inviting v = {.desk = d, .name = name};
    if (!db_transact(d->db, put_invitation, &v, e))
        return false;
    *node = v.id;
    for (size_t i = 0, n = 0; i < NODE_CODE_CHARACTERS; i++) {
        if (i > 0 && i % MARK_CHARACTERS == 0)
            code[n++] = '-';
        code[n++] = v.plain[i];
        code[n] = '\0';
    }
    return true;
}

bool node_list(const struct node_desk *d, struct node **out, size_t *count, struct err *e)
{
    struct query *q = db_query(d->db, SQL_room_node_list);
    query_id(q, d->who->body);
    *out = NULL;
    *count = 0;
    while (query_next(q, e)) {
        *out = arena_grow(d->arena, *out, *count, *count + 1, sizeof **out);
        node_row_read(q, d->arena, &(*out)[(*count)++]);
    }
    return e->code == ERR_NONE;
}

bool node_get(const struct node_desk *d, struct id node, struct node *out, struct err *e)
{
    struct query *q = db_query(d->db, SQL_room_node_get);
    query_id(q, node);
    query_id(q, d->who->body);
    if (!query_one(q, "node", e))
        return false;
    node_row_read(q, d->arena, out);
    query_done(q);
    return true;
}

struct revoking {
    const struct node_desk *desk;
    struct node node;
    const char *reason;
};

static bool revoke(struct db *db, void *ctx, struct err *e)
{
    struct revoking *v = ctx;
    const struct node_desk *d = v->desk;
    struct query *q = db_query(db, SQL_room_node_revoke);
    query_id(q, v->node.id);
    query_id(q, d->who->body);
    json_t *change = json_keep(d->arena, json_pack("{s:s}", "reason", v->reason));
    return query_change_one(q, "/state", "这个节点已经吊销。", e) &&
           (!v->node.kid ||
            signer_guest_revoke(d->signer, db, v->node.kid, d->who->now_ms, e)) &&
           audit_write(db, d->who,
                       &(struct audit_row){.act = ACT_node_revoke,
                                           .object_type = "rn",
                                           .object = v->node.id,
                                           .change = change},
                       e);
}

bool node_revoke(const struct node_desk *d, struct id node, const char *reason, struct err *e)
{
    struct revoking v = {.desk = d, .reason = reason};
    return node_get(d, node, &v.node, e) && db_transact(d->db, revoke, &v, e);
}

/* --- joining ------------------------------------------------------------------------------------- */
struct joining {
    const struct node_desk *desk;
    const struct node_joining *in;
    struct node_joined *out;
    bool right;
};

static bool find_invited(struct db *db, struct joining *j, bool *found, struct bytes *code,
                         int64_t *tries, struct err *e)
{
    const struct node_desk *d = j->desk;
    struct query *q = db_query(db, SQL_room_node_of_mark);
    query_text(q, j->in->mark);
    if (!query_maybe(q, found, e) || !*found)
        return e->code == ERR_NONE;
    node_row_read(q, d->arena, &j->out->node);
    struct bytes sealed = query_get_bytes(q, NODE_COLUMN_COUNT, d->arena);
    *tries = query_get_int(q, NODE_COLUMN_COUNT + 1);
    query_done(q);
    return purpose_open(d->arena, d->master, KEY_TOKEN, "room_node", "code", j->out->node.id,
                        sealed, code, e);
}

static bool proof_is_right(struct joining *j, struct bytes code)
{
    unsigned char both[SIGN_PUBLIC_BYTES + BOX_PUBLIC_BYTES], want[TAG_BYTES];
    char plain[NODE_CODE_CHARACTERS + 1] = "";
    if (code.len != NODE_CODE_CHARACTERS)
        return false;
    memcpy(plain, code.at, NODE_CODE_CHARACTERS);
    node_code_key(j->out->code_key, plain);
    memcpy(both, j->in->sign_public, SIGN_PUBLIC_BYTES);
    memcpy(both + SIGN_PUBLIC_BYTES, j->in->box_public, BOX_PUBLIC_BYTES);
    node_code_proof(want, j->out->code_key, "join", (struct bytes){both, sizeof both});
    return secret_equal(want, j->in->proof, sizeof want);
}

static bool put_joined(struct db *db, struct joining *j, struct err *e)
{
    const struct node_desk *d = j->desk;
    struct node *n = &j->out->node;
    struct public_key key;
    struct actor who = *d->who;
    who.body = n->body;
    if (!signer_guest_admit(d->signer, db, KEY_USE_room, j->in->sign_public, who.now_ms, &key,
                            e))
        return false;
    struct query *q = db_query(db, SQL_room_node_joined);
    query_id(q, n->id);
    query_text(q, key.kid);
    query_bytes(q, (struct bytes){j->in->sign_public, SIGN_PUBLIC_BYTES});
    query_bytes(q, (struct bytes){j->in->box_public, BOX_PUBLIC_BYTES});
    query_int(q, who.now_ms);
    n->kid = arena_text(d->arena, key.kid);
    json_t *change = json_keep(d->arena,
                               json_pack("{s:s, s:s}", "name", n->name, "kid", n->kid));
    return query_change_one(q, "/code", "这个加入码刚刚用过。", e) &&
           audit_write(db, &who,
                       &(struct audit_row){.act = ACT_node_join,
                                           .object_type = "rn",
                                           .object = n->id,
                                           .change = change},
                       e);
}

/* A wrong try is counted, so the transaction commits and the refusal comes after it. */
static bool try_join(struct db *db, void *ctx, struct err *e)
{
    struct joining *j = ctx;
    struct bytes code = {NULL, 0};
    bool found;
    int64_t tries = 0;
    j->right = false;
    if (!find_invited(db, j, &found, &code, &tries, e))
        return false;
    if (!found || tries >= NODE_CODE_TRIES ||
        j->desk->who->now_ms >= j->out->node.code_until_ms)
        return true;
    j->right = proof_is_right(j, code);
    if (j->right)
        return put_joined(db, j, e);
    struct query *q = db_query(db, SQL_room_node_try);
    query_id(q, j->out->node.id);
    return query_run(q, e);
}

bool node_join(const struct node_desk *d, const struct node_joining *in,
               struct node_joined *out, struct err *e)
{
    struct joining j = {.desk = d, .in = in, .out = out};
    return db_transact(d->db, try_join, &j, e) &&
           (j.right ||
            FAIL(e, FORBIDDEN, "/code", "加入码不对、已用过或已过期，请在中心重新出具。"));
}

/* --- requests -------------------------------------------------------------------------------------- */
struct bytes node_request_message(struct arena *a, const struct node_request *r)
{
    unsigned char digest[HASH_BYTES];
    char hex[2 * HASH_BYTES + 1];
    hash_of(digest, r->body.at, r->body.len);
    hex_write(hex, digest, sizeof digest);
    const char *head = arena_printf(a, "%s%c%s%c%lld%c%s", r->method, 0, r->path, 0,
                                    (long long)r->at_ms, 0, hex);
    size_t len = strlen(r->method) + strlen(r->path) + 3 + strlen(hex) +
                 strlen(arena_printf(a, "%lld", (long long)r->at_ms));
    return signed_message(a, "node-request", (struct bytes){(const unsigned char *)head, len});
}

static bool refused(struct err *e)
{
    return FAIL(e, UNAUTHENTICATED, "node",
                "不是本中心已加入的考场节点，或者节点时钟相差过大。");
}

bool node_of_request(struct db *db, struct arena *a, const char *header,
                     const struct node_request *r, int64_t now_ms, struct node *out,
                     struct err *e)
{
    struct node_request claimed = *r;
    struct bytes signature;
    bool found;
    char *end = NULL;
    const char *at = header ? strchr(header, '.') : NULL,
               *sig = at ? strchr(at + 1, '.') : NULL;
    if (!sig)
        return refused(e);
    claimed.at_ms = strtoll(at + 1, &end, 10);
    if (end != sig || claimed.at_ms < now_ms - NODE_REQUEST_SKEW_MS ||
        claimed.at_ms > now_ms + NODE_REQUEST_SKEW_MS ||
        !base64url_read(a, sig + 1, strlen(sig + 1), &signature) ||
        signature.len != SIGNATURE_BYTES)
        return refused(e);
    struct query *q = db_query(db, SQL_room_node_of_kid);
    query_text(q, arena_copy(a, header, (size_t)(at - header)));
    if (!query_maybe(q, &found, e))
        return false;
    if (!found)
        return refused(e);
    node_row_read(q, a, out);
    query_done(q);
    struct bytes message = node_request_message(a, &claimed);
    return signature_is_true(signature.at, message.at, message.len, out->sign_public) ||
           refused(e);
}

struct seeing {
    struct id node;
    const struct node_report *report;
    int64_t now_ms;
};

static bool put_seen(struct db *db, void *ctx, struct err *e)
{
    const struct seeing *s = ctx;
    struct query *q = db_query(db, SQL_room_node_seen);
    query_id(q, s->node);
    query_int(q, s->now_ms);
    query_int(q, s->report->offset_ms);
    query_int(q, s->report->free_bytes);
    query_int(q, s->report->ram_bytes);
    query_text(q, s->report->version);
    return query_run(q, e);
}

bool node_seen(struct db *db, struct id node, const struct node_report *r, int64_t now_ms,
               struct err *e)
{
    struct seeing s = {node, r, now_ms};
    return db_transact(db, put_seen, &s, e);
}
