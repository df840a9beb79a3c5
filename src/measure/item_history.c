/* measure/item_history.c - published sittings are folded once (item_sitting.h); others are analysed anew. */
#include "measure/item_history.h"

#include <string.h>

#include "base/arena.h"
#include "measure/item_sitting.h"
#include "store/db.h"

static bool sittings(const struct marking *m, struct id item, struct item_history *out,
                     struct err *e)
{
    struct query *q = db_query(m->db, SQL_measure_item_sessions);
    query_id(q, item);
    query_id(q, m->actor->body);
    query_int(q, HISTORY_SITTINGS);
    out->at = arena_array(m->arena, struct item_sitting, HISTORY_SITTINGS);
    while (query_next(q, e))
        out->at[out->count++] = (struct item_sitting){.session = query_get_id(q, 0),
                                                      .title = query_get_text(q, 1, m->arena),
                                                      .at_ms = query_get_int(q, 2)};
    return e->code == ERR_NONE;
}

/* The stamp was taken before: what changes meanwhile makes the next look compute again. */
static bool analyse(const struct marking *m, const struct sitting_stamp *stamp,
                    const char *code, struct item_sitting *s, struct err *e)
{
    struct session_items all;
    struct err why = {0};
    if (!session_items(m, s->session, &all, &why)) {
        s->open = why.code == ERR_CONFLICT;
        *e = s->open ? *e : why;
        return s->open;
    }
    s->parts = arena_array(m->arena, struct session_item, all.count + 1);
    for (size_t i = 0; i < all.count; i++)
        if (strcmp(all.at[i].code, code) == 0)
            s->parts[s->count++] = all.at[i];
    return item_sitting_put(m, s->session, stamp, &all, e);
}

static bool look(const struct marking *m, const char *code, struct item_sitting *s,
                 struct err *e)
{
    struct sitting_stamp stamp;
    bool found;
    if (!sitting_stamp(m, s->session, &stamp, e) ||
        !item_sitting_find(m, s->session, &stamp, code, &s->parts, &s->count, &found, e) ||
        (!found && !analyse(m, &stamp, code, s, e)))
        return false;
    for (size_t i = 0; i < s->count; i++)
        s->exposed = s->parts[i].count > s->exposed ? s->parts[i].count : s->exposed;
    return true;
}

bool item_history(const struct marking *m, struct id item, const char *code,
                  struct item_history *out, struct err *e)
{
    *out = (struct item_history){0};
    if (!sittings(m, item, out, e))
        return false;
    for (size_t i = 0; i < out->count; i++)
        if (!look(m, code, &out->at[i], e))
            return false;
    return true;
}
