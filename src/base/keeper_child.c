/* base/keeper_child.c - the inside of a keeper: a fork for each file, and nothing else. */
#include <errno.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cage_child.h"
#include "base/keeper.h"
#include "base/keeper_wire.h"

enum { SOCKET = 0 };

static _Noreturn void be_parser(const struct keeper_order *o, parse_fn *parse, pid_t keeper)
{
    if (dup2(o->fds[0], 0) < 0 || dup2(o->fds[1], 1) < 0) /* that also closes the socket here */
        _exit(3);
    close(o->fds[0]);
    close(o->fds[1]);
    cage_child(parse, keeper);
}

/* The parser's end. Whoever closes the socket meanwhile wants neither it nor the keeper any more. */
static int wait_for(pid_t parser)
{
    int status = 0, watch = (int)syscall(SYS_pidfd_open, parser, 0);
    struct pollfd p[] = {{.fd = watch, .events = POLLIN}, {.fd = SOCKET, .events = POLLIN}};
    int ready;
    do
        ready = poll(p, 2, -1);
    while (ready < 0 && errno == EINTR);
    if (ready < 0 || watch < 0 || p[1].revents)
        _exit(0); /* PR_SET_PDEATHSIG ends the parser */
    close(watch);
    while (waitpid(parser, &status, 0) < 0 && errno == EINTR)
        ;
    return status;
}

static bool harmless(void)
{
    struct rlimit none = {0, 0};
    return setrlimit(RLIMIT_CORE, &none) == 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
}

_Noreturn void keeper_serve(parse_fn *const *parsers)
{
    struct keeper_order o;
    pid_t self = getpid();
    cage_ready();
    if (!harmless())
        _exit(3);
    while (keeper_order_take(SOCKET, &o) && o.kind >= 0 && o.kind < PARSE_KINDS) {
        pid_t parser = fork();
        if (parser == 0)
            be_parser(&o, parsers[o.kind], self);
        close(o.fds[0]);
        close(o.fds[1]);
        int status = parser > 0 ? wait_for(parser) : 3 << 8; /* as if it had ended with 3 */
        if (send(SOCKET, &status, sizeof status, MSG_NOSIGNAL) != (ssize_t)sizeof status)
            break;
    }
    _exit(0);
}
