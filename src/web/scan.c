/* web/scan.c - answer sheets printed, scans uploaded, doubtful marks decided, a sample checked. */
#include "marking/scan.h"

#include "base/arena.h"
#include "base/json.h"
#include "web/app.h"
#include "web/handlers.h"
#include "web/marking.h"

/* ?attempt=ID: only that candidate's. */
bool answer_sheets_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct marking m = marking_of(rq);
    const char *text = request_query(rq, "attempt");
    struct id attempt = {{0}};
    struct bytes pdf;
    if (text && !id_read(text, &attempt))
        return FAIL(e, INVALID, "/attempt", "须为 32 位十六进制编号。");
    if (!scan_sheets_print(&m, rq->id[0], attempt, rq->app->demo, &pdf, e))
        return false;
    reply_file(rp, "application/pdf", "答题卡.pdf", pdf);
    return true;
}

static void put_attempts(const struct scan_subjects *subjects,
                         const struct scan_progress *progress, struct json_out *o)
{
    put_array(o, "attempts");
    for (size_t i = 0; i < subjects->count; i++) {
        const struct scan_subject_row *s = &subjects->at[i];
        const struct scan_progress *p = &progress[i];
        out_object(o);
        put_id(o, "attempt", s->attempt);
        put_text(o, "room", s->room);
        put_int(o, "seat", s->seat_no);
        put_text(o, "ticket", s->subject.ticket);
        put_int(o, "pages", s->layout.pages);
        put_int(o, "pages_read", p->pages_read);
        put_int(o, "doubtful", p->doubtful);
        put_bool(o, "widened", p->widened);
        put_bool(o, "may_check", p->may_check);
        put_text(o, "state", scan_state_names[p->state]);
        out_object_end(o);
    }
    out_array_end(o);
}

static void put_refused(const struct scan_refusals *refused, struct json_out *o)
{
    put_array(o, "refused");
    for (size_t i = 0; i < refused->count; i++) {
        const struct scan_refusal *r = &refused->at[i];
        out_object(o);
        put_id(o, "id", r->page);
        put_id(o, "file", r->file);
        put_int(o, "no", r->no);
        put_int(o, "at_ms", r->at_ms);
        if (!id_is_zero(r->attempt))
            put_id(o, "attempt", r->attempt);
        put_int(o, "page", r->sheet_page);
        put_text(o, "why", r->why);
        if (r->aside)
            put_text(o, "aside", r->aside);
        out_object_end(o);
    }
    out_array_end(o);
}

bool scans_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct marking m = marking_of(rq);
    struct scan_subjects subjects;
    struct scan_progress *progress;
    struct scan_refusals refused;
    if (!scan_subjects(&m, rq->id[0], (struct id){{0}}, &subjects, e) ||
        !scan_progress_list(&m, rq->id[0], &subjects, &progress, e) ||
        !scan_refused_list(&m, rq->id[0], &refused, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_attempts(&subjects, progress, o);
    put_refused(&refused, o);
    return true;
}

bool scan_post(struct request *rq, struct reply *rp, struct err *e)
{
    struct marking m = marking_of(rq);
    struct scan_upload u = {rq->id[0], rq->body, rq->app->program, &rq->app->blobs};
    struct scan_subjects subjects;
    struct scan_report r;
    if (!scan_subjects(&m, rq->id[0], (struct id){{0}}, &subjects, e) ||
        !scan_take(&m, &u, &subjects, &r, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_id(o, "file", r.file);
    put_bool(o, "known", r.known);
    put_int(o, "pages", r.pages);
    put_int(o, "read", r.read);
    put_int(o, "refused", r.refused);
    put_int(o, "doubtful", r.doubtful);
    put_int(o, "entered", r.entered);
    return true;
}

bool scan_picture_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct marking m = marking_of(rq);
    const char *text = request_query(rq, "page");
    struct scan_page_at at = {.session = rq->id[0], .attempt = rq->id[1]};
    struct bytes jpeg;
    if (!text || !id_read(text, &at.page))
        return FAIL(e, INVALID, "/page", "须为 32 位十六进制编号。");
    if (!scan_picture(&m, &rq->app->blobs, &at, &jpeg, e))
        return false;
    reply_bytes(rp, 200, "image/jpeg", jpeg);
    return true;
}

/* --- looks ---------------------------------------------------------------------------------------- */
static bool subject_of(struct request *rq, const struct marking *m,
                       struct scan_subject_row *out, struct err *e)
{
    return scan_subject_open(m, rq->id[0], rq->id[1], out, e);
}

/* "at": where the place lies on the page, in millimetres. */
static void put_looks(struct json_out *o, const struct scan_looks *looks, bool doubts)
{
    put_array(o, "places");
    for (size_t i = 0; i < looks->count; i++) {
        const struct scan_look *l = &looks->at[i];
        out_object(o);
        put_int(o, "n", l->n);
        put_json(o, "place", l->place);
        put_id(o, "page", l->page);
        if (doubts) {
            put_text(o, "doubt", scan_doubt_name(l->doubt));
            put_text(o, "why", scan_doubt_text(l->doubt));
        }
        put_object(o, "at");
        put_number(o, "x", l->box.x);
        put_number(o, "y", l->box.y);
        put_number(o, "width", l->box.width);
        put_number(o, "height", l->box.height);
        out_object_end(o);
        out_object_end(o);
    }
    out_array_end(o);
}

bool scan_doubts_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct marking m = marking_of(rq);
    struct scan_subject_row s;
    struct scan_looks looks;
    if (!subject_of(rq, &m, &s, e) || !scan_doubts(&m, &s, &looks, e))
        return false;
    put_looks(reply_json(rp), &looks, true);
    return true;
}

struct scan_decide_body {
    int64_t n;
    struct json_t *response;
};
static const struct field decide_rows[] = {
    {FIELD(struct scan_decide_body, n, INT), .required = true, .min = 1, .max = 1000},
    {FIELD(struct scan_decide_body, response, JSON)},
};
const struct fields scan_decide_fields = FIELDS("scan_decide", struct scan_decide_body,
                                                decide_rows);

bool scan_doubt_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct scan_decide_body *in = rq->input;
    struct marking m = marking_of(rq);
    struct scan_subject_row s;
    struct scan_verdict v = {in->n,
                             in->response ? in->response : json_keep(rq->arena, json_null())};
    bool entered;
    if (!subject_of(rq, &m, &s, e) || !scan_decide(&m, &s, &v, &entered, e))
        return false;
    put_bool(reply_json(rp), "entered", entered);
    return true;
}

bool scan_check_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct marking m = marking_of(rq);
    struct scan_subject_row s;
    struct scan_looks looks;
    if (!subject_of(rq, &m, &s, e) || !scan_check_open(&m, &s, &looks, e))
        return false;
    put_looks(reply_json(rp), &looks, false);
    return true;
}

struct scan_check_body {
    struct json_t *answers;
};
static const struct field check_rows[] = {
    {FIELD(struct scan_check_body, answers, JSON), .required = true},
};
const struct fields scan_check_fields = FIELDS("scan_check", struct scan_check_body,
                                               check_rows);

bool scan_check_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct scan_check_body *in = rq->input;
    struct marking m = marking_of(rq);
    struct scan_subject_row s;
    bool widened;
    if (!subject_of(rq, &m, &s, e) || !scan_check_save(&m, &s, in->answers, &widened, e))
        return false;
    put_bool(reply_json(rp), "widened", widened);
    return true;
}
