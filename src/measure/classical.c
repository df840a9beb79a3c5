/* measure/classical.c - item and test statistics out of the counts. */
#include "measure/classical.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "measure/classical_tally.h"
#include "measure/numbers.h"
#include "measure/responses.h"

/* Number and mean total of those who gave an answer. */
static double chosen(const struct tally *t, size_t item, size_t slot, double *sum)
{
    *sum = 0;
    if (!t->by_score) {
        *sum = t->sum[item * t->slots + slot];
        return t->n[item * t->slots + slot];
    }
    double n = 0;
    for (size_t s = 0; s <= t->score_max; s++) {
        double c = t->count[(s * t->items + item) * t->slots + slot];
        n += c;
        *sum += c * (double)s;
    }
    return n;
}

static double slot_score(size_t slot, const unsigned *key, size_t item)
{
    if (slot == 0)
        return 0;
    if (key)
        return slot - 1 == key[item] ? 1 : 0;
    return (double)(slot - 1);
}

static void score_moments(const struct tally *t, struct classical *c)
{
    double n = t->persons, sum = 0, m2 = 0, m3 = 0, m4 = 0;
    c->score_min = -1;
    for (size_t s = 0; s <= t->score_max; s++) {
        sum += t->scores[s] * (double)s;
        if (t->scores[s] > 0 && c->score_min < 0)
            c->score_min = (double)s;
    }
    c->score_mean = sum / n;
    c->score_max = (double)t->score_max;
    for (size_t s = 0; s <= t->score_max; s++) {
        double d = (double)s - c->score_mean, w = t->scores[s];
        m2 += w * d * d;
        m3 += w * d * d * d;
        m4 += w * d * d * d * d;
    }
    c->score_variance = n > 1 ? m2 / (n - 1) : NAN;
    m2 /= n;
    c->score_skew = m2 > 0 ? m3 / n / pow(m2, 1.5) : NAN;
    c->score_excess = m2 > 0 ? m4 / n / (m2 * m2) - 3 : NAN;
    c->score_counts = t->scores;
    c->score_bound = t->score_max;
}

/* Fifths of the total score: a band is a run of whole scores. */
static void bands_of(const struct tally *t, struct classical *c, unsigned char *band)
{
    double below = 0;
    for (size_t b = 0; b < CLASSICAL_BANDS; b++)
        c->band_from[b] = NAN;
    for (size_t s = 0; s <= t->score_max; s++) {
        double middle = (below + 0.5 * t->scores[s]) / t->persons;
        size_t b = (size_t)(middle * CLASSICAL_BANDS);
        b = b < CLASSICAL_BANDS ? b : CLASSICAL_BANDS - 1;
        band[s] = (unsigned char)b;
        c->band_n[b] += t->scores[s];
        if (!(c->band_from[b] <= (double)s) && t->scores[s] > 0)
            c->band_from[b] = (double)s;
        below += t->scores[s];
    }
}

static void curve_of(const struct tally *t, const struct classical *c,
                     const unsigned char *band, size_t item, size_t slot, double *curve)
{
    for (size_t b = 0; b < CLASSICAL_BANDS; b++)
        curve[b] = t->by_score && c->band_n[b] > 0 ? 0 : NAN;
    for (size_t s = 0; s <= t->score_max && t->by_score; s++)
        if (c->band_n[band[s]] > 0)
            curve[band[s]] += t->count[(s * t->items + item) * t->slots + slot] /
                              c->band_n[band[s]];
}

/* Correlation from sums of squares; NaN where one does not vary. */
static double correlation(double cross, double square_x, double square_y)
{
    return square_x > 0 && square_y > 0 ? cross / sqrt(square_x * square_y) : NAN;
}

