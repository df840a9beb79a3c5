/* sitting/violation.c - violations from the report to the decision. */
#include "sitting/violation.h"

#include <string.h>

#include "base/arena.h"
#include "base/embed.h"
#include "base/json.h"
#include "base/json_out.h"
#include "people/approval.h"
#include "sitting/live.h"
#include "sitting/writer.h"
#include "store/audit.h"
#include "store/db.h"

enum { LIST_MAX = 1000, NOTE_MAX = 3000, VIOLATION_ARENA_BYTES = 4 << 20 };

static json_t *codes_read(struct arena *a, struct err *e)
{
    const struct embedded *file = embedded_find("violation_codes.json");
    if (!file) {
        FAIL(e, INTERNAL, "violation_codes", "程序中没有违纪代码表。");
        return NULL;
    }
    return json_read(a, file->bytes, file->len, e);
}

/* The code's object, NULL if there is none. */
static const json_t *code_find(const json_t *codes, const char *code)
{
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(codes, "codes"), i, one)
    {
        const char *name = json_member_text(one, "code");
        if (name && code && strcmp(name, code) == 0)
            return one;
    }
    return NULL;
}

const char *violation_code_name(struct arena *a, const char *code)
{
    struct err e = {0};
    json_t *codes = codes_read(a, &e);
    const json_t *found = codes ? code_find(codes, code) : NULL;
    const char *name = found ? json_member_text(found, "name") : NULL;
    return name ? name : code;
}

bool violation_codes_put(struct arena *a, struct json_out *o, struct err *e)
{
    json_t *codes = codes_read(a, e);
    if (!codes)
        return FAIL(e, INTERNAL, "violation_codes", "违纪代码表读不出来。");
    put_text(o, "source", json_member_text(codes, "source"));
    put_text(o, "note", json_member_text(codes, "note"));
    put_text(o, "process", json_member_text(codes, "process"));
    put_json(o, "codes", json_object_get(codes, "codes"));
    return true;
}

/* --- report ----------------------------------------------------------------------------------- */
struct reporting {
    const struct actor *who;
    struct live_attempt *attempt;
    const struct violation_report *in;
    struct arena *arena;
    const char *sentence; /* for the candidate */
};

static bool report_is_whole(struct arena *a, const struct violation_report *in,
                            const char **sentence, struct err *e)
{
    json_t *codes = codes_read(a, e);
    const json_t *code = codes ? code_find(codes, in->code) : NULL;
    if (!code)
        return FAIL(e, INVALID, "/code", "没有这种违纪代码。");
    const json_t *trigger = json_array_get(json_object_get(code, "triggers"),
                                           in->trigger < 0 ? SIZE_MAX : (size_t)in->trigger);
    if (!trigger)
        return FAIL(e, INVALID, "/trigger", "请选择具体情形。");
    if (!in->note || !*in->note || strlen(in->note) > NOTE_MAX)
        return FAIL(e, INVALID, "/note", "请写明经过。");
    *sentence = arena_printf(a, "监考员记录了违纪情形：%s（%s）。你可以陈述和申辩。",
                             json_string_value(trigger), json_member_text(code, "article"));
    return true;
}

static bool report_work(struct db *db, struct sitting_act *act, struct err *e)
{
    struct reporting *r = act->ctx;
    struct live_attempt *at = r->attempt;
    struct query *q = db_query(db, SQL_violation_put);
    query_id(q, r->in->id);
    query_id(q, at->session->id);
    query_id(q, at->id);
    query_id(q, at->entry);
    query_text(q, r->in->code);
    query_int(q, r->in->trigger);
    query_text(q, r->in->note);
    query_int(q, r->in->told);
    query_id(q, r->who->account);
    query_int(q, r->who->now_ms);
    json_t *change = json_keep(r->arena,
                               json_pack("{s:s,s:I,s:b}", "code", r->in->code, "trigger",
                                         (json_int_t)r->in->trigger, "told", r->in->told));
    return query_run(q, e) && audit_write(db, r->who,
                                          &(struct audit_row){.act = ACT_violation_report,
                                                              .object_type = "vi",
                                                              .object = r->in->id,
                                                              .chain_owner = at->session->id,
                                                              .change = change},
                                          e);
}

