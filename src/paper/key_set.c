/* paper/key_set.c - writes the key set of a session, and reads the places of its papers. */
#include "paper/key_set.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "paper/render.h"
#include "store/db.h"

enum { KEY_SET_PAD_BYTES = 16384 };

struct key_set_maker {
    struct arena *arena;
    struct id session;
    json_t *root, *forms, *papers;
};

static const char *hex_id(struct arena *a, struct id id)
{
    char text[ID_TEXT_BYTES];
    id_write(id, text);
    return arena_text(a, text);
}

struct key_set_maker *key_set_begin(struct arena *a, struct id session, int64_t revision)
{
    struct key_set_maker *k = arena_new(a, struct key_set_maker);
    k->arena = a;
    k->session = session;
    k->forms = json_object();
    k->papers = json_object();
    k->root = json_keep(a, json_pack("{s:s, s:i, s:s, s:I, s:o, s:o}", "type", "key_set", "v",
                                     1, "session", hex_id(a, session), "revision",
                                     (json_int_t)revision, "forms", k->forms, "papers",
                                     k->papers));
    return k;
}

bool key_set_add_form(struct key_set_maker *k, const struct form *f, struct err *e)
{
    const char *name = hex_id(k->arena, f->row.id);
    if (json_object_get(k->forms, name))
        return true;
    json_t *items = json_array();
    json_object_set_new(k->forms, name, items);
    for (size_t i = 0; i < f->item_count; i++) {
        const struct form_item *it = &f->items[i];
        json_t *one = json_pack("{s:s, s:s, s:s, s:s, s:I, s:O}", "code", it->item.meta.id,
                                "version_id", hex_id(k->arena, it->version_id), "area",
                                it->area, "point", it->point, "millimarks",
                                (json_int_t)it->millimarks, "item", (json_t *)it->item.json);
        if (!one)
            return FAIL(e, INTERNAL, "key_set", "答案集无法写出。");
        const char *partial = f->parts[it->section].partial;
        if (partial)
            json_object_set_new(one, "partial", json_string(partial));
        json_array_append_new(items, one);
    }
    return true;
}

/* Kept beside the seed they follow from: marks do not depend on drawing them again. */
static void put_numbers(struct key_set_maker *k, json_t *paper, const struct form *f,
                        const unsigned char seed[SEED_BYTES])
{
    json_t *all = json_object();
    for (size_t i = 0; i < f->item_count; i++) {
        json_t *numbers = paper_numbers(k->arena, f, (uint32_t)i, seed);
        if (numbers)
            json_object_set(all, arena_printf(k->arena, "%zu", i), numbers);
    }
    if (json_object_size(all) > 0)
        json_object_set(paper, "numbers", all);
    json_decref(all);
}

void key_set_add_paper(struct key_set_maker *k, struct id paper, const struct form *f,
                       const unsigned char seed[SEED_BYTES])
{
    char hex[2 * SEED_BYTES + 1];
    uint32_t *order = arena_array(k->arena, uint32_t, f->item_count + 1);
    json_t *list = json_array();
    paper_order(f, seed, order);
    for (size_t i = 0; i < f->item_count; i++)
        json_array_append_new(list, json_integer(order[i]));
    hex_write(hex, seed, SEED_BYTES);
    json_t *one = json_pack("{s:s, s:s, s:o}", "form", hex_id(k->arena, f->row.id), "seed", hex,
                            "order", list);
    json_object_set_new(k->papers, hex_id(k->arena, paper), one);
    put_numbers(k, one, f, seed);
}

static void commit_to(unsigned char out[HASH_BYTES], struct bytes salted)
{
    static const char type[] = "heng/answer-key/1"; /* with its closing zero */
    struct hash_state h;
    hash_begin(&h);
    hash_add(&h, type, sizeof type);
    hash_add(&h, salted.at, salted.len);
    hash_end(&h, out);
}

bool key_set_end(struct key_set_maker *k, const struct master *m,
                 unsigned char commitment[HASH_BYTES], struct bytes *sealed, struct err *e)
{
    struct bytes text;
    if (!jcs_write(k->arena, k->root, &text, e))
        return false;
    unsigned char *salted = arena_array(k->arena, unsigned char, KEY_SALT_BYTES + text.len);
    random_bytes(salted, KEY_SALT_BYTES);
    memcpy(salted + KEY_SALT_BYTES, text.at, text.len);
    size_t len = KEY_SALT_BYTES + text.len;
    commit_to(commitment, (struct bytes){salted, len});
    *sealed = purpose_seal(k->arena, m, KEY_BANK, "paper_session", "key_set", k->session,
                           KEY_SET_PAD_BYTES, salted, len);
    return true;
}

