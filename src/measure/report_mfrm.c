/* measure/report_mfrm.c - `analyze mfrm`: a row a rating, a column a facet. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/json_out.h"
#include "measure/analyze.h"
#include "measure/facets.h"
#include "measure/number_table.h"
#include "measure/numbers.h"

enum { ELEMENTS_MAX = 4000 };

struct ratings {
    struct facet_data d;
    const char *names[FACETS_MAX];
    const char **labels[FACETS_MAX];
    const char **categories;
    size_t positive, floating;
};

static bool among(const char *const *names, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

/* The names of --facets, and their columns. */
static bool split_names(struct arena *a, const char *list, const struct table *t,
                        struct ratings *r, size_t *columns, struct err *e)
{
    if (!list)
        return FAIL(e, INVALID, "--facets", "缺少这个选项。");
    for (const char *w = list; *w;) {
        size_t n = strcspn(w, ",");
        char *name = arena_copy(a, w, n);
        int column = table_column(t, name);
        if (r->d.facets == FACETS_MAX)
            return FAIL(e, INVALID, "--facets", "最多 %d 个面。", FACETS_MAX);
        if (column < 0)
            return FAIL(e, INVALID, "--facets", "没有名为“%.60s”的列。", name);
        columns[r->d.facets] = (size_t)column;
        r->names[r->d.facets++] = name;
        w += n + (w[n] == ',');
    }
    return r->d.facets >= 2 || FAIL(e, INVALID, "--facets", "至少要有 2 个面。");
}

/* A facet by name; else one whose name says what it is; else the given default. */
static bool choose(const struct ratings *r, const char *option, const char *wanted,
                   const char *const *usual, size_t usual_count, size_t otherwise, size_t *out,
                   struct err *e)
{
    for (size_t f = 0; f < r->d.facets && wanted; f++)
        if (strcmp(r->names[f], wanted) == 0) {
            *out = f;
            return true;
        }
    if (wanted)
        return FAIL(e, INVALID, option, "--facets 里没有“%.60s”。", wanted);
    *out = otherwise;
    for (size_t f = r->d.facets; f-- > 0;)
        if (among(usual, usual_count, r->names[f]))
            *out = f;
    return true;
}

static bool choose_roles(const struct analyze_options *o, struct ratings *r, struct err *e)
{
    static const char *const persons[] = {"examinee", "person", "candidate", "subject",
                                          "student",  "ratee",  "id",        "考生"};
    static const char *const raters[] = {"judge", "rater", "examiner", "grader", "考评员"};
    size_t largest = 0;
    for (size_t f = 1; f < r->d.facets; f++)
        if (r->d.elements[f] > r->d.elements[largest])
            largest = f;
    return choose(r, "--positive", o->positive, persons, sizeof persons / sizeof *persons,
                  largest, &r->d.positive, e) &&
           choose(r, "--float", o->floating, raters, sizeof raters / sizeof *raters, 0,
                  &r->d.floating, e);
}