static void report_done(struct sitting_act *act)
{
    struct reporting *r = act->ctx;
    live_lock(r->attempt);
    r->attempt->violations++;
    r->attempt->tile_changed = true;
    live_unlock(r->attempt);
    if (!r->in->told)
        return;
    struct json_out *o = json_out_create(r->arena);
    out_object(o);
    put_text(o, "text", r->sentence);
    put_int(o, "server_ms", r->who->now_ms);
    out_object_end(o);
    journal_publish(act->writer, r->attempt->id, "notice", json_out_text(o));
}

bool violation_report(struct journal_writer *w, const struct actor *who,
                      struct live_attempt *at, struct violation_report *in, struct err *e)
{
    struct arena *a = arena_create(VIOLATION_ARENA_BYTES);
    struct reporting r = {.who = who, .attempt = at, .in = in, .arena = a};
    struct sitting_act act = {.work = report_work, .done = report_done, .ctx = &r};
    in->id = id_random();
    bool ok = report_is_whole(a, in, &r.sentence, e) && journal_act(w, &act, e);
    arena_destroy(a);
    return ok;
}

/* --- reading ---------------------------------------------------------------------------------- */
static void read_row(struct query *q, struct arena *a, struct violation *v)
{
    *v = (struct violation){.id = query_get_id(q, 0),
                            .session = query_get_id(q, 1),
                            .attempt = query_get_id(q, 2),
                            .entry = query_get_id(q, 3),
                            .code = query_get_text(q, 4, a),
                            .trigger = query_get_int(q, 5),
                            .note = query_get_text(q, 6, a),
                            .told = query_get_int(q, 7) != 0,
                            .reporter = query_get_id(q, 8),
                            .witness = query_get_id(q, 9),
                            .at_ms = query_get_int(q, 10),
                            .statement = query_get_text(q, 11, a),
                            .state = query_get_text(q, 12, a),
                            .decided_code = query_get_text(q, 13, a),
                            .decision = query_get_text(q, 14, a),
                            .decided_by = query_get_id(q, 15),
                            .decided_second = query_get_id(q, 16),
                            .decided_ms = query_get_int(q, 17),
                            .seat_no = query_get_int(q, 18),
                            .name = query_get_text(q, 19, a)};
}

bool violation_get(struct db *db, struct arena *a, struct id body, struct id id,
                   struct violation *out, struct err *e)
{
    struct query *q = db_query(db, SQL_violation_get);
    query_id(q, id);
    query_id(q, body);
    if (!query_one(q, "violation", e))
        return false;
    read_row(q, a, out);
    query_done(q);
    return true;
}

bool violation_list(struct db *db, struct arena *a, struct id body, struct id session,
                    struct violation **out, size_t *count, struct err *e)
{
    struct query *q = db_query(db, SQL_violation_list);
    *out = NULL;
    *count = 0;
    query_id(q, session);
    query_id(q, body);
    query_int(q, LIST_MAX);
    while (query_next(q, e)) {
        *out = arena_grow(a, *out, *count, *count + 1, sizeof **out);
        read_row(q, a, &(*out)[(*count)++]);
    }
    return e->code == ERR_NONE;
}

void violation_out(struct json_out *o, const struct violation *v)
{
    out_object(o);
    put_id(o, "id", v->id);
    put_id(o, "session", v->session);
    put_id(o, "attempt", v->attempt);
    put_id(o, "entry", v->entry);
    put_int(o, "seat", v->seat_no);
    put_text(o, "name", v->name);
    put_text(o, "code", v->code);
    put_int(o, "trigger", v->trigger);
    put_text(o, "note", v->note);
    put_bool(o, "told", v->told);
    put_int(o, "at_ms", v->at_ms);
    put_id(o, "reporter", v->reporter);
    put_id(o, "witness", v->witness);
    put_text(o, "statement", v->statement);
    put_text(o, "state", v->state);
    put_text(o, "decided_code", v->decided_code);
    put_text(o, "decision", v->decision);
    put_int(o, "decided_ms", v->decided_ms);
    out_object_end(o);
}

