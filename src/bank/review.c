/* bank/review.c - two reviewers and then a proof-reader, four people with the author, make an item live. */
#include <jansson.h>

#include "bank/item_store.h"
#include "bank/wording.h"
#include "base/arena.h"
#include "base/json.h"
#include "base/json_out.h"
#include "store/db.h"

enum { REVIEWERS = 2 };

struct reviewing {
    const struct bank *bank;
    const struct review_order *order;
};

static bool put_verdict(struct db *db, const struct reviewing *r, const struct item_row *row,
                        struct err *e)
{
    struct query *q = db_query(db, SQL_item_review_put);
    query_id(q, row->version_id);
    query_id(q, r->bank->actor->account);
    query_int(q, r->order->verdict == REVIEW_APPROVE);
    query_text(q, r->order->note ? r->order->note : "");
    query_int(q, r->bank->actor->now_ms);
    return query_change_one(q, "/items", "您已经看过这一版；审题和校对须由不同的人。", e);
}

/* Neither this version nor an earlier one whose words it holds. */
static bool is_of_others(struct db *db, const struct bank *b, const struct item_row *row,
                         struct err *e)
{
    int64_t own;
    if (!wording_of_item(db, b, row->id, &own, e))
        return false;
    if (own == row->version)
        return FAIL(e, FORBIDDEN, "/items", "不能审自己写的试题 %s。", row->code);
    return own == 0 ||
           FAIL(e, FORBIDDEN, "/items",
                "试题 %s 的第 %lld 版是您写的，还没有经别人审定，其中的文字不能由您审。",
                row->code, (long long)own);
}

static bool may_review(struct db *db, const struct reviewing *r, const struct item_row *row,
                       size_t i, struct err *e)
{
    if (r->order->versions && r->order->versions[i] != row->version)
        return FAIL(e, CONFLICT, "/versions", "试题 %s 已有新版本，请重新审阅。", row->code);
    if (row->state != ITEM_review && row->state != ITEM_proof)
        return FAIL(e, CONFLICT, "/state", "试题 %s 不在审题或校对中。", row->code);
    return is_of_others(db, r->bank, row, e);
}

/* What an item becomes by a verdict: the second reviewer hands it to the proof-reader. */
static enum item_state judged(const struct item_row *row, enum review_verdict verdict)
{
    if (verdict == REVIEW_RETURN)
        return ITEM_draft;
    if (row->state == ITEM_proof)
        return ITEM_live;
    return row->approvals + 1 < REVIEWERS ? ITEM_review : ITEM_proof;
}

static enum act act_of(const struct item_row *row, enum review_verdict verdict)
{
    if (verdict == REVIEW_RETURN)
        return ACT_item_return;
    return row->state == ITEM_proof ? ACT_item_proofread : ACT_item_approve;
}

static bool review_one(struct db *db, const struct reviewing *r, size_t i, struct err *e)
{
    const struct bank *b = r->bank;
    struct item_row row;
    if (!item_row_get(db, b->arena, b->actor->body, r->order->items[i], &row, e) ||
        !may_review(db, r, &row, i, e) || !put_verdict(db, r, &row, e))
        return false;
    enum item_state next = judged(&row, r->order->verdict);
    if (next != row.state && !item_set_state(db, b->actor, &row, next, e))
        return false;
    json_t *change = json_keep(b->arena,
                               json_pack("{s:I, s:s}", "version", (json_int_t)row.version,
                                         "state", item_state_name(next)));
    return audit_write(db, b->actor,
                       &(struct audit_row){.act = act_of(&row, r->order->verdict),
                                           .object_type = "it",
                                           .object = row.id,
                                           .change = change},
                       e);
}

static bool review_all(struct db *db, void *ctx, struct err *e)
{
    const struct reviewing *r = ctx;
    for (size_t i = 0; i < r->order->count; i++)
        if (!review_one(db, r, i, e))
            return false;
    return true;
}

bool bank_review(const struct bank *b, const struct review_order *order, struct err *e)
{
    struct reviewing r = {b, order};
    if (order->verdict == REVIEW_RETURN && !(order->note && *order->note))
        return FAIL(e, INVALID, "/note", "退回须写明意见。");
    return db_transact(b->db, review_all, &r, e);
}

/* Inside a transaction of paper/: only what is live (or already frozen) can enter a paper. */
bool bank_freeze(struct db *db, const struct actor *who, const struct id *items,
                 const struct id *versions, size_t count, struct err *e)
{
    for (size_t i = 0; i < count; i++) {
        struct query *q = db_query(db, SQL_item_freeze);
        query_id(q, items[i]);
        query_id(q, who->body);
        query_int(q, who->now_ms);
        query_id(q, versions[i]);
        if (!query_change_one(q, "/items", "试卷中有试题已不可用，请重新组卷。", e))
            return false;
    }
    return true;
}

void item_row_put(const struct item_row *r, struct json_out *o)
{
    put_id(o, "id", r->id);
    put_text(o, "code", r->code);
    put_text(o, "programme", r->programme);
    put_text(o, "kind", r->kind);
    put_text(o, "state", item_state_name(r->state));
    put_int(o, "version", r->version);
    put_id(o, "author", r->author);
    put_int(o, "approvals", r->approvals);
    put_int(o, "changed_ms", r->changed_ms);
    put_text(o, "area", r->area);
    put_text(o, "point", r->point);
    put_array(o, "levels");
    for (size_t i = 0; i < r->level_count; i++)
        out_int(o, r->levels[i]);
    out_array_end(o);
    put_array(o, "directions");
    for (size_t i = 0; i < r->direction_count; i++)
        out_text(o, r->directions[i]);
    out_array_end(o);
    put_int(o, "difficulty", r->difficulty);
    put_text(o, "cognitive", r->cognitive);
    put_text(o, "importance", r->importance);
    put_bool(o, "practice", r->practice);
    if (r->law_problem)
        put_text(o, "law_problem", r->law_problem);
}

void item_row_write(const struct item_row *r, struct json_out *o)
{
    out_object(o);
    item_row_put(r, o);
    out_object_end(o);
}
