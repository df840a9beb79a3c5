/* marking/scan_draw.c - draws answer sheets: marks for the reader, words for the candidate. */
#include "marking/scan_draw.h"

#include <string.h>

#include "base/arena.h"
#include "base/pdf.h"

/* Pale enough that a printed letter is not taken for a mark, and that a scanner drops most of it. */
enum { LETTER_GREY = 0xB4B4B4, OUTLINE_GREY = 0x8C8C8C, RULE_GREY = 0xD0D0D0 };

#define HEAD_LEFT  PDF_MM(20.0)
#define HEAD_WIDTH PDF_MM(136.0)

static const struct pdf_style title_style = {.size = 15, .bold = true}, plain = {.size = 10},
                              strong = {.size = 12, .bold = true},
                              small = {.size = 8, .colour = PDF_GREY},
                              number_style = {.size = 9.5, .bold = true, .align = PDF_RIGHT},
                              letter_style = {.size = 6.5,
                                              .align = PDF_CENTRE,
                                              .colour = LETTER_GREY,
                                              .leading = 1},
                              foot = {.size = 8, .align = PDF_CENTRE, .colour = PDF_GREY};

struct drawing {
    struct arena *arena;
    const struct scan_print *print;
    const struct scan_sheet *sheet;
    struct pdf *pdf;
    int page;
};

static void fill_at(struct drawing *d, struct scan_point middle, double width, double height)
{
    pdf_fill(d->pdf,
             (struct pdf_box){PDF_MM(middle.x - width / 2), PDF_MM(middle.y - height / 2),
                              PDF_MM(width), PDF_MM(height)},
             PDF_BLACK);
}

static void draw_marks(struct drawing *d)
{
    for (int i = 0; i < 4; i++)
        fill_at(d, scan_corners[i], SCAN_CORNER_SIDE, SCAN_CORNER_SIDE);
    for (int line = 0; line < SCAN_LINES; line++)
        for (int right = 0; right < 2; right++)
            fill_at(d, scan_timing(line, right), SCAN_TIMING_WIDTH, SCAN_TIMING_HEIGHT);
}

/* An ellipse of four Bézier curves. */
static void outline(struct drawing *d, struct scan_point m)
{
    const double k = 0.5523, w = PDF_MM(SCAN_BUBBLE_WIDTH / 2),
                 h = PDF_MM(SCAN_BUBBLE_HEIGHT / 2), x = PDF_MM(m.x), y = PDF_MM(m.y);
    const double at[13][2] = {{x + w, y}, {x + w, y + k * h}, {x + k * w, y + h},
                              {x, y + h}, {x - k * w, y + h}, {x - w, y + k * h},
                              {x - w, y}, {x - w, y - k * h}, {x - k * w, y - h},
                              {x, y - h}, {x + k * w, y - h}, {x + w, y - k * h},
                              {x + w, y}};
    pdf_curves(d->pdf, at, 13, 0.5, OUTLINE_GREY);
}

static void draw_head(struct drawing *d)
{
    const struct scan_sheet *s = d->sheet;
    double y = PDF_MM(18.0);
    y += pdf_text(d->pdf, HEAD_LEFT, y, HEAD_WIDTH, &small, d->print->body);
    y += pdf_text(d->pdf, HEAD_LEFT, y, HEAD_WIDTH, &title_style,
                  arena_printf(d->arena, "%s　答题卡", d->print->title));
    y += PDF_MM(1);
    y += pdf_text(d->pdf, HEAD_LEFT, y, HEAD_WIDTH, &strong,
                  arena_printf(d->arena, "%s　准考证号 %s", s->name, s->ticket));
    y += pdf_text(d->pdf, HEAD_LEFT, y, HEAD_WIDTH, &plain, s->seat);
    pdf_text(d->pdf, HEAD_LEFT, y + PDF_MM(0.5), HEAD_WIDTH, &small,
             "请核对姓名和准考证号。用 2B 铅笔或黑色笔把选项涂满；改正时擦净。"
             "手写的题写在框内。四角和两侧的黑块、二维码处不要书写，答题卡不要折叠。");
    pdf_line(d->pdf, HEAD_LEFT, PDF_MM(60.0), PDF_MM(190.0), PDF_MM(60.0), 0.6, PDF_BLACK);
}

