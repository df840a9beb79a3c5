/* programme/programme_test.c - the five programmes that ship are whole and answer questions. */
#include "programme/programme.h"

#include <jansson.h>

#include "base/arena.h"
#include "programme/fixture.h"
#include "test/check.h"

enum { ARENA_BYTES = 64 << 20 };

struct totals {
    size_t contents, skills, knowledge, leaves, clauses, courses, cells;
};

static struct totals totals_of(const struct programme *p)
{
    struct totals t = {0};
    for (size_t f = 0; f < p->function_count; f++)
        for (size_t c = 0; c < p->functions[f].content_count; c++) {
            t.contents++;
            t.skills += p->functions[f].contents[c].skill_count;
            t.knowledge += p->functions[f].contents[c].knowledge_count;
        }
    for (size_t b = 0; b < p->basic_count; b++)
        for (size_t s = 0; s < p->basic[b].section_count; s++)
            t.leaves += p->basic[b].sections[s].item_count;
    for (size_t g = 0; g < p->eligibility_count; g++)
        t.clauses += p->eligibility[g].clause_count;
    for (size_t m = 0; m < p->module_count; m++)
        t.courses += p->modules[m].course_count;
    for (size_t w = 0; w < p->weight_count; w++)
        t.cells += p->weights[w].column_count;
    return t;
}

/* clang-format off */
static const struct {
    const char *id;
    size_t levels, directions, functions, contents, skills, knowledge, leaves, clauses, courses,
        columns, occupations, terms;
} whole[] = {
    {"national-2023", 4, 5, 20, 54, 147, 155, 38, 17, 0, 22, 22, 0},
    {"ccia",          3, 0, 0, 0, 0, 0, 0, 18, 0, 0, 0, 0},
    {"nrta-operator", 1, 0, 0, 0, 0, 0, 0, 0, 20, 0, 0, 0},
    {"nrta-host",     1, 0, 0, 0, 0, 0, 0, 0, 15, 0, 0, 0},
    {"onex-530063",   3, 0, 12, 30, 122, 0, 0, 0, 0, 0, 0, 14},
};
/* clang-format on */

void programmes_are_complete_test(void)
{
    struct arena *a = arena_create(ARENA_BYTES);
    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++) {
        const char *id = whole[i].id;
        const struct programme *p = fixture_programme(a, id);
        struct totals t = totals_of(p);
        CHECK_INT(id, p->level_count, whole[i].levels);
        CHECK_INT(id, p->direction_count, whole[i].directions);
        CHECK_INT(id, p->function_count, whole[i].functions);
        CHECK_INT(id, t.contents, whole[i].contents);
        CHECK_INT(id, t.skills, whole[i].skills);
        CHECK_INT(id, t.knowledge, whole[i].knowledge);
        CHECK_INT(id, t.leaves, whole[i].leaves);
        CHECK_INT(id, t.clauses, whole[i].clauses);
        CHECK_INT(id, t.courses, whole[i].courses);
        CHECK_INT(id, t.cells, whole[i].columns);
        CHECK_INT(id, p->occupation_list_count ? p->occupations[0].item_count : 0,
                  whole[i].occupations);
        CHECK_INT(id, p->term_count, whole[i].terms);
        CHECK_INT(id, strlen(p->digest), 64);
    }
    const struct programme *n = fixture_programme(a, "national-2023");
    CHECK_INT("related majors", n->majors[0].item_count, 36);
    arena_destroy(a);
}

void programmes_are_found_test(void)
{
    static const char *const names[][2] = {
        {"national-2023", "national-2023"},
        {"4-13-01-05", "national-2023"},
        {"4-13-05-03", "national-2023"},
        {"530063", "onex-530063"},
        {"ccia", "ccia"},
        {"nrta-host", "nrta-host"},
    };
    struct arena *a = arena_create(ARENA_BYTES);
    struct err e = {0};
    struct programme_set set;
    CHECK_OK("load", programmes_load_embedded(a, &set, &e), &e);
    CHECK_INT("how many", set.count, 5);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct programme *p = programme_find(&set, names[i][0]);
        CHECK(names[i][0], p);
        CHECK_TEXT(names[i][0], p->id, names[i][1]);
        CHECK("by number", programme_by_no(&set, p->no) == p);
    }
    CHECK("no such programme", !programme_find(&set, "4-13-01-06"));
    CHECK("no such number", !programme_by_no(&set, 6));
    arena_destroy(a);
}

