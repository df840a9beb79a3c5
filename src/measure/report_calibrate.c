/* measure/report_calibrate.c - `analyze rasch | 2pl | 3pl | grm | gpcm`. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/json_out.h"
#include "measure/analyze.h"
#include "measure/em.h"
#include "measure/fit.h"
#include "measure/numbers.h"
#include "measure/patterns.h"
#include "measure/rasch_cml.h"

struct calibration {
    const char *model;
    enum irt_kind kind;
    bool guessing;
    struct patterns patterns;
    struct irt_item *items;
    struct em_form form;
    struct em_fit fit;
};

/* "X,Y" */
static bool read_pair(const char *option, const char *text, double *x, double *y, struct err *e)
{
    char *end;
    *x = strtod(text, &end);
    if (end == text || *end != ',')
        return FAIL(e, INVALID, option, "“%.40s”应是两个数，以逗号分开。", text);
    const char *second = end + 1;
    *y = strtod(second, &end);
    if (end == second || *end || !isfinite(*x) || !(*y > 0) || !isfinite(*y))
        return FAIL(e, INVALID, option, "“%.40s”应是两个数，以逗号分开，后一个大于 0。", text);
    return true;
}

static bool read_priors(const struct analyze_options *o, bool guessing, struct em_priors *p,
                        struct err *e)
{
    *p = (struct em_priors){.a_mean = 0, .a_sd = 0.5, .d_sd = 2, .g_alpha = 5, .g_beta = 17};
    if (o->no_priors)
        return true;
    p->a = o->prior_a || guessing;
    p->d = o->prior_d != NULL;
    p->g = guessing;
    if ((o->prior_a && !read_pair("--prior-a", o->prior_a, &p->a_mean, &p->a_sd, e)) ||
        (o->prior_d && !read_pair("--prior-d", o->prior_d, &p->d_mean, &p->d_sd, e)) ||
        (o->prior_g && !read_pair("--prior-g", o->prior_g, &p->g_alpha, &p->g_beta, e)))
        return false;
    return p->g_alpha >= 1 || FAIL(e, INVALID, "--prior-g", "两个参数都须不小于 1。");
}

static bool read_form(struct arena *a, const struct analyze_options *o, struct calibration *c,
                      struct err *e)
{
    struct em_form *f = &c->form;
    const char *slope = o->slope                         ? o->slope
                        : strcmp(c->model, "rasch") == 0 ? "common"
                                                         : "free";
    const char *kind = o->se ? o->se : "auto";
    double *x = arena_array(a, double, (size_t)o->nodes);
    double *w = arena_array(a, double, (size_t)o->nodes);
    char *end;
    grid_equal(-o->range, o->range, (size_t)o->nodes, true, x, w);
    *f = (struct em_form){.items = c->items,
                          .nodes = (size_t)o->nodes,
                          .node = x,
                          .node_weight = w,
                          .tolerance = o->tolerance,
                          .iterations = (size_t)o->iterations};
    f->slope = strcmp(slope, "free") == 0     ? EM_SLOPE_FREE
               : strcmp(slope, "common") == 0 ? EM_SLOPE_COMMON
                                              : EM_SLOPE_FIXED;
    f->slope_fixed = strtod(slope, &end);
    if (f->slope == EM_SLOPE_FIXED && (end == slope || *end || !(f->slope_fixed > 0)))
        return FAIL(e, INVALID, "--slope", "应是 free、common 或一个正数。");
    static const char *const names[] = {"auto", "observed", "cross-product", "none"};
    size_t i = 0;
    while (i < 4 && strcmp(names[i], kind) != 0)
        i++;
    f->information = (enum em_information)i;
    if (i == 4)
        return FAIL(e, INVALID, "--se", "应是 auto、observed、cross-product 或 none。");
    return read_priors(o, c->guessing, &f->priors, e);
}

