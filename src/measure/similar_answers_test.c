/* measure/similar_answers_test.c - chances against hand calculation; nobody is flagged among people who
 * answer by themselves, and one who copied is. */
#include "measure/similar_answers.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "test/check.h"

static double draw(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (double)(*state >> 33) / 2147483648.0;
}

void similar_chances_test(void)
{
    struct arena *a = arena_create(1 << 20);
    const double trials[] = {0.5, 0.2, 0.9};
    CHECK_NEAR("sqrt(1 - 1/4)", chance_right(0.5, 2), sqrt(0.75), 1e-12);
    CHECK_NEAR("(1 - sqrt(1/2))^2", chance_right(0.5, 0.5), 0.0857864376269, 1e-12);
    CHECK_NEAR("as the others", chance_right(0.37, 1), 0.37, 1e-12);
    CHECK_NEAR("nobody could", chance_right(0, 3), 0, 0);
    CHECK_NEAR("everybody could", chance_right(1, 0.2), 1, 0);
    /* by hand: all three 0.09; exactly two 0.5*0.2*0.1 + 0.5*0.8*0.9 + 0.5*0.2*0.9 = 0.46 */
    CHECK_NEAR("three of three", tail_of_trials(a, trials, 3, 3), 0.09, 1e-12);
    CHECK_NEAR("two of three", tail_of_trials(a, trials, 3, 2), 0.55, 1e-12);
    CHECK_NEAR("none at least", tail_of_trials(a, trials, 3, 0), 1, 1e-12);
    CHECK_NEAR("four of three", tail_of_trials(a, trials, 3, 4), 0, 0);
    arena_destroy(a);
}

/* Four persons, two items. Item 1: right, right, wrong 1, wrong 2; item 2: right, wrong 1, wrong 1, blank. */
void similar_shares_test(void)
{
    struct arena *a = arena_create(8 << 20);
    const int16_t answer[] = {0, 0, 0, 1, 1, 1, 2, ANSWER_NONE};
    const bool right[] = {true, true, true, false, false, false, false, false};
    const struct answer_table t = {4, 2, answer, right};
    struct answer_chances c;
    answer_chances(a, &t, &c);
    CHECK_NEAR("half were right", c.right[0], 0.5, 1e-12);
    CHECK_NEAR("two wrong answers, each half", c.same[0], 0.5, 1e-12);
    CHECK_NEAR("a third", c.right[1], 1.0 / 3, 1e-12);
    CHECK_NEAR("one wrong answer", c.same[1], 1, 1e-12);
    CHECK("all right", isinf(c.bend[0]));
    CHECK_NEAR("none right", c.bend[2], 0, 0);
    CHECK_NEAR("the mean is the person's own share",
               (chance_right(0.5, c.bend[1]) + chance_right(1.0 / 3, c.bend[1])) / 2, 0.5,
               1e-9);
    arena_destroy(a);
}

enum { PERSONS = 60, ITEMS = 60, OPTIONS = 4 };

struct class
{
    int16_t answer[PERSONS * ITEMS];
    bool right[PERSONS * ITEMS];
};

static double logistic(double x)
{
    return 1 / (1 + exp(-x));
}

/* Everybody answers alone; a wrong answer is one of three, the first three times as likely. */
static void answer_alone(struct class *c, uint64_t seed)
{
    uint64_t state = seed;
    for (size_t j = 0; j < PERSONS; j++) {
        double ability = 3 * draw(&state) - 1;
        for (size_t i = 0; i < ITEMS; i++) {
            double hard = 3.0 * (double)i / ITEMS - 1.5, t = draw(&state);
            bool right = draw(&state) < logistic(ability - hard);
            c->right[j * ITEMS + i] = right;
            c->answer[j * ITEMS + i] = (int16_t)(right ? 0 : t < 0.6 ? 1 : t < 0.8 ? 2 : 3);
        }
    }
}

