/* sitting/hand_up_in.c - parts of a hand-up at the centre: read, checked, stored, harmless twice. */
#include "sitting/hand_up_in.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "sitting/batch.h"
#include "sitting/journal_entry.h"
#include "sitting/ledger.h"
#include "store/db.h"

/* --- what is the node's own ---------------------------------------------------------------------- */
static int by_id(const void *x, const void *y)
{
    return memcmp(x, y, ID_BYTES); /* id is the first member */
}

bool own_attempts_load(struct db *db, struct arena *a, struct id session, struct id node,
                       struct own_attempts *out, struct err *e)
{
    struct query *q = db_query(db, SQL_hand_up_attempts);
    query_id(q, session);
    query_id(q, node);
    *out = (struct own_attempts){0};
    while (query_next(q, e)) {
        out->at = arena_grow(a, out->at, out->count, out->count + 1, sizeof *out->at);
        out->at[out->count++] = (struct own_attempt){query_get_id(q, 0), query_get_id(q, 1),
                                                     query_get_id(q, 2)};
    }
    if (out->count)
        qsort(out->at, out->count, sizeof *out->at, by_id);
    return e->code == ERR_NONE;
}

const struct own_attempt *own_attempt_find(const struct own_attempts *o, struct id id)
{
    return o->count ? bsearch(&id, o->at, o->count, sizeof *o->at, by_id) : NULL;
}

bool own_room(const struct own_attempts *o, struct id room)
{
    for (size_t i = 0; i < o->count; i++)
        if (id_equal(o->at[i].room, room))
            return true;
    return false;
}

/* --- values ---------------------------------------------------------------------------------------- */
bool value_int(const json_t *v, int64_t *out)
{
    *out = json_integer_value(v);
    return json_is_integer(v);
}

bool value_id(const json_t *v, struct id *out)
{
    *out = (struct id){{0}};
    return json_is_null(v) || (json_is_string(v) && id_read(json_string_value(v), out));
}

bool value_bytes(struct arena *a, const json_t *v, struct bytes *out)
{
    *out = (struct bytes){NULL, 0};
    return json_is_null(v) || (json_is_string(v) && base64url_read(a, json_string_value(v),
                                                                   json_string_length(v), out));
}

void bind_value_int(struct query *q, const json_t *v)
{
    if (json_is_integer(v))
        query_int(q, json_integer_value(v));
    else
        query_null(q);
}

bool taking_refuse(const struct taking *t, const char *what, struct err *e)
{
    char field[32];
    snprintf(field, sizeof field, "/rows/%zu", t->at);
    return FAIL(e, INVALID, field, "%s", what);
}

static bool row_ints(const json_t *row, int64_t *out, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!value_int(json_array_get(row, i), &out[i]))
            return false;
    return true;
}

/* --- journal ----------------------------------------------------------------------------------------- */
static bool same_stored(struct db *db, const struct taking *t, int64_t row,
                        const unsigned char hash[HASH_BYTES], struct err *e)
{
    char field[32];
    struct query *q = db_query(db, SQL_hand_up_entry_hash);
    query_id(q, t->session);
    query_int(q, row);
    if (!query_one(q, "journal_entry", e))
        return false;
    struct bytes is = query_get_bytes(q, 0, t->desk->arena);
    query_done(q);
    snprintf(field, sizeof field, "/rows/%zu", t->at);
    return (is.len == HASH_BYTES && memcmp(is.at, hash, HASH_BYTES) == 0) ||
           FAIL(e, CONFLICT, field, "第 %lld 行已有别的内容。", (long long)row);
}

