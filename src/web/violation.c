/* web/violation.c - violations: recorded in the room, witnessed, answered, decided by two. */
#include "sitting/violation.h"

#include "base/arena.h"
#include "sitting/live.h"
#include "sitting/session.h"
#include "sitting/supervise.h"
#include "sitting/writer.h"
#include "web/app.h"
#include "web/approvals.h"
#include "web/handlers.h"
#include "web/session.h"

bool violation_codes_get(struct request *rq, struct reply *rp, struct err *e)
{
    return violation_codes_put(rq->arena, reply_json(rp), e);
}

struct violation_body {
    struct id attempt;
    const char *code, *note;
    int64_t trigger;
    bool told;
};
static const struct field report_rows[] = {
    {FIELD(struct violation_body, attempt, ID), .required = true},
    {FIELD(struct violation_body, code, TEXT), .required = true, .max = 40},
    {FIELD(struct violation_body, trigger, INT), .required = true, .min = 0, .max = 100},
    {FIELD(struct violation_body, note, TEXT), .required = true, .min = 2, .max = 1000},
    {FIELD(struct violation_body, told, BOOL), .required = true},
};
const struct fields violation_report_fields = FIELDS("violation_report", struct violation_body,
                                                     report_rows);

static bool reply_violation(struct request *rq, struct reply *rp, struct id id, struct err *e)
{
    struct violation v;
    if (!violation_get(rq->db, rq->arena, rq->actor.body, id, &v, e))
        return false;
    struct json_out *o = reply_json(rp);
    out_key(o, "violation");
    violation_out(o, &v);
    return true;
}

bool room_violation_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct violation_body *b = rq->input;
    struct live_room *r;
    struct live_attempt *a;
    struct violation_report in = {
        .code = b->code, .note = b->note, .trigger = b->trigger, .told = b->told};
    return room_invigilated(rq, &r, e) &&
           room_attempt(rq->app->journal, r, b->attempt, &a, e) &&
           violation_report(rq->app->journal, &rq->actor, a, &in, e) &&
           reply_violation(rq, rp, in.id, e);
}

bool session_watched(struct request *rq, struct id session, struct err *e)
{
    static const enum duty duties[] = {DUTY_invigilator, DUTY_quality_supervisor};
    struct duty_question q = {
        .body = rq->actor.body, .session = session, .account = rq->actor.account};
    return viewer_has(&rq->viewer, ROLE_registrar) ||
           staff_has_any_duty(rq->db, &q, duties, sizeof duties / sizeof *duties, e);
}

bool session_violations_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct violation *list;
    size_t count;
    /* A head examiner decides, so sees what there is to decide. */
    if (!(viewer_has(&rq->viewer, ROLE_head_examiner) || session_watched(rq, rq->id[0], e)) ||
        !violation_list(rq->db, rq->arena, rq->actor.body, rq->id[0], &list, &count, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_array(o, "violations");
    for (size_t i = 0; i < count; i++)
        violation_out(o, &list[i]);
    out_array_end(o);
    return true;
}

static bool seen(struct request *rq, struct err *e)
{
    struct violation v;
    return violation_get(rq->db, rq->arena, rq->actor.body, rq->id[0], &v, e) &&
           session_watched(rq, v.session, e);
}

bool violation_witness_post(struct request *rq, struct reply *rp, struct err *e)
{
    return seen(rq, e) && violation_witness(rq->db, &rq->actor, rq->id[0], e) &&
           reply_violation(rq, rp, rq->id[0], e);
}

struct violation_text_body {
    const char *text;
};
static const struct field statement_rows[] = {
    {FIELD(struct violation_text_body, text, TEXT), .required = true, .min = 1, .max = 1000},
};
const struct fields violation_statement_fields = FIELDS(
    "violation_statement", struct violation_text_body, statement_rows);

bool violation_statement_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct violation_text_body *b = rq->input;
    return seen(rq, e) && violation_statement(rq->db, &rq->actor, rq->id[0], b->text, e) &&
           reply_violation(rq, rp, rq->id[0], e);
}

struct violation_decision_body {
    const char *code, *decision;
};
static const struct field decision_rows[] = {
    {FIELD(struct violation_decision_body, code, TEXT), .max = 40},
    {FIELD(struct violation_decision_body, decision, TEXT), .required = true, .min = 2,
     .max = 1000},
};
const struct fields violation_decision_fields = FIELDS(
    "violation_decision", struct violation_decision_body, decision_rows);

bool violation_decide_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct violation_decision_body *b = rq->input;
    struct violation v;
    if (!violation_get(rq->db, rq->arena, rq->actor.body, rq->id[0], &v, e))
        return false;
    struct json_out *o = json_out_create(rq->arena);
    out_object(o);
    put_id(o, "violation", v.id);
    put_text(o, "code", b->code);
    put_text(o, "decision", b->decision);
    out_object_end(o);
    struct proposal p = {.act = ACT_violation_decide,
                         .object = v.id,
                         .payload = json_out_text(o),
                         .summary = arena_printf(rq->arena, "%lld 号座位的违纪处理：%s",
                                                 (long long)v.seat_no,
                                                 b->code ? b->code : "不予认定")};
    return propose(rq, rp, &p, e);
}
