/* measure/raters.c - comparisons of raters on shared work; pure. */
#include "measure/raters.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "measure/facets.h"
#include "measure/icc.h"

enum { FACET_ITERATIONS = 2000, FACET_FROM = 10 };
static const double FACET_TOLERANCE = 1e-6;

struct work_sum {
    struct id id; /* first: sorted by it */
    double sum;
    size_t count;
};

struct board {
    const struct rating *ratings;
    size_t count;
    struct work_sum *works;
    size_t work_count;
    size_t *work, *rater; /* of each rating */
};

static int by_id(const void *x, const void *y)
{
    return memcmp(x, y, ID_BYTES);
}

static int by_name(const void *x, const void *y)
{
    const struct rater_report *a = x, *b = y;
    int order = strcmp(a->name, b->name);
    return order ? order : memcmp(a->rater.bytes, b->rater.bytes, ID_BYTES);
}

static void find_works(struct arena *a, struct board *b)
{
    b->works = arena_array(a, struct work_sum, b->count + 1);
    b->work = arena_array(a, size_t, b->count + 1);
    for (size_t i = 0; i < b->count; i++)
        b->works[i] = (struct work_sum){.id = b->ratings[i].work};
    if (b->count)
        qsort(b->works, b->count, sizeof *b->works, by_id);
    for (size_t i = 0; i < b->count; i++)
        if (i == 0 || !id_equal(b->works[i].id, b->works[b->work_count - 1].id))
            b->works[b->work_count++] = b->works[i];
    for (size_t i = 0; i < b->count; i++) {
        struct work_sum *w = bsearch(&b->ratings[i].work, b->works, b->work_count,
                                     sizeof *b->works, by_id);
        b->work[i] = (size_t)(w - b->works);
        w->sum += b->ratings[i].share;
        w->count++;
    }
}

static void find_raters(struct arena *a, struct board *b, struct ratings_report *out)
{
    out->raters = arena_array(a, struct rater_report, b->count + 1);
    b->rater = arena_array(a, size_t, b->count + 1);
    for (size_t i = 0; i < b->count; i++) {
        size_t k = 0;
        while (k < out->count && !id_equal(out->raters[k].rater, b->ratings[i].rater))
            k++;
        if (k == out->count)
            out->raters[out->count++] = (struct rater_report){.rater = b->ratings[i].rater,
                                                              .name = b->ratings[i].name};
        out->raters[k].count++;
    }
    if (out->count)
        qsort(out->raters, out->count, sizeof *out->raters, by_name);
    for (size_t i = 0; i < b->count; i++)
        while (!id_equal(out->raters[b->rater[i]].rater, b->ratings[i].rater))
            b->rater[i]++;
}

/* --- one rater ----------------------------------------------------------------------------------- */
/* The mean of the others' shares of the piece; false where nobody else marked it. */
static bool others(const struct board *b, size_t i, double *mean)
{
    const struct work_sum *w = &b->works[b->work[i]];
    if (w->count < 2)
        return false;
    *mean = (w->sum - b->ratings[i].share) / (double)(w->count - 1);
    return true;
}

struct pair_sums {
    double n, x, y, xx, yy, xy, d, dd, distance;
};

static void add_pair(struct pair_sums *s, double own, double other)
{
    double d = other - own;
    s->n++;
    s->x += own;
    s->y += other;
    s->xx += own * own;
    s->yy += other * other;
    s->xy += own * other;
    s->d += d;
    s->dd += d * d;
    s->distance += fabs(d);
}

static void own_spread(const struct board *b, size_t rater, struct rater_report *r)
{
    double n = (double)r->count, squares = 0;
    for (size_t i = 0; i < b->count; i++)
        r->mean += b->rater[i] == rater ? b->ratings[i].share / n : 0;
    for (size_t i = 0; i < b->count; i++)
        if (b->rater[i] == rater)
            squares += (b->ratings[i].share - r->mean) * (b->ratings[i].share - r->mean);
    r->sd = n > 1 ? sqrt(squares / (n - 1)) : NAN;
}

static void beside_others(const struct board *b, size_t rater, struct rater_report *r)
{
    struct pair_sums all = {0}, span[RATER_SPANS] = {{0}};
    size_t seen = 0;
    for (size_t i = 0; i < b->count; i++) {
        double other;
        if (b->rater[i] != rater)
            continue;
        size_t quarter = seen++ * RATER_SPANS / r->count;
        if (!others(b, i, &other))
            continue;
        add_pair(&all, b->ratings[i].share, other);
        add_pair(&span[quarter], b->ratings[i].share, other);
    }
    r->shared = (size_t)all.n;
    r->severity = all.n > 0 ? all.d / all.n : NAN;
    r->distance = all.n > 0 ? all.distance / all.n : NAN;
    double spread = all.dd - all.d * all.d / all.n;
    r->severity_se = all.n > 1 ? sqrt(fmax(0, spread) / (all.n - 1) / all.n) : NAN;
    double xx = all.xx - all.x * all.x / all.n, yy = all.yy - all.y * all.y / all.n;
    r->r = all.n > 2 && xx > 1e-12 && yy > 1e-12
               ? (all.xy - all.x * all.y / all.n) / sqrt(xx * yy)
               : NAN;
    for (size_t i = 0; i < RATER_SPANS; i++)
        r->span[i] = span[i].n > 0 ? span[i].d / span[i].n : NAN;
}

