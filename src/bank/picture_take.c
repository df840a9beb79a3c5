/* bank/picture_take.c - a picture that somebody brings: decoded in the cage, kept as it is only where
 * nothing but a picture is in the file. */
#include "bank/picture.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/cage.h"
#include "entry/image.h"
#include "entry/photo.h"

enum { PICTURE_QUALITY = 88, HEAD_BYTES = 9 };

static const unsigned char png_sign[8] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

/* Signature, then only what makes the picture, IEND last and nothing behind it. */
static bool png_is_plain(struct bytes f)
{
    static const char *const kept[] = {"IHDR", "PLTE", "tRNS", "IDAT", "IEND"};
    size_t at = sizeof png_sign;
    if (f.len < at || memcmp(f.at, png_sign, at) != 0)
        return false;
    while (f.len - at >= 12) {
        size_t len = be32_get(f.at + at);
        const unsigned char *name = f.at + at + 4;
        bool known = false;
        for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
            known |= memcmp(name, kept[i], 4) == 0;
        if (!known || len > f.len - at - 12)
            return false;
        at += 12 + len;
        if (memcmp(name, "IEND", 4) == 0)
            return len == 0 && at == f.len;
    }
    return false;
}

/* Where the coded data behind a start-of-scan ends: at the next marker that is no stuffing, no restart. */
static size_t scan_end(struct bytes f, size_t at)
{
    while (at + 1 < f.len && (f.at[at] != 0xFF || f.at[at + 1] == 0 ||
                              (f.at[at + 1] >= 0xD0 && f.at[at + 1] <= 0xD7)))
        at++;
    return at;
}

/* SOI, a JFIF head of its plain length, tables, frames and scans, EOI last and nothing behind it. */
static bool jpeg_is_plain(struct bytes f)
{
    size_t at = 2;
    while (f.len - at >= 4 && f.at[at] == 0xFF) {
        unsigned marker = f.at[at + 1];
        size_t len = be16_get(f.at + at + 2);
        bool table = marker == 0xDB || marker == 0xC4 || marker == 0xDD || marker == 0xDA ||
                     (marker >= 0xC0 && marker <= 0xC2);
        bool head = marker == 0xE0 && at == 2 && len == 16;
        if ((!table && !head) || len < 2 || len > f.len - at - 2)
            return false;
        at += 2 + len;
        if (marker == 0xDA)
            at = scan_end(f, at);
        if (f.len - at == 2)
            return f.at[at] == 0xFF && f.at[at + 1] == 0xD9;
    }
    return false;
}

static bool encoded_again(struct arena *a, struct bytes file, const struct image *im,
                          struct bytes *out, struct err *e)
{
    return image_sniff(file) == IMAGE_JPEG ? image_encode_jpeg(a, im, PICTURE_QUALITY, out, e)
                                           : image_encode_png(a, im, out, e);
}

static bool take(struct arena *a, struct bytes file, struct image *im, struct bytes *kept,
                 struct err *e)
{
    enum image_kind kind = image_sniff(file);
    if (kind == IMAGE_NONE)
        return FAIL(e, MEDIA, "/picture", "只接受 JPEG 或 PNG 图片。");
    if (file.len > PICTURE_UPLOAD_MAX)
        return FAIL(e, TOO_LARGE, "/picture", "图片超过 5 MiB。");
    if (!image_decode(a, file, (struct size){0, 0}, im, e))
        return false;
    if (im->width > PICTURE_SIDE_MAX || im->height > PICTURE_SIDE_MAX)
        return FAIL(e, TOO_LARGE, "/picture", "图片为 %lld×%lld 像素，每边至多 %d 像素。",
                    (long long)im->width, (long long)im->height, PICTURE_SIDE_MAX);
    *kept = file;
    if (!(kind == IMAGE_PNG ? png_is_plain(file) : jpeg_is_plain(file)) &&
        !encoded_again(a, file, im, kept, e))
        return false;
    return kept->len <= PICTURE_BYTES_MAX ||
           FAIL(e, TOO_LARGE, "/picture",
                "图片有 %zu KiB，试题中的图片至多 %d KiB：请缩小尺寸，照片请用 JPEG。",
                (kept->len + 1023) >> 10, PICTURE_BYTES_MAX >> 10);
}

bool parse_picture(struct arena *a, struct bytes file, struct bytes *out, struct err *e)
{
    struct image im;
    struct bytes kept = {NULL, 0};
    if (!take(a, file, &im, &kept, e)) {
        snprintf(e->field, sizeof e->field, "/picture"); /* the decoder speaks of a photo */
        return false;
    }
    unsigned char *said = arena_alloc(a, HEAD_BYTES + kept.len, 1);
    said[0] = image_sniff(kept) == IMAGE_JPEG ? 'J' : 'P';
    be32_put(said + 1, (uint32_t)im.width);
    be32_put(said + 5, (uint32_t)im.height);
    memcpy(said + HEAD_BYTES, kept.at, kept.len);
    *out = (struct bytes){said, HEAD_BYTES + kept.len};
    return true;
}

/* The child has read hostile bytes: its answer is checked like any input. */
static bool read_said(struct bytes said, struct attached *out, struct err *e)
{
    if (said.len <= HEAD_BYTES || said.len > HEAD_BYTES + PICTURE_BYTES_MAX)
        return FAIL(e, INVALID, "/picture", "图片内容异常，无法处理。");
    *out = (struct attached){
        .type = said.at[0] == 'J' ? "image/jpeg" : "image/png",
        .width = be32_get(said.at + 1),
        .height = be32_get(said.at + 5),
        .bytes = {said.at + HEAD_BYTES, said.len - HEAD_BYTES},
    };
    enum image_kind kind = image_sniff(out->bytes);
    if (kind == IMAGE_NONE || strcmp(image_media_type(kind), out->type) != 0 ||
        out->width < 1 || out->width > PICTURE_SIDE_MAX || out->height < 1 ||
        out->height > PICTURE_SIDE_MAX)
        return FAIL(e, INVALID, "/picture", "图片内容异常，无法处理。");
    hash_of(out->digest, out->bytes.at, out->bytes.len);
    return true;
}

bool picture_take(struct arena *a, const char *program, struct bytes file, struct attached *out,
                  struct err *e)
{
    struct cage_job job = {program, PARSE_picture, parse_picture, file};
    struct bytes said;
    if (image_sniff(file) == IMAGE_NONE)
        return FAIL(e, MEDIA, "/picture", "只接受 JPEG 或 PNG 图片。");
    return cage_run(a, &job, &said, e) && read_said(said, out, e);
}

bool picture_take_here(struct arena *a, struct bytes file, struct attached *out, struct err *e)
{
    struct bytes said;
    return parse_picture(a, file, &said, e) && read_said(said, out, e);
}
