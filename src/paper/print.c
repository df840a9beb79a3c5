/* paper/print.c - a form on paper: candidate box, sections, questions, or the key beside it. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/json_out.h"
#include "base/pdf.h"
#include "paper/print_key.h"
#include "paper/print_picture.h"
#include "paper/render.h"

#define MARGIN        PDF_MM(20)
#define FOOT_HEIGHT   PDF_MM(14)
#define OPTION_INDENT PDF_MM(6)

static const struct pdf_style title = {.size = 17, .bold = true, .align = PDF_CENTRE},
                              subtitle = {.size = 10.5, .align = PDF_CENTRE},
                              heading = {.size = 12, .bold = true}, body = {.size = 10.5},
                              small = {.size = 8.5, .align = PDF_CENTRE},
                              key_text = {.size = 10, .colour = 0x1D4E89},
                              note = {.size = 9.5, .colour = PDF_GREY};

struct printing {
    struct arena *arena;
    const struct form *form;
    const struct print_order *order;
    struct pdf *pdf;
    double y;
    int pages; /* in all; 0 while they are counted */
    struct err failed;
};

static double width(const struct printing *p)
{
    return pdf_width(p->pdf) - 2 * MARGIN;
}

/* Cairo asks for the mark first, then what lies over it. */
static void begin_page(struct printing *p)
{
    p->y = MARGIN;
    if (p->order->specimen)
        pdf_watermark(p->pdf, "样张", 130, 0xEEEEEE);
}

static void end_page(struct printing *p)
{
    const char *foot = arena_printf(p->arena, "%s　第 %d 页　共 %d 页", p->order->title,
                                    pdf_page_count(p->pdf), p->pages);
    pdf_text(p->pdf, MARGIN, pdf_height(p->pdf) - FOOT_HEIGHT, width(p), &small, foot);
}

/* Room for HEIGHT on this page, or the next one. What is higher than a page starts on its own. */
static void make_room(struct printing *p, double height)
{
    double bottom = pdf_height(p->pdf) - FOOT_HEIGHT - PDF_MM(4);
    if (p->y + height <= bottom || p->y <= MARGIN)
        return;
    end_page(p);
    pdf_next_page(p->pdf);
    begin_page(p);
}

static void block(struct printing *p, double indent, const struct pdf_style *s,
                  const char *text, double after)
{
    make_room(p, pdf_text_height(p->pdf, width(p) - indent, s, text));
    p->y += pdf_text(p->pdf, MARGIN + indent, p->y, width(p) - indent, s, text) + after;
}

static void candidate_box(struct printing *p)
{
    static const char *const labels[] = {"姓　　名", "准考证号", "身份证件号", "考场 / 座位"};
    double w = width(p) / 2, h = PDF_MM(9);
    for (size_t i = 0; i < 4; i++) {
        size_t column = i % 2, row = i / 2;
        struct pdf_box b = {MARGIN + (double)column * w, p->y + (double)row * h, w, h};
        pdf_frame(p->pdf, b, 0.6, PDF_BLACK);
        pdf_line(p->pdf, b.x + PDF_MM(26), b.y, b.x + PDF_MM(26), b.y + h, 0.6, PDF_BLACK);
        pdf_text(p->pdf, b.x + PDF_MM(2), b.y + PDF_MM(2), PDF_MM(23), &body, labels[i]);
    }
    p->y += 2 * h + PDF_MM(4);
}

static const char *marks_text(struct arena *a, int64_t millimarks)
{
    if (millimarks % 1000 == 0)
        return arena_printf(a, "%lld", (long long)(millimarks / 1000));
    const char *text = arena_printf(a, "%lld.%03lld", (long long)(millimarks / 1000),
                                    (long long)(millimarks % 1000));
    size_t len = strlen(text);
    while (text[len - 1] == '0')
        len--;
    return arena_copy(a, text, len);
}

static void score_box(struct printing *p)
{
    size_t columns = p->form->part_count + 2;
    double w = width(p) / (double)columns, h = PDF_MM(7);
    static const struct pdf_style centre = {.size = 9.5, .align = PDF_CENTRE};
    for (size_t i = 0; i < columns; i++) {
        const char *top = i == 0             ? "题号"
                          : i == columns - 1 ? "总分"
                                             : section_number(p->arena, i);
        struct pdf_box b = {MARGIN + (double)i * w, p->y, w, h};
        pdf_frame(p->pdf, b, 0.6, PDF_BLACK);
        pdf_text(p->pdf, b.x, b.y + PDF_MM(1.2), w, &centre, top);
        b.y += h;
        pdf_frame(p->pdf, b, 0.6, PDF_BLACK);
        if (i == 0)
            pdf_text(p->pdf, b.x, b.y + PDF_MM(1.2), w, &centre, "得分");
    }
    p->y += 2 * h + PDF_MM(5);
}

