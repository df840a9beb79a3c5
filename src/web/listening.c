/* web/listening.c - bind and listen; one socket for every event loop. */
#include "web/listening.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BACKLOG = 4096 }; /* a whole sitting knocks within a second */

static bool bind_and_listen(struct listening *l, struct sockaddr_in at)
{
    socklen_t len = sizeof at;
    int yes = 1;
    if (setsockopt(l->fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 ||
        bind(l->fd, (const struct sockaddr *)(const void *)&at, sizeof at) != 0 ||
        listen(l->fd, BACKLOG) != 0 ||
        getsockname(l->fd, (struct sockaddr *)(void *)&at, &len) != 0)
        return false;
    l->port = ntohs(at.sin_port);
    return true;
}

bool listening_open(struct listening *l, const char *host, uint16_t port, struct err *e)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port)};
    *l = (struct listening){.fd = -1};
    if (inet_pton(AF_INET, host, &at.sin_addr) != 1)
        return FAIL(e, INVALID, "listen", "“%.60s”不是可监听的地址。", host);
    l->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
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
