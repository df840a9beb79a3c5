/* base/xlsx_test.c - sheets written by libxlsxwriter and by hand, and files that must be refused. */
#include "base/xlsx.h"

#include <stdlib.h>
#include <unistd.h>
#include <xlsxwriter.h>
#include <zip.h>

#include "base/arena.h"
#include "base/file.h"
#include "test/check.h"

static struct bytes written(struct arena *a)
{
    char path[] = "/tmp/heng-xlsx-XXXXXX";
    struct err e = {0};
    struct bytes out;
    CHECK("a temporary file", close(mkstemp(path)) == 0);
    lxw_workbook *book = workbook_new(path);
    lxw_worksheet *sheet = workbook_add_worksheet(book, "试题");
    worksheet_write_string(sheet, 0, 0, "编号", NULL);
    worksheet_write_string(sheet, 0, 2, "题干", NULL);
    worksheet_write_string(sheet, 3, 0, "a<b>&\"c\"", NULL);
    worksheet_write_number(sheet, 3, 1, 46347.5, NULL);
    worksheet_write_boolean(sheet, 3, 2, 1, NULL);
    workbook_close(book);
    CHECK_OK("read back", file_read(a, path, 1 << 20, &out, &e), &e);
    unlink(path);
    return out;
}

void xlsx_cells_test(void)
{
    struct arena *a = arena_create(512 << 20);
    struct err e = {0};
    struct table t;
    struct bytes file = written(a);
    CHECK("looks like one", xlsx_looks_like(file));
    CHECK_OK("reads", xlsx_read(a, file, &t, &e), &e);
    CHECK_INT("rows with cells", t.count, 2);
    CHECK_INT("a column is left out", table_column(&t, "题干"), 2);
    CHECK_TEXT("gap", t.rows[0].cells[1], "");
    CHECK_INT("row number", t.rows[1].line, 4);
    CHECK_TEXT("text", t.rows[1].cells[0], "a<b>&\"c\"");
    CHECK_TEXT("number", t.rows[1].cells[1], "46347.5");
    CHECK_TEXT("as a date", xlsx_date(a, t.rows[1].cells[1]), "2026-11-21");
    CHECK_TEXT("no date", xlsx_date(a, "2026-11-21"), "2026-11-21");
    CHECK_TEXT("truth", t.rows[1].cells[2], "TRUE");
    arena_destroy(a);
}

/* A ZIP of the parts given: name, text, name, text, NULL. */
static struct bytes zip_of(struct arena *a, const char *const *parts)
{
    zip_error_t why;
    zip_error_init(&why);
    zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, &why);
    zip_source_keep(source);
    zip_t *zip = zip_open_from_source(source, ZIP_CREATE | ZIP_TRUNCATE, &why);
    for (size_t i = 0; parts[i]; i += 2) {
        zip_source_t *part = zip_source_buffer(zip, parts[i + 1], strlen(parts[i + 1]), 0);
        CHECK("part", zip_file_add(zip, parts[i], part, ZIP_FL_ENC_UTF_8) >= 0);
    }
    CHECK_INT("closed", zip_close(zip), 0);
    zip_stat_t s;
    zip_source_stat(source, &s);
    zip_source_open(source);
    unsigned char *bytes = arena_array(a, unsigned char, s.size);
    CHECK_INT("read back", zip_source_read(source, bytes, s.size), (zip_int64_t)s.size);
    zip_source_close(source);
    zip_source_free(source);
    zip_error_fini(&why);
    return (struct bytes){bytes, s.size};
}

#define BOOK  "<workbook><sheets><sheet name='x'/></sheets></workbook>"
#define SHEET "xl/worksheets/sheet1.xml"

