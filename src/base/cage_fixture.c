/* base/cage_fixture.c - what parsers try that have been taken over by their file. */
#include "base/cage_fixture.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/keeper.h"

enum { FDS_LOOKED_AT = 64 };

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

static bool parse_writes_much(struct arena *a, struct bytes in, struct bytes *out,
                              struct err *e)
{
    (void)in;
    (void)e;
    out->len = (size_t)5 << 20; /* one MiB over the kind's output */
    out->at = arena_alloc(a, out->len, 1);
    return true;
}

/* What is open and set around it: one byte for each descriptor, then the first of the environment. */
static bool parse_looks(struct arena *a, struct bytes in, struct bytes *out, struct err *e)
{
    (void)in;
    (void)e;
    char *seen = arena_alloc(a, FDS_LOOKED_AT, 1);
    for (int fd = 0; fd < FDS_LOOKED_AT; fd++) {
        struct stat st;
        seen[fd] = fstat(fd, &st) != 0 ? '-' : S_ISREG(st.st_mode) ? 'f' : 'o';
    }
    const char *set = environ && environ[0] ? environ[0] : "";
    const char *both = arena_printf(a, "%.64s%s", seen, set);
    *out = (struct bytes){(const unsigned char *)both, strlen(both)};
    return true;
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
static void forever(void)
{
    for (volatile size_t i = 1; i > 0; i |= 1)
        ;
}

/* Costs no CPU: only the clock ends it. */
static void wait_for_ever(void)
{
    pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&lock);
    pthread_mutex_lock(&lock);
}

/* clang-format off */
NAUGHTY(socket, (void)socket(AF_INET, SOCK_STREAM, 0))
NAUGHTY(open, (void)open("/etc/passwd", O_RDONLY))
NAUGHTY(exec, (void)execl("/bin/true", "true", (char *)NULL))
NAUGHTY(fork, (void)fork())
NAUGHTY(kill, (void)kill(getppid(), 0))
NAUGHTY(send, (void)send(0, "x", 1, 0))
NAUGHTY(unlink, (void)unlink("/tmp/parser-was-here"))
NAUGHTY(executable, (void)mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))
NAUGHTY(null, *nowhere = 1)
NAUGHTY(abort, abort())
NAUGHTY(loops, forever())
NAUGHTY(waits, wait_for_ever())
/* clang-format on */

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

#define ROW(name)                                                                              \
    {                                                                                          \
#name, parse_##name                                                                    \
    }
static const struct {
    const char *name;
    parse_fn *parse;
} deadly[] = {ROW(socket), ROW(open),   ROW(exec),       ROW(fork), ROW(kill),
              ROW(send),   ROW(unlink), ROW(executable), ROW(null), ROW(abort)},
  others[] = {ROW(doubles), ROW(date),  ROW(refuses), ROW(store_fault), ROW(writes_much),
              ROW(looks),   ROW(loops), ROW(waits),   ROW(takes_memory)};
#undef ROW

const char *naughty_at(size_t i)
{
    return i < sizeof deadly / sizeof *deadly ? deadly[i].name : NULL;
}

static bool is(struct bytes word, const char *name)
{
    return word.len == strlen(name) && memcmp(word.at, name, word.len) == 0;
}

bool parse_naughty(struct arena *a, struct bytes in, struct bytes *out, struct err *e)
{
    const unsigned char *space = in.len ? memchr(in.at, ' ', in.len) : NULL;
    struct bytes word = {in.at, space ? (size_t)(space - in.at) : in.len};
    struct bytes rest = space ? (struct bytes){space + 1, in.len - word.len - 1}
                              : (struct bytes){NULL, 0};
    for (size_t i = 0; i < sizeof deadly / sizeof *deadly; i++)
        if (is(word, deadly[i].name))
            return deadly[i].parse(a, rest, out, e);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (is(word, others[i].name))
            return others[i].parse(a, rest, out, e);
    return FAIL(e, INVALID, "/word", "没有这个词。");
}

void naughty_keeper(int argc, char **argv)
{
    static parse_fn *const parsers[PARSE_KINDS] = {
#define PARSE_KIND(name, input_mib, output_mib) parse_naughty,
#include "base/parse_kinds.def"
#undef PARSE_KIND
    };
    if (argc == 2 && strcmp(argv[1], "parse") == 0)
        keeper_serve(parsers);
}
