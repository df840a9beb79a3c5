/* bank/exchange_qti.c - a QTI package: its manifest, its items, and what else lies in it. A bare item file
 * is read too. */
#include "bank/exchange_qti.h"

#include <jansson.h>
#include <string.h>

#include "bank/exchange_attached.h"
#include "bank/exchange_build.h"
#include "base/arena.h"
#include "base/json.h"
#include "base/text_out.h"
#include "base/xlsx.h"
#include "base/xml.h"
#include "base/zip_out.h"
#include "base/zipped.h"

/* "qti-simple-choice" → "simpleChoice"; names without "qti-" keep their first word. */
static const char *plain_name(struct arena *a, const char *name)
{
    char *out = arena_text(a, strncmp(name, "qti-", 4) == 0 ? name + 4 : name);
    size_t to = 0;
    if (!strchr(name, '-') || strncmp(name, "data-", 5) == 0 || strncmp(name, "aria-", 5) == 0)
        return name;
    for (size_t i = 0; out[i]; i++) {
        bool up = out[i] == '-' && out[i + 1] >= 'a' && out[i + 1] <= 'z';
        if (up)
            i++;
        out[to++] = (char)(up ? out[i] - 32 : out[i]);
    }
    out[to] = 0;
    return out;
}

void qti_names_plain(struct arena *a, struct xml_node *n)
{
    if (!n->name || n->name[0] == '#')
        return;
    n->name = plain_name(a, n->name);
    for (size_t i = 0; n->attributes && n->attributes[i]; i += 2)
        n->attributes[i] = plain_name(a, n->attributes[i]);
    for (struct xml_node *c = n->first; c; c = c->next)
        qti_names_plain(a, c);
}

static void lose_file(struct exchange *x, const char *element, const char *name,
                      const char *why)
{
    exchange_lose(x, "", element, "%.100s %s", name, why);
}

/* The item's file; the note of ours stands in its resource's metadata. */
static bool read_resource(struct exchange *x, struct zipped *z, const struct xml_node *resource,
                          struct err *e)
{
    const char *href = xml_attribute(resource, "href"),
               *name = xml_attribute(resource, "identifier");
    const struct xml_node *metadata = xml_child(resource, "metadata"),
                          *note = xml_child(metadata, "hengItem");
    struct bytes part;
    bool found = false;
    struct err broken = {0};
    if (!href || !zipped_bytes(z, href, &part, &found, e)) {
        if (!href)
            lose_file(x, "resource", name ? name : "?", "没有 href，未导入。");
        return !href;
    }
    struct xml_node *item = found ? xml_read(x->arena, part, &broken) : NULL;
    if (!item) {
        x->refused++;
        exchange_lose(x, name, "resource", "%.100s：%s", href,
                      found ? broken.text : "包里没有这个文件。");
        return true;
    }
    qti_names_plain(x->arena, item);
    for (const struct xml_node *c = metadata ? metadata->first : NULL; c; c = c->next)
        if (c->name && c->name[0] != '#' && c != note)
            exchange_lose(x, name, arena_printf(x->arena, "metadata/%s", c->name),
                          "元数据未带入。");
    qti_item_read(x, item, name, note ? xml_text(x->arena, note) : NULL,
                  (struct qti_files){z, href});
    return true;
}

/* What lies in the package and neither an item nor a row above was about. */
static void lose_files(struct exchange *x, struct zipped *z, const struct xml_node *resources)
{
    const char *name;
    for (size_t i = 0; (name = zipped_name(z, i)) != NULL; i++) {
        size_t len = strlen(name);
        bool said = zipped_was_read(z, i) || (len > 0 && name[len - 1] == '/');
        for (const struct xml_node *r = xml_child(resources, "resource"); r && !said;
             r = xml_next(r, "resource"))
            said = xml_attribute(r, "href") && strcmp(xml_attribute(r, "href"), name) == 0;
        if (!said)
            lose_file(x, "file", name, "没有试题用到，未带入。");
    }
}

