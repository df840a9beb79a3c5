/* certificate/render.c - draws the sheet. */
#include "certificate/render.h"

#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/pdf.h"
#include "certificate/attach.h"
#include "certificate/certificate.h"
#include "certificate/credential.h"
#include "certificate/render_frame.h"

/* Millimetres; the text block is 158 wide between margins of 26. */
static const double LEFT = 26.0, WIDTH = 158.0, TITLE_TOP = 36.0, FIELDS_WIDTH = 120.0;
static const double LABEL_WIDTH = 35.0, ROW = 12.5, PHOTO_WIDTH = 25.0, PHOTO_HEIGHT = 35.0;
static const double FIELDS_TOP_MIN = 118.0, QR_SIZE = 36.0, QR_BOTTOM = 271.0;
static const double SIGN_WIDTH = 68.0, SIGN_BOTTOM = 262.0, FOOT = 272.5;
#define DEEP_TEAL 0x0B4A4Du
#define INK       0x111111u
#define SOFT      0x333333u
#define RULE      0xB9C2C0u
#define PALE      0xF3E7E5u

static double text(struct pdf *p, double x_mm, double y_mm, double width_mm,
                   const struct pdf_style *s, const char *t)
{
    return pdf_text(p, PDF_MM(x_mm), PDF_MM(y_mm), PDF_MM(width_mm), s, t) * 25.4 / 72.0;
}

/* Returns where the heading ends, in millimetres. */
static double heading(struct pdf *p, const struct certificate_face *f)
{
    const struct pdf_style title = {.size = strlen(f->title) > 36 ? 24 : 31,
                                    .bold = true,
                                    .serif = true,
                                    .align = PDF_CENTRE,
                                    .spacing = 4.3,
                                    .leading = 1.25,
                                    .colour = DEEP_TEAL};
    const struct pdf_style english = {
        .size = 11, .serif = true, .align = PDF_CENTRE, .spacing = 0.66, .colour = SOFT};
    const struct pdf_style sentence = {.size = 14,
                                       .serif = true,
                                       .align = PDF_JUSTIFY,
                                       .leading = 2,
                                       .indent = 28,
                                       .colour = INK};
    const struct pdf_style small = {.size = 9, .serif = true, .leading = 1.55, .colour = SOFT};
    double y = TITLE_TOP;
    y += text(p, LEFT, y, WIDTH, &title, f->title) + 1.5;
    y += text(p, LEFT, y, WIDTH, &english, f->title_english) + 12.0;
    y += text(p, LEFT, y, WIDTH, &sentence, f->text) + 3.0;
    return y + text(p, LEFT, y, WIDTH, &small, f->text_english);
}

static void row(struct pdf *p, double y, const char *label, const char *english,
                const char *value)
{
    const struct pdf_style l = {.size = 10.5, .serif = true, .leading = 1.2, .colour = INK};
    const struct pdf_style s = {.size = 7.5, .serif = true, .leading = 1.2, .colour = 0x444444};
    const struct pdf_style v = {.size = 12, .serif = true, .fangsong = true, .colour = INK};
    double width = FIELDS_WIDTH - LABEL_WIDTH;
    double high = pdf_text_height(p, PDF_MM(width), &v, value) * 25.4 /
                  72.0; /* two lines still fit */
    double label_high = text(p, LEFT, y + 2.4, LABEL_WIDTH, &l, label);
    text(p, LEFT, y + 2.4 + label_high, LABEL_WIDTH, &s, english);
    text(p, LEFT + LABEL_WIDTH, y + (ROW - high) / 2.0 + 0.3, width, &v, value);
    pdf_line(p, PDF_MM(LEFT), PDF_MM(y + ROW), PDF_MM(LEFT + FIELDS_WIDTH), PDF_MM(y + ROW),
             PDF_MM(0.2), RULE);
}

/* Issuing body and date stand in the seal's corner, the rest in rows. */
static void fields(struct pdf *p, double y, const struct certificate_sheet *s)
{
    const struct certificate_face *f = &s->certificate->face;
    for (int k = 0; k < FACE_KEYS; k++) {
        if (!f->value[k] || k == FACE_issuer || k == FACE_issued)
            continue;
        row(p, y, face_label(f, (enum face_key)k), face_label_english(f, (enum face_key)k),
            k == FACE_document ? s->secrets->document_number : f->value[k]);
        y += ROW;
    }
}

static bool photo(struct pdf *p, double y, const struct certificate_sheet *s, struct err *e)
{
    struct pdf_box box = {PDF_MM(LEFT + WIDTH - PHOTO_WIDTH), PDF_MM(y), PDF_MM(PHOTO_WIDTH),
                          PDF_MM(PHOTO_HEIGHT)};
    if (!s->photo.at)
        return true;
    if (!pdf_image(p, box, s->photo, e))
        return false;
    pdf_frame(p, box, PDF_MM(0.2), 0x8A9694u);
    return true;
}

