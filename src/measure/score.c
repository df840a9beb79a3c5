/* measure/score.c - EAP, MAP and WLE of one person; distributions of the sum score. */
#include "measure/score.h"

#include <math.h>
#include <string.h>

#include "measure/responses.h"

enum { K_MAX = IRT_CATEGORIES_MAX, NODES_MAX = 1024 };

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

static void eap(const struct scored_items *s, const uint8_t *answers, const double *node,
                const double *weight, size_t nodes, struct ability *out)
{
    double log_post[NODES_MAX], top = -INFINITY, sum = 0, first = 0, second = 0, p[K_MAX];
    for (size_t q = 0; q < nodes; q++) {
        log_post[q] = weight[q] > 0 ? log(weight[q]) : -700;
        for (size_t j = 0; j < s->count; j++)
            if (answers[j] != RESPONSE_MISSING) {
                irt_probabilities(&s->items[j], s->x + j * s->stride, node[q], p);
                log_post[q] += log(p[answers[j]]);
            }
        top = fmax(top, log_post[q]);
    }
    for (size_t q = 0; q < nodes; q++) {
        double w = exp(log_post[q] - top);
        sum += w;
        first += w * node[q];
        second += w * node[q] * node[q];
    }
    out->theta = first / sum;
    out->se = sqrt(fmax(second / sum - out->theta * out->theta, 0));
}

/* The equation that MAP or WLE makes zero. */
static double equation(const struct scored_items *s, const uint8_t *answers, double theta,
                       enum score_method method)
{
    struct point t = at_theta(s, answers, theta);
    if (method == SCORE_MAP)
        return t.first - theta;
    return t.information > 0 ? t.first + t.warm / (2 * t.information) : 0;
}

/* Highest of the roots found on a scan (guessing can make several): bisection between signs. */
static void solve(const struct scored_items *s, const uint8_t *answers, double range,
                  enum score_method method, struct ability *out)
{
    enum { STEPS = 120 };
    double best = NAN, best_value = -INFINITY, at = -range;
    double value = equation(s, answers, at, method);
    bool negative_first = value < 0;
    for (int i = 1; i <= STEPS; i++) {
        double next = -range + 2 * range * i / STEPS;
        double next_value = equation(s, answers, next, method);
        if (value >= 0 && next_value < 0) {
            double lo = at, hi = next;
            for (int k = 0; k < 60; k++) {
                double mid = 0.5 * (lo + hi);
                if (equation(s, answers, mid, method) >= 0)
                    lo = mid;
                else
                    hi = mid;
            }
            double root = 0.5 * (lo + hi);
            struct point t = at_theta(s, answers, root);
            double height = method == SCORE_MAP ? t.log_likelihood - 0.5 * root * root
                                                : t.log_likelihood + 0.5 * log(t.information);
            if (height > best_value) {
                best = root;
                best_value = height;
            }
        }
        at = next;
        value = next_value;
    }
    out->at_edge = !isfinite(best);
    out->theta = out->at_edge ? (negative_first ? -range : range) : best;
    struct point t = at_theta(s, answers, out->theta);
    double information = method == SCORE_MAP ? 1 - t.second : t.information;
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

struct ability score_person(const struct scored_items *s, const uint8_t *answers,
                            enum score_method method, const double *node, const double *weight,
                            size_t nodes, double range)
{
    struct ability out = {0};
    if (method == SCORE_EAP)
        eap(s, answers, node, weight, nodes, &out);
    else
        solve(s, answers, range, method, &out);
    fit(s, answers, &out);
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
