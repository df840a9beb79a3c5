/* programme/requirements_test.c - every requirement has its line, and its place is there. */
#include "programme/requirements.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/embed.h"
#include "programme/fixture.h"
#include "test/check.h"

/* "/eligibility/0" in JSON; a pointer with a remark in brackets is for people. */
static const json_t *pointer_resolves(const json_t *at, char *path)
{
    char *rest = path, *name;
    strsep(&rest, "/");
    while (at && (name = strsep(&rest, "/")))
        if (*name)
            at = json_is_array(at) ? json_array_get(at, (size_t)strtoul(name, NULL, 10))
                                   : json_object_get(at, name);
    return at;
}

/* Rows of one file stand together: it is read anew only where another begins, and is there until then. */
static json_t *file_of(const struct requirement *r)
{
    static struct arena *held;
    static const char *name;
    static json_t *file;
    size_t len = strcspn(r->where, "#");
    if (!held || strlen(name) != len || strncmp(name, r->where, len) != 0) {
        if (held)
            arena_destroy(held);
        held = arena_create(16 << 20);
        name = arena_copy(held, r->where, len);
        file = fixture_file(held, name + strlen("data/"));
    }
    return file;
}

static void check_place(struct arena *a, const struct requirement *r)
{
    char *path = arena_text(a, r->where);
    const char *file = strsep(&path, "#");
    if (strncmp(file, "data/programmes/", 16) != 0)
        return;
    CHECK(r->id, path != NULL);
    path[strcspn(path, " ")] = '\0';
    const json_t *place = pointer_resolves(file_of(r), path);
    CHECK(r->id, place);
    CHECK(r->id, json_is_string(place)   ? *json_string_value(place)
                 : json_is_object(place) ? json_object_size(place) > 0
                 : json_is_array(place)  ? json_array_size(place) > 0
                                         : true);
}

void every_requirement_has_a_line_test(void)
{
    struct arena *a = arena_create(64 << 20);
    const struct requirement *rows;
    struct err e = {0};
    size_t n;
    CHECK_OK("read", requirements_read(a, &rows, &n, &e), &e);
    CHECK_INT("rows", n, 801);
    for (size_t i = 0; i < n; i++) {
        struct arena *one = arena_create(16 << 20);
        CHECK_TEXT("in order", rows[i].id, arena_printf(one, "R-%03zu", i + 1));
        CHECK(rows[i].id, *rows[i].text && *rows[i].theme);
        if (rows[i].state != REQUIREMENT_LATER) {
            CHECK(rows[i].id, *rows[i].where && *rows[i].test);
            check_place(one, &rows[i]);
        }
        arena_destroy(one);
    }
    arena_destroy(a);
}

/* --- what a line counts is what its place holds ------------------------------------------------- */
/* The sums over the contents of a function. */
static size_t counted(const json_t *function, const char *what)
{
    size_t i, n = 0;
    json_t *content;
    json_array_foreach(json_object_get(function, "contents"), i, content)
        n += json_array_size(json_object_get(content, what));
    return n;
}

/* "F4.1: level 4, directions ABCD; 2 work contents, 6 skill and 6 knowledge requirements." */
static bool function_holds(struct arena *a, const struct requirement *r)
{
    char id[16], letters[8];
    int level, contents, skills, knowledge;
    if (sscanf(r->text,
               "%15[^:]: level %d, directions %7[A-E]; %d work contents, %d skill and %d "
               "knowledge",
               id, &level, letters, &contents, &skills, &knowledge) != 6)
        return false;
    const json_t *f = pointer_resolves(file_of(r), arena_text(a, strchr(r->where, '#') + 1));
    const json_t *directions = json_object_get(f, "directions");
    CHECK_TEXT(r->id, json_string_value(json_object_get(f, "id")), id);
    CHECK_INT(r->id, json_integer_value(json_object_get(f, "level")), level);
    CHECK_INT(r->id, json_array_size(json_object_get(f, "contents")), contents);
    CHECK_INT(r->id, counted(f, "skills"), skills);
    CHECK_INT(r->id, counted(f, "knowledge"), knowledge);
    CHECK_INT(r->id, json_array_size(directions), strlen(letters));
    for (size_t i = 0; letters[i]; i++)
        CHECK_INT(r->id, *json_string_value(json_array_get(directions, i)), letters[i]);
    return true;
}

