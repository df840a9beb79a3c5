/* base/signed_json.c - messages, envelopes and the published table of keys. */
#include "base/signed_json.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"

static const char *const uses[KEY_USES] = {
#define KEY_USE(name) [KEY_USE_##name] = #name,
#include "base/key_uses.def"
#undef KEY_USE
};

static const char *const states[] = {
    [KEY_PUBLISHED] = "published",
    [KEY_ACTIVE] = "active",
    [KEY_RETIRED] = "retired",
    [KEY_COMPROMISED] = "compromised",
};

const char *key_use_word(enum key_use use)
{
    assert(use < KEY_USES);
    return uses[use];
}

bool key_use_read(const char *word, enum key_use *out)
{
    for (int i = 0; word && i < KEY_USES; i++)
        if (strcmp(uses[i], word) == 0) {
            *out = (enum key_use)i;
            return true;
        }
    return false;
}

const char *key_state_word(enum key_state s)
{
    assert(s >= KEY_PUBLISHED && s <= KEY_COMPROMISED);
    return states[s];
}

bool key_state_read(const char *word, enum key_state *out)
{
    for (int i = KEY_PUBLISHED; word && i <= KEY_COMPROMISED; i++)
        if (strcmp(states[i], word) == 0) {
            *out = (enum key_state)i;
            return true;
        }
    return false;
}

void kid_of(const unsigned char pub[SIGN_PUBLIC_BYTES], char kid[KID_TEXT_BYTES])
{
    unsigned char hash[HASH_BYTES];
    hash_of(hash, pub, SIGN_PUBLIC_BYTES);
    hex_write(kid, hash, (KID_TEXT_BYTES - 1) / 2);
}

const struct public_key *key_table_find(const struct key_table *t, const char *kid)
{
    for (size_t i = 0; kid && i < t->count; i++)
        if (strcmp(t->at[i].kid, kid) == 0)
            return &t->at[i];
    return NULL;
}

static void put(json_t *object, const char *name, json_t *value)
{
    json_object_set_new(object, name, value);
}

json_t *public_key_json(struct arena *a, const struct public_key *k)
{
    json_t *o = json_keep(a, json_object());
    put(o, "kid", json_string(k->kid));
    put(o, "use", json_string(key_use_word(k->use)));
    put(o, "alg", json_string("Ed25519"));
    put(o, "pub", json_string(base64url_write(a, k->pub, SIGN_PUBLIC_BYTES)));
    put(o, "from", json_integer(k->from_ms));
    put(o, "to", json_integer(k->to_ms));
    put(o, "state", json_string(key_state_word(k->state)));
    if (k->compromised_ms)
        put(o, "compromised_at", json_integer(k->compromised_ms));
    put(o, "table_version", json_integer(k->table_version));
    return o;
}

json_t *key_table_json(struct arena *a, const struct key_table *t)
{
    json_t *file = json_keep(a, json_object()), *keys = json_array();
    put(file, "type", json_string("keys"));
    put(file, "v", json_integer(1));
    for (size_t i = 0; i < t->count; i++) {
        json_t *row = public_key_json(a, &t->at[i]);
        put(row, "sig", json_string(t->at[i].sig));
        json_array_append(keys, row);
    }
    put(file, "keys", keys);
    return file;
}

struct bytes signed_message(struct arena *a, const char *type, struct bytes body)
{
    size_t head = strlen("heng/") + strlen(type) + strlen("/1\n");
    unsigned char *at = arena_alloc(a, head + body.len + 1, 1);
    snprintf((char *)at, head + 1, "heng/%s/1\n", type);
    if (body.len > 0)
        memcpy(at + head, body.at, body.len);
    return (struct bytes){at, head + body.len};
}

bool signed_json_message(struct arena *a, const char *type, const json_t *object,
                         struct bytes *out, struct err *e)
{
    struct bytes body;
    json_t *bare = json_keep(a, json_copy((json_t *)(uintptr_t)object));
    json_object_del(bare, "sig");
    if (!jcs_write(a, bare, &body, e))
        return false;
    *out = signed_message(a, type, body);
    return true;
}

void signed_json_prepare(json_t *object, const char *type, const char *kid, int64_t at_ms)
{
    put(object, "type", json_string(type));
    put(object, "v", json_integer(1));
    put(object, "kid", json_string(kid));
    put(object, "alg", json_string("Ed25519"));
    put(object, "at", json_integer(at_ms));
}

void signed_json_put_signature(struct arena *a, json_t *object,
                               const unsigned char signature[SIGNATURE_BYTES])
{
    put(object, "sig", json_string(base64url_write(a, signature, SIGNATURE_BYTES)));
}

static bool read_fixed(struct arena *a, const char *text, unsigned char *out, size_t len)
{
    struct bytes b;
    if (!text || !base64url_read(a, text, strlen(text), &b) || b.len != len)
        return false;
    memcpy(out, b.at, len);
    return true;
}

