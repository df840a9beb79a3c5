/* bank/export.c - opens what is stored, notes who takes it, writes the file. */
#include "bank/export.h"

#include <jansson.h>

#include "bank/attachment.h"
#include "bank/exchange.h"
#include "bank/item_store.h"
#include "bank/seen.h"
#include "base/arena.h"
#include "base/json.h"
#include "store/db.h"

struct exporting {
    const struct bank *bank;
    const struct export_order *order;
    const struct exported *out;
    struct id *versions;
    size_t count;
};

/* Pictures, sounds and films travel with their item; stored, they lie apart from it. */
static bool with_attached(const struct bank *b, const struct item *item, const json_t **out,
                          struct err *e)
{
    json_t *object = json_keep(b->arena, json_deep_copy(item->json));
    *out = object;
    for (size_t i = 0; i < item_attached_count(&item->meta); i++) {
        struct item_attached one = item_attached_at(&item->meta, i);
        struct attached file;
        if (!attachment_open(b, one.sha256, &file, e))
            return false;
        json_object_set_new(json_array_get(json_object_get(object, one.list), one.at), "data",
                            json_string(base64_write(b->arena, file.bytes.at, file.bytes.len)));
    }
    return true;
}

static bool open_all(struct exporting *x, const json_t ***objects, struct err *e)
{
    const struct bank *b = x->bank;
    struct item_row *rows;
    int64_t total;
    struct bank_filter all = {
        .programme = x->order->programme, .state = x->order->state, .limit = EXPORT_ITEMS_MAX};
    if (!bank_list(b, &all, &rows, &x->count, &total, e))
        return false;
    if (total == 0)
        return FAIL(e, INVALID, "/programme", "没有可以导出的试题。");
    if (total > EXPORT_ITEMS_MAX)
        return FAIL(e, INVALID, "/programme",
                    "有 %lld 道题，一次最多导出 %d 道：请按状态分次导出。", (long long)total,
                    EXPORT_ITEMS_MAX);
    *objects = arena_array(b->arena, const json_t *, x->count);
    x->versions = arena_array(b->arena, struct id, x->count);
    for (size_t i = 0; i < x->count; i++) {
        struct item item;
        x->versions[i] = rows[i].version_id;
        if (!item_open_version(b->db, b->arena, b->master, rows[i].version_id, &item, e) ||
            !with_attached(b, &item, &(*objects)[i], e))
            return false;
    }
    return true;
}

static bool note(struct db *db, void *ctx, struct err *e)
{
    const struct exporting *x = ctx;
    const struct bank *b = x->bank;
    json_t *said = json_keep(
        b->arena,
        json_pack("{s:s, s:s, s:s, s:I, s:s}", "programme", x->order->programme, "state",
                  x->order->state ? x->order->state : "", "format", x->order->format->name,
                  "items", (json_int_t)x->out->items, "reason", x->order->reason));
    return bank_put_seen(db, b, SEEN_export, x->versions, x->count, e) &&
           audit_write(db, b->actor,
                       &(struct audit_row){.act = ACT_item_export,
                                           .object_type = "bk",
                                           .object = b->actor->body,
                                           .change = said},
                       e);
}

bool bank_export(const struct bank *b, const struct export_order *order, struct exported *out,
                 struct err *e)
{
    struct exporting x = {b, order, out, NULL, 0};
    const json_t **objects = NULL;
    *out = (struct exported){.exchange = arena_new(b->arena, struct exchange)};
    if (!order->reason || !*order->reason)
        return FAIL(e, INVALID, "/reason", "导出试题和答案须写明用途。");
    if (!open_all(&x, &objects, e) || !exchange_write(b->arena, order->format, objects, x.count,
                                                      &out->file, out->exchange, e))
        return false;
    out->items = (int64_t)json_array_size(out->exchange->items);
    return db_transact(b->db, note, &x, e);
}
