/* marking/score_theory.c - scores the attempts of a session that have ended. */
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/json_out.h"
#include "entry/batch.h"
#include "marking/machine.h"
#include "marking/marking.h"
#include "paper/paper.h"
#include "programme/programme.h"
#include "sitting/fold.h"
#include "sitting/session.h"
#include "store/db.h"

bool marking_session(const struct marking *m, struct id session, struct marking_session *out,
                     struct err *e)
{
    struct session s;
    struct batch b;
    struct owned which = {m->actor->body, session};
    if (!session_get(m->db, m->arena, which, &s, e) ||
        !batch_get(m->db, m->arena, m->actor->body, s.batch, &b, e))
        return false;
    *out = (struct marking_session){session, s.batch, s.component, NULL};
    return batch_programme(m->db, m->arena, m->programmes, &b, &out->programme, e);
}

struct attempt_row {
    struct id id, entry, paper;
    bool ended;
};

static bool list_attempts(const struct marking *m, struct id session, struct attempt_row **out,
                          size_t *count, struct err *e)
{
    size_t room = 64;
    *out = arena_array(m->arena, struct attempt_row, room);
    *count = 0;
    struct query *q = db_query(m->db, SQL_marking_attempts);
    query_id(q, session);
    query_id(q, m->actor->body);
    while (query_next(q, e)) {
        if (*count == room) {
            *out = arena_grow(m->arena, *out, room, room * 2, sizeof **out);
            room *= 2;
        }
        const char *state = query_get_text(q, 3, m->arena);
        (*out)[(*count)++] = (struct attempt_row){
            query_get_id(q, 0), query_get_id(q, 1), query_get_id(q, 2),
            strcmp(state, "sealed") == 0 || strcmp(state, "closed") == 0 ||
                strcmp(state, "collected") == 0 || strcmp(state, "archived") == 0};
    }
    return e->code == ERR_NONE;
}

struct scoring {
    const struct marking *m;
    const struct marking_session *session;
    const struct key_set *key;
    struct key_reader *reader;
    const struct attempt_row *attempt;
    struct place_mark *marks;
    const struct paper_place *places;
    size_t count;
    size_t doubtful;
    unsigned char source[HASH_BYTES];
    int64_t scripts;
    bool scored;
};

/* Of everything the marks follow from: the same journal and key give the same hash for ever. */
static void hash_source(struct scoring *s, const struct attempt_answers *answers)
{
    struct hash_state h;
    unsigned char n[8];
    hash_begin(&h);
    hash_add(&h, "heng/theory-mark/1", 19);
    hash_add(&h, s->attempt->id.bytes, ID_BYTES);
    hash_add(&h, s->key->commitment, HASH_BYTES);
    be64_put(n, (uint64_t)s->key->version);
    hash_add(&h, n, sizeof n);
    for (size_t i = 0; i < answers->count; i++) {
        be64_put(n, answers->items[i].item);
        hash_add(&h, n, sizeof n);
        be64_put(n, answers->items[i].response.len);
        hash_add(&h, n, sizeof n);
        hash_add(&h, answers->items[i].response.at, answers->items[i].response.len);
    }
    hash_end(&h, s->source);
}

static int64_t sum_of(const struct scoring *s, bool full)
{
    int64_t sum = 0;
    for (size_t i = 0; i < s->count; i++)
        sum += full ? s->marks[i].full_millimarks : s->marks[i].millimarks;
    return sum;
}

static bool put_mark(struct db *db, struct scoring *s, struct err *e)
{
    struct arena *a = s->m->arena;
    struct area_mark *areas;
    struct json_out *places_out = json_out_create(a), *areas_out = json_out_create(a);
    size_t area_count = marks_by_area(a, s->marks, s->count, &areas);
    place_marks_write(s->marks, s->count, places_out);
    area_marks_write(areas, area_count, areas_out);

    struct query *q = db_query(db, SQL_theory_mark_put);
    query_id(q, s->attempt->id);
    query_int(q, s->key->version);
    query_id(q, s->m->actor->body);
    query_id(q, s->session->session);
    query_id(q, s->attempt->entry);
    query_text(q, s->session->component);
    query_bytes(q, (struct bytes){s->source, HASH_BYTES});
    query_int(q, sum_of(s, false));
    query_int(q, sum_of(s, true));
    query_text(q, json_out_text(places_out));
    query_text(q, json_out_text(areas_out));
    query_int(q, (int64_t)s->doubtful);
    query_int(q, s->m->actor->now_ms);
    return query_run(q, e);
}

/* The limit of the programme, but never more than half of the answer's marks. */
static int64_t limit_of(const struct scoring *s, int64_t full)
{
    const struct combine_rule *rule = programme_combine(s->session->programme,
                                                        s->session->component);
    int64_t limit = rule ? rule->spread_millimarks : full / 5;
    return limit < full / 2 ? limit : full / 2;
}