/* FROM has SHARE of all answers of TO. */
static void copy_answers(struct class *c, size_t from, size_t to, double share)
{
    uint64_t state = 5;
    for (size_t i = 0; i < ITEMS; i++)
        if (draw(&state) < share) {
            c->answer[to * ITEMS + i] = c->answer[from * ITEMS + i];
            c->right[to * ITEMS + i] = c->right[from * ITEMS + i];
        }
}

static bool sit_side_by_side(const void *ctx, size_t first, size_t second)
{
    (void)ctx;
    return second == first + 1;
}

static void pairs_of(struct arena *a, const struct class *c, bool all,
                     struct similar_pairs *out)
{
    const struct answer_table t = {PERSONS, ITEMS, c->answer, c->right};
    const struct similar_order o = {&t, sit_side_by_side, NULL, all};
    similar_pairs(a, &o, out);
}

static size_t flagged(const struct similar_pairs *p)
{
    size_t n = 0;
    for (size_t i = 0; i < p->count; i++)
        n += p->at[i].flagged;
    return n;
}

/* Twenty sittings without copying: 35,400 pairs. As many tails below 0.01 as 0.01 allows, no flags. */
void similar_alone_test(void)
{
    size_t below = 0, pairs = 0, flags = 0;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct arena *a = arena_create(64 << 20);
        struct class *c = arena_new(a, struct class);
        struct similar_pairs p;
        answer_alone(c, seed);
        pairs_of(a, c, true, &p);
        pairs += p.count;
        flags += flagged(&p);
        for (size_t i = 0; i < p.count; i++)
            below += p.at[i].tail <= 0.01;
        arena_destroy(a);
    }
    CHECK_INT("all pairs", pairs, 20 * PERSONS * (PERSONS - 1) / 2);
    CHECK_INT("nobody is flagged", flags, 0);
    CHECK("not more than chance has", below <= pairs / 100);
    CHECK("but not blind", below >= pairs / 2000);
}

void similar_copied_test(void)
{
    struct arena *a = arena_create(64 << 20);
    struct class *c = arena_new(a, struct class);
    struct similar_pairs near, all;
    answer_alone(c, 3);
    copy_answers(c, 44, 45, 0.8);
    copy_answers(c, 2, 50, 0.9);
    pairs_of(a, c, false, &near);
    CHECK_INT("neighbours", near.count, PERSONS - 1);
    CHECK_INT("one flag", flagged(&near), 1);
    CHECK_INT("of the one", near.at[0].first, 44);
    CHECK_INT("and the other", near.at[0].second, 45);
    CHECK("far more than expected", (double)near.at[0].matches > near.at[0].expected + 8);
    CHECK("wrong together",
          near.at[0].same_wrong > 5 && near.at[0].same_wrong <= near.at[0].both_wrong);
    pairs_of(a, c, true, &all);
    CHECK_INT("two flags", flagged(&all), 2);
    CHECK("the far pair too", all.at[0].flagged && all.at[1].flagged);
    CHECK_INT("which are no neighbours", all.at[0].neighbours + all.at[1].neighbours, 1);
    arena_destroy(a);
}

/* Two who know everything agree in everything, and there is nothing in it. */
void similar_masters_test(void)
{
    struct arena *a = arena_create(64 << 20);
    struct class *c = arena_new(a, struct class);
    struct similar_pairs p;
    answer_alone(c, 9);
    for (size_t i = 0; i < 2 * ITEMS; i++) {
        c->answer[i] = 0;
        c->right[i] = true;
    }
    pairs_of(a, c, false, &p);
    CHECK_INT("no flag", flagged(&p), 0);
    const struct answer_table few = {SIMILAR_PERSONS_MIN - 1, ITEMS, c->answer, c->right};
    const struct similar_order o = {&few, sit_side_by_side, NULL, true};
    similar_pairs(a, &o, &p);
    CHECK("too few to say anything", !p.enough && p.count == 0);
    arena_destroy(a);
}
