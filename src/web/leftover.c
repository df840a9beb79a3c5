/* web/leftover.c - what nothing names: how much there is, and its daily end. */
#include "archive/leftover.h"

#include "base/arena.h"
#include "base/json_out.h"
#include "base/log.h"
#include "web/app.h"
#include "web/handlers.h"
#include "web/leftover.h"

enum { EVERY_MS = 24 * 3600 * 1000, FIRST_AFTER_MS = 10 * 60 * 1000 };

static void put_sum(struct json_out *o, const char *name, const struct leftover_sum *s)
{
    put_object(o, name);
    put_int(o, "count", s->count);
    put_int(o, "bytes", s->bytes);
    put_int(o, "due", s->due);
    put_int(o, "due_bytes", s->due_bytes);
    out_object_end(o);
}

bool leftovers_get(struct request *rq, struct reply *rp, struct err *e)
{
    const struct leftover_sweep s = {rq->db, rq->arena, &rq->actor};
    struct leftovers now;
    struct leftover_past *past;
    size_t count;
    if (!leftovers_count(&s, &now, e) || !leftovers_past(&s, &past, &count, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_int(o, "days", LEFTOVER_DAYS);
    put_sum(o, "attachments", &now.attachments);
    put_sum(o, "files", &now.files);
    put_int(o, "named", now.named);
    put_int(o, "named_bytes", now.named_bytes);
    put_array(o, "removed");
    for (size_t i = 0; i < count; i++) {
        out_object(o);
        put_int(o, "at_ms", past[i].at_ms);
        put_text(o, "kind", past[i].kind);
        put_int(o, "count", past[i].count);
        put_int(o, "bytes", past[i].bytes);
        out_object_end(o);
    }
    out_array_end(o);
    return true;
}

void leftover_round(const struct app *app, struct db *db, struct leftover_watch *w,
                    int64_t now_ms)
{
    struct err e = {0};
    struct leftover_removed out;
    if (w->next_ms == 0)
        w->next_ms = now_ms + FIRST_AFTER_MS;
    if (now_ms < w->next_ms)
        return;
    w->next_ms = now_ms + EVERY_MS;
    if (!leftovers_sweep(db, &app->blobs, now_ms, &out, &e))
        LOG_LINE(LOG_US, "leftovers", LOG_ITEM_WORD(error, err_name(e.code)));
}
