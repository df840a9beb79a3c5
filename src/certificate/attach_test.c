/* certificate/attach_test.c - what was attached is found, and only that. */
#include "certificate/attach.h"

#include "base/arena.h"
#include "base/pdf.h"
#include "test/check.h"

static struct bytes text_bytes(const char *t)
{
    return (struct bytes){(const unsigned char *)t, strlen(t)};
}

void attach_test(void)
{
    struct arena *a = arena_create(64 << 20);
    struct err e = {0};
    struct bytes pdf, one, two, found;
    struct pdf *p = pdf_create(a, &(struct pdf_form){.title = "t"});
    const struct pdf_style s = {.size = 12};
    pdf_text(p, 50, 50, 200, &s, "证书");
    CHECK_OK("finish", pdf_finish(p, &pdf, &e), &e);
    CHECK_INT("none yet", pdf_attachment(pdf, &found), false);
    CHECK_OK("attach",
             pdf_attach(a, pdf, "certificate.json", text_bytes("{\"a\":1}"), &one, &e), &e);
    CHECK("the old bytes stay", memcmp(one.at, pdf.at, pdf.len) == 0);
    CHECK("found", pdf_attachment(one, &found));
    CHECK("same", bytes_equal(found, text_bytes("{\"a\":1}")));
    CHECK_OK("again", pdf_attach(a, pdf, "certificate.json", text_bytes("{\"a\":1}"), &two, &e),
             &e);
    CHECK("same bytes", bytes_equal(one, two));
    for (size_t cut = 1; cut < 700 && cut < one.len - pdf.len; cut++) {
        struct bytes shorter = {one.at, one.len - cut};
        if (pdf_attachment(shorter, &found))
            CHECK("never beyond the end", found.at + found.len <= shorter.at + shorter.len);
    }
    CHECK_REFUSED("not a PDF",
                  pdf_attach(a, text_bytes("hello"), "x.json", text_bytes("{}"), &two, &e), &e,
                  INTERNAL, "pdf");
    arena_destroy(a);
}
