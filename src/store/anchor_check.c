/* store/anchor_check.c - holds anchors from outside against the rows that stand here. */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "store/anchor.h"
#include "store/db.h"

enum { LINE_ARENA_BYTES = 256 << 20 };

/* What anchors have said of one chain. */
struct chain_said {
    int64_t chain, last; /* the highest seq that an anchor named */
    int64_t line;        /* where */
    int64_t rewritten;   /* the lowest seq where another row stands; 0: none */
};

struct anchor_check {
    struct db *db;
    struct arena *arena;
    const struct key_table *keys;
    int64_t line; /* of the present file */
    bool has_before;
    int64_t number, at_ms; /* of the anchor before in this file */
    enum anchor_moment moment;
    unsigned char hash[HASH_BYTES];
    struct chain_said *chains; /* by chain */
    size_t chain_count;
    struct anchor_break *breaks;
    struct anchor_report report;
};

struct anchor_check *anchor_check_begin(struct db *db, struct arena *a,
                                        const struct key_table *keys)
{
    struct anchor_check *c = arena_new(a, struct anchor_check);
    c->db = db;
    c->arena = a;
    c->keys = keys;
    return c;
}

void anchor_check_file(struct anchor_check *c)
{
    c->report.files++;
    c->line = 0;
    c->has_before = false;
}

static void note(struct anchor_check *c, struct anchor_break b)
{
    size_t n = c->report.break_count;
    c->breaks = arena_grow(c->arena, c->breaks, n, n + 1, sizeof *c->breaks);
    c->breaks[n] = b;
    c->report.break_count = n + 1;
}

