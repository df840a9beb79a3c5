/* bank/picture.c - the pictures that an item names, and what stands in their place where none is shown. */
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
    return text_names_attached(shown, p->id) ||
           strstr(shown, arena_printf(a, "\"picture\":\"%s\"", p->id));
}

bool picture_is_shown(struct arena *a, const struct item *item, const struct item_picture *p)
{
    return shows(a, item_shown_text(a, item), p);
}

bool media_is_shown(struct arena *a, const struct item *item, const struct item_media *one)
{
    return text_names_attached(item_shown_text(a, item), one->id);
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
        size_t n = attached_name_at(at);
        int p = n ? item_attached_find(m, at + 2, n) : -1;
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
