/* bank/practice.c - practice items: made by two, read by candidates. */
#include "bank/practice.h"

#include <jansson.h>

#include "bank/item_store.h"
#include "base/arena.h"
#include "base/json.h"
#include "store/db.h"

bool bank_make_practice(const struct bank *b, struct id item, const char *reason, struct err *e)
{
    if (id_is_zero(b->actor->second))
        return FAIL(e, FORBIDDEN, "/second", "转为练习题须由两人办理。");
    struct query *q = db_query(b->db, SQL_item_make_practice);
    query_id(q, item);
    query_id(q, b->actor->body);
    query_int(q, b->actor->now_ms);
    json_t *change = json_keep(b->arena, json_pack("{s:s}", "reason", reason));
    return query_change_one(q, "/state",
                            "只有停用的、不带图、不在未考完的卷里的考试题能转为练习题。", e) &&
           audit_write(b->db, b->actor,
                       &(struct audit_row){.act = ACT_item_to_practice,
                                           .object_type = "it",
                                           .object = item,
                                           .change = change},
                       e);
}

bool practice_areas(const struct bank *b, struct practice_area **out, size_t *count,
                    struct err *e)
{
    size_t room = 0;
    struct query *q = db_query(b->db, SQL_practice_areas);
    query_id(q, b->actor->body);
    *out = NULL;
    *count = 0;
    while (query_next(q, e)) {
        if (*count == room) {
            *out = arena_grow(b->arena, *out, room, room + 64, sizeof **out);
            room += 64;
        }
        (*out)[(*count)++] = (struct practice_area){query_get_text(q, 0, b->arena),
                                                    query_get_text(q, 1, b->arena),
                                                    query_get_int(q, 2)};
    }
    return e->code == ERR_NONE;
}

static bool open_one(const struct bank *b, struct id id, struct id version,
                     struct practice_item *out, struct err *e)
{
    struct item item;
    out->id = id;
    return item_open_version(b->db, b->arena, b->master, version, &item, e) &&
           item_fill(b->arena, &item, NULL, &out->item, e);
}

bool practice_items(const struct bank *b, const char *programme, const char *area,
                    int64_t limit, int64_t offset, struct practice_item **out, size_t *count,
                    int64_t *total, struct err *e)
{
    struct id *ids = arena_array(b->arena, struct id, 2 * (size_t)limit + 2);
    struct query *q = db_query(b->db, SQL_practice_count);
    query_id(q, b->actor->body);
    query_text(q, programme);
    query_text(q, area);
    *count = 0;
    if (!query_one(q, "items", e))
        return false;
    *total = query_get_int(q, 0);
    query_done(q);
    q = db_query(b->db, SQL_practice_list);
    query_id(q, b->actor->body);
    query_text(q, programme);
    query_text(q, area);
    query_int(q, limit);
    query_int(q, offset);
    while (query_next(q, e)) {
        ids[2 * *count] = query_get_id(q, 0);
        ids[2 * (*count)++ + 1] = query_get_id(q, 1);
    }
    if (e->code != ERR_NONE)
        return false;
    *out = arena_array(b->arena, struct practice_item, *count + 1);
    for (size_t i = 0; i < *count; i++)
        if (!open_one(b, ids[2 * i], ids[2 * i + 1], &(*out)[i], e))
            return false;
    return true;
}

bool practice_item(const struct bank *b, struct id id, struct practice_item *out, struct err *e)
{
    struct query *q = db_query(b->db, SQL_practice_get);
    query_id(q, id);
    query_id(q, b->actor->body);
    if (!query_one(q, "item", e))
        return false;
    struct id version = query_get_id(q, 0);
    query_done(q);
    return open_one(b, id, version, out, e);
}
