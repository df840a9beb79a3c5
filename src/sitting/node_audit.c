/* sitting/node_audit.c - audit rows and statements of room nodes at the centre: kept as they came, held
 * against one another, and what does not fit together kept as a finding. */
#include <jansson.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/signed_json.h"
#include "sitting/node.h"
#include "store/audit.h"
#include "store/audit_row.h"
#include "store/db.h"
#include "store/signer.h"

enum { ROWS_MAX = 2000, CHAINS_MAX = 4000 };

const char *node_audit_finding_label(const char *what)
{
    static const char *const labels[][2] = {{"changed", "被改动"},
                                            {"missing", "缺失"},
                                            {"rewritten", "与先前送来的不符"},
                                            {"cut", "末尾被截去"}};
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
        if (strcmp(labels[i][0], what) == 0)
            return labels[i][1];
    return what;
}

/* --- what is here ------------------------------------------------------------------------------------ */
static bool copy_of(struct arena *a, const char *text, struct audit_copy *out, struct err *e)
{
    const json_t *v = text ? json_read(a, text, strlen(text), e) : NULL;
    return v ? audit_copy_read(a, v, out) || FAIL(e, STORE, "room_audit", "审计行读不出来。")
             : e->code != ERR_NONE || FAIL(e, STORE, "room_audit", "审计行是空的。");
}

bool node_audit_tops(struct db *db, struct arena *a, struct id node, json_t **out,
                     struct err *e)
{
    *out = json_keep(a, json_array());
    struct query *q = db_query(db, SQL_room_audit_tops);
    query_id(q, node);
    while (query_next(q, e)) {
        struct audit_copy c;
        char hex[2 * HASH_BYTES + 1];
        if (!copy_of(a, query_get_text(q, 2, a), &c, e)) {
            query_done(q);
            return false;
        }
        hex_write(hex, c.row.hash, HASH_BYTES);
        json_array_append_new(*out,
                              json_pack("{s:I, s:I, s:s}", "chain", (json_int_t)c.row.chain,
                                        "seq", (json_int_t)c.row.seq, "hash", hex));
    }
    return e->code == ERR_NONE;
}

/* --- findings ------------------------------------------------------------------------------------------ */
struct taking {
    const struct node_desk *desk;
    const struct node *node;
    struct db *db;
    struct arena *arena;
    const json_t *rows, *heads;
    const char *statement;
    int64_t moment_ms;
    struct audit_copy last; /* the row taken before, if seq > 0 */
    size_t at;
};

/* Noted once, with an audit row of ours. */
static bool find(struct taking *t, int64_t chain, int64_t seq, const char *what, struct err *e)
{
    int64_t rows;
    struct query *q = db_query(t->db, SQL_room_audit_finding_put);
    query_id(q, t->node->id);
    query_int(q, chain);
    query_int(q, seq);
    query_text(q, what);
    query_int(q, t->desk->who->now_ms);
    if (!query_change(q, &rows, e) || rows == 0)
        return e->code == ERR_NONE;
    json_t *change = json_keep(t->arena,
                               json_pack("{s:I, s:I, s:s}", "chain", (json_int_t)chain, "seq",
                                         (json_int_t)seq, "what", what));
    struct actor who = *t->desk->who;
    who.body = t->node->body;
    return audit_write(t->db, &who,
                       &(struct audit_row){.act = ACT_node_audit_break,
                                           .object_type = "rn",
                                           .object = t->node->id,
                                           .change = change},
                       e);
}

/* --- rows ------------------------------------------------------------------------------------------------ */
static bool stored_text(struct taking *t, int64_t chain, int64_t seq, const char **out,
                        struct err *e)
{
    bool found;
    struct query *q = db_query(t->db, SQL_room_audit_get);
    query_id(q, t->node->id);
    query_int(q, chain);
    query_int(q, seq);
    *out = NULL;
    if (!query_maybe(q, &found, e) || !found)
        return e->code == ERR_NONE;
    *out = query_get_text(q, 0, t->arena);
    query_done(q);
    return true;
}

/* The hash that a row must follow; *found false where the row before is not here. */
static bool hash_before(struct taking *t, const struct audit_copy *c, bool *found,
                        unsigned char out[HASH_BYTES], struct err *e)
{
    struct audit_copy before = t->last;
    const char *text;
    *found = true;
    if (c->row.seq == 1) {
        audit_first_head(c->owner, out);
        return true;
    }
    if (before.row.chain != c->row.chain || before.row.seq != c->row.seq - 1) {
        if (!stored_text(t, c->row.chain, c->row.seq - 1, &text, e))
            return false;
        *found = text != NULL;
        if (!text)
            return true;
        if (!copy_of(t->arena, text, &before, e))
            return false;
    }
    memcpy(out, before.row.hash, HASH_BYTES);
    return true;
}

