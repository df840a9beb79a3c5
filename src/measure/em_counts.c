/* measure/em_counts.c - the E-step for any model: expected counts by item, category and node.
 *
 * Eight binary items (or as many as have at most 256 joint answers) are one byte, and a table holds
 * the log-likelihood of each joint answer at each node ("four Russians"). Float tables for large
 * data, doubles for small; sums leave float every BLOCK persons. */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "measure/em_inside.h"
#include "measure/kernel.h"
#include "measure/responses.h"

enum {
    CHUNK = 16,
    NODES_ROOM_MAX = 1024,
    GROUPS_MAX = RESPONSE_ITEMS_MAX,
    BLOCK = 8192,
    CODES_MAX = 256
};
static const double single_from = 400000; /* patterns x items: below, doubles cost nothing */

/* exp(x - top): 2^n times a polynomial on [-ln2/2, ln2/2]; relative error 2e-7. */
static inline __attribute__((always_inline)) void exp_all_float(float *x, float top, size_t n)
{
    for (size_t q = 0; q < n; q++) {
        float z = x[q] - top;
        z = z < -80.0f ? -80.0f : z;
        float y = z * 1.44269504f;
        int whole = (int)(y - 0.5f); /* z <= 0 */
        float f = z - (float)whole * 0.693359375f + (float)whole * 2.12194440e-4f;
        float p = 1.9875691500e-4f;
        p = p * f + 1.3981999507e-3f;
        p = p * f + 8.3334519073e-3f;
        p = p * f + 4.1665795894e-2f;
        p = p * f + 1.6666665459e-1f;
        p = p * f + 5.0000001201e-1f;
        p = p * f * f + f + 1.0f;
        union {
            int i;
            float v;
        } two = {.i = (whole + 127) * (1 << 23)};
        x[q] = p * two.v * (z > -79.0f ? 1.0f : 0.0f);
    }
}

static inline void exp_all_double(double *x, double top, size_t n)
{
    for (size_t q = 0; q < n; q++)
        x[q] = exp(x[q] - top);
}

#define REAL    float
#define NOTHING 1e-9f
#define EXP_ALL exp_all_float
#define NAME    step_float
#include "measure/em_counts_body.h"
#undef REAL
#undef NOTHING
#undef EXP_ALL
#undef NAME
#define REAL    double
#define NOTHING 0
#define EXP_ALL exp_all_double
#define NAME    step_double
#include "measure/em_counts_body.h"
#undef REAL
#undef NOTHING
#undef EXP_ALL
#undef NAME

static size_t digit(const struct em_group *g, size_t code, size_t item)
{
    for (size_t i = g->items; i-- > item + 1;)
        code /= g->radix[i];
    return code % g->radix[item];
}

static void make_groups(struct em *m)
{
    const struct em_form *f = m->form;
    m->groups = arena_array(m->arena, struct em_group, m->data->items);
    for (size_t j = 0; j < m->data->items; j++) {
        size_t radix = f->items[j].categories + (m->data->gaps ? 1 : 0);
        struct em_group *g = m->group_count ? &m->groups[m->group_count - 1] : NULL;
        if (!g || g->codes * radix > CODES_MAX || g->items == 8) {
            g = &m->groups[m->group_count++];
            *g = (struct em_group){.first = j, .codes = 1};
        }
        g->radix[g->items++] = radix;
        g->codes *= radix;
    }
    for (size_t g = 0; g < m->group_count; g++)
        m->table_rows += m->groups[g].codes;
}

void em_counts_prepare(struct em *m)
{
    const struct em_data *d = m->data;
    make_groups(m);
    m->single = (double)d->patterns * (double)d->items > single_from;
    size_t size = m->single ? sizeof(float) : sizeof(double);
    m->table = arena_alloc(m->arena, m->table_rows * m->nodes_room, size);
    m->bins = arena_alloc(m->arena, m->table_rows * m->nodes_room, size);
    m->count = arena_array(m->arena, double, d->items * m->categories_max * m->form->nodes);
    m->codes = arena_array(m->arena, uint8_t, d->patterns * m->group_count);
    for (size_t i = 0; i < d->patterns; i++)
        for (size_t g = 0; g < m->group_count; g++) {
            const struct em_group *group = &m->groups[g];
            size_t code = 0;
            for (size_t k = 0; k < group->items; k++) {
                size_t x = d->x[i * d->items + group->first + k];
                code = code * group->radix[k] +
                       (x == RESPONSE_MISSING ? group->radix[k] - 1 : x);
            }
            m->codes[i * m->group_count + g] = (uint8_t)code;
        }
}

