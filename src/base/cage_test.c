/* base/cage_test.c - S32 and the loop of S31: what a caged parser must not do, it dies of. */
#include "base/cage.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/cage_frame.h"
#include "base/clock.h"
#include "base/log.h"
#include "test/check.h"

static bool parse_doubles(struct arena *a, struct bytes in, struct bytes *out, struct err *e)
{
    (void)e;
    unsigned char *at = arena_alloc(a, in.len * 2 + 1, 1);
    for (size_t i = 0; i < in.len; i++)
        at[2 * i] = at[2 * i + 1] = in.at[i];
    *out = (struct bytes){at, in.len * 2};
    return true;
}

/* Libraries ask for local time (libzip does, for the dates of entries): the zone is there already,
 * so that this opens no file. */
static bool parse_date(struct arena *a, struct bytes in, struct bytes *out, struct err *e)
{
    (void)e;
    tzset();
    *out = (struct bytes){arena_copy(a, in.at, in.len), in.len};
    return true;
}

static bool parse_refuses(struct arena *a, struct bytes in, struct bytes *out, struct err *e)
{
    (void)a;
    (void)out;
    return FAIL(e, MEDIA, "/photo", "第 %zu 个字节不对。", in.len);
}

static bool parse_store_fault(struct arena *a, struct bytes in, struct bytes *out,
                              struct err *e)
{
    (void)a;
    (void)in;
    (void)out;
    return FAIL(e, UNAUTHENTICATED, "/x", "a parser has no business with this code");
}

static volatile int *volatile nowhere; /* unknown to the optimiser */

/* Each tries one thing; had it succeeded, the parser would answer and the test would see it. */
static bool did(struct bytes *out)
{
    *out = (struct bytes){(const unsigned char *)"escaped", 7};
    return true;
}

#define NAUGHTY(name, ...)                                                                     \
    static bool parse_##name(struct arena *a, struct bytes in, struct bytes *out,              \
                             struct err *e)                                                    \
    {                                                                                          \
        (void)a;                                                                               \
        (void)in;                                                                              \
        (void)e;                                                                               \
        __VA_ARGS__;                                                                           \
        return did(out);                                                                       \
    }
/* clang-format off */
NAUGHTY(socket, (void)socket(AF_INET, SOCK_STREAM, 0))
NAUGHTY(open, (void)open("/etc/passwd", O_RDONLY))
NAUGHTY(exec, (void)execl("/bin/true", "true", (char *)NULL))
NAUGHTY(fork, (void)fork())
NAUGHTY(kill, (void)kill(getppid(), 0))
NAUGHTY(unlink, (void)unlink("/tmp/heng-cage-test"))
NAUGHTY(exec_memory, (void)mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))
NAUGHTY(null, *nowhere = 1)
NAUGHTY(abort, abort())
/* clang-format on */

static bool run(struct arena *a, parse_fn *parse, const char *in, struct bytes *out,
                struct err *e)
{
    struct cage_job job = {NULL, PARSE_photo, parse, {(const unsigned char *)in, strlen(in)}};
    return cage_run(a, &job, out, e);
}

void cage_carries_results_test(void)
{
    struct arena *a = arena_create(1 << 24);
    struct bytes out;
    struct err e = {0};
    CHECK_OK("doubles", run(a, parse_doubles, "abc", &out, &e), &e);
    CHECK("the bytes", bytes_equal(out, (struct bytes){(const unsigned char *)"aabbcc", 6}));
    CHECK_OK("a date", run(a, parse_date, "abc", &out, &e), &e);
    CHECK_OK("nothing", run(a, parse_doubles, "", &out, &e), &e);
    CHECK_INT("gives nothing", out.len, 0);
    CHECK_REFUSED("refusal", run(a, parse_refuses, "abcd", &out, &e), &e, MEDIA, "/photo");
    CHECK_TEXT("its sentence", e.text, "第 4 个字节不对。");
    struct err other = {0};
    CHECK_REFUSED("a code that is not a parser's", run(a, parse_store_fault, "", &out, &other),
                  &other, INVALID, "/x");
    arena_destroy(a);
}

void cage_kills_test(void)
{
    static const struct {
        const char *what;
        parse_fn *parse;
    } cases[] = {
        {"socket", parse_socket},
        {"open", parse_open},
        {"exec", parse_exec},
        {"fork", parse_fork},
        {"kill", parse_kill},
        {"unlink", parse_unlink},
        {"memory that can be executed", parse_exec_memory},
        {"null", parse_null},
        {"abort", parse_abort},
    };
    log_to(-1);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *a = arena_create(1 << 24);
        struct bytes out;
        struct err e = {0};
        CHECK_REFUSED(cases[i].what, run(a, cases[i].parse, "x", &out, &e), &e, INVALID,
                      "/file");
        arena_destroy(a);
    }
    log_to(2);
}

static bool parse_loops(struct arena *a, struct bytes in, struct bytes *out, struct err *e)
{
    (void)a;
    (void)e;
    for (volatile size_t i = in.len; i > 0; i++)
        ;
    return did(out);
}

static bool parse_writes_much(struct arena *a, struct bytes in, struct bytes *out,
                              struct err *e)
{
    (void)in;
    (void)e;
    out->len = (size_t)5 << 20; /* one MiB over the kind's output */
    out->at = arena_alloc(a, out->len, 1);
    return true;
}

static bool parse_takes_memory(struct arena *a, struct bytes in, struct bytes *out,
                               struct err *e)
{
    (void)a;
    (void)in;
    void *much = malloc((size_t)2 << 30);
    if (!much)
        return FAIL(e, TOO_LARGE, "/file", "没有内存。");
    free(much);
    return did(out);
}

void cage_limits_test(void)
{
    struct arena *a = arena_create(1 << 24);
    struct bytes out;
    struct err e = {0}, loop = {0}, big = {0};
    log_to(-1);
    int64_t from = clock_boot_ms();
    CHECK_REFUSED("an endless loop", run(a, parse_loops, "x", &out, &loop), &loop, INVALID,
                  "/file");
    CHECK("ends by its CPU limit", clock_boot_ms() - from < 21000);
    CHECK_REFUSED("a long answer", run(a, parse_writes_much, "x", &out, &e), &e, INVALID,
                  "/file");
    struct cage_job job = {NULL, PARSE_photo, parse_doubles, {NULL, (size_t)6 << 20}};
    CHECK_REFUSED("a long input", cage_run(a, &job, &out, &big), &big, TOO_LARGE, "/file");
#if !defined(__SANITIZE_ADDRESS__)
#if !defined(__has_feature)
    struct err memory = {0};
    CHECK_REFUSED("2 GB", run(a, parse_takes_memory, "x", &out, &memory), &memory, TOO_LARGE,
                  "/file");
#endif
#endif
    (void)parse_takes_memory;
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
