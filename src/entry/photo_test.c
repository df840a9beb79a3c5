/* entry/photo_test.c - photos that do and photos that do not, drawn here. */
#include "entry/photo.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "entry/image.h"
#include "test/check.h"

/* A head and shoulders with hair-fine structure: what a camera sees, seed and all. */
static struct image portrait(struct arena *a, int64_t w, int64_t h, int ground)
{
    struct image im = {arena_alloc(a, (size_t)(w * h), 3), w, h, w, h};
    uint32_t seed = 12345;
    for (int64_t y = 0; y < h; y++)
        for (int64_t x = 0; x < w; x++) {
            double u = (double)x / (double)w - 0.5, v = (double)y / (double)h;
            bool face = u * u / 0.06 + (v - 0.42) * (v - 0.42) / 0.06 < 1;
            bool body = v > 0.75 && fabs(u) < 0.42;
            seed = seed * 1664525u + 1013904223u;
            int grain = (int)(seed >> 28) - 8;
            int hair = (int)(40 * sin(u * 190) * sin(v * 230));
            unsigned char *p = im.rgb + (y * w + x) * 3;
            int base = face ? 150 + hair : body ? 60 + hair / 2 : ground;
            for (int c = 0; c < 3; c++) {
                int value = base + (face || body ? grain : 0) - (face ? c * 20 : 0);
                p[c] = (unsigned char)(value < 0 ? 0 : value > 255 ? 255 : value);
            }
        }
    return im;
}

/* Bilinear, as a careless program enlarges. */
static struct image enlarged(struct arena *a, const struct image *im, int64_t w, int64_t h)
{
    struct image out = {arena_alloc(a, (size_t)(w * h), 3), w, h, w, h};
    for (int64_t y = 0; y < h; y++)
        for (int64_t x = 0; x < w; x++) {
            double sx = (double)x * (double)(im->width - 1) / (double)(w - 1);
            double sy = (double)y * (double)(im->height - 1) / (double)(h - 1);
            int64_t x0 = (int64_t)sx, y0 = (int64_t)sy;
            int64_t x1 = x0 + (x0 + 1 < im->width), y1 = y0 + (y0 + 1 < im->height);
            double fx = sx - (double)x0, fy = sy - (double)y0;
            for (int c = 0; c < 3; c++) {
                const unsigned char *p = im->rgb;
                double top = p[(y0 * im->width + x0) * 3 + c] * (1 - fx) +
                             p[(y0 * im->width + x1) * 3 + c] * fx;
                double low = p[(y1 * im->width + x0) * 3 + c] * (1 - fx) +
                             p[(y1 * im->width + x1) * 3 + c] * fx;
                out.rgb[(y * w + x) * 3 + c] = (unsigned char)(top * (1 - fy) + low * fy + 0.5);
            }
        }
    return out;
}

static bool has(const struct photo *p, const char *code)
{
    for (size_t i = 0; i < p->finding_count; i++)
        if (strcmp(p->findings[i].code, code) == 0)
            return true;
    return false;
}

static struct bytes as_jpeg(struct arena *a, const struct image *im, int quality)
{
    struct err e = {0};
    struct bytes out;
    CHECK_OK("jpeg", image_encode_jpeg(a, im, quality, &out, &e), &e);
    return out;
}

static struct bytes as_png(struct arena *a, const struct image *im)
{
    struct err e = {0};
    struct bytes out;
    CHECK_OK("png", image_encode_png(a, im, &out, &e), &e);
    return out;
}

static void check_master(struct arena *a, const char *what, const struct photo *p)
{
    struct err e = {0};
    struct image im;
    CHECK(what, !p->refused);
    CHECK_OK(what, image_decode(a, p->jpeg, (struct size){0, 0}, &im, &e), &e);
    CHECK_INT(what, im.width, PHOTO_WIDTH);
    CHECK_INT(what, im.height, PHOTO_HEIGHT);
}

