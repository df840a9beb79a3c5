/* bank/exchange_qti_picture.c - pictures and media named by QTI items, found in the package. */
#include "bank/exchange_qti_picture.h"

#include <string.h>

#include "base/arena.h"
#include "base/xml.h"
#include "base/zipped.h"

/* "../images/a.png" seen from "items/1.xml" is "images/a.png"; above the package there is nothing. */
static const char *path_of(struct arena *a, const char *from, const char *name)
{
    const char *slash = strrchr(from, '/');
    char *folder = arena_copy(a, from, slash ? (size_t)(slash - from) : 0), *last;
    while (strncmp(name, "../", 3) == 0 || strncmp(name, "./", 2) == 0) {
        if (name[1] == '.') {
            if (!*folder)
                return NULL;
            last = strrchr(folder, '/');
            *(last ? last : folder) = 0;
        }
        name = strchr(name, '/') + 1;
    }
    return *folder ? arena_printf(a, "%s/%s", folder, name) : name;
}

/* As it stands, else with its %20 as what they mean. */
static bool in_package(struct arena *a, const struct qti_files *files, const char *address,
                       struct bytes *out, struct err *e)
{
    bool found = false;
    const char *plain = address_plain(a, address),
               *tried[] = {path_of(a, files->from, address), path_of(a, files->from, plain)};
    for (size_t i = 0; files->z && i < 2 && !found; i++)
        if (tried[i] && !zipped_bytes(files->z, tried[i], out, &found, e))
            return false;
    return found || FAIL(e, INVALID, "file", "包内没有这个文件。");
}

/* The address of the element, or of the first of its sources. */
static const char *address_of(const struct xml_node *n)
{
    const char *name = xml_attribute(n, xml_is(n, "object") ? "data" : "src");
    const struct xml_node *source = name ? NULL : xml_child(n, "source");
    return source ? xml_attribute(source, "src") : name;
}

static bool find(const struct qti_pictures *p, const struct xml_node *n,
                 struct brought_file *out)
{
    struct arena *a = p->brought.x->arena;
    struct err e = {0};
    const char *address = address_of(n);
    bool data = address && strncmp(address, "data:", 5) == 0;
    *out = (struct brought_file){.element = n->name,
                                 .name = data      ? "data:"
                                         : address ? address
                                                   : "",
                                 .id = xml_attribute(n, "id"),
                                 .alt = xml_is(n, "img") ? xml_attribute(n, "alt")
                                                         : xml_text(a, n)};
    if (!address)
        FAIL(&e, INVALID, "file", "没有写明是哪个文件。");
    else if (data && !data_address_read(a, address, &out->bytes))
        FAIL(&e, INVALID, "file", "内容不是 Base64。");
    else if (data || in_package(a, &p->files, address, &out->bytes, &e))
        return true;
    exchange_lose(p->brought.x, p->brought.item, n->name, "%.100s 未带入：%s", out->name,
                  e.text);
    return false;
}

const char *qti_picture(const struct qti_pictures *p, const struct xml_node *n)
{
    struct brought_file file;
    return find(p, n, &file) ? brought_picture(&p->brought, &file) : NULL;
}

const char *qti_media(const struct qti_pictures *p, const struct xml_node *n)
{
    struct brought_file file;
    return find(p, n, &file) ? brought_media(&p->brought, &file) : NULL;
}
