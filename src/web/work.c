/* web/work.c - what is computed behind the desk, as its pages see it. */
#include "store/work.h"

#include "base/json.h"
#include "base/json_out.h"
#include "web/app.h"
#include "web/handlers.h"
#include "web/marking.h"

static void put_row(struct request *rq, struct json_out *o, const struct work_row *w)
{
    put_id(o, "id", w->id);
    put_text(o, "kind", w->kind);
    put_id(o, "object", w->object);
    put_stored_json(rq, o, "argument", w->argument);
    put_text(o, "account", w->account);
    put_text(o, "state", w->state);
    put_text(o, "step", w->step);
    put_int(o, "done", w->done);
    put_int(o, "total", w->total);
    put_id(o, "result", w->result);
    put_text(o, "field", w->field);
    put_text(o, "sentence", w->sentence);
    put_int(o, "asked_ms", w->asked_ms);
    put_int(o, "begun_ms", w->begun_ms);
    put_int(o, "ended_ms", w->ended_ms);
    put_bool(o, "cancelling", w->cancelling);
}

bool work_get_all(struct request *rq, struct reply *rp, struct err *e)
{
    const char *object = request_query(rq, "object");
    struct id of = {{0}};
    struct work_row *rows;
    size_t count;
    if (object && !id_read(object, &of))
        return FAIL(e, INVALID, "/object", "编号不对。");
    if (!work_list(rq->db, rq->arena, rq->viewer.body, request_query(rq, "kind"), of, &rows,
                   &count, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_array(o, "work");
    for (size_t i = 0; i < count; i++) {
        out_object(o);
        put_row(rq, o, &rows[i]);
        out_object_end(o);
    }
    out_array_end(o);
    return true;
}

bool work_one_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct work_row row;
    if (!work_get(rq->db, rq->arena, rq->viewer.body, rq->id[0], &row, e))
        return false;
    put_row(rq, reply_json(rp), &row);
    return true;
}

bool work_cancel_post(struct request *rq, struct reply *rp, struct err *e)
{
    (void)rp;
    return work_cancel(rq->db, &rq->actor, rq->id[0], e);
}