/* "XA1.1: 初级, 3 task(s), 10 skills." */
static bool area_holds(struct arena *a, const struct requirement *r)
{
    char id[16], level[16];
    int tasks, skills;
    if (sscanf(r->text, "%15[^:]: %15[^,], %d task(s), %d skills", id, level, &tasks,
               &skills) != 4)
        return false;
    json_t *p = file_of(r);
    const json_t *f = pointer_resolves(p, arena_text(a, strchr(r->where, '#') + 1)), *of;
    size_t at = (size_t)json_integer_value(json_object_get(f, "level")) - 1;
    CHECK_TEXT(r->id, json_string_value(json_object_get(f, "id")), id);
    CHECK_INT(r->id, json_array_size(json_object_get(f, "contents")), tasks);
    CHECK_INT(r->id, counted(f, "skills"), skills);
    of = json_array_get(json_object_get(p, "levels"), at);
    CHECK(r->id, strstr(json_string_value(json_object_get(of, "name")), level));
    return true;
}

/* "Level 4, direction A: examine functions 1, 2, 6." */
static bool direction_holds(struct arena *a, const struct requirement *r)
{
    char direction[2];
    const char *want = strstr(r->text, "functions "), *got = "functions ";
    int level;
    size_t i;
    json_t *f;
    if (!want ||
        sscanf(r->text, "Level %d, direction %1[A-E]: examine", &level, direction) != 2)
        return false;
    json_array_foreach(json_object_get(file_of(r), "functions"), i, f)
    {
        size_t k;
        json_t *one;
        if (json_integer_value(json_object_get(f, "level")) != level)
            continue;
        json_array_foreach(json_object_get(f, "directions"), k,
                           one) if (*json_string_value(one) == *direction)
            got = arena_printf(
                a, "%s%.*s, ", got,
                (int)strcspn(json_string_value(json_object_get(f, "printed_code")), "."),
                json_string_value(json_object_get(f, "printed_code")));
    }
    CHECK_TEXT(r->id, arena_printf(a, "%.*s.", (int)strlen(got) - 2, got), want);
    return true;
}

/* "Glossary: 自媒体 (3.1)." */
static bool term_holds(struct arena *a, const struct requirement *r)
{
    char name[40], code[8];
    if (sscanf(r->text, "Glossary: %39[^ ] (%7[0-9.])", name, code) != 2)
        return false;
    const json_t *t = pointer_resolves(file_of(r), arena_text(a, strchr(r->where, '#') + 1));
    CHECK_TEXT(r->id, json_string_value(json_object_get(t, "name")), name);
    CHECK_TEXT(r->id, json_string_value(json_object_get(t, "printed_code")), code);
    CHECK(r->id, *json_string_value(json_object_get(t, "text")));
    return true;
}

/* "…, secondary vocational (13 names).": the list is named in brackets behind the place. */
static bool majors_hold(struct arena *a, const struct requirement *r)
{
    const char *names = strrchr(r->text, '('), *list = strrchr(r->where, '(');
    int count;
    size_t i, found = 0;
    json_t *m;
    if (strncmp(r->text, "Suitable majors", 15) != 0 || !names || !list ||
        sscanf(names, "(%d names)", &count) != 1)
        return false;
    const char *id = arena_copy(a, list + 1, strcspn(list + 1, ")"));
    json_array_foreach(json_object_get(file_of(r), "majors"), i,
                       m) if (strcmp(json_string_value(json_object_get(m, "id")), id) == 0)
        found = json_array_size(json_object_get(m, "items"));
    CHECK_INT(r->id, found, count);
    return true;
}

void requirements_count_what_is_there_test(void)
{
    struct arena *a = arena_create(64 << 20);
    const struct requirement *rows;
    struct err e = {0};
    size_t n, held = 0;
    CHECK_OK("read", requirements_read(a, &rows, &n, &e), &e);
    for (size_t i = 0; i < n; i++) {
        struct arena *one = arena_create(16 << 20);
        bool whole = strcmp(rows[i].theme, "STD") == 0 || strcmp(rows[i].theme, "ENR") == 0;
        held += whole && (function_holds(one, &rows[i]) || area_holds(one, &rows[i]) ||
                          direction_holds(one, &rows[i]) || term_holds(one, &rows[i]) ||
                          majors_hold(one, &rows[i]));
        arena_destroy(one);
    }
    CHECK_INT("lines that count", held, 20 + 12 + 9 + 14 + 6);
    arena_destroy(a);
}
