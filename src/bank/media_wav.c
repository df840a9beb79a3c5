/* bank/media_wav.c - WAV: PCM of 8 or 16 bits. Kept: format and samples. */
#include <string.h>

#include "bank/media_container.h"
#include "base/arena.h"

enum { HEAD = 44, PCM = 1, RATE_MAX = 48000 };

static uint32_t le32(const unsigned char *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static void le32_put(unsigned char *p, uint32_t v)
{
    for (int i = 0; i < 4; i++)
        p[i] = (unsigned char)(v >> (8 * i));
}

static unsigned le16(const unsigned char *p)
{
    return p[0] | (unsigned)p[1] << 8;
}

static bool is_wav(struct bytes f)
{
    return f.len >= 12 && memcmp(f.at, "RIFF", 4) == 0 && memcmp(f.at + 8, "WAVE", 4) == 0;
}

/* The chunk of that name, NULL: none. */
static const unsigned char *chunk(struct bytes f, const char *name, uint32_t *len)
{
    size_t at = 12;
    while (f.len - at >= 8) {
        *len = le32(f.at + at + 4);
        if (*len > f.len - at - 8)
            return NULL;
        if (memcmp(f.at + at, name, 4) == 0)
            return f.at + at + 8;
        at += 8 + *len + (*len & 1);
        if (at > f.len)
            return NULL;
    }
    return NULL;
}

static bool format_fits(const unsigned char *fmt, uint32_t len, struct err *e)
{
    if (!fmt || len < 16)
        return media_broken(e);
    unsigned channels = le16(fmt + 2), bits = le16(fmt + 14), frame = le16(fmt + 12);
    uint32_t rate = le32(fmt + 4);
    if (le16(fmt) != PCM || channels < 1 || channels > 2 || (bits != 8 && bits != 16) ||
        rate < 8000 || rate > RATE_MAX)
        return media_unplayed(e, "WAV 须为 8 或 16 位 PCM、一或两个声道");
    return (frame == channels * bits / 8 && le32(fmt + 8) == rate * frame) || media_broken(e);
}

static bool read_wav(struct arena *a, struct bytes f, struct attached *out, struct err *e)
{
    uint32_t fmt_len, len;
    const unsigned char *fmt = chunk(f, "fmt ", &fmt_len);
    if (!format_fits(fmt, fmt_len, e))
        return false;
    const unsigned char *data = chunk(f, "data", &len);
    unsigned frame = le16(fmt + 12);
    if (!data || len < frame)
        return media_broken(e);
    len -= len % frame;
    size_t pad = len & 1;
    unsigned char *p = arena_alloc(a, HEAD + len + pad, 1);
    memcpy(p, "RIFF", 4);
    le32_put(p + 4, (uint32_t)(HEAD - 8 + len + pad));
    memcpy(p + 8, "WAVEfmt ", 8);
    le32_put(p + 16, 16);
    memcpy(p + 20, fmt, 16);
    memcpy(p + 36, "data", 4);
    le32_put(p + 40, len);
    memcpy(p + HEAD, data, len);
    if (pad)
        p[HEAD + len] = 0;
    out->type = "audio/wav";
    out->duration_ms = (int64_t)len * 1000 / le32(fmt + 8);
    out->bytes = (struct bytes){p, HEAD + len + pad};
    return true;
}

const struct media_container media_container_wav = {"wav", is_wav, read_wav};
