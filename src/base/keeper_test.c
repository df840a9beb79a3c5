/* base/keeper_test.c - keepers are started, reused, replaced, and die with their server. The test program is
 * the keepers' program, too (base/cage_fixture.h). */
#include "base/keeper.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/cage_fixture.h"
#include "base/log.h"
#include "test/check.h"

static const char timed_out[] = "文件处理超时，已停止；请换一个文件。";

static bool run(struct arena *a, const char *in, struct bytes *out, struct err *e)
{
    struct cage_job job = {.program = "/proc/self/exe",
                           .kind = PARSE_photo,
                           .parse = parse_naughty,
                           .input = {(const unsigned char *)in, strlen(in)}};
    *e = (struct err){0};
    return cage_run(a, &job, out, e);
}

static void works(struct arena *a)
{
    struct bytes out;
    struct err e;
    CHECK_OK("a file", run(a, "doubles x", &out, &e), &e);
    CHECK_INT("is parsed", out.len, 2);
}

/* The one child of PARENT; 0: none. Tests have one keeper, and a keeper one parser. */
static pid_t child_of(pid_t parent)
{
    char path[64];
    int child = 0;
    snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)parent, (int)parent);
    FILE *f = fopen(path, "r");
    CHECK("the kernel says whose child is whose", f != NULL);
    if (fscanf(f, "%d", &child) != 1)
        child = 0;
    fclose(f);
    return child;
}

void keeper_is_used_again_test(void)
{
    struct arena *a = arena_create(1 << 24);
    keepers_end();
    works(a);
    pid_t first = child_of(getpid());
    CHECK("there is a keeper", first > 0);
    for (int i = 1; i < KEEPER_FILES_MAX; i++) {
        CHECK_INT("the same", child_of(getpid()), first);
        works(a);
    }
    CHECK_INT("which ends after so many files", child_of(getpid()), 0);
    works(a);
    CHECK("another", child_of(getpid()) != first);
    keepers_end();
    CHECK_INT("all can be ended", child_of(getpid()), 0);
    arena_destroy(a);
}

/* What a file has learned of its process ends with it. */
void keeper_goes_after_a_crash_test(void)
{
    struct arena *a = arena_create(1 << 24);
    struct bytes out;
    struct err e;
    log_to(-1);
    works(a);
    pid_t first = child_of(getpid());
    CHECK_REFUSED("a refusal", run(a, "refuses x", &out, &e), &e, MEDIA, "/photo");
    CHECK_INT("is an answer", child_of(getpid()), first);
    CHECK_REFUSED("a crash", run(a, "null", &out, &e), &e, INVALID, "/file");
    CHECK_INT("is not", child_of(getpid()), 0);
    works(a);
    log_to(2);
    keepers_end();
    arena_destroy(a);
}

void keeper_shows_nothing_but_the_file_test(void)
{
    struct arena *a = arena_create(1 << 24);
    struct bytes out;
    struct err e;
    CHECK_OK("looks", run(a, "looks", &out, &e), &e);
    const char *seen = arena_copy(a, out.at, out.len);
    CHECK_INT("no environment", out.len, 64);
    CHECK("input and output are files in memory, then /dev/null", strncmp(seen, "ffo", 3) == 0);
    CHECK_INT("and nothing else is open", strspn(seen + 3, "-"), 61);
    keepers_end();
    arena_destroy(a);
}

/* As the cage asks, but not for its twenty seconds. */
void keeper_stops_what_takes_too_long_test(void)
{
    static const char word[] = "waits";
    struct arena *a = arena_create(1 << 24);
    for (int i = 0; i < 2; i++) {
        if (i)
            works(a); /* once in a new keeper, once in an old one */
        int in = memfd_create("in", MFD_CLOEXEC), out = memfd_create("out", MFD_CLOEXEC),
            status = 0;
        CHECK_INT("input", write(in, word, strlen(word)), strlen(word));
        CHECK_INT("from its begin", lseek(in, 0, SEEK_SET), 0);
        CHECK("waits", keeper_parse(&(struct keeper_job){.program = "/proc/self/exe",
                                                         .kind = PARSE_photo,
                                                         .in = in,
                                                         .out = out,
                                                         .wall_ms = 200},
                                    &status));
        CHECK_INT("told as killed", status, SIGKILL);
        CHECK_INT("nobody is left", child_of(getpid()), 0);
        close(in);
        close(out);
    }
    works(a);
    keepers_end();
    arena_destroy(a);
}

void keeper_killed_idle_test(void)
{
    struct arena *a = arena_create(1 << 24);
    works(a);
    pid_t first = child_of(getpid());
    kill(first, SIGKILL);
    siginfo_t dead;
    CHECK_INT("dead", waitid(P_PID, (id_t)first, &dead, WEXITED | WNOWAIT), 0);
    works(a);
    CHECK("another", child_of(getpid()) != first);
    keepers_end();
    arena_destroy(a);
}

/* A server with a keeper and a parser that never ends; all ends of a pipe's write side are theirs. */
static pid_t start_server(int *ready)
{
    int fds[2];
    CHECK_INT("pipe", pipe(fds), 0);
    pid_t server = fork();
    if (server == 0) {
        struct arena *a = arena_create(1 << 24);
        struct bytes out;
        struct err e;
        log_to(-1);
        close(fds[0]);
        if (!run(a, "doubles x", &out, &e) || write(fds[1], "x", 1) != 1)
            _exit(9);
        bool ok = run(a, "waits", &out, &e);
        _exit(!ok && strcmp(e.text, timed_out) == 0 ? 7 : 8);
    }
    close(fds[1]);
    *ready = fds[0];
    return server;
}

static bool is_caged(pid_t pid)
{
    char path[64], line[128];
    bool caged = false;
    snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    FILE *f = fopen(path, "r");
    while (f && fgets(line, sizeof line, f))
        caged = caged || strcmp(line, "Seccomp:\t2\n") == 0;
    if (f)
        fclose(f);
    return caged;
}

/* When it is in the cage. */
static pid_t parser_of(pid_t server, pid_t *keeper)
{
    pid_t parser = 0;
    *keeper = child_of(server);
    while (!parser || !is_caged(parser))
        parser = child_of(*keeper);
    return parser;
}

/* As the reaper of what others leave behind, the test sees each of their ends, from the top. */
static void ends_by(pid_t pid, int wanted)
{
    int status;
    CHECK_INT("it ends", waitpid(pid, &status, 0), pid);
    CHECK_INT("so", status, wanted);
}

void keeper_killed_at_work_test(void)
{
    int ready;
    char x;
    pid_t server = start_server(&ready), keeper;
    CHECK_INT("subreaper", prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), 0);
    CHECK_INT("a keeper", read(ready, &x, 1), 1);
    pid_t parser = parser_of(server, &keeper);
    kill(keeper, SIGKILL);
    ends_by(server, 7 << 8); /* it had the sentence of a file that took too long */
    ends_by(parser, SIGKILL);
    close(ready);
    CHECK_INT("subreaper", prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0), 0);
}

void keeper_dies_with_its_server_test(void)
{
    int ready;
    char x;
    pid_t server = start_server(&ready), keeper;
    CHECK_INT("subreaper", prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), 0);
    CHECK_INT("a keeper", read(ready, &x, 1), 1);
    pid_t parser = parser_of(server, &keeper);
    kill(server, SIGKILL);
    ends_by(server, SIGKILL);
    ends_by(keeper, 0);
    ends_by(parser, SIGKILL);
    close(ready);
    CHECK_INT("subreaper", prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0), 0);
}
