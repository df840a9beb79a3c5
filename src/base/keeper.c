/* base/keeper.c - starts keepers, hands them files, ends them. */
#include "base/keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/keeper_wire.h"

struct keeper {
    bool asked;
    pid_t pid; /* 0: nobody */
    int socket, files;
};

/* The one thing of this file that lives as long as the process. */
static struct {
    pthread_mutex_t lock;
    struct keeper places[KEEPERS_MAX];
} house = {.lock = PTHREAD_MUTEX_INITIALIZER};

static pid_t spawn(const char *program, int socket)
{
    static char *const no_environment[] = {NULL};
    char *argv[] = {(char[]){"heng"}, (char[]){"parse"}, NULL};
    posix_spawn_file_actions_t acts;
    posix_spawnattr_t attr;
    sigset_t none;
    pid_t pid = -1;
    sigemptyset(&none);
    posix_spawn_file_actions_init(&acts);
    posix_spawnattr_init(&attr);
    posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK);
    posix_spawnattr_setsigmask(&attr, &none);
    posix_spawn_file_actions_adddup2(&acts, socket, 0);
    posix_spawn_file_actions_addopen(&acts, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&acts, 2, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addclosefrom_np(&acts, 3);
    if (posix_spawn(&pid, program, &acts, &attr, argv, no_environment) != 0)
        pid = -1;
    posix_spawnattr_destroy(&attr);
    posix_spawn_file_actions_destroy(&acts);
    return pid;
}

static bool start(struct keeper *k, const char *program)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return false;
    k->pid = spawn(program, ends[1]);
    k->socket = ends[0];
    k->files = 0;
    close(ends[1]);
    if (k->pid > 0)
        return true;
    close(k->socket);
    k->pid = 0;
    return false;
}

/* The closed socket ends it, and its end its child. */
static void end(struct keeper *k)
{
    close(k->socket);
    while (waitpid(k->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    k->pid = 0;
}

/* One that runs, if any is idle; NULL where all are asked. */
static struct keeper *take(bool must_run)
{
    struct keeper *k = NULL;
    pthread_mutex_lock(&house.lock);
    for (size_t i = 0; i < KEEPERS_MAX; i++) {
        struct keeper *one = &house.places[i];
        if (one->asked || (one->pid == 0 && (k || must_run)))
            continue;
        k = one;
        if (k->pid > 0)
            break;
    }
    if (k)
        k->asked = true;
    pthread_mutex_unlock(&house.lock);
    return k;
}

static void give_back(struct keeper *k)
{
    pthread_mutex_lock(&house.lock);
    k->asked = false;
    pthread_mutex_unlock(&house.lock);
}

/* One that has died while it was idle takes no order: another in its place does. */
static bool order(struct keeper *k, const struct keeper_job *job)
{
    const struct keeper_order o = {job->kind, {job->in, job->out}};
    if (k->pid > 0 && keeper_order_send(k->socket, &o))
        return true;
    if (k->pid > 0)
        end(k);
    if (!start(k, job->program))
        return false;
    if (keeper_order_send(k->socket, &o))
        return true;
    end(k);
    return false;
}

static bool hear(const struct keeper *k, int wall_ms, int *status)
{
    struct pollfd p = {.fd = k->socket, .events = POLLIN};
    int ready;
    do
        ready = poll(&p, 1, wall_ms);
    while (ready < 0 && errno == EINTR);
    return ready > 0 && recv(k->socket, status, sizeof *status, 0) == (ssize_t)sizeof *status;
}

bool keeper_parse(const struct keeper_job *job, int *status)
{
    struct keeper *k = take(false);
    bool ok = k && order(k, job);
    if (ok && !hear(k, job->wall_ms, status)) {
        kill(k->pid, SIGKILL);
        *status = SIGKILL;
    }
    if (ok && (*status != 0 || ++k->files == KEEPER_FILES_MAX))
        end(k);
    if (k)
        give_back(k);
    return ok;
}

void keepers_end(void)
{
    struct keeper *k;
    while ((k = take(true))) {
        end(k);
        give_back(k);
    }
}
