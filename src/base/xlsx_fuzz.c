/* Whatever bytes come: a table whose rows grow and stay within limits, or a sentence. What does not begin as an
 * archive is taken for its parts, with a NUL between two, and the archive is made here: each byte that the fuzzer
 * changes in one would break its checksums, and nothing behind them would be reached. */
#include "base/xlsx.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/zip_out.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static struct bytes archive_of(struct arena *a, struct bytes parts)
{
    static const char *const names[] = {"xl/worksheets/sheet1.xml", "xl/sharedStrings.xml",
                                        "xl/workbook.xml", "xl/_rels/workbook.xml.rels"};
    static const char workbook[] = "<workbook/>";
    struct err e = {0};
    struct bytes out;
    struct zip_out *z = zip_out_begin(a, &e);
    size_t at = 0, n = 0;
    for (; z && n < sizeof names / sizeof *names && at <= parts.len; n++) {
        const unsigned char *from = parts.at + at, *nul = memchr(from, 0, parts.len - at);
        size_t len = nul ? (size_t)(nul - from) : parts.len - at;
        zip_out_add(z, names[n], (struct bytes){from, len});
        at += len + 1;
    }
    if (z && n < 3)
        zip_out_add(z, names[2],
                    (struct bytes){(const unsigned char *)workbook, sizeof workbook - 1});
    if (!z || !zip_out_end(z, &out, &e))
        abort();
    return out;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct arena *a = arena_create(512 << 20);
    struct err e = {0};
    struct table t = {0};
    size_t line = 0;
    struct bytes file = {data, len};
    if (len > 0 && !xlsx_looks_like(file))
        file = archive_of(a, file);
    if (xlsx_read(a, file, &t, &e)) {
        for (size_t i = 0; i < t.count; i++) {
            if (t.rows[i].count == 0 || t.rows[i].count > TABLE_COLUMNS_MAX ||
                t.rows[i].line == 0)
                abort();
            for (size_t k = 0; k < t.rows[i].count; k++)
                line += strlen(t.rows[i].cells[k]);
        }
    } else if (e.code == ERR_NONE || !*e.text || strcmp(e.field, "file") != 0) {
        abort();
    }
    arena_destroy(a);
    return line == SIZE_MAX;
}
