/* app/bench_deliver_slow.c - connections that hold the server up: heads and bodies that come a byte
 * at a time. They are opened beside the saves; the server ends them by its own deadlines. */
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "app/bench_deliver_load.h"
#include "base/arena.h"

enum { DRIP_US = 1000000 };

struct slow {
    struct slow_lot *lot;
    int fd;
    const char *bytes;
    size_t sent, len;
};

struct slow_lot {
    struct load *load;
    struct slow *all;
    size_t count, ended; /* by the server */
    bool over;
};

static const char head[] =
    "GET /api/health HTTP/1.1\r\nHost: x\r\nX-Slow: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
static const char body[] =
    "POST /api/sit/00000000000000000000000000000001/journal HTTP/1.1\r\nHost: x\r\n"
    "Content-Type: application/vnd.heng.journal\r\nContent-Length: 4000\r\n\r\n"
    "HNJ1HNJ1HNJ1HNJ1HNJ1HNJ1HNJ1HNJ1HNJ1HNJ1HNJ1";

static void drip(void *ctx)
{
    struct slow *s = ctx;
    char nothing[256];
    if (s->fd < 0 || s->lot->over)
        return;
    bool there = recv(s->fd, nothing, sizeof nothing, MSG_DONTWAIT) != 0;
    size_t from = s->sent < s->len ? s->sent++ : s->len - 1;
    if (!there ||
        (send(s->fd, s->bytes + from, 1, MSG_NOSIGNAL | MSG_DONTWAIT) < 0 && errno != EAGAIN)) {
        close(s->fd);
        s->fd = -1;
        s->lot->ended++;
        return;
    }
    wire_at(s->lot->load->wire, wire_now_us() + DRIP_US, drip, s);
}

struct slow_lot *slow_begin(struct load *l, size_t count)
{
    struct slow_lot *lot = arena_new(l->arena, struct slow_lot);
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons(l->stage->server.port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    *lot = (struct slow_lot){.load = l, .count = count};
    lot->all = arena_array(l->arena, struct slow, count);
    for (size_t i = 0; i < count; i++) {
        struct slow *s = &lot->all[i];
        bool in_head = i % 2 == 0;
        const char *whole = in_head ? NULL : strstr(body, "\r\n\r\n") + 4;
        *s = (struct slow){.lot = lot, .bytes = in_head ? head : whole};
        s->len = strlen(s->bytes);
        s->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (s->fd < 0 || connect(s->fd, (struct sockaddr *)&at, sizeof at) != 0)
            continue;
        if (!in_head && send(s->fd, body, (size_t)(whole - body), MSG_NOSIGNAL) < 0)
            continue;
        wire_at(l->wire, wire_now_us() + load_chance(l, DRIP_US), drip, s);
    }
    return lot;
}

size_t slow_end(struct slow_lot *lot)
{
    lot->over = true;
    for (size_t i = 0; i < lot->count; i++)
        if (lot->all[i].fd >= 0)
            close(lot->all[i].fd);
    return lot->ended;
}
