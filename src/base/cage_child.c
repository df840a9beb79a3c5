/* base/cage_child.c - the inside of the cage: limits, filter, parser, end (SECURITY §8.4). */
#include <errno.h>
#include <iconv.h>
#include <jansson.h>
#include <seccomp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/cage_child.h"
#include "base/cage_frame.h"

/* The sanitizers reserve terabytes of addresses and trace their own process. */
#if defined(__SANITIZE_ADDRESS__)
enum { SANITIZED = 1 };
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
enum { SANITIZED = 1 };
#else
enum { SANITIZED = 0 };
#endif
#else
enum { SANITIZED = 0 };
#endif

#define MIB (UINT64_C(1) << 20)

static bool limit(int what, rlim_t most)
{
    struct rlimit r = {most, most};
    return setrlimit((__rlimit_resource_t)what, &r) == 0;
}

static bool limit_all(void)
{
    return (SANITIZED || limit(RLIMIT_AS, 512 * MIB)) && limit(RLIMIT_CPU, 10) &&
           limit(RLIMIT_FSIZE, 64 * MIB) && limit(RLIMIT_NOFILE, 8) && limit(RLIMIT_NPROC, 0) &&
           limit(RLIMIT_CORE, 0);
}

/* What a sanitizer does beside the program; nothing of it reaches files or the network. */
static bool allow_sanitizer(scmp_filter_ctx f)
{
    static const int calls[] = {
        SCMP_SYS(prctl),  SCMP_SYS(sched_yield),    SCMP_SYS(sigaltstack),  SCMP_SYS(gettid),
        SCMP_SYS(getpid), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigaction),
    };
    for (size_t i = 0; SANITIZED && i < sizeof calls / sizeof *calls; i++)
        if (seccomp_rule_add(f, SCMP_ACT_ALLOW, calls[i], 0) != 0)
            return false;
    return true;
}

static bool allow_all(scmp_filter_ctx f)
{
    static const int calls[] = {
        SCMP_SYS(read),          SCMP_SYS(write),        SCMP_SYS(close),  SCMP_SYS(lseek),
        SCMP_SYS(fstat),         SCMP_SYS(newfstatat),   SCMP_SYS(munmap), SCMP_SYS(mremap),
        SCMP_SYS(madvise),       SCMP_SYS(brk),          SCMP_SYS(futex),  SCMP_SYS(getrandom),
        SCMP_SYS(clock_gettime), SCMP_SYS(rt_sigreturn), SCMP_SYS(exit),   SCMP_SYS(exit_group),
    };
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        if (seccomp_rule_add(f, SCMP_ACT_ALLOW, calls[i], 0) != 0)
            return false;
    const struct scmp_arg_cmp no_exec = SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
    return seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, no_exec) == 0 &&
           seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, no_exec) == 0;
}

static bool filter_calls(void)
{
    scmp_filter_ctx f = seccomp_init(SCMP_ACT_KILL_PROCESS);
    bool ok = f && allow_all(f) && allow_sanitizer(f) && seccomp_load(f) == 0;
    seccomp_release(f);
    return ok;
}

static const char *const converted_from[] = {"ISO8859-1", "SJIS",  "UTF-8",
                                             "BIG-5",     "CP437", "UTF-16BE"};
enum { CONVERTERS = sizeof converted_from / sizeof *converted_from };
static volatile iconv_t converters[CONVERTERS]; /* never closed: that is what they are for */

/* zbar opens converters for every QR code it reads, and glibc a module for each. */
static void load_converters(void)
{
    for (size_t i = 0; i < CONVERTERS; i++)
        converters[i] = iconv_open("UTF-8",
                                   converted_from[i]); /* if not there, it fails later, too */
}

static int by_byte(const void *x, const void *y)
{
    return *(const unsigned char *)x - *(const unsigned char *)y;
}

/* glibc's qsort asks the kernel, once, how much memory there is before it sorts more than 1 KiB. */
static void sort_once(void)
{
    unsigned char some[2048] = {1};
    qsort(some, sizeof some, 1, by_byte);
}

void cage_ready(void)
{
    sort_once();
    load_converters();
    json_object_seed(1); /* else its first table opens /dev/urandom */
    tzset();             /* else the first date of a ZIP entry opens /etc/localtime */
}

/* A parent that died before the signal was asked for sends none. */
static bool die_with(pid_t parent)
{
    return prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0 && getppid() == parent;
}

static bool close_cage(pid_t parent)
{
    return die_with(parent) && limit_all() && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           filter_calls();
}

static bool read_all(struct arena *a, struct bytes *input)
{
    struct stat st;
    if (fstat(0, &st) != 0 || st.st_size < 0)
        return false;
    unsigned char *at = arena_alloc(a, (size_t)st.st_size + 1, 1);
    size_t done = 0;
    while (done < (size_t)st.st_size) {
        ssize_t n = read(0, at + done, (size_t)st.st_size - done);
        if (n <= 0)
            return false;
        done += (size_t)n;
    }
    *input = (struct bytes){at, done};
    return true;
}

static bool write_all(const void *from, size_t len)
{
    const unsigned char *at = from;
    while (len > 0) {
        ssize_t n = write(1, at, len);
        if (n <= 0)
            return false;
        at += n;
        len -= (size_t)n;
    }
    return true;
}

_Noreturn void cage_child(parse_fn *parse, pid_t parent)
{
    enum { ARENA_BYTES = 480 << 20 };
    struct bytes input, out = {NULL, 0};
    struct err e = {0};
    struct arena *a = arena_create(ARENA_BYTES);
    if (!close_cage(parent) || !read_all(a, &input))
        _exit(3);
    bool ok;
    if (parse(a, input, &out, &e)) {
        ok = write_all(&(unsigned char){0}, 1) && write_all(out.at, out.len);
    } else {
        unsigned char refusal[CAGE_REFUSAL_BYTES_MAX];
        ok = write_all(refusal, cage_frame_refusal(refusal, &e));
    }
    _exit(ok ? 0 : 3); /* no arena_destroy: the process is its lifetime */
}
