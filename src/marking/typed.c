/* marking/typed.c - typists' sheets in and out, their differences decided by a third. */
#include "marking/typed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bank/kind.h"
#include "base/arena.h"
#include "base/json.h"
#include "base/json_out.h"
#include "marking/score_attempt.h"
#include "paper/paper.h"
#include "sitting/fold.h"
#include "store/db.h"

const char *const typed_state_names[] = {"none", "typing", "differs", "settled"};

/* Both sheets of an attempt as they are stored, and what was decided. */
struct both {
    struct one_sheet {
        struct id account;
        const json_t *answers;
        int64_t version;
        bool submitted;
    } sheets[2];
    size_t count;
    const json_t *decided;
};

static const json_t *stored_json(const struct marking *m, const char *text, struct err *e)
{
    return json_read(m->arena, text, strlen(text), e);
}

static bool read_sheets(const struct marking *m, struct id attempt, struct both *out,
                        struct err *e)
{
    bool ok = true;
    *out = (struct both){0};
    struct query *q = db_query(m->db, SQL_typed_sheets);
    query_id(q, attempt);
    query_id(q, m->actor->body);
    while (ok && query_next(q, e)) {
        struct one_sheet *s = &out->sheets[out->count++];
        s->account = query_get_id(q, 0);
        s->version = query_get_int(q, 2);
        s->submitted = !query_is_null(q, 3);
        s->answers = stored_json(m, query_get_text(q, 1, m->arena), e);
        ok = s->answers;
        if (!ok)
            query_done(q);
    }
    return ok && e->code == ERR_NONE;
}

static bool read_decided(const struct marking *m, struct id attempt, const json_t **out,
                         struct err *e)
{
    json_t *decided = json_keep(m->arena, json_object());
    bool ok = true;
    *out = decided;
    struct query *q = db_query(m->db, SQL_typed_decisions);
    query_id(q, attempt);
    query_id(q, m->actor->body);
    while (ok && query_next(q, e)) {
        const json_t *response = stored_json(m, query_get_text(q, 1, m->arena), e);
        ok = response;
        if (ok)
            json_object_set(decided,
                            arena_printf(m->arena, "%lld", (long long)query_get_int(q, 0)),
                            (json_t *)response);
        else
            query_done(q);
    }
    return ok && e->code == ERR_NONE;
}

static bool read_both(const struct marking *m, struct id attempt, struct both *out,
                      struct err *e)
{
    return read_sheets(m, attempt, out, e) && read_decided(m, attempt, &out->decided, e);
}

static bool both_are_in(const struct both *b)
{
    return b->count == 2 && b->sheets[0].submitted && b->sheets[1].submitted;
}

static size_t undecided(const struct marking *m, const struct both *b)
{
    struct typed_difference *differences;
    size_t left = 0;
    size_t count = typed_differences(m->arena, b->sheets[0].answers, b->sheets[1].answers,
                                     &differences);
    for (size_t i = 0; i < count; i++)
        left += !json_object_get(b->decided,
                                 arena_printf(m->arena, "%lld", (long long)differences[i].n));
    return left;
}

static struct one_sheet *own_sheet(const struct marking *m, struct both *b)
{
    for (size_t i = 0; i < b->count; i++)
        if (id_equal(b->sheets[i].account, m->actor->account))
            return &b->sheets[i];
    return NULL;
}

/* --- the list ------------------------------------------------------------------------------------ */
bool typed_list(const struct marking *m, struct id session, struct typed_row **out,
                size_t *count, struct err *e)
{
    size_t room = 64;
    *out = arena_array(m->arena, struct typed_row, room);
    *count = 0;
    struct query *q = db_query(m->db, SQL_typed_attempts);
    query_id(q, session);
    query_id(q, m->actor->body);
    while (query_next(q, e)) {
        if (*count == room) {
            *out = arena_grow(m->arena, *out, room, room * 2, sizeof **out);
            room *= 2;
        }
        (*out)[(*count)++] = (struct typed_row){
            .attempt = query_get_id(q, 0),
            .seat_no = query_get_int(q, 1),
            .ticket = query_get_text(q, 2, m->arena),
            .room = query_get_text(q, 3, m->arena),
            .attempt_state = query_get_text(q, 4, m->arena)};
    }
    for (size_t i = 0; e->code == ERR_NONE && i < *count; i++) {
        struct typed_row *r = &(*out)[i];
        struct both b;
        if (!read_both(m, r->attempt, &b, e))
            return false;
        const struct one_sheet *own = own_sheet(m, &b);
        for (size_t k = 0; k < b.count; k++)
            r->submitted += b.sheets[k].submitted;
        r->mine = own != NULL;
        r->mine_submitted = own && own->submitted;
        r->differences = both_are_in(&b) ? (int64_t)undecided(m, &b) : 0;
        r->state = b.count == 0         ? TYPED_NONE
                   : !both_are_in(&b)   ? TYPED_ONE
                   : r->differences > 0 ? TYPED_DIFFERS
                                        : TYPED_SETTLED;
    }
    return e->code == ERR_NONE;
}

