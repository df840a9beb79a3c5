/* measure/cut_panel.c - opening a panel, rating, and the chair's acts, each with its audit row. */
#include "measure/cut_panel.h"

#include <math.h>
#include <string.h>

#include "bank/bank.h"
#include "base/arena.h"
#include "base/json.h"
#include "base/progress.h"
#include "measure/session_items.h"
#include "paper/paper.h"
#include "store/db.h"

enum { SITTING_ARENA_BYTES = 1 << 30 };

static bool note(struct db *db, const struct marking *m, enum act act, struct id panel,
                 json_t *change, struct err *e)
{
    return audit_write(db, m->actor,
                       &(struct audit_row){.act = act,
                                           .object_type = "cp",
                                           .object = panel,
                                           .change = json_keep(m->arena, change)},
                       e);
}

/* --- opening ------------------------------------------------------------------------------------- */
struct opening {
    const struct marking *m;
    const struct cut_order *order;
    struct cut_item *items;
    size_t count;
    struct id panel;
};

static bool items_of_form(struct opening *o, const struct bank *b, struct err *e)
{
    struct form f;
    if (!form_open(b, o->order->form, &f, e))
        return false;
    if (strcmp(f.row.programme, o->order->programme) != 0)
        return FAIL(e, INVALID, "/form", "这张卷不属于所选的方案。");
    if (f.item_count > CUT_ITEMS_MAX)
        return FAIL(e, INVALID, "/form", "一次最多评议 %d 道题。", CUT_ITEMS_MAX);
    for (size_t i = 0; i < f.item_count; i++)
        o->items[o->count++] = (struct cut_item){.item = f.items[i].item_id,
                                                 .version_id = f.items[i].version_id,
                                                 .code = f.items[i].item.meta.id,
                                                 .millimarks = f.items[i].millimarks};
    return true;
}

/* Marks of single items are unknown before they stand in a form: each counts one. */
static bool items_by_code(struct opening *o, const struct bank *b, struct err *e)
{
    struct item_row *rows;
    size_t count;
    if (!bank_pool(b, o->order->programme, &rows, &count, e))
        return false;
    for (size_t i = 0; i < o->order->code_count; i++) {
        const char *field = arena_printf(o->m->arena, "/codes/%zu", i);
        size_t k = 0;
        while (k < count && strcmp(rows[k].code, o->order->codes[i]) != 0)
            k++;
        if (k == count)
            return FAIL(e, INVALID, field, "方案中没有可用的试题 %.40s。", o->order->codes[i]);
        for (size_t j = 0; j < o->count; j++)
            if (id_equal(o->items[j].item, rows[k].id))
                return FAIL(e, INVALID, field, "试题 %.40s 写了两次。", o->order->codes[i]);
        o->items[o->count++] = (struct cut_item){.item = rows[k].id,
                                                 .version_id = rows[k].version_id,
                                                 .code = rows[k].code,
                                                 .millimarks = 1000};
    }
    return o->count > 0 || FAIL(e, INVALID, "/codes", "请选一张卷，或写出试题编号。");
}

static bool put_members(struct db *db, const struct opening *o, struct err *e)
{
    for (size_t i = 0; i < o->order->member_count; i++) {
        struct query *q = db_query(db, SQL_cut_panel_member_put);
        query_id(q, o->panel);
        query_id(q, o->order->members[i]);
        query_id(q, o->m->actor->body);
        if (!query_change_one(q, "/members", "评议人员须是本机构在用的专业人员账号。", e)) {
            if (e->code == ERR_CONFLICT)
                e->code = ERR_INVALID;
            return false;
        }
    }
    return true;
}

