/* marking/script.c - written answers: two people mark without seeing each other, a third settles. */
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "marking/marking.h"
#include "sitting/handed_in.h"
#include "store/db.h"

enum { MARKERS_MAX = 3 };

static void read_script(struct query *q, struct arena *a, struct script *out)
{
    *out = (struct script){
        .id = query_get_id(q, 0),
        .session = query_get_id(q, 1),
        .entry = query_get_id(q, 2),
        .n = query_get_int(q, 3),
        .code = query_get_text(q, 4, a),
        .stem = query_get_text(q, 5, a),
        .guide = query_get_text(q, 6, a),
        .response = query_get_text(q, 7, a),
        .full_millimarks = query_get_int(q, 8),
        .limit_millimarks = query_get_int(q, 9),
        .state = query_get_text(q, 10, a),
        .marks = query_get_int(q, 11),
        .millimarks = query_get_int(q, 12),
        .area = query_get_text(q, 13, a),
    };
}

static bool count_for(const struct marking *m, int64_t *total, struct err *e)
{
    struct query *q = db_query(m->db, SQL_script_count_for);
    query_id(q, m->actor->body);
    query_id(q, m->actor->account);
    if (!query_one(q, "script", e))
        return false;
    *total = query_get_int(q, 0);
    query_done(q);
    return true;
}

bool script_list(const struct marking *m, int64_t limit, int64_t offset,
                 struct script_list *out, struct err *e)
{
    *out = (struct script_list){arena_array(m->arena, struct script, (size_t)limit), 0, 0};
    if (!count_for(m, &out->total, e))
        return false;
    struct query *q = db_query(m->db, SQL_script_list_for);
    query_id(q, m->actor->body);
    query_id(q, m->actor->account);
    query_int(q, limit);
    query_int(q, offset);
    while (query_next(q, e))
        read_script(q, m->arena, &out->at[out->count++]);
    return e->code == ERR_NONE;
}

static bool get_script(struct db *db, const struct marking *m, struct id id, struct script *out,
                       struct err *e)
{
    struct query *q = db_query(db, SQL_script_get);
    query_id(q, id);
    query_id(q, m->actor->body);
    if (!query_one(q, "script", e))
        return false;
    read_script(q, m->arena, out);
    query_done(q);
    return true;
}

static bool is_recused(struct db *db, const struct marking *m, struct id entry, bool *recused,
                       struct err *e)
{
    struct query *q = db_query(db, SQL_marking_recused);
    query_id(q, entry);
    query_id(q, m->actor->account);
    if (!query_maybe(q, recused, e))
        return false;
    if (*recused)
        query_done(q);
    return true;
}

/* The marks so far with the new one behind them; CONFLICT if the actor's is among them. */
static bool marks_with(struct db *db, const struct marking *m, const struct script_vote *vote,
                       int64_t marks[MARKERS_MAX + 1], size_t *count, struct err *e)
{
    bool own = false;
    *count = 0;
    struct query *q = db_query(db, SQL_script_marks);
    query_id(q, vote->script);
    while (query_next(q, e)) {
        own |= id_equal(query_get_id(q, 1), m->actor->account);
        if (*count < MARKERS_MAX)
            marks[(*count)++] = query_get_int(q, 0);
    }
    if (e->code != ERR_NONE)
        return false;
    if (own)
        return FAIL(e, CONFLICT, "/script", "您已经评阅过这份答案，须由另一人评阅。");
    marks[(*count)++] = vote->millimarks;
    return true;
}

bool script_to_mark(const struct marking *m, struct id id, struct script *out, struct err *e)
{
    bool recused;
    if (!get_script(m->db, m, id, out, e) || !is_recused(m->db, m, out->entry, &recused, e))
        return false;
    return !recused || FAIL(e, NOT_FOUND, "script", "没有这份答案。");
}

static bool is_listed(const json_t *list, const char *sha256)
{
    const json_t *one;
    size_t i;
    json_array_foreach(list, i, one)
    {
        const char *named = json_member_text(one, "sha256");
        if (named && strcmp(named, sha256) == 0)
            return true;
    }
    return false;
}

