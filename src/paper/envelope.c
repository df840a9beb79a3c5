/* paper/envelope.c - the pieces of a room key for two bags and a node; their text and sheet. */
#include "paper/envelope.h"

#include <string.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/calendar.h"
#include "base/pdf.h"

enum { KEY_CHARACTERS = 52, GROUP = 4 };

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/* Bits first to last, the last character filled up with zeros. */
static void crockford(char *out, size_t count, const unsigned char *in, size_t len)
{
    for (size_t i = 0; i < count; i++) {
        unsigned v = 0;
        for (size_t b = 0; b < 5; b++) {
            size_t bit = i * 5 + b;
            unsigned one = bit / 8 < len ? in[bit / 8] >> (7 - bit % 8) & 1u : 0;
            v = v << 1 | one;
        }
        out[i] = alphabet[v];
    }
}

static void checked_text(char out[ENVELOPE_CHARACTERS], const struct envelope_place *p,
                         const unsigned char piece[KEY_BYTES])
{
    static const char type[] = "heng/envelope/1";
    struct hash_state h;
    unsigned char number[4], digest[HASH_BYTES], half = (unsigned char)p->half;
    hash_begin(&h);
    hash_add(&h, type, sizeof type);
    hash_add(&h, p->session.bytes, ID_BYTES);
    be32_put(number, p->room);
    hash_add(&h, number, sizeof number);
    be32_put(number, p->revision);
    hash_add(&h, number, sizeof number);
    hash_add(&h, &half, 1);
    hash_add(&h, piece, KEY_BYTES);
    hash_end(&h, digest);
    crockford(out, KEY_CHARACTERS, piece, KEY_BYTES);
    crockford(out + KEY_CHARACTERS, ENVELOPE_CHARACTERS - KEY_CHARACTERS, digest,
              sizeof digest);
}

void envelope_write(char out[ENVELOPE_TEXT_BYTES], const struct envelope_place *p,
                    const unsigned char piece[KEY_BYTES])
{
    char plain[ENVELOPE_CHARACTERS];
    size_t n = 0;
    checked_text(plain, p, piece);
    for (size_t i = 0; i < ENVELOPE_CHARACTERS; i++) {
        if (i > 0 && i % GROUP == 0)
            out[n++] = ' ';
        out[n++] = plain[i];
    }
    out[n] = '\0';
    secret_wipe(plain, sizeof plain);
}

static int value_of(char c)
{
    c = (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    c = (char)(c == 'I' || c == 'L' ? '1' : c == 'O' ? '0' : c);
    const char *at = c ? strchr(alphabet, c) : NULL;
    return at ? (int)(at - alphabet) : -1;
}

static bool gather(const char *typed, unsigned char values[ENVELOPE_CHARACTERS], struct err *e)
{
    size_t n = 0;
    for (const char *c = typed; *c; c++) {
        if (*c == ' ' || *c == '-' || *c == '\n' || *c == '\r')
            continue;
        int v = value_of(*c);
        if (v < 0 || n == ENVELOPE_CHARACTERS)
            return FAIL(e, INVALID, "/half", "信封密钥为 56 个字符，请再核对。");
        values[n++] = (unsigned char)v;
    }
    return n == ENVELOPE_CHARACTERS ||
           FAIL(e, INVALID, "/half", "信封密钥为 56 个字符，现在有 %zu 个。", n);
}

bool envelope_read(const char *typed, const struct envelope_place *p,
                   unsigned char piece[KEY_BYTES], struct err *e)
{
    unsigned char values[ENVELOPE_CHARACTERS];
    char given[ENVELOPE_CHARACTERS], wanted[ENVELOPE_CHARACTERS];
    if (!gather(typed, values, e))
        return false;
    memset(piece, 0, KEY_BYTES);
    for (size_t bit = 0; bit < (size_t)KEY_BYTES * 8; bit++)
        if (values[bit / 5] >> (4 - bit % 5) & 1u)
            piece[bit / 8] = (unsigned char)(piece[bit / 8] | 1u << (7 - bit % 8));
    for (size_t i = 0; i < ENVELOPE_CHARACTERS; i++)
        given[i] = alphabet[values[i]];
    checked_text(wanted, p, piece);
    bool same = secret_equal(given, wanted, sizeof given);
    secret_wipe(values, sizeof values);
    secret_wipe(given, sizeof given);
    if (!same)
        secret_wipe(piece, KEY_BYTES);
    return same ||
           FAIL(e, INVALID, "/half", "校验不符：字符有误，或者这不是本考场、这一半的信封。");
}

void envelope_split(const unsigned char key[KEY_BYTES], struct envelope_pieces *out)
{
    random_bytes(out->bag, sizeof out->bag);
    for (int i = 0; i < KEY_BYTES; i++)
        out->node[i] = key[i] ^ out->bag[0][i] ^ out->bag[1][i];
}

void envelope_join(const struct envelope_pieces *in, unsigned char key[KEY_BYTES])
{
    for (int i = 0; i < KEY_BYTES; i++)
        key[i] = in->node[i] ^ in->bag[0][i] ^ in->bag[1][i];
}

/* --- the sheet ----------------------------------------------------------------------------------- */
static const struct pdf_style head = {.size = 20, .bold = true, .align = PDF_CENTRE};
static const struct pdf_style body = {.size = 11};
static const struct pdf_style code = {
    .size = 17, .bold = true, .align = PDF_CENTRE, .leading = 1.9};

bool envelope_print(struct arena *a, const struct envelope_sheet *s,
                    const unsigned char piece[KEY_BYTES], struct bytes *pdf, struct err *e)
{
    char text[ENVELOPE_TEXT_BYTES], when[INSTANT_TEXT_BYTES];
    double left = PDF_MM(25), width = PDF_A4_SHORT - 2 * PDF_MM(25), y = PDF_MM(30);
    const char *half = s->place.half == 0 ? "甲" : "乙";
    struct pdf *p = pdf_create(a, &(struct pdf_form){.title = "启封信封密钥",
                                                     .author = s->body,
                                                     .created_ms = s->created_ms});
    envelope_write(text, &s->place, piece);
    instant_write(s->open_at_ms + s->zone_offset_ms, when);
    when[16] = '\0';
    when[10] = ' ';
    y += pdf_text(p, left, y, width, &head, arena_printf(a, "启封信封（%s）", half)) + 20;
    y += pdf_text(p, left, y, width, &body,
                  arena_printf(a, "%s\n%s　%s　第 %u 版\n开考时间：%s 之后才能使用。", s->body,
                               s->title, s->room, s->place.revision, when)) +
         16;
    y += pdf_text(p, left, y, width, &code, text) + 16;
    bool ok = pdf_qr(p, PDF_A4_SHORT / 2 - PDF_MM(25), y, PDF_MM(50),
                     (struct bytes){(const unsigned char *)text, strlen(text)}, e);
    y += PDF_MM(50) + 16;
    pdf_text(
        p, left, y, width, &body,
        arena_printf(a,
                     "由 %s 打印，系统不保存。请当场装入有编号的防拆信封并签名。两只信封由"
                     "两人分别保管；须两只同时、在本考场的机器上、开考时间之后使用。未启用的"
                     "信封收回、清点、登记销毁。",
                     s->printed_by));
    secret_wipe(text, sizeof text);
    return ok && pdf_finish(p, pdf, e);
}
