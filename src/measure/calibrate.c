/* measure/calibrate.c - fits items and links them, without a database. */
#include "measure/calibrate.h"

#include <math.h>

#include "base/arena.h"
#include "measure/em.h"
#include "measure/link.h"
#include "measure/numbers.h"
#include "measure/responses.h"

enum { FIT_NODES = 61, FIT_ITERATIONS = 2000, LINK_POINTS = 41 };
static const double FIT_RANGE = 6, FIT_TOLERANCE = 1e-4, LINK_RANGE = 4;

const char *const calibrate_model_names[CALIBRATE_MODELS + 1] = {"rasch", "2pl", "3pl", NULL};
const struct calibrate_least calibrate_least[CALIBRATE_MODELS] = {
    {100, 50}, {500, 200}, {1000, 500}};

static double error_of(const struct em_fit *f, size_t item, size_t parameter)
{
    return f->se ? f->se[item * f->stride + parameter] : NAN;
}

/* b = -d / a, by the delta method. */
static double error_of_b(const struct em_fit *f, size_t item, double a, double d)
{
    const int *place = f->place + item * f->stride;
    double by[2] = {d / (a * a), -1 / a}, v = 0;
    if (!f->covariance)
        return NAN;
    for (size_t i = 0; i < 2; i++)
        for (size_t k = 0; k < 2; k++)
            if (place[i] >= 0 && place[k] >= 0)
                v += by[i] * by[k] *
                     f->covariance[(size_t)place[i] * f->parameters + (size_t)place[k]];
    return v >= 0 ? sqrt(v) : NAN;
}

static struct item_estimate estimate_of(const struct answer_table *t, const struct em_fit *f,
                                        enum calibrate_model model, size_t item)
{
    const double *x = f->x + item * f->stride;
    struct item_estimate out = {.a = x[0],
                                .b = -x[1] / x[0],
                                .se_a = error_of(f, item, 0),
                                .se_b = error_of_b(f, item, x[0], x[1]),
                                .se_c = NAN};
    if (model == CALIBRATE_3PL) {
        out.c = logistic(x[2]);
        out.se_c = error_of(f, item, 2) * out.c * (1 - out.c); /* of g, from its logit */
    }
    for (size_t i = 0; i < t->persons; i++)
        out.answers += t->x[i * t->items + item] != RESPONSE_MISSING;
    return out;
}

bool calibrate(struct arena *a, const struct answer_table *t, enum calibrate_model model,
               struct calibrated *out, struct err *e)
{
    double *node = arena_array(a, double, FIT_NODES),
           *weight = arena_array(a, double, FIT_NODES);
    double *ones = arena_array(a, double, t->persons + 1);
    struct irt_item *items = arena_array(a, struct irt_item, t->items + 1);
    bool gaps = false;
    struct em_fit fit;
    *out = (struct calibrated){.items = arena_array(a, struct item_estimate, t->items + 1)};
    for (size_t i = 0; i < t->persons; i++)
        ones[i] = 1;
    for (size_t i = 0; i < t->persons * t->items && !gaps; i++)
        gaps = t->x[i] == RESPONSE_MISSING;
    for (size_t k = 0; k < t->items; k++)
        items[k] = (struct irt_item){
            .kind = IRT_BINARY, .categories = 2, .guessing = model == CALIBRATE_3PL};
    grid_equal(-FIT_RANGE, FIT_RANGE, FIT_NODES, true, node, weight);
    const struct em_data data = {t->persons, t->items, t->x, ones, (double)t->persons, gaps};
    const struct em_form form = {
        .items = items,
        .slope = model == CALIBRATE_RASCH ? EM_SLOPE_COMMON : EM_SLOPE_FREE,
        .nodes = FIT_NODES,
        .node = node,
        .node_weight = weight,
        .priors = {.a = model != CALIBRATE_RASCH,
                   .g = model == CALIBRATE_3PL,
                   .a_mean = 0,
                   .a_sd = 0.5,
                   .d_sd = 2,
                   .g_alpha = 5,
                   .g_beta = 17},
        .tolerance = FIT_TOLERANCE,
        .iterations = FIT_ITERATIONS,
        .information = EM_INFORMATION_AUTO,
    };
    if (!em_run(a, &data, &form, &fit, e))
        return false;
    out->converged = fit.converged;
    out->log_likelihood = fit.log_likelihood;
    for (size_t k = 0; k < t->items; k++)
        out->items[k] = estimate_of(t, &fit, model, k);
    return true;
}

/* --- onto the scale ------------------------------------------------------------------------------ */
static struct linking link_once(struct arena *a, const struct item_estimate *items,
                                const struct anchor_item *anchors, size_t count)
{
    struct link_items t = {0};
    double **columns[] = {&t.ax, &t.bx, &t.cx, &t.ay, &t.by, &t.cy};
    double *theta = arena_array(a, double, LINK_POINTS),
           *weight = arena_array(a, double, LINK_POINTS);
    struct link_grid grid = {LINK_POINTS, theta, weight, 1, false};
    for (size_t k = 0; k < 6; k++)
        *columns[k] = arena_array(a, double, count + 1);
    for (size_t i = 0; i < count; i++) {
        const struct item_estimate *x = &items[anchors[i].at];
        if (anchors[i].drifted)
            continue;
        t.ax[t.count] = x->a;
        t.bx[t.count] = x->b;
        t.cx[t.count] = x->c;
        t.ay[t.count] = anchors[i].a;
        t.by[t.count] = anchors[i].b;
        t.cy[t.count++] = anchors[i].c;
    }
    grid_equal(-LINK_RANGE, LINK_RANGE, LINK_POINTS, true, theta, weight);
    return t.count >= LINK_ANCHORS_MIN ? link_forms(a, &t, &grid, LINK_STOCKING_LORD)
                                       : (struct linking){.known = false};
}

struct scale_link calibrate_link(struct arena *a, struct item_estimate *items, size_t count,
                                 struct anchor_item *anchors, size_t anchor_count)
{
    struct scale_link out = {0};
    struct linking l = link_once(a, items, anchors, anchor_count);
    if (!l.known)
        return out;
    for (size_t i = 0; i < anchor_count; i++) {
        double b = l.a * items[anchors[i].at].b + l.b;
        anchors[i].drifted = fabs(b - anchors[i].b) > DRIFT_LOGITS;
        out.anchors += !anchors[i].drifted;
    }
    if (out.anchors < anchor_count)
        l = link_once(a, items, anchors, anchor_count);
    if (!l.known)
        return out;
    out.known = true;
    out.a = l.a;
    out.b = l.b;
    for (size_t k = 0; k < count; k++) {
        items[k].a /= l.a;
        items[k].b = l.a * items[k].b + l.b;
        items[k].se_a /= l.a;
        items[k].se_b *= l.a;
    }
    return out;
}
