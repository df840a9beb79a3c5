/* bank/seen.c - notes and tells who saw what. */
#include "bank/seen.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/calendar.h"
#include "store/db.h"

static const char *const names[SEEN_PURPOSES] = {
#define SEEN(name, label) #name,
#include "bank/seen_purposes.def"
#undef SEEN
};

const char *seen_purpose_name(enum seen_purpose p)
{
    return names[p];
}

struct noting {
    const struct bank *bank;
    enum seen_purpose purpose;
    int64_t day;
    struct id *fresh;
    size_t count;
};

static int by_bytes(const void *x, const void *y)
{
    return memcmp(x, y, ID_BYTES);
}

/* Those not noted today; each once. */
static bool only_fresh(struct noting *n, const struct id *versions, size_t count, struct err *e)
{
    const struct bank *b = n->bank;
    struct id *known = NULL;
    size_t known_count = 0, room = 0;
    struct query *q = db_query(b->db, SQL_item_seen_today);
    query_id(q, b->actor->account);
    query_int(q, n->day);
    query_text(q, names[n->purpose]);
    while (query_next(q, e)) {
        if (known_count == room) {
            size_t more = room ? room * 2 : 128;
            known = arena_grow(b->arena, known, room, more, sizeof *known);
            room = more;
        }
        known[known_count++] = query_get_id(q, 0);
    }
    if (e->code != ERR_NONE)
        return false;
    if (known_count)
        qsort(known, known_count, sizeof *known, by_bytes);
    n->fresh = arena_array(b->arena, struct id, count + 1);
    for (size_t i = 0; i < count; i++)
        if (!known_count || !bsearch(&versions[i], known, known_count, sizeof *known, by_bytes))
            n->fresh[n->count++] = versions[i];
    return true;
}

static int64_t day_of(const struct bank *b)
{
    return (b->actor->now_ms + CHINA_OFFSET_MS) / DAY_MS;
}

bool bank_put_seen(struct db *db, const struct bank *b, enum seen_purpose purpose,
                   const struct id *versions, size_t count, struct err *e)
{
    const struct actor *who = b->actor;
    for (size_t i = 0; i < count; i++) {
        struct query *q = db_query(db, SQL_item_seen_put);
        query_id(q, versions[i]);
        query_id(q, who->account);
        query_text(q, names[purpose]);
        query_int(q, day_of(b));
        query_int(q, who->role);
        query_int(q, who->now_ms);
        if (!query_run(q, e))
            return false;
    }
    return true;
}

static bool put(struct db *db, void *ctx, struct err *e)
{
    const struct noting *n = ctx;
    return bank_put_seen(db, n->bank, n->purpose, n->fresh, n->count, e);
}

bool bank_note_seen(const struct bank *b, enum seen_purpose purpose, const struct id *versions,
                    size_t count, struct err *e)
{
    struct noting n = {.bank = b, .purpose = purpose, .day = day_of(b)};
    if (count == 0)
        return true;
    return only_fresh(&n, versions, count, e) &&
           (n.count == 0 || db_transact(b->db, put, &n, e));
}

bool bank_seen(const struct bank *b, struct id item, struct seen_row **out, size_t *count,
               struct err *e)
{
    size_t room = 0;
    struct query *q = db_query(b->db, SQL_item_seen_list);
    query_id(q, item);
    query_id(q, b->actor->body);
    *out = NULL;
    *count = 0;
    while (query_next(q, e)) {
        if (*count == room) {
            size_t more = room ? room * 2 : 32;
            *out = arena_grow(b->arena, *out, room, more, sizeof **out);
            room = more;
        }
        (*out)[(*count)++] = (struct seen_row){
            .version = query_get_int(q, 0),
            .name = query_get_text(q, 1, b->arena),
            .role = query_get_int(q, 2),
            .purpose = query_get_text(q, 3, b->arena),
            .days = query_get_int(q, 4),
            .first_ms = query_get_int(q, 5),
            .last_ms = query_get_int(q, 6),
        };
    }
    return e->code == ERR_NONE;
}
