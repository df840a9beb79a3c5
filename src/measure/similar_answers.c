/* measure/similar_answers.c - chances of a match, their exact tail, and the pairs in its order. */
#include "measure/similar_answers.h"

#include <math.h>
#include <stdlib.h>

#include "base/arena.h"

enum { HALVINGS = 60 };
static const double BEND_LOG_MAX = 8, SCREEN_Z = 2;

/* --- chances -------------------------------------------------------------------------------------- */
double chance_right(double r, double a)
{
    if (r >= 1 || isinf(a))
        return r > 0 ? 1 : 0;
    if (r <= 0 || a <= 0)
        return 0;
    return exp(log(-expm1(a * log1p(-r))) / a);
}

/* Shares of one item; its wrong answers are counted by looking back, which is short: few are different. */
static void count_item(const struct answer_table *t, size_t i, int64_t *seen,
                       struct answer_chances *out)
{
    int64_t answered = 0, right = 0, squares = 0;
    for (size_t j = 0; j < t->persons; j++) {
        int16_t x = t->answer[j * t->items + i];
        if (x == ANSWER_NONE)
            continue;
        answered++;
        if (t->right[j * t->items + i])
            right++;
        else
            seen[x]++;
    }
    for (size_t j = 0; j < t->persons; j++) {
        int16_t x = t->answer[j * t->items + i];
        if (x == ANSWER_NONE)
            continue;
        squares += seen[x] * seen[x];
        seen[x] = 0;
    }
    double wrong = (double)(answered - right);
    out->right[i] = answered > 0 ? (double)right / (double)answered : 0;
    out->same[i] = wrong > 0 ? (double)squares / (wrong * wrong) : 0;
}

static double mean_chance(const struct answer_table *t, const double *right, size_t j, double a)
{
    double sum = 0, n = 0;
    for (size_t i = 0; i < t->items; i++)
        if (t->answer[j * t->items + i] != ANSWER_NONE) {
            sum += chance_right(right[i], a);
            n++;
        }
    return n > 0 ? sum / n : 0;
}

/* The mean grows with a, so halving finds it. */
static double bend_of(const struct answer_table *t, const double *right, size_t j)
{
    double hits = 0, n = 0, low = -BEND_LOG_MAX, high = BEND_LOG_MAX;
    for (size_t i = 0; i < t->items; i++)
        if (t->answer[j * t->items + i] != ANSWER_NONE) {
            hits += t->right[j * t->items + i];
            n++;
        }
    if (hits == 0)
        return 0;
    if (hits == n)
        return INFINITY;
    for (int k = 0; k < HALVINGS; k++) {
        double middle = (low + high) / 2;
        if (mean_chance(t, right, j, exp(middle)) < hits / n)
            low = middle;
        else
            high = middle;
    }
    return exp((low + high) / 2);
}

void answer_chances(struct arena *a, const struct answer_table *t, struct answer_chances *out)
{
    int64_t *seen = arena_array(a, int64_t, (size_t)INT16_MAX + 1);
    out->right = arena_array(a, double, t->items + 1);
    out->same = arena_array(a, double, t->items + 1);
    out->bend = arena_array(a, double, t->persons + 1);
    for (size_t i = 0; i < t->items; i++)
        count_item(t, i, seen, out);
    for (size_t j = 0; j < t->persons; j++)
        out->bend[j] = bend_of(t, out->right, j);
}

double tail_of_trials(struct arena *a, const double *chances, size_t count, size_t at_least)
{
    double *of = arena_array(a, double, count + 2), sum = 0;
    of[0] = 1;
    for (size_t i = 0; i < count; i++)
        for (size_t k = i + 2; k-- > 0;)
            of[k] = of[k] * (1 - chances[i]) + (k > 0 ? of[k - 1] * chances[i] : 0);
    for (size_t k = count + 1; k-- > at_least;)
        sum += of[k];
    return sum < 1 ? sum : 1;
}

/* --- pairs ---------------------------------------------------------------------------------------- */
struct pairing {
    struct arena *arena;
    const struct answer_table *table;
    const double *chances; /* p_ij at [j * items + i] */
    const double *same;
    double *matches; /* m_i of the items compared */
};

