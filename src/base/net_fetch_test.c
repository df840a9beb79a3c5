/* base/net_fetch_test.c - S33: a real server on loopback that must not be reached, by whatever spelling, name
 * or detour; and the same server reached where it is allowed. */
#include "base/net_fetch.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/log.h"
#include "test/check.h"

/* --- the server ------------------------------------------------------------------------------- */
struct local {
    int socket;
    uint16_t port;
    pthread_t thread;
    int connections, secrets; /* read after the join, or while nobody asks */
};

static void answer(struct local *s, int c)
{
    char asked[2048] = "", big[2048];
    size_t len = 0;
    while (len + 1 < sizeof asked && !strstr(asked, "\r\n\r\n")) {
        ssize_t n = read(c, asked + len, sizeof asked - 1 - len);
        if (n <= 0)
            return;
        len += (size_t)n;
        asked[len] = '\0';
        if (*asked < 'A') { /* the beginning of a handshake */
            dprintf(c, "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
            return;
        }
    }
    if (strstr(asked, " /secret ")) {
        s->secrets++;
        dprintf(c, "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret");
    } else if (strstr(asked, " /away ")) {
        dprintf(c,
                "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:%u/secret\r\nContent-Length: "
                "0\r\n\r\n",
                (unsigned)s->port);
    } else if (strstr(asked, " /big ")) {
        memset(big, 'x', sizeof big);
        dprintf(c, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n", NET_REPLY_BYTES + 1);
        for (size_t i = 0; i < NET_REPLY_BYTES / sizeof big + 1; i++)
            if (send(c, big, sizeof big, MSG_NOSIGNAL) < 0)
                return;
    } else if (strstr(asked, " /silent ")) {
        (void)!read(c, big, sizeof big); /* until the other side gives up */
    } else {
        dprintf(c, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
    }
}

static void *serve(void *arg)
{
    struct local *s = arg;
    for (int c; (c = accept(s->socket, NULL, NULL)) >= 0; close(c)) {
        s->connections++;
        answer(s, c);
    }
    return NULL;
}

static struct local *local_start(void)
{
    static struct local s;
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof at;
    s = (struct local){.socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    CHECK("listens", bind(s.socket, (struct sockaddr *)&at, len) == 0 &&
                         listen(s.socket, 16) == 0 &&
                         getsockname(s.socket, (struct sockaddr *)&at, &len) == 0);
    s.port = ntohs(at.sin_port);
    CHECK_INT("thread", pthread_create(&s.thread, NULL, serve, &s), 0);
    return &s;
}

static void local_stop(struct local *s)
{
    shutdown(s->socket, SHUT_RDWR);
    pthread_join(s->thread, NULL);
    close(s->socket);
}

/* --- addresses ---------------------------------------------------------------------------------- */
static bool is_public(const char *text)
{
    struct sockaddr_in four = {.sin_family = AF_INET};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6};
    if (inet_pton(AF_INET, text, &four.sin_addr) == 1)
        return net_address_is_public((struct sockaddr *)&four);
    CHECK(text, inet_pton(AF_INET6, text, &six.sin6_addr) == 1);
    return net_address_is_public((struct sockaddr *)&six);
}

void net_addresses_test(void)
{
    static const char *const closed[] = {
        "127.0.0.1",        "127.255.255.254", "0.0.0.0",         "10.1.2.3",     "172.16.0.1",
        "172.31.255.255",   "192.168.1.1",     "169.254.169.254", "100.64.0.1",   "192.0.0.1",
        "192.0.2.1",        "198.18.0.1",      "198.19.255.255",  "203.0.113.7",  "224.0.0.1",
        "239.255.255.255",  "240.0.0.1",       "255.255.255.255", "::",           "::1",
        "::ffff:127.0.0.1", "::ffff:8.8.8.8",  "::127.0.0.1",     "fe80::1",      "fc00::1",
        "fd12::1",          "ff02::1",         "64:ff9b::7f00:1", "64:ff9b:1::1", "2001::1",
        "2001:db8::1",      "2002:7f00:1::",   "100::1",          "3fff::1",      "fec0::1"};
    static const char *const open[] = {"8.8.8.8",
                                       "1.1.1.1",
                                       "172.15.255.255",
                                       "172.32.0.1",
                                       "100.63.255.255",
                                       "100.128.0.1",
                                       "126.0.0.1",
                                       "128.0.0.1",
                                       "169.253.0.1",
                                       "223.255.255.255",
                                       "2400:3200::1",
                                       "2606:4700::1111",
                                       "2001:4860:4860::8888",
                                       "2a00::1"};
    for (size_t i = 0; i < sizeof closed / sizeof *closed; i++)
        CHECK(closed[i], !is_public(closed[i]));
    for (size_t i = 0; i < sizeof open / sizeof *open; i++)
        CHECK(open[i], is_public(open[i]));
}

/* --- S33 ------------------------------------------------------------------------------------------ */
static int refusals_in(struct arena *a, const char *log)
{
    struct err e = {0};
    struct bytes text;
    int n = 0;
    CHECK_OK("log", file_read(a, log, 1 << 20, &text, &e), &e);
    for (const char *at = (const char *)text.at; (at = strstr(at, "event=outbound_refused"));
         at++)
        n++;
    return n;
}

void net_refuses_detours_test(void)
{
    struct local *s = local_start();
    struct arena *a = arena_create(64 << 20);
    char log[] = "/tmp/heng-net-XXXXXX";
    int fd = mkstemp(log), refused = 0;
    CHECK("log", fd >= 0);
    log_to(fd);
    /* Each is on the list, as if the security administrator had been talked into it. */
    static const char *const spellings[] = {
        "127.0.0.1",      "2130706433", "0x7f000001",       "017700000001",  "127.1",
        "0.0.0.0",        "::1",        "::ffff:127.0.0.1", "::ffff:7f00:1", "localhost",
        "169.254.169.254"};
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
        struct err e = {0};
        struct net_reply reply;
        const struct net_host host = {spellings[i], s->port, false, false};
        const struct net_request rq = {.purpose = "test",
                                       .host = spellings[i],
                                       .path = "/secret",
                                       .port = s->port,
                                       .method = "GET"};
        CHECK_REFUSED(spellings[i],
                      net_fetch(&(struct net_hosts){&host, 1}, a, &rq, &reply, &e), &e,
                      FORBIDDEN, "address");
        refused++;
    }
    /* A name of the open internet whose server says this machine: the second answer, as a rebinding name gives
     * it, and all answers at once. */
    const char *const lies[] = {"127.0.0.1", "169.254.169.254",    "[::1]",
                                "10.0.0.1",  "[::ffff:127.0.0.1]", "127.0.0.1,10.0.0.1"};
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
        struct err e = {0};
        struct net_reply reply;
        const struct net_host host = {"partner.example", s->port, false, false};
        const char *const resolve[] = {
            arena_printf(a, "partner.example:%u:%s", (unsigned)s->port, lies[i]), NULL};
        const struct net_request rq = {.purpose = "test",
                                       .host = "partner.example",
                                       .path = "/secret",
                                       .port = s->port,
                                       .method = "GET",
                                       .resolve = resolve};
        CHECK_REFUSED(lies[i], net_fetch(&(struct net_hosts){&host, 1}, a, &rq, &reply, &e), &e,
                      FORBIDDEN, "address");
        refused++;
    }
    /* Not on the list at all; on it, but for another port. */
    const struct net_host other = {"partner.example", 443, false, false};
    for (int i = 0; i < 2; i++) {
        struct err e = {0};
        struct net_reply reply;
        const struct net_request rq = {.purpose = "test",
                                       .host = i ? "partner.example" : "evil.example",
                                       .path = "/secret",
                                       .port = s->port,
                                       .method = "GET"};
        CHECK_REFUSED("not listed",
                      net_fetch(&(struct net_hosts){&other, 1}, a, &rq, &reply, &e), &e,
                      FORBIDDEN, "host");
        refused++;
    }
    CHECK_INT("each refusal is a line of the log", refusals_in(a, log), refused);
    log_to(-1);
    close(fd);
    unlink(log);
    local_stop(s);
    CHECK_INT("nobody came", s->connections, 0);
    arena_destroy(a);
}

void net_fetches_what_is_allowed_test(void)
{
    struct local *s = local_start();
    struct arena *a = arena_create(64 << 20);
    const struct net_host here = {"127.0.0.1", s->port, true, true},
                          secure = {"127.0.0.1", s->port, true, false},
                          away = {"lan.example", s->port, true, true};
    const struct net_hosts hosts = {&here, 1};
    struct net_request rq = {.purpose = "test",
                             .host = "127.0.0.1",
                             .path = "/hello",
                             .port = s->port,
                             .method = "GET"};
    struct net_reply reply;
    struct err e = {0};
    CHECK_OK("hello", net_fetch(&hosts, a, &rq, &reply, &e), &e);
    CHECK_INT("status", reply.status, 200);
    CHECK("body", reply.body.len == 5 && memcmp(reply.body.at, "hello", 5) == 0);
    rq.path = "/away";
    CHECK_REFUSED("a redirect", net_fetch(&hosts, a, &rq, &reply, &e), &e, FORBIDDEN,
                  "redirect");
    CHECK_INT("is not followed", s->secrets, 0);
    e = (struct err){0};
    rq.path = "/big";
    CHECK_REFUSED("too much", net_fetch(&hosts, a, &rq, &reply, &e), &e, TOO_LARGE, "reply");
    e = (struct err){0};
    rq.path = "/silent";
    rq.total_ms = 200;
    CHECK_REFUSED("nobody answers", net_fetch(&hosts, a, &rq, &reply, &e), &e, STORE, "net");
    /* Without TLS only on this machine: a name of the local network that is plain is refused. */
    e = (struct err){0};
    rq.total_ms = 0;
    rq.host = "lan.example";
    const char *const resolve[] = {
        arena_printf(a, "lan.example:%u:10.0.0.1", (unsigned)s->port), NULL};
    rq.resolve = resolve;
    CHECK_REFUSED("plain elsewhere",
                  net_fetch(&(struct net_hosts){&away, 1}, a, &rq, &reply, &e), &e, FORBIDDEN,
                  "address");
    /* And a server that speaks no TLS is no answer where TLS is asked for. */
    e = (struct err){0};
    rq.host = "127.0.0.1";
    rq.resolve = NULL;
    rq.path = "/hello";
    CHECK_REFUSED("no TLS", net_fetch(&(struct net_hosts){&secure, 1}, a, &rq, &reply, &e), &e,
                  STORE, "net");
    local_stop(s);
    arena_destroy(a);
}

void net_hosts_are_read_test(void)
{
    static const struct {
        const char *text;
        bool good;
    } cases[] = {
        {"{\"hosts\":[]}", true},
        {"{\"hosts\":[{\"host\":\"worm.example\"}]}", true},
        {"{\"hosts\":[{\"host\":\"127.0.0.1\",\"port\":8025,\"internal\":true,\"plain\":true}]"
         "}",
         true},
        {"{\"hosts\":[{\"host\":\"worm.example\",\"plain\":true}]}", false},
        {"{\"hosts\":[{\"host\":\"worm.example/path\"}]}", false},
        {"{\"hosts\":[{\"host\":\"user@worm.example\"}]}", false},
        {"{\"hosts\":[{\"host\":\"Worm.example\"}]}", false},
        {"{\"hosts\":[{\"host\":\"worm.example\",\"port\":0}]}", false},
        {"{\"hosts\":[{\"host\":\"worm.example\",\"internal\":1}]}", false},
        {"{\"hosts\":[{\"host\":\"worm.example\",\"proxy\":\"x\"}]}", false},
        {"{\"hosts\":[\"worm.example\"]}", false},
        {"{\"hosts\":{}}", false},
        {"{\"hosts\":[],\"more\":1}", false},
        {"[]", false},
        {"", false},
    };
    struct arena *a = arena_create(4 << 20);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err e = {0};
        struct net_hosts hosts;
        CHECK_INT(cases[i].text,
                  net_hosts_read(a, cases[i].text, strlen(cases[i].text), &hosts, &e),
                  cases[i].good);
        CHECK_INT(cases[i].text, e.code, cases[i].good ? ERR_NONE : ERR_INVALID);
    }
    arena_destroy(a);
}
