/* measure/item_sitting.c - stores and finds the folded figures of a sitting. */
#include "measure/item_sitting.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "marking/score_attempt.h"
#include "measure/item_text.h"
#include "store/db.h"

enum { EDITION = 2 /* of the figures: raise it when they change */, PAD_BYTES = 1024 };

bool sitting_stamp(const struct marking *m, struct id session, struct sitting_stamp *out,
                   struct err *e)
{
    struct query *q = db_query(m->db, SQL_item_sitting_now);
    query_id(q, session);
    query_id(q, m->actor->body);
    if (!query_one(q, "session", e))
        return false;
    int64_t publications = query_get_int(q, 3);
    *out = (struct sitting_stamp){
        .text = arena_printf(m->arena, "%d/%lld/%lld/%lld/%lld", EDITION,
                             (long long)query_get_int(q, 0), (long long)query_get_int(q, 1),
                             (long long)query_get_int(q, 2), (long long)publications),
        .published = publications > 0,
        .attempts = query_get_int(q, 2)};
    query_done(q);
    q = db_query(m->db, SQL_measure_attempt_states);
    query_id(q, session);
    while (query_next(q, e))
        out->sitting |= !attempt_is_ended(query_get_text(q, 0, m->arena));
    return e->code == ERR_NONE;
}

/* --- finding ------------------------------------------------------------------------------------- */
bool item_sitting_current(const struct marking *m, struct id session,
                          const struct sitting_stamp *stamp, bool *out, struct err *e)
{
    struct query *q = db_query(m->db, SQL_item_sitting_stamp_get);
    query_id(q, session);
    query_id(q, m->actor->body);
    if (!query_maybe(q, out, e))
        return false;
    if (*out) {
        *out = strcmp(query_get_text(q, 0, m->arena), stamp->text) == 0;
        query_done(q);
    }
    return true;
}

bool item_sitting_find(const struct marking *m, struct id session,
                       const struct sitting_stamp *stamp, const char *code,
                       struct session_item **parts, size_t *count, bool *found, struct err *e)
{
    struct bytes sealed, plain;
    bool there;
    *count = 0;
    *found = false;
    if (!stamp->published)
        return true;
    if (!item_sitting_current(m, session, stamp, found, e) || !*found)
        return e->code == ERR_NONE;
    struct query *q = db_query(m->db, SQL_item_sitting_get);
    query_id(q, session);
    query_text(q, code);
    if (!query_maybe(q, &there, e) || !there)
        return e->code == ERR_NONE;
    sealed = query_get_bytes(q, 0, m->arena);
    query_done(q);
    return purpose_open(m->arena, m->master, KEY_BANK, "item_sitting", "parts", session, sealed,
                        &plain, e) &&
           item_text_read(m->arena, plain, code, parts, count, e);
}

/* --- storing ------------------------------------------------------------------------------------- */
struct putting {
    const struct marking *m;
    struct id session;
    const struct sitting_stamp *stamp;
    const struct session_items *items;
    const struct session_item **order; /* by code, then as they came */
};

static int by_code(const void *x, const void *y)
{
    const struct session_item *a = *(const struct session_item *const *)x,
                              *b = *(const struct session_item *const *)y;
    int order = strcmp(a->code, b->code);
    return order ? order : (a > b) - (a < b);
}

static bool put_one(struct db *db, const struct putting *p, size_t from, size_t to,
                    struct err *e)
{
    struct arena *a = p->m->arena;
    struct bytes text = item_text_write(a, p->order + from, to - from);
    struct query *q = db_query(db, SQL_item_sitting_put);
    query_id(q, p->session);
    query_text(q, p->order[from]->code);
    query_bytes(q, purpose_seal(a, p->m->master, KEY_BANK, "item_sitting", "parts", p->session,
                                PAD_BYTES, text.at, text.len));
    return query_run(q, e);
}

static bool put_all(struct db *db, void *ctx, struct err *e)
{
    const struct putting *p = ctx;
    struct query *q = db_query(db, SQL_item_sitting_drop);
    query_id(q, p->session);
    if (!query_run(q, e))
        return false;
    for (size_t i = 0, next; i < p->items->count; i = next) {
        for (next = i + 1; next < p->items->count; next++)
            if (strcmp(p->order[next]->code, p->order[i]->code) != 0)
                break;
        if (!put_one(db, p, i, next, e))
            return false;
    }
    q = db_query(db, SQL_item_sitting_stamp_put);
    query_id(q, p->session);
    query_id(q, p->m->actor->body);
    query_text(q, p->stamp->text);
    query_int(q, p->m->actor->now_ms);
    return query_run(q, e);
}

bool item_sitting_put(const struct marking *m, struct id session,
                      const struct sitting_stamp *stamp, const struct session_items *items,
                      struct err *e)
{
    struct putting p = {m, session, stamp, items, NULL};
    if (!stamp->published)
        return true;
    p.order = arena_alloc(m->arena, items->count + 1, sizeof *p.order);
    for (size_t i = 0; i < items->count; i++)
        p.order[i] = &items->at[i];
    if (items->count)
        qsort(p.order, items->count, sizeof *p.order, by_code);
    return db_transact(m->db, put_all, &p, e);
}
