/* entry/photo.c - the rules of an identity photo, judged in the cage and reported as findings. */
#include "entry/photo.h"

#include <string.h>

#include "base/arena.h"
#include "base/cage.h"
#include "base/fields.h"
#include "base/json.h"
#include "base/json_out.h"
#include "entry/image.h"

enum {
    JPEG_QUALITY = 92,
    RATIO_TOLERANCE_PERMILLE = 30,
    WHITE_LEAST = 235, /* mean of the darkest channel at the border; 225 is looked at */
    WHITE_DOUBTFUL = 225,
    TINT_MOST = 12,
    IMAGE_SIDE_MAX = 4000
};

/* About one over the width of an edge in pixels: sharp pictures measure from 0.55, enlarged twice
 * 0.32, three times 0.25. Only what is clearly enlarged is refused; a person sees the rest. */
#define SHARP_LEAST    0.29
#define SHARP_DOUBTFUL 0.45

struct judged {
    struct arena *arena;
    struct photo_finding at[8];
    size_t count;
    bool refused;
};

static void find(struct judged *j, const char *code, bool refused, const char *text)
{
    j->at[j->count++] = (struct photo_finding){code, text, refused};
    j->refused |= refused;
}

static void judge_size(struct judged *j, const struct image *im)
{
    int64_t w = im->source_width, h = im->source_height;
    if (w < PHOTO_WIDTH || h < PHOTO_HEIGHT)
        find(j, "too_small", true,
             arena_printf(j->arena, "照片只有 %lld×%lld 像素，至少应为 295×413 像素。",
                          (long long)w, (long long)h));
    /* |w/h - 5/7| within 3 % of 5/7 */
    int64_t off = 7 * w - 5 * h;
    if ((off < 0 ? -off : off) * 1000 > RATIO_TOLERANCE_PERMILLE * 5 * h)
        find(j, "ratio", true,
             arena_printf(j->arena, "照片宽高比应为 5∶7（一寸，25×35 毫米），现为 %lld×%lld。",
                          (long long)w, (long long)h));
}

struct ground { /* of a part of the border */
    double darkest, tint;
};

static struct ground ground_of(const struct image *im, int64_t x0, int64_t x1, int64_t y1)
{
    double darkest = 0, tint = 0, n = 0;
    for (int64_t y = 0; y < y1; y++)
        for (int64_t x = x0; x < x1; x++) {
            const unsigned char *p = im->rgb + (y * im->width + x) * 3;
            int low = p[0] < p[1] ? p[0] : p[1], high = p[0] > p[1] ? p[0] : p[1];
            low = p[2] < low ? p[2] : low;
            high = p[2] > high ? p[2] : high;
            darkest += low;
            tint += high - low;
            n++;
        }
    return (struct ground){darkest / n, tint / n};
}

/* The shoulders take the lower border, so only the top and the upper half of the sides count. */
static void judge_background(struct judged *j, const struct image *im)
{
    const int64_t w = im->width, side = w / 14, top = im->height / 25, half = im->height / 2;
    const struct ground parts[] = {
        ground_of(im, 0, w, top),
        ground_of(im, 0, side, half),
        ground_of(im, w - side, w, half),
    };
    double least = 255, tint = 0;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        least = parts[i].darkest < least ? parts[i].darkest : least;
        tint = parts[i].tint > tint ? parts[i].tint : tint;
    }
    if (least < WHITE_DOUBTFUL || tint > TINT_MOST)
        find(j, "background", true, "背景不是白色，请使用白底证件照。");
    else if (least < WHITE_LEAST)
        find(j, "background", false, "背景偏灰，由审核人员确认是否为白底。");
}

static void judge_sharpness(struct judged *j, const struct image *im)
{
    double sharp = image_sharpness(j->arena, im);
    if (sharp < SHARP_LEAST)
        find(j, "upscaled", true, "照片模糊或由小图放大而成，请上传清晰的原图。");
    else if (sharp < SHARP_DOUBTFUL)
        find(j, "soft", false, "照片不够清晰，由审核人员确认。");
}

static void write_answer(struct arena *a, const struct judged *j, const struct image *im,
                         struct bytes jpeg, struct bytes *out)
{
    struct json_out *o = json_out_create(a);
    out_object(o);
    put_int(o, "source_width", im->source_width);
    put_int(o, "source_height", im->source_height);
    put_array(o, "findings");
    for (size_t i = 0; i < j->count; i++) {
        out_object(o);
        put_text(o, "code", j->at[i].code);
        put_text(o, "text", j->at[i].text);
        put_bool(o, "refused", j->at[i].refused);
        out_object_end(o);
    }
    out_array_end(o);
    put_bool(o, "refused", j->refused);
    put_text(o, "jpeg", jpeg.len ? base64_write(a, jpeg.at, jpeg.len) : "");
    out_object_end(o);
    *out = (struct bytes){(const unsigned char *)json_out_text(o), json_out_len(o)};
}

