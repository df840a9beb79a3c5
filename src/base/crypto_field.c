/* base/crypto_field.c - single values at rest, each bound to its table, column and row. */
#include "base/crypto.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

#include "base/arena.h"
#include "base/crypto_must.h"

enum {
    SUITE = 1,
    NONCE_BYTES = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    AEAD_TAG_BYTES = crypto_aead_xchacha20poly1305_ietf_ABYTES,
    HEAD_BYTES = 2 + NONCE_BYTES,
    FIELD_PAD_BYTES = 32
};

/* "heng/field/1" 0 table 0 column 0 row(16): what a ciphertext belongs to. */
static struct bytes place_of(struct arena *a, const char *table, const char *column,
                             struct id row)
{
    static const char prefix[] = "heng/field/1";
    size_t table_len = strlen(table) + 1, column_len = strlen(column) + 1;
    size_t len = sizeof prefix + table_len + column_len + ID_BYTES;
    unsigned char *at = arena_alloc(a, len, 1);
    memcpy(at, prefix, sizeof prefix);
    memcpy(at + sizeof prefix, table, table_len);
    memcpy(at + sizeof prefix + table_len, column, column_len);
    memcpy(at + len - ID_BYTES, row.bytes, ID_BYTES);
    return (struct bytes){at, len};
}

struct bytes purpose_seal(struct arena *a, const struct master *m, enum key_purpose purpose,
                          const char *table, const char *column, struct id row,
                          size_t pad_bytes, const void *plain, size_t len)
{
    unsigned char key[KEY_BYTES];
    struct bytes ad = place_of(a, table, column, row);
    size_t padded = 0;
    unsigned char *out = arena_alloc(a, HEAD_BYTES + len + pad_bytes + AEAD_TAG_BYTES, 1);
    unsigned char *body = out + HEAD_BYTES;

    out[0] = SUITE;
    out[1] = (unsigned char)master_version(m);
    random_bytes(out + 2, NONCE_BYTES);
    if (len)
        memcpy(body, plain, len);
    crypto_must(sodium_pad(&padded, body, len, pad_bytes, len + pad_bytes) == 0, "padding");
    master_key(m, purpose, key);
    crypto_aead_xchacha20poly1305_ietf_encrypt(body, NULL, body, padded, ad.at, ad.len, NULL,
                                               out + 2, key);
    secret_wipe(key, sizeof key);
    return (struct bytes){out, HEAD_BYTES + padded + AEAD_TAG_BYTES};
}

bool purpose_open(struct arena *a, const struct master *m, enum key_purpose purpose,
                  const char *table, const char *column, struct id row, struct bytes sealed,
                  struct bytes *plain, struct err *e)
{
    if (sealed.len < HEAD_BYTES + AEAD_TAG_BYTES || sealed.at[0] != SUITE)
        return FAIL(e, STORE, column, "存储的密文格式不对（%s.%s）。", table, column);
    if (sealed.at[1] != (master_version(m) & 255))
        return FAIL(e, STORE, column,
                    "密文用的是第 %d 版主密钥，当前载入的是第 %u 版（%s.%s）。", sealed.at[1],
                    (unsigned)master_version(m), table, column);

    unsigned char key[KEY_BYTES];
    struct bytes ad = place_of(a, table, column, row);
    size_t padded = sealed.len - HEAD_BYTES - AEAD_TAG_BYTES, len = 0;
    unsigned char *out = arena_alloc(a, padded + 1, 1);
    master_key(m, purpose, key);
    int failed = crypto_aead_xchacha20poly1305_ietf_decrypt(
        out, NULL, NULL, sealed.at + HEAD_BYTES, sealed.len - HEAD_BYTES, ad.at, ad.len,
        sealed.at + 2, key);
    secret_wipe(key, sizeof key);
    /* The block is the whole text: the marker of the padding is its last byte that is not 0. */
    if (failed || padded == 0 || sodium_unpad(&len, out, padded, padded) != 0)
        return FAIL(e, STORE, column, "存储的密文无法解开：内容被改动或不属于这一行（%s.%s）。",
                    table, column);
    secret_wipe(out + len, padded - len);
    *plain = (struct bytes){out, len};
    return true;
}

struct bytes field_seal(struct arena *a, const struct master *m, const char *table,
                        const char *column, struct id row, const void *plain, size_t len)
{
    return purpose_seal(a, m, KEY_FIELD, table, column, row, FIELD_PAD_BYTES, plain, len);
}

bool field_open(struct arena *a, const struct master *m, const char *table, const char *column,
                struct id row, struct bytes sealed, struct bytes *plain, struct err *e)
{
    return purpose_open(a, m, KEY_FIELD, table, column, row, sealed, plain, e);
}

static void index_under(unsigned char out[BLIND_INDEX_BYTES],
                        const unsigned char key[KEY_BYTES], const char country[2],
                        char document_type, const char *normalised)
{
    crypto_generichash_state state;
    const char head[3] = {country[0], country[1], document_type};
    crypto_must(crypto_generichash_init(&state, key, KEY_BYTES, BLIND_INDEX_BYTES) == 0,
                "BLAKE2b");
    crypto_generichash_update(&state, (const unsigned char *)head, sizeof head);
    crypto_generichash_update(&state, (const unsigned char *)normalised, strlen(normalised));
    crypto_generichash_final(&state, out, BLIND_INDEX_BYTES);
    secret_wipe(&state, sizeof state);
}

void blind_index(unsigned char out[BLIND_INDEX_BYTES], const struct master *m,
                 const char country[2], char document_type, const char *normalised)
{
    unsigned char key[KEY_BYTES];
    master_key(m, KEY_BLIND, key);
    index_under(out, key, country, document_type, normalised);
    secret_wipe(key, sizeof key);
}

void roster_index(unsigned char out[BLIND_INDEX_BYTES], const unsigned char key[KEY_BYTES],
                  const char country[2], char document_type, const char *normalised)
{
    index_under(out, key, country, document_type, normalised);
}
