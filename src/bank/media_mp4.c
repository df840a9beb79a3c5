/* bank/media_mp4.c - MP4 and M4A (ISO/IEC 14496-12): H.264 and AAC, one track each, tags blanked. */
#include <string.h>

#include "bank/media_container.h"
#include "base/arena.h"

enum {
    BOX_HEAD = 8,
    DEPTH_MAX = 8,
    VISUAL_ENTRY = 78, /* of a sample entry, before the boxes in it */
    SOUND_ENTRY = 28,
    AAC = 0x40
};

#define NAME(a, b, c, d) ((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | (d))

struct box {
    uint32_t name;
    unsigned char *at; /* its content */
    size_t len;
};

struct looking {
    int films, sounds, data;
    int64_t width, height, duration_ms;
    uint32_t handler; /* of the track that is read */
};

/* The box at *AT of P..P+LEN; *AT then stands behind it. */
static bool next_box(unsigned char *p, size_t len, size_t *at, struct box *out)
{
    size_t rest = len - *at, head = BOX_HEAD;
    if (rest < BOX_HEAD)
        return false;
    uint64_t size = be32_get(p + *at);
    out->name = be32_get(p + *at + 4);
    if (size == 1 && rest >= 16) {
        size = be64_get(p + *at + 8);
        head = 16;
    } else if (size == 0) {
        size = rest;
    }
    if (size < head || size > rest)
        return false;
    out->at = p + *at + head;
    out->len = (size_t)size - head;
    *at += (size_t)size;
    return true;
}

static bool is_mp4(struct bytes f)
{
    return f.len >= 12 && memcmp(f.at + 4, "ftyp", 4) == 0;
}

static int64_t in_ms(uint64_t duration, uint32_t scale)
{
    return scale == 0 || duration > (uint64_t)INT64_MAX / 1000
               ? -1
               : (int64_t)(duration * 1000 / scale);
}

/* mvhd and mdhd say a time scale and a duration, in 32 or 64 bits. */
static bool read_duration(const struct box *b, struct looking *l)
{
    bool wide = b->len > 0 && b->at[0] == 1;
    if (b->len < (wide ? 32u : 20u))
        return false;
    int64_t ms = wide ? in_ms(be64_get(b->at + 24), be32_get(b->at + 20))
                      : in_ms(be32_get(b->at + 16), be32_get(b->at + 12));
    if (ms > l->duration_ms)
        l->duration_ms = ms;
    return ms >= 0;
}

/* The length of a descriptor in esds: seven bits a byte. */
static bool descriptor(const unsigned char *p, size_t len, size_t *at, unsigned tag)
{
    if (*at >= len || p[(*at)++] != tag)
        return false;
    for (int i = 0; i < 4 && *at < len; i++)
        if (!(p[(*at)++] & 0x80))
            return true;
    return false;
}

static bool is_aac(unsigned char *entry, size_t len)
{
    struct box b;
    size_t at = SOUND_ENTRY, d = 4;
    while (at < len && next_box(entry, len, &at, &b)) {
        if (b.name != NAME('e', 's', 'd', 's'))
            continue;
        if (!descriptor(b.at, b.len, &d, 3) || b.len - d < 3)
            return false;
        d += 3; /* its number and flags; dependent streams are none of ours */
        return descriptor(b.at, b.len, &d, 4) && d < b.len && b.at[d] == AAC;
    }
    return false;
}

