/* web/practice.c - candidates practise with what exams no longer use; two people decide what that is. */
#include "bank/practice.h"

#include "bank/kind.h"
#include "base/arena.h"
#include "base/json.h"
#include "programme/programme.h"
#include "web/app.h"
#include "web/approvals.h"
#include "web/bank_of.h"
#include "web/handlers.h"

enum { PRACTICE_FULL = 1000 };

bool practice_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct bank b = bank_of(rq);
    struct practice_area *areas;
    size_t count;
    if (!practice_areas(&b, &areas, &count, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_array(o, "areas");
    for (size_t i = 0; i < count; i++) {
        const struct programme *p = programme_find(rq->app->programmes, areas[i].programme);
        const char *name = p ? programme_area_name(p, areas[i].area) : NULL;
        out_object(o);
        put_text(o, "programme", areas[i].programme);
        put_text(o, "title", p ? p->name : areas[i].programme);
        put_text(o, "area", areas[i].area);
        put_text(o, "name", name ? name : areas[i].area);
        put_int(o, "items", areas[i].items);
        out_object_end(o);
    }
    out_array_end(o);
    return true;
}

/* ?programme=…&area=…: questions, never keys. */
bool practice_items_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct bank b = bank_of(rq);
    struct page page = request_page(rq);
    const char *programme = request_query(rq, "programme"), *area = request_query(rq, "area");
    struct practice_item *items;
    size_t count;
    int64_t total;
    if (!practice_items(&b, programme ? programme : "", area ? area : "", page.limit,
                        page.offset, &items, &count, &total, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_array(o, "items");
    for (size_t i = 0; i < count; i++) {
        out_object(o);
        put_id(o, "id", items[i].id);
        out_key(o, "question");
        item_write_presented(rq->arena, &items[i].item, o);
        out_object_end(o);
    }
    out_array_end(o);
    put_int(o, "total", total);
    return true;
}

struct practice_answer_body {
    struct json_t *response;
};
static const struct field practice_answer_rows[] = {
    {FIELD(struct practice_answer_body, response, JSON)},
};
const struct fields practice_answer_fields = FIELDS(
    "practice_answer", struct practice_answer_body, practice_answer_rows);

/* The key and why; whether the answer was right, where a machine can tell. Nothing is kept. */
bool practice_answer_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct practice_answer_body *in = rq->input;
    struct bank b = bank_of(rq);
    struct practice_item p;
    struct item_score score = {0};
    struct score_order order = {.max_millimarks = PRACTICE_FULL};
    if (!practice_item(&b, rq->id[0], &p, e))
        return false;
    bool judged = in->response && !response_is_blank(in->response) && !p.item.kind->parts;
    if (judged && !p.item.kind->score(p.item.body, in->response, &order, &score, e)) {
        err_under(e, "/response");
        return false;
    }
    struct json_out *o = reply_json(rp);
    put_bool(o, "judged", judged && !score.needs_marker);
    put_bool(o, "right", judged && score.millimarks == PRACTICE_FULL);
    out_key(o, "object");
    item_write(&p.item, o);
    return true;
}

/* --- what may be practised with ------------------------------------------------------------------ */
struct item_practice_body {
    const char *reason;
};
static const struct field item_practice_rows[] = {
    {FIELD(struct item_practice_body, reason, TEXT), .required = true, .min = 2, .max = 200},
};
const struct fields item_practice_fields = FIELDS("item_practice", struct item_practice_body,
                                                  item_practice_rows);

bool item_practice_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct item_practice_body *in = rq->input;
    struct bank b = bank_of(rq);
    struct item_row row;
    if (!bank_row(&b, rq->id[0], &row, e))
        return false;
    if (row.state != ITEM_retired || row.practice)
        return FAIL(e, CONFLICT, "/state", "只有停用的考试题能转为练习题。");
    struct proposal p = {
        .act = ACT_item_to_practice,
        .object = rq->id[0],
        .summary = arena_printf(
            rq->arena, "把停用的试题 %s 转为练习题，考生可以看到题和答案，不能再改回：%s",
            row.code, in->reason),
    };
    return propose(rq, rp, &p, e);
}

bool item_practice_execute(struct db *db, struct arena *a, const struct approval *p,
                           const struct actor *who, void *app, struct err *e)
{
    const struct request *rq = app;
    struct bank b = {db, a, rq->app->master, rq->app->programmes, who};
    const json_t *body = json_read(a, p->payload.at, p->payload.len, e);
    struct item_practice_body in;
    return body && fields_read(&item_practice_fields, body, a, &in, e) &&
           bank_make_practice(&b, p->object, in.reason, e);
}