static const char *label_of(struct drawing *d, size_t i, int row)
{
    enum scan_kind kind = d->sheet->layout.places[i].kind;
    return kind == SCAN_matching || kind == SCAN_ordering
               ? arena_printf(d->arena, "%zu(%d)", i + 1, row + 1)
               : arena_printf(d->arena, "%zu", i + 1);
}

static void draw_bubbles(struct drawing *d, size_t i)
{
    const struct scan_place *p = &d->sheet->layout.places[i];
    const struct scan_box *b = &d->sheet->layout.boxes[i];
    for (int row = 0; row < p->rows; row++) {
        pdf_text(d->pdf, PDF_MM(b->x), PDF_MM(b->y + SCAN_LINE * row + 0.9),
                 PDF_MM(SCAN_NUMBER_WIDTH - 1), &number_style, label_of(d, i, row));
        for (int c = 0; c < p->choices; c++) {
            struct scan_point m = scan_bubble(b, row, c);
            pdf_text(d->pdf, PDF_MM(m.x - 3), PDF_MM(m.y - 1.15), PDF_MM(6), &letter_style,
                     p->kind != SCAN_true_false ? (const char[]){(char)('A' + c), 0}
                     : c == 0                   ? "对"
                                                : "错");
            outline(d, m);
        }
    }
}

static void draw_written(struct drawing *d, size_t i)
{
    const struct scan_box *b = &d->sheet->layout.boxes[i];
    struct pdf_style left = number_style;
    left.align = PDF_LEFT;
    for (double y = b->y + SCAN_LINE * 1.6; y < b->y + b->height - 1; y += SCAN_LINE)
        pdf_line(d->pdf, PDF_MM(b->x + 2), PDF_MM(y), PDF_MM(b->x + b->width - 2), PDF_MM(y),
                 0.4, RULE_GREY);
    pdf_frame(d->pdf,
              (struct pdf_box){PDF_MM(b->x), PDF_MM(b->y + 0.5), PDF_MM(b->width),
                               PDF_MM(b->height - 1)},
              0.6, OUTLINE_GREY);
    pdf_text(d->pdf, PDF_MM(b->x + 2), PDF_MM(b->y + 1.2), PDF_MM(20), &left,
             arena_printf(d->arena, "%zu", i + 1));
}

static bool draw_page(struct drawing *d, struct err *e)
{
    const struct scan_layout *l = &d->sheet->layout;
    const char *label = d->sheet->labels[d->page];
    if (d->print->specimen)
        pdf_text(d->pdf, PDF_MM(20), PDF_MM(11), PDF_MM(170), &small, "样张");
    draw_marks(d);
    draw_head(d);
    for (size_t i = 0; i < l->count; i++) {
        if (l->boxes[i].page != d->page)
            continue;
        if (l->places[i].kind == SCAN_written)
            draw_written(d, i);
        else
            draw_bubbles(d, i);
    }
    pdf_text(d->pdf, PDF_MM(20), PDF_MM(279), PDF_MM(170), &foot,
             arena_printf(d->arena, "第 %d 页　共 %d 页", d->page + 1, l->pages));
    return pdf_qr(d->pdf, PDF_MM(SCAN_QR_X), PDF_MM(SCAN_QR_Y), PDF_MM(SCAN_QR_SIDE),
                  (struct bytes){(const unsigned char *)label, strlen(label)}, e);
}

bool scan_draw(struct arena *a, const struct scan_print *print, struct bytes *pdf,
               struct err *e)
{
    struct drawing d = {.arena = a, .print = print};
    if (print->count == 0)
        return FAIL(e, CONFLICT, "/attempts", "这个场次还没有排好的试卷。");
    d.pdf = pdf_create(a,
                       &(struct pdf_form){.title = arena_printf(a, "答题卡 %s", print->title),
                                          .author = print->body,
                                          .created_ms = print->now_ms});
    for (size_t i = 0; i < print->count; i++) {
        d.sheet = &print->sheets[i];
        for (d.page = 0; d.page < d.sheet->layout.pages; d.page++) {
            if (i > 0 || d.page > 0)
                pdf_next_page(d.pdf);
            if (!draw_page(&d, e))
                return false;
        }
    }
    return pdf_finish(d.pdf, pdf, e);
}
