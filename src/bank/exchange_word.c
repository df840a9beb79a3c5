/* bank/exchange_word.c - the tables of a Word document, as Chinese authors write questions: either a row
 * of headings with a question a row, or a table a question with its labels in the first column. */
#include <stdlib.h>
#include <string.h>

#include "bank/exchange.h"
#include "bank/exchange_build.h"
#include "bank/exchange_table.h"
#include "bank/table_items.h"
#include "base/arena.h"
#include "base/text_out.h"
#include "base/xml.h"
#include "base/zip_out.h"
#include "base/zipped.h"

enum { CELLS_MAX = 64 };

/* Text of runs; what is no text is named. */
static void put_text(struct exchange *x, struct text_out *o, const struct xml_node *n)
{
    static const char *const not_text[] = {"drawing", "pict", "object", "oMath", "oMathPara"};
    for (const struct xml_node *c = n->first; c; c = c->next) {
        bool skip = !c->name || xml_is(c, "del");
        for (size_t i = 0; i < sizeof not_text / sizeof *not_text; i++)
            if (xml_is(c, not_text[i])) {
                exchange_lose(x, "", arena_printf(x->arena, "w:%s", c->name),
                              "文档中的图片、公式等未带入。");
                skip = true;
            }
        if (xml_is(c, "tbl")) {
            exchange_lose(x, "", "w:tbl", "单元格里的表格未带入：“%.60s”。",
                          xml_text(x->arena, c));
            skip = true;
        }
        if (skip)
            continue;
        if (xml_is(c, "t"))
            text_put(o, xml_text(x->arena, c));
        else if (xml_is(c, "br") || xml_is(c, "cr"))
            text_put(o, "\n");
        else if (xml_is(c, "tab") && !xml_is(n, "tabs"))
            text_put(o, "\t");
        else
            put_text(x, o, c);
        if (xml_is(c, "p") && c->next)
            text_put(o, "\n");
    }
}

static const char *cell_text(struct exchange *x, const struct xml_node *cell)
{
    struct text_out o = {.arena = x->arena};
    put_text(x, &o, cell);
    return trimmed(x->arena, text_out_text(&o), o.len);
}

static size_t rows_of(const struct xml_node *table)
{
    size_t count = 0;
    for (const struct xml_node *r = xml_child(table, "tr"); r; r = xml_next(r, "tr"))
        count++;
    return count;
}

/* What a cell of a table says of itself in its properties; NULL where it does not. */
static const char *property(const struct xml_node *cell, const char *name, const char *none)
{
    const struct xml_node *p = xml_child(xml_child(cell, "tcPr"), name);
    const char *value = xml_attribute(p, "val");
    return !p ? NULL : value ? value : none;
}

/* A cell that is merged with the one above says what that says; one over several columns takes their places. */
static struct table_row row_of(struct exchange *x, const struct xml_node *row, size_t line,
                               const struct table_row *above)
{
    const char **cells = arena_array(x->arena, const char *, CELLS_MAX);
    size_t count = 0;
    for (const struct xml_node *c = xml_child(row, "tc"); c && count < CELLS_MAX;
         c = xml_next(c, "tc")) {
        const char *merged = property(c, "vMerge", "continue"),
                   *span = property(c, "gridSpan", "1");
        bool same = merged && strcmp(merged, "continue") == 0 && above && count < above->count;
        cells[count] = same ? above->cells[count] : cell_text(x, c);
        count++;
        for (long more = span ? strtol(span, NULL, 10) : 1; more > 1 && count < CELLS_MAX;
             more--)
            cells[count++] = "";
    }
    return (struct table_row){cells, count, line};
}

/* Labels down the first column: two cells a row, at least the stem's label among them. */
static bool is_upright(const struct table *t)
{
    bool stem = false;
    size_t known = 0;
    for (size_t i = 0; i < t->count; i++) {
        if (t->rows[i].count < 2)
            return false;
        known += table_heading_is_known(t->rows[i].cells[0]);
        stem |= strcmp(t->rows[i].cells[0], "题干") == 0 ||
                strcmp(t->rows[i].cells[0], "题目") == 0;
    }
    return stem && known >= 2 &&
           (known == t->count || !table_heading_is_known(t->rows[0].cells[1]));
}

static struct table turned(struct arena *a, const struct table *t)
{
    struct table_row *rows = arena_array(a, struct table_row, 2);
    const char **headings = arena_array(a, const char *, t->count),
               **cells = arena_array(a, const char *, t->count);
    for (size_t i = 0; i < t->count; i++) {
        headings[i] = t->rows[i].cells[0];
        cells[i] = t->rows[i].cells[1];
    }
    rows[0] = (struct table_row){headings, t->count, t->rows[0].line};
    rows[1] = (struct table_row){cells, t->count, t->rows[0].line};
    return (struct table){rows, 2};
}

