/* sitting/node_open.c - three ways into one K_R on a node, none before the time (SECURITY §3.4). */
#include <jansson.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/signed_json.h"
#include "paper/blob.h"
#include "paper/paper_store.h"
#include "sitting/node_self.h"
#include "sitting/node_store.h"
#include "store/audit.h"
#include "store/db.h"
#include "store/signer.h"

struct opening {
    const struct node_here *here;
    const struct node_package *package;
    const unsigned char *key;
    const char *how;
};

static bool commitment_holds(const struct opening *o, struct err *e)
{
    unsigned char want[HASH_BYTES] = {0}, is[HASH_BYTES];
    const struct node_package *p = o->package;
    struct query *q = db_query(o->here->db, SQL_node_room_commit);
    query_id(q, p->session);
    query_int(q, p->no);
    if (!query_one(q, "room", e))
        return false;
    column_copy(q, 0, want, HASH_BYTES);
    uint32_t revision = (uint32_t)query_get_int(q, 1);
    query_done(q);
    room_key_commitment(is, p->session, p->no, revision, o->key);
    return secret_equal(is, want, HASH_BYTES) ||
           FAIL(e, INVALID, "/room_key_commit", "密钥与清单中的承诺值不符。");
}

static bool put_opened(struct db *db, void *ctx, struct err *e)
{
    const struct opening *o = ctx;
    const struct node_here *h = o->here;
    const struct node_package *p = o->package;
    struct query *q = db_query(db, SQL_node_room_key_put);
    query_id(q, p->session);
    query_int(q, p->no);
    query_bytes(q, paper_room_key_wrap(h->arena, h->master, p->session, p->no, o->key));
    if (!query_change_one(q, "room", "考场刚刚变动过。", e))
        return false;
    q = db_query(db, SQL_node_paper_session_released);
    query_id(q, p->session);
    query_int(q, h->who->now_ms);
    if (!query_run(q, e))
        return false;
    q = db_query(db, SQL_node_package_released);
    query_id(q, p->room);
    query_int(q, h->who->now_ms);
    query_text(q, o->how);
    json_t *change = json_keep(
        h->arena, json_pack("{s:s, s:I}", "how", o->how, "room", (json_int_t)p->no));
    return query_change_one(q, "/state", "这个考场已经启封。", e) &&
           audit_write(db, h->who,
                       &(struct audit_row){.act = ACT_room_release,
                                           .object_type = "ro",
                                           .object = p->room,
                                           .chain_owner = p->session,
                                           .change = change},
                       e);
}

bool node_room_open(const struct node_here *h, const struct node_package *p,
                    const unsigned char key[KEY_BYTES], const char *how, struct err *e)
{
    struct opening o = {h, p, key, how};
    if (!commitment_holds(&o, e))
        return false;
    if (strcmp(p->state, "released") == 0)
        return true;
    if (strcmp(p->state, "complete") != 0)
        return FAIL(e, CONFLICT, "/state", "试卷包还没有收全，或者考试已经结束。");
    return db_transact(h->db, put_opened, &o, e);
}

/* The hour is the one that the centre signed: the column beside it is a copy that a hand in the
 * database could set. */
static bool gate(const struct node_here *h, const struct node_clocks *c,
                 const struct node_package *p, struct err *e)
{
    struct node_self self;
    struct package read;
    bool found;
    if (!p->manifest.at)
        return FAIL(e, CONFLICT, "/state", "试卷包还没有收全，或者考试已经结束。");
    if (!node_package_read(h->db, h->arena, p->manifest, &read, e))
        return false;
    int64_t open_at_ms = read.open_at_ms > p->open_at_ms ? read.open_at_ms : p->open_at_ms;
    if (!node_self_find(h->db, h->arena, &self, &found, e))
        return false;
    struct node_time t = node_time_of(&self, h->master, c);
    return node_time_gate(&t, open_at_ms, e);
}

