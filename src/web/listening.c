/* web/listening.c - bind and listen; one socket for every event loop. */
#include "web/listening.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BACKLOG = 4096 }; /* a whole sitting knocks within a second */

/* Of either family. */
union place {
    struct sockaddr any;
    struct sockaddr_in four;
    struct sockaddr_in6 six;
};

static bool read_place(const char *host, uint16_t port, union place *out)
{
    *out = (union place){.four = {.sin_family = AF_INET, .sin_port = htons(port)}};
    if (inet_pton(AF_INET, host, &out->four.sin_addr) == 1)
        return true;
    *out = (union place){.six = {.sin6_family = AF_INET6, .sin6_port = htons(port)}};
    return inet_pton(AF_INET6, host, &out->six.sin6_addr) == 1;
}

static bool bind_and_listen(struct listening *l, union place at)
{
    bool four = at.any.sa_family == AF_INET;
    socklen_t len = four ? sizeof at.four : sizeof at.six;
    int yes = 1;
    if (setsockopt(l->fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 ||
        bind(l->fd, &at.any, len) != 0 || listen(l->fd, BACKLOG) != 0 ||
        getsockname(l->fd, &at.any, &len) != 0)
        return false;
    l->port = ntohs(four ? at.four.sin_port : at.six.sin6_port);
    return true;
}

bool listening_open(struct listening *l, const char *host, uint16_t port, struct err *e)
{
    union place at;
    *l = (struct listening){.fd = -1};
    if (!read_place(host, port, &at))
        return FAIL(e, INVALID, "listen", "“%.60s”不是可监听的地址。", host);
    l->fd = socket(at.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (l->fd >= 0 && bind_and_listen(l, at))
        return true;
    listening_close(l);
    return FAIL(e, STORE, "listen", "无法在 %s:%u 监听，可能已被占用。", host, (unsigned)port);
}

int listening_share(const struct listening *l)
{
    int fd = fcntl(l->fd, F_DUPFD_CLOEXEC, 0);
    if (fd < 0)
        abort();
    return fd;
}

void listening_close(struct listening *l)
{
    if (l->fd >= 0)
        close(l->fd);
    l->fd = -1;
}
