/* programme/facts_test.c - facts that cannot be are refused at their place; names are resolved. */
#include "programme/facts.h"

#include <jansson.h>

#include "base/arena.h"
#include "programme/fixture.h"
#include "programme/names.h"
#include "test/check.h"

enum { ARENA_BYTES = 64 << 20 };

/* clang-format off */
static const struct {
    const char *facts, *field;
} refused[] = {
    {"[]", ""},
    {"{\"job\":[]}", "/job"},
    {"{\"as_of\":\"2024-02-30\"}", "/as_of"},
    {"{\"as_of\":\"2024-7-1\"}", "/as_of"},
    {"{\"as_of\":\"1899-12-31\"}", "/as_of"},
    {"{\"work\":{}}", "/work"},
    {"{\"work\":[{\"from\":\"2020-01-01\"}]}", "/work/0"},
    {"{\"work\":[{\"scope\":\"own\"}]}", "/work/0/from"},
    {"{\"work\":[{\"scope\":\"own_or_related\",\"from\":\"2020-01-01\"}]}", "/work/0/scope"},
    {"{\"work\":[{\"scope\":\"own\",\"from\":\"2020-01-01\",\"to\":\"2019-12-31\"}]}", "/work/0/to"},
    {"{\"work\":[{\"scope\":\"own\",\"from\":20200101}]}", "/work/0/from"},
    {"{\"work\":[{\"scope\":\"own\",\"from\":\"2020-01-01\",\"evidence\":\"maybe\"}]}",
     "/work/0/evidence"},
    {"{\"work\":[{\"scope\":\"own\",\"from\":\"2020-01-01\",\"salary\":1}]}", "/work/0/salary"},
    {"{\"certificates\":[{\"scope\":\"own\",\"level\":4}]}", "/certificates/0/issued"},
    {"{\"certificates\":[{\"scope\":\"own\",\"level\":6,\"issued\":\"2020-01-01\"}]}",
     "/certificates/0/level"},
    {"{\"certificates\":[{\"scope\":\"own\",\"level\":\"4\",\"issued\":\"2020-01-01\"}]}",
     "/certificates/0/level"},
    {"{\"certificates\":[{\"scope\":\"related_field\",\"issued\":\"2020-01-01\"}]}",
     "/certificates/0/scope"},
    {"{\"certificates\":[{\"grade\":\"high\",\"issued\":\"2020-01-01\"}]}", "/certificates/0/grade"},
    {"{\"titles\":[{\"specialty\":\"matched\",\"awarded\":\"2020-01-01\"}]}", "/titles/0/rank"},
    {"{\"titles\":[{\"rank\":\"junior\"}]}", "/titles/0/awarded"},
    {"{\"education\":[{\"attainment\":\"doctor\"}]}", "/education/0/attainment"},
    {"{\"education\":[{\"status\":\"left\"}]}", "/education/0/status"},
    {"{\"education\":[{\"date\":\"2200-01-01\"}]}", "/education/0/date"},
    {"{\"education\":[{\"evaluated\":\"yes\"}]}", "/education/0/evaluated"},
};
/* clang-format on */

void facts_are_refused_test(void)
{
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct arena *a = arena_create(ARENA_BYTES);
        struct facts f;
        struct err e = {0};
        CHECK_REFUSED(refused[i].facts,
                      facts_read(a, fixture_json(a, refused[i].facts), &f, &e), &e, INVALID,
                      refused[i].field);
        CHECK("a sentence", *e.text);
        arena_destroy(a);
    }
}

static const struct {
    const char *programme, *name, *scope;
    bool major;
} named[] = {
    {"national-2023", "全媒体运营师", "own", false},
    {"national-2023", "电子商务师", "related", false},
    {"national-2023", " 电子 商务师　", "related", false},
    {"national-2023", "跨境电子商务师", "related", false}, /* alias */
    {"national-2023", "选品员", "related", false},         /* alias */
    {"national-2023", "电子商务", "other", false},
    {"national-2023", "电子商务师傅", "other", false},
    {"national-2023", "电工", "other", false},
    {"ccia", "全媒体运营师", "own", false},
    {"ccia", "电子商务师", "other", false}, /* the CCIA prints no list */
    {"nrta-host", "网络视听主播", "own", false},
    {"nrta-host", "全媒体运营师", "other", false},
    {"national-2023", "市场营销", "related", true},
    {"national-2023", "市场营销专业", "related", true},
    {"national-2023", "市场营销 专业", "related", true},
    {"national-2023", "市场营销学", "other", true},
    {"national-2023", "own", "own", true},
    {"national-2023", "护理", "other", true},
    {"onex-530063", "茶艺与茶营销", "related", true},
    {"onex-530063", "媒体营销", "related", true},
    {"onex-530063", "人力资源管理", "other", true},
};

void names_are_resolved_test(void)
{
    struct arena *a = arena_create(ARENA_BYTES);
    for (size_t i = 0; i < sizeof named / sizeof *named; i++) {
        const struct programme *p = fixture_programme(a, named[i].programme);
        CHECK_TEXT(named[i].name,
                   named[i].major ? major_scope(p, named[i].name)
                                  : occupation_scope(p, named[i].name),
                   named[i].scope);
    }
    arena_destroy(a);
}
