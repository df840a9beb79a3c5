/* measure/link.c - the four linking methods and their errors. */
#include "measure/link.h"

#include <math.h>

#include "base/arena.h"
#include "measure/irt.h"
#include "measure/link_criterion.h"

const char *const link_names[LINK_METHODS] = {"mean_mean", "mean_sigma", "haebara",
                                              "stocking_lord"};

static double curve(double a, double b, double c, double theta, double d)
{
    return c + (1 - c) * logistic(d * a * (theta - b));
}

static void moments(const struct link_items *t, enum link_method method, struct linking *out)
{
    double n = (double)t->count, ax = 0, ay = 0, bx = 0, by = 0, vx = 0, vy = 0;
    for (size_t j = 0; j < t->count; j++) {
        ax += t->ax[j] / n;
        ay += t->ay[j] / n;
        bx += t->bx[j] / n;
        by += t->by[j] / n;
    }
    for (size_t j = 0; j < t->count; j++) {
        vx += (t->bx[j] - bx) * (t->bx[j] - bx);
        vy += (t->by[j] - by) * (t->by[j] - by);
    }
    out->a = method == LINK_MEAN_MEAN ? ax / ay : sqrt(vy / vx);
    out->b = by - out->a * bx;
    out->known = isfinite(out->a) && out->a > 0 && isfinite(out->b);
}

struct binary_case {
    const struct link_items *items;
    const struct link_grid *grid;
    enum link_method method;
};

static size_t residuals(const void *ctx, double a, double b, double *out)
{
    const struct binary_case *of = ctx;
    const struct link_items *t = of->items;
    const struct link_grid *g = of->grid;
    enum link_method method = of->method;
    size_t n = 0;
    for (int way = 0; way <= (g->symmetric ? 1 : 0); way++)
        for (size_t q = 0; q < g->points; q++) {
            double theta = g->theta[q], root = sqrt(g->weight[q]), sum = 0;
            for (size_t j = 0; j < t->count; j++) {
                double px = way ? curve(t->ax[j], t->bx[j], t->cx[j], theta, g->scale_d)
                                : curve(t->ax[j] / a, a * t->bx[j] + b, t->cx[j], theta,
                                        g->scale_d);
                double py = way ? curve(t->ay[j] * a, (t->by[j] - b) / a, t->cy[j], theta,
                                        g->scale_d)
                                : curve(t->ay[j], t->by[j], t->cy[j], theta, g->scale_d);
                if (method == LINK_HAEBARA)
                    out[n++] = root * (py - px);
                sum += py - px;
            }
            if (method == LINK_STOCKING_LORD)
                out[n++] = root * sum;
        }
    return n;
}

static void estimate(struct arena *work, const struct link_items *t, const struct link_grid *g,
                     enum link_method method, struct linking *out)
{
    moments(t, method == LINK_MEAN_MEAN ? method : LINK_MEAN_SIGMA, out);
    if (method >= LINK_HAEBARA) {
        if (!out->known) {
            out->a = 1;
            out->b = 0;
        }
        struct binary_case of = {t, g, method};
        link_minimise(work, 2 * g->points * (t->count + 1), residuals, &of, out);
    }
}

/* Delta method: every parameter is moved by a little, and the constants follow. */
static void errors(struct arena *work, const struct link_items *t, const struct link_grid *g,
                   enum link_method method, struct linking *out)
{
    double *values[] = {t->ax, t->bx, t->cx, t->ay, t->by, t->cy};
    double *se[] = {t->sax, t->sbx, t->scx, t->say, t->sby, t->scy};
    const double h = 1e-4;
    for (size_t k = 0; k < 6; k++)
        for (size_t j = 0; j < t->count; j++) {
            bool guess = k % 3 == 2;
            if (!se[k] || !isfinite(se[k][j])) {
                if (!guess)
                    return;
                continue;
            }
            struct linking up = *out, down = *out;
            double was = values[k][j], width = guess && was < h ? 0 : h;
            values[k][j] = was + h;
            estimate(work, t, g, method, &up);
            values[k][j] = was - width;
            estimate(work, t, g, method, &down);
            values[k][j] = was;
            double da = (up.a - down.a) / (h + width) * se[k][j];
            double db = (up.b - down.b) / (h + width) * se[k][j];
            out->var_a += da * da;
            out->var_b += db * db;
            out->cov += da * db;
        }
    out->errors = true;
}

struct linking link_forms(struct arena *a, const struct link_items *items,
                          const struct link_grid *grid, enum link_method method)
{
    struct linking out = {.a = 1};
    (void)a;
    struct arena *work = arena_create((size_t)4 << 30);
    estimate(work, items, grid, method, &out);
    if (out.known && items->sax)
        errors(work, items, grid, method, &out);
    arena_destroy(work);
    return out;
}

struct linking link_chain(const struct linking *first, const struct linking *second)
{
    struct linking out = {.known = first->known && second->known,
                          .errors = first->errors && second->errors};
    double a1 = first->a, b1 = first->b, a2 = second->a;
    out.a = a2 * a1;
    out.b = a2 * b1 + second->b;
    /* gradients: A by (a1, b1, a2, b2) = (a2, 0, a1, 0); B = (0, a2, b1, 1) */
    out.var_a = a2 * a2 * first->var_a + a1 * a1 * second->var_a;
    out.var_b = a2 * a2 * first->var_b + b1 * b1 * second->var_a + second->var_b +
                2 * b1 * second->cov;
    out.cov = a2 * a2 * first->cov + a1 * b1 * second->var_a + a1 * second->cov;
    return out;
}
