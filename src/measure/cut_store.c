/* measure/cut_store.c - reads panels, and lets nobody see a rating before its round is over. */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "measure/cut_panel.h"
#include "store/db.h"

static void mine(struct query *q, const struct marking *m, bool all)
{
    query_id(q, m->actor->body);
    query_id(q, m->actor->account);
    query_int(q, all);
}

static void read_row(const struct query *q, struct arena *a, struct cut_row *r)
{
    const char *form = query_get_text(q, 4, a);
    *r = (struct cut_row){
        .id = query_get_id(q, 0),
        .title = query_get_text(q, 1, a),
        .programme = query_get_text(q, 2, a),
        .form = query_get_id(q, 3),
        .form_name = form ? form : "",
        .chair = query_get_id(q, 5),
        .chair_name = query_get_text(q, 6, a),
        .round = query_get_int(q, 7),
        .opened_ms = query_get_int(q, 8),
        .closed_ms = query_is_null(q, 9) ? 0 : query_get_int(q, 9),
        .outcome = query_get_text(q, 10, a),
        .reason = query_get_text(q, 11, a),
        .items = query_get_int(q, 12),
        .members = query_get_int(q, 13),
        .done = query_get_int(q, 14),
    };
}

bool cut_panel_list(const struct marking *m, bool all, int64_t limit, int64_t offset,
                    struct cut_row **out, size_t *count, int64_t *total, struct err *e)
{
    size_t room = 0;
    struct query *q = db_query(m->db, SQL_cut_panel_total);
    mine(q, m, all);
    *out = NULL;
    *count = 0;
    if (!query_one(q, "panel", e))
        return false;
    *total = query_get_int(q, 0);
    query_done(q);
    q = db_query(m->db, SQL_cut_panel_list);
    mine(q, m, all);
    query_int(q, limit);
    query_int(q, offset);
    while (query_next(q, e)) {
        if (*count == room) {
            *out = arena_grow(m->arena, *out, room, room + 32, sizeof **out);
            room += 32;
        }
        read_row(q, m->arena, &(*out)[(*count)++]);
    }
    return e->code == ERR_NONE;
}

bool cut_people(const struct marking *m, struct cut_person **out, size_t *count, struct err *e)
{
    size_t room = 0;
    struct query *q = db_query(m->db, SQL_cut_panel_people);
    query_id(q, m->actor->body);
    *out = NULL;
    *count = 0;
    while (query_next(q, e)) {
        if (*count == room) {
            *out = arena_grow(m->arena, *out, room, room + 64, sizeof **out);
            room += 64;
        }
        (*out)[(*count)++] = (struct cut_person){query_get_id(q, 0),
                                                 query_get_text(q, 1, m->arena)};
    }
    return e->code == ERR_NONE;
}

/* --- one panel ----------------------------------------------------------------------------------- */
static bool read_items(const struct marking *m, struct cut_panel *p, struct err *e)
{
    struct query *q = db_query(m->db, SQL_cut_panel_item_list);
    query_id(q, p->row.id);
    p->items = arena_array(m->arena, struct cut_item, (size_t)p->row.items + 1);
    while (query_next(q, e)) {
        struct cut_item *i = &p->items[p->item_count++];
        *i = (struct cut_item){.n = query_get_int(q, 0),
                               .item = query_get_id(q, 1),
                               .version_id = query_get_id(q, 2),
                               .code = query_get_text(q, 3, m->arena),
                               .millimarks = query_get_int(q, 4),
                               .known = !query_is_null(q, 5),
                               .answered = query_get_int(q, 6)};
        i->share = i->known ? (double)query_get_int(q, 5) / 10000 : NAN;
        p->full += (double)i->millimarks / 1000;
    }
    return e->code == ERR_NONE;
}

static bool read_members(const struct marking *m, struct cut_panel *p, struct err *e)
{
    struct query *q = db_query(m->db, SQL_cut_panel_member_list);
    query_id(q, p->row.id);
    p->members = arena_array(m->arena, struct cut_member, CUT_MEMBERS_MAX);
    while (query_next(q, e)) {
        struct cut_member *one = &p->members[p->member_count++];
        *one = (struct cut_member){.account = query_get_id(q, 0),
                                   .name = query_get_text(q, 1, m->arena),
                                   .excused_ms = query_is_null(q, 2) ? 0 : query_get_int(q, 2),
                                   .excuse = query_get_text(q, 3, m->arena),
                                   .rated = {query_get_int(q, 4), query_get_int(q, 5)},
                                   .done = query_get_int(q, 6)};
        if (id_equal(one->account, m->actor->account))
            p->self = one;
    }
    p->rates = p->self && p->self->excused_ms == 0;
    return e->code == ERR_NONE;
}

static bool is_over(const struct cut_panel *p, int64_t round)
{
    return round < p->row.round ||
           (p->row.closed_ms > 0 && strcmp(p->row.outcome, "held") == 0);
}

static bool read_ratings(const struct marking *m, struct cut_panel *p, struct err *e)
{
    size_t cells = p->member_count * p->item_count;
    for (int r = 0; r < CUT_ROUNDS; r++) {
        p->rating[r] = arena_array(m->arena, int64_t, cells + 1);
        for (size_t i = 0; i < cells; i++)
            p->rating[r][i] = -1;
    }
    struct query *q = db_query(m->db, SQL_cut_rating_list);
    query_id(q, p->row.id);
    while (query_next(q, e)) {
        int64_t round = query_get_int(q, 0), n = query_get_int(q, 2);
        struct id account = query_get_id(q, 1);
        if (!is_over(p, round) && !id_equal(account, m->actor->account))
            continue; /* blind until the round is over */
        for (size_t k = 0; k < p->member_count; k++)
            if (id_equal(p->members[k].account, account))
                p->rating[round - 1][k * p->item_count + (size_t)n - 1] = query_get_int(q, 3);
    }
    return e->code == ERR_NONE;
}

static struct angoff *result_of(const struct marking *m, const struct cut_panel *p, int round)
{
    size_t judges = 0, items = p->item_count;
    double *shares = arena_array(m->arena, double, p->member_count *items + 1);
    double *weight = arena_array(m->arena, double, items + 1);
    struct angoff *out = arena_new(m->arena, struct angoff);
    for (size_t k = 0; k < items; k++)
        weight[k] = (double)p->items[k].millimarks / 1000;
    for (size_t i = 0; i < p->member_count; i++) {
        if (p->members[i].excused_ms > 0)
            continue;
        for (size_t k = 0; k < items; k++)
            shares[judges * items + k] = (double)p->rating[round][i * items + k] / 100;
        judges++;
    }
    angoff_run(m->arena, &(struct angoff_ratings){shares, weight, judges, items}, out);
    return out;
}

bool cut_panel_get(const struct marking *m, struct id panel, bool all, struct cut_panel *out,
                   struct err *e)
{
    *out = (struct cut_panel){0};
    struct query *q = db_query(m->db, SQL_cut_panel_get);
    mine(q, m, all);
    query_id(q, panel);
    if (!query_one(q, "panel", e))
        return false;
    read_row(q, m->arena, &out->row);
    query_done(q);
    out->chairs = id_equal(out->row.chair, m->actor->account);
    if (!read_items(m, out, e) || !read_members(m, out, e) || !read_ratings(m, out, e))
        return false;
    for (int r = 0; r < CUT_ROUNDS; r++)
        if (is_over(out, r + 1))
            out->result[r] = result_of(m, out, r);
    return true;
}
