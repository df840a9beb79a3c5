/* measure/form_report_test.c - a form's figures against hand computation and against what made it. */
#include "measure/form_report.h"

#include <math.h>

#include "base/arena.h"
#include "test/check.h"

/* Four persons, three items of one point: totals 3, 2, 1, 0 (a perfect Guttman scale). */
void form_report_small_test(void)
{
    struct arena *a = arena_create(1 << 20);
    const double shares[] = {1, 1, 1, 1, 1, 0, 1, 0, 0, 0, 0, 0};
    const int64_t weight[] = {1000, 1000, 1000};
    const struct share_table t = {shares, weight, 4, 3, 0.6};
    struct form_report r = {0};
    struct err e = {0};
    CHECK_OK("report", form_report(a, &t, &r, &e), &e);
    CHECK_INT("passed", r.passed, 2);
    CHECK_NEAR("mean", r.mean, 0.5, 1e-12);
    CHECK_NEAR("sd", r.sd, sqrt(5.0 / 3) / 3, 1e-12);
    CHECK_NEAR("alpha", r.alpha, 1.5 * (1 - (0.25 + 1.0 / 3 + 0.25) / (5.0 / 3)), 1e-12);
    CHECK_NEAR("error", r.sem, r.sd * sqrt(1 - r.alpha), 1e-12);
    CHECK_NEAR("at the pass mark of two", r.sem_at_pass, sqrt(2 * 1 / 2.0) / 3, 1e-12);
    CHECK_INT("all right", r.counts[100], 1);
    CHECK_INT("two of three", r.counts[66], 1);
    CHECK("too few to fit", !r.information.model);
    arena_destroy(a);
}

void form_report_blanks_test(void)
{
    struct arena *a = arena_create(1 << 20);
    const double same[] = {1, 0, 1, 0}, partial[] = {1, 0.5, 0, 1};
    const int64_t weight[] = {1000, 2000};
    struct share_table t = {same, weight, 2, 2, 0.6};
    struct form_report r = {0}, q = {0}, none = {0};
    struct err e = {0};
    CHECK_OK("no spread", form_report(a, &t, &r, &e), &e);
    CHECK("no reliability", isnan(r.alpha) && isnan(r.sem) && !r.decision.known);
    CHECK("weights differ", isnan(r.sem_at_pass));
    t.shares = partial;
    CHECK_OK("partial credit", form_report(a, &t, &q, &e), &e);
    CHECK_NEAR("mean", q.mean, 2.0 / 3, 1e-12);
    t.attempts = 0;
    CHECK_OK("nobody", form_report(a, &t, &none, &e), &e);
    CHECK("nothing", isnan(none.mean) && none.passed == 0);
    arena_destroy(a);
}

enum { PERSONS = 600, ITEMS = 20 };

static double draw(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (double)(*state >> 33) / 2147483648.0;
}

/* Answers made by the model come back as a curve that peaks among the difficulties. */
void form_report_information_test(void)
{
    struct arena *a = arena_create(64 << 20);
    double *shares = arena_array(a, double, (size_t)PERSONS *ITEMS);
    int64_t weight[ITEMS];
    uint64_t state = 7;
    struct form_report r = {0};
    struct err e = {0};
    for (size_t i = 0; i < ITEMS; i++)
        weight[i] = 5000;
    for (size_t p = 0; p < PERSONS; p++) {
        double theta = -6;
        for (int k = 0; k < 12; k++)
            theta += draw(&state);
        for (size_t i = 0; i < ITEMS; i++) {
            double b = -1 + 2 * (double)i / (ITEMS - 1);
            shares[p * ITEMS + i] = draw(&state) < 1 / (1 + exp(-1.2 * (theta - b)));
        }
    }
    const struct share_table t = {shares, weight, PERSONS, ITEMS, 0.6};
    CHECK_OK("report", form_report(a, &t, &r, &e), &e);
    CHECK_TEXT("model", r.information.model, "2pl");
    CHECK_INT("all fitted", r.information.items, ITEMS);
    size_t peak = 0;
    for (size_t i = 0; i < REPORT_NODES; i++)
        if (r.information.information[i] > r.information.information[peak])
            peak = i;
    CHECK("peak among the items", fabs(r.information.theta[peak]) <= 0.75);
    /* Twenty items of slope 1.2: about 20 * 1.44 / 4 at the best, less for their spread. */
    CHECK("height", r.information.information[peak] > 4 && r.information.information[peak] < 8);
    CHECK("the pass mark is above the middle",
          r.information.pass_theta > 0.1 && r.information.pass_theta < 0.9);
    CHECK("its error", r.information.pass_sem > 0.08 && r.information.pass_sem < 0.12);
    CHECK("reliability", r.alpha > 0.75 && r.alpha < 0.9);
    CHECK("classifies better than chance", r.decision.known && r.decision.kappa > 0.4 &&
                                               r.decision.consistency > r.decision.chance);
    arena_destroy(a);
}
