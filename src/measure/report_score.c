/* measure/report_score.c - `analyze score`: abilities of the rows, or of the sum scores. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/json_out.h"
#include "measure/analyze.h"
#include "measure/answer_key.h"
#include "measure/numbers.h"
#include "measure/parameters.h"
#include "measure/responses.h"
#include "measure/score.h"

enum { PERSONS_MAX = 2000000 };

/* The items of the table in the order of the columns of the file. */
static bool match_items(struct arena *a, const struct parameters *p,
                        const struct response_reader *r, struct scored_items *s, struct err *e)
{
    size_t n = responses_items(r);
    struct irt_item *items = arena_array(a, struct irt_item, n);
    double *x = arena_array(a, double, n * p->stride);
    for (size_t j = 0; j < n; j++) {
        int i = parameters_find(p, responses_ids(r)[j]);
        if (i < 0)
            return FAIL(e, INVALID, "--parameters",
                        "参数表里没有题目“%.60s”；请用 --items 只取有参数的题。",
                        responses_ids(r)[j]);
        items[j] = p->items[i];
        memcpy(x + j * p->stride, p->x + (size_t)i * p->stride, p->stride * sizeof *x);
    }
    *s = (struct scored_items){n, p->stride, items, x};
    return true;
}

static void put_sum_scores(struct arena *a, struct json_out *out, const struct scored_items *s,
                           const double *node, const double *weight, size_t nodes)
{
    size_t top = score_top(s);
    double *given = arena_array(a, double, top + 1), *sum = arena_array(a, double, top + 1);
    double *first = arena_array(a, double, top + 1), *second = arena_array(a, double, top + 1);
    for (size_t q = 0; q < nodes; q++) {
        lord_wingersky(s, node[q], given);
        for (size_t r = 0; r <= top; r++) {
            double w = given[r] * weight[q];
            sum[r] += w;
            first[r] += w * node[q];
            second[r] += w * node[q] * node[q];
        }
    }
    put_array(out, "scores");
    for (size_t r = 0; r <= top; r++) {
        double mean = first[r] / sum[r];
        out_object(out);
        put_int(out, "sum", (int64_t)r);
        put_real(out, "theta", mean);
        put_real(out, "se", sqrt(fmax(second[r] / sum[r] - mean * mean, 0)));
        put_real(out, "probability", sum[r]);
        out_object_end(out);
    }
    out_array_end(out);
}

/* The row's answers as categories. Refuses a category that the parameters do not have. */
static bool check_row(const struct response_reader *r, const struct scored_items *s,
                      const unsigned *key, int64_t lowest, uint8_t *x, struct err *e)
{
    for (size_t j = 0; j < s->count; j++) {
        if (key && x[j] != RESPONSE_MISSING)
            x[j] = x[j] == key[j];
        if (x[j] == RESPONSE_MISSING)
            continue;
        size_t top = s->items[j].categories - 1;
        if (x[j] < lowest || x[j] - lowest > (int64_t)top)
            return FAIL(e, INVALID, "file",
                        "第 %zu 行、列“%.60s”：%u 不是这道题的等级 %" PRId64 "–%" PRId64
                        "；等级从几起请用 --lowest 写明。",
                        responses_line(r), responses_ids(r)[j], x[j], lowest,
                        lowest + (int64_t)top);
        x[j] = (uint8_t)(x[j] - lowest);
    }
    return true;
}

