/* bank/picture.c - what an item's texts and its list of pictures say of each other. */
#include "bank/picture.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "bank/item.h"
#include "base/arena.h"
#include "base/fields.h"
#include "base/json.h"
#include "base/json_out.h"
#include "base/text_out.h"

#define ID_LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
enum { ID_MAX = 20, DATA_MAX = PICTURE_BYTES_MAX / 3 * 4 + 8 };

static const char *const types[] = {"image/png", "image/jpeg", NULL};
static const struct field rows[] = {
    {FIELD(struct item_picture, id, TEXT), .required = true, .min = 1, .max = ID_MAX},
    {FIELD(struct item_picture, sha256, TEXT), .required = true, .min = 64, .max = 64},
    {FIELD(struct item_picture, type, TEXT), .required = true, .allowed = types},
    {FIELD(struct item_picture, width, INT), .required = true, .min = 1,
     .max = PICTURE_SIDE_MAX},
    {FIELD(struct item_picture, height, INT), .required = true, .min = 1,
     .max = PICTURE_SIDE_MAX},
    {FIELD(struct item_picture, alt, TEXT), .required = true, .min = 1, .max = 300},
    {FIELD(struct item_picture, data, TEXT), .max = DATA_MAX},
};
const struct fields item_picture_fields = FIELDS("item_picture", struct item_picture, rows);

/* "![id]" at TEXT: the id's length, 0 if that is something else. */
static size_t name_at(const char *text)
{
    if (text[0] != '!' || text[1] != '[')
        return 0;
    size_t n = strspn(text + 2, ID_LETTERS);
    return n <= ID_MAX && text[2 + n] == ']' ? n : 0;
}

bool text_names_picture(const char *text, const char *id)
{
    size_t len = strlen(id), n;
    for (const char *s = strstr(text, "!["); s; s = strstr(s + 2, "!["))
        if ((n = name_at(s)) == len && memcmp(s + 2, id, n) == 0)
            return true;
    return false;
}

/* Pictures and media share their ids: the place of one among all of them, -1 for no such. */
static int find(const struct item_meta *m, const char *id, size_t len)
{
    for (size_t i = 0; i < m->picture_count + m->media_count; i++) {
        const char *name = i < m->picture_count ? m->pictures[i].id
                                                : m->media[i - m->picture_count].id;
        if (strlen(name) == len && memcmp(name, id, len) == 0)
            return (int)i;
    }
    return -1;
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
            if (!(n = name_at(s)))
                continue;
            int at = find(m, s + 2, n);
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
                int at = find(m, json_string_value(member), json_string_length(member));
                *used |= at >= 0 ? UINT32_C(1) << at : 0;
            } else if (strcmp(name, "pictures") != 0 && strcmp(name, "media") != 0 &&
                       !look_into(m, member, used, e)) {
                return false;
            }
        }
    }
    return true;
}

/* Where item AT of all of them stands: "/pictures/0", "/media/0". */
struct place {
    char text[24];
};
static struct place place_of(const struct item_meta *m, size_t at)
{
    struct place p;
    bool media = at >= m->picture_count;
    snprintf(p.text, sizeof p.text, "/%s/%zu", media ? "media" : "pictures",
             media ? at - m->picture_count : at);
    return p;
}

static bool name_fits(const struct item_meta *m, size_t at, struct err *e)
{
    bool media = at >= m->picture_count;
    const char *id = media ? m->media[at - m->picture_count].id : m->pictures[at].id;
    const char *sha256 = media ? m->media[at - m->picture_count].sha256
                               : m->pictures[at].sha256;
    unsigned char digest[HASH_BYTES];
    bool ok = id[strspn(id, ID_LETTERS)]
                  ? FAIL(e, INVALID, "/id", "图片、音视频的编号只能用字母、数字和 - _。")
                  : find(m, id, strlen(id)) == (int)at ||
                        FAIL(e, INVALID, "/id", "图片、音视频的编号 %s 用了两次。", id);
    return ok && (hex_read(digest, sizeof digest, sha256) ||
                  FAIL(e, INVALID, "/sha256", "摘要须为 64 位小写十六进制。"));
}

/* Bytes that travel with it are those of the digest. */
static bool data_fits(const struct item_meta *m, size_t at, struct err *e)
{
    struct bytes bytes;
    bool media = at >= m->picture_count, ok = true;
    const struct item_media *sound = media ? &m->media[at - m->picture_count] : NULL;
    struct arena *a = arena_create((size_t)MEDIA_BYTES_MAX * 2);
    if (sound && sound->data)
        ok = media_data(a, sound, &bytes, e);
    else if (!sound && m->pictures[at].data)
        ok = picture_data(a, &m->pictures[at], &bytes, e);
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

bool pictures_fit(const struct item *item, struct err *e)
{
    const struct item_meta *m = &item->meta;
    size_t count = m->picture_count + m->media_count;
    uint32_t used = 0;
    if (!kind_finds(item, e))
        return false;
    if (count == 0)
        return true; /* then ![x] is a text like any other */
    for (size_t i = 0; i < count; i++)
        if (!name_fits(m, i, e) || !data_fits(m, i, e)) {
            err_under(e, place_of(m, i).text);
            return false;
        }
    if (!look_into(m, item->json, &used, e))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!(used >> i & 1)) {
            bool media = i >= m->picture_count;
            const char *id = media ? m->media[i - m->picture_count].id : m->pictures[i].id;
            return FAIL(e, INVALID, place_of(m, i).text,
                        "%s %s 没有用到：在文中写 ![%s]，或者删去它。",
                        media ? "音视频" : "图片", id, id);
        }
    return true;
}