bool parse_photo(struct arena *a, struct bytes file, struct bytes *out, struct err *e)
{
    const struct size master = {PHOTO_WIDTH, PHOTO_HEIGHT};
    struct judged j = {.arena = a};
    struct image source, fitted;
    struct bytes jpeg = {NULL, 0};
    if (!image_decode(a, file, master, &source, e))
        return false;
    judge_size(&j, &source);
    if (!j.refused) {
        image_fit(a, &source, master, &fitted);
        judge_background(&j, &fitted);
        judge_sharpness(&j, &fitted);
        if (file.len < PHOTO_BYTES_SMALL)
            find(&j, "few_bytes", false, "文件不足 10 KB，可能经过多次压缩，由审核人员确认。");
    }
    if (!j.refused && !image_encode_jpeg(a, &fitted, JPEG_QUALITY, &jpeg, e))
        return false;
    write_answer(a, &j, &source, jpeg, out);
    return true;
}

/* ------------------------------------------------------------------ outside the cage */
struct answer {
    int64_t source_width, source_height;
    struct photo_finding *findings;
    size_t finding_count;
    bool refused;
    const char *jpeg;
};

/* clang-format off */
static const char *const codes[] = {"too_small", "ratio", "upscaled", "soft", "background",
                                    "few_bytes", NULL};
static const struct field finding_rows[] = {
    {FIELD(struct photo_finding, code, TEXT), .required = true, .allowed = codes},
    {FIELD(struct photo_finding, text, TEXT), .required = true, .max = 200},
    {FIELD(struct photo_finding, refused, BOOL), .required = true},
};
static const struct fields finding_fields = FIELDS("photo_finding", struct photo_finding, finding_rows);
static const struct field answer_rows[] = {
    {FIELD(struct answer, source_width, INT), .required = true, .min = 1, .max = 100000000},
    {FIELD(struct answer, source_height, INT), .required = true, .min = 1, .max = 100000000},
    {FIELD(struct answer, findings, OBJECTS), FIELD_COUNT(struct answer, finding_count), .max = 8, .sub = &finding_fields},
    {FIELD(struct answer, refused, BOOL), .required = true},
    {FIELD(struct answer, jpeg, TEXT), .required = true, .max = 4 << 20},
};
static const struct fields answer_fields = FIELDS("photo_answer", struct answer, answer_rows);
/* clang-format on */

/* The child has read hostile bytes: its answer is checked like any input. */
static bool read_answer(struct arena *a, struct bytes said, struct photo *out, struct err *e)
{
    struct answer in;
    struct err why = {0};
    json_t *json = json_read(a, said.at, said.len, &why);
    if (!json || !fields_read(&answer_fields, json, a, &in, &why) ||
        !base64_read(a, in.jpeg, strlen(in.jpeg), &out->jpeg) ||
        (!in.refused && image_sniff(out->jpeg) != IMAGE_JPEG))
        return FAIL(e, INVALID, "/photo", "图片内容异常，无法处理。");
    out->source_width = in.source_width;
    out->source_height = in.source_height;
    out->findings = in.findings;
    out->finding_count = in.finding_count;
    out->refused = in.refused;
    return true;
}

bool photo_check(struct arena *a, const char *program, struct bytes file, struct photo *out,
                 struct err *e)
{
    struct cage_job job = {program, PARSE_photo, parse_photo, file};
    struct bytes said;
    *out = (struct photo){0};
    if (image_sniff(file) == IMAGE_NONE)
        return FAIL(e, MEDIA, "/photo", "只接受 JPEG 或 PNG 图片。");
    return cage_run(a, &job, &said, e) && read_answer(a, said, out, e);
}

void photo_put(struct json_out *o, const struct photo *p)
{
    put_int(o, "source_width", p->source_width);
    put_int(o, "source_height", p->source_height);
    put_bool(o, "refused", p->refused);
    put_array(o, "findings");
    for (size_t i = 0; i < p->finding_count; i++) {
        out_object(o);
        put_text(o, "code", p->findings[i].code);
        put_text(o, "text", p->findings[i].text);
        put_bool(o, "refused", p->findings[i].refused);
        out_object_end(o);
    }
    out_array_end(o);
}

/* ------------------------------------------------------------------ evidence */
bool parse_image(struct arena *a, struct bytes file, struct bytes *out, struct err *e)
{
    const struct size least = {IMAGE_SIDE_MAX / 4, IMAGE_SIDE_MAX / 4};
    struct image im, small;
    if (!image_decode(a, file, least, &im, e))
        return false;
    int64_t longest = im.width > im.height ? im.width : im.height;
    if (longest > IMAGE_SIDE_MAX) {
        struct size to = {im.width * IMAGE_SIDE_MAX / longest,
                          im.height * IMAGE_SIDE_MAX / longest};
        to.width += to.width == 0;
        to.height += to.height == 0;
        image_fit(a, &im, to, &small);
        im = small;
    }
    return image_sniff(file) == IMAGE_JPEG ? image_encode_jpeg(a, &im, JPEG_QUALITY, out, e)
                                           : image_encode_png(a, &im, out, e);
}

bool image_clean(struct arena *a, const char *program, struct bytes file, struct bytes *out,
                 struct err *e)
{
    struct cage_job job = {program, PARSE_image, parse_image, file};
    enum image_kind kind = image_sniff(file);
    if (kind == IMAGE_NONE)
        return FAIL(e, MEDIA, "/file", "只接受 JPEG、PNG 图片或 PDF 文件。");
    return cage_run(a, &job, out, e) &&
           (image_sniff(*out) == kind || FAIL(e, INVALID, "/file", "图片内容异常，无法处理。"));
}