static void head(struct printing *p)
{
    const struct form_row *r = &p->form->row;
    const struct print_order *o = p->order;
    block(p, 0, &subtitle, o->body_name ? o->body_name : "", PDF_MM(1));
    block(p, 0, &title, arena_printf(p->arena, "%s%s", o->title, o->key ? "　答案与解析" : ""),
          PDF_MM(1));
    block(p, 0, &subtitle,
          arena_printf(p->arena, "%s　满分 %s 分　考试时间 %lld 分钟", r->name,
                       marks_text(p->arena, r->millimarks), (long long)o->minutes),
          PDF_MM(4));
    if (o->key)
        return;
    candidate_box(p);
    score_box(p);
    block(p, 0, &note,
          o->notes ? o->notes
                   : "注意事项：请先填写姓名等各栏；答案写在规定位置，写在草稿纸上无效；"
                     "考试结束时试卷、答题纸、草稿纸一并交回。",
          PDF_MM(5));
}

/* --- questions ------------------------------------------------------------------------------- */
struct question {
    const struct item *item; /* whose pictures it shows */
    const struct item_kind *kind;
    const void *body;
    const json_t *whole, *part; /* with their keys; part == whole outside of cases */
    int64_t n, millimarks;
};

/* What the candidate sees, as JSON: the one way in which options get their order. */
static const json_t *presented(struct printing *p, const struct question *q, struct shuffle *s)
{
    struct err e = {0};
    struct json_out *o = json_out_create(p->arena);
    out_object(o);
    q->kind->present(q->body, s, o);
    out_object_end(o);
    const char *text = pictures_numbered(p->arena, &q->item->meta, json_out_text(o));
    return json_read(p->arena, text, strlen(text), &e);
}

/* What hangs below TEXT: the pictures that it names. A page that cannot show one is no paper. */
static void picture(struct printing *p, const struct item_picture *one,
                    const struct question *ruled)
{
    struct pdf_box box = print_picture_box(one, width(p) - OPTION_INDENT, ruled);
    make_room(p, box.y + box.height + PDF_MM(6));
    box.x += MARGIN + OPTION_INDENT;
    box.y += p->y;
    if (!p->failed.code && !print_picture(p->pdf, box, p->form, one, &p->failed))
        return;
    if (ruled)
        print_ruler(p->pdf, box, one);
    if (ruled && p->order->key)
        print_areas(p->pdf, box, one, ruled->part);
    p->y = box.y + box.height + PDF_MM(2);
}

static void pictures_of(struct printing *p, const struct item *item, const char *text)
{
    for (size_t i = 0; i < item->meta.picture_count; i++) {
        const struct item_picture *one = &item->meta.pictures[i];
        if (!text_names_attached(text, one->id))
            continue;
        picture(p, one, NULL);
        block(p, OPTION_INDENT, &note, arena_printf(p->arena, "〔图%zu〕%s", i + 1, one->alt),
              PDF_MM(1));
    }
}

/* Paper does not play: what it is, how long, and what is said where that may be read. */
static void media_of(struct printing *p, const struct item *item, const char *text)
{
    for (size_t i = 0; i < item->meta.media_count; i++) {
        const struct item_media *one = &item->meta.media[i];
        if (!text_names_attached(text, one->id))
            continue;
        block(p, OPTION_INDENT, &note,
              arena_printf(p->arena, "〔%s%zu〕%s（%lld 秒，由考场播放）",
                           media_is_film(one->type) ? "视频" : "音频", i + 1, one->alt,
                           (long long)((one->duration_ms + 999) / 1000)),
              PDF_MM(1));
        if (one->transcript)
            block(p, OPTION_INDENT, &note, one->transcript, PDF_MM(1));
    }
}

/* How high the one that it is about stands, its ruler and its line to write on. */
static double spot_height(struct printing *p, const struct question *q)
{
    const char *about = json_member_text(q->part, "picture");
    for (size_t i = 0; about && i < q->item->meta.picture_count; i++)
        if (strcmp(q->item->meta.pictures[i].id, about) == 0) {
            struct pdf_box box = print_picture_box(&q->item->meta.pictures[i],
                                                   width(p) - OPTION_INDENT, true);
            return box.y + box.height + PDF_MM(8);
        }
    return 0;
}