/* --- all together -------------------------------------------------------------------------------- */
static void correlations(struct arena *a, const struct board *b, struct ratings_report *out)
{
    struct icc_table table;
    struct icc icc[ICC_FORMS];
    out->icc_single = out->icc_mean = NAN;
    if (b->work_count < 2 || out->count < 2 || b->count != b->work_count * out->count)
        return;
    double *grid = arena_array(a, double, b->count);
    for (size_t i = 0; i < b->count; i++)
        grid[b->work[i] * out->count + b->rater[i]] = b->ratings[i].share;
    icc_run(grid, b->work_count, out->count, 0.95, &table, icc);
    out->icc_single = icc[ICC_2_1].value;
    out->icc_mean = icc[ICC_2_K].value;
}

/* Tenths of the marks as the categories that occur, numbered without gaps. */
static size_t categories_of(const struct board *b, size_t *rating)
{
    size_t number[RATER_CATEGORIES] = {0}, count = 0;
    bool used[RATER_CATEGORIES] = {false};
    for (size_t i = 0; i < b->count; i++) {
        double tenth = floor(b->ratings[i].share * (RATER_CATEGORIES - 1) + 0.5);
        rating[i] = (size_t)fmin(fmax(tenth, 0), RATER_CATEGORIES - 1);
        used[rating[i]] = true;
    }
    for (size_t k = 0; k < RATER_CATEGORIES; k++)
        if (used[k])
            number[k] = count++;
    for (size_t i = 0; i < b->count; i++)
        rating[i] = number[rating[i]];
    return count;
}

/* Every rater reached from the first through shared work: else their measures cannot be compared. */
static bool connected(struct arena *a, const struct board *b, size_t raters)
{
    bool *rater = arena_array(a, bool, raters), *work = arena_array(a, bool, b->work_count);
    size_t reached = 1;
    bool more = true;
    rater[0] = true;
    while (more) {
        more = false;
        for (size_t i = 0; i < b->count; i++) {
            bool *r = &rater[b->rater[i]], *w = &work[b->work[i]];
            if (*r == *w)
                continue;
            reached += !*r;
            *r = *w = more = true;
        }
    }
    return reached == raters;
}

static bool facets(struct arena *a, const struct board *b, struct ratings_report *out,
                   struct err *e)
{
    struct facet_fit fit;
    size_t *rating = arena_array(a, size_t, b->count);
    size_t *element = arena_array(a, size_t, 2 * b->count);
    double *weight = arena_array(a, double, b->count);
    size_t categories = categories_of(b, rating);
    if (out->count < 2 || b->work_count < FACET_FROM || categories < 2 ||
        !connected(a, b, out->count))
        return true;
    for (size_t i = 0; i < b->count; i++) {
        element[2 * i] = b->work[i];
        element[2 * i + 1] = b->rater[i];
        weight[i] = 1;
    }
    const struct facet_data d = {.observations = b->count,
                                 .facets = 2,
                                 .categories = categories,
                                 .elements = {b->work_count, out->count},
                                 .element = element,
                                 .rating = rating,
                                 .weight = weight};
    struct err why = {0};
    if (!facets_joint(a, &d, FACET_TOLERANCE, FACET_ITERATIONS, &fit, &why)) {
        *e = why.code == ERR_INVALID ? *e : why; /* no estimate is a blank, not a failure */
        return why.code == ERR_INVALID;
    }
    for (size_t k = 0; fit.converged && k < out->count; k++) {
        out->raters[k].logit = fit.elements[1][k].measure;
        out->raters[k].logit_se = fit.elements[1][k].se;
        out->raters[k].infit = fit.elements[1][k].infit;
    }
    return true;
}

bool raters_report(struct arena *a, const struct rating *ratings, size_t count,
                   struct ratings_report *out, struct err *e)
{
    struct board b = {.ratings = ratings, .count = count};
    *out = (struct ratings_report){.ratings = count, .icc_single = NAN, .icc_mean = NAN};
    find_works(a, &b);
    find_raters(a, &b, out);
    out->works = b.work_count;
    for (size_t k = 0; k < out->count; k++) {
        struct rater_report *r = &out->raters[k];
        r->logit = r->logit_se = r->infit = NAN;
        own_spread(&b, k, r);
        beside_others(&b, k, r);
    }
    correlations(a, &b, out);
    return count == 0 || facets(a, &b, out, e);
}
