/* bank/author.c - an author writes, edits and hands in an item. */
#include <jansson.h>
#include <string.h>

#include "bank/item_store.h"
#include "base/arena.h"
#include "base/json.h"
#include "programme/programme.h"
#include "store/db.h"

struct saving {
    const struct bank *bank;
    const struct save_order *order;
    const struct programme *programme;
    struct item_record record;
    struct id item;
    int64_t version;
};

static bool audit_item(struct db *db, const struct bank *b, enum act act, struct id item,
                       int64_t version, struct err *e)
{
    json_t *change = json_keep(b->arena, json_pack("{s:I}", "version", (json_int_t)version));
    return audit_write(
        db, b->actor,
        &(struct audit_row){.act = act, .object_type = "it", .object = item, .change = change},
        e);
}

/* The row an edit starts from; none for a new item, whose code must be free. */
static bool find_before(struct db *db, struct saving *s, struct item_row *row, bool *found,
                        struct err *e)
{
    const struct bank *b = s->bank;
    const char *code = s->record.item.meta.id;
    if (!id_is_zero(s->order->item)) {
        *found = true;
        return item_row_get(db, b->arena, b->actor->body, s->order->item, row, e) &&
               (row->version == s->order->version ||
                FAIL(e, CONFLICT, "/version", "这道题刚刚被别人改过，请重新打开。")) &&
               (strcmp(row->code, code) == 0 ||
                FAIL(e, INVALID, "/object/id", "试题的编号不能改。"));
    }
    return item_row_find(db, b->arena, b->actor->body, code, row, found, e) &&
           (!*found || FAIL(e, CONFLICT, "/object/id", "编号 %s 已经用过。", code));
}

static bool save(struct db *db, void *ctx, struct err *e)
{
    struct saving *s = ctx;
    struct item_row row;
    bool found, same = false;
    if (!find_before(db, s, &row, &found, e) ||
        (found && !item_is_unchanged(db, s->bank->arena, &row, &s->record, &same, e)))
        return false;
    if (same) {
        s->item = row.id;
        s->version = row.version;
        return true;
    }
    struct item_change change = {
        .master = s->bank->master,
        .who = s->bank->actor,
        .programme = s->programme->id,
        .state = ITEM_draft,
        .before = found ? &row : NULL,
    };
    if (!item_put(db, &change, &s->record, &s->item, &s->version, e)) {
        if (strncmp(e->field, "/pictures", strlen("/pictures")) == 0 ||
            strncmp(e->field, "/media", strlen("/media")) == 0)
            err_under(e, "/object");
        return false;
    }
    return audit_item(db, s->bank, ACT_item_save, s->item, s->version, e);
}

bool bank_save(const struct bank *b, const struct save_order *order, struct id *item,
               int64_t *version, struct err *e)
{
    struct saving s = {.bank = b, .order = order};
    struct item read;
    s.programme = programme_find(b->programmes, order->programme);
    if (!s.programme)
        return FAIL(e, INVALID, "/programme", "没有项目“%.60s”。", order->programme);
    /* Who approved is what item_review says, not what the author writes. */
    json_t *object = json_keep(b->arena, json_copy((json_t *)order->object));
    json_object_set_new(object, "reviewed_by", json_array());
    if (!item_read(b->arena, object, &read, e) ||
        !item_record_make(b->arena, b->master, s.programme, &read, &s.record, e)) {
        err_under(e, "/object");
        return false;
    }
    if (!db_transact(b->db, save, &s, e))
        return false;
    *item = s.item;
    *version = s.version;
    return true;
}

struct moving {
    const struct bank *bank;
    struct id item;
    int64_t version; /* 0: the newest */
    const char *reason;
};

/* What two eyes sent back comes again only as a new version. */
static bool was_not_returned(struct db *db, const struct item_row *row, struct err *e)
{
    struct query *q = db_query(db, SQL_item_return_count);
    query_id(q, row->version_id);
    if (!query_one(q, "item", e))
        return false;
    bool returned = query_get_int(q, 0) > 0;
    query_done(q);
    return !returned || FAIL(e, CONFLICT, "/state", "这一版已被退回，请按意见修改后再提交。");
}

static bool hand_in(struct db *db, void *ctx, struct err *e)
{
    const struct moving *m = ctx;
    const struct bank *b = m->bank;
    struct item_row row;
    return item_row_get(db, b->arena, b->actor->body, m->item, &row, e) &&
           (row.version == m->version ||
            FAIL(e, CONFLICT, "/version", "这道题刚刚被别人改过，请重新打开。")) &&
           was_not_returned(db, &row, e) &&
           item_set_state(db, b->actor, &row, ITEM_review, e) &&
           audit_item(db, b, ACT_item_hand_in, m->item, row.version, e);
}

bool bank_hand_in(const struct bank *b, struct id item, int64_t version, struct err *e)
{
    struct moving m = {b, item, version, NULL};
    return db_transact(b->db, hand_in, &m, e);
}

static bool retire(struct db *db, void *ctx, struct err *e)
{
    const struct moving *m = ctx;
    const struct bank *b = m->bank;
    struct item_row row;
    if (!item_row_get(db, b->arena, b->actor->body, m->item, &row, e) ||
        !item_set_state(db, b->actor, &row, ITEM_retired, e))
        return false;
    json_t *change = json_keep(
        b->arena,
        json_pack("{s:s, s:s}", "before", item_state_name(row.state), "reason", m->reason));
    return audit_write(
        db, b->actor,
        &(struct audit_row){
            .act = ACT_item_retire, .object_type = "it", .object = m->item, .change = change},
        e);
}

bool bank_retire(const struct bank *b, struct id item, const char *reason, struct err *e)
{
    struct moving m = {b, item, 0, reason};
    if (!reason || !*reason)
        return FAIL(e, INVALID, "/reason", "停用试题须写明理由。");
    return db_transact(b->db, retire, &m, e);
}
