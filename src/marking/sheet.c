/* marking/sheet.c - an examiner's own scores: blind to the others', kept as they go, submitted for
 * good. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/json_out.h"
#include "entry/entry.h"
#include "marking/marking.h"
#include "marking/seated.h"
#include "programme/programme.h"
#include "sitting/session.h"
#include "store/db.h"

static bool has_duty(const struct marking *m, const struct marking_session *s, struct err *e)
{
    static const enum duty examines[] = {DUTY_head_examiner, DUTY_examiner},
                           judges[] = {DUTY_panel_member};
    bool panel = marking_by_panel(s);
    struct duty_question q = {
        m->actor->body, s->session, {{0}}, m->actor->account, DUTY_examiner};
    return staff_has_any_duty(m->db, &q, panel ? judges : examines, panel ? 1 : 2, e);
}

static bool own_sheet(const struct marking *m, struct id session, struct sheet *s,
                      struct id *id, struct err *e)
{
    bool found;
    struct query *q = db_query(m->db, SQL_sheet_get);
    query_id(q, session);
    query_id(q, s->entry);
    query_id(q, m->actor->account);
    query_id(q, m->actor->body);
    if (!query_maybe(q, &found, e))
        return false;
    if (!found)
        return true;
    *id = query_get_id(q, 0);
    s->scores = query_get_text(q, 1, m->arena);
    s->note = query_get_text(q, 2, m->arena);
    s->total_millimarks = query_get_int(q, 3);
    s->version = query_get_int(q, 4);
    s->submitted_ms = query_get_int(q, 5);
    query_done(q);
    return true;
}

static bool recused(const struct marking *m, struct id entry, bool *out, struct err *e)
{
    struct query *q = db_query(m->db, SQL_marking_recused);
    query_id(q, entry);
    query_id(q, m->actor->account);
    if (!query_maybe(q, out, e))
        return false;
    if (*out)
        query_done(q);
    return true;
}

bool sheet_list_own(const struct marking *m, struct id session, struct sheet_list *out,
                    struct err *e)
{
    struct marking_session s;
    struct seated *seated;
    size_t count;
    if (!marking_session(m, session, &s, e) || !has_duty(m, &s, e) ||
        !seated_list(m, session, &seated, &count, e))
        return false;
    *out = (struct sheet_list){arena_array(m->arena, struct sheet, count ? count : 1), count};
    for (size_t i = 0; i < count; i++) {
        struct id ignored;
        out->at[i] = (struct sheet){.entry = seated[i].entry,
                                    .label = seated[i].label,
                                    .level = seated[i].level,
                                    .direction = seated[i].direction,
                                    .scores = "{}"};
        if (!own_sheet(m, session, &out->at[i], &ignored, e) ||
            !recused(m, seated[i].entry, &out->at[i].recused, e))
            return false;
    }
    return true;
}

struct saving {
    const struct marking *m;
    const struct sheet_save *save;
    struct id sheet; /* zero: a new one */
    const char *scores;
    int64_t total, version;
};

static bool put_sheet(struct db *db, struct saving *s, struct err *e)
{
    const struct actor *who = s->m->actor;
    bool is_new = id_is_zero(s->sheet);
    struct query *q = db_query(db, is_new ? SQL_sheet_create : SQL_sheet_change);
    if (is_new) {
        query_id(q, id_random());
        query_id(q, who->body);
        query_id(q, s->save->session);
        query_id(q, s->save->entry);
        query_id(q, who->account);
    } else {
        query_id(q, s->sheet);
        query_int(q, s->version);
    }
    query_text(q, s->scores);
    query_text(q, s->save->note);
    query_int(q, s->total);
    query_int(q, who->now_ms);
    if (s->save->submit)
        query_int(q, who->now_ms);
    else
        query_null(q);
    return query_change_one(q, "/version", "评分表已在别处改动，请重新读取。", e);
}

static bool save_sheet(struct db *db, void *ctx, struct err *e)
{
    struct saving *s = ctx;
    if (!put_sheet(db, s, e))
        return false;
    if (!s->save->submit)
        return true; /* drafts are the examiner's own; what counts is what was submitted */
    struct audit_row row = {
        .act = ACT_sheet_submit, .object_type = "en", .object = s->save->entry};
    row.change = json_keep(s->m->arena, json_pack("{s:I}", "total", (json_int_t)s->total));
    return audit_write(db, s->m->actor, &row, e);
}

static bool may_score(const struct marking *m, const struct marking_session *s,
                      const struct sheet_save *save, struct sheet *own, struct id *sheet,
                      struct err *e)
{
    bool is_recused;
    own->entry = save->entry;
    if (!has_duty(m, s, e) || !recused(m, save->entry, &is_recused, e))
        return false;
    if (is_recused)
        return FAIL(e, FORBIDDEN, "/entry", "您与该考生有回避关系，不能评分。");
    if (!own_sheet(m, save->session, own, sheet, e))
        return false;
    if (own->submitted_ms)
        return FAIL(e, CONFLICT, "/version", "评分表已提交，不能再改。");
    return own->version == save->version ||
           FAIL(e, CONFLICT, "/version", "评分表已在别处改动，请重新读取。");
}

bool sheet_save(const struct marking *m, const struct sheet_save *save, int64_t *version,
                struct err *e)
{
    struct marking_session ms;
    struct seated seated;
    struct rubric rubric;
    struct sheet own = {0};
    struct saving s = {.m = m, .save = save};
    if (!marking_session(m, save->session, &ms, e) ||
        !seated_get(m, save->session, save->entry, &seated, e) ||
        !may_score(m, &ms, save, &own, &s.sheet, e) ||
        !rubric_make(m->arena, ms.programme, ms.component, seated.level, seated.direction,
                     &rubric, e) ||
        !rubric_sum(&rubric, save->scores, save->submit, &s.total, e))
        return false;
    struct json_out *o = json_out_create(m->arena);
    out_json(o, save->scores);
    s.scores = json_out_text(o);
    s.version = own.version;
    if (!db_transact(m->db, save_sheet, &s, e))
        return false;
    *version = own.version + 1;
    return true;
}
