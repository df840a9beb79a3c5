/* bank/exchange_xlsx.c - one question a row of the first sheet. */
#include "bank/exchange.h"
#include "bank/exchange_table.h"
#include "bank/table_items.h"
#include "base/arena.h"
#include "base/text_out.h"
#include "base/xlsx.h"
#include "base/zip_out.h"

static bool read_file(struct exchange *x, struct bytes file, struct err *e)
{
    struct table t;
    return xlsx_read(x->arena, file, &t, e) && table_questions_read(x, &t, e);
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
        const char **cells = table_cells_of(x->arena, items[i].object, items[i].note);
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
    return zip_out_end(z, out, e);
}

const struct exchange_format exchange_format_xlsx = {
    .name = "xlsx",
    .label = "Excel 表格",
    .extension = "xlsx",
    .notes = true,
    .note_max = 32767, /* characters of a cell */
    .read = read_file,
    .write = write_file,
};
