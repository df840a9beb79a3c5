/* measure/em_test.c - the paths of the EM algorithm against each other, and recovery of known
 * parameters. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/json_out.h"
#include "measure/analyze.h"
#include "measure/em.h"
#include "measure/numbers.h"
#include "measure/responses.h"
#include "test/check.h"

enum { ITEMS = 12, PERSONS = 6000, NODES = 61 };

static double uniform(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return ((double)((z ^ z >> 31) >> 11) + 0.5) * 0x1p-53;
}

struct sample {
    uint8_t *x;
    double *weight, a[ITEMS], d[ITEMS], node[NODES], node_weight[NODES];
    struct irt_item items[ITEMS];
    struct em_data data;
    struct em_form form;
};

static struct sample *sample_create(struct arena *a, enum irt_kind kind, size_t categories)
{
    struct sample *s = arena_new(a, struct sample);
    uint64_t state = 7;
    s->x = arena_array(a, uint8_t, ITEMS * PERSONS);
    s->weight = arena_array(a, double, PERSONS);
    for (size_t j = 0; j < ITEMS; j++) {
        s->a[j] = 0.7 + 0.1 * (double)j;
        s->d[j] = -1.5 + 0.3 * (double)j;
        s->items[j] = (struct irt_item){kind, categories, false};
    }
    for (size_t i = 0; i < PERSONS; i++) {
        double theta = normal_quantile(uniform(&state));
        s->weight[i] = 1;
        for (size_t j = 0; j < ITEMS; j++) {
            double x[4] = {s->a[j], s->d[j], s->d[j] - 1, s->d[j] - 2}, p[4],
                   u = uniform(&state);
            irt_probabilities(&s->items[j], x, theta, p);
            size_t k = 0;
            for (double above = p[0]; k + 1 < categories && u > above; above += p[k])
                k++;
            s->x[i * ITEMS + j] = (uint8_t)k;
        }
    }
    grid_equal(-6, 6, NODES, true, s->node, s->node_weight);
    s->data = (struct em_data){PERSONS, ITEMS, s->x, s->weight, PERSONS, false};
    s->form = (struct em_form){.items = s->items,
                               .nodes = NODES,
                               .node = s->node,
                               .node_weight = s->node_weight,
                               .tolerance = 1e-7,
                               .iterations = 2000};
    return s;
}

/* Sums of the sufficient statistics, and tables of joint answers: the same maximum and the same
 * observed information. */
void em_paths_agree_test(void)
{
    struct arena *a = arena_create((size_t)1 << 30);
    struct sample *s = sample_create(a, IRT_BINARY, 2);
    struct em_fit by_sums, by_counts;
    struct err e = {0};
    CHECK_OK("sums", em_run(a, &s->data, &s->form, &by_sums, &e), &e);
    s->data.gaps = true; /* nothing is missing, but the general path is taken */
    s->form.information = EM_OBSERVED;
    CHECK_OK("counts", em_run(a, &s->data, &s->form, &by_counts, &e), &e);
    CHECK("both converged", by_sums.converged && by_counts.converged);
    CHECK_NEAR("log-likelihood", by_sums.log_likelihood, by_counts.log_likelihood, 1e-5);
    for (size_t i = 0; i < 2 * ITEMS; i++) {
        CHECK_NEAR("parameter", by_sums.x[i], by_counts.x[i], 1e-5);
        CHECK_NEAR("error", by_sums.se[i], by_counts.se[i], 5e-4 * by_counts.se[i]);
    }
    for (size_t j = 0; j < ITEMS; j++)
        CHECK_NEAR("slope is found again", by_sums.x[2 * j], s->a[j], 4 * by_sums.se[2 * j]);
    arena_destroy(a);
}

/* The observed and the cross-product information agree where the model holds. */
void em_errors_test(void)
{
    struct arena *a = arena_create((size_t)1 << 30);
    const enum irt_kind kinds[] = {IRT_GRADED, IRT_PARTIAL};
    for (size_t k = 0; k < 2; k++) {
        struct sample *s = sample_create(a, kinds[k], 4);
        struct em_fit observed, crossed;
        struct err e = {0};
        s->form.tolerance = 1e-5;
        s->form.information = EM_OBSERVED;
        CHECK_OK("observed", em_run(a, &s->data, &s->form, &observed, &e), &e);
        s->form.information = EM_CROSS_PRODUCT;
        CHECK_OK("crossed", em_run(a, &s->data, &s->form, &crossed, &e), &e);
        CHECK("both converged", observed.converged && crossed.converged);
        CHECK_NEAR("log-likelihood", observed.log_likelihood, crossed.log_likelihood, 1e-4);
        for (size_t i = 0; i < ITEMS * 4; i++) {
            CHECK_NEAR("parameter", observed.x[i], crossed.x[i], 2e-4);
            CHECK_NEAR("error", observed.se[i], crossed.se[i], 0.12 * observed.se[i]);
        }
        for (size_t j = 0; j < ITEMS; j++)
            CHECK_NEAR("slope is found again", observed.x[4 * j], s->a[j],
                       4 * observed.se[4 * j]);
    }
    arena_destroy(a);
}

/* Answers taken away at random leave the parameters where they are, within their errors. */
void em_gaps_test(void)
{
    struct arena *a = arena_create((size_t)1 << 30);
    struct sample *s = sample_create(a, IRT_BINARY, 2);
    struct em_fit fit;
    struct err e = {0};
    uint64_t state = 99;
    for (size_t i = 0; i < ITEMS * PERSONS; i++)
        if (uniform(&state) < 0.2)
            s->x[i] = RESPONSE_MISSING;
    s->data.gaps = true;
    s->form.tolerance = 1e-5;
    CHECK_OK("gaps", em_run(a, &s->data, &s->form, &fit, &e), &e);
    CHECK("converged", fit.converged);
    for (size_t j = 0; j < ITEMS; j++)
        CHECK_NEAR("slope is found again", fit.x[2 * j], s->a[j], 4 * fit.se[2 * j]);
    arena_destroy(a);
}
