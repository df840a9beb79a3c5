/* base/crypto_sm_test.c - SM3 and SM2 against the standards' own examples. */
#include "base/crypto_sm.h"

#include "base/arena.h"
#include "base/bytes.h"
#include "base/embed.h"
#include "base/json.h"
#include "test/check.h"

static const json_t *sample(struct arena *a)
{
    struct err e = {0};
    const struct embedded *f = embedded_find("samples/sm2_sm3.json");
    CHECK("sample", f != NULL);
    const json_t *file = json_read(a, f->bytes, f->len, &e);
    CHECK_OK("sample", file != NULL, &e);
    return file;
}

static void member_hex(const json_t *object, const char *name, unsigned char *out, size_t len)
{
    CHECK(name, hex_read(out, len, json_member_text(object, name)));
}

void sm3_vectors_test(void)
{
    struct arena *a = arena_create(1 << 20);
    const json_t *file = sample(a), *cases = json_object_get(file, "sm3");
    unsigned char want[SM3_BYTES], got[SM3_BYTES], key[32];
    CHECK_INT("both examples", json_array_size(cases), 2);
    for (size_t i = 0; i < json_array_size(cases); i++) {
        const json_t *one = json_array_get(cases, i);
        const char *message = json_member_text(one, "message");
        member_hex(one, "hash", want, sizeof want);
        sm3_of(got, message, strlen(message));
        CHECK(message, memcmp(got, want, sizeof got) == 0);
    }
    const json_t *tag = json_object_get(file, "hmac_sm3");
    member_hex(tag, "key", key, sizeof key);
    member_hex(tag, "tag", want, sizeof want);
    sm3_tag(got, key, sizeof key, "abc", 3);
    CHECK("HMAC-SM3", memcmp(got, want, sizeof got) == 0);
    arena_destroy(a);
}

void sm2_vectors_test(void)
{
    struct arena *a = arena_create(1 << 20);
    const json_t *file = sample(a);
    const char *message = json_member_text(file, "message");
    size_t len = strlen(message);
    unsigned char public[SM2_PUBLIC_BYTES], secret[SM2_SECRET_BYTES],
        signature[SM2_SIGNATURE_BYTES], own[SM2_SIGNATURE_BYTES];
    member_hex(file, "public", public, sizeof public);
    member_hex(file, "secret", secret, sizeof secret);
    member_hex(file, "signature", signature, sizeof signature);
    CHECK("the standard's signature", sm2_signature_is_true(signature, message, len, public));
    CHECK("a shorter message", !sm2_signature_is_true(signature, message, len - 1, public));
    for (size_t bit = 0; bit < 512; bit += 31) {
        signature[bit / 8] ^= (unsigned char)(1u << bit % 8);
        CHECK("one bit", !sm2_signature_is_true(signature, message, len, public));
        signature[bit / 8] ^= (unsigned char)(1u << bit % 8);
    }
    CHECK("sign with the standard's key", sm2_sign(own, message, len, public, secret));
    CHECK("verifies", sm2_signature_is_true(own, message, len, public));
    CHECK("a fresh number each time", memcmp(own, signature, sizeof own) != 0);
    public[64] ^= 1;
    CHECK("not on the curve", !sm2_signature_is_true(signature, message, len, public));
    public[64] ^= 1;
    public[0] = 2;
    CHECK("compressed", !sm2_signature_is_true(signature, message, len, public));
    arena_destroy(a);
}

void sm2_round_trip_test(void)
{
    unsigned char public[SM2_PUBLIC_BYTES], other[SM2_PUBLIC_BYTES], secret[SM2_SECRET_BYTES],
        other_secret[SM2_SECRET_BYTES], signature[SM2_SIGNATURE_BYTES];
    unsigned char zeros[SM2_SIGNATURE_BYTES] = {0};
    sm2_keypair(public, secret);
    sm2_keypair(other, other_secret);
    for (int i = 0; i < 16; i++) {
        CHECK("sign", sm2_sign(signature, &i, sizeof i, public, secret));
        CHECK("own", sm2_signature_is_true(signature, &i, sizeof i, public));
        CHECK("stranger", !sm2_signature_is_true(signature, &i, sizeof i, other));
    }
    CHECK("another's secret", !sm2_sign(signature, "x", 1, public, other_secret));
    CHECK("a zero secret", !sm2_sign(signature, "x", 1, public, zeros));
    CHECK("a zero signature", !sm2_signature_is_true(zeros, "x", 1, public));
}
