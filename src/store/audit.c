/* store/audit.c - appends to a chain and verifies chains. */
#include "store/audit.h"
#include "store/audit_row.h"

#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "store/db.h"

enum { CHANGE_ARENA_BYTES = 4 << 20, PAGE_ROWS = 1000 };

static const struct {
    enum act act;
    const char *name, *label;
} acts[] = {
#define ACT(number, name, label) {ACT_##name, #name, label},
#include "store/acts.def"
#undef ACT
};

bool act_at(size_t i, enum act *out)
{
    if (i >= sizeof acts / sizeof *acts)
        return false;
    *out = acts[i].act;
    return true;
}

bool act_find(const char *name, enum act *out)
{
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++) {
        *out = acts[i].act;
        if (strcmp(acts[i].name, name) == 0)
            return true;
    }
    return false;
}

const char *act_name(enum act act)
{
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
        if (acts[i].act == act)
            return acts[i].name;
    return NULL;
}

const char *act_label(enum act act)
{
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
        if (acts[i].act == act)
            return acts[i].label;
    return NULL;
}

static bool chain_create(struct db *db, struct id owner, struct err *e)
{
    unsigned char head[HASH_BYTES];
    audit_first_head(owner, head);
    struct query *q = db_query(db, SQL_audit_chain_create);
    query_id(q, owner);
    query_bytes(q, (struct bytes){head, HASH_BYTES});
    return query_run(q, e);
}

static bool head_get(struct db *db, struct arena *a, struct id owner, struct stored_row *row,
                     unsigned char head[HASH_BYTES], struct err *e)
{
    bool found = false;
    for (int i = 0; i < 2 && !found; i++) {
        struct query *q = db_query(db, SQL_audit_head_get);
        query_id(q, owner);
        if (!query_maybe(q, &found, e))
            return false;
        if (!found) {
            if (!chain_create(db, owner, e))
                return false;
            continue;
        }
        row->chain = query_get_int(q, 0);
        row->seq = query_get_int(q, 1) + 1;
        struct bytes b = query_get_bytes(q, 2, a);
        query_done(q);
        if (b.len != HASH_BYTES)
            return FAIL(e, STORE, "audit", "审计链头损坏。");
        memcpy(head, b.at, HASH_BYTES);
    }
    return found || FAIL(e, STORE, "audit", "审计链无法建立。");
}

static bool row_put(struct db *db, const struct stored_row *r, struct err *e)
{
    struct query *q = db_query(db, SQL_audit_row_put);
    query_int(q, r->chain);
    query_int(q, r->seq);
    query_int(q, r->at_ms);
    query_id(q, r->actor);
    query_id(q, r->second);
    query_int(q, r->role);
    query_int(q, r->act);
    query_text(q, r->object_type);
    query_id(q, r->object);
    query_id(q, r->request);
    query_bytes(q, (struct bytes){r->address, ADDRESS_HASH_BYTES});
    query_text(q, (const char *)r->change.at);
    query_bytes(q, (struct bytes){r->hash, HASH_BYTES});
    if (!query_run(q, e))
        return false;

    q = db_query(db, SQL_audit_head_set);
    query_int(q, r->chain);
    query_int(q, r->seq - 1);
    query_int(q, r->seq);
    query_bytes(q, (struct bytes){r->hash, HASH_BYTES});
    return query_change_one(q, "audit", "审计链被同时改动。", e);
}

static bool write_row(struct db *db, struct arena *a, const struct actor *who,
                      const struct audit_row *row, struct err *e)
{
    unsigned char head[HASH_BYTES];
    struct stored_row r = {
        .at_ms = who->now_ms,
        .actor = who->account,
        .second = who->second,
        .object = row->object,
        .request = who->request,
        .role = who->role,
        .act = row->act,
        .object_type = row->object_type,
    };
    memcpy(r.address, who->address, ADDRESS_HASH_BYTES);
    assert(strlen(row->object_type) == 2);

    json_t *change = row->change ? row->change : json_keep(a, json_object());
    struct id owner = id_is_zero(row->chain_owner) ? who->body : row->chain_owner;
    if (who->wrote)
        *who->wrote = owner;
    if (!jcs_write(a, change, &r.change, e) || !head_get(db, a, owner, &r, head, e))
        return false;
    audit_row_hash(&r, head, r.hash);
    return row_put(db, &r, e);
}

bool audit_write(struct db *db, const struct actor *who, const struct audit_row *row,
                 struct err *e)
{
    assert(db_in_transaction(db));
    struct arena *a = arena_create(CHANGE_ARENA_BYTES);
    bool ok = write_row(db, a, who, row, e);
    arena_destroy(a);
    return ok;
}

struct chain {
    int64_t number, seq;
    struct id owner;
    unsigned char head[HASH_BYTES];
};

static void note_break(struct arena *a, struct audit_report *out, int64_t chain, int64_t seq,
                       const char *what)
{
    out->breaks = arena_grow(a, out->breaks, out->break_count, out->break_count + 1,
                             sizeof *out->breaks);
    out->breaks[out->break_count++] = (struct audit_break){chain, seq, what};
}

static void read_row(struct query *q, struct arena *a, struct stored_row *r)
{
    r->seq = query_get_int(q, 0);
    r->at_ms = query_get_int(q, 1);
    r->actor = query_get_id(q, 2);
    r->second = query_get_id(q, 3);
    r->role = query_get_int(q, 4);
    r->act = query_get_int(q, 5);
    r->object_type = query_get_text(q, 6, a);
    r->object = query_get_id(q, 7);
    r->request = query_get_id(q, 8);
    struct bytes address = query_get_bytes(q, 9, a);
    if (address.len == ADDRESS_HASH_BYTES)
        memcpy(r->address, address.at, ADDRESS_HASH_BYTES);
    const char *change = query_get_text(q, 10, a);
    r->change = (struct bytes){(const unsigned char *)change, change ? strlen(change) : 0};
    struct bytes hash = query_get_bytes(q, 11, a);
    if (hash.len == HASH_BYTES)
        memcpy(r->hash, hash.at, HASH_BYTES);
}

