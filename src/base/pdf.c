/* base/pdf.c - a PDF by cairo and pango: page, text, lines. Pictures are in pdf_image.c. */
#include "base/pdf.h"

#include <cairo-pdf.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/calendar.h"
#include "base/pdf_page.h"

/* Noto CJK's own line height; leading is told to pango as a multiple of it. */
static const double FONT_LINE = 1.448;

static cairo_status_t take_bytes(void *ctx, const unsigned char *bytes, unsigned len)
{
    struct pdf *p = ctx;
    if (p->len + len > p->room) {
        size_t room = p->room * 2 > p->len + len ? p->room * 2 : p->len + len;
        p->bytes = arena_grow(p->arena, p->bytes, p->len, room, 1);
        p->room = room;
    }
    memcpy(p->bytes + p->len, bytes, len);
    p->len += len;
    return CAIRO_STATUS_SUCCESS;
}

/* With the arena, also when pdf_finish was never called. */
static void release(void *ctx)
{
    struct pdf *p = ctx;
    cairo_destroy(p->cr);
    cairo_surface_finish(p->surface);
    cairo_surface_destroy(p->surface);
}

static void set_metadata(struct pdf *p, const struct pdf_form *f)
{
    char date[32];
    cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_TITLE,
                                   f->title ? f->title : "");
    cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_AUTHOR,
                                   f->author ? f->author : "");
    cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_SUBJECT,
                                   f->subject ? f->subject : "");
    cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_CREATOR, "Heng");
    date_days day = (date_days)(f->created_ms / 86400000);
    int64_t second = f->created_ms / 1000 % 86400;
    char text[DATE_TEXT_BYTES];
    date_write(day, text);
    snprintf(date, sizeof date, "%sT%02d:%02d:%02dZ", text, (int)(second / 3600),
             (int)(second / 60 % 60), (int)(second % 60));
    cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_CREATE_DATE, date);
    cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_MOD_DATE, date);
}

struct pdf *pdf_create(struct arena *a, const struct pdf_form *form)
{
    struct pdf *p = arena_new(a, struct pdf);
    p->arena = a;
    p->width = form->width > 0 ? form->width : PDF_A4_SHORT;
    p->height = form->height > 0 ? form->height : PDF_A4_LONG;
    p->pages = 1;
    p->room = 1 << 16;
    p->bytes = arena_array(a, unsigned char, p->room);
    p->surface = cairo_pdf_surface_create_for_stream(take_bytes, p, p->width, p->height);
    cairo_pdf_surface_restrict_to_version(p->surface, CAIRO_PDF_VERSION_1_5);
    p->cr = cairo_create(p->surface);
    arena_defer(a, release, p);
    set_metadata(p, form);
    return p;
}

void pdf_next_page(struct pdf *p)
{
    cairo_show_page(p->cr);
    p->pages++;
}

int pdf_page_count(const struct pdf *p)
{
    return p->pages;
}

double pdf_width(const struct pdf *p)
{
    return p->width;
}

double pdf_height(const struct pdf *p)
{
    return p->height;
}

void pdf_colour(struct pdf *p, uint32_t colour)
{
    cairo_set_source_rgb(p->cr, (double)(colour >> 16 & 255) / 255.0,
                         (double)(colour >> 8 & 255) / 255.0, (double)(colour & 255) / 255.0);
}

/* The first character that no font draws, for the sentence. */
static void name_missing(struct pdf *p, PangoLayout *layout, const char *text)
{
    for (const char *c = text; *c; c = g_utf8_next_char(c)) {
        int len = (int)(g_utf8_next_char(c) - c);
        pango_layout_set_text(layout, c, len);
        if (pango_layout_get_unknown_glyphs_count(layout) > 0) {
            FAIL(&p->err, INVALID, "text", "字体中没有字符“%.*s”（U+%04X），不能排印。", len, c,
                 (unsigned)g_utf8_get_char(c));
            return;
        }
    }
    FAIL(&p->err, INVALID, "text", "有字符在字体中没有字形，不能排印。");
}

static PangoLayout *layout_of(struct pdf *p, double width, const struct pdf_style *s,
                              const char *text)
{
    PangoLayout *layout = pango_cairo_create_layout(p->cr);
    PangoContext *context = pango_layout_get_context(layout);
    pango_context_set_language(context, pango_language_from_string("zh-CN"));
    pango_cairo_context_set_resolution(context, 72);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(context, options);
    cairo_font_options_destroy(options);

    PangoFontDescription *font = pango_font_description_new();
    const char *family = s->serif ? "Noto Serif CJK SC" : "Noto Sans CJK SC";
    if (s->fangsong)
        family = s->serif ? "FangSong,STFangsong,FangSong_GB2312,Noto Serif CJK SC"
                          : "FangSong,STFangsong,FangSong_GB2312,Noto Sans CJK SC";
    pango_font_description_set_family_static(font, family);
    pango_font_description_set_weight(font, s->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_font_description_set_absolute_size(font, s->size * PANGO_SCALE);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);

    if (s->spacing > 0) {
        PangoAttrList *attributes = pango_attr_list_new();
        pango_attr_list_insert(attributes,
                               pango_attr_letter_spacing_new((int)(s->spacing * PANGO_SCALE)));
        pango_layout_set_attributes(layout, attributes);
        pango_attr_list_unref(attributes);
    }

    pango_layout_context_changed(layout);
    if (!g_utf8_validate(text, -1, NULL)) {
        FAIL(&p->err, INVALID, "text", "文本不是有效的 UTF-8，不能排印。");
        text = "";
    }
    pango_layout_set_text(layout, text, -1);
    if (pango_layout_get_unknown_glyphs_count(layout) > 0) {
        name_missing(p, layout, text);
        pango_layout_set_text(layout, text, -1);
    }
    if (width > 0)
        pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_indent(layout, (int)(s->indent * PANGO_SCALE));
    pango_layout_set_line_spacing(layout,
                                  (float)((s->leading > 0 ? s->leading : 1.45) / FONT_LINE));
    pango_layout_set_justify(layout, s->align == PDF_JUSTIFY);
    pango_layout_set_alignment(layout, s->align == PDF_CENTRE  ? PANGO_ALIGN_CENTER
                                       : s->align == PDF_RIGHT ? PANGO_ALIGN_RIGHT
                                                               : PANGO_ALIGN_LEFT);
    return layout;
}

