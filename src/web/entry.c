/* web/entry.c - applications: the applicant's form, the registrar's queue, the road. */
#include <string.h>

#include "base/arena.h"
#include "entry/entry_store.h"
#include "entry/evidence.h"
#include "entry/timeline.h"
#include "people/mask.h"
#include "people/person.h"
#include "programme/facts.h"
#include "programme/programme.h"
#include "store/db.h"
#include "web/app.h"
#include "web/entry_of.h"
#include "web/handlers.h"
#include "web/resit.h"

/* ------------------------------------------------------------------ one application */
static void put_evidence(struct json_out *o, const struct evidence *v)
{
    out_object(o);
    put_id(o, "id", v->id);
    put_text(o, "kind", v->kind);
    put_text(o, "fact", v->fact);
    put_text(o, "name", v->name);
    put_text(o, "media_type", v->media_type);
    put_int(o, "size", v->size);
    put_int(o, "at_ms", v->at_ms);
    out_object_end(o);
}

/* A draft may not be readable yet: then the place that is missing is told instead. */
static void put_verdict(struct json_out *o, const struct entry_desk *d, const struct entry *n,
                        const struct programme *p)
{
    struct eligibility v;
    struct err why = {0};
    if (entry_judge(d, p, n, &v, &why)) {
        out_key(o, "verdict");
        eligibility_write(&v, o);
        return;
    }
    put_object(o, "verdict_error");
    put_text(o, "field", why.field);
    put_text(o, "text", why.text);
    out_object_end(o);
}

static void put_person(struct json_out *o, const struct person *p)
{
    put_object(o, "person");
    put_id(o, "id", p->id);
    put_text(o, "name", p->name);
    put_text(o, "sex", sex_word(p->sex));
    put_text(o, "document_kind", p->has_document ? document_word(p->kind) : NULL);
    put_text(o, "document_number", p->document_mask);
    put_text(o, "phone", p->phone_mask);
    put_bool(o, "identity_checked", p->identity_checked);
    put_bool(o, "has_account", !id_is_zero(p->account));
    out_object_end(o);
}

static bool reply_entry_with(struct request *rq, struct reply *rp, const struct entry_desk *d,
                             struct id id, int status, struct err *e)
{
    struct entry n;
    struct batch b;
    const struct programme *p;
    struct person person;
    struct evidence *files;
    size_t count;
    struct resits resits;
    if (!entry_get(rq->db, rq->arena, &d->scope, id, &n, e) || !entry_frame(d, &n, &b, &p, e) ||
        !resits_of(rq, &n, &b, p, &resits, e) ||
        !person_get(&d->people, n.person, &person, e) ||
        !evidence_list(d, id, &files, &count, e))
        return false;
    struct json_out *o = reply_json_with(rp, status);
    put_object(o, "entry");
    put_entry(o, &n, p);
    out_object_end(o);
    put_object(o, "batch");
    put_batch(o, &b, p);
    out_object_end(o);
    put_person(o, &person);
    put_verdict(o, d, &n, p);
    put_resits(o, &resits);
    put_array(o, "evidence");
    for (size_t i = 0; i < count; i++)
        put_evidence(o, &files[i]);
    out_array_end(o);
    put_int(o, "now", rq->now_ms);
    return true;
}

static bool reply_entry(struct request *rq, struct reply *rp, struct err *e)
{
    struct entry_desk d = entry_desk_of(rq);
    return reply_entry_with(rq, rp, &d, rq->id[0], 200, e);
}

bool entry_one_get(struct request *rq, struct reply *rp, struct err *e)
{
    return reply_entry(rq, rp, e);
}

/* ------------------------------------------------------------------ applying */
struct entry_start_body {
    struct id batch;
    int64_t level;
    const char *direction;
};
static const struct field entry_start_rows[] = {
    {FIELD(struct entry_start_body, batch, ID), .required = true},
    {FIELD(struct entry_start_body, level, INT), .required = true, .min = 1, .max = 9},
    {FIELD(struct entry_start_body, direction, TEXT), .max = ENTRY_DIRECTION_BYTES - 1},
};
const struct fields entry_start_fields = FIELDS("entry_start", struct entry_start_body,
                                                entry_start_rows);

