/* measure/raters_test.c - severity, agreement and drift of raters whose leanings are known. */
#include "measure/raters.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "test/check.h"

static struct id numbered(unsigned char kind, size_t n)
{
    struct id id = {{0}};
    id.bytes[0] = kind;
    id.bytes[1] = (unsigned char)(n + 1);
    return id;
}

enum { WORKS = 40, RATERS = 3 };
static const char *const names[RATERS] = {"乙", "甲", "丙"};

/* Rater 1 takes a tenth off everything; rater 2 starts as the first and ends a fifth above. */
static size_t panel(struct rating *out)
{
    size_t n = 0;
    for (size_t w = 0; w < WORKS; w++) {
        double worth = 0.3 + 0.01 * (double)((w * 7) % WORKS);
        const double shares[RATERS] = {worth, worth - 0.1,
                                       worth + 0.2 * (double)(w >= WORKS / 2)};
        for (size_t r = 0; r < RATERS; r++)
            out[n++] = (struct rating){numbered(1, w), numbered(2, r), names[r], shares[r],
                                       (int64_t)w};
    }
    return n;
}

static const struct rater_report *named(const struct ratings_report *r, const char *name)
{
    for (size_t i = 0; i < r->count; i++)
        if (strcmp(r->raters[i].name, name) == 0)
            return &r->raters[i];
    return NULL;
}

void raters_beside_each_other_test(void)
{
    struct arena *a = arena_create(1 << 20);
    struct rating ratings[WORKS * RATERS];
    struct ratings_report got;
    struct err e = {0};
    CHECK_OK("report", raters_report(a, ratings, panel(ratings), &got, &e), &e);
    const struct rater_report *strict = named(&got, "甲"), *drifting = named(&got, "丙");
    CHECK_INT("raters", got.count, RATERS);
    CHECK_INT("works", got.works, WORKS);
    /* The others of the strict one: worth and worth + 0.1 on average, less worth - 0.1. */
    CHECK_NEAR("strict", strict->severity, 0.15, 1e-12);
    CHECK_NEAR("at first", strict->span[0], 0.1, 1e-12);
    CHECK_NEAR("at last", strict->span[3], 0.2, 1e-12);
    CHECK_NEAR("mild at first", drifting->span[0], -0.05, 1e-12);
    CHECK_NEAR("milder at last", drifting->span[3], -0.25, 1e-12);
    CHECK("logits in the same order", strict->logit > named(&got, "乙")->logit &&
                                          named(&got, "乙")->logit > drifting->logit);
    CHECK("one person less sure than three", got.icc_single < got.icc_mean);
    CHECK("between 0 and 1", got.icc_single > 0 && got.icc_mean < 1);
    arena_destroy(a);
}

void raters_alone_test(void)
{
    struct arena *a = arena_create(1 << 20);
    struct ratings_report got;
    struct err e = {0};
    const struct rating alone[] = {{numbered(1, 0), numbered(2, 0), "甲", 0.5, 1},
                                   {numbered(1, 1), numbered(2, 1), "乙", 0.7, 2}};
    CHECK_OK("none", raters_report(a, NULL, 0, &got, &e), &e);
    CHECK_INT("nobody", got.count, 0);
    CHECK_OK("alone", raters_report(a, alone, 2, &got, &e), &e);
    CHECK_INT("two", got.count, 2);
    CHECK("nothing to compare", isnan(got.raters[0].severity) && isnan(got.raters[0].logit) &&
                                    isnan(got.icc_single) && got.raters[0].shared == 0);
    arena_destroy(a);
}
