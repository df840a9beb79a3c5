/* marking/scan_files.c - JPEG, PNG, TIFF and scanners' PDF as grey pictures, by leptonica. */
#include "marking/scan_files.h"

#include <leptonica/allheaders.h>
#include <string.h>

#include "base/arena.h"

enum { KIND_ONE, KIND_TIFF, KIND_PDF, LONG_SIDE_MAX = 3600 };

static const char unreadable[] = "这一页的图片损坏，无法读取。";
static const char too_large[] = "这一页的图片超过 6000 万像素：请用 150 至 300 dpi 扫描。";

static bool begins(struct bytes f, const char *with)
{
    size_t len = strlen(with);
    return f.len >= len && memcmp(f.at, with, len) == 0;
}

bool scan_walk_begin(struct bytes file, struct scan_walk *out, struct err *e)
{
    l_int32 format = IFF_UNKNOWN;
    setMsgSeverity(L_SEVERITY_NONE);
    *out = (struct scan_walk){.file = file};
    if (file.len < 16)
        return FAIL(e, INVALID, "/file", "文件是空的。");
    if (begins(file, "%PDF-")) {
        out->kind = KIND_PDF;
        return true;
    }
    if (findFileFormatBuffer(file.at, &format) != 0)
        format = IFF_UNKNOWN;
    if (L_FORMAT_IS_TIFF(format))
        out->kind = KIND_TIFF;
    else if (format == IFF_JFIF_JPEG || format == IFF_PNG)
        out->kind = KIND_ONE;
    else
        return FAIL(e, INVALID, "/file", "须为 JPEG、PNG、TIFF 图片，或扫描仪生成的 PDF。");
    return true;
}

static void drop(void *pix)
{
    PIX *p = pix;
    pixDestroy(&p);
}

/* As grey bytes, at most LONG_SIDE_MAX long: 300 dpi is enough. */
static void take(struct arena *a, PIX *pix, struct scan_grey *page)
{
    PIX *grey = pixConvertTo8(pix, 0);
    l_int32 w, h;
    *page = (struct scan_grey){NULL, 0, 0};
    pixDestroy(&pix);
    if (!grey)
        return;
    pixGetDimensions(grey, &w, &h, NULL);
    if (w > LONG_SIDE_MAX || h > LONG_SIDE_MAX) {
        l_float32 scale = (l_float32)LONG_SIDE_MAX / (l_float32)(w > h ? w : h);
        PIX *small = pixScale(grey, scale, scale);
        pixDestroy(&grey);
        if (!small)
            return;
        grey = small;
        pixGetDimensions(grey, &w, &h, NULL);
    }
    arena_defer(a, drop, grey);
    unsigned char *at = arena_alloc(a, (size_t)w * (size_t)h, 1);
    const l_uint32 *row = pixGetData(grey);
    for (l_int32 y = 0; y < h; y++, row += pixGetWpl(grey))
        for (l_int32 x = 0; x < w; x++)
            at[(size_t)y * (size_t)w + (size_t)x] = (unsigned char)GET_DATA_BYTE(row, x);
    *page = (struct scan_grey){at, w, h};
}

static bool fits(struct bytes picture, const char **why)
{
    l_int32 format, w = 0, h = 0, bps, spp, map;
    *why = unreadable;
    if (pixReadHeaderMem(picture.at, picture.len, &format, &w, &h, &bps, &spp, &map) != 0 ||
        w < 100 || h < 100)
        return false;
    *why = too_large;
    return (int64_t)w * h <= SCAN_PIXELS_MAX;
}

static void one_picture(struct arena *a, struct bytes picture, struct scan_grey *page,
                        const char **why)
{
    if (!fits(picture, why))
        return;
    PIX *pix = pixReadMem(picture.at, picture.len);
    if (pix)
        take(a, pix, page);
    *why = page->at ? NULL : unreadable;
}

/* Leptonica walks the directory of a TIFF itself: the offset is its own. */
static bool next_of_tiff(struct scan_walk *w, struct arena *a, struct scan_grey *page,
                         const char **why)
{
    size_t offset = w->at;
    PIX *pix = pixReadMemFromMultipageTiff(w->file.at, w->file.len, &offset);
    bool first = w->at == 0;
    w->over = !pix || offset == 0;
    w->at = offset;
    if (!pix)
        return first;
    if ((int64_t)pixGetWidth(pix) * pixGetHeight(pix) > SCAN_PIXELS_MAX) {
        *why = too_large;
        pixDestroy(&pix);
        return true;
    }
    take(a, pix, page);
    *why = page->at ? NULL : unreadable;
    return true;
}

static const unsigned char *find(struct bytes in, size_t from, const char *what)
{
    return from < in.len ? memmem(in.at + from, in.len - from, what, strlen(what)) : NULL;
}

/* Scanners write one JPEG a page; the streams are taken in the order in which they stand. */
static bool next_of_pdf(struct scan_walk *w, struct arena *a, struct scan_grey *page,
                        const char **why)
{
    bool first = w->at == 0;
    for (;;) {
        const unsigned char *stream = find(w->file, w->at, "stream");
        if (!stream)
            break;
        size_t data = (size_t)(stream - w->file.at) + 6;
        while (data < w->file.len && (w->file.at[data] == '\r' || w->file.at[data] == '\n'))
            data++;
        const unsigned char *end = find(w->file, data, "endstream");
        if (!end)
            break;
        struct bytes body = {w->file.at + data, (size_t)(end - w->file.at) - data};
        w->at = (size_t)(end - w->file.at) + 9;
        if (begins(body, "\xff\xd8\xff")) {
            one_picture(a, body, page, why);
            return true;
        }
    }
    w->over = true;
    *why = "PDF 里没有 JPEG 图片：请让扫描仪存成 TIFF 或 JPEG。";
    return first;
}

bool scan_walk_next(struct scan_walk *w, struct arena *a, struct scan_grey *page,
                    const char **why)
{
    *page = (struct scan_grey){NULL, 0, 0};
    *why = unreadable;
    if (w->over)
        return false;
    if (w->kind == KIND_TIFF)
        return next_of_tiff(w, a, page, why);
    if (w->kind == KIND_PDF)
        return next_of_pdf(w, a, page, why);
    w->over = true;
    one_picture(a, w->file, page, why);
    return true;
}