static void answer_statistics(const struct tally *t, const struct classical *c,
                              const unsigned *key, size_t j, const double *n, const double *sum)
{
    struct item_statistics *item = &c->item[j];
    double all = t->persons, cross_item = 0;
    double square_total = c->score_variance * (all - 1),
           square_item = item->variance * (all - 1);
    for (size_t s = 0; s < t->slots; s++)
        cross_item += slot_score(s, key, j) * (sum[s] - n[s] * c->score_mean);
    for (size_t i = 0; i < item->answer_count; i++) {
        struct answer_statistics *x = &item->answers[i];
        size_t s = x->code == RESPONSE_MISSING ? 0 : x->code + 1;
        x->score = slot_score(s, key, j);
        x->n = n[s];
        x->proportion = n[s] / all;
        x->mean_score = n[s] > 0 ? sum[s] / n[s] : NAN;
        double cross = sum[s] - n[s] * c->score_mean, square = n[s] * (1 - n[s] / all);
        double with_item = n[s] * (x->score - item->mean);
        x->r_total = correlation(cross, square, square_total);
        x->r_rest = correlation(cross - with_item, square,
                                square_total + square_item - 2 * cross_item);
    }
}

/* Top less bottom 27 % of persons; the score at the border counts in part. */
static double discrimination(const struct tally *t, const unsigned *key, size_t item,
                             double max)
{
    double share[2] = {0, 0}, wanted = 0.27 * t->persons;
    for (int end = 0; end < 2; end++) {
        double left = wanted;
        for (size_t i = 0; i <= t->score_max && left > 0; i++) {
            size_t s = end ? t->score_max - i : i;
            if (!(t->scores[s] > 0))
                continue;
            double take = t->scores[s] < left ? t->scores[s] : left, worth = 0;
            for (size_t slot = 1; slot < t->slots; slot++)
                worth += t->count[(s * t->items + item) * t->slots + slot] *
                         slot_score(slot, key, item);
            share[end] += worth * take / t->scores[s];
            left -= take;
        }
    }
    return max > 0 ? (share[1] - share[0]) / (wanted * max) : NAN;
}

/* With a key, an option that nobody chose here but somebody chose elsewhere is listed too. */
static bool listed(const struct response_reader *r, const unsigned *key, size_t slot)
{
    return key && slot > 0 && responses_answer(r, (unsigned)slot - 1);
}

static void item_statistics(struct arena *a, const struct tally *t,
                            const struct response_reader *r, const unsigned *key,
                            struct classical *c, size_t j)
{
    struct item_statistics *item = &c->item[j];
    double *n = arena_array(a, double, t->slots), *sum = arena_array(a, double, t->slots);
    double all = t->persons, first = 0, second = 0, cross = 0;
    for (size_t s = 0; s < t->slots; s++) {
        double score = slot_score(s, key, j);
        n[s] = chosen(t, j, s, &sum[s]);
        first += n[s] * score;
        second += n[s] * score * score;
        cross += score * sum[s];
        item->answer_count += n[s] > 0 || listed(r, key, s);
        if (s > 0 && n[s] > 0 && score > item->max)
            item->max = score;
    }
    if (key)
        item->max = 1;
    item->missing = n[0];
    item->n = all - n[0];
    item->mean = first / all;
    item->p = item->max > 0 ? item->mean / item->max : NAN;
    item->variance = all > 1 ? (second - first * item->mean) / (all - 1) : NAN;
    double with_total = cross - first * c->score_mean, square = item->variance * (all - 1);
    double square_total = c->score_variance * (all - 1);
    item->r_total = correlation(with_total, square, square_total);
    item->r_rest = correlation(with_total - square, square,
                               square_total + square - 2 * with_total);
    /* Lord & Novick 1968, eq. 15.4.1, from the uncorrected point-biserial. */
    item->r_biserial = NAN;
    if (c->dichotomous && item->p > 0 && item->p < 1)
        item->r_biserial = item->r_total * sqrt(item->p * (1 - item->p)) /
                           normal_density(normal_quantile(item->p));
    item->discrimination = t->by_score ? discrimination(t, key, j, item->max) : NAN;
    item->answers = arena_array(a, struct answer_statistics, item->answer_count + 1);
    size_t k = 0;
    for (size_t s = 1; s <= t->slots; s++) {
        size_t slot = s % t->slots; /* what is missing comes last */
        if (n[slot] > 0 || listed(r, key, slot))
            item->answers[k++].code = slot ? (unsigned)slot - 1 : RESPONSE_MISSING;
    }
    answer_statistics(t, c, key, j, n, sum);
}