bool paper_key_set(struct db *db, struct arena *a, const struct master *m, struct id session,
                   struct key_set *out, struct err *e)
{
    struct bytes plain;
    unsigned char commitment[HASH_BYTES];
    struct query *q = db_query(db, SQL_paper_session_get);
    query_id(q, session);
    if (!query_one(q, "session", e))
        return false;
    *out = (struct key_set){.session = session, .version = query_get_int(q, 1)};
    struct bytes sealed = query_get_bytes(q, 6, a), committed = query_get_bytes(q, 7, a);
    query_done(q);
    if (sealed.len <= 1) /* the mark of a room node */
        return FAIL(e, NOT_FOUND, "session", "考场节点没有答案集，它只在中心。");
    if (!purpose_open(a, m, KEY_BANK, "paper_session", "key_set", session, sealed, &plain, e))
        return false;
    commit_to(commitment, plain);
    if (plain.len <= KEY_SALT_BYTES ||
        !bytes_equal((struct bytes){commitment, HASH_BYTES}, committed))
        return FAIL(e, INVALID, "/answer_key_commit", "答案集与考前公布的承诺值不符。");
    memcpy(out->commitment, commitment, HASH_BYTES);
    out->json = json_read(a, plain.at + KEY_SALT_BYTES, plain.len - KEY_SALT_BYTES, e);
    return out->json;
}

/* --- places ------------------------------------------------------------------------------------ */
/* What was decided after the sitting (paper/key_change.h). */
struct reader_change {
    bool credit;  /* else `item` is right too */
    int64_t part; /* -1: the whole item */
    struct item item;
};

struct reader_item {
    const char *area, *point;
    struct id version_id;
    int64_t millimarks;
    enum partial_credit partial;
    struct item item;
    struct reader_change *changes;
    size_t change_count;
};

struct reader_form {
    const char *id;
    struct reader_item *items;
    size_t count;
};

struct key_reader {
    const struct key_set *set;
    struct reader_form *forms;
    size_t form_count;
};

static bool read_changes(struct arena *a, const json_t *list, struct reader_item *out,
                         struct err *e)
{
    out->changes = arena_array(a, struct reader_change, json_array_size(list) + 1);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i), *item = json_object_get(one, "item");
        struct reader_change *c = &out->changes[out->change_count++];
        c->credit = item == NULL;
        c->part = json_member_int(one, "part", -1);
        if (item && !item_read(a, item, &c->item, e))
            return false;
    }
    return true;
}

static bool read_form(struct arena *a, const json_t *list, struct reader_form *out,
                      struct err *e)
{
    out->count = json_array_size(list);
    out->items = arena_array(a, struct reader_item, out->count + 1);
    for (size_t i = 0; i < out->count; i++) {
        const json_t *one = json_array_get(list, i);
        struct reader_item *it = &out->items[i];
        it->area = json_member_text(one, "area");
        it->point = json_member_text(one, "point");
        it->millimarks = json_member_int(one, "millimarks", 0);
        it->partial = partial_read(json_member_text(one, "partial"));
        const char *version = json_member_text(one, "version_id");
        if (!version || !id_read(version, &it->version_id))
            return FAIL(e, INVALID, "/version_id", "答案集中的试题版本有误。");
        if (!item_read(a, json_object_get(one, "item"), &it->item, e) ||
            !read_changes(a, json_object_get(one, "changes"), it, e))
            return false;
    }
    return true;
}

struct key_reader *key_reader_create(struct arena *a, const struct key_set *set, struct err *e)
{
    json_t *forms = json_object_get(set->json, "forms"), *list;
    struct key_reader *r = arena_new(a, struct key_reader);
    const char *id;
    r->set = set;
    r->forms = arena_array(a, struct reader_form, json_object_size(forms) + 1);
    json_object_foreach(forms, id, list)
    {
        struct reader_form *f = &r->forms[r->form_count++];
        f->id = id;
        if (!read_form(a, list, f, e))
            return NULL;
    }
    return r;
}

static const struct reader_form *form_named(const struct key_reader *r, const char *id)
{
    for (size_t i = 0; id && i < r->form_count; i++)
        if (strcmp(r->forms[i].id, id) == 0)
            return &r->forms[i];
    return NULL;
}

static size_t parts_of(const struct item *item, const struct item_part **parts)
{
    return item->kind->parts ? item->kind->parts(item->body, parts) : 0;
}

