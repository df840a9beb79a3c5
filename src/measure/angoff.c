/* measure/angoff.c - cut score, its error, and how far the judges agree. */
#include "measure/angoff.h"

#include <math.h>

#include "base/arena.h"
#include "measure/icc.h"

static double mean_of(const double *p, size_t judges, size_t items, size_t item, size_t without)
{
    double sum = 0, n = 0;
    for (size_t i = 0; i < judges; i++)
        if (i != without && isfinite(p[i * items + item])) {
            sum += p[i * items + item];
            n++;
        }
    return n > 0 ? sum / n : NAN;
}

static void one_judge(const struct angoff_ratings *r, size_t judge, struct angoff *out)
{
    const double *p = r->p;
    size_t judges = r->judges, items = r->items;
    struct angoff_judge *j = &out->judges[judge];
    double n = 0, x = 0, y = 0, xx = 0, yy = 0, xy = 0;
    for (size_t k = 0; k < items; k++) {
        double own = p[judge * items + k], others = mean_of(p, judges, items, k, judge);
        j->cut += (isfinite(own) ? own : out->item_mean[k]) * (r->weight ? r->weight[k] : 1);
        j->rated += isfinite(own);
        if (!isfinite(own) || !isfinite(others))
            continue;
        n++;
        x += own;
        y += others;
        xx += own * own;
        yy += others * others;
        xy += own * others;
        j->mean_distance += fabs(own - others);
    }
    double vx = xx - x * x / n, vy = yy - y * y / n;
    j->mean_distance = n > 0 ? j->mean_distance / n : NAN;
    j->r_panel = vx > 1e-12 && vy > 1e-12 ? (xy - x * y / n) / sqrt(vx * vy) : NAN;
}

void angoff_run(struct arena *a, const struct angoff_ratings *r, struct angoff *out)
{
    const double *p = r->p;
    size_t judges = r->judges, items = r->items;
    *out = (struct angoff){.judges = arena_array(a, struct angoff_judge, judges)};
    out->item_mean = arena_array(a, double, items);
    out->item_sd = arena_array(a, double, items);
    for (size_t k = 0; k < items; k++) {
        double square = 0, n = 0;
        out->item_mean[k] = mean_of(p, judges, items, k, judges);
        for (size_t i = 0; i < judges; i++)
            if (isfinite(p[i * items + k])) {
                square += pow(p[i * items + k] - out->item_mean[k], 2);
                n++;
            }
        out->item_sd[k] = n > 1 ? sqrt(square / (n - 1)) : NAN;
    }
    double square = 0, n = (double)judges;
    for (size_t i = 0; i < judges; i++) {
        one_judge(r, i, out);
        out->cut += out->judges[i].cut / n;
    }
    for (size_t i = 0; i < judges; i++) {
        out->judges[i].difference = out->judges[i].cut - out->cut;
        square += out->judges[i].difference * out->judges[i].difference;
    }
    out->sd = judges > 1 ? sqrt(square / (n - 1)) : NAN;
    out->se = out->sd / sqrt(n);
    out->icc_single = out->icc_mean = NAN;
    double *table = arena_array(a, double, items *judges);
    for (size_t i = 0; i < judges; i++)
        for (size_t k = 0; k < items; k++)
            table[k * judges + i] = p[i * items + k];
    struct icc_table t;
    struct icc forms[ICC_FORMS];
    if (items > 1 && judges > 1) {
        icc_run(table, items, judges, 0.95, &t, forms);
        out->icc_single = forms[ICC_2_1].value;
        out->icc_mean = forms[ICC_2_K].value;
    }
}
