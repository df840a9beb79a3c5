/* measure/score_test.c - distributions of the sum score, abilities of extreme answers, Warm's
 * estimate, and Mantel-Haenszel on a published table. */
#include <math.h>

#include "base/arena.h"
#include "measure/dif.h"
#include "measure/equate.h"
#include "measure/link.h"
#include "measure/numbers.h"
#include "measure/responses.h"
#include "measure/score.h"
#include "test/check.h"

/* Kolen & Brennan 2004 p. 183. */
void lord_wingersky_test(void)
{
    const double p[3][2] = {{0.74, 0.26}, {0.73, 0.27}, {0.82, 0.18}};
    const size_t categories[3] = {2, 2, 2};
    const double want[4] = {0.442964, 0.416708, 0.127692, 0.012636};
    double got[4];
    lord_wingersky_of(p[0], categories, 3, 2, got);
    for (size_t r = 0; r < 4; r++)
        CHECK_NEAR("p. 183", got[r], want[r], 1e-9);
}

/* The distribution of many-category sums equals the enumeration of all answers. */
void sum_distribution_test(void)
{
    const struct irt_item items[] = {
        {IRT_GRADED, 3, false}, {IRT_PARTIAL, 4, false}, {IRT_BINARY, 2, true}};
    const double x[3][4] = {{1.2, 0.5, -0.8}, {0.7, 0.2, -0.3, -1}, {1.5, 0.1, -1.4}};
    struct scored_items s = {3, 4, items, x[0]};
    double got[8], want[8] = {0}, p[3][IRT_CATEGORIES_MAX];
    CHECK_INT("highest sum", score_top(&s), 6);
    lord_wingersky(&s, 0.37, got);
    for (size_t j = 0; j < 3; j++)
        irt_probabilities(&items[j], x[j], 0.37, p[j]);
    for (size_t i = 0; i < 3; i++)
        for (size_t j = 0; j < 4; j++)
            for (size_t k = 0; k < 2; k++)
                want[i + j + k] += p[0][i] * p[1][j] * p[2][k];
    for (size_t r = 0; r <= 6; r++)
        CHECK_NEAR("enumeration", got[r], want[r], 1e-14);
}

/* Derivatives against differences, for every model. */
void irt_derivatives_test(void)
{
    const struct irt_item items[] = {{IRT_BINARY, 2, false},
                                     {IRT_BINARY, 2, true},
                                     {IRT_GRADED, 4, false},
                                     {IRT_PARTIAL, 4, false}};
    const double start[4][4] = {
        {1.3, -0.4}, {1.3, -0.4, -1.2}, {0.9, 1.1, 0.2, -0.9}, {0.9, 0.3, 0.1, -0.7}};
    const double h = 1e-6, theta = 0.83;
    for (size_t m = 0; m < 4; m++) {
        size_t n = irt_parameters(&items[m]);
        double x[4], p[8], dp[32], up[8], down[8], dup[32], ddown[32], second[16];
        memcpy(x, start[m], sizeof x);
        irt_slopes(&items[m], x, theta, p, dp);
        for (size_t i = 0; i < n; i++) {
            x[i] += h;
            irt_slopes(&items[m], x, theta, up, dup);
            x[i] -= 2 * h;
            irt_slopes(&items[m], x, theta, down, ddown);
            x[i] += h;
            for (size_t k = 0; k < items[m].categories; k++) {
                CHECK_NEAR("first", dp[k * n + i], (up[k] - down[k]) / (2 * h), 1e-8);
                irt_curvature(&items[m], x, theta, k, p, dp, second);
                for (size_t j = 0; j < n; j++)
                    CHECK_NEAR("second", second[i * n + j],
                               (dup[k * n + j] / up[k] - ddown[k * n + j] / down[k]) / (2 * h),
                               1e-6);
            }
        }
        double first[8], curve[8], f_up[8], f_down[8], none[8];
        irt_in_theta(&items[m], x, theta, p, first, curve);
        irt_in_theta(&items[m], x, theta + h, up, f_up, none);
        irt_in_theta(&items[m], x, theta - h, down, f_down, none);
        for (size_t k = 0; k < items[m].categories; k++) {
            CHECK_NEAR("by theta", first[k], (up[k] - down[k]) / (2 * h), 1e-8);
            CHECK_NEAR("twice", curve[k], (f_up[k] - f_down[k]) / (2 * h), 1e-7);
        }
    }
}

/* Rasch items of difficulty 0: Warm's estimate of all right is log(2 n + 1), since J = -I(2P-1)/…;
 * and EAP, MAP are symmetric about 0. */
