/* marking/score_theory.c - scores the attempts of a session that have ended. */
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/json_out.h"
#include "entry/batch.h"
#include "marking/marking.h"
#include "marking/score_attempt.h"
#include "programme/programme.h"
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

struct scoring {
    const struct marking *m;
    const struct marking_session *session;
    const struct session_key *key;
    struct attempt_score score;
    int64_t scripts;
    bool scored;
};

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
    /* What the stem shows, and of which version: the marker may fetch these. */
    if (json_object_get(p->item_json, "pictures") || json_object_get(p->item_json, "media")) {
        put_id(o, "version", p->version_id);
        put_json(o, "pictures", json_object_get(p->item_json, "pictures"));
        put_json(o, "media", json_object_get(p->item_json, "media"));
    }
    out_object_end(o);
    return json_out_text(o);
}

static bool put_script(struct db *db, struct scoring *s, size_t i, struct err *e)
{
    struct arena *a = s->m->arena;
    const struct paper_place *p = &s->score.places[i];
    struct query *q = db_query(db, SQL_script_put);
    query_id(q, id_random());
    query_id(q, s->m->actor->body);
    query_id(q, s->session->session);
    query_id(q, s->score.attempt->id);
    query_id(q, s->score.attempt->entry);
    query_int(q, p->n);
    query_text(q, p->code);
    query_text(q, p->area ? p->area : "");
    query_text(q, p->stem ? p->stem : "");
    query_text(q, guide_of(a, p));
    query_text(q, json_text(a, s->score.marks[i].response));
    query_int(q, p->millimarks);
    query_int(q, limit_of(s, p->millimarks));
    s->scripts++;
    return query_run(q, e);
}

static bool same_as_before(struct db *db, struct scoring *s, bool *found, struct err *e)
{
    struct query *q = db_query(db, SQL_theory_mark_has);
    query_id(q, s->score.attempt->id);
    query_int(q, s->key->set.version);
    query_int(q, s->score.round);
    if (!query_maybe(q, found, e))
        return false;
    if (!*found)
        return true;
    struct bytes source = query_get_bytes(q, 0, s->m->arena);
    query_done(q);
    return (source.len == HASH_BYTES && memcmp(source.at, s->score.source, HASH_BYTES) == 0) ||
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
    if (!attempt_score_put(db, s->m, s->session, s->key, &s->score, e))
        return false;
    for (size_t i = 0; i < s->score.count; i++)
        if (s->score.marks[i].needs_marker && !put_script(db, s, i, e))
            return false;
    s->scored = true;
    struct audit_row row = {
        .act = ACT_theory_score, .object_type = "at", .object = s->score.attempt->id};
    row.change = json_keep(s->m->arena, json_pack("{s:I, s:I, s:I}", "key_version",
                                                  (json_int_t)s->key->set.version, "millimarks",
                                                  (json_int_t)s->score.millimarks, "scripts",
                                                  (json_int_t)s->scripts));
    return audit_write(db, s->m->actor, &row, e);
}

bool score_theory(const struct marking *m, struct id session, struct theory_report *out,
                  struct err *e)
{
    struct marking_session ms;
    struct session_key key;
    struct attempt_row *attempts;
    size_t count;
    *out = (struct theory_report){0};
    if (!marking_session(m, session, &ms, e) || !session_key(m, session, NULL, &key, e) ||
        !attempt_rows(m, session, &attempts, &count, e))
        return false;
    for (size_t i = 0; i < count; i++) {
        struct scoring s = {.m = m, .session = &ms, .key = &key};
        if (!attempts[i].ended) {
            out->open++;
            continue;
        }
        if (!attempt_score(m, &key, &attempts[i], &s.score, e) ||
            (!s.score.waiting && !db_transact(m->db, store, &s, e)))
            return false;
        out->waiting += s.score.waiting;
        out->attempts++;
        out->scored += s.scored;
        out->scripts += s.scripts;
        out->doubtful += s.score.doubtful > 0;
    }
    return true;
}
