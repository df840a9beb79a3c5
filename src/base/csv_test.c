/* base/csv_test.c - cells, quotes and what is refused. */
#include "base/csv.h"

#include "base/arena.h"
#include "test/check.h"

static struct bytes text_bytes(const char *s)
{
    return (struct bytes){(const unsigned char *)s, strlen(s)};
}

void csv_cells_test(void)
{
    struct arena *a = arena_create(1 << 20);
    struct err e = {0};
    struct table t;
    const char *text =
        "\xEF\xBB\xBF# note\r\nname ,\"a \"\"b\"\", c\"\r\n\r\nx,\"two\nlines\",\n";
    CHECK_OK("reads",
             csv_read(a, text_bytes(text), (struct csv_form){.comments = true}, &t, &e), &e);
    CHECK_INT("rows", t.count, 2);
    CHECK_INT("first row's cells", t.rows[0].count, 2);
    CHECK_TEXT("plain", t.rows[0].cells[0], "name ");
    CHECK_INT("heading found without blanks", table_column(&t, "name"), 0);
    CHECK_INT("no such heading", table_column(&t, "nam"), -1);
    CHECK_INT("second row's cells", t.rows[1].count, 3);
    CHECK_TEXT("two lines", t.rows[1].cells[1], "two\nlines");
    CHECK_TEXT("empty last", t.rows[1].cells[2], "");
    CHECK_TEXT("beyond the row", table_cell(&t.rows[1], 9), "");
    CHECK_INT("line number", t.rows[1].line, 4);
    arena_destroy(a);
}

void csv_refuses_test(void)
{
    struct arena *a = arena_create(1 << 20);
    static const char *const broken[] = {"a,\"b", "\"a\"b,c", "x,\"y\"z\n"};
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        struct err e = {0};
        struct table t;
        CHECK_REFUSED(broken[i],
                      csv_read(a, text_bytes(broken[i]), (struct csv_form){0}, &t, &e), &e,
                      INVALID, "file");
    }
    arena_destroy(a);
}

void csv_cell_is_guarded_test(void)
{
    struct arena *a = arena_create(1 << 20);
    CHECK_TEXT("plain", csv_cell(a, "张三"), "张三");
    CHECK_TEXT("formula", csv_cell(a, "=1+1"), "\"'=1+1\"");
    CHECK_TEXT("quote", csv_cell(a, "a\"b"), "\"a\"\"b\"");
    arena_destroy(a);
}
