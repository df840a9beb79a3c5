/* measure/icc.c - analysis of variance of a table of ratings, and the correlations out of it. */
#include "measure/icc.h"

#include <math.h>

#include "measure/numbers.h"

const char *const icc_names[ICC_FORMS] = {"1,1", "2,1", "3,1", "1,k", "2,k", "3,k"};

static void variances(const double *x, size_t n, size_t k, struct icc_table *t)
{
    double grand = 0, rows = 0, columns = 0, all = 0, dn = (double)n, dk = (double)k;
    for (size_t i = 0; i < n * k; i++)
        grand += x[i] / (dn * dk);
    for (size_t i = 0; i < n; i++) {
        double mean = 0;
        for (size_t j = 0; j < k; j++) {
            mean += x[i * k + j] / dk;
            all += (x[i * k + j] - grand) * (x[i * k + j] - grand);
        }
        rows += dk * (mean - grand) * (mean - grand);
    }
    for (size_t j = 0; j < k; j++) {
        double mean = 0;
        for (size_t i = 0; i < n; i++)
            mean += x[i * k + j] / dn;
        columns += dn * (mean - grand) * (mean - grand);
    }
    t->ms_between = rows / (dn - 1);
    t->ms_within = (all - rows) / (dn * (dk - 1));
    t->ms_judges = columns / (dk - 1);
    t->ms_error = fmax(all - rows - columns, 0) / ((dn - 1) * (dk - 1));
}

static void limits_of_f(struct icc *single, struct icc *mean, double k, double tail)
{
    double low = single->f / f_quantile(tail, single->df1, single->df2);
    double high = single->f * f_quantile(tail, single->df2, single->df1);
    single->lower = (low - 1) / (low + k - 1);
    single->upper = (high - 1) / (high + k - 1);
    mean->lower = 1 - 1 / low;
    mean->upper = 1 - 1 / high;
}

/* Shrout & Fleiss p. 424: limits of ICC(2,1) with Satterthwaite's degrees of freedom. */
static void limits_of_two(struct icc *single, struct icc *mean, const struct icc_table *t,
                          double n, double k, double tail)
{
    double r = single->value, fj = t->ms_judges / t->ms_error;
    double u = k * r * fj + n * (1 + (k - 1) * r) - k * r;
    double v = (k - 1) * (n - 1) * u * u /
               ((n - 1) * k * k * r * r * fj * fj + pow(n * (1 + (k - 1) * r) - k * r, 2));
    double up = f_quantile(tail, n - 1, v), down = f_quantile(tail, v, n - 1);
    double b = t->ms_between, e = t->ms_error, j = t->ms_judges;
    single->lower = n * (b - up * e) / (up * (k * j + (k * n - k - n) * e) + n * b);
    single->upper = n * (down * b - e) / (k * j + (k * n - k - n) * e + n * down * b);
    mean->lower = single->lower * k / (1 + single->lower * (k - 1));
    mean->upper = single->upper * k / (1 + single->upper * (k - 1));
}

void icc_run(const double *ratings, size_t subjects, size_t raters, double level,
             struct icc_table *t, struct icc out[ICC_FORMS])
{
    double n = (double)subjects, k = (double)raters, tail = 1 - (1 - level) / 2;
    variances(ratings, subjects, raters, t);
    double b = t->ms_between, w = t->ms_within, j = t->ms_judges, e = t->ms_error;
    out[ICC_1_1].value = (b - w) / (b + (k - 1) * w);
    out[ICC_2_1].value = (b - e) / (b + (k - 1) * e + k * (j - e) / n);
    out[ICC_3_1].value = (b - e) / (b + (k - 1) * e);
    out[ICC_1_K].value = (b - w) / b;
    out[ICC_2_K].value = (b - e) / (b + (j - e) / n);
    out[ICC_3_K].value = (b - e) / b;
    for (int i = 0; i < ICC_FORMS; i++) {
        bool one = i == ICC_1_1 || i == ICC_1_K;
        out[i].f = b / (one ? w : e);
        out[i].df1 = n - 1;
        out[i].df2 = one ? n * (k - 1) : (n - 1) * (k - 1);
        out[i].p = f_above(out[i].f, out[i].df1, out[i].df2);
    }
    limits_of_f(&out[ICC_1_1], &out[ICC_1_K], k, tail);
    limits_of_f(&out[ICC_3_1], &out[ICC_3_K], k, tail);
    limits_of_two(&out[ICC_2_1], &out[ICC_2_K], t, n, k, tail);
}
