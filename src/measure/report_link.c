/* measure/report_link.c - `analyze link` and `analyze equate`. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/csv.h"
#include "base/file.h"
#include "base/json_out.h"
#include "measure/analyze.h"
#include "measure/equate.h"
#include "measure/link.h"
#include "measure/numbers.h"
#include "measure/parameters.h"

enum { COMMON_FILE_MAX = 8 << 20, GRID_POINTS_MAX = 1001 };

/* Points of --grid: LO:HI:N (weight 1), normal:LO:HI:N, or gh:N. */
struct points {
    size_t count;
    double *theta, *weight;
    const char *kind;
};

static bool read_grid(struct arena *a, const char *text, struct points *p, struct err *e)
{
    double lo = 0, hi = 0, n;
    char more;
    bool normal = strncmp(text, "normal:", 7) == 0;
    const char *range = normal ? text + 7 : text;
    bool hermite = sscanf(text, "gh:%lf%c", &n, &more) == 1;
    if (!hermite && sscanf(range, "%lf:%lf:%lf%c", &lo, &hi, &n, &more) != 3)
        return FAIL(e, INVALID, "--grid", "应是 -4:4:40、normal:-4:4:40 或 gh:30。");
    if (!(n >= 2 && n <= (hermite ? 200 : GRID_POINTS_MAX)) || n != floor(n) ||
        (!hermite && !(hi > lo && hi - lo <= 100)))
        return FAIL(e, INVALID, "--grid", "点数须是 2–%d 的整数，上限须大于下限。",
                    GRID_POINTS_MAX);
    p->count = (size_t)n;
    p->theta = arena_array(a, double, p->count);
    p->weight = arena_array(a, double, p->count);
    p->kind = hermite  ? "Gauss-Hermite for N(0,1)"
              : normal ? "equally spaced, weights from the normal density scaled to 1"
                       : "equally spaced, weight 1";
    if (hermite)
        grid_gauss_hermite(p->count, p->theta, p->weight);
    else
        grid_equal(lo, hi, p->count, normal, p->theta, p->weight);
    return true;
}

static void put_grid(struct json_out *out, const struct points *p)
{
    put_object(out, "grid");
    put_text(out, "kind", p->kind);
    put_int(out, "points", (int64_t)p->count);
    put_number(out, "from", p->theta[0]);
    put_number(out, "to", p->theta[p->count - 1]);
    out_object_end(out);
}

/* Pairs of rows of X and Y from a CSV with columns x,y; or one column item. */
struct pairs {
    size_t count;
    size_t *x, *y;
};

static bool read_common(struct arena *a, const char *option, const char *path,
                        const struct parameters *x, const struct parameters *y,
                        struct pairs *out, struct err *e)
{
    struct bytes text;
    struct table table;
    if (!path)
        return FAIL(e, INVALID, option, "缺少共同题的表（列 x,y）。");
    if (!file_read(a, path, COMMON_FILE_MAX, &text, e) ||
        !csv_read(a, text, (struct csv_form){.comments = true, .any_separator = true}, &table,
                  e)) {
        e->code = ERR_INVALID;
        return false;
    }
    int cx = table_column(&table, "x"), cy = table_column(&table, "y");
    if (cx < 0 || cy < 0)
        cx = cy = table_column(&table, "item");
    if (cx < 0)
        return FAIL(e, INVALID, option, "共同题的表须有列 x,y（或一列 item）。");
    out->count = table.count - 1;
    out->x = arena_array(a, size_t, out->count + 1);
    out->y = arena_array(a, size_t, out->count + 1);
    for (size_t i = 0; i < out->count; i++) {
        const struct table_row *r = &table.rows[i + 1];
        int jx = parameters_find(x, table_cell(r, cx)),
            jy = parameters_find(y, table_cell(r, cy));
        if (jx < 0 || jy < 0)
            return FAIL(e, INVALID, option, "第 %zu 行：参数表里没有题目“%.60s”。", r->line,
                        table_cell(r, jx < 0 ? cx : cy));
        if (x->items[jx].categories != y->items[jy].categories)
            return FAIL(e, INVALID, option, "第 %zu 行：题目“%.60s”在两张表里的等级数不同。",
                        r->line, table_cell(r, cx));
        out->x[i] = (size_t)jx;
        out->y[i] = (size_t)jy;
    }
    return out->count >= 2 || FAIL(e, INVALID, option, "共同题至少要有 2 道。");
}

