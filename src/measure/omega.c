/* measure/omega.c - McDonald's omega total of one common factor.
 *
 * The factor is fitted by unweighted least squares to the off-diagonal covariances (minres, Harman
 * & Jones 1966): for one factor the best loading of item i given the others is closed,
 * l_i = sum_{j!=i} s_ij l_j / sum_{j!=i} l_j^2, and the sweep over items converges. Then
 * omega = (sum l)^2 / ((sum l)^2 + sum of unique variances) (McDonald 1999, eq. 6.20b). */
#include <math.h>

#include "base/arena.h"
#include "measure/classical.h"

double omega_one_factor(struct arena *a, const double *covariance, size_t n, double *loadings)
{
    double *l = loadings, *s = arena_array(a, double, n);
    if (n < 3)
        return NAN;
    for (size_t i = 0; i < n; i++) {
        s[i] = sqrt(covariance[i * n + i]);
        if (!(s[i] > 0))
            return NAN;
        l[i] = 0.5 * s[i];
    }
    for (int sweep = 0; sweep < 5000; sweep++) {
        double moved = 0;
        for (size_t i = 0; i < n; i++) {
            double top = 0, bottom = 0;
            for (size_t j = 0; j < n; j++) {
                if (j == i)
                    continue;
                top += covariance[i * n + j] * l[j];
                bottom += l[j] * l[j];
            }
            double next = bottom > 0 ? top / bottom : 0;
            next = next > s[i] ? s[i] : next < -s[i] ? -s[i] : next;
            moved = fmax(moved, fabs(next - l[i]) / s[i]);
            l[i] = next;
        }
        if (moved < 1e-10)
            break;
    }
    double common = 0, unique = 0;
    for (size_t i = 0; i < n; i++) {
        common += l[i];
        unique += covariance[i * n + i] - l[i] * l[i];
    }
    double total = common * common + unique;
    return total > 0 ? common * common / total : NAN;
}
