/* measure/link_polytomous_test.c - links of items with several categories. */
#include <math.h>

#include "base/arena.h"
#include "measure/link.h"
#include "measure/numbers.h"
#include "test/check.h"

enum { ITEMS = 5, POINTS = 41 };

struct forms {
    struct irt_item items[ITEMS];
    double x[ITEMS][4], y[ITEMS][4];
    const double *rows_x[ITEMS], *rows_y[ITEMS];
    double theta[POINTS], weight[POINTS];
    struct link_categories common;
    struct link_grid grid;
};

/* Five items of two to four categories, by slope and b; the same on theta_Y = A theta_X + B. */
static void begin(struct forms *f, enum irt_kind kind, double a, double b)
{
    static const double slope[ITEMS] = {1.1, 0.7, 1.6, 0.9, 1.3};
    static const double at[ITEMS][3] = {
        {-1.2, 0.1, 1.4}, {-0.5, 0.6}, {0.2}, {-1.8, -0.4, 0.3}, {0.5, 1.1}};
    static const size_t categories[ITEMS] = {4, 3, 2, 4, 3};
    for (size_t j = 0; j < ITEMS; j++) {
        f->items[j] = (struct irt_item){kind, categories[j], false};
        f->x[j][0] = slope[j];
        f->y[j][0] = slope[j] / a;
        for (size_t k = 1; k < categories[j]; k++) {
            bool adds = kind == IRT_PARTIAL && k > 1;
            double moved = a * at[j][k - 1] + b;
            f->x[j][k] = (adds ? f->x[j][k - 1] : 0) - f->x[j][0] * at[j][k - 1];
            f->y[j][k] = (adds ? f->y[j][k - 1] : 0) - f->y[j][0] * moved;
        }
        f->rows_x[j] = f->x[j];
        f->rows_y[j] = f->y[j];
    }
    grid_equal(-4, 4, POINTS, false, f->theta, f->weight);
    f->common = (struct link_categories){ITEMS, f->items, f->rows_x, f->rows_y};
    f->grid = (struct link_grid){POINTS, f->theta, f->weight, 1, false};
}

/* Parameters that differ by the scale only give the scale back, by every method, both ways. */
void link_lists_recover_test(void)
{
    static const enum irt_kind kinds[] = {IRT_GRADED, IRT_PARTIAL};
    static const double constants[][2] = {{1, 0}, {1.25, -0.4}, {0.8, 0.9}};
    struct forms f;
    for (size_t n = 0; n < 2; n++)
        for (size_t c = 0; c < 3; c++)
            for (int k = 0; k < LINK_METHODS; k++)
                for (int both = 0; both < 2; both++) {
                    begin(&f, kinds[n], constants[c][0], constants[c][1]);
                    f.grid.symmetric = both == 1;
                    struct linking l = link_polytomous(&f.common, &f.grid, (enum link_method)k);
                    CHECK("known", l.known && !l.errors);
                    CHECK_NEAR(link_names[k], l.a, constants[c][0], 1e-7);
                    CHECK_NEAR(link_names[k], l.b, constants[c][1], 1e-7);
                }
}

/* Graded items of two categories are the binary model: the same constants as link_forms finds,
 * where the forms do not fit exactly. */
void link_lists_of_two_test(void)
{
    double ax[] = {0.9, 1.4, 0.6, 1.1}, bx[] = {-1.1, 0.2, 0.9, -0.3}, zero[4] = {0};
    double ay[] = {0.8, 1.3, 0.7, 0.9}, by[] = {-0.9, 0.5, 1.6, 0.1};
    double x[4][2], y[4][2], theta[POINTS], weight[POINTS];
    const double *rows_x[4], *rows_y[4];
    struct irt_item items[4];
    for (size_t j = 0; j < 4; j++) {
        items[j] = (struct irt_item){IRT_GRADED, 2, false};
        x[j][0] = ax[j];
        x[j][1] = -ax[j] * bx[j];
        y[j][0] = ay[j];
        y[j][1] = -ay[j] * by[j];
        rows_x[j] = x[j];
        rows_y[j] = y[j];
    }
    grid_equal(-4, 4, POINTS, true, theta, weight);
    struct link_grid grid = {POINTS, theta, weight, 1, false};
    struct link_categories lists = {4, items, rows_x, rows_y};
    struct link_items binary = {
        .count = 4, .ax = ax, .bx = bx, .cx = zero, .ay = ay, .by = by, .cy = zero};
    struct arena *a = arena_create(1 << 24);
    for (int k = 0; k < LINK_METHODS; k++) {
        struct linking one = link_forms(a, &binary, &grid, (enum link_method)k);
        struct linking other = link_polytomous(&lists, &grid, (enum link_method)k);
        CHECK_NEAR(link_names[k], other.a, one.a, 1e-8);
        CHECK_NEAR(link_names[k], other.b, one.b, 1e-8);
    }
    arena_destroy(a);
}

/* Items that do not differ at all in place have no spread to compare. */
void link_lists_without_spread_test(void)
{
    struct forms f;
    begin(&f, IRT_GRADED, 1, 0);
    f.common.count = 1;
    f.items[0].categories = 2;
    CHECK("mean-sigma does not know",
          !link_polytomous(&f.common, &f.grid, LINK_MEAN_SIGMA).known);
}
