/* award/resit_test.c - how often somebody may try, and from when on again. */
#include "award/resit.h"

#include "base/arena.h"
#include "base/calendar.h"
#include "programme/programme.h"
#include "test/check.h"

#define D(n) ((int64_t)(n)*DAY_MS)

/* Days of results before the exam of day 400; kept for 365 days. */
void resits_are_counted_test(void)
{
    static const struct {
        const char *what;
        int64_t max;
        size_t count;
        int64_t at[4]; /* days; -1: not published yet */
        int64_t tries;
        bool refused;
        int64_t again; /* day; 0: not known */
    } cases[] = {
        {"never tried", 1, 0, {0}, 0, false, 0},
        {"the first resit", 1, 1, {100}, 1, false, 0},
        {"the second is one too many", 1, 2, {300, 100}, 2, true, 465},
        {"the order says nothing", 1, 2, {100, 300}, 2, true, 465},
        {"a year old counts no more", 1, 2, {35, 300}, 1, false, 0},
        {"a day less does", 1, 2, {36, 300}, 2, true, 401},
        {"two too many: the second must pass", 1, 3, {100, 200, 300}, 3, true, 565},
        {"no resit at all", 0, 1, {100}, 1, true, 465},
        {"not limited", -1, 4, {100, 200, 300, 350}, 4, false, 0},
        {"three allowed", 3, 4, {100, 200, 300, 350}, 4, true, 465},
        {"one to come is a try", 1, 2, {100, -1}, 2, true, 465},
        {"two to come", 1, 2, {-1, -1}, 2, true, 0},
        {"none allowed, one to come", 0, 2, {100, -1}, 2, true, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct resit_question q = {
            .keep_days = 365, .max_resits = cases[i].max, .at_ms = D(400)};
        int64_t at[4];
        for (size_t k = 0; k < cases[i].count; k++)
            at[k] = cases[i].at[k] < 0 ? RESIT_OPEN : D(cases[i].at[k]);
        struct resit_verdict v = resit_judge(at, cases[i].count, &q);
        CHECK_INT(cases[i].what, v.tries, cases[i].tries);
        CHECK_INT(cases[i].what, v.refused, cases[i].refused);
        CHECK_INT(cases[i].what, v.again_ms, D(cases[i].again));
        /* What the sentence promises is true: on that day it is no longer refused. */
        if (v.again_ms) {
            q.at_ms = v.again_ms;
            CHECK_INT(cases[i].what, resit_judge(at, cases[i].count, &q).refused, false);
            q.at_ms--;
            CHECK_INT(cases[i].what, resit_judge(at, cases[i].count, &q).refused, true);
        }
    }
}

/* Every shipped programme that limits resits says where that is printed. */
void resit_refusal_names_its_source_test(void)
{
    struct arena *a = arena_create(64 << 20);
    struct programme_set set;
    struct err e = {0};
    size_t limited = 0;
    CHECK_OK("programmes", programmes_load_embedded(a, &set, &e), &e);
    for (size_t i = 0; i < set.count; i++) {
        const struct programme *p = set.at[i];
        if (!p->resit || p->resit->max_resits < 0)
            continue;
        limited++;
        struct resit_question q = {.programme = p,
                                   .keep_days = p->resit->keep_days,
                                   .max_resits = p->resit->max_resits};
        struct resit_part part = {.component = &p->components[0],
                                  .verdict = {2, true, D(20000) - D(1) / 3}};
        struct resit_answer answer = {&part, 1, &part, resit_source(a, &q)};
        struct err no = {0};
        CHECK_REFUSED(p->id, resit_allow(&q, &answer, &no), &no, RULE, "/entry");
        CHECK("the count", strstr(no.text, "已报考 2 次"));
        CHECK("the rule as printed", strstr(no.text, p->resit->text));
        CHECK("its document", strstr(no.text, programme_source(p, a, p->resit->src)));
        CHECK("when anew", strstr(no.text, "2024-10-04"));
    }
    CHECK("some limit them", limited >= 3);
    struct resit_question ours = {.programme = set.at[0], .keep_days = 100, .max_resits = 2};
    CHECK("of the batch", strstr(resit_source(a, &ours), "本批次规定：100 天内可补考 2 次"));
    arena_destroy(a);
}
