/* store/work.c - the rows of what is computed behind the desk. */
#include "store/work.h"

#include <jansson.h>
#include <string.h>

#include "base/arena.h"
#include "store/db.h"

#define LEFT_BEHIND "服务器重新启动，计算中断。已经写好的结果不受影响，没有写好的可以重新开始。"

/* --- asking -------------------------------------------------------------------------------------- */
struct asking {
    const struct actor *who;
    const struct work_order *order;
    struct id id;
};

static bool audit(struct db *db, const struct actor *who, enum act act, struct id id,
                  const char *kind, struct err *e)
{
    json_t *change = kind ? json_pack("{s:s}", "kind", kind) : json_object();
    struct audit_row row = {.act = act, .object_type = "wo", .object = id, .change = change};
    bool ok = audit_write(db, who, &row, e);
    json_decref(change);
    return ok;
}

static bool ask(struct db *db, void *ctx, struct err *e)
{
    const struct asking *a = ctx;
    struct query *q = db_query(db, SQL_work_put);
    query_id(q, a->id);
    query_id(q, a->who->body);
    query_text(q, a->order->kind);
    query_id(q, a->order->object);
    query_text(q, a->order->argument);
    query_id(q, a->who->account);
    query_int(q, a->who->role);
    query_bytes(q, (struct bytes){a->who->address, ADDRESS_HASH_BYTES});
    query_id(q, a->order->process);
    query_int(q, a->who->now_ms);
    return query_change_one(q, "/work", "同样的计算正在进行或等待，请看它的进度。", e) &&
           audit(db, a->who, ACT_work_ask, a->id, a->order->kind, e);
}

bool work_ask(struct db *db, const struct actor *who, const struct work_order *order,
              struct id *out, struct err *e)
{
    struct asking a = {who, order, id_random()};
    *out = a.id;
    return db_transact(db, ask, &a, e);
}

/* --- looking ------------------------------------------------------------------------------------- */
static struct work_row row_of(const struct query *q, struct arena *a)
{
    return (struct work_row){.id = query_get_id(q, 0),
                             .kind = query_get_text(q, 1, a),
                             .object = query_get_id(q, 2),
                             .argument = query_get_text(q, 3, a),
                             .account = query_get_text(q, 4, a),
                             .state = query_get_text(q, 5, a),
                             .step = query_get_text(q, 6, a),
                             .done = query_get_int(q, 7),
                             .total = query_get_int(q, 8),
                             .result = query_get_id(q, 9),
                             .field = query_get_text(q, 10, a),
                             .sentence = query_get_text(q, 11, a),
                             .asked_ms = query_get_int(q, 12),
                             .begun_ms = query_get_int(q, 13),
                             .ended_ms = query_get_int(q, 14),
                             .cancelling = !query_is_null(q, 15)};
}

bool work_list(struct db *db, struct arena *a, struct id body, const char *kind,
               struct id object, struct work_row **out, size_t *count, struct err *e)
{
    *out = arena_array(a, struct work_row, WORK_SHOWN);
    *count = 0;
    struct query *q = db_query(db, SQL_work_list);
    query_id(q, body);
    query_text(q, kind ? kind : "");
    query_bytes(q, (struct bytes){object.bytes, ID_BYTES});
    query_int(q, id_is_zero(object));
    query_int(q, WORK_SHOWN);
    while (query_next(q, e))
        (*out)[(*count)++] = row_of(q, a);
    return e->code == ERR_NONE;
}

bool work_get(struct db *db, struct arena *a, struct id body, struct id id,
              struct work_row *out, struct err *e)
{
    struct query *q = db_query(db, SQL_work_get);
    query_id(q, body);
    query_id(q, id);
    if (!query_one(q, "work", e))
        return false;
    *out = row_of(q, a);
    query_done(q);
    return true;
}

struct cancelling {
    const struct actor *who;
    struct id id;
};

static bool cancel(struct db *db, void *ctx, struct err *e)
{
    const struct cancelling *c = ctx;
    struct query *q = db_query(db, SQL_work_cancel);
    query_id(q, c->id);
    query_id(q, c->who->body);
    query_int(q, c->who->now_ms);
    query_text(q, "还没有开始就停止了。");
    return query_change_one(q, "/work", "这项计算已经结束。", e) &&
           audit(db, c->who, ACT_work_cancel, c->id, NULL, e);
}

bool work_cancel(struct db *db, const struct actor *who, struct id id, struct err *e)
{
    struct arena *a = arena_create(1 << 16);
    struct cancelling c = {who, id};
    struct work_row row;
    bool ok = work_get(db, a, who->body, id, &row, e) && db_transact(db, cancel, &c, e);
    arena_destroy(a);
    return ok;
}

