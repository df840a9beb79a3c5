/* marking/entry_mark.c - the mark of one entry in one session, for those who decide awards. */
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

struct theory_row {
    struct id attempt;
    int64_t key_version, millimarks, full;
    struct bytes source;
    const char *areas;
    bool found;
};

static bool read_theory(const struct marking *m, struct id session, struct id entry,
                        struct theory_row *out, struct err *e)
{
    struct query *q = db_query(m->db, SQL_theory_mark_of_entry);
    query_id(q, session);
    query_id(q, entry);
    query_id(q, m->actor->body);
    if (!query_maybe(q, &out->found, e) || !out->found)
        return e->code == ERR_NONE;
    out->attempt = query_get_id(q, 0);
    out->key_version = query_get_int(q, 1);
    out->source = query_get_bytes(q, 2, m->arena);
    out->millimarks = query_get_int(q, 3);
    out->full = query_get_int(q, 4);
    out->areas = query_get_text(q, 5, m->arena);
    query_done(q);
    return true;
}

/* Adds what markers decided to the areas of the machine's marks and to the hash. */
static bool add_scripts(const struct marking *m, const struct theory_row *t, json_t *areas,
                        struct entry_mark *out, struct hash_state *h, struct err *e)
{
    struct query *q = db_query(m->db, SQL_script_areas);
    query_id(q, t->attempt);
    while (query_next(q, e)) {
        const char *area = query_get_text(q, 0, m->arena);
        int64_t marks = query_get_int(q, 1);
        unsigned char n[8];
        be64_put(n, (uint64_t)marks);
        hash_add(h, n, sizeof n);
        out->millimarks += marks;
        for (size_t i = 0; i < json_array_size(areas); i++) {
            json_t *row = json_array_get(areas, i);
            if (strcmp(json_member_text(row, "area"), area) == 0)
                json_object_set_new(
                    row, "millimarks",
                    json_integer(json_member_int(row, "millimarks", 0) + marks));
        }
    }
    return e->code == ERR_NONE;
}

static bool scripts_are_settled(const struct marking *m, struct id attempt, bool *settled,
                                struct err *e)
{
    struct query *q = db_query(m->db, SQL_script_sums);
    query_id(q, attempt);
    if (!query_one(q, "script", e))
        return false;
    *settled = query_get_int(q, 1) == 0;
    query_done(q);
    return true;
}

static bool theory_mark(const struct marking *m, struct id session, struct id entry,
                        struct entry_mark *out, struct err *e)
{
    struct theory_row t = {0};
    bool settled;
    if (!read_theory(m, session, entry, &t, e))
        return false;
    if (!t.found) {
        out->missing = "答卷还没有阅卷。";
        return true;
    }
    json_t *areas = json_read(m->arena, t.areas, strlen(t.areas), e);
    if (!areas || !scripts_are_settled(m, t.attempt, &settled, e))
        return false;
    struct hash_state h;
    hash_begin(&h);
    hash_add(&h, "heng/entry-mark/1", 18);
    hash_add(&h, t.source.at, t.source.len);
    out->millimarks = t.millimarks;
    out->full_millimarks = t.full;
    out->key_version = t.key_version;
    bool ok = add_scripts(m, &t, areas, out, &h, e);
    hash_end(&h, out->source);
    if (!ok)
        return false;
    struct json_out *o = json_out_create(m->arena);
    out_json(o, areas);
    out->areas = json_out_text(o);
    out->complete = settled;
    out->missing = settled ? NULL : "主观题还没有评阅完。";
    return true;
}

/* The mean of the examiners' scores by weight area: for the candidate's breakdown only. */
static bool sheet_areas(const struct marking *m, const struct rubric *r,
                        const struct component_mark *mark, struct entry_mark *out,
                        struct err *e)
{
    struct area_mark *areas = arena_array(m->arena, struct area_mark, r->count);
    size_t n = 0;
    for (size_t i = 0; i < r->count; i++) {
        int64_t sum = 0;
        for (size_t k = 0; k < mark->votes_count; k++) {
            const char *text = mark->votes[k].scores;
            json_t *scores = json_read(m->arena, text, strlen(text), e);
            if (!scores)
                return false;
            sum += json_member_int(scores, r->points[i].id, 0);
        }
        size_t at = 0;
        while (at < n && strcmp(areas[at].area, r->points[i].area) != 0)
            at++;
        if (at == n)
            areas[n++].area = r->points[i].area;
        areas[at].full_millimarks += r->points[i].full_millimarks;
        areas[at].millimarks += mark->votes_count ? sum / (int64_t)mark->votes_count : 0;
    }
    struct json_out *o = json_out_create(m->arena);
    area_marks_write(areas, n, o);
    out->areas = json_out_text(o);
    return true;
}

static void sheet_source(const struct component_mark *mark, unsigned char out[HASH_BYTES])
{
    struct hash_state h;
    unsigned char n[8];
    hash_begin(&h);
    hash_add(&h, "heng/sheet-mark/1", 18);
    hash_add(&h, mark->entry.bytes, ID_BYTES);
    for (size_t i = 0; i < mark->votes_count; i++)
        hash_add(&h, mark->votes[i].scores, strlen(mark->votes[i].scores) + 1);
    be64_put(n, (uint64_t)mark->millimarks);
    hash_add(&h, n, sizeof n);
    hash_end(&h, out);
}

/* Sheets of one candidate, read once for the whole session. */
static bool sheet_mark(const struct marking *m, const struct marking_session *s,
                       const struct component_mark *mark, struct entry_mark *out, struct err *e)
{
    struct rubric rubric;
    if (!rubric_make(m->arena, s->programme, s->component, out->level, out->direction, &rubric,
                     e))
        return false;
    out->millimarks = mark->millimarks;
    out->full_millimarks = rubric.full_millimarks;
    out->complete = mark->state == AGREE_SETTLED;
    out->missing = mark->state == AGREE_WAITING ? "评分表还没有收齐。"
                   : mark->state == AGREE_DECIDES ? "评分差异过大，等待考评组长裁定。"
                                                  : NULL;
    sheet_source(mark, out->source);
    return sheet_areas(m, &rubric, mark, out, e);
}

bool marking_of_session(const struct marking *m, const struct marking_session *s,
                        struct session_marks *out, struct err *e)
{
    struct component_marks sheets = {0};
    struct seated *seated;
    bool theory = strcmp(s->component, "theory") == 0;
    if (!seated_list(m, s->session, &seated, &out->count, e) ||
        (!theory && !component_marks(m, s->session, &sheets, e)))
        return false;
    out->at = arena_array(m->arena, struct entry_mark, out->count + 1);
    for (size_t i = 0; i < out->count; i++) {
        struct entry_mark *one = &out->at[i];
        *one = (struct entry_mark){.entry = seated[i].entry,
                                   .level = seated[i].level,
                                   .direction = seated[i].direction,
                                   .areas = "[]"};
        /* component_marks lists the same candidates in the same order. */
        if (theory ? !theory_mark(m, s->session, one->entry, one, e)
                   : !sheet_mark(m, s, &sheets.at[i], one, e))
            return false;
    }
    return true;
}
