/* marking/scan_files.c - JPEG, PNG, TIFF and scanners' PDF as grey pictures, by leptonica. */
#include "marking/scan_files.h"

#include <leptonica/allheaders.h>
#include <string.h>

#include "base/arena.h"

enum { KIND_ONE, KIND_TIFF, KIND_PDF, LONG_SIDE_MAX = 3600, DICTIONARY_MAX = 2048 };

static const char unreadable[] = "这一页的图片损坏，无法读取。";
static const char too_large[] = "这一页的图片超过 6000 万像素：请用 150 至 300 dpi 扫描。";
static const char cut_off[] = "文件不完整，其后的页没有读到：请重新保存或扫描。";
static const char no_jpeg[] = "PDF 里这一页不是 JPEG 图片：请让扫描仪存成 TIFF 或 JPEG。";

static bool begins(struct bytes f, const char *with)
{
    size_t len = strlen(with);
    return f.len >= len && memcmp(f.at, with, len) == 0;
}

/* --- TIFF ---------------------------------------------------------------------------------------- */
static uint64_t number(const unsigned char *at, int bytes, bool big_end)
{
    uint64_t n = 0;
    for (int i = 0; i < bytes; i++)
        n = n << 8 | at[big_end ? i : bytes - 1 - i];
    return n;
}

/* Counts the directories, as they point to one another: libtiff takes a pointer past the end for the last
 * one, and so a cut file for a whole one with fewer pages. No further than one page too many. */
static void count_directories(struct scan_walk *w)
{
    const unsigned char *f = w->file.at;
    bool big_end = f[0] == 'M', wide = number(f + 2, 2, big_end) == 43;
    int offset = wide ? 8 : 4, counted = wide ? 8 : 2;
    size_t entry = wide ? 20 : 12;
    uint64_t at = number(f + (wide ? 8 : 4), offset, big_end);
    while (at != 0 && w->pages <= SCAN_FILE_PAGES_MAX) {
        if (at > w->file.len || w->file.len - at < (uint64_t)counted) {
            w->cut = true;
            return;
        }
        uint64_t entries = number(f + at, counted, big_end);
        uint64_t left = w->file.len - at - (uint64_t)counted;
        if (entries > left / entry || left - entries * entry < (uint64_t)offset) {
            w->cut = true;
            return;
        }
        w->pages++;
        at = number(f + at + counted + entries * entry, offset, big_end);
    }
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
    if (L_FORMAT_IS_TIFF(format)) {
        out->kind = KIND_TIFF;
        count_directories(out);
    } else if (format != IFF_JFIF_JPEG && format != IFF_PNG)
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

/* What its header says is looked at first: a small file can unpack to a huge picture. */
static void one_directory(const struct scan_walk *w, struct arena *a, struct scan_grey *page,
                          const char **why)
{
    l_int32 width = 0, height = 0, n = (l_int32)w->at;
    if (readHeaderMemTiff(w->file.at, w->file.len, n, &width, &height, NULL, NULL, NULL, NULL,
                          NULL) != 0 ||
        width < 100 || height < 100)
        return;
    *why = too_large;
    if ((int64_t)width * height > SCAN_PIXELS_MAX)
        return;
    PIX *pix = pixReadMemTiff(w->file.at, w->file.len, n);
    if (pix)
        take(a, pix, page);
    *why = page->at ? NULL : unreadable;
}

static bool next_of_tiff(struct scan_walk *w, struct arena *a, struct scan_grey *page,
                         const char **why)
{
    if (w->at == w->pages) {
        w->over = true;
        *why = w->pages == 0 && !w->cut ? unreadable : cut_off;
        return w->cut || w->pages == 0;
    }
    if (page)
        one_directory(w, a, page, why);
    w->at++;
    return true;
}

/* --- PDF ----------------------------------------------------------------------------------------- */
static const unsigned char *find(struct bytes in, size_t from, const char *what)
{
    return from < in.len ? memmem(in.at + from, in.len - from, what, strlen(what)) : NULL;
}

/* Whether the words before a stream, back to the end of the object before, call it a picture. */
static bool is_picture(struct bytes in, size_t stream)
{
    size_t from = stream > DICTIONARY_MAX ? stream - DICTIONARY_MAX : 0;
    for (size_t at = stream; at > from + 6; at--)
        if (memcmp(in.at + at - 6, "endobj", 6) == 0) {
            from = at;
            break;
        }
    struct bytes words = {in.at + from, stream - from};
    return find(words, 0, "/Subtype/Image") || find(words, 0, "/Subtype /Image");
}

/* Scanners write one JPEG a page; the streams are taken in the order in which they stand. */
static bool next_of_pdf(struct scan_walk *w, struct arena *a, struct scan_grey *page,
                        const char **why)
{
    for (;;) {
        const unsigned char *stream = find(w->file, w->at, "stream");
        if (!stream)
            break;
        size_t word = (size_t)(stream - w->file.at), data = word + 6;
        while (data < w->file.len && (w->file.at[data] == '\r' || w->file.at[data] == '\n'))
            data++;
        const unsigned char *end = find(w->file, data, "endstream");
        if (!end) {
            w->over = true;
            *why = cut_off;
            return true;
        }
        struct bytes body = {w->file.at + data, (size_t)(end - w->file.at) - data};
        w->at = (size_t)(end - w->file.at) + 9;
        bool jpeg = begins(body, "\xff\xd8\xff");
        if (!jpeg && !is_picture(w->file, word))
            continue;
        w->pages++;
        *why = no_jpeg;
        if (page && jpeg)
            one_picture(a, body, page, why);
        return true;
    }
    w->over = true;
    *why = no_jpeg;
    return w->pages == 0;
}

bool scan_walk_next(struct scan_walk *w, struct arena *a, struct scan_grey *page,
                    const char **why)
{
    if (page)
        *page = (struct scan_grey){NULL, 0, 0};
    *why = unreadable;
    if (w->over)
        return false;
    if (w->kind == KIND_TIFF)
        return next_of_tiff(w, a, page, why);
    if (w->kind == KIND_PDF)
        return next_of_pdf(w, a, page, why);
    w->over = true;
    if (page)
        one_picture(a, w->file, page, why);
    return true;
}
