/* web/import.c - the registration table of a batch: its template, its upload, its runs. */
#include "entry/import.h"

#include "base/arena.h"
#include "web/app.h"
#include "web/entry_of.h"
#include "web/events.h"
#include "web/handlers.h"

#define XLSX_TYPE "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

bool import_template_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct batch b;
    const struct programme *p;
    struct bytes file;
    if (!batch_get(rq->db, rq->arena, rq->viewer.body, rq->id[0], &b, e) ||
        !batch_programme(rq->db, rq->arena, rq->app->programmes, &b, &p, e) ||
        !import_template(rq->arena, &b, p, &file, e))
        return false;
    reply_file(rp, XLSX_TYPE, arena_printf(rq->arena, "报名表-%s.xlsx", b.title), file);
    return true;
}

/* Pages that show the batch hear of each fifty. */
static void tell_progress(void *ctx, int64_t done, int64_t total)
{
    struct request *rq = ctx;
    if (rq->app->events)
        events_publish(rq->app->events, rq->id[0], "import",
                       arena_printf(rq->arena, "{\"done\":%lld,\"total\":%lld}",
                                    (long long)done, (long long)total));
}

bool import_post(struct request *rq, struct reply *rp, struct err *e)
{
    struct entry_desk d = entry_desk_of(rq);
    struct import_report report;
    struct import_request r = {.run = id_random(),
                               .batch = rq->id[0],
                               .partner = rq->viewer.partner,
                               .file = rq->body,
                               .progress = tell_progress,
                               .progress_ctx = rq};
    if (!entry_import(&d, &r, &report, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_object(o, "report");
    put_id(o, "id", r.run);
    import_report_put(o, &report);
    out_object_end(o);
    return true;
}

bool imports_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct entry_desk d = entry_desk_of(rq);
    struct import_run *runs;
    size_t count;
    if (!import_runs(&d, rq->id[0], &runs, &count, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_array(o, "imports");
    for (size_t i = 0; i < count; i++) {
        out_object(o);
        put_id(o, "id", runs[i].id);
        put_int(o, "at_ms", runs[i].at_ms);
        put_int(o, "total", runs[i].total);
        put_int(o, "done", runs[i].done);
        put_int(o, "added", runs[i].added);
        put_int(o, "present", runs[i].present);
        put_int(o, "refused", runs[i].refused);
        put_bool(o, "finished", runs[i].finished);
        out_object_end(o);
    }
    out_array_end(o);
    put_int(o, "total", (int64_t)count);
    return true;
}
