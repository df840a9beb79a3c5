/* bank/attached.c - the pictures, sounds and films of an item as one list, and what its texts say of them. */
#include "bank/attached.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "bank/item.h"
#include "base/arena.h"
#include "base/json.h"

#define ID_LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
enum { ID_MAX = 20 };

size_t item_attached_count(const struct item_meta *m)
{
    return m->picture_count + m->media_count;
}

struct item_attached item_attached_at(const struct item_meta *m, size_t i)
{
    if (i < m->picture_count) {
        const struct item_picture *p = &m->pictures[i];
        return (struct item_attached){"pictures", i,         "图片", p->id,
                                      p->sha256,  p->type,   p->alt, p->data,
                                      p->width,   p->height, 0};
    }
    const struct item_media *x = &m->media[i -= m->picture_count];
    return (struct item_attached){"media", i,       "音视频", x->id,     x->sha256,     x->type,
                                  x->alt,  x->data, x->width, x->height, x->duration_ms};
}

int item_attached_find(const struct item_meta *m, const char *id, size_t len)
{
    for (size_t i = 0; i < item_attached_count(m); i++) {
        struct item_attached one = item_attached_at(m, i);
        if (strlen(one.id) == len && memcmp(one.id, id, len) == 0)
            return (int)i;
    }
    return -1;
}

size_t attached_name_at(const char *text)
{
    if (text[0] != '!' || text[1] != '[')
        return 0;
    size_t n = strspn(text + 2, ID_LETTERS);
    return n <= ID_MAX && text[2 + n] == ']' ? n : 0;
}

bool text_names_attached(const char *text, const char *id)
{
    size_t len = strlen(id), n;
    for (const char *s = strstr(text, "!["); s; s = strstr(s + 2, "!["))
        if ((n = attached_name_at(s)) == len && memcmp(s + 2, id, n) == 0)
            return true;
    return false;
}

/* Which pictures and media are used somewhere, as bits; a name without its picture is refused. */
static bool look_into(const struct item_meta *m, const json_t *value, uint32_t *used,
                      struct err *e)
{
    const char *name;
    json_t *member;
    size_t i, n;
    if (json_is_string(value)) {
        const char *text = json_string_value(value);
        for (const char *s = strstr(text, "!["); s; s = strstr(s + 2, "![")) {
            if (!(n = attached_name_at(s)))
                continue;
            int at = item_attached_find(m, s + 2, n);
            if (at < 0)
                return FAIL(e, INVALID, "/pictures", "文中的 ![%.*s] 没有对应的图片或音视频。",
                            (int)n, s + 2);
            *used |= UINT32_C(1) << at;
        }
    } else if (json_is_array(value)) {
        json_array_foreach((json_t *)value, i,
                           member) if (!look_into(m, member, used, e)) return false;
    } else if (json_is_object(value)) {
        json_object_foreach((json_t *)value, name, member)
        {
            if (strcmp(name, "picture") == 0 && json_is_string(member)) {
                int at = item_attached_find(m, json_string_value(member),
                                            json_string_length(member));
                *used |= at >= 0 ? UINT32_C(1) << at : 0;
            } else if (strcmp(name, "pictures") != 0 && strcmp(name, "media") != 0 &&
                       !look_into(m, member, used, e)) {
                return false;
            }
        }
    }
    return true;
}

static bool name_fits(const struct item_meta *m, const struct item_attached *one, int at,
                      struct err *e)
{
    unsigned char digest[HASH_BYTES];
    bool ok = one->id[strspn(one->id, ID_LETTERS)]
                  ? FAIL(e, INVALID, "/id", "图片、音视频的编号只能用字母、数字和 - _。")
                  : item_attached_find(m, one->id, strlen(one->id)) == at ||
                        FAIL(e, INVALID, "/id", "图片、音视频的编号 %s 用了两次。", one->id);
    return ok && (hex_read(digest, sizeof digest, one->sha256) ||
                  FAIL(e, INVALID, "/sha256", "摘要须为 64 位小写十六进制。"));
}

