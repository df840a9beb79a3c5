/* programme/programme_load_test.c - a programme file with one fault is refused at its place. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/json.h"
#include "programme/fixture.h"
#include "test/check.h"

enum { ARENA_BYTES = 64 << 20 };

static json_t *step(json_t *at, const char *name)
{
    return json_is_array(at) ? json_array_get(at, (size_t)strtoul(name, NULL, 10))
                             : json_object_get(at, name);
}

/* Puts VALUE at the JSON pointer WHERE, or removes what is there when VALUE is NULL. */
static void change(json_t *root, const char *where, json_t *value)
{
    char path[200];
    snprintf(path, sizeof path, "%s", where + 1);
    char *rest = path, *name;
    json_t *at = root;
    while ((name = strsep(&rest, "/")) && rest)
        at = step(at, name);
    CHECK(where, at != NULL);
    if (json_is_array(at)) {
        size_t i = (size_t)strtoul(name, NULL, 10);
        if (value && i < json_array_size(at))
            json_array_set(at, i, value);
        else if (value)
            json_array_append(at, value);
        else
            json_array_remove(at, i);
    } else if (value) {
        json_object_set(at, name, value);
    } else {
        json_object_del(at, name);
    }
}

/* clang-format off */
static const struct {
    const char *where, *value; /* of the change; NULL removes */
    const char *field;         /* where the fault is told */
} faults[] = {
    {"/format",      "\"other/1\"",  "/format"},
    {"/id",          "\"Na tional\"", "/id"},
    {"/no",          "0",            "/no"},
    {"/surprise",    "1",            "/surprise"},
    {"/levels",      "[]",           "/levels"},
    {"/levels/1/level", "4",         "/levels/1/level"},
    {"/levels/0/includes", "[3]",    "/levels/0/includes"},
    {"/levels/1/includes", "[9]",    "/levels/1/includes"},
    {"/directions/1/id", "\"A\"",    "/functions/0/directions"},
    {"/directions/5", "{\"id\":\"F\",\"no\":6,\"name\":\"新\",\"levels\":[4]}", "/directions/5"},
    {"/directions/4/levels", "[4,3,2,1]", "/directions/4"},
    {"/directions/4/no", "1",        "/directions/4"},
    {"/functions/0/directions", "[]", "/functions/0/directions"},
    {"/functions/0/level", "7",      "/functions/0/level"},
    {"/functions/0/contents/0/skills/1/id", "\"S4.1.1.1\"", "/functions/0/contents/0/skills/1/id"},
    {"/functions/0/contents/0/skills", "[]", "/functions/0/contents/0/skills"},
    {"/functions/0/contents/0/skills/0/text", "\"\"", "/functions/0/contents/0/skills/0/text"},
    {"/functions/1/id", "\"F4.1\"",  "/functions/1/id"},
    {"/functions/1/code", "\"4.1\"", "/functions/1/code"},
    {"/functions/0/contents/1/code", "\"4.1.1\"", "/functions/0/contents/1/code"},
    {"/functions/0/contents/0/skills/1/code", "\"4.1.1.1\"",
     "/functions/0/contents/0/skills/1/code"},
    {"/basic/1/code", "\"2.1\"",     "/basic/1/code"},
    {"/basic/0/id", "\"B2.2\"",      "/basic/1/id"},
    {"/weights/0/rows/0/cells/0/percent", "6", "/weights/0/columns/0"},
    {"/weights/1/rows/0/cells/1/percent", "29", "/weights/1/columns/4"},
    {"/weights/0/rows/2/cells/0/area", "\"F4.9\"", "/weights/0/rows/2/cells/0"},
    {"/weights/0/rows/2/cells/0/area", "\"F3.1\"", "/weights/0/rows/2/cells/0"},
    {"/weights/0/rows/3/cells/0/area", "\"F4.3\"", "/weights/0/rows/3/cells/0"},
    {"/weights/0/rows/2/cells/0/area", NULL, "/weights/0/rows/2/cells/0"},
    {"/weights/0/rows/2/cells/3", NULL, "/weights/0/rows/2/cells"},
    {"/weights/0/rows/2/cells/0/columns/0", "\"5A\"", "/weights/0/rows/2/cells/0"},
    {"/weights/0/columns/0/level", "9", "/weights/0/columns/0"},
    {"/weights/1/id", "\"theory\"",  "/weights/1/id"},
    {"/eligibility/0/clauses/0/expr", "{\"licence\":1}", "/eligibility/0/clauses/0/expr"},
    {"/eligibility/0/clauses/0/expr", "{}", "/eligibility/0/clauses/0/expr"},
    {"/eligibility/0/clauses/0/expr", "{\"any\":[]}", "/eligibility/0/clauses/0/expr/any"},
    {"/eligibility/0/clauses/0/expr", "{\"any\":[{\"all\":[{\"licence\":1}]}]}",
     "/eligibility/0/clauses/0/expr/any/0/all/0"},
    {"/eligibility/0/clauses/0/expr/scope", "\"own_or_other\"",
     "/eligibility/0/clauses/0/expr/scope"},
    {"/eligibility/0/clauses/0/expr/counting", NULL, "/eligibility/0/clauses/0/expr/counting"},
    {"/eligibility/0/clauses/0/expr/years_in_occupation_gte", "0",
     "/eligibility/0/clauses/0/expr/years_in_occupation_gte"},
    {"/eligibility/0/clauses/0/expr/after", "{\"years_in_occupation_gte\":1}",
     "/eligibility/0/clauses/0/expr/after"},
    {"/eligibility/0/clauses/1/expr/after/certificate/level_in", "[6]",
     "/eligibility/0/clauses/1/expr/after/certificate/level_in"},
    {"/eligibility/0/clauses/1/expr/title", "{\"rank_in\":[\"junior\"]}",
     "/eligibility/0/clauses/1/expr"},
    {"/eligibility/0/clauses/2/expr/education/status_in", NULL,
     "/eligibility/0/clauses/2/expr/education/status_in"},
    {"/eligibility/0/clauses/1/id", "\"E4.1\"", "/eligibility/0/clauses/1/id"},
    {"/eligibility/0/clauses/0/printed_no", "\"（一）\"", "/eligibility/0/clauses/0"},
    {"/eligibility/1/level", "4",    "/eligibility/1/level"},
    {"/teachers/0/expr", "{\"licence\":1}", "/teachers/0/expr"},
    {"/occupations/0/aliases/0/means", "\"木工\"", "/occupations/0/items"},
    {"/majors/0/items/1", "\"市场营销\"", "/majors/0/items"},
    {"/training_hours/3", NULL,      "/training_hours"},
    {"/training_hours", NULL,        "/training_hours"},
    {"/training_hours/0/min_hours", NULL, "/training_hours/0/min_hours"},
    {"/components/0/weights", "\"ethics\"", "/components/0"},
    {"/components/0/pass_millimarks", "100001", "/components/0"},
    {"/components/1/id", "\"theory\"", "/components/1"},
    {"/staffing/0/component", "\"oral\"", "/staffing/0/component"},
    {"/staffing/0/role", "\"cook\"", "/staffing/0/role"},
    {"/papers/0/parts/0/count", "59", "/papers/0"},
    {"/deadlines/1/id", "\"ticket\"", "/deadlines/1/id"},
    {"/resit",       NULL,           "/resit"},
    {"/entry",       NULL,           "/entry"},
    {"/certificate", NULL,           "/certificate"},
    {"/certificate/class", "\"diploma\"", "/certificate/class"},
    {"/certificate/class", "\"training\"", "/certificate/number_pattern"},
    {"/certificate/number_pattern", "\"Z-{serial:6}\"", "/certificate/number_pattern"},
    {"/certificate", "{\"class\":\"training\",\"name\":\"证\",\"number_pattern\":\"S{serial:6}\"}",
     "/certificate/number_pattern"},
    {"/certificate", "{\"class\":\"training\",\"name\":\"证\",\"number_pattern\":\"S-{year}\"}",
     "/certificate/number_pattern"},
    {"/certificate", "{\"class\":\"training\",\"name\":\"证\",\"number_pattern\":\"S-{day}{serial:6}\"}",
     "/certificate/number_pattern"},
    {"/verification/any_of", "2",    "/verification/any_of"},
    {"/verification/fields", "[\"name\",\"shoe\"]", "/verification/fields"},
    {"/texts/1/id",  "\"definition\"", "/texts/1/id"},
};
/* clang-format on */

