/* web/similarity.c - pairs of candidates whose answers are alike, and a person's word about a pair. */
#include "measure/session_similarity.h"

#include "base/arena.h"
#include "base/fields.h"
#include "measure/numbers.h"
#include "web/handlers.h"
#include "web/marking.h"
#include "web/session.h"

static void put_person(struct json_out *o, const char *key, const struct seated_person *p)
{
    put_object(o, key);
    put_id(o, "attempt", p->attempt);
    put_text(o, "room", p->room_name);
    put_int(o, "seat", p->seat_no);
    put_text(o, "name", p->name);
    out_object_end(o);
}

static void put_wrong(struct request *rq, struct json_out *o, const struct wrong_answer *w)
{
    out_object(o);
    put_text(o, "code", w->code);
    put_int(o, "part", w->part);
    put_int(o, "first_n", w->first_n);
    put_int(o, "second_n", w->second_n);
    put_stored_json(rq, o, "first", w->first);
    put_stored_json(rq, o, "second", w->second);
    put_bool(o, "same", w->same);
    put_int(o, "answered", w->answered);
    put_int(o, "gave_same", w->gave_same);
    out_object_end(o);
}

static void put_pair(struct request *rq, struct json_out *o, const struct alike_pair *p)
{
    const struct similar_pair *f = &p->figures;
    out_object(o);
    put_person(o, "first", p->first);
    put_person(o, "second", p->second);
    put_bool(o, "neighbours", f->neighbours);
    put_bool(o, "flagged", f->flagged);
    put_int(o, "compared", (int64_t)f->compared);
    put_int(o, "matches", (int64_t)f->matches);
    put_real(o, "expected", f->expected);
    put_real(o, "chance", f->tail);
    put_int(o, "both_wrong", (int64_t)f->both_wrong);
    put_int(o, "same_wrong", (int64_t)f->same_wrong);
    put_array(o, "wrong");
    for (size_t i = 0; i < p->wrong_count; i++)
        put_wrong(rq, o, &p->wrong[i]);
    out_array_end(o);
    put_text(o, "verdict", p->verdict);
    put_text(o, "reason", p->reason);
    put_int(o, "decided_ms", p->decided_ms);
    out_object_end(o);
}

/* A head examiner decides about what was noticed, so sees it. */
static bool may_look(struct request *rq, struct err *e)
{
    return viewer_has(&rq->viewer, ROLE_head_examiner) || session_watched(rq, rq->id[0], e);
}

bool session_similarity_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct marking m = marking_of(rq);
    struct session_similarity s;
    bool all = request_query_int(rq, "all", 0) != 0;
    if (!may_look(rq, e) || !session_similarity(&m, rq->id[0], all, &s, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_int(o, "persons", (int64_t)s.persons);
    put_int(o, "items", (int64_t)s.items);
    put_int(o, "pairs", (int64_t)s.pairs);
    put_int(o, "flagged", (int64_t)s.flagged);
    put_bool(o, "enough", s.enough);
    put_int(o, "persons_min", SIMILAR_PERSONS_MIN);
    put_int(o, "items_min", SIMILAR_ITEMS_MIN);
    put_real(o, "alpha", SIMILAR_ALPHA);
    put_array(o, "list");
    for (size_t i = 0; i < s.count; i++)
        put_pair(rq, o, &s.at[i]);
    out_array_end(o);
    return true;
}

static const struct field decision_rows[] = {
    {FIELD(struct similarity_decision, first, ID), .required = true},
    {FIELD(struct similarity_decision, second, ID), .required = true},
    {FIELD(struct similarity_decision, verdict, TEXT), .required = true, .max = 20},
    {FIELD(struct similarity_decision, reason, TEXT), .required = true, .min = 2, .max = 200},
};
const struct fields session_similarity_fields = FIELDS(
    "session_similarity", struct similarity_decision, decision_rows);

bool session_similarity_post(struct request *rq, struct reply *rp, struct err *e)
{
    struct marking m = marking_of(rq);
    struct similarity_decision in = *(const struct similarity_decision *)rq->input;
    in.session = rq->id[0];
    (void)rp;
    return may_look(rq, e) && similarity_decide(&m, &in, e);
}
