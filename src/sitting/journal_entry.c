/* sitting/journal_entry.c - reads and writes the bytes of journal entries and saves. */
#include "sitting/journal_entry.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"

static bool refuse(struct err *e, size_t index, const char *field, const char *sentence)
{
    char at[48];
    snprintf(at, sizeof at, "/body/%zu/%s", index, field);
    return FAIL(e, INVALID, at, "%s", sentence);
}

static bool read_at(struct bytes in, size_t index, struct journal_entry *out, size_t *used,
                    struct err *e)
{
    const unsigned char *p = in.at;
    if (in.len < ENTRY_HEAD_BYTES || memcmp(p, "HNJ1", 4) != 0)
        return refuse(e, index, "magic", "不是日志条目。");
    uint32_t n = be32_get(p + 52);
    if (n > ENTRY_PAYLOAD_MAX || in.len - ENTRY_HEAD_BYTES < n)
        return refuse(e, index, "payload", "日志条目的长度不对。");

    memcpy(out->attempt.bytes, p + 4, ID_BYTES);
    out->epoch = be32_get(p + 20);
    out->seq = be32_get(p + 24);
    out->kind = p[28];
    out->suite = p[29];
    out->item = be16_get(p + 30);
    out->client_ms = (int64_t)be64_get(p + 32);
    out->mono_ms = (int64_t)be64_get(p + 40);
    out->ledger_no = be32_get(p + 48);
    memcpy(out->before, p + 56, HASH_BYTES);
    out->payload = (struct bytes){p + ENTRY_HEAD_BYTES, n};
    out->bytes = (struct bytes){p, ENTRY_HEAD_BYTES + n};
    *used = ENTRY_HEAD_BYTES + n;

    if (out->kind < ENTRY_START || out->kind > ENTRY_SEAL)
        return refuse(e, index, "kind", "没有这种日志条目。");
    if (out->suite != 1)
        return refuse(e, index, "suite", "没有这种密码套件。");
    if (out->epoch == 0 || out->seq == 0)
        return refuse(e, index, "seq", "批次和序号从 1 开始。");
    return true;
}

bool journal_entry_read(struct bytes in, struct journal_entry *out, size_t *used, struct err *e)
{
    return read_at(in, 0, out, used, e);
}

size_t journal_entry_write(const struct journal_entry *in, unsigned char *out)
{
    memcpy(out, "HNJ1", 4);
    memcpy(out + 4, in->attempt.bytes, ID_BYTES);
    be32_put(out + 20, in->epoch);
    be32_put(out + 24, in->seq);
    out[28] = in->kind;
    out[29] = in->suite;
    be16_put(out + 30, in->item);
    be64_put(out + 32, (uint64_t)in->client_ms);
    be64_put(out + 40, (uint64_t)in->mono_ms);
    be32_put(out + 48, in->ledger_no);
    be32_put(out + 52, (uint32_t)in->payload.len);
    memcpy(out + 56, in->before, HASH_BYTES);
    if (in->payload.len)
        memcpy(out + ENTRY_HEAD_BYTES, in->payload.at, in->payload.len);
    return ENTRY_HEAD_BYTES + in->payload.len;
}

/* How many entries the lengths in BODY make, 0 if they do not add up. */
static size_t count_entries(struct bytes body)
{
    size_t count = 0, at = 0;
    while (at < body.len) {
        if (body.len - at < ENTRY_HEAD_BYTES || count == SAVE_ENTRIES_MAX)
            return 0;
        uint32_t n = be32_get(body.at + at + 52);
        if (n > ENTRY_PAYLOAD_MAX || body.len - at - ENTRY_HEAD_BYTES < n)
            return 0;
        at += ENTRY_HEAD_BYTES + n;
        count++;
    }
    return count;
}

