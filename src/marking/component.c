/* marking/component.c - examiners' sheets combined, and the mark of an entry in a session. */
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/json_out.h"
#include "marking/machine.h"
#include "marking/marking.h"
#include "marking/seated.h"
#include "programme/programme.h"
#include "sitting/session.h"
#include "store/db.h"

enum { SHEETS_MAX = 64, SHEETS_NEEDED_AT_LEAST = 3 };

bool marking_by_panel(const struct marking_session *s)
{
    return programme_staffing(s->programme, s->component, duty_name(DUTY_panel_member));
}

/* As many as the programme's staffing asks for; never fewer than three (DESIGN §1.9). */
static int64_t sheets_at_least(const struct marking_session *s)
{
    const struct staffing *rule = programme_staffing(
        s->programme, s->component,
        duty_name(marking_by_panel(s) ? DUTY_panel_member : DUTY_examiner));
    return rule && rule->min_staff > SHEETS_NEEDED_AT_LEAST ? rule->min_staff
                                                            : SHEETS_NEEDED_AT_LEAST;
}

/* Of a panel everybody who sits in the candidate's room: it is an odd number, and three of five are not. */
static bool sheets_needed(const struct marking *m, const struct marking_session *s,
                          struct id entry, int64_t *out, struct err *e)
{
    *out = sheets_at_least(s);
    if (!marking_by_panel(s))
        return true;
    struct query *q = db_query(m->db, SQL_panel_size);
    query_id(q, s->session);
    query_id(q, entry);
    query_id(q, m->actor->body);
    query_text(q, duty_name(DUTY_panel_member));
    if (!query_one(q, "panel", e))
        return false;
    int64_t members = query_get_int(q, 0);
    query_done(q);
    if (members > *out)
        *out = members;
    return true;
}

static int64_t limit_of(const struct marking_session *s)
{
    const struct combine_rule *rule = programme_combine(s->programme, s->component);
    return rule ? rule->spread_millimarks : 0;
}

static bool read_decision(const struct marking *m, struct id session, struct component_mark *c,
                          struct err *e)
{
    bool found;
    struct query *q = db_query(m->db, SQL_score_decision_get);
    query_id(q, session);
    query_id(q, c->entry);
    query_id(q, m->actor->body);
    if (!query_maybe(q, &found, e))
        return false;
    if (found) {
        c->state = AGREE_SETTLED;
        c->millimarks = query_get_int(q, 0);
        c->decision = query_get_text(q, 1, m->arena);
        query_done(q);
    }
    return true;
}

static void combine(const struct marking_session *s, struct component_mark *c)
{
    int64_t totals[SHEETS_MAX];
    for (size_t i = 0; i < c->votes_count; i++)
        totals[i] = c->votes[i].total_millimarks;
    c->submitted = c->votes_count;
    c->state = agree_on_sheets(totals, c->votes_count, (size_t)c->needed, limit_of(s),
                               &c->millimarks);
    if (c->state == AGREE_WAITING) { /* blind until all are in */
        c->millimarks = 0;
        c->votes_count = 0;
    }
}

static bool read_sheets(const struct marking *m, struct id session, struct component_marks *out,
                        struct err *e)
{
    struct query *q = db_query(m->db, SQL_sheet_list);
    query_id(q, session);
    query_id(q, m->actor->body);
    while (query_next(q, e)) {
        struct id entry = query_get_id(q, 0);
        for (size_t i = 0; i < out->count; i++) {
            struct component_mark *c = &out->at[i];
            if (!id_equal(c->entry, entry) || c->votes_count == SHEETS_MAX)
                continue;
            c->votes[c->votes_count++] = (struct sheet_vote){
                .examiner = query_get_text(q, 6, m->arena),
                .scores = query_get_text(q, 2, m->arena),
                .note = query_get_text(q, 3, m->arena),
                .total_millimarks = query_get_int(q, 4),
            };
        }
    }
    return e->code == ERR_NONE;
}

bool component_marks(const struct marking *m, struct id session, struct component_marks *out,
                     struct err *e)
{
    struct marking_session s;
    struct seated *seated;
    if (!marking_session(m, session, &s, e) ||
        !seated_list(m, session, &seated, &out->count, e))
        return false;
    out->at = arena_array(m->arena, struct component_mark, out->count + 1);
    for (size_t i = 0; i < out->count; i++)
        out->at[i] = (struct component_mark){
            .entry = seated[i].entry,
            .label = seated[i].label,
            .votes = arena_array(m->arena, struct sheet_vote, SHEETS_MAX)};
    if (!read_sheets(m, session, out, e))
        return false;
    for (size_t i = 0; i < out->count; i++) {
        if (!sheets_needed(m, &s, out->at[i].entry, &out->at[i].needed, e))
            return false;
        combine(&s, &out->at[i]);
        if (!read_decision(m, session, &out->at[i], e))
            return false;
    }
    return true;
}

static const struct component_mark *mark_of(const struct component_marks *all, struct id entry)
{
    for (size_t i = 0; i < all->count; i++)
        if (id_equal(all->at[i].entry, entry))
            return &all->at[i];
    return NULL;
}

static bool put_decision(struct db *db, const struct marking *m, const struct score_decision *d,
                         struct err *e)
{
    struct query *q = db_query(db, SQL_score_decision_put);
    query_id(q, d->session);
    query_id(q, d->entry);
    query_id(q, m->actor->body);
    query_id(q, m->actor->account);
    query_int(q, d->millimarks);
    query_text(q, d->reason);
    query_int(q, m->actor->now_ms);
    return query_run(q, e);
}

struct deciding {
    const struct marking *m;
    const struct score_decision *d;
};

static bool decide(struct db *db, void *ctx, struct err *e)
{
    struct deciding *g = ctx;
    struct audit_row row = {
        .act = ACT_score_decide, .object_type = "en", .object = g->d->entry};
    row.change = json_keep(g->m->arena,
                           json_pack("{s:I, s:s}", "millimarks", (json_int_t)g->d->millimarks,
                                     "reason", g->d->reason));
    return put_decision(db, g->m, g->d, e) && audit_write(db, g->m->actor, &row, e);
}

bool score_decide(const struct marking *m, const struct score_decision *d, struct err *e)
{
    struct component_marks all;
    struct marking_session s;
    struct duty_question duty = {
        m->actor->body, d->session, {{0}}, m->actor->account, DUTY_head_examiner};
    if (!staff_has_duty(m->db, &duty, e) || !marking_session(m, d->session, &s, e) ||
        !component_marks(m, d->session, &all, e))
        return false;
    const struct component *c = programme_component(s.programme, s.component);
    const struct component_mark *mark = mark_of(&all, d->entry);
    if (!mark || !c)
        return FAIL(e, NOT_FOUND, "/entry", "这一场次没有该考生。");
    if (mark->state != AGREE_DECIDES)
        return FAIL(e, CONFLICT, "/entry", "这名考生的评分不需要裁定，或已经裁定。");
    if (d->millimarks < 0 || d->millimarks > c->full_millimarks)
        return FAIL(e, INVALID, "/millimarks", "分数须在 0 与满分之间。");
    struct deciding g = {m, d};
    return db_transact(m->db, decide, &g, e);
}