/* --- places as printed ------------------------------------------------------------------------- */
static void add_place(json_t *out, const json_t *place)
{
    json_t *copy = json_copy((json_t *)place);
    json_object_del(copy, "stem");
    json_array_append_new(out, copy);
}

const struct json_t *typed_places(struct arena *a, const struct json_t *exam)
{
    json_t *out = json_keep(a, json_array()), *section, *item, *part;
    size_t i, k, p;
    json_array_foreach(json_object_get(exam, "sections"), i, section)
        json_array_foreach(json_object_get(section, "items"), k, item)
    {
        json_t *parts = json_object_get(item, "items");
        if (parts)
            json_array_foreach(parts, p, part) add_place(out, part);
        else
            add_place(out, item);
    }
    return out;
}

static bool attempt_paper(const struct marking *m, struct id session, struct id attempt,
                          struct id *paper, struct err *e)
{
    struct attempt_row *rows;
    size_t count;
    if (!attempt_rows(m, session, &rows, &count, e))
        return false;
    for (size_t i = 0; i < count; i++)
        if (id_equal(rows[i].id, attempt)) {
            *paper = rows[i].paper;
            return !id_is_zero(*paper) || FAIL(e, CONFLICT, "/state", "这名考生还没有试卷。");
        }
    return FAIL(e, NOT_FOUND, "attempt", "这个场次没有这份答卷。");
}

static bool open_places(const struct marking *m, struct id session, struct id attempt,
                        const json_t **places, struct err *e)
{
    struct id paper;
    unsigned char key[KEY_BYTES];
    json_t *exam;
    if (!attempt_paper(m, session, attempt, &paper, e) ||
        !paper_key_of(m->db, m->arena, m->master, paper, m->actor->now_ms, key, e))
        return false;
    bool ok = paper_open(m->db, m->arena, paper, key, &exam, e);
    secret_wipe(key, sizeof key);
    if (ok)
        *places = typed_places(m->arena, exam);
    return ok;
}

static const json_t *place_at(const json_t *places, int64_t n)
{
    return n > 0 ? json_array_get(places, (size_t)n - 1) : NULL;
}

bool typed_is_apart(const struct marking *m, struct db *db, struct id attempt, struct err *e)
{
    struct query *q = db_query(db, SQL_scan_marked_by);
    query_id(q, attempt);
    query_id(q, m->actor->account);
    if (!query_one(q, "attempt", e))
        return false;
    bool apart = query_get_int(q, 0) == 0;
    query_done(q);
    return apart || FAIL(e, FORBIDDEN, "", "这份答卷的存疑涂写由您认定过，须由另一人来做。");
}

/* --- one's own sheet ---------------------------------------------------------------------------- */
static json_t *as_printed(const struct marking *m, const json_t *places, const json_t *own)
{
    json_t *out = json_keep(m->arena, json_object());
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)own, name, value)
    {
        const json_t *place = place_at(places, strtoll(name, NULL, 10));
        if (place)
            json_object_set(out, name, (json_t *)typed_to_print(m->arena, place, value));
    }
    return out;
}

bool typed_open(const struct marking *m, struct id session, struct id attempt,
                struct typed_sheet *out, struct err *e)
{
    struct both b;
    *out = (struct typed_sheet){0};
    if (!open_places(m, session, attempt, &out->places, e) || !read_both(m, attempt, &b, e))
        return false;
    const struct one_sheet *own = own_sheet(m, &b);
    if (!own && b.count == 2)
        return FAIL(e, CONFLICT, "/state", "这份答卷已有两人录入。");
    if (!own && !typed_is_apart(m, m->db, attempt, e))
        return false;
    out->answers = as_printed(m, out->places,
                              own ? own->answers : json_keep(m->arena, json_object()));
    out->version = own ? own->version : 0;
    out->submitted = own && own->submitted;
    return true;
}

