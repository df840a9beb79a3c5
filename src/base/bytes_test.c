/* base/bytes_test.c - spellings of bytes: the vectors of RFC 4648 and what must be refused. */
#include "base/bytes.h"

#include "base/arena.h"
#include "test/check.h"

void be_numbers_test(void)
{
    unsigned char b[8];
    be64_put(b, 0x0102030405060708u);
    for (int i = 0; i < 8; i++)
        CHECK_INT("most significant byte first", b[i], i + 1);
    CHECK("64", be64_get(b) == 0x0102030405060708u);
    CHECK("32", be32_get(b) == 0x01020304u);
    CHECK("16", be16_get(b) == 0x0102u);
    be32_put(b, 0xfffefdfcu);
    CHECK("top bit", be32_get(b) == 0xfffefdfcu && be64_get(b) >> 32 == 0xfffefdfcu);
    be16_put(b, 0x8001);
    CHECK("16 top bit", be16_get(b) == 0x8001);
}

void hex_test(void)
{
    static const struct {
        const char *what, *text;
        bool good;
    } cases[] = {
        {"three bytes", "00ff7A", true},      {"one digit short", "00ff7", false},
        {"one byte more", "00ff7a00", false}, {"a letter g", "00fg7a", false},
        {"a blank", "00 f7a", false},         {"nothing", "", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        unsigned char b[3];
        CHECK_INT(cases[i].what, hex_read(b, 3, cases[i].text), cases[i].good);
    }
    char text[7];
    hex_write(text, (const unsigned char[]){0, 255, 0x7a}, 3);
    CHECK_TEXT("lower case", text, "00ff7a");
}

/* RFC 4648 section 10, without the padding where our spelling has none. */
void base_n_vectors_test(void)
{
    static const struct {
        const char *plain, *base64, *base64url, *base32;
    } cases[] = {
        {"", "", "", ""},
        {"f", "Zg==", "Zg", "MY"},
        {"fo", "Zm8=", "Zm8", "MZXQ"},
        {"foo", "Zm9v", "Zm9v", "MZXW6"},
        {"foob", "Zm9vYg==", "Zm9vYg", "MZXW6YQ"},
        {"fooba", "Zm9vYmE=", "Zm9vYmE", "MZXW6YTB"},
        {"foobar", "Zm9vYmFy", "Zm9vYmFy", "MZXW6YTBOI"},
        {"\xfb\xff\xbf", "+/+/", "-_-_", "7P736"},
    };
    struct arena *a = arena_create(1 << 16);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct bytes plain = {(const unsigned char *)cases[i].plain, strlen(cases[i].plain)};
        struct bytes back;
        CHECK_TEXT("base64", base64_write(a, plain.at, plain.len), cases[i].base64);
        CHECK_TEXT("base64url", base64url_write(a, plain.at, plain.len), cases[i].base64url);
        CHECK_TEXT("base32", base32_write(a, plain.at, plain.len), cases[i].base32);
        CHECK("base64 back", base64_read(a, cases[i].base64, strlen(cases[i].base64), &back) &&
                                 bytes_equal(back, plain));
        CHECK("base64url back",
              base64url_read(a, cases[i].base64url, strlen(cases[i].base64url), &back) &&
                  bytes_equal(back, plain));
        CHECK("base32 back", base32_read(a, cases[i].base32, strlen(cases[i].base32), &back) &&
                                 bytes_equal(back, plain));
    }
    arena_destroy(a);
}

/* One byte string, one spelling: everything else is refused. */
void base_n_refuses_test(void)
{
    static const struct {
        const char *what, *text;
        bool (*read)(struct arena *, const char *, size_t, struct bytes *);
    } cases[] = {
        {"padding in base64url", "Zg==", base64url_read},
        {"loose bits", "Zh", base64url_read},
        {"loose bits of three", "Zm9", base64url_read},
        {"one digit", "Z", base64url_read},
        {"five digits", "Zm9vY", base64url_read},
        {"a blank", "Zm 9", base64url_read},
        {"a line end", "Zm8\n", base64url_read},
        {"digits of base64", "+/+/", base64url_read},
        {"missing padding", "Zg", base64_read},
        {"too much padding", "Z===", base64_read},
        {"padding in the middle", "Zg==Zg==", base64_read},
        {"only padding", "====", base64_read},
        {"digits of base64url", "-_-_", base64_read},
        {"lower case", "mzxw6", base32_read},
        {"digit 1", "MZXW1", base32_read},
        {"three digits", "MZX", base32_read},
        {"six digits", "MZXW6Y", base32_read},
        {"loose bits of base32", "MZ", base32_read},
        {"padding of base32", "MZXW6===", base32_read},
    };
    struct arena *a = arena_create(1 << 16);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct bytes out;
        CHECK_INT(cases[i].what, cases[i].read(a, cases[i].text, strlen(cases[i].text), &out),
                  false);
    }
    struct bytes out;
    CHECK_INT("a NUL is not the end of the alphabet", base64url_read(a, "Zm8\0", 4, &out),
              false);
    arena_destroy(a);
}

void crockford_test(void)
{
    static const unsigned char bytes[] = {0xff, 0x00, 0x84, 0x21, 0x08,
                                          0x42, 0x10, 0x84, 0x21, 0xdf};
    struct arena *a = arena_create(1 << 16);
    CHECK_TEXT("80 bits are 16 letters", crockford_write(a, bytes, 80), "ZW088888888888EZ");
    CHECK_TEXT("first 10 bits", crockford_write(a, bytes, 10), "ZW");
    CHECK_TEXT("no bits", crockford_write(a, bytes, 0), "");
    CHECK_TEXT("a started letter is filled with zeros", crockford_write(a, bytes, 6), "ZG");
    arena_destroy(a);
}