static void link_binary(struct arena *a, const struct parameters *x, const struct parameters *y,
                        const struct pairs *p, const struct link_grid *grid,
                        struct linking out[LINK_METHODS])
{
    struct link_items t = {.count = p->count};
    double **columns[] = {&t.ax,  &t.bx,  &t.cx,  &t.ay,  &t.by,  &t.cy,
                          &t.sax, &t.sbx, &t.scx, &t.say, &t.sby, &t.scy};
    const double *from[] = {x->slope, x->b,    x->c,    y->slope, y->b,    y->c,
                            x->se_a,  x->se_b, x->se_c, y->se_a,  y->se_b, y->se_c};
    for (size_t k = 0; k < sizeof columns / sizeof *columns; k++) {
        *columns[k] = arena_array(a, double, p->count);
        for (size_t i = 0; i < p->count; i++)
            (*columns[k])[i] = from[k][k % 6 < 3 ? p->x[i] : p->y[i]];
    }
    if (!x->has_errors || !y->has_errors)
        t.sax = NULL;
    for (int k = 0; k < LINK_METHODS; k++)
        out[k] = link_forms(a, &t, grid, (enum link_method)k);
}

static void link_lists(struct arena *a, const struct parameters *x, const struct parameters *y,
                       const struct pairs *p, const struct link_grid *grid,
                       struct linking out[LINK_METHODS])
{
    struct irt_item *items = arena_array(a, struct irt_item, p->count);
    const double **rows_x = arena_array(a, const double *, p->count);
    const double **rows_y = arena_array(a, const double *, p->count);
    for (size_t i = 0; i < p->count; i++) {
        items[i] = x->items[p->x[i]];
        rows_x[i] = x->x + p->x[i] * x->stride;
        rows_y[i] = y->x + p->y[i] * y->stride;
    }
    struct link_categories t = {p->count, items, rows_x, rows_y};
    for (int k = 0; k < LINK_METHODS; k++)
        out[k] = link_polytomous(&t, grid, (enum link_method)k);
}

/* One link: its common items, and the constants by every method. */
static bool link_pair(struct arena *a, const char *option, const char *path,
                      const struct parameters *x, const struct parameters *y,
                      const struct link_grid *grid, struct linking out[LINK_METHODS],
                      struct err *e)
{
    struct pairs p;
    if (!read_common(a, option, path, x, y, &p, e))
        return false;
    (x->items[0].kind == IRT_BINARY ? link_binary : link_lists)(a, x, y, &p, grid, out);
    return true;
}

static bool kind_of(const struct analyze_options *o, enum irt_kind *out, struct err *e)
{
    static const char *const models[] = {"binary", "grm", "gpcm"};
    const char *model = o->model ? o->model : models[0];
    int k = 0;
    while (k < 3 && strcmp(models[k], model) != 0)
        k++;
    *out = (enum irt_kind)k;
    return k < 3 || FAIL(e, INVALID, "--model", "应是 binary、grm 或 gpcm。");
}

/* Binary tables keep D beside them, lists carry it inside. */
static bool read_form(struct arena *a, const char *option, const char *path, enum irt_kind kind,
                      const struct analyze_options *o, struct parameters *out, struct err *e)
{
    return parameters_read(a, option, path, kind, kind == IRT_BINARY ? 1 : o->scale_d, out, e);
}

static void put_linking(struct json_out *out, const char *name, const struct linking *l)
{
    put_object(out, name);
    put_real(out, "A", l->known ? l->a : NAN);
    put_real(out, "B", l->known ? l->b : NAN);
    if (l->errors) {
        put_object(out, "se");
        put_real(out, "A", sqrt(l->var_a));
        put_real(out, "B", sqrt(l->var_b));
        put_real(out, "covariance", l->cov);
        out_object_end(out);
    }
    put_real(out, "criterion", l->known ? l->criterion : NAN);
    out_object_end(out);
}

static bool link_all(struct arena *a, const struct analyze_options *o, const struct points *g,
                     struct linking first[LINK_METHODS], struct parameters *x,
                     struct parameters *y, struct err *e)
{
    struct link_grid grid = {g->count, g->theta, g->weight, o->scale_d, o->symmetric};
    enum irt_kind kind;
    return kind_of(o, &kind, e) && read_form(a, "--x", o->x, kind, o, x, e) &&
           read_form(a, "--y", o->y, kind, o, y, e) &&
           link_pair(a, "--common", o->common, x, y, &grid, first, e);
}

