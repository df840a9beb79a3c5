/* marking/rubric_test.c - every rubric of every programme adds up to full marks. */
#include "marking/rubric.h"

#include "base/arena.h"
#include "base/json.h"
#include "programme/programme.h"
#include "test/check.h"

static void check_one(struct arena *a, const struct programme *p, const struct component *c,
                      int64_t level, const char *direction)
{
    struct err e = {0};
    struct rubric r;
    int64_t sum = 0;
    CHECK_OK(p->id, rubric_make(a, p, c->id, level, direction, &r, &e), &e);
    for (size_t i = 0; i < r.count; i++) {
        sum += r.points[i].full_millimarks;
        for (size_t k = 0; k < i; k++)
            CHECK("ids differ", strcmp(r.points[k].id, r.points[i].id) != 0);
    }
    CHECK_INT(p->id, sum, c->full_millimarks);
}

void rubric_adds_up_test(void)
{
    struct arena *a = arena_create((size_t)256 << 20);
    struct err e = {0};
    struct programme_set set;
    int tried = 0;
    CHECK_OK("programmes", programmes_load_embedded(a, &set, &e), &e);
    for (size_t i = 0; i < set.count; i++) {
        const struct programme *p = set.at[i];
        for (size_t k = 0; k < p->component_count; k++)
            for (size_t l = 0; l < p->level_count; l++) {
                int64_t level = p->levels[l].level;
                if (!component_at_level(&p->components[k], level))
                    continue;
                for (size_t d = 0; d < p->direction_count; d++)
                    if (direction_has_level(&p->directions[d], level)) {
                        check_one(a, p, &p->components[k], level, p->directions[d].id);
                        tried++;
                    }
                if (p->direction_count == 0) {
                    check_one(a, p, &p->components[k], level, "");
                    tried++;
                }
            }
    }
    CHECK("some were tried", tried > 20);
    arena_destroy(a);
}

void rubric_sum_refuses_test(void)
{
    struct arena *a = arena_create((size_t)256 << 20);
    struct err e = {0};
    struct programme_set set;
    struct rubric r;
    int64_t total;
    CHECK_OK("programmes", programmes_load_embedded(a, &set, &e), &e);
    const struct programme *p = programme_find(&set, "national-2023");
    CHECK_OK("rubric", rubric_make(a, p, "skills", 4, "A", &r, &e), &e);
    static const struct {
        const char *scores, *field;
        bool complete;
    } cases[] = {
        {"{\"W9.9.9\":1}", "/scores/W9.9.9", false},
        {"{\"W4.1.1\":-1}", "/scores/W4.1.1", false},
        {"{\"W4.1.1\":100001}", "/scores/W4.1.1", false},
        {"{\"W4.1.1\":1.5}", "/scores/W4.1.1", false},
        {"{\"W4.1.1\":1}", "/scores/W4.1.2", true},
        {"[]", "/scores", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err why = {0};
        json_t *v = json_read(a, cases[i].scores, strlen(cases[i].scores), &why);
        CHECK_REFUSED(cases[i].scores, rubric_sum(&r, v, cases[i].complete, &total, &why), &why,
                      INVALID, cases[i].field);
    }
    struct err none = {0};
    json_t *v = json_read(a, "{\"W4.1.1\":1000,\"W4.1.2\":500}", 28, &none);
    CHECK_OK("a draft", rubric_sum(&r, v, false, &total, &none), &none);
    CHECK_INT("sum", total, 1500);
    arena_destroy(a);
}