static bool read_observations(struct arena *a, const struct table *t, const size_t *columns,
                              int rating, struct ratings *r, struct err *e)
{
    size_t n = t->count - 1, rating_column = (size_t)rating;
    size_t *element = arena_array(a, size_t, n * r->d.facets), *x = arena_array(a, size_t, n);
    double *weight = arena_array(a, double, n), v;
    int counted = table_column(t, "Freq");
    counted = counted < 0 ? table_column(t, "freq") : counted;
    counted = counted < 0 ? table_column(t, "n") : counted;
    for (size_t i = 1; i < t->count; i++) {
        size_t o = r->d.observations;
        const char *cell = table_cell(&t->rows[i], rating);
        if (!*cell || strcmp(cell, "NA") == 0)
            continue;
        if (!table_number(t, i, rating_column, "--rating", &v, e))
            return false;
        if (v != floor(v))
            return FAIL(e, INVALID, "--rating", "第 %zu 行：评分“%.40s”不是整数。",
                        t->rows[i].line, cell);
        weight[o] = 1;
        if (counted >= 0 && !table_number(t, i, (size_t)counted, "file", &weight[o], e))
            return false;
        if (!(weight[o] >= 0))
            return FAIL(e, INVALID, "file", "第 %zu 行的次数小于 0。", t->rows[i].line);
        for (size_t f = 0; f < r->d.facets; f++) {
            /* NOLINTNEXTLINE: split_names has filled as many as there are facets */
            const char *label = t->rows[i].cells[columns[f]];
            size_t k = label_index(r->labels[f], r->d.elements[f], label);
            if (k == r->d.elements[f])
                return FAIL(e, INVALID, "file", "第 %zu 行、列“%.60s”：空。", t->rows[i].line,
                            r->names[f]);
            element[o * r->d.facets + f] = k;
        }
        x[o] = label_index(r->categories, r->d.categories, cell);
        r->d.observations += weight[o] > 0;
    }
    r->d.element = element;
    r->d.rating = x;
    r->d.weight = weight;
    return r->d.observations > 0 || FAIL(e, INVALID, "file", "没有评分。");
}

static bool read_ratings(struct arena *a, const struct analyze_options *o, struct ratings *r,
                         struct err *e)
{
    struct table t;
    size_t columns[FACETS_MAX];
    if (!table_file_read(a, "file", o->file, &t, e) ||
        !split_names(a, o->facets, &t, r, columns, e))
        return false;
    int rating = table_column(&t, o->rating ? o->rating : "rating");
    if (rating < 0)
        return FAIL(e, INVALID, "--rating", "没有名为“%.60s”的列。",
                    o->rating ? o->rating : "rating");
    size_t rating_column = (size_t)rating;
    r->d.categories = labels_of(a, &t, &rating_column, 1, &r->categories);
    if (r->d.categories < 2 || r->d.categories > FACET_CATEGORIES_MAX)
        return FAIL(e, INVALID, "--rating", "评分有 %zu 种取值，须在 2–%d 之间。",
                    r->d.categories, FACET_CATEGORIES_MAX);
    for (size_t f = 0; f < r->d.facets; f++) {
        r->d.elements[f] = labels_of(a, &t, &columns[f], 1, &r->labels[f]);
        if (r->d.elements[f] < 2 || r->d.elements[f] > ELEMENTS_MAX)
            return FAIL(e, INVALID, "--facets", "面“%.60s”有 %zu 个元素，须在 2–%d 之间。",
                        r->names[f], r->d.elements[f], ELEMENTS_MAX);
    }
    return read_observations(a, &t, columns, rating, r, e) && choose_roles(o, r, e);
}

/* Of the ratings as they stand in the file. */
static double mean_rating(const struct ratings *r, size_t facet, size_t element)
{
    double sum = 0, n = 0;
    for (size_t o = 0; o < r->d.observations; o++)
        if (r->d.element[o * r->d.facets + facet] == element) {
            sum += r->d.weight[o] * strtod(r->categories[r->d.rating[o]], NULL);
            n += r->d.weight[o];
        }
    return n > 0 ? sum / n : NAN;
}

static void put_facets(struct json_out *out, const struct ratings *r,
                       const struct facet_fit *fit)
{
    put_object(out, "facets");
    for (size_t f = 0; f < r->d.facets; f++) {
        put_array(out, r->names[f]);
        for (size_t i = 0; i < r->d.elements[f]; i++) {
            const struct facet_element *x = &fit->elements[f][i];
            out_object(out);
            put_text(out, "id", r->labels[f][i]);
            put_real(out, "measure", x->measure);
            put_real(out, "se", x->se);
            put_real(out, "infit", x->infit);
            put_real(out, "outfit", x->outfit);
            put_number(out, "n", x->count);
            put_real(out, "mean_rating", mean_rating(r, f, i));
            put_bool(out, "extreme", x->extreme);
            out_object_end(out);
        }
        out_array_end(out);
    }
    out_object_end(out);
    put_array(out, "thresholds");
    for (size_t k = 0; k < r->d.categories; k++) {
        out_object(out);
        put_text(out, "category", r->categories[k]);
        put_number(out, "n", fit->category_count[k]);
        put_real(out, "tau", k ? fit->tau[k - 1] : NAN);
        put_real(out, "se", k ? fit->tau_se[k - 1] : NAN);
        out_object_end(out);
    }
    out_array_end(out);
}

