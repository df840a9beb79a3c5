/* bank/media_ogg.c - Opus in Ogg (RFC 7845), its comments blanked. */
#include <string.h>

#include "bank/media_container.h"
#include "base/arena.h"

enum { PAGE_HEAD = 27, BEGINS = 2, ENDS = 4, CRC_AT = 22, TAGS_MIN = 16, OPUS_KHZ = 48 };

struct page {
    size_t len, body; /* of the whole page; where its body begins */
    size_t first; /* length of its first packet; one that goes on in the next page: SIZE_MAX */
    unsigned flags;
    uint64_t granule;
    uint32_t serial;
};

static uint64_t little(const unsigned char *p, int n)
{
    uint64_t v = 0;
    for (int i = n; i-- > 0;)
        v = v << 8 | p[i];
    return v;
}

static void little_put(unsigned char *p, int n, uint64_t v)
{
    for (int i = 0; i < n; i++)
        p[i] = (unsigned char)(v >> (8 * i));
}

/* RFC 3533: polynomial 0x04c11db7, not reflected, the field itself as zeros. */
static uint32_t crc_of(const unsigned char *p, size_t len)
{
    uint32_t crc = 0;
    for (size_t i = 0; i < len; i++) {
        crc ^= (uint32_t)(i >= CRC_AT && i < CRC_AT + 4 ? 0 : p[i]) << 24;
        for (int bit = 0; bit < 8; bit++)
            crc = crc << 1 ^ (crc & 0x80000000u ? 0x04c11db7u : 0);
    }
    return crc;
}

static bool page_at(const unsigned char *p, size_t rest, struct page *out)
{
    if (rest < PAGE_HEAD || memcmp(p, "OggS", 5) != 0)
        return false;
    size_t segments = p[26], sum = 0;
    if (rest < PAGE_HEAD + segments)
        return false;
    out->first = SIZE_MAX;
    for (size_t i = 0; i < segments; i++) {
        sum += p[PAGE_HEAD + i];
        if (out->first == SIZE_MAX && p[PAGE_HEAD + i] < 255)
            out->first = sum;
    }
    out->body = PAGE_HEAD + segments;
    out->len = out->body + sum;
    out->flags = p[5];
    out->granule = little(p + 6, 8);
    out->serial = (uint32_t)little(p + 14, 4);
    return out->len <= rest && crc_of(p, out->len) == little(p + CRC_AT, 4);
}

static bool is_ogg(struct bytes f)
{
    return f.len >= 4 && memcmp(f.at, "OggS", 4) == 0;
}

/* The comment packet with a vendor of blanks as long as all it said. */
static bool blank_tags(unsigned char *page, const struct page *is, struct err *e)
{
    unsigned char *tags = page + is->body;
    if (is->first == SIZE_MAX || is->first < TAGS_MIN || is->body + is->first != is->len ||
        memcmp(tags, "OpusTags", 8) != 0)
        return media_unplayed(e, "Ogg 文件带有过长的说明（如封面图）");
    little_put(tags + 8, 4, is->first - TAGS_MIN);
    memset(tags + 12, ' ', is->first - TAGS_MIN);
    memset(tags + is->first - 4, 0, 4);
    little_put(page + CRC_AT, 4, crc_of(page, is->len));
    return true;
}

static bool read_ogg(struct arena *a, struct bytes f, struct attached *out, struct err *e)
{
    unsigned char *p = arena_copy(a, f.at, f.len);
    struct page first, one = {0};
    uint64_t last = 0;
    size_t at, pages = 1;
    if (!page_at(p, f.len, &first) || !(first.flags & BEGINS))
        return media_broken(e);
    const unsigned char *head = p + first.body;
    if (first.first == SIZE_MAX || first.first < 19 || memcmp(head, "OpusHead", 8) != 0)
        return media_unplayed(e, "Ogg 中只接受 Opus");
    uint64_t skipped = little(head + 10, 2);
    for (at = first.len; at < f.len; at += one.len, pages++) {
        if (!page_at(p + at, f.len - at, &one) || one.serial != first.serial)
            return media_broken(e);
        if (pages == 1 && !blank_tags(p + at, &one, e))
            return false;
        if (one.granule != UINT64_MAX)
            last = one.granule;
    }
    if (pages < 3 || !(one.flags & ENDS) || last <= skipped ||
        last - skipped > (uint64_t)INT32_MAX * OPUS_KHZ)
        return media_broken(e);
    out->type = "audio/ogg";
    out->duration_ms = (int64_t)((last - skipped) / OPUS_KHZ);
    out->bytes = (struct bytes){p, f.len};
    return true;
}

const struct media_container media_container_ogg = {"ogg", is_ogg, read_ogg};