/* Those of the question, options too, and the one that a hotspot is about. */
static void question_pictures(struct printing *p, const struct question *q)
{
    const struct item_meta *m = &q->item->meta;
    struct json_out *o = json_out_create(p->arena);
    if (m->picture_count + m->media_count == 0)
        return;
    out_object(o);
    q->kind->present(q->body, NULL, o);
    out_object_end(o);
    pictures_of(p, q->item, json_out_text(o));
    media_of(p, q->item, json_out_text(o));
    const char *about = json_member_text(q->part, "picture");
    for (size_t i = 0; about && i < m->picture_count; i++)
        if (strcmp(m->pictures[i].id, about) == 0)
            picture(p, &m->pictures[i], q);
    if (about && !p->order->key)
        block(p, OPTION_INDENT, &body, "横坐标（　　　　）　纵坐标（　　　　）", PDF_MM(1));
}

static void guide_lines(struct printing *p, const json_t *guide)
{
    for (size_t i = 0; i < json_array_size(guide); i++) {
        const json_t *one = json_array_get(guide, i);
        block(p, PDF_MM(12), &key_text,
              arena_printf(p->arena, "· %s（%lld 分）", json_member_text(one, "point"),
                           (long long)json_member_int(one, "marks", 0)),
              PDF_MM(0.5));
    }
}

/* Options stand beside each other, four or two to a line, where they are short. */
struct option_grid {
    const char **text;
    size_t count, columns;
    double cell, height; /* of one option's column; of all lines */
};

static double line_height(struct printing *p, const struct option_grid *g, size_t from)
{
    double height = 0;
    for (size_t k = from; k < from + g->columns && k < g->count; k++) {
        double one = pdf_text_height(p->pdf, g->cell - PDF_MM(2), &body, g->text[k]);
        height = one > height ? one : height;
    }
    return height + PDF_MM(0.5);
}

static struct option_grid grid_of(struct printing *p, const json_t *options)
{
    struct option_grid g = {.count = json_array_size(options), .columns = 4};
    double room = width(p) - OPTION_INDENT;
    g.text = arena_array(p->arena, const char *, g.count + 1);
    for (size_t i = 0; i < g.count; i++) {
        g.text[i] = arena_printf(p->arena, "%c. %s", (char)('A' + i),
                                 json_member_text(json_array_get(options, i), "text"));
        while (g.columns > 1 &&
               pdf_text_width(p->pdf, &body, g.text[i]) > room / (double)g.columns - PDF_MM(3))
            g.columns /= 2;
    }
    g.cell = room / (double)g.columns;
    for (size_t i = 0; i < g.count; i += g.columns)
        g.height += line_height(p, &g, i);
    return g;
}

static void option_lines(struct printing *p, const struct option_grid *g)
{
    for (size_t i = 0; i < g->count; i += g->columns) {
        double height = line_height(p, g, i);
        make_room(p, height);
        for (size_t k = i; k < i + g->columns && k < g->count; k++)
            pdf_text(p->pdf, MARGIN + OPTION_INDENT + (double)(k - i) * g->cell, p->y,
                     g->cell - PDF_MM(2), &body, g->text[k]);
        p->y += height;
    }
}

/* What is to be matched, each with room for a letter. */
static void premise_lines(struct printing *p, const json_t *premises)
{
    for (size_t i = 0; i < json_array_size(premises); i++)
        block(p, OPTION_INDENT, &body,
              arena_printf(p->arena, "(%zu) %s%s", i + 1,
                           json_string_value(json_array_get(premises, i)),
                           p->order->key ? "" : "（　　）"),
              PDF_MM(0.5));
}

static double space_to_write(const struct question *q)
{
    return strcmp(q->kind->name, "short") == 0     ? PDF_MM(45)
           : strcmp(q->kind->name, "numeric") == 0 ? PDF_MM(14)
           : strcmp(q->kind->name, "blank") == 0   ? PDF_MM(6)
                                                   : 0;
}

static void question(struct printing *p, const struct question *q, struct shuffle *s)
{
    const json_t *shown = presented(p, q, s), *options = json_object_get(shown, "options");
    bool brackets = (options && !json_object_get(shown, "premises")) ||
                    strcmp(q->kind->name, "true_false") == 0;
    const char *stem = arena_printf(p->arena, "%lld. %s%s", (long long)q->n,
                                    json_member_text(shown, "stem"),
                                    brackets && !p->order->key ? "（　　）" : "");
    /* A question is not torn over two pages. */
    struct option_grid grid = grid_of(p, options);
    make_room(p, pdf_text_height(p->pdf, width(p), &body, stem) + PDF_MM(1) + grid.height +
                     spot_height(p, q) + (p->order->key ? PDF_MM(6) : space_to_write(q)));
    block(p, 0, &body, stem, PDF_MM(1));
    question_pictures(p, q);
    premise_lines(p, json_object_get(shown, "premises"));
    option_lines(p, &grid);
    if (p->order->key) {
        block(p, PDF_MM(6), &key_text,
              arena_printf(p->arena, "答案：%s", print_key(p->arena, q->part, shown)),
              PDF_MM(0.5));
        guide_lines(p, json_object_get(q->part, "guide"));
    } else {
        p->y += space_to_write(q);
    }
    p->y += PDF_MM(2);
}