static void put_conventions(struct json_out *out, const struct calibration *c,
                            const struct analyze_options *o)
{
    const struct em_priors *p = &c->form.priors;
    static const char *const slopes[] = {"free", "common, estimated", "fixed"};
    put_object(out, "conventions");
    put_passed_over(out, c->patterns.rows.reader);
    put_text(out, "metric", "logit, D = 1; theta ~ N(0,1)");
    put_text(out, "model",
             c->kind == IRT_BINARY   ? "P(1) = g + (1 - g) / (1 + exp(-(a theta + d)))"
             : c->kind == IRT_GRADED ? "P(X >= k) = 1 / (1 + exp(-(a theta + d_k)))"
                                     : "P(X = k) ~ exp(k a theta + d_k), d_0 = 0; "
                                       "b_k = (d_(k-1) - d_k) / a");
    put_text(out, "slope", slopes[c->form.slope]);
    put_object(out, "grid");
    put_text(out, "kind", "equally spaced, weights from the normal density scaled to 1");
    put_int(out, "nodes", o->nodes);
    put_number(out, "from", -o->range);
    put_number(out, "to", o->range);
    out_object_end(out);
    put_object(out, "priors");
    out_key(out, "a");
    if (p->a && c->form.slope != EM_SLOPE_FIXED) {
        out_object(out);
        put_text(out, "law", "log-normal");
        put_number(out, "mean", p->a_mean);
        put_number(out, "sd", p->a_sd);
        out_object_end(out);
    } else {
        out_null(out);
    }
    out_key(out, "d");
    if (p->d) {
        out_object(out);
        put_text(out, "law", "normal");
        put_number(out, "mean", p->d_mean);
        put_number(out, "sd", p->d_sd);
        out_object_end(out);
    } else {
        out_null(out);
    }
    out_key(out, "g");
    if (p->g) {
        out_object(out);
        put_text(out, "law", "beta");
        put_number(out, "alpha", p->g_alpha);
        put_number(out, "beta", p->g_beta);
        out_object_end(out);
    } else {
        out_null(out);
    }
    out_object_end(out);
    put_text(out, "missing", "left out of the likelihood (missing at random)");
    put_number(out, "tolerance", o->tolerance);
    put_text(out, "convergence", "largest change of a parameter");
    static const char *const kinds[] = {"", "observed information (Louis 1982 = Oakes 1999)",
                                        "cross-product of the persons' scores", "none"};
    put_text(out, "se", kinds[c->fit.information]);
    out_object_end(out);
}

/* An item that does not discriminate has no place on the scale. */
static bool has_difficulty(const double *x)
{
    return fabs(x[0]) > 1e-6;
}

/* Error of b_k by the delta method: -d_k / a, or (d_(k-1) - d_k) / a for partial credit. */
static double se_of_b(const struct calibration *c, size_t j, size_t k)
{
    const struct em_fit *f = &c->fit;
    const double *x = f->x + j * f->stride;
    const int *place = f->place + j * f->stride;
    size_t n = f->parameters;
    double before = c->kind == IRT_PARTIAL && k > 1 ? x[k - 1] : 0, v = 0;
    int at[3] = {place[0], place[k], c->kind == IRT_PARTIAL && k > 1 ? place[k - 1] : -1};
    double by[3] = {-(before - x[k]) / (x[0] * x[0]), -1 / x[0], 1 / x[0]};
    for (size_t i = 0; i < 3 && f->covariance; i++)
        for (size_t l = 0; l < 3; l++)
            if (at[i] >= 0 && at[l] >= 0)
                v += by[i] * by[l] * f->covariance[(size_t)at[i] * n + (size_t)at[l]];
    return f->covariance && v >= 0 && has_difficulty(x) ? sqrt(v) : NAN;
}

static double difficulty(const struct calibration *c, const double *x, size_t k)
{
    if (!has_difficulty(x))
        return NAN;
    if (c->kind == IRT_PARTIAL)
        return ((k > 1 ? x[k - 1] : 0) - x[k]) / x[0];
    return -x[k] / x[0];
}

static void put_list(struct json_out *out, const struct calibration *c, size_t j,
                     const char *key, int what)
{
    const struct em_fit *f = &c->fit;
    const double *x = f->x + j * f->stride;
    bool list = c->kind != IRT_BINARY;
    out_key(out, key);
    if (list)
        out_array(out);
    for (size_t k = 1; k < c->items[j].categories; k++)
        out_real(out, what == 0   ? x[k]
                      : what == 1 ? difficulty(c, x, k)
                      : what == 2 ? f->se[j * f->stride + k]
                                  : se_of_b(c, j, k));
    if (list)
        out_array_end(out);
}

static void put_item(struct json_out *out, const struct calibration *c, size_t j)
{
    const struct em_fit *f = &c->fit;
    const double *x = f->x + j * f->stride, *se = f->se + j * f->stride;
    double g = c->guessing ? logistic(x[2]) : 0;
    out_object(out);
    put_text(out, "id", c->patterns.rows.ids[j]);
    put_real(out, "a", x[0]);
    put_list(out, c, j, "d", 0);
    if (c->kind == IRT_BINARY)
        put_real(out, "g", g);
    put_list(out, c, j, "b", 1);
    put_object(out, "se");
    put_real(out, "a", se[0]);
    put_list(out, c, j, "d", 2);
    if (c->kind == IRT_BINARY)
        put_real(out, "g", c->guessing ? se[2] * g * (1 - g) : NAN);
    put_list(out, c, j, "b", 3);
    out_object_end(out);
    if (c->kind != IRT_BINARY) {
        put_array(out, "categories");
        for (size_t k = 0; k < c->items[j].categories; k++)
            out_int(out, c->patterns.codes[j][k]);
        out_array_end(out);
    }
    out_object_end(out);
}