static bool read_entries(const struct box *stsd, struct looking *l, struct err *e)
{
    struct box entry;
    size_t at = 8;
    if (stsd->len < 8 || be32_get(stsd->at + 4) != 1 ||
        !next_box(stsd->at, stsd->len, &at, &entry))
        return media_broken(e);
    if (l->handler == NAME('v', 'i', 'd', 'e')) {
        if (entry.name != NAME('a', 'v', 'c', '1') && entry.name != NAME('a', 'v', 'c', '3'))
            return media_unplayed(e, "MP4 的画面须为 H.264");
        if (entry.len < VISUAL_ENTRY)
            return media_broken(e);
        l->films++;
        l->width = be16_get(entry.at + 24);
        l->height = be16_get(entry.at + 26);
        return true;
    }
    if (l->handler != NAME('s', 'o', 'u', 'n'))
        return media_unplayed(e, "MP4 中只能有一路画面和一路声音");
    l->sounds++;
    return (entry.name == NAME('m', 'p', '4', 'a') && is_aac(entry.at, entry.len)) ||
           media_unplayed(e, "MP4 的声音须为 AAC");
}

/* What is neither sound nor picture becomes free space: the places of the samples stay what they are. */
static bool is_tag(uint32_t name)
{
    return name == NAME('u', 'd', 't', 'a') || name == NAME('m', 'e', 't', 'a') ||
           name == NAME('u', 'u', 'i', 'd') || name == NAME('f', 'r', 'e', 'e') ||
           name == NAME('s', 'k', 'i', 'p');
}

static void blank(struct box *b, unsigned char *name)
{
    memcpy(name, "free", 4);
    memset(b->at, 0, b->len);
}

static bool holds_boxes(uint32_t name)
{
    return name == NAME('m', 'o', 'o', 'v') || name == NAME('t', 'r', 'a', 'k') ||
           name == NAME('m', 'd', 'i', 'a') || name == NAME('m', 'i', 'n', 'f') ||
           name == NAME('s', 't', 'b', 'l');
}

static bool walk(unsigned char *p, size_t len, int depth, struct looking *l, struct err *e);

static bool one_box(struct box *b, unsigned char *name, int depth, struct looking *l,
                    struct err *e)
{
    if (is_tag(b->name)) {
        blank(b, name);
        return true;
    }
    if (b->name == NAME('m', 'o', 'o', 'f') || b->name == NAME('m', 'v', 'e', 'x'))
        return media_unplayed(e, "不接受分段的 MP4，请重新导出");
    if (b->name == NAME('m', 'd', 'a', 't'))
        l->data++;
    if (b->name == NAME('h', 'd', 'l', 'r')) {
        if (b->len < 24)
            return media_broken(e);
        l->handler = be32_get(b->at + 8);
        memset(b->at + 24, 0, b->len - 24); /* the name of who made it */
    }
    if ((b->name == NAME('m', 'v', 'h', 'd') || b->name == NAME('m', 'd', 'h', 'd')) &&
        !read_duration(b, l))
        return media_broken(e);
    if (b->name == NAME('s', 't', 's', 'd'))
        return read_entries(b, l, e);
    return !holds_boxes(b->name) || walk(b->at, b->len, depth + 1, l, e);
}

static bool walk(unsigned char *p, size_t len, int depth, struct looking *l, struct err *e)
{
    struct box b;
    size_t at = 0;
    if (depth > DEPTH_MAX)
        return media_broken(e);
    while (at < len) {
        unsigned char *name = p + at + 4;
        if (!next_box(p, len, &at, &b))
            return media_broken(e);
        if (!one_box(&b, name, depth, l, e))
            return false;
    }
    return true;
}

static bool read_mp4(struct arena *a, struct bytes f, struct attached *out, struct err *e)
{
    unsigned char *p = arena_copy(a, f.at, f.len);
    struct looking l = {0};
    if (!walk(p, f.len, 0, &l, e))
        return false;
    if (l.films > 1 || l.sounds > 1)
        return media_unplayed(e, "MP4 中只能有一路画面和一路声音");
    if (l.data == 0 || l.films + l.sounds == 0)
        return media_broken(e);
    out->type = l.films ? "video/mp4" : "audio/mp4";
    out->width = l.width;
    out->height = l.height;
    out->duration_ms = l.duration_ms;
    out->bytes = (struct bytes){p, f.len};
    return true;
}

const struct media_container media_container_mp4 = {"mp4", is_mp4, read_mp4};
