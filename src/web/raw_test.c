/* web/raw_test.c - what nobody's browser sends: raw bytes at a whole server (S30). Each is refused
 * or the connection is closed; none becomes a second request; and the server goes on. */
#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "web/asker.h"
#include "web/http.h"
#include "web/limits.h"
#include "web/walk.h"

enum { ANSWER_BYTES = 65536, LONG_HEAD = 40000 };

struct raw_case {
    const char *what, *bytes;
    const char *statuses; /* that are right; "-" also: closed without an answer */
};

#define JOURNAL "POST /api/sit/00000000000000000000000000000001/journal HTTP/1.1\r\nHost: x\r\n"
#define TYPE    "Content-Type: application/vnd.heng.journal\r\n"

/* A path that is no address of the API gets the page of the portal, which says so. */
static const struct raw_case cases[] = {
    {"a plain request", "GET /api/health HTTP/1.1\r\nHost: x\r\n\r\n", "200"},
    {"two lengths", JOURNAL TYPE "Content-Length: 4\r\nContent-Length: 40\r\n\r\nABCD", "400"},
    {"the same length twice", JOURNAL TYPE "Content-Length: 4\r\nContent-Length: 4\r\n\r\nABCD",
     "400"},
    {"length and chunks",
     JOURNAL TYPE "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400"},
    {"chunks", JOURNAL TYPE "Transfer-Encoding: chunked\r\n\r\n4\r\nABCD\r\n0\r\n\r\n", "400"},
    {"an odd coding", JOURNAL TYPE "Transfer-Encoding: xchunked\r\n\r\n4\r\nABCD\r\n0\r\n\r\n",
     "400 -"},
    {"a signed length", JOURNAL TYPE "Content-Length: +4\r\n\r\nABCD", "400"},
    {"a negative length", JOURNAL TYPE "Content-Length: -4\r\n\r\nABCD", "400"},
    {"a length in hex", JOURNAL TYPE "Content-Length: 0x4\r\n\r\nABCD", "400"},
    {"a length with a tail", JOURNAL TYPE "Content-Length: 4, 4\r\n\r\nABCD", "400"},
    {"a length beyond all", JOURNAL TYPE "Content-Length: 99999999999999999999\r\n\r\nABCD",
     "400 413"},
    {"a body too large", JOURNAL TYPE "Content-Length: 999999\r\n\r\nABCD", "413"},
    {"no host", "GET /api/health HTTP/1.1\r\n\r\n", "400"},
    {"two hosts", "GET /api/health HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", "400"},
    {"no HTTP at all", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\r\n\r\n", "400 -"},
    {"a method nobody knows", "BREW /api/health HTTP/1.1\r\nHost: x\r\n\r\n", "404 405"},
    {"a debug path", "GET /debug/pprof HTTP/1.1\r\nHost: x\r\n\r\n", "404 200"},
    {"a path of the API nobody has", "GET /api/debug HTTP/1.1\r\nHost: x\r\n\r\n", "404"},
    {"a way out of the folder", "GET /../../../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n",
     "404 400 200"},
};

/* Sends, then reads until the end or until nothing more comes. The number of answers in it. */
static int talk(struct site *s, const char *bytes, size_t len, char *got)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons(http_port(s->server)),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0), answers = 0;
    size_t have = 0;
    CHECK_INT("connects", connect(fd, (struct sockaddr *)&at, sizeof at), 0);
    ssize_t sent = send(fd, bytes, len, MSG_NOSIGNAL);
    (void)sent; /* the server may close before it has read all */
    struct pollfd poll_fd = {fd, POLLIN, 0};
    while (have < ANSWER_BYTES - 1 && poll(&poll_fd, 1, have ? 150 : 5000) > 0) {
        ssize_t n = recv(fd, got + have, ANSWER_BYTES - 1 - have, 0);
        if (n <= 0)
            break;
        have += (size_t)n;
    }
    got[have] = '\0';
    close(fd);
    for (const char *c = got; (c = strstr(c, "HTTP/1.1 ")); c += 9)
        answers++;
    return answers;
}

