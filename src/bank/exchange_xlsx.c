/* bank/exchange_xlsx.c - one question a row of the first sheet. */
#include <jansson.h>
#include <string.h>

#include "bank/exchange.h"
#include "bank/exchange_attached.h"
#include "bank/exchange_build.h"
#include "bank/exchange_table.h"
#include "bank/table_items.h"
#include "base/arena.h"
#include "base/json.h"
#include "base/text_out.h"
#include "base/xlsx.h"
#include "base/zip_out.h"
#include "base/zipped.h"

enum { CELL_MAX = 32767 };

/* What a cell cannot hold stands in a part of its own, named by its digest. A spreadsheet program that
 * saves the workbook leaves it out; then the item only names it. */
static const char *part_name(struct arena *a, const struct json_t *file)
{
    return arena_printf(a, "heng/%s.bin", member_or(file, "sha256", ""));
}

/* A note that is too long for its cell stands in a part, and the cell names it. */
static const char *note_name(struct arena *a, size_t i)
{
    return arena_printf(a, "heng/note-%zu.json", i + 1);
}

static bool take_note(struct exchange *x, struct zipped *z, struct table_row *row, size_t c,
                      struct err *e)
{
    const char **cells = arena_array(x->arena, const char *, row->count);
    struct bytes part;
    bool found = false;
    if (!zipped_bytes(z, row->cells[c] + 1, &part, &found, e))
        return false;
    memcpy(cells, row->cells, row->count * sizeof *cells);
    if (found)
        cells[c] = arena_copy(x->arena, part.at, part.len);
    row->cells = cells;
    return true;
}

static bool take_notes(struct exchange *x, struct zipped *z, const struct table *t,
                       struct err *e)
{
    for (size_t r = 0; r < t->count; r++)
        for (size_t c = 0; c < t->rows[r].count; c++)
            if (strncmp(t->rows[r].cells[c], "@heng/note-", strlen("@heng/note-")) == 0 &&
                !take_note(x, z, &t->rows[r], c, e))
                return false;
    return true;
}

static bool take_files(struct exchange *x, struct zipped *z, json_t *list, struct err *e)
{
    json_t *one;
    size_t i;
    json_array_foreach(list, i, one)
    {
        struct bytes part;
        bool found = false;
        if (json_object_get(one, "data"))
            continue;
        if (!zipped_bytes(z, part_name(x->arena, one), &part, &found, e))
            return false;
        if (found)
            json_object_set_new(one, "data",
                                json_string(base64_write(x->arena, part.at, part.len)));
    }
    return true;
}

static bool read_file(struct exchange *x, struct bytes file, struct err *e)
{
    struct table t;
    json_t *item;
    size_t i;
    if (!xlsx_read(x->arena, file, &t, e))
        return false;
    struct zipped *z = zipped_open(x->arena, file, e);
    if (!z || !take_notes(x, z, &t, e) || !table_questions_read(x, &t, e))
        return false;
    json_array_foreach(x->items, i, item)
    {
        if (!take_files(x, z, json_object_get(item, "pictures"), e) ||
            !take_files(x, z, json_object_get(item, "media"), e))
            return false;
    }
    return true;
}

#define XML_HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define OFFICE   "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define PACKAGE  "http://schemas.openxmlformats.org/package/2006/"
#define SHEETML  "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define SHEET_OF "application/vnd.openxmlformats-officedocument.spreadsheetml."

static const struct {
    const char *name, *text;
} frame[] = {
    {"[Content_Types].xml",
     XML_HEAD "<Types xmlns=\"" PACKAGE "content-types\"><Default Extension=\"rels\" "
              "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
              "<Default Extension=\"xml\" ContentType=\"application/xml\"/>"
              "<Default Extension=\"bin\" ContentType=\"application/octet-stream\"/>"
              "<Default Extension=\"json\" ContentType=\"application/json\"/>"
              "<Override PartName=\"/xl/workbook.xml\" ContentType=\"" SHEET_OF
              "sheet.main+xml\"/><Override PartName=\"/xl/worksheets/sheet1.xml\" "
              "ContentType=\"" SHEET_OF "worksheet+xml\"/></Types>"},
    {"_rels/.rels", XML_HEAD
     "<Relationships xmlns=\"" PACKAGE "relationships\"><Relationship Id=\"rId1\" "
     "Type=\"" OFFICE "/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"},
    {"xl/workbook.xml", XML_HEAD "<workbook xmlns=\"" SHEETML "\" xmlns:r=\"" OFFICE
                                 "\"><sheets><sheet name=\"试题\" sheetId=\"1\" "
                                 "r:id=\"rId1\"/></sheets></workbook>"},
    {"xl/_rels/workbook.xml.rels",
     XML_HEAD "<Relationships xmlns=\"" PACKAGE "relationships\"><Relationship Id=\"rId1\" "
              "Type=\"" OFFICE "/worksheet\" Target=\"worksheets/sheet1.xml\"/>"
              "</Relationships>"},
};

/* Text cells all of them: "1-2" stays what it is and "=1+1" is never run. */
static void put_cell(struct text_out *o, const char *text)
{
    text_put(o, "<c t=\"inlineStr\"><is><t xml:space=\"preserve\">");
    text_put_xml(o, text);
    text_put(o, "</t></is></c>");
}

static bool write_file(struct exchange *x, struct exchange_item *items, size_t count,
                       struct bytes *out, struct err *e)
{
    struct text_out o = {.arena = x->arena};
    struct zip_out *z = zip_out_begin(x->arena, e);
    if (!z)
        return false;
    text_put(&o, XML_HEAD "<worksheet xmlns=\"" SHEETML "\"><sheetData><row>");
    for (size_t i = 0; i <= item_heading_count; i++)
        put_cell(&o, table_cell_heading(i));
    text_put(&o, "</row>");
    for (size_t i = 0; i < count; i++) {
        const char *note = items[i].note;
        if (note && strlen(note) > CELL_MAX) {
            zip_out_add(z, note_name(x->arena, i),
                        (struct bytes){(const unsigned char *)note, strlen(note)});
            note = arena_printf(x->arena, "@%s", note_name(x->arena, i));
        }
        const char **cells = table_cells_of(x->arena, items[i].object, note);
        text_put(&o, "<row>");
        for (size_t k = 0; k <= item_heading_count; k++)
            put_cell(&o, cells[k]);
        text_put(&o, "</row>");
        items[i].written = true;
    }
    text_put(&o, "</sheetData></worksheet>");
    for (size_t i = 0; i < sizeof frame / sizeof *frame; i++) {
        struct text_out part = {.arena = x->arena};
        text_put(&part, frame[i].text);
        zip_out_add(z, frame[i].name, text_out_bytes(&part));
    }
    zip_out_add(z, "xl/worksheets/sheet1.xml", text_out_bytes(&o));
    attached_zip(x, z, items, count, part_name);
    return zip_out_end(z, out, e);
}

const struct exchange_format exchange_format_xlsx = {
    .name = "xlsx",
    .label = "Excel 表格",
    .extension = "xlsx",
    .notes = true,
    .files = true,
    .read = read_file,
    .write = write_file,
};
