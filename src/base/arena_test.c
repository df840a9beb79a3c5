/* base/arena_test.c - memory with one lifetime, and the error value. */
#include "base/arena.h"

#include "test/check.h"

static int order[3], calls;

static void note_call(void *which)
{
    order[calls++] = *(int *)which;
}

void arena_keeps_and_defers_test(void)
{
    struct arena *a = arena_create(1 << 20);
    static int one = 1, two = 2;
    calls = 0;
    char *kept = arena_text(a, "保留");
    for (int i = 0; i < 1000; i++) {
        unsigned char *p = arena_alloc(a, 17, 3);
        for (int k = 0; k < 51; k++)
            CHECK_INT("memory is zero", p[k], 0);
        memset(p, 0xAA, 51);
    }
    int *grown = arena_array(a, int, 2);
    grown[1] = 7;
    grown = arena_grow(a, grown, 2, 100, sizeof *grown);
    CHECK_INT("growing keeps", grown[1], 7);
    CHECK_INT("growing zeroes", grown[99], 0);
    arena_defer(a, note_call, &one);
    arena_defer(a, note_call, &two);
    CHECK_TEXT("text", kept, "保留");
    CHECK_TEXT("printf", arena_printf(a, "%d-%s", 5, "x"), "5-x");
    arena_destroy(a);
    CHECK_INT("deferred calls", calls, 2);
    CHECK_INT("newest first", order[0], 2);
    CHECK_INT("oldest last", order[1], 1);
    arena_destroy(NULL);
}

void err_first_wins_test(void)
{
    struct err e = {0};
    CHECK_INT("FAIL is false", FAIL(&e, CONFLICT, "/version", "版本 %d", 3), false);
    CHECK_INT("a second one too", FAIL(&e, INTERNAL, "", "later"), false);
    CHECK_INT("the first code stays", e.code, ERR_CONFLICT);
    CHECK_TEXT("its text", e.text, "版本 3");
    err_under(&e, "/items/2");
    CHECK_TEXT("prefixed", e.field, "/items/2/version");
    CHECK_INT("status", err_http_status(e.code), 409);
    CHECK_TEXT("name", err_name(e.code), "conflict");
}
