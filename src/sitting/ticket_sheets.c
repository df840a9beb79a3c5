/* sitting/ticket_sheets.c - the lists of a session on paper: to sign, and for the door. */
#include <stdio.h>

#include "base/arena.h"
#include "base/pdf.h"
#include "sitting/ticket_draw.h"

#define LEFT   PDF_MM(13.0)
#define WIDTH  PDF_MM(184.0)
#define BOTTOM PDF_MM(284.0)

static const struct pdf_style cell_style = {.size = 9.5, .colour = PRINT_INK};
static const struct pdf_style head_style = {
    .size = 9, .bold = true, .align = PDF_CENTRE, .colour = PRINT_INK_2};
static const struct pdf_style note_style = {.size = 9, .colour = PRINT_INK_2};

static void in_box(struct pdf *p, struct pdf_box b, const struct pdf_style *style,
                   const char *text)
{
    struct pdf_style s = *style;
    while (s.size > 5 && pdf_text_width(p, &s, text) > b.width - 5)
        s.size -= 0.5;
    pdf_text(p, b.x + 2.5, b.y + (b.height - pdf_text_height(p, b.width - 5, &s, text)) / 2,
             b.width - 5, &s, text);
}

/* Body, kind of list, session, and the room in large letters. Returns where the list begins. */
static double draw_top(struct pdf *p, struct arena *a, const struct roster *r,
                       const struct roster_room *room, const char *kind)
{
    struct pdf_style big = {.size = 22, .bold = true, .colour = PRINT_ACCENT};
    struct pdf_style title = {.size = 13, .bold = true, .colour = PRINT_INK};
    struct pdf_style right = note_style;
    right.align = PDF_RIGHT;
    if (r->demo)
        pdf_watermark(p, "样张", 150, PRINT_SAMPLE);
    pdf_fill(p, (struct pdf_box){LEFT, PDF_MM(11), WIDTH, PDF_MM(1.4)}, PRINT_ACCENT);
    pdf_text(p, LEFT, PDF_MM(14.5), WIDTH, &note_style, r->body);
    pdf_text(p, LEFT, PDF_MM(14.5), WIDTH, &right, r->batch);
    in_box(p, (struct pdf_box){LEFT - 2.5, PDF_MM(20), WIDTH * 0.62, PDF_MM(12)}, &big,
           room->room.name);
    title.align = PDF_RIGHT;
    pdf_text(p, LEFT, PDF_MM(22.5), WIDTH, &title, kind);
    pdf_text(p, LEFT, PDF_MM(33), WIDTH, &note_style,
             arena_printf(a, "%s　%s　%s\n考点：%s（%s）　座位 %lld　考生 %zu 人", r->title,
                          r->component, r->when, room->site, room->address,
                          (long long)room->room.capacity, room->taken));
    return PDF_MM(45);
}

/* ------------------------------------------------------------------ to sign */
static const struct {
    const char *head;
    double mm;
} columns[] = {{"座位", 11},      {"准考证号", 38}, {"姓名", 22},     {"证件号码", 41},
               {"等级·方向", 22}, {"签到", 19},     {"交卷离场", 19}, {"备注", 12}};
enum { COLUMNS = sizeof columns / sizeof *columns };

static void draw_row(struct pdf *p, double y, double height, const char *const cells[COLUMNS],
                     const struct pdf_style *style)
{
    double x = LEFT;
    for (size_t i = 0; i < COLUMNS; i++) {
        struct pdf_box b = {x, y, PDF_MM(columns[i].mm), height};
        if (cells[i] && *cells[i])
            in_box(p, b, style, cells[i]);
        pdf_frame(p, b, 0.4, PRINT_LINE);
        x += b.width;
    }
}

static void draw_heads(struct pdf *p, double y)
{
    const char *heads[COLUMNS];
    for (size_t i = 0; i < COLUMNS; i++)
        heads[i] = columns[i].head;
    pdf_fill(p, (struct pdf_box){LEFT, y, WIDTH, PDF_MM(8)}, PRINT_WASH);
    draw_row(p, y, PDF_MM(8), heads, &head_style);
}

/* What is filled in by hand when the room is closed. */
static void draw_record(struct pdf *p, struct arena *a, const struct roster_room *room,
                        double y)
{
    pdf_text(p, LEFT, y, WIDTH, &note_style,
             arena_printf(a,
                          "应到 %zu 人　实到 ______ 人　缺考 ______ 人　违纪 ______ 人\n"
                          "监考人员：%s　　签名 ____________________　____________________",
                          room->taken, room->invigilators));
}

