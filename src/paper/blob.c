/* paper/blob.c - HNP1: one paper under one key, bound to session, room and number. */
#include "paper/blob.h"

#include <string.h>

#include "base/arena.h"

enum { SUITE_1 = 1, TAG = GCM_TAG_BYTES };

void room_key(unsigned char out[KEY_BYTES], const unsigned char session_key[KEY_BYTES],
              uint32_t room, uint32_t revision)
{
    key_derive(out, session_key, KEY_ROOM, (uint64_t)room * 65536 + revision);
}

void paper_key(unsigned char out[KEY_BYTES], const unsigned char parent[KEY_BYTES],
               uint32_t index)
{
    key_derive(out, parent, KEY_PAPER, index);
}

static void add_be32(struct hash_state *h, uint32_t v)
{
    unsigned char bytes[4];
    be32_put(bytes, v);
    hash_add(h, bytes, sizeof bytes);
}

void paper_key_commitment(unsigned char out[HASH_BYTES], struct id session, uint32_t room,
                          uint32_t index, const unsigned char key[KEY_BYTES])
{
    static const char type[20] = "heng/paper-key/1"; /* zero-padded to 20 */
    struct hash_state h;
    hash_begin(&h);
    hash_add(&h, type, sizeof type);
    hash_add(&h, session.bytes, ID_BYTES);
    add_be32(&h, room);
    add_be32(&h, index);
    hash_add(&h, key, KEY_BYTES);
    hash_end(&h, out);
}

void room_key_commitment(unsigned char out[HASH_BYTES], struct id session, uint32_t room,
                         uint32_t revision, const unsigned char key[KEY_BYTES])
{
    static const char type[] = "heng/room-key/1"; /* with its closing zero */
    struct hash_state h;
    hash_begin(&h);
    hash_add(&h, type, sizeof type);
    hash_add(&h, session.bytes, ID_BYTES);
    add_be32(&h, room);
    add_be32(&h, revision);
    hash_add(&h, key, KEY_BYTES);
    hash_end(&h, out);
}

static void write_head(unsigned char out[BLOB_HEADER_BYTES], const struct blob_head *h)
{
    memset(out, 0, BLOB_HEADER_BYTES);
    memcpy(out, "HNP1", 4);
    out[4] = SUITE_1;
    out[5] = (unsigned char)h->flags;
    be16_put(out + 6, BLOB_HEADER_BYTES);
    memcpy(out + 8, h->session.bytes, ID_BYTES);
    memcpy(out + 24, h->paper.bytes, ID_BYTES);
    be32_put(out + 40, h->room);
    be32_put(out + 44, h->index);
    be32_put(out + 48, h->revision);
    memcpy(out + 52, h->nonce, GCM_NONCE_BYTES);
    memcpy(out + 64, h->commitment, HASH_BYTES);
    be64_put(out + 96, h->plain_len);
    be64_put(out + 104, (uint64_t)h->open_at_ms);
}

static size_t padded(size_t len)
{
    return (len + BLOB_PAD_BYTES - 1) / BLOB_PAD_BYTES * BLOB_PAD_BYTES;
}

bool blob_seal(struct arena *a, struct blob_head head, const unsigned char key[KEY_BYTES],
               struct bytes plain, struct bytes *out, struct err *e)
{
    if (plain.len == 0 || plain.len > BLOB_PLAIN_MAX)
        return FAIL(e, TOO_LARGE, "/blob", "一份试卷须为 1 字节至 8 MiB。");
    size_t len = padded(plain.len);
    unsigned char *bytes = arena_array(a, unsigned char, BLOB_HEADER_BYTES + len + TAG);
    unsigned char *text = arena_array(a, unsigned char, len);
    memcpy(text, plain.at, plain.len);
    head.plain_len = plain.len;
    random_bytes(head.nonce, sizeof head.nonce);
    paper_key_commitment(head.commitment, head.session, head.room, head.index, key);
    write_head(bytes, &head);
    gcm_seal(bytes + BLOB_HEADER_BYTES, key, head.nonce, bytes, BLOB_HEADER_BYTES, text, len);
    secret_wipe(text, len);
    *out = (struct bytes){bytes, BLOB_HEADER_BYTES + len + TAG};
    return true;
}

