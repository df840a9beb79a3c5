/* sitting/ticket_draw.c - the admission ticket as one page A4: to be folded once and carried. */
#include "sitting/ticket_draw.h"

#include <stdio.h>

#include "base/arena.h"
#include "base/calendar.h"
#include "base/pdf.h"
#include "sitting/ticket.h"

/* Millimetres of the page, turned into points where they are used. */
#define LEFT  PDF_MM(17.0)
#define WIDTH PDF_MM(176.0)

static const struct pdf_style body_style = {.size = 10.5, .colour = PRINT_INK_2};
static const struct pdf_style title_style = {
    .size = 27, .bold = true, .align = PDF_CENTRE, .colour = PRINT_INK};
static const struct pdf_style label_style = {.size = 9.5, .colour = PRINT_INK_2};
static const struct pdf_style value_style = {.size = 12, .bold = true, .colour = PRINT_INK};
static const struct pdf_style small_style = {.size = 8.5, .colour = PRINT_INK_2};

/* Text that must stay on its line: smaller letters until it fits. */
static void fitted(struct pdf *p, struct pdf_box b, const struct pdf_style *style,
                   const char *text)
{
    struct pdf_style s = *style;
    while (s.size > 6 && pdf_text_width(p, &s, text) > b.width)
        s.size -= 0.5;
    pdf_text(p, b.x, b.y + (b.height - pdf_text_height(p, b.width, &s, text)) / 2, b.width, &s,
             text);
}

static void draw_head(struct pdf *p, const struct ticket_face *t)
{
    struct pdf_style centred = body_style;
    centred.align = PDF_CENTRE;
    pdf_fill(p, (struct pdf_box){LEFT, PDF_MM(14), WIDTH, PDF_MM(1.6)}, PRINT_ACCENT);
    pdf_text(p, LEFT, PDF_MM(19.5), WIDTH, &centred, t->body);
    pdf_text(p, LEFT, PDF_MM(25.5), WIDTH, &title_style, "准 考 证");
    centred.size = 12;
    centred.colour = PRINT_ACCENT;
    fitted(p, (struct pdf_box){LEFT, PDF_MM(39.5), WIDTH, PDF_MM(8)}, &centred, t->batch);
}

/* ------------------------------------------------------------------ the card */
static void draw_photo(struct pdf *p, const struct ticket_face *t, struct pdf_box b,
                       struct err *e)
{
    struct pdf_style s = small_style;
    struct err bad = {0};
    s.align = PDF_CENTRE;
    pdf_fill(p, b, 0xF7F9F8);
    if (!t->photo.at)
        pdf_text(p, b.x, b.y + b.height / 2 - 6, b.width, &s, "照片");
    else if (!pdf_image(p, b, t->photo, &bad))
        FAIL(e, STORE, "photo", "照片读不出：%s", bad.text);
    pdf_frame(p, b, 0.6, PRINT_LINE);
}

static void draw_field(struct pdf *p, struct pdf_box b, const char *label, const char *value)
{
    double beside = PDF_MM(26);
    fitted(p, (struct pdf_box){b.x, b.y, beside, b.height}, &label_style, label);
    fitted(p, (struct pdf_box){b.x + beside, b.y, b.width - beside, b.height}, &value_style,
           value);
    pdf_line(p, b.x, b.y + b.height, b.x + b.width, b.y + b.height, 0.4, PRINT_LINE);
}

static void draw_fields(struct pdf *p, const struct ticket_face *t, struct pdf_box b)
{
    char grouped[TICKET_GROUPED_BYTES];
    ticket_number_group(t->number, grouped);
    const struct {
        const char *label, *value;
    } rows[] = {
        {"姓　　名", t->name},
        {"准考证号", grouped},
        {t->document_title, t->document_mask},
        {"职　　业", t->occupation},
        {"技能等级", t->level},
        {"职业方向", t->direction},
        {"考核科目", t->component},
    };
    size_t count = sizeof rows / sizeof *rows;
    double height = b.height / (double)count;
    for (size_t i = 0; i < count; i++)
        draw_field(p, (struct pdf_box){b.x, b.y + height * (double)i, b.width, height},
                   rows[i].label, rows[i].value);
}