void abilities_test(void)
{
    enum { N = 5, NODES = 121 };
    struct irt_item items[N];
    double x[N][2], node[NODES], weight[NODES];
    for (size_t j = 0; j < N; j++) {
        items[j] = (struct irt_item){IRT_BINARY, 2, false};
        x[j][0] = 1;
        x[j][1] = 0;
    }
    struct scored_items s = {N, 2, items, x[0]};
    const uint8_t all[N] = {1, 1, 1, 1, 1}, none[N] = {0};
    const uint8_t some[N] = {1, 0, RESPONSE_MISSING, RESPONSE_MISSING, RESPONSE_MISSING};
    grid_equal(-8, 8, NODES, true, node, weight);
    struct arena *a = arena_create(1 << 22);
    struct scorer *t = scorer_create(a, &s, node, weight, NODES, 8);
    for (int m = SCORE_EAP; m <= SCORE_WLE; m++) {
        enum score_method method = (enum score_method)m;
        struct ability top = score_person(t, all, method);
        struct ability low = score_person(t, none, method);
        struct ability mid = score_person(t, some, method);
        CHECK_NEAR("symmetric", top.theta, -low.theta, 1e-9);
        CHECK_NEAR("the middle", mid.theta, 0, 1e-9);
        CHECK("not at the edge", !top.at_edge && top.theta > 0.5);
    }
    /* Warm: N(1-P) + (1-2P)/2 = 0, so P = (N + 1/2) / (N + 1) and theta = log(2 N + 1). */
    struct ability w = score_person(t, all, SCORE_WLE);
    CHECK_NEAR("log(2n+1)", w.theta, log(2 * N + 1), 1e-9);
    arena_destroy(a);
}

/* UCBAdmissions, as R's mantelhaen.test prints it (Bickel, Hammel & O'Connell 1975). */
void mantel_haenszel_test(void)
{
    const struct mh_table t[6] = {{{512, 89}, {313, 19}},   {{353, 17}, {207, 8}},
                                  {{120, 202}, {205, 391}}, {{138, 131}, {279, 244}},
                                  {{53, 94}, {138, 299}},   {{22, 24}, {351, 317}}};
    struct mh_result r = mantel_haenszel(t, 6, true);
    CHECK("known", r.known);
    CHECK_NEAR("chi-square", r.chi2, 1.426946228587, 1e-9);
    CHECK_NEAR("p", r.p, 0.232263462817, 1e-9);
    CHECK_NEAR("odds ratio", r.alpha, 0.9046968282586, 1e-9);
    CHECK_NEAR("lower limit", exp(log(r.alpha) - 1.959963984540054 * r.se_log_alpha),
               0.7719073617594, 1e-8);
    CHECK_NEAR("upper limit", exp(log(r.alpha) + 1.959963984540054 * r.se_log_alpha),
               1.060329764437, 1e-8);
    const struct mh_table empty = {{5, 0}, {3, 0}};
    CHECK("an empty margin says nothing", !mantel_haenszel(&empty, 1, true).known);
}

/* A chain of a link and its inverse is the identity. */
void link_chain_test(void)
{
    struct linking to = {.a = 1.25, .b = -0.5, .known = true, .errors = true, .var_a = 0.01};
    struct linking back = {.a = 0.8, .b = 0.4, .known = true, .errors = true, .var_b = 0.04};
    struct linking both = link_chain(&to, &back);
    CHECK_NEAR("A", both.a, 1, 1e-12);
    CHECK_NEAR("B", both.b, 0, 1e-12);
    CHECK_NEAR("variance of A", both.var_a, 0.64 * 0.01, 1e-12);
    CHECK_NEAR("variance of B", both.var_b, 0.04, 1e-12);
}

/* A form equated with itself is itself. */
void equate_identity_test(void)
{
    const struct irt_item items[3] = {
        {IRT_BINARY, 2, true}, {IRT_BINARY, 2, true}, {IRT_BINARY, 2, false}};
    const double x[3][3] = {{1, 0.5, -1.5}, {1.4, -0.3, -1.2}, {0.8, 0, 0}};
    struct scored_items s = {3, 3, items, x[0]};
    struct arena *a = arena_create(1 << 20);
    double theta[4], y[4], node[41], weight[41];
    equate_true(&s, &s, theta, y);
    for (size_t r = 0; r < 4; r++)
        CHECK_NEAR("true scores", y[r], (double)r, 1e-9);
    grid_equal(-4, 4, 41, true, node, weight);
    equate_observed(a, &s, &s, node, weight, 41, y);
    for (size_t r = 0; r < 4; r++)
        CHECK_NEAR("observed scores", y[r], (double)r, 1e-9);
    arena_destroy(a);
}

void distributions_test(void)
{
    double x[30], w[30], sum = 0, fourth = 0;
    CHECK_NEAR("chi-square", chi_square_above(3.841458820694124, 1), 0.05, 1e-12);
    CHECK_NEAR("chi-square, many", chi_square_above(124.3421134, 100), 0.05, 1e-8);
    CHECK_NEAR("F", f_above(1.794678492239, 5, 18), 0.1647688083446, 1e-9);
    CHECK_NEAR("F back", f_quantile(1 - 0.1647688083446, 5, 18), 1.794678492239, 1e-8);
    CHECK_NEAR("normal", normal_quantile(0.975), 1.959963984540054, 1e-10);
    CHECK_NEAR("t", student_two_sided(2.228138852, 10), 0.05, 1e-9);
    grid_gauss_hermite(30, x, w);
    for (size_t q = 0; q < 30; q++) {
        sum += w[q];
        fourth += w[q] * pow(x[q], 4);
    }
    CHECK_NEAR("weights", sum, 1, 1e-12);
    CHECK_NEAR("fourth moment", fourth, 3, 1e-10);
}