static bool put_persons(struct arena *a, struct json_out *out, struct response_reader *r,
                        const struct scored_items *s, const unsigned *key,
                        enum score_method method, const struct analyze_options *o,
                        const double *node, const double *weight, struct err *e)
{
    uint8_t *x = arena_array(a, uint8_t, s->count);
    double count;
    unsigned group;
    int64_t row = 0;
    const struct scorer *t = scorer_create(a, s, node, weight, (size_t)o->nodes, o->range);
    put_array(out, "persons");
    while (responses_next(r, x, &count, &group, e)) {
        if (row == PERSONS_MAX)
            return FAIL(e, TOO_LARGE, "file", "一次最多给 %d 行估计能力。", PERSONS_MAX);
        if (!check_row(r, s, key, o->lowest, x, e))
            return false;
        size_t answered = 0, sum = 0;
        for (size_t j = 0; j < s->count; j++)
            if (x[j] != RESPONSE_MISSING) {
                answered++;
                sum += x[j];
            }
        struct ability b = score_person(t, x, method);
        out_object(out);
        put_int(out, "row", ++row);
        put_real(out, "theta", b.theta);
        put_real(out, "se", b.se);
        put_int(out, "sum", (int64_t)sum);
        put_int(out, "answered", (int64_t)answered);
        put_number(out, "n", count);
        put_bool(out, "at_edge", b.at_edge);
        put_real(out, "lz", answered ? b.lz : NAN);
        put_real(out, "outfit", b.outfit);
        put_real(out, "infit", b.infit);
        out_object_end(out);
    }
    out_array_end(out);
    return e->code == ERR_NONE;
}

bool analyze_score(struct arena *a, const struct analyze_options *o, struct json_out *out,
                   struct err *e)
{
    const char *method = o->method ? o->method : "eap", *model = o->model ? o->model : "binary";
    static const char *const methods[] = {"eap", "map", "wle", "eapsum"};
    static const char *const models[] = {"binary", "grm", "gpcm"};
    size_t kind = 0, law = 0;
    while (kind < 4 && strcmp(methods[kind], method) != 0)
        kind++;
    while (law < 3 && strcmp(models[law], model) != 0)
        law++;
    if (kind == 4)
        return FAIL(e, INVALID, "--method", "应是 eap、map、wle 或 eapsum。");
    if (law == 3)
        return FAIL(e, INVALID, "--model", "应是 binary、grm 或 gpcm。");
    struct response_form form = {
        .items = o->items, .missing = o->missing, .numeric = o->key == NULL};
    struct parameters p;
    struct scored_items s;
    if (!parameters_read(a, "--parameters", o->parameters, (enum irt_kind)law, o->scale_d, &p,
                         e))
        return false;
    form.only = p.ids;
    form.only_count = p.count;
    struct response_reader *r = responses_open(a, o->file, &form, e);
    const unsigned *key = r && o->key ? answer_key_read(a, o->key, r, e) : NULL;
    if (!r || (o->key && !key) || !match_items(a, &p, r, &s, e))
        return false;
    double *node = arena_array(a, double, (size_t)o->nodes);
    double *weight = arena_array(a, double, (size_t)o->nodes);
    grid_equal(-o->range, o->range, (size_t)o->nodes, true, node, weight);
    put_object(out, "conventions");
    put_text(out, "method", method);
    put_number(out, "D", o->scale_d);
    put_text(out, "a", p.one_slope ? "1: the table has no column a" : "as in the table");
    put_text(out, "prior", kind == 2 ? "none (Warm's weight)" : "theta ~ N(0,1)");
    put_text(out, "missing", "left out of the likelihood");
    put_text(out, "se",
             kind == 0 || kind == 3 ? "posterior standard deviation"
             : kind == 1            ? "1 / sqrt(1 - d2 log L), at the mode"
                                    : "1 / sqrt(test information)");
    put_int(out, "nodes", o->nodes);
    put_number(out, "from", -o->range);
    put_number(out, "to", o->range);
    put_passed_over(out, r);
    put_text(out, "person_fit", "lz (Drasgow, Levine & Williams 1985), mean squares, at theta");
    out_object_end(out);
    if (kind == 3) {
        put_sum_scores(a, out, &s, node, weight, (size_t)o->nodes);
        return true;
    }
    return put_persons(a, out, r, &s, key, (enum score_method)kind, o, node, weight, e);
}
