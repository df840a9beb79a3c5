/* measure/numbers.c - Cholesky, distribution functions, quadrature. */
#include "measure/numbers.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/json_out.h"

bool cholesky(double *m, size_t n)
{
    for (size_t j = 0; j < n; j++) {
        double *row = m + j * n;
        for (size_t i = 0; i < j; i++) {
            const double *other = m + i * n;
            double s = row[i];
            for (size_t k = 0; k < i; k++)
                s -= row[k] * other[k];
            row[i] = s / other[i];
        }
        double s = row[j], before = row[j];
        for (size_t k = 0; k < j; k++)
            s -= row[k] * row[k];
        /* What is lost to cancellation is noise, not curvature. */
        if (!(s > 1e-13 * fabs(before)) || !(s > 0))
            return false;
        row[j] = sqrt(s);
    }
    return true;
}

void cholesky_solve(const double *l, size_t n, double *b)
{
    for (size_t i = 0; i < n; i++) {
        double s = b[i];
        for (size_t k = 0; k < i; k++)
            s -= l[i * n + k] * b[k];
        b[i] = s / l[i * n + i];
    }
    for (size_t i = n; i-- > 0;) {
        double s = b[i];
        for (size_t k = i + 1; k < n; k++)
            s -= l[k * n + i] * b[k];
        b[i] = s / l[i * n + i];
    }
}

void cholesky_inverse(struct arena *a, const double *l, size_t n, double *out)
{
    double *column = arena_array(a, double, n);
    for (size_t j = 0; j < n; j++) {
        memset(column, 0, n * sizeof *column);
        column[j] = 1;
        cholesky_solve(l, n, column);
        for (size_t i = 0; i < n; i++)
            out[i * n + j] = column[i];
    }
}

void cholesky_inverse_diagonal(struct arena *a, const double *l, size_t n, double *out)
{
    double *column = arena_array(a, double, n);
    for (size_t j = 0; j < n; j++) {
        /* |L^-1 e_j|^2: forward substitution from row j on is enough. */
        double sum = 0;
        for (size_t i = j; i < n; i++) {
            double s = i == j ? 1 : 0;
            for (size_t k = j; k < i; k++)
                s -= l[i * n + k] * column[k];
            column[i] = s / l[i * n + i];
            sum += column[i] * column[i];
        }
        out[j] = sum;
    }
}

/* ------------------------------------------------------------------ distributions */
double normal_density(double x)
{
    return exp(-0.5 * x * x) * 0.39894228040143267794;
}

double normal_below(double x)
{
    return 0.5 * erfc(-x * 0.70710678118654752440);
}

/* Bisection to a bracket, then Newton: not fast, exact to rounding. */
double normal_quantile(double p)
{
    if (!(p > 0 && p < 1))
        return p <= 0 ? -INFINITY : INFINITY;
    double lo = -40, hi = 40;
    for (int i = 0; i < 200 && hi - lo > 1e-14 * (1 + fabs(lo)); i++) {
        double mid = 0.5 * (lo + hi);
        if (normal_below(mid) < p)
            lo = mid;
        else
            hi = mid;
    }
    return 0.5 * (lo + hi);
}

/* Upper incomplete gamma Q(a, x): series below a+1, Lentz' continued fraction above (Abramowitz &
 * Stegun 6.5.29 and 6.5.31). */
static double gamma_above(double a, double x)
{
    if (x <= 0)
        return 1;
    double front = exp(-x + a * log(x) - lgamma(a));
    if (x < a + 1) {
        double term = 1 / a, sum = term;
        for (int n = 1; n < 2000 && fabs(term) > fabs(sum) * 1e-16; n++) {
            term *= x / (a + n);
            sum += term;
        }
        return 1 - sum * front;
    }
    double b = x + 1 - a, c = 1e300, d = 1 / b, h = d;
    for (int i = 1; i < 2000; i++) {
        double an = -i * (i - a);
        b += 2;
        d = an * d + b;
        d = fabs(d) < 1e-300 ? 1e300 : 1 / d;
        c = b + an / c;
        if (fabs(c) < 1e-300)
            c = 1e-300;
        double step = d * c;
        h *= step;
        if (fabs(step - 1) < 1e-16)
            break;
    }
    return front * h;
}

double chi_square_above(double x, double df)
{
    return df > 0 && isfinite(x) ? gamma_above(df / 2, x / 2) : NAN;
}

