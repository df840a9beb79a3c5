/* measure/form_report.c - the figures of one form from a table of shares. */
#include "measure/form_report.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "measure/em.h"
#include "measure/numbers.h"
#include "measure/responses.h"

enum { FIT_NODES = 61, FIT_ITERATIONS = 500, BISECTIONS = 60 };
static const double FIT_RANGE = 6, FIT_TOLERANCE = 1e-4, REPORT_RANGE = 3, WHOLE = 1e-9;

/* --- spread and reliability ---------------------------------------------------------------------- */
static double total_of(const struct share_table *t, size_t attempt)
{
    double total = 0;
    for (size_t i = 0; i < t->items; i++)
        total += t->shares[attempt * t->items + i] * (double)t->weight[i];
    return total;
}

static double item_variance(const struct share_table *t, size_t item)
{
    double n = (double)t->attempts, mean = 0, sum = 0;
    for (size_t i = 0; i < t->attempts; i++)
        mean += t->shares[i * t->items + item] / n;
    for (size_t i = 0; i < t->attempts; i++) {
        double d = t->shares[i * t->items + item] - mean;
        sum += d * d;
    }
    return sum / (n - 1);
}

static void spread(const struct share_table *t, struct form_report *r)
{
    double n = (double)t->attempts, full = (double)r->full_millimarks, squares = 0;
    r->mean = 0;
    r->low = 1;
    r->high = 0;
    for (size_t i = 0; i < t->attempts; i++) {
        double share = total_of(t, i) / full;
        r->mean += share / n;
        r->low = fmin(r->low, share);
        r->high = fmax(r->high, share);
        r->passed += share + WHOLE >= t->pass_share;
        r->counts[(size_t)(share * REPORT_TOP + WHOLE)]++;
    }
    for (size_t i = 0; i < t->attempts; i++) {
        double d = total_of(t, i) / full - r->mean;
        squares += d * d;
    }
    r->sd = t->attempts > 1 ? sqrt(squares / (n - 1)) : NAN;
}

static void reliability(const struct share_table *t, struct form_report *r)
{
    double k = (double)t->items, sum = 0, full = (double)r->full_millimarks;
    if (t->attempts < 2 || t->items < 2 || !(r->sd > 0))
        return;
    for (size_t i = 0; i < t->items; i++) {
        double w = (double)t->weight[i] / full;
        sum += w * w * item_variance(t, i);
    }
    r->alpha = k / (k - 1) * (1 - sum / (r->sd * r->sd));
    if (r->alpha >= 0 && r->alpha <= 1)
        r->sem = r->sd * sqrt(1 - r->alpha);
}

static bool all_or_nothing(const struct share_table *t, size_t item)
{
    for (size_t i = 0; i < t->attempts; i++) {
        double share = t->shares[i * t->items + item];
        if (share > WHOLE && share < 1 - WHOLE)
            return false;
    }
    return true;
}

static void error_at_pass(const struct share_table *t, struct form_report *r)
{
    double n = (double)t->items, x = ceil(t->pass_share * n - WHOLE);
    for (size_t i = 0; i < t->items; i++)
        if (t->weight[i] != t->weight[0] || !all_or_nothing(t, i))
            return;
    if (t->items > 1)
        r->sem_at_pass = sqrt(x * (n - x) / (n - 1)) / n;
}

static void decision(const struct share_table *t, struct form_report *r)
{
    double counts[REPORT_TOP + 1];
    for (size_t i = 0; i <= REPORT_TOP; i++)
        counts[i] = (double)r->counts[i];
    r->decision = livingston_lewis(counts, REPORT_TOP, REPORT_TOP,
                                   ceil(t->pass_share * REPORT_TOP - WHOLE), r->alpha);
}

/* --- information --------------------------------------------------------------------------------- */
struct fitting {
    const struct share_table *table;
    size_t *column, count;
    struct irt_item *items;
    struct em_fit fit;
};

/* Whoever is always or never right tells nothing of difficulty. */
static bool tells(const struct share_table *t, size_t item)
{
    double sum = 0;
    for (size_t i = 0; i < t->attempts; i++)
        sum += t->shares[i * t->items + item];
    return all_or_nothing(t, item) && sum > 0.5 && sum < (double)t->attempts - 0.5;
}

