/* marking/key_decision.c - previews and applies a change of an item's key. */
#include "marking/key_decision.h"

#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "marking/score_attempt.h"
#include "programme/programme.h"
#include "store/db.h"

enum { KEY_PAD_BYTES = 1024 };

/* --- reading what was decided ------------------------------------------------------------------ */
static enum key_effect effect_of(const char *name)
{
    size_t i = 0;
    while (i + 1 < KEY_EFFECTS && strcmp(key_effect_names[i], name) != 0)
        i++;
    return (enum key_effect)i;
}

static bool open_key(const struct marking *m, struct id id, struct bytes sealed,
                     const struct json_t **out, struct err *e)
{
    struct bytes plain;
    *out = NULL;
    if (!sealed.at)
        return true;
    if (!purpose_open(m->arena, m->master, KEY_BANK, "key_change", "key", id, sealed, &plain,
                      e))
        return false;
    *out = json_read(m->arena, plain.at, plain.len, e);
    return *out;
}

bool key_decision_list(const struct marking *m, struct id session,
                       struct key_decision_row **out, size_t *count, struct err *e)
{
    size_t room = 8;
    bool ok = true;
    *out = arena_array(m->arena, struct key_decision_row, room);
    *count = 0;
    struct query *q = db_query(m->db, SQL_key_change_list);
    query_id(q, session);
    query_id(q, m->actor->body);
    while (ok && query_next(q, e)) {
        if (*count == room) {
            *out = arena_grow(m->arena, *out, room, room * 2, sizeof **out);
            room *= 2;
        }
        struct key_decision_row *r = &(*out)[(*count)++];
        *r = (struct key_decision_row){
            .ordinal = query_get_int(q, 0),
            .code = query_get_text(q, 1, m->arena),
            .part = query_get_int(q, 2),
            .effect = query_get_text(q, 3, m->arena),
            .reason = query_get_text(q, 5, m->arena),
            .attempts = query_get_int(q, 6),
            .changed = query_get_int(q, 7),
            .at_ms = query_get_int(q, 8),
            .actor = query_get_text(q, 10, m->arena),
            .second = query_get_text(q, 11, m->arena),
        };
        ok = open_key(m, query_get_id(q, 9), query_get_bytes(q, 4, m->arena), &r->key, e);
        if (!ok)
            query_done(q);
    }
    return ok && e->code == ERR_NONE;
}

bool key_decisions(const struct marking *m, struct id session, size_t more,
                   struct key_change **out, size_t *count, struct err *e)
{
    struct key_decision_row *rows;
    if (!key_decision_list(m, session, &rows, count, e))
        return false;
    *out = arena_array(m->arena, struct key_change, *count + more + 1);
    for (size_t i = 0; i < *count; i++)
        (*out)[i] = (struct key_change){rows[i].code, rows[i].part, effect_of(rows[i].effect),
                                        rows[i].key};
    return true;
}

/* --- what would change ------------------------------------------------------------------------- */
struct deciding {
    const struct marking *m;
    struct marking_session session;
    struct session_key before, after;
    struct session_marks marks; /* as they are, with what markers decided */
    struct attempt_row *attempts;
    struct attempt_score *scores; /* under the changed key, one an attempt */
    size_t count;
};

/* Written answers are judged by people; a change of key says nothing about what they gave. */
static bool only_machine(const struct attempt_score *s, const char *code, struct err *e)
{
    for (size_t i = 0; i < s->count; i++)
        if (strcmp(s->places[i].code, code) == 0 && s->marks[i].needs_marker)
            return FAIL(e, RULE, "/code", "%s 由阅卷人评分，不按答案计分，请在评阅中处理。",
                        code);
    return true;
}

static const struct entry_mark *mark_of(const struct deciding *d, struct id entry)
{
    for (size_t i = 0; i < d->marks.count; i++)
        if (id_equal(d->marks.at[i].entry, entry))
            return &d->marks.at[i];
    return NULL;
}

static bool compare(const struct deciding *d, const struct key_decision *what, size_t i,
                    struct key_effect_list *out, struct err *e)
{
    struct attempt_score before, *after = &d->scores[i];
    const struct attempt_row *attempt = &d->attempts[i];
    const struct entry_mark *mark = mark_of(d, attempt->entry);
    if (!attempt->ended)
        return FAIL(e, CONFLICT, "/state", "还有考生没有交卷。");
    if (!mark || mark->key_version != d->before.set.version)
        return FAIL(e, CONFLICT, "/state", "还有答卷没有阅卷，请先完成机器阅卷。");
    if (!attempt_score(d->m, &d->before, attempt, &before, e))
        return false;
    if (before.waiting)
        return FAIL(e, CONFLICT, "/state", "还有纸质答卷没有录入完毕。");
    if (!only_machine(&before, what->change.code, e) ||
        !attempt_score(d->m, &d->after, attempt, after, e))
        return false;
    out->attempts++;
    out->full_millimarks = mark->full_millimarks;
    int64_t difference = after->millimarks - before.millimarks;
    if (difference != 0)
        out->at[out->count++] = (struct mark_change){attempt->entry, mark->millimarks,
                                                     mark->millimarks + difference};
    return true;
}

