/* web/measure.c - reports of a sitting: forms, raters, and an item over its sittings. */
#include "web/measure.h"
#include "bank/seen.h"
#include "base/arena.h"
#include "base/json.h"
#include "measure/form_report.h"
#include "measure/item_history.h"
#include "measure/numbers.h"
#include "measure/raters.h"
#include "store/work.h"
#include "web/app.h"
#include "web/bank_of.h"
#include "web/handlers.h"
#include "web/marking.h"
#include "web/work.h"

/* --- items --------------------------------------------------------------------------------------- */
static const struct {
    unsigned bit;
    const char *word;
} finding_words[] = {
    {FINDING_HARDER_FOR_THE_BEST, "negative"},
    {FINDING_WEAK, "weak"},
    {FINDING_RIVAL, "rival"},
    {FINDING_EASY, "easy"},
    {FINDING_HARD, "hard"},
    {FINDING_DIFFERS, "differs"},
};

static void put_reals(struct json_out *o, const char *key, const double *at, size_t count)
{
    put_array(o, key);
    for (size_t i = 0; i < count; i++)
        out_real(o, at[i]);
    out_array_end(o);
}

static void put_counts(struct json_out *o, const char *key, const int64_t *at, size_t count)
{
    put_array(o, key);
    for (size_t i = 0; i < count; i++)
        out_int(o, at[i]);
    out_array_end(o);
}

static void write_answers(struct request *rq, struct json_out *o, const struct session_item *it)
{
    put_array(o, "answers");
    for (size_t i = 0; i < it->answer_count; i++) {
        out_object(o);
        put_stored_json(rq, o, "response", it->answers[i].response);
        put_int(o, "count", it->answers[i].count);
        put_real(o, "rest", it->answers[i].rest);
        put_bool(o, "full", it->answers[i].full);
        put_counts(o, "bands", it->answers[i].bands, ITEM_BANDS);
        out_object_end(o);
    }
    out_array_end(o);
}

static void write_difference(struct json_out *o, const struct session_item *it)
{
    const char class[] = {it->dif_class, '\0'};
    out_key(o, "dif");
    if (!it->dif.known) {
        out_null(o);
        return;
    }
    out_object(o);
    put_real(o, "delta", it->dif.delta);
    put_real(o, "p", it->dif.p);
    put_text(o, "class", class);
    out_object_end(o);
}

void session_item_write(struct request *rq, struct json_out *o, const struct session_item *it)
{
    out_object(o);
    put_text(o, "code", it->code);
    put_int(o, "part", it->part);
    put_text(o, "stem", it->stem);
    put_text(o, "area", it->area);
    put_text(o, "kind", it->kind);
    put_json(o, "key", it->key);
    put_bool(o, "credit", it->credit);
    put_bool(o, "changed", it->changed);
    put_bool(o, "by_people", it->by_people);
    put_int(o, "full", it->full_millimarks);
    put_int(o, "count", it->count);
    put_int(o, "answered", it->answered);
    put_real(o, "p", it->p);
    put_real(o, "r", it->r);
    put_reals(o, "curve", it->curve, ITEM_BANDS);
    put_counts(o, "bands", it->band_count, ITEM_BANDS);
    write_difference(o, it);
    write_answers(rq, o, it);
    put_array(o, "findings");
    for (size_t i = 0; i < sizeof finding_words / sizeof *finding_words; i++)
        if (it->findings & finding_words[i].bit)
            out_text(o, finding_words[i].word);
    out_array_end(o);
    out_object_end(o);
}

