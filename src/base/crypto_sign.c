/* base/crypto_sign.c - Ed25519 for what Heng signs, ECDSA P-256 for what devices sign. */
#include "base/crypto.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <sodium.h>
#include <string.h>

#include "base/crypto_must.h"

enum { SCALAR_BYTES = 32, DER_BYTES = 80 }; /* DER of two 33-byte integers is at most 72 */

void sign_keypair(unsigned char public[SIGN_PUBLIC_BYTES],
                  unsigned char secret[SIGN_SECRET_BYTES])
{
    crypto_sign_keypair(public, secret);
}

void sign_bytes(unsigned char signature[SIGNATURE_BYTES], const void *bytes, size_t len,
                const unsigned char secret[SIGN_SECRET_BYTES])
{
    crypto_must(crypto_sign_detached(signature, NULL, bytes, len, secret) == 0, "Ed25519");
}

bool signature_is_true(const unsigned char signature[SIGNATURE_BYTES], const void *bytes,
                       size_t len, const unsigned char public[SIGN_PUBLIC_BYTES])
{
    return crypto_sign_verify_detached(signature, bytes, len, public) == 0;
}

/* NULL if the bytes are not a point of the curve: OpenSSL checks it while importing. */
static EVP_PKEY *device_public_key(const unsigned char public[DEVICE_PUBLIC_BYTES])
{
    char group[] = "P-256";
    unsigned char point[DEVICE_PUBLIC_BYTES];
    EVP_PKEY *key = NULL;
    if (public[0] != POINT_CONVERSION_UNCOMPRESSED)
        return NULL;
    memcpy(point, public, sizeof point);
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point),
        OSSL_PARAM_construct_end(),
    };
    EVP_PKEY_CTX *c = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    crypto_must(c && EVP_PKEY_fromdata_init(c) == 1, "EC");
    if (EVP_PKEY_fromdata(c, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
        key = NULL;
    EVP_PKEY_CTX_free(c);
    return key;
}

static size_t der_of_raw(unsigned char der[DER_BYTES], const unsigned char raw[64])
{
    ECDSA_SIG *pair = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(raw, SCALAR_BYTES, NULL);
    BIGNUM *s = BN_bin2bn(raw + SCALAR_BYTES, SCALAR_BYTES, NULL);
    crypto_must(pair && r && s && ECDSA_SIG_set0(pair, r, s) == 1, "signature form");
    int len = i2d_ECDSA_SIG(pair, NULL);
    crypto_must(len > 0 && len <= DER_BYTES, "signature form");
    i2d_ECDSA_SIG(pair, &der);
    ECDSA_SIG_free(pair);
    return (size_t)len;
}

static void raw_of_der(unsigned char raw[64], const unsigned char *der, size_t len)
{
    ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &der, (long)len);
    crypto_must(pair && BN_bn2binpad(ECDSA_SIG_get0_r(pair), raw, SCALAR_BYTES) > 0 &&
                    BN_bn2binpad(ECDSA_SIG_get0_s(pair), raw + SCALAR_BYTES, SCALAR_BYTES) > 0,
                "signature form");
    ECDSA_SIG_free(pair);
}

bool device_signature_is_true(const unsigned char public[DEVICE_PUBLIC_BYTES],
                              const unsigned char signature[64], const void *bytes, size_t len)
{
    unsigned char der[DER_BYTES];
    EVP_PKEY *key = device_public_key(public);
    if (!key)
        return false;
    size_t der_len = der_of_raw(der, signature);
    EVP_MD_CTX *c = EVP_MD_CTX_new();
    crypto_must(c && EVP_DigestVerifyInit_ex(c, NULL, "SHA256", NULL, NULL, key, NULL) == 1,
                "ECDSA");
    bool is_true = EVP_DigestVerify(c, der, der_len, bytes, len) == 1;
    EVP_MD_CTX_free(c);
    EVP_PKEY_free(key);
    return is_true;
}

/* A device_key is OpenSSL's own object under our name: there is nothing to add to it. */
static EVP_PKEY *pkey_of(const struct device_key *k)
{
    return (EVP_PKEY *)(uintptr_t)k;
}

struct device_key *device_key_create(unsigned char public[DEVICE_PUBLIC_BYTES])
{
    size_t len = 0;
    EVP_PKEY *key = EVP_EC_gen("P-256");
    crypto_must(key &&
                    EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, public,
                                                    DEVICE_PUBLIC_BYTES, &len) == 1 &&
                    len == DEVICE_PUBLIC_BYTES,
                "P-256 key");
    return (struct device_key *)(uintptr_t)key;
}

void device_key_destroy(struct device_key *k)
{
    EVP_PKEY_free(pkey_of(k));
}

void device_sign(const struct device_key *k, unsigned char signature[64], const void *bytes,
                 size_t len)
{
    unsigned char der[DER_BYTES];
    size_t der_len = sizeof der;
    EVP_MD_CTX *c = EVP_MD_CTX_new();
    crypto_must(
        c && EVP_DigestSignInit_ex(c, NULL, "SHA256", NULL, NULL, pkey_of(k), NULL) == 1 &&
            EVP_DigestSign(c, der, &der_len, bytes, len) == 1,
        "ECDSA");
    EVP_MD_CTX_free(c);
    raw_of_der(signature, der, der_len);
}