static bool open_panel(struct db *db, void *ctx, struct err *e)
{
    struct opening *o = ctx;
    const struct marking *m = o->m;
    o->panel = id_random();
    struct query *q = db_query(db, SQL_cut_panel_put);
    query_id(q, o->panel);
    query_id(q, m->actor->body);
    query_text(q, o->order->title);
    query_text(q, o->order->programme);
    query_id(q, o->order->form);
    query_id(q, m->actor->account);
    query_int(q, m->actor->now_ms);
    if (!query_run(q, e))
        return false;
    for (size_t i = 0; i < o->count; i++) {
        q = db_query(db, SQL_cut_panel_item_put);
        query_id(q, o->panel);
        query_int(q, (int64_t)i + 1);
        query_id(q, o->items[i].item);
        query_id(q, o->items[i].version_id);
        query_text(q, o->items[i].code);
        query_int(q, o->items[i].millimarks);
        if (!query_run(q, e))
            return false;
    }
    return put_members(db, o, e) &&
           note(db, m, ACT_cut_panel_open, o->panel,
                json_pack("{s:s, s:I, s:I}", "title", o->order->title, "items",
                          (json_int_t)o->count, "members", (json_int_t)o->order->member_count),
                e);
}

static bool members_fit(const struct opening *o, struct err *e)
{
    const struct cut_order *c = o->order;
    if (c->member_count < CUT_MEMBERS_MIN || c->member_count > CUT_MEMBERS_MAX)
        return FAIL(e, INVALID, "/members", "评议人员须为 %d 至 %d 人。", CUT_MEMBERS_MIN,
                    CUT_MEMBERS_MAX);
    for (size_t i = 0; i < c->member_count; i++) {
        if (id_equal(c->members[i], o->m->actor->account))
            return FAIL(e, INVALID, "/members", "主持人不参加评议。");
        for (size_t k = 0; k < i; k++)
            if (id_equal(c->members[i], c->members[k]))
                return FAIL(e, INVALID, "/members", "同一人写了两次。");
    }
    return true;
}

bool cut_panel_open(const struct marking *m, const struct cut_order *order, struct id *panel,
                    struct err *e)
{
    struct bank b = {m->db, m->arena, m->master, m->programmes, m->actor};
    struct opening o = {.m = m, .order = order};
    if (!members_fit(&o, e))
        return false;
    if (order->code_count > CUT_ITEMS_MAX)
        return FAIL(e, INVALID, "/codes", "一次最多评议 %d 道题。", CUT_ITEMS_MAX);
    if (!id_is_zero(order->form) && order->code_count > 0)
        return FAIL(e, INVALID, "/codes", "卷与试题编号只写其一。");
    o.items = arena_array(m->arena, struct cut_item, CUT_ITEMS_MAX);
    if (id_is_zero(order->form) ? !items_by_code(&o, &b, e) : !items_of_form(&o, &b, e))
        return false;
    if (!db_transact(m->db, open_panel, &o, e))
        return false;
    *panel = o.panel;
    return true;
}

/* --- rating -------------------------------------------------------------------------------------- */
struct rating {
    const struct marking *m;
    struct id panel;
    int64_t round;
    const struct cut_rating *at;
    size_t count;
};

static bool rate(struct db *db, void *ctx, struct err *e)
{
    const struct rating *r = ctx;
    for (size_t i = 0; i < r->count; i++) {
        struct query *q = db_query(db, SQL_cut_rating_put);
        query_id(q, r->panel);
        query_id(q, r->m->actor->body);
        query_id(q, r->m->actor->account);
        query_int(q, r->round);
        query_int(q, r->at[i].n);
        query_int(q, r->at[i].percent);
        query_int(q, r->m->actor->now_ms);
        if (!query_change_one(q, "/round", "这一轮已经提交或结束，评议不能再改。", e))
            return false;
    }
    return true;
}

bool cut_rate(const struct marking *m, struct id panel, int64_t round,
              const struct cut_rating *ratings, size_t count, struct err *e)
{
    struct rating r = {m, panel, round, ratings, count};
    for (size_t i = 0; i < count; i++)
        if (ratings[i].percent < 0 || ratings[i].percent > 100)
            return FAIL(e, INVALID, "/ratings", "每道题填 0 至 100。");
    return db_transact(m->db, rate, &r, e);
}

