/* bank/similar.c - the nearest items by their sketches: one pass over 128 bytes an item. */
#include "bank/similar.h"

#include <string.h>

#include "bank/item_store.h"
#include "base/arena.h"
#include "base/json.h"
#include "store/db.h"

enum { ITEM_ARENA_BYTES = 8 << 20, ROWS_ARENA_BYTES = 4 << 20, ROWS_AT_ONCE = 4096 };

void similar_keep(struct similar *kept, size_t *count, const struct similar *one)
{
    if (one->percent < SKETCH_NEAR_PERCENT ||
        (*count == SIMILAR_MAX && one->percent <= kept[SIMILAR_MAX - 1].percent))
        return;
    size_t at = *count < SIMILAR_MAX ? (*count)++ : SIMILAR_MAX - 1;
    for (; at > 0 && kept[at - 1].percent < one->percent; at--)
        kept[at] = kept[at - 1];
    kept[at] = *one;
}

/* Of an item stored before sketches were. */
static bool sketch_opened(const struct bank *b, struct id version, struct sketch *out,
                          struct err *e)
{
    struct arena *a = arena_create(ITEM_ARENA_BYTES);
    struct item item;
    bool ok = bank_open_version(b->db, a, b->master, version, &item, e);
    if (ok)
        sketch_of(a, b->master, item.json, out);
    arena_destroy(a);
    return ok;
}

struct searching {
    struct similar *near;
    size_t near_count;
    struct similar *old; /* without a sketch, to be opened */
    size_t old_count, old_room;
};

static void put_aside(struct arena *a, struct searching *s, const struct similar *one)
{
    if (s->old_count == s->old_room) {
        size_t room = s->old_room ? s->old_room * 2 : 64;
        s->old = arena_grow(a, s->old, s->old_room, room, sizeof *s->old);
        s->old_room = room;
    }
    s->old[s->old_count++] = *one;
}

/* One row of the list: near enough, to be opened, or passed over. */
static void take_row(const struct bank *b, const struct query *q, struct bytes stored,
                     const struct sketch *mine, struct searching *s)
{
    struct similar one = {.item = query_get_id(q, 0), .version_id = query_get_id(q, 1)};
    struct sketch other;
    bool known = stored.len == SKETCH_BYTES;
    if (known) {
        memcpy(other.at, stored.at, SKETCH_BYTES);
        one.percent = sketch_percent(mine, &other);
        if (one.percent < SKETCH_NEAR_PERCENT)
            return;
    }
    one.code = query_get_text(q, 2, b->arena);
    one.state = query_get_text(q, 3, b->arena);
    if (known)
        similar_keep(s->near, &s->near_count, &one);
    else
        put_aside(b->arena, s, &one);
}

/* Sketches are read into an arena of their own, emptied now and then: 100,000 of them are 26 MB. */
static bool read_all(const struct bank *b, const char *own, const struct sketch *mine,
                     struct searching *s, struct err *e)
{
    struct arena *rows = arena_create(ROWS_ARENA_BYTES);
    struct query *q = db_query(b->db, SQL_item_sketch_list);
    query_id(q, b->actor->body);
    query_text(q, own ? own : "");
    for (size_t i = 1; query_next(q, e); i++) {
        take_row(b, q, query_get_bytes(q, 4, rows), mine, s);
        if (i % ROWS_AT_ONCE == 0) {
            arena_destroy(rows);
            rows = arena_create(ROWS_ARENA_BYTES);
        }
    }
    arena_destroy(rows);
    return e->code == ERR_NONE;
}

struct keeping {
    const struct similar *old;
    const struct sketch *made;
    size_t count;
};

static bool keep_sketches(struct db *db, void *ctx, struct err *e)
{
    const struct keeping *k = ctx;
    for (size_t i = 0; i < k->count; i++) {
        struct query *q = db_query(db, SQL_item_sketch_put);
        query_id(q, k->old[i].version_id);
        query_bytes(q, (struct bytes){k->made[i].at, sizeof k->made[i].at});
        if (!query_run(q, e))
            return false;
    }
    return true;
}

/* Those stored before sketches were get theirs at the first search that needs them. */
static bool look_at_old(const struct bank *b, const struct sketch *mine, struct searching *s,
                        struct err *e)
{
    struct sketch *made = arena_array(b->arena, struct sketch, s->old_count + 1);
    struct keeping k = {s->old, made, s->old_count};
    for (size_t i = 0; i < s->old_count; i++) {
        if (!sketch_opened(b, s->old[i].version_id, &made[i], e))
            return false;
        s->old[i].percent = sketch_percent(mine, &made[i]);
        similar_keep(s->near, &s->near_count, &s->old[i]);
    }
    return s->old_count == 0 || db_transact(b->db, keep_sketches, &k, e);
}

bool bank_similar(const struct bank *b, const struct json_t *object, struct similar *out,
                  size_t *count, struct err *e)
{
    struct sketch mine;
    struct searching s = {.near = out};
    sketch_of(b->arena, b->master, object, &mine);
    if (!read_all(b, json_member_text(object, "id"), &mine, &s, e) ||
        !look_at_old(b, &mine, &s, e))
        return false;
    *count = s.near_count;
    return true;
}
