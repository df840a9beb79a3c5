/* measure/em_sums.c - the E-step of binary items without guessing and without gaps, where the
 * posterior depends on the answers only through S = sum of a_j x_j.
 *
 * log L(S) and E(theta | S) are smooth in S: they are computed on a grid of S and interpolated by
 * cubics (error below 1e-8), and what persons add to the nodes is laid on the same grid with the
 * adjoint weights. A person then costs one table row per eight items, twice, whatever the number of
 * nodes. S is kept in whole numbers so that the grid cell is a shift. */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "measure/em_inside.h"
#include "measure/kernel.h"

enum { BITS = 30, PAD = 2, COARSE = 512, BYTE = 256 };
static const double cell_wanted = 0.05;
enum { CELLS_LOG_MIN = 8, CELLS_LOG_MAX = 14 };

struct em_sums {
    size_t bytes;   /* eight items each */
    uint8_t *codes; /* patterns x bytes */
    double *exact;  /* bytes x 256: what a byte adds to S, for the last log-likelihood */
    int32_t *part;  /* bytes x 256: what a byte adds to S */
    double *bin;    /* bytes x 256: sum of E(theta) of the persons with that byte */
    size_t cells;   /* of the grid; points are cells + 1 + 2 PAD */
    int shift;
    double low, width;            /* S of the first point inside, and of a cell */
    double *log_sum, *mean, *lay; /* per point */
    double *post;                 /* points x nodes */
};

bool em_sums_fits(const struct em *m)
{
    if (m->data->gaps || m->form->information == EM_CROSS_PRODUCT)
        return false;
    for (size_t j = 0; j < m->data->items; j++)
        if (m->form->items[j].kind != IRT_BINARY || m->form->items[j].guessing)
            return false;
    return m->data->patterns >= 4000;
}

void em_sums_prepare(struct em *m)
{
    const struct em_data *d = m->data;
    struct em_sums *s = m->sums = arena_new(m->arena, struct em_sums);
    s->bytes = (d->items + 7) / 8;
    s->codes = arena_array(m->arena, uint8_t, d->patterns * s->bytes);
    s->part = arena_array(m->arena, int32_t, s->bytes * BYTE);
    s->bin = arena_array(m->arena, double, s->bytes *BYTE);
    s->exact = arena_array(m->arena, double, s->bytes *BYTE);
    size_t points = ((size_t)1 << CELLS_LOG_MAX) + 1 + 2 * PAD;
    s->log_sum = arena_array(m->arena, double, points);
    s->mean = arena_array(m->arena, double, points);
    s->lay = arena_array(m->arena, double, points);
    for (size_t i = 0; i < d->patterns; i++) {
        const uint8_t *x = d->x + i * d->items;
        for (size_t j = 0; j < d->items; j++) {
            s->codes[i * s->bytes + j / 8] |= (uint8_t)(x[j] << (j % 8));
            m->correct[j] += d->weight[i] * x[j];
        }
    }
}

/* Grid of S for the slopes at hand, and what a byte adds. */
static void lay_grid(struct em *m)
{
    struct em_sums *s = m->sums;
    double low = 0, high = 0;
    for (size_t j = 0; j < m->data->items; j++) {
        double a = m->fit->x[j * m->fit->stride];
        low += fmin(a, 0);
        high += fmax(a, 0);
    }
    double range = fmax(high - low, 1e-3) * (1 + 1e-6), unit = ldexp(1, BITS) / range;
    int log_cells = CELLS_LOG_MIN;
    while (log_cells < CELLS_LOG_MAX && range / ldexp(1, log_cells) > cell_wanted)
        log_cells++;
    s->cells = (size_t)1 << log_cells;
    s->shift = BITS - log_cells;
    s->width = range / (double)s->cells;
    s->low = low;
    for (size_t b = 0; b < s->bytes; b++)
        for (size_t code = 0; code < BYTE; code++) {
            double sum = 0;
            for (size_t k = 0; k < 8 && b * 8 + k < m->data->items; k++) {
                double a = m->fit->x[(b * 8 + k) * m->fit->stride];
                sum += (code >> k & 1) ? fmax(a, 0) : fmax(-a, 0);
            }
            s->exact[b * BYTE + code] = sum / s->width;
            s->part[b * BYTE + code] = (int32_t)lround(sum * unit);
        }
}

/* log of prior and of the factors that do not depend on the answers, per node. */
static void node_constants(const struct em *m, double *constant)
{
    for (size_t q = 0; q < m->form->nodes; q++) {
        double sum = m->log_weight[q];
        for (size_t j = 0; j < m->data->items; j++) {
            const double *x = m->fit->x + j * m->fit->stride;
            double z = x[0] * m->form->node[q] + x[1];
            sum -= log1p(exp(-fabs(z))) + (z > 0 ? z : 0);
        }
        constant[q] = sum;
    }
}

