/* store/anchor.c - makes anchors and reads them. */
#include "store/anchor.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/calendar.h"
#include "base/json.h"
#include "store/db.h"
#include "store/signer.h"

enum { WORK_BYTES = 64 << 20, CHAINS_MAX = 1000000 };

static const char *const moments[] = {"start", "running", "stop"};

struct making {
    const struct signer *s;
    const struct anchor_order *o;
    struct arena *arena;
    bool made;
    int64_t number, last_ms;
    unsigned char before[HASH_BYTES];
};

static const char *hex_text(struct arena *a, const unsigned char *bytes, size_t len)
{
    char *text = arena_array(a, char, 2 * len + 1);
    hex_write(text, bytes, len);
    return text;
}

static bool find_last(struct db *db, struct making *m, struct err *e)
{
    bool found;
    struct query *q = db_query(db, SQL_audit_anchor_last);
    m->number = 1;
    m->last_ms = 0;
    memset(m->before, 0, HASH_BYTES);
    if (!query_maybe(q, &found, e) || !found)
        return e->code == ERR_NONE;
    m->number = query_get_int(q, 0) + 1;
    m->last_ms = query_get_int(q, 1);
    struct bytes hash = query_get_bytes(q, 2, m->arena);
    query_done(q);
    if (hash.len != HASH_BYTES)
        return FAIL(e, STORE, "audit", "锚点残缺。");
    memcpy(m->before, hash.at, HASH_BYTES);
    return true;
}

/* The first of a day names all chains, so that a day's file stands alone. */
static bool names_all(const struct making *m)
{
    return m->o->moment == ANCHOR_START || date_of_instant(m->o->now_ms, CHINA_OFFSET_MS) !=
                                               date_of_instant(m->last_ms, CHINA_OFFSET_MS);
}

static bool collect_heads(struct db *db, const struct making *m, struct anchor_head **out,
                          size_t *count, struct err *e)
{
    struct query *q = db_query(db, SQL_audit_chain_moved);
    query_int(q, names_all(m));
    *out = NULL;
    *count = 0;
    while (query_next(q, e)) {
        *out = arena_grow(m->arena, *out, *count, *count + 1, sizeof **out);
        struct anchor_head *h = &(*out)[(*count)++];
        *h = (struct anchor_head){.chain = query_get_int(q, 0), .seq = query_get_int(q, 1)};
        struct bytes hash = query_get_bytes(q, 2, m->arena);
        if (hash.len == HASH_BYTES)
            memcpy(h->hash, hash.at, HASH_BYTES);
    }
    return e->code == ERR_NONE;
}

static bool rows_total(struct db *db, int64_t *rows, struct err *e)
{
    struct query *q = db_query(db, SQL_audit_rows_total);
    if (!query_one(q, "audit", e))
        return false;
    *rows = query_get_int(q, 0);
    query_done(q);
    return true;
}

static json_t *object_of(const struct making *m, const struct anchor_head *heads, size_t count,
                         int64_t rows)
{
    char run[ID_TEXT_BYTES];
    struct signature_count *counts;
    size_t n = signer_counts(m->s, m->arena, &counts);
    json_t *list = json_array(), *signatures = json_object();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list,
                              json_pack("{s:I, s:I, s:s}", "chain", (json_int_t)heads[i].chain,
                                        "seq", (json_int_t)heads[i].seq, "hash",
                                        hex_text(m->arena, heads[i].hash, HASH_BYTES)));
    for (size_t i = 0; i < n; i++)
        json_object_set_new(signatures, counts[i].kid, json_integer(counts[i].signatures));
    id_write(m->o->run, run);
    return json_keep(m->arena,
                     json_pack("{s:I, s:I, s:s, s:s, s:s, s:o, s:o}", "number",
                               (json_int_t)m->number, "rows", (json_int_t)rows, "prev_anchor",
                               hex_text(m->arena, m->before, HASH_BYTES), "moment",
                               moments[m->o->moment], "run", run, "signatures_by_kid",
                               signatures, "heads", list));
}

