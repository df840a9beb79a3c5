/* paper/form_store.c - forms in and out of the database; the items' texts stay in the bank. */
#include "paper/form_store.h"

#include <jansson.h>
#include <string.h>

#include "bank/attachment.h"
#include "base/arena.h"
#include "base/json.h"
#include "base/json_out.h"
#include "programme/programme.h"
#include "store/db.h"

static const char *layout_text(struct arena *a, const struct blueprint *b)
{
    struct json_out *o = json_out_create(a);
    out_array(o);
    for (size_t i = 0; i < b->part_count; i++) {
        out_object(o);
        put_text(o, "kind", b->parts[i].kind);
        put_int(o, "count", b->parts[i].count);
        put_int(o, "millimarks", b->parts[i].millimarks);
        if (b->parts[i].partial)
            put_text(o, "partial", b->parts[i].partial);
        out_object_end(o);
    }
    out_array_end(o);
    return json_out_text(o);
}

static bool put_items(struct db *db, const struct form_record *f, struct err *e)
{
    const struct blueprint_solution *s = f->solution;
    for (size_t i = 0; i < s->count; i++) {
        const struct item_row *r = s->items[i];
        struct query *q = db_query(db, SQL_form_item_put);
        query_id(q, f->id);
        query_int(q, (int64_t)i + 1);
        query_int(q, (int64_t)s->part[i]);
        query_id(q, r->id);
        query_id(q, r->version_id);
        query_int(q, r->version);
        query_text(q, r->code);
        query_text(q, r->area);
        query_text(q, r->point);
        query_int(q, f->blueprint->parts[s->part[i]].millimarks);
        if (!query_run(q, e))
            return false;
    }
    return true;
}

bool form_put(struct db *db, struct arena *a, const struct actor *who,
              const struct form_record *f, struct err *e)
{
    const struct blueprint *b = f->blueprint;
    struct query *q = db_query(db, SQL_form_put);
    query_id(q, f->id);
    query_id(q, who->body);
    query_text(q, f->name);
    query_text(q, b->programme->id);
    query_text(q, b->component);
    query_int(q, b->level);
    query_text(q, b->direction ? b->direction : "");
    query_text(q, layout_text(a, b));
    query_bytes(q, (struct bytes){f->seed, SEED_BYTES});
    query_int(q, blueprint_items(b));
    query_int(q, blueprint_millimarks(b));
    query_id(q, who->account);
    query_int(q, who->now_ms);
    query_text(q, f->certificate);
    return query_run(q, e) && put_items(db, f, e);
}

bool form_mark_sealed(struct db *db, const struct actor *who, struct id form, struct err *e)
{
    struct query *q = db_query(db, SQL_form_seal);
    query_id(q, form);
    query_id(q, who->body);
    return query_change_one(q, "form", "没有这份试卷。", e);
}

static void read_row(const struct query *q, struct arena *a, struct form_row *out)
{
    *out = (struct form_row){
        .id = query_get_id(q, 0),
        .name = query_get_text(q, 1, a),
        .programme = query_get_text(q, 2, a),
        .component = query_get_text(q, 3, a),
        .direction = query_get_text(q, 4, a),
        .state = query_get_text(q, 5, a),
        .level = query_get_int(q, 6),
        .items = query_get_int(q, 7),
        .millimarks = query_get_int(q, 8),
        .created_ms = query_get_int(q, 9),
    };
    if (!*out->direction)
        out->direction = NULL;
}

bool form_list(const struct bank *b, const char *programme, struct form_row **out,
               size_t *count, struct err *e)
{
    struct query *q = db_query(b->db, SQL_form_rows);
    size_t room = 0;
    query_id(q, b->actor->body);
    query_text(q, programme ? programme : "");
    *out = NULL;
    *count = 0;
    while (query_next(q, e)) {
        if (*count == room) {
            size_t more = room ? room * 2 : 16;
            *out = arena_grow(b->arena, *out, room, more, sizeof **out);
            room = more;
        }
        read_row(q, b->arena, &(*out)[(*count)++]);
    }
    return e->code == ERR_NONE;
}

static bool read_layout(struct arena *a, const char *text, struct form *out, struct err *e)
{
    const json_t *list = json_read(a, text, strlen(text), e);
    if (!list)
        return false;
    struct layout_part *parts = arena_array(a, struct layout_part, json_array_size(list) + 1);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i);
        parts[i] = (struct layout_part){arena_text(a, json_member_text(one, "kind")),
                                        json_member_int(one, "count", 0),
                                        json_member_int(one, "millimarks", 0),
                                        arena_text(a, json_member_text(one, "partial"))};
    }
    out->parts = parts;
    out->part_count = json_array_size(list);
    return true;
}