static const struct {
    int64_t level;
    const char *direction;
    const char *field; /* NULL = accepted */
} choices[] = {
    {4, "A", NULL},         {4, "D", NULL},          {3, "E", NULL},        {1, "E", NULL},
    {4, "E", "/direction"}, {4, NULL, "/direction"}, {4, "", "/direction"}, {5, "A", "/level"},
    {4, "F", "/direction"}, {2, "a", "/direction"},
};

void levels_and_directions_test(void)
{
    struct arena *a = arena_create(ARENA_BYTES);
    const struct programme *p = fixture_programme(a, "national-2023");
    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++) {
        struct err e = {0};
        bool ok = programme_accepts(p, choices[i].level, choices[i].direction, &e);
        CHECK_INT(choices[i].direction, ok, !choices[i].field);
        CHECK_TEXT("field", e.field, choices[i].field ? choices[i].field : "");
    }
    struct err e = {0};
    const struct programme *ccia = fixture_programme(a, "ccia");
    CHECK_OK("ccia without direction", programme_accepts(ccia, 1, NULL, &e), &e);
    CHECK_REFUSED("ccia with direction", programme_accepts(ccia, 1, "A", &e), &e, INVALID,
                  "/direction");

    const struct level *two = programme_level(p, 2);
    CHECK_TEXT("wording", two->name, "二级/技师");
    CHECK("higher contains lower", level_includes(two, 4) && level_includes(two, 2));
    CHECK("lower does not contain higher", !level_includes(two, 1));
    CHECK("530063 too", level_includes(programme_level(fixture_programme(a, "530063"), 3), 1));
    arena_destroy(a);
}

static const struct {
    const char *table, *area;
    int64_t level;
    const char *direction;
    int64_t percent;
} shares[] = {
    {"theory", "F4.2", 4, "A", 40}, {"theory", "F4.2", 4, "B", 0},
    {"theory", "F4.1", 4, "C", 15}, {"theory", "B2.1", 1, "E", 5},
    {"theory", "B2.2", 4, "D", 10}, {"theory", "F3.6", 3, "E", 40},
    {"theory", "F2.4", 2, "C", 25}, {"theory", "F1.3", 1, "A", 40},
    {"skills", "F4.1", 4, "A", 30}, {"skills", "F2.2", 2, "E", 30},
    {"skills", "B2.1", 4, "A", 0},  {"skills", "F1.1", 1, "B", 20},
    {"skills", "F4.1", 3, "A", 0},  {"theory", "F4.1", 4, "E", 0},
    {"review", "F4.1", 4, "A", 0},
};

void weights_test(void)
{
    struct arena *a = arena_create(ARENA_BYTES);
    const struct programme *p = fixture_programme(a, "national-2023");
    for (size_t i = 0; i < sizeof shares / sizeof *shares; i++)
        CHECK_INT(shares[i].area,
                  programme_weight(p, shares[i].table, shares[i].area, shares[i].level,
                                   shares[i].direction),
                  shares[i].percent);
    for (size_t d = 0; d < p->direction_count; d++)
        for (size_t l = 0; l < p->direction_count && l < p->directions[d].level_count; l++) {
            const struct weight *w;
            int64_t sum = 0;
            size_t n = programme_weights(p, a, "theory", p->directions[d].levels[l],
                                         p->directions[d].id, &w);
            for (size_t i = 0; i < n; i++)
                sum += w[i].percent;
            CHECK_INT(p->directions[d].name, sum, 100);
            CHECK_TEXT("printed order", w[0].area, "B2.1");
        }
    const struct weight *none;
    CHECK_INT("a programme without tables",
              programme_weights(fixture_programme(a, "ccia"), a, "theory", 1, NULL, &none), 0);
    arena_destroy(a);
}

/* 百分制，60 分（含）以上合格。 */
static void check_marks(const struct programme *p, size_t components)
{
    CHECK_INT(p->id, p->component_count, components);
    for (size_t i = 0; i < p->component_count; i++) {
        CHECK_INT(p->components[i].id, p->components[i].full_millimarks, 100000);
        CHECK_INT(p->components[i].id, p->components[i].pass_millimarks, 60000);
    }
}