static bool take_entry(struct db *db, const struct taking *t, const json_t *row, struct err *e)
{
    int64_t n[7], rows;
    struct bytes bytes;
    struct journal_entry entry;
    struct err bad = {0};
    size_t used;
    unsigned char hash[HASH_BYTES];
    if (!row_ints(row, n, 7) || !value_bytes(t->desk->arena, json_array_get(row, 7), &bytes) ||
        !bytes.at || chain_of_row(n[0]) != t->node->chain || n[1] < 0 || n[1] >= n[0] ||
        n[2] < 0 || n[2] > 1)
        return taking_refuse(t, "日志行读不出来，或不属于本节点。", e);
    if (!journal_entry_read(bytes, &entry, &used, &bad) || used != bytes.len ||
        !own_attempt_find(&t->own, entry.attempt))
        return taking_refuse(t, "日志行不是本节点考生的。", e);
    hash_of(hash, bytes.at, bytes.len);
    struct query *q = db_query(db, SQL_hand_up_entry_put);
    query_id(q, t->session);
    for (size_t i = 0; i < 7; i++)
        query_int(q, n[i]);
    query_bytes(q, bytes);
    query_bytes(q, (struct bytes){hash, sizeof hash});
    return query_change(q, &rows, e) && (rows == 1 || same_stored(db, t, n[0], hash, e));
}

static bool take_batch(struct db *db, const struct taking *t, const json_t *row, struct err *e)
{
    int64_t number, rows;
    struct bytes bytes, is;
    struct batch_record r;
    unsigned char hash[HASH_BYTES];
    if (!row_ints(row, &number, 1) ||
        !value_bytes(t->desk->arena, json_array_get(row, 1), &bytes) || !bytes.at ||
        !batch_record_read(bytes, &r) || r.batch != number || r.chain != t->node->chain)
        return taking_refuse(t, "批次记录读不出来，或不属于本节点。", e);
    hash_of(hash, bytes.at, bytes.len);
    struct query *q = db_query(db, SQL_hand_up_batch_put);
    query_int(q, r.chain);
    query_int(q, number);
    query_bytes(q, bytes);
    query_bytes(q, (struct bytes){hash, sizeof hash});
    if (!query_change(q, &rows, e))
        return false;
    if (rows == 1)
        return true;
    q = db_query(db, SQL_journal_batch_get);
    query_int(q, r.chain);
    query_int(q, number);
    if (!query_one(q, "journal_batch", e))
        return false;
    is = query_get_bytes(q, 1, t->desk->arena);
    query_done(q);
    char field[32];
    snprintf(field, sizeof field, "/rows/%zu", t->at);
    return (is.len == HASH_BYTES && memcmp(is.at, hash, HASH_BYTES) == 0) ||
           FAIL(e, CONFLICT, field, "第 %lld 批已有别的内容。", (long long)number);
}

/* --- ledger, violations, audit ------------------------------------------------------------------------ */
/* What a node says it took over from us must be ours: it could not make up a longer session. */
static bool is_our_row(struct db *db, const struct taking *t, const struct ledger_row *r,
                       bool *ours, struct err *e)
{
    struct query *q = db_query(db, SQL_ledger_row_get);
    query_id(q, t->session);
    query_int(q, r->from_no);
    bool found;
    *ours = false;
    if (!query_maybe(q, &found, e) || !found)
        return e->code == ERR_NONE;
    *ours = query_get_int(q, 1) == (int64_t)r->kind &&
            query_get_int(q, 2) == (int64_t)r->scope &&
            id_equal(query_get_id(q, 3), r->scope_id) && query_get_int(q, 4) == r->at_ms &&
            query_get_int(q, 5) == r->minutes && query_is_null(q, 10);
    query_done(q);
    return true;
}

static bool take_ledger(struct db *db, const struct taking *t, const json_t *row, struct err *e)
{
    struct ledger_row r;
    if (!ledger_row_read(row, &r))
        return taking_refuse(t, "时间台账行读不出来。", e);
    bool ours = (r.scope == SCOPE_ROOM && own_room(&t->own, r.scope_id)) ||
                (r.scope == SCOPE_ATTEMPT && own_attempt_find(&t->own, r.scope_id));
    if (r.from_no && !is_our_row(db, t, &r, &ours, e))
        return false;
    if (!ours)
        return taking_refuse(
            t, r.from_no ? "时间台账行不是中心写的。" : "时间台账行不是本节点考场的。", e);
    struct query *q = db_query(db, SQL_hand_up_ledger_put);
    query_id(q, t->session);
    query_int(q, t->node->chain * ROW_SPACE + r.no);
    query_int(q, (int64_t)r.kind);
    query_int(q, (int64_t)r.scope);
    query_id(q, r.scope_id);
    query_int(q, r.at_ms);
    query_int(q, r.minutes);
    query_text(q, r.reason);
    query_int(q, r.server_ms);
    query_id(q, r.actor);
    query_id(q, r.second);
    if (r.from_no)
        query_int(q, r.from_no);
    else
        query_null(q);
    return query_run(q, e);
}

