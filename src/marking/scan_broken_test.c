/* marking/scan_broken_test.c - files of scans that are cut, too large or not what they seem: a sentence for
 * every page, and none left out in silence. */
#include <leptonica/allheaders.h>
#include <string.h>

#include "base/arena.h"
#include "marking/scan_fixture.h"
#include "marking/scan_read.h"
#include "test/check.h"

static struct scan_grey paper(struct arena *a, int w, int h)
{
    unsigned char *at = arena_alloc(a, (size_t)w * (size_t)h, 1);
    memset(at, 250, (size_t)w * (size_t)h);
    return (struct scan_grey){at, w, h};
}

static struct bytes file_of(struct arena *a, size_t pages, enum scan_file_kind kind)
{
    struct scan_grey *all = arena_array(a, struct scan_grey, pages);
    for (size_t i = 0; i < pages; i++)
        all[i] = paper(a, 210, 297);
    return scan_fixture_file(a, all, pages, kind);
}

static struct scan_read_pages read_all(struct arena *a, struct bytes file)
{
    struct err e = {0};
    struct scan_read_pages out;
    CHECK_OK("read", scan_read(a, NULL, file, NULL, 0, &out, &e), &e);
    return out;
}

static void says(const struct scan_read_pages *p, size_t i, const char *part)
{
    CHECK(part, i < p->count && p->at[i].refused && strstr(p->at[i].refused, part));
}

/* More than one child of the cage reads, each from where the one before ended. */
static void many_pages(struct arena *a)
{
    struct err e = {0};
    struct scan_read_pages p = read_all(a, file_of(a, 12, FILE_TIFF));
    CHECK_INT("all of them", p.count, 12);
    for (size_t i = 0; i < 12; i++)
        says(&p, i, "空白");
    p = read_all(a, file_of(a, SCAN_FILE_PAGES_MAX, FILE_TIFF));
    CHECK_INT("as many as may be", p.count, SCAN_FILE_PAGES_MAX);
    CHECK_REFUSED(
        "one more",
        scan_read(a, NULL, file_of(a, SCAN_FILE_PAGES_MAX + 1, FILE_TIFF), NULL, 0, &p, &e), &e,
        TOO_LARGE, "/file");
}

/* Wherever a file is cut off, what is left has its pages and one that says so, or is no picture. */
static void cut_files(struct arena *a)
{
    struct bytes tiff = file_of(a, 3, FILE_TIFF);
    for (size_t len = 16; len < tiff.len; len += tiff.len / 23) {
        struct scan_read_pages p = read_all(a, (struct bytes){tiff.at, len});
        CHECK("no more than there are", p.count >= 1 && p.count <= 3);
        CHECK("the last is missing",
              p.at[p.count - 1].refused && !strstr(p.at[p.count - 1].refused, "空白"));
    }
    const enum scan_file_kind kinds[] = {FILE_JPEG, FILE_PNG};
    for (int i = 0; i < 2; i++) {
        struct bytes one = file_of(a, 1, kinds[i]);
        struct scan_read_pages p = read_all(a, (struct bytes){one.at, one.len / 2});
        CHECK_INT("one page", p.count, 1);
        CHECK("refused", p.at[0].refused);
    }
}

/* Small files that say of themselves that they are huge. */
static void bombs(struct arena *a)
{
    l_uint8 *data = NULL;
    size_t len = 0;
    PIX *huge = pixCreate(9000, 9000, 1), *small = pixCreate(210, 297, 1);
    PIXA *both = pixaCreate(2);
    pixaAddPix(both, huge, L_COPY);
    pixaAddPix(both, small, L_COPY);
    CHECK_INT("png", pixWriteMemPng(&data, &len, huge, 0), 0);
    CHECK("small", len < 100000);
    struct scan_read_pages p = read_all(a, (struct bytes){data, len});
    says(&p, 0, "6000 万像素");
    lept_free(data);
    CHECK_INT("tiff", pixaWriteMemMultipageTiff(&data, &len, both), 0);
    p = read_all(a, (struct bytes){data, len});
    CHECK_INT("the other page is there", p.count, 2);
    says(&p, 0, "6000 万像素");
    says(&p, 1, "空白");
    lept_free(data);
    pixaDestroy(&both);
    pixDestroy(&huge);
    pixDestroy(&small);
}

static struct bytes text(const char *t)
{
    return (struct bytes){(const unsigned char *)t, strlen(t)};
}

static void pdfs(struct arena *a)
{
    struct scan_read_pages p = read_all(a, text("%PDF-1.4\nnothing in it at all"));
    CHECK_INT("no picture", p.count, 1);
    says(&p, 0, "不是 JPEG");
    p = read_all(a, text("%PDF-1.4\n1 0 obj\n<< /Subtype /Image /Filter /CCITTFaxDecode >>\n"
                         "stream\nabc\nendstream\nendobj\n"
                         "2 0 obj\n<< /Length 3 >>\nstream\nq Q\nendstream\nendobj\n"
                         "3 0 obj\n<</Subtype/Image>>stream\n\xff\xd8\xff\nendstream\nendobj"));
    CHECK_INT("two pictures and no page beside them", p.count, 2);
    says(&p, 0, "不是 JPEG");
    says(&p, 1, "损坏");
    p = read_all(a, text("%PDF-1.4\n1 0 obj\n<< /Subtype /Image >>\nstream\n\xff\xd8\xff\n"));
    CHECK_INT("cut", p.count, 1);
    says(&p, 0, "不完整");
}

void scan_broken_test(void)
{
    struct arena *a = arena_create((size_t)1 << 30);
    many_pages(a);
    cut_files(a);
    bombs(a);
    pdfs(a);
    arena_destroy(a);
}
