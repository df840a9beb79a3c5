/* base/crypto_sm.c - suite 2: SM3 and SM2 signatures by OpenSSL's EVP. */
#include "base/crypto_sm.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/params.h>

#include "base/crypto_must.h"

enum { SCALAR_BYTES = 32, DER_BYTES = 80 };

void sm3_of(unsigned char out[SM3_BYTES], const void *bytes, size_t len)
{
    size_t out_len = 0;
    crypto_must(EVP_Q_digest(NULL, "SM3", NULL, bytes, len, out, &out_len) == 1 &&
                    out_len == SM3_BYTES,
                "SM3");
}

void sm3_tag(unsigned char out[SM3_BYTES], const void *key, size_t key_len, const void *bytes,
             size_t len)
{
    size_t out_len = 0;
    crypto_must(EVP_Q_mac(NULL, "HMAC", NULL, "SM3", NULL, key, key_len, bytes, len, out,
                          SM3_BYTES, &out_len) != NULL &&
                    out_len == SM3_BYTES,
                "HMAC-SM3");
}

/* NULL if the bytes are no key. SECRET may be NULL: then the key only verifies. */
static EVP_PKEY *key_of(const unsigned char *public, const unsigned char *secret)
{
    EVP_PKEY *key = NULL;
    BIGNUM *scalar = secret ? BN_secure_new() : NULL;
    OSSL_PARAM_BLD *b = OSSL_PARAM_BLD_new();
    EVP_PKEY_CTX *c = EVP_PKEY_CTX_new_from_name(NULL, "SM2", NULL);
    crypto_must(b && c && EVP_PKEY_fromdata_init(c) == 1 && (!secret || scalar) &&
                    OSSL_PARAM_BLD_push_utf8_string(b, OSSL_PKEY_PARAM_GROUP_NAME, "SM2", 0) &&
                    OSSL_PARAM_BLD_push_octet_string(b, OSSL_PKEY_PARAM_PUB_KEY, public,
                                                     SM2_PUBLIC_BYTES) &&
                    (!secret || (BN_bin2bn(secret, SM2_SECRET_BYTES, scalar) &&
                                 OSSL_PARAM_BLD_push_BN(b, OSSL_PKEY_PARAM_PRIV_KEY, scalar))),
                "SM2");
    OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(b);
    crypto_must(params != NULL, "SM2");
    if (public[0] != POINT_CONVERSION_UNCOMPRESSED ||
        EVP_PKEY_fromdata(c, &key, secret ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY, params) !=
            1)
        key = NULL;
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(b);
    EVP_PKEY_CTX_free(c);
    BN_clear_free(scalar);
    return key;
}

void sm2_keypair(unsigned char public[SM2_PUBLIC_BYTES], unsigned char secret[SM2_SECRET_BYTES])
{
    size_t len = 0;
    BIGNUM *scalar = NULL;
    EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "SM2");
    crypto_must(key &&
                    EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, public,
                                                    SM2_PUBLIC_BYTES, &len) == 1 &&
                    len == SM2_PUBLIC_BYTES &&
                    EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_PRIV_KEY, &scalar) == 1 &&
                    BN_bn2binpad(scalar, secret, SM2_SECRET_BYTES) == SM2_SECRET_BYTES,
                "SM2 key");
    BN_clear_free(scalar);
    EVP_PKEY_free(key);
}

/* A digest context whose key knows who signs. The caller frees *WITH after the context. */
static EVP_MD_CTX *context_with_identity(EVP_PKEY *key, EVP_PKEY_CTX **with)
{
    static const char identity[] = "1234567812345678";
    EVP_MD_CTX *c = EVP_MD_CTX_new();
    *with = EVP_PKEY_CTX_new(key, NULL);
    crypto_must(c && *with &&
                    EVP_PKEY_CTX_set1_id(*with, identity, (int)sizeof identity - 1) == 1,
                "SM2");
    EVP_MD_CTX_set_pkey_ctx(c, *with);
    return c;
}

static void raw_of_der(unsigned char raw[SM2_SIGNATURE_BYTES], const unsigned char *der,
                       size_t len)
{
    ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &der, (long)len);
    crypto_must(pair && BN_bn2binpad(ECDSA_SIG_get0_r(pair), raw, SCALAR_BYTES) > 0 &&
                    BN_bn2binpad(ECDSA_SIG_get0_s(pair), raw + SCALAR_BYTES, SCALAR_BYTES) > 0,
                "signature form");
    ECDSA_SIG_free(pair);
}

static size_t der_of_raw(unsigned char der[DER_BYTES],
                         const unsigned char raw[SM2_SIGNATURE_BYTES])
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

bool sm2_sign(unsigned char signature[SM2_SIGNATURE_BYTES], const void *bytes, size_t len,
              const unsigned char public[SM2_PUBLIC_BYTES],
              const unsigned char secret[SM2_SECRET_BYTES])
{
    unsigned char der[DER_BYTES];
    size_t der_len = sizeof der;
    EVP_PKEY_CTX *with;
    EVP_PKEY *key = key_of(public, secret);
    if (!key)
        return false;
    EVP_MD_CTX *c = context_with_identity(key, &with);
    bool ok = EVP_DigestSignInit_ex(c, NULL, "SM3", NULL, NULL, key, NULL) == 1 &&
              EVP_DigestSign(c, der, &der_len, bytes, len) == 1;
    EVP_MD_CTX_free(c);
    EVP_PKEY_CTX_free(with);
    EVP_PKEY_free(key);
    if (!ok)
        return false;
    raw_of_der(signature, der, der_len);
    return sm2_signature_is_true(signature, bytes, len, public);
}

bool sm2_signature_is_true(const unsigned char signature[SM2_SIGNATURE_BYTES],
                           const void *bytes, size_t len,
                           const unsigned char public[SM2_PUBLIC_BYTES])
{
    unsigned char der[DER_BYTES];
    EVP_PKEY_CTX *with;
    EVP_PKEY *key = key_of(public, NULL);
    if (!key)
        return false;
    size_t der_len = der_of_raw(der, signature);
    EVP_MD_CTX *c = context_with_identity(key, &with);
    crypto_must(EVP_DigestVerifyInit_ex(c, NULL, "SM3", NULL, NULL, key, NULL) == 1, "SM2");
    bool is_true = EVP_DigestVerify(c, der, der_len, bytes, len) == 1;
    EVP_MD_CTX_free(c);
    EVP_PKEY_CTX_free(with);
    EVP_PKEY_free(key);
    return is_true;
}
