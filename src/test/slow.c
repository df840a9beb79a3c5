/* test/slow.c - what makes argon2id slow is a thousandth of the product's in test programs: fixtures sign in
 * people by the hundred, and that was a quarter of what web_test took. Parameters that differ still do, so what
 * is hashed anew, and what a file may ask for, is judged as ever.
 *
 * base_test is not linked with this: src/base/crypto_password_test.c holds the product's own parameters. */
#include <stddef.h>

enum { MEMORY_LEAST_BYTES = 8192 /* of libsodium */, THOUSANDTH = 10 };

static size_t little(size_t mem_bytes)
{
    size_t mem = mem_bytes >> THOUSANDTH;
    return mem < MEMORY_LEAST_BYTES ? MEMORY_LEAST_BYTES : mem;
}

int __real_crypto_pwhash_str(char *out, const char *password, unsigned long long len,
                             unsigned long long passes, size_t mem_bytes);
int __wrap_crypto_pwhash_str(char *out, const char *password, unsigned long long len,
                             unsigned long long passes, size_t mem_bytes);
int __wrap_crypto_pwhash_str(char *out, const char *password, unsigned long long len,
                             unsigned long long passes, size_t mem_bytes)
{
    return __real_crypto_pwhash_str(out, password, len, passes, little(mem_bytes));
}

int __real_crypto_pwhash_str_needs_rehash(const char *hash, unsigned long long passes,
                                          size_t mem_bytes);
int __wrap_crypto_pwhash_str_needs_rehash(const char *hash, unsigned long long passes,
                                          size_t mem_bytes);
int __wrap_crypto_pwhash_str_needs_rehash(const char *hash, unsigned long long passes,
                                          size_t mem_bytes)
{
    return __real_crypto_pwhash_str_needs_rehash(hash, passes, little(mem_bytes));
}

int __real_crypto_pwhash(unsigned char *out, unsigned long long out_len, const char *password,
                         unsigned long long len, const unsigned char *salt,
                         unsigned long long passes, size_t mem_bytes, int algorithm);
int __wrap_crypto_pwhash(unsigned char *out, unsigned long long out_len, const char *password,
                         unsigned long long len, const unsigned char *salt,
                         unsigned long long passes, size_t mem_bytes, int algorithm);
int __wrap_crypto_pwhash(unsigned char *out, unsigned long long out_len, const char *password,
                         unsigned long long len, const unsigned char *salt,
                         unsigned long long passes, size_t mem_bytes, int algorithm)
{
    return __real_crypto_pwhash(out, out_len, password, len, salt, passes, little(mem_bytes),
                                algorithm);
}
