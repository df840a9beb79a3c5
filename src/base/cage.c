/* base/cage.c - has files parsed by caged children and reads what they say. */
#include "base/cage.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/cage_child.h"
#include "base/cage_frame.h"
#include "base/keeper.h"
#include "base/log.h"

enum { QUEUE_MAX = 32, WALL_LIMIT_MS = 20000, MIB = 1 << 20 };

static const struct {
    const char *name;
    size_t input_max, output_max;
} kinds[PARSE_KINDS] = {
#define PARSE_KIND(name, input_mib, output_mib)                                                \
    [PARSE_##name] = {#name, (size_t)(input_mib)*MIB, (size_t)(output_mib)*MIB},
#include "base/parse_kinds.def"
#undef PARSE_KIND
};

const char *parse_kind_name(enum parse_kind kind)
{
    return kinds[kind].name;
}

bool parse_kind_find(const char *name, enum parse_kind *out)
{
    for (int k = 0; k < PARSE_KINDS; k++)
        if (strcmp(kinds[k].name, name) == 0) {
            *out = (enum parse_kind)k;
            return true;
        }
    return false;
}

/* The one thing of this file that lives as long as the process: how many children run. */
static struct {
    pthread_mutex_t lock;
    pthread_cond_t freed;
    long running, waiting;
} gate = {.lock = PTHREAD_MUTEX_INITIALIZER, .freed = PTHREAD_COND_INITIALIZER};

static long children_max(void)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    return cores < 1 ? 1 : cores > KEEPERS_MAX ? KEEPERS_MAX : cores;
}

static bool gate_enter(struct err *e)
{
    long most = children_max();
    bool room = true;
    pthread_mutex_lock(&gate.lock);
    if (gate.running >= most) {
        room = gate.waiting < QUEUE_MAX;
        gate.waiting += room;
        while (room && gate.running >= most)
            pthread_cond_wait(&gate.freed, &gate.lock);
        gate.waiting -= room;
    }
    gate.running += room;
    pthread_mutex_unlock(&gate.lock);
    return room || FAIL(e, TOO_MANY, "/file", "正在处理的文件较多，请稍后再试。");
}

static void gate_leave(void)
{
    pthread_mutex_lock(&gate.lock);
    gate.running--;
    pthread_cond_signal(&gate.freed);
    pthread_mutex_unlock(&gate.lock);
}

/* Input and output are files in memory: no pipe to keep moving while the child works, and the
 * child's file size limit holds for what it writes. */
static int memory_file(struct bytes content, struct err *e)
{
    int fd = memfd_create("heng", MFD_CLOEXEC);
    size_t done = 0;
    while (fd >= 0 && done < content.len) {
        ssize_t n = write(fd, content.at + done, content.len - done);
        if (n <= 0 && errno != EINTR)
            break;
        done += n > 0 ? (size_t)n : 0;
    }
    if (fd >= 0 && done == content.len && lseek(fd, 0, SEEK_SET) == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    FAIL(e, STORE, "/file", "内存不足，暂不能处理文件。");
    return -1;
}

static pid_t fork_parser(const struct cage_job *job, int in, int out)
{
    static pthread_once_t ready = PTHREAD_ONCE_INIT;
    pthread_once(&ready, cage_ready);
    pid_t parent = getpid(), pid = fork();
    if (pid != 0)
        return pid;
    if (dup2(in, 0) < 0 || dup2(out, 1) < 0)
        _exit(3);
    cage_child(job->parse, parent);
}

/* The child's end, or its death when it does not end. */
static int wait_for(pid_t pid)
{
    int status = -1;
    int watch = (int)syscall(SYS_pidfd_open, pid, 0);
    struct pollfd p = {.fd = watch, .events = POLLIN};
    int ready;
    do
        ready = poll(&p, 1, WALL_LIMIT_MS);
    while (ready < 0 && errno == EINTR);
    if (ready <= 0)
        kill(pid, SIGKILL);
    if (watch >= 0)
        close(watch);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return status;
}

static bool read_answer(struct arena *a, const struct cage_job *job, int fd, struct bytes *out,
                        struct err *e)
{
    struct stat st;
    if (fstat(fd, &st) != 0 || st.st_size < CAGE_FRAME_HEAD_BYTES ||
        (size_t)st.st_size > kinds[job->kind].output_max + CAGE_FRAME_HEAD_BYTES)
        return FAIL(e, INVALID, "/file", "文件内容过多，无法处理。");
    size_t len = (size_t)st.st_size;
    const unsigned char *at = mmap(NULL, len, PROT_READ, MAP_PRIVATE, fd, 0);
    if (at == MAP_FAILED)
        return FAIL(e, STORE, "/file", "内存不足，暂不能处理文件。");
    bool ok = cage_frame_read(a, (struct bytes){at, len}, out, e);
    munmap((void *)(uintptr_t)at, len);
    return ok;
}

static bool judge_end(const struct cage_job *job, int status, struct err *e)
{
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return true;
    int how = WIFSIGNALED(status) ? WTERMSIG(status) : -1;
    LOG_LINE(LOG_SECURITY, "cage_kill", LOG_ITEM_WORD(what, parse_kind_name(job->kind)),
             LOG_ITEM_INT(count, how), LOG_ITEM_INT(bytes, (int64_t)job->input.len));
    if (how == SIGXCPU || how == SIGKILL)
        return FAIL(e, INVALID, "/file", "文件处理超时，已停止；请换一个文件。");
    return FAIL(e, INVALID, "/file", "文件内容异常，无法处理；请换一个文件。");
}

static bool parse_in_child(const struct cage_job *job, int in, int out, int *status)
{
    if (job->program)
        return keeper_parse(
            &(struct keeper_job){job->program, job->kind, in, out, WALL_LIMIT_MS}, status);
    pid_t pid = fork_parser(job, in, out);
    if (pid > 0)
        *status = wait_for(pid);
    return pid > 0;
}

static bool run_child(struct arena *a, const struct cage_job *job, struct bytes *out,
                      struct err *e)
{
    int in = memory_file(job->input, e);
    int result = in >= 0 ? memory_file((struct bytes){NULL, 0}, e) : -1;
    bool ok = result >= 0;
    if (ok) {
        int status;
        ok = parse_in_child(job, in, result, &status)
                 ? judge_end(job, status, e) && read_answer(a, job, result, out, e)
                 : FAIL(e, STORE, "/file", "暂不能处理文件。");
    }
    if (in >= 0)
        close(in);
    if (result >= 0)
        close(result);
    return ok;
}

bool cage_run(struct arena *a, const struct cage_job *job, struct bytes *out, struct err *e)
{
    size_t max = kinds[job->kind].input_max;
    if (job->input.len > max)
        return FAIL(e, TOO_LARGE, "/file", "文件不得超过 %zu MiB。", max / MIB);
    if (!gate_enter(e))
        return false;
    bool ok = run_child(a, job, out, e);
    gate_leave();
    return ok;
}
