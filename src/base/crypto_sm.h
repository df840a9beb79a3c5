/* base/crypto_sm.h - suite 2: SM3 (GB/T 32905) and SM2 signatures (GB/T 32918.2), by OpenSSL.
 *
 * The signer's identity is always the national default 1234567812345678: without it OpenSSL 3
 * makes signatures that nobody else can verify. Points are raw and uncompressed (65 bytes),
 * secrets 32 bytes, signatures r || s. OpenSSL is not a certified product: an assessed
 * deployment signs in its own device, and this then only verifies. */
#ifndef BASE_CRYPTO_SM_H
#define BASE_CRYPTO_SM_H

#include <stdbool.h>
#include <stddef.h>

enum { SM3_BYTES = 32, SM2_PUBLIC_BYTES = 65, SM2_SECRET_BYTES = 32, SM2_SIGNATURE_BYTES = 64 };

void sm3_of(unsigned char out[SM3_BYTES], const void *bytes, size_t len);
/* HMAC-SM3. */
void sm3_tag(unsigned char out[SM3_BYTES], const void *key, size_t key_len, const void *bytes,
             size_t len);

void sm2_keypair(unsigned char public[SM2_PUBLIC_BYTES],
                 unsigned char secret[SM2_SECRET_BYTES]);
/* False if SECRET is no secret key of PUBLIC's kind: 0, too large, or not a point. */
bool sm2_sign(unsigned char signature[SM2_SIGNATURE_BYTES], const void *bytes, size_t len,
              const unsigned char public[SM2_PUBLIC_BYTES],
              const unsigned char secret[SM2_SECRET_BYTES]);
bool sm2_signature_is_true(const unsigned char signature[SM2_SIGNATURE_BYTES],
                           const void *bytes, size_t len,
                           const unsigned char public[SM2_PUBLIC_BYTES]);

#endif
