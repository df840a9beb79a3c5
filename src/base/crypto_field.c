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

/* --- under a key -------------------------------------------------------------------------- */
struct lock {
    const unsigned char *key;
    unsigned char version; /* of the master; 0: a key of the record's own */
    struct bytes place;    /* what the ciphertext belongs to */
};

static struct bytes seal_with(struct arena *a, const struct lock *k, size_t pad_bytes,
                              struct bytes plain)
{
    size_t padded = 0;
    unsigned char *out = arena_alloc(a, HEAD_BYTES + plain.len + pad_bytes + AEAD_TAG_BYTES, 1);
    unsigned char *body = out + HEAD_BYTES;

    out[0] = SUITE;
    out[1] = k->version;
    random_bytes(out + 2, NONCE_BYTES);
    if (plain.len)
        memcpy(body, plain.at, plain.len);
    crypto_must(sodium_pad(&padded, body, plain.len, pad_bytes, plain.len + pad_bytes) == 0,
                "padding");
    crypto_aead_xchacha20poly1305_ietf_encrypt(body, NULL, body, padded, k->place.at,
                                               k->place.len, NULL, out + 2, k->key);
    return (struct bytes){out, HEAD_BYTES + padded + AEAD_TAG_BYTES};
}

static bool is_sealed(struct bytes sealed)
{
    return sealed.len >= HEAD_BYTES + AEAD_TAG_BYTES && sealed.at[0] == SUITE;
}

static bool open_with(struct arena *a, const struct lock *k, struct bytes sealed,
                      struct bytes *plain)
{
    size_t padded = sealed.len - HEAD_BYTES - AEAD_TAG_BYTES, len = 0;
    unsigned char *out = arena_alloc(a, padded + 1, 1);
    int failed = crypto_aead_xchacha20poly1305_ietf_decrypt(
        out, NULL, NULL, sealed.at + HEAD_BYTES, sealed.len - HEAD_BYTES, k->place.at,
        k->place.len, sealed.at + 2, k->key);
    /* The block is the whole text: the marker of the padding is its last byte that is not 0. */
    if (failed || padded == 0 || sodium_unpad(&len, out, padded, padded) != 0)
        return false;
    secret_wipe(out + len, padded - len);
    *plain = (struct bytes){out, len};
    return true;
}

/* --- under the master's key of a purpose ------------------------------------------------------- */
struct bytes purpose_seal(struct arena *a, const struct master *m, enum key_purpose purpose,
                          const char *table, const char *column, struct id row,
                          size_t pad_bytes, const void *plain, size_t len)
{
    unsigned char key[KEY_BYTES];
    const struct lock k = {key, (unsigned char)master_version(m),
                           place_of(a, table, column, row)};
    master_key(m, purpose, key);
    struct bytes sealed = seal_with(a, &k, pad_bytes, (struct bytes){plain, len});
    secret_wipe(key, sizeof key);
    return sealed;
}

bool purpose_open(struct arena *a, const struct master *m, enum key_purpose purpose,
                  const char *table, const char *column, struct id row, struct bytes sealed,
                  struct bytes *plain, struct err *e)
{
    unsigned char key[KEY_BYTES];
    const struct lock k = {key, (unsigned char)master_version(m),
                           place_of(a, table, column, row)};
    if (!is_sealed(sealed))
        return FAIL(e, STORE, column, "存储的密文格式不对（%s.%s）。", table, column);
    if (sealed.at[1] != k.version)
        return FAIL(e, STORE, column,
                    "密文用的是第 %d 版主密钥，当前载入的是第 %u 版（%s.%s）。", sealed.at[1],
                    (unsigned)master_version(m), table, column);
    master_key(m, purpose, key);
    bool opened = open_with(a, &k, sealed, plain);
    secret_wipe(key, sizeof key);
    return opened ||
           FAIL(e, STORE, column, "存储的密文无法解开：内容被改动或不属于这一行（%s.%s）。",
                table, column);
}

/* --- under a key of the record's own ----------------------------------------------------------- */
struct bytes keyed_seal(struct arena *a, const unsigned char key[KEY_BYTES], const char *column,
                        struct id row, size_t pad_bytes, struct bytes plain)
{
    const struct lock k = {key, 0, place_of(a, "keyed", column, row)};
    return seal_with(a, &k, pad_bytes, plain);
}

bool keyed_open(struct arena *a, const unsigned char key[KEY_BYTES], const char *column,
                struct id row, struct bytes sealed, struct bytes *plain, struct err *e)
{
    const struct lock k = {key, 0, place_of(a, "keyed", column, row)};
    return (is_sealed(sealed) && sealed.at[1] == 0 && open_with(a, &k, sealed, plain)) ||
           FAIL(e, STORE, column, "存储的密文无法解开：内容被改动或密钥不是它的（%s）。",
                column);
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
