/* web/approval.c - what waits for a second person, and that person's answer. */
#include "web/approvals.h"

#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "web/handlers.h"
#include "web/people_of.h"

/* The last row is none: it keeps the table from being empty. */
static const struct approval_kind rows[] = {
#define APPROVAL(act, propose, confirm, hours, execute)                                        \
    {ACT_##act, MAY_##propose, MAY_##confirm, (int64_t)(hours)*3600000, execute},
#include "web/approvals.def"
#undef APPROVAL
    {.execute = NULL},
};
const struct approval_kinds approval_kinds = {rows, sizeof rows / sizeof *rows - 1};

bool propose(struct request *rq, struct reply *rp, const struct proposal *w, struct err *e)
{
    struct people p = people_of(rq);
    struct approval_put put;
    struct approval_proposal what = {.kind = approval_kind_find(&approval_kinds, w->act),
                                     .object = w->object,
                                     .payload = rq->body,
                                     .summary = w->summary};
    if (w->payload)
        what.payload = (struct bytes){(const unsigned char *)w->payload, strlen(w->payload)};
    assert(what.kind && "an act that waits has a row in approvals.def");
    if (!approval_propose(&p, &rq->viewer, &what, &put, e))
        return false;
    reply_waits(rp, put.id, act_name(w->act), put.expires_ms);
    return true;
}

static const char *state_of(const struct approval *a, int64_t now_ms)
{
    if (!id_is_zero(a->refused_by))
        return "refused";
    if (a->decided_ms)
        return "done";
    return now_ms < a->expires_ms ? "open" : "expired";
}

static bool may_confirm(const struct request *rq, const struct approval *a)
{
    struct err ignored = {0};
    const struct approval_kind *kind = approval_kind_find(&approval_kinds, a->act);
    return kind && !id_equal(a->proposer, rq->viewer.account) &&
           viewer_may(&rq->viewer, kind->may_confirm, &ignored);
}

static void put_approval(struct json_out *o, const struct request *rq, const struct approval *a)
{
    put_id(o, "id", a->id);
    put_text(o, "act", act_name(a->act));
    put_text(o, "label", act_label(a->act));
    put_id(o, "object", a->object);
    put_text(o, "summary", a->summary);
    put_text(o, "proposer", a->proposer_name);
    put_bool(o, "mine", id_equal(a->proposer, rq->viewer.account));
    put_bool(o, "may_confirm", may_confirm(rq, a));
    put_int(o, "at_ms", a->at_ms);
    put_int(o, "expires_ms", a->expires_ms);
    put_text(o, "state", state_of(a, rq->now_ms));
    put_text(o, "confirmed_by", a->confirmed_by_name);
    put_text(o, "refuse_reason", a->refuse_reason);
    if (a->decided_ms)
        put_int(o, "decided_ms", a->decided_ms);
}

/* Those one has proposed or may confirm; all=1 also shows what is over. */
bool approvals_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct people p = people_of(rq);
    struct page page = request_page(rq);
    struct approval_filter f = {.open_only = request_query_int(rq, "all", 0) == 0,
                                .limit = page.limit,
                                .offset = page.offset};
    struct approval *list;
    size_t count;
    if (!approval_list(&p, &f, &list, &count, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_array(o, "approvals");
    for (size_t i = 0; i < count; i++) {
        if (!id_equal(list[i].proposer, rq->viewer.account) && !may_confirm(rq, &list[i]))
            continue;
        out_object(o);
        put_approval(o, rq, &list[i]);
        out_object_end(o);
    }
    out_array_end(o);
    return true;
}

static bool reply_approval(struct request *rq, struct reply *rp, struct err *e)
{
    struct people p = people_of(rq);
    struct approval a;
    if (!approval_get(&p, rq->id[0], &a, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_object(o, "approval");
    put_approval(o, rq, &a);
    out_object_end(o);
    return true;
}

struct confirm_body {
    const char *code;
};
static const struct field confirm_rows[] = {
    {FIELD(struct confirm_body, code, TEXT), .required = true, .min = 6, .max = 6},
};
const struct fields approval_confirm_fields = FIELDS("approval_confirm", struct confirm_body,
                                                     confirm_rows);

bool approval_confirm_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct confirm_body *b = rq->input;
    struct people p = people_of(rq);
    struct approval_answer answer = {
        .kinds = &approval_kinds, .id = rq->id[0], .code = b->code, .app = rq};
    return approval_confirm(&p, &rq->viewer, &answer, e) && reply_approval(rq, rp, e);
}

struct refuse_body {
    const char *reason;
};
static const struct field refuse_rows[] = {
    {FIELD(struct refuse_body, reason, TEXT), .required = true, .min = 1, .max = 200},
};
const struct fields approval_refuse_fields = FIELDS("approval_refuse", struct refuse_body,
                                                    refuse_rows);

bool approval_refuse_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct refuse_body *b = rq->input;
    struct people p = people_of(rq);
    struct approval_answer answer = {
        .kinds = &approval_kinds, .id = rq->id[0], .reason = b->reason, .app = rq};
    return approval_refuse(&p, &rq->viewer, &answer, e) && reply_approval(rq, rp, e);
}