static bool read_items(const struct bank *b, struct form *out, struct err *e)
{
    struct form_item *items = arena_array(b->arena, struct form_item,
                                          (size_t)out->row.items + 1);
    struct query *q = db_query(b->db, SQL_form_item_rows);
    query_id(q, out->row.id);
    out->item_count = 0;
    while (query_next(q, e)) {
        if (out->item_count == (size_t)out->row.items) {
            query_done(q);
            return FAIL(e, STORE, "form", "试卷的题数不符。");
        }
        items[out->item_count++] = (struct form_item){
            .section = (size_t)query_get_int(q, 0),
            .item_id = query_get_id(q, 1),
            .version_id = query_get_id(q, 2),
            .area = query_get_text(q, 3, b->arena),
            .point = query_get_text(q, 4, b->arena),
            .millimarks = query_get_int(q, 5),
        };
    }
    if (e->code != ERR_NONE)
        return false;
    out->items = items;
    for (size_t i = 0; i < out->item_count; i++)
        if (!bank_open_version(b->db, b->arena, b->master, items[i].version_id, &items[i].item,
                               e))
            return false;
    return true;
}

static struct form_picture *find_picture(struct form_picture *have, size_t count,
                                         const char *sha256)
{
    char hex[2 * HASH_BYTES + 1];
    for (size_t i = 0; i < count; i++) {
        hex_write(hex, have[i].picture.digest, HASH_BYTES);
        if (strcmp(hex, sha256) == 0)
            return &have[i];
    }
    return NULL;
}

static bool read_pictures(const struct bank *b, struct form *out, struct err *e)
{
    struct form_picture *have = NULL, *one;
    size_t count = 0, room = 0, bytes = 0;
    for (size_t i = 0; i < out->item_count; i++)
        for (size_t k = 0; k < out->items[i].item.meta.picture_count; k++) {
            const struct item *item = &out->items[i].item;
            const struct item_picture *p = &item->meta.pictures[k];
            if (!(one = find_picture(have, count, p->sha256))) {
                if (count == room) {
                    have = arena_grow(b->arena, have, room, room + 16, sizeof *have);
                    room += 16;
                }
                one = &have[count];
                if (!attachment_open(b, p->sha256, &one->picture, e))
                    return false;
                count++;
            }
            if (!one->shown && picture_is_shown(b->arena, item, p)) {
                one->shown = true;
                bytes += one->picture.bytes.len;
            }
        }
    out->pictures = have;
    out->picture_count = count;
    return bytes <= FORM_PICTURE_BYTES_MAX ||
           FAIL(e, RULE, "/items", "这份试卷的图片共 %zu KiB，一份试卷至多 %d KiB。",
                bytes >> 10, FORM_PICTURE_BYTES_MAX >> 10);
}

/* Those that candidates are shown, each once. Their bytes are read when a paper is sealed. */
static void gather_media(struct arena *a, struct form *out)
{
    struct item_media *have = NULL;
    size_t count = 0;
    for (size_t i = 0; i < out->item_count; i++)
        for (size_t k = 0; k < out->items[i].item.meta.media_count; k++) {
            const struct item *item = &out->items[i].item;
            const struct item_media *one = &item->meta.media[k];
            bool known = !media_is_shown(a, item, one);
            for (size_t n = 0; n < count && !known; n++)
                known = strcmp(have[n].sha256, one->sha256) == 0;
            if (known)
                continue;
            have = arena_grow(a, have, count, count + 1, sizeof *have);
            have[count++] = *one;
        }
    out->media = have;
    out->media_count = count;
}

bool form_open(const struct bank *b, struct id form, struct form *out, struct err *e)
{
    struct query *q = db_query(b->db, SQL_form_get);
    query_id(q, form);
    query_id(q, b->actor->body);
    if (!query_one(q, "form", e))
        return false;
    read_row(q, b->arena, &out->row);
    const char *layout = query_get_text(q, 10, b->arena);
    out->certificate = query_get_text(q, 11, b->arena);
    query_done(q);
    if (!read_layout(b->arena, layout, out, e) || !read_items(b, out, e))
        return false;
    gather_media(b->arena, out);
    return read_pictures(b, out, e);
}

bool form_codes(struct db *db, struct arena *a, struct id body, struct id form,
                const char ***codes, size_t *count, struct err *e)
{
    struct query *q = db_query(db, SQL_form_item_codes);
    query_id(q, form);
    query_id(q, body);
    while (query_next(q, e)) {
        *codes = arena_grow(a, *codes, *count, *count + 1, sizeof **codes);
        (*codes)[(*count)++] = query_get_text(q, 0, a);
    }
    return e->code == ERR_NONE;
}

bool form_item_uses(const struct bank *b, const char *programme, const struct item_row *items,
                    size_t count, int64_t *uses, struct err *e)
{
    struct query *q = db_query(b->db, SQL_form_item_uses);
    query_id(q, b->actor->body);
    query_text(q, programme);
    while (query_next(q, e)) {
        struct id item = query_get_id(q, 0);
        for (size_t i = 0; i < count; i++)
            if (id_equal(items[i].id, item))
                uses[i] = query_get_int(q, 1);
    }
    return e->code == ERR_NONE;
}