static void check_case(struct site *s, const struct raw_case *c, size_t len, char *got)
{
    char status[8] = "-";
    int answers = talk(s, c->bytes, len, got);
    if (answers > 0)
        snprintf(status, sizeof status, "%.3s", strstr(got, "HTTP/1.1 ") + 9);
    if (!strstr(c->statuses, status))
        print_message("%s: %s\n", c->what, status);
    CHECK(c->what, strstr(c->statuses, status) != NULL);
    /* The library writes the head of its own refusals twice; a second request would be a 200. */
    const char *rest = answers > 0 ? strstr(got, "HTTP/1.1 ") + 9 : got;
    CHECK("no file of the machine", !strstr(got, "root:"));
    CHECK("nothing behind it became a request", !strstr(rest, "HTTP/1.1 2"));
}

void raw_requests_are_refused_test(void)
{
    static char got[ANSWER_BYTES], head[LONG_HEAD + 256];
    struct site *s = site_start();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_case(s, &cases[i], strlen(cases[i].bytes), got);
    int n = snprintf(head, sizeof head, "GET /api/health HTTP/1.1\r\nHost: x\r\nX-Long: ");
    memset(head + n, 'a', LONG_HEAD);
    struct raw_case long_head = {"a head longer than any", head, "400 413 431 -"};
    check_case(s, &long_head, (size_t)n + LONG_HEAD, got);
    struct raw_case full_head = {"a head of just what is allowed", head, "200"};
    memcpy(head + LIMIT_HEAD_BYTES - 4, "\r\n\r\n", 4);
    check_case(s, &full_head, LIMIT_HEAD_BYTES, got);
    n = snprintf(head, sizeof head, "GET /");
    memset(head + n, 'a', LONG_HEAD);
    struct raw_case long_line = {"a line longer than any", head, "400 413 414 431 -"};
    check_case(s, &long_line, (size_t)n + LONG_HEAD, got);
    check_case(s, &cases[0], strlen(cases[0].bytes), got);
    site_stop(s);
}

/* A refused body must not be read as the next request. */
void refused_bodies_are_no_requests_test(void)
{
    static char got[ANSWER_BYTES];
    static const char smuggled[] = JOURNAL TYPE
        "Content-Length: 60\r\nTransfer-Encoding: chunked\r\n\r\n"
        "0\r\n\r\nGET /api/health HTTP/1.1\r\nHost: x\r\n\r\n";
    struct site *s = site_start();
    CHECK_INT("one answer", talk(s, smuggled, sizeof smuggled - 1, got), 1);
    CHECK("refused", strncmp(got, "HTTP/1.1 400", 12) == 0);
    CHECK("no health", !strstr(got, "\"ok\""));
    site_stop(s);
}

/* The head of a request for this route, with a body of so many bytes that never comes. */
static const char *head_of(struct site *s, const struct route *r, size_t length)
{
    struct walk w = {.arena = s->t->arena, .id = id_random()};
    const char *types = r->types  ? r->types
                        : r->form ? "application/x-www-form-urlencoded"
                                  : "application/json";
    return arena_printf(s->t->arena,
                        "%s %s HTTP/1.1\r\nHost: x\r\nContent-Type: %.*s\r\n"
                        "Content-Length: %zu\r\n\r\n",
                        walk_method(r), walk_path(&w, r), (int)strcspn(types, " "), types,
                        length);
}

/* Every address that takes a body, and every one that takes none: a byte more than its row allows is
 * refused by its announced length, before a byte of it is read and whoever asks. */
void every_body_has_its_limit_test(void)
{
    static char got[ANSWER_BYTES];
    struct site *s = site_start();
    const struct route *r;
    int rows = 0;
    for (size_t i = 0; (r = route_at(i)); i++) {
        if (r->method == METHOD_GET || !route_is_here(r, false))
            continue;
        const char *head = head_of(s, r, r->body_max + 1);
        rows++;
        CHECK(r->path, r->body_max > 0 || !r->fields);
        CHECK(r->path, !r->fields || r->body_max == LIMIT_JSON_BYTES);
        CHECK(head, talk(s, head, strlen(head), got) > 0);
        CHECK(arena_printf(s->t->arena, "%s: %.40s", head, got),
              strncmp(got, "HTTP/1.1 413 ", 13) == 0);
    }
    print_message("%d addresses\n", rows);
    CHECK("there were some", rows > 120);
    site_stop(s);
}
