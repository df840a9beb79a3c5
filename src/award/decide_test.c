/* award/decide_test.c - who has passed. */
#include "award/decide.h"

#include "test/check.h"

void component_decisions_test(void)
{
    static const struct {
        const char *what;
        struct component_fact fact;
        struct component_verdict want;
    } cases[] = {
        {"exactly at the pass mark",
         {.millimarks = 60000, .pass_millimarks = 60000},
         {RESULT_MARKED, 60000, true}},
        {"one thousandth below",
         {.millimarks = 59999, .pass_millimarks = 60000},
         {RESULT_MARKED, 59999, false}},
        {"never came", {.absent = true, .pass_millimarks = 60000}, {RESULT_ABSENT, 0, false}},
        {"passed before, not sat again",
         {.absent = true, .kept = true, .kept_millimarks = 71000, .pass_millimarks = 60000},
         {RESULT_KEPT, 71000, true}},
        {"passed before, failed again",
         {.millimarks = 40000,
          .kept = true,
          .kept_millimarks = 71000,
          .pass_millimarks = 60000},
         {RESULT_KEPT, 71000, true}},
        {"passed before, better now",
         {.millimarks = 80000,
          .kept = true,
          .kept_millimarks = 71000,
          .pass_millimarks = 60000},
         {RESULT_MARKED, 80000, true}},
        {"a violation voids full marks",
         {.millimarks = 100000, .void_by_violation = true, .pass_millimarks = 60000},
         {RESULT_VOID, 0, false}},
        {"a violation voids what was kept",
         {.kept = true,
          .kept_millimarks = 71000,
          .void_by_violation = true,
          .pass_millimarks = 60000},
         {RESULT_VOID, 0, false}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct component_verdict v = decide_component(&cases[i].fact);
        CHECK_TEXT(cases[i].what, result_kind_name(v.kind),
                   result_kind_name(cases[i].want.kind));
        CHECK_INT(cases[i].what, v.millimarks, cases[i].want.millimarks);
        CHECK_INT(cases[i].what, v.passed, cases[i].want.passed);
    }
}

/* Every combination of up to three components. */
void all_components_must_pass_test(void)
{
    for (unsigned bits = 0; bits < 8; bits++)
        for (size_t n = 0; n <= 3; n++) {
            struct component_verdict v[3];
            bool all = n > 0;
            for (size_t i = 0; i < n; i++) {
                v[i] = (struct component_verdict){RESULT_MARKED, 0, bits >> i & 1};
                all = all && v[i].passed;
            }
            CHECK_INT("all of them", decide_all(v, n), all);
        }
}

void violation_scopes_test(void)
{
    CHECK_INT("none", violation_scope(NULL), VOID_NOTHING);
    CHECK_INT("one subject", violation_scope("subject_void"), VOID_COMPONENT);
    CHECK_INT("all subjects", violation_scope("all_void_5y"), VOID_ALL);
    CHECK_INT("a code of tomorrow", violation_scope("something_new"), VOID_COMPONENT);
}
