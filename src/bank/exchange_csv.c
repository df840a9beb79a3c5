/* bank/exchange_csv.c - one question a row of a CSV file with Chinese headings. */
#include <stdbool.h>

#include "bank/exchange.h"
#include "bank/exchange_table.h"
#include "bank/table_items.h"
#include "base/csv.h"
#include "base/text_out.h"

static bool read_file(struct exchange *x, struct bytes file, struct err *e)
{
    struct table t;
    return csv_read(x->arena, file, (struct csv_form){.comments = true}, &t, e) &&
           table_questions_read(x, &t, e);
}

static void put_row(struct text_out *o, const char *const *cells)
{
    for (size_t i = 0; i <= item_heading_count; i++)
        text_putf(o, "%s%s", i ? "," : "", csv_cell(o->arena, cells[i]));
    text_put(o, "\r\n");
}

static bool write_file(struct exchange *x, struct exchange_item *items, size_t count,
                       struct bytes *out, struct err *e)
{
    struct text_out o = {.arena = x->arena};
    (void)e;
    text_put(&o, "\xEF\xBB\xBF"); /* spreadsheets take UTF-8 for something else without it */
    for (size_t i = 0; i <= item_heading_count; i++)
        text_putf(&o, "%s%s", i ? "," : "", table_cell_heading(i));
    text_put(&o, "\r\n");
    for (size_t i = 0; i < count; i++) {
        put_row(&o, table_cells_of(x->arena, items[i].object, items[i].note));
        items[i].written = true;
    }
    *out = text_out_bytes(&o);
    return true;
}

const struct exchange_format exchange_format_csv = {
    .name = "csv",
    .label = "CSV 表格",
    .extension = "csv",
    .notes = true,
    .read = read_file,
    .write = write_file,
};
