/* measure/session_scores.c - one pass: attempts, their forms, the machine's marks under today's key. */
#include "measure/session_scores.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/progress.h"
#include "paper/key_set.h"
#include "store/db.h"

struct drawn {
    struct id attempt; /* first: sorted by it */
    size_t form;
    int64_t sex;
};

struct drawn_list {
    struct drawn *at;
    size_t count;
};

static int by_attempt(const void *x, const void *y)
{
    return memcmp(x, y, ID_BYTES);
}

static size_t form_at(const struct marking *m, struct session_scores *s, struct id id,
                      const char *name)
{
    for (size_t i = 0; i < s->form_count; i++)
        if (id_equal(s->forms[i].id, id))
            return i;
    s->forms = arena_grow(m->arena, s->forms, s->form_count, s->form_count + 1,
                          sizeof *s->forms);
    s->forms[s->form_count] = (struct scored_form){id, name};
    return s->form_count++;
}

static bool drawn_forms(const struct marking *m, struct id session, struct session_scores *s,
                        struct drawn_list *out, struct err *e)
{
    size_t room = 0;
    struct query *q = db_query(m->db, SQL_measure_forms);
    query_id(q, session);
    query_id(q, m->actor->body);
    while (query_next(q, e)) {
        if (out->count == room) {
            size_t more = room ? room * 2 : 64;
            out->at = arena_grow(m->arena, out->at, room, more, sizeof *out->at);
            room = more;
        }
        struct id form = query_get_id(q, 1);
        out->at[out->count++] = (struct drawn){
            query_get_id(q, 0), form_at(m, s, form, query_get_text(q, 2, m->arena)),
            query_get_int(q, 3)};
    }
    if (out->count)
        qsort(out->at, out->count, sizeof *out->at, by_attempt);
    return e->code == ERR_NONE;
}

static bool score_all(const struct marking *m, struct id session,
                      const struct drawn_list *drawn, const struct attempt_row *rows,
                      size_t count, struct session_scores *out, struct err *e)
{
    struct session_key key;
    if (!session_key(m, session, NULL, &key, e))
        return false;
    for (size_t i = 0; i < count; i++) {
        const struct drawn *d = drawn->count ? bsearch(&rows[i].id, drawn->at, drawn->count,
                                                       sizeof *d, by_attempt)
                                             : NULL;
        struct attempt_score *s = &out->at[out->count];
        if (!progress_on(m->progress, 1, e) || !attempt_score(m, &key, &rows[i], s, e))
            return false;
        if (s->waiting || !d)
            continue;
        out->sex[out->count] = d->sex;
        out->form[out->count++] = d->form;
    }
    return true;
}

bool session_scores(const struct marking *m, struct id session, struct session_scores *out,
                    struct err *e)
{
    struct attempt_row *rows;
    struct drawn_list drawn = {NULL, 0};
    size_t count;
    *out = (struct session_scores){0};
    if (!attempt_rows(m, session, &rows, &count, e))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!rows[i].ended)
            return FAIL(e, CONFLICT, "/state", "还有考生没有交卷，试题分析要等考试结束。");
    if (count == 0)
        return true;
    out->at = arena_array(m->arena, struct attempt_score, count);
    out->form = arena_array(m->arena, size_t, count);
    out->sex = arena_array(m->arena, int64_t, count);
    return drawn_forms(m, session, out, &drawn, e) &&
           score_all(m, session, &drawn, rows, count, out, e);
}