void em_log_probabilities(const struct em *m, double *log_p)
{
    size_t nodes = m->form->nodes;
    double p[IRT_CATEGORIES_MAX];
    for (size_t j = 0; j < m->data->items; j++)
        for (size_t q = 0; q < nodes; q++) {
            const struct irt_item *item = &m->form->items[j];
            irt_probabilities(item, m->fit->x + j * m->fit->stride, m->form->node[q], p);
            for (size_t k = 0; k < item->categories; k++)
                log_p[(j * m->categories_max + k) * nodes + q] = log(p[k]);
        }
}

static void fill_tables(struct em *m, const double *log_p)
{
    size_t row = 0, nodes = m->form->nodes;
    for (size_t g = 0; g < m->group_count; g++)
        for (size_t code = 0; code < m->groups[g].codes; code++, row++) {
            double sum[NODES_ROOM_MAX] = {0};
            for (size_t k = 0; k < m->groups[g].items; k++) {
                size_t j = m->groups[g].first + k, x = digit(&m->groups[g], code, k);
                if (x == m->form->items[j].categories)
                    continue; /* missing */
                const double *p = log_p + (j * m->categories_max + x) * nodes;
                for (size_t q = 0; q < nodes; q++)
                    sum[q] += p[q];
            }
            float *single = (float *)m->table + row * m->nodes_room;
            double *wide = (double *)m->table + row * m->nodes_room;
            if (m->single)
                for (size_t q = 0; q < nodes; q++)
                    single[q] = (float)sum[q];
            else
                memcpy(wide, sum, nodes * sizeof *wide);
        }
}

/* Empties the bins into the counts. */
static void empty_bins(struct em *m)
{
    size_t row = 0, nodes = m->form->nodes;
    for (size_t g = 0; g < m->group_count; g++)
        for (size_t code = 0; code < m->groups[g].codes; code++, row++) {
            const float *single = (const float *)m->bins + row * m->nodes_room;
            const double *wide = (const double *)m->bins + row * m->nodes_room;
            for (size_t k = 0; k < m->groups[g].items; k++) {
                size_t j = m->groups[g].first + k, x = digit(&m->groups[g], code, k);
                if (x == m->form->items[j].categories)
                    continue;
                double *to = em_count(m, j, x);
                if (m->single)
                    for (size_t q = 0; q < nodes; q++)
                        to[q] += single[q];
                else
                    for (size_t q = 0; q < nodes; q++)
                        to[q] += wide[q];
            }
        }
    memset(m->bins, 0,
           m->table_rows * m->nodes_room * (m->single ? sizeof(float) : sizeof(double)));
}

void em_counts_step(struct em *m)
{
    const struct em_data *d = m->data;
    size_t nodes = m->form->nodes;
    struct arena *work = arena_create((size_t)1 << 30);
    double *log_p = arena_array(work, double, d->items * m->categories_max * nodes);
    em_log_probabilities(m, log_p);
    fill_tables(m, log_p);
    memset(m->count, 0, d->items * m->categories_max * nodes * sizeof *m->count);
    memset(m->node_count, 0, nodes * sizeof *m->node_count);
    m->log_likelihood = 0;
    for (size_t from = 0; from < d->patterns; from += BLOCK) {
        size_t to = from + BLOCK < d->patterns ? from + BLOCK : d->patterns;
        m->log_likelihood += m->single ? step_float(m, from, to, m->node_count)
                                       : step_double(m, from, to, m->node_count);
        empty_bins(m);
    }
    for (size_t j = 0; j < d->items && m->correct; j++) {
        m->correct[j] = m->correct_theta[j] = 0;
        const double *r = em_count(m, j, 1);
        for (size_t q = 0; q < nodes; q++) {
            m->correct[j] += r[q];
            m->correct_theta[j] += r[q] * m->form->node[q];
        }
    }
    arena_destroy(work);
}

double em_posterior(const struct em *m, const double *log_p, size_t pattern, double *post)
{
    size_t nodes = m->form->nodes;
    const uint8_t *x = m->data->x + pattern * m->data->items;
    memcpy(post, m->log_weight, nodes * sizeof *post);
    for (size_t j = 0; j < m->data->items; j++) {
        if (x[j] == RESPONSE_MISSING)
            continue;
        const double *p = log_p + (j * m->categories_max + x[j]) * nodes;
        for (size_t q = 0; q < nodes; q++)
            post[q] += p[q];
    }
    double top = post[0], sum = 0;
    for (size_t q = 1; q < nodes; q++)
        top = fmax(top, post[q]);
    for (size_t q = 0; q < nodes; q++) {
        post[q] = exp(post[q] - top);
        sum += post[q];
    }
    for (size_t q = 0; q < nodes; q++)
        post[q] /= sum;
    return top + log(sum);
}