static void read_table(struct exchange *x, const struct xml_node *table, size_t number)
{
    struct err e = {0};
    struct table t = {arena_array(x->arena, struct table_row, rows_of(table) + 1), 0};
    for (const struct xml_node *r = xml_child(table, "tr"); r; r = xml_next(r, "tr"), t.count++)
        t.rows[t.count] = row_of(x, r, t.count + 1, t.count > 0 ? &t.rows[t.count - 1] : NULL);
    if (t.count == 0)
        return;
    if (is_upright(&t))
        t = turned(x->arena, &t);
    if (!table_questions_read(x, &t, &e)) {
        x->refused++;
        exchange_lose(x, "", arena_printf(x->arena, "table %zu", number), "%s", e.text);
    }
}

static bool read_file(struct exchange *x, struct bytes file, struct err *e)
{
    struct zipped *z = zipped_open(x->arena, file, e);
    struct bytes part;
    bool found;
    size_t number = 0;
    if (!z || !zipped_bytes(z, "word/document.xml", &part, &found, e))
        return false;
    if (!found)
        return FAIL(e, INVALID, "file", "不是 Word 文档（.docx）：没有正文。");
    const struct xml_node *document = xml_read(x->arena, part, e);
    if (!document)
        return false;
    const struct xml_node *body = xml_child(document, "body");
    for (const struct xml_node *n = body ? body->first : NULL; n; n = n->next) {
        if (xml_is(n, "tbl")) {
            read_table(x, n, ++number);
        } else if (xml_is(n, "p") && *cell_text(x, n)) {
            exchange_lose(x, "", "w:p", "表格外的文字“%.60s”未带入。", cell_text(x, n));
        }
    }
    return number > 0 || FAIL(e, INVALID, "file", "文档中没有表格：试题须写在表格里。");
}

#define XML_HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define PACKAGE  "http://schemas.openxmlformats.org/package/2006/"
#define OFFICE   "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define WORDML   "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
#define BORDER   "<w:%s w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"auto\"/>"

static void put_cell(struct text_out *o, int width, const char *text)
{
    text_putf(o, "<w:tc><w:tcPr><w:tcW w:w=\"%d\" w:type=\"dxa\"/></w:tcPr><w:p><w:r>", width);
    while (*text) {
        size_t len = strcspn(text, "\n\t");
        text_put(o, "<w:t xml:space=\"preserve\">");
        text_put_xml(o, arena_copy(o->arena, text, len));
        text_put(o, "</w:t>");
        text += len;
        if (*text)
            text_put(o, *text++ == '\n' ? "<w:br/>" : "<w:tab/>");
    }
    text_put(o, "</w:r></w:p></w:tc>");
}

static void put_item(struct text_out *o, const struct exchange_item *item)
{
    static const char *const sides[] = {"top", "left", "bottom", "right", "insideH", "insideV"};
    const char **cells = table_cells_of(o->arena, item->object, item->note);
    text_put(o, "<w:tbl><w:tblPr><w:tblW w:w=\"9000\" w:type=\"dxa\"/><w:tblBorders>");
    for (size_t i = 0; i < sizeof sides / sizeof *sides; i++)
        text_putf(o, BORDER, sides[i]);
    text_put(o, "</w:tblBorders></w:tblPr><w:tblGrid><w:gridCol w:w=\"1500\"/>"
                "<w:gridCol w:w=\"7500\"/></w:tblGrid>");
    for (size_t i = 0; i <= item_heading_count; i++) {
        if (!*cells[i])
            continue;
        text_put(o, "<w:tr>");
        put_cell(o, 1500, table_cell_heading(i));
        put_cell(o, 7500, cells[i]);
        text_put(o, "</w:tr>");
    }
    text_put(o, "</w:tbl><w:p/>"); /* tables that touch would become one */
}

static bool write_file(struct exchange *x, struct exchange_item *items, size_t count,
                       struct bytes *out, struct err *e)
{
    static const char types[] = XML_HEAD
        "<Types xmlns=\"" PACKAGE "content-types\"><Default Extension=\"rels\" "
        "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
        "<Override PartName=\"/word/document.xml\" ContentType=\"application/"
        "vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/>"
        "</Types>",
                      relations[] = XML_HEAD
                      "<Relationships xmlns=\"" PACKAGE
                      "relationships\"><Relationship Id=\"rId1\" Type=\"" OFFICE
                      "/officeDocument\" Target=\"word/document.xml\"/>"
                      "</Relationships>";
    struct text_out o = {.arena = x->arena};
    struct zip_out *z = zip_out_begin(x->arena, e);
    if (!z)
        return false;
    text_put(&o, XML_HEAD "<w:document xmlns:w=\"" WORDML "\"><w:body>");
    for (size_t i = 0; i < count; i++) {
        put_item(&o, &items[i]);
        items[i].written = true;
    }
    text_put(&o, "<w:sectPr/></w:body></w:document>");
    zip_out_add(z, "[Content_Types].xml",
                (struct bytes){(const unsigned char *)types, sizeof types - 1});
    zip_out_add(z, "_rels/.rels",
                (struct bytes){(const unsigned char *)relations, sizeof relations - 1});
    zip_out_add(z, "word/document.xml", text_out_bytes(&o));
    return zip_out_end(z, out, e);
}

const struct exchange_format exchange_format_word = {
    .name = "word",
    .label = "Word 表格",
    .extension = "docx",
    .notes = true,
    .read = read_file,
    .write = write_file,
};