static bool read_package(struct exchange *x, struct bytes file, struct err *e)
{
    struct zipped *z = zipped_open(x->arena, file, e);
    struct bytes part;
    bool found;
    if (!z || !zipped_bytes(z, "imsmanifest.xml", &part, &found, e))
        return false;
    if (!found)
        return FAIL(e, INVALID, "file",
                    "不是 QTI 包：最外层没有 imsmanifest.xml（压缩时不要带外层文件夹）。");
    const struct xml_node *manifest = xml_read(x->arena, part, e);
    if (!manifest)
        return false;
    const struct xml_node *resources = xml_child(manifest, "resources");
    for (const struct xml_node *r = xml_child(resources, "resource"); r;
         r = xml_next(r, "resource")) {
        const char *type = xml_attribute(r, "type") ? xml_attribute(r, "type") : "",
                   *name = xml_attribute(r, "href");
        if (strncmp(type, "imsqti_item", 11) == 0 ||
            strncmp(type, "imsqti_apipitem", 15) == 0) {
            if (!read_resource(x, z, r, e))
                return false;
        } else if (strncmp(type, "imsqti_test", 11) == 0) {
            lose_file(x, "assessmentTest", name ? name : "",
                      "是试卷，未带入：衡由组卷得出试卷。");
        } else if (strncmp(type, "imsqti_xmlv1p", 13) == 0) {
            lose_file(x, "resource", name ? name : type,
                      "是 QTI 1.x，未导入：请在原系统导出 QTI 2.1 以上的试题包。");
        } else {
            lose_file(x, "resource", name ? name : type, "不是试题，未带入。");
        }
    }
    lose_files(x, z, resources);
    return true;
}

bool qti_read(struct exchange *x, struct bytes file, struct err *e)
{
    if (xlsx_looks_like(file))
        return read_package(x, file, e);
    struct xml_node *item = xml_read(x->arena, file, e);
    if (!item)
        return false;
    qti_names_plain(x->arena, item);
    if (!xml_is(item, "assessmentItem"))
        return FAIL(e, INVALID, "file", "不是 QTI 包，也不是一道 QTI 试题。");
    qti_item_read(x, item, xml_attribute(item, "identifier"), NULL,
                  (struct qti_files){NULL, ""});
    return true;
}

/* --- writing --------------------------------------------------------------------------------- */
/* LIST: pictures or media; those whose bytes are there. */
static void put_files(struct text_out *o, const json_t *list)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        if (json_object_get(json_array_get(list, i), "data"))
            text_putf(o, "<file href=\"%s\"/>",
                      qti_picture_file(o->arena, json_array_get(list, i)));
}

static void put_manifest(struct text_out *o, const struct qti_version *v,
                         const struct exchange_item *items, size_t count)
{
    text_putf(o,
              "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<manifest xmlns=\"%s\" "
              "xmlns:heng=\"urn:heng:item\" identifier=\"heng-items\">\n"
              "<metadata><schema>%s</schema><schemaversion>%s</schemaversion></metadata>\n"
              "<organizations/>\n<resources>\n",
              v->manifest_namespace, v->schema, v->schema_version);
    for (size_t i = 0; i < count; i++) {
        text_putf(o, "<resource identifier=\"");
        text_put_xml(o, items[i].id);
        text_putf(o, "\" type=\"%s\" href=\"items/%zu.xml\">", v->resource_type, i + 1);
        if (items[i].note) {
            text_put(o, "<metadata><heng:hengItem>");
            text_put_xml(o, items[i].note);
            text_put(o, "</heng:hengItem></metadata>");
        }
        text_putf(o, "<file href=\"items/%zu.xml\"/>", i + 1);
        put_files(o, json_object_get(items[i].whole, "pictures"));
        put_files(o, json_object_get(items[i].whole, "media"));
        text_put(o, "</resource>\n");
    }
    text_put(o, "</resources>\n</manifest>\n");
}

bool qti_write(struct exchange *x, const struct qti_version *v, struct exchange_item *items,
               size_t count, struct bytes *out, struct err *e)
{
    struct text_out manifest = {.arena = x->arena};
    struct zip_out *z = zip_out_begin(x->arena, e);
    if (!z)
        return false;
    put_manifest(&manifest, v, items, count);
    zip_out_add(z, "imsmanifest.xml", text_out_bytes(&manifest));
    for (size_t i = 0; i < count; i++) {
        struct text_out o = {.arena = x->arena};
        qti_item_write(&o, v, &items[i]);
        zip_out_add(z, arena_printf(x->arena, "items/%zu.xml", i + 1), text_out_bytes(&o));
        items[i].written = true;
    }
    attached_zip(x, z, items, count, qti_picture_file);
    return zip_out_end(z, out, e);
}
