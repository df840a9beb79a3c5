/* measure/em.h - marginal maximum likelihood by EM (Bock & Aitkin 1981, Psychometrika 46:443-459).
 *
 * theta ~ N(0,1) on a fixed grid. EM with squared extrapolation (Varadhan & Roland 2008, scheme S3)
 * until the steps are small, then Newton steps on the marginal likelihood itself with an
 * information matrix that is computed analytically:
 *   observed       Louis 1982, JRSS B 44:226-233 (the same matrix as Oakes 1999): second derivatives
 *                  of the marginal log-likelihood. Exact; used where it is affordable, and always for
 *                  2PL data without gaps, whose sufficient statistics make it cheap.
 *   cross-product  sum over persons of the outer product of their scores (Meilijson 1989).
 * Which one gave the standard errors is in `information`. */
#ifndef MEASURE_EM_H
#define MEASURE_EM_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "measure/irt.h"

struct arena;

enum em_slope { EM_SLOPE_FREE, EM_SLOPE_COMMON, EM_SLOPE_FIXED };
enum em_information { EM_INFORMATION_AUTO, EM_OBSERVED, EM_CROSS_PRODUCT, EM_INFORMATION_NONE };

/* Priors: log-normal on a, normal on d, beta on g. */
struct em_priors {
    bool a, d, g;
    double a_mean, a_sd, d_mean, d_sd, g_alpha, g_beta;
};

/* Distinct response rows. Categories from 0; RESPONSE_MISSING is missing at random. */
struct em_data {
    size_t patterns, items;
    const uint8_t *x;
    const double *weight;
    double persons;
    bool gaps; /* something is missing */
};

struct em_form {
    const struct irt_item *items;
    enum em_slope slope;
    double slope_fixed;
    size_t nodes;
    const double *node, *node_weight; /* weights sum to 1 */
    struct em_priors priors;
    double tolerance; /* largest change of a parameter */
    size_t iterations;
    enum em_information information;
};

struct em_fit {
    size_t stride;  /* of x and se: IRT_PARAMETERS_MAX is not needed by most */
    double *x, *se; /* items x stride; se NaN where it is not known or the parameter is fixed */
    double *covariance; /* parameters x parameters, NULL where not known */
    int *place;         /* items x stride: which parameter, -1 = fixed */
    size_t parameters;
    double log_likelihood, log_posterior;
    size_t iterations, newton_steps;
    bool converged; /* and no slope beyond 25 */
    enum em_information information;
    double *node_count; /* expected persons at each node */
};

bool em_run(struct arena *a, const struct em_data *data, const struct em_form *form,
            struct em_fit *fit, struct err *e) MUST_USE;

#endif
