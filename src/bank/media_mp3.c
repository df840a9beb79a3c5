/* bank/media_mp3.c - MP3: the frames, without what tags stand before and behind them. */
#include <string.h>

#include "bank/media_container.h"

enum { ID3_HEAD = 10, ID3_TAIL = 128, REST_MAX = 4096 };

/* kbit/s of layer III, by index; MPEG 1, then MPEG 2 and 2.5. */
static const int bitrates[2][16] = {
    {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0},
    {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0},
};
static const int rates[3] = {44100, 48000, 32000}; /* halved for MPEG 2, again for 2.5 */

struct frame {
    size_t len;
    int rate, samples;
};

/* ISO/IEC 11172-3, 2.4.1.3. */
static bool frame_at(const unsigned char *p, size_t rest, struct frame *out)
{
    if (rest < 4 || p[0] != 0xFF || (p[1] & 0xE0) != 0xE0 || (p[1] >> 1 & 3) != 1)
        return false;
    int version = p[1] >> 3 & 3, low = version != 3; /* 3: MPEG 1, 2: MPEG 2, 0: MPEG 2.5 */
    int kbit = bitrates[low][p[2] >> 4], index = p[2] >> 2 & 3;
    if (version == 1 || kbit == 0 || index == 3)
        return false;
    out->rate = rates[index] >> (version == 3 ? 0 : version == 2 ? 1 : 2);
    out->samples = low ? 576 : 1152;
    out->len = (size_t)(out->samples / 8 * kbit * 1000 / out->rate + (p[2] >> 1 & 1));
    return out->len <= rest;
}

static size_t tag_len(struct bytes f)
{
    if (f.len < ID3_HEAD || memcmp(f.at, "ID3", 3) != 0)
        return 0;
    size_t n = (size_t)(f.at[6] & 0x7F) << 21 | (size_t)(f.at[7] & 0x7F) << 14 |
               (size_t)(f.at[8] & 0x7F) << 7 | (f.at[9] & 0x7F);
    n += ID3_HEAD + (f.at[5] & 0x10 ? ID3_HEAD : 0);
    return n < f.len ? n : f.len;
}

static bool is_mp3(struct bytes f)
{
    struct frame first;
    return (f.len >= 3 && memcmp(f.at, "ID3", 3) == 0) || frame_at(f.at, f.len, &first);
}

struct frames {
    struct frame first;
    int64_t samples;
    size_t end; /* of the last whole one */
};

static bool walk(struct bytes f, size_t at, size_t end, struct frames *out)
{
    struct frame one;
    *out = (struct frames){.end = at};
    while (frame_at(f.at + out->end, end - out->end, &one)) {
        if (out->samples == 0)
            out->first = one;
        if (one.rate != out->first.rate)
            return false;
        out->samples += one.samples;
        out->end += one.len;
    }
    /* A last frame may be cut short; anything more is something else. */
    return out->samples > 0 && end - out->end <= REST_MAX;
}

static bool has_tail(struct bytes f, size_t begin, size_t end)
{
    return end - begin >= ID3_TAIL && memcmp(f.at + end - ID3_TAIL, "TAG", 3) == 0;
}

/* Without a tag at its end; where a frame holds what looks like one, that goes too: taken once more, what
 * was taken is the same. */
static bool read_mp3(struct arena *a, struct bytes f, struct attached *out, struct err *e)
{
    size_t begin = tag_len(f);
    struct frames all = {.end = f.len};
    (void)a;
    do {
        size_t end = all.end - (has_tail(f, begin, all.end) ? ID3_TAIL : 0);
        if (!walk(f, begin, end, &all))
            return media_broken(e);
    } while (has_tail(f, begin, all.end));
    out->type = "audio/mpeg";
    out->duration_ms = all.samples * 1000 / all.first.rate;
    out->bytes = (struct bytes){f.at + begin, all.end - begin};
    return true;
}

const struct media_container media_container_mp3 = {"mp3", is_mp3, read_mp3};
