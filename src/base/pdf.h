/* base/pdf.h - pages of a PDF: text laid out by its measured height, lines, pictures, QR codes.
 *
 * Units are points (1/72 inch) from the top left corner of the page; y grows downwards. Text is
 * plain (no markup), UTF-8, set in the Noto CJK fonts with language zh-CN, may hold '\n', and is
 * wrapped at the width given. A character without a glyph is not drawn as a box: pdf_finish fails
 * with INVALID and names it. Errors of drawing are kept until pdf_finish. The same calls give the
 * same bytes (the only date in the file is created_ms). One thread at a time for each pdf. */
#ifndef BASE_PDF_H
#define BASE_PDF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"

struct arena;
struct pdf;

#define PDF_MM(mm)    ((mm)*72.0 / 25.4)
#define PDF_A4_SHORT  PDF_MM(210.0)
#define PDF_A4_LONG   PDF_MM(297.0)
#define PDF_WHITE     0xFFFFFFu
#define PDF_BLACK     0x000000u
#define PDF_GREY      0x666666u
#define PDF_LIGHTGREY 0xDDDDDDu

struct pdf_form {
    double width, height; /* 0: A4 upright */
    const char *title, *author, *subject;
    int64_t created_ms;
};

enum pdf_align { PDF_LEFT, PDF_CENTRE, PDF_RIGHT, PDF_JUSTIFY };

struct pdf_style {
    double size; /* of the letters, in points */
    bool bold, serif;
    bool fangsong;  /* FangSong where the machine has it, else as `serif` says */
    double spacing; /* between the letters, in points */
    enum pdf_align align;
    double leading;  /* line height as a multiple of size; 0: 1.45 */
    double indent;   /* of the first line */
    uint32_t colour; /* 0xRRGGBB */
};

/* The first page is there. The pdf goes with the arena. */
struct pdf *pdf_create(struct arena *a, const struct pdf_form *form);
/* Ends this page and begins the next. */
void pdf_next_page(struct pdf *p);
int pdf_page_count(const struct pdf *p); /* with the one being drawn */
double pdf_width(const struct pdf *p);
double pdf_height(const struct pdf *p);

/* How high the text would be; then drawn with its top at y. Both return the height. */
double pdf_text_height(struct pdf *p, double width, const struct pdf_style *s,
                       const char *text);
double pdf_text(struct pdf *p, double x, double y, double width, const struct pdf_style *s,
                const char *text);
/* Width of one line without wrapping. */
double pdf_text_width(struct pdf *p, const struct pdf_style *s, const char *text);
/* Large pale text turned across the page (样张); under or over the rest as it is called. */
void pdf_watermark(struct pdf *p, const char *text, double size, uint32_t colour);

struct pdf_box {
    double x, y, width, height;
};
void pdf_line(struct pdf *p, double x1, double y1, double x2, double y2, double line_width,
              uint32_t colour);
/* Cubic Bézier curves joined to one line: the first point, then two handles and an end for each, so
 * COUNT is 1 + 3 n. */
void pdf_curves(struct pdf *p, const double (*xy)[2], size_t count, double line_width,
                uint32_t colour);
void pdf_frame(struct pdf *p, struct pdf_box b, double line_width, uint32_t colour);
void pdf_fill(struct pdf *p, struct pdf_box b, uint32_t colour);
void pdf_circle(struct pdf *p, double x, double y, double radius, double line_width,
                uint32_t colour);

/* JPEG or PNG by its first bytes, scaled into the box, ratio kept, centred. A JPEG is carried as
 * it is. INVALID at "image" where it cannot be read. */
bool pdf_image(struct pdf *p, struct pdf_box b, struct bytes image, struct err *e) MUST_USE;
/* A QR code (level M) as vector squares, its quiet zone of 4 modules inside the box. */
bool pdf_qr(struct pdf *p, double x, double y, double size, struct bytes content,
            struct err *e) MUST_USE;

/* Ends the last page; nothing may be drawn after it. The bytes lie in the arena. */
bool pdf_finish(struct pdf *p, struct bytes *out, struct err *e) MUST_USE;

#endif
