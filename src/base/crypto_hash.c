/* base/crypto_hash.c - the start of the libraries, chance, hashes and tags.
 *
 * Measured per 200-byte message (SHA extensions, OpenSSL 3.0, libsodium 1.0.18): SHA-256 by EVP
 * with the fetched digest 0.18 us, by libsodium 0.55 us: so hashes are EVP's. HMAC with a fresh
 * key by EVP_MAC 0.76 us, by libsodium 1.00 us and 0.69 us from a kept state, which is a plain
 * value that may be copied: so tags are libsodium's. */
#include "base/crypto.h"

#include <liboath/oath.h>
#include <openssl/evp.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto_must.h"

/* Set once by crypto_start, before any thread; fetching it for each hash would double its cost. */
static EVP_MD *sha256;

void crypto_must(bool worked, const char *what)
{
    if (worked)
        return;
    fprintf(stderr, "heng: cryptography: %s failed\n", what);
    abort();
}

bool crypto_start(struct err *e)
{
    if (sha256)
        return true;
    if (sodium_init() < 0)
        return FAIL(e, INTERNAL, NULL, "libsodium 无法启动，请检查系统随机数源。");
    if (oath_init() != OATH_OK)
        return FAIL(e, INTERNAL, NULL, "liboath 无法启动。");
    sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    return sha256 || FAIL(e, INTERNAL, NULL, "OpenSSL 不提供 SHA-256，无法启动。");
}

void random_bytes(void *out, size_t len)
{
    randombytes_buf(out, len);
}

uint32_t random_below(uint32_t bound)
{
    return randombytes_uniform(bound);
}

void secret_wipe(void *secret, size_t len)
{
    sodium_memzero(secret, len);
}

bool secret_equal(const void *x, const void *y, size_t len)
{
    return sodium_memcmp(x, y, len) == 0;
}

/* The opaque room holds the address of OpenSSL's context. */
static EVP_MD_CTX *context_of(const struct hash_state *h)
{
    EVP_MD_CTX *c;
    memcpy(&c, h->opaque, sizeof c);
    return c;
}

void hash_begin(struct hash_state *h)
{
    crypto_must(sha256 != NULL, "crypto_start before the first hash");
    EVP_MD_CTX *c = EVP_MD_CTX_new();
    crypto_must(c && EVP_DigestInit_ex(c, sha256, NULL) == 1, "SHA-256");
    memcpy(h->opaque, &c, sizeof c);
}

void hash_add(struct hash_state *h, const void *bytes, size_t len)
{
    crypto_must(EVP_DigestUpdate(context_of(h), bytes, len) == 1, "SHA-256");
}

void hash_end(struct hash_state *h, unsigned char out[HASH_BYTES])
{
    EVP_MD_CTX *c = context_of(h);
    crypto_must(EVP_DigestFinal_ex(c, out, NULL) == 1, "SHA-256");
    EVP_MD_CTX_free(c);
    memset(h, 0, sizeof *h);
}

void hash_of(unsigned char out[HASH_BYTES], const void *bytes, size_t len)
{
    struct hash_state h;
    hash_begin(&h);
    hash_add(&h, bytes, len);
    hash_end(&h, out);
}

_Static_assert(sizeof(crypto_auth_hmacsha256_state) <= sizeof(struct tag_state),
               "a tag_state has room for libsodium's");

static crypto_auth_hmacsha256_state *hmac_of(struct tag_state *t)
{
    return (crypto_auth_hmacsha256_state *)(void *)t->opaque;
}

void tag_begin(struct tag_state *t, const unsigned char key[KEY_BYTES])
{
    crypto_auth_hmacsha256_init(hmac_of(t), key, KEY_BYTES);
}

void tag_add(struct tag_state *t, const void *bytes, size_t len)
{
    crypto_auth_hmacsha256_update(hmac_of(t), bytes, len);
}

void tag_end(struct tag_state *t, unsigned char out[TAG_BYTES])
{
    crypto_auth_hmacsha256_final(hmac_of(t), out);
    sodium_memzero(t, sizeof(crypto_auth_hmacsha256_state));
}

void keyed_hash(unsigned char *out, size_t out_len, const unsigned char key[KEY_BYTES],
                const void *bytes, size_t len)
{
    crypto_must(out_len >= 16 && out_len <= 64 &&
                    crypto_generichash(out, out_len, bytes, len, key, KEY_BYTES) == 0,
                "BLAKE2b");
}
