/* measure/item_history.c - what is kept of an item's sittings (item_sitting.h), and reading what is not kept yet. */
#include "measure/item_history.h"

#include "base/arena.h"
#include "base/progress.h"
#include "measure/item_sitting.h"
#include "store/db.h"

static const size_t SITTING_ARENA_BYTES = (size_t)1 << 30;

const char *item_figures_name(enum item_figures f)
{
    static const char *const names[ITEM_FIGURES] = {"known", "unread", "unpublished", "open"};
    return names[f];
}

static bool sittings(const struct marking *m, struct id item, struct item_history *out,
                     struct err *e)
{
    struct query *q = db_query(m->db, SQL_measure_item_sessions);
    query_id(q, item);
    query_id(q, m->actor->body);
    query_int(q, HISTORY_SITTINGS);
    *out = (struct item_history){arena_array(m->arena, struct item_sitting, HISTORY_SITTINGS),
                                 0};
    while (query_next(q, e))
        out->at[out->count++] = (struct item_sitting){.session = query_get_id(q, 0),
                                                      .title = query_get_text(q, 1, m->arena),
                                                      .at_ms = query_get_int(q, 2)};
    return e->code == ERR_NONE;
}

static bool look(const struct marking *m, const char *code, struct item_sitting *s,
                 struct err *e)
{
    struct sitting_stamp stamp;
    bool found;
    if (!sitting_stamp(m, s->session, &stamp, e) ||
        !item_sitting_find(m, s->session, &stamp, code, &s->parts, &s->count, &found, e))
        return false;
    s->figures = found             ? FIGURES_known
                 : stamp.sitting   ? FIGURES_open
                 : stamp.published ? FIGURES_unread
                                   : FIGURES_unpublished;
    for (size_t i = 0; i < s->count; i++)
        s->exposed = s->parts[i].count > s->exposed ? s->parts[i].count : s->exposed;
    return true;
}

bool item_history(const struct marking *m, struct id item, const char *code,
                  struct item_history *out, struct err *e)
{
    if (!sittings(m, item, out, e))
        return false;
    for (size_t i = 0; i < out->count; i++)
        if (!look(m, code, &out->at[i], e))
            return false;
    return true;
}

/* --- reading ------------------------------------------------------------------------------------- */
struct unread {
    struct id session;
    struct sitting_stamp stamp; /* taken before: what changes meanwhile is read again */
};

static bool unread_sittings(const struct marking *m, struct id item, struct unread *out,
                            size_t *count, int64_t *attempts, struct err *e)
{
    struct item_history all;
    *count = 0;
    *attempts = 0;
    if (!sittings(m, item, &all, e))
        return false;
    for (size_t i = 0; i < all.count; i++) {
        struct unread *u = &out[*count];
        bool current;
        u->session = all.at[i].session;
        if (!sitting_stamp(m, u->session, &u->stamp, e) ||
            !item_sitting_current(m, u->session, &u->stamp, &current, e))
            return false;
        bool reads = u->stamp.published && !u->stamp.sitting && !current;
        *count += reads;
        *attempts += reads ? u->stamp.attempts : 0;
    }
    return true;
}

/* Somebody may have begun to sit meanwhile: then there is nothing to keep. */
static bool read_one(const struct marking *m, const struct unread *u, struct err *e)
{
    struct marking one = *m;
    struct session_items items;
    struct err why = {0};
    one.arena = arena_create(SITTING_ARENA_BYTES);
    bool ok = session_items(&one, u->session, &items, &why);
    if (ok)
        ok = item_sitting_put(&one, u->session, &u->stamp, &items, e);
    else if (!(ok = why.code == ERR_CONFLICT))
        *e = why;
    arena_destroy(one.arena);
    return ok;
}

bool item_history_read(const struct marking *m, struct id item, struct err *e)
{
    struct unread list[HISTORY_SITTINGS];
    size_t count;
    int64_t attempts;
    if (!unread_sittings(m, item, list, &count, &attempts, e) ||
        !progress_begin(m->progress, "read", attempts, e))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!read_one(m, &list[i], e))
            return false;
    return true;
}
