/* base/data_proof_test.c - the W3C's vector for eddsa-jcs-2022, base58, and signed objects. */
#include "base/data_proof.h"

#include "base/arena.h"
#include "base/embed.h"
#include "base/json.h"
#include "base/signed_json.h"
#include "test/check.h"

static json_t *vector(struct arena *a)
{
    struct err e = {0};
    const struct embedded *f = embedded_find("samples/eddsa_jcs_2022.json");
    CHECK("sample", f != NULL);
    json_t *v = json_read(a, f->bytes, f->len, &e);
    CHECK_OK("sample", v != NULL, &e);
    return v;
}

void data_proof_vector_test(void)
{
    struct arena *a = arena_create(1 << 20);
    struct err e = {0};
    json_t *v = vector(a), *signed_one = json_object_get(v, "signed");
    unsigned char hash[DATA_PROOF_HASH_BYTES], want[DATA_PROOF_HASH_BYTES];
    unsigned char pub[SIGN_PUBLIC_BYTES], signature[SIGNATURE_BYTES];
    CHECK("public", hex_read(pub, sizeof pub, json_member_text(v, "public_key_raw_hex")));
    CHECK("hash", hex_read(want, sizeof want, json_member_text(v, "hash_data_hex")));
    CHECK_OK("hash",
             data_proof_hash(a, json_object_get(v, "unsigned"),
                             json_object_get(v, "proof_config"), hash, &e),
             &e);
    CHECK("hash", memcmp(hash, want, sizeof hash) == 0);
    CHECK("signed", data_proof_is_true(a, signed_one, pub));
    CHECK("signature",
          hex_read(signature, sizeof signature, json_member_text(v, "signature_hex")));
    json_t *made = json_deep_copy(json_object_get(v, "unsigned"));
    data_proof_put(a, json_keep(a, made), json_object_get(v, "proof_config"), signature);
    CHECK("made", json_equal(made, signed_one));
    arena_destroy(a);
}

void data_proof_refused_test(void)
{
    static const struct {
        const char *what, *name, *value;
        bool in_proof;
    } changes[] = {
        {"content", "name", "Another", false},
        {"suite", "cryptosuite", "eddsa-rdfc-2022", true},
        {"type", "type", "Ed25519Signature2020", true},
        {"time", "created", "2023-02-24T23:36:39Z", true},
        {"method", "verificationMethod", "did:key:other", true},
        {"value", "proofValue", "z2HnFSSPPBzR36zdDgK8PbEHeXbR56YF24jwMpt3R1eHX", true},
        {"not base58", "proofValue", "z0OIl", true},
        {"not multibase", "proofValue", "", true},
    };
    struct arena *a = arena_create(4 << 20);
    json_t *v = vector(a);
    unsigned char pub[SIGN_PUBLIC_BYTES];
    CHECK("public", hex_read(pub, sizeof pub, json_member_text(v, "public_key_raw_hex")));
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        json_t *one = json_keep(a, json_deep_copy(json_object_get(v, "signed")));
        json_t *at = changes[i].in_proof ? json_object_get(one, "proof") : one;
        json_object_set_new(at, changes[i].name, json_string(changes[i].value));
        CHECK_INT(changes[i].what, data_proof_is_true(a, one, pub), false);
    }
    json_t *bare = json_object_get(v, "unsigned");
    CHECK_INT("no proof", data_proof_is_true(a, bare, pub), false);
    arena_destroy(a);
}