static bool hand_in(struct db *db, void *ctx, struct err *e)
{
    const struct rating *r = ctx;
    struct query *q = db_query(db, SQL_cut_round_done_put);
    query_id(q, r->panel);
    query_id(q, r->m->actor->body);
    query_id(q, r->m->actor->account);
    query_int(q, r->round);
    query_int(q, r->m->actor->now_ms);
    return query_change_one(q, "/round", "还有题没有评，或这一轮已经提交。", e) &&
           note(db, r->m, ACT_cut_round_hand_in, r->panel,
                json_pack("{s:I}", "round", (json_int_t)r->round), e);
}

bool cut_hand_in(const struct marking *m, struct id panel, int64_t round, struct err *e)
{
    struct rating r = {m, panel, round, NULL, 0};
    return db_transact(m->db, hand_in, &r, e);
}

/* --- the chair ----------------------------------------------------------------------------------- */
static const char NOT_NOW[] = "评议组不由您主持、已经结束，或还有人没有提交。";

struct chairing {
    const struct marking *m;
    const struct cut_panel *panel;
    struct id member;
    bool abandon;
    const char *reason;
};

static struct query *chairs(struct db *db, enum sql which, const struct chairing *c)
{
    struct query *q = db_query(db, which);
    query_id(q, c->panel->row.id);
    query_id(q, c->m->actor->body);
    query_id(q, c->m->actor->account);
    return q;
}

static bool excuse(struct db *db, void *ctx, struct err *e)
{
    const struct chairing *c = ctx;
    char member[ID_TEXT_BYTES];
    id_write(c->member, member);
    struct query *q = chairs(db, SQL_cut_panel_excuse, c);
    query_id(q, c->member);
    query_int(q, c->m->actor->now_ms);
    query_text(q, c->reason);
    return query_change_one(q, "/member", "他不在评议、已被免去，或评议已经结束。", e) &&
           note(db, c->m, ACT_cut_panel_excuse, c->panel->row.id,
                json_pack("{s:s, s:s}", "member", member, "reason", c->reason), e);
}

static bool has_reason(const char *reason, struct err *e)
{
    return (reason && strlen(reason) >= 2) || FAIL(e, INVALID, "/reason", "请写明理由。");
}

bool cut_panel_excuse(const struct marking *m, struct id panel, struct id member,
                      const char *reason, struct err *e)
{
    struct cut_panel p;
    struct chairing c = {.m = m, .panel = &p, .member = member, .reason = reason};
    return has_reason(reason, e) && cut_panel_get(m, panel, false, &p, e) &&
           db_transact(m->db, excuse, &c, e);
}

/* What candidates got, added up over sittings by the marks at stake. */
struct tally {
    double got, full;
    int64_t answered;
};

static void add_sitting(const struct cut_panel *p, const struct session_items *s,
                        struct tally *tally)
{
    for (size_t k = 0; k < p->item_count; k++) {
        int64_t people = 0;
        for (size_t i = 0; i < s->count; i++) {
            const struct session_item *it = &s->at[i];
            if (!id_equal(it->version_id, p->items[k].version_id) || !isfinite(it->p) ||
                it->credit)
                continue;
            double full = (double)it->count * (double)it->full_millimarks;
            tally[k].got += it->p * full;
            tally[k].full += full;
            people = it->count > people ? it->count : people;
        }
        tally[k].answered += people;
    }
}

