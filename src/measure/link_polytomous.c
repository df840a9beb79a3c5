/* measure/link_polytomous.c - links forms of graded or partial-credit items. */
#include <math.h>

#include "base/arena.h"
#include "measure/link_criterion.h"

struct categories_case {
    const struct link_categories *items;
    const struct link_grid *grid;
    enum link_method method;
};

/* Threshold or step K (from 1) of a row: graded d_k = -a b_k, partial d_k = -a (b_1 + … + b_k). */
static double location(const struct irt_item *item, const double *x, size_t k)
{
    double before = item->kind == IRT_PARTIAL && k > 1 ? x[k - 1] : 0;
    return -(x[k] - before) / x[0];
}

/* The row on the scale theta' = A theta + B. */
static void move(const struct irt_item *item, const double *x, double a, double b, double *out)
{
    out[0] = x[0] / a;
    for (size_t k = 1; k < item->categories; k++) {
        double steps = item->kind == IRT_PARTIAL ? (double)k : 1;
        out[k] = x[k] - steps * x[0] * b / a;
    }
}

static void moments(const struct link_categories *t, enum link_method method,
                    struct linking *out)
{
    double ax = 0, ay = 0, bx = 0, by = 0, vx = 0, vy = 0, n = 0;
    for (size_t j = 0; j < t->count; j++) {
        ax += t->x[j][0];
        ay += t->y[j][0];
        for (size_t k = 1; k < t->items[j].categories; k++, n++) {
            bx += location(&t->items[j], t->x[j], k);
            by += location(&t->items[j], t->y[j], k);
        }
    }
    bx /= n;
    by /= n;
    for (size_t j = 0; j < t->count; j++)
        for (size_t k = 1; k < t->items[j].categories; k++) {
            double x = location(&t->items[j], t->x[j], k) - bx;
            double y = location(&t->items[j], t->y[j], k) - by;
            vx += x * x;
            vy += y * y;
        }
    out->a = method == LINK_MEAN_MEAN ? ax / ay : sqrt(vy / vx);
    out->b = by - out->a * bx;
    out->known = isfinite(out->a) && out->a > 0 && isfinite(out->b);
}

/* Of one item at one point: Y less the moved X, or X moved back less X, by category. */
static void differences(const struct categories_case *of, size_t j, bool back, double theta,
                        double a, double b, double *out)
{
    const struct link_categories *t = of->items;
    const struct irt_item *item = &t->items[j];
    double moved[IRT_PARAMETERS_MAX], px[IRT_CATEGORIES_MAX], py[IRT_CATEGORIES_MAX];
    if (back)
        move(item, t->y[j], 1 / a, -b / a, moved);
    else
        move(item, t->x[j], a, b, moved);
    irt_probabilities(item, back ? t->x[j] : moved, theta, px);
    irt_probabilities(item, back ? moved : t->y[j], theta, py);
    for (size_t k = 0; k < item->categories; k++)
        out[k] = py[k] - px[k];
}

static size_t residuals(const void *ctx, double a, double b, double *out)
{
    const struct categories_case *of = ctx;
    const struct link_grid *g = of->grid;
    double apart[IRT_CATEGORIES_MAX];
    size_t n = 0;
    for (int way = 0; way <= (g->symmetric ? 1 : 0); way++)
        for (size_t q = 0; q < g->points; q++) {
            double root = sqrt(g->weight[q]), score = 0;
            for (size_t j = 0; j < of->items->count; j++) {
                differences(of, j, way == 1, g->theta[q], a, b, apart);
                for (size_t k = 0; k < of->items->items[j].categories; k++) {
                    if (of->method == LINK_HAEBARA)
                        out[n++] = root * apart[k];
                    score += (double)k * apart[k];
                }
            }
            if (of->method == LINK_STOCKING_LORD)
                out[n++] = root * score;
        }
    return n;
}

struct linking link_polytomous(const struct link_categories *items,
                               const struct link_grid *grid, enum link_method method)
{
    struct linking out = {.a = 1};
    size_t categories = 1;
    moments(items, method == LINK_MEAN_MEAN ? method : LINK_MEAN_SIGMA, &out);
    if (method < LINK_HAEBARA)
        return out;
    if (!out.known) {
        out.a = 1;
        out.b = 0;
    }
    for (size_t j = 0; j < items->count; j++)
        categories += items->items[j].categories;
    struct arena *work = arena_create((size_t)4 << 30);
    struct categories_case of = {items, grid, method};
    link_minimise(work, 2 * grid->points * categories, residuals, &of, &out);
    arena_destroy(work);
    return out;
}
