/* base/pdf_image.c - photographs, drawings and QR codes on a page. */
#include "base/pdf_page.h"

#include <errno.h>
#include <qrencode.h>
#include <string.h>

#include "base/arena.h"

enum { IMAGE_PIXELS_MAX = 25 * 1000 * 1000, QR_QUIET = 4 };

/* Width and height out of the frame header (SOF0 to SOF2) of a JPEG. */
static bool jpeg_size(struct bytes image, int *width, int *height)
{
    size_t i = 2;
    while (i + 9 <= image.len && image.at[i] == 0xFF) {
        unsigned marker = image.at[i + 1];
        if (marker == 0xFF) { /* fill byte */
            i++;
            continue;
        }
        if (marker >= 0xC0 && marker <= 0xC2) {
            *height = be16_get(image.at + i + 5);
            *width = be16_get(image.at + i + 7);
            return *width > 0 && *height > 0;
        }
        if (marker == 0xD9 || marker == 0xDA)
            return false;
        i += 2 + (size_t)be16_get(image.at + i + 2);
    }
    return false;
}

static cairo_surface_t *jpeg_surface(struct pdf *p, struct bytes image)
{
    int width, height;
    if (!jpeg_size(image, &width, &height) || (int64_t)width * height > IMAGE_PIXELS_MAX)
        return NULL;
    /* The pixels stay white: the PDF carries the JPEG bytes themselves. */
    cairo_surface_t *s = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
    unsigned char *copy = arena_copy(p->arena, image.at, image.len);
    if (cairo_surface_set_mime_data(s, CAIRO_MIME_TYPE_JPEG, copy, image.len, NULL, NULL) !=
        CAIRO_STATUS_SUCCESS) {
        cairo_surface_destroy(s);
        return NULL;
    }
    return s;
}

static cairo_status_t give_bytes(void *ctx, unsigned char *to, unsigned len)
{
    struct bytes *left = ctx;
    if (left->len < len)
        return CAIRO_STATUS_READ_ERROR;
    memcpy(to, left->at, len);
    left->at += len;
    left->len -= len;
    return CAIRO_STATUS_SUCCESS;
}

static cairo_surface_t *png_surface(struct bytes image)
{
    /* IHDR stands first, at fixed places. */
    if (image.len < 24 ||
        (uint64_t)be32_get(image.at + 16) * be32_get(image.at + 20) > IMAGE_PIXELS_MAX)
        return NULL;
    cairo_surface_t *s = cairo_image_surface_create_from_png_stream(give_bytes, &image);
    if (cairo_surface_status(s) != CAIRO_STATUS_SUCCESS) {
        cairo_surface_destroy(s);
        return NULL;
    }
    return s;
}

static cairo_surface_t *surface_of(struct pdf *p, struct bytes image)
{
    if (image.len > 4 && memcmp(image.at, "\xFF\xD8\xFF", 3) == 0)
        return jpeg_surface(p, image);
    if (image.len > 8 && memcmp(image.at, "\x89PNG\r\n\x1A\n", 8) == 0)
        return png_surface(image);
    return NULL;
}

bool pdf_image(struct pdf *p, struct pdf_box b, struct bytes image, struct err *e)
{
    cairo_surface_t *s = surface_of(p, image);
    if (!s)
        return FAIL(e, INVALID, "image", "图片不是可读的 JPEG 或 PNG。");
    double width = cairo_image_surface_get_width(s), height = cairo_image_surface_get_height(s);
    double scale = b.width / width < b.height / height ? b.width / width : b.height / height;
    cairo_save(p->cr);
    cairo_translate(p->cr, b.x + (b.width - width * scale) / 2,
                    b.y + (b.height - height * scale) / 2);
    cairo_scale(p->cr, scale, scale);
    cairo_set_source_surface(p->cr, s, 0, 0);
    cairo_paint(p->cr);
    cairo_restore(p->cr);
    cairo_surface_destroy(s);
    return true;
}

bool pdf_qr(struct pdf *p, double x, double y, double size, struct bytes content, struct err *e)
{
    QRcode *qr = QRcode_encodeData((int)content.len, content.at, 0, QR_ECLEVEL_M);
    if (!qr)
        return FAIL(e, INVALID, "qr",
                    errno == ERANGE ? "内容过长，放不进二维码。" : "二维码内容为空或有误。");
    double module = size / (qr->width + 2 * QR_QUIET);
    pdf_fill(p, (struct pdf_box){x, y, size, size}, PDF_WHITE);
    pdf_colour(p, PDF_BLACK);
    for (int row = 0; row < qr->width; row++)
        for (int from = 0; from < qr->width; from++) {
            int to = from; /* a run of dark modules is one rectangle */
            while (to < qr->width && (qr->data[row * qr->width + to] & 1))
                to++;
            if (to > from)
                cairo_rectangle(p->cr, x + (from + QR_QUIET) * module,
                                y + (row + QR_QUIET) * module, (to - from) * module, module);
            from = to;
        }
    cairo_fill(p->cr);
    QRcode_free(qr);
    return true;
}
