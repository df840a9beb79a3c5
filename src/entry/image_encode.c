/* entry/image_encode.c - pixels become JPEG or PNG bytes, without anything else in the file. */
#include <assert.h>
#include <setjmp.h>
#include <stdio.h>

#include <jpeglib.h>
#include <png.h>

#include "base/arena.h"
#include "entry/image.h"

struct jpeg_guard {
    struct jpeg_error_mgr manager;
    jmp_buf back;
};

static _Noreturn void jpeg_fails(j_common_ptr c)
{
    longjmp(((struct jpeg_guard *)c->err)->back, 1);
}

bool image_encode_jpeg(struct arena *a, const struct image *im, int quality, struct bytes *out,
                       struct err *e)
{
    struct jpeg_compress_struct c;
    struct jpeg_guard guard;
    /* Room that no picture of this size outgrows, so that the library allocates none of its own. */
    unsigned long room = (unsigned long)(im->width * im->height) * 4 + (1 << 16), len = room;
    unsigned char *const buffer = arena_alloc(a, room, 1);
    unsigned char *at = buffer;
    c.err = jpeg_std_error(&guard.manager);
    guard.manager.error_exit = jpeg_fails;
    if (setjmp(guard.back) != 0) {
        jpeg_destroy_compress(&c);
        return FAIL(e, INVALID, "/photo", "图片无法编码。");
    }
    jpeg_create_compress(&c);
    jpeg_mem_dest(&c, &at, &len);
    c.image_width = (JDIMENSION)im->width;
    c.image_height = (JDIMENSION)im->height;
    c.input_components = 3;
    c.in_color_space = JCS_RGB;
    jpeg_set_defaults(&c);
    jpeg_set_quality(&c, quality, TRUE);
    c.density_unit = 1; /* dots an inch: 295 x 413 at 300 is 25 x 35 mm */
    c.X_density = c.Y_density = 300;
    jpeg_start_compress(&c, TRUE);
    while (c.next_scanline < c.image_height) {
        JSAMPROW row = im->rgb + (size_t)c.next_scanline * (size_t)im->width * 3;
        jpeg_write_scanlines(&c, &row, 1);
    }
    jpeg_finish_compress(&c);
    jpeg_destroy_compress(&c);
    assert(at == buffer);
    *out = (struct bytes){at, len};
    return true;
}

bool image_encode_png(struct arena *a, const struct image *im, struct bytes *out, struct err *e)
{
    png_image p = {.version = PNG_IMAGE_VERSION,
                   .width = (png_uint_32)im->width,
                   .height = (png_uint_32)im->height,
                   .format = PNG_FORMAT_RGB};
    png_alloc_size_t len = PNG_IMAGE_PNG_SIZE_MAX(p);
    unsigned char *at = arena_alloc(a, len, 1);
    bool ok = png_image_write_to_memory(&p, at, &len, 0, im->rgb, 0, NULL);
    png_image_free(&p);
    *out = (struct bytes){at, len};
    return ok || FAIL(e, INVALID, "/photo", "图片无法编码。");
}