bool entries_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct entry_start_body *b = rq->input;
    struct entry_desk d = entry_desk_own(rq);
    struct entry_start s = {id_random(), b->batch, b->level, b->direction};
    return entry_start(&d, &s, e) && reply_entry_with(rq, rp, &d, s.id, 201, e);
}

struct entry_save_body {
    int64_t version, level;
    const char *direction;
    struct json_t *facts;
};
/* clang-format off */
static const struct field entry_save_rows[] = {
    {FIELD(struct entry_save_body, version, INT), .required = true, .min = 1, .max = INT64_MAX},
    {FIELD(struct entry_save_body, level, INT), .min = 1, .max = 9},
    {FIELD(struct entry_save_body, direction, TEXT), .max = ENTRY_DIRECTION_BYTES - 1},
    {FIELD(struct entry_save_body, facts, JSON)},
};
/* clang-format on */
const struct fields entry_save_fields = FIELDS("entry_save", struct entry_save_body,
                                               entry_save_rows);

bool entry_patch(struct request *rq, struct reply *rp, struct err *e)
{
    const struct entry_save_body *b = rq->input;
    struct entry_desk d = entry_desk_of(rq);
    struct entry_save s = {rq->id[0], b->version, b->level, b->direction, b->facts};
    return entry_save(&d, &s, e) && reply_entry(rq, rp, e);
}

struct entry_act_body {
    int64_t version;
    const char *reason;
};
static const struct field entry_act_rows[] = {
    {FIELD(struct entry_act_body, version, INT), .required = true, .min = 1, .max = INT64_MAX},
    {FIELD(struct entry_act_body, reason, TEXT), .max = 500},
};
const struct fields entry_act_fields = FIELDS("entry_act", struct entry_act_body,
                                              entry_act_rows);

bool entry_submit_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct entry_act_body *b = rq->input;
    struct entry_desk d = entry_desk_of(rq);
    return resits_check(rq, rq->id[0], e) && entry_submit(&d, rq->id[0], b->version, e) &&
           reply_entry(rq, rp, e);
}

bool entry_withdraw_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct entry_act_body *b = rq->input;
    struct entry_desk d = entry_desk_of(rq);
    return entry_withdraw(&d, rq->id[0], b->version, b->reason, e) && reply_entry(rq, rp, e);
}

/* ------------------------------------------------------------------ reviewing */
static bool decide(struct request *rq, struct reply *rp, enum entry_state to, struct err *e)
{
    const struct entry_act_body *b = rq->input;
    struct entry_desk d = entry_desk_of(rq);
    struct entry_review r = {rq->id[0], b->version, to, b->reason, resits_note, rq};
    return entry_review(&d, &r, e) && reply_entry(rq, rp, e);
}

bool entry_accept_post(struct request *rq, struct reply *rp, struct err *e)
{
    return decide(rq, rp, ENTRY_ACCEPTED, e);
}

bool entry_return_post(struct request *rq, struct reply *rp, struct err *e)
{
    return decide(rq, rp, ENTRY_RETURNED, e);
}

bool entry_refuse_post(struct request *rq, struct reply *rp, struct err *e)
{
    return decide(rq, rp, ENTRY_REFUSED, e);
}

struct entry_facts_body {
    int64_t version;
    const char *reason;
    struct fact_ruling *rulings;
    size_t ruling_count;
};
/* clang-format off */
static const struct field entry_facts_rows[] = {
    {FIELD(struct entry_facts_body, version, INT), .required = true, .min = 1, .max = INT64_MAX},
    {FIELD(struct entry_facts_body, reason, TEXT), .max = 500},
    {FIELD(struct entry_facts_body, rulings, OBJECTS), FIELD_COUNT(struct entry_facts_body, ruling_count),
     .required = true, .min = 1, .max = 100, .sub = &fact_ruling_fields},
};
/* clang-format on */
const struct fields entry_facts_fields = FIELDS("entry_facts", struct entry_facts_body,
                                                entry_facts_rows);

