/* entry/image_turn.c - which way up a camera says its picture is (Exif, tag 0x0112), and turning
 * the pixels so. What is kept afterwards has no Exif any more, so it has to lie right itself. */
#include <string.h>

#include "base/arena.h"
#include "entry/image.h"

enum { ORIENTATION_TAG = 0x0112, TYPE_SHORT = 3, ENTRY_BYTES = 12 };

struct tiff {
    struct bytes b;
    bool little;
};

static unsigned at16(const struct tiff *t, size_t at)
{
    const unsigned char *p = t->b.at + at;
    return t->little ? p[0] | (unsigned)p[1] << 8 : (unsigned)p[0] << 8 | p[1];
}

static size_t at32(const struct tiff *t, size_t at)
{
    size_t first = at16(t, at), second = at16(t, at + 2);
    return t->little ? first | second << 16 : first << 16 | second;
}

/* The first directory's orientation; 1 where there is none or the bytes are not as they should. */
static int of_tiff(struct bytes b)
{
    if (b.len < 8 || (memcmp(b.at, "II*\0", 4) != 0 && memcmp(b.at, "MM\0*", 4) != 0))
        return 1;
    const struct tiff t = {b, b.at[0] == 'I'};
    size_t at = at32(&t, 4);
    if (at > b.len - 2)
        return 1;
    size_t entries = at16(&t, at);
    for (at += 2; entries > 0 && at <= b.len && b.len - at >= ENTRY_BYTES; entries--) {
        if (at16(&t, at) == ORIENTATION_TAG) {
            unsigned value = at16(&t, at + 8);
            bool known = at16(&t, at + 2) == TYPE_SHORT && value >= 1 && value <= 8;
            return known ? (int)value : 1;
        }
        at += ENTRY_BYTES;
    }
    return 1;
}

int image_orientation(struct bytes jpeg)
{
    enum { MARK = 0xff, APP1 = 0xe1, SCAN = 0xda };
    const unsigned char *p = jpeg.at;
    size_t at = 2;
    while (jpeg.len >= 4 && at <= jpeg.len - 4 && p[at] == MARK && p[at + 1] != SCAN) {
        size_t len = (size_t)p[at + 2] << 8 | p[at + 3]; /* counts its own two bytes */
        if (len < 2 || len > jpeg.len - at - 2)
            break;
        if (p[at + 1] == APP1 && len >= 8 && memcmp(p + at + 4, "Exif\0\0", 6) == 0)
            return of_tiff((struct bytes){p + at + 10, len - 8});
        at += 2 + len;
    }
    return 1;
}

bool image_lies_on_its_side(int orientation)
{
    return orientation >= 5;
}

/* Exif's eight cases are: swap the axes (5 to 8), then mirror left-right, then upside down. */
void image_turn(struct arena *a, int orientation, struct image *im)
{
    static const struct {
        bool swap, mirror, flip; /* of the picture that comes out */
    } ways[9] = {
        {0},
        {0},
        {.mirror = true},
        {.mirror = true, .flip = true},
        {.flip = true},
        {.swap = true},
        {.swap = true, .mirror = true},
        {.swap = true, .mirror = true, .flip = true},
        {.swap = true, .flip = true},
    };
    if (orientation < 2 || orientation > 8)
        return;
    bool swap = ways[orientation].swap;
    struct image out = {.width = swap ? im->height : im->width,
                        .height = swap ? im->width : im->height,
                        .source_width = swap ? im->source_height : im->source_width,
                        .source_height = swap ? im->source_width : im->source_height};
    out.rgb = arena_alloc(a, (size_t)(out.width * out.height), 3);
    for (int64_t y = 0; y < out.height; y++)
        for (int64_t x = 0; x < out.width; x++) {
            int64_t u = ways[orientation].mirror ? out.width - 1 - x : x;
            int64_t v = ways[orientation].flip ? out.height - 1 - y : y;
            int64_t from = swap ? u * im->width + v : v * im->width + u;
            memcpy(out.rgb + (y * out.width + x) * 3, im->rgb + from * 3, 3);
        }
    *im = out;
}
