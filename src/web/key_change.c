/* web/key_change.c - changes of the keys of a sitting, by two. */
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "certificate/certificate.h"
#include "entry/entry.h"
#include "marking/key_decision.h"
#include "people/person.h"
#include "web/app.h"
#include "web/approvals.h"
#include "web/handlers.h"
#include "web/marking.h"
#include "web/people_of.h"

/* --- changes of key ------------------------------------------------------------------------------ */
struct key_change_body {
    const char *code, *effect, *reason, *digest;
    int64_t part;
    struct json_t *key;
};
#define KEY_CHANGE_ROWS                                                                        \
    {FIELD(struct key_change_body, code, TEXT), .required = true, .min = 1, .max = 64},        \
        {FIELD(struct key_change_body, part, INT), .required = true, .min = -1, .max = 100},   \
        {FIELD(struct key_change_body, effect, TEXT), .required = true,                        \
         .allowed = key_effect_names},                                                         \
        {FIELD(struct key_change_body, key, JSON)},                                            \
    {                                                                                          \
        FIELD(struct key_change_body, reason, TEXT), .required = true, .min = 4, .max = 500    \
    }
static const struct field preview_rows[] = {KEY_CHANGE_ROWS};
static const struct field propose_rows[] = {
    KEY_CHANGE_ROWS,
    {FIELD(struct key_change_body, digest, TEXT), .required = true, .min = 64, .max = 64},
};
const struct fields key_preview_fields = FIELDS("key_preview", struct key_change_body,
                                                preview_rows);
const struct fields key_change_fields = FIELDS("key_change", struct key_change_body,
                                               propose_rows);

static bool decision_of(const struct key_change_body *in, struct id session,
                        struct key_decision *out, struct err *e)
{
    size_t effect = 0;
    while (strcmp(key_effect_names[effect], in->effect) != 0)
        effect++;
    *out = (struct key_decision){.session = session,
                                 .change = {in->code, in->part, (enum key_effect)effect,
                                            effect == KEY_CREDIT ? NULL : in->key},
                                 .reason = in->reason};
    return effect == KEY_CREDIT || in->key || FAIL(e, INVALID, "/key", "请给出答案。");
}

/* Name, marks, whether the component is passed, and the certificate that rests on it. */
static bool write_effect(struct request *rq, struct json_out *o, const struct mark_change *c,
                         int64_t pass, struct err *e)
{
    struct entry_scope scope = entry_scope_body(rq->viewer.body);
    struct certificate certificate;
    struct people people = people_of(rq);
    struct person person;
    struct entry n;
    bool found;
    if (!entry_get(rq->db, rq->arena, &scope, c->entry, &n, e) ||
        !person_get(&people, n.person, &person, e) ||
        !certificate_of_entry(rq->db, rq->arena, rq->viewer.body, c->entry, &certificate,
                              &found, e))
        return false;
    out_object(o);
    put_id(o, "entry", c->entry);
    put_text(o, "name", person.name);
    put_int(o, "before", c->before);
    put_int(o, "after", c->after);
    put_bool(o, "passed_before", c->before >= pass);
    put_bool(o, "passed_after", c->after >= pass);
    put_text(o, "certificate", found ? certificate.number : NULL);
    out_object_end(o);
    return true;
}

static bool write_effects(struct request *rq, struct json_out *o,
                          const struct key_effect_list *list, struct err *e)
{
    char hex[2 * HASH_BYTES + 1];
    int64_t now_pass = 0, now_fail = 0;
    hex_write(hex, list->digest, HASH_BYTES);
    for (size_t i = 0; i < list->count; i++) {
        const struct mark_change *c = &list->at[i];
        bool before = c->before >= list->pass_millimarks;
        bool after = c->after >= list->pass_millimarks;
        now_pass += after && !before;
        now_fail += before && !after;
    }
    put_text(o, "digest", hex);
    put_int(o, "version", list->version);
    put_int(o, "attempts", list->attempts);
    put_int(o, "full", list->full_millimarks);
    put_int(o, "pass", list->pass_millimarks);
    put_int(o, "changed", (int64_t)list->count);
    put_int(o, "now_pass", now_pass);
    put_int(o, "now_fail", now_fail);
    put_array(o, "effects");
    for (size_t i = 0; i < list->count; i++)
        if (!write_effect(rq, o, &list->at[i], list->pass_millimarks, e))
            return false;
    out_array_end(o);
    return true;
}

bool key_preview_post(struct request *rq, struct reply *rp, struct err *e)
{
    struct marking m = marking_of(rq);
    struct key_decision d;
    struct key_effect_list effects;
    return decision_of(rq->input, rq->id[0], &d, e) &&
           key_decision_preview(&m, &d, &effects, e) &&
           write_effects(rq, reply_json(rp), &effects, e);
}

bool key_change_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct key_change_body *in = rq->input;
    struct marking m = marking_of(rq);
    struct key_decision d;
    struct key_effect_list effects;
    char now[2 * HASH_BYTES + 1];
    if (!decision_of(in, rq->id[0], &d, e) || !key_decision_preview(&m, &d, &effects, e))
        return false;
    hex_write(now, effects.digest, HASH_BYTES);
    if (strcmp(now, in->digest) != 0)
        return FAIL(e, CONFLICT, "/digest", "预览之后成绩有了变化，请重新预览。");
    struct proposal p = {
        .act = ACT_key_change,
        .object = rq->id[0],
        .summary = arena_printf(
            rq->arena, "更正试题 %s 的答案，%lld 份答卷中 %zu 份成绩改变：%s", in->code,
            (long long)effects.attempts, effects.count, in->reason),
    };
    return propose(rq, rp, &p, e);
}

bool key_change_execute(struct db *db, struct arena *a, const struct approval *p,
                        const struct actor *who, void *app, struct err *e)
{
    const struct request *rq = app;
    const json_t *body = json_read(a, p->payload.at, p->payload.len, e);
    struct marking m = {db, a, rq->app->master, rq->app->programmes, who, NULL};
    struct key_change_body in;
    struct key_decision d;
    unsigned char digest[HASH_BYTES];
    if (!body || !fields_read(&key_change_fields, body, a, &in, e) ||
        !decision_of(&in, p->object, &d, e))
        return false;
    if (!hex_read(digest, HASH_BYTES, in.digest))
        return FAIL(e, INVALID, "/digest", "摘要不是十六进制。");
    return key_decision_apply(&m, &d, digest, e);
}

bool key_changes_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct marking m = marking_of(rq);
    struct key_decision_row *rows;
    size_t count;
    if (!key_decision_list(&m, rq->id[0], &rows, &count, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_array(o, "changes");
    for (size_t i = 0; i < count; i++) {
        out_object(o);
        put_int(o, "ordinal", rows[i].ordinal);
        put_text(o, "code", rows[i].code);
        put_int(o, "part", rows[i].part);
        put_text(o, "effect", rows[i].effect);
        put_json(o, "key", rows[i].key);
        put_text(o, "reason", rows[i].reason);
        put_int(o, "attempts", rows[i].attempts);
        put_int(o, "changed", rows[i].changed);
        put_text(o, "actor", rows[i].actor);
        put_text(o, "second", rows[i].second);
        put_int(o, "at_ms", rows[i].at_ms);
        out_object_end(o);
    }
    out_array_end(o);
    return true;
}