static void compare(const struct pairing *p, struct similar_pair *pair)
{
    const struct answer_table *t = p->table;
    double variance = 0;
    for (size_t i = 0; i < t->items; i++) {
        size_t x = pair->first * t->items + i, y = pair->second * t->items + i;
        if (t->answer[x] == ANSWER_NONE || t->answer[y] == ANSWER_NONE)
            continue;
        bool same = t->answer[x] == t->answer[y], wrong = !t->right[x] && !t->right[y];
        double m = p->chances[x] * p->chances[y] +
                   (1 - p->chances[x]) * (1 - p->chances[y]) * p->same[i];
        p->matches[pair->compared++] = m;
        pair->matches += same;
        pair->both_wrong += wrong;
        pair->same_wrong += same && wrong;
        pair->expected += m;
        variance += m * (1 - m);
    }
    pair->tail = 1;
    if ((double)pair->matches < pair->expected + SCREEN_Z * sqrt(variance))
        return;
    struct arena *own = arena_create(1 << 20);
    pair->tail = tail_of_trials(own, p->matches, pair->compared, pair->matches);
    arena_destroy(own);
}

static int by_tail(const void *x, const void *y)
{
    const struct similar_pair *a = x, *b = y;
    if (a->tail != b->tail)
        return a->tail < b->tail ? -1 : 1;
    if (a->same_wrong != b->same_wrong)
        return a->same_wrong > b->same_wrong ? -1 : 1;
    if (a->first != b->first)
        return a->first < b->first ? -1 : 1;
    return (a->second > b->second) - (a->second < b->second);
}

static size_t persons_who_answered(const struct answer_table *t)
{
    size_t n = 0;
    for (size_t j = 0; j < t->persons; j++)
        for (size_t i = 0; i < t->items; i++)
            if (t->answer[j * t->items + i] != ANSWER_NONE) {
                n++;
                break;
            }
    return n;
}

static double *all_chances(struct arena *a, const struct answer_table *t,
                           const struct answer_chances *c)
{
    double *p = arena_array(a, double, t->persons * t->items + 1);
    for (size_t j = 0; j < t->persons; j++)
        for (size_t i = 0; i < t->items; i++)
            if (t->answer[j * t->items + i] != ANSWER_NONE)
                p[j * t->items + i] = chance_right(c->right[i], c->bend[j]);
    return p;
}

static void compare_all(const struct pairing *p, const struct similar_order *o,
                        struct similar_pairs *out)
{
    size_t room = 0;
    for (size_t j = 0; j < o->table->persons; j++)
        for (size_t k = j + 1; k < o->table->persons; k++) {
            struct similar_pair pair = {
                .first = j, .second = k, .neighbours = o->near(o->ctx, j, k)};
            if (!pair.neighbours && !o->all)
                continue;
            compare(p, &pair);
            if (pair.compared < SIMILAR_ITEMS_MIN)
                continue;
            if (out->count == room) {
                size_t more = room ? room * 2 : 64;
                out->at = arena_grow(p->arena, out->at, room, more, sizeof *out->at);
                room = more;
            }
            out->at[out->count++] = pair;
        }
}

void similar_pairs(struct arena *a, const struct similar_order *order,
                   struct similar_pairs *out)
{
    const struct answer_table *t = order->table;
    struct answer_chances c;
    *out = (struct similar_pairs){.enough = persons_who_answered(t) >= SIMILAR_PERSONS_MIN};
    if (!out->enough)
        return;
    answer_chances(a, t, &c);
    struct pairing p = {a, t, all_chances(a, t, &c), c.same, arena_array(a, double, t->items)};
    compare_all(&p, order, out);
    for (size_t i = 0; i < out->count; i++)
        out->at[i].flagged = out->at[i].same_wrong > 0 &&
                             out->at[i].tail * (double)out->count <= SIMILAR_ALPHA;
    if (out->count)
        qsort(out->at, out->count, sizeof *out->at, by_tail);
}