/* What one looks for on the morning: when, which room, which seat. */
static void draw_tiles(struct pdf *p, const struct ticket_face *t, double y)
{
    const struct {
        double x, width;
        const char *label, *value, *below;
        double size;
    } tiles[] = {
        {0, 76, t->day, t->time, t->latest, 21},
        {79, 55, "考　场", t->room, t->site, 16},
        {137, 39, "座　位", t->seat, "号", 26},
    };
    double height = PDF_MM(30);
    for (size_t i = 0; i < sizeof tiles / sizeof *tiles; i++) {
        struct pdf_style value = {
            .size = tiles[i].size, .bold = true, .align = PDF_CENTRE, .colour = PRINT_ACCENT};
        struct pdf_style label = label_style;
        label.align = PDF_CENTRE;
        label.size = 9.5;
        double x = LEFT + PDF_MM(tiles[i].x), width = PDF_MM(tiles[i].width);
        pdf_fill(p, (struct pdf_box){x, y, width, height}, PRINT_WASH);
        fitted(p, (struct pdf_box){x + 4, y + PDF_MM(2), width - 8, PDF_MM(6)}, &label,
               tiles[i].label);
        fitted(p, (struct pdf_box){x + 4, y + PDF_MM(8), width - 8, PDF_MM(13)}, &value,
               tiles[i].value);
        fitted(p, (struct pdf_box){x + 4, y + PDF_MM(21.5), width - 8, PDF_MM(6)}, &label,
               tiles[i].below);
    }
}

static bool draw_card(struct pdf *p, const struct ticket_face *t, struct err *e)
{
    double top = PDF_MM(51);
    struct pdf_box photo = {LEFT + WIDTH - PDF_MM(35), top, PDF_MM(35), PDF_MM(49)};
    struct bytes number = {(const unsigned char *)t->number, TICKET_NUMBER_BYTES - 1};
    draw_fields(p, t, (struct pdf_box){LEFT, top, WIDTH - PDF_MM(42), PDF_MM(77)});
    draw_photo(p, t, photo, e);
    draw_tiles(p, t, top + PDF_MM(82));
    struct pdf_style address = body_style;
    pdf_text(p, LEFT, top + PDF_MM(115), WIDTH, &address,
             t->address); /* the tiles have the site's name already */
    return e->code == ERR_NONE &&
           pdf_qr(p, LEFT + WIDTH - PDF_MM(31.5), top + PDF_MM(51), PDF_MM(28), number, e);
}

/* ------------------------------------------------------------------ rules and foot */
static void draw_rules(struct pdf *p, const struct ticket_face *t)
{
    struct pdf_style head = {.size = 12, .bold = true, .colour = PRINT_ACCENT};
    struct pdf_style text = {.size = 11, .colour = PRINT_INK, .leading = 1.6};
    double y = PDF_MM(177), bottom = PDF_MM(279);
    pdf_line(p, LEFT, y - PDF_MM(2.5), LEFT + WIDTH, y - PDF_MM(2.5), 0.8, PRINT_ACCENT);
    y += pdf_text(p, LEFT, y, WIDTH, &head, "考生须知") + 4;
    for (; text.size > 7; text.size -= 0.5) {
        double height = 0;
        for (size_t i = 0; i < t->rule_count; i++)
            height += pdf_text_height(p, WIDTH - PDF_MM(7), &text, t->rules[i]) + 4;
        if (y + height <= bottom)
            break;
    }
    for (size_t i = 0; i < t->rule_count; i++) {
        char number[32];
        snprintf(number, sizeof number, "%zu.", i + 1);
        pdf_text(p, LEFT, y, PDF_MM(7), &text, number);
        y += pdf_text(p, LEFT + PDF_MM(7), y, WIDTH - PDF_MM(7), &text, t->rules[i]) + 4;
    }
}

static void draw_foot(struct pdf *p, struct arena *a, const struct ticket_face *t)
{
    char day[DATE_TEXT_BYTES];
    struct pdf_style right = small_style;
    right.align = PDF_RIGHT;
    date_write(date_of_instant(t->issued_ms, t->zone_offset_ms), day);
    pdf_line(p, LEFT, PDF_MM(282), LEFT + WIDTH, PDF_MM(282), 0.4, PRINT_LINE);
    pdf_text(p, LEFT, PDF_MM(283.5), WIDTH, &small_style,
             arena_printf(a, "%s　生成日期 %s", t->body, day));
    pdf_text(p, LEFT, PDF_MM(283.5), WIDTH, &right, "二维码内容为准考证号");
}

bool ticket_draw(struct arena *a, const struct ticket_face *t, struct bytes *pdf, struct err *e)
{
    struct pdf *p = pdf_create(
        a, &(struct pdf_form){.title = arena_printf(a, "准考证 %s", t->number),
                              .author = t->body,
                              .subject = t->batch,
                              .created_ms = t->issued_ms});
    if (t->demo)
        pdf_watermark(p, "样张", 150, PRINT_SAMPLE);
    draw_head(p, t);
    if (!draw_card(p, t, e))
        return false;
    draw_rules(p, t);
    draw_foot(p, a, t);
    return pdf_finish(p, pdf, e);
}