static bool follows(const struct journal_entry *x, const struct journal_entry *y, size_t index,
                    struct err *e)
{
    if (!id_equal(x->attempt, y->attempt))
        return refuse(e, index, "attempt", "一次保存只能属于一份作答。");
    if (x->epoch != y->epoch)
        return refuse(e, index, "epoch", "一次保存只能属于一个批次。");
    if (x->seq == UINT32_MAX || y->seq != x->seq + 1)
        return refuse(e, index, "seq", "序号不连续。");
    if (memcmp(x->hash, y->before, HASH_BYTES) != 0)
        return refuse(e, index, "before", "条目与前一条不相连。");
    return true;
}

bool journal_save_read(struct arena *a, struct bytes body, struct journal_save *out,
                       struct err *e)
{
    if (body.len > SAVE_BYTES_MAX)
        return FAIL(e, TOO_LARGE, "/body", "一次保存不能超过 256 KiB。");
    if (body.len < ENTRY_HEAD_BYTES + TAG_BYTES)
        return FAIL(e, INVALID, "/body", "保存内容太短。");
    struct bytes entries = {body.at, body.len - TAG_BYTES};
    out->count = count_entries(entries);
    if (out->count == 0)
        return FAIL(e, INVALID, "/body", "保存内容的长度不对，或超过 256 条。");
    out->entries = arena_array(a, struct journal_entry, out->count);
    memcpy(out->tag, body.at + entries.len, TAG_BYTES);

    for (size_t i = 0; i < out->count; i++) {
        struct journal_entry *entry = &out->entries[i];
        size_t used = 0;
        if (!read_at(entries, i, entry, &used, e))
            return false;
        hash_of(entry->hash, entry->bytes.at, entry->bytes.len);
        if (i > 0 && !follows(entry - 1, entry, i, e))
            return false;
        entries.at += used;
        entries.len -= used;
    }
    return true;
}

void journal_save_tag(unsigned char out[TAG_BYTES], const unsigned char save_key[KEY_BYTES],
                      const struct journal_save *s)
{
    const struct journal_entry *last = &s->entries[s->count - 1];
    unsigned char head[4 + ID_BYTES + 12 + HASH_BYTES];
    struct tag_state t;
    memcpy(head, "HNT1", 4);
    memcpy(head + 4, last->attempt.bytes, ID_BYTES);
    be32_put(head + 20, last->epoch);
    be32_put(head + 24, s->entries[0].seq);
    be32_put(head + 28, last->seq);
    memcpy(head + 32, last->hash, HASH_BYTES);
    tag_begin(&t, save_key);
    tag_add(&t, head, sizeof head);
    tag_end(&t, out);
}

bool journal_save_tag_is_true(const unsigned char save_key[KEY_BYTES],
                              const struct journal_save *s)
{
    unsigned char want[TAG_BYTES];
    journal_save_tag(want, save_key, s);
    return secret_equal(want, s->tag, TAG_BYTES);
}

void journal_first_before(unsigned char out[HASH_BYTES], struct id attempt, uint32_t epoch,
                          const unsigned char paper_digest[HASH_BYTES],
                          const unsigned char pub_hash[HASH_BYTES],
                          const unsigned char main_head[HASH_BYTES])
{
    struct hash_state h;
    unsigned char n[4];
    be32_put(n, epoch);
    hash_begin(&h);
    hash_add(&h, "heng/journal/1", 15); /* with its zero */
    hash_add(&h, attempt.bytes, ID_BYTES);
    hash_add(&h, n, sizeof n);
    hash_add(&h, paper_digest, HASH_BYTES);
    hash_add(&h, pub_hash, HASH_BYTES);
    hash_add(&h, main_head, HASH_BYTES);
    hash_end(&h, out);
}

void seal_code_write(char out[SEAL_CODE_BYTES], const unsigned char head[HASH_BYTES])
{
    static const char letters[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    char *p = out;
    for (int i = 0; i < 16; i++) {
        if (i > 0 && i % 4 == 0)
            *p++ = '-';
        int bit = i * 5, byte = bit / 8;
        unsigned two = (unsigned)head[byte] << 8 | head[byte + 1];
        *p++ = letters[two >> (11 - bit % 8) & 31];
    }
    *p = '\0';
}