static bool row_read(struct arena *a, const json_t *v, struct public_key *k, struct err *e)
{
    const char *kid = json_member_text(v, "kid"), *sig = json_member_text(v, "sig");
    const char *alg = json_member_text(v, "alg");
    char own[KID_TEXT_BYTES];
    *k = (struct public_key){
        .from_ms = json_member_int(v, "from", 0),
        .to_ms = json_member_int(v, "to", 0),
        .compromised_ms = json_member_int(v, "compromised_at", 0),
        .table_version = json_member_int(v, "table_version", 0),
    };
    if (!kid || !sig || !alg || strcmp(alg, "Ed25519") != 0 || strlen(sig) >= sizeof k->sig ||
        !key_use_read(json_member_text(v, "use"), &k->use) ||
        !key_state_read(json_member_text(v, "state"), &k->state) ||
        !read_fixed(a, json_member_text(v, "pub"), k->pub, SIGN_PUBLIC_BYTES))
        return FAIL(e, INVALID, "", "公钥表中的一行缺少内容或写法不对。");
    kid_of(k->pub, own);
    if (strcmp(own, kid) != 0)
        return FAIL(e, INVALID, "/kid", "公钥与它的编号不符。");
    memcpy(k->kid, own, sizeof own);
    memcpy(k->sig, sig, strlen(sig) + 1);
    return true;
}

static bool row_is_signed(struct arena *a, const struct public_key *k,
                          const struct public_key *root, struct err *e)
{
    unsigned char signature[SIGNATURE_BYTES];
    struct bytes message;
    if (!signed_json_message(a, "key", public_key_json(a, k), &message, e))
        return false;
    return (read_fixed(a, k->sig, signature, sizeof signature) &&
            signature_is_true(signature, message.at, message.len, root->pub)) ||
           FAIL(e, INVALID, "/sig", "公钥表中 %s 一行的根签名不成立。", k->kid);
}

static const struct public_key *root_of(const struct key_table *t, const char *kid)
{
    for (size_t i = 0; i < t->count; i++)
        if (t->at[i].use == KEY_USE_root && (!kid || strcmp(t->at[i].kid, kid) == 0))
            return &t->at[i];
    return NULL;
}

static void note_row(struct err *e, size_t i)
{
    char at[32];
    snprintf(at, sizeof at, "/keys/%zu", i);
    err_under(e, at);
}

bool key_table_read(struct arena *a, const json_t *file, const char *root_kid,
                    struct key_table *out, struct err *e)
{
    const json_t *keys = json_object_get(file, "keys");
    size_t count = json_array_size(keys);
    const char *type = json_member_text(file, "type");
    if (!type || strcmp(type, "keys") != 0 || count == 0 || count > 10000)
        return FAIL(e, INVALID, "/keys", "这不是公钥表。");
    struct public_key *rows = arena_array(a, struct public_key, count);
    *out = (struct key_table){rows, count};
    for (size_t i = 0; i < count; i++)
        if (!row_read(a, json_array_get(keys, i), &rows[i], e)) {
            note_row(e, i);
            return false;
        }
    const struct public_key *root = root_of(out, root_kid);
    if (!root)
        return FAIL(e, INVALID, "/keys", "公钥表中没有所信任的根公钥。");
    for (size_t i = 0; i < count; i++)
        if (!row_is_signed(a, &rows[i], root, e)) {
            note_row(e, i);
            return false;
        }
    return true;
}

bool signed_json_verify(struct arena *a, const struct key_table *t, enum key_use use,
                        const char *type, const json_t *object, struct err *e)
{
    const char *claimed = json_member_text(object, "type");
    const struct public_key *k = key_table_find(t, json_member_text(object, "kid"));
    unsigned char signature[SIGNATURE_BYTES];
    struct bytes message;
    if (!claimed || strcmp(claimed, type) != 0)
        return FAIL(e, INVALID, "/sig", "签名的类型不是 %s。", type);
    if (!k || k->use != use)
        return FAIL(e, INVALID, "/sig", "公钥表中没有这把钥匙，或它不能签这类内容。");
    int64_t at = json_member_int(object, "at", 0);
    if (k->state == KEY_COMPROMISED && at >= k->compromised_ms)
        return FAIL(e, INVALID, "/sig", "这把钥匙已宣布泄露，签名不足为凭。");
    if (!signed_json_message(a, type, object, &message, e))
        return false;
    return (read_fixed(a, json_member_text(object, "sig"), signature, sizeof signature) &&
            signature_is_true(signature, message.at, message.len, k->pub)) ||
           FAIL(e, INVALID, "/sig", "签名不成立：内容被改动，或不是这把钥匙所签。");
}