void base58_test(void)
{
    static const struct {
        const char *hex, *text;
        size_t len;
    } cases[] = {
        {"", "", 0},
        {"61", "2g", 1},
        {"626262", "a3gV", 3},
        {"00eb15231dfceb60925886b67d065299925915aeb172c06647",
         "1NS17iag9jJgTHD1VXjvLCEnZuQ3rJDE9L", 25},
        {"00000000000000000000", "1111111111", 10},
        {"516b6fcd0f", "ABnLTmg", 5},
    };
    struct arena *a = arena_create(1 << 20);
    struct bytes back;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        unsigned char in[32] = {0};
        CHECK(cases[i].text, hex_read(in, cases[i].len, cases[i].hex));
        CHECK_TEXT(cases[i].hex, base58_write(a, in, cases[i].len), cases[i].text);
        CHECK(cases[i].text, base58_read(a, cases[i].text, &back));
        CHECK(cases[i].text, bytes_equal(back, (struct bytes){in, cases[i].len}));
    }
    CHECK_INT("foreign digit", base58_read(a, "0", &back), false);
    arena_destroy(a);
}

struct pair {
    struct public_key key;
    unsigned char secret[SIGN_SECRET_BYTES];
};

static struct pair pair_of(enum key_use use)
{
    struct pair p = {
        .key = {.use = use, .to_ms = 9000, .state = KEY_ACTIVE, .table_version = 1}};
    sign_keypair(p.key.pub, p.secret);
    kid_of(p.key.pub, p.key.kid);
    return p;
}

static void sign_row(struct arena *a, struct public_key *k, const struct pair *root)
{
    struct err e = {0};
    struct bytes message;
    unsigned char signature[SIGNATURE_BYTES];
    CHECK_OK("row", signed_json_message(a, "key", public_key_json(a, k), &message, &e), &e);
    sign_bytes(signature, message.at, message.len, root->secret);
    const char *text = base64url_write(a, signature, sizeof signature);
    memcpy(k->sig, text, strlen(text) + 1);
}

void signed_json_test(void)
{
    struct arena *a = arena_create(4 << 20);
    struct err e = {0};
    struct pair root = pair_of(KEY_USE_root), room = pair_of(KEY_USE_room);
    sign_row(a, &root.key, &root);
    sign_row(a, &room.key, &root);
    const struct public_key rows[] = {root.key, room.key};
    struct key_table t = {rows, 2}, back;
    json_t *file = key_table_json(a, &t);
    CHECK_OK("table", key_table_read(a, file, NULL, &back, &e), &e);
    CHECK_OK("table", key_table_read(a, file, root.key.kid, &back, &e), &e);
    CHECK_INT("rows", back.count, 2);
    CHECK("row", memcmp(back.at[1].pub, room.key.pub, sizeof room.key.pub) == 0);
    CHECK_REFUSED("foreign root", key_table_read(a, file, "00000000", &back, &e), &e, INVALID,
                  "/keys");
    e = (struct err){0};

    json_t *o = json_keep(a, json_pack("{s:s, s:i}", "text", "收据", "n", 7));
    struct bytes message;
    unsigned char signature[SIGNATURE_BYTES];
    signed_json_prepare(o, "receipt", room.key.kid, 1000);
    CHECK_OK("message", signed_json_message(a, "receipt", o, &message, &e), &e);
    sign_bytes(signature, message.at, message.len, room.secret);
    signed_json_put_signature(a, o, signature);
    CHECK_OK("true", signed_json_verify(a, &t, KEY_USE_room, "receipt", o, &e), &e);
    CHECK_REFUSED("other type", signed_json_verify(a, &t, KEY_USE_room, "ready", o, &e), &e,
                  INVALID, "/sig");
    e = (struct err){0};
    CHECK_REFUSED("other use", signed_json_verify(a, &t, KEY_USE_anchor, "receipt", o, &e), &e,
                  INVALID, "/sig");
    e = (struct err){0};
    json_object_set_new(o, "n", json_integer(8));
    CHECK_REFUSED("changed", signed_json_verify(a, &t, KEY_USE_room, "receipt", o, &e), &e,
                  INVALID, "/sig");

    json_t *row = json_array_get(json_object_get(file, "keys"), 1);
    json_object_set_new(row, "to", json_integer(9001));
    e = (struct err){0};
    CHECK_REFUSED("changed row", key_table_read(a, file, NULL, &back, &e), &e, INVALID,
                  "/keys/1/sig");
    arena_destroy(a);
}
