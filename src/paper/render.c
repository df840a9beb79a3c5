/* paper/render.c - writes the exam JSON of one paper from its seed. */
#include "paper/render.h"

#include <assert.h>
#include <jansson.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/json_out.h"

bool seed_is_zero(const unsigned char seed[SEED_BYTES])
{
    static const unsigned char zero[SEED_BYTES] = {0};
    return memcmp(seed, zero, SEED_BYTES) == 0;
}

void paper_order(const struct form *f, const unsigned char seed[SEED_BYTES], uint32_t *order)
{
    struct arena *scratch = arena_create(1 << 20);
    uint32_t *shuffled = arena_array(scratch, uint32_t, f->item_count + 1);
    uint32_t *members = arena_array(scratch, uint32_t, f->item_count + 1);
    size_t at = 0;
    for (size_t section = 0; section < f->part_count; section++) {
        uint32_t n = 0;
        for (uint32_t i = 0; i < f->item_count; i++)
            if (f->items[i].section == section)
                members[n++] = i;
        for (uint32_t i = 0; i < n; i++)
            shuffled[i] = i;
        if (!seed_is_zero(seed)) {
            unsigned char part[SEED_BYTES];
            struct shuffle s;
            shuffle_part(part, seed, "items", section);
            shuffle_begin(&s, part);
            shuffle_order(&s, shuffled, n);
        }
        for (uint32_t i = 0; i < n; i++)
            order[at++] = members[shuffled[i]];
    }
    arena_destroy(scratch);
}

struct shuffle *paper_options(const unsigned char seed[SEED_BYTES], uint32_t item,
                              struct shuffle *room)
{
    unsigned char part[SEED_BYTES];
    if (seed_is_zero(seed))
        return NULL;
    shuffle_part(part, seed, "options", item);
    shuffle_begin(room, part);
    return room;
}

struct json_t *paper_numbers(struct arena *a, const struct form *f, uint32_t item,
                             const unsigned char seed[SEED_BYTES])
{
    const struct item *it = &f->items[item].item;
    const struct item_drawing *drawing = it->kind->drawing;
    unsigned char part[SEED_BYTES], whole[SEED_BYTES] = {0};
    struct shuffle s;
    if (!drawing)
        return NULL;
    if (drawing->same_for_form(it->body))
        memcpy(whole, f->row.id.bytes, ID_BYTES);
    else
        memcpy(whole, seed, SEED_BYTES);
    shuffle_part(part, whole, "numbers", item);
    shuffle_begin(&s, part);
    return json_keep(a, drawing->draw(it->body, &s, a));
}

struct item paper_item(struct arena *a, const struct form *f, uint32_t item,
                       const unsigned char seed[SEED_BYTES])
{
    struct item out;
    struct err e = {0};
    bool ok = item_fill(a, &f->items[item].item, paper_numbers(a, f, item, seed), &out, &e);
    assert(ok && "what a template draws fills it");
    (void)ok;
    return out;
}

const char *section_number(struct arena *a, size_t number)
{
    static const char *const digits[] = {"一", "二", "三", "四", "五",
                                         "六", "七", "八", "九", "十"};
    return number <= 10 ? digits[number - 1] : arena_printf(a, "%zu", number);
}

const char *section_name(struct arena *a, size_t number, const char *label)
{
    return arena_printf(a, "%s、%s", section_number(a, number), label);
}

static void write_item(struct arena *a, const struct form_item *f, const struct item *item,
                       struct shuffle *s, int64_t *n, struct json_out *o)
{
    const struct item_part *parts;
    out_object(o);
    if (!item->kind->parts) {
        put_int(o, "n", (*n)++);
        put_text(o, "kind", item->kind->name);
        item->kind->present(item->body, s, o);
        pictures_put_shown(a, item, o);
        out_object_end(o);
        return;
    }
    put_text(o, "kind", item->kind->name);
    put_text(o, "stem", item_stem(item));
    put_array(o, "items");
    size_t count = item->kind->parts(item->body, &parts);
    for (size_t i = 0; i < count; i++) {
        out_object(o);
        put_int(o, "n", (*n)++);
        put_text(o, "kind", parts[i].kind->name);
        put_int(o, "millimarks", item_part_marks(parts, count, i, (int32_t)f->millimarks));
        parts[i].kind->present(parts[i].body, s, o);
        out_object_end(o);
    }
    out_array_end(o);
    pictures_put_shown(a, item, o);
    out_object_end(o);
}

/* The bytes, each once, whichever items show them: the client has them before it opens the first. */
static void write_pictures(struct arena *a, const struct form *f, struct json_out *o)
{
    char hex[2 * HASH_BYTES + 1];
    if (f->picture_count == 0)
        return;
    put_array(o, "pictures");
    for (size_t i = 0; i < f->picture_count; i++) {
        const struct attached *p = &f->pictures[i].picture;
        if (!f->pictures[i].shown)
            continue;
        hex_write(hex, p->digest, HASH_BYTES);
        out_object(o);
        put_text(o, "sha256", hex);
        put_text(o, "type", p->type);
        put_text(o, "data", base64_write(a, p->bytes.at, p->bytes.len));
        out_object_end(o);
    }
    out_array_end(o);
}

/* What lies beside the paper, and with which key it opens. */
static void write_media(struct arena *a, const struct paper_head *head, struct json_out *o)
{
    char hex[2 * HASH_BYTES + 1];
    if (head->media_count == 0)
        return;
    put_array(o, "media");
    for (size_t i = 0; i < head->media_count; i++) {
        const struct paper_media *m = &head->media[i];
        out_object(o);
        put_text(o, "sha256", m->sha256);
        put_text(o, "type", m->type);
        put_id(o, "object", m->object.id);
        put_int(o, "bytes", m->object.bytes);
        hex_write(hex, m->object.sha256, HASH_BYTES);
        put_text(o, "sealed", hex);
        put_text(o, "key", base64url_write(a, m->key, KEY_BYTES));
        out_object_end(o);
    }
    out_array_end(o);
}

void exam_write(struct arena *a, const struct form *f, const struct paper_head *head,
                const unsigned char seed[SEED_BYTES], struct json_out *o)
{
    uint32_t *order = arena_array(a, uint32_t, f->item_count + 1);
    size_t at = 0;
    int64_t n = 1;
    paper_order(f, seed, order);
    out_object(o);
    put_id(o, "paper", head->paper);
    put_text(o, "title", head->title);
    put_int(o, "minutes", head->minutes);
    put_int(o, "millimarks", f->row.millimarks);
    put_array(o, "sections");
    for (size_t section = 0; section < f->part_count; section++) {
        const struct layout_part *p = &f->parts[section];
        out_object(o);
        put_text(o, "name", section_name(a, section + 1, item_kind_find(p->kind)->label));
        put_text(o, "kind", p->kind);
        put_int(o, "count", p->count);
        put_int(o, "millimarks", p->millimarks);
        if (p->partial)
            put_text(o, "rule", partial_labels[partial_read(p->partial)]);
        put_number(o, "marks", (double)p->millimarks / 1000.0);
        put_array(o, "items");
        for (; at < f->item_count && f->items[order[at]].section == section; at++) {
            struct shuffle room;
            struct item item = paper_item(a, f, order[at], seed);
            write_item(a, &f->items[order[at]], &item, paper_options(seed, order[at], &room),
                       &n, o);
        }
        out_array_end(o);
        out_object_end(o);
    }
    out_array_end(o);
    write_pictures(a, f, o);
    write_media(a, head, o);
    out_object_end(o);
}
