/* web/route_test.c - every row is whole, and a path finds its row. */
#include "web/route.h"

#include "base/arena.h"
#include "test/check.h"

void routes_are_whole_test(void)
{
    const struct route *r, *other;
    for (size_t i = 0; (r = route_at(i)); i++) {
        CHECK(r->path, r->who != MAY_NOBODY);
        CHECK(r->path, (r->handler != NULL) != (r->hot != NULL));
        CHECK(r->path, !(r->fields && r->types));
        CHECK(r->path, r->method != METHOD_GET || r->body_max == 0);
        for (size_t k = 0; k < i && (other = route_at(k)); k++)
            CHECK(r->path, other->method != r->method || strcmp(other->path, r->path) != 0);
    }
}

void route_find_cases_test(void)
{
    static const struct {
        enum method method;
        const char *path;
        enum err_code want;
    } cases[] = {
        {METHOD_GET, "/api/health", ERR_NONE},
        {METHOD_POST, "/api/health", ERR_METHOD},
        {METHOD_GET, "/api/health/", ERR_NOT_FOUND},
        {METHOD_GET, "/api/healt", ERR_NOT_FOUND},
        {METHOD_GET, "/api/../api/health", ERR_NOT_FOUND},
        {METHOD_GET, "", ERR_NOT_FOUND},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *a = arena_create(1 << 20);
        struct route_match m;
        struct err e = {0};
        bool ok = route_find(a, cases[i].method, cases[i].path, &m, &e);
        CHECK_INT(cases[i].path, e.code, cases[i].want);
        CHECK_INT(cases[i].path, ok, cases[i].want == ERR_NONE);
        arena_destroy(a);
    }
}
