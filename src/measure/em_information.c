/* measure/em_information.c - the information matrix of the marginal likelihood.
 *
 * Observed (Louis 1982, eq. 3.2): I = E[-d2 l_c | x] - E[s s' | x] + E[s | x] E[s | x]', summed over
 * patterns, with l_c and s the log-likelihood and score of answers and theta together.
 * Cross-product: sum of E[s | x] E[s | x]'. To both the prior's curvature is added. */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "measure/em_inside.h"
#include "measure/kernel.h"
#include "measure/responses.h"

enum { LANES = 16, N_MAX = IRT_PARAMETERS_MAX, K_MAX = IRT_CATEGORIES_MAX };
static const double observed_work_max = 8e8;

/* d log P / dx per item, category, parameter, node (nodes_room of them, the last ones 0). */
static float *score_table(struct arena *work, const struct em *m, size_t stride)
{
    size_t room = m->nodes_room;
    float *table = arena_array(work, float, m->data->items * m->categories_max * stride * room);
    double p[K_MAX], dp[K_MAX * N_MAX];
    for (size_t j = 0; j < m->data->items; j++)
        for (size_t q = 0; q < m->form->nodes; q++) {
            const struct irt_item *item = &m->form->items[j];
            size_t n = irt_parameters(item);
            irt_slopes(item, m->fit->x + j * m->fit->stride, m->form->node[q], p, dp);
            for (size_t k = 0; k < item->categories; k++)
                for (size_t i = 0; i < n; i++)
                    table[((j * m->categories_max + k) * stride + i) * room + q] =
                        (float)(dp[k * n + i] / p[k]);
        }
    return table;
}

KERNEL static float dot(const float *x, const float *y, size_t n)
{
    float lane[LANES] = {0};
    for (size_t c = 0; c < n; c += LANES)
        for (size_t t = 0; t < LANES; t++)
            lane[t] += x[c + t] * y[c + t];
    for (size_t half = LANES / 2; half > 0; half /= 2)
        for (size_t t = 0; t < half; t++)
            lane[t] += lane[t + half];
    return lane[0];
}

/* Whether category k of an item says anything about parameter i. */
static bool touches(const struct irt_item *item, size_t k, size_t i)
{
    return item->kind != IRT_GRADED || i == 0 || i == k || i == k + 1;
}

static void cross_product(struct em *m, double *information)
{
    size_t n = m->fit->parameters, width = (n + 15) / 16 * 16, stride = m->fit->stride;
    size_t room = m->nodes_room, nodes = m->form->nodes, items = m->data->items;
    struct arena *work = arena_create((size_t)1 << 31);
    float *table = score_table(work, m, stride);
    double *log_p = arena_array(work, double, items * m->categories_max * nodes), post[1024];
    float *rows = arena_array(work, float, EM_GRAM_ROWS *width), scale[EM_GRAM_ROWS];
    float *part = arena_array(work, float, width *width), single[1024] = {0};
    size_t count = 0, blocks = 0;
    double total = 0; /* the log-likelihood in double, at no cost */
    em_log_probabilities(m, log_p);
    for (size_t i = 0; i < m->data->patterns; i++) {
        const uint8_t *x = m->data->x + i * items;
        float *row = rows + count * width;
        total += m->data->weight[i] * em_posterior(m, log_p, i, post);
        size_t first = room, last = 0; /* whole vectors of nodes that hold anything */
        for (size_t q = 0; q < nodes; q++) {
            single[q] = (float)post[q];
            if (single[q] > 1e-9f) {
                first = first < room ? first : q / LANES * LANES;
                last = (q / LANES + 1) * LANES;
            }
        }
        memset(row, 0, width * sizeof *row);
        for (size_t j = 0; j < items; j++) {
            const struct irt_item *item = &m->form->items[j];
            if (x[j] == RESPONSE_MISSING)
                continue;
            for (size_t k = 0; k < irt_parameters(item); k++) {
                int place = m->fit->place[j * stride + k];
                if (place >= 0 && touches(item, x[j], k))
                    row[place] += dot(single + first,
                                      table + first +
                                          ((j * m->categories_max + x[j]) * stride + k) * room,
                                      last - first);
            }
        }
        scale[count++] = (float)m->data->weight[i];
        if (count < EM_GRAM_ROWS && i + 1 < m->data->patterns)
            continue;
        em_gram(rows, scale, count, width, part);
        count = 0;
        if (++blocks % 64 == 0 || i + 1 == m->data->patterns) {
            for (size_t r = 0; r < n; r++)
                for (size_t k = 0; k <= r; k++)
                    information[r * n + k] += part[r * width + k];
            memset(part, 0, width * width * sizeof *part);
        }
    }
    for (size_t r = 0; r < n; r++)
        for (size_t k = 0; k < r; k++)
            information[k * n + r] = information[r * n + k];
    m->log_likelihood = total;
    arena_destroy(work);
}