/* After a broken row the stored hash is trusted as the next one's "before", so that each bad
 * row is named once and not everything behind it. */
struct walk {
    int64_t chain, last; /* the row that was read last */
    int64_t until;       /* no further than this one */
    unsigned char before[HASH_BYTES];
};

static bool verify_page(struct db *db, struct arena *a, struct walk *w,
                        struct audit_report *out, struct err *e)
{
    struct arena *page = arena_create((size_t)512 << 20);
    struct query *q = db_query(db, SQL_audit_row_list);
    query_int(q, w->chain);
    query_int(q, w->last);
    query_int(q, w->until - w->last < PAGE_ROWS ? w->until - w->last : PAGE_ROWS);
    while (query_next(q, e)) {
        struct stored_row r = {.chain = w->chain};
        unsigned char hash[HASH_BYTES];
        read_row(q, page, &r);
        for (int64_t seq = w->last + 1; seq < r.seq; seq++)
            note_break(a, out, w->chain, seq, "missing");
        bool whole = r.object_type && strlen(r.object_type) == 2 && r.change.at;
        if (whole)
            audit_row_hash(&r, w->before, hash);
        if (r.seq == w->last + 1 && (!whole || memcmp(hash, r.hash, HASH_BYTES) != 0))
            note_break(a, out, w->chain, r.seq, "changed");
        memcpy(w->before, r.hash, HASH_BYTES);
        w->last = r.seq;
        out->rows++;
    }
    arena_destroy(page);
    return e->code == ERR_NONE;
}

static bool verify_chain(struct db *db, struct arena *a, const struct chain *c,
                         struct audit_report *out, struct err *e)
{
    /* NOLINTNEXTLINE: audit_verify has grown chains by as many as it counts */
    struct walk w = {.chain = c->number, .until = INT64_MAX};
    int64_t at;
    audit_first_head(c->owner, w.before);
    do {
        at = w.last;
        if (!verify_page(db, a, &w, out, e))
            return false;
    } while (w.last > at);
    for (int64_t seq = w.last + 1; seq <= c->seq; seq++)
        note_break(a, out, c->number, seq, "missing");
    if (w.last > c->seq || (w.last == c->seq && memcmp(w.before, c->head, HASH_BYTES) != 0))
        note_break(a, out, c->number, w.last, "head");
    return true;
}

bool audit_verify(struct db *db, struct arena *a, struct audit_report *out, struct err *e)
{
    struct chain *chains = NULL;
    *out = (struct audit_report){0};
    struct query *q = db_query(db, SQL_audit_chain_list);
    while (query_next(q, e)) {
        size_t n = (size_t)out->chains++;
        chains = arena_grow(a, chains, n, n + 1, sizeof *chains);
        chains[n] = (struct chain){.number = query_get_int(q, 0),
                                   .seq = query_get_int(q, 1),
                                   .owner = query_get_id(q, 3)};
        struct bytes head = query_get_bytes(q, 2, a);
        if (head.len == HASH_BYTES)
            memcpy(chains[n].head, head.at, HASH_BYTES);
    }
    for (int64_t i = 0; e->code == ERR_NONE && i < out->chains; i++)
        if (!verify_chain(db, a, &chains[i], out, e))
            return false;
    return e->code == ERR_NONE;
}

/* --- is a row under a head that was told outside ----------------------------------------------- */
static bool hash_before(struct db *db, struct arena *a, int64_t chain, int64_t seq,
                        unsigned char out[HASH_BYTES], struct err *e)
{
    struct query *q = db_query(db, seq == 1 ? SQL_audit_chain_owner : SQL_audit_row_hash);
    query_int(q, chain);
    if (seq > 1)
        query_int(q, seq - 1);
    if (!query_one(q, "audit", e))
        return false;
    if (seq == 1) {
        audit_first_head(query_get_id(q, 0), out);
    } else {
        struct bytes hash = query_get_bytes(q, 0, a);
        memset(out, 0, HASH_BYTES);
        if (hash.len == HASH_BYTES)
            memcpy(out, hash.at, HASH_BYTES);
    }
    query_done(q);
    return true;
}

static bool links_to(struct db *db, struct arena *a, const struct audit_span *s, bool *out,
                     struct err *e)
{
    struct audit_report found = {0};
    struct walk w = {.chain = s->chain, .last = s->from - 1, .until = s->until};
    int64_t at;
    if (!hash_before(db, a, s->chain, s->from, w.before, e))
        return false;
    do {
        at = w.last;
        if (!verify_page(db, a, &w, &found, e))
            return false;
    } while (w.last > at && w.last < s->until);
    *out = w.last == s->until && found.break_count == 0 &&
           memcmp(w.before, s->hash, HASH_BYTES) == 0;
    return true;
}

bool audit_links_to(struct db *db, const struct audit_span *s, bool *out, struct err *e)
{
    struct arena *a = arena_create(CHANGE_ARENA_BYTES);
    *out = false;
    bool ok = links_to(db, a, s, out, e);
    arena_destroy(a);
    if (!ok && e->code == ERR_NOT_FOUND) {
        *e = (struct err){0}; /* the row before is gone: nothing links */
        ok = true;
    }
    return ok;
}