static void addresses(struct pdf *p, const struct certificate_sheet *s, struct arena *a)
{
    const struct certificate_face *f = &s->certificate->face;
    const struct pdf_style bold = {.size = 8.5, .serif = true, .bold = true, .colour = INK};
    const struct pdf_style plain = {.size = 8.5, .serif = true, .colour = INK};
    const struct {
        const char *label, *address;
    } lines[] = {
        {"证书信息查询", f->site},
        {"机构信息查询", f->body_site},
        {"扫码或在线核验", arena_printf(a, "%s/verify", s->public_url)},
    };
    double x = LEFT + QR_SIZE + 1.0, width = WIDTH - QR_SIZE - SIGN_WIDTH - 1.0, high = 0;
    for (int draw = 0; draw < 2; draw++) { /* first how high, then from the foot of the QR */
        double y = QR_BOTTOM - 2.6 - high;
        for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
            if (!lines[i].address)
                continue;
            if (!draw) {
                high += (pdf_text_height(p, PDF_MM(width), &bold, lines[i].label) +
                         pdf_text_height(p, PDF_MM(width), &plain, lines[i].address)) *
                        25.4 / 72.0;
                continue;
            }
            y += text(p, x, y, width, &bold, lines[i].label);
            y += text(p, x, y, width, &plain, lines[i].address);
        }
    }
}

static void signing(struct pdf *p, const struct certificate_sheet *s)
{
    const struct certificate_face *f = &s->certificate->face;
    const struct pdf_style note = {
        .size = 9, .serif = true, .align = PDF_CENTRE, .leading = 1.5, .colour = 0x5A6664};
    const struct pdf_style body = {
        .size = 11, .serif = true, .align = PDF_CENTRE, .leading = 1.5, .colour = INK};
    const struct pdf_style date = {
        .size = 12, .serif = true, .fangsong = true, .align = PDF_CENTRE, .colour = INK};
    double x = LEFT + WIDTH - SIGN_WIDTH, y = SIGN_BOTTOM;
    y -= pdf_text_height(p, PDF_MM(SIGN_WIDTH), &date, f->value[FACE_issued]) * 25.4 / 72.0;
    text(p, x, y, SIGN_WIDTH, &date, f->value[FACE_issued]);
    y -= pdf_text_height(p, PDF_MM(SIGN_WIDTH), &body, f->value[FACE_issuer]) * 25.4 / 72.0;
    text(p, x, y, SIGN_WIDTH, &body, f->value[FACE_issuer]);
    render_seal_place(p, PDF_MM(x + SIGN_WIDTH / 2), PDF_MM(SIGN_BOTTOM - 11.0));
    text(p, x, SIGN_BOTTOM - 27.5, SIGN_WIDTH, &note,
         s->certificate->specimen ? "机构印章处\n样张，不具效力" : "机构印章处");
}

static void foot(struct pdf *p, const struct certificate *c, struct arena *a)
{
    const struct pdf_style left = {.size = 8, .serif = true, .colour = 0x444444};
    const struct pdf_style right = {
        .size = 8, .serif = true, .align = PDF_RIGHT, .colour = 0x444444};
    text(p, LEFT, FOOT, WIDTH / 2, &left, arena_printf(a, "印制流水码 %s", c->print_serial));
    text(p, LEFT + WIDTH / 2, FOOT, WIDTH / 2, &right, "扫码可核对全部印刷内容和证书状态");
}

static bool draw(struct arena *a, struct pdf *p, const struct certificate_sheet *s,
                 struct err *e)
{
    const char *qr = s->secrets->qr;
    if (s->certificate->specimen)
        pdf_watermark(p, "样 张", 170, PALE);
    render_frame(p);
    double y = heading(p, &s->certificate->face) + 11.0;
    if (y < FIELDS_TOP_MIN)
        y = FIELDS_TOP_MIN;
    fields(p, y, s);
    if (!photo(p, y, s, e) ||
        !pdf_qr(p, PDF_MM(LEFT - 2.0), PDF_MM(QR_BOTTOM - QR_SIZE), PDF_MM(QR_SIZE),
                (struct bytes){(const unsigned char *)qr, strlen(qr)}, e))
        return false;
    addresses(p, s, a);
    signing(p, s);
    foot(p, s->certificate, a);
    return true;
}

bool certificate_can_be_printed(struct arena *a, const struct certificate *c, struct err *e)
{
    struct bytes pdf;
    const struct pdf_style s = {.size = 12, .serif = true};
    struct pdf *p = pdf_create(a, &(struct pdf_form){0});
    for (int k = 0; k < FACE_KEYS; k++)
        if (c->face.value[k])
            pdf_text_width(p, &s, c->face.value[k]);
    pdf_text_width(p, &s, c->face.title);
    return pdf_finish(p, &pdf, e);
}

bool certificate_render(struct arena *a, const struct certificate_sheet *s, struct bytes *pdf,
                        struct err *e)
{
    const struct certificate *c = s->certificate;
    struct bytes drawn, bundle;
    const struct pdf_form form = {
        .title = arena_printf(a, "%s %s", c->face.title, c->number),
        .author = c->face.value[FACE_issuer],
        .subject = c->face.value[FACE_occupation],
        .created_ms = c->issued_ms,
    };
    const json_t *credential = json_read(a, c->credential, strlen(c->credential), e);
    if (!credential)
        return false;
    struct pdf *p = pdf_create(a, &form);
    if (!draw(a, p, s, e) || !pdf_finish(p, &drawn, e) ||
        !jcs_write(
            a, credential_bundle(a, credential, s->secrets->document_number, s->secrets->salt),
            &bundle, e))
        return false;
    return pdf_attach(a, drawn, "certificate.json", bundle, pdf, e);
}
