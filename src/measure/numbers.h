/* measure/numbers.h - small numerical tools: matrices, distributions, quadrature. Plain arrays,
 * row-major; nothing here can fail except where a bool says so. */
#ifndef MEASURE_NUMBERS_H
#define MEASURE_NUMBERS_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct json_out;

/* Lower Cholesky factor in place of a symmetric n x n matrix (its lower half is read). False where
 * the matrix is not positive definite. */
bool cholesky(double *m, size_t n);
/* Solves L L' x = b in place with the factor. */
void cholesky_solve(const double *l, size_t n, double *b);
/* Diagonal of (L L')^-1. */
void cholesky_inverse_diagonal(struct arena *a, const double *l, size_t n, double *out);
/* The whole inverse. */
void cholesky_inverse(struct arena *a, const double *l, size_t n, double *out);

double normal_density(double x);
double normal_below(double x);
double normal_quantile(double p);
double chi_square_above(double x, double df);    /* P(X > x) */
double beta_below(double x, double a, double b); /* regularised incomplete beta I_x(a, b) */
double f_above(double x, double df1, double df2);
double f_quantile(double p, double df1, double df2);
double student_two_sided(double t, double df);

/* n equally spaced points of [lo, hi]; weights 1, or the standard normal density scaled to 1. */
void grid_equal(double lo, double hi, size_t n, bool normal, double *x, double *w);
/* Gauss-Hermite rule for N(0,1): weights sum to 1 (Golub & Welsch 1969, roots by Newton). */
void grid_gauss_hermite(size_t n, double *x, double *w);

/* A member; null where the number is not finite, so that no NaN is ever printed. */
void put_real(struct json_out *o, const char *key, double v);
void out_real(struct json_out *o, double v);

#endif