void broken_programmes_are_refused_test(void)
{
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        struct arena *a = arena_create(ARENA_BYTES);
        json_t *json = fixture_file(a, "programmes/national-2023.json");
        change(json, faults[i].where,
               faults[i].value ? fixture_json(a, faults[i].value) : NULL);
        char *text = json_dumps(json, 0);
        struct err e = {0};
        const struct programme *p = programme_load(a, "x.json", text, strlen(text), &e);
        free(text);
        CHECK(faults[i].where, p == NULL);
        CHECK_TEXT(faults[i].where, e.field, faults[i].field);
        CHECK("the file is named", strncmp(e.text, "x.json：", strlen("x.json：")) == 0);
        arena_destroy(a);
    }
    struct arena *a = arena_create(ARENA_BYTES);
    struct err e = {0};
    CHECK("not JSON", !programme_load(a, "x.json", "{", 1, &e));
    arena_destroy(a);
}

void two_programmes_share_nothing_test(void)
{
    static const char *const clashes[][3] = {
        {"/id", "\"ccia\"", "/id"},
        {"/id", "\"530063\"", "/id"},
        {"/no", "5", "/no"},
        {"/aliases/0", "\"530063\"", "/aliases/0"},
        {"/aliases/1", "\"nrta-host\"", "/aliases/1"},
    };
    struct arena *a = arena_create(ARENA_BYTES);
    struct err e = {0};
    struct programme_set set;
    CHECK_OK("load", programmes_load_embedded(a, &set, &e), &e);
    struct programme_set others = {set.at + 1, set.count - 1}; /* all but the national one */
    for (size_t i = 0; i < sizeof clashes / sizeof *clashes; i++) {
        json_t *json = fixture_file(a, "programmes/national-2023.json");
        change(json, clashes[i][0], fixture_json(a, clashes[i][1]));
        char *text = json_dumps(json, 0);
        struct err why = {0};
        const struct programme *p = programme_load(a, "x.json", text, strlen(text), &why);
        free(text);
        CHECK_OK(clashes[i][1], p != NULL, &why);
        CHECK_REFUSED(clashes[i][1], programme_fits(&others, p, &why), &why, INVALID,
                      clashes[i][2]);
    }
    CHECK_OK("no clash", programme_fits(&others, set.at[0], &e), &e);
    arena_destroy(a);
}