static bool anchored_hash(struct taking *t, int64_t chain, int64_t seq, struct bytes *out,
                          struct err *e)
{
    bool found;
    struct query *q = db_query(t->db, SQL_room_audit_anchor_get);
    query_id(q, t->node->id);
    query_int(q, chain);
    query_int(q, seq);
    *out = (struct bytes){NULL, 0};
    if (!query_maybe(q, &found, e) || !found)
        return e->code == ERR_NONE;
    *out = query_get_bytes(q, 0, t->arena);
    query_done(q);
    return true;
}

static bool look_at_new(struct taking *t, const struct audit_copy *c, struct err *e)
{
    unsigned char before[HASH_BYTES];
    bool found;
    struct bytes anchored;
    if (!hash_before(t, c, &found, before, e))
        return false;
    if (!found && !find(t, c->row.chain, c->row.seq - 1, "missing", e))
        return false;
    if (found && !audit_copy_follows(c, before) &&
        !find(t, c->row.chain, c->row.seq, "changed", e))
        return false;
    if (!anchored_hash(t, c->row.chain, c->row.seq, &anchored, e))
        return false;
    return !anchored.at ||
           (anchored.len == HASH_BYTES && memcmp(anchored.at, c->row.hash, HASH_BYTES) == 0) ||
           find(t, c->row.chain, c->row.seq, "rewritten", e);
}

static bool take_row(struct taking *t, const json_t *v, struct err *e)
{
    struct audit_copy c;
    struct bytes text;
    int64_t rows;
    const char *is;
    if (!audit_copy_read(t->arena, v, &c))
        return FAIL(e, INVALID, "/rows", "审计行读不出来。");
    if (!jcs_write(t->arena, v, &text, e))
        return false;
    struct query *q = db_query(t->db, SQL_room_audit_put);
    query_id(q, t->node->id);
    query_int(q, c.row.chain);
    query_int(q, c.row.seq);
    query_id(q, c.owner);
    query_text(q, arena_copy(t->arena, text.at, text.len));
    if (!query_change(q, &rows, e))
        return false;
    if (rows == 1) {
        if (!look_at_new(t, &c, e))
            return false;
    } else if (!stored_text(t, c.row.chain, c.row.seq, &is, e) ||
               ((!is || strlen(is) != text.len || memcmp(is, text.at, text.len) != 0) &&
                !find(t, c.row.chain, c.row.seq, "rewritten", e))) {
        return false;
    }
    t->last = rows == 1 ? c : (struct audit_copy){0};
    return true;
}

static bool take_rows(struct taking *t, struct err *e)
{
    for (t->at = 0; t->at < json_array_size(t->rows); t->at++)
        if (!take_row(t, json_array_get(t->rows, t->at), e))
            return false;
    return true;
}

bool node_audit_take_rows(const struct node_desk *d, struct db *db, const struct node *n,
                          const json_t *rows, size_t *bad, struct err *e)
{
    struct taking t = {.desk = d, .node = n, .db = db, .arena = d->arena, .rows = rows};
    bool ok = take_rows(&t, e);
    *bad = t.at;
    return ok;
}

/* --- statements --------------------------------------------------------------------------------------------- */
static bool head_of(const json_t *v, int64_t *chain, int64_t *seq,
                    unsigned char hash[HASH_BYTES])
{
    const char *hex = json_member_text(v, "hash");
    *chain = json_member_int(v, "chain", 0);
    *seq = json_member_int(v, "seq", -1);
    return json_object_size(v) == 3 && *chain >= 1 && *seq >= 0 && hex &&
           hex_read(hash, HASH_BYTES, hex);
}

/* A head that was named before names the same row, and so does the row that is here. */
static bool take_head(struct taking *t, const json_t *v, struct err *e)
{
    int64_t chain, seq, rows;
    unsigned char hash[HASH_BYTES];
    struct bytes anchored;
    struct audit_copy c;
    const char *text;
    if (!head_of(v, &chain, &seq, hash))
        return FAIL(e, INVALID, "/statement", "审计声明读不出来。");
    if (seq == 0)
        return true;
    struct query *q = db_query(t->db, SQL_room_audit_anchor_put);
    query_id(q, t->node->id);
    query_int(q, chain);
    query_int(q, seq);
    query_bytes(q, (struct bytes){hash, HASH_BYTES});
    query_int(q, t->moment_ms);
    query_text(q, t->statement);
    query_int(q, t->desk->who->now_ms);
    if (!query_change(q, &rows, e))
        return false;
    if (rows == 0 &&
        (!anchored_hash(t, chain, seq, &anchored, e) ||
         ((anchored.len != HASH_BYTES || memcmp(anchored.at, hash, HASH_BYTES) != 0) &&
          !find(t, chain, seq, "rewritten", e))))
        return false;
    if (!stored_text(t, chain, seq, &text, e) || !text)
        return e->code == ERR_NONE;
    return copy_of(t->arena, text, &c, e) &&
           (memcmp(c.row.hash, hash, HASH_BYTES) == 0 || find(t, chain, seq, "rewritten", e));
}