static bool put(struct db *db, const struct making *m, struct bytes text, bool *put,
                struct err *e)
{
    int64_t rows;
    unsigned char hash[HASH_BYTES];
    hash_of(hash, text.at, text.len);
    struct query *q = db_query(db, SQL_audit_anchor_put);
    query_int(q, m->number);
    query_int(q, m->o->now_ms);
    query_text(q, (const char *)text.at);
    query_bytes(q, (struct bytes){hash, HASH_BYTES});
    if (!query_change(q, &rows, e))
        return false;
    *put = rows == 1;
    return true;
}

static bool put_heads(struct db *db, const struct making *m, const struct anchor_head *heads,
                      size_t count, struct err *e)
{
    for (size_t i = 0; i < count; i++) {
        struct query *q = db_query(db, SQL_audit_anchor_head_put);
        query_int(q, heads[i].chain);
        query_int(q, m->number);
        query_int(q, heads[i].seq);
        query_bytes(q, (struct bytes){heads[i].hash, HASH_BYTES});
        if (!query_run(q, e))
            return false;
    }
    return true;
}

static bool make(struct db *db, void *ctx, struct err *e)
{
    struct making *m = ctx;
    struct anchor_head *heads;
    size_t count;
    int64_t rows;
    struct bytes text;
    const struct sign_order order = {
        .use = KEY_USE_anchor, .type = "anchor", .now_ms = m->o->now_ms};
    m->made = false;
    if (!find_last(db, m, e))
        return false;
    if (m->o->moment == ANCHOR_RUNNING && m->number > 1 &&
        m->o->now_ms - m->last_ms < m->o->period_ms && m->o->now_ms >= m->last_ms)
        return true;
    if (!collect_heads(db, m, &heads, &count, e) || !rows_total(db, &rows, e))
        return false;
    json_t *object = object_of(m, heads, count, rows);
    return signer_sign_json(m->s, db, m->arena, &order, object, e) &&
           jcs_write(m->arena, object, &text, e) && put(db, m, text, &m->made, e) &&
           (!m->made || put_heads(db, m, heads, count, e));
}

bool anchor_make(const struct signer *s, struct db *db, const struct anchor_order *o,
                 bool *made, struct err *e)
{
    struct making m = {.s = s, .o = o, .arena = arena_create(WORK_BYTES)};
    bool ok = db_transact(db, make, &m, e);
    arena_destroy(m.arena);
    *made = ok && m.made;
    return ok;
}

bool anchor_list(struct db *db, struct arena *a, int64_t after, int64_t limit,
                 struct anchor_text **out, size_t *count, struct err *e)
{
    struct query *q = db_query(db, SQL_audit_anchor_list);
    query_int(q, after);
    query_int(q, limit);
    *out = NULL;
    *count = 0;
    while (query_next(q, e)) {
        *out = arena_grow(a, *out, *count, *count + 1, sizeof **out);
        (*out)[*count].number = query_get_int(q, 0);
        (*out)[(*count)++].line = query_get_text(q, 1, a);
    }
    return e->code == ERR_NONE;
}

bool anchor_last(struct db *db, int64_t *number, int64_t *at_ms, struct err *e)
{
    bool found;
    struct query *q = db_query(db, SQL_audit_anchor_last);
    *number = *at_ms = 0;
    if (!query_maybe(q, &found, e))
        return false;
    if (found) {
        *number = query_get_int(q, 0);
        *at_ms = query_get_int(q, 1);
        query_done(q);
    }
    return true;
}

/* --- reading ------------------------------------------------------------------------------ */
static bool read_hash(const json_t *object, const char *name, unsigned char out[HASH_BYTES],
                      struct err *e)
{
    const char *text = json_member_text(object, name);
    return (text && hex_read(out, HASH_BYTES, text)) ||
           FAIL(e, INVALID, name, "须为 %d 位十六进制。", 2 * HASH_BYTES);
}

static bool read_moment(const char *text, enum anchor_moment *out)
{
    for (size_t i = 0; text && i < sizeof moments / sizeof *moments; i++)
        if (strcmp(moments[i], text) == 0) {
            *out = (enum anchor_moment)i;
            return true;
        }
    return false;
}

