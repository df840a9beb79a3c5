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
static bool pointer_resolves(const json_t *at, char *path)
{
    char *rest = path, *name;
    strsep(&rest, "/");
    while (at && (name = strsep(&rest, "/")))
        if (*name)
            at = json_is_array(at) ? json_array_get(at, (size_t)strtoul(name, NULL, 10))
                                   : json_object_get(at, name);
    return at;
}

static void check_place(struct arena *a, const struct requirement *r)
{
    char *path = arena_text(a, r->where);
    const char *file = strsep(&path, "#");
    if (strncmp(file, "data/programmes/", 16) != 0)
        return;
    CHECK(r->id, path != NULL);
    path[strcspn(path, " ")] = '\0';
    CHECK(r->id, pointer_resolves(fixture_file(a, file + strlen("data/")), path));
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
