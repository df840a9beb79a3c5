/* web/cut_panel.c - panels that say what a borderline candidate gets right (measure/cut_panel.h). */
#include "measure/cut_panel.h"

#include <stdlib.h>

#include "bank/attachment.h"
#include "bank/seen.h"
#include "base/arena.h"
#include "base/fields.h"
#include "base/json.h"
#include "measure/numbers.h"
#include "programme/programme.h"
#include "store/work.h"
#include "web/app.h"
#include "web/bank_of.h"
#include "web/handlers.h"
#include "web/marking.h"
#include "web/work.h"

/* Reviewers see every panel of their body; others those in which they have a part. */
static bool sees_all(const struct request *rq)
{
    return viewer_has(&rq->viewer, ROLE_item_reviewer);
}

static void put_row(struct request *rq, struct json_out *o, const struct cut_row *r)
{
    put_id(o, "id", r->id);
    put_text(o, "title", r->title);
    put_text(o, "programme", r->programme);
    put_text(o, "form", r->form_name);
    put_text(o, "chair", r->chair_name);
    put_bool(o, "chairs", id_equal(r->chair, rq->viewer.account));
    put_int(o, "round", r->round);
    put_int(o, "opened_ms", r->opened_ms);
    put_int(o, "closed_ms", r->closed_ms);
    put_text(o, "outcome", r->outcome);
    put_text(o, "reason", r->reason);
    put_int(o, "items", r->items);
    put_int(o, "members", r->members);
    put_int(o, "done", r->done);
}