static bool read_heads(struct arena *a, const json_t *list, struct anchor *out, struct err *e)
{
    size_t n = json_array_size(list);
    if (!json_is_array(list) || n > CHAINS_MAX)
        return FAIL(e, INVALID, "heads", "须为数组。");
    struct anchor_head *heads = arena_array(a, struct anchor_head, n + 1);
    for (size_t i = 0; i < n; i++) {
        const json_t *one = json_array_get(list, i);
        heads[i].chain = json_member_int(one, "chain", 0);
        heads[i].seq = json_member_int(one, "seq", 0);
        if (heads[i].chain <= 0 || heads[i].seq <= 0)
            return FAIL(e, INVALID, "heads", "链号和序号须为正整数。");
        if (i > 0 && heads[i].chain <= heads[i - 1].chain)
            return FAIL(e, INVALID, "heads", "链号须递增。");
        if (!read_hash(one, "hash", heads[i].hash, e))
            return false;
    }
    out->heads = heads;
    out->head_count = n;
    return true;
}

bool anchor_read(struct arena *a, struct bytes line, struct anchor *out, struct err *e)
{
    struct bytes text;
    json_t *v = json_read(a, line.at, line.len, e);
    *out = (struct anchor){.object = v};
    if (!v || !jcs_write(a, v, &text, e))
        return false;
    hash_of(out->hash, text.at, text.len);
    out->number = json_member_int(v, "number", 0);
    out->at_ms = json_member_int(v, "at", 0);
    out->rows = json_member_int(v, "rows", -1);
    if (out->number <= 0 || out->at_ms <= 0 || out->rows < 0)
        return FAIL(e, INVALID, "number", "编号、时间和行数须为正整数。");
    if (!read_moment(json_member_text(v, "moment"), &out->moment))
        return FAIL(e, INVALID, "moment", "须为 start、running 或 stop。");
    return read_hash(v, "prev_anchor", out->before, e) &&
           read_heads(a, json_object_get(v, "heads"), out, e);
}

/* --- before a moment ------------------------------------------------------------------------ */
/* The first anchor whose head of this chain lies at or behind the row. */
static bool anchor_over(struct db *db, struct arena *a, int64_t chain, int64_t seq,
                        struct anchor *out, bool *found, struct err *e)
{
    struct query *q = db_query(db, SQL_audit_anchor_over);
    query_int(q, chain);
    query_int(q, seq);
    if (!query_maybe(q, found, e) || !*found)
        return e->code == ERR_NONE;
    const char *text = query_get_text(q, 1, a);
    query_done(q);
    return anchor_read(a, (struct bytes){(const unsigned char *)text, strlen(text)}, out, e);
}

static bool row_place(struct db *db, enum act act, struct id object, struct audit_span *out,
                      bool *found, struct err *e)
{
    struct query *q = db_query(db, SQL_audit_row_place);
    query_id(q, object);
    query_int(q, act);
    if (!query_maybe(q, found, e) || !*found)
        return e->code == ERR_NONE;
    out->chain = query_get_int(q, 0);
    out->from = query_get_int(q, 1);
    query_done(q);
    return true;
}

/* The anchor's own words count, not the rows that were copied from it. */
static bool anchored(struct db *db, struct arena *a, const struct key_table *keys,
                     struct audit_span *s, int64_t before_ms, bool *out, struct err *e)
{
    struct anchor x = {0};
    struct err why = {0};
    bool found = false;
    if (!anchor_over(db, a, s->chain, s->from, &x, &found, e) || !found)
        return e->code == ERR_NONE;
    if (x.at_ms >= before_ms ||
        !signed_json_verify(a, keys, KEY_USE_anchor, "anchor", x.object, &why))
        return true;
    for (size_t i = 0; i < x.head_count; i++)
        if (x.heads[i].chain == s->chain && x.heads[i].seq >= s->from) {
            s->until = x.heads[i].seq;
            s->hash = x.heads[i].hash;
            return audit_links_to(db, s, out, e);
        }
    return true;
}

bool anchored_before(struct db *db, const struct key_table *keys, enum act act,
                     struct id object, int64_t before_ms, bool *out, struct err *e)
{
    struct audit_span s = {0};
    bool found = false;
    *out = false;
    if (!row_place(db, act, object, &s, &found, e) || !found)
        return e->code == ERR_NONE;
    struct arena *a = arena_create(WORK_BYTES);
    bool ok = anchored(db, a, keys, &s, before_ms, out, e);
    arena_destroy(a);
    return ok;
}