bool blob_head_read(struct bytes blob, struct blob_head *out, struct err *e)
{
    static const unsigned char zeros[16] = {0};
    const unsigned char *b = blob.at;
    if (blob.len < BLOB_HEADER_BYTES + BLOB_PAD_BYTES + TAG || memcmp(b, "HNP1", 4) != 0 ||
        b[4] != SUITE_1 || b[5] > 7 || be16_get(b + 6) != BLOB_HEADER_BYTES ||
        memcmp(b + 112, zeros, sizeof zeros) != 0)
        return FAIL(e, INVALID, "/blob/header", "密封试卷的文件头不对。");
    *out = (struct blob_head){
        .flags = b[5],
        .room = be32_get(b + 40),
        .index = be32_get(b + 44),
        .revision = be32_get(b + 48),
        .plain_len = be64_get(b + 96),
        .open_at_ms = (int64_t)be64_get(b + 104),
    };
    memcpy(out->session.bytes, b + 8, ID_BYTES);
    memcpy(out->paper.bytes, b + 24, ID_BYTES);
    memcpy(out->nonce, b + 52, GCM_NONCE_BYTES);
    memcpy(out->commitment, b + 64, HASH_BYTES);
    return (out->plain_len > 0 && out->plain_len <= BLOB_PLAIN_MAX &&
            blob.len == BLOB_HEADER_BYTES + padded(out->plain_len) + TAG) ||
           FAIL(e, INVALID, "/blob/length", "密封试卷的长度与文件头不符。");
}

static bool is_expected(const struct blob_head *h, const struct blob_head *x, struct err *e)
{
    if (!id_equal(h->session, x->session))
        return FAIL(e, INVALID, "/blob/session", "这份密封试卷不属于本场次。");
    if (!id_equal(h->paper, x->paper))
        return FAIL(e, INVALID, "/blob/paper", "密封试卷的编号不符。");
    if (h->room != x->room)
        return FAIL(e, INVALID, "/blob/room", "密封试卷不属于本考场。");
    if (h->index != x->index)
        return FAIL(e, INVALID, "/blob/index", "密封试卷的序号不符。");
    return h->revision == x->revision ||
           FAIL(e, INVALID, "/blob/revision", "密封试卷的版次不符。");
}

bool blob_open(struct arena *a, struct bytes blob, const unsigned char key[KEY_BYTES],
               const struct blob_head *expected, struct bytes *plain, struct err *e)
{
    struct blob_head h;
    unsigned char commitment[HASH_BYTES];
    if (!blob_head_read(blob, &h, e) || (expected && !is_expected(&h, expected, e)))
        return false;
    paper_key_commitment(commitment, h.session, h.room, h.index, key);
    if (!secret_equal(commitment, h.commitment, HASH_BYTES))
        return FAIL(e, INVALID, "/blob/commitment", "密钥与密封试卷的承诺值不符。");
    size_t len = blob.len - BLOB_HEADER_BYTES;
    unsigned char *text = arena_array(a, unsigned char, len);
    if (!gcm_open(text, key, h.nonce, blob.at, BLOB_HEADER_BYTES, blob.at + BLOB_HEADER_BYTES,
                  len))
        return FAIL(e, INVALID, "/blob/tag", "密封试卷的内容被改动过。");
    for (size_t i = h.plain_len; i < len - TAG; i++)
        if (text[i] != 0)
            return FAIL(e, INVALID, "/blob/padding", "密封试卷的填充不为零。");
    *plain = (struct bytes){text, h.plain_len};
    return true;
}
