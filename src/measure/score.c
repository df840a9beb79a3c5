/* measure/score.c - EAP, MAP and WLE of one person; distributions of the sum score. */
#include "measure/score.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "measure/responses.h"

enum { K_MAX = IRT_CATEGORIES_MAX, NODES_MAX = 1024, SCAN = 120 };

struct scorer {
    const struct scored_items *s;
    const double *node, *weight;
    size_t nodes, k_max; /* categories of the item with most */
    double range;
    double *log_p;              /* nodes x items x k_max */
    double *first;              /* scan points x items x k_max: P' / P */
    double *information, *warm; /* scan points x items */
};

/* Log-likelihood of the answers at theta, its derivatives, Fisher information and Warm's J. */
struct point {
    double log_likelihood, first, second, information, warm;
};

static struct point at_theta(const struct scored_items *s, const uint8_t *answers, double theta)
{
    struct point t = {0};
    double p[K_MAX], d1[K_MAX], d2[K_MAX];
    for (size_t j = 0; j < s->count; j++) {
        if (answers[j] == RESPONSE_MISSING)
            continue;
        size_t x = answers[j];
        irt_in_theta(&s->items[j], s->x + j * s->stride, theta, p, d1, d2);
        t.log_likelihood += log(p[x]);
        t.first += d1[x] / p[x];
        t.second += d2[x] / p[x] - d1[x] / p[x] * (d1[x] / p[x]);
        for (size_t k = 0; k < s->items[j].categories; k++) {
            t.information += d1[k] * d1[k] / p[k];
            t.warm += d1[k] * d2[k] / p[k];
        }
    }
    return t;
}

static double scan_theta(const struct scorer *t, size_t i)
{
    return -t->range + 2 * t->range * (double)i / SCAN;
}

struct scorer *scorer_create(struct arena *a, const struct scored_items *s, const double *node,
                             const double *weight, size_t nodes, double range)
{
    struct scorer *t = arena_new(a, struct scorer);
    *t = (struct scorer){
        .s = s, .node = node, .weight = weight, .nodes = nodes, .range = range};
    for (size_t j = 0; j < s->count; j++)
        t->k_max = s->items[j].categories > t->k_max ? s->items[j].categories : t->k_max;
    size_t n = s->count, k_n = t->k_max;
    double p[K_MAX], d1[K_MAX], d2[K_MAX];
    t->log_p = arena_array(a, double, nodes *n *k_n);
    t->first = arena_array(a, double, (SCAN + 1) * n * k_n);
    t->information = arena_array(a, double, (SCAN + 1) * n);
    t->warm = arena_array(a, double, (SCAN + 1) * n);
    for (size_t j = 0; j < n; j++) {
        const struct irt_item *item = &s->items[j];
        for (size_t q = 0; q < nodes; q++) {
            irt_probabilities(item, s->x + j * s->stride, node[q], p);
            for (size_t k = 0; k < item->categories; k++)
                t->log_p[(q * n + j) * k_n + k] = log(p[k]);
        }
        for (size_t i = 0; i <= SCAN; i++) {
            irt_in_theta(item, s->x + j * s->stride, scan_theta(t, i), p, d1, d2);
            for (size_t k = 0; k < item->categories; k++) {
                t->first[(i * n + j) * k_n + k] = d1[k] / p[k];
                t->information[i * n + j] += d1[k] * d1[k] / p[k];
                t->warm[i * n + j] += d1[k] * d2[k] / p[k];
            }
        }
    }
    return t;
}

static void eap(const struct scorer *t, const uint8_t *answers, struct ability *out)
{
    double log_post[NODES_MAX], top = -INFINITY, sum = 0, first = 0, second = 0;
    size_t n = t->s->count, k_n = t->k_max;
    for (size_t q = 0; q < t->nodes; q++) {
        const double *p = t->log_p + q * n * k_n;
        log_post[q] = t->weight[q] > 0 ? log(t->weight[q]) : -700;
        for (size_t j = 0; j < n; j++)
            log_post[q] += answers[j] != RESPONSE_MISSING ? p[j * k_n + answers[j]] : 0;
        top = fmax(top, log_post[q]);
    }
    for (size_t q = 0; q < t->nodes; q++) {
        double w = exp(log_post[q] - top);
        sum += w;
        first += w * t->node[q];
        second += w * t->node[q] * t->node[q];
    }
    out->theta = first / sum;
    out->se = sqrt(fmax(second / sum - out->theta * out->theta, 0));
}

/* The equation that MAP or WLE makes zero. */
static double equation(double first, double information, double warm, double theta,
                       enum score_method method)
{
    if (method == SCORE_MAP)
        return first - theta;
    return information > 0 ? first + warm / (2 * information) : 0;
}

static double equation_at(const struct scorer *t, const uint8_t *answers, double theta,
                          enum score_method method)
{
    struct point p = at_theta(t->s, answers, theta);
    return equation(p.first, p.information, p.warm, theta, method);
}

static double equation_scanned(const struct scorer *t, const uint8_t *answers, size_t i,
                               enum score_method method)
{
    size_t n = t->s->count;
    double first = 0, information = 0, warm = 0;
    for (size_t j = 0; j < n; j++) {
        if (answers[j] == RESPONSE_MISSING)
            continue;
        first += t->first[(i * n + j) * t->k_max + answers[j]];
        information += t->information[i * n + j];
        warm += t->warm[i * n + j];
    }
    return equation(first, information, warm, scan_theta(t, i), method);
}