static void put_conventions(struct json_out *out, const struct analyze_options *o,
                            const struct points *g, enum irt_kind kind)
{
    put_object(out, "conventions");
    put_text(out, "scale", "theta_Y = A theta_X + B; a -> a / A, b -> A b + B");
    put_text(out, "model", o->model ? o->model : "binary");
    put_number(out, "D", o->scale_d);
    put_grid(out, g);
    put_text(out, "criterion",
             o->symmetric ? "X on the scale of Y, plus Y on the scale of X"
                          : "X on the scale of Y only");
    if (kind != IRT_BINARY) {
        put_text(out, "moments", "all thresholds or steps of all items together");
        put_text(out, "haebara", "over the categories of each item, the lowest too");
        put_text(out, "stocking_lord", "categories score 0, 1, 2, …");
    } else {
        put_text(out, "se", "delta method from se_a, se_b, se_c; parameters independent");
    }
    out_object_end(out);
}

bool analyze_link(struct arena *a, const struct analyze_options *o, struct json_out *out,
                  struct err *e)
{
    struct points g;
    struct parameters x, y, z;
    struct linking first[LINK_METHODS], second[LINK_METHODS];
    if (!read_grid(a, o->grid ? o->grid : "-4:4:40", &g, e) ||
        !link_all(a, o, &g, first, &x, &y, e))
        return false;
    struct link_grid grid = {g.count, g.theta, g.weight, o->scale_d, o->symmetric};
    enum irt_kind kind = x.items[0].kind;
    if (o->z && (!read_form(a, "--z", o->z, kind, o, &z, e) ||
                 !link_pair(a, "--common-yz", o->common_yz, &y, &z, &grid, second, e)))
        return false;
    put_conventions(out, o, &g, kind);
    for (int k = 0; k < LINK_METHODS; k++)
        put_linking(out, link_names[k], &first[k]);
    if (!o->z)
        return true;
    put_object(out, "chain");
    put_text(out, "scale", "theta_Z = A theta_X + B, by way of Y");
    for (int k = 0; k < LINK_METHODS; k++) {
        struct linking both = link_chain(&first[k], &second[k]);
        put_linking(out, link_names[k], &both);
    }
    out_object_end(out);
    return true;
}

/* Form X on the scale of Y, in the logit metric. */
static struct scored_items form_of(struct arena *a, const struct parameters *p, double scale_d,
                                   double big_a, double big_b)
{
    double *x = arena_array(a, double, p->count * p->stride);
    for (size_t j = 0; j < p->count; j++) {
        double slope = scale_d * p->slope[j] / big_a;
        x[j * p->stride] = slope;
        x[j * p->stride + 1] = -slope * (big_a * p->b[j] + big_b);
        x[j * p->stride + 2] = p->x[j * p->stride + 2];
    }
    return (struct scored_items){p->count, p->stride, p->items, x};
}

static bool read_population(struct arena *a, const char *path, struct points *out,
                            struct err *e)
{
    struct bytes text;
    struct table t;
    if (!file_read(a, path, COMMON_FILE_MAX, &text, e) ||
        !csv_read(a, text, (struct csv_form){.comments = true, .any_separator = true}, &t, e)) {
        e->code = ERR_INVALID;
        return false;
    }
    int at = table_column(&t, "theta"), weight = table_column(&t, "weight");
    double sum = 0;
    if (at < 0 || weight < 0 || t.count < 2)
        return FAIL(e, INVALID, "--population", "须有列 theta,weight。");
    *out = (struct points){.count = t.count - 1};
    out->theta = arena_array(a, double, t.count);
    out->weight = arena_array(a, double, t.count);
    for (size_t i = 1; i < t.count; i++) {
        char *end, *end_too;
        out->theta[i - 1] = strtod(table_cell(&t.rows[i], at), &end);
        out->weight[i - 1] = strtod(table_cell(&t.rows[i], weight), &end_too);
        if (*end || *end_too || !isfinite(out->theta[i - 1]) || !(out->weight[i - 1] >= 0))
            return FAIL(e, INVALID, "--population", "第 %zu 行：应是两个数，权不小于 0。",
                        t.rows[i].line);
        sum += out->weight[i - 1];
    }
    return (sum > 0 && isfinite(sum)) || FAIL(e, INVALID, "--population", "权的和须大于 0。");
}