void photo_findings_test(void)
{
    static const struct {
        const char *what;
        int64_t width, height, small_width;
        int ground;
        const char *finding; /* NULL = none; "?soft": seen, but not refused */
    } cases[] = {
        {"the master's own size", 295, 413, 0, 255, NULL},
        {"twice", 590, 826, 0, 255, NULL},
        {"a camera's", 1500, 2100, 0, 253, NULL},
        {"two pixels off the ratio", 590, 830, 0, 250, NULL},
        {"two inches", 413, 579, 0, 250, NULL},
        {"too small", 200, 280, 0, 255, "too_small"},
        {"one pixel short", 294, 412, 0, 255, "too_small"},
        {"landscape", 826, 590, 0, 255, "ratio"},
        {"square", 600, 600, 0, 255, "ratio"},
        {"blue ground", 590, 826, 0, -1, "background"},
        {"grey ground", 590, 826, 0, 200, "background"},
        {"doubtful ground is for the registrar", 590, 826, 0, 230, "?background"},
        {"enlarged six times, shown at half", 590, 826, 98, 255, "upscaled"},
        {"enlarged three times", 295, 413, 98, 255, "upscaled"},
        {"enlarged twice is for the registrar", 295, 413, 148, 255, "?soft"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (int png = 0; png < 2; png++) {
            struct arena *a = arena_create(256 << 20);
            struct err e = {0};
            struct photo p;
            int64_t small = cases[i].small_width;
            int ground = cases[i].ground < 0 ? 255 : cases[i].ground;
            struct image im = small ? portrait(a, small, small * 7 / 5, ground)
                                    : portrait(a, cases[i].width, cases[i].height, ground);
            if (small)
                im = enlarged(a, &im, cases[i].width, cases[i].height);
            for (int64_t k = 0; cases[i].ground < 0 && k < im.width * im.height; k++)
                if (im.rgb[3 * k] == 255)
                    im.rgb[3 * k] = 60; /* blue */
            struct bytes file = png ? as_png(a, &im) : as_jpeg(a, &im, 90);
            CHECK_OK(cases[i].what, photo_check(a, NULL, file, &p, &e), &e);
            const char *finding = cases[i].finding;
            if (finding)
                CHECK(cases[i].what, has(&p, finding + (*finding == '?')));
            if (finding && *finding != '?')
                CHECK(cases[i].what, p.refused && p.jpeg.len == 0);
            else
                check_master(a, cases[i].what, &p);
            arena_destroy(a);
        }
    }
}

void photo_hostile_test(void)
{
    struct arena *a = arena_create(256 << 20);
    struct image im = portrait(a, 300, 420, 255);
    struct bytes png = as_png(a, &im), jpeg = as_jpeg(a, &im, 90);
    unsigned char *lies = arena_copy(a, png.at, png.len);
    memset(lies + 16, 0, 8);
    lies[17] = 1;
    lies[18] = lies[19] = lies[22] = lies[23] = 0xff; /* 131071 x 65535, CRC wrong besides */
    const struct {
        const char *what;
        struct bytes file;
        enum err_code code;
    } cases[] = {
        {"empty", {(const unsigned char *)"", 0}, ERR_MEDIA},
        {"text", {(const unsigned char *)"GIF89a------", 12}, ERR_MEDIA},
        {"PNG without content", {png.at, 8}, ERR_INVALID},
        {"PNG cut", {png.at, png.len / 2}, ERR_INVALID},
        {"PNG that lies about its size", {lies, png.len}, ERR_INVALID},
        {"JPEG cut", {jpeg.at, jpeg.len / 2}, ERR_INVALID},
        {"JPEG of three bytes", {jpeg.at, 3}, ERR_INVALID},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err e = {0};
        struct photo p;
        CHECK(cases[i].what, !photo_check(a, NULL, cases[i].file, &p, &e));
        CHECK_INT(cases[i].what, e.code, cases[i].code);
        CHECK_TEXT(cases[i].what, e.field, "/photo");
    }
    arena_destroy(a);
}

/* A header that promises 60,000 x 60,000 pixels is refused before a byte is decoded (S31). */
void photo_too_many_pixels_test(void)
{
    struct arena *a = arena_create(256 << 20);
    struct err e = {0};
    struct photo p;
    struct image im = portrait(a, 300, 420, 255);
    struct bytes jpeg = as_jpeg(a, &im, 90);
    unsigned char *big = arena_copy(a, jpeg.at, jpeg.len);
    for (size_t i = 0; i + 9 < jpeg.len; i++)
        if (big[i] == 0xff && big[i + 1] == 0xc0) { /* start of frame: height, width */
            big[i + 5] = big[i + 7] = 0xea;
            big[i + 6] = big[i + 8] = 0x60;
            break;
        }
    CHECK_REFUSED("60000 x 60000", photo_check(a, NULL, (struct bytes){big, jpeg.len}, &p, &e),
                  &e, TOO_LARGE, "/photo");
    arena_destroy(a);
}

void image_clean_test(void)
{
    struct arena *a = arena_create(256 << 20);
    struct err e = {0};
    struct image im = portrait(a, 300, 420, 255), back;
    struct bytes jpeg = as_jpeg(a, &im, 90), out;
    unsigned char *more = arena_alloc(a, jpeg.len + 40, 1); /* a script behind the picture */
    memcpy(more, jpeg.at, jpeg.len);
    memcpy(more + jpeg.len, "<script>alert(1)</script>", 25);
    CHECK_OK("cleans", image_clean(a, NULL, (struct bytes){more, jpeg.len + 40}, &out, &e), &e);
    CHECK("nothing hides in it", !memmem(out.at, out.len, "<script>", 8));
    CHECK_OK("a picture", image_decode(a, out, (struct size){0, 0}, &back, &e), &e);
    CHECK_INT("as wide", back.width, 300);
    struct bytes png = as_png(a, &im);
    CHECK_OK("png", image_clean(a, NULL, png, &out, &e), &e);
    CHECK_INT("stays png", image_sniff(out), IMAGE_PNG);
    arena_destroy(a);
}

/* ------------------------------------------------------------------ Exif */
/* PICTURE with an Exif segment that says orientation N, in either byte order. */
static struct bytes held(struct arena *a, struct bytes picture, int n, bool little)
{
    unsigned char app1[] = {0xff, 0xe1, 0, 34, 'E', 'x', 'i', 'f', 0, 0,  'M', 'M',
                            0,    '*',  0, 0,  0,   8,   0,   1,   1, 18, 0,   3,
                            0,    0,    0, 1,  0,   0,   0,   0,   0, 0,  0,   0};
    if (little) {
        static const unsigned char tiff[] = {'I', 'I', '*', 0, 8, 0, 0, 0,
                                             1,   0,   18,  1, 3, 0, 1};
        memset(app1 + 10, 0, 26);
        memcpy(app1 + 10, tiff, sizeof tiff);
    }
    app1[little ? 28 : 29] = (unsigned char)n;
    unsigned char *out = arena_alloc(a, picture.len + sizeof app1, 1);
    memcpy(out, picture.at, 2);
    memcpy(out + 2, app1, sizeof app1);
    memcpy(out + 2 + sizeof app1, picture.at + 2, picture.len - 2);
    return (struct bytes){out, picture.len + sizeof app1};
}

/* Four quarters of different grey; the corner that comes first in reading order and the next. */
static struct image quarters(struct arena *a)
{
    struct image im = {arena_alloc(a, (size_t)(40 * 60), 3), 40, 60, 40, 60};
    for (int64_t y = 0; y < 60; y++)
        for (int64_t x = 0; x < 40; x++)
            memset(im.rgb + (y * 40 + x) * 3, 40 + 60 * (int)(x >= 20) + 120 * (int)(y >= 30),
                   3);
    return im;
}

void image_turned_test(void)
{
    /* The quarters of the picture that is seen, in reading order: a = first as stored, ... */
    static const char *const seen[] = {"abcd", "badc", "dcba", "cdab",
                                       "acbd", "cadb", "dbca", "bdac"};
    struct arena *a = arena_create(256 << 20);
    struct image im = quarters(a), back;
    struct bytes plain = as_jpeg(a, &im, 95);
    CHECK_INT("says nothing", image_orientation(plain), 1);
    for (int n = 1; n <= 8; n++)
        for (int little = 0; little < 2; little++) {
            struct err e = {0};
            struct bytes file = held(a, plain, n, little);
            char quarter[5] = "";
            CHECK_INT(seen[n - 1], image_orientation(file), n);
            CHECK_OK(seen[n - 1], image_decode(a, file, (struct size){0, 0}, &back, &e), &e);
            CHECK_INT(seen[n - 1], back.width, n >= 5 ? 60 : 40);
            CHECK_INT(seen[n - 1], back.source_height, n >= 5 ? 40 : 60);
            for (int i = 0; i < 4; i++) {
                int64_t x = back.width / 4 + (i % 2) * back.width / 2;
                int64_t y = back.height / 4 + (i / 2) * back.height / 2;
                quarter[i] = (char)('a' + (back.rgb[(y * back.width + x) * 3] - 10) / 60);
            }
            CHECK_TEXT("which way up", quarter, seen[n - 1]);
        }
    CHECK_INT("no such orientation", image_orientation(held(a, plain, 9, false)), 1);
    for (size_t len = 0; len < 40; len++)
        CHECK_INT("cut",
                  image_orientation((struct bytes){held(a, plain, 6, true).at, len}) == 6,
                  len >= 38);
    /* What is kept of a proof carries no Exif: its pixels themselves lie right. */
    struct err e = {0};
    struct bytes clean;
    CHECK_OK("proof", image_clean(a, NULL, held(a, plain, 6, false), &clean, &e), &e);
    CHECK_INT("nothing left to turn", image_orientation(clean), 1);
    CHECK_OK("opens", image_decode(a, clean, (struct size){0, 0}, &back, &e), &e);
    CHECK_INT("turned", back.width, 60);
    arena_destroy(a);
}