/* Bytes that travel with it are those of the digest. */
static bool data_fits(const struct item_attached *one, struct err *e)
{
    struct bytes bytes;
    if (!one->data)
        return true;
    struct arena *a = arena_create((size_t)MEDIA_BYTES_MAX * 2);
    bool ok = item_attached_data(a, one, &bytes, e);
    arena_destroy(a);
    return ok;
}

static bool kind_finds(const struct item *item, struct err *e)
{
    const struct item_meta *m = &item->meta;
    const struct item_part *parts;
    char prefix[32];
    if (item->kind->look && !item->kind->look(item->body, m->pictures, m->picture_count, e))
        return false;
    size_t count = item->kind->parts ? item->kind->parts(item->body, &parts) : 0;
    for (size_t i = 0; i < count; i++)
        if (parts[i].kind->look &&
            !parts[i].kind->look(parts[i].body, m->pictures, m->picture_count, e)) {
            snprintf(prefix, sizeof prefix, "/items/%zu", i);
            err_under(e, prefix);
            return false;
        }
    return true;
}

static bool one_fits(const struct item_meta *m, size_t i, struct err *e)
{
    struct item_attached one = item_attached_at(m, i);
    char place[24];
    snprintf(place, sizeof place, "/%s/%zu", one.list, one.at);
    if (name_fits(m, &one, (int)i, e) && data_fits(&one, e))
        return true;
    err_under(e, place);
    return false;
}

static bool is_used(const struct item_meta *m, size_t i, uint32_t used, struct err *e)
{
    struct item_attached one = item_attached_at(m, i);
    char place[24];
    snprintf(place, sizeof place, "/%s/%zu", one.list, one.at);
    return used >> i & 1 ||
           FAIL(e, INVALID, place, "%s %s 没有用到：在文中写 ![%s]，或者删去它。", one.what,
                one.id, one.id);
}

bool attached_fit(const struct item *item, struct err *e)
{
    const struct item_meta *m = &item->meta;
    size_t count = item_attached_count(m);
    uint32_t used = 0;
    if (!kind_finds(item, e))
        return false;
    if (count == 0)
        return true; /* then ![x] is a text like any other */
    for (size_t i = 0; i < count; i++)
        if (!one_fits(m, i, e))
            return false;
    if (!look_into(m, item->json, &used, e))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!is_used(m, i, used, e))
            return false;
    return true;
}

bool item_attached_data(struct arena *a, const struct item_attached *one, struct bytes *out,
                        struct err *e)
{
    unsigned char digest[HASH_BYTES], said[HASH_BYTES];
    if (!base64_read(a, one->data, strlen(one->data), out) || out->len == 0)
        return FAIL(e, INVALID, "/data", "%s内容不是 Base64。", one->what);
    hash_of(digest, out->at, out->len);
    return (hex_read(said, sizeof said, one->sha256) &&
            memcmp(said, digest, sizeof digest) == 0) ||
           FAIL(e, INVALID, "/data", "%s内容与写明的摘要不符。", one->what);
}

struct json_t *attached_without_data(struct arena *a, const struct json_t *object)
{
    static const char *const lists[] = {"pictures", "media"};
    json_t *copy = (json_t *)object, *one;
    size_t k;
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        const json_t *list = json_object_get(object, lists[i]);
        if (!json_is_array(list))
            continue;
        if (copy == object)
            copy = json_keep(a, json_copy((json_t *)object));
        json_t *plain = json_array();
        json_array_foreach((json_t *)list, k, one)
        {
            json_t *bare = json_copy(one);
            json_object_del(bare, "data");
            json_array_append_new(plain, bare);
        }
        json_object_set_new(copy, lists[i], plain);
    }
    return copy;
}

struct json_t *attached_object(struct arena *a, const struct attached *p, const char *id,
                               const char *alt)
{
    char hex[2 * HASH_BYTES + 1];
    hex_write(hex, p->digest, HASH_BYTES);
    json_t *o = json_pack("{s:s, s:s, s:s, s:I, s:I, s:s, s:s}", "id", id, "sha256", hex,
                          "type", p->type, "width", (json_int_t)p->width, "height",
                          (json_int_t)p->height, "alt", alt, "data",
                          base64_write(a, p->bytes.at, p->bytes.len));
    if (p->duration_ms)
        json_object_set_new(o, "duration_ms", json_integer(p->duration_ms));
    return o;
}