static bool take_violation(struct db *db, const struct taking *t, const json_t *row,
                           struct err *e)
{
    static const char columns[] = "###t1t1##1tttt##1"; /* # id, t text, 1 number */
    struct id ids[17];
    for (int c = 0; c < 17; c++) {
        const json_t *v = json_array_get(row, (size_t)c);
        bool right = columns[c] == '#'   ? value_id(v, &ids[c])
                     : columns[c] == 't' ? json_is_string(v) || json_is_null(v)
                                         : json_is_integer(v) || json_is_null(v);
        if (!right)
            return taking_refuse(t, "违纪记录读不出来。", e);
    }
    const struct own_attempt *own = own_attempt_find(&t->own, ids[1]);
    if (!own || !id_equal(own->entry, ids[2]) || id_is_zero(ids[0]))
        return taking_refuse(t, "违纪记录不是本节点考生的。", e);
    struct query *q = db_query(db, SQL_hand_up_violation_put);
    query_id(q, ids[0]);
    query_id(q, t->session);
    for (int c = 1; c < 17; c++) {
        const json_t *v = json_array_get(row, (size_t)c);
        if (columns[c] == '#')
            query_id(q, ids[c]);
        else if (columns[c] == 't')
            query_text(q, json_is_string(v) ? json_string_value(v) : NULL);
        else
            bind_value_int(q, v);
    }
    return query_run(q, e);
}

static const struct {
    const char *kind;
    bool (*take)(struct db *db, const struct taking *t, const json_t *row, struct err *e);
} kinds[] = {
    {"journal", take_entry},       {"batch", take_batch}, {"ledger", take_ledger},
    {"violation", take_violation}, {"blob", take_blob},   {"lost", take_lost},
};

static bool take_all(struct db *db, void *ctx, struct err *e)
{
    struct taking *t = ctx;
    size_t k = 0;
    if (strcmp(t->kind, "audit") == 0)
        return node_audit_take_rows(t->desk, db, t->node, t->rows, &t->at, e) ||
               (e->code == ERR_INVALID && taking_refuse(t, "审计行读不出来。", e));
    while (k < sizeof kinds / sizeof *kinds && strcmp(kinds[k].kind, t->kind) != 0)
        k++;
    if (k == sizeof kinds / sizeof *kinds)
        return FAIL(e, INVALID, "/kind", "没有这一类。");
    for (t->at = 0; t->at < json_array_size(t->rows); t->at++)
        if (!kinds[k].take(db, t, json_array_get(t->rows, t->at), e))
            return false;
    return true;
}

bool hand_up_take(const struct node_desk *d, const struct node *n, struct id session,
                  const json_t *part, struct err *e)
{
    struct taking t = {.desk = d,
                       .node = n,
                       .session = session,
                       .kind = json_member_text(part, "kind"),
                       .rows = json_object_get(part, "rows")};
    if (!t.kind || !json_is_array(t.rows) || json_array_size(t.rows) > HAND_UP_PART_ROWS)
        return FAIL(e, INVALID, "/rows", "回传的这一部分读不出来。");
    return own_attempts_load(d->db, d->arena, session, n->id, &t.own, e) &&
           (t.own.count > 0 || FAIL(e, NOT_FOUND, "session", "本节点不负责这个场次的考场。")) &&
           db_transact(d->db, take_all, &t, e);
}
