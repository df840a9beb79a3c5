/* base/crypto_wrap.c - keys wrapped under a slow key, and whole files as a stream (SECURITY §3). */
#include "base/crypto.h"

#include <sodium.h>
#include <string.h>

#include "base/arena.h"
#include "base/crypto_must.h"
#include "base/crypto_slow.h"

_Static_assert(WRAP_NONCE_BYTES == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, "nonce");
_Static_assert(WRAP_TAG_BYTES == crypto_aead_xchacha20poly1305_ietf_ABYTES, "tag");
_Static_assert(SLOW_SALT_BYTES == crypto_pwhash_SALTBYTES, "salt");

enum {
    SLOW_MIB_MAX = 1024, /* a hostile manifest must not ask for more */
    SLOW_PASSES_MAX = 16,
    CHUNK_BYTES = 64 << 10,
    STREAM_HEAD_BYTES = crypto_secretstream_xchacha20poly1305_HEADERBYTES,
    STREAM_EXTRA_BYTES = crypto_secretstream_xchacha20poly1305_ABYTES
};

bool slow_key(unsigned char key[KEY_BYTES], const char *text,
              const unsigned char salt[SLOW_SALT_BYTES], struct slow_cost cost)
{
    if (cost.mem_mib < 1 || cost.mem_mib > SLOW_MIB_MAX || cost.passes < 1 ||
        cost.passes > SLOW_PASSES_MAX)
        return false;
    slow_call_begin();
    int failed = crypto_pwhash(key, KEY_BYTES, text, strlen(text), salt, cost.passes,
                               (size_t)cost.mem_mib << 20, crypto_pwhash_ALG_ARGON2ID13);
    slow_call_end();
    return failed == 0;
}

void wrap_seal(unsigned char *out, const unsigned char key[KEY_BYTES],
               const unsigned char nonce[WRAP_NONCE_BYTES], struct bytes bound,
               struct bytes plain)
{
    crypto_aead_xchacha20poly1305_ietf_encrypt(out, NULL, plain.at, plain.len, bound.at,
                                               bound.len, NULL, nonce, key);
}

bool wrap_open(unsigned char *out, const unsigned char key[KEY_BYTES],
               const unsigned char nonce[WRAP_NONCE_BYTES], struct bytes bound,
               struct bytes sealed)
{
    return sealed.len >= WRAP_TAG_BYTES &&
           crypto_aead_xchacha20poly1305_ietf_decrypt(out, NULL, NULL, sealed.at, sealed.len,
                                                      bound.at, bound.len, nonce, key) == 0;
}

struct bytes stream_wrap(struct arena *a, const unsigned char key[KEY_BYTES],
                         struct bytes plain)
{
    crypto_secretstream_xchacha20poly1305_state state;
    size_t chunks = plain.len / CHUNK_BYTES + 1, at = 0;
    unsigned char *out = arena_alloc(
        a, STREAM_HEAD_BYTES + plain.len + chunks * STREAM_EXTRA_BYTES, 1);
    size_t len = STREAM_HEAD_BYTES;
    crypto_must(crypto_secretstream_xchacha20poly1305_init_push(&state, out, key) == 0,
                "secretstream");
    for (size_t i = 0; i < chunks; i++) {
        size_t part = plain.len - at < CHUNK_BYTES ? plain.len - at : CHUNK_BYTES;
        bool last = i + 1 == chunks;
        crypto_must(crypto_secretstream_xchacha20poly1305_push(
                        &state, out + len, NULL, plain.at + at, part, NULL, 0,
                        last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL : 0) == 0,
                    "secretstream");
        at += part;
        len += part + STREAM_EXTRA_BYTES;
    }
    secret_wipe(&state, sizeof state);
    return (struct bytes){out, len};
}

bool stream_unwrap(struct arena *a, const unsigned char key[KEY_BYTES], struct bytes sealed,
                   struct bytes *plain)
{
    crypto_secretstream_xchacha20poly1305_state state;
    if (sealed.len < STREAM_HEAD_BYTES + STREAM_EXTRA_BYTES ||
        crypto_secretstream_xchacha20poly1305_init_pull(&state, sealed.at, key) != 0)
        return false;
    unsigned char *out = arena_alloc(a, sealed.len, 1), tag = 0;
    size_t at = STREAM_HEAD_BYTES, len = 0;
    bool ok = true;
    while (ok && at < sealed.len) {
        size_t rest = sealed.len - at, most = CHUNK_BYTES + STREAM_EXTRA_BYTES;
        size_t part = rest < most ? rest : most;
        unsigned long long got = 0;
        ok = tag == 0 && part >= STREAM_EXTRA_BYTES &&
             crypto_secretstream_xchacha20poly1305_pull(&state, out + len, &got, &tag,
                                                        sealed.at + at, part, NULL, 0) == 0;
        len += got;
        at += part;
    }
    ok = ok && tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
    secret_wipe(&state, sizeof state);
    if (!ok)
        secret_wipe(out, sealed.len);
    *plain = (struct bytes){out, len};
    return ok;
}
