/* web/scan_withdraw.c - scanned pages that counted are withdrawn by two people; others are set aside. */
#include "base/arena.h"
#include "base/json.h"
#include "marking/scan.h"
#include "web/app.h"
#include "web/approvals.h"
#include "web/handlers.h"
#include "web/marking.h"

struct scan_reason_body {
    const char *reason;
};
static const struct field reason_rows[] = {
    {FIELD(struct scan_reason_body, reason, TEXT), .required = true, .min = 2, .max = 200},
};
const struct fields scan_reason_fields = FIELDS("scan_reason", struct scan_reason_body,
                                                reason_rows);

/* Those of one sheet, what was withdrawn too. */
bool scan_pages_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct marking m = marking_of(rq);
    struct scan_kept_page *pages;
    size_t count;
    if (!scan_pages(&m, rq->id[0], rq->id[1], &pages, &count, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_array(o, "pages");
    for (size_t i = 0; i < count; i++) {
        out_object(o);
        put_id(o, "id", pages[i].page);
        put_int(o, "page", pages[i].sheet_page);
        put_int(o, "at_ms", pages[i].at_ms);
        if (pages[i].withdrawn) {
            put_text(o, "withdrawn", pages[i].withdrawn);
            put_int(o, "withdrawn_ms", pages[i].withdrawn_ms);
        }
        out_object_end(o);
    }
    out_array_end(o);
    return true;
}

bool scan_withdraw_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct scan_reason_body *in = rq->input;
    struct marking m = marking_of(rq);
    struct scan_page_owner p;
    if (!scan_may_withdraw(&m, rq->id[0], rq->id[1], &p, e))
        return false;
    struct json_out *o = json_out_create(rq->arena);
    out_object(o);
    put_id(o, "session", rq->id[0]);
    put_text(o, "reason", in->reason);
    out_object_end(o);
    struct proposal what = {
        .act = ACT_scan_withdraw,
        .object = rq->id[1],
        .payload = json_out_text(o),
        .summary = arena_printf(
            rq->arena,
            "撤回%s %lld 号座答题卡的第 %lld 页，这份答卷的认定、录入和阅卷重新来过：%s",
            p.room, (long long)p.seat_no, (long long)p.sheet_page, in->reason)};
    return propose(rq, rp, &what, e);
}

bool scan_withdraw_execute(struct db *db, struct arena *a, const struct approval *p,
                           const struct actor *who, void *app, struct err *e)
{
    const struct request *rq = app;
    struct marking m = {.db = db,
                        .arena = a,
                        .master = rq->app->master,
                        .programmes = rq->app->programmes,
                        .actor = who};
    const json_t *said = json_read(a, p->payload.at, p->payload.len, e);
    const char *session = said ? json_member_text(said, "session") : NULL,
               *reason = said ? json_member_text(said, "reason") : NULL;
    struct id id;
    if (!said)
        return false;
    if (!session || !reason || !id_read(session, &id))
        return FAIL(e, INVALID, "/session", "没有指明场次和理由。");
    return scan_withdraw(&m, id, p->object, reason, e);
}

bool scan_aside_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct scan_reason_body *in = rq->input;
    struct marking m = marking_of(rq);
    (void)rp;
    return scan_set_aside(&m, rq->id[0], rq->id[1], in->reason, e);
}