/* --- online ------------------------------------------------------------------------------------------ */
static bool release_fits(const struct node_here *h, const json_t *object,
                         struct node_package *out, struct err *e)
{
    struct node_package *list;
    size_t count;
    struct id session;
    const char *text = json_member_text(object, "session");
    if (!text || !id_read(text, &session))
        return FAIL(e, INVALID, "/release", "启封对象读不出来。");
    if (!node_packages(h->db, h->arena, &list, &count, e))
        return false;
    for (size_t i = 0; i < count; i++)
        if (id_equal(list[i].session, session) &&
            list[i].no == json_member_int(object, "room", 0) &&
            list[i].revision == json_member_int(object, "revision", 0)) {
            *out = list[i];
            return true;
        }
    return FAIL(e, NOT_FOUND, "/release", "本节点没有这个考场这一版的试卷包。");
}

bool node_open_online(const struct node_here *h, const struct node_clocks *c,
                      const json_t *object, struct err *e)
{
    struct key_table keys;
    struct node_self self;
    struct node_package p;
    struct bytes box;
    unsigned char secret[BOX_SECRET_BYTES], key[KEY_BYTES];
    bool found;
    const char *text = json_member_text(object, "box"),
               *node = json_member_text(object, "node");
    if (!node_self_find(h->db, h->arena, &self, &found, e) ||
        !signer_key_table(h->db, h->arena, &keys, e) ||
        !signed_json_verify(h->arena, &keys, KEY_USE_release, "release", object, e) ||
        !release_fits(h, object, &p, e))
        return false;
    if (strcmp(p.state, "complete") != 0)
        return true; /* open already, or over */
    if (!gate(h, c, &p, e))
        return false;
    if (!node || strcmp(node, self.kid) != 0 || !text ||
        !base64url_read(h->arena, text, strlen(text), &box) || box.len != NODE_BOX_BYTES)
        return FAIL(e, INVALID, "/release", "启封对象不是给本节点的。");
    if (!node_box_secret(h->db, h->arena, h->master, secret, e))
        return false;
    bool ok = box_open(key, box.at, box.len, self.box_public, secret) ||
              FAIL(e, INVALID, "/release/box", "启封对象打不开。");
    ok = ok && node_room_open(h, &p, key, "online", e);
    secret_wipe(secret, sizeof secret);
    secret_wipe(key, sizeof key);
    return ok;
}

/* --- by two halves ----------------------------------------------------------------------------------- */
struct two_halves {
    const struct node_here *here;
    const struct node_halves *in;
    struct node_package package;
    struct package read;
};

static bool halves_load(struct two_halves *t, struct err *e)
{
    const struct node_here *h = t->here;
    return node_package_get(h->db, h->arena, t->in->room, &t->package, e) &&
           (t->package.manifest.at ||
            FAIL(e, CONFLICT, "/state", "试卷包还没有收全，或者考试已经结束。")) &&
           node_package_read(h->db, h->arena, t->package.manifest, &t->read, e);
}

static struct envelope_place place_of(const struct two_halves *t, int half)
{
    return (struct envelope_place){t->read.session, t->read.room, t->read.revision, half};
}

bool node_half_check(const struct node_here *h, const struct node_halves *in, int half,
                     struct err *e)
{
    struct two_halves t = {.here = h, .in = in};
    const char *text = half == 0 ? in->a : in->b;
    char digits[CODE_HALF_DIGITS + 1];
    unsigned char piece[KEY_BYTES];
    if (!in->envelope)
        return phone_code_read(text, digits, e);
    if (!halves_load(&t, e))
        return false;
    struct envelope_place place = place_of(&t, half);
    bool ok = envelope_read(text, &place, piece, e);
    secret_wipe(piece, sizeof piece);
    return ok;
}