bool entry_facts_patch(struct request *rq, struct reply *rp, struct err *e)
{
    const struct entry_facts_body *b = rq->input;
    struct entry_desk d = entry_desk_of(rq);
    struct entry_ruling r = {rq->id[0], b->version, b->reason, b->rulings, b->ruling_count};
    return entry_confirm_facts(&d, &r, e) && reply_entry(rq, rp, e);
}

bool batch_entries_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct entry_desk d = entry_desk_of(rq);
    struct page page = request_page(rq);
    const char *state = request_query(rq, "state");
    struct entry_filter f = {.scope = d.scope,
                             .batch = rq->id[0],
                             .q = request_query(rq, "q"),
                             .limit = page.limit,
                             .offset = page.offset};
    struct batch b;
    const struct programme *p;
    struct entry_line *lines;
    size_t count;
    int64_t total;
    if (state && *state && !entry_state_read(state, &f.state))
        return FAIL(e, INVALID, "state", "没有这种状态。");
    if (!batch_get(rq->db, rq->arena, rq->viewer.body, rq->id[0], &b, e) ||
        !batch_programme(rq->db, rq->arena, rq->app->programmes, &b, &p, e) ||
        !entry_lines(rq->db, rq->arena, &f, &lines, &count, &total, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_array(o, "entries");
    for (size_t i = 0; i < count; i++) {
        out_object(o);
        put_entry(o, &lines[i].entry, p);
        put_text(o, "name", lines[i].name);
        put_int(o, "evidence_count", lines[i].evidence_count);
        out_object_end(o);
    }
    out_array_end(o);
    put_int(o, "total", total);
    return true;
}

bool entry_history_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct entry_desk d = entry_desk_of(rq);
    struct entry n;
    struct entry_event *events;
    size_t count;
    if (!entry_get(rq->db, rq->arena, &d.scope, rq->id[0], &n, e) ||
        !entry_events(rq->db, rq->arena, n.id, &events, &count, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_array(o, "history");
    for (size_t i = 0; i < count; i++) {
        const struct entry_event *v = &events[i];
        out_object(o);
        put_int(o, "seq", v->seq);
        put_int(o, "at_ms", v->at_ms);
        put_text(o, "act", act_name(v->act));
        put_text(o, "label", act_label(v->act));
        put_text(o, "from", v->from ? entry_state_name((enum entry_state)v->from) : NULL);
        put_text(o, "to", entry_state_name((enum entry_state)v->to));
        put_text(o, "reason", v->reason);
        put_bool(o, "by_me", id_equal(v->actor, rq->viewer.account));
        out_object_end(o);
    }
    out_array_end(o);
    return true;
}

/* ------------------------------------------------------------------ may I sit? */
struct eligibility_body {
    const char *programme, *direction;
    int64_t level;
    struct json_t *facts;
    date_days as_of;
};
/* clang-format off */
static const struct field eligibility_rows[] = {
    {FIELD(struct eligibility_body, programme, TEXT), .required = true, .min = 1, .max = 40},
    {FIELD(struct eligibility_body, level, INT), .required = true, .min = 1, .max = 9},
    {FIELD(struct eligibility_body, direction, TEXT), .max = 8},
    {FIELD(struct eligibility_body, facts, JSON), .required = true},
    {FIELD(struct eligibility_body, as_of, DATE)},
};
/* clang-format on */
const struct fields eligibility_fields = FIELDS("eligibility", struct eligibility_body,
                                                eligibility_rows);

bool eligibility_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct eligibility_body *b = rq->input;
    struct eligibility v;
    struct facts facts;
    struct eligibility_question q = {
        .programme = programme_find(rq->app->programmes, b->programme),
        .level = b->level,
        .direction = b->direction,
        .facts = &facts,
        .as_of = b->as_of};
    if (!q.programme)
        return FAIL(e, INVALID, "/programme", "没有这个考核项目。");
    if (q.as_of == DATE_NONE)
        q.as_of = date_of_instant(rq->now_ms, CHINA_OFFSET_MS);
    if (!facts_read(rq->arena, b->facts, &facts, e)) {
        err_under(e, "/facts");
        return false;
    }
    if (!eligibility_judge(rq->arena, &q, &v, e))
        return false;
    struct json_out *o = reply_json(rp);
    out_key(o, "eligibility");
    eligibility_write(&v, o);
    return true;
}