bool picture_data(struct arena *a, const struct item_picture *p, struct bytes *out,
                  struct err *e)
{
    unsigned char digest[HASH_BYTES], said[HASH_BYTES];
    if (!base64_read(a, p->data, strlen(p->data), out) || out->len == 0)
        return FAIL(e, INVALID, "/data", "图片内容不是 Base64。");
    hash_of(digest, out->at, out->len);
    return (hex_read(said, sizeof said, p->sha256) &&
            memcmp(said, digest, sizeof digest) == 0) ||
           FAIL(e, INVALID, "/data", "图片内容与写明的摘要不符。");
}

const char *item_shown_text(struct arena *a, const struct item *item)
{
    struct json_out *o = json_out_create(a);
    out_object(o);
    item->kind->present(item->body, NULL, o);
    out_object_end(o);
    return json_out_text(o);
}

/* In what is shown, as text: ids need no escaping in JSON. */
static bool shows(struct arena *a, const char *shown, const struct item_picture *p)
{
    return text_names_picture(shown, p->id) ||
           strstr(shown, arena_printf(a, "\"picture\":\"%s\"", p->id));
}

bool picture_is_shown(struct arena *a, const struct item *item, const struct item_picture *p)
{
    return shows(a, item_shown_text(a, item), p);
}

bool media_is_shown(struct arena *a, const struct item *item, const struct item_media *one)
{
    return text_names_picture(item_shown_text(a, item), one->id);
}

void pictures_put_shown(struct arena *a, const struct item *item, struct json_out *o)
{
    const struct item_meta *m = &item->meta;
    if (m->picture_count + m->media_count == 0)
        return;
    const char *shown = item_shown_text(a, item);
    media_put_shown(m, shown, o);
    if (m->picture_count == 0)
        return;
    put_array(o, "pictures");
    for (size_t i = 0; i < m->picture_count; i++) {
        const struct item_picture *p = &m->pictures[i];
        if (!shows(a, shown, p))
            continue;
        out_object(o);
        put_text(o, "id", p->id);
        put_text(o, "sha256", p->sha256);
        put_int(o, "width", p->width);
        put_int(o, "height", p->height);
        put_text(o, "alt", p->alt);
        out_object_end(o);
    }
    out_array_end(o);
}

static void put_media_word(struct text_out *o, const struct item_media *one, int number)
{
    const char *what = media_is_film(one->type) ? "视频" : "音频";
    if (number)
        text_putf(o, "〔%s%d〕", what, number);
    else
        text_putf(o, "〔%s：%s〕", what, one->alt);
}

static const char *replaced(struct arena *a, const struct item_meta *m, const char *text,
                            bool numbered)
{
    struct text_out o = {.arena = a};
    if (m->picture_count + m->media_count == 0 || !text)
        return text;
    for (const char *at; (at = strstr(text, "![")) != NULL;) {
        size_t n = name_at(at);
        int p = n ? find(m, at + 2, n) : -1;
        text_put_bytes(&o, text, (size_t)(at - text));
        text = at + (p >= 0 ? n + 3 : 2);
        if (p < 0)
            text_put(&o, "![");
        else if ((size_t)p >= m->picture_count)
            put_media_word(&o, &m->media[(size_t)p - m->picture_count],
                           numbered ? p - (int)m->picture_count + 1 : 0);
        else if (numbered)
            text_putf(&o, "〔图%d〕", p + 1);
        else
            text_putf(&o, "〔图：%s〕", m->pictures[p].alt);
    }
    text_put(&o, text);
    return text_out_text(&o);
}

const char *pictures_numbered(struct arena *a, const struct item_meta *m, const char *text)
{
    return replaced(a, m, text, true);
}

const char *pictures_worded(struct arena *a, const struct item_meta *m, const char *text)
{
    return replaced(a, m, text, false);
}

struct json_t *pictures_without_data(struct arena *a, const struct json_t *object)
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

struct json_t *picture_object(struct arena *a, const struct attached *p, const char *id,
                              const char *alt)
{
    char hex[2 * HASH_BYTES + 1];
    hex_write(hex, p->digest, HASH_BYTES);
    return json_pack("{s:s, s:s, s:s, s:I, s:I, s:s, s:s}", "id", id, "sha256", hex, "type",
                     p->type, "width", (json_int_t)p->width, "height", (json_int_t)p->height,
                     "alt", alt, "data", base64_write(a, p->bytes.at, p->bytes.len));
}