static bool by_phone(const struct two_halves *t, unsigned char key[KEY_BYTES], bool *opened,
                     struct err *e)
{
    char a[CODE_HALF_DIGITS + 1], b[CODE_HALF_DIGITS + 1];
    if (!phone_code_read(t->in->a, a, e) || !phone_code_read(t->in->b, b, e))
        return false;
    *opened = phone_slot_open(&t->read.slots.phone, t->read.session, t->read.room, a, b, key);
    secret_wipe(a, sizeof a);
    secret_wipe(b, sizeof b);
    return true;
}

static bool by_envelope(const struct two_halves *t, unsigned char key[KEY_BYTES], bool *opened,
                        struct err *e)
{
    const struct node_here *h = t->here;
    struct envelope_place a = place_of(t, 0), b = place_of(t, 1);
    struct envelope_pieces pieces;
    struct node_self self;
    unsigned char secret[BOX_SECRET_BYTES], commit[HASH_BYTES];
    bool found;
    if (!envelope_read(t->in->a, &a, pieces.bag[0], e) ||
        !envelope_read(t->in->b, &b, pieces.bag[1], e) ||
        !node_self_find(h->db, h->arena, &self, &found, e) ||
        !node_box_secret(h->db, h->arena, h->master, secret, e))
        return false;
    const struct node_share *share = package_share(&t->read, self.kid);
    *opened = share &&
              box_open(pieces.node, share->box, sizeof share->box, self.box_public, secret);
    secret_wipe(secret, sizeof secret);
    if (*opened) {
        envelope_join(&pieces, key);
        room_key_commitment(commit, t->read.session, t->read.room, t->read.revision, key);
        *opened = secret_equal(commit, t->read.room_key_commit, HASH_BYTES);
    }
    secret_wipe(&pieces, sizeof pieces);
    return true;
}

/* Committed although the answer is no: a wrong try counts (ten, then five minutes). */
static bool put_wrong(struct db *db, void *ctx, struct err *e)
{
    const struct two_halves *t = ctx;
    const struct node_here *h = t->here;
    int64_t tries = t->package.tries + 1;
    bool lock = tries >= RELEASE_TRIES;
    struct query *q = db_query(db, SQL_node_package_wrong);
    query_id(q, t->package.room);
    query_int(q, lock ? 0 : tries);
    query_int(q, lock ? h->who->now_ms + RELEASE_LOCK_MS : 0);
    json_t *change = json_keep(h->arena, json_pack("{s:s, s:I}", "how",
                                                   t->in->envelope ? "envelope" : "phone",
                                                   "tries", (json_int_t)tries));
    return query_run(q, e) && audit_write(db, h->who,
                                          &(struct audit_row){.act = ACT_room_release_fail,
                                                              .object_type = "ro",
                                                              .object = t->package.room,
                                                              .chain_owner = t->package.session,
                                                              .change = change},
                                          e);
}

bool node_open_by_halves(const struct node_here *h, const struct node_clocks *c,
                         const struct node_halves *in, struct err *e)
{
    struct two_halves t = {.here = h, .in = in};
    unsigned char key[KEY_BYTES] = {0};
    bool opened = false;
    if (!halves_load(&t, e) || !gate(h, c, &t.package, e))
        return false;
    if (h->who->now_ms < t.package.locked_until_ms)
        return FAIL(e, TOO_MANY, "/halves", "错误次数过多，请 %lld 秒后再试。",
                    (long long)((t.package.locked_until_ms - h->who->now_ms) / 1000 + 1));
    bool ok = in->envelope ? by_envelope(&t, key, &opened, e) : by_phone(&t, key, &opened, e);
    if (ok && opened)
        ok = node_room_open(h, &t.package, key, in->envelope ? "envelope" : "phone", e);
    else if (ok)
        ok = db_transact(h->db, put_wrong, &t, e) &&
             FAIL(e, FORBIDDEN, "/halves",
                  "两半打不开本考场的试卷，请核对是否本场次、本考场。");
    secret_wipe(key, sizeof key);
    return ok;
}
