/* app/room_join.c - keys are made, both sides prove that they know the code, and the centre's root is
 * pinned (SECURITY §2.2; decision 0030). */
#include "app/room_join.h"

#include <jansson.h>
#include <string.h>

#include "app/client.h"
#include "app/instance.h"
#include "app/room_link.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/signed_json.h"
#include "sitting/node.h"
#include "sitting/node_self.h"
#include "store/db.h"

struct keys_made {
    unsigned char sign_public[SIGN_PUBLIC_BYTES], sign_secret[SIGN_SECRET_BYTES];
    unsigned char box_public[BOX_PUBLIC_BYTES], box_secret[BOX_SECRET_BYTES];
    unsigned char code_key[KEY_BYTES];
};

static json_t *ask_body(struct arena *a, const struct keys_made *k, const char *plain)
{
    unsigned char both[SIGN_PUBLIC_BYTES + BOX_PUBLIC_BYTES], proof[TAG_BYTES];
    memcpy(both, k->sign_public, SIGN_PUBLIC_BYTES);
    memcpy(both + SIGN_PUBLIC_BYTES, k->box_public, BOX_PUBLIC_BYTES);
    node_code_proof(proof, k->code_key, "join", (struct bytes){both, sizeof both});
    return json_pack("{s:s, s:s, s:s, s:s}", "mark", arena_copy(a, plain, 4), "sign_public",
                     base64url_write(a, k->sign_public, SIGN_PUBLIC_BYTES), "box_public",
                     base64url_write(a, k->box_public, BOX_PUBLIC_BYTES), "proof",
                     base64url_write(a, proof, sizeof proof));
}

/* Whoever answers without knowing the code is not our centre. */
static bool answer_is_proved(struct arena *a, const struct keys_made *k, const json_t *answer,
                             struct err *e)
{
    unsigned char want[TAG_BYTES];
    struct bytes text, proof;
    const char *said = json_member_text(answer, "proof");
    json_t *bare = json_keep(a, json_copy((json_t *)(uintptr_t)answer));
    json_object_del(bare, "proof");
    if (!said || !base64url_read(a, said, strlen(said), &proof) || proof.len != TAG_BYTES ||
        !jcs_write(a, bare, &text, e))
        return FAIL(e, INVALID, "--join", "对方的答复读不出来。");
    node_code_proof(want, k->code_key, "joined", text);
    return secret_equal(want, proof.at, TAG_BYTES) ||
           FAIL(e, FORBIDDEN, "--join", "对方不知道加入码：这不是出具它的中心。");
}

static const struct public_key *root_of(const struct key_table *keys)
{
    for (size_t i = 0; i < keys->count; i++)
        if (keys->at[i].use == KEY_USE_root)
            return &keys->at[i];
    return NULL;
}

static bool read_self(struct arena *a, const struct room_joining *j, const struct keys_made *k,
                      const json_t *answer, struct node_self *self, struct key_table *keys,
                      struct err *e)
{
    const char *node = json_member_text(answer, "node"),
               *body = json_member_text(answer, "body");
    if (!key_table_read(a, json_object_get(answer, "keys"), NULL, keys, e))
        return false;
    const struct public_key *root = root_of(keys);
    if (!root)
        return FAIL(e, INVALID, "/keys", "中心的公钥表里没有根密钥。");
    *self = (struct node_self){.name = json_member_text(answer, "name"),
                               .chain = json_member_int(answer, "chain", 0),
                               .centre = j->centre,
                               .root_kid = root->kid,
                               .kid = json_member_text(answer, "kid"),
                               .joined_ms = clock_now_ms()};
    memcpy(self->root_public, root->pub, SIGN_PUBLIC_BYTES);
    memcpy(self->box_public, k->box_public, BOX_PUBLIC_BYTES);
    return (node && body && self->name && self->kid && self->chain > 1 &&
            id_read(node, &self->id) && id_read(body, &self->body)) ||
           FAIL(e, INVALID, "--join", "对方的答复读不出来。");
}

static bool keep(struct arena *a, struct instance *i, const struct room_joining *j,
                 const struct keys_made *k, const json_t *answer, struct err *e)
{
    struct node_self self;
    struct key_table keys;
    if (!read_self(a, j, k, answer, &self, &keys, e))
        return false;
    const struct public_key *own = key_table_find(&keys, self.kid);
    if (!own || own->use != KEY_USE_room ||
        memcmp(own->pub, k->sign_public, SIGN_PUBLIC_BYTES) != 0)
        return FAIL(e, INVALID, "--join", "公钥表中没有本节点的公钥。");
    struct node_identity n = {&self, k->sign_secret, k->box_secret, own, &keys};
    struct db *db = db_open(i->store, e);
    bool ok = db && node_self_put(db, a, i->master, i->app.signer, &n, e);
    struct node_clocks c = node_clocks_now();
    const struct node_told told = {json_member_int(answer, "server_ms", 0), 0};
    ok = ok && node_time_anchor(db, i->master, &c, &told, e);
    db_close(db);
    return ok;
}

bool room_join(struct arena *a, struct instance *i, const struct room_joining *j, struct err *e)
{
    struct keys_made *k = secret_alloc(sizeof *k);
    char plain[NODE_CODE_CHARACTERS + 1];
    json_t *answer;
    bool ok = centre_address_check(j->centre, "--join", e);
    if (ok && i->app.node)
        ok = FAIL(e, CONFLICT, "--join", "这个数据目录已是考场节点“%s”。", i->app.node->name);
    if (ok && !node_code_read(j->code, plain))
        ok = FAIL(e, INVALID, "--code", "加入码为 20 个字符。");
    if (ok) {
        struct client *client = client_create(j->centre);
        client_trust(client, j->ca);
        sign_keypair(k->sign_public, k->sign_secret);
        box_keypair(k->box_public, k->box_secret);
        node_code_key(k->code_key, plain);
        ok = client_json(client, a, "POST", "/api/node/join", ask_body(a, k, plain), &answer,
                         e) &&
             answer_is_proved(a, k, answer, e) && keep(a, i, j, k, answer, e);
        client_destroy(client);
    }
    secret_wipe(k, sizeof *k);
    secret_free(k);
    return ok;
}