/* Explanations speak of options by the letters of the bank: how those stand in this print. */
static const char *letters_note(struct printing *p, const struct question *q, struct shuffle *s)
{
    const json_t *options = json_object_get(presented(p, q, s), "options");
    char own[16] = {0}, printed[16] = {0};
    bool moved = false;
    for (size_t i = 0; i < json_array_size(options) && i + 1 < sizeof own; i++) {
        own[i] = (char)('A' + i);
        printed[i] = print_letter(options, (const char[2]){own[i], 0});
        moved |= own[i] != printed[i];
    }
    return moved ? arena_printf(p->arena, "（所称选项 %s 即本卷 %s）", own, printed) : "";
}

static void explanation(struct printing *p, const struct item *item, const char *letters)
{
    const char *text = json_member_text(item->json, "explanation");
    if (!p->order->key || !text)
        return;
    block(p, PDF_MM(6), &note,
          arena_printf(p->arena, "解析%s：%s", letters,
                       pictures_numbered(p->arena, &item->meta, text)),
          PDF_MM(3));
    pictures_of(p, item, text);
    media_of(p, item, text);
}

static void print_item(struct printing *p, uint32_t index, struct shuffle *s, int64_t *n)
{
    const struct form_item *f = &p->form->items[index];
    const struct item item = paper_item(p->arena, p->form, index, p->order->seed), *it = &item;
    const struct item_part *parts;
    if (!it->kind->parts) {
        struct question q = {it, it->kind, it->body, it->json, it->json, (*n)++, f->millimarks};
        struct shuffle again = s ? *s : (struct shuffle){.next = 0};
        question(p, &q, s);
        explanation(p, it, letters_note(p, &q, s ? &again : NULL));
        return;
    }
    block(p, 0, &body,
          arena_printf(p->arena, "【材料】%s",
                       pictures_numbered(p->arena, &it->meta, item_stem(it))),
          PDF_MM(2));
    pictures_of(p, it, item_stem(it));
    media_of(p, it, item_stem(it));
    size_t count = it->kind->parts(it->body, &parts);
    for (size_t i = 0; i < count; i++) {
        struct question q = {it,
                             parts[i].kind,
                             parts[i].body,
                             it->json,
                             json_array_get(json_object_get(it->json, "items"), i),
                             (*n)++,
                             item_part_marks(parts, count, i, (int32_t)f->millimarks)};
        question(p, &q, s);
    }
    explanation(p, it, "");
}

static void sections(struct printing *p)
{
    const struct form *f = p->form;
    uint32_t *order = arena_array(p->arena, uint32_t, f->item_count + 1);
    size_t at = 0;
    int64_t n = 1;
    paper_order(f, p->order->seed, order);
    for (size_t i = 0; i < f->part_count; i++) {
        const struct layout_part *l = &f->parts[i];
        const char *name = section_name(p->arena, i + 1, item_kind_find(l->kind)->label);
        make_room(p, PDF_MM(25)); /* a heading stays with its first question */
        block(p, 0, &heading,
              arena_printf(p->arena, "%s（共 %lld 题，每题 %s 分，共 %s 分）", name,
                           (long long)l->count, marks_text(p->arena, l->millimarks),
                           marks_text(p->arena, l->millimarks * l->count)),
              PDF_MM(3));
        for (; at < f->item_count && f->items[order[at]].section == i; at++) {
            struct shuffle room;
            print_item(p, order[at], paper_options(p->order->seed, order[at], &room), &n);
        }
    }
}

static struct pdf *draw(struct printing *p)
{
    p->pdf = pdf_create(p->arena, &(struct pdf_form){.title = p->order->title,
                                                     .author = p->order->body_name,
                                                     .created_ms = p->order->created_ms});
    begin_page(p);
    head(p);
    sections(p);
    end_page(p);
    return p->pdf;
}

/* Drawn twice: the first time counts the pages for 共 N 页. */
bool paper_print(struct arena *a, const struct form *form, const struct print_order *order,
                 struct bytes *pdf, struct err *e)
{
    struct printing p = {.arena = a, .form = form, .order = order};
    p.pages = pdf_page_count(draw(&p));
    struct pdf *drawn = draw(&p);
    if (p.failed.code) {
        *e = p.failed;
        return false;
    }
    return pdf_finish(drawn, pdf, e);
}
