/* sitting/node_self.c - a room node's identity and its time. */
#include "sitting/node_self.h"

#include <jansson.h>
#include <string.h>

#include "base/arena.h"
#include "base/signed_json.h"
#include "paper/paper.h"
#include "sitting/node_store.h"
#include "store/audit.h"
#include "store/db.h"
#include "store/signer.h"

bool node_self_find(struct db *db, struct arena *a, struct node_self *out, bool *found,
                    struct err *e)
{
    struct query *q = db_query(db, SQL_node_self_get);
    if (!query_maybe(q, found, e))
        return false;
    if (!*found)
        return true;
    *out = (struct node_self){.id = query_get_id(q, 0),
                              .body = query_get_id(q, 1),
                              .name = query_get_text(q, 2, a),
                              .chain = query_get_int(q, 3),
                              .centre = query_get_text(q, 4, a),
                              .root_kid = query_get_text(q, 5, a),
                              .kid = query_get_text(q, 7, a),
                              .joined_ms = query_get_int(q, 10),
                              .boot = query_get_text(q, 11, a),
                              .centre_ms = query_get_int(q, 12),
                              .boot_ms = query_get_int(q, 13),
                              .rtt_ms = query_get_int(q, 14),
                              .confirmed_by = query_get_id(q, 15),
                              .confirmed_second = query_get_id(q, 16),
                              .anchored_batch = query_get_int(q, 17)};
    column_copy(q, 6, out->root_public, SIGN_PUBLIC_BYTES);
    column_copy(q, 8, out->box_public, BOX_PUBLIC_BYTES);
    column_copy(q, 18, out->clock_tag, TAG_BYTES);
    query_done(q);
    return true;
}

/* --- identity -------------------------------------------------------------------------------------- */
struct putting {
    struct arena *arena;
    const struct master *master;
    const struct signer *signer;
    const struct node_identity *n;
};

static bool put_keys(struct db *db, const struct putting *p, struct err *e)
{
    const struct node_identity *n = p->n;
    if (!signer_key_adopt(p->signer, db, n->key, n->sign_secret, e))
        return false;
    for (size_t i = 0; i < n->keys->count; i++)
        if (strcmp(n->keys->at[i].kid, n->key->kid) != 0 &&
            !signer_guest_keep(db, &n->keys->at[i], e))
            return false;
    return true;
}

static bool put_self(struct db *db, void *ctx, struct err *e)
{
    const struct putting *p = ctx;
    const struct node_self *s = p->n->self;
    struct query *q = db_query(db, SQL_node_self_put);
    query_id(q, s->id);
    query_id(q, s->body);
    query_text(q, s->name);
    query_int(q, s->chain);
    query_text(q, s->centre);
    query_text(q, s->root_kid);
    query_bytes(q, (struct bytes){s->root_public, SIGN_PUBLIC_BYTES});
    query_text(q, s->kid);
    query_bytes(q, (struct bytes){s->box_public, BOX_PUBLIC_BYTES});
    query_bytes(q, purpose_seal(p->arena, p->master, KEY_STORE, "node_self", "box_secret",
                                s->id, BOX_SECRET_BYTES, p->n->box_secret, BOX_SECRET_BYTES));
    query_int(q, s->joined_ms);
    return query_run(q, e) && put_keys(db, p, e);
}

bool node_self_put(struct db *db, struct arena *a, const struct master *m,
                   const struct signer *signer, const struct node_identity *n, struct err *e)
{
    struct putting p = {a, m, signer, n};
    return db_transact(db, put_self, &p, e);
}

bool node_box_secret(struct db *db, struct arena *a, const struct master *m,
                     unsigned char out[BOX_SECRET_BYTES], struct err *e)
{
    struct bytes plain;
    struct query *q = db_query(db, SQL_node_self_get);
    if (!query_one(q, "node", e))
        return false;
    struct id id = query_get_id(q, 0);
    struct bytes wrapped = query_get_bytes(q, 9, a);
    query_done(q);
    if (!purpose_open(a, m, KEY_STORE, "node_self", "box_secret", id, wrapped, &plain, e))
        return false;
    if (plain.len != BOX_SECRET_BYTES)
        return FAIL(e, STORE, "box_secret", "节点密钥长度不对。");
    memcpy(out, plain.at, BOX_SECRET_BYTES);
    secret_wipe((void *)(uintptr_t)plain.at, plain.len);
    return true;
}

bool node_keys_keep(struct db *db, struct arena *a, const struct node_self *s,
                    const json_t *file, struct err *e)
{
    struct key_table keys;
    if (!key_table_read(a, file, s->root_kid, &keys, e))
        return false;
    const struct public_key *root = key_table_find(&keys, s->root_kid);
    if (!root || memcmp(root->pub, s->root_public, SIGN_PUBLIC_BYTES) != 0)
        return FAIL(e, INVALID, "/keys", "公钥表的根不是加入时的那一个。");
    for (size_t i = 0; i < keys.count; i++)
        if (!signer_guest_keep(db, &keys.at[i], e))
            return false;
    return true;
}

/* --- time ------------------------------------------------------------------------------------------ */
struct node_clocks node_clocks_now(void)
{
    /* The system's own clock, even while time is held against it. */
    struct node_clocks c = {.wall_ms = clock_now_ms() + clock_step_ms(),
                            .boot_ms = clock_boot_ms()};
    clock_boot_id(c.boot);
    return c;
}