/* Posterior at every point of the grid. Exponentials at every 16th point; between them, factors. */
static void posterior_at_points(struct em *m, const double *constant)
{
    struct em_sums *s = m->sums;
    size_t nodes = m->form->nodes, points = s->cells + 1 + 2 * PAD;
    double factor[1024], *post = s->post, top = 0;
    for (size_t q = 0; q < nodes; q++)
        factor[q] = exp(s->width * m->form->node[q]);
    for (size_t b = 0; b < points; b++, post += nodes) {
        double at = s->low + ((double)b - PAD) * s->width, sum = 0, mean = 0;
        if (b % 16 == 0) {
            top = -INFINITY;
            for (size_t q = 0; q < nodes; q++)
                top = fmax(top, at * m->form->node[q] + constant[q]);
            for (size_t q = 0; q < nodes; q++)
                post[q] = exp(at * m->form->node[q] + constant[q] - top);
        } else {
            for (size_t q = 0; q < nodes; q++)
                post[q] = post[q - nodes] * factor[q];
        }
        for (size_t q = 0; q < nodes; q++) {
            sum += post[q];
            mean += post[q] * m->form->node[q];
        }
        s->log_sum[b] = top + log(sum);
        s->mean[b] = mean / sum;
    }
}

/* One pass over the persons. */
KERNEL static double pass(const struct em *m)
{
    struct em_sums *s = m->sums;
    const size_t bytes = s->bytes;
    const double unit = 1.0 / (double)(1 << s->shift);
    const int32_t mask = (1 << s->shift) - 1;
    double total = 0;
    for (size_t i = 0; i < m->data->patterns; i++) {
        const uint8_t *code = s->codes + i * bytes;
        int32_t sum = 0;
        for (size_t b = 0; b < bytes; b++)
            sum += s->part[b * BYTE + code[b]];
        size_t at = (size_t)(sum >> s->shift) + PAD - 1;
        double t = (sum & mask) * unit, w = m->data->weight[i];
        /* Lagrange's cubic through the points -1, 0, 1, 2 */
        double w0 = -t * (t - 1) * (t - 2) / 6, w1 = (t + 1) * (t - 1) * (t - 2) / 2;
        double w2 = -(t + 1) * t * (t - 2) / 2, w3 = (t + 1) * t * (t - 1) / 6;
        const double *l = s->log_sum + at, *e = s->mean + at;
        double mean = w0 * e[0] + w1 * e[1] + w2 * e[2] + w3 * e[3];
        total += w * (w0 * l[0] + w1 * l[1] + w2 * l[2] + w3 * l[3]);
        double *lay = s->lay + at;
        lay[0] += w * w0;
        lay[1] += w * w1;
        lay[2] += w * w2;
        lay[3] += w * w3;
        mean *= w;
        for (size_t b = 0; b < bytes; b++)
            s->bin[b * BYTE + code[b]] += mean;
    }
    return total;
}

/* The log-likelihood with S in double: rounding S costs up to 0.02 in five millions. */
KERNEL static double exact_pass(const struct em *m)
{
    const struct em_sums *s = m->sums;
    double total = 0;
    for (size_t i = 0; i < m->data->patterns; i++) {
        const uint8_t *code = s->codes + i * s->bytes;
        double sum = 0;
        for (size_t b = 0; b < s->bytes; b++)
            sum += s->exact[b * BYTE + code[b]];
        size_t at = (size_t)sum < s->cells ? (size_t)sum : s->cells - 1;
        double t = sum - (double)at;
        double w0 = -t * (t - 1) * (t - 2) / 6, w1 = (t + 1) * (t - 1) * (t - 2) / 2;
        double w2 = -(t + 1) * t * (t - 2) / 2, w3 = (t + 1) * t * (t - 1) / 6;
        const double *l = s->log_sum + at + PAD - 1;
        total += m->data->weight[i] * (w0 * l[0] + w1 * l[1] + w2 * l[2] + w3 * l[3]);
    }
    return total;
}

double em_sums_log_likelihood(const struct em *m)
{
    double total = exact_pass(m);
    for (size_t j = 0; j < m->data->items; j++)
        total += m->fit->x[j * m->fit->stride + 1] * m->correct[j];
    return total;
}