/* Root between a point that is not below zero and one that is: false position, Illinois. */
static double root_between(const struct scorer *t, const uint8_t *answers, size_t i,
                           double value, double next_value, enum score_method method)
{
    double lo = scan_theta(t, i), hi = scan_theta(t, i + 1), at = lo;
    double f_lo = value, f_hi = next_value;
    int side = 0;
    for (int step = 0; step < 100 && hi - lo > 1e-12; step++) {
        at = hi - f_hi * (hi - lo) / (f_hi - f_lo);
        double f = equation_at(t, answers, at, method);
        if (fabs(f) < 1e-11)
            break;
        if (f > 0) {
            lo = at;
            f_lo = f;
            f_hi *= side > 0 ? 0.5 : 1;
            side = 1;
        } else {
            hi = at;
            f_hi = f;
            f_lo *= side < 0 ? 0.5 : 1;
            side = -1;
        }
    }
    return at;
}

/* The best of the roots found on a scan: guessing can make several. */
static void solve(const struct scorer *t, const uint8_t *answers, enum score_method method,
                  struct ability *out)
{
    double best = NAN, best_value = -INFINITY, value = equation_scanned(t, answers, 0, method);
    bool negative_first = value < 0;
    for (size_t i = 0; i < SCAN; i++) {
        double next = equation_scanned(t, answers, i + 1, method);
        if (value >= 0 && next < 0) {
            double root = root_between(t, answers, i, value, next, method);
            struct point p = at_theta(t->s, answers, root);
            double height = method == SCORE_MAP ? p.log_likelihood - 0.5 * root * root
                                                : p.log_likelihood + 0.5 * log(p.information);
            if (height > best_value) {
                best = root;
                best_value = height;
            }
        }
        value = next;
    }
    out->at_edge = !isfinite(best);
    out->theta = out->at_edge ? (negative_first ? -t->range : t->range) : best;
    struct point p = at_theta(t->s, answers, out->theta);
    double information = method == SCORE_MAP ? 1 - p.second : p.information;
    out->se = information > 0 ? 1 / sqrt(information) : NAN;
}

static void fit(const struct scored_items *s, const uint8_t *answers, struct ability *out)
{
    double p[K_MAX], mean = 0, var = 0, outfit = 0, top = 0, bottom = 0;
    size_t n = 0;
    out->log_likelihood = 0;
    for (size_t j = 0; j < s->count; j++) {
        double m = 0, v = 0, e = 0, e2 = 0;
        if (answers[j] == RESPONSE_MISSING)
            continue;
        irt_probabilities(&s->items[j], s->x + j * s->stride, out->theta, p);
        for (size_t k = 0; k < s->items[j].categories; k++) {
            double l = log(p[k]);
            m += (double)k * p[k];
            v += (double)(k * k) * p[k];
            e += p[k] * l;
            e2 += p[k] * l * l;
        }
        v -= m * m;
        double residual = answers[j] - m;
        out->log_likelihood += log(p[answers[j]]);
        mean += e;
        var += e2 - e * e;
        outfit += residual * residual / fmax(v, 1e-12);
        top += residual * residual;
        bottom += v;
        n++;
    }
    out->lz = var > 0 ? (out->log_likelihood - mean) / sqrt(var) : NAN;
    out->outfit = n ? outfit / (double)n : NAN;
    out->infit = bottom > 0 ? top / bottom : NAN;
}

struct ability score_person(const struct scorer *t, const uint8_t *answers,
                            enum score_method method)
{
    struct ability out = {0};
    if (method == SCORE_EAP)
        eap(t, answers, &out);
    else
        solve(t, answers, method, &out);
    fit(t->s, answers, &out);
    return out;
}

size_t score_top(const struct scored_items *s)
{
    size_t top = 0;
    for (size_t j = 0; j < s->count; j++)
        top += s->items[j].categories - 1;
    return top;
}

static void add_item(const double *p, size_t categories, size_t *top, double *out)
{
    for (size_t r = *top + categories; r-- > 0;) {
        double sum = 0;
        for (size_t k = 0; k < categories && k <= r; k++)
            if (r - k <= *top)
                sum += out[r - k] * p[k];
        out[r] = sum;
    }
    *top += categories - 1;
}

void lord_wingersky(const struct scored_items *s, double theta, double *out)
{
    double p[K_MAX];
    size_t top = 0;
    memset(out, 0, (score_top(s) + 1) * sizeof *out);
    out[0] = 1;
    for (size_t j = 0; j < s->count; j++) {
        irt_probabilities(&s->items[j], s->x + j * s->stride, theta, p);
        add_item(p, s->items[j].categories, &top, out);
    }
}

void lord_wingersky_of(const double *p, const size_t *categories, size_t items, size_t stride,
                       double *out)
{
    size_t top = 0, all = 0;
    for (size_t j = 0; j < items; j++)
        all += categories[j] - 1;
    memset(out, 0, (all + 1) * sizeof *out);
    out[0] = 1;
    for (size_t j = 0; j < items; j++)
        add_item(p + j * stride, categories[j], &top, out);
}
