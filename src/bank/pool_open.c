/* bank/pool_open.c - the stored bank as a pool, for lint and coverage. */
#include "bank/pool.h"

#include <stddef.h>

#include "base/arena.h"
#include "programme/programme.h"

enum { POOL_ITEMS_MAX = 100000 };

bool pool_open(const struct bank *b, const struct programme *p, struct pool *out, struct err *e)
{
    struct item_row *rows;
    size_t count;
    int64_t total;
    struct bank_filter all = {.programme = p->id, .limit = POOL_ITEMS_MAX};
    *out = (struct pool){0};
    if (!bank_list(b, &all, &rows, &count, &total, e))
        return false;
    out->rows = arena_array(b->arena, struct item_row, count + 1);
    out->items = arena_array(b->arena, struct item, count + 1);
    out->places = arena_array(b->arena, const char *, count + 1);
    for (size_t i = 0; i < count; i++) {
        if (rows[i].state == ITEM_retired)
            continue;
        if (!bank_open_version(b->db, b->arena, b->master, rows[i].version_id,
                               &out->items[out->count], e))
            return false;
        out->rows[out->count] = rows[i];
        out->places[out->count++] = rows[i].code;
    }
    out->seen = out->count;
    return true;
}