void em_sums_step(struct em *m)
{
    struct em_sums *s = m->sums;
    const struct em_data *d = m->data;
    size_t nodes = m->form->nodes;
    double constant[1024];
    lay_grid(m);
    size_t points = s->cells + 1 + 2 * PAD;
    if (!s->post)
        s->post = arena_array(m->arena, double,
                              (((size_t)1 << CELLS_LOG_MAX) + 1 + 2 * PAD) * nodes);
    node_constants(m, constant);
    posterior_at_points(m, constant);
    memset(s->lay, 0, points * sizeof *s->lay);
    memset(s->bin, 0, s->bytes * BYTE * sizeof *s->bin);
    m->log_likelihood = pass(m);
    memset(m->node_count, 0, nodes * sizeof *m->node_count);
    for (size_t b = 0; b < points; b++) {
        const double *post = s->post + b * nodes;
        double sum = 0;
        for (size_t q = 0; q < nodes; q++)
            sum += post[q];
        double scale = s->lay[b] / sum;
        for (size_t q = 0; q < nodes; q++)
            m->node_count[q] += scale * post[q];
    }
    for (size_t j = 0; j < d->items; j++) {
        m->correct_theta[j] = 0;
        m->log_likelihood += m->fit->x[j * m->fit->stride + 1] * m->correct[j];
        const double *bin = s->bin + j / 8 * BYTE;
        for (size_t code = 0; code < BYTE; code++)
            m->correct_theta[j] += (code >> (j % 8) & 1) ? bin[code] : 0;
    }
}

/* ------------------------------------------------------------------ observed information */
/* Moments under the posterior at the points of a coarse grid of S. */
struct coarse {
    size_t items, nodes;
    double n[COARSE + 1]; /* persons laid on each point */
    double v[COARSE + 1]; /* variance of theta */
    double mean[COARSE + 1];
    double *p, *tp;  /* E(P_j), E(theta P_j): points x items */
    double *c, *ctp; /* Cov(theta, P_j), Cov(theta, theta P_j) */
    float *right;    /* persons with x_j = 1 laid on each point: points x width */
};

static void coarse_moments(const struct em *m, struct coarse *c, double step)
{
    struct em_sums *s = m->sums;
    size_t items = c->items, nodes = c->nodes;
    struct arena *work = arena_create((size_t)1 << 28);
    double *p = arena_array(work, double, items *nodes);
    double constant[1024], post[1024];
    node_constants(m, constant);
    for (size_t j = 0; j < items; j++)
        for (size_t q = 0; q < nodes; q++) {
            const double *x = m->fit->x + j * m->fit->stride;
            p[j * nodes + q] = logistic(x[0] * m->form->node[q] + x[1]);
        }
    for (size_t b = 0; b <= COARSE; b++) {
        double at = s->low + (double)b * step, top = -INFINITY, sum = 0, square = 0;
        for (size_t q = 0; q < nodes; q++)
            /* NOLINTNEXTLINE: node_constants fills as many as there are nodes */
            top = fmax(top, post[q] = at * m->form->node[q] + constant[q]);
        for (size_t q = 0; q < nodes; q++)
            sum += post[q] = exp(post[q] - top);
        for (size_t q = 0; q < nodes; q++) {
            double t = m->form->node[q];
            post[q] /= sum;
            c->mean[b] += post[q] * t;
            square += post[q] * t * t;
        }
        c->v[b] = square - c->mean[b] * c->mean[b];
        for (size_t j = 0; j < items && c->n[b] > 0; j++) {
            double e = 0, te = 0, tte = 0;
            for (size_t q = 0; q < nodes; q++) {
                double t = m->form->node[q], f = post[q] * p[j * nodes + q];
                e += f;
                te += f * t;
                tte += f * t * t;
            }
            c->p[b * items + j] = e;
            c->tp[b * items + j] = te;
            c->c[b * items + j] = te - c->mean[b] * e;
            c->ctp[b * items + j] = tte - c->mean[b] * te;
        }
    }
    arena_destroy(work);
}

/* Lays the persons on the coarse points, and adds up V(theta | S) x x'. */
static void coarse_pass(const struct em *m, struct coarse *c, bool gram, size_t width,
                        double *out)
{
    struct em_sums *s = m->sums;
    struct arena *work = arena_create((size_t)1 << 28);
    float *bits = arena_array(work, float, BYTE * 8);
    float *x = arena_array(work, float, EM_GRAM_ROWS *width), scale[EM_GRAM_ROWS];
    float *part = arena_array(work, float, width *width);
    double cell = (double)COARSE / ldexp(1, BITS);
    size_t rows = 0, blocks = 0;
    for (size_t code = 0; code < BYTE; code++)
        for (size_t k = 0; k < 8; k++)
            bits[code * 8 + k] = (float)(code >> k & 1);
    for (size_t i = 0; i < m->data->patterns; i++) {
        const uint8_t *code = s->codes + i * s->bytes;
        int32_t sum = 0;
        for (size_t b = 0; b < s->bytes; b++)
            sum += s->part[b * BYTE + code[b]];
        double at = sum * cell, w = m->data->weight[i];
        size_t b = (size_t)at < COARSE ? (size_t)at : COARSE - 1;
        double t = at - (double)b;
        float *row = x + rows * width;
        for (size_t k = 0; k < s->bytes; k++)
            memcpy(row + k * 8, bits + code[k] * 8, 8 * sizeof *row);
        if (!gram) {
            float w0 = (float)(w * (1 - t)), w1 = (float)(w * t);
            float *r0 = c->right + b * width, *r1 = r0 + width;
            c->n[b] += w * (1 - t);
            c->n[b + 1] += w * t;
            for (size_t j = 0; j < width; j++) {
                r0[j] += w0 * row[j];
                r1[j] += w1 * row[j];
            }
            continue;
        }
        scale[rows++] = (float)(w * ((1 - t) * c->v[b] + t * c->v[b + 1]));
        if (rows < EM_GRAM_ROWS && i + 1 < m->data->patterns)
            continue;
        em_gram(x, scale, rows, width, part);
        rows = 0;
        if (++blocks % 64 == 0 || i + 1 == m->data->patterns) {
            for (size_t k = 0; k < width * width; k++)
                out[k] += part[k];
            memset(part, 0, width * width * sizeof *part);
        }
    }
    arena_destroy(work);
}

