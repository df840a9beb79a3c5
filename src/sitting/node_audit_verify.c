/* sitting/node_audit_verify.c - every audit row that nodes handed up, hashed anew and held against the heads
 * that they signed: what somebody does to the centre's copy shows, too. */
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "sitting/node.h"
#include "store/audit_row.h"
#include "store/db.h"

enum { ROW_ARENA_BYTES = 64 << 20 };

struct anchored {
    int64_t chain, seq;
    unsigned char hash[HASH_BYTES];
    bool seen;
};
struct walk {
    struct arena *arena;
    struct node_audit_report *report;
    struct id node;
    struct anchored *anchors;
    size_t anchor_count, next; /* both lists are in the order of chain and seq */
    int64_t chain, seq;
    unsigned char hash[HASH_BYTES];
};

static void note(struct walk *w, int64_t chain, int64_t seq, const char *what)
{
    struct node_audit_report *r = w->report;
    r->breaks = arena_grow(w->arena, r->breaks, r->break_count, r->break_count + 1,
                           sizeof *r->breaks);
    r->breaks[r->break_count++] = (struct node_audit_finding){
        .node = w->node, .chain = chain, .seq = seq, .what = what};
}

static bool load_anchors(struct db *db, struct walk *w, struct err *e)
{
    struct query *q = db_query(db, SQL_room_audit_anchor_list);
    query_id(q, w->node);
    while (query_next(q, e)) {
        w->anchors = arena_grow(w->arena, w->anchors, w->anchor_count, w->anchor_count + 1,
                                sizeof *w->anchors);
        struct anchored *x = &w->anchors[w->anchor_count++];
        *x = (struct anchored){.chain = query_get_int(q, 0), .seq = query_get_int(q, 1)};
        struct bytes hash = query_get_bytes(q, 2, w->arena);
        if (hash.len == HASH_BYTES)
            memcpy(x->hash, hash.at, HASH_BYTES);
    }
    w->report->anchors += (int64_t)w->anchor_count;
    return e->code == ERR_NONE;
}

static bool is_before(const struct anchored *x, int64_t chain, int64_t seq)
{
    return x->chain < chain || (x->chain == chain && x->seq < seq);
}

/* Anchors that the rows have passed without meeting them name rows that are gone. */
static void pass_anchors(struct walk *w, int64_t chain, int64_t seq)
{
    for (; w->next < w->anchor_count && is_before(&w->anchors[w->next], chain, seq); w->next++)
        note(w, w->anchors[w->next].chain, w->anchors[w->next].seq, "cut");
}

static void look_at(struct walk *w, const struct audit_copy *c)
{
    unsigned char before[HASH_BYTES];
    if (c->row.chain != w->chain) {
        w->chain = c->row.chain;
        w->seq = 0;
        audit_first_head(c->owner, w->hash);
    }
    for (int64_t seq = w->seq + 1; seq < c->row.seq; seq++)
        note(w, w->chain, seq, "missing");
    memcpy(before, w->hash, HASH_BYTES);
    if (c->row.seq == w->seq + 1 && !audit_copy_follows(c, before))
        note(w, w->chain, c->row.seq, "changed");
    pass_anchors(w, w->chain, c->row.seq);
    if (w->next < w->anchor_count && w->anchors[w->next].chain == w->chain &&
        w->anchors[w->next].seq == c->row.seq) {
        if (memcmp(w->anchors[w->next].hash, c->row.hash, HASH_BYTES) != 0)
            note(w, w->chain, c->row.seq, "rewritten");
        w->next++;
    }
    w->seq = c->row.seq;
    memcpy(w->hash, c->row.hash, HASH_BYTES);
    w->report->rows++;
}

/* What lies here is what its key says: a row moved to another place is changed. */
static void read_row(struct query *q, struct walk *w)
{
    struct arena *a = arena_create(ROW_ARENA_BYTES);
    struct err why = {0};
    struct audit_copy c = {0};
    const char *text = query_get_text(q, 3, a);
    int64_t chain = query_get_int(q, 0), seq = query_get_int(q, 1);
    const struct json_t *v = text ? json_read(a, text, strlen(text), &why) : NULL;
    if (!v || !audit_copy_read(a, v, &c) || c.row.chain != chain || c.row.seq != seq ||
        !id_equal(c.owner, query_get_id(q, 2))) {
        note(w, chain, seq, "changed");
        if (chain == w->chain)
            w->seq = seq;
    } else {
        look_at(w, &c);
    }
    arena_destroy(a);
}

static bool verify_node(struct db *db, struct walk *w, struct err *e)
{
    if (!load_anchors(db, w, e))
        return false;
    struct query *q = db_query(db, SQL_room_audit_list);
    query_id(q, w->node);
    while (query_next(q, e))
        read_row(q, w);
    pass_anchors(w, INT64_MAX, 0);
    return e->code == ERR_NONE;
}

/* What was found when it came stands beside what is found now; once each. */
static bool add_findings(struct db *db, struct walk *w, size_t from, struct err *e)
{
    struct node_audit_finding *known;
    size_t count;
    struct node_audit_report *r = w->report;
    if (!node_audit_findings(db, w->arena, w->node, &known, &count, e))
        return false;
    for (size_t i = 0; i < count; i++) {
        bool there = false;
        for (size_t k = from; k < r->break_count; k++)
            there = there ||
                    (r->breaks[k].chain == known[i].chain && r->breaks[k].seq == known[i].seq &&
                     strcmp(r->breaks[k].what, known[i].what) == 0);
        if (!there)
            note(w, known[i].chain, known[i].seq, known[i].what);
    }
    return true;
}

bool node_audit_verify(struct db *db, struct arena *a, struct node_audit_report *out,
                       struct err *e)
{
    struct id *nodes = NULL;
    size_t count = 0;
    *out = (struct node_audit_report){0};
    struct query *q = db_query(db, SQL_room_node_ids);
    while (query_next(q, e)) {
        nodes = arena_grow(a, nodes, count, count + 1, sizeof *nodes);
        nodes[count++] = query_get_id(q, 0);
    }
    out->nodes = (int64_t)count;
    for (size_t i = 0; e->code == ERR_NONE && i < count; i++) {
        struct walk w = {.arena = a, .report = out, .node = nodes[i]};
        size_t from = out->break_count;
        if (!verify_node(db, &w, e) || !add_findings(db, &w, from, e))
            return false;
    }
    return e->code == ERR_NONE;
}
