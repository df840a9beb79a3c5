/* paper/print_picture.c - pictures, rulers and areas, in points of the page. */
#include "paper/print_picture.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"

#define PIXEL      (72.0 / 96.0)
#define HEIGHT_MAX PDF_MM(100)
#define RULER      PDF_MM(5)

static const struct pdf_style tick = {.size = 6, .colour = PDF_GREY, .align = PDF_CENTRE},
                              letter = {.size = 9, .bold = true, .colour = 0x1D4E89};

struct pdf_box print_picture_box(const struct item_picture *p, double width, bool ruled)
{
    double edge = ruled ? RULER : 0, scale = PIXEL;
    if ((double)p->width * scale > width - edge)
        scale = (width - edge) / (double)p->width;
    if ((double)p->height * scale > HEIGHT_MAX)
        scale = HEIGHT_MAX / (double)p->height;
    return (struct pdf_box){edge, edge, (double)p->width * scale, (double)p->height * scale};
}

bool print_picture(struct pdf *pdf, struct pdf_box box, const struct form *f,
                   const struct item_picture *p, struct err *e)
{
    char hex[2 * HASH_BYTES + 1];
    for (size_t i = 0; i < f->picture_count; i++) {
        hex_write(hex, f->pictures[i].picture.digest, HASH_BYTES);
        if (strcmp(hex, p->sha256) == 0)
            return pdf_image(pdf, box, f->pictures[i].picture.bytes, e);
    }
    return FAIL(e, STORE, "/pictures", "试卷中没有图片 %s。", p->id);
}

void print_ruler(struct pdf *pdf, struct pdf_box box, const struct item_picture *p)
{
    enum { SMALL = 50, LARGE = 100 };
    char label[24];
    double scale = box.width / (double)p->width;
    pdf_frame(pdf, box, 0.5, PDF_GREY);
    for (int64_t x = 0; x < p->width; x += SMALL) {
        double at = box.x + (double)x * scale;
        pdf_line(pdf, at, box.y - PDF_MM(x % LARGE ? 1 : 2), at, box.y, 0.4, PDF_GREY);
        snprintf(label, sizeof label, "%lld", (long long)x);
        if (x % LARGE == 0)
            pdf_text(pdf, at - PDF_MM(5), box.y - RULER, PDF_MM(10), &tick, label);
    }
    for (int64_t y = 0; y < p->height; y += SMALL) {
        double at = box.y + (double)y * scale;
        pdf_line(pdf, box.x - PDF_MM(y % LARGE ? 1 : 2), at, box.x, at, 0.4, PDF_GREY);
        snprintf(label, sizeof label, "%lld", (long long)y);
        if (y % LARGE == 0 && y > 0)
            pdf_text(pdf, box.x - PDF_MM(6.5), at - PDF_MM(1.4), PDF_MM(5), &tick, label);
    }
}

static bool is_right(const json_t *key, const char *name)
{
    for (size_t i = 0; i < json_array_size(key); i++)
        if (strcmp(json_string_value(json_array_get(key, i)), name) == 0)
            return true;
    return false;
}

static double coordinate(const json_t *coords, size_t i, double scale)
{
    return (double)json_integer_value(json_array_get(coords, i)) * scale;
}

static void draw_area(struct pdf *pdf, struct pdf_box box, double scale, const json_t *area,
                      uint32_t colour)
{
    const json_t *c = json_object_get(area, "coords");
    const char *shape = json_member_text(area, "shape");
    size_t corners = json_array_size(c) / 2;
    if (strcmp(shape, "circle") == 0) {
        pdf_circle(pdf, box.x + coordinate(c, 0, scale), box.y + coordinate(c, 1, scale),
                   coordinate(c, 2, scale), 1, colour);
        return;
    }
    if (strcmp(shape, "rect") == 0) {
        struct pdf_box r = {box.x + coordinate(c, 0, scale), box.y + coordinate(c, 1, scale),
                            coordinate(c, 2, scale) - coordinate(c, 0, scale),
                            coordinate(c, 3, scale) - coordinate(c, 1, scale)};
        pdf_frame(pdf, r, 1, colour);
        return;
    }
    for (size_t i = 0, k = corners - 1; i < corners; k = i++)
        pdf_line(pdf, box.x + coordinate(c, 2 * k, scale),
                 box.y + coordinate(c, 2 * k + 1, scale), box.x + coordinate(c, 2 * i, scale),
                 box.y + coordinate(c, 2 * i + 1, scale), 1, colour);
}

void print_areas(struct pdf *pdf, struct pdf_box box, const struct item_picture *p,
                 const struct json_t *question)
{
    const json_t *areas = json_object_get(question, "areas"),
                 *key = json_object_get(question, "key");
    double scale = box.width / (double)p->width;
    for (size_t i = 0; i < json_array_size(areas); i++) {
        const json_t *area = json_array_get(areas, i), *c = json_object_get(area, "coords");
        const char name[2] = {(char)('A' + i), 0};
        draw_area(pdf, box, scale, area, is_right(key, name) ? 0x1D4E89 : PDF_GREY);
        pdf_text(pdf, box.x + coordinate(c, 0, scale) + PDF_MM(1),
                 box.y + coordinate(c, 1, scale) + PDF_MM(0.5), PDF_MM(6), &letter, name);
    }
}