/* Sums over nodes of n_q t^k P_i P_j. */
static void node_products(const struct em *m, size_t i, size_t j, double out[3])
{
    const double *x = m->fit->x + i * m->fit->stride, *y = m->fit->x + j * m->fit->stride;
    out[0] = out[1] = out[2] = 0;
    for (size_t q = 0; q < m->form->nodes; q++) {
        double t = m->form->node[q];
        double f = m->node_count[q] * logistic(x[0] * t + x[1]) * logistic(y[0] * t + y[1]);
        out[0] += f;
        out[1] += f * t;
        out[2] += f * t * t;
    }
}

/* Louis: complete-data information less the covariance of the complete-data scores
 * (x_j - P_j)(1, theta) given the answers. In the order d then a within an item; a is parameter 0. */
void em_sums_observed(struct em *m, double *information)
{
    size_t items = m->data->items, width = (m->sums->bytes * 8 + 15) / 16 * 16;
    size_t points = COARSE + 1, n = m->fit->parameters;
    struct arena *work = arena_create((size_t)1 << 30);
    struct coarse *c = arena_new(work, struct coarse);
    double *gram = arena_array(work, double, width *width);
    *c = (struct coarse){.items = items, .nodes = m->form->nodes};
    c->p = arena_array(work, double, points *items);
    c->tp = arena_array(work, double, points *items);
    c->c = arena_array(work, double, points *items);
    c->ctp = arena_array(work, double, points *items);
    c->right = arena_array(work, float, points *width);
    coarse_pass(m, c, false, width, NULL);
    coarse_moments(m, c, m->sums->width * (double)m->sums->cells / COARSE);
    coarse_pass(m, c, true, width, gram);
    for (size_t i = 0; i < items; i++)
        for (size_t j = 0; j <= i; j++) {
            double f[3], dd, da, ad, aa;
            node_products(m, i, j, f);
            dd = f[0];
            da = ad = f[1];
            aa = f[2] + gram[i * width + j];
            for (size_t b = 0; b < points; b++) {
                size_t bi = b * items + i, bj = b * items + j;
                double h = c->n[b], ri = c->right[b * width + i], rj = c->right[b * width + j];
                if (!(h > 0))
                    continue;
                dd -= h * c->p[bi] * c->p[bj];
                da -= h * c->p[bi] * c->tp[bj] + rj * c->c[bi];
                ad -= h * c->tp[bi] * c->p[bj] + ri * c->c[bj];
                aa -= h * c->tp[bi] * c->tp[bj] + ri * c->ctp[bj] + rj * c->ctp[bi];
            }
            double missing[4] = {aa, ad, da, dd}; /* of (a_i, d_i) with (a_j, d_j) */
            double complete[4] = {0, 0, 0, 0};
            for (size_t q = 0; q < m->form->nodes && i == j; q++) {
                const double *x = m->fit->x + i * m->fit->stride;
                double t = m->form->node[q], p = logistic(x[0] * t + x[1]);
                double v = m->node_count[q] * p * (1 - p);
                complete[0] += v * t * t;
                complete[1] += v * t;
                complete[3] += v;
            }
            complete[2] = complete[1];
            for (size_t u = 0; u < 4; u++) {
                int r = m->fit->place[i * m->fit->stride + u / 2];
                int k = m->fit->place[j * m->fit->stride + u % 2];
                if (r < 0 || k < 0)
                    continue;
                information[(size_t)r * n + (size_t)k] += complete[u] - missing[u];
                if (i != j)
                    information[(size_t)k * n + (size_t)r] += complete[u] - missing[u];
            }
        }
    arena_destroy(work);
}
