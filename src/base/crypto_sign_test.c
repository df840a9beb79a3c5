/* base/crypto_sign_test.c - RFC 8032, RFC 6979's P-256 signature, and what must not verify. */
#include "base/crypto.h"

#include "test/check.h"

void ed25519_vectors_test(void)
{
    static const struct {
        const char *seed, *public, *text, *signature;
    } cases[] = {
        {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
         "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
         "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e3"
         "9"
         "701cf9b46bd25bf5f0595bbe24655141438e7a100b"},
        {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
         "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "\x72",
         "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3"
         "6"
         "13d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        unsigned char secret[SIGN_SECRET_BYTES], public[SIGN_PUBLIC_BYTES],
            want[SIGNATURE_BYTES], got[SIGNATURE_BYTES];
        size_t len = strlen(cases[i].text);
        CHECK("seed", hex_read(secret, 32, cases[i].seed));
        CHECK("public", hex_read(public, 32, cases[i].public));
        CHECK("signature", hex_read(want, 64, cases[i].signature));
        memcpy(secret + 32, public, 32);
        sign_bytes(got, cases[i].text, len, secret);
        CHECK("RFC 8032 7.1", memcmp(got, want, sizeof got) == 0);
        CHECK("verifies", signature_is_true(want, cases[i].text, len, public));
        for (size_t bit = 0; bit < 8 * sizeof want; bit += 7) {
            want[bit / 8] ^= (unsigned char)(1u << bit % 8);
            CHECK("one bit", !signature_is_true(want, cases[i].text, len, public));
            want[bit / 8] ^= (unsigned char)(1u << bit % 8);
        }
        CHECK("another text", !signature_is_true(want, "no", 2, public));
    }
    unsigned char public[SIGN_PUBLIC_BYTES], other[SIGN_PUBLIC_BYTES],
        secret[SIGN_SECRET_BYTES], signature[SIGNATURE_BYTES];
    sign_keypair(other, secret);
    sign_keypair(public, secret);
    sign_bytes(signature, "heng", 4, secret);
    CHECK("a fresh pair", signature_is_true(signature, "heng", 4, public));
    CHECK("another key", !signature_is_true(signature, "heng", 4, other));
}

/* RFC 6979 A.2.5 (curve NIST P-256), SHA-256: messages "sample" and "test". */
static const char p256_public[] =
    "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
    "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299";
static const struct {
    const char *text, *signature;
} p256[] = {
    {"sample", "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
               "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8"},
    {"test", "f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367"
             "019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083"},
};

void device_vectors_test(void)
{
    unsigned char public[DEVICE_PUBLIC_BYTES], signature[64];
    CHECK("public", hex_read(public, sizeof public, p256_public));
    for (size_t i = 0; i < sizeof p256 / sizeof *p256; i++) {
        size_t len = strlen(p256[i].text);
        CHECK("signature", hex_read(signature, 64, p256[i].signature));
        CHECK(p256[i].text, device_signature_is_true(public, signature, p256[i].text, len));
        CHECK("shorter text",
              !device_signature_is_true(public, signature, p256[i].text, len - 1));
        for (size_t bit = 0; bit < 512; bit += 31) {
            signature[bit / 8] ^= (unsigned char)(1u << bit % 8);
            CHECK("one bit", !device_signature_is_true(public, signature, p256[i].text, len));
            signature[bit / 8] ^= (unsigned char)(1u << bit % 8);
        }
    }
}

void device_points_refused_test(void)
{
    unsigned char public[DEVICE_PUBLIC_BYTES], bad[DEVICE_PUBLIC_BYTES], signature[64];
    unsigned char zeros[64] = {0};
    CHECK("public", hex_read(public, sizeof public, p256_public));
    CHECK("signature", hex_read(signature, 64, p256[0].signature));
    CHECK("a zero signature", !device_signature_is_true(public, zeros, "sample", 6));

    memcpy(bad, public, sizeof bad);
    bad[64] ^= 1;
    CHECK("not on the curve", !device_signature_is_true(bad, signature, "sample", 6));
    memcpy(bad, public, sizeof bad);
    bad[0] = 2;
    CHECK("compressed form", !device_signature_is_true(bad, signature, "sample", 6));
    memset(bad, 0, sizeof bad);
    CHECK("infinity", !device_signature_is_true(bad, signature, "sample", 6));
    bad[0] = 4;
    CHECK("zero point", !device_signature_is_true(bad, signature, "sample", 6));
}

void device_round_trip_test(void)
{
    unsigned char public[DEVICE_PUBLIC_BYTES], other[DEVICE_PUBLIC_BYTES], signature[64];
    struct device_key *k = device_key_create(public), *stranger = device_key_create(other);
    CHECK_INT("uncompressed", public[0], 4);
    for (int i = 0; i < 64; i++) { /* r or s is short once in 128 */
        device_sign(k, signature, &i, sizeof i);
        CHECK("own", device_signature_is_true(public, signature, &i, sizeof i));
        CHECK("stranger", !device_signature_is_true(other, signature, &i, sizeof i));
    }
    device_key_destroy(k);
    device_key_destroy(stranger);
    device_key_destroy(NULL);
}
