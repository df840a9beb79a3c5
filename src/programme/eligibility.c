/* programme/eligibility.c - judges the clauses of a level and writes the verdict. */
#include "programme/eligibility.h"

#include <string.h>

#include "base/arena.h"
#include "base/fields.h"
#include "base/json_out.h"
#include "programme/facts.h"
#include "programme/programme.h"

static const struct clause_list *clauses_of(const struct programme *p, int64_t level)
{
    for (size_t i = 0; i < p->eligibility_count; i++)
        if (p->eligibility[i].level == level)
            return &p->eligibility[i];
    return NULL;
}

static const char *digits_of(struct arena *a, const char *printed_no)
{
    const char *first = printed_no + strcspn(printed_no, "0123456789");
    return arena_copy(a, first, strspn(first, "0123456789"));
}

/* 等 is printed: what is not on the list may still be accepted, by a person. */
static void leave_to_a_person(const struct judging *j, struct finding *f)
{
    if (f->verdict != NOT_MET)
        return;
    f->verdict = UNKNOWN;
    reason_add(j->arena, &f->missing, "本条列举未尽（等），须由报名审核人员认定。");
}

bool eligibility_judge(struct arena *a, const struct eligibility_question *q,
                       struct eligibility *out, struct err *e)
{
    bool chosen = q->direction && *q->direction;
    *out = (struct eligibility){.verdict = MET,
                                .programme = q->programme,
                                .level = q->level,
                                .direction = chosen ? q->direction : NULL,
                                .as_of = q->as_of};
    if (!programme_level(q->programme, q->level))
        return FAIL(e, INVALID, "/level", "《%s》没有等级 %lld。", q->programme->title,
                    (long long)q->level);
    if (chosen && !programme_accepts(q->programme, q->level, q->direction, e))
        return false;
    out->list = clauses_of(q->programme, q->level);
    if (!out->list)
        return true;

    struct judging j = {a, q->programme, q->facts, q->as_of};
    struct clause_verdict *v = arena_array(a, struct clause_verdict, out->list->clause_count);
    out->verdict = NOT_MET;
    for (size_t i = 0; i < out->list->clause_count; i++) {
        const struct clause *c = &out->list->clauses[i];
        v[i].clause = c;
        v[i].no = digits_of(a, c->printed_no);
        expression_judge(&j, c->expr, &v[i].finding);
        if (c->open_ended)
            leave_to_a_person(&j, &v[i].finding);
        if (v[i].finding.verdict > out->verdict)
            out->verdict = v[i].finding.verdict;
    }
    out->clauses = v;
    out->count = out->list->clause_count;
    return true;
}

static void write_reasons(struct json_out *o, const char *key, const struct reasons *r)
{
    put_array(o, key);
    for (size_t i = 0; i < r->count; i++)
        out_text(o, r->at[i]);
    out_array_end(o);
}

void eligibility_write(const struct eligibility *v, struct json_out *o)
{
    char as_of[DATE_TEXT_BYTES];
    date_write(v->as_of, as_of);
    out_object(o);
    put_text(o, "verdict", verdict_name(v->verdict));
    put_text(o, "programme", v->programme->id);
    put_int(o, "level", v->level);
    put_text(o, "direction", v->direction);
    put_text(o, "as_of", as_of);
    put_array(o, "clauses");
    for (size_t i = 0; i < v->count; i++) {
        const struct clause_verdict *c = &v->clauses[i];
        out_object(o);
        put_text(o, "no", c->no);
        put_text(o, "id", c->clause->id);
        put_text(o, "text", c->clause->text);
        put_text(o, "verdict", verdict_name(c->finding.verdict));
        write_reasons(o, "because", &c->finding.because);
        write_reasons(o, "missing", &c->finding.missing);
        out_object_end(o);
    }
    out_array_end(o);
    out_object_end(o);
}
