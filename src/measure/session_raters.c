/* measure/session_raters.c - the ratings of a session, from sheets or from marks of written answers. */
#include "base/arena.h"
#include "marking/marking.h"
#include "measure/raters.h"
#include "programme/programme.h"
#include "store/db.h"

struct rating_list {
    struct rating *at;
    size_t count, room;
};

static void add(struct arena *a, struct rating_list *l, const struct rating *r)
{
    if (l->count == l->room) {
        size_t room = l->room ? l->room * 2 : 64;
        l->at = arena_grow(a, l->at, l->room, room, sizeof *l->at);
        l->room = room;
    }
    l->at[l->count++] = *r;
}

/* Columns: work, rater, name, marks, time and, with FULL 0, the full marks. */
static bool read_all(const struct marking *m, struct query *q, int64_t full,
                     struct rating_list *l, struct err *e)
{
    while (query_next(q, e)) {
        int64_t of = full > 0 ? full : query_get_int(q, 5);
        struct rating r = {.work = query_get_id(q, 0),
                           .rater = query_get_id(q, 1),
                           .name = query_get_text(q, 2, m->arena),
                           .at_ms = query_get_int(q, 4)};
        r.share = of > 0 ? (double)query_get_int(q, 3) / (double)of : 0;
        add(m->arena, l, &r);
    }
    return e->code == ERR_NONE;
}

bool session_raters(const struct marking *m, struct id session, struct ratings_report *out,
                    struct err *e)
{
    struct marking_session of;
    struct rating_list l = {NULL, 0, 0};
    if (!marking_session(m, session, &of, e))
        return false;
    const struct component *c = programme_component(of.programme, of.component);
    struct query *q = db_query(m->db, SQL_measure_sheets);
    query_id(q, session);
    query_id(q, m->actor->body);
    if (!read_all(m, q, c && c->full_millimarks > 0 ? c->full_millimarks : 100000, &l, e))
        return false;
    if (l.count == 0) {
        q = db_query(m->db, SQL_measure_script_marks);
        query_id(q, session);
        query_id(q, m->actor->body);
        if (!read_all(m, q, 0, &l, e))
            return false;
    }
    return raters_report(m->arena, l.at, l.count, out, e);
}
