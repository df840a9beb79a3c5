/* bank/exchange_qti_picture.c - pictures and media named by QTI items: found in the package, taken as any other. */
#include "bank/exchange_qti_picture.h"

#include <jansson.h>
#include <string.h>

#include "bank/exchange_build.h"
#include "bank/media.h"
#include "bank/picture.h"
#include "base/arena.h"
#include "base/json.h"
#include "base/xml.h"
#include "base/zipped.h"

#define ID_LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
enum { ID_MAX = 20 };

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

static const json_t *known_in(const json_t *list, const char *member, const char *value)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        if (strcmp(member_or(json_array_get(list, i), member, ""), value) == 0)
            return json_array_get(list, i);
    return NULL;
}

static const json_t *known(const struct qti_pictures *p, const char *member, const char *value)
{
    const json_t *one = known_in(p->list, member, value);
    return one ? one : known_in(p->media, member, value);
}

/* The file's own if it can be one and is free. */
static const char *id_of(const struct qti_pictures *p, const struct xml_node *n, char letter)
{
    const char *id = xml_attribute(n, "id");
    if (id && *id && strlen(id) <= ID_MAX && !id[strspn(id, ID_LETTERS)] && !known(p, "id", id))
        return id;
    for (size_t i = 1;; i++)
        if (!known(p, "id", id = arena_printf(p->x->arena, "%c%zu", letter, i)))
            return id;
}

static const char *lost(const struct qti_pictures *p, const struct xml_node *n,
                        const char *name, const char *why)
{
    exchange_lose(p->x, p->item, n->name, "%.100s 未带入：%s", name ? name : "", why);
    return NULL;
}

const char *qti_picture(const struct qti_pictures *p, const struct xml_node *n)
{
    struct arena *a = p->x->arena;
    const char *name = xml_attribute(n, xml_is(n, "object") ? "data" : "src"),
               *path = name ? path_of(a, p->files.from, name) : NULL,
               *alt = xml_is(n, "object") ? xml_text(a, n) : xml_attribute(n, "alt");
    struct bytes file;
    struct attached picture;
    struct err e = {0};
    bool found = false;
    char hex[2 * HASH_BYTES + 1];
    if (!p->files.z || !path || !zipped_bytes(p->files.z, path, &file, &found, &e) || !found)
        return lost(p, n, name, *e.text ? e.text : "包内没有这个文件。");
    if (!picture_take_here(a, file, &picture, &e))
        return lost(p, n, name, e.text);
    hex_write(hex, picture.digest, HASH_BYTES);
    const json_t *same = known(p, "sha256", hex);
    if (same)
        return json_member_text(same, "id");
    if (json_array_size(p->list) == PICTURES_MAX)
        return lost(p, n, name, "一道题的图片过多。");
    const char *id = id_of(p, n, 'p');
    if (!bytes_equal(file, picture.bytes))
        exchange_lose(p->x, p->item, n->name, "图片 %.100s 去掉附带的数据后重新编码。", name);
    json_array_append_new(p->list, attached_object(a, &picture, id, alt && *alt ? alt : id));
    return id;
}

/* The address of the element, or of the first of its sources. */
static const char *source_of(const struct xml_node *n)
{
    const char *name = xml_attribute(n, xml_is(n, "object") ? "data" : "src");
    const struct xml_node *source = name ? NULL : xml_child(n, "source");
    return source ? xml_attribute(source, "src") : name;
}

const char *qti_media(const struct qti_pictures *p, const struct xml_node *n)
{
    struct arena *a = p->x->arena;
    const char *name = source_of(n), *path = name ? path_of(a, p->files.from, name) : NULL,
               *alt = xml_text(a, n);
    struct bytes file;
    struct attached media;
    struct err e = {0};
    bool found = false;
    char hex[2 * HASH_BYTES + 1];
    if (!p->files.z || !path || !zipped_bytes(p->files.z, path, &file, &found, &e) || !found)
        return lost(p, n, name, "包内没有这个文件。");
    if (!media_take_here(a, file, &media, &e))
        return lost(p, n, name, e.text);
    hex_write(hex, media.digest, HASH_BYTES);
    const json_t *same = known_in(p->media, "sha256", hex);
    if (same)
        return json_member_text(same, "id");
    if (json_array_size(p->media) == MEDIA_MAX)
        return lost(p, n, name, "一道题的音视频过多。");
    const char *id = id_of(p, n, 'a');
    if (!bytes_equal(file, media.bytes))
        exchange_lose(p->x, p->item, n->name, "%.100s 去掉附带的说明。", name);
    json_array_append_new(p->media, attached_object(a, &media, id, alt && *alt ? alt : id));
    return id;
}

static void put_list(const struct qti_pictures *p, struct json_t *item, const char *member,
                     const json_t *list)
{
    const char *text = json_compact(p->x->arena, item);
    json_t *shown = json_array(), *one;
    size_t i;
    json_array_foreach((json_t *)list, i, one)
    {
        const char *id = json_member_text(one, "id");
        if (text_names_attached(text, id) ||
            strstr(text, arena_printf(p->x->arena, "\"picture\":\"%s\"", id)))
            json_array_append(shown, one);
    }
    if (json_array_size(shown) > 0)
        json_object_set(item, member, shown);
    json_decref(shown);
}

void qti_pictures_put(const struct qti_pictures *p, struct json_t *item)
{
    put_list(p, item, "pictures", p->list);
    put_list(p, item, "media", p->media);
}