void xlsx_inline_strings_test(void)
{
    static const char *const parts[] = {
        "xl/workbook.xml", BOOK, SHEET,
        "<x:worksheet xmlns:x='y'><x:sheetData><x:row><x:c "
        "t='inlineStr'><x:is><x:r><x:t>张</x:t>"
        "</x:r><x:r><x:t>三</x:t></x:r><x:rPh><x:t>zhang</x:t></x:rPh></x:is></x:c>"
        "<x:c t='str'><x:f>1+1</x:f><x:v>two</x:v></x:c><x:c t='s'><x:v>9</x:v></x:c></x:row>"
        "</x:sheetData></x:worksheet>",
        NULL};
    struct arena *a = arena_create(64 << 20);
    struct err e = {0};
    struct table t;
    CHECK_OK("reads", xlsx_read(a, zip_of(a, parts), &t, &e), &e);
    CHECK_INT("rows", t.count, 1);
    CHECK_INT("a shared string that is not there is empty", t.rows[0].count, 2);
    CHECK_TEXT("runs joined, reading left out", t.rows[0].cells[0], "张三");
    CHECK_TEXT("result of a formula", t.rows[0].cells[1], "two");
    arena_destroy(a);
}

void xlsx_refuses_test(void)
{
    struct arena *a = arena_create(512 << 20);
    char *zeros = arena_array(a, char, (8 << 20) + 64);
    memset(zeros, ' ', 8 << 20);
    memcpy(zeros, "<a>", 3);
    char *deep = arena_array(a, char, 4096);
    for (int i = 0; i < 100; i++)
        memcpy(deep + 3 * i, "<a>", 3);
    const struct {
        const char *what;
        const char *parts[5];
    } cases[] = {
        {"no workbook", {"hello.txt", "hello", NULL}},
        {"no sheet", {"xl/workbook.xml", BOOK, NULL}},
        {"broken XML", {"xl/workbook.xml", BOOK, SHEET, "<a><b></a>", NULL}},
        {"a DOCTYPE",
         {"xl/workbook.xml", BOOK, SHEET, "<!DOCTYPE a [<!ENTITY b 'cc'>]><a>&b;</a>", NULL}},
        {"too deep", {"xl/workbook.xml", BOOK, SHEET, deep, NULL}},
        {"a bomb", {"xl/workbook.xml", BOOK, SHEET, zeros, NULL}},
        {"a way out", {"xl/workbook.xml", BOOK, "xl/../../" SHEET, "<a/>", NULL}},
        {"a way out at the end", {"xl/workbook.xml", BOOK, "xl/..", "<a/>", NULL}},
        {"from the root", {"xl/workbook.xml", BOOK, "/etc/passwd", "<a/>", NULL}},
        {"from a drive", {"xl/workbook.xml", BOOK, "c:/a", "<a/>", NULL}},
        {"with backslashes", {"xl/workbook.xml", BOOK, "xl\\..\\a", "<a/>", NULL}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err e = {0};
        struct table t;
        CHECK_INT(cases[i].what, xlsx_read(a, zip_of(a, cases[i].parts), &t, &e), false);
        CHECK_TEXT(cases[i].what, e.field, "file");
        CHECK(e.text, e.code == ERR_INVALID || e.code == ERR_TOO_LARGE);
    }
    static const char *const two[] = {"xl/workbook.xml", BOOK, "xl/workbooc.xml", BOOK, NULL};
    struct bytes twice = zip_of(a, two);
    char *name = arena_copy(a, twice.at, twice.len), *at = name;
    while ((at = memmem(at, twice.len - (size_t)(at - name), "workbooc", 8)) != NULL)
        at[7] = 'k';
    struct err doubled = {0};
    struct table none;
    CHECK_REFUSED(
        "a name twice",
        xlsx_read(a, (struct bytes){(unsigned char *)name, twice.len}, &none, &doubled),
        &doubled, INVALID, "file");
    struct bytes whole = written(a);
    for (size_t len = 0; len < whole.len; len += 97) {
        struct err e = {0};
        struct table t;
        CHECK_INT("cut off", xlsx_read(a, (struct bytes){whole.at, len}, &t, &e), false);
    }
    arena_destroy(a);
}