static bool fit_items(struct arena *a, struct fitting *f, struct err *e)
{
    const struct share_table *t = f->table;
    double *node = arena_array(a, double, FIT_NODES),
           *weight = arena_array(a, double, FIT_NODES);
    double *ones = arena_array(a, double, t->attempts);
    uint8_t *x = arena_array(a, uint8_t, t->attempts * f->count);
    for (size_t i = 0; i < t->attempts; i++) {
        ones[i] = 1;
        for (size_t k = 0; k < f->count; k++)
            x[i * f->count + k] = t->shares[i * t->items + f->column[k]] > 0.5;
    }
    for (size_t k = 0; k < f->count; k++)
        f->items[k] = (struct irt_item){.kind = IRT_BINARY, .categories = 2};
    grid_equal(-FIT_RANGE, FIT_RANGE, FIT_NODES, true, node, weight);
    const struct em_data data = {t->attempts, f->count, x, ones, (double)t->attempts, false};
    const struct em_form form = {
        .items = f->items,
        .slope = t->attempts < TWO_PL_FROM ? EM_SLOPE_COMMON : EM_SLOPE_FREE,
        .nodes = FIT_NODES,
        .node = node,
        .node_weight = weight,
        .priors = {.a = true, .a_mean = 0, .a_sd = 0.5, .d_sd = 2, .g_alpha = 5, .g_beta = 17},
        .tolerance = FIT_TOLERANCE,
        .iterations = FIT_ITERATIONS,
        .information = EM_INFORMATION_NONE,
    };
    return em_run(a, &data, &form, &f->fit, e);
}

/* Expected share of the fitted items' marks, and the error of such a share, at THETA. */
static double expected(const struct fitting *f, double theta, double *error)
{
    double full = 0, share = 0, variance = 0;
    for (size_t k = 0; k < f->count; k++) {
        double p[2], w = (double)f->table->weight[f->column[k]];
        irt_probabilities(&f->items[k], f->fit.x + k * f->fit.stride, theta, p);
        full += w;
        share += w * p[1];
        variance += w * w * p[0] * p[1];
    }
    *error = sqrt(variance) / full;
    return share / full;
}

static void at_pass(const struct fitting *f, struct form_information *out)
{
    double low = -FIT_RANGE, high = FIT_RANGE, error;
    if (expected(f, low, &error) > f->table->pass_share ||
        expected(f, high, &error) < f->table->pass_share)
        return;
    for (int i = 0; i < BISECTIONS; i++) {
        double middle = (low + high) / 2;
        if (expected(f, middle, &error) < f->table->pass_share)
            low = middle;
        else
            high = middle;
    }
    out->pass_theta = (low + high) / 2;
    (void)expected(f, out->pass_theta, &out->pass_sem);
}

static bool information(struct arena *a, const struct share_table *t,
                        struct form_information *out, struct err *e)
{
    struct fitting f = {.table = t,
                        .column = arena_array(a, size_t, t->items),
                        .items = arena_array(a, struct irt_item, t->items)};
    for (size_t i = 0; i < t->items; i++)
        if (tells(t, i))
            f.column[f.count++] = i;
    if (f.count < 2)
        return true;
    if (!fit_items(a, &f, e))
        return false;
    if (!f.fit.converged)
        return true;
    out->model = t->attempts < TWO_PL_FROM ? "rasch" : "2pl";
    out->items = f.count;
    for (size_t i = 0; i < REPORT_NODES; i++) {
        out->theta[i] = -REPORT_RANGE + 2 * REPORT_RANGE * (double)i / (REPORT_NODES - 1);
        out->information[i] = 0;
        for (size_t k = 0; k < f.count; k++)
            out->information[i] += irt_information(&f.items[k], f.fit.x + k * f.fit.stride,
                                                   out->theta[i]);
    }
    at_pass(&f, out);
    return true;
}

bool form_report(struct arena *a, const struct share_table *t, struct form_report *out,
                 struct err *e)
{
    out->attempts = (int64_t)t->attempts;
    out->items = t->items;
    out->mean = out->sd = out->low = out->high = out->alpha = out->sem = out->sem_at_pass = NAN;
    out->information = (struct form_information){.pass_theta = NAN, .pass_sem = NAN};
    for (size_t i = 0; i < t->items; i++)
        out->full_millimarks += t->weight[i];
    if (t->attempts == 0 || out->full_millimarks == 0)
        return true;
    spread(t, out);
    reliability(t, out);
    error_at_pass(t, out);
    if (isfinite(out->alpha))
        decision(t, out);
    return t->attempts < RASCH_FROM || information(a, t, &out->information, e);
}