static double height_of(PangoLayout *layout)
{
    PangoRectangle logical;
    pango_layout_get_extents(layout, NULL, &logical);
    return (double)logical.height / PANGO_SCALE;
}

double pdf_text_height(struct pdf *p, double width, const struct pdf_style *s, const char *text)
{
    PangoLayout *layout = layout_of(p, width, s, text);
    double height = height_of(layout);
    g_object_unref(layout);
    return height;
}

double pdf_text_width(struct pdf *p, const struct pdf_style *s, const char *text)
{
    PangoRectangle logical;
    PangoLayout *layout = layout_of(p, 0, s, text);
    pango_layout_get_extents(layout, NULL, &logical);
    g_object_unref(layout);
    return (double)logical.width / PANGO_SCALE;
}

double pdf_text(struct pdf *p, double x, double y, double width, const struct pdf_style *s,
                const char *text)
{
    PangoLayout *layout = layout_of(p, width, s, text);
    pdf_colour(p, s->colour);
    cairo_move_to(p->cr, x, y);
    pango_cairo_show_layout(p->cr, layout);
    double height = height_of(layout);
    g_object_unref(layout);
    return height;
}

void pdf_watermark(struct pdf *p, const char *text, double size, uint32_t colour)
{
    struct pdf_style s = {.size = size, .bold = true, .colour = colour};
    PangoLayout *layout = layout_of(p, 0, &s, text);
    PangoRectangle logical;
    pango_layout_get_extents(layout, NULL, &logical);
    cairo_save(p->cr);
    pdf_colour(p, colour);
    cairo_translate(p->cr, p->width / 2, p->height / 2);
    cairo_rotate(p->cr, -atan2(p->height, p->width));
    cairo_move_to(p->cr, -(double)logical.width / PANGO_SCALE / 2,
                  -(double)logical.height / PANGO_SCALE / 2);
    pango_cairo_show_layout(p->cr, layout);
    cairo_restore(p->cr);
    g_object_unref(layout);
}

void pdf_line(struct pdf *p, double x1, double y1, double x2, double y2, double line_width,
              uint32_t colour)
{
    pdf_colour(p, colour);
    cairo_set_line_width(p->cr, line_width);
    cairo_move_to(p->cr, x1, y1);
    cairo_line_to(p->cr, x2, y2);
    cairo_stroke(p->cr);
}

void pdf_curves(struct pdf *p, const double (*xy)[2], size_t count, double line_width,
                uint32_t colour)
{
    pdf_colour(p, colour);
    cairo_set_line_width(p->cr, line_width);
    cairo_move_to(p->cr, xy[0][0], xy[0][1]);
    for (size_t i = 1; i + 2 < count; i += 3)
        cairo_curve_to(p->cr, xy[i][0], xy[i][1], xy[i + 1][0], xy[i + 1][1], xy[i + 2][0],
                       xy[i + 2][1]);
    cairo_stroke(p->cr);
}

void pdf_frame(struct pdf *p, struct pdf_box b, double line_width, uint32_t colour)
{
    pdf_colour(p, colour);
    cairo_set_line_width(p->cr, line_width);
    cairo_rectangle(p->cr, b.x, b.y, b.width, b.height);
    cairo_stroke(p->cr);
}

void pdf_fill(struct pdf *p, struct pdf_box b, uint32_t colour)
{
    pdf_colour(p, colour);
    cairo_rectangle(p->cr, b.x, b.y, b.width, b.height);
    cairo_fill(p->cr);
}

void pdf_circle(struct pdf *p, double x, double y, double radius, double line_width,
                uint32_t colour)
{
    pdf_colour(p, colour);
    cairo_set_line_width(p->cr, line_width);
    cairo_new_sub_path(p->cr);
    cairo_arc(p->cr, x, y, radius, 0, 2 * G_PI);
    cairo_stroke(p->cr);
}

bool pdf_finish(struct pdf *p, struct bytes *out, struct err *e)
{
    cairo_show_page(p->cr);
    cairo_status_t status = cairo_status(p->cr);
    cairo_surface_finish(p->surface);
    if (status == CAIRO_STATUS_SUCCESS)
        status = cairo_surface_status(p->surface);
    if (p->err.code != ERR_NONE) {
        if (e->code == ERR_NONE)
            *e = p->err;
        return false;
    }
    if (status != CAIRO_STATUS_SUCCESS) {
        fprintf(stderr, "heng: cairo: %s\n", cairo_status_to_string(status));
        return FAIL(e, INTERNAL, "pdf", "生成 PDF 失败，详见日志。");
    }
    *out = (struct bytes){p->bytes, p->len};
    return true;
}
