/* marking/typed_rules_test.c - letters of a print, differences, and what counts over a journal. */
#include "marking/typed_rules.h"

#include "base/arena.h"
#include "base/json.h"
#include "sitting/fold.h"
#include "test/check.h"

static json_t *json_of(struct arena *a, const char *text)
{
    struct err e = {0};
    json_t *v = json_read(a, text, strlen(text), &e);
    CHECK_OK(text, v, &e);
    return v;
}

static const char PLACE[] =
    "{\"n\":1,\"kind\":\"%s\",\"options\":[{\"id\":\"C\",\"text\":\"丙\"},"
    "{\"id\":\"A\",\"text\":\"甲\"},{\"id\":\"B\",\"text\":\"乙\"}]}";

void typed_letters_test(void)
{
    struct arena *a = arena_create(4 << 20);
    static const struct {
        const char *kind, *printed, *own;
    } rows[] = {
        {"single", "[\"A\"]", "[\"C\"]"},
        {"multiple", "[\"A\",\"C\"]", "[\"B\",\"C\"]"},
        {"ordering", "[\"B\",\"A\",\"C\"]", "[\"A\",\"C\",\"B\"]"},
        {"matching", "[\"B\",null,\"B\"]", "[\"A\",null,\"A\"]"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct err e = {0};
        json_t *own;
        const json_t *place = json_of(a, arena_printf(a, PLACE, rows[i].kind));
        CHECK_OK(rows[i].kind, typed_to_own(a, place, json_of(a, rows[i].printed), &own, &e),
                 &e);
        CHECK(rows[i].kind, json_equal(own, json_of(a, rows[i].own)));
    }
    struct err e = {0};
    json_t *own;
    const json_t *single = json_of(a, arena_printf(a, PLACE, "single"));
    CHECK_REFUSED("a letter that is not printed",
                  typed_to_own(a, single, json_of(a, "[\"D\"]"), &own, &e), &e, INVALID, "/0");
    e = (struct err){0};
    CHECK_OK(
        "text is text",
        typed_to_own(a, json_of(a, "{\"kind\":\"numeric\"}"), json_of(a, "\"12\""), &own, &e),
        &e);
    CHECK("12", json_equal(own, json_of(a, "\"12\"")));
    CHECK("and back",
          json_equal(typed_to_print(a, single, json_of(a, "[\"C\"]")), json_of(a, "[\"A\"]")));
    arena_destroy(a);
}

void typed_differences_test(void)
{
    struct arena *a = arena_create(4 << 20);
    struct typed_difference *d;
    const json_t *one = json_of(a, "{\"1\":[\"A\"],\"2\":null,\"10\":true,\"3\":\"x\"}"),
                 *two = json_of(a, "{\"1\":[\"A\"],\"2\":[\"B\"],\"4\":false,\"3\":\"x\"}");
    CHECK_INT("three", typed_differences(a, one, two, &d), 3);
    CHECK_INT("by number", d[0].n, 2);
    CHECK_INT("only on the second", d[1].n, 4);
    CHECK("nothing on the first", !d[1].one && d[1].two);
    CHECK_INT("only on the first", d[2].n, 10);
    CHECK_INT("the same with itself", typed_differences(a, one, one, &d), 0);
    arena_destroy(a);
}

/* The journal had 1 and 5; the sheets say 1 and 2; 2 was decided; 5 they do not mention. */
void typed_counts_test(void)
{
    struct arena *a = arena_create(4 << 20);
    struct answer *items = arena_array(a, struct answer, 2);
    items[0] = (struct answer){.item = 1, .response = {(const unsigned char *)"[\"D\"]", 5}};
    items[1] = (struct answer){.item = 5, .response = {(const unsigned char *)"true", 4}};
    struct attempt_answers answers = {.items = items, .count = 2};
    const json_t *one = json_of(a, "{\"1\":[\"A\"],\"2\":[\"B\"],\"3\":null}"),
                 *two = json_of(a, "{\"1\":[\"A\"],\"2\":[\"C\"],\"3\":null}");
    CHECK("not before it is decided", !typed_apply(a, one, two, json_of(a, "{}"), &answers));
    CHECK_INT("and nothing was changed", answers.count, 2);
    CHECK("decided", typed_apply(a, one, two, json_of(a, "{\"2\":[\"C\"]}"), &answers));
    CHECK_INT("four places", answers.count, 4);
    for (size_t i = 0; i < answers.count; i++) {
        const struct answer *x = &answers.items[i];
        const char *want = x->item == 1   ? "[\"A\"]"
                           : x->item == 2 ? "[\"C\"]"
                           : x->item == 5 ? "true"
                                          : "";
        CHECK_INT("length", x->response.at ? x->response.len : 0, strlen(want));
        CHECK("what counts", !*want || memcmp(x->response.at, want, strlen(want)) == 0);
    }
    arena_destroy(a);
}