static void digest(struct key_effect_list *out, const struct session_key *after)
{
    struct hash_state h;
    unsigned char n[8];
    hash_begin(&h);
    hash_add(&h, "heng/key-effect/1", 18);
    hash_add(&h, after->fingerprint, HASH_BYTES);
    be64_put(n, (uint64_t)out->attempts);
    hash_add(&h, n, sizeof n);
    for (size_t i = 0; i < out->count; i++) {
        hash_add(&h, out->at[i].entry.bytes, ID_BYTES);
        be64_put(n, (uint64_t)out->at[i].before);
        hash_add(&h, n, sizeof n);
        be64_put(n, (uint64_t)out->at[i].after);
        hash_add(&h, n, sizeof n);
    }
    hash_end(&h, out->digest);
}

static bool decide(struct deciding *d, const struct key_decision *what,
                   struct key_effect_list *out, struct err *e)
{
    const struct marking *m = d->m;
    *out = (struct key_effect_list){0};
    if (!marking_session(m, what->session, &d->session, e) ||
        !session_key(m, what->session, NULL, &d->before, e) ||
        !session_key(m, what->session, &what->change, &d->after, e) ||
        !marking_of_session(m, &d->session, &d->marks, e) ||
        !attempt_rows(m, what->session, &d->attempts, &d->count, e))
        return false;
    out->at = arena_array(m->arena, struct mark_change, d->count + 1);
    d->scores = arena_array(m->arena, struct attempt_score, d->count + 1);
    for (size_t i = 0; i < d->count; i++)
        if (!compare(d, what, i, out, e))
            return false;
    const struct component *c = programme_component(d->session.programme, d->session.component);
    out->pass_millimarks = c ? c->pass_millimarks : 0;
    out->version = d->after.set.version;
    digest(out, &d->after);
    return true;
}

bool key_decision_preview(const struct marking *m, const struct key_decision *what,
                          struct key_effect_list *out, struct err *e)
{
    struct deciding d = {.m = m};
    return decide(&d, what, out, e);
}

/* --- the decision ------------------------------------------------------------------------------ */
static bool put_decision(const struct deciding *d, const struct key_decision *what,
                         const struct key_effect_list *effects, struct err *e)
{
    const struct marking *m = d->m;
    struct id id = id_random();
    struct bytes text = {NULL, 0}, sealed = {NULL, 0};
    if (what->change.key) {
        if (!jcs_write(m->arena, what->change.key, &text, e))
            return false;
        sealed = purpose_seal(m->arena, m->master, KEY_BANK, "key_change", "key", id,
                              KEY_PAD_BYTES, text.at, text.len);
    }
    struct query *q = db_query(m->db, SQL_key_change_put);
    query_id(q, what->session);
    query_id(q, id);
    query_id(q, m->actor->body);
    query_text(q, what->change.code);
    query_int(q, what->change.part);
    query_text(q, key_effect_names[what->change.effect]);
    query_bytes(q, sealed);
    query_text(q, what->reason);
    query_int(q, effects->attempts);
    query_int(q, (int64_t)effects->count);
    query_id(q, m->actor->account);
    query_id(q, m->actor->second);
    query_int(q, m->actor->now_ms);
    return query_run(q, e);
}

bool key_decision_apply(const struct marking *m, const struct key_decision *what,
                        const unsigned char wanted[HASH_BYTES], struct err *e)
{
    struct deciding d = {.m = m};
    struct key_effect_list effects;
    if (id_is_zero(m->actor->second))
        return FAIL(e, FORBIDDEN, "/second", "更正答案须由两人办理。");
    if (!decide(&d, what, &effects, e))
        return false;
    if (memcmp(effects.digest, wanted, HASH_BYTES) != 0)
        return FAIL(e, CONFLICT, "/digest", "提请之后成绩有了变化，请重新预览并提请。");
    if (!put_decision(&d, what, &effects, e))
        return false;
    for (size_t i = 0; i < d.count; i++)
        if (!attempt_score_put(m->db, m, &d.session, &d.after, &d.scores[i], e))
            return false;
    struct audit_row row = {
        .act = ACT_key_change, .object_type = "se", .object = what->session};
    row.change = json_keep(m->arena,
                           json_pack("{s:s, s:I, s:s, s:I, s:I, s:I, s:s}", "code",
                                     what->change.code, "part", (json_int_t)what->change.part,
                                     "effect", key_effect_names[what->change.effect],
                                     "key_version", (json_int_t)effects.version, "attempts",
                                     (json_int_t)effects.attempts, "changed",
                                     (json_int_t)effects.count, "reason", what->reason));
    return audit_write(m->db, m->actor, &row, e);
}
