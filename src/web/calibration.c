/* web/calibration.c - runs that measure the bank's items, and the two people who adopt one. */
#include "measure/calibration.h"

#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "measure/numbers.h"
#include "programme/programme.h"
#include "store/work.h"
#include "web/app.h"
#include "web/approvals.h"
#include "web/bank_of.h"
#include "web/handlers.h"
#include "web/marking.h"
#include "web/work.h"

static void put_row(struct json_out *o, const struct calibration_row *r)
{
    put_id(o, "id", r->id);
    put_text(o, "programme", r->programme);
    put_text(o, "model", r->model);
    put_int(o, "sittings", r->sittings);
    put_int(o, "persons", r->persons);
    put_real(o, "log_likelihood", r->log_likelihood);
    put_int(o, "before", r->before);
    put_int(o, "anchors", r->anchors);
    put_int(o, "fresh", r->fresh);
    put_int(o, "drifted", r->drifted);
    put_real(o, "link_a", r->link_a);
    put_real(o, "link_b", r->link_b);
    put_text(o, "actor", r->actor);
    put_text(o, "second", r->second);
    put_int(o, "ran_ms", r->ran_ms);
    put_int(o, "adopted_ms", r->adopted_ms);
}

bool calibrations_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct marking m = marking_of(rq);
    const char *programme = request_query(rq, "programme");
    struct calibration_row *rows;
    size_t count;
    if (!calibration_list(&m, programme ? programme : "", &rows, &count, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_array(o, "runs");
    for (size_t i = 0; i < count; i++) {
        out_object(o);
        put_row(o, &rows[i]);
        out_object_end(o);
    }
    out_array_end(o);
    return true;
}

static void put_item(struct json_out *o, const struct calibrated_item *i)
{
    out_object(o);
    put_id(o, "item", i->item);
    put_text(o, "code", i->code);
    put_text(o, "role", i->role);
    put_real(o, "a", i->estimate.a);
    put_real(o, "b", i->estimate.b);
    put_real(o, "c", i->estimate.c);
    put_real(o, "se_a", i->estimate.se_a);
    put_real(o, "se_b", i->estimate.se_b);
    put_real(o, "se_c", i->estimate.se_c);
    put_int(o, "answers", i->estimate.answers);
    put_real(o, "kept_b", i->kept_b);
    put_bool(o, "current", i->current);
    put_int(o, "difficulty", i->difficulty);
    out_object_end(o);
}

bool calibration_one_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct marking m = marking_of(rq);
    struct calibration c;
    if (!calibration_get(&m, rq->id[0], &c, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_object(o, "run");
    put_row(o, &c.row);
    out_object_end(o);
    put_array(o, "items");
    for (size_t i = 0; i < c.count; i++)
        put_item(o, &c.items[i]);
    out_array_end(o);
    return true;
}

struct calibration_new_body {
    const char *programme, *model;
};
static const struct field calibration_new_rows[] = {
    {FIELD(struct calibration_new_body, programme, TEXT), .required = true, .min = 1,
     .max = 60},
    {FIELD(struct calibration_new_body, model, TEXT), .required = true,
     .allowed = calibrate_model_names},
};
const struct fields calibration_new_fields = FIELDS(
    "calibration_new", struct calibration_new_body, calibration_new_rows);

bool calibrations_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct calibration_new_body *in = rq->input;
    static const struct id nothing;
    const struct programme *p;
    return programme_of(rq, in->programme, &p, e) &&
           work_ask_for(rq, rp, "calibrate", nothing,
                        json_pack("{s:s, s:s}", "programme", p->id, "model", in->model), e);
}

bool calibration_work(const struct working *w, struct id *result, struct err *e)
{
    struct marking m = marking_of_work(w);
    const json_t *in = json_read(w->arena, w->work->argument, strlen(w->work->argument), e);
    const char *model = in ? json_member_text(in, "model") : NULL;
    size_t k = 0;
    while (model && calibrate_model_names[k] && strcmp(calibrate_model_names[k], model) != 0)
        k++;
    if (!model || !calibrate_model_names[k])
        return FAIL(e, INVALID, "/model", "没有这个模型。");
    return calibration_run(&m, json_member_text(in, "programme"), (enum calibrate_model)k,
                           result, e);
}

struct calibration_adopt_body {
    const char *reason;
};
static const struct field calibration_adopt_rows[] = {
    {FIELD(struct calibration_adopt_body, reason, TEXT), .required = true, .min = 2,
     .max = 500},
};
const struct fields calibration_adopt_fields = FIELDS(
    "calibration_adopt", struct calibration_adopt_body, calibration_adopt_rows);

bool calibration_adopt_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct calibration_adopt_body *in = rq->input;
    struct marking m = marking_of(rq);
    struct calibration c;
    if (!calibration_get(&m, rq->id[0], &c, e))
        return false;
    if (c.row.adopted_ms)
        return FAIL(e, CONFLICT, "/calibration", "这次估计已经采用。");
    struct proposal p = {
        .act = ACT_calibration_adopt,
        .object = rq->id[0],
        .summary = arena_printf(rq->arena, "采用 %lld 道题的参数（%s，%lld 人作答）：%s",
                                (long long)c.row.fresh, c.row.model, (long long)c.row.persons,
                                in->reason),
    };
    return propose(rq, rp, &p, e);
}

bool calibration_adopt_execute(struct db *db, struct arena *a, const struct approval *p,
                               const struct actor *who, void *app, struct err *e)
{
    const struct request *rq = app;
    struct marking m = {db, a, rq->app->master, rq->app->programmes, who, NULL};
    return calibration_adopt(&m, p->object, e);
}