bool script_shows(const struct marking *m, const struct script *s, const char *sha256,
                  struct id *version, struct err *e)
{
    const json_t *guide = json_read(m->arena, s->guide, strlen(s->guide), e);
    if (!guide)
        return false;
    const char *text = json_member_text(guide, "version");
    return (text && id_read(text, version) &&
            (is_listed(json_object_get(guide, "pictures"), sha256) ||
             is_listed(json_object_get(guide, "media"), sha256))) ||
           FAIL(e, NOT_FOUND, "picture", "没有这个文件。");
}

bool script_names_file(const struct marking *m, const struct script *s,
                       struct handed_place *out, struct err *e)
{
    const json_t *response = s->response
                                 ? json_read(m->arena, s->response, strlen(s->response), e)
                                 : NULL;
    const char *sha256 = json_member_text(response, "sha256");
    *out = (struct handed_place){.session = s->session, .entry = s->entry};
    return (sha256 && hex_read(out->digest, sizeof out->digest, sha256)) ||
           FAIL(e, NOT_FOUND, "file", "这份答案没有文件。");
}

static const char *const state_names[] = {
    [AGREE_WAITING] = "waiting", [AGREE_SETTLED] = "settled", [AGREE_THIRD] = "third"};

static bool put_vote(struct db *db, const struct marking *m, const struct script_vote *vote,
                     size_t ordinal, struct err *e)
{
    struct query *q = db_query(db, SQL_script_mark_put);
    query_id(q, vote->script);
    query_int(q, (int64_t)ordinal);
    query_id(q, m->actor->account);
    query_int(q, vote->millimarks);
    query_text(q, vote->note);
    query_int(q, m->actor->now_ms);
    return query_run(q, e);
}

static bool move_script(struct db *db, struct id id, size_t count, enum agreement state,
                        int64_t final, struct err *e)
{
    struct query *q = db_query(db, SQL_script_move);
    query_id(q, id);
    query_int(q, (int64_t)count - 1);
    query_text(q, state_names[state]);
    query_int(q, (int64_t)count);
    if (state == AGREE_SETTLED)
        query_int(q, final);
    else
        query_null(q);
    return query_change_one(q, "/script", "这份答案刚刚由他人评阅。", e);
}

struct voting {
    const struct marking *m;
    const struct script_vote *vote;
};

static bool mark(struct db *db, void *ctx, struct err *e)
{
    struct voting *v = ctx;
    struct script s;
    bool recused;
    int64_t marks[MARKERS_MAX + 1], final = 0;
    size_t count;
    if (!get_script(db, v->m, v->vote->script, &s, e) ||
        !is_recused(db, v->m, s.entry, &recused, e))
        return false;
    if (recused)
        return FAIL(e, FORBIDDEN, "/script", "您与该考生有回避关系，不能评阅。");
    if (strcmp(s.state, "settled") == 0)
        return FAIL(e, CONFLICT, "/script", "这份答案已经评定。");
    if (v->vote->millimarks < 0 || v->vote->millimarks > s.full_millimarks)
        return FAIL(e, INVALID, "/millimarks", "分数须在 0 与 %lld 毫分之间。",
                    (long long)s.full_millimarks);
    if (!marks_with(db, v->m, v->vote, marks, &count, e))
        return false;
    enum agreement state = agree_on_script(marks, count, s.limit_millimarks, &final);
    struct audit_row row = {.act = ACT_script_mark, .object_type = "sc", .object = s.id};
    row.change = json_keep(v->m->arena, json_pack("{s:I, s:s}", "ordinal", (json_int_t)count,
                                                  "state", state_names[state]));
    return put_vote(db, v->m, v->vote, count, e) &&
           move_script(db, s.id, count, state, final, e) &&
           audit_write(db, v->m->actor, &row, e);
}

bool script_mark(const struct marking *m, const struct script_vote *vote, struct err *e)
{
    struct voting v = {m, vote};
    return db_transact(m->db, mark, &v, e);
}