void rules_are_read_test(void)
{
    struct arena *a = arena_create(ARENA_BYTES);
    const struct programme *n = fixture_programme(a, "national-2023");
    check_marks(n, 3);
    check_marks(fixture_programme(a, "ccia"), 1);
    const struct component *review = programme_component(n, "review");
    CHECK("review at 2 and 1", component_at_level(review, 2) && component_at_level(review, 1) &&
                                   !component_at_level(review, 3));
    CHECK_INT("theory minutes", programme_component(n, "theory")->min_minutes, 90);
    CHECK_INT("skills minutes", programme_component(n, "skills")->min_minutes, 100);
    CHECK_INT("review minutes", review->min_minutes, 20);
    const struct staffing *s = programme_staffing(n, "theory", "invigilator");
    CHECK("1:15, two a room",
          s->candidates_per_staff == 15 && s->min_staff == 2 && s->per_room);
    s = programme_staffing(n, "skills", "examiner");
    CHECK("1:5, three, odd", s->candidates_per_staff == 5 && s->min_staff == 3 && s->odd);
    s = programme_staffing(n, "review", "panel_member");
    CHECK("three, odd", s->min_staff == 3 && s->odd && !s->candidates_per_staff);
    CHECK_INT("hours", programme_hours(n, 1)->min_hours, 75);
    CHECK_INT("single choice", programme_paper(n, "theory", 4)->parts[0].count, 60);
    CHECK_INT("class", programme_certificate_class(n), CERTIFICATE_LEVEL);

    const struct programme *c = fixture_programme(a, "ccia");
    CHECK_INT("results", programme_deadline(c, "results")->days, 15);
    CHECK_INT("certificate", programme_deadline(c, "certificate")->days, 50);
    CHECK("working days", programme_deadline(c, "certificate")->working);
    CHECK_INT("resit fee", programme_fee(c, "resit")->fen, 10000);
    CHECK_INT("resits not limited", c->resit->max_resits, -1);
    CHECK_INT("class", programme_certificate_class(c), CERTIFICATE_TRAINING);

    const struct programme *o = fixture_programme(a, "nrta-operator");
    CHECK_INT("late", o->entry->late_minutes, 15);
    CHECK_INT("fee", programme_fee(o, "training")->fen, 398000);
    CHECK_INT("amount not printed", programme_fee(o, "second_certificate")->fen, -1);
    CHECK_INT("any two", o->verification->any_of, 2);
    CHECK_INT("free resit", o->resit->free_resits, 1);
    CHECK_INT("last four", programme_name_pattern(o, "work")->parts[1].last, 4);
    CHECK_TEXT("deadline", o->uploads[0].before, "17:00");
    CHECK_INT("hours of the host",
              programme_hours(fixture_programme(a, "nrta-host"), 1)->min_hours, 20);
    arena_destroy(a);
}

void points_are_found_test(void)
{
    static const char *const points[][2] = {
        {"S4.1.1.1", "F4.1"}, {"K4.1.1.1", "F4.1"}, {"K1.3.2.1", "F1.3"}, {"B2.2.6.15", "B2.2"},
        {"B2.1.1", "B2.1"},   {"B2.1.2.4", "B2.1"}, {"F4.1", NULL},       {"K9.9.9.9", NULL},
    };
    struct arena *a = arena_create(ARENA_BYTES);
    const struct programme *p = fixture_programme(a, "national-2023");
    for (size_t i = 0; i < sizeof points / sizeof *points; i++)
        CHECK_TEXT(points[i][0], programme_area_of_point(p, points[i][0]), points[i][1]);
    struct point_place at;
    CHECK("skill", programme_point(p, "S4.1.1.1", &at));
    CHECK_TEXT("word for word", at.point->text, "能搜集行业报告素材");
    CHECK_TEXT("content", at.content->name, "行业分析");
    CHECK_INT("kind", at.kind, POINT_SKILL);
    CHECK("a section without leaves", programme_point(p, "B2.1.1", &at) && !at.point);
    CHECK_TEXT("area", programme_area_name(p, "B2.2"), "基础知识");
    CHECK("no direction", function_examines(programme_function(p, "F4.2"), "A"));
    CHECK("not examined", !function_examines(programme_function(p, "F4.2"), "B"));
    arena_destroy(a);
}

void sources_are_named_test(void)
{
    struct arena *a = arena_create(ARENA_BYTES);
    const struct programme *p = fixture_programme(a, "national-2023");
    const struct staffing *s = programme_staffing(p, "theory", "invigilator");
    CHECK_TEXT("printed", programme_source(p, a, s->src),
               "《全媒体运营师国家职业标准（2023年版）》1.9.3");
    CHECK_TEXT("ours", programme_source(p, a, p->resit->src),
               "《全媒体运营师国家职业标准（2023年版）》本方案约定");
    arena_destroy(a);
}