/* Continued fraction of the incomplete beta function (Abramowitz & Stegun 26.5.8). */
static double beta_fraction(double x, double a, double b)
{
    double c = 1, d = 1 - (a + b) * x / (a + 1);
    d = 1 / (fabs(d) < 1e-300 ? 1e-300 : d);
    double h = d;
    for (int m = 1; m < 5000; m++) {
        double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        d = 1 + even * d;
        d = 1 / (fabs(d) < 1e-300 ? 1e-300 : d);
        c = 1 + even / c;
        c = fabs(c) < 1e-300 ? 1e-300 : c;
        h *= d * c;
        double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 + odd * d;
        d = 1 / (fabs(d) < 1e-300 ? 1e-300 : d);
        c = 1 + odd / c;
        c = fabs(c) < 1e-300 ? 1e-300 : c;
        h *= d * c;
        if (fabs(d * c - 1) < 1e-15)
            break;
    }
    return h;
}

double beta_below(double x, double a, double b)
{
    if (!(x > 0))
        return 0;
    if (x >= 1)
        return 1;
    double front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x));
    if (x < (a + 1) / (a + b + 2))
        return front * beta_fraction(x, a, b) / a;
    return 1 - front * beta_fraction(1 - x, b, a) / b;
}

double f_above(double x, double df1, double df2)
{
    if (!isfinite(x) || !(df1 > 0) || !(df2 > 0))
        return NAN;
    return x <= 0 ? 1 : beta_below(df2 / (df2 + df1 * x), df2 / 2, df1 / 2);
}

double f_quantile(double p, double df1, double df2)
{
    double lo = 0, hi = 1;
    while (hi < 1e12 && 1 - f_above(hi, df1, df2) < p)
        hi *= 2;
    for (int i = 0; i < 200; i++) {
        double mid = 0.5 * (lo + hi);
        if (1 - f_above(mid, df1, df2) < p)
            lo = mid;
        else
            hi = mid;
    }
    return 0.5 * (lo + hi);
}

double student_two_sided(double t, double df)
{
    return beta_below(df / (df + t * t), df / 2, 0.5);
}

/* ------------------------------------------------------------------ quadrature */
void grid_equal(double lo, double hi, size_t n, bool normal, double *x, double *w)
{
    double sum = 0;
    for (size_t q = 0; q < n; q++) {
        x[q] = n == 1 ? 0.5 * (lo + hi) : lo + (hi - lo) * (double)q / (double)(n - 1);
        w[q] = normal ? exp(-0.5 * x[q] * x[q]) : 1;
        sum += w[q];
    }
    for (size_t q = 0; q < n && normal; q++)
        w[q] /= sum;
}

/* He_n(x) scaled by 1/sqrt(k!) at every step, and He_{n-1} likewise. */
static double hermite(size_t n, double x, double *before)
{
    double p = 1, q = 0;
    for (size_t k = 0; k < n; k++) {
        double next = (x * p - sqrt((double)k) * q) / sqrt((double)(k + 1));
        q = p;
        p = next;
    }
    *before = q;
    return p;
}

void grid_gauss_hermite(size_t n, double *x, double *w)
{
    /* Roots are found one after the other from above by a scan for changes of sign. */
    double top = sqrt(4.0 * (double)n + 2), step = 0.2 / sqrt((double)n), before;
    size_t found = 0;
    double at = -top, value = hermite(n, at, &before);
    while (found < n && at < top) {
        double next = at + step, next_value = hermite(n, next, &before);
        if ((value <= 0) != (next_value <= 0)) {
            double lo = at, hi = next;
            for (int i = 0; i < 100; i++) {
                double mid = 0.5 * (lo + hi);
                if ((hermite(n, mid, &before) <= 0) == (value <= 0))
                    lo = mid;
                else
                    hi = mid;
            }
            double root = 0.5 * (lo + hi);
            hermite(n, root, &before);
            x[found] = root;
            w[found++] = 1 / ((double)n * before * before);
        }
        at = next;
        value = next_value;
    }
}

/* ------------------------------------------------------------------ output */
void out_real(struct json_out *o, double v)
{
    if (isfinite(v))
        out_number(o, v);
    else
        out_null(o);
}

void put_real(struct json_out *o, const char *key, double v)
{
    out_key(o, key);
    out_real(o, v);
}
