/* bank/media.c - the sounds and films that an item names. */
#include "bank/media.h"

#include <jansson.h>
#include <string.h>

#include "bank/item.h"
#include "base/arena.h"
#include "base/fields.h"
#include "base/json.h"
#include "base/json_out.h"

enum { ID_MAX = 20, DATA_MAX = MEDIA_BYTES_MAX / 3 * 4 + 8 };

static const char *const types[] = {
#define MEDIA_TYPE(type, extension) type,
#include "bank/media_types.def"
#undef MEDIA_TYPE
    NULL};
static const struct field rows[] = {
    {FIELD(struct item_media, id, TEXT), .required = true, .min = 1, .max = ID_MAX},
    {FIELD(struct item_media, sha256, TEXT), .required = true, .min = 64, .max = 64},
    {FIELD(struct item_media, type, TEXT), .required = true, .allowed = types},
    {FIELD(struct item_media, duration_ms, INT), .required = true, .min = 1,
     .max = MEDIA_MS_MAX},
    {FIELD(struct item_media, width, INT), .min = 0, .max = MEDIA_SIDE_MAX},
    {FIELD(struct item_media, height, INT), .min = 0, .max = MEDIA_SIDE_MAX},
    {FIELD(struct item_media, plays, INT), .min = 0, .max = MEDIA_PLAYS_MAX},
    {FIELD(struct item_media, alt, TEXT), .required = true, .min = 1, .max = 300},
    {FIELD(struct item_media, transcript, TEXT), .max = 4000},
    {FIELD(struct item_media, data, TEXT), .max = DATA_MAX},
};
const struct fields item_media_fields = FIELDS("item_media", struct item_media, rows);

void media_put_shown(const struct item_meta *m, const char *shown, struct json_out *o)
{
    if (m->media_count == 0)
        return;
    put_array(o, "media");
    for (size_t i = 0; i < m->media_count; i++) {
        const struct item_media *one = &m->media[i];
        if (!text_names_attached(shown, one->id))
            continue;
        out_object(o);
        put_text(o, "id", one->id);
        put_text(o, "sha256", one->sha256);
        put_text(o, "type", one->type);
        put_int(o, "duration_ms", one->duration_ms);
        put_int(o, "width", one->width);
        put_int(o, "height", one->height);
        put_int(o, "plays", one->plays);
        put_text(o, "alt", one->alt);
        put_text(o, "transcript", one->transcript);
        out_object_end(o);
    }
    out_array_end(o);
}