/* --- computing ----------------------------------------------------------------------------------- */
struct taking {
    struct arena *arena;
    struct id process;
    int64_t now_ms;
    struct work_taken *out;
    bool *found;
};

/* Idle servers only read: a writer's turn for nothing would be taken from those who sit. */
static bool is_waiting(struct db *db, struct id process, bool *found, struct err *e)
{
    struct query *q = db_query(db, SQL_work_next);
    query_id(q, process);
    if (!query_maybe(q, found, e))
        return false;
    if (*found)
        query_done(q);
    return true;
}

static bool take(struct db *db, void *ctx, struct err *e)
{
    struct taking *t = ctx;
    struct query *q = db_query(db, SQL_work_next);
    query_id(q, t->process);
    if (!query_maybe(q, t->found, e) || !*t->found)
        return e->code == ERR_NONE;
    struct bytes address = query_get_bytes(q, 7, t->arena);
    *t->out = (struct work_taken){.id = query_get_id(q, 0),
                                  .kind = query_get_text(q, 1, t->arena),
                                  .object = query_get_id(q, 2),
                                  .argument = query_get_text(q, 3, t->arena),
                                  .who = {.account = query_get_id(q, 4),
                                          .body = query_get_id(q, 5),
                                          .request = query_get_id(q, 0),
                                          .role = (int16_t)query_get_int(q, 6),
                                          .now_ms = t->now_ms}};
    query_done(q);
    if (address.len == ADDRESS_HASH_BYTES)
        memcpy(t->out->who.address, address.at, ADDRESS_HASH_BYTES);
    q = db_query(db, SQL_work_begin);
    query_id(q, t->out->id);
    query_int(q, t->now_ms);
    int64_t rows;
    if (!query_change(q, &rows, e))
        return false;
    *t->found = rows == 1; /* cancelled in between */
    return true;
}

bool work_take(struct db *db, struct arena *a, struct id process, int64_t now_ms,
               struct work_taken *out, bool *found, struct err *e)
{
    struct taking t = {a, process, now_ms, out, found};
    if (!is_waiting(db, process, found, e) || !*found)
        return e->code == ERR_NONE;
    return db_transact(db, take, &t, e);
}

struct telling {
    struct id id;
    const struct work_word *word;
};

static bool tell(struct db *db, void *ctx, struct err *e)
{
    const struct telling *t = ctx;
    struct query *q = db_query(db, SQL_work_tell);
    query_id(q, t->id);
    query_text(q, t->word->step ? t->word->step : "");
    query_int(q, t->word->done);
    query_int(q, t->word->total);
    query_int(q, t->word->now_ms);
    return query_run(q, e);
}

bool work_tell(struct db *db, struct id id, const struct work_word *word, bool *cancelled,
               struct err *e)
{
    struct telling t = {id, word};
    if (!db_transact(db, tell, &t, e))
        return false;
    struct query *q = db_query(db, SQL_work_cancelled);
    query_id(q, id);
    return query_maybe(q, cancelled, e) && (!*cancelled || (query_done(q), true));
}

struct ending {
    struct id id;
    const struct work_end *end;
};

static bool end_it(struct db *db, void *ctx, struct err *e)
{
    const struct ending *x = ctx;
    struct query *q = db_query(db, SQL_work_end);
    query_id(q, x->id);
    query_text(q, x->end->state);
    query_id(q, x->end->result);
    query_text(q, x->end->field ? x->end->field : "");
    query_text(q, x->end->sentence ? x->end->sentence : "");
    query_int(q, x->end->now_ms);
    return query_run(q, e);
}

bool work_end(struct db *db, struct id id, const struct work_end *end, struct err *e)
{
    struct ending x = {id, end};
    return db_transact(db, end_it, &x, e);
}

struct interrupting {
    struct id process;
    int64_t before_ms, now_ms;
};

static bool is_left(struct db *db, const struct interrupting *i, bool *found, struct err *e)
{
    struct query *q = db_query(db, SQL_work_left);
    query_id(q, i->process);
    query_int(q, i->before_ms);
    if (!query_maybe(q, found, e))
        return false;
    if (*found)
        query_done(q);
    return true;
}

static bool interrupt(struct db *db, void *ctx, struct err *e)
{
    const struct interrupting *i = ctx;
    struct query *q = db_query(db, SQL_work_interrupt);
    query_id(q, i->process);
    query_int(q, i->before_ms);
    query_text(q, LEFT_BEHIND);
    query_int(q, i->now_ms);
    return query_run(q, e);
}

bool work_interrupt(struct db *db, struct id process, int64_t before_ms, int64_t now_ms,
                    struct err *e)
{
    struct interrupting i = {process, before_ms, now_ms};
    bool found;
    return is_left(db, &i, &found, e) && (!found || db_transact(db, interrupt, &i, e));
}