/* Separation of a facet: variance of the measures less error, over error (Wright & Masters 1982). */
static void put_reliability(struct json_out *out, const struct ratings *r,
                            const struct facet_fit *fit)
{
    put_object(out, "separation");
    for (size_t f = 0; f < r->d.facets; f++) {
        double n = (double)r->d.elements[f], mean = 0, square = 0, error = 0;
        for (size_t i = 0; i < r->d.elements[f]; i++) {
            const struct facet_element *x = &fit->elements[f][i];
            mean += x->measure / n;
            error += x->se * x->se / n;
        }
        for (size_t i = 0; i < r->d.elements[f]; i++)
            square += pow(fit->elements[f][i].measure - mean, 2) / (n - 1);
        double real = fmax(square - error, 0);
        put_object(out, r->names[f]);
        put_real(out, "sd", sqrt(square));
        put_real(out, "separation", sqrt(real / error));
        put_real(out, "reliability", real / square);
        out_object_end(out);
    }
    out_object_end(out);
}

bool analyze_mfrm(struct arena *a, const struct analyze_options *o, struct json_out *out,
                  struct err *e)
{
    const char *method = o->method ? o->method : "jmle";
    bool marginal = strcmp(method, "mml") == 0;
    struct ratings r = {.d = {.facets = 0}};
    struct facet_fit fit;
    if (!marginal && strcmp(method, "jmle") != 0)
        return FAIL(e, INVALID, "--method", "应是 jmle 或 mml。");
    if (!read_ratings(a, o, &r, e))
        return false;
    double tolerance = fmin(o->tolerance, 1e-6);
    if (marginal ? !facets_marginal(a, &r.d, (size_t)o->nodes, o->range, tolerance, &fit, e)
                 : !facets_joint(a, &r.d, tolerance * 1e-2, (size_t)o->iterations, &fit, e))
        return false;
    put_object(out, "conventions");
    put_text(out, "model",
             "log P_k / P_(k-1) = positive facet - the others - tau_k; one rating "
             "scale; tau sum to 0");
    put_text(out, "method",
             marginal ? "MML, positive facet normal; its measures are EAP"
                      : "JMLE, no correction of bias");
    put_text(out, "positive", r.names[r.d.positive]);
    put_text(out, "floating", r.names[r.d.floating]);
    put_text(out, "centring", "every facet but the floating one sums to 0");
    put_text(out, "extreme",
             marginal ? "none needed for the positive facet"
                      : "totals at the edge are moved by 0.3");
    put_text(out, "se",
             marginal ? "observed information; posterior sd for the positive facet"
                      : "1 / root of the element's information");
    put_text(out, "categories", "as observed; a category that nobody used does not exist");
    if (marginal) {
        put_int(out, "nodes", o->nodes);
        put_number(out, "range_in_sd", o->range);
    }
    out_object_end(out);
    put_int(out, "observations", (int64_t)r.d.observations);
    put_real(out, "log_likelihood", fit.log_likelihood);
    put_int(out, "iterations", (int64_t)fit.iterations);
    put_bool(out, "converged", fit.converged);
    if (marginal) {
        put_real(out, "mean", fit.mean);
        put_real(out, "sd", fit.sd);
    }
    put_facets(out, &r, &fit);
    put_reliability(out, &r, &fit);
    return true;
}