bool typed_response(const struct marking *m, const struct json_t *places, int64_t n,
                    const struct json_t *printed, struct json_t **own, struct err *e)
{
    const json_t *place = place_at(places, n);
    const struct item_kind *kind = place ? item_kind_find(json_member_text(place, "kind"))
                                         : NULL;
    if (!kind)
        return FAIL(e, INVALID, "", "试卷上没有第 %lld 题。", (long long)n);
    return typed_to_own(m->arena, place, printed, own, e);
}

static bool read_answer(const struct marking *m, const json_t *places, const char *name,
                        const json_t *printed, json_t *into, struct err *e)
{
    json_t *own;
    if (typed_response(m, places, strtoll(name, NULL, 10), printed, &own, e)) {
        json_object_set(into, name, own);
        return true;
    }
    err_under(e, arena_printf(m->arena, "/answers/%.8s", name));
    return false;
}

struct saving {
    const struct marking *m;
    const struct typed_save *save;
    const char *answers;
    int64_t version;
};

static bool put_sheet(struct db *db, void *ctx, struct err *e)
{
    struct saving *s = ctx;
    const struct actor *who = s->m->actor;
    bool is_new = s->version == 0;
    struct query *q = db_query(db, is_new ? SQL_typed_sheet_create : SQL_typed_sheet_change);
    query_id(q, s->save->attempt);
    query_id(q, who->account);
    query_text(q, s->answers);
    query_int(q, who->now_ms);
    if (s->save->submit)
        query_int(q, who->now_ms);
    else
        query_null(q);
    if (is_new) {
        query_id(q, who->body);
        query_id(q, s->save->session);
    } else {
        query_int(q, s->version);
    }
    if (!query_change_one(q, "/version", "录入表已在别处改动，请重新读取。", e))
        return false;
    if (!s->save->submit)
        return true; /* drafts are the typist's own; what counts is what was submitted */
    struct audit_row row = {
        .act = ACT_typed_submit, .object_type = "at", .object = s->save->attempt};
    unsigned char digest[HASH_BYTES];
    char hex[2 * HASH_BYTES + 1];
    hash_of(digest, s->answers, strlen(s->answers));
    hex_write(hex, digest, HASH_BYTES);
    row.change = json_keep(s->m->arena, json_pack("{s:s}", "answers", hex));
    return audit_write(db, who, &row, e);
}

bool typed_not_scored(struct db *db, struct id attempt, struct err *e)
{
    struct query *q = db_query(db, SQL_typed_is_scored);
    query_id(q, attempt);
    if (!query_one(q, "attempt", e))
        return false;
    bool scored = query_get_int(q, 0) > 0;
    query_done(q);
    return !scored || FAIL(e, CONFLICT, "/state", "这份答卷已经阅卷，不能再录入。");
}

bool typed_save(const struct marking *m, const struct typed_save *save, int64_t *version,
                struct err *e)
{
    struct typed_sheet now;
    json_t *own = json_keep(m->arena, json_object()), *value;
    const char *name;
    if (!json_is_object(save->answers))
        return FAIL(e, INVALID, "/answers", "须为 JSON 对象。");
    if (!typed_open(m, save->session, save->attempt, &now, e) ||
        !typed_not_scored(m->db, save->attempt, e))
        return false;
    if (now.submitted)
        return FAIL(e, CONFLICT, "/state", "这份录入已经提交，不能再改。");
    if (now.version != save->version)
        return FAIL(e, CONFLICT, "/version", "录入表已在别处改动，请重新读取。");
    json_object_foreach((json_t *)save->answers, name, value)
    {
        if (!read_answer(m, now.places, name, value, own, e))
            return false;
    }
    struct json_out *o = json_out_create(m->arena);
    out_json(o, own);
    struct saving s = {m, save, json_out_text(o), save->version};
    if (!db_transact(m->db, put_sheet, &s, e))
        return false;
    *version = save->version + 1;
    return true;
}

