/* web/recordings.c - recordings of sessions: how long they are kept; two people destroy them. */
#include "archive/retention.h"

#include "base/arena.h"
#include "base/fields.h"
#include "base/json.h"
#include "web/app.h"
#include "web/approvals.h"
#include "web/handlers.h"

static struct retention retention_of(struct request *rq)
{
    return (struct retention){rq->db, rq->arena, rq->app->calendar, &rq->actor};
}

static void put_recording(struct json_out *o, const struct recording *r)
{
    char due[DATE_TEXT_BYTES];
    if (r->due != DATE_NONE)
        date_write(r->due, due);
    out_object(o);
    put_id(o, "session", r->session);
    put_text(o, "title", r->title);
    put_int(o, "starts_ms", r->starts_ms);
    put_int(o, "made_ms", r->made_ms);
    put_int(o, "destroyed_ms", r->destroyed_ms);
    put_int(o, "pieces", r->pieces);
    put_int(o, "bytes", r->bytes);
    put_text(o, "due", r->due != DATE_NONE ? due : NULL);
    put_text(o, "bar", retention_bar_word(r->bar));
    out_object_end(o);
}

bool recordings_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct retention r = retention_of(rq);
    struct recording_list list;
    if (!retention_list(&r, &list, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_int(o, "months", RECORDING_MONTHS);
    put_array(o, "recordings");
    for (size_t i = 0; i < list.count; i++)
        put_recording(o, &list.at[i]);
    out_array_end(o);
    return true;
}

struct destroy_body {
    const char *reason;
};
static const struct field destroy_rows[] = {
    {FIELD(struct destroy_body, reason, TEXT), .required = true, .min = 2, .max = 200},
};
const struct fields recording_destroy_fields = FIELDS("recording_destroy", struct destroy_body,
                                                      destroy_rows);

bool session_recording_destroy_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct destroy_body *b = rq->input;
    struct retention r = retention_of(rq);
    struct recording one;
    if (!retention_may_destroy(&r, rq->id[0], &one, e))
        return false;
    struct proposal p = {.act = ACT_recording_destroy,
                         .object = rq->id[0],
                         .summary = arena_printf(rq->arena, "销毁“%s”的全部录像（%lld 段）：%s",
                                                 one.title, (long long)one.pieces, b->reason)};
    return propose(rq, rp, &p, e);
}

bool recording_destroy_execute(struct db *db, struct arena *a, const struct approval *p,
                               const struct actor *who, void *app, struct err *e)
{
    const struct request *rq = app;
    const struct retention r = {db, a, rq->app->calendar, who};
    const json_t *v = json_read(a, p->payload.at, p->payload.len, e);
    return v && retention_destroy(&r, p->object, json_member_text(v, "reason"), e);
}
