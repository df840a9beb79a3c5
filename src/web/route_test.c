/* web/route_test.c - every row is whole, and a path finds its row. */
#include "web/route.h"

#include <string.h>

#include "base/arena.h"
#include "base/fields.h"
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

/* What the page of a room asks of its session is answered where the room is served, too. */
void room_pages_reach_a_node_test(void)
{
    static const struct {
        const char *path;
        bool at_centre, on_node;
    } cases[] = {
        {"/api/rooms/{id}", true, true},
        {"/api/sessions/{id}/violations", true, true},
        {"/api/sessions/{id}/observations", true, true},
        {"/api/sessions/{id}", true, false}, /* the plan of seats: the node has none */
        {"/api/here/rooms", false, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct route *r;
        size_t found = 0;
        for (size_t k = 0; (r = route_at(k)); k++) {
            if (strcmp(r->path, cases[i].path) != 0)
                continue;
            found++;
            CHECK_INT(r->path, route_is_here(r, false), cases[i].at_centre);
            CHECK_INT(r->path, route_is_here(r, true), cases[i].on_node);
        }
        CHECK(cases[i].path, found > 0);
    }
}

/* S17: what an invigilator does to candidates says why, or says it to them in words; what needs no reason is
 * named here with why not, so that a new act is judged by somebody. */
void room_acts_have_reasons_test(void)
{
    static const struct {
        const char *act, *member; /* NULL: none, because */
        const char *because;
    } acts[] = {
        {"admit", NULL, "the duty itself; the row names who was let in"},
        {"presence", NULL, "a fact: here, or absent"},
        {"start", NULL, "the duty itself, at its time"},
        {"pause", "reason", NULL},
        {"resume", "reason", NULL},
        {"extend", "reason", NULL},
        {"takeover", "reason", NULL},
        {"seal-code", NULL, "notes what the candidate's screen shows"},
        {"import", NULL, "a candidate's own file, by its bytes"},
        {"notice", "text", NULL},
        {"close", "reason", NULL},
        {"accept-aside", "reason", NULL},
        {"flags", "reason", NULL},
        {"flags/look", NULL, "says that somebody looked"},
        {"violations", "note", NULL},
    };
    static const char start[] = "/api/rooms/{id}/";
    const struct route *r;
    size_t known = 0;
    for (size_t i = 0; (r = route_at(i)); i++) {
        size_t k = 0, f = 0;
        if (r->method == METHOD_GET || strncmp(r->path, start, sizeof start - 1) != 0)
            continue;
        while (k < sizeof acts / sizeof *acts &&
               strcmp(acts[k].act, r->path + sizeof start - 1) != 0)
            k++;
        CHECK(r->path, k < sizeof acts / sizeof *acts);
        known++;
        if (!acts[k].member)
            continue;
        CHECK(r->path, r->fields != NULL);
        while (f < r->fields->count && strcmp(r->fields->rows[f].name, acts[k].member) != 0)
            f++;
        CHECK(r->path, f < r->fields->count);
        CHECK(r->path, r->fields->rows[f].required && r->fields->rows[f].kind == FIELD_TEXT);
        CHECK(r->path, r->fields->rows[f].min >= 1);
    }
    CHECK_INT("no other", known, sizeof acts / sizeof *acts);
}
