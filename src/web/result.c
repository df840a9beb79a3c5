/* web/result.c - results of a batch, their publication, and what a candidate sees of them. */
#include <string.h>

#include "award/award.h"
#include "base/arena.h"
#include "base/json.h"
#include "certificate/award_facts.h"
#include "entry/entry.h"
#include "web/app.h"
#include "web/approvals.h"
#include "web/handlers.h"
#include "web/marking.h"

static struct award_desk desk_of(struct request *rq)
{
    return (struct award_desk){marking_of(rq), rq->app->calendar};
}

struct compute_body {
    const char *reason;
};
static const struct field compute_rows[] = {
    {FIELD(struct compute_body, reason, TEXT), .max = 500},
};
const struct fields compute_fields = FIELDS("compute", struct compute_body, compute_rows);

bool results_compute(struct request *rq, struct reply *rp, struct err *e)
{
    const struct compute_body *in = rq->input;
    struct award_desk d = desk_of(rq);
    struct compute_report r;
    if (!result_compute(&d, rq->id[0], in->reason, &r, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_int(o, "entries", r.entries);
    put_int(o, "results", r.results);
    put_int(o, "passed", r.passed);
    put_int(o, "changed", r.changed);
    put_bool(o, "stored", r.missing_count == 0);
    put_array(o, "missing");
    for (size_t i = 0; i < r.missing_count; i++) {
        out_object(o);
        put_id(o, "entry", r.missing[i].entry);
        put_text(o, "component", r.missing[i].component);
        put_text(o, "what", r.missing[i].what);
        out_object_end(o);
    }
    out_array_end(o);
    return true;
}

static void write_result(struct request *rq, struct json_out *o, const struct result *r,
                         bool with_name)
{
    out_object(o);
    put_id(o, "entry", r->entry);
    if (with_name)
        put_text(o, "name", r->name);
    put_text(o, "component", r->component);
    put_int(o, "version", r->version);
    put_int(o, "level", r->level);
    put_text(o, "direction", r->direction);
    put_text(o, "kind", r->kind);
    put_int(o, "millimarks", r->millimarks);
    put_int(o, "full", r->full_millimarks);
    put_int(o, "pass", r->pass_millimarks);
    put_bool(o, "passed", r->passed);
    put_stored_json(rq, o, "areas", r->areas);
    put_text(o, "reason", r->reason);
    put_int(o, "published_ms", r->published_ms);
    out_object_end(o);
}

static void write_results(struct request *rq, struct json_out *o,
                          const struct result_list *list, bool with_names)
{
    put_int(o, "total", (int64_t)list->count);
    put_array(o, "results");
    for (size_t i = 0; i < list->count; i++)
        write_result(rq, o, &list->at[i], with_names);
    out_array_end(o);
}

bool results_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct award_desk d = desk_of(rq);
    struct result_list list;
    char digest[2 * HASH_BYTES + 1];
    int64_t waiting;
    if (!result_list(&d, rq->id[0], &list, e) ||
        !result_digest(rq->db, rq->arena, rq->viewer.body, rq->id[0], digest, &waiting, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_int(o, "waiting", waiting);
    put_text(o, "digest", digest);
    write_results(rq, o, &list, true);
    return true;
}

/* What was proposed is the digest; the second person publishes exactly that or nothing. */
bool results_publish(struct request *rq, struct reply *rp, struct err *e)
{
    char digest[2 * HASH_BYTES + 1];
    int64_t waiting;
    if (!result_digest(rq->db, rq->arena, rq->viewer.body, rq->id[0], digest, &waiting, e))
        return false;
    if (waiting == 0)
        return FAIL(e, CONFLICT, "/digest", "没有等待公布的成绩。");
    struct proposal p = {
        .act = ACT_result_publish,
        .object = rq->id[0],
        .payload = arena_text(rq->arena, digest),
        .summary = arena_printf(rq->arena, "公布 %lld 项成绩（摘要 %.8s）", (long long)waiting,
                                digest),
    };
    return propose(rq, rp, &p, e);
}

bool result_publish_execute(struct db *db, struct arena *a, const struct approval *p,
                            const struct actor *who, void *app, struct err *e)
{
    (void)app;
    const char *digest = arena_copy(a, p->payload.at, p->payload.len);
    return result_publish(db, a, who, p->object, digest, e);
}

static bool is_among(const struct id *ids, size_t count, struct id id)
{
    size_t i = 0;
    while (i < count && !id_equal(ids[i], id))
        i++;
    return i < count;
}

/* `due`: a certificate may be issued for it now. */
bool awards_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct award_list list;
    struct id *due;
    size_t due_count;
    if (!award_list(rq->db, rq->arena, rq->viewer.body, rq->id[0], &list, e) ||
        !awards_due(rq->db, rq->arena, rq->viewer.body, rq->id[0], &due, &due_count, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_int(o, "total", (int64_t)list.count);
    put_array(o, "awards");
    for (size_t i = 0; i < list.count; i++) {
        out_object(o);
        put_id(o, "id", list.at[i].id);
        put_id(o, "entry", list.at[i].entry);
        put_text(o, "programme", list.at[i].programme);
        put_int(o, "level", list.at[i].level);
        put_text(o, "direction", list.at[i].direction);
        put_text(o, "state", list.at[i].state);
        put_int(o, "decided_ms", list.at[i].decided_ms);
        put_bool(o, "due", is_among(due, due_count, list.at[i].id));
        out_object_end(o);
    }
    out_array_end(o);
    return true;
}

static void write_rechecks(struct json_out *o, const struct recheck_list *list)
{
    put_array(o, "rechecks");
    for (size_t i = 0; i < list->count; i++) {
        const struct recheck *r = &list->at[i];
        char due[DATE_TEXT_BYTES] = "";
        out_object(o);
        put_id(o, "id", r->id);
        put_id(o, "entry", r->entry);
        put_text(o, "component", r->component);
        put_text(o, "reason", r->reason);
        put_int(o, "asked_ms", r->asked_ms);
        if (r->due != DATE_NONE)
            date_write(r->due, due);
        put_text(o, "due", *due ? due : NULL);
        put_text(o, "answer", r->answer);
        put_int(o, "answered_ms", r->answered_ms);
        out_object_end(o);
    }
    out_array_end(o);
}

/* A candidate's own, or any of the body's for staff. */
bool entry_results_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct award_desk d = desk_of(rq);
    struct entry_scope scope = entry_scope_of(&rq->viewer);
    struct entry n;
    struct result_list list;
    struct recheck_list rechecks;
    struct award award;
    bool awarded;
    if (!entry_get(rq->db, rq->arena, &scope, rq->id[0], &n, e) ||
        !result_of_entry(&d, n.id, &list, e) || !recheck_of_entry(&d, n.id, &rechecks, e) ||
        !award_of_entry(rq->db, rq->arena, rq->viewer.body, n.id, &award, &awarded, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_bool(o, "awarded", awarded && strcmp(award.state, "decided") == 0);
    write_results(rq, o, &list, false);
    write_rechecks(o, &rechecks);
    return true;
}

struct recheck_ask_body {
    const char *component, *reason;
};
static const struct field recheck_ask_rows[] = {
    {FIELD(struct recheck_ask_body, component, TEXT), .required = true, .min = 1, .max = 40},
    {FIELD(struct recheck_ask_body, reason, TEXT), .required = true, .min = 4, .max = 1000},
};
const struct fields recheck_ask_fields = FIELDS("recheck_ask", struct recheck_ask_body,
                                                recheck_ask_rows);

bool recheck_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct recheck_ask_body *in = rq->input;
    struct award_desk d = desk_of(rq);
    struct entry_scope scope = entry_scope_own(&rq->viewer);
    struct entry n;
    (void)rp;
    return entry_get(rq->db, rq->arena, &scope, rq->id[0], &n, e) &&
           recheck_ask(&d, n.id, in->component, in->reason, e);
}

bool rechecks_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct award_desk d = desk_of(rq);
    struct recheck_list list;
    if (!recheck_list(&d, rq->id[0], &list, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_int(o, "total", (int64_t)list.count);
    write_rechecks(o, &list);
    return true;
}

struct recheck_answer_body {
    const char *answer;
};
static const struct field recheck_answer_rows[] = {
    {FIELD(struct recheck_answer_body, answer, TEXT), .required = true, .min = 4, .max = 2000},
};
const struct fields recheck_answer_fields = FIELDS("recheck_answer", struct recheck_answer_body,
                                                   recheck_answer_rows);

bool recheck_answer_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct recheck_answer_body *in = rq->input;
    struct award_desk d = desk_of(rq);
    (void)rp;
    return recheck_answer(&d, rq->id[0], in->answer, e);
}