/* Where the chain stands or would stand. */
static size_t place_of(const struct anchor_check *c, int64_t chain)
{
    size_t low = 0, high = c->chain_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (c->chains[middle].chain < chain)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct chain_said *said_of(struct anchor_check *c, int64_t chain)
{
    size_t i = place_of(c, chain);
    if (i < c->chain_count && c->chains[i].chain == chain)
        return &c->chains[i];
    c->chains = arena_grow(c->arena, c->chains, c->chain_count, c->chain_count + 1,
                           sizeof *c->chains);
    memmove(c->chains + i + 1, c->chains + i, (c->chain_count - i) * sizeof *c->chains);
    c->chain_count++;
    c->chains[i] = (struct chain_said){.chain = chain};
    return &c->chains[i];
}

/* *found: a row stands there. */
static bool row_is(struct db *db, int64_t chain, int64_t seq, struct bytes begins, bool *found,
                   bool *same, struct err *e)
{
    struct arena *a = arena_create(1 << 16);
    struct query *q = db_query(db, SQL_audit_row_hash);
    query_int(q, chain);
    query_int(q, seq);
    *same = false;
    bool ok = query_maybe(q, found, e);
    if (ok && *found) {
        struct bytes hash = query_get_bytes(q, 0, a);
        *same = hash.len == HASH_BYTES && memcmp(hash.at, begins.at, begins.len) == 0;
        query_done(q);
    }
    arena_destroy(a);
    return ok;
}

static bool check_head(struct anchor_check *c, const struct anchor_head *h, struct err *e)
{
    bool found, same;
    if (!row_is(c->db, h->chain, h->seq, (struct bytes){h->hash, HASH_BYTES}, &found, &same, e))
        return false;
    struct chain_said *s = said_of(c, h->chain);
    if (h->seq > s->last) {
        s->last = h->seq;
        s->line = c->line;
    }
    if (found && !same && (s->rewritten == 0 || h->seq < s->rewritten))
        s->rewritten = h->seq;
    c->report.heads++;
    return true;
}

/* A file may begin anywhere; from there on each follows the one before. */
static void check_order(struct anchor_check *c, const struct anchor *x)
{
    if (c->has_before && x->number > c->number + 1)
        note(c, (struct anchor_break){"gap", c->line, 0, c->number + 1, x->number - 1});
    else if (c->has_before &&
             (x->number != c->number + 1 || memcmp(x->before, c->hash, HASH_BYTES) != 0))
        note(c, (struct anchor_break){"order", c->line, 0, x->number, x->number});
    if (c->has_before && c->moment != ANCHOR_STOP && x->at_ms - c->at_ms > ANCHOR_SILENCE_MS)
        c->report.silences++;
    c->has_before = true;
    c->number = x->number;
    c->at_ms = x->at_ms;
    c->moment = x->moment;
    memcpy(c->hash, x->hash, HASH_BYTES);
}

/* Of a stolen anchor key only what it signed before counts; when that was, it says itself, so its word is
 * held against the rows all the same and only the reader is told. */
static bool signature_counts(struct arena *a, const struct key_table *keys,
                             const struct anchor *x)
{
    struct err why = {0};
    return signed_json_verify(a, keys, KEY_USE_anchor, "anchor", x->object, &why);
}

static bool check_line(struct anchor_check *c, struct arena *a, struct bytes line,
                       struct err *e)
{
    struct anchor x;
    struct err why = {0};
    if (!anchor_read(a, line, &x, &why)) {
        c->report.unreadable++;
        return true;
    }
    if (!signature_counts(a, c->keys, &x)) {
        note(c, (struct anchor_break){"signature", c->line, 0, x.number, x.number});
        return true;
    }
    check_order(c, &x);
    c->report.anchors++;
    if (c->report.first_ms == 0 || x.at_ms < c->report.first_ms)
        c->report.first_ms = x.at_ms;
    if (x.at_ms > c->report.last_ms)
        c->report.last_ms = x.at_ms;
    for (size_t i = 0; i < x.head_count; i++)
        if (!check_head(c, &x.heads[i], e))
            return false;
    return true;
}

bool anchor_check_line(struct anchor_check *c, struct bytes line, struct err *e)
{
    struct arena *a = arena_create(LINE_ARENA_BYTES);
    c->line++;
    bool ok = check_line(c, a, line, e);
    arena_destroy(a);
    return ok;
}

static bool last_row(struct db *db, int64_t chain, int64_t *seq, struct err *e)
{
    struct query *q = db_query(db, SQL_audit_row_last);
    query_int(q, chain);
    if (!query_one(q, "audit", e))
        return false;
    *seq = query_get_int(q, 0);
    query_done(q);
    return true;
}

bool anchor_check_end(struct anchor_check *c, struct anchor_report *out, struct err *e)
{
    for (size_t i = 0; i < c->chain_count; i++) {
        const struct chain_said *s = &c->chains[i];
        int64_t last;
        if (!last_row(c->db, s->chain, &last, e))
            return false;
        if (s->rewritten > 0)
            note(c, (struct anchor_break){"rewritten", s->line, s->chain, s->rewritten, last});
        if (last < s->last)
            note(c, (struct anchor_break){"cut", s->line, s->chain, last + 1, s->last});
    }
    *out = c->report;
    out->breaks = c->breaks;
    return true;
}

/* --- witnesses: the header of an answer ---------------------------------------------------- */
bool audit_witness(struct db *db, struct id owner, char out[AUDIT_WITNESS_BYTES], struct err *e)
{
    bool found;
    char hex[2 * WITNESS_HASH_BYTES + 1];
    struct arena *a = arena_create(1 << 16);
    struct query *q = db_query(db, SQL_audit_head_get);
    query_id(q, owner);
    *out = '\0';
    bool ok = query_maybe(q, &found, e);
    if (ok && found) {
        struct bytes hash = query_get_bytes(q, 2, a);
        if (hash.len == HASH_BYTES) {
            hex_write(hex, hash.at, WITNESS_HASH_BYTES);
            snprintf(out, AUDIT_WITNESS_BYTES, "%" PRId64 ".%" PRId64 ".%s",
                     query_get_int(q, 0), query_get_int(q, 1), hex);
        }
        query_done(q);
    }
    arena_destroy(a);
    return ok;
}

bool audit_witness_holds(struct db *db, const char *text, bool *holds, struct err *e)
{
    int64_t chain, seq;
    int used = 0;
    bool found;
    unsigned char hash[WITNESS_HASH_BYTES];
    if (strlen(text) >= AUDIT_WITNESS_BYTES ||
        sscanf(text, "%15" SCNd64 ".%15" SCNd64 ".%n", &chain, &seq, &used) != 2 || used == 0 ||
        chain <= 0 || seq <= 0 || !hex_read(hash, sizeof hash, text + used))
        return FAIL(e, INVALID, "witness", "“%.64s”不是 链号.序号.%d 位十六进制。", text,
                    2 * WITNESS_HASH_BYTES);
    return row_is(db, chain, seq, (struct bytes){hash, sizeof hash}, &found, holds, e);
}
