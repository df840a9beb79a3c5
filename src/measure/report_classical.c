/* measure/report_classical.c - `analyze classical`: reads the responses, writes the JSON. */
#include <math.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/json_out.h"
#include "measure/analyze.h"
#include "measure/answer_key.h"
#include "measure/classical.h"
#include "measure/livingston.h"
#include "measure/numbers.h"
#include "measure/responses.h"

static void put_answer(struct json_out *out, const struct response_reader *r,
                       const struct answer_statistics *s, bool keyed)
{
    char number[16];
    snprintf(number, sizeof number, "%u", s->code);
    out_object(out);
    put_text(out, "option",
             s->code == RESPONSE_MISSING ? NULL
             : keyed                     ? responses_answer(r, s->code)
                                         : number);
    put_bool(out, "missing", s->code == RESPONSE_MISSING);
    if (keyed)
        put_bool(out, "key", s->score > 0);
    put_number(out, "score", s->score);
    put_number(out, "n", s->n);
    put_real(out, "proportion", s->proportion);
    put_real(out, "mean_score", s->mean_score);
    put_real(out, "r_total", s->r_total);
    put_real(out, "r_rest", s->r_rest);
    put_array(out, "curve");
    for (size_t b = 0; b < CLASSICAL_BANDS; b++)
        out_real(out, s->curve[b]);
    out_array_end(out);
    out_object_end(out);
}

static void put_item(struct json_out *out, const struct response_reader *r,
                     const struct classical *c, size_t j, bool keyed)
{
    const struct item_statistics *item = &c->item[j];
    out_object(out);
    put_text(out, "id", responses_ids(r)[j]);
    put_number(out, "n", item->n);
    put_number(out, "missing", item->missing);
    put_real(out, "p", item->p);
    put_real(out, "mean", item->mean);
    put_real(out, "max", item->max);
    put_real(out, "sd", sqrt(item->variance));
    put_real(out, "r_total", item->r_total);
    put_real(out, "r_rest", item->r_rest);
    put_real(out, "r_biserial", item->r_biserial);
    put_real(out, "discrimination", item->discrimination);
    put_real(out, "alpha_without", item->alpha_without);
    put_real(out, "loading", c->loadings ? c->loadings[j] : NAN);
    put_bool(out, "constant", !(item->variance > 0));
    put_array(out, "options");
    for (size_t i = 0; i < item->answer_count; i++)
        put_answer(out, r, &item->answers[i], keyed);
    out_array_end(out);
    out_object_end(out);
}

static void put_scores(struct json_out *out, const struct classical *c)
{
    put_object(out, "scores");
    put_real(out, "mean", c->score_mean);
    put_real(out, "sd", sqrt(c->score_variance));
    put_real(out, "skewness", c->score_skew);
    put_real(out, "excess_kurtosis", c->score_excess);
    put_real(out, "min", c->score_min);
    put_real(out, "max", c->score_max);
    put_array(out, "frequencies"); /* of 0, 1, 2, … */
    for (size_t s = 0; s <= c->score_bound; s++)
        out_number(out, c->score_counts[s]);
    out_array_end(out);
    put_array(out, "bands");
    for (size_t b = 0; b < CLASSICAL_BANDS; b++) {
        out_object(out);
        put_real(out, "from", c->band_from[b]);
        put_number(out, "n", c->band_n[b]);
        out_object_end(out);
    }
    out_array_end(out);
    out_object_end(out);
}

static void put_decision(struct json_out *out, const struct classical *c, double cut,
                         double max)
{
    struct decision_consistency d = livingston_lewis(c->score_counts, c->score_bound, max, cut,
                                                     c->alpha);
    put_object(out, "decision");
    put_text(out, "method",
             "Livingston & Lewis 1995; reliability = alpha; a score passes when "
             "it is >= cut; smallest possible score 0");
    put_number(out, "cut", cut);
    put_number(out, "max", max);
    put_bool(out, "known", d.known);
    put_real(out, "effective_length", d.known ? d.effective_length : NAN);
    put_text(out, "true_scores",
             !d.known            ? NULL
             : d.four_parameters ? "beta, 4 parameters"
                                 : "beta, 2 parameters");
    put_real(out, "shape_a", d.known ? d.alpha : NAN);
    put_real(out, "shape_b", d.known ? d.beta : NAN);
    put_real(out, "lower", d.known ? d.lower : NAN);
    put_real(out, "upper", d.known ? d.upper : NAN);
    put_real(out, "accuracy", d.known ? d.accuracy : NAN);
    put_real(out, "false_pass", d.known ? d.false_pass : NAN);
    put_real(out, "false_fail", d.known ? d.false_fail : NAN);
    put_real(out, "consistency", d.known ? d.consistency : NAN);
    put_real(out, "chance", d.known ? d.chance : NAN);
    put_real(out, "kappa", d.known ? d.kappa : NAN);
    out_object_end(out);
}

bool analyze_classical(struct arena *a, const struct analyze_options *o, struct json_out *out,
                       struct err *e)
{
    struct response_form form = {
        .items = o->items, .missing = o->missing, .numeric = o->key == NULL};
    if (o->key && !answer_key_names(a, o->key, &form.only, &form.only_count, e))
        return false;
    struct response_reader *r = responses_open(a, o->file, &form, e);
    const unsigned *key = r && o->key ? answer_key_read(a, o->key, r, e) : NULL;
    struct classical c;
    if (!r || (o->key && !key) || !classical_run(a, r, key, &c, e))
        return false;
    if (key && !(c.score_max > 0))
        return FAIL(e, INVALID, "--key",
                    "没有一题有人选中答案（列“%.60s”的是“%.40s”）；写法须与作答相同。",
                    responses_ids(r)[0], responses_answer(r, key[0]));
    double max = 0;
    for (size_t j = 0; j < c.items; j++)
        max += c.item[j].max;
    if (isfinite(o->score_max))
        max = o->score_max;
    if (max < c.score_max)
        return FAIL(e, INVALID, "--range-of-scores", "有人得分 %.0f，超过满分 %.0f。",
                    c.score_max, max);

    put_object(out, "conventions");
    put_text(out, "missing", "scored 0, counted as an option of its own");
    put_text(out, "variances", "over n - 1");
    put_text(out, "r_total", "Pearson with the total that contains the item");
    put_text(out, "r_rest", "Pearson with the total less the item");
    put_text(out, "kr20", "equals alpha for 0/1 items");
    put_text(out, "omega", "one factor, minres on the covariances of the items");
    put_text(out, "split_half", "Guttman's lambda 4 of the odd and the even items");
    put_text(out, "discrimination", "p of the best 27 % less p of the worst 27 %");
    put_text(out, "curve", "share that chose the option, by fifths of the total score");
    put_text(out, "biserial", "r_total sqrt(p q) / y");
    put_passed_over(out, r);
    out_object_end(out);
    put_number(out, "persons", c.persons);
    put_int(out, "rows", (int64_t)c.rows);
    put_bool(out, "keyed", key != NULL);
    put_real(out, "alpha", c.alpha);
    put_real(out, "kr20", c.kr20);
    put_real(out, "kr21", c.kr21);
    put_real(out, "omega", c.omega);
    put_real(out, "split_half", c.split_half);
    put_real(out, "sem", c.sem);
    put_scores(out, &c);
    if (isfinite(o->cut))
        put_decision(out, &c, o->cut, max);
    put_array(out, "items");
    for (size_t j = 0; j < c.items; j++)
        put_item(out, r, &c, j, key != NULL);
    out_array_end(out);
    return true;
}
