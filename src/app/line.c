/* app/line.c - one thread that relays between pairs of sockets until the line is cut. */
#include "app/line.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PAIRS_MAX = 64, PIECE_BYTES = 64 << 10, LOOK_MS = 50 };

struct pair {
    int side[2]; /* -1: free */
};

struct line {
    int listening;
    uint16_t port, target;
    pthread_t thread;
    atomic_bool cut, stopping;
    struct pair pairs[PAIRS_MAX];
};

static struct sockaddr_in address_of(uint16_t port)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port)};
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return a;
}

static void drop(struct pair *p)
{
    for (int i = 0; i < 2; i++) {
        if (p->side[i] >= 0)
            close(p->side[i]);
        p->side[i] = -1;
    }
}

static void take_in(struct line *l)
{
    struct sockaddr_in to = address_of(l->target);
    struct pair *p = NULL;
    int in = accept(l->listening, NULL, NULL);
    if (in < 0)
        return;
    for (size_t i = 0; i < PAIRS_MAX && !p; i++)
        p = l->pairs[i].side[0] < 0 ? &l->pairs[i] : NULL;
    int out = p && !atomic_load(&l->cut) ? socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) : -1;
    if (out < 0 || connect(out, (struct sockaddr *)&to, sizeof to) != 0) {
        if (out >= 0)
            close(out);
        close(in);
        return;
    }
    p->side[0] = in;
    p->side[1] = out;
}

/* False: that side has ended. */
static bool pass_on(int from, int to)
{
    char piece[PIECE_BYTES];
    ssize_t got = read(from, piece, sizeof piece);
    for (ssize_t sent = 0; got > 0 && sent < got;) {
        ssize_t n = send(to, piece + sent, (size_t)(got - sent), MSG_NOSIGNAL);
        if (n <= 0)
            return false;
        sent += n;
    }
    return got > 0;
}

static void relay(struct line *l)
{
    struct pollfd fds[1 + 2 * PAIRS_MAX];
    struct pair *owner[1 + 2 * PAIRS_MAX];
    nfds_t count = 1;
    fds[0] = (struct pollfd){.fd = l->listening, .events = POLLIN};
    for (size_t i = 0; i < PAIRS_MAX; i++) {
        if (atomic_load(&l->cut))
            drop(&l->pairs[i]);
        for (int s = 0; s < 2 && l->pairs[i].side[0] >= 0; s++) {
            owner[count] = &l->pairs[i];
            fds[count++] = (struct pollfd){.fd = l->pairs[i].side[s], .events = POLLIN};
        }
    }
    if (poll(fds, count, LOOK_MS) <= 0)
        return;
    for (nfds_t i = 1; i < count; i++) {
        struct pair *p = owner[i];
        if (!fds[i].revents || p->side[0] < 0)
            continue;
        int other = fds[i].fd == p->side[0] ? p->side[1] : p->side[0];
        if (!pass_on(fds[i].fd, other))
            drop(p);
    }
    if (fds[0].revents)
        take_in(l);
}

static void *run(void *arg)
{
    struct line *l = arg;
    while (!atomic_load(&l->stopping))
        relay(l);
    for (size_t i = 0; i < PAIRS_MAX; i++)
        drop(&l->pairs[i]);
    return NULL;
}

struct line *line_start(uint16_t target_port, struct err *e)
{
    struct sockaddr_in a = address_of(0);
    socklen_t len = sizeof a;
    struct line *l = calloc(1, sizeof *l);
    if (!l)
        abort();
    l->target = target_port;
    memset(l->pairs, 0xff, sizeof l->pairs); /* -1 */
    l->listening = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (l->listening < 0 || bind(l->listening, (struct sockaddr *)&a, sizeof a) != 0 ||
        listen(l->listening, PAIRS_MAX) != 0 ||
        getsockname(l->listening, (struct sockaddr *)&a, &len) != 0 ||
        pthread_create(&l->thread, NULL, run, l) != 0) {
        FAIL(e, STORE, "line", "中继不能启动。");
        if (l->listening >= 0)
            close(l->listening);
        free(l);
        return NULL;
    }
    l->port = ntohs(a.sin_port);
    return l;
}

uint16_t line_port(const struct line *l)
{
    return l->port;
}

void line_cut(struct line *l, bool cut)
{
    atomic_store(&l->cut, cut);
}

void line_stop(struct line *l)
{
    if (!l)
        return;
    atomic_store(&l->stopping, true);
    pthread_join(l->thread, NULL);
    close(l->listening);
    free(l);
}