void node_time_tag(struct node_self *s, const struct master *m)
{
    static const char label[] = "heng/node-clock/1";
    enum { NUMBERS = 3, IDS = 3, BOOT_AT = sizeof label + NUMBERS * 8 + IDS * ID_BYTES };
    const int64_t numbers[NUMBERS] = {s->centre_ms, s->boot_ms, s->rtt_ms};
    const struct id ids[IDS] = {s->id, s->confirmed_by, s->confirmed_second};
    unsigned char key[KEY_BYTES], said[BOOT_AT + BOOT_ID_BYTES] = {0};
    memcpy(said, label, sizeof label);
    for (size_t i = 0; i < NUMBERS; i++)
        be64_put(said + sizeof label + 8 * i, (uint64_t)numbers[i]);
    for (size_t i = 0; i < IDS; i++)
        memcpy(said + sizeof label + NUMBERS * 8 + i * ID_BYTES, ids[i].bytes, ID_BYTES);
    snprintf((char *)said + BOOT_AT, BOOT_ID_BYTES, "%s", s->boot ? s->boot : "");
    master_key(m, KEY_CLOCK, key);
    keyed_hash(s->clock_tag, TAG_BYTES, key, said, sizeof said);
    secret_wipe(key, sizeof key);
}

static bool tag_is_true(const struct node_self *s, const struct master *m)
{
    struct node_self again = *s;
    node_time_tag(&again, m);
    return secret_equal(again.clock_tag, s->clock_tag, TAG_BYTES);
}

struct node_time node_time_of(const struct node_self *s, const struct master *m,
                              const struct node_clocks *c)
{
    struct node_time t = {.known = s->boot && *s->boot && strcmp(s->boot, c->boot) == 0 &&
                                   c->boot_ms >= s->boot_ms && tag_is_true(s, m)};
    if (t.known) {
        t.now_ms = s->centre_ms + (c->boot_ms - s->boot_ms);
        t.step_ms = c->wall_ms - t.now_ms;
    }
    return t;
}

bool node_time_gate(const struct node_time *t, int64_t open_at_ms, struct err *e)
{
    if (!t->known)
        return FAIL(e, CONFLICT, "/clock",
                    "机器启动后还没有与中心对过时，须由两人核对时钟后才能启封。");
    if (t->step_ms > CLOCK_STEP_MAX_MS || t->step_ms < -CLOCK_STEP_MAX_MS)
        return FAIL(e, CONFLICT, "/clock",
                    "系统时钟与对时结果相差 %lld 秒，须校正，或由两人核对时钟后才能启封。",
                    (long long)(t->step_ms / 1000));
    return t->now_ms >= open_at_ms ||
           FAIL(e, CONFLICT, "/open_at_ms", "未到开考时间，不能启封。");
}

struct anchoring {
    const struct master *master;
    const struct node_clocks *clocks;
    struct node_told told;
    const struct actor *who; /* who confirms it; NULL: the centre told it */
};

static bool put_time(struct db *db, const struct anchoring *g, struct err *e)
{
    struct arena *a = arena_create(1 << 20);
    struct node_self s;
    bool found, ok = node_self_find(db, a, &s, &found, e);
    if (ok) {
        s.boot = g->clocks->boot;
        s.boot_ms = g->clocks->boot_ms;
        s.centre_ms = g->told.centre_ms;
        s.rtt_ms = g->told.rtt_ms;
        s.confirmed_by = g->who ? g->who->account : (struct id){{0}};
        s.confirmed_second = g->who ? g->who->second : (struct id){{0}};
        node_time_tag(&s, g->master);
        struct query *q = db_query(db, SQL_node_self_time);
        query_text(q, s.boot);
        query_int(q, s.centre_ms);
        query_int(q, s.boot_ms);
        query_int(q, s.rtt_ms);
        query_id(q, s.confirmed_by);
        query_id(q, s.confirmed_second);
        query_bytes(q, (struct bytes){s.clock_tag, TAG_BYTES});
        ok = query_run(q, e);
    }
    arena_destroy(a);
    return ok;
}

static bool put_anchor(struct db *db, void *ctx, struct err *e)
{
    return put_time(db, ctx, e);
}

bool node_time_anchor(struct db *db, const struct master *m, const struct node_clocks *c,
                      const struct node_told *told, struct err *e)
{
    struct anchoring g = {m, c, *told, NULL};
    return db_transact(db, put_anchor, &g, e);
}

static bool put_confirmed(struct db *db, void *ctx, struct err *e)
{
    const struct anchoring *g = ctx;
    json_t *change = json_pack("{s:I}", "wall_ms", (json_int_t)g->clocks->wall_ms);
    bool ok = put_time(db, g, e) && audit_write(db, g->who,
                                                &(struct audit_row){.act = ACT_clock_confirm,
                                                                    .object_type = "rn",
                                                                    .object = g->who->body,
                                                                    .change = change},
                                                e);
    json_decref(change);
    return ok;
}

bool node_time_confirm(struct db *db, const struct master *m, const struct actor *who,
                       const struct node_clocks *c, struct err *e)
{
    struct anchoring g = {m, c, {c->wall_ms, 0}, who};
    if (id_is_zero(who->second) || id_equal(who->account, who->second))
        return FAIL(e, FORBIDDEN, "/clock", "须由两个人分别核对。");
    return db_transact(db, put_confirmed, &g, e);
}