/* The synthetic population on the scale of Y: the grid of the group of X, moved, and that of Y. */
static bool population(struct arena *a, const struct analyze_options *o, const struct points *g,
                       double big_a, double big_b, struct points *out, struct err *e)
{
    double wx = 1, wy = 0;
    char more;
    if (o->population)
        return read_population(a, o->population, out, e);
    if (o->weights_xy && (sscanf(o->weights_xy, "%lf,%lf%c", &wx, &wy, &more) != 2 ||
                          !(wx >= 0) || !(wy >= 0) || !(wx + wy > 0)))
        return FAIL(e, INVALID, "--weights-xy", "应是两个不小于 0 的数，以逗号分开。");
    *out = (struct points){.count = 2 * g->count};
    out->theta = arena_array(a, double, out->count);
    out->weight = arena_array(a, double, out->count);
    for (size_t q = 0; q < g->count; q++) {
        out->theta[q] = big_a * g->theta[q] + big_b;
        out->weight[q] = wx / (wx + wy) * g->weight[q];
        out->theta[g->count + q] = g->theta[q];
        out->weight[g->count + q] = wy / (wx + wy) * g->weight[q];
    }
    return true;
}

static bool constants(struct arena *a, const struct analyze_options *o, const struct points *g,
                      struct parameters *x, struct parameters *y, struct linking *l,
                      const char **how, struct err *e)
{
    struct linking all[LINK_METHODS];
    const char *wanted = o->link ? o->link : link_names[LINK_MEAN_SIGMA];
    int k = 0;
    while (k < LINK_METHODS && strcmp(link_names[k], wanted) != 0)
        k++;
    if (k == LINK_METHODS)
        return FAIL(e, INVALID, "--link",
                    "应是 mean_mean、mean_sigma、haebara 或 stocking_lord。");
    *l = (struct linking){
        .a = isfinite(o->a) ? o->a : 1, .b = isfinite(o->b) ? o->b : 0, .known = true};
    *how = isfinite(o->a) || isfinite(o->b) ? "given by --A and --B"
           : o->common                      ? wanted
                                            : "none: the forms are on one scale";
    if (!(l->a > 0))
        return FAIL(e, INVALID, "--A", "须大于 0。");
    if (isfinite(o->a) || isfinite(o->b) || !o->common)
        return parameters_read(a, "--x", o->x, IRT_BINARY, 1, x, e) &&
               parameters_read(a, "--y", o->y, IRT_BINARY, 1, y, e);
    if (!link_all(a, o, g, all, x, y, e))
        return false;
    *l = all[k];
    return l->known || FAIL(e, INVALID, "--common", "由这些共同题得不到链接常数。");
}

bool analyze_equate(struct arena *a, const struct analyze_options *o, struct json_out *out,
                    struct err *e)
{
    const char *method = o->method ? o->method : "true", *how = NULL;
    bool observed = strcmp(method, "observed") == 0;
    struct points g = {0}, link_points = {0}, people = {0};
    struct parameters x, y;
    struct linking l = {0};
    if (!observed && strcmp(method, "true") != 0)
        return FAIL(e, INVALID, "--method", "应是 true 或 observed。");
    if (!read_grid(a, "-4:4:40", &link_points, e) ||
        !read_grid(a, o->grid ? o->grid : "normal:-4:4:40", &g, e) ||
        !constants(a, o, &link_points, &x, &y, &l, &how, e) ||
        !population(a, o, &g, l.a, l.b, &people, e))
        return false;
    struct scored_items form_x = form_of(a, &x, o->scale_d, l.a, l.b);
    struct scored_items form_y = form_of(a, &y, o->scale_d, 1, 0);
    size_t top = score_top(&form_x);
    double *equivalent = arena_array(a, double, top + 1),
           *theta = arena_array(a, double, top + 1);
    if (observed)
        equate_observed(a, &form_x, &form_y, people.theta, people.weight, people.count,
                        equivalent);
    else
        equate_true(&form_x, &form_y, theta, equivalent);
    put_object(out, "conventions");
    put_text(out, "method", method);
    put_number(out, "D", o->scale_d);
    put_text(out, "link", how);
    put_number(out, "A", l.a);
    put_number(out, "B", l.b);
    if (observed) {
        if (!o->population)
            put_grid(out, &g);
        put_text(out, "population",
                 o->population ? "theta and weights of --population"
                               : "the grid stands for the group of X on its own scale, moved "
                                 "to the scale of Y, and for the group of Y; --weights-xy "
                                 "mixes them, 1,0 unless given");
        put_text(out, "range", "equivalents below 0 or above the top are cut off there");
        put_text(out, "continuous", "uniform kernel of width 1 around each score");
    } else {
        put_text(out, "below_guessing", "y = x * sum c_Y / sum c_X (Kolen 1981)");
    }
    out_object_end(out);
    put_array(out, "rows");
    for (size_t r = 0; r <= top; r++) {
        out_object(out);
        put_int(out, "x", (int64_t)r);
        put_real(out, "y", equivalent[r]);
        if (!observed)
            put_real(out, "theta", theta[r]);
        out_object_end(out);
    }
    out_array_end(out);
    return true;
}