bool session_items_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct marking m = marking_of(rq);
    struct session_items items;
    struct bank b = bank_of(rq);
    if (!session_items(&m, rq->id[0], &items, e))
        return false;
    struct id *versions = arena_array(rq->arena, struct id, items.count + 1);
    for (size_t i = 0; i < items.count; i++)
        versions[i] = items.at[i].version_id;
    if (!bank_note_seen(&b, SEEN_session, versions, items.count, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_int(o, "attempts", items.attempts);
    put_real(o, "mean", items.mean);
    put_real(o, "sd", items.sd);
    put_real(o, "alpha", items.alpha);
    put_array(o, "items");
    for (size_t i = 0; i < items.count; i++)
        session_item_write(rq, o, &items.at[i]);
    out_array_end(o);
    return true;
}

bool item_history_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct marking m = marking_of(rq);
    struct bank b = bank_of(rq);
    struct item_row row;
    struct item_history h;
    if (!bank_row(&b, rq->id[0], &row, e) ||
        !bank_note_seen(&b, SEEN_history, &row.version_id, 1, e) ||
        !item_history(&m, rq->id[0], row.code, &h, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_text(o, "code", row.code);
    put_array(o, "sittings");
    for (size_t i = 0; i < h.count; i++) {
        const struct item_sitting *s = &h.at[i];
        out_object(o);
        put_id(o, "session", s->session);
        put_text(o, "title", s->title);
        put_int(o, "at_ms", s->at_ms);
        put_text(o, "figures", item_figures_name(s->figures));
        put_int(o, "exposed", s->exposed);
        put_array(o, "parts");
        for (size_t k = 0; k < s->count; k++)
            session_item_write(rq, o, &s->parts[k]);
        out_array_end(o);
        out_object_end(o);
    }
    out_array_end(o);
    return true;
}

bool item_history_post(struct request *rq, struct reply *rp, struct err *e)
{
    struct bank b = bank_of(rq);
    struct item_row row;
    return bank_row(&b, rq->id[0], &row, e) &&
           work_ask_for(rq, rp, "item_history", rq->id[0], json_pack("{s:s}", "item", row.code),
                        e);
}

bool item_history_work(const struct working *w, struct id *result, struct err *e)
{
    struct marking m = marking_of_work(w);
    *result = w->work->object;
    return item_history_read(&m, w->work->object, e);
}

/* --- forms --------------------------------------------------------------------------------------- */
static void write_decision(struct json_out *o, const struct decision_consistency *d)
{
    out_key(o, "decision");
    if (!d->known) {
        out_null(o);
        return;
    }
    out_object(o);
    put_real(o, "accuracy", d->accuracy);
    put_real(o, "consistency", d->consistency);
    put_real(o, "kappa", d->kappa);
    put_real(o, "false_pass", d->false_pass);
    put_real(o, "false_fail", d->false_fail);
    out_object_end(o);
}

static void write_information(struct json_out *o, const struct form_information *i)
{
    out_key(o, "information");
    if (!i->model) {
        out_null(o);
        return;
    }
    out_object(o);
    put_text(o, "model", i->model);
    put_int(o, "items", (int64_t)i->items);
    put_reals(o, "theta", i->theta, REPORT_NODES);
    put_reals(o, "at", i->information, REPORT_NODES);
    put_real(o, "pass_theta", i->pass_theta);
    put_real(o, "pass_sem", i->pass_sem);
    out_object_end(o);
}

static void write_form(struct json_out *o, const struct form_report *f)
{
    out_object(o);
    put_id(o, "form", f->form->id);
    put_text(o, "name", f->form->name);
    put_int(o, "attempts", f->attempts);
    put_int(o, "passed", f->passed);
    put_int(o, "items", (int64_t)f->items);
    put_int(o, "by_people", (int64_t)f->by_people);
    put_int(o, "full", f->full_millimarks);
    put_real(o, "mean", f->mean);
    put_real(o, "sd", f->sd);
    put_real(o, "low", f->low);
    put_real(o, "high", f->high);
    put_real(o, "alpha", f->alpha);
    put_real(o, "sem", f->sem);
    put_real(o, "sem_at_pass", f->sem_at_pass);
    put_counts(o, "counts", f->counts, REPORT_TOP + 1);
    write_decision(o, &f->decision);
    write_information(o, &f->information);
    out_object_end(o);
}

bool session_report_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct marking m = marking_of(rq);
    struct session_report r;
    if (!session_report(&m, rq->id[0], &r, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_real(o, "pass", r.pass_share);
    put_int(o, "rasch_from", RASCH_FROM);
    put_array(o, "forms");
    for (size_t i = 0; i < r.count; i++)
        write_form(o, &r.forms[i]);
    out_array_end(o);
    return true;
}

/* --- raters -------------------------------------------------------------------------------------- */
bool session_raters_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct marking m = marking_of(rq);
    struct ratings_report all;
    if (!session_raters(&m, rq->id[0], &all, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_int(o, "works", (int64_t)all.works);
    put_int(o, "ratings", (int64_t)all.ratings);
    put_real(o, "icc_single", all.icc_single);
    put_real(o, "icc_mean", all.icc_mean);
    put_array(o, "raters");
    for (size_t i = 0; i < all.count; i++) {
        const struct rater_report *r = &all.raters[i];
        out_object(o);
        put_id(o, "rater", r->rater);
        put_text(o, "name", r->name);
        put_int(o, "count", (int64_t)r->count);
        put_int(o, "shared", (int64_t)r->shared);
        put_real(o, "mean", r->mean);
        put_real(o, "sd", r->sd);
        put_real(o, "severity", r->severity);
        put_real(o, "severity_se", r->severity_se);
        put_real(o, "distance", r->distance);
        put_real(o, "r", r->r);
        put_reals(o, "span", r->span, RATER_SPANS);
        put_real(o, "logit", r->logit);
        put_real(o, "logit_se", r->logit_se);
        put_real(o, "infit", r->infit);
        out_object_end(o);
    }
    out_array_end(o);
    return true;
}
