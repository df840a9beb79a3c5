/* app/bench_deliver_check.c - reads the database back and compares it with what was sent. */
#include <stdlib.h>
#include <string.h>

#include "app/bench_deliver_load.h"
#include "app/instance.h"
#include "base/arena.h"
#include "sitting/verify.h"
#include "store/db.h"

enum { SCAN_ROWS = 5000, ROOM_ARENA_BYTES = 256 << 20 };
#define VERIFY_ARENA_BYTES ((size_t)16 << 30)

struct comparing {
    struct load *load;
    struct load_candidate **by_id; /* sorted */
    unsigned char **found;         /* by number of the candidate: a byte for each seq */
    struct load_found *out;
    int64_t last;
};

static int by_attempt(const void *x, const void *y)
{
    const struct load_candidate *const *a = x, *const *b = y;
    return memcmp((*a)->seat->attempt.bytes, (*b)->seat->attempt.bytes, ID_BYTES);
}

static struct load_candidate *candidate_of(const struct comparing *c, struct id attempt)
{
    size_t low = 0, high = c->load->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = memcmp(c->by_id[middle]->seat->attempt.bytes, attempt.bytes, ID_BYTES);
        if (order == 0)
            return c->by_id[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static void compare_row(struct comparing *c, const struct journal_entry *entry,
                        struct bytes stored_hash)
{
    unsigned char hash[HASH_BYTES];
    struct load_candidate *who = candidate_of(c, entry->attempt);
    hash_of(hash, entry->bytes.at, entry->bytes.len);
    if (!who || entry->epoch != 1 || entry->seq > who->sent) {
        c->out->foreign++;
    } else if (stored_hash.len != HASH_BYTES || memcmp(hash, stored_hash.at, HASH_BYTES) != 0 ||
               memcmp(hash, who->hashes[entry->seq - 1], HASH_BYTES) != 0) {
        c->out->changed++;
    } else if (c->found[who->number][entry->seq - 1]++) {
        c->out->twice++;
    } else {
        c->out->found++;
    }
}

static bool compare_page(struct comparing *c, struct db *db, struct err *e)
{
    struct arena *page = arena_create(ROOM_ARENA_BYTES);
    struct query *q = db_query(db, SQL_journal_entry_scan);
    query_id(q, c->load->stage->session);
    query_int(q, c->last);
    query_int(q, SCAN_ROWS);
    while (query_next(q, e)) {
        struct journal_entry entry;
        size_t used;
        c->last = query_get_int(q, 0);
        if (journal_entry_read(query_get_bytes(q, 6, page), &entry, &used, e))
            compare_row(c, &entry, query_get_bytes(q, 7, page));
        else
            c->out->changed++;
    }
    arena_destroy(page);
    return e->code == ERR_NONE;
}

static bool compare_states(struct comparing *c, struct db *db, struct err *e)
{
    struct arena *a = arena_create(ROOM_ARENA_BYTES);
    struct query *q = db_query(db, SQL_attempt_list);
    query_id(q, c->load->stage->session);
    while (query_next(q, e)) {
        const struct load_candidate *who = candidate_of(c, query_get_id(q, 0));
        if (!who || !who->sealed)
            continue;
        bool sealed = strcmp(query_get_text(q, 15, a), "sealed") == 0;
        c->out->sealed += sealed;
        c->out->unsealed += !sealed;
    }
    arena_destroy(a);
    return e->code == ERR_NONE;
}

static bool compare_all(struct comparing *c, struct db *db, struct err *e)
{
    int64_t at;
    do {
        at = c->last;
        if (!compare_page(c, db, e))
            return false;
    } while (c->last > at);
    for (size_t i = 0; i < c->load->count; i++) {
        const struct load_candidate *who = &c->load->candidates[i];
        c->out->sent += who->sent;
        c->out->acknowledged += who->acknowledged;
        for (uint32_t seq = 0; seq < who->acknowledged; seq++)
            c->out->lost += !c->found[i][seq];
    }
    return compare_states(c, db, e);
}

static bool verify_chain(struct comparing *c, struct db *db, struct err *e)
{
    struct arena *a = arena_create(VERIFY_ARENA_BYTES);
    struct journal_report r;
    bool ok = journal_verify(db, a, &r, e);
    if (ok)
        c->out->breaks = (int64_t)r.break_count;
    arena_destroy(a);
    return ok;
}

bool load_compare(struct load *l, struct load_found *out, struct err *e)
{
    struct arena *a = arena_create((size_t)4 << 30);
    struct instance i;
    struct comparing c = {.load = l, .out = out};
    *out = (struct load_found){0};
    c.by_id = arena_array(a, struct load_candidate *, l->count);
    c.found = arena_array(a, unsigned char *, l->count);
    for (size_t k = 0; k < l->count; k++) {
        c.by_id[k] = &l->candidates[k];
        c.found[k] = arena_array(a, unsigned char, l->candidates[k].sent + 1);
    }
    qsort(c.by_id, l->count, sizeof(struct load_candidate *), by_attempt);
    bool ok = instance_open(a, l->stage->order.data, &i, e);
    struct db *db = ok ? db_open(i.store, e) : NULL;
    ok = db && compare_all(&c, db, e) && verify_chain(&c, db, e);
    db_close(db);
    instance_close(&i);
    arena_destroy(a);
    return ok;
}