/* --- the third person ---------------------------------------------------------------------------- */
static bool for_third(const struct marking *m, struct id attempt, struct both *b, struct err *e)
{
    if (!read_both(m, attempt, b, e))
        return false;
    if (own_sheet(m, b))
        return FAIL(e, FORBIDDEN, "", "录入人不能裁定自己录入的答卷。");
    if (!typed_is_apart(m, m->db, attempt, e))
        return false;
    return both_are_in(b) || FAIL(e, CONFLICT, "/state", "两份录入还没有都提交。");
}

bool typed_compare(const struct marking *m, struct id session, struct id attempt,
                   const struct json_t **places, struct typed_difference **out, size_t *count,
                   struct err *e)
{
    struct both b;
    size_t all, left = 0;
    if (!open_places(m, session, attempt, places, e) || !for_third(m, attempt, &b, e))
        return false;
    all = typed_differences(m->arena, b.sheets[0].answers, b.sheets[1].answers, out);
    for (size_t i = 0; i < all; i++) {
        struct typed_difference d = (*out)[i];
        const json_t *place = place_at(*places, d.n);
        if (json_object_get(b.decided, arena_printf(m->arena, "%lld", (long long)d.n)))
            continue;
        d.one = d.one ? typed_to_print(m->arena, place, d.one) : NULL;
        d.two = d.two ? typed_to_print(m->arena, place, d.two) : NULL;
        (*out)[left++] = d;
    }
    *count = left;
    return true;
}

struct deciding {
    const struct marking *m;
    const struct typed_verdict *v;
    const char *response;
};

static bool put_decision(struct db *db, void *ctx, struct err *e)
{
    struct deciding *d = ctx;
    const struct actor *who = d->m->actor;
    struct query *q = db_query(db, SQL_typed_decision_put);
    query_id(q, d->v->attempt);
    query_int(q, d->v->n);
    query_id(q, who->body);
    query_text(q, d->response);
    query_text(q, d->v->reason);
    query_id(q, who->account);
    query_int(q, who->now_ms);
    if (!query_change_one(q, "/n", "这一题已经裁定。", e))
        return false;
    struct audit_row row = {
        .act = ACT_typed_decide, .object_type = "at", .object = d->v->attempt};
    row.change = json_keep(
        d->m->arena, json_pack("{s:I, s:s}", "n", (json_int_t)d->v->n, "reason", d->v->reason));
    return audit_write(db, who, &row, e);
}

bool typed_decide(const struct marking *m, const struct typed_verdict *v, struct err *e)
{
    const json_t *places;
    struct typed_difference *differences;
    size_t count, i = 0;
    json_t *own = json_keep(m->arena, json_object());
    char name[24];
    snprintf(name, sizeof name, "%lld", (long long)v->n);
    if (!typed_compare(m, v->session, v->attempt, &places, &differences, &count, e))
        return false;
    while (i < count && differences[i].n != v->n)
        i++;
    if (i == count)
        return FAIL(e, CONFLICT, "/n", "第 %s 题没有待裁定的差异。", name);
    if (!read_answer(m, places, name, v->response, own, e))
        return false;
    struct json_out *o = json_out_create(m->arena);
    out_json(o, json_object_get(own, name));
    struct deciding d = {m, v, json_out_text(o)};
    return db_transact(m->db, put_decision, &d, e);
}

/* Scans of it: their round, and whether pages count or were withdrawn. */
static bool scanned(const struct marking *m, struct id attempt, int64_t *round, bool *out,
                    struct err *e)
{
    bool found;
    struct query *q = db_query(m->db, SQL_scan_round);
    query_id(q, attempt);
    query_id(q, m->actor->body);
    *round = 0;
    *out = false;
    if (!query_maybe(q, &found, e) || !found)
        return e->code == ERR_NONE;
    *round = query_get_int(q, 0);
    *out = *round > 0 || query_get_int(q, 1) > 0;
    query_done(q);
    return true;
}

bool typed_lay_over(const struct marking *m, struct id attempt, struct attempt_answers *answers,
                    int64_t *round, bool *waiting, struct err *e)
{
    struct both b;
    if (!scanned(m, attempt, round, waiting, e) || !read_both(m, attempt, &b, e))
        return false;
    if (b.count == 0)
        return true;
    *waiting = !both_are_in(&b) || !typed_apply(m->arena, b.sheets[0].answers,
                                                b.sheets[1].answers, b.decided, answers);
    return true;
}