/* Complete-data information of all items from the expected counts. */
static void complete(const struct em *m, double *information)
{
    size_t n_all = m->fit->parameters;
    double p[K_MAX], dp[K_MAX * N_MAX], h[N_MAX * N_MAX];
    for (size_t j = 0; j < m->data->items; j++)
        for (size_t q = 0; q < m->form->nodes; q++) {
            const struct irt_item *item = &m->form->items[j];
            const double *x = m->fit->x + j * m->fit->stride;
            const int *place = m->fit->place + j * m->fit->stride;
            size_t n = irt_parameters(item);
            irt_slopes(item, x, m->form->node[q], p, dp);
            for (size_t k = 0; k < item->categories; k++) {
                double r = em_count(m, j, k)[q];
                if (!(r > 0))
                    continue;
                irt_curvature(item, x, m->form->node[q], k, p, dp, h);
                for (size_t u = 0; u < n; u++)
                    for (size_t v = 0; v < n; v++)
                        if (place[u] >= 0 && place[v] >= 0)
                            information[(size_t)place[u] * n_all + (size_t)place[v]] -=
                                r * h[u * n + v];
            }
        }
}

KERNEL static void outer(double *c, const double *s, double scale, size_t n)
{
    for (size_t r = 0; r < n; r++) {
        double f = scale * s[r];
        for (size_t k = 0; k <= r; k++)
            c[r * n + k] += f * s[k];
    }
}

static void observed(struct em *m, double *information)
{
    size_t n = m->fit->parameters, items = m->data->items, nodes = m->form->nodes;
    size_t stride = m->fit->stride, n_max = m->categories_max;
    struct arena *work = arena_create((size_t)1 << 31);
    double *log_p = arena_array(work, double, items *n_max *nodes), post[1024];
    double *score = arena_array(work, double, items *n_max *nodes *stride);
    double *s = arena_array(work, double, n), *mean = arena_array(work, double, n);
    double *lower = arena_array(work, double, n *n);
    double p[K_MAX], dp[K_MAX * N_MAX];
    em_log_probabilities(m, log_p);
    for (size_t j = 0; j < items; j++)
        for (size_t q = 0; q < nodes; q++) {
            size_t k_n = irt_parameters(&m->form->items[j]);
            irt_slopes(&m->form->items[j], m->fit->x + j * stride, m->form->node[q], p, dp);
            for (size_t k = 0; k < m->form->items[j].categories; k++)
                for (size_t i = 0; i < k_n; i++)
                    score[((j * n_max + k) * nodes + q) * stride + i] = dp[k * k_n + i] / p[k];
        }
    for (size_t i = 0; i < m->data->patterns; i++) {
        const uint8_t *x = m->data->x + i * items;
        double w = m->data->weight[i];
        em_posterior(m, log_p, i, post);
        memset(mean, 0, n * sizeof *mean);
        for (size_t q = 0; q < nodes; q++) {
            if (post[q] < 1e-14)
                continue;
            memset(s, 0, n * sizeof *s);
            for (size_t j = 0; j < items; j++) {
                const int *place = m->fit->place + j * stride;
                if (x[j] == RESPONSE_MISSING)
                    continue;
                const double *from = score + ((j * n_max + x[j]) * nodes + q) * stride;
                for (size_t k = 0; k < irt_parameters(&m->form->items[j]); k++)
                    if (place[k] >= 0)
                        s[place[k]] += from[k];
            }
            outer(lower, s, -w * post[q], n);
            for (size_t k = 0; k < n; k++)
                mean[k] += post[q] * s[k];
        }
        outer(lower, mean, w, n);
    }
    complete(m, information);
    for (size_t r = 0; r < n; r++)
        for (size_t k = 0; k <= r; k++) {
            information[r * n + k] += lower[r * n + k];
            if (k != r)
                information[k * n + r] += lower[r * n + k];
        }
    arena_destroy(work);
}

enum em_information em_information_matrix(struct em *m, double *information)
{
    size_t n = m->fit->parameters;
    enum em_information kind = m->form->information;
    double work = (double)m->data->patterns * (double)m->form->nodes * (double)n * (double)n /
                  2;
    if (kind == EM_INFORMATION_AUTO)
        kind = m->sums || work <= observed_work_max ? EM_OBSERVED : EM_CROSS_PRODUCT;
    memset(information, 0, n * n * sizeof *information);
    if (kind == EM_CROSS_PRODUCT)
        cross_product(m, information);
    else if (m->sums)
        em_sums_observed(m, information);
    else
        observed(m, information);
    for (size_t j = 0; j < m->data->items; j++) {
        const int *place = m->fit->place + j * m->fit->stride;
        for (size_t k = 0; k < irt_parameters(&m->form->items[j]); k++) {
            double first, second;
            if (place[k] < 0 || (k == 0 && j > 0 && m->form->slope == EM_SLOPE_COMMON))
                continue;
            em_prior_slopes(m, j, k, m->fit->x + j * m->fit->stride, &first, &second);
            information[(size_t)place[k] * n + (size_t)place[k]] += second;
        }
    }
    return kind;
}
