/* web/event_loop.c - sleeps on the library's epoll and on a bell of its own, then lets it work. */
#include "web/event_loop.h"

#include <limits.h>
#include <microhttpd.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct event_loop {
    struct MHD_Daemon *daemon;
    pthread_t thread;
    bool runs;
    int epoll, bell;
    atomic_bool wanted, asleep, stopping;
};

struct event_loop *event_loop_create(void)
{
    struct event_loop *l = calloc(1, sizeof *l);
    if (!l)
        abort();
    l->bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (l->bell < 0)
        abort();
    return l;
}

/* Whoever wants the thread says so first and looks for a sleeper afterwards; the thread says that
 * it sleeps first and looks whether it is wanted afterwards: one of them sees the other. */
static void want(struct event_loop *l)
{
    uint64_t one = 1;
    atomic_store(&l->wanted, true);
    if (!atomic_load(&l->asleep))
        return;
    ssize_t n = write(l->bell, &one, sizeof one);
    (void)n; /* full: it rings already */
}

static void sleep_until_wanted(struct event_loop *l)
{
    MHD_UNSIGNED_LONG_LONG ms;
    struct pollfd on[] = {{.fd = l->epoll, .events = POLLIN},
                          {.fd = l->bell, .events = POLLIN}};
    bool timed = MHD_get_timeout(l->daemon, &ms) == MHD_YES;
    int wait = !timed ? -1 : ms > INT_MAX ? INT_MAX : (int)ms;
    uint64_t rung;
    atomic_store(&l->asleep, true);
    if (!atomic_load(&l->wanted))
        poll(on, 2, wait);
    atomic_store(&l->asleep, false);
    if (on[1].revents && read(l->bell, &rung, sizeof rung) < 0)
        return; /* silent again: nothing to take back */
}

static void *run(void *arg)
{
    struct event_loop *l = arg;
    bool last;
    do {
        last = atomic_load(&l->stopping);
        atomic_store(&l->wanted, false);
        MHD_run(l->daemon);
        if (!last)
            sleep_until_wanted(l);
    } while (!last);
    return NULL;
}

/* The library writes to sockets whose other end may be gone. */
static void start_without_sigpipe(struct event_loop *l)
{
    sigset_t pipe, before;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe, &before);
    if (pthread_create(&l->thread, NULL, run, l) != 0)
        abort();
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void event_loop_start(struct event_loop *l, struct MHD_Daemon *daemon)
{
    l->daemon = daemon;
    l->epoll = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
    l->runs = true;
    start_without_sigpipe(l);
}

void event_loop_resume(struct event_loop *l, struct MHD_Connection *c)
{
    MHD_resume_connection(c);
    want(l);
}

void event_loop_stop(struct event_loop *l)
{
    if (!l)
        return;
    if (l->runs) {
        atomic_store(&l->stopping, true);
        want(l);
        pthread_join(l->thread, NULL);
        MHD_stop_daemon(l->daemon);
    }
    close(l->bell);
    free(l);
}