static void put_fit(struct arena *a, struct json_out *out, const struct calibration *c)
{
    enum { PAIRS = 20 };
    struct model_fit f;
    const char *const *ids = c->patterns.rows.ids;
    fit_model(a, &c->patterns.data, &c->form, &c->fit, PAIRS, &f);
    put_object(out, "fit");
    put_text(out, "item_fit",
             "S-X2 (Orlando & Thissen 2000), score groups joined until every "
             "expected cell is at least 1; mean squares at EAP");
    put_text(out, "local_dependence",
             "Q3 (Yen 1984) at EAP; the pairs furthest from the mean of all pairs");
    put_array(out, "items");
    for (size_t j = 0; j < c->patterns.data.items; j++) {
        out_object(out);
        put_text(out, "id", ids[j]);
        put_real(out, "s_x2", f.items[j].s_x2);
        put_real(out, "df", f.items[j].df);
        put_real(out, "p", f.items[j].p);
        put_real(out, "infit", f.items[j].infit);
        put_real(out, "outfit", f.items[j].outfit);
        out_object_end(out);
    }
    out_array_end(out);
    put_real(out, "q3_mean", f.q3_mean);
    put_array(out, "pairs");
    for (size_t k = 0; k < f.pair_count; k++) {
        out_object(out);
        put_text(out, "first", ids[f.pairs[k].first]);
        put_text(out, "second", ids[f.pairs[k].second]);
        put_real(out, "q3", f.pairs[k].q3);
        out_object_end(out);
    }
    out_array_end(out);
    out_object_end(out);
}

static bool calibrate(struct arena *a, const struct analyze_options *o, struct calibration *c,
                      struct json_out *out, struct err *e)
{
    struct response_form form = {.items = o->items, .missing = o->missing};
    if (!patterns_read(a, o->file, &form, o->key, c->kind == IRT_BINARY, &c->patterns, e))
        return false;
    size_t n = c->patterns.data.items;
    c->items = arena_array(a, struct irt_item, n);
    for (size_t j = 0; j < n; j++)
        c->items[j] = (struct irt_item){c->kind, c->patterns.categories[j], c->guessing};
    if (!read_form(a, o, c, e) || !em_run(a, &c->patterns.data, &c->form, &c->fit, e))
        return false;
    const struct em_fit *f = &c->fit;
    double free_count = (double)f->parameters, persons = c->patterns.data.persons;
    put_conventions(out, c, o);
    put_text(out, "model", c->model);
    put_number(out, "persons", persons);
    put_int(out, "patterns", (int64_t)c->patterns.data.patterns);
    put_int(out, "empty_rows", (int64_t)c->patterns.empty);
    put_real(out, "log_likelihood", f->log_likelihood);
    put_real(out, "log_posterior", f->log_posterior);
    put_int(out, "parameters", (int64_t)f->parameters);
    put_real(out, "aic", -2 * f->log_likelihood + 2 * free_count);
    put_real(out, "bic", -2 * f->log_likelihood + free_count * log(persons));
    put_int(out, "iterations", (int64_t)f->iterations);
    put_int(out, "newton_steps", (int64_t)f->newton_steps);
    put_bool(out, "converged", f->converged);
    put_array(out, "items");
    for (size_t j = 0; j < n; j++)
        put_item(out, c, j);
    out_array_end(out);
    if (o->fit)
        put_fit(a, out, c);
    return true;
}

bool analyze_rasch(struct arena *a, const struct analyze_options *o, struct json_out *out,
                   struct err *e)
{
    struct calibration c = {.model = "rasch", .kind = IRT_BINARY};
    if (o->method && strcmp(o->method, "cml") == 0)
        return report_rasch_cml(a, o, out, e);
    if (o->method && strcmp(o->method, "mml") != 0)
        return FAIL(e, INVALID, "--method", "应是 mml 或 cml。");
    return calibrate(a, o, &c, out, e);
}

bool analyze_2pl(struct arena *a, const struct analyze_options *o, struct json_out *out,
                 struct err *e)
{
    struct calibration c = {.model = "2pl", .kind = IRT_BINARY};
    return calibrate(a, o, &c, out, e);
}

bool analyze_3pl(struct arena *a, const struct analyze_options *o, struct json_out *out,
                 struct err *e)
{
    struct calibration c = {.model = "3pl", .kind = IRT_BINARY, .guessing = true};
    return calibrate(a, o, &c, out, e);
}

bool analyze_grm(struct arena *a, const struct analyze_options *o, struct json_out *out,
                 struct err *e)
{
    struct calibration c = {.model = "grm", .kind = IRT_GRADED};
    return calibrate(a, o, &c, out, e);
}

bool analyze_gpcm(struct arena *a, const struct analyze_options *o, struct json_out *out,
                  struct err *e)
{
    struct calibration c = {.model = "gpcm", .kind = IRT_PARTIAL};
    return calibrate(a, o, &c, out, e);
}
