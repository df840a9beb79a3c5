/* base/crypto_password.c - passwords by argon2id and one-time codes by RFC 6238. */
#include "base/crypto.h"

#include <assert.h>
#include <liboath/oath.h>
#include <sodium.h>
#include <string.h>

#include "base/crypto_must.h"
#include "base/crypto_slow.h"

_Static_assert(PASSWORD_HASH_BYTES == crypto_pwhash_STRBYTES, "a hash string fits");

enum { STEP_MS = 30000, CODE_DIGITS = 6, WINDOW_STEPS = 1 };

/* SECURITY section 8: staff 64 MiB and 2 passes (82 ms), candidates 19 MiB and 2 (19 ms). */
static const struct {
    unsigned long long passes;
    size_t mem_bytes;
} costs[] = {
    [PASSWORD_CANDIDATE] = {2, 19u << 20},
    [PASSWORD_STAFF] = {2, 64u << 20},
};

void password_hash(char out[PASSWORD_HASH_BYTES], const char *password, enum password_cost cost)
{
    memset(out, 0, PASSWORD_HASH_BYTES);
    slow_call_begin();
    crypto_must(crypto_pwhash_str(out, password, strlen(password), costs[cost].passes,
                                  costs[cost].mem_bytes) == 0,
                "argon2id");
    slow_call_end();
}

bool password_matches(const char *hash, const char *password)
{
    slow_call_begin();
    bool same = crypto_pwhash_str_verify(hash, password, strlen(password)) == 0;
    slow_call_end();
    return same;
}

bool password_hash_is_old(const char *hash, enum password_cost cost)
{
    return crypto_pwhash_str_needs_rehash(hash, costs[cost].passes, costs[cost].mem_bytes) != 0;
}

void password_hash_dummy(const char *password, enum password_cost cost)
{
    char unused[PASSWORD_HASH_BYTES];
    password_hash(unused, password, cost);
    secret_wipe(unused, sizeof unused);
}

static void code_of_step(char out[CODE_DIGITS + 1], const unsigned char *seed, size_t len,
                         int64_t step)
{
    crypto_must(oath_hotp_generate((const char *)seed, len, (uint64_t)step, CODE_DIGITS, false,
                                   OATH_HOTP_DYNAMIC_TRUNCATION, out) == OATH_OK,
                "TOTP");
}

void totp_code(char out[7], const unsigned char *seed, size_t len, int64_t now_ms)
{
    assert(now_ms >= 0);
    code_of_step(out, seed, len, now_ms / STEP_MS);
}

/* All steps of the window are always computed, so that time does not tell which one it was. */
int64_t totp_match(const unsigned char *seed, size_t len, int64_t now_ms, const char *code)
{
    int64_t now = now_ms / STEP_MS, found = -1;
    if (now_ms < 0 || strlen(code) != CODE_DIGITS)
        return -1;
    for (int64_t step = now - WINDOW_STEPS; step <= now + WINDOW_STEPS; step++) {
        char want[CODE_DIGITS + 1];
        if (step < 0)
            continue;
        code_of_step(want, seed, len, step);
        if (secret_equal(want, code, CODE_DIGITS))
            found = step;
    }
    return found;
}
