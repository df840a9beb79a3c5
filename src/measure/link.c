/* measure/link.c - the four linking methods and their errors. */
#include "measure/link.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "measure/irt.h"

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

/* Residuals of the criterion; returns how many. Each is times the root of its weight. */
static size_t residuals(const struct link_items *t, const struct link_grid *g,
                        enum link_method method, double a, double b, double *out)
{
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

/* Levenberg-Marquardt on two unknowns; derivatives by central differences. */
static void minimise(struct arena *work, const struct link_items *t, const struct link_grid *g,
                     enum link_method method, struct linking *out)
{
    size_t room = 2 * g->points * (t->count + 1);
    double *r = arena_array(work, double, room), *up = arena_array(work, double, room);
    double *down = arena_array(work, double, room), *ja = arena_array(work, double, room);
    double lambda = 1e-3, h = 1e-6;
    size_t n = residuals(t, g, method, out->a, out->b, r);
    out->criterion = 0;
    for (size_t i = 0; i < n; i++)
        out->criterion += r[i] * r[i];
    for (int step = 0; step < 200; step++) {
        double gradient[2] = {0, 0}, m[3] = {0, 0, 0};
        residuals(t, g, method, out->a + h, out->b, up);
        residuals(t, g, method, out->a - h, out->b, down);
        for (size_t i = 0; i < n; i++)
            ja[i] = (up[i] - down[i]) / (2 * h);
        residuals(t, g, method, out->a, out->b + h, up);
        residuals(t, g, method, out->a, out->b - h, down);
        for (size_t i = 0; i < n; i++) {
            double jb = (up[i] - down[i]) / (2 * h);
            gradient[0] += ja[i] * r[i];
            gradient[1] += jb * r[i];
            m[0] += ja[i] * ja[i];
            m[1] += ja[i] * jb;
            m[2] += jb * jb;
        }
        double p = m[0] * (1 + lambda), s = m[2] * (1 + lambda), det = p * s - m[1] * m[1];
        double da = -(s * gradient[0] - m[1] * gradient[1]) / det;
        double db = -(p * gradient[1] - m[1] * gradient[0]) / det, now = 0;
        out->known = isfinite(da) && isfinite(db);
        if (!out->known)
            return;
        if (out->a + da > 0.01) {
            residuals(t, g, method, out->a + da, out->b + db, up);
            for (size_t i = 0; i < n; i++)
                now += up[i] * up[i];
        }
        if (out->a + da <= 0.01 || now > out->criterion) {
            lambda *= 10;
            if (lambda > 1e12)
                return;
            continue;
        }
        memcpy(r, up, n * sizeof *r);
        out->a += da;
        out->b += db;
        out->criterion = now;
        lambda = fmax(lambda / 10, 1e-12);
        if (fabs(da) + fabs(db) < 1e-12)
            return;
    }
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
        minimise(work, t, g, method, out);
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
