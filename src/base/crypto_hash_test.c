/* base/crypto_hash_test.c - hashes and tags against FIPS 180-4 and RFC 4231. */
#include "base/crypto.h"

#include "base/arena.h"
#include "test/check.h"

static void check_hex(const char *what, const unsigned char *got, size_t len, const char *want)
{
    char text[2 * 64 + 1];
    hex_write(text, got, len);
    CHECK_TEXT(what, text, want);
}

void hash_vectors_test(void)
{
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    };
    unsigned char out[HASH_BYTES];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        hash_of(out, cases[i].text, strlen(cases[i].text));
        check_hex("SHA-256", out, sizeof out, cases[i].want);
    }
    struct hash_state h;
    hash_begin(&h);
    for (int i = 0; i < 100000; i++)
        hash_add(&h, "aaaaaaaaaa", 10);
    hash_end(&h, out);
    check_hex("a million a", out, sizeof out,
              "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

/* HMAC fills short keys with zeros, so the short keys of RFC 4231 fit our 32 bytes. */
void tag_vectors_test(void)
{
    static const struct {
        const char *key, *data, *want;
    } cases[] = {
        {"0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b000000000000000000000000", "4869205468657265",
         "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
        {"4a65666500000000000000000000000000000000000000000000000000000000",
         "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
         "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
        {"0102030405060708090a0b0c0d0e0f1011121314151617181900000000000000",
         "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdc"
         "dcdcdcdcdcdcdcd",
         "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        unsigned char key[KEY_BYTES], data[64], out[TAG_BYTES];
        size_t len = strlen(cases[i].data) / 2;
        struct tag_state t, kept;
        CHECK("key", hex_read(key, sizeof key, cases[i].key));
        CHECK("data", hex_read(data, len, cases[i].data));
        tag_begin(&kept, key);
        for (int again = 0; again < 2; again++) {
            t = kept;
            tag_add(&t, data, 1);
            tag_add(&t, data + 1, len - 1);
            tag_end(&t, out);
            check_hex("HMAC", out, sizeof out, cases[i].want);
        }
    }
}

void secrets_compared_test(void)
{
    unsigned char x[4] = {1, 2, 3, 4}, y[4] = {1, 2, 3, 4};
    CHECK("equal", secret_equal(x, y, 4));
    y[3] ^= 1;
    CHECK("last bit", !secret_equal(x, y, 4));
    CHECK("but not in the first three", secret_equal(x, y, 3));
    secret_wipe(x, sizeof x);
    CHECK("wiped", x[0] == 0 && x[1] == 0 && x[2] == 0 && x[3] == 0);
    bool seen[3] = {false, false, false};
    for (int i = 0; i < 200; i++) {
        uint32_t below = random_below(3);
        CHECK("below its bound", below < 3);
        seen[below] = true;
    }
    CHECK("every value comes", seen[0] && seen[1] && seen[2]);
}

void keyed_hash_test(void)
{
    unsigned char key[KEY_BYTES] = {0}, x[32], y[32];
    for (int i = 0; i < KEY_BYTES; i++)
        key[i] = (unsigned char)i;
    keyed_hash(x, 32, key, "\0\1\2", 3);
    check_hex("keyed BLAKE2b-256 as Python's hashlib computes it", x, 32,
              "e14fc9161564dd081204f2dd6146a9ffbef66f95d5dc80e0a225e213c09dad7b");
    keyed_hash(x, 32, key, "abc", 3);
    keyed_hash(y, 32, key, "abc", 3);
    CHECK("the same twice", memcmp(x, y, 32) == 0);
    keyed_hash(y, 32, key, "abd", 3);
    CHECK("the text counts", memcmp(x, y, 32) != 0);
    key[31] ^= 1;
    keyed_hash(y, 32, key, "abc", 3);
    CHECK("the key counts", memcmp(x, y, 32) != 0);
    key[31] ^= 1;
    keyed_hash(y, 16, key, "abc", 3);
    CHECK("the length counts", memcmp(x, y, 16) != 0);
}