static int64_t said_of(const struct taking *t, int64_t chain)
{
    size_t i;
    json_t *one;
    json_array_foreach(t->heads, i, one)
    {
        if (json_member_int(one, "chain", 0) == chain)
            return json_member_int(one, "seq", 0);
    }
    return 0;
}

struct top {
    int64_t chain, seq, moment_ms;
};

static bool load_tops(struct taking *t, enum sql which, struct top **out, size_t *count,
                      struct err *e)
{
    struct query *q = db_query(t->db, which);
    query_id(q, t->node->id);
    *out = NULL;
    *count = 0;
    while (query_next(q, e)) {
        *out = arena_grow(t->arena, *out, *count, *count + 1, sizeof **out);
        (*out)[(*count)++] = (struct top){
            query_get_int(q, 0), query_get_int(q, 1),
            which == SQL_room_audit_anchor_tops ? query_get_int(q, 2) : 0};
    }
    return e->code == ERR_NONE;
}

/* No chain ends before a row that is here, or that an earlier statement named. A statement that was made
 * before the last that came was only late. */
static bool look_for_cuts(struct taking *t, struct err *e)
{
    static const enum sql both[] = {SQL_room_audit_anchor_tops, SQL_room_audit_tops};
    for (size_t k = 0; k < 2; k++) {
        struct top *tops;
        size_t count;
        if (!load_tops(t, both[k], &tops, &count, e))
            return false;
        for (size_t i = 0; i < count; i++)
            if (tops[i].moment_ms > t->moment_ms)
                return true;
        for (size_t i = 0; i < count; i++) {
            int64_t said = said_of(t, tops[i].chain);
            if (said < tops[i].seq && !find(t, tops[i].chain, said + 1, "cut", e))
                return false;
        }
    }
    return true;
}

static bool take_all(struct db *db, void *ctx, struct err *e)
{
    struct taking *t = ctx;
    t->db = db;
    t->last = (struct audit_copy){0};
    if (!look_for_cuts(t, e))
        return false;
    for (size_t i = 0; i < json_array_size(t->heads); i++)
        if (!take_head(t, json_array_get(t->heads, i), e))
            return false;
    return take_rows(t, e);
}

bool node_audit_take(const struct node_desk *d, const struct node *n, const json_t *body,
                     struct err *e)
{
    const json_t *statement = json_object_get(body, "statement");
    struct taking t = {.desk = d,
                       .node = n,
                       .arena = d->arena,
                       .rows = json_object_get(body, "rows"),
                       .heads = json_object_get(statement, "heads"),
                       .moment_ms = json_member_int(statement, "moment", 0)};
    const char *kid = json_member_text(statement, "kid");
    struct key_table keys;
    struct bytes text;
    if (json_object_size(body) != 2 || !json_is_array(t.rows) || !json_is_array(t.heads) ||
        json_array_size(t.rows) > ROWS_MAX || json_array_size(t.heads) > CHAINS_MAX ||
        t.moment_ms <= 0)
        return FAIL(e, INVALID, "/statement", "审计声明读不出来。");
    if (!signer_key_table(d->db, d->arena, &keys, e) ||
        !signed_json_verify(d->arena, &keys, KEY_USE_room, "node-audit", statement, e) ||
        !jcs_write(d->arena, statement, &text, e))
        return false;
    if (!kid || strcmp(kid, n->kid) != 0)
        return FAIL(e, INVALID, "/statement", "审计声明不是这个节点的。");
    t.statement = arena_copy(d->arena, text.at, text.len);
    return db_transact(d->db, take_all, &t, e);
}

bool node_audit_findings(struct db *db, struct arena *a, struct id node,
                         struct node_audit_finding **out, size_t *count, struct err *e)
{
    struct query *q = db_query(db, SQL_room_audit_finding_list);
    query_id(q, node);
    *out = NULL;
    *count = 0;
    while (query_next(q, e)) {
        *out = arena_grow(a, *out, *count, *count + 1, sizeof **out);
        (*out)[(*count)++] = (struct node_audit_finding){.node = node,
                                                         .chain = query_get_int(q, 0),
                                                         .seq = query_get_int(q, 1),
                                                         .what = query_get_text(q, 2, a),
                                                         .at_ms = query_get_int(q, 3)};
    }
    return e->code == ERR_NONE;
}
