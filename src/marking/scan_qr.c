/* marking/scan_qr.c - zbar on the corner of the page where the code was printed. */
#include "marking/scan_qr.h"

#include <string.h>
#include <zbar.h>

#include "base/arena.h"
#include "marking/scan_page.h"

enum { AROUND_MM = 2, MIDDLE = 110 };

static void no_cleanup(zbar_image_t *image)
{
    (void)image; /* the pixels belong to the arena */
}

static const char *decode(struct arena *a, const unsigned char *at, unsigned side)
{
    const char *text = NULL;
    zbar_image_scanner_t *scanner = zbar_image_scanner_create();
    zbar_image_t *image = zbar_image_create();
    zbar_image_scanner_set_config(scanner, ZBAR_NONE, ZBAR_CFG_ENABLE, 0);
    zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_ENABLE, 1);
    zbar_image_set_format(image, zbar_fourcc('Y', '8', '0', '0'));
    zbar_image_set_size(image, side, side);
    zbar_image_set_data(image, at, (unsigned long)side * side, no_cleanup);
    if (zbar_scan_image(scanner, image) > 0) {
        const zbar_symbol_t *s = zbar_image_first_symbol(image);
        const char *data = s ? zbar_symbol_get_data(s) : NULL;
        if (data && strlen(data) <= SCAN_LABEL_MAX)
            text = arena_text(a, data);
    }
    zbar_image_destroy(image);
    zbar_image_scanner_destroy(scanner);
    return text;
}

static int clamp(int v, int most)
{
    return v < 0 ? 0 : v > most ? most : v;
}

/* Pixels doubled with their neighbours between them: a help where modules are few pixels wide. */
static const unsigned char *doubled(struct arena *a, const unsigned char *at, int side)
{
    int to = side * 2;
    unsigned char *out = arena_alloc(a, (size_t)to * (size_t)to, 1);
    for (int y = 0; y < to; y++)
        for (int x = 0; x < to; x++) {
            int x0 = x / 2, y0 = y / 2, x1 = clamp(x0 + x % 2, side - 1),
                y1 = clamp(y0 + y % 2, side - 1);
            out[y * to + x] = (unsigned char)((at[y0 * side + x0] + at[y0 * side + x1] +
                                               at[y1 * side + x0] + at[y1 * side + x1]) /
                                              4);
        }
    return out;
}

static const unsigned char *hardened(struct arena *a, const unsigned char *at, int side)
{
    unsigned char *out = arena_alloc(a, (size_t)side * (size_t)side, 1);
    for (int i = 0; i < side * side; i++)
        out[i] = at[i] < MIDDLE ? 0 : 255;
    return out;
}

const char *scan_qr_read(struct arena *a, const unsigned char *grey)
{
    const int side = ((int)SCAN_QR_SIDE + 2 * AROUND_MM) * SCAN_PX;
    const int left = ((int)SCAN_QR_X - AROUND_MM) * SCAN_PX,
              top = ((int)SCAN_QR_Y - AROUND_MM) * SCAN_PX;
    unsigned char *cut = arena_alloc(a, (size_t)side * (size_t)side, 1);
    for (int y = 0; y < side; y++)
        memcpy(cut + y * side, grey + (top + y) * SCAN_WIDTH + left, (size_t)side);
    const char *text = decode(a, cut, (unsigned)side);
    if (!text)
        text = decode(a, hardened(a, cut, side), (unsigned)side);
    if (!text)
        text = decode(a, doubled(a, cut, side), 2 * (unsigned)side);
    return text;
}