static bool look_back(const struct marking *m, const struct cut_panel *p, struct tally *tally,
                      struct err *e)
{
    struct id sessions[CUT_SITTINGS];
    size_t count = 0;
    int64_t attempts = 0;
    struct query *q = db_query(m->db, SQL_cut_panel_sessions);
    query_id(q, p->row.id);
    query_id(q, m->actor->body);
    query_int(q, CUT_SITTINGS);
    while (query_next(q, e)) {
        attempts += query_get_int(q, 1);
        sessions[count++] = query_get_id(q, 0);
    }
    if (e->code != ERR_NONE || !progress_begin(m->progress, "read", attempts, e))
        return false;
    for (size_t i = 0; i < count && e->code == ERR_NONE; i++) {
        struct arena *own = arena_create(SITTING_ARENA_BYTES);
        struct marking one = *m;
        struct session_items s;
        struct err why = {0};
        one.arena = own;
        if (session_items(&one, sessions[i], &s, &why))
            add_sitting(p, &s, tally);
        else if (why.code != ERR_CONFLICT) /* still being taken: not a word of it */
            *e = why;
        arena_destroy(own);
    }
    return e->code == ERR_NONE;
}

struct advancing {
    struct chairing by;
    const struct tally *tally;
};

static bool advance(struct db *db, void *ctx, struct err *e)
{
    const struct advancing *a = ctx;
    const struct cut_panel *p = a->by.panel;
    struct query *q = chairs(db, SQL_cut_panel_advance, &a->by);
    query_int(q, p->row.round);
    query_int(q, CUT_MEMBERS_MIN);
    if (!query_change_one(q, "/panel", NOT_NOW, e))
        return false;
    for (size_t k = 0; k < p->item_count; k++) {
        if (a->tally[k].full <= 0)
            continue;
        q = db_query(db, SQL_cut_panel_item_share);
        query_id(q, p->row.id);
        query_int(q, p->items[k].n);
        query_int(q, llround(a->tally[k].got / a->tally[k].full * 10000));
        query_int(q, a->tally[k].answered);
        if (!query_run(q, e))
            return false;
    }
    return note(db, a->by.m, ACT_cut_panel_advance, p->row.id,
                json_pack("{s:I}", "members", (json_int_t)p->row.members), e);
}

bool cut_panel_may_advance(const struct marking *m, struct id panel, struct err *e)
{
    struct cut_panel p;
    if (!cut_panel_get(m, panel, false, &p, e))
        return false;
    return (p.chairs && p.row.closed_ms == 0 && p.row.round == 1 &&
            p.row.members >= CUT_MEMBERS_MIN && p.row.done == p.row.members) ||
           FAIL(e, CONFLICT, "/panel", NOT_NOW);
}

bool cut_panel_advance(const struct marking *m, struct id panel, struct err *e)
{
    struct cut_panel p;
    if (!cut_panel_get(m, panel, false, &p, e))
        return false;
    struct tally *tally = arena_array(m->arena, struct tally, p.item_count + 1);
    struct advancing a = {.by = {.m = m, .panel = &p}, .tally = tally};
    return (p.chairs || FAIL(e, CONFLICT, "/panel", NOT_NOW)) && look_back(m, &p, tally, e) &&
           db_transact(m->db, advance, &a, e);
}

static bool close_panel(struct db *db, void *ctx, struct err *e)
{
    const struct chairing *c = ctx;
    struct query *q = chairs(db, c->abandon ? SQL_cut_panel_abandon : SQL_cut_panel_close, c);
    if (!c->abandon) {
        query_int(q, c->panel->row.round);
        query_int(q, CUT_MEMBERS_MIN);
    }
    query_int(q, c->m->actor->now_ms);
    query_text(q, c->reason);
    return query_change_one(q, "/panel", NOT_NOW, e) &&
           note(db, c->m, ACT_cut_panel_close, c->panel->row.id,
                json_pack("{s:s, s:s}", "outcome", c->abandon ? "abandoned" : "held", "reason",
                          c->reason),
                e);
}

bool cut_panel_close(const struct marking *m, struct id panel, bool abandon, const char *reason,
                     struct err *e)
{
    struct cut_panel p;
    struct chairing c = {.m = m, .panel = &p, .abandon = abandon, .reason = reason};
    return has_reason(reason, e) && cut_panel_get(m, panel, false, &p, e) &&
           db_transact(m->db, close_panel, &c, e);
}