/* --- witness, statement, decision ------------------------------------------------------------- */
struct changing {
    const struct actor *who;
    struct id id;
    const char *text;
    struct arena *arena;
};

static bool audit_violation(struct db *db, const struct actor *who, enum act act,
                            const struct violation *v, json_t *change, struct err *e)
{
    return audit_write(db, who,
                       &(struct audit_row){.act = act,
                                           .object_type = "vi",
                                           .object = v->id,
                                           .chain_owner = v->session,
                                           .change = change},
                       e);
}

static bool witness_work(struct db *db, void *ctx, struct err *e)
{
    struct changing *c = ctx;
    struct violation v;
    if (!violation_get(db, c->arena, c->who->body, c->id, &v, e))
        return false;
    struct query *q = db_query(db, SQL_violation_witness);
    query_id(q, c->id);
    query_id(q, c->who->account);
    return query_change_one(q, "/witness", "须由另一名监考员见证，且只见证一次。", e) &&
           audit_violation(db, c->who, ACT_violation_witness, &v, NULL, e);
}

static bool statement_work(struct db *db, void *ctx, struct err *e)
{
    struct changing *c = ctx;
    struct violation v;
    if (!violation_get(db, c->arena, c->who->body, c->id, &v, e))
        return false;
    struct query *q = db_query(db, SQL_violation_statement);
    query_id(q, c->id);
    query_text(q, c->text);
    return query_change_one(q, "/state", "已经作出决定，不能再补充陈述。", e) &&
           audit_violation(db, c->who, ACT_violation_statement, &v, NULL, e);
}

static bool change(struct db *db, struct changing *c,
                   bool (*work)(struct db *, void *, struct err *), struct err *e)
{
    c->arena = arena_create(VIOLATION_ARENA_BYTES);
    bool ok = db_transact(db, work, c, e);
    arena_destroy(c->arena);
    return ok;
}

bool violation_witness(struct db *db, const struct actor *who, struct id violation,
                       struct err *e)
{
    struct changing c = {.who = who, .id = violation};
    return change(db, &c, witness_work, e);
}

bool violation_statement(struct db *db, const struct actor *who, struct id violation,
                         const char *text, struct err *e)
{
    struct changing c = {.who = who, .id = violation, .text = text};
    if (!text || !*text || strlen(text) > NOTE_MAX)
        return FAIL(e, INVALID, "/text", "请写明考生的陈述（1000 字以内）。");
    return change(db, &c, statement_work, e);
}

bool violation_decide_execute(struct db *db, struct arena *a, const struct approval *p,
                              const struct actor *who, void *app, struct err *e)
{
    json_t *v = json_read(a, p->payload.at, p->payload.len, e), *codes = codes_read(a, e);
    struct violation now;
    struct id id;
    const char *text = v ? json_member_text(v, "violation") : NULL;
    const char *code = v ? json_member_text(v, "code") : NULL;
    const char *decision = v ? json_member_text(v, "decision") : NULL;
    (void)app;
    if (!v || !codes)
        return false;
    if (!text || !id_read(text, &id))
        return FAIL(e, INVALID, "/violation", "没有指明违纪记录。");
    if (code && !code_find(codes, code))
        return FAIL(e, INVALID, "/code", "没有这种违纪代码。");
    if (!decision || !*decision)
        return FAIL(e, INVALID, "/decision", "请写明处理决定和理由。");
    if (!violation_get(db, a, who->body, id, &now, e))
        return false;
    struct query *q = db_query(db, SQL_violation_decide);
    query_id(q, id);
    query_text(q, code ? "decided" : "dismissed");
    query_text(q, code);
    query_text(q, decision);
    query_id(q, who->account);
    query_id(q, who->second);
    query_int(q, who->now_ms);
    json_t *change_json = json_keep(
        a, json_pack("{s:s?,s:s}", "code", code, "decision", decision));
    return query_change_one(q, "/state", "违纪记录须先由第二名监考员见证，且只决定一次。", e) &&
           audit_violation(db, who, ACT_violation_decide, &now, change_json, e);
}