bool cut_panels_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct marking m = marking_of(rq);
    struct page page = request_page(rq);
    struct cut_row *rows;
    size_t count;
    int64_t total;
    if (!cut_panel_list(&m, sees_all(rq), page.limit, page.offset, &rows, &count, &total, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_array(o, "panels");
    for (size_t i = 0; i < count; i++) {
        out_object(o);
        put_row(rq, o, &rows[i]);
        out_object_end(o);
    }
    out_array_end(o);
    put_int(o, "total", total);
    return true;
}

bool cut_people_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct marking m = marking_of(rq);
    struct cut_person *people;
    size_t count;
    if (!cut_people(&m, &people, &count, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_array(o, "people");
    for (size_t i = 0; i < count; i++) {
        if (id_equal(people[i].account, rq->viewer.account))
            continue; /* the chair rates nothing */
        out_object(o);
        put_id(o, "id", people[i].account);
        put_text(o, "name", people[i].name);
        out_object_end(o);
    }
    out_array_end(o);
    return true;
}

struct cut_new_body {
    const char *title, *programme;
    struct id form, *members;
    const char **codes;
    size_t code_count, member_count;
};
static const struct field cut_new_rows[] = {
    {FIELD(struct cut_new_body, title, TEXT), .required = true, .min = 2, .max = 80},
    {FIELD(struct cut_new_body, programme, TEXT), .required = true, .min = 1, .max = 60},
    {FIELD(struct cut_new_body, form, ID)},
    {FIELD(struct cut_new_body, codes, TEXTS), FIELD_COUNT(struct cut_new_body, code_count),
     .max = CUT_ITEMS_MAX},
    {FIELD(struct cut_new_body, members, IDS), FIELD_COUNT(struct cut_new_body, member_count),
     .required = true, .min = 1, .max = CUT_MEMBERS_MAX},
};
const struct fields cut_new_fields = FIELDS("cut_new", struct cut_new_body, cut_new_rows);

bool cut_panels_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct cut_new_body *in = rq->input;
    struct marking m = marking_of(rq);
    const struct programme *p;
    struct id panel;
    if (!programme_of(rq, in->programme, &p, e))
        return false;
    struct cut_order order = {in->title,      p->id,       in->form,        in->codes,
                              in->code_count, in->members, in->member_count};
    if (!cut_panel_open(&m, &order, &panel, e))
        return false;
    put_id(reply_json_with(rp, 201), "id", panel);
    return true;
}

/* --- one panel ----------------------------------------------------------------------------------- */
static int by_size(const void *x, const void *y)
{
    int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
    return (a > b) - (a < b);
}

/* Everybody's, from low to high: whose they are is nobody's business. */
static void put_spread(struct request *rq, struct json_out *o, const struct cut_panel *p,
                       size_t item)
{
    int64_t *all = arena_array(rq->arena, int64_t, p->member_count + 1);
    put_array(o, "spread");
    for (int r = 0; r < CUT_ROUNDS; r++) {
        size_t n = 0;
        for (size_t k = 0; k < p->member_count && p->result[r]; k++)
            if (p->members[k].excused_ms == 0)
                all[n++] = p->rating[r][k * p->item_count + item];
        qsort(all, n, sizeof *all, by_size);
        out_array(o);
        for (size_t k = 0; k < n; k++)
            out_int(o, all[k]);
        out_array_end(o);
    }
    out_array_end(o);
}

static void put_own(struct json_out *o, const struct cut_panel *p, size_t item)
{
    put_array(o, "own");
    for (int r = 0; r < CUT_ROUNDS && p->self; r++) {
        int64_t v = p->rating[r][(size_t)(p->self - p->members) * p->item_count + item];
        if (v < 0)
            out_null(o);
        else
            out_int(o, v);
    }
    out_array_end(o);
}

/* Question and key are for those who rate, while they rate, and for whoever may read the bank. */
static bool sees_content(const struct request *rq, const struct cut_panel *p)
{
    return (p->rates && p->row.closed_ms == 0) || p->chairs || sees_all(rq);
}

static bool panel_seen(struct request *rq, const struct cut_panel *p, struct err *e)
{
    struct bank b = bank_of(rq);
    struct id *versions = arena_array(rq->arena, struct id, p->item_count + 1);
    for (size_t i = 0; i < p->item_count; i++)
        versions[i] = p->items[i].version_id;
    return !sees_content(rq, p) || bank_note_seen(&b, SEEN_panel, versions, p->item_count, e);
}

static bool put_content(struct request *rq, struct json_out *o, const struct cut_panel *p,
                        const struct cut_item *i, struct err *e)
{
    struct item item;
    if (!sees_content(rq, p))
        return true;
    if (!bank_open_version(rq->db, rq->arena, rq->app->master, i->version_id, &item, e))
        return false;
    out_key(o, "preview");
    item_write_presented(rq->arena, &item, o);
    out_key(o, "object");
    item_write(&item, o);
    return true;
}

static bool put_items(struct request *rq, struct json_out *o, const struct cut_panel *p,
                      struct err *e)
{
    put_array(o, "items");
    for (size_t k = 0; k < p->item_count; k++) {
        const struct cut_item *i = &p->items[k];
        out_object(o);
        put_int(o, "n", i->n);
        put_text(o, "code", i->code);
        put_int(o, "millimarks", i->millimarks);
        put_real(o, "share", i->share);
        put_int(o, "answered", i->answered);
        put_own(o, p, k);
        put_spread(rq, o, p, k);
        put_array(o, "mean");
        for (int r = 0; r < CUT_ROUNDS && p->result[r]; r++)
            out_real(o, p->result[r]->item_mean[k]);
        out_array_end(o);
        if (!put_content(rq, o, p, i, e))
            return false;
        out_object_end(o);
    }
    out_array_end(o);
    return true;
}

static void put_members(struct json_out *o, const struct cut_panel *p)
{
    put_array(o, "members");
    for (size_t k = 0; k < p->member_count; k++) {
        const struct cut_member *one = &p->members[k];
        int64_t round = p->row.round;
        out_object(o);
        put_id(o, "id", one->account);
        put_text(o, "name", one->name);
        put_bool(o, "excused", one->excused_ms > 0);
        put_text(o, "excuse", one->excuse);
        put_int(o, "rated", one->rated[round - 1]);
        put_bool(o, "done", one->done >= round);
        out_object_end(o);
    }
    out_array_end(o);
}

/* Names stand beside the judges' figures only in what was closed. */
static void put_judges(struct json_out *o, const struct cut_panel *p, const struct angoff *r)
{
    size_t judge = 0;
    put_array(o, "judges");
    for (size_t k = 0; k < p->member_count; k++) {
        if (p->members[k].excused_ms > 0)
            continue;
        const struct angoff_judge *j = &r->judges[judge++];
        if (p->row.closed_ms == 0)
            continue;
        out_object(o);
        put_text(o, "name", p->members[k].name);
        put_real(o, "cut", j->cut);
        put_real(o, "difference", j->difference);
        put_real(o, "r", j->r_panel);
        put_real(o, "distance", j->mean_distance);
        out_object_end(o);
    }
    out_array_end(o);
}

static void put_results(struct json_out *o, const struct cut_panel *p)
{
    put_array(o, "results");
    for (int r = 0; r < CUT_ROUNDS && p->result[r]; r++) {
        const struct angoff *one = p->result[r];
        out_object(o);
        put_real(o, "cut", one->cut);
        put_real(o, "share", one->cut / p->full);
        put_real(o, "sd", one->sd);
        put_real(o, "se", one->se);
        put_real(o, "icc_single", one->icc_single);
        put_real(o, "icc_panel", one->icc_mean);
        put_judges(o, p, one);
        out_object_end(o);
    }
    out_array_end(o);
}

/* What the programme demands of a theory component, as a share: the panel's cut stands beside it. */
static void put_pass(struct request *rq, struct json_out *o, const struct cut_panel *p)
{
    const struct programme *of = programme_find(rq->app->programmes, p->row.programme);
    const struct component *c = of ? programme_component(of, "theory") : NULL;
    if (c && c->full_millimarks > 0)
        put_real(o, "pass", (double)c->pass_millimarks / (double)c->full_millimarks);
}

bool cut_panel_one_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct marking m = marking_of(rq);
    struct cut_panel p;
    if (!cut_panel_get(&m, rq->id[0], sees_all(rq), &p, e) || !panel_seen(rq, &p, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_object(o, "panel");
    put_row(rq, o, &p.row);
    put_bool(o, "rates", p.rates);
    put_bool(o, "handed_in", p.self && p.self->done >= p.row.round);
    put_real(o, "full", p.full);
    put_pass(rq, o, &p);
    out_object_end(o);
    put_members(o, &p);
    put_results(o, &p);
    return put_items(rq, o, &p, e);
}

/* A picture, sound or film of item ?n=, for those who see its question. */
bool cut_picture_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct marking m = marking_of(rq);
    struct bank b = bank_of(rq);
    struct cut_panel p;
    struct item item;
    struct attached file;
    int64_t n = request_query_int(rq, "n", 0);
    if (!cut_panel_get(&m, rq->id[0], sees_all(rq), &p, e))
        return false;
    for (size_t k = 0; k < p.item_count && sees_content(rq, &p); k++) {
        struct id version = p.items[k].version_id;
        if (p.items[k].n != n)
            continue;
        if (!bank_open_version(rq->db, rq->arena, rq->app->master, version, &item, e))
            return false;
        if (!attachment_is_of(&item.meta, rq->word[0]))
            break;
        if (!bank_note_seen(&b, SEEN_panel, &version, 1, e) ||
            !attachment_open(&b, rq->word[0], &file, e))
            return false;
        reply_attached(rq, rp, &file);
        return true;
    }
    return FAIL(e, NOT_FOUND, "picture", "没有这个文件。");
}

/* --- acts ---------------------------------------------------------------------------------------- */
static const struct field cut_rating_rows[] = {
    {FIELD(struct cut_rating, n, INT), .required = true, .min = 1, .max = CUT_ITEMS_MAX},
    {FIELD(struct cut_rating, percent, INT), .required = true, .min = 0, .max = 100},
};
static const struct fields cut_rating_fields = FIELDS("cut_rating", struct cut_rating,
                                                      cut_rating_rows);
struct cut_ratings_body {
    int64_t round;
    struct cut_rating *ratings;
    size_t rating_count;
};
static const struct field cut_ratings_rows[] = {
    {FIELD(struct cut_ratings_body, round, INT), .required = true, .min = 1, .max = CUT_ROUNDS},
    {FIELD(struct cut_ratings_body, ratings, OBJECTS),
     FIELD_COUNT(struct cut_ratings_body, rating_count), .required = true, .min = 1,
     .max = CUT_ITEMS_MAX, .sub = &cut_rating_fields},
};
const struct fields cut_ratings_fields = FIELDS("cut_ratings", struct cut_ratings_body,
                                                cut_ratings_rows);

/* Whose panel it is not, learns nothing of it, not even that it is there. */
static bool has_part(struct request *rq, struct marking *m, struct err *e)
{
    struct cut_panel p;
    *m = marking_of(rq);
    return cut_panel_get(m, rq->id[0], sees_all(rq), &p, e);
}

bool cut_ratings_put(struct request *rq, struct reply *rp, struct err *e)
{
    const struct cut_ratings_body *in = rq->input;
    struct marking m;
    (void)rp;
    return has_part(rq, &m, e) &&
           cut_rate(&m, rq->id[0], in->round, in->ratings, in->rating_count, e);
}

struct cut_hand_in_body {
    int64_t round;
};
static const struct field cut_hand_in_rows[] = {
    {FIELD(struct cut_hand_in_body, round, INT), .required = true, .min = 1, .max = CUT_ROUNDS},
};
const struct fields cut_hand_in_fields = FIELDS("cut_hand_in", struct cut_hand_in_body,
                                                cut_hand_in_rows);

bool cut_hand_in_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct cut_hand_in_body *in = rq->input;
    struct marking m;
    (void)rp;
    return has_part(rq, &m, e) && cut_hand_in(&m, rq->id[0], in->round, e);
}

