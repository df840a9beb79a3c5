/* measure/dif.c - the Mantel-Haenszel statistics of one item. */
#include "measure/dif.h"

#include <math.h>

#include "measure/numbers.h"

struct mh_result mantel_haenszel(const struct mh_table *strata, size_t count, bool corrected)
{
    struct mh_result out = {.known = false};
    double observed = 0, expected = 0, variance = 0, top = 0, bottom = 0;
    double pr = 0, mixed = 0, qs = 0;
    for (size_t k = 0; k < count; k++) {
        double a = strata[k].right[0], b = strata[k].wrong[0];
        double c = strata[k].right[1], d = strata[k].wrong[1], n = a + b + c + d;
        if (!(a + b > 0) || !(c + d > 0) || !(a + c > 0) || !(b + d > 0) || !(n > 1))
            continue;
        double r = a * d / n, s = b * c / n, p = (a + d) / n, q = (b + c) / n;
        observed += a;
        expected += (a + b) * (a + c) / n;
        variance += (a + b) * (c + d) * (a + c) * (b + d) / (n * n * (n - 1));
        top += r;
        bottom += s;
        pr += p * r;
        mixed += p * s + q * r;
        qs += q * s;
    }
    if (!(variance > 0))
        return out;
    double gap = fabs(observed - expected) - (corrected ? 0.5 : 0);
    gap = corrected && gap < 0 ? fmin(0.5, fabs(observed - expected)) - 0.5 : gap;
    out.known = true;
    out.chi2 = gap * gap / variance;
    out.p = chi_square_above(out.chi2, 1);
    out.alpha = bottom > 0 ? top / bottom : INFINITY;
    out.delta = top > 0 && bottom > 0 ? -2.35 * log(out.alpha) : NAN;
    out.se_log_alpha = top > 0 && bottom > 0
                           ? sqrt(pr / (2 * top * top) + mixed / (2 * top * bottom) +
                                  qs / (2 * bottom * bottom))
                           : NAN;
    return out;
}

char ets_by_size(const struct mh_result *r)
{
    double size = fabs(r->delta);
    return !r->known || isnan(size) ? '?' : size < 1 ? 'A' : size < 1.5 ? 'B' : 'C';
}

char ets_by_test(const struct mh_result *r, double alpha)
{
    double size = fabs(r->delta), se = 2.35 * r->se_log_alpha;
    if (!r->known || isnan(size))
        return '?';
    if (r->p >= alpha || size < 1)
        return 'A';
    bool beyond_one = (size - 1) / se > normal_quantile(1 - alpha);
    return size >= 1.5 && beyond_one ? 'C' : 'B';
}