static void reliability(struct arena *a, const struct tally *t, struct classical *c)
{
    double k = (double)c->items, sum = 0, var = c->score_variance, p_sum = 0;
    for (size_t j = 0; j < c->items; j++) {
        sum += c->item[j].variance;
        p_sum += c->item[j].mean;
    }
    c->alpha = k > 1 && var > 0 ? k / (k - 1) * (1 - sum / var) : NAN;
    c->kr20 = c->dichotomous ? c->alpha : NAN;
    double p = p_sum / k, n = t->persons;
    /* KR-21 with variances over n - 1, as alpha above. */
    c->kr21 = c->dichotomous && k > 1 && var > 0
                  ? k / (k - 1) * (1 - k * p * (1 - p) * n / (n - 1) / var)
                  : NAN;
    c->sem = isfinite(c->alpha) && c->alpha <= 1 ? sqrt(var * (1 - c->alpha)) : NAN;
    for (size_t j = 0; j < c->items; j++) {
        struct item_statistics *item = &c->item[j];
        double cross = isfinite(item->r_total) ? item->r_total * sqrt(item->variance * var) : 0;
        double rest = var + item->variance - 2 * cross;
        item->alpha_without = k > 2 && rest > 0
                                  ? (k - 1) / (k - 2) * (1 - (sum - item->variance) / rest)
                                  : NAN;
    }
    c->omega = c->split_half = NAN;
    if (!t->pairs_known || !(n > 1))
        return;
    double *cov = arena_array(a, double, c->items * c->items), halves[3] = {0, 0, 0};
    for (size_t i = 0; i < c->items; i++)
        for (size_t j = 0; j <= i; j++) {
            double v = (t->pair[i * c->items + j] - n * c->item[i].mean * c->item[j].mean) /
                       (n - 1);
            cov[i * c->items + j] = cov[j * c->items + i] = v;
            /* odd-even halves: variances, and twice the covariance */
            halves[i % 2 == j % 2 ? i % 2 : 2] += i == j ? v : i % 2 == j % 2 ? 2 * v : v;
        }
    /* Guttman's lambda 4 of the odd-even split (Guttman 1945). */
    c->split_half = var > 0 && k > 1 ? 4 * halves[2] / var : NAN;
    c->loadings = arena_array(a, double, c->items);
    c->omega = omega_one_factor(a, cov, c->items, c->loadings);
    if (!isfinite(c->omega))
        c->loadings = NULL;
}

bool classical_run(struct arena *a, struct response_reader *r, const unsigned *key,
                   struct classical *out, struct err *e)
{
    struct tally *t = arena_new(a, struct tally);
    if (!tally_run(a, r, key, t, e))
        return false;
    *out = (struct classical){.items = t->items,
                              .rows = t->rows,
                              .persons = t->persons,
                              .dichotomous = key || t->binary};
    out->item = arena_array(a, struct item_statistics, t->items);
    unsigned char *band = arena_array(a, unsigned char, t->score_max + 1);
    score_moments(t, out);
    bands_of(t, out, band);
    for (size_t j = 0; j < t->items; j++) {
        struct item_statistics *item = &out->item[j];
        item_statistics(a, t, r, key, out, j);
        for (size_t i = 0; i < item->answer_count; i++) {
            unsigned code = item->answers[i].code;
            curve_of(t, out, band, j, code == RESPONSE_MISSING ? 0 : code + 1,
                     item->answers[i].curve);
        }
    }
    reliability(a, t, out);
    return true;
}
