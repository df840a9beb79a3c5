/* base/crypto_seal_test.c - GCM against NIST's vectors; boxes and passphrases; tampering. */
#include "base/crypto.h"

#include "base/arena.h"
#include "test/check.h"

/* Cases 13, 14 and 16 of the GCM specification (McGrew, Viega), used by NIST. */
static const struct {
    const char *key, *nonce, *ad, *plain, *sealed;
} gcm[] = {
    {"0000000000000000000000000000000000000000000000000000000000000000",
     "000000000000000000000000", "", "", "530f8afbc74536b9a963b4f1c4cb738b"},
    {"0000000000000000000000000000000000000000000000000000000000000000",
     "000000000000000000000000", "", "00000000000000000000000000000000",
     "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"},
    {"feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
     "cafebabefacedbaddecaf888", "feedfacedeadbeeffeedfacedeadbeefabaddad2",
     "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
     "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
     "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
     "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
     "76fc6ece0f4e1768cddf8853bb2d551b"},
};

void gcm_vectors_test(void)
{
    for (size_t i = 0; i < sizeof gcm / sizeof *gcm; i++) {
        unsigned char key[32], nonce[12], ad[32], plain[64], sealed[80], got[80];
        size_t ad_len = strlen(gcm[i].ad) / 2, len = strlen(gcm[i].plain) / 2;
        CHECK("hex", hex_read(key, 32, gcm[i].key) && hex_read(nonce, 12, gcm[i].nonce) &&
                         hex_read(ad, ad_len, gcm[i].ad) &&
                         hex_read(plain, len, gcm[i].plain) &&
                         hex_read(sealed, len + GCM_TAG_BYTES, gcm[i].sealed));
        gcm_seal(got, key, nonce, ad, ad_len, plain, len);
        CHECK("sealed", memcmp(got, sealed, len + GCM_TAG_BYTES) == 0);
        CHECK("opened", gcm_open(got, key, nonce, ad, ad_len, sealed, len + GCM_TAG_BYTES) &&
                            memcmp(got, plain, len) == 0);
        for (size_t at = 0; at < len + GCM_TAG_BYTES; at++) {
            sealed[at] ^= 1;
            memset(got, 0xaa, sizeof got);
            CHECK("one bit",
                  !gcm_open(got, key, nonce, ad, ad_len, sealed, len + GCM_TAG_BYTES));
            for (size_t j = 0; j < len; j++)
                CHECK_INT("no unproved text is left", got[j], 0);
            sealed[at] ^= 1;
            CHECK("cut", !gcm_open(got, key, nonce, ad, ad_len, sealed, at));
        }
        ad[0] ^= 1;
        CHECK("other AD",
              !gcm_open(got, key, nonce, ad, ad_len ? ad_len : 1, sealed, len + GCM_TAG_BYTES));
    }
}

void box_test(void)
{
    unsigned char public[BOX_PUBLIC_BYTES], secret[BOX_SECRET_BYTES];
    unsigned char other[BOX_PUBLIC_BYTES], other_secret[BOX_SECRET_BYTES];
    unsigned char sealed[32 + BOX_SEAL_EXTRA_BYTES], out[32], plain[32] = {5};
    box_keypair(public, secret);
    box_keypair(other, other_secret);
    box_seal(sealed, plain, sizeof plain, public);
    CHECK("open", box_open(out, sealed, sizeof sealed, public, secret));
    CHECK("the same", memcmp(out, plain, sizeof out) == 0);
    CHECK("another's key", !box_open(out, sealed, sizeof sealed, other, other_secret));
    CHECK("shorter than a box", !box_open(out, sealed, 47, public, secret));
    for (size_t i = 0; i < sizeof sealed; i++) {
        sealed[i] ^= 1;
        CHECK("one bit", !box_open(out, sealed, sizeof sealed, public, secret));
        sealed[i] ^= 1;
    }
}

void passphrase_test(void)
{
    static const char passphrase[] = "十五个字符以上的发布口令";
    struct arena *a = arena_create(1 << 16);
    struct bytes sealed = passphrase_seal(a, passphrase, 1, 1, "officer", 7), back;
    CHECK("open", passphrase_open(a, passphrase, sealed, &back));
    CHECK_TEXT("the same", (const char *)back.at, "officer");
    CHECK("wrong passphrase", !passphrase_open(a, "another", sealed, &back));
    CHECK("cut", !passphrase_open(a, passphrase, (struct bytes){sealed.at, 30}, &back));
    for (size_t i = 0; i < sealed.len; i++) {
        unsigned char *bad = arena_copy(a, sealed.at, sealed.len);
        bad[i] ^= 1;
        CHECK("one bit",
              !passphrase_open(a, passphrase, (struct bytes){bad, sealed.len}, &back));
    }
    unsigned char *greedy = arena_copy(a, sealed.at, sealed.len);
    be32_put(greedy + 4, 1u << 20);
    CHECK("a file may not ask for a terabyte",
          !passphrase_open(a, passphrase, (struct bytes){greedy, sealed.len}, &back));
    arena_destroy(a);
}

/* What a room's roster goes through: whole, cut, swapped, one bit. */
void stream_test(void)
{
    static const size_t lengths[] = {0, 1, 65535, 65536, 65537, 200000};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        struct arena *a = arena_create(512 << 20);
        unsigned char key[KEY_BYTES] = {9}, other[KEY_BYTES] = {8};
        unsigned char *text = arena_alloc(a, lengths[i] + 1, 1);
        struct bytes plain = {text, lengths[i]}, got;
        random_bytes(text, lengths[i]);
        struct bytes sealed = stream_wrap(a, key, plain);
        CHECK("opens", stream_unwrap(a, key, sealed, &got) && bytes_equal(got, plain));
        CHECK("not with another key", !stream_unwrap(a, other, sealed, &got));
        CHECK("not cut",
              !stream_unwrap(a, key, (struct bytes){sealed.at, sealed.len - 1}, &got));
        unsigned char *copy = arena_copy(a, sealed.at, sealed.len);
        for (size_t at = 0; at < sealed.len; at += 997) {
            copy[at] ^= 1;
            CHECK("not changed",
                  !stream_unwrap(a, key, (struct bytes){copy, sealed.len}, &got));
            copy[at] ^= 1;
        }
        if (lengths[i] > 65536)
            CHECK("not without its end",
                  !stream_unwrap(a, key, (struct bytes){sealed.at, 24 + 65536 + 17}, &got));
        arena_destroy(a);
    }
}

void slow_key_test(void)
{
    unsigned char salt[SLOW_SALT_BYTES] = {1}, x[KEY_BYTES], y[KEY_BYTES];
    CHECK("key", slow_key(x, "123", salt, (struct slow_cost){8, 1}));
    CHECK("the same",
          slow_key(y, "123", salt, (struct slow_cost){8, 1}) && memcmp(x, y, sizeof x) == 0);
    CHECK("another text",
          slow_key(y, "124", salt, (struct slow_cost){8, 1}) && memcmp(x, y, sizeof x) != 0);
    CHECK("no more than a gigabyte", !slow_key(y, "123", salt, (struct slow_cost){1025, 1}));
    CHECK("at least one pass", !slow_key(y, "123", salt, (struct slow_cost){8, 0}));
}
