/* marking/seated.c - candidates by label, ordered by a keyed hash. */
#include "marking/seated.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "entry/entry.h"
#include "sitting/session.h"
#include "store/db.h"

struct hashed {
    unsigned char hash[16];
    struct id entry;
};

static int by_hash(const void *x, const void *y)
{
    return memcmp(((const struct hashed *)x)->hash, ((const struct hashed *)y)->hash, 16);
}

/* Whoever knows the seating still cannot tell which label is whose without the key. */
static struct hashed *hash_entries(const struct marking *m, struct id session,
                                   const struct seat_list *seats, size_t *count)
{
    unsigned char key[KEY_BYTES], text[2 * ID_BYTES];
    struct hashed *all = arena_array(m->arena, struct hashed, seats->count + 1);
    *count = 0;
    master_key(m->master, KEY_PSEUD, key);
    memcpy(text, session.bytes, ID_BYTES);
    for (size_t i = 0; i < seats->count; i++) {
        if (id_is_zero(seats->at[i].entry))
            continue;
        struct hashed *h = &all[(*count)++];
        h->entry = seats->at[i].entry;
        memcpy(text + ID_BYTES, h->entry.bytes, ID_BYTES);
        keyed_hash(h->hash, sizeof h->hash, key, text, sizeof text);
    }
    secret_wipe(key, sizeof key);
    qsort(all, *count, sizeof *all, by_hash);
    return all;
}

bool seated_list(const struct marking *m, struct id session, struct seated **out, size_t *count,
                 struct err *e)
{
    struct seat_list seats;
    struct owned which = {m->actor->body, session};
    struct entry_scope scope = entry_scope_body(m->actor->body);
    if (!seat_list(m->db, m->arena, which, &seats, e))
        return false;
    struct hashed *all = hash_entries(m, session, &seats, count);
    *out = arena_array(m->arena, struct seated, *count + 1);
    for (size_t i = 0; i < *count; i++) {
        struct entry n;
        if (!entry_get(m->db, m->arena, &scope, all[i].entry, &n, e))
            return false;
        (*out)[i] = (struct seated){n.id, arena_printf(m->arena, "考生 %04zu", i + 1), n.level,
                                    n.direction};
    }
    return true;
}

bool seated_get(const struct marking *m, struct id session, struct id entry, struct seated *out,
                struct err *e)
{
    bool found;
    struct entry n;
    struct entry_scope scope = entry_scope_body(m->actor->body);
    struct query *q = db_query(m->db, SQL_marking_seated);
    query_id(q, session);
    query_id(q, entry);
    query_id(q, m->actor->body);
    if (!query_maybe(q, &found, e))
        return false;
    if (!found)
        return FAIL(e, NOT_FOUND, "/entry", "这一场次没有该考生。");
    query_done(q);
    if (!entry_get(m->db, m->arena, &scope, entry, &n, e))
        return false;
    *out = (struct seated){.entry = n.id, .level = n.level, .direction = n.direction};
    return true;
}
