/* measure/item_statistics.c - difficulty, discrimination, who chose what, and difference by sex. */
#include "measure/item_statistics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "people/document.h"

enum { ANSWERS_SHOWN = 12, WEAK_FROM = 30, CURVE_FROM = 10, DIF_FROM = 50, DIF_STRATA = 20 };
static const double WEAK_R = 0.15, EASY_P = 0.95, HARD_P = 0.2, RIVAL_BY = 0.02,
                    DIF_LEVEL = 0.05;

struct item_moments item_moments(const struct item_point *points, size_t count)
{
    double n = (double)count, x = 0, y = 0, xx = 0, yy = 0, xy = 0;
    for (size_t i = 0; i < count; i++) {
        x += points[i].share / n;
        y += points[i].rest / n;
    }
    for (size_t i = 0; i < count; i++) {
        double dx = points[i].share - x, dy = points[i].rest - y;
        xx += dx * dx;
        yy += dy * dy;
        xy += dx * dy;
    }
    return (struct item_moments){.mean = count ? x : NAN,
                                 .variance = count > 1 ? xx / (n - 1) : NAN,
                                 .r = xx > 1e-12 && yy > 1e-12 ? xy / sqrt(xx * yy) : NAN};
}

/* --- the curve ----------------------------------------------------------------------------------- */
/* Equal marks stay in one band whatever the order of attempts: the lower one that they reach. */
static int by_rest(const void *x, const void *y)
{
    const struct item_point *a = x, *b = y;
    return (a->rest > b->rest) - (a->rest < b->rest);
}

static void curve(struct item_point *points, size_t count, struct session_item *out)
{
    double sum[ITEM_BANDS] = {0}, n[ITEM_BANDS] = {0};
    qsort(points, count, sizeof *points, by_rest);
    for (size_t i = 0; i < count; i++) {
        bool tied = i > 0 && points[i].rest <= points[i - 1].rest;
        points[i].band = tied ? points[i - 1].band : (unsigned)(i * ITEM_BANDS / count);
        sum[points[i].band] += points[i].share;
        n[points[i].band]++;
    }
    for (size_t b = 0; b < ITEM_BANDS; b++) {
        out->curve[b] = count >= CURVE_FROM && n[b] > 0 ? sum[b] / n[b] : NAN;
        out->band_count[b] = (int64_t)n[b];
    }
}

/* --- answers ------------------------------------------------------------------------------------- */
static int by_response(const void *x, const void *y)
{
    return strcmp(((const struct item_point *)x)->response,
                  ((const struct item_point *)y)->response);
}

static int by_count(const void *x, const void *y)
{
    const struct answer_tally *a = x, *b = y;
    if (a->count != b->count)
        return a->count < b->count ? 1 : -1;
    return strcmp(a->response, b->response);
}

static void tally(struct arena *a, struct item_point *points, size_t count,
                  struct session_item *out)
{
    struct answer_tally *all = arena_array(a, struct answer_tally, count + 1);
    size_t n = 0;
    qsort(points, count, sizeof *points, by_response);
    for (size_t i = 0; i < count; i++) {
        const struct item_point *p = &points[i];
        if (n == 0 || strcmp(all[n - 1].response, p->response) != 0)
            all[n++] = (struct answer_tally){.response = p->response, .full = p->full};
        struct answer_tally *t = &all[n - 1];
        t->rest += (p->rest - t->rest) / (double)++t->count;
        t->bands[p->band]++;
    }
    qsort(all, n, sizeof *all, by_count);
    out->answers = all;
    out->answer_count = n < ANSWERS_SHOWN ? n : ANSWERS_SHOWN;
}

/* --- difference ---------------------------------------------------------------------------------- */
/* Men against women of about the same marks, this item's among them (Holland & Thayer 1988, as `heng analyze dif`);
 * in twenty strata, so that small sittings lose few. Only where an answer is right or wrong. */
static void difference(const struct item_point *points, size_t count, struct session_item *out)
{
    struct mh_table strata[DIF_STRATA + 1] = {{{0}, {0}}};
    size_t people[2] = {0, 0};
    out->dif = (struct mh_result){.known = false};
    out->dif_class = '?';
    for (size_t i = 0; i < count; i++) {
        if (points[i].share > 1e-9 && points[i].share < 1 - 1e-9)
            return;
        if (points[i].sex != SEX_MALE && points[i].sex != SEX_FEMALE)
            continue;
        int group = points[i].sex == SEX_FEMALE;
        struct mh_table *t = &strata[(size_t)(points[i].total * DIF_STRATA + 1e-9)];
        people[group]++;
        t->right[group] += points[i].full;
        t->wrong[group] += !points[i].full;
    }
    if (people[0] < DIF_FROM || people[1] < DIF_FROM)
        return;
    out->dif = mantel_haenszel(strata, DIF_STRATA + 1, true);
    out->dif_class = ets_by_test(&out->dif, DIF_LEVEL);
}

/* --- findings ------------------------------------------------------------------------------------ */
/* Somebody's answer other than the key went with better marks elsewhere: the key may be wrong. */
static bool has_rival(const struct session_item *it)
{
    double key = NAN;
    for (size_t i = 0; i < it->answer_count; i++)
        if (it->answers[i].full && (isnan(key) || it->answers[i].rest > key))
            key = it->answers[i].rest;
    for (size_t i = 0; i < it->answer_count; i++) {
        const struct answer_tally *t = &it->answers[i];
        if (!t->full && strcmp(t->response, "null") != 0 && t->count * 5 >= it->count &&
            !isnan(key) && t->rest > key + RIVAL_BY)
            return true;
    }
    return false;
}

static unsigned findings_of(const struct session_item *it)
{
    unsigned f = 0;
    if (it->credit || it->count < WEAK_FROM)
        return 0;
    if (it->r < 0)
        f |= FINDING_HARDER_FOR_THE_BEST;
    else if (it->r < WEAK_R)
        f |= FINDING_WEAK;
    if (has_rival(it))
        f |= FINDING_RIVAL;
    if (it->dif_class == 'C')
        f |= FINDING_DIFFERS;
    if (it->p > EASY_P)
        f |= FINDING_EASY;
    if (it->p < HARD_P)
        f |= FINDING_HARD;
    return f;
}

void item_statistics(struct arena *a, struct item_point *points, size_t count,
                     struct session_item *out)
{
    struct item_moments m = item_moments(points, count);
    out->p = m.mean;
    out->r = m.r;
    curve(points, count, out);
    difference(points, count, out);
    tally(a, points, count, out);
    out->findings = findings_of(out);
}
