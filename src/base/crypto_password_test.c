/* base/crypto_password_test.c - argon2id strings and the codes of RFC 6238. */
#include "base/crypto.h"

#include "test/check.h"

void passwords_test(void)
{
    char candidate[PASSWORD_HASH_BYTES], staff[PASSWORD_HASH_BYTES];
    password_hash(candidate, "十五个字符以上的口令 correct", PASSWORD_CANDIDATE);
    CHECK("argon2id with 19 MiB and 2 passes",
          strncmp(candidate, "$argon2id$v=19$m=19456,t=2,p=1$", 31) == 0);
    CHECK("right", password_matches(candidate, "十五个字符以上的口令 correct"));
    CHECK("wrong", !password_matches(candidate, "十五个字符以上的口令 correc"));
    CHECK("not a hash", !password_matches("", "x") && !password_matches("$argon2id$", "x"));
    CHECK("fresh", !password_hash_is_old(candidate, PASSWORD_CANDIDATE));
    CHECK("too cheap for staff", password_hash_is_old(candidate, PASSWORD_STAFF));
    password_hash(staff, "x", PASSWORD_STAFF);
    CHECK("64 MiB", strncmp(staff, "$argon2id$v=19$m=65536,t=2,p=1$", 31) == 0);
    CHECK("fresh for staff", !password_hash_is_old(staff, PASSWORD_STAFF));
}

void totp_vectors_test(void)
{
    static const struct {
        int64_t seconds;
        const char *code;
    } cases[] = {
        {59, "287082"},         {1111111109, "081804"}, {1111111111, "050471"},
        {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"},
    };
    const unsigned char *seed = (const unsigned char *)"12345678901234567890";
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char code[7];
        int64_t now = cases[i].seconds * 1000, step = cases[i].seconds / 30;
        totp_code(code, seed, 20, now);
        CHECK_TEXT("RFC 6238 appendix B", code, cases[i].code);
        CHECK_INT("now", totp_match(seed, 20, now, code), step);
        CHECK_INT("a slow hand", totp_match(seed, 20, now + 30000, code), step);
        CHECK_INT("a fast clock", totp_match(seed, 20, now - 30000, code), step);
        CHECK_INT("two steps late", totp_match(seed, 20, now + 60000, code), -1);
        CHECK_INT("two steps early", totp_match(seed, 20, now - 60000, code), -1);
    }
    CHECK_INT("short", totp_match(seed, 20, 59000, "28708"), -1);
    CHECK_INT("long", totp_match(seed, 20, 59000, "2870820"), -1);
    CHECK_INT("another seed", totp_match(seed, 19, 59000, "287082"), -1);
    CHECK_INT("at the epoch", totp_match(seed, 20, 0, "755224"), 0);
}
