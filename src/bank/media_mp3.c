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

static bool read_mp3(struct arena *a, struct bytes f, struct attached *out, struct err *e)
{
    size_t begin = tag_len(f), at = begin, end = f.len;
    int64_t samples = 0;
    struct frame one = {0}, first = {0};
    (void)a;
    if (end - begin >= ID3_TAIL && memcmp(f.at + end - ID3_TAIL, "TAG", 3) == 0)
        end -= ID3_TAIL;
    while (frame_at(f.at + at, end - at, &one)) {
        if (first.rate == 0)
            first = one;
        if (one.rate != first.rate)
            return media_broken(e);
        samples += one.samples;
        at += one.len;
    }
    /* A last frame may be cut short; anything more is something else. */
    if (samples == 0 || end - at > REST_MAX)
        return media_broken(e);
    out->type = "audio/mpeg";
    out->duration_ms = samples * 1000 / first.rate;
    out->bytes = (struct bytes){f.at + begin, at - begin};
    return true;
}

const struct media_container media_container_mp3 = {"mp3", is_mp3, read_mp3};
