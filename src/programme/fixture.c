/* programme/fixture.c - what several tests of this folder begin with. */
#include "programme/fixture.h"

#include <string.h>

#include "base/arena.h"
#include "base/embed.h"
#include "base/json.h"
#include "test/check.h"

const struct programme *fixture_programme(struct arena *a, const char *id)
{
    struct err e = {0};
    struct programme_set set;
    CHECK_OK(id, programmes_load_embedded(a, &set, &e), &e);
    const struct programme *p = programme_find(&set, id);
    CHECK(id, p != NULL);
    return p;
}

struct json_t *fixture_json(struct arena *a, const char *text)
{
    struct err e = {0};
    json_t *v = json_read(a, text, strlen(text), &e);
    CHECK_OK(text, v != NULL, &e);
    return v;
}

struct json_t *fixture_file(struct arena *a, const char *name)
{
    struct err e = {0};
    const struct embedded *f = embedded_find(name);
    CHECK(name, f != NULL);
    json_t *v = json_read(a, f->bytes, f->len, &e);
    CHECK_OK(name, v != NULL, &e);
    return v;
}

enum verdict fixture_verdict(const char *name)
{
    for (enum verdict v = NOT_MET; v <= MET; v++)
        if (strcmp(verdict_name(v), name) == 0)
            return v;
    bool is_a_verdict = false;
    CHECK(name, is_a_verdict);
    return NOT_MET;
}