struct cut_excuse_body {
    struct id member;
    const char *reason;
};
static const struct field cut_excuse_rows[] = {
    {FIELD(struct cut_excuse_body, member, ID), .required = true},
    {FIELD(struct cut_excuse_body, reason, TEXT), .required = true, .min = 2, .max = 200},
};
const struct fields cut_excuse_fields = FIELDS("cut_excuse", struct cut_excuse_body,
                                               cut_excuse_rows);

bool cut_excuse_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct cut_excuse_body *in = rq->input;
    struct marking m;
    (void)rp;
    return has_part(rq, &m, e) && cut_panel_excuse(&m, rq->id[0], in->member, in->reason, e);
}

bool cut_round_two_post(struct request *rq, struct reply *rp, struct err *e)
{
    struct marking m;
    char id[ID_TEXT_BYTES];
    id_write(rq->id[0], id);
    return has_part(rq, &m, e) && cut_panel_may_advance(&m, rq->id[0], e) &&
           work_ask_for(rq, rp, "panel_round", rq->id[0], json_pack("{s:s}", "panel", id), e);
}

bool cut_round_two_work(const struct working *w, struct id *result, struct err *e)
{
    struct marking m = marking_of_work(w);
    *result = w->work->object;
    return cut_panel_advance(&m, w->work->object, e);
}

struct cut_close_body {
    bool abandon;
    const char *reason;
};
static const struct field cut_close_rows[] = {
    {FIELD(struct cut_close_body, abandon, BOOL)},
    {FIELD(struct cut_close_body, reason, TEXT), .required = true, .min = 2, .max = 500},
};
const struct fields cut_close_fields = FIELDS("cut_close", struct cut_close_body,
                                              cut_close_rows);

bool cut_close_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct cut_close_body *in = rq->input;
    struct marking m;
    (void)rp;
    return has_part(rq, &m, e) && cut_panel_close(&m, rq->id[0], in->abandon, in->reason, e);
}
