/* base/keeper_wire.c - descriptors over a socket. */
#include "base/keeper_wire.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

union control {
    struct cmsghdr head;
    char bytes[CMSG_SPACE(KEEPER_FDS * sizeof(int))];
};

bool keeper_order_send(int socket, const struct keeper_order *o)
{
    int kind = o->kind;
    union control control = {.bytes = {0}};
    struct iovec part = {&kind, sizeof kind};
    struct msghdr m = {.msg_iov = &part,
                       .msg_iovlen = 1,
                       .msg_control = control.bytes,
                       .msg_controllen = sizeof control.bytes};
    struct cmsghdr *c = CMSG_FIRSTHDR(&m);
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN(sizeof o->fds);
    memcpy(CMSG_DATA(c), o->fds, sizeof o->fds);
    ssize_t sent;
    do
        sent = sendmsg(socket, &m, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent == (ssize_t)sizeof kind;
}

bool keeper_order_take(int socket, struct keeper_order *out)
{
    union control control;
    struct iovec part = {&out->kind, sizeof out->kind};
    struct msghdr m = {.msg_iov = &part,
                       .msg_iovlen = 1,
                       .msg_control = control.bytes,
                       .msg_controllen = sizeof control.bytes};
    ssize_t got;
    do
        got = recvmsg(socket, &m, MSG_CMSG_CLOEXEC);
    while (got < 0 && errno == EINTR);
    struct cmsghdr *c = got == (ssize_t)sizeof out->kind ? CMSG_FIRSTHDR(&m) : NULL;
    if (!c || c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS ||
        c->cmsg_len != CMSG_LEN(sizeof out->fds))
        return false;
    memcpy(out->fds, CMSG_DATA(c), sizeof out->fds);
    return true;
}