static const void *body_of(const struct item *item, int64_t part)
{
    const struct item_part *parts = NULL;
    size_t n = part < 0 ? 0 : parts_of(item, &parts);
    return part >= 0 && (size_t)part < n ? parts[part].body : item->body;
}

/* Of a template: the item with the paper's numbers, by its own key or by one accepted beside it. */
static bool with_numbers(struct arena *a, const struct item *item, const json_t *numbers,
                         struct item *out, struct err *e)
{
    if (item->kind->drawing && !numbers)
        return FAIL(e, INVALID, "/numbers", "答案集中没有试题 %s 的数据。", item->meta.id);
    return item_fill(a, item, numbers, out, e);
}

static bool fill_place_item(struct arena *a, const struct reader_item *it,
                            const json_t *numbers, struct reader_item *out, struct err *e)
{
    *out = *it;
    if (!it->item.kind->drawing)
        return true;
    out->changes = arena_array(a, struct reader_change, it->change_count + 1);
    for (size_t i = 0; i < it->change_count; i++) {
        out->changes[i] = it->changes[i];
        if (!it->changes[i].credit &&
            !with_numbers(a, &it->changes[i].item, numbers, &out->changes[i].item, e))
            return false;
    }
    return with_numbers(a, &it->item, numbers, &out->item, e);
}

static void change_place(struct arena *a, const struct reader_item *it,
                         struct paper_place *place)
{
    const void **also = arena_array(a, const void *, it->change_count + 1);
    place->also = also;
    place->also_count = 0;
    for (size_t i = 0; i < it->change_count; i++) {
        const struct reader_change *c = &it->changes[i];
        if (c->credit && (c->part < 0 || c->part == place->part))
            place->credit = true;
        else if (!c->credit && c->part == place->part)
            also[place->also_count++] = body_of(&c->item, c->part);
    }
}

static void add_places(struct arena *a, const struct reader_item *it,
                       struct paper_place *places, size_t *count)
{
    const struct item_part *parts = NULL;
    size_t n = parts_of(&it->item, &parts);
    struct paper_place place = {
        .code = it->item.meta.id,
        .version_id = it->version_id,
        .part = -1,
        .area = it->area,
        .point = it->point,
        .kind = it->item.kind,
        .body = it->item.body,
        .millimarks = (int32_t)it->millimarks,
        .partial = it->partial,
        .stem = pictures_worded(a, &it->item.meta, item_stem(&it->item)),
        .item_json = it->item.json,
    };
    for (size_t i = 0; i < (n ? n : 1); i++) {
        if (n > 0) {
            place.part = (int64_t)i;
            place.kind = parts[i].kind;
            place.body = parts[i].body;
            place.millimarks = item_part_marks(parts, n, i, (int32_t)it->millimarks);
            const json_t *part = json_array_get(json_object_get(it->item.json, "items"), i);
            place.stem = pictures_worded(a, &it->item.meta, json_member_text(part, "stem"));
        }
        place.n = (int64_t)*count + 1;
        place.credit = false;
        if (it->change_count > 0)
            change_place(a, it, &place);
        places[(*count)++] = place;
    }
}

bool paper_places(struct key_reader *r, struct arena *a, struct id paper,
                  struct paper_place **out, size_t *count, struct err *e)
{
    const json_t *entry = json_object_get(json_object_get(r->set->json, "papers"),
                                          hex_id(a, paper));
    const struct reader_form *f = form_named(r, json_member_text(entry, "form"));
    const json_t *order = json_object_get(entry, "order");
    const struct item_part *parts;
    size_t places = 0;
    if (!f || json_array_size(order) != f->count)
        return FAIL(e, NOT_FOUND, "paper", "答案集中没有这份试卷。");
    for (size_t i = 0; i < f->count; i++) {
        size_t n = parts_of(&f->items[i].item, &parts);
        places += n ? n : 1;
    }
    *out = arena_array(a, struct paper_place, places + 1);
    *count = 0;
    bool *seen = arena_array(a, bool, f->count + 1);
    for (size_t i = 0; i < f->count; i++) {
        json_int_t at = json_integer_value(json_array_get(order, i));
        if (at < 0 || (size_t)at >= f->count || seen[at])
            return FAIL(e, INVALID, "/order", "答案集中的题序有误。");
        seen[at] = true;
        struct reader_item filled;
        if (!fill_place_item(a, &f->items[at],
                             json_object_get(json_object_get(entry, "numbers"),
                                             arena_printf(a, "%lld", (long long)at)),
                             &filled, e))
            return false;
        add_places(a, &filled, *out, count);
    }
    return true;
}