static const char *json_text(struct arena *a, const json_t *v)
{
    struct json_out *o = json_out_create(a);
    out_json(o, v);
    return json_out_text(o);
}

static const char *guide_of(struct arena *a, const struct paper_place *p)
{
    struct json_out *o = json_out_create(a);
    out_object(o);
    put_json(o, "key", json_object_get(p->item_json, "key"));
    put_json(o, "guide", json_object_get(p->item_json, "guide"));
    put_json(o, "errors", json_object_get(p->item_json, "errors"));
    out_object_end(o);
    return json_out_text(o);
}

static bool put_script(struct db *db, struct scoring *s, size_t i, struct err *e)
{
    struct arena *a = s->m->arena;
    const struct paper_place *p = &s->places[i];
    struct query *q = db_query(db, SQL_script_put);
    query_id(q, id_random());
    query_id(q, s->m->actor->body);
    query_id(q, s->session->session);
    query_id(q, s->attempt->id);
    query_id(q, s->attempt->entry);
    query_int(q, p->n);
    query_text(q, p->code);
    query_text(q, p->area ? p->area : "");
    query_text(q, p->stem ? p->stem : "");
    query_text(q, guide_of(a, p));
    query_text(q, json_text(a, s->marks[i].response));
    query_int(q, p->millimarks);
    query_int(q, limit_of(s, p->millimarks));
    s->scripts++;
    return query_run(q, e);
}

static bool same_as_before(struct db *db, struct scoring *s, bool *found, struct err *e)
{
    struct query *q = db_query(db, SQL_theory_mark_has);
    query_id(q, s->attempt->id);
    query_int(q, s->key->version);
    if (!query_maybe(q, found, e))
        return false;
    if (!*found)
        return true;
    struct bytes source = query_get_bytes(q, 0, s->m->arena);
    query_done(q);
    return (source.len == HASH_BYTES && memcmp(source.at, s->source, HASH_BYTES) == 0) ||
           FAIL(e, CONFLICT, "/state", "这份答卷阅卷后作答记录发生了变化，请审计管理员核查。");
}

static bool store(struct db *db, void *ctx, struct err *e)
{
    struct scoring *s = ctx;
    bool found;
    s->scripts = 0;
    s->scored = false;
    if (!same_as_before(db, s, &found, e))
        return false;
    if (found)
        return true;
    if (!put_mark(db, s, e))
        return false;
    for (size_t i = 0; i < s->count; i++)
        if (s->marks[i].needs_marker && !put_script(db, s, i, e))
            return false;
    s->scored = true;
    struct audit_row row = {
        .act = ACT_theory_score, .object_type = "at", .object = s->attempt->id};
    row.change = json_keep(s->m->arena, json_pack("{s:I, s:I, s:I}", "key_version",
                                                  (json_int_t)s->key->version, "millimarks",
                                                  (json_int_t)sum_of(s, false), "scripts",
                                                  (json_int_t)s->scripts));
    return audit_write(db, s->m->actor, &row, e);
}

/* What a person should look at: unreadable answers, and entries whose time is in doubt. */
static size_t doubtful_in(const struct scoring *s, const struct attempt_answers *answers)
{
    size_t n = answers->doubtful + answers->unreadable;
    for (size_t i = 0; i < s->count; i++)
        n += s->marks[i].unreadable;
    return n;
}

static bool score_one(struct scoring *s, struct err *e)
{
    struct attempt_answers answers;
    struct paper_place *places;
    if (!attempt_answers(s->m->db, s->m->arena, s->attempt->id, &answers, e) ||
        !paper_places(s->reader, s->m->arena, s->attempt->paper, &places, &s->count, e))
        return false;
    s->places = places;
    s->marks = arena_array(s->m->arena, struct place_mark, s->count ? s->count : 1);
    machine_mark(s->m->arena, places, s->count, &answers, s->marks);
    s->doubtful = doubtful_in(s, &answers);
    hash_source(s, &answers);
    return db_transact(s->m->db, store, s, e);
}

bool score_theory(const struct marking *m, struct id session, struct theory_report *out,
                  struct err *e)
{
    struct marking_session ms;
    struct key_set key;
    struct attempt_row *attempts;
    size_t count;
    *out = (struct theory_report){0};
    if (!marking_session(m, session, &ms, e) ||
        !paper_key_set(m->db, m->arena, m->master, session, &key, e) ||
        !list_attempts(m, session, &attempts, &count, e))
        return false;
    struct key_reader *reader = key_reader_create(m->arena, &key, e);
    if (!reader)
        return false;
    for (size_t i = 0; i < count; i++) {
        struct scoring s = {
            .m = m, .session = &ms, .key = &key, .reader = reader, .attempt = &attempts[i]};
        if (!attempts[i].ended) {
            out->open++;
            continue;
        }
        if (!score_one(&s, e))
            return false;
        out->attempts++;
        out->scored += s.scored;
        out->scripts += s.scripts;
        out->doubtful += s.doubtful > 0;
    }
    return true;
}