static void draw_signing(struct pdf *p, struct arena *a, const struct roster *r,
                         const struct roster_room *room)
{
    const double height = PDF_MM(8.6);
    double y = draw_top(p, a, r, room, "考生签到表");
    draw_heads(p, y);
    y += PDF_MM(8);
    for (size_t i = 0; i < room->line_count; i++) {
        const struct roster_line *l = &room->lines[i];
        if (id_is_zero(l->seat.entry))
            continue;
        if (y + height > BOTTOM - PDF_MM(16)) {
            pdf_next_page(p);
            y = draw_top(p, a, r, room, "考生签到表（续）");
            draw_heads(p, y);
            y += PDF_MM(8);
        }
        const char *cells[COLUMNS] = {
            arena_printf(a, "%02d", (int)l->seat.number),
            l->number,
            l->name,
            l->document_mask,
            arena_printf(a, "%s %s", l->level, l->direction),
        };
        draw_row(p, y, height, cells, &cell_style);
        y += height;
    }
    draw_record(p, a, room, y + PDF_MM(3));
}

static bool has_pages(const struct roster *r, struct err *e)
{
    return r->room_count > 0 || FAIL(e, CONFLICT, "/rooms", "场次还没有考场。");
}

static struct pdf *begin(struct arena *a, const struct roster *r, const char *kind)
{
    return pdf_create(a, &(struct pdf_form){.title = arena_printf(a, "%s %s", kind, r->title),
                                            .author = r->body,
                                            .subject = r->batch,
                                            .created_ms = r->now_ms});
}

bool sign_in_sheet_draw(struct arena *a, const struct roster *r, struct bytes *pdf,
                        struct err *e)
{
    if (!has_pages(r, e))
        return false;
    struct pdf *p = begin(a, r, "考生签到表");
    for (size_t i = 0; i < r->room_count; i++) {
        if (i > 0)
            pdf_next_page(p);
        draw_signing(p, a, r, &r->rooms[i]);
    }
    return pdf_finish(p, pdf, e);
}

/* ------------------------------------------------------------------ for the door */
static void draw_seat(struct pdf *p, struct pdf_box b, const struct roster_line *l)
{
    struct pdf_style number = {.size = 10, .bold = true, .colour = PRINT_ACCENT};
    struct pdf_style name = {
        .size = 13, .bold = true, .align = PDF_CENTRE, .colour = PRINT_INK};
    struct pdf_style ticket = {.size = 7.5, .align = PDF_CENTRE, .colour = PRINT_INK_2};
    char text[24];
    bool taken = !id_is_zero(l->seat.entry);
    double third = b.height / 3;
    snprintf(text, sizeof text, "%02d", (int)l->seat.number);
    if (taken)
        pdf_fill(p, b, PRINT_WASH);
    pdf_frame(p, b, 0.5, PRINT_LINE);
    in_box(p, (struct pdf_box){b.x, b.y, b.width, third}, &number, text);
    if (!taken)
        return;
    in_box(p, (struct pdf_box){b.x, b.y + third * 0.85, b.width, third * 1.15}, &name,
           l->name_mask);
    in_box(p, (struct pdf_box){b.x, b.y + third * 2, b.width, third}, &ticket, l->number);
}

static void draw_door(struct pdf *p, struct arena *a, const struct roster *r,
                      const struct roster_room *room)
{
    struct pdf_style front = note_style;
    front.align = PDF_CENTRE;
    double y = draw_top(p, a, r, room, "考场座位图"), gap = PDF_MM(1.5);
    struct pdf_box desk = {LEFT + WIDTH * 0.3, y + 2, WIDTH * 0.4, PDF_MM(7)};
    pdf_frame(p, desk, 0.6, PRINT_LINE);
    in_box(p, desk, &front, "讲台");
    y += PDF_MM(12);
    double width = (WIDTH + gap) / (double)room->room.columns - gap;
    double height = (BOTTOM - PDF_MM(8) - y + gap) / (double)room->room.rows - gap;
    if (height > PDF_MM(24))
        height = PDF_MM(24);
    for (size_t i = 0; i < room->line_count; i++) {
        const struct seat *s = &room->lines[i].seat;
        struct pdf_box b = {LEFT + (double)(s->col - 1) * (width + gap),
                            y + (double)(s->row - 1) * (height + gap), width, height};
        draw_seat(p, b, &room->lines[i]);
    }
    pdf_text(p, LEFT, BOTTOM - PDF_MM(5), WIDTH, &note_style,
             "请对照座位号、姓名和准考证号就座。姓名部分隐去。");
}

bool door_list_draw(struct arena *a, const struct roster *r, struct bytes *pdf, struct err *e)
{
    if (!has_pages(r, e))
        return false;
    struct pdf *p = begin(a, r, "考场座位图");
    for (size_t i = 0; i < r->room_count; i++) {
        if (i > 0)
            pdf_next_page(p);
        draw_door(p, a, r, &r->rooms[i]);
    }
    return pdf_finish(p, pdf, e);
}
