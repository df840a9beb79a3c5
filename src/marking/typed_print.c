/* marking/typed_print.c - which sessions may have papers, and a candidate's own paper for pen and
 * ink: the order of its sealed copy. */
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "entry/batch.h"
#include "marking/score_attempt.h"
#include "marking/typed.h"
#include "paper/paper.h"
#include "programme/programme.h"
#include "sitting/session.h"
#include "store/db.h"

bool typed_sessions(const struct marking *m, struct typed_session **out, size_t *count,
                    struct err *e)
{
    *out = arena_array(m->arena, struct typed_session, 100);
    *count = 0;
    struct query *q = db_query(m->db, SQL_typed_sessions);
    query_id(q, m->actor->body);
    while (query_next(q, e))
        (*out)[(*count)++] = (struct typed_session){
            query_get_id(q, 0), query_get_text(q, 1, m->arena), query_get_int(q, 2)};
    return e->code == ERR_NONE;
}

/* Form and seed of a paper stand in the key set; the keys themselves are not looked at. */
static bool form_and_seed(const struct marking *m, struct id session, struct id paper,
                          struct id *form, unsigned char seed[SEED_BYTES], struct err *e)
{
    struct key_set set;
    char name[ID_TEXT_BYTES];
    if (!paper_key_set(m->db, m->arena, m->master, session, &set, e))
        return false;
    id_write(paper, name);
    const json_t *entry = json_object_get(json_object_get(set.json, "papers"), name);
    const char *form_text = json_member_text(entry, "form"),
               *seed_text = json_member_text(entry, "seed");
    return (form_text && seed_text && id_read(form_text, form) &&
            hex_read(seed, SEED_BYTES, seed_text)) ||
           FAIL(e, NOT_FOUND, "paper", "答案集中没有这份试卷。");
}

static bool is_released(const struct marking *m, struct id paper, struct err *e)
{
    unsigned char key[KEY_BYTES];
    bool ok = paper_key_of(m->db, m->arena, m->master, paper, m->actor->now_ms, key, e);
    secret_wipe(key, sizeof key);
    return ok;
}

static bool find_row(const struct marking *m, struct id session, struct id attempt,
                     struct typed_row *out, struct err *e)
{
    struct typed_row *rows;
    size_t count;
    if (!typed_list(m, session, &rows, &count, e))
        return false;
    for (size_t i = 0; i < count; i++)
        if (id_equal(rows[i].attempt, attempt)) {
            *out = rows[i];
            return true;
        }
    return FAIL(e, NOT_FOUND, "attempt", "这个场次没有这份答卷。");
}

bool typed_print(const struct marking *m, struct id session, struct id attempt, bool specimen,
                 struct bytes *pdf, struct err *e)
{
    struct bank bank = {m->db, m->arena, m->master, m->programmes, m->actor};
    struct session s;
    struct owned which = {m->actor->body, session};
    struct typed_row row = {0};
    struct paper_row paper;
    struct id form_id;
    struct form form;
    struct print_order order = {.created_ms = m->actor->now_ms, .specimen = specimen};
    if (!session_get(m->db, m->arena, which, &s, e) ||
        !find_row(m, session, attempt, &row, e) ||
        !paper_of_attempt(m->db, attempt, &paper, e) || !is_released(m, paper.id, e) ||
        !form_and_seed(m, session, paper.id, &form_id, order.seed, e) ||
        !form_open(&bank, form_id, &form, e))
        return false;
    order.title = s.title;
    order.notes = arena_printf(m->arena, "%s %lld 号座　准考证号 %s", row.room,
                               (long long)row.seat_no, row.ticket);
    order.minutes = s.minutes;
    return paper_print(m->arena, &form, &order, pdf, e);
}
