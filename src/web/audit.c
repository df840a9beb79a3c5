/* web/audit.c - the chained rows: for the audit administrator, and whether the chain holds. */
#include "store/audit.h"

#include "base/arena.h"
#include "base/json.h"
#include "people/viewer.h"
#include "store/db.h"
#include "web/handlers.h"
#include "web/marking.h"

static void write_row(struct request *rq, struct json_out *o, struct query *q)
{
    enum act act = (enum act)query_get_int(q, 7);
    out_object(o);
    put_int(o, "chain", query_get_int(q, 0));
    put_int(o, "seq", query_get_int(q, 1));
    put_int(o, "at_ms", query_get_int(q, 2));
    put_text(o, "actor", query_get_text(q, 3, rq->arena));
    put_text(o, "second", query_get_text(q, 4, rq->arena));
    put_text(o, "role", role_label((enum role)query_get_int(q, 6)));
    put_text(o, "act", act_name(act));
    put_text(o, "label", act_label(act));
    put_text(o, "object_type", query_get_text(q, 8, rq->arena));
    put_id(o, "object", query_get_id(q, 9));
    put_stored_json(rq, o, "change", query_get_text(q, 10, rq->arena));
    out_object_end(o);
}

struct audit_filter {
    struct id object;
    int64_t act; /* 0: all */
    int64_t from_ms, until_ms;
    const char *who;
};

static bool filter_read(struct request *rq, struct audit_filter *f, struct err *e)
{
    const char *object = request_query(rq, "object"), *act = request_query(rq, "act"),
               *who = request_query(rq, "q");
    enum act found;
    *f = (struct audit_filter){.from_ms = request_query_int(rq, "from", 0),
                               .until_ms = request_query_int(rq, "until", INT64_MAX),
                               .who = who ? who : ""};
    if (object && *object && !id_read(object, &f->object))
        return FAIL(e, INVALID, "/object", "须为 32 位十六进制编号。");
    if (act && *act && !act_find(act, &found))
        return FAIL(e, INVALID, "/act", "没有这种操作。");
    f->act = act && *act ? (int64_t)found : 0;
    return true;
}

static struct query *ask(struct request *rq, enum sql which, const struct audit_filter *f)
{
    struct query *q = db_query(rq->db, which);
    query_id(q, rq->viewer.body);
    query_id(q, f->object);
    query_int(q, f->act);
    query_int(q, f->from_ms);
    query_int(q, f->until_ms);
    query_text(q, f->who);
    return q;
}

/* Newest first. ?object=ID: one object; ?act=name: one act; ?q=: part of the name of who did it;
 * ?from and ?until: milliseconds, from included. */
bool audit_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct page page = request_page(rq);
    struct audit_filter f;
    if (!filter_read(rq, &f, e))
        return false;
    struct query *q = ask(rq, SQL_audit_browse, &f);
    query_int(q, page.limit);
    query_int(q, page.offset);
    struct json_out *o = reply_json(rp);
    put_array(o, "rows");
    while (query_next(q, e))
        write_row(rq, o, q);
    out_array_end(o);
    if (e->code != ERR_NONE)
        return false;
    q = ask(rq, SQL_audit_count, &f);
    if (!query_one(q, "audit", e))
        return false;
    put_int(o, "total", query_get_int(q, 0));
    query_done(q);
    return true;
}

/* What can stand in a row, for the filter. */
bool audit_acts_get(struct request *rq, struct reply *rp, struct err *e)
{
    enum act act;
    (void)rq;
    (void)e;
    struct json_out *o = reply_json(rp);
    put_array(o, "acts");
    for (size_t i = 0; act_at(i, &act); i++) {
        out_object(o);
        put_text(o, "act", act_name(act));
        put_text(o, "label", act_label(act));
        out_object_end(o);
    }
    out_array_end(o);
    return true;
}

bool audit_verify_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct audit_report r;
    if (!audit_verify(rq->db, rq->arena, &r, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_int(o, "chains", r.chains);
    put_int(o, "rows", r.rows);
    put_array(o, "broken");
    for (size_t i = 0; i < r.break_count; i++) {
        out_object(o);
        put_int(o, "chain", r.breaks[i].chain);
        put_int(o, "seq", r.breaks[i].seq);
        put_text(o, "what", r.breaks[i].what);
        out_object_end(o);
    }
    out_array_end(o);
    return true;
}
