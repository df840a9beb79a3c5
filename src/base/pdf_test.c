/* base/pdf_test.c - pages that can be made again, and characters that no font has. */
#include "base/pdf.h"

#include <malloc.h>

#include "base/arena.h"
#include "test/check.h"

static const struct pdf_style plain = {.size = 11};

static struct bytes sample(struct arena *a, int64_t at_ms)
{
    struct err e = {0};
    struct bytes out;
    struct pdf *p = pdf_create(a, &(struct pdf_form){.title = "样卷", .created_ms = at_ms});
    double one = pdf_text(p, 72, 72, 300, &plain, "职业道德");
    double many = pdf_text(p, 72, 100, 60, &plain, "与一般社会公德相比，职业道德的主要特点");
    CHECK("wrapping makes it higher", many > 2 * one);
    CHECK_NEAR("measured as drawn", pdf_text_height(p, 300, &plain, "职业道德"), one, 1e-9);
    CHECK("a line is near its leading", one > 14 && one < 18);
    CHECK_OK("QR",
             pdf_qr(p, 300, 300, 80, (struct bytes){(const unsigned char *)"HENG", 4}, &e), &e);
    pdf_watermark(p, "样张", 120, PDF_LIGHTGREY);
    pdf_next_page(p);
    CHECK_INT("pages", pdf_page_count(p), 2);
    CHECK_OK("finish", pdf_finish(p, &out, &e), &e);
    return out;
}

void pdf_pages_test(void)
{
    struct arena *a = arena_create(64 << 20);
    struct bytes one = sample(a, 1795222800000), again = sample(a, 1795222800000);
    CHECK("a PDF", one.len > 1000 && memcmp(one.at, "%PDF-1.", 7) == 0);
    CHECK("byte for byte the same", bytes_equal(one, again));
    CHECK("the time is in it", !bytes_equal(one, sample(a, 1795222800000 + 60000)));
    arena_destroy(a);
}

/* The leak checker is told to pass over the font libraries (test/main.c), so what we might forget in
 * them is counted here: cairo 1.16 itself loses 768 bytes a font and document, a forgotten picture or
 * layout is many times that. The sanitizers' heap counts nothing. */
void pdf_leaves_nothing_test(void)
{
    enum { WARM = 4, DOCUMENTS = 24, LOST_MOST = 16384 };
    size_t before = 0;
    for (int i = 0; i < WARM + DOCUMENTS; i++) {
        struct arena *a = arena_create(64 << 20);
        sample(a, 1795222800000);
        arena_destroy(a);
        if (i + 1 == WARM)
            before = mallinfo2().uordblks;
    }
    size_t after = mallinfo2().uordblks;
    CHECK("bounded", after < before + (size_t)DOCUMENTS * LOST_MOST);
}

void pdf_names_a_missing_glyph_test(void)
{
    struct arena *a = arena_create(64 << 20);
    struct err e = {0};
    struct bytes out;
    struct pdf *p = pdf_create(a, &(struct pdf_form){.title = "x"});
    pdf_text(p, 72, 72, 300, &plain, "张\xF0\xAA\x9A\xA5三"); /* U+2A6A5 */
    CHECK_REFUSED("refused", pdf_finish(p, &out, &e), &e, INVALID, "text");
    CHECK("named", strstr(e.text, "U+2A6A5"));
    arena_destroy(a);
}

void pdf_refuses_pictures_test(void)
{
    static const struct {
        const char *what, *bytes;
        size_t len;
    } broken[] = {
        {"nothing", "", 0},
        {"text", "hello", 5},
        {"JPEG without a frame", "\xFF\xD8\xFF\xD9\x00\x00\x00\x00\x00\x00\x00\x00", 12},
        {"JPEG that lies about a length", "\xFF\xD8\xFF\xE0\xFF\xFF\x00\x00\x00\x00\x00", 11},
        {"half a PNG", "\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\2\0\0\0", 29},
    };
    struct arena *a = arena_create(64 << 20);
    struct pdf *p = pdf_create(a, &(struct pdf_form){.title = "x"});
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        struct err e = {0};
        struct bytes image = {(const unsigned char *)broken[i].bytes, broken[i].len};
        CHECK_REFUSED(broken[i].what, pdf_image(p, (struct pdf_box){0, 0, 10, 10}, image, &e),
                      &e, INVALID, "image");
    }
    arena_destroy(a);
}
