/* web/typed.c - answers from paper: two typists, and who decides where they differ. */
#include "marking/typed.h"

#include "base/arena.h"
#include "base/json.h"
#include "web/app.h"
#include "web/handlers.h"
#include "web/marking.h"

bool typed_sessions_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct marking m = marking_of(rq);
    struct typed_session *list;
    size_t count;
    if (!typed_sessions(&m, &list, &count, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_array(o, "sessions");
    for (size_t i = 0; i < count; i++) {
        out_object(o);
        put_id(o, "id", list[i].id);
        put_text(o, "title", list[i].title);
        put_int(o, "starts_ms", list[i].starts_ms);
        out_object_end(o);
    }
    out_array_end(o);
    return true;
}

bool typed_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct marking m = marking_of(rq);
    struct typed_row *rows;
    size_t count;
    if (!typed_list(&m, rq->id[0], &rows, &count, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_array(o, "attempts");
    for (size_t i = 0; i < count; i++) {
        out_object(o);
        put_id(o, "attempt", rows[i].attempt);
        put_text(o, "room", rows[i].room);
        put_int(o, "seat", rows[i].seat_no);
        put_text(o, "ticket", rows[i].ticket);
        put_text(o, "attempt_state", rows[i].attempt_state);
        put_text(o, "state", typed_state_names[rows[i].state]);
        put_int(o, "submitted", rows[i].submitted);
        put_int(o, "differences", rows[i].differences);
        put_bool(o, "mine", rows[i].mine);
        put_bool(o, "mine_submitted", rows[i].mine_submitted);
        out_object_end(o);
    }
    out_array_end(o);
    return true;
}

bool typed_sheet_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct marking m = marking_of(rq);
    struct typed_sheet s;
    if (!typed_open(&m, rq->id[0], rq->id[1], &s, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_json(o, "places", s.places);
    put_json(o, "answers", s.answers);
    put_int(o, "version", s.version);
    put_bool(o, "submitted", s.submitted);
    return true;
}

struct typed_save_body {
    struct json_t *answers;
    int64_t version;
    bool submit;
};
static const struct field save_rows[] = {
    {FIELD(struct typed_save_body, answers, JSON), .required = true},
    {FIELD(struct typed_save_body, version, INT), .required = true, .min = 0, .max = 1000000},
    {FIELD(struct typed_save_body, submit, BOOL), .required = true},
};
const struct fields typed_save_fields = FIELDS("typed_save", struct typed_save_body, save_rows);

bool typed_sheet_put(struct request *rq, struct reply *rp, struct err *e)
{
    const struct typed_save_body *in = rq->input;
    struct marking m = marking_of(rq);
    struct typed_save save = {rq->id[0], rq->id[1], in->answers, in->version, in->submit};
    int64_t version;
    if (!typed_save(&m, &save, &version, e))
        return false;
    put_int(reply_json(rp), "version", version);
    return true;
}

bool typed_paper_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct marking m = marking_of(rq);
    struct bytes pdf;
    if (!typed_print(&m, rq->id[0], rq->id[1], rq->app->demo, &pdf, e))
        return false;
    reply_file(rp, "application/pdf", "试卷.pdf", pdf);
    return true;
}

bool typed_differences_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct marking m = marking_of(rq);
    const struct json_t *places;
    struct typed_difference *list;
    size_t count;
    if (!typed_compare(&m, rq->id[0], rq->id[1], &places, &list, &count, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_array(o, "differences");
    for (size_t i = 0; i < count; i++) {
        out_object(o);
        put_int(o, "n", list[i].n);
        put_json(o, "place", json_array_get(places, (size_t)list[i].n - 1));
        put_json(o, "one", list[i].one);
        put_json(o, "two", list[i].two);
        out_object_end(o);
    }
    out_array_end(o);
    return true;
}

struct typed_decide_body {
    int64_t n;
    struct json_t *response;
    const char *reason;
};
static const struct field decide_rows[] = {
    {FIELD(struct typed_decide_body, n, INT), .required = true, .min = 1, .max = 1000},
    {FIELD(struct typed_decide_body, response, JSON)},
    {FIELD(struct typed_decide_body, reason, TEXT), .required = true, .min = 4, .max = 500},
};
const struct fields typed_decide_fields = FIELDS("typed_decide", struct typed_decide_body,
                                                 decide_rows);

bool typed_decision_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct typed_decide_body *in = rq->input;
    struct marking m = marking_of(rq);
    struct typed_verdict v = {rq->id[0], rq->id[1], in->n,
                              in->response ? in->response : json_keep(rq->arena, json_null()),
                              in->reason};
    (void)rp;
    return typed_decide(&m, &v, e);
}
