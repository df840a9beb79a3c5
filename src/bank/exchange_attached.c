/* bank/exchange_attached.c - pictures, sounds and films of foreign questions, taken as uploads are. */
#include "bank/exchange_attached.h"

#include <jansson.h>
#include <string.h>

#include "bank/attached.h"
#include "bank/exchange.h"
#include "bank/exchange_build.h"
#include "bank/media.h"
#include "bank/picture.h"
#include "base/arena.h"
#include "base/json.h"
#include "base/zip_out.h"

#define ID_LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
enum { ID_MAX = 20, TAKE_ARENA_BYTES = 512 << 20 };

struct brought brought_begin(struct exchange *x, const char *item)
{
    return (struct brought){x, item, json_keep(x->arena, json_array()),
                            json_keep(x->arena, json_array())};
}

static const json_t *known_in(const json_t *list, const char *member, const char *value)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        if (strcmp(member_or(json_array_get(list, i), member, ""), value) == 0)
            return json_array_get(list, i);
    return NULL;
}

static bool is_free(const struct brought *b, const char *id)
{
    return !known_in(b->list, "id", id) && !known_in(b->media, "id", id);
}

static const char *id_of(const struct brought *b, const char *id, char letter)
{
    if (id && *id && strlen(id) <= ID_MAX && !id[strspn(id, ID_LETTERS)] && is_free(b, id))
        return id;
    for (size_t i = 1;; i++)
        if (is_free(b, id = arena_printf(b->x->arena, "%c%zu", letter, i)))
            return id;
}

static const char *lost(const struct brought *b, const struct brought_file *f, const char *why)
{
    exchange_lose(b->x, b->item, f->element, "%.100s 未带入：%s", f->name, why);
    return NULL;
}

/* One that is sound into LIST; CHANGED says what was taken off its bytes. */
static const char *put(const struct brought *b, const struct brought_file *f,
                       const struct attached *taken, json_t *list, size_t most,
                       const char *changed)
{
    char hex[2 * HASH_BYTES + 1];
    hex_write(hex, taken->digest, HASH_BYTES);
    const json_t *same = known_in(list, "sha256", hex);
    if (same)
        return json_member_text(same, "id");
    if (json_array_size(list) == most)
        return lost(b, f, "一道题的图片或音视频过多。");
    const char *id = id_of(b, f->id, list == b->list ? 'p' : 'a');
    if (!bytes_equal(f->bytes, taken->bytes))
        exchange_lose(b->x, b->item, f->element, "%.100s %s", f->name, changed);
    json_array_append_new(
        list, attached_object(b->x->arena, taken, id, f->alt && *f->alt ? f->alt : id));
    return id;
}

/* Unpacked it is many times as large, and a file may have hundreds: only what is kept stays in the arena. */
static bool take(const struct brought *b, const struct brought_file *f,
                 bool (*read)(struct arena *a, struct bytes file, struct attached *out,
                              struct err *e),
                 struct attached *out, struct err *e)
{
    struct arena *apart = arena_create(TAKE_ARENA_BYTES);
    bool ok = read(apart, f->bytes, out, e);
    if (ok)
        out->bytes.at = arena_copy(b->x->arena, out->bytes.at, out->bytes.len);
    arena_destroy(apart);
    return ok;
}

const char *brought_picture(const struct brought *b, const struct brought_file *f)
{
    struct attached taken;
    struct err e = {0};
    if (!take(b, f, picture_take_here, &taken, &e))
        return lost(b, f, e.text);
    return put(b, f, &taken, b->list, PICTURES_MAX, "去掉附带的数据后重新编码。");
}

const char *brought_media(const struct brought *b, const struct brought_file *f)
{
    struct attached taken;
    struct err e = {0};
    if (!take(b, f, media_take_here, &taken, &e))
        return lost(b, f, e.text);
    return put(b, f, &taken, b->media, MEDIA_MAX, "去掉附带的说明。");
}

static void put_shown(const struct brought *b, json_t *item, const char *member,
                      const json_t *list)
{
    const char *text = json_compact(b->x->arena, item);
    json_t *shown = json_array(), *one;
    size_t i;
    json_array_foreach((json_t *)list, i, one)
    {
        const char *id = json_member_text(one, "id");
        if (text_names_attached(text, id) ||
            strstr(text, arena_printf(b->x->arena, "\"picture\":\"%s\"", id)))
            json_array_append(shown, one);
    }
    if (json_array_size(shown) > 0)
        json_object_set(item, member, shown);
    json_decref(shown);
}

void brought_put(const struct brought *b, struct json_t *item)
{
    put_shown(b, item, "pictures", b->list);
    put_shown(b, item, "media", b->media);
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                  : -1;
}

const char *address_plain(struct arena *a, const char *address)
{
    char *plain = arena_copy(a, address, strcspn(address, "?#")), *to = plain;
    for (const char *s = plain; *s; s++) {
        int high = *s == '%' ? hex_digit(s[1]) : -1, low = high >= 0 ? hex_digit(s[2]) : -1;
        bool coded = low >= 0 && high * 16 + low > 0;
        *to++ = coded ? (char)(high * 16 + low) : *s;
        s += coded ? 2 : 0;
    }
    *to = 0;
    return plain;
}

bool data_address_read(struct arena *a, const char *address, struct bytes *out)
{
    const char *comma = strncmp(address, "data:", 5) == 0 ? strchr(address, ',') : NULL;
    static const char coding[] = ";base64";
    size_t head = comma ? (size_t)(comma - address) : 0;
    return head >= sizeof coding - 1 &&
           memcmp(comma - (sizeof coding - 1), coding, sizeof coding - 1) == 0 &&
           base64_read(a, comma + 1, strlen(comma + 1), out);
}

/* --- writing --------------------------------------------------------------------------------- */
const struct json_t *attached_with_data(const struct json_t *list, const char *id, size_t len)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *p = json_array_get(list, i);
        const char *name = member_or(p, "id", "");
        if (strlen(name) == len && memcmp(name, id, len) == 0 && json_object_get(p, "data"))
            return p;
    }
    return NULL;
}

const char *attached_extension(const struct json_t *attached)
{
    const char *type = member_or(attached, "type", "");
    return strcmp(type, "image/png") == 0    ? "png"
           : strcmp(type, "image/jpeg") == 0 ? "jpg"
                                             : media_extension(type);
}

static void zip_list(struct exchange *x, struct zip_out *z, json_t *seen, const json_t *list,
                     const char *(*name)(struct arena *a, const struct json_t *attached))
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i);
        const char *data = json_member_text(one, "data"), *called = name(x->arena, one);
        struct bytes bytes;
        if (!data || json_object_get(seen, called) ||
            !base64_read(x->arena, data, strlen(data), &bytes))
            continue;
        json_object_set_new(seen, called, json_true());
        zip_out_add(z, called, bytes);
    }
}

void attached_zip(struct exchange *x, struct zip_out *z, const struct exchange_item *items,
                  size_t count,
                  const char *(*name)(struct arena *a, const struct json_t *attached))
{
    json_t *seen = json_keep(x->arena, json_object());
    for (size_t i = 0; i < count; i++) {
        zip_list(x, z, seen, json_object_get(items[i].whole, "pictures"), name);
        zip_list(x, z, seen, json_object_get(items[i].whole, "media"), name);
    }
}
