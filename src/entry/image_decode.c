/* entry/image_decode.c - JPEG and PNG bytes become pixels; nothing is believed but the decoder. */
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <jerror.h>
#include <jpeglib.h>
#include <png.h>

#include "base/arena.h"
#include "entry/image.h"
#include "entry/photo.h"

enum image_kind image_sniff(struct bytes file)
{
    static const unsigned char png[8] = {0x89, 'P', 'N', 'G', 0x0d, 0x0a, 0x1a, 0x0a};
    static const unsigned char jpeg[3] = {0xff, 0xd8, 0xff};
    if (file.len >= sizeof png && memcmp(file.at, png, sizeof png) == 0)
        return IMAGE_PNG;
    if (file.len >= sizeof jpeg && memcmp(file.at, jpeg, sizeof jpeg) == 0)
        return IMAGE_JPEG;
    return IMAGE_NONE;
}

const char *image_media_type(enum image_kind k)
{
    return k == IMAGE_PNG ? "image/png" : k == IMAGE_JPEG ? "image/jpeg" : NULL;
}

static bool check_pixels(int64_t width, int64_t height, struct err *e)
{
    return (width > 0 && height > 0 && width <= PHOTO_PIXELS_MAX / height) ||
           FAIL(e, TOO_LARGE, "/photo", "图片像素过多（不超过 5000 万像素）。");
}

/* ------------------------------------------------------------------ JPEG */
struct jpeg_guard {
    struct jpeg_error_mgr manager;
    jmp_buf back;
};

static _Noreturn void jpeg_fails(j_common_ptr c)
{
    longjmp(((struct jpeg_guard *)c->err)->back, 1);
}

static void jpeg_is_silent(j_common_ptr c)
{
    (void)c;
}

/* Cameras write odd bytes between markers; but data that ends early is a broken picture. */
static void jpeg_warns(j_common_ptr c, int level)
{
    int code = c->err->msg_code;
    if (level < 0 && (code == JWRN_JPEG_EOF || code == JWRN_HIT_MARKER))
        jpeg_fails(c);
}

static unsigned scale_for(const struct jpeg_decompress_struct *d, struct size least)
{
    unsigned by = 1;
    while (least.width > 0 && by < 8 && d->image_width / (by * 2) >= 2 * least.width &&
           d->image_height / (by * 2) >= 2 * least.height)
        by *= 2;
    return by;
}

static void jpeg_rows(struct jpeg_decompress_struct *d, struct image *out)
{
    while (d->output_scanline < d->output_height) {
        JSAMPROW row = out->rgb + (size_t)d->output_scanline * (size_t)out->width * 3;
        jpeg_read_scanlines(d, &row, 1);
    }
}

/* CMYK pictures are refused by libjpeg's own "unsupported conversion". */
static bool decode_jpeg(struct arena *a, struct bytes file, struct size least,
                        struct image *out, struct err *e)
{
    struct jpeg_decompress_struct d = {0};
    struct jpeg_guard guard;
    volatile bool ok = false;
    d.err = jpeg_std_error(&guard.manager);
    guard.manager.error_exit = jpeg_fails;
    guard.manager.output_message = jpeg_is_silent;
    guard.manager.emit_message = jpeg_warns;
    if (setjmp(guard.back) != 0) {
        FAIL(e, INVALID, "/photo", "图片已损坏，无法打开。");
        goto done;
    }
    jpeg_create_decompress(&d);
    jpeg_mem_src(&d, file.at, file.len);
    jpeg_read_header(&d, TRUE);
    if (!check_pixels(d.image_width, d.image_height, e))
        goto done;
    d.out_color_space = JCS_RGB;
    d.scale_num = 1;
    const int orientation = image_orientation(file);
    if (image_lies_on_its_side(orientation))
        least = (struct size){least.height, least.width};
    d.scale_denom = scale_for(&d, least);
    jpeg_start_decompress(&d);
    *out = (struct image){NULL, d.output_width, d.output_height, d.image_width, d.image_height};
    out->rgb = arena_alloc(a, (size_t)(out->width * out->height), 3);
    jpeg_rows(&d, out);
    jpeg_finish_decompress(&d);
    image_turn(a, orientation, out);
    ok = true;
done:
    jpeg_destroy_decompress(&d);
    return ok;
}

/* ------------------------------------------------------------------ PNG */
static bool decode_png(struct arena *a, struct bytes file, struct image *out, struct err *e)
{
    png_image p = {.version = PNG_IMAGE_VERSION};
    const png_color white = {255, 255, 255}; /* what is transparent lies on white */
    bool ok = png_image_begin_read_from_memory(&p, file.at, file.len);
    if (ok && !check_pixels(p.width, p.height, e)) {
        png_image_free(&p);
        return false;
    }
    if (ok) {
        p.format = PNG_FORMAT_RGB;
        *out = (struct image){NULL, p.width, p.height, p.width, p.height};
        out->rgb = arena_alloc(a, (size_t)(out->width * out->height), 3);
        ok = png_image_finish_read(&p, &white, out->rgb, 0, NULL);
    }
    png_image_free(&p);
    return ok || FAIL(e, INVALID, "/photo", "图片已损坏，无法打开。");
}

bool image_decode(struct arena *a, struct bytes file, struct size least, struct image *out,
                  struct err *e)
{
    switch (image_sniff(file)) {
    case IMAGE_JPEG:
        return decode_jpeg(a, file, least, out, e);
    case IMAGE_PNG:
        return decode_png(a, file, out, e);
    case IMAGE_NONE:
        break;
    }
    return FAIL(e, MEDIA, "/photo", "只接受 JPEG 或 PNG 图片。");
}
