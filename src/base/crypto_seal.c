/* base/crypto_seal.c - whole files: AES-256-GCM for papers, boxes for people, passphrases. */
#include "base/crypto.h"

#include <limits.h>
#include <openssl/evp.h>
#include <sodium.h>
#include <string.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/crypto_must.h"
#include "base/crypto_slow.h"

_Static_assert(BOX_SEAL_EXTRA_BYTES == crypto_box_SEALBYTES, "libsodium's box");

void gcm_seal(unsigned char *out, const unsigned char key[KEY_BYTES],
              const unsigned char nonce[GCM_NONCE_BYTES], const void *ad, size_t ad_len,
              const void *plain, size_t len)
{
    int n = 0, last = 0;
    crypto_must(len <= INT_MAX && ad_len <= INT_MAX, "AES-256-GCM: size");
    EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
    crypto_must(c && EVP_EncryptInit_ex2(c, EVP_aes_256_gcm(), key, nonce, NULL) == 1 &&
                    (ad_len == 0 || EVP_EncryptUpdate(c, NULL, &n, ad, (int)ad_len) == 1),
                "AES-256-GCM");
    n = 0;
    crypto_must((len == 0 || EVP_EncryptUpdate(c, out, &n, plain, (int)len) == 1) &&
                    EVP_EncryptFinal_ex(c, out + n, &last) == 1 && (size_t)(n + last) == len &&
                    EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_GET_TAG, GCM_TAG_BYTES, out + len) ==
                        1,
                "AES-256-GCM");
    EVP_CIPHER_CTX_free(c);
}

/* Until the tag is checked OUT holds unproved text: on failure it is wiped. */
bool gcm_open(unsigned char *out, const unsigned char key[KEY_BYTES],
              const unsigned char nonce[GCM_NONCE_BYTES], const void *ad, size_t ad_len,
              const void *sealed, size_t sealed_len)
{
    int n = 0, last = 0;
    if (sealed_len < GCM_TAG_BYTES || sealed_len > INT_MAX || ad_len > INT_MAX)
        return false;
    size_t len = sealed_len - GCM_TAG_BYTES;
    unsigned char tag[GCM_TAG_BYTES];
    memcpy(tag, (const unsigned char *)sealed + len, sizeof tag);

    EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
    crypto_must(c && EVP_DecryptInit_ex2(c, EVP_aes_256_gcm(), key, nonce, NULL) == 1 &&
                    EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_SET_TAG, GCM_TAG_BYTES, tag) == 1 &&
                    (ad_len == 0 || EVP_DecryptUpdate(c, NULL, &n, ad, (int)ad_len) == 1),
                "AES-256-GCM");
    n = 0;
    bool opened = (len == 0 || EVP_DecryptUpdate(c, out, &n, sealed, (int)len) == 1) &&
                  EVP_DecryptFinal_ex(c, out + n, &last) == 1;
    EVP_CIPHER_CTX_free(c);
    if (!opened)
        secret_wipe(out, len);
    return opened;
}

void box_keypair(unsigned char public[BOX_PUBLIC_BYTES], unsigned char secret[BOX_SECRET_BYTES])
{
    crypto_box_keypair(public, secret);
}

void box_seal(unsigned char *out, const void *plain, size_t len,
              const unsigned char public[BOX_PUBLIC_BYTES])
{
    crypto_must(crypto_box_seal(out, plain, len, public) == 0, "sealed box");
}

bool box_open(unsigned char *out, const void *sealed, size_t sealed_len,
              const unsigned char public[BOX_PUBLIC_BYTES],
              const unsigned char secret[BOX_SECRET_BYTES])
{
    return sealed_len >= BOX_SEAL_EXTRA_BYTES &&
           crypto_box_seal_open(out, sealed, sealed_len, public, secret) == 0;
}

/* "HNPW" mem_mib(4) passes(4) salt(16) nonce(24) ciphertext tag(16); all before is bound. */
enum {
    SALT_AT = 12,
    NONCE_AT = SALT_AT + crypto_pwhash_SALTBYTES,
    BODY_AT = NONCE_AT + crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    AEAD_TAG_BYTES = crypto_aead_xchacha20poly1305_ietf_ABYTES,
    MEM_MIB_MAX = 1024, /* a hostile file must not ask for more */
    PASSES_MAX = 16
};
static const unsigned char passphrase_magic[4] = {'H', 'N', 'P', 'W'};

static bool passphrase_key(unsigned char key[KEY_BYTES], const char *passphrase,
                           const unsigned char *head)
{
    uint32_t mem_mib = be32_get(head + 4), passes = be32_get(head + 8);
    if (mem_mib < 1 || mem_mib > MEM_MIB_MAX || passes < 1 || passes > PASSES_MAX)
        return false;
    slow_call_begin();
    int failed = crypto_pwhash(key, KEY_BYTES, passphrase, strlen(passphrase), head + SALT_AT,
                               passes, (size_t)mem_mib << 20, crypto_pwhash_ALG_ARGON2ID13);
    slow_call_end();
    return failed == 0;
}

struct bytes passphrase_seal(struct arena *a, const char *passphrase, uint32_t mem_mib,
                             uint32_t passes, const void *plain, size_t len)
{
    unsigned char key[KEY_BYTES];
    unsigned char *out = arena_alloc(a, BODY_AT + len + AEAD_TAG_BYTES, 1);
    memcpy(out, passphrase_magic, sizeof passphrase_magic);
    be32_put(out + 4, mem_mib);
    be32_put(out + 8, passes);
    random_bytes(out + SALT_AT, BODY_AT - SALT_AT);
    crypto_must(passphrase_key(key, passphrase, out), "argon2id");
    crypto_aead_xchacha20poly1305_ietf_encrypt(out + BODY_AT, NULL, plain, len, out, BODY_AT,
                                               NULL, out + NONCE_AT, key);
    secret_wipe(key, sizeof key);
    return (struct bytes){out, BODY_AT + len + AEAD_TAG_BYTES};
}

bool passphrase_open(struct arena *a, const char *passphrase, struct bytes sealed,
                     struct bytes *plain)
{
    unsigned char key[KEY_BYTES];
    if (sealed.len < BODY_AT + AEAD_TAG_BYTES ||
        memcmp(sealed.at, passphrase_magic, sizeof passphrase_magic) != 0 ||
        !passphrase_key(key, passphrase, sealed.at))
        return false;
    size_t len = sealed.len - BODY_AT - AEAD_TAG_BYTES;
    unsigned char *out = arena_alloc(a, len + 1, 1);
    int failed = crypto_aead_xchacha20poly1305_ietf_decrypt(
        out, NULL, NULL, sealed.at + BODY_AT, sealed.len - BODY_AT, sealed.at, BODY_AT,
        sealed.at + NONCE_AT, key);
    secret_wipe(key, sizeof key);
    *plain = (struct bytes){out, len};
    return !failed;
}
