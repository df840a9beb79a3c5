/* base/cage_test.c - S32 and the loop of S31: what a caged parser must not do, it dies of; in a child of a
 * keeper, as a server has it, and in one of the test program, as the tests of other modules have it. */
#include "base/cage.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/cage_fixture.h"
#include "base/cage_frame.h"
#include "base/clock.h"
#include "base/log.h"
#include "test/check.h"

enum { ARENA_BYTES = 1 << 24 };

static const struct {
    const char *name, *program;
} ways[] = {{"forked", NULL}, {"kept", "/proc/self/exe"}};
enum { WAYS = sizeof ways / sizeof *ways };

static bool run(struct arena *a, size_t way, const char *in, struct bytes *out, struct err *e)
{
    struct cage_job job = {.program = ways[way].program,
                           .kind = PARSE_photo,
                           .parse = parse_naughty,
                           .input = {(const unsigned char *)in, strlen(in)}};
    *e = (struct err){0};
    return cage_run(a, &job, out, e);
}

void cage_carries_results_test(void)
{
    for (size_t way = 0; way < WAYS; way++) {
        struct arena *a = arena_create(ARENA_BYTES);
        struct bytes out;
        struct err e;
        CHECK_OK("doubles", run(a, way, "doubles abc", &out, &e), &e);
        CHECK("the bytes",
              bytes_equal(out, (struct bytes){(const unsigned char *)"aabbcc", 6}));
        CHECK_OK("a date", run(a, way, "date abc", &out, &e), &e);
        CHECK_OK("nothing", run(a, way, "doubles", &out, &e), &e);
        CHECK_INT("gives nothing", out.len, 0);
        CHECK_REFUSED("refusal", run(a, way, "refuses abcd", &out, &e), &e, MEDIA, "/photo");
        CHECK_TEXT("its sentence", e.text, "第 4 个字节不对。");
        CHECK_REFUSED("a code that is not a parser's", run(a, way, "store_fault", &out, &e), &e,
                      INVALID, "/x");
        arena_destroy(a);
    }
}

void cage_kills_test(void)
{
    const char *what;
    log_to(-1);
    for (size_t way = 0; way < WAYS; way++)
        for (size_t i = 0; (what = naughty_at(i)); i++) {
            struct arena *a = arena_create(ARENA_BYTES);
            struct bytes out;
            struct err e;
            CHECK_REFUSED(what, run(a, way, what, &out, &e), &e, INVALID, "/file");
            CHECK_TEXT(what, e.text, "文件内容异常，无法处理；请换一个文件。");
            arena_destroy(a);
        }
    log_to(2);
}

/* The kernel ends a loop after ten seconds of CPU; a keeper's child has the limits of any other. */
void cage_limits_test(void)
{
    struct arena *a = arena_create(ARENA_BYTES);
    struct bytes out;
    struct err e;
    log_to(-1);
    if (!getenv("HENG_TEST_SHORT")) {
        int64_t from = clock_boot_ms();
        CHECK_REFUSED("an endless loop", run(a, 1, "loops", &out, &e), &e, INVALID, "/file");
        CHECK_TEXT("said so", e.text, "文件处理超时，已停止；请换一个文件。");
        CHECK("ends by its CPU limit", clock_boot_ms() - from < 21000);
    }
    for (size_t way = 0; way < WAYS; way++) {
        CHECK_REFUSED("a long answer", run(a, way, "writes_much", &out, &e), &e, INVALID,
                      "/file");
#if !defined(__SANITIZE_ADDRESS__)
#if !defined(__has_feature)
        CHECK_REFUSED("2 GB", run(a, way, "takes_memory", &out, &e), &e, TOO_LARGE, "/file");
#endif
#endif
    }
    struct cage_job job = {
        .kind = PARSE_photo, .parse = parse_naughty, .input = {NULL, (size_t)6 << 20}};
    e = (struct err){0};
    CHECK_REFUSED("a long input", cage_run(a, &job, &out, &e), &e, TOO_LARGE, "/file");
    log_to(2);
    arena_destroy(a);
}

void cage_frame_test(void)
{
    struct arena *a = arena_create(1 << 20);
    struct err said = {0}, read = {0};
    unsigned char frame[CAGE_REFUSAL_BYTES_MAX];
    struct bytes out;
    FAIL(&said, RULE, "/photo", "证件照须为白底。");
    size_t len = cage_frame_refusal(frame, &said);
    CHECK_REFUSED("refusal", cage_frame_read(a, (struct bytes){frame, len}, &out, &read), &read,
                  RULE, "/photo");
    CHECK_TEXT("sentence", read.text, said.text);
    for (size_t cut = 0; cut < len; cut++) { /* a frame cut anywhere is a broken child */
        struct err e = {0};
        CHECK("cut", !cage_frame_read(a, (struct bytes){frame, cut}, &out, &e));
        CHECK_INT("cut", e.code, ERR_INVALID);
    }
    arena_destroy(a);
}

void cage_kinds_test(void)
{
    for (int k = 0; k < PARSE_KINDS; k++) {
        enum parse_kind found;
        CHECK("by name", parse_kind_find(parse_kind_name((enum parse_kind)k), &found));
        CHECK_INT("itself", found, k);
    }
    enum parse_kind none;
    CHECK("unknown", !parse_kind_find("shell", &none));
}
